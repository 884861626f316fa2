"""Sentences for answers, errors and stored words, in the language that is set. No Qt here.

The command line uses it as the window does. Every text is plain: a scanned code is shown
shortened and with nothing in it that could steer a screen.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from packstation.core.effects import Answer
from packstation.core.label_news import GIVING_UP
from packstation.core.orders import WhyNot
from packstation.core.policy import Rules
from packstation.core.status import ACCEPTED, Phase, Reason, Verdict
from packstation.errors import PackStationError
from packstation.i18n import CHINESE, ENGLISH, Translator, placeholders
from packstation.ui import (
    batch_error_texts,
    component_error_texts,
    error_texts,
    intake_error_texts,
    label_error_texts,
    number_error_texts,
    order_error_texts,
    paper_error_texts,
    printer_error_texts,
    setup_error_texts,
    sheet_error_texts,
    shipment_error_texts,
    slip_error_texts,
    store_error_texts,
    time_error_texts,
)
from packstation.ui import verdict_texts as say
from packstation.ui.difference_texts import difference_text, risk_text
from packstation.ui.language_error_texts import LANGUAGE_ERRORS
from packstation.ui.life_error_texts import LIFE_ERRORS
from packstation.ui.reason_texts import REASONS
from packstation.ui.state_words import (
    BAG_STATES,
    COMMANDS,
    LABEL_SOURCES,
    OUTCOMES,
    PARCEL_STATES,
    PHASES,
    STATUSES,
    TRAY,
    WHY_NOT,
)
from packstation.ui.verdict_texts import MISSING_FACT, Say
from packstation.ui.verdict_words import KINDS, LOOKS, WORDS, Kind

__all__ = [
    "BAG_STATES",
    "COMMANDS",
    "ERRORS",
    "LABEL_SOURCES",
    "LOOKS",
    "OUTCOMES",
    "PARCEL_STATES",
    "PHASES",
    "STATUSES",
    "TRAY",
    "WHY_NOT",
    "ErrorText",
    "Kind",
    "VerdictText",
    "explain",
    "explain_error",
    "shown",
]

ERRORS = {
    **LIFE_ERRORS,
    **batch_error_texts.ERRORS,
    **LANGUAGE_ERRORS,
    **error_texts.ERRORS,
    **printer_error_texts.ERRORS,
    **store_error_texts.ERRORS,
    **number_error_texts.ERRORS,
    **shipment_error_texts.ERRORS,
    **sheet_error_texts.ERRORS,
    **intake_error_texts.ERRORS,
    **order_error_texts.ERRORS,
    **paper_error_texts.ERRORS,
    **time_error_texts.ERRORS,
    **component_error_texts.ERRORS,
    **label_error_texts.ERRORS,
    **slip_error_texts.ERRORS,
    **setup_error_texts.ERRORS,
}
"""Every error code of the program; a test that reads the source fails when one is missing."""

LONGEST_SHOWN = 28
"""Characters of a scanned text that a sentence has room for; tracking numbers have up to 22."""

_WITH_ORDER = frozenset({Phase.SCANNING, Phase.LABELLING, Phase.CONFIRMING})
_NEED_OK = Rules().acknowledge
_WITH_CAUSE = frozenset({Verdict.LABEL_FAILED, Verdict.NOT_SAVED})
_NEWS = {
    Reason.LABEL_UNKNOWN.value: say.LABEL_IN_DOUBT,
    Reason.LABEL_BLOCKED.value: say.LABEL_WAITS,
}
_OTHERS = {
    Reason.OTHER_PARCEL_HAS_IT: say.OTHER_LABEL,
    Reason.LABEL_VOIDED: say.OTHER_OLD_LABEL,
}
_ENDS_AN_ORDER = frozenset({Reason.ORDER_CHANGED, *(Reason(why.value) for why in WhyNot)})


@dataclass(frozen=True, slots=True)
class VerdictText:
    """An answer in words."""

    word: str
    """The big word."""
    sign: str
    """The sign beside it, the same in every language."""
    kind: Kind
    """Colour, sign and sound: ``LOOKS[kind]``, ``Sounds.play(kind)``."""
    sentence: str
    """What happened and what it means for this parcel."""
    todo: str
    """What to do now."""


@dataclass(frozen=True, slots=True)
class ErrorText:
    """An error in words."""

    title: str
    """A few words for a heading or a list."""
    sentence: str
    """What happened, with file and row where there are any."""
    fix: str
    """What to do now; may be empty."""


def shown(text: str, longest: int = LONGEST_SHOWN) -> str:
    r"""Return a scanned text as a sentence may show it: one line, no control character, short.

    The end stays, since numbers of one block differ there.

    >>> shown("PSCMDOK"), shown("a\x1b[2J\u202eb"), shown("0123456789" * 4)
    ('PSCMDOK', 'a□[2J□b', '01234567890123456…3456789')
    """
    unsafe = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    plain = "".join("□" if unicodedata.category(c) in unsafe else c for c in text.strip())
    if len(plain) <= longest:
        return plain
    tail = longest // 4
    return f"{plain[: longest - tail - 4]}…{plain[-tail:]}"


def explain(answer: Answer, translator: Translator) -> VerdictText:
    """Return an answer in words: what happened, what it means for this parcel, what to do now."""
    facts = _facts(answer)
    chosen = _yes(answer) if answer.verdict in ACCEPTED else _stop(answer)
    sentence = translator.text(chosen.sentence, **facts)
    todo = translator.text(chosen.todo, **facts)
    more = []
    if answer.verdict in _WITH_CAUSE and answer.detail in ERRORS:
        cause = translator.text(ERRORS[answer.detail].title)
        more.append(translator.text(say.CAUSE, cause=cause))
    if answer.difference is not None:
        more.append(difference_text(answer.difference, translator))
    if answer.verdict is Verdict.HELD:
        more.append(risk_text(answer.detail, translator))
    if answer.repaired:
        more.append(translator.text(say.CAPS_LOCK))
    if _needs_ok(answer):
        todo = _joined(translator, todo, translator.text(say.OK_TO_GO_ON))
    kind = KINDS[answer.verdict]
    return VerdictText(
        word=translator.text(WORDS[answer.verdict]),
        sign=LOOKS[kind].sign,
        kind=kind,
        sentence=_joined(translator, sentence, *filter(None, more)),
        todo=todo,
    )


def explain_error(error: PackStationError, translator: Translator) -> ErrorText:
    """Return an error in words; its own English where that says more or nothing else is known."""
    known = ERRORS.get(error.code)
    title = translator.text(known.title) if known else error.code
    own = ErrorText(title, error.message, error.fix)
    if known is None or translator.language == ENGLISH:
        return own
    facts = {name: shown(str(value), 60) for name, value in error.facts.items()}
    if not placeholders(known.sentence) | placeholders(known.fix) <= facts.keys():
        return own
    return ErrorText(
        title,
        translator.text(known.sentence, **facts),
        translator.text(known.fix, **facts),
    )


def explain_code(code: str, translator: Translator) -> str:
    """Return an error code's title; the code itself where nothing is known of it."""
    known = ERRORS.get(code)
    return translator.text(known.title) if known else code


