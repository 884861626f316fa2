"""The tables of version 1, as they were first shipped; never edited, only followed by migrations.

Times are whole microseconds since 1970 in UTC, quantities whole units; ids are opaque text.
People's words stand in ``people`` and ``print_payloads`` alone, encrypted.
"""

from __future__ import annotations

_STATES = "'OPEN','VERIFIED','LABELLED','SEALED','BAGGED','HANDED_OVER','HELD','RECALLED','VOIDED'"
_OUTCOMES = "'QUEUED','SENDING','SENT','CONFIRMED','FAILED','UNKNOWN','CANCELLED'"

JOURNAL = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE journal (
        seq INTEGER PRIMARY KEY CHECK (seq > 0),
        event_id TEXT NOT NULL UNIQUE,
        station_id TEXT NOT NULL,
        station_epoch INTEGER NOT NULL CHECK (station_epoch > 0),
        operator_id TEXT NOT NULL,
        role TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind <> ''),
        entity TEXT NOT NULL,
        entity_version INTEGER,
        body TEXT NOT NULL CHECK (json_valid(body)),
        utc_us INTEGER NOT NULL,
        mono_us INTEGER NOT NULL,
        boot_id TEXT NOT NULL,
        tz TEXT NOT NULL,
        app_version TEXT NOT NULL,
        prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT""",
    """CREATE TRIGGER journal_in_order BEFORE INSERT ON journal
        WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM journal)
        BEGIN SELECT RAISE(ABORT, 'the journal has no gaps'); END""",
    """CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER journal_stays BEFORE DELETE ON journal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
)

