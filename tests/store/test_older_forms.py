"""Databases that older programs wrote are taken up with everything in them.

tests/data/forms/form_N holds a data folder as the program of that form left it: the sample shift,
packed and handed over, with throw-away keys. That of form 2 goes on after it: a merged and a split
order, holds, short picks, cancellations, a parcel changed after packing and one taken out of its
bag, a wave, sheets for platform and carrier, and print jobs of every outcome, one cut off
by a kill.
"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from packstation.core.orders import OrderKey
from packstation.core.policy import Rules
from packstation.core.status import ParcelState
from packstation.store.database import DATABASE_NAME, Database
from packstation.store.dock_reads import manifests
from packstation.store.migrations import newest, version_of
from packstation.store.opening import BACKUPS_NAME, open_store
from packstation.store.order_rows import read_order
from packstation.store.parcel_rows import read_parcel
from packstation.store.replay import differences, rebuild

FORMS = Path(__file__).parent.parent / "data" / "forms"


@pytest.fixture(params=range(1, newest()))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    source, folder = FORMS / f"form_{request.param}", tmp_path / "data"
    folder.mkdir()
    for path in source.iterdir():
        if path.suffix == ".gz":
            (folder / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
        else:
            shutil.copyfile(path, folder / path.name)
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


def test_a_shift_of_an_older_form_is_taken_up_whole(old: Path, tmp_path: Path) -> None:
    before = Database(old / DATABASE_NAME)
    form = version_of(before)
    counted = {
        table: before.rows(f"SELECT count(*) FROM {table}")[0]
        for table in ("journal", "orders", "order_lines", "parcels", "outbox", "people", "numbers")
    }
    row = before.row("SELECT count(*) FROM print_jobs WHERE outcome = 'SENDING'")
    assert row is not None
    cut_off, jobs = row[0], before.rows("SELECT job, outcome, detail FROM print_jobs ORDER BY id")
    before.close()
    counted["journal"] = (counted["journal"][0] + cut_off,)
    store = open_store(old, Rules(), holder="test")
    try:
        assert version_of(store.db) == newest() > form
        assert store.journal.verify().breaks == ()
        for table, count in counted.items():
            assert store.db.row(f"SELECT count(*) FROM {table}") == count, table
        told = store.db.rows("SELECT job, outcome, detail FROM print_jobs ORDER BY id")
        unknown = ("UNKNOWN", "interrupted")
        assert told == [(j, *unknown) if o == "SENDING" else (j, o, d) for j, o, d in jobs]
        assert sum(one[1:] == unknown for one in told) >= cut_off == form - 1
        (backup,) = (old / BACKUPS_NAME).iterdir()
        kept = Database(backup, read_only=True)
        assert version_of(kept) == form
        kept.close()
        rebuilt = rebuild(store.db, store.journal, tmp_path / "rebuilt.db")
        assert differences(store.db, rebuilt) == []
        rebuilt.close()
    finally:
        store.close()


def test_print_jobs_of_an_older_form_name_no_printer_and_no_copy_code(old: Path) -> None:
    store = open_store(old, Rules(), holder="test")
    try:
        assert store.db.rows(
            "SELECT DISTINCT source, page, coded, copy_code, batch, printer, sheets, terms, spoiled"
            " FROM print_jobs"
        ) == [("composed", "", 0, None, "", "", 1, "", "")]
        for table in ("printer_rolls", "printer_days", "label_pages", "print_batches"):
            assert store.db.rows(f"SELECT * FROM {table}") == [], table
    finally:
        store.close()


def test_what_was_packed_in_an_older_form_reads_as_before(old: Path) -> None:
    store = open_store(old, Rules(), holder="test")
    try:
        key = OrderKey("main/202608010000001")
        order, parcel = read_order(store.db, key), read_parcel(store.db, key)
        assert order is not None
        assert parcel is not None
        assert (order.units, order.kind, order.members, order.part) == (3, None, None, None)
        assert (parcel.state, parcel.tracking_number) == (
            ParcelState.HANDED_OVER,
            "YT0000000000001",
        )
        assert [m.parcels for m in manifests(store.db, 10)] == [3, 3]
        assert store.people.person(key).name is not None
    finally:
        store.close()
