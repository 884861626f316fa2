"""The provenance of a deadline in sentences."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from packstation.core.deadline_rules import Step, StepWord
from packstation.i18n import Translator, _
from packstation.ui.board_texts import CLOCKS

STEPS: dict[StepWord, str] = {
    StepWord.IMPORTED: _("The platform's own file names this time: {at}. It goes before any rule."),
    StepWord.NO_RULE: _("No rule is known for this."),
    StepWord.STARTED: _("It runs from {event}: {at}."),
    StepWord.RULE: _("Rule {id}, version {version}. Source: {source}"),
    StepWord.HOURS: _("{hours} hours are allowed."),
    StepWord.WORKING_DAYS: _("{days} working days are allowed; the last one is {last}."),
    StepWord.SHOP_PROMISE: _("The shop itself has promised {hours} hours."),
    StepWord.AFTER_CUTOFF: _("It came after {cutoff}, so the day itself does not count."),
    StepWord.DAY_OFF: _("{day} is no working day: {name}."),
    StepWord.MAKE_UP_DAY: _("{day} is worked, to make up for a holiday."),
    StepWord.COUNTED_FROM: _("The days are counted from {day}."),
    StepWord.YEAR_NOT_KNOWN: _("The holidays of {year} are not known yet ({country}, {source})."),
    StepWord.PROMOTION: _("The promotion {name} ({first} to {end}) changes it. Source: {source}"),
    StepWord.CAPPED: _("It never goes beyond: {clock}, {at}."),
    StepWord.DUE: _("So it is due {at} ({zone})."),
}

EVENTS: dict[str, str] = {
    "paid": _("the payment"),
    "placed": _("the order"),
    "ready": _("ready for collection"),
    "requested": _("the buyer's wish to cancel"),
    "opened": _("the urge task"),
    "due": _("the end of another clock"),
}
_WEEKEND = _("weekend")


def _value(name: str, value: str, translator: Translator, zone: str) -> str:
    if name in ("at", "first", "end"):
        at = datetime.fromisoformat(value)
        return (at.astimezone(ZoneInfo(zone)) if zone else at).strftime("%Y-%m-%d %H:%M")
    if name == "event":
        return translator.text(EVENTS[value]) if value in EVENTS else value
    if name == "clock":
        words = {clock.value: text for clock, text in CLOCKS.items()}
        return translator.text(words[value]) if value in words else value
    return value


def step_words(step: Step, translator: Translator, zone: str = "") -> str:
    """Return one step of a provenance as a sentence; times in ``zone``, else as they are."""
    told = {name: _value(name, value, translator, zone) for name, value in step.told.items()}
    if step.word is StepWord.DAY_OFF:
        told.setdefault("name", translator.text(_WEEKEND))
    return translator.text(STEPS[step.word], **told)