ORDERS = (
    """CREATE TABLE orders (
        id INTEGER PRIMARY KEY,
        order_key TEXT NOT NULL UNIQUE,
        shop TEXT NOT NULL,
        order_id TEXT NOT NULL,
        platform TEXT NOT NULL,
        why_not TEXT,
        held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
        carrier TEXT,
        tracking_number TEXT,
        promised_us INTEGER,
        promised_offset_s INTEGER,
        paid_us INTEGER,
        paid_offset_s INTEGER,
        recipient TEXT NOT NULL CHECK (recipient IN ('full', 'masked', 'missing')),
        has_buyer_message INTEGER NOT NULL CHECK (has_buyer_message IN (0, 1)),
        has_seller_memo INTEGER NOT NULL CHECK (has_seller_memo IN (0, 1)),
        package_id TEXT,
        version INTEGER NOT NULL CHECK (version > 0),
        content TEXT NOT NULL,
        imported_us INTEGER NOT NULL,
        CHECK ((promised_us IS NULL) = (promised_offset_s IS NULL)),
        CHECK ((paid_us IS NULL) = (paid_offset_s IS NULL))
    ) STRICT""",
    "CREATE INDEX orders_by_id ON orders (order_id)",
    "CREATE INDEX orders_by_number ON orders (tracking_number) WHERE tracking_number IS NOT NULL",
    """CREATE TABLE order_lines (
        order_key TEXT NOT NULL REFERENCES orders (order_key),
        position INTEGER NOT NULL CHECK (position >= 0),
        line_key TEXT NOT NULL,
        sku TEXT NOT NULL,
        title TEXT NOT NULL,
        quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 1000000),
        spec TEXT,
        barcode TEXT,
        bin TEXT,
        gift INTEGER NOT NULL CHECK (gift IN (0, 1)),
        bundle_info TEXT,
        PRIMARY KEY (order_key, position),
        UNIQUE (order_key, line_key)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE skus (
        shop TEXT NOT NULL,
        sku TEXT NOT NULL,
        code TEXT NOT NULL,
        folded TEXT NOT NULL,
        PRIMARY KEY (shop, sku)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX skus_by_code ON skus (folded, shop)",
    """CREATE TABLE product_codes (
        shop TEXT NOT NULL,
        code TEXT NOT NULL,
        sku TEXT NOT NULL,
        units INTEGER NOT NULL CHECK (units BETWEEN 1 AND 1000000),
        folded TEXT NOT NULL,
        PRIMARY KEY (shop, code, sku)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX product_codes_by_code ON product_codes (folded, shop)",
    "CREATE INDEX product_codes_by_sku ON product_codes (shop, sku)",
)

BENCH = (
    """CREATE TABLE sessions (
        order_key TEXT PRIMARY KEY REFERENCES orders (order_key),
        version INTEGER NOT NULL CHECK (version > 0),
        steps INTEGER NOT NULL DEFAULT 0 CHECK (steps >= 0)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE session_steps (
        order_key TEXT NOT NULL REFERENCES sessions (order_key),
        position INTEGER NOT NULL CHECK (position > 0),
        units TEXT NOT NULL CHECK (json_valid(units)),
        PRIMARY KEY (order_key, position)
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE parcels (
        order_key TEXT PRIMARY KEY REFERENCES orders (order_key),
        state TEXT NOT NULL CHECK (state IN ({_STATES})),
        before_hold TEXT CHECK (before_hold IN ({_STATES})),
        tracking_number TEXT,
        carrier TEXT,
        bag TEXT,
        manifest TEXT,
        changed_us INTEGER NOT NULL,
        CHECK (state NOT IN ('SEALED', 'BAGGED', 'HANDED_OVER')
               OR (tracking_number IS NOT NULL AND carrier IS NOT NULL)),
        CHECK ((state IN ('BAGGED', 'HANDED_OVER')) = (bag IS NOT NULL)),
        CHECK ((state = 'HANDED_OVER') = (manifest IS NOT NULL))
    ) STRICT, WITHOUT ROWID""",
    """CREATE UNIQUE INDEX parcels_by_number ON parcels (tracking_number, carrier)
        WHERE tracking_number IS NOT NULL AND state <> 'VOIDED'""",
    "CREATE INDEX parcels_by_bag ON parcels (bag) WHERE bag IS NOT NULL",
    """CREATE TABLE bags (
        code TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('OPEN', 'SEALED', 'HANDED_OVER')),
        carrier TEXT,
        parcels INTEGER NOT NULL DEFAULT 0 CHECK (parcels >= 0),
        manifest TEXT,
        sealed_us INTEGER,
        CHECK ((state = 'OPEN') = (sealed_us IS NULL)),
        CHECK ((state = 'HANDED_OVER') = (manifest IS NOT NULL))
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE handovers (
        manifest TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('OPEN', 'PAUSED', 'CLOSED')),
        opened_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE handover_bags (
        manifest TEXT NOT NULL REFERENCES handovers (manifest),
        bag TEXT NOT NULL REFERENCES bags (code),
        position INTEGER NOT NULL,
        PRIMARY KEY (manifest, bag)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE manifests (
        manifest TEXT PRIMARY KEY,
        carrier TEXT NOT NULL,
        bags INTEGER NOT NULL CHECK (bags > 0),
        parcels INTEGER NOT NULL CHECK (parcels > 0),
        opened_us INTEGER NOT NULL,
        closed_us INTEGER NOT NULL,
        operator TEXT NOT NULL,
        chain_seq INTEGER NOT NULL,
        chain_head TEXT NOT NULL,
        digest TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE manifest_parcels (
        manifest TEXT NOT NULL REFERENCES manifests (manifest),
        position INTEGER NOT NULL CHECK (position > 0),
        bag TEXT NOT NULL,
        order_key TEXT NOT NULL,
        tracking_number TEXT NOT NULL,
        PRIMARY KEY (manifest, position),
        UNIQUE (order_key)
    ) STRICT, WITHOUT ROWID""",
    *(
        f"""CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, 'a manifest is final'); END"""
        for table in ("manifests", "manifest_parcels")
        for verb in ("UPDATE", "DELETE")
    ),
    """CREATE TABLE station (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        saved TEXT NOT NULL CHECK (json_valid(saved))
    ) STRICT""",
)

PAPER = (
    """CREATE TABLE number_blocks (
        id INTEGER PRIMARY KEY,
        block TEXT NOT NULL UNIQUE,
        carrier TEXT NOT NULL,
        first TEXT NOT NULL,
        last TEXT NOT NULL,
        total INTEGER NOT NULL CHECK (total > 0),
        used INTEGER NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND total),
        added_us INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX number_blocks_by_carrier ON number_blocks (carrier, id)",
    """CREATE TABLE numbers (
        id INTEGER PRIMARY KEY,
        block INTEGER NOT NULL REFERENCES number_blocks (id),
        carrier TEXT NOT NULL,
        number TEXT NOT NULL,
        order_key TEXT REFERENCES orders (order_key),
        UNIQUE (number, carrier)
    ) STRICT""",
    "CREATE INDEX numbers_free ON numbers (carrier, id) WHERE order_key IS NULL",
    f"""CREATE TABLE print_jobs (
        id INTEGER PRIMARY KEY,
        job TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('label', 'bag', 'receipt')),
        key TEXT NOT NULL,
        copy INTEGER NOT NULL CHECK (copy > 0),
        reason TEXT NOT NULL,
        version INTEGER,
        tracking_number TEXT,
        carrier TEXT,
        outcome TEXT NOT NULL CHECK (outcome IN ({_OUTCOMES})),
        detail TEXT NOT NULL DEFAULT '',
        digest TEXT,
        size INTEGER,
        operator TEXT NOT NULL,
        requested_us INTEGER NOT NULL,
        sending_us INTEGER,
        ended_us INTEGER,
        CHECK ((kind = 'label') = (tracking_number IS NOT NULL)),
        CHECK (outcome <> 'SENDING' OR digest IS NOT NULL)
    ) STRICT""",
    "CREATE INDEX print_jobs_by_key ON print_jobs (kind, key, id)",
    """CREATE UNIQUE INDEX print_jobs_copy ON print_jobs (kind, key, copy)
        WHERE outcome NOT IN ('FAILED', 'CANCELLED')""",
    """CREATE INDEX print_jobs_unfinished ON print_jobs (id)
        WHERE outcome IN ('QUEUED', 'SENDING')""",
)

OUTBOX = (
    """CREATE TABLE streams (
        subject TEXT PRIMARY KEY,
        last_sequence INTEGER NOT NULL CHECK (last_sequence > 0),
        next_sequence INTEGER NOT NULL,
        pending INTEGER NOT NULL CHECK (pending >= 0),
        parked INTEGER NOT NULL DEFAULT 0 CHECK (parked IN (0, 1)),
        due_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX streams_due ON streams (due_us, subject) WHERE pending > 0 AND parked = 0",
    "CREATE INDEX streams_parked ON streams (subject) WHERE pending > 0 AND parked = 1",
    """CREATE TABLE outbox (
        id TEXT PRIMARY KEY,
        subject TEXT NOT NULL REFERENCES streams (subject),
        sequence INTEGER NOT NULL CHECK (sequence > 0),
        type TEXT NOT NULL,
        data TEXT NOT NULL CHECK (json_valid(data)),
        created_us INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'parked')),
        attempts INTEGER NOT NULL DEFAULT 0,
        last_error TEXT,
        sent_us INTEGER,
        UNIQUE (subject, sequence),
        CHECK ((state = 'sent') = (sent_us IS NOT NULL))
    ) STRICT""",
    "CREATE INDEX outbox_unsent ON outbox (created_us) WHERE state <> 'sent'",
    """CREATE TRIGGER outbox_keeps BEFORE DELETE ON outbox WHEN OLD.state <> 'sent'
        BEGIN SELECT RAISE(ABORT, 'an unsent status event stays'); END""",
    """CREATE TABLE outbox_totals (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        waiting INTEGER NOT NULL CHECK (waiting >= 0),
        parked INTEGER NOT NULL CHECK (parked >= 0),
        paused TEXT
    ) STRICT""",
    "INSERT INTO outbox_totals VALUES (1, 0, 0, NULL)",
)

PEOPLE = (
    """CREATE TABLE data_keys (
        day TEXT PRIMARY KEY CHECK (length(day) = 10),
        wrapped BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE people (
        subject TEXT PRIMARY KEY,
        day TEXT NOT NULL REFERENCES data_keys (day),
        keep_until TEXT NOT NULL CHECK (length(keep_until) = 10),
        sealed BLOB NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX people_by_day ON people (day)",
    """CREATE TABLE print_payloads (
        job TEXT PRIMARY KEY,
        day TEXT NOT NULL REFERENCES data_keys (day),
        sealed BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX print_payloads_by_day ON print_payloads (day)",
)

IMPORTS = (
    """CREATE TABLE imports (
        id INTEGER PRIMARY KEY,
        import_id TEXT NOT NULL UNIQUE,
        at_us INTEGER NOT NULL,
        shop TEXT NOT NULL,
        platform TEXT NOT NULL,
        profile TEXT NOT NULL,
        rows INTEGER NOT NULL,
        accepted INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        same INTEGER NOT NULL,
        content TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX imports_by_content ON imports (content, id)",
    """CREATE TABLE import_files (
        import_id TEXT NOT NULL REFERENCES imports (import_id),
        name TEXT NOT NULL,
        digest TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX import_files_by_digest ON import_files (digest)",
    """CREATE TABLE refused_rows (
        import_id TEXT NOT NULL REFERENCES imports (import_id),
        file TEXT NOT NULL,
        row INTEGER NOT NULL,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        order_id TEXT
    ) STRICT""",
    "CREATE INDEX refused_rows_by_import ON refused_rows (import_id)",
)

VERSION_1 = (*JOURNAL, *ORDERS, *BENCH, *PAPER, *OUTBOX, *PEOPLE, *IMPORTS)

BENCH_TABLES = (
    "orders",
    "order_lines",
    "skus",
    "product_codes",
    "sessions",
    "session_steps",
    "parcels",
    "bags",
    "handovers",
    "handover_bags",
    "manifests",
    "manifest_parcels",
    "number_blocks",
    "numbers",
    "number_days",
    "print_jobs",
    "shipment_members",
    "shipment_batches",
    "shipment_rows",
    "carrier_sheets",
    "carrier_sheet_rows",
    "carrier_numbers",
    "order_exports",
    "waves",
    "wave_orders",
    "collections",
    "score_slots",
    "score_days",
    "score_hours",
    "ready_times",
    "urge_tasks",
    "urged_orders",
    "voided_labels",
    "short_picks",
    "print_batches",
    "label_files",
    "label_pages",
    "label_page_codes",
    "printer_rolls",
    "printer_proofs",
    "printer_days",
    "handover_places",
)
"""Tables that follow from the journal alone."""
