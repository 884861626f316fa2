"""Orders as every shop's file is understood: identifiers, lines, and why one may not be packed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

ShopKey = NewType("ShopKey", str)
"""Short name of a shop in settings, for example ``main``."""
OrderId = NewType("OrderId", str)
"""The platform's order number as canonical text: NFKC, no tabs or quotes, leading zeros kept."""
OrderKey = NewType("OrderKey", str)
"""``shop/order_id``: unique in one store, since two shops may use equal numbers."""
Sku = NewType("Sku", str)
"""What we count; opaque text."""
TrackingNumber = NewType("TrackingNumber", str)
"""The number on a shipping label; opaque text, upper case as printed."""
CarrierCode = NewType("CarrierCode", str)
"""Upper-case carrier code such as ``YTO``; a file in resources/carriers names it."""
LineKey = NewType("LineKey", str)
"""Key of one order line inside its order (the platform's sub-order or SKU id, else a number)."""


def order_key(shop: str, order_id: str) -> OrderKey:
    """Return the store-wide key of an order.

    >>> order_key("main", "0042")
    'main/0042'
    """
    return OrderKey(f"{shop}/{order_id}")


class WhyNot(StrEnum):
    """Why an order may not be packed; stored values, append-only."""

    UNPAID = "unpaid"
    """The buyer has not paid."""
    CANCELLED = "cancelled"
    """Cancelled or closed on the platform."""
    CANCEL_REQUESTED = "cancel_requested"
    """The buyer asks to cancel or to be refunded; nobody has decided yet."""
    REFUNDED = "refunded"
    """The money went back."""
    SHIPPED = "shipped"
    """The platform says that it is already on its way or done."""
    PRESALE = "presale"
    """Sold ahead; not to be shipped yet."""
    UNKNOWN_STATUS = "unknown_status"
    """The file's status word is not understood."""
    ROWS_REFUSED = "rows_refused"
    """A row of this order was refused, so it would be packed short."""
    NO_LINES = "no_lines"
    """Nothing to pack is known."""
    AMBIGUOUS_QUANTITY = "ambiguous_quantity"
    """The file gives no single reading of how many units a line has."""
    ADDRESS_PROBLEM = "address_problem"
    """The address must be cleared with the buyer first."""
    HELD = "held"
    """Held by an operator at the station."""
    SHORT_PICK = "short_pick"
    """Goods are missing; held until somebody decides to wait, to split or to ship the rest."""
    MERGED = "merged"
    """Travels in another order's parcel: scan that one, or this number, to open it."""
    SPLIT = "split"
    """Travels in several parcels, each with an order of its own."""
    ORDER_CHANGED = "order_changed"
    """Of a packed parcel only: its order was changed since, so it must be opened first."""
    TAKEN_APART = "taken_apart"
    """Of a shared parcel or a part: it was taken apart; its orders stand alone again."""


class OrderKind(StrEnum):
    """What sort of sale an order is; decides which deadlines hold. Stored values, append-only."""

    NORMAL = "normal"
    PRESALE = "presale"
    """Sold ahead of stock; shipped by a date that the file names."""
    CUSTOM = "custom"
    """Made for this buyer."""
    MADE_TO_ORDER = "made_to_order"
    """Made or ordered from the maker only now; the platform allows a handling time."""
    VIRTUAL = "virtual"
    """Nothing that travels."""


class HoldReason(StrEnum):
    """Why somebody holds an order; stored values, append-only."""

    OPERATOR = "operator"
    """Held at the table, no further reason given."""
    SHORT_PICK = "short_pick"
    ADDRESS_CHECK = "address_check"
    """The address must be cleared with the buyer."""
    BUYER_ASKS = "buyer_asks"
    """The buyer asked to wait or to change something."""
    CANCEL_REJECTED = "cancel_rejected"
    """The buyer's wish to cancel was turned down; somebody must say that it may go."""
    QUALITY = "quality"
    """The goods are not fit to go."""
    PAYMENT_CHECK = "payment_check"