def explain_reason(reason: Reason, order_id: str, translator: Translator) -> str:
    """Return why an order was refused, where no scan was answered with it."""
    words = REASONS[reason].sentence
    known = dict.fromkeys(placeholders(words), "—") | {"order": order_id}
    return translator.text(words, **known)


def _facts(answer: Answer) -> dict[str, object]:
    """Return every placeholder's value; a dash for what this answer does not have."""
    bags, _, parcels = answer.detail.partition("/")
    order = answer.order.partition("/")[2] if answer.order else ""
    values: dict[str, object] = {
        "code": shown(answer.scan.text) if answer.scan else "",
        "order": shown(order),
        "other": shown(answer.other.partition("/")[2]) if answer.other else "",
        "sku": shown(answer.sku or ""),
        "needed": answer.needed,
        "scanned": answer.scanned,
        "missing": answer.missing,
        "bag": shown(answer.bag or ""),
        "manifest": answer.manifest,
        "detail": shown(answer.detail),
        "bags": bags,
        "parcels": parcels,
    }
    return {
        name: MISSING_FACT if value is None or value == "" else value
        for name, value in values.items()
    }


def _yes(answer: Answer) -> Say:
    told = answer.verdict in (Verdict.ORDER_COMPLETE, Verdict.ORDER_OPENED)
    if told and answer.detail in _NEWS:
        return _NEWS[answer.detail]
    match answer.verdict:
        case Verdict.ACKNOWLEDGED if answer.detail == GIVING_UP:
            return say.GIVEN_UP
        case Verdict.ORDER_COMPLETE if answer.phase is Phase.CONFIRMING:
            return say.EXTERNAL_LABEL
        case Verdict.ORDER_OPENED if answer.missing == 0:
            waits = answer.phase is not Phase.CONFIRMING
            return say.YES[Verdict.ORDER_COMPLETE] if waits else say.ORDER_RESUMED
        case Verdict.ORDER_OPENED if answer.messages:
            return say.READ_MESSAGE
        case Verdict.ORDER_OPENED if answer.detail:
            return say.PART_OPENED
        case Verdict.HELD if answer.missing:
            return say.SHORT
        case Verdict.PAUSED if answer.order is None:
            return say.HANDOVER_PAUSED
        case Verdict.UNDONE if answer.sku:
            return say.UNDONE_LINE
        case Verdict.UNDONE if answer.bag:
            return say.UNDONE_PARCEL if answer.order else say.UNDONE_BAG
        case Verdict.UNDONE if answer.order and answer.phase not in _WITH_ORDER:
            return say.UNDONE_HOLD
        case verdict:
            return say.YES[verdict]


def _stop(answer: Answer) -> Say:
    verdict, reason = answer.verdict, answer.reason
    if reason is None:
        return say.STOPS.get(verdict, say.REFUSED)
    if answer.other and reason in _OTHERS:
        return _OTHERS[reason]
    if reason is Reason.HANDED_OVER and answer.detail:
        return say.HANDED_OVER_IN
    if verdict is Verdict.WRONG_ITEM and not answer.sku:
        return REASONS[reason]
    chosen = say.SPECIAL.get((verdict, reason), REASONS[reason])
    if verdict is Verdict.NOT_ELIGIBLE and answer.phase is Phase.LABELLING:
        ends = reason in _ENDS_AN_ORDER
        return chosen if ends else Say(chosen.sentence, say.NO_LABEL_YET)
    return chosen


def _needs_ok(answer: Answer) -> bool:
    """Tell whether work goes on only after OK: a stop of the rules, or one that ends the order."""
    if answer.verdict in _NEED_OK:
        return True
    return (
        answer.verdict is Verdict.NOT_ELIGIBLE
        and answer.phase in _WITH_ORDER
        and answer.reason in _ENDS_AN_ORDER
    )


def _joined(translator: Translator, *sentences: str) -> str:
    """Return sentences as one line; Chinese has no blank between them."""
    return ("" if translator.language == CHINESE else " ").join(sentences)
