"""What went wrong with tracking numbers, by error code."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

ERRORS: dict[str, ErrorSay] = {
    "numbers.no_column": ErrorSay(
        _("No column of numbers"),
        _("{file} has several columns, and none of them is called a tracking number."),
        _("Name the column 运单号 or Tracking number, or leave only that column in the file."),
    ),
    "numbers.no_reason": ErrorSay(
        _("Reason missing"),
        _("A number is taken out of use with a reason."),
        _("Say why in a few words; nothing was changed."),
    ),
    "numbers.not_ours": ErrorSay(
        _("Number not in a pool"),
        _("The {carrier} number {number} is in no pool of this station."),
        _("Check the carrier and the number; nothing was changed."),
    ),
    "numbers.bad_month": ErrorSay(
        _("Not a month"),
        _("{month} is no month such as 2026-08."),
        _("Write the month as year and month: 2026-08."),
    ),
    "numbers.unknown_state": ErrorSay(
        _("State not known"), _("There is no state {state}."), _("Choose another state.")
    ),
}
