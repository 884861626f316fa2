"""What a file changes of an order that is here: a new version, details alone, a label that is void.

A new version makes the bench verify anew, so it is made only for what matters at the table:
goods, recipient, carrier, number, messages. Times, states and names change in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from packstation.core.difference import Difference, difference
from packstation.core.events import OrderChanged
from packstation.core.facts import OrderHeld
from packstation.core.life_facts import LabelVoided, ParcelOutdated
from packstation.core.orders import (
    CarrierCode,
    HoldReason,
    ImportedOrder,
    Order,
    OrderKey,
    Recipient,
)
from packstation.core.orders import TrackingNumber as Number
from packstation.core.status import ParcelState
from packstation.store.database import Database
from packstation.store.order_rows import read_order, standing, travels
from packstation.store.people import PeopleVault
from packstation.store.shipment_rows import shipment_of

_CLOSED = frozenset({ParcelState.SEALED, ParcelState.BAGGED, ParcelState.RECALLED})
Late = ParcelOutdated | LabelVoided | OrderHeld


@dataclass(frozen=True, slots=True)
class Staying:
    """A parcel of an order in several, still here after another one has left."""

    part: OrderKey
    begun: bool
    number: Number | None
    carrier: CarrierCode | None
    composed: bool
    """As of ``Before``."""


@dataclass(frozen=True, slots=True)
class Before:
    """An order as it is here, with the parcel that was begun for it."""

    imported: ImportedOrder
    parcel: ParcelState | None
    number: Number | None
    carrier: CarrierCode | None
    composed: bool
    """The label with this number was composed here, so that another one can be."""
    shared: bool = False
    """The parcel is another order's too, or there are several: they look after themselves."""
    staying: tuple[Staying, ...] = ()
    """Where one parcel of several has left: those that have not."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written of one changed order."""

    order: Order
    """As it is to be from now on."""
    anew: bool
    """True = its version has grown."""
    person: bool
    """True = the person is written too."""
    difference: Difference
    outdated: ParcelOutdated | None = None
    voided: LabelVoided | None = None
    late: tuple[Late, ...] = ()
    """For parcels that are still here after another one of the order has left."""
    parts: tuple[OrderKey, ...] = ()
    """Those parcels."""


def before_of(db: Database, people: PeopleVault, key: OrderKey) -> Before:
    """Read an order that is known to be here."""
    order = read_order(db, key)
    assert order is not None, "only known orders are compared"
    travels_in = shipment_of(db, key)
    row = db.row(
        "SELECT p.state, p.tracking_number, p.carrier, EXISTS (SELECT 1 FROM print_jobs AS j"
        " WHERE j.kind = 'label' AND j.key = p.order_key AND j.source = 'composed'"
        " AND j.tracking_number = p.tracking_number) FROM parcels AS p WHERE p.order_key = ?",
        (travels_in or key,),
    )
    state, number, carrier, composed = row or (None, None, None, 0)
    return Before(
        ImportedOrder(order, people.person(key)),
        ParcelState(state) if state else None,
        Number(number) if number else None,
        CarrierCode(carrier) if carrier else None,
        bool(composed),
        shared=travels_in is not None,
        staying=_staying(db, key) if state == ParcelState.HANDED_OVER and travels_in else (),
    )


def _staying(db: Database, key: OrderKey) -> tuple[Staying, ...]:
    rows = db.rows(
        "SELECT s.order_key, p.state IS NOT NULL, p.tracking_number, p.carrier,"
        " EXISTS (SELECT 1 FROM print_jobs AS j WHERE j.kind = 'label' AND j.key = s.order_key"
        " AND j.source = 'composed' AND j.tracking_number = p.tracking_number)"
        " FROM shipment_members AS m"
        " JOIN orders AS s ON s.order_key = m.shipment"
        " LEFT JOIN parcels AS p ON p.order_key = m.shipment WHERE m.member = ?"
        " AND s.part IS NOT NULL AND s.why_not IS NULL"
        " AND coalesce(p.state, '') NOT IN ('HANDED_OVER', 'VOIDED') ORDER BY s.part",
        (key,),
    )
    return tuple(
        Staying(
            OrderKey(part),
            bool(begun),
            Number(number) if number else None,
            CarrierCode(carrier) if carrier else None,
            bool(composed),
        )
        for part, begun, number, carrier, composed in rows
    )


