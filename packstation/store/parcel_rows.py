"""A parcel's row: every move checked against the life of a parcel."""

from __future__ import annotations

from dataclasses import replace

from packstation.core import facts
from packstation.core.difference import Difference
from packstation.core.orders import CarrierCode, HoldReason, OrderKey, TrackingNumber, WhyNot
from packstation.core.parcels import Parcel
from packstation.core.status import PARCEL_MOVES, LabelSource, ParcelState
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.member_stops import stop_inside
from packstation.store.order_rows import standing
from packstation.store.record_codec import from_text

_READ = (
    "SELECT p.order_key, p.state, p.tracking_number, p.carrier, p.bag, p.manifest, o.why_not,"
    " o.held, o.hold_reason, p.stale, p.told, p.change FROM parcels AS p"
    " JOIN orders AS o ON o.order_key = p.order_key"
)


def read_parcel(db: Database, order: OrderKey) -> Parcel | None:
    """Return the parcel of an order with what the order says today."""
    row = db.row(f"{_READ} WHERE p.order_key = ?", (order,))
    return _with_stop(db, _parcel(*row)) if row else None


def parcel_with_number(db: Database, forms: tuple[str, ...]) -> Parcel | None:
    """Return the live parcel with a tracking number; the forms are tried in order."""
    for form in forms:
        row = db.row(
            f"{_READ} WHERE p.tracking_number = ? AND p.state <> 'VOIDED'"
            " ORDER BY p.state = 'HANDED_OVER', p.changed_us DESC LIMIT 1",
            (form,),
        )
        if row is not None:
            return _with_stop(db, _parcel(*row))
    return None


def _with_stop(db: Database, parcel: Parcel) -> Parcel:
    """Return a parcel with what an order inside says, where its own has nothing against it."""
    if parcel.why_not not in (None, WhyNot.SHIPPED):
        return parcel
    found = stop_inside(db, parcel.order)
    if found is None:
        return parcel
    return replace(parcel, why_not=standing(*found[1:]), stopped_by=found[0])


def _parcel(
    order: str,
    state: str,
    number: str | None,
    carrier: str | None,
    bag: str | None,
    manifest: str | None,
    why_not: str | None,
    held: int,
    hold_reason: str | None,
    stale: int,
    told: int,
    change: str | None,
) -> Parcel:
    return Parcel(
        OrderKey(order),
        ParcelState(state),
        TrackingNumber(number) if number else None,
        CarrierCode(carrier) if carrier else None,
        bag,
        manifest,
        standing_of(why_not, held, hold_reason, stale),
        bool(stale),
        bool(told),
        from_text(Difference, change) if change else None,
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
    db: Database,
    order: OrderKey,
    number: TrackingNumber,
    carrier: CarrierCode,
    us: int,
    *,
    ahead: bool = False,
) -> bool:
    """Give a verified parcel its number; False where it had this one already.

    A closed box may get a further copy of the label that it has, and no other label.

    Args:
        db: The store.
        order: Which.
        number: Of its label.
        carrier: Whose number it is.
        us: When.
        ahead: The label is printed before anybody has scanned the goods: the parcel is opened.
    """
    if ahead:
        opened(db, order, us)
    state, legal = state_of(db, order), {ParcelState.VERIFIED, ParcelState.LABELLED}
    if state in (ParcelState.SEALED, ParcelState.BAGGED):
        has = db.row("SELECT tracking_number, carrier FROM parcels WHERE order_key = ?", (order,))
        if has == (number, carrier):
            return False
    if state not in legal and not (ahead and state is ParcelState.OPEN):
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
    # What was changed while it was being packed must be opened again, not leave.
    db.run(
        "UPDATE parcels SET told = 0, stale ="
        " EXISTS (SELECT 1 FROM sessions AS s JOIN orders AS o ON o.order_key = s.order_key"
        "  WHERE s.order_key = ?1 AND s.version <> o.version)"
        " OR (?4 AND EXISTS (SELECT 1 FROM voided_labels"
        "  WHERE tracking_number = ?2 AND carrier = ?3))"
        " WHERE order_key = ?1",
        (
            fact.order,
            fact.tracking_number,
            fact.carrier,
            int(fact.source is not LabelSource.EXTERNAL),
        ),
    )
    db.run("UPDATE parcels SET change = NULL WHERE order_key = ? AND stale = 0", (fact.order,))


def held(db: Database, order: OrderKey, us: int, reason: HoldReason | None = None) -> bool:
    """Hold an order and its parcel; False where it is held: the first reason stays."""
    done = db.run(
        "UPDATE orders SET held = 1, hold_reason = ? WHERE order_key = ? AND held = 0",
        (reason.value if reason else None, order),
    )
    row = db.row("SELECT state FROM parcels WHERE order_key = ?", (order,))
    if done and row is not None and ParcelState.HELD in PARCEL_MOVES[ParcelState(row[0])]:
        move(db, order, ParcelState.HELD, us)
    return done == 1


def released(db: Database, order: OrderKey, us: int, waived: WhyNot | None = None) -> bool:
    """Take a hold back; False where there was none. The parcel goes back to where it was.

    Args:
        db: The store.
        order: Which.
        us: When.
        waived: The file's reason that somebody cleared.
    """
    cleared = 0
    if waived is not None:
        cleared = db.run(
            "UPDATE orders SET waived = ?1, why_not = NULL, answered_us = cancel_requested_us"
            " WHERE order_key = ?2 AND why_not = ?1",
            (waived.value, order),
        )
    done = db.run(
        "UPDATE orders SET held = 0, hold_reason = NULL WHERE order_key = ? AND held = 1", (order,)
    )
    if done:
        db.run("DELETE FROM short_picks WHERE order_key = ?", (order,))
    row = db.row("SELECT before_hold FROM parcels WHERE order_key = ? AND state = 'HELD'", (order,))
    if done and row is not None:
        before = ParcelState(row[0])
        legal = before in PARCEL_MOVES[ParcelState.HELD]
        move(db, order, before if legal else ParcelState.LABELLED, us)
    return done == 1 or cleared == 1


def standing_of(
    why_not: str | None, held: int, hold_reason: str | None, stale: int
) -> WhyNot | None:
    """Return what stands against a parcel: its order's standing, else that it is out of date."""
    found = standing(why_not, held, hold_reason)
    return WhyNot.ORDER_CHANGED if stale and found in (None, WhyNot.SHIPPED) else found


def is_stopped(
    why_not: str | None, held: int, hold_reason: str | None = None, stale: int = 0
) -> WhyNot | None:
    """Return why a packed parcel may not leave; that the platform calls it shipped is no reason."""
    found = standing_of(why_not, held, hold_reason, stale)
    return None if found is WhyNot.SHIPPED else found
