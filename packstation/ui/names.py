"""Names of things as the screen says them: carriers, orders, obstacles, ages, times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from packstation.core.carriers import Carrier
from packstation.core.orders import CarrierCode
from packstation.core.status import Reason
from packstation.i18n import CHINESE, Translator, _
from packstation.ui.backend import UNTRIED
from packstation.ui.reason_texts import REASONS
from packstation.ui.state_words import WHY_NOT

_WHY_NOT = {why_not.value: words for why_not, words in WHY_NOT.items()}
_REASONS = {reason.value: said.sentence for reason, said in REASONS.items()}
_OBSTACLES: dict[str, str] = {
    Reason.MASKED_RECIPIENT.value: _("Recipient is masked"),
    Reason.MISSING_RECIPIENT.value: _("Recipient is missing"),
    Reason.NO_CARRIER.value: _("No carrier"),
    Reason.UNKNOWN_CARRIER.value: _("Carrier not known"),
    Reason.NO_NUMBER_LEFT.value: _("No tracking number left"),
    Reason.NO_CODE.value: _("Goods without a code"),
    Reason.CANNOT_COMPOSE.value: _("Label cannot be made"),
    # Why no label is printed ahead.
    Reason.LABEL_PRINTED.value: _("Has a label already"),
    Reason.LABEL_UNKNOWN.value: _("Nobody knows whether its label came out"),
    Reason.STILL_PRINTING.value: _("Its label is being printed"),
    Reason.ORDER_IS_OPEN.value: _("Open at the table"),
    Reason.NOTHING_TO_PRINT.value: _("Labels of this shop are printed elsewhere"),
    Reason.SEALED_NOT_BAGGED.value: _("Packed already"),
    Reason.IN_A_BAG.value: _("In a bag already"),
    Reason.HANDED_OVER.value: _("Handed over already"),
    Reason.NOT_KNOWN.value: _("No such order"),
}
_ROWS: dict[str, tuple[str, str]] = {
    "damaged_id": (
        _("Number damaged by a spreadsheet"),
        _("Export the file again and do not open it in another program first."),
    ),
    "missing_id": (
        _("Number is missing"),
        _("Fill in the order number or product code and import again."),
    ),
    "bad_quantity": (
        _("Quantity is not a whole positive number"),
        _("Correct the quantity in the shop and export again."),
    ),
    "duplicate_row": (_("The same row again"), _("Nothing to do: the first one counts.")),
    "truncated_row": (
        _("Row is cut off"),
        _("The file may be incomplete: export it again."),
    ),
    "extra_cells": (
        _("Row has more cells than the heading"),
        _("Export the file again; a comma may stand unquoted in a text."),
    ),
    "ambiguous_quantity": (
        _("Quantity is not clear"),
        _("Look the order up in the shop and import its lines one by one."),
    ),
}
_PAUSES: dict[str, str] = {
    "unauthorized": _("Sending paused: log-on expired"),
    "auth": _("Sending paused: log-on expired"),
    "forbidden": _("Sending paused: no permission"),
}
_PRINTERS: dict[str, str] = {
    "paper_out": _("paper is out"),
    "cover_open": _("cover is open"),
    "not_found": _("not found"),
    "device.not_found": _("not found"),
    "device.access_denied": _("no permission"),
    "offline": _("offline"),
}


def carrier_name(
    carriers: Sequence[Carrier], code: CarrierCode | None, translator: Translator
) -> str:
    """Return a carrier's name in the language that is set, its code where it has none."""
    if code is None:
        return "—"
    found = next((carrier for carrier in carriers if carrier.code == code), None)
    if found is None:
        return code
    return found.name_zh if translator.language == CHINESE else found.name_en


def obstacle_words(reason: str | None, translator: Translator) -> str:
    """Return why an order may not be packed, in a few words; empty when it may."""
    if reason is None:
        return ""
    if reason in _WHY_NOT:
        return translator.text(_WHY_NOT[reason])
    if reason in _OBSTACLES:
        return translator.text(_OBSTACLES[reason])
    if reason in _REASONS:
        return translator.text(_REASONS[reason])
    return reason


def row_words(reason: str, translator: Translator) -> tuple[str, str]:
    """Return why a row of a file was refused, and the cure."""
    said, cure = _ROWS.get(reason, (reason, _("Correct this row and import the file again.")))
    return translator.text(said), translator.text(cure)


def pause_words(word: str, translator: Translator) -> str:
    """Return why nothing is sent."""
    return translator.text(_PAUSES.get(word, _("Sending paused")))


def printer_words(word: str | None, translator: Translator) -> str:
    """Return how a printer is."""
    if word is None:
        return translator.text("no trouble")
    if word == UNTRIED:
        return translator.text("not used yet")
    return translator.text(_PRINTERS.get(word, _("check the printer")))


def age_words(seconds: float, translator: Translator) -> str:
    """Return an age in the largest unit that is worth saying."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return translator.plural("{count} second", "{count} seconds", int(seconds))
    if minutes < 120:
        return translator.plural("{count} minute", "{count} minutes", minutes)
    hours = minutes // 60
    if hours < 72:
        return translator.plural("{count} hour", "{count} hours", hours)
    return translator.plural("{count} day", "{count} days", hours // 24)


def local_time(at: datetime) -> str:
    """Return a time as the station's clock shows it."""
    return at.astimezone().strftime("%m-%d %H:%M")
