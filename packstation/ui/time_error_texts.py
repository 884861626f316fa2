"""What could not be done with urge tasks, by error code."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

ERRORS: dict[str, ErrorSay] = {
    "urge.no_rule": ErrorSay(
        _("No rule of urge tasks"),
        _("The platform of order {order} has no rule of urge tasks."),
        _("Set the shop's platform in the settings, or urge without a task number."),
    ),
    "urge.no_move": ErrorSay(
        _("Not possible for this task"),
        _("Urge task {task} does not stand where that could happen, or there is none."),
        _("Look at the list of urge tasks."),
    ),
}
