"""Pools of prepaid numbers and what became of each number."""

from __future__ import annotations

POOLS: tuple[str, ...] = (
    # Shops of one pool share its numbers; empty = the common pool.
    "ALTER TABLE number_blocks ADD COLUMN pool TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE number_blocks ADD COLUMN void INTEGER NOT NULL DEFAULT 0 CHECK (void >= 0)",
    "ALTER TABLE number_blocks ADD COLUMN spoiled INTEGER NOT NULL DEFAULT 0 CHECK (spoiled >= 0)",
    """ALTER TABLE number_blocks ADD COLUMN returned INTEGER NOT NULL DEFAULT 0
        CHECK (returned >= 0)""",
    """ALTER TABLE numbers ADD COLUMN state TEXT NOT NULL DEFAULT 'FREE'
        CHECK (state IN ('FREE', 'USED', 'VOID', 'SPOILED', 'RETURNED'))""",
    "ALTER TABLE numbers ADD COLUMN reason TEXT",
    "ALTER TABLE numbers ADD COLUMN changed_us INTEGER",
    """UPDATE numbers SET state = 'USED', changed_us = u.at_us FROM (
        SELECT json_extract(body, '$.tracking_number') AS number,
            json_extract(body, '$.carrier') AS carrier, min(utc_us) AS at_us
        FROM journal WHERE kind IN ('label_assigned', 'parcel_sealed') GROUP BY 1, 2
    ) AS u WHERE u.number = numbers.number AND u.carrier = numbers.carrier
        AND numbers.order_key IS NOT NULL""",
    "DROP INDEX numbers_free",
    "CREATE INDEX numbers_by_state ON numbers (block, state, id)",
    # How many numbers of a pool were given out on a day (days since 1970, UTC): the forecast.
    """CREATE TABLE number_days (
        pool TEXT NOT NULL,
        carrier TEXT NOT NULL,
        day INTEGER NOT NULL,
        used INTEGER NOT NULL CHECK (used > 0),
        PRIMARY KEY (pool, carrier, day)
    ) STRICT, WITHOUT ROWID""",
    """INSERT INTO number_days SELECT '', carrier, changed_us / 86400000000, count(*) FROM numbers
        WHERE state = 'USED' GROUP BY 2, 3""",
    # A number that was ever printed is never given out again.
    """CREATE INDEX print_jobs_by_number ON print_jobs (tracking_number)
        WHERE tracking_number IS NOT NULL""",
)