class Recipient(StrEnum):
    """How much of the recipient the file told; decides whether a label can be composed."""

    FULL = "full"
    """Name, phone and address are all there in clear text."""
    MASKED = "masked"
    """At least one of them is starred or encrypted (``*``, ``##``, ``$$``)."""
    MISSING = "missing"
    """At least one of them is not in the file."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One SKU of an order with its quantity."""

    line_key: LineKey
    """Unique inside the order."""
    sku: Sku
    """May be empty when the shop keeps none; then only its barcode can prove it."""
    title: str
    """Product name as the shop writes it."""
    quantity: int
    """Units to pack, 1 or more."""
    spec: str | None = None
    """Variation such as colour and size."""
    barcode: str | None = None
    """Product code from the file's barcode column."""
    bin: str | None = None
    """Storage place where the picker finds it."""
    gift: bool = False
    """Free gift: packed like any other line."""
    bundle_info: str | None = None
    """The platform's words about a bundle; shown, not counted."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one buyer gets in one shipment, without people's data."""

    shop: ShopKey
    order_id: OrderId
    platform: str
    """Profile family that read it, for example ``generic``; shown, never branched on."""
    lines: tuple[OrderLine, ...]
    why_not: WhyNot | None = None
    """None = may be packed."""
    carrier: CarrierCode | None = None
    """As the file names it; the shop's default stands in at the label."""
    tracking_number: TrackingNumber | None = None
    """As the file names it, where the label was made elsewhere."""
    promised_ship_at: datetime | None = None
    """Aware; only from a promised-time column, never computed."""
    paid_at: datetime | None = None
    """Aware."""
    recipient: Recipient = Recipient.MISSING
    has_buyer_message: bool = False
    """The text itself lives with the person."""
    has_seller_memo: bool = False
    """The text itself lives with the person."""
    package_id: str | None = None
    """The platform's own parcel grouping."""
    # Added later: None where a file says nothing, so that older journal bodies stay as they are.
    kind: OrderKind | None = None
    """None = normal."""
    placed_at: datetime | None = None
    """Aware; when the buyer ordered."""
    cancel_requested_at: datetime | None = None
    """Aware; when the buyer asked to cancel, where the file says so."""
    arranged_at: datetime | None = None
    """Aware; when the platform took the order as ready for collection."""
    collected_at: datetime | None = None
    """Aware; when the carrier collected the parcel, by the platform's or the carrier's word."""
    urged: bool | None = None
    """True where the file says that the buyer urges."""
    members: tuple[OrderKey, ...] | None = None
    """Of a merged order: the orders inside. Of a part: the one order it is a part of."""
    part: int | None = None
    """Of a part: its number, from 1."""
    parts: int | None = None
    """Of a part: how many parcels the order travels in."""
    sorting: str | None = None
    """The carrier's sorting code (三段码, 大头笔) as the newest file has it; never worked out here,
    and not kept where a later file is silent: one of an old address would send the parcel wrong."""
    bag_place: str | None = None
    """Where the carrier collects bags for the way there (集包地), as the newest file has it."""
    version: int = 1
    """Grows with each changed import; a label carries the version it was made for."""

    @property
    def key(self) -> OrderKey:
        """The store-wide key."""
        return order_key(self.shop, self.order_id)

    @property
    def units(self) -> int:
        """Units of all lines."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class Person:
    """People's data of one order: kept encrypted, never logged, never in the journal."""

    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    zip_code: str | None = field(default=None, repr=False)
    nick: str | None = field(default=None, repr=False)
    """Buyer's account name."""
    buyer_message: str | None = field(default=None, repr=False)
    seller_memo: str | None = field(default=None, repr=False)
    platform_hash: str | None = field(default=None, repr=False)
    """The platform's own id of the recipient: equal for equal people, also where all is masked."""


@dataclass(frozen=True, slots=True)
class ImportedOrder:
    """One order as read from a file, with its person beside it."""

    order: Order
    person: Person


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was not taken, and why."""

    row: int
    """As a spreadsheet shows it: the first record of the file is 1."""
    reason: str
    """Stable word such as ``damaged_id`` or ``bad_quantity``."""
    file: str
    """File name without its folder."""
    detail: str = ""
    """The column and value that were wrong; never people's data."""
    order_id: str | None = None
    """The order the row belongs to, where that could be read."""
