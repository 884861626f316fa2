"""What is asked of collected orders: sums for the score, hours from payment, what is still here."""

from __future__ import annotations

from packstation.core.deadline_rules import Progress
from packstation.core.orders import CarrierCode, OrderKey, OrderKind, ShopKey
from packstation.core.scorecard import CollectedCount, OpenOrder, Window
from packstation.store.database import Database
from packstation.store.journal import at_of, utc_us

_SLOT_US, _DAY_US = 900_000_000, 86_400_000_000
_SLOTS_A_DAY = _DAY_US // _SLOT_US
_NEVER = 1 << 62
_SUM = """SELECT shop, carrier, kind, steps, estimate, sum(orders) FROM (
    SELECT shop, carrier, kind, steps, estimate, orders FROM score_days
        WHERE span >= ?1 AND span < ?2
    UNION ALL SELECT shop, carrier, kind, steps, estimate, orders FROM score_slots
        WHERE span >= ?3 AND span < ?4
    UNION ALL SELECT shop, carrier, kind, steps, estimate, orders FROM score_slots
        WHERE span >= ?5 AND span < ?6)
    WHERE (?7 IS NULL OR shop = ?7) AND (?8 IS NULL OR carrier = ?8)
    GROUP BY shop, carrier, kind, steps, estimate"""


def collected(
    db: Database,
    window: Window,
    *,
    shop: ShopKey | None = None,
    carrier: CarrierCode | None = None,
) -> list[CollectedCount]:
    """Return how many orders were collected in a window, by shop, carrier, kind and time taken.

    Whole days come from sums by day, the rest from sums by quarter of an hour: the cost grows
    with days, shops and carriers, not with orders.

    Args:
        db: The store.
        window: Its ends lie on whole quarters of an hour.
        shop: Of one shop only.
        carrier: Of one carrier only.
    """
    begin = utc_us(window.begin) // _SLOT_US
    end = utc_us(window.end) // _SLOT_US if window.end is not None else _NEVER
    first = -(-begin // _SLOTS_A_DAY)
    last = max(first, end // _SLOTS_A_DAY)
    edges = (begin, first * _SLOTS_A_DAY, last * _SLOTS_A_DAY, end)
    if first * _SLOTS_A_DAY >= end:  # no whole day inside
        edges = (begin, end, end, end)
    rows = db.rows(_SUM, (first, last, *edges, shop, carrier))
    return [
        CollectedCount(ShopKey(of), CarrierCode(by), OrderKind(kind), steps, bool(estimate), orders)
        for of, by, kind, steps, estimate, orders in rows
    ]


def hours_taken(db: Database, window: Window, *, shop: ShopKey | None = None) -> dict[int, int]:
    """Return whole hours from payment to collection → orders; -1 = not known, 240 = or more.

    Looks at whole days in UTC that the window touches.
    """
    begin = utc_us(window.begin) // _DAY_US
    end = utc_us(window.end) // _DAY_US if window.end is not None else _NEVER
    rows = db.rows(
        "SELECT hours, sum(orders) FROM score_hours WHERE span >= ?1 AND span <= ?2"
        " AND (?3 IS NULL OR shop = ?3) GROUP BY hours ORDER BY hours",
        (begin, end, shop),
    )
    return dict(rows)


_OPEN = """SELECT o.order_key, o.shop, coalesce(p.carrier, o.carrier, ''),
        coalesce(o.kind, 'normal'), o.paid_us,
        coalesce(p.state, '') IN ('SEALED', 'BAGGED')
    FROM order_index AS i JOIN orders AS o ON o.id = i.id
        LEFT JOIN parcels AS p ON p.order_key = coalesce(o.merged_into, o.order_key)
    WHERE i.live = 1 AND o.paid_us >= ?1 AND o.members IS NULL AND o.collected_us IS NULL
        AND coalesce(p.state, '') <> 'HANDED_OVER'
        AND coalesce(o.why_not, '') NOT IN ('cancelled', 'refunded', 'unpaid', 'shipped')
        AND (?2 IS NULL OR o.shop = ?2)"""


def still_here(
    db: Database,
    since_us: int,
    *,
    shop: ShopKey | None = None,
    carrier: CarrierCode | None = None,
) -> list[OpenOrder]:
    """Return the paid orders that no carrier has, paid since a time.

    Args:
        db: The store.
        since_us: Payments before it are left out; microseconds since 1970.
        shop: Of one shop only.
        carrier: Of one carrier only.
    """
    found = [
        OpenOrder(
            OrderKey(key), ShopKey(of), CarrierCode(by), OrderKind(kind), at_of(paid), bool(packed)
        )
        for key, of, by, kind, paid, packed in db.rows(_OPEN, (since_us, shop))
    ]
    return [one for one in found if carrier is None or one.carrier == carrier]


def progress_of(db: Database, order: OrderKey) -> Progress:
    """Return how far an order has come: packed, collected, asked to cancel, urged."""
    row = db.row(
        "SELECT coalesce(r.at_us, o.arranged_us), coalesce(c.at_us, o.collected_us),"
        " coalesce(o.cancel_requested_us, o.cancel_told_us), o.answered_us FROM orders AS o"
        " LEFT JOIN ready_times AS r ON r.order_key = coalesce(o.merged_into, o.order_key)"
        " LEFT JOIN collections AS c ON c.order_key = o.order_key WHERE o.order_key = ?",
        (order,),
    )
    ready, collected_us, requested, answered = row or (None, None, None, None)
    task = db.row(
        "SELECT opened_us, iif(state = 'closed', changed_us, NULL) FROM urge_tasks"
        " WHERE order_key = ? AND exempt IS NULL ORDER BY opened_us DESC LIMIT 1",
        (order,),
    )
    urged, closed = task or (None, None)
    times = (ready, collected_us, requested, answered, urged, closed)
    return Progress(*(at_of(us) if us is not None else None for us in times))
