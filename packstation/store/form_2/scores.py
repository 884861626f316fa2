"""Collected orders and their sums, kept up by the database itself whoever writes.

``collections`` has a row for each order that a carrier has collected, or that we handed over;
sums by quarter of an hour, by day (UTC) and by hours from payment follow from it.
"""

from __future__ import annotations

_STEP_US = 12 * 3_600_000_000
_HOUR_US = 3_600_000_000
_SLOT_US = 900_000_000
_DAY_US = 86_400_000_000
_MOST_STEPS, _MOST_HOURS = 60, 240
_OPEN = "('OPEN', 'VERIFIED', 'LABELLED', 'HELD', 'VOIDED')"
"""States of a parcel that is not ready for the carrier."""

# A merged order's and a part's own rows stand for others and never count themselves.
_VIEW = f"""CREATE VIEW collected_orders AS
    SELECT order_key, shop, carrier, kind, at_us, estimate,
        iif(took_us IS NULL, -1, min((took_us + {_STEP_US - 1}) / {_STEP_US}, {_MOST_STEPS}))
            AS steps,
        iif(took_us IS NULL, -1, min(took_us / {_HOUR_US}, {_MOST_HOURS})) AS hours
    FROM (SELECT *, iif(at_us >= paid_us, at_us - paid_us, NULL) AS took_us FROM (
        SELECT o.order_key, o.shop, coalesce(p.carrier, o.carrier, '') AS carrier,
            coalesce(o.kind, 'normal') AS kind, o.paid_us, o.collected_us IS NULL AS estimate,
            coalesce(o.collected_us, iif(o.split IS NULL,
                iif(p.state = 'HANDED_OVER', p.changed_us, NULL),
                (SELECT iif(count(*) = o.split, max(q.changed_us), NULL)
                    FROM shipment_members AS m
                    JOIN orders AS x ON x.order_key = m.shipment AND x.part IS NOT NULL
                    JOIN parcels AS q ON q.order_key = m.shipment AND q.state = 'HANDED_OVER'
                    WHERE m.member = o.order_key))) AS at_us
        FROM orders AS o
            LEFT JOIN parcels AS p ON p.order_key = coalesce(o.merged_into, o.order_key)
        WHERE o.members IS NULL))
    WHERE at_us IS NOT NULL"""


def _renew(where: str) -> str:
    return (
        f"DELETE FROM collections WHERE order_key IN ({where});"
        f" INSERT INTO collections SELECT * FROM collected_orders WHERE order_key IN ({where});"
    )


_INSIDE = (
    "SELECT NEW.order_key UNION SELECT member FROM shipment_members WHERE shipment = NEW.order_key"
)
_SUMS = (
    ("score_slots", f"{{row}}.at_us / {_SLOT_US}", "steps, estimate"),
    ("score_days", f"{{row}}.at_us / {_DAY_US}", "steps, estimate"),
    ("score_hours", f"{{row}}.at_us / {_DAY_US}", "hours"),
)


def _keys(table: str, row: str) -> list[tuple[str, str]]:
    name, span, more = next(one for one in _SUMS if one[0] == table)
    found = [("span", span.format(row=row)), ("shop", f"{row}.shop")]
    if name != "score_hours":
        found.append(("carrier", f"{row}.carrier"))
    found.append(("kind", f"{row}.kind"))
    return found + [(key, f"{row}.{key}") for key in more.split(", ")]


def _add(table: str) -> str:
    keys = _keys(table, "NEW")
    names, values = ", ".join(k for k, _ in keys), ", ".join(v for _, v in keys)
    return (
        f"INSERT INTO {table} ({names}, orders) VALUES ({values}, 1)"
        f" ON CONFLICT ({names}) DO UPDATE SET orders = orders + 1;"
    )


