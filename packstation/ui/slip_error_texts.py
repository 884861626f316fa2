"""What could not be put on a slip or label, by error code; placeholders are facts of the error."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

ERRORS: dict[str, ErrorSay] = {
    "print.bad_terms": ErrorSay(
        _("Paper not made"),
        _("The paper cannot be made from what was asked for: {problem}."),
        _("Ask for it again."),
    ),
    "print.too_long": ErrorSay(
        _("Pick list too long"),
        _("This pick list has more than {most} lines."),
        _("Choose fewer orders, or only the sum of each product."),
    ),
    "print.no_layout": ErrorSay(
        _("Paper too small"),
        _("There is no layout of this label for {stock} paper: it would be cut off."),
        _("Put larger paper in, or choose a printer with larger paper."),
    ),
}
"""Of slips and label layouts."""