def change_of(before: Before, now: ImportedOrder) -> Change:
    """Decide what a new reading of an order means for its order and its parcel."""
    old, new = before.imported.order, now.order
    found = difference(before.imported, now, number=before.number, carrier=before.carrier)
    kept = replace(new, version=old.version)
    if before.parcel is ParcelState.HANDED_OVER:
        sent = Change(_as_sent(kept, old), anew=False, person=False, difference=Difference())
        if not found.on_paper or not before.staying:
            return sent
        # What left has rows of its own: the order is as the file says, so that this is told once.
        reads = _reads(old, new)
        return Change(
            kept if reads else replace(kept, recipient=old.recipient),
            anew=False,
            person=reads,
            difference=Difference(),
            late=tuple(_late(before.staying, found)),
            parts=tuple(one.part for one in before.staying),
        )
    if before.parcel in _CLOSED and not found.on_paper:
        return Change(_as_packed(kept, old, found), False, found.notes and _reads(old, new), found)
    if not found.to_pack and old.recipient is new.recipient:
        return Change(kept, anew=False, person=True, difference=found)
    key = old.key
    return Change(
        replace(new, version=old.version + 1),
        anew=True,
        person=True,
        difference=found,
        outdated=ParcelOutdated(key, found) if before.parcel and not before.shared else None,
        voided=None if before.shared else _void(before, new, found),
    )


def _late(staying: Iterable[Staying], found: Difference) -> Iterator[Late]:
    """Yield what becomes of the parcels that are still here when another one has left.

    They cannot be put together any more: somebody must look at each before it goes.
    """
    for one in staying:
        if one.begun:
            yield ParcelOutdated(one.part, found)
        if one.number and one.carrier and (one.composed or found.recipient):
            yield LabelVoided(one.part, one.number, one.carrier, "order_changed")
        yield OrderHeld(one.part, HoldReason.BUYER_ASKS)


def _reads(old: Order, new: Order) -> bool:
    """Tell whether the new person may stand for the old one: stars never overwrite an address."""
    return new.recipient is Recipient.FULL or old.recipient is not Recipient.FULL


def _as_sent(new: Order, old: Order) -> Order:
    """Return the order with what left the house as it left."""
    return replace(
        new,
        lines=old.lines,
        carrier=old.carrier,
        tracking_number=old.tracking_number,
        recipient=old.recipient,
        has_buyer_message=old.has_buyer_message,
        has_seller_memo=old.has_seller_memo,
    )


def _as_packed(new: Order, old: Order, found: Difference) -> Order:
    """Return the order with what is in the closed box as it was packed."""
    packed = _as_sent(new, old)
    if not found.lines:
        packed = replace(packed, lines=new.lines)
    if found.notes and _reads(old, new):
        packed = replace(
            packed,
            has_buyer_message=new.has_buyer_message,
            has_seller_memo=new.has_seller_memo,
            recipient=new.recipient,
        )
    return packed


def _void(before: Before, new: Order, found: Difference) -> LabelVoided | None:
    """Return the end of a label that must not travel any more.

    A label made elsewhere stays good where only the goods have changed: it is bound to the
    parcel again by its scan.
    """
    if before.number is None or before.carrier is None or not found.on_paper:
        return None
    addressed = found.recipient or found.carrier or found.number
    if not before.composed and (not addressed or before.number == new.tracking_number):
        return None
    return LabelVoided(before.imported.order.key, before.number, before.carrier, "order_changed")


def as_they_stand(db: Database, changes: Iterable[OrderChanged]) -> tuple[OrderChanged, ...]:
    """Return changes with why each order may not go on now that all is written."""
    return tuple(_today(db, change) for change in changes)


def _today(db: Database, change: OrderChanged) -> OrderChanged:
    row = db.row(
        "SELECT why_not, held, hold_reason, merged_into, split FROM orders WHERE order_key = ?",
        (change.order,),
    )
    assert row is not None, "it was written just now"
    return replace(change, why_not=standing(*row[:3]) or travels(*row[3:]))
