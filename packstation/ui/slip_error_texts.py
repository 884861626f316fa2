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
    "print.nothing_to_pick": ErrorSay(
        _("Nothing to pick"),
        _("There is nothing to pick: no order of these may be packed now."),
        _("Choose other orders."),
    ),
    "print.bag_not_in_manifest": ErrorSay(
        _("Bag of another handover"),
        _("Bag {bag} is not in manifest {manifest}."),
        _("Look at the bags of the handover."),
    ),
    "print.bad_count": ErrorSay(
        _("Count not understood"),
        _("{text} says no bag and count."),
        _("Write the bag's code, = and the courier's count, such as PSBAG01000001=12."),
    ),
}
"""Of slips and label layouts."""
