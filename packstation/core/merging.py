"""Orders that share a parcel: who may, and what comes of it.

Nothing here guesses. Two recipients are one only where name, phone and address say the same once
width, case, blanks and punctuation are put aside, or where the platform itself says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from packstation.core.codes import folded
from packstation.core.orders import (
    CarrierCode,
    LineKey,
    Order,
    OrderId,
    OrderKey,
    Person,
    Recipient,
    WhyNot,
)
from packstation.core.status import ParcelState, Reason
from packstation.errors import PackStationError

MOST_MEMBERS = 50
"""Orders in one parcel at most."""
T = TypeVar("T")
_MASKS = ("*", "##", "$$")
_BETWEEN = re.compile("(?<![0-9a-z]) | (?![0-9a-z])")


class _Folds(dict[int, int]):
    """Turns every blank, mark of punctuation and control into a blank; asked once a character."""

    def __missing__(self, code: int) -> int:
        self[code] = 32 if unicodedata.category(chr(code))[0] in "ZPC" else code
        return self[code]


_FOLDS = _Folds()


def plain_text(text: str) -> str:
    """Return a text with width, case, blanks and punctuation put aside.

    A blank stays where it keeps two numbers or Latin words apart: ``3, 12`` is not ``31, 2``.

    >>> plain_text("浙江省 杭州市，文三路１号"), plain_text("Flat 3, 12 Main St.")
    ('浙江省杭州市文三路1号', 'flat 3 12 main st')
    """
    even = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDS)
    return _BETWEEN.sub("", " ".join(even.split()))


def plain_recipient(person: Person) -> tuple[str, str, str] | None:
    """Return name, digits of the phone and address for comparison.

    None where one of them is missing, starred or encrypted: what nobody can read is equal to
    nothing.
    """
    told = (person.name, person.phone, person.address)
    texts = [unicodedata.normalize("NFKC", one) for one in told if one]
    if len(texts) < len(told) or any(mask in text for mask in _MASKS for text in texts):
        return None
    name, address = plain_text(texts[0]), plain_text(texts[2])
    digits = "".join(c for c in texts[1] if c.isdecimal())
    return (name, digits, address) if name and digits and address else None


@dataclass(frozen=True, slots=True)
class SentTo:
    """To whom an order goes, as keyed digests; None = not known."""

    recipient: str | None = None
    """Of name, phone and address in clear text."""
    hash: str | None = None
    """Of the platform's own id of the recipient."""
    package: str | None = None
    """Of the platform's own parcel."""

    def same_as(self, other: SentTo) -> bool:
        """Tell whether both are known to be one; clear addresses that differ end the question."""
        if self.recipient and other.recipient:
            return self.recipient == other.recipient
        return bool(self.hash and self.hash == other.hash) or bool(
            self.package and self.package == other.package
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order as it stands when somebody wants to put it together with others."""

    order: Order
    to: SentTo
    eligible: bool
    """No reason stops it, by the rule of the bench."""
    carrier: CarrierCode | None
    """The order's, else its shop's."""
    parcel: ParcelState | None = None
    numbered: bool = False
    """A tracking number was given out for it."""
    at_bench: bool = False
    """It lies open at the station now."""


def no(code: str, sentence: str, fix: str, **facts: object) -> PackStationError:
    """Return a refusal; nothing was written."""
    return PackStationError(code, sentence, fix=fix, **facts)


def check_untouched(one: Candidate) -> None:
    """Refuse an order whose packing has gone too far to take it apart.

    Raises:
        PackStationError: ``shipments.at_bench``, ``shipments.begun``.
    """
    number = one.order.order_id
    if one.at_bench:
        raise no(
            "shipments.at_bench",
            f"Order {number} is open at the station.",
            "Scan PAUSE first.",
            order=number,
        )
    # HELD and RECALLED stand for themselves: what was sealed once has its number.
    if one.numbered or one.parcel not in (None, ParcelState.OPEN, ParcelState.HELD):
        raise no(
            "shipments.begun",
            f"The parcel of order {number} has its label already.",
            "Nothing was changed. Pack it as it is.",
            order=number,
        )


def check_whole(order: Order, *, shared: bool) -> None:
    """Refuse what shares a parcel or was split already.

    Raises:
        PackStationError: ``shipments.already``.
    """
    if shared or order.members is not None:
        raise no(
            "shipments.already",
            f"Order {order.order_id} shares a parcel already or was split.",
            "Take that apart first.",
            order=order.order_id,
        )


def check_merge(
    members: Sequence[Candidate], *, shared: Collection[OrderKey], across_shops: bool
) -> None:
    """Refuse to merge what does not surely belong together.

    Args:
        members: In the order in which they are to be packed.
        shared: Those that share a parcel already or were split.
        across_shops: Orders of several shops may share a parcel.

    Raises:
        PackStationError: A code ``shipments.…`` for the first thing that is wrong.
    """
    keys = {one.order.key for one in members}
    if len(keys) < 2 or len(keys) != len(members) or len(members) > MOST_MEMBERS:
        raise no(
            "shipments.count",
            f"One parcel takes 2 to {MOST_MEMBERS} different orders.",
            "Name each order once.",
            most=MOST_MEMBERS,
        )
    first = members[0]
    for one in members:
        order = one.order
        check_whole(order, shared=order.key in shared)
        check_untouched(one)
        if not one.eligible:
            raise no(
                "shipments.not_eligible",
                f"Order {order.order_id} may not be packed now.",
                "Look at the reason in the list of orders.",
                order=order.order_id,
            )
        if order.shop != first.order.shop and not across_shops:
            raise no(
                "shipments.other_shop",
                f"Order {order.order_id} is of another shop than {first.order.order_id}.",
                "Say that orders of several shops may share a parcel, or leave it out.",
                order=order.order_id,
                first=first.order.order_id,
            )
        if one.carrier != first.carrier:
            raise no(
                "shipments.other_carrier",
                f"Order {order.order_id} goes with another carrier than {first.order.order_id}.",
                "Leave it out, or give both the same carrier.",
                order=order.order_id,
                first=first.order.order_id,
            )
        if order.tracking_number != first.order.tracking_number:
            raise no(
                "shipments.other_number",
                f"The file gives order {order.order_id} another tracking number than"
                f" {first.order.order_id}.",
                "Leave it out: its label was made elsewhere.",
                order=order.order_id,
                first=first.order.order_id,
            )
        for other in members:
            if other is not one and not one.to.same_as(other.to):
                raise no(
                    "shipments.other_recipient",
                    f"Orders {order.order_id} and {other.order.order_id} are not surely for the"
                    " same recipient.",
                    "Nothing was changed. Masked names and addresses cannot be compared.",
                    order=order.order_id,
                    first=other.order.order_id,
                )


def check_goods(goods: Mapping[str, Mapping[str, frozenset[tuple[str, int]]]]) -> None:
    """Refuse goods of several shops that one SKU does not surely name alike.

    Args:
        goods: Shop → SKU → its product codes with their units, as each shop has them.

    Raises:
        PackStationError: ``shipments.same_sku``: a scan could count the wrong product.
    """
    seen: dict[str, frozenset[tuple[str, int]]] = {}
    for codes_of in goods.values():
        for sku, codes in codes_of.items():
            known = seen.setdefault(folded(sku), codes)
            if known is not codes and (not codes or known != codes):
                raise no(
                    "shipments.same_sku",
                    f"SKU {sku} may be another product in each of the shops.",
                    "Pack these orders one by one.",
                    sku=sku,
                )


def line_of_member(number: int, line: LineKey) -> LineKey:
    """Return the key of a member's line inside a merged order; members count from 1.

    >>> line_of_member(2, LineKey("A-01"))
    '2:A-01'
    """
    return LineKey(f"{number}:{line}")


def member_line(order: Order, line: LineKey) -> tuple[OrderKey, LineKey]:
    """Return the order and line that a line of a merged order came from."""
    assert order.members is not None, "only a merged order has members"
    number, _, key = line.partition(":")
    return order.members[int(number) - 1], LineKey(key)


def _earliest(times: Sequence[datetime | None]) -> datetime | None:
    return min((at for at in times if at is not None), default=None)


def _shared(values: Sequence[T]) -> T | None:
    """Return what all agree on, else None."""
    return values[0] if len(set(values)) == 1 else None


def merged(members: Sequence[Order], order_id: OrderId) -> Order:
    """Return the order that packs others in one parcel: every line of each, none added up.

    Equal SKUs stay lines of their own: so the parcel is complete only when each order is, and
    taking it apart needs no arithmetic.
    """
    first = members[0]
    known = [one.recipient for one in members]
    return Order(
        shop=first.shop,
        order_id=order_id,
        platform=first.platform,
        lines=tuple(
            replace(line, line_key=line_of_member(number, line.line_key))
            for number, one in enumerate(members, 1)
            for line in one.lines
        ),
        carrier=_shared([one.carrier for one in members]),
        tracking_number=_shared([one.tracking_number for one in members]),
        promised_ship_at=_earliest([one.promised_ship_at for one in members]),
        paid_at=_earliest([one.paid_at for one in members]),
        recipient=next((one for one in known if one is Recipient.FULL), known[0]),
        has_buyer_message=any(one.has_buyer_message for one in members),
        has_seller_memo=any(one.has_seller_memo for one in members),
        package_id=_shared([one.package_id for one in members]),
        kind=_shared([one.kind for one in members]),
        placed_at=_earliest([one.placed_at for one in members]),
        urged=True if any(one.urged for one in members) else None,
        sorting=_shared([one.sorting for one in members]),
        bag_place=_shared([one.bag_place for one in members]),
        members=tuple(one.key for one in members),
    )


ENDED = frozenset({WhyNot.CANCELLED, WhyNot.REFUNDED, WhyNot.CANCEL_REQUESTED})
"""What takes an order out of a shared parcel for good."""


def reason_of(why_not: WhyNot, *, inside: bool) -> Reason:
    """Return the reason of a stop; of an order inside a parcel it is another than of the parcel.

    >>> reason_of(WhyNot.CANCELLED, inside=True).value
    'cancelled_in_parcel'
    """
    ended = inside and why_not in ENDED
    return Reason.CANCELLED_IN_PARCEL if ended else Reason(why_not.value)


def number_in(order: OrderKey | None) -> str:
    """Return the order number in a key; empty where there is none."""
    return order.partition("/")[2] if order else ""


def goes_by(order: Order, text: str) -> bool:
    """Tell whether a scanned text is the number of an order, or of one that travels in it."""
    wanted = folded(text)
    return folded(order.order_id) == wanted or any(
        folded(number_in(member)) == wanted for member in order.members or ()
    )
