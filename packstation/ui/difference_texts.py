"""What a file changed of an order, and how long is left, in a sentence for the packer."""

from __future__ import annotations

from packstation.core.difference import Difference, Units
from packstation.i18n import CHINESE, Translator, _

TAKE_OUT = _("Take out: {items}.")
ADD = _("Put in: {items}.")
OTHER_RECIPIENT = _("The recipient has changed.")
OTHER_LABEL = _("The label has changed.")
NEW_NOTES = _("There is a new message.")
HOURS_LEFT = _("Risk of a violation: {hours} h left to ship. Tell the supervisor.")
TOO_LATE = _("Risk of a violation: the time to ship is over. Tell the supervisor.")
_MOST = 4


def difference_text(difference: Difference, translator: Translator) -> str:
    """Return what changed as sentences; empty where nothing matters at the table."""
    said: list[str] = []
    if difference.take_out:
        said.append(translator.text(TAKE_OUT, items=_items(difference.take_out, translator)))
    if difference.add:
        said.append(translator.text(ADD, items=_items(difference.add, translator)))
    if difference.recipient:
        said.append(translator.text(OTHER_RECIPIENT))
    if difference.carrier or difference.number:
        said.append(translator.text(OTHER_LABEL))
    if difference.notes:
        said.append(translator.text(NEW_NOTES))
    return ("" if translator.language == CHINESE else " ").join(said)


def _items(units: Units, translator: Translator) -> str:
    told = [f"{count} × {_short(name)}" for name, count in units[:_MOST]]
    if len(units) > _MOST:
        told.append("…")
    return ("、" if translator.language == CHINESE else ", ").join(told)


def _short(name: str) -> str:
    from packstation.ui.texts import shown

    return shown(name)


def risk_text(hours: str, translator: Translator) -> str:
    """Return the warning about an order that cannot be shipped whole.

    Args:
        hours: Whole hours left, below 0 when late; empty = no ship-by time is known.
        translator: Of the language that is set.
    """
    if not hours:
        return ""
    if hours.startswith("-"):
        return translator.text(TOO_LATE)
    return translator.text(HOURS_LEFT, hours=hours)
