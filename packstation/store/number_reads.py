"""Stock, lists and gaps of prepaid numbers, read for doctor, command line and window."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from packstation.core.carriers import Carrier
from packstation.core.number_runs import Run, preview, run_of
from packstation.core.number_stock import LOW, Gap, NumberLine, PoolStock, RunCheck, is_low, per_day
from packstation.core.orders import CarrierCode, OrderKey, TrackingNumber
from packstation.core.status import NumberState, ParcelState
from packstation.errors import PackStationError
from packstation.store.database import Database
from packstation.store.journal import at_of, utc_us
from packstation.store.numbers import known_of_run, neighbours
from packstation.store.pool_rows import DAY_US

_SHOWN = 20
_AT_ONCE = 5000


def stock(db: Database, now: datetime, least: int = LOW) -> list[PoolStock]:
    """Return the stock of every pool and carrier that ever had a number.

    Args:
        db: The store.
        now: Aware; the days before its day count for the forecast.
        least: Fewer free numbers than this are low.
    """
    today = utc_us(now) // DAY_US
    used: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for pool, carrier, day, count in db.rows("SELECT pool, carrier, day, used FROM number_days"):
        used[pool, carrier][day] = count
    rows = db.rows(
        "SELECT pool, carrier, sum(total), sum(used), sum(void), sum(spoiled), sum(returned)"
        " FROM number_blocks GROUP BY pool, carrier ORDER BY pool, carrier"
    )
    found = []
    for pool, carrier, total, in_use, void, spoiled, returned in rows:
        free = total - in_use - void - spoiled - returned
        rate = per_day(used[pool, carrier], today)
        found.append(
            PoolStock(
                pool=pool,
                carrier=CarrierCode(carrier),
                free=free,
                used=in_use,
                void=void,
                spoiled=spoiled,
                returned=returned,
                per_day=rate,
                days_left=free / rate if rate else None,
                low=is_low(free, rate, least),
            )
        )
    return found


def low_pools(db: Database, now: datetime, least: int = LOW) -> int:
    """Return in how many pools a carrier's numbers are low; for the board."""
    return sum(one.low for one in stock(db, now, least))


def number_lines(
    db: Database,
    *,
    carrier: str | None = None,
    pool: str | None = None,
    state: NumberState | None = None,
    limit: int = 1000,
) -> list[NumberLine]:
    """Return prepaid numbers in the order of adding, each with what became of it."""
    rows = db.rows(
        "SELECT n.number, n.carrier, b.pool, n.state, n.order_key, n.reason, n.changed_us"
        " FROM number_blocks AS b JOIN numbers AS n ON n.block = b.id"
        " WHERE (?1 IS NULL OR b.carrier = ?1) AND (?2 IS NULL OR b.pool = ?2)"
        " AND (?3 IS NULL OR n.state = ?3) ORDER BY b.id, n.id LIMIT ?4",
        (carrier, pool, state.value if state else None, limit),
    )
    return [
        NumberLine(
            number=TrackingNumber(number),
            carrier=CarrierCode(code),
            pool=pool_,
            state=NumberState(word),
            order=OrderKey(order) if order else None,
            reason=reason or "",
            changed_at=at_of(changed) if changed is not None else None,
        )
        for number, code, pool_, word, order, reason, changed in rows
    ]


def check_run(db: Database, run: Run) -> RunCheck:
    """Return what adding a run would meet."""
    there = known_of_run(db, run)
    before, after = neighbours(db, run)
    return RunCheck(preview(run), len(there), tuple(there[:_SHOWN]), before, after)


def gaps(db: Database, carriers: tuple[Carrier, ...]) -> list[Gap]:
    """Return what is missing between neighbouring blocks of one form, lists left out.

    A gap is no fault: carriers sell ranges as they like. It is told so that a forgotten range,
    or a mistyped one, is seen.
    """
    known = {carrier.code: carrier for carrier in carriers}
    runs: list[Run] = []
    for code, first, last, total in db.rows(
        "SELECT carrier, first, last, total FROM number_blocks ORDER BY id"
    ):
        try:
            run = run_of(known[code], first, total)
        except (KeyError, PackStationError):
            continue  # a list, or a number without a rule: nothing says what is missing
        if run.last == last:
            runs.append(run)
    found = []
    ordered = sorted(runs, key=lambda r: (r.carrier, r.prefix, r.suffix, r.width, r.start))
    for here, there in pairwise(ordered):
        place = here.place(there.first)
        if there.carrier == here.carrier and place is not None and place > here.count:
            found.append(Gap(here.carrier, here.last, there.first, place - here.count))
    return found


def standings(db: Database, carrier: CarrierCode, numbers: Sequence[str]) -> dict[str, str]:
    """Return number → state of its parcel, else its state in a pool; unknown ones are left out."""
    found: dict[str, str] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        chunk = json.dumps(numbers[start : start + _AT_ONCE])
        rows = db.rows(
            "SELECT j.value, (SELECT p.state FROM parcels AS p WHERE p.tracking_number = j.value"
            " AND p.carrier = ?1 ORDER BY p.state = 'HANDED_OVER' DESC LIMIT 1),"
            " (SELECT n.state FROM numbers AS n WHERE n.number = j.value AND n.carrier = ?1)"
            " FROM json_each(?2) AS j",
            (carrier, chunk),
        )
        for number, parcel, state in rows:
            if parcel == ParcelState.HANDED_OVER or state in (None, NumberState.USED):
                told = parcel or state
            else:
                told = state
            if told:
                found[number] = told
    return found


def handed_over(
    db: Database, carrier: CarrierCode, start: datetime, end: datetime
) -> tuple[str, ...]:
    """Return the tracking numbers that left with a carrier from start to before end."""
    rows = db.rows(
        "SELECT p.tracking_number FROM manifests AS m JOIN manifest_parcels AS p"
        " ON p.manifest = m.manifest WHERE m.carrier = ? AND m.closed_us >= ? AND m.closed_us < ?"
        " ORDER BY m.closed_us, p.position",
        (carrier, utc_us(start), utc_us(end)),
    )
    return tuple(number for (number,) in rows)


def span(db: Database, numbers: Sequence[str]) -> tuple[datetime, datetime] | None:
    """Return when the first and the last of some numbers left; None = none has left."""
    first = last = None
    for start in range(0, len(numbers), _AT_ONCE):
        row = db.row(
            "SELECT min(m.closed_us), max(m.closed_us) FROM json_each(?) AS j"
            " JOIN parcels AS p ON p.tracking_number = j.value"
            " JOIN manifests AS m ON m.manifest = p.manifest",
            (json.dumps(numbers[start : start + _AT_ONCE]),),
        )
        if row is not None and row[0] is not None:
            first = row[0] if first is None else min(first, row[0])
            last = row[1] if last is None else max(last, row[1])
    return None if first is None or last is None else (at_of(first), at_of(last))
