"""Merging and splitting as people ask for it; lives in the room ``store``.

Every function checks and writes in one transaction, and returns the changes to post to a running
station, so that an order that is open at the table stops at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from packstation.core import facts
from packstation.core.events import OrderChanged
from packstation.core.life_facts import SellerCancelled, ShortPicked
from packstation.core.merging import check_goods, check_merge, merged, no
from packstation.core.orders import HoldReason, Order, OrderId, OrderKey, Person
from packstation.core.policy import Rules
from packstation.core.shipment_facts import OrdersMerged, OrderSplit
from packstation.core.splitting import Share, parts_of, remainder
from packstation.ports import Stamp
from packstation.store import shipment_reads, shipment_upkeep
from packstation.store.people import PeopleVault
from packstation.store.record_codec import AnyFact, json_text
from packstation.store.recorder import Recorder


@dataclass(frozen=True, slots=True)
class Done:
    """What was done."""

    shipments: tuple[Order, ...]
    """The merged order, or the parts; empty where something was taken apart."""
    members: tuple[OrderKey, ...]
    """The orders as imported that it is about."""
    changes: tuple[OrderChanged, ...]
    """For the engine: an open order among them must stop."""


class Shipments:
    """The way to merge, split and take apart."""

    def __init__(self, recorder: Recorder, people: PeopleVault, rules: Rules) -> None:
        """Keep the way to write, the vault, and the rules that decide."""
        self._recorder = recorder
        self._db = recorder.db
        self._people = people
        self._rules = rules

    def merge(
        self, keys: Sequence[OrderKey], stamp: Stamp, *, across_shops: bool = False, by: str = ""
    ) -> Done:
        """Put orders of one recipient into one parcel.

        Args:
            keys: The orders, in the order in which they are to be packed.
            stamp: When and under whom.
            across_shops: Orders of several shops may share it.
            by: Id of the operator.

        Raises:
            PackStationError: ``shipments.…``: they do not surely belong together.
        """
        db = self._db
        with self._recorder.tx():
            members = [
                shipment_reads.candidate(
                    db,
                    self._rules,
                    key,
                    shipment_reads.sent_to(db, self._people, key),
                    stamp,
                )
                for key in keys
            ]
            shared = {key for key in keys if shipment_reads.is_shared(db, key)}
            check_merge(members, shared=shared, across_shops=across_shops)
            orders = [one.order for one in members]
            if across_shops:
                check_goods(shipment_reads.goods_of(db, orders))
            number = shipment_reads.free_number(db, orders[0], shipment_reads.MERGED)
            shipment = merged(orders, number)
            self._drop_counts(keys, stamp)
            self._recorder.write((OrdersMerged(shipment, by),), stamp)
            self._keep_person(shipment.key, keys)
        return self._done((shipment,), tuple(keys))

    def unmerge(
        self, key: OrderKey, stamp: Stamp, *, supervisor: bool = False, reason: str = "operator"
    ) -> Done:
        """Take a merged order apart; its members stand alone again.

        Args:
            key: The merged order or one of its members.
            stamp: When and under whom.
            supervisor: A supervisor asks: a closed box that is in no bag may be opened.
            reason: Stable word for the record.

        Raises:
            PackStationError: ``shipments.not_merged``, ``shipments.sealed``, ``shipments.left``,
                ``shipments.in_a_bag``, ``shipments.at_bench``.
        """
        with self._recorder.tx():
            shipment = shipment_reads.merged_order(self._db, key)
            shipment_reads.check_open(self._db, shipment, supervisor=supervisor)
            self._recorder.write(shipment_upkeep.unmerging(self._db, shipment.key, reason), stamp)
        return self._done((), shipment.members or (), also=(shipment.key,))

    def split(self, key: OrderKey, shares: Sequence[Share], stamp: Stamp, *, by: str = "") -> Done:
        """Let one order travel in several parcels.

        Args:
            key: The order.
            shares: Units of each line a parcel; what none of them has makes a further one.
            stamp: When and under whom.
            by: Id of the operator.

        Raises:
            PackStationError: ``shipments.…``: units do not agree, or it is too late.
        """
        with self._recorder.tx():
            order = shipment_reads.splittable(self._db, key, short=False)
            rest = remainder(order, shares)
            parts = self._split(order, [*shares, rest] if rest else shares, stamp, by)
        return self._done(parts, (key,))

    def ship_what_is_here(
        self,
        key: OrderKey,
        stamp: Stamp,
        *,
        missing: Share | None = None,
        agreed: str | None = None,
        by: str = "",
    ) -> Done:
        """Split a short order: the first parcel has what is there, the second waits for the rest.

        Args:
            key: The order; its hold for what is missing ends.
            stamp: When and under whom.
            missing: Units a line that are not there; None = as the short pick said.
            agreed: Why the rest is never to be sent, where the buyer agreed: it is cancelled.
            by: Id of the operator.

        Raises:
            PackStationError: ``shipments.nothing_missing``, ``shipments.nothing_here`` …
        """
        with self._recorder.tx():
            order = shipment_reads.splittable(self._db, key, short=True)
            lacks = dict(missing or shipment_reads.missing_of(self._db, key))
            if not lacks:
                raise no(
                    "shipments.nothing_missing",
                    f"It is not known what order {order.order_id} lacks.",
                    "Say which units are missing.",
                    order=order.order_id,
                )
            here = remainder(order, (lacks,))
            if not here:
                raise no(
                    "shipments.nothing_here",
                    f"Nothing of order {order.order_id} is there to ship.",
                    "Leave it on hold.",
                    order=order.order_id,
                )
            if order.why_not is not None:
                self._recorder.write((facts.OrderReleased(key, by or None),), stamp)
            parts = self._split(order, (here, lacks), stamp, by)
            rest = parts[1].key
            ends: tuple[AnyFact, ...] = (
                ShortPicked(rest, tuple(lacks.items()), "pick"),
                facts.OrderHeld(rest, HoldReason.SHORT_PICK),
            )
            if agreed is not None:
                ends = (SellerCancelled(rest, agreed, by),)
            self._recorder.write(ends, stamp)
        return self._done(parts, (key,))

    def join(
        self, key: OrderKey, stamp: Stamp, *, supervisor: bool = False, reason: str = "operator"
    ) -> Done:
        """Make one parcel of a split order again, while none of its parts has left.

        Args:
            key: The order or one of its parts.
            stamp: When and under whom.
            supervisor: A supervisor asks: closed boxes that are in no bag may be opened.
            reason: Stable word for the record.

        Raises:
            PackStationError: ``shipments.not_split``, or as ``unmerge``.
        """
        with self._recorder.tx():
            whole = shipment_reads.split_order(self._db, key)
            parts = shipment_upkeep.parts_of(self._db, whole)
            for part in parts:
                found = shipment_reads.order_of(self._db, part)
                shipment_reads.check_open(self._db, found, supervisor=supervisor)
            self._recorder.write(shipment_upkeep.joining(self._db, whole, reason), stamp)
        return self._done((), (whole,), also=parts)

    def _split(
        self, order: Order, shares: Sequence[Share], stamp: Stamp, by: str
    ) -> tuple[Order, ...]:
        number = shipment_reads.free_number(self._db, order, shipment_reads.PART)
        ids = [OrderId(f"{number}-{n}") for n in range(1, len(shares) + 1)]
        parts = parts_of(order, shares, ids)
        self._drop_counts((order.key,), stamp)
        self._recorder.write((OrderSplit(order.key, parts, by),), stamp)
        for part in parts:
            self._keep_person(part.key, (order.key,))
        return parts

    def _drop_counts(self, keys: Iterable[OrderKey], stamp: Stamp) -> None:
        """What was scanned for an order alone counts for no other parcel."""
        for key in keys:
            row = self._db.row("SELECT steps FROM sessions WHERE order_key = ?", (key,))
            if row is not None and row[0]:
                self._recorder.write((facts.CountsDropped(key),), stamp)

    def _keep_person(self, shipment: OrderKey, members: Sequence[OrderKey]) -> None:
        """Keep the recipient for the label, as long as that of the member who came last.

        Messages stay with the orders that they belong to.
        """
        row = self._db.row(
            "SELECT subject FROM people WHERE subject IN (SELECT value FROM json_each(?))"
            " ORDER BY keep_until DESC, day DESC LIMIT 1",
            (json_text(list(members)),),
        )
        if row is None:
            return
        person = self._people.person(row[0])
        bare = Person(person.name, person.phone, person.address, person.zip_code, person.nick)
        self._people.put_beside(shipment, self._people.text_of(bare), row[0])

    def _done(
        self,
        shipments: tuple[Order, ...],
        members: tuple[OrderKey, ...],
        also: tuple[OrderKey, ...] = (),
    ) -> Done:
        found = [shipment_reads.order_of(self._db, key) for key in (*members, *also)]
        changes = (OrderChanged(o.key, o.order_id, o.version, o.why_not) for o in found)
        return Done(shipments, members, tuple(changes))
