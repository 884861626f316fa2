"""Print jobs of every kind of paper, with printer, batch and page; and the batches."""

from __future__ import annotations

_KINDS = (
    "'label', 'bag', 'receipt', 'discrepancy_slip', 'packing_slip', 'pick_list', 'command_sheet',"
    " 'scanner_card', 'test', 'calibration'"
)
_OUTCOMES = "'QUEUED', 'SENDING', 'SENT', 'CONFIRMED', 'FAILED', 'UNKNOWN', 'CANCELLED', 'BLOCKED'"
_PRINTED = "'SENT', 'CONFIRMED', 'UNKNOWN'"
_OLD = (
    "id, job, kind, key, copy, reason, version, tracking_number, carrier, outcome, detail, digest,"
    " size, operator, requested_us, sending_us, ended_us"
)

_NOTE = (
    "INSERT INTO order_index_due SELECT id FROM orders WHERE order_key = NEW.key"
    " ON CONFLICT DO NOTHING"
)

PRINT_JOBS = (
    # A CHECK cannot be altered: the table is made anew under its name (sqlite.org/lang_altertable).
    f"""CREATE TABLE print_jobs_3 (
        id INTEGER PRIMARY KEY,
        job TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ({_KINDS})),
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
        source TEXT NOT NULL DEFAULT 'composed',
        page TEXT NOT NULL DEFAULT '',
        coded INTEGER NOT NULL DEFAULT 0 CHECK (coded IN (0, 1)),
        copy_code TEXT,
        batch TEXT NOT NULL DEFAULT '',
        printer TEXT NOT NULL DEFAULT '',
        sheets INTEGER NOT NULL DEFAULT 1 CHECK (sheets > 0),
        terms TEXT NOT NULL DEFAULT '',
        spoiled TEXT NOT NULL DEFAULT '',
        CHECK ((kind = 'label') = (tracking_number IS NOT NULL)),
        CHECK (outcome NOT IN ('SENDING', 'BLOCKED') OR digest IS NOT NULL)
    ) STRICT""",
    f"INSERT INTO print_jobs_3 ({_OLD}) SELECT {_OLD} FROM print_jobs ORDER BY id",
    "DROP TABLE print_jobs",
    "ALTER TABLE print_jobs_3 RENAME TO print_jobs",
    "CREATE INDEX print_jobs_by_key ON print_jobs (kind, key, id)",
    """CREATE UNIQUE INDEX print_jobs_copy ON print_jobs (kind, key, copy)
        WHERE outcome NOT IN ('FAILED', 'CANCELLED') AND kind <> 'test'""",
    """CREATE INDEX print_jobs_unfinished ON print_jobs (id)
        WHERE outcome IN ('QUEUED', 'SENDING', 'BLOCKED')""",
    "CREATE INDEX print_jobs_by_code ON print_jobs (copy_code) WHERE copy_code IS NOT NULL",
    "CREATE INDEX print_jobs_by_batch ON print_jobs (batch, id) WHERE batch <> ''",
    """CREATE INDEX print_jobs_by_number ON print_jobs (tracking_number)
        WHERE tracking_number IS NOT NULL""",
    "CREATE INDEX print_jobs_by_printer ON print_jobs (printer, id) WHERE printer <> ''",
    "CREATE INDEX print_jobs_spoiled ON print_jobs (id) WHERE spoiled <> ''",
    # The triggers went with the old table: lists follow the printing of labels.
    f"""CREATE TRIGGER order_index_print AFTER INSERT ON print_jobs WHEN NEW.kind = 'label'
        BEGIN {_NOTE}; END""",
    # Lists tell only whether a label came out, or may have: not every step of a job matters.
    f"""CREATE TRIGGER order_index_printed AFTER UPDATE OF outcome ON print_jobs
        WHEN NEW.kind = 'label' AND (OLD.outcome IN ({_PRINTED})) <> (NEW.outcome IN ({_PRINTED}))
        BEGIN {_NOTE}; END""",
    """CREATE TABLE print_batches (
        batch TEXT PRIMARY KEY,
        shop TEXT NOT NULL,
        printer TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('running', 'stopped', 'done', 'cancelled')),
        size INTEGER NOT NULL CHECK (size >= 0),
        refused TEXT NOT NULL CHECK (json_valid(refused)),
        stopped_job TEXT NOT NULL DEFAULT '',
        why TEXT NOT NULL DEFAULT '',
        operator TEXT NOT NULL,
        started_us INTEGER NOT NULL,
        ended_us INTEGER
    ) STRICT""",
    """CREATE INDEX print_batches_open ON print_batches (started_us)
        WHERE state IN ('running', 'stopped')""",
)
