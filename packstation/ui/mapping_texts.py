"""Words of the mapping wizard: fields, statuses and what is wrong with a mapping."""

from __future__ import annotations

from packstation.i18n import _

FIELDS: dict[str, str] = {
    "order_id": _("Order number"),
    "sku": _("Product code (SKU)"),
    "title": _("Product name"),
    "quantity": _("Quantity"),
    "barcode": _("Barcode"),
    "spec": _("Variation"),
    "bin": _("Bin"),
    "status": _("Order status"),
    "paid_at": _("Time of payment"),
    "placed_at": _("Time of order"),
    "promised_ship_at": _("Ship by"),
    "recipient": _("Recipient"),
    "phone": _("Phone"),
    "address": _("Address"),
    "zip_code": _("Postcode"),
    "nick": _("Buyer's account name"),
    "carrier": _("Carrier"),
    "tracking_number": _("Tracking number"),
    "sorting": _("Sorting code of the carrier"),
    "bag_place": _("Place the carrier's bags go to"),
    "buyer_message": _("Buyer's message"),
    "seller_memo": _("Note of the shop"),
    "line_key": _("Number of the line"),
    "shop": _("Shop"),
}
"""Fields that the wizard offers, in its order."""

NEEDED = ("order_id", "quantity")
"""Without these nothing can be packed; and one of ``CODES``."""
CODES = ("sku", "barcode", "title")

STANDINGS: dict[str, str] = {
    "": _("Not known: stop the order"),
    "to_ship": _("May be packed"),
    "unpaid": _("Not paid"),
    "shipped": _("Shipped already"),
    "completed": _("Completed"),
    "cancelled": _("Cancelled"),
    "cancel_requested": _("Buyer wants to cancel"),
    "refund_requested": _("Buyer wants the money back"),
    "refunded": _("Money given back"),
    "presale": _("Pre-sale"),
    "nothing": _("Has no meaning"),
}

PROBLEMS: dict[str, str] = {
    "missing_field": _("Choose the column for: {field}."),
    "no_code": _("Choose the column of the product code, the barcode or the product name."),
    "used_twice": _("The column {detail} is chosen twice."),
    "no_such_heading": _("The file has no column {detail}."),
    "no_such_field": _("There is no field {field}."),
    "damaged_id": _("Order numbers look damaged by a spreadsheet ({detail}). Export again."),
    "bad_quantity": _("The column {detail} does not hold whole numbers."),
    "unclear_date": _("Dates such as {detail} can be read in two ways. Set the order in the shop."),
    "bad_date": _("The column of {field} does not hold times."),
    "address_parts": _(
        "The address may be in several columns, such as {detail}. Check the first label."
    ),
    "bad_name": _("Give the file a short name: letters, digits and hyphens."),
    "name_taken": _("There is a file format called {detail} already. Choose another name."),
    "known_already": _("Files like this are known already, as {detail}."),
    "not_told_apart": _("These columns cannot be told from {detail}. Choose more columns."),
}
