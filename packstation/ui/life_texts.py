"""Words around cancelling: what it brings on a platform, and what may be done instead."""

from __future__ import annotations

from packstation.core.life import Consequence, Instead
from packstation.i18n import Translator, _
from packstation.ui.difference_texts import risk_text

CONSEQUENCES: dict[Consequence, str] = {
    Consequence.STOCK_ZERO_DELISTED: _(
        "If the seller cancels, the platform sets the stock of these products to 0 and takes them"
        " off sale."
    ),
}
"""What a seller's cancel brings, in plain words."""

INSTEADS: dict[Instead, str] = {
    Instead.HOLD: _("Hold the order: packstation hold {order}"),
    Instead.SHORT_PICK: _("Say which items are missing: packstation short {order} SKU"),
    Instead.ASK_PRESALE: _("Ask your account manager at the platform to make it a pre-sale."),
}
"""What may be done instead."""

CANCEL_IS_FINAL = _("A cancelled order cannot be brought back here.")
BETTER = _("Better:")


def cancel_warning(
    consequence: Consequence | None,
    instead: tuple[Instead, ...],
    hours_left: str,
    order: str,
    translator: Translator,
) -> tuple[str, ...]:
    """Return the lines to read before an order is cancelled for the seller.

    Args:
        consequence: What the platform does; None = not known.
        instead: What may be done instead.
        hours_left: As for ``risk_text``.
        order: The order's number.
        translator: Of the language that is set.
    """
    lines = [translator.text(CANCEL_IS_FINAL)]
    if consequence is not None:
        lines.insert(0, translator.text(CONSEQUENCES[consequence]))
    risk = risk_text(hours_left, translator)
    lines.extend([risk] if risk else [])
    if instead:
        lines.append(translator.text(BETTER))
        lines.extend(f"  {translator.text(INSTEADS[one], order=order)}" for one in instead)
    return tuple(lines)
