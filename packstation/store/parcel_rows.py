"""A parcel's row: every move checked against the life of a parcel."""

from __future__ import annotations

from packstation.core import facts
from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber, WhyNot
from packstation.core.parcels import Parcel
from packstation.core.status import PARCEL_MOVES, ParcelState
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.order_rows import standing

_READ = (
    "SELECT p.order_key, p.state, p.tracking_number, p.carrier, p.bag, p.manifest, o.why_not,"
    " o.held FROM parcels AS p JOIN orders AS o ON o.order_key = p.order_key"
)


def read_parcel(db: Database, order: OrderKey) -> Parcel | None:
    """Return the parcel of an order with what the order says today."""
    row = db.row(f"{_READ} WHERE p.order_key = ?", (order,))
    return _parcel(*row) if row else None


def parcel_with_number(db: Database, forms: tuple[str, ...]) -> Parcel | None:
    """Return the live parcel with a tracking number; the forms are tried in order."""
    for form in forms:
        row = db.row(
            f"{_READ} WHERE p.tracking_number = ? AND p.state <> 'VOIDED'"
            " ORDER BY p.state = 'HANDED_OVER', p.changed_us DESC LIMIT 1",
            (form,),
        )
        if row is not None:
            return _parcel(*row)
    return None


def _parcel(
    order: str,
    state: str,
    number: str | None,
    carrier: str | None,
    bag: str | None,
    manifest: str | None,
    why_not: str | None,
    held: int,
) -> Parcel:
    return Parcel(
        OrderKey(order),
        ParcelState(state),
        TrackingNumber(number) if number else None,
        CarrierCode(carrier) if carrier else None,
        bag,
        manifest,
        standing(why_not, held),
    )


def state_of(db: Database, order: OrderKey) -> ParcelState:
    """Return where a parcel stands.

    Raises:
        StoreError: ``store.conflict``: the order was never opened.
    """
    row = db.row("SELECT state FROM parcels WHERE order_key = ?", (order,))
    if row is None:
        raise StoreError(
            "store.conflict", f"Order {order} has no parcel: it was never opened.", order=order
        )
    return ParcelState(row[0])


def move(
    db: Database,
    order: OrderKey,
    target: ParcelState,
    us: int,
    *,
    bag: str | None = None,
    manifest: str | None = None,
) -> None:
    """Move a parcel; bag and manifest are where it lies from now on.

    Raises:
        StoreError: ``store.illegal_move``.
    """
    state = state_of(db, order)
    if target not in PARCEL_MOVES[state]:
        raise StoreError(
            "store.illegal_move",
            f"The parcel of {order} is {state} and cannot become {target}.",
            fix="Nothing was written; start again and scan the parcel.",
            order=order,
            state=state.value,
            target=target.value,
        )
    before = state.value if target is ParcelState.HELD else None
    db.run(
        "UPDATE parcels SET state = ?, changed_us = ?, before_hold = ?, bag = ?, manifest = ?"
        " WHERE order_key = ?",
        (target.value, us, before, bag, manifest, order),
    )


def opened(db: Database, order: OrderKey, us: int) -> None:
    """Give an order its parcel when it is opened for the first time."""
    db.run(
        "INSERT INTO parcels (order_key, state, changed_us) VALUES (?, 'OPEN', ?)"
        " ON CONFLICT DO NOTHING",
        (order, us),
    )


def verified(db: Database, order: OrderKey, us: int) -> bool:
    """Note that every unit is there; False where that was known."""
    if state_of(db, order) in (ParcelState.VERIFIED, ParcelState.LABELLED):
        return False
    move(db, order, ParcelState.VERIFIED, us)
    return True


def taken_back(db: Database, order: OrderKey, us: int) -> None:
    """Open a parcel again whose units must be scanned anew; it keeps its number."""
    if state_of(db, order) is ParcelState.LABELLED:
        move(db, order, ParcelState.VERIFIED, us)
    if state_of(db, order) is ParcelState.VERIFIED:
        move(db, order, ParcelState.OPEN, us)


def number_bound(
    db: Database, order: OrderKey, number: TrackingNumber, carrier: CarrierCode, us: int
) -> bool:
    """Give a verified parcel its number; False where it had this one already."""
    state = state_of(db, order)
    if state not in (ParcelState.VERIFIED, ParcelState.LABELLED):
        raise StoreError(
            "store.illegal_move",
            f"The parcel of {order} is {state} and cannot get a label.",
            order=order,
            state=state.value,
        )
    done = db.run(
        "UPDATE parcels SET tracking_number = ?1, carrier = ?2, changed_us = ?3"
        " WHERE order_key = ?4 AND (tracking_number IS NOT ?1 OR carrier IS NOT ?2)",
        (number, carrier, us, order),
    )
    return done == 1


def labelled(db: Database, order: OrderKey, us: int) -> None:
    """Note that a label came out; a parcel that is further on already stays where it is."""
    if state_of(db, order) is ParcelState.VERIFIED:
        move(db, order, ParcelState.LABELLED, us)


def sealed(db: Database, fact: facts.ParcelSealed, us: int) -> None:
    """Seal a parcel under the number that was scanned back; one in a bag is sealed already."""
    state = state_of(db, fact.order)
    if state not in (ParcelState.VERIFIED, ParcelState.LABELLED):
        raise StoreError(
            "store.illegal_move",
            f"The parcel of {fact.order} is {state} and cannot be sealed.",
            fix="Nothing was written; start again and scan the parcel.",
            order=fact.order,
            state=state.value,
        )
    db.run(
        "UPDATE parcels SET tracking_number = ?, carrier = ? WHERE order_key = ?",
        (fact.tracking_number, fact.carrier, fact.order),
    )
    move(db, fact.order, ParcelState.SEALED, us)


def held(db: Database, order: OrderKey, us: int) -> bool:
    """Hold an order and its parcel; False where it is held."""
    done = db.run("UPDATE orders SET held = 1 WHERE order_key = ? AND held = 0", (order,))
    row = db.row("SELECT state FROM parcels WHERE order_key = ?", (order,))
    if done and row is not None and ParcelState.HELD in PARCEL_MOVES[ParcelState(row[0])]:
        move(db, order, ParcelState.HELD, us)
    return done == 1


def released(db: Database, order: OrderKey, us: int) -> bool:
    """Take a hold back; False where there was none. The parcel goes back to where it was."""
    done = db.run("UPDATE orders SET held = 0 WHERE order_key = ? AND held = 1", (order,))
    row = db.row("SELECT before_hold FROM parcels WHERE order_key = ? AND state = 'HELD'", (order,))
    if done and row is not None:
        before = ParcelState(row[0])
        legal = before in PARCEL_MOVES[ParcelState.HELD]
        move(db, order, before if legal else ParcelState.LABELLED, us)
    return done == 1


def is_stopped(why_not: str | None, held: int) -> WhyNot | None:
    """Return why a packed parcel may not leave; that the platform calls it shipped is no reason."""
    found = standing(why_not, held)
    return None if found is WhyNot.SHIPPED else found
