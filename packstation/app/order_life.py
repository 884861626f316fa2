"""What people decide about orders: who may, what is written, and that an open table stops at once.

Functions block until all is durable; beside a window they belong into a room of their own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from packstation.core.bench import hours_left
from packstation.core.life import RELEASED_BY, SUPERVISOR, PlatformRules, may
from packstation.errors import PackStationError

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.core.events import OrderChanged
    from packstation.core.orders import HoldReason, OrderKey
    from packstation.ports import Stamp
    from packstation.settings import Settings

BADGE = "PSOPR"
"""What stands before the id in the code of a badge."""
TICK_S = 60.0
"""How often clocks of orders are looked at."""


def entitled(settings: Settings, badge: str, needed: str) -> str:
    """Return the id of the person who does something, once it is sure that they may.

    Args:
        settings: Their badges; while there are none, nobody is asked.
        badge: The id, or the badge's whole code; empty = nobody was named.
        needed: The role that may.

    Raises:
        PackStationError: ``people.unknown_badge`` or ``people.not_entitled``.
    """
    person = badge.strip().upper().removeprefix(BADGE)
    if not settings.operators:
        return person
    known = {name.upper(): name for name in settings.operators}
    if person and person not in known:
        raise PackStationError(
            "people.unknown_badge",
            "This badge belongs to nobody here.",
            fix="Use another badge, or enter it in the settings.",
        )
    role = settings.operators[known[person]].role.value if person else ""
    if needed == SUPERVISOR and not may(role, needed):
        raise PackStationError(
            "people.not_entitled",
            "Only a supervisor may do this.",
            fix="Let the supervisor do it with the supervisor's badge.",
        )
    return known.get(person, "")


def _written(
    house: House, by: str, job: Callable[[Stamp], OrderChanged | None]
) -> OrderChanged | None:
    change = house.call(lambda: job(replace(house.store.clock(), operator=by)))
    if change is not None:
        house.changed(change)
    return change


def hold(house: House, key: OrderKey, reason: HoldReason, badge: str = "") -> None:
    """Hold an order; anybody may."""
    from packstation.store import order_life

    by = entitled(house.settings, badge, "")
    _written(house, by, lambda stamp: order_life.hold(house.store.recorder, key, reason, stamp))


def release(house: House, key: OrderKey, badge: str = "") -> None:
    """Let an order go on that is held, or that its file calls pre-sale or badly addressed.

    Raises:
        PackStationError: ``orders.not_held``, ``people.not_entitled``, ``people.unknown_badge``.
    """
    from packstation.app.desk_reads import not_held
    from packstation.store import order_life

    def job(stamp: Stamp) -> OrderChanged | None:
        found = order_life.what_holds(house.store.db, key)
        if found is None:
            raise not_held(key)
        by = entitled(house.settings, badge, RELEASED_BY[found])
        return order_life.release(house.store.recorder, key, by, replace(stamp, operator=by))

    _written(house, "", job)


def answer_cancellation(house: House, key: OrderKey, badge: str = "", *, accepted: bool) -> None:
    """Accept or reject a buyer's wish to cancel; both need a supervisor."""
    from packstation.store import order_life

    by = entitled(house.settings, badge, SUPERVISOR)
    recorder = house.store.recorder
    _written(
        house,
        by,
        lambda stamp: order_life.decide_cancellation(recorder, key, by, stamp, accepted=accepted),
    )


def short(house: House, key: OrderKey, sku: str, units: int, badge: str = "") -> None:
    """Note that units of an order were not there when they were picked; anybody may."""
    from packstation.store import order_life

    by = entitled(house.settings, badge, "")
    recorder = house.store.recorder
    _written(house, by, lambda stamp: order_life.short(recorder, key, sku, units, stamp))


@dataclass(frozen=True, slots=True)
class CancelNotice:
    """What somebody must know before they cancel an order for the seller."""

    platform: PlatformRules
    hours_left: str
    """Whole hours left to ship, below 0 when late; empty = not known."""


def cancel_notice(house: House, key: OrderKey) -> CancelNotice:
    """Return what cancelling an order brings."""
    from packstation.store.order_rows import read_order

    order = house.call(lambda: read_order(house.store.db, key))
    assert order is not None, "the order was found just now"
    platform = house.rules.platform(order.platform)
    return CancelNotice(platform, hours_left(order, house.rules, datetime.now(UTC)))


def cancel(house: House, key: OrderKey, reason: str, badge: str = "") -> None:
    """Cancel an order for the seller; who may is the platform's data.

    Raises:
        PackStationError: ``people.not_entitled``; or what ``store.order_life`` refuses.
    """
    from packstation.store import order_life

    needed = cancel_notice(house, key).platform.cancel_needs
    by = entitled(house.settings, badge, needed)
    recorder = house.store.recorder
    _written(house, by, lambda stamp: order_life.seller_cancel(recorder, key, reason, by, stamp))


def number_in_a_bag(house: House, key: OrderKey) -> str:
    """Return the tracking number of an order's parcel that lies in a bag.

    Raises:
        PackStationError: ``orders.not_in_a_bag``.
    """
    from packstation.core.status import ParcelState
    from packstation.store.parcel_rows import read_parcel

    parcel = house.call(lambda: read_parcel(house.store.db, key))
    if parcel is None or parcel.state is not ParcelState.BAGGED or not parcel.tracking_number:
        order_id = key.partition("/")[2]
        raise PackStationError(
            "orders.not_in_a_bag",
            f"The parcel of order {order_id} is in no bag here.",
            fix="Look at the list of orders where it is.",
            order=order_id,
        )
    return parcel.tracking_number


class Minutes:
    """Looks at the clocks of orders each minute, in the store's room."""

    def __init__(self, look: Callable[[], object]) -> None:
        """Begin to tick.

        Args:
            look: Submits a look; called in a thread of its own, must return at once.
        """
        self._look = look
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="minutes", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(TICK_S):
            self._look()

    def close(self) -> None:
        """End; a look that was submitted is still done."""
        self._over.set()
        self._thread.join()
