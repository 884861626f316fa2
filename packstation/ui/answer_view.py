"""From an answer to what the verdict band shows; and what it shows when nobody has scanned."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

from packstation.core.effects import Answer
from packstation.core.station import Station
from packstation.core.status import Phase, Reason, Verdict
from packstation.i18n import Translator
from packstation.ui.signs import SIGNS, Sign
from packstation.ui.texts import explain
from packstation.ui.verdict_band import Shown
from packstation.ui.verdict_words import LOOKS, Kind


@lru_cache(maxsize=32)
def _colour(name: str) -> QColor:
    return QColor(name)


def shown_answer(answer: Answer, translator: Translator) -> Shown:
    """Return an answer as the band shows it."""
    said = explain(answer, translator)
    look = LOOKS[said.kind]
    count = under = ""
    told = answer.needed is not None and answer.scanned is not None
    if told and said.kind is not Kind.COMPLETE:
        count = f"{answer.scanned}/{answer.needed}"
        if answer.missing:
            under = translator.text("{missing} missing", missing=answer.missing)
    return Shown(
        said.word,
        SIGNS[said.kind],
        _colour(look.background),
        _colour(look.foreground),
        said.sentence,
        said.todo,
        count,
        under,
    )


def resting(station: Station, translator: Translator) -> Shown:
    """Return what the band shows at the start, before any scan, for a station that came back."""
    if station.failed is not None:
        answer = Answer(None, Verdict.NOT_SAVED, station.phase, Reason.CANNOT_SAVE)
        return shown_answer(answer, translator)
    if station.stop is not None:
        key = station.order_key
        answer = Answer(None, station.stop.verdict, station.phase, station.stop.reason, key)
        return shown_answer(answer, translator)
    session = station.session
    if session is None or station.phase in (Phase.IDLE, Phase.PAUSED, Phase.HANDOVER):
        return shown_answer(Answer(None, Verdict.READY, station.phase), translator)
    look = LOOKS[Kind.INFO]
    return Shown(
        translator.text("RESUMED"),
        Sign.ARROW,
        _colour(look.background),
        _colour(look.foreground),
        translator.text("The order {order} is open as it was left.", order=session.order.order_id),
        translator.text("Go on with the next scan."),
    )
