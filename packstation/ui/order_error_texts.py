"""What a list of orders cannot be asked, by error code."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

ERRORS: dict[str, ErrorSay] = {
    "orders.bad_time": ErrorSay(
        _("Not a time"),
        _("{text} is no time."),
        _("Write it as 2026-08-03 or 2026-08-03T18:00, with +08:00 behind it where needed."),
    ),
}