def _take(table: str) -> str:
    same = " AND ".join(f"{key} = {value}" for key, value in _keys(table, "OLD"))
    return (
        f"UPDATE {table} SET orders = orders - 1 WHERE {same};"
        f" DELETE FROM {table} WHERE orders = 0 AND {same};"
    )


def _table(table: str) -> str:
    names = [key for key, _ in _keys(table, "NEW")]
    texts = {"shop", "carrier", "kind"}
    columns = ", ".join(f"{n} {'TEXT' if n in texts else 'INTEGER'} NOT NULL" for n in names)
    return (
        f"CREATE TABLE {table} ({columns}, orders INTEGER NOT NULL CHECK (orders >= 0),"
        f" PRIMARY KEY ({', '.join(names)})) STRICT, WITHOUT ROWID"
    )


_NAMES = tuple(name for name, _, _ in _SUMS)

SCORES: tuple[str, ...] = (
    """CREATE TABLE collections (
        order_key TEXT PRIMARY KEY,
        shop TEXT NOT NULL,
        carrier TEXT NOT NULL,
        kind TEXT NOT NULL,
        at_us INTEGER NOT NULL,
        estimate INTEGER NOT NULL CHECK (estimate IN (0, 1)),
        steps INTEGER NOT NULL,
        hours INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    *(_table(name) for name in _NAMES),
    _VIEW,
    "CREATE TRIGGER collections_in AFTER INSERT ON collections BEGIN "
    + " ".join(_add(name) for name in _NAMES)
    + " END",
    "CREATE TRIGGER collections_out AFTER DELETE ON collections BEGIN "
    + " ".join(_take(name) for name in _NAMES)
    + " END",
    f"""CREATE TRIGGER collected_new AFTER INSERT ON orders
        WHEN NEW.collected_us IS NOT NULL AND NEW.members IS NULL
        BEGIN {_renew("NEW.order_key")} END""",
    f"""CREATE TRIGGER collected_changed
        AFTER UPDATE OF collected_us, paid_us, kind, carrier ON orders
        WHEN (NEW.collected_us IS NOT OLD.collected_us OR NEW.paid_us IS NOT OLD.paid_us
              OR NEW.kind IS NOT OLD.kind OR NEW.carrier IS NOT OLD.carrier)
            AND (NEW.collected_us IS NOT NULL
                 OR EXISTS (SELECT 1 FROM collections WHERE order_key = NEW.order_key))
        BEGIN {_renew("NEW.order_key")} END""",
    f"""CREATE TRIGGER collected_handed_over AFTER UPDATE OF state ON parcels
        WHEN NEW.state = 'HANDED_OVER' AND OLD.state <> 'HANDED_OVER'
        BEGIN {_renew(_INSIDE)} END""",
    "INSERT INTO collections SELECT * FROM collected_orders",
    # When a parcel was sealed; from then on the carrier's time to collect it runs.
    """CREATE TABLE ready_times (
        order_key TEXT PRIMARY KEY REFERENCES orders (order_key),
        at_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TRIGGER ready_begins AFTER UPDATE OF state ON parcels
        WHEN NEW.state = 'SEALED' AND OLD.state IN {_OPEN}
        BEGIN DELETE FROM ready_times WHERE order_key = NEW.order_key;
            INSERT INTO ready_times VALUES (NEW.order_key, NEW.changed_us); END""",
    f"""CREATE TRIGGER ready_ends AFTER UPDATE OF state ON parcels WHEN NEW.state IN {_OPEN}
        BEGIN DELETE FROM ready_times WHERE order_key = NEW.order_key; END""",
    # Parcels of before: the journal knows when each was sealed last.
    """INSERT INTO ready_times SELECT json_extract(body, '$.order') AS sealed, max(utc_us)
        FROM journal WHERE kind = 'parcel_sealed' GROUP BY sealed
        HAVING (SELECT state FROM parcels WHERE order_key = sealed)
            IN ('SEALED', 'BAGGED', 'HANDED_OVER')""",
)
