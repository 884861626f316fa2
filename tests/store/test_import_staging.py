"""Large imports: nobody sees half of one, a scan finds all of it at once, a crash loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from packstation.core import facts
from packstation.core.catalog import ProductCode
from packstation.core.events import HandoverChecked, LabelRefused, OrderChanged
from packstation.core.imports import MAIN_SHOP, ImportHead, ImportReport, ImportTail, ReadOrder
from packstation.core.json_codec import to_text
from packstation.core.orders import Order, OrderId, Person, RefusedRow, Sku, WhyNot
from packstation.core.shipment_facts import OrdersMerged
from packstation.errors import StoreError
from packstation.store import import_incoming, import_staging, replay
from packstation.store.import_incoming import Incoming
from packstation.store.import_staging import Unfinished
from packstation.store.opening import OpenStore, open_reader
from tests.store.builders import (
    RULES,
    YTO,
    add_numbers,
    bag,
    check,
    key,
    line,
    load,
    look_up,
    opened,
    order,
    parsed,
    person,
    record,
    seal,
    verify,
)

T = TypeVar("T")

NOTHING = ImportTail((), (), ())


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few orders are many here."""
    monkeypatch.setattr(import_incoming, "AT_ONCE", 5)
    monkeypatch.setattr(import_incoming, "PART", 4)
    monkeypatch.setattr(import_incoming, "_TOGETHER", 2)
    monkeypatch.setattr(import_staging, "_FEW", 3)


def head(orders: int, *, digest: str = "d1", name: str = "orders.csv") -> ImportHead:
    return ImportHead("generic", "generic", MAIN_SHOP, orders, orders, ((name, digest),))


def read(these: Iterable[Order], who: Person | None = None) -> list[ReadOrder]:
    return [ReadOrder(one, who or person(), to_text(one)) for one in these]


class Room:
    """Runs jobs at once, and looks around between them."""

    def __init__(self) -> None:
        self.jobs = 0
        self.between: Callable[[], object] = lambda: None

    def __call__(self, job: Callable[[], T]) -> T:
        self.jobs += 1
        self.between()
        answer = job()
        self.between()
        return answer


def begin(
    store: OpenStore, these: list[Order], *, digest: str = "d1", room: Room | None = None
) -> Incoming:
    incoming = Incoming(store.staging, head(len(these), digest=digest), room or Room())
    for start in range(0, len(these), 3):
        incoming.take(read(these[start : start + 3]))
    return incoming


def bring(
    store: OpenStore,
    these: list[Order],
    *,
    digest: str = "d1",
    tail: ImportTail = NOTHING,
    room: Room | None = None,
) -> ImportReport:
    return begin(store, these, digest=digest, room=room).publish(tail)


def everything(store: OpenStore) -> dict[str, list[tuple[object, ...]]]:
    names = store.db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
    return {name: store.db.rows(f"SELECT * FROM {name}") for (name,) in names}


def rebuilt_equals(store: OpenStore, folder: Path) -> bool:
    again = replay.rebuild(store.db, store.journal, folder / "again.db")
    found = replay.differences(store.db, again)
    again.close()
    return found == []


def test_a_large_import_is_as_one_in_a_single_transaction(tmp_path: Path) -> None:
    these = [order(n, tracking_number=f"YT{n}") for n in range(1, 24)]
    tail = ImportTail(
        tuple(RefusedRow(n, "bad_quantity", "orders.csv") for n in range(7)),
        (),
        tuple(ProductCode(MAIN_SHOP, f"C{n}", Sku("A-1"), n) for n in range(1, 9)),
    )
    whole = opened(tmp_path / "whole")
    files = parsed(these, codes=tail.codes, refused=tail.refused)
    one = whole.imports.stage(files)
    store = opened(tmp_path / "parts")
    other = bring(store, these, tail=tail)
    assert (other.accepted, other.changed, other.same) == (one.accepted, (), ())
    assert (other.codes, other.refused) == (8, tail.refused)
    for number in (1, 23):
        assert load(store, number).order == load(whole, number).order
        assert store.people.person(key(number)) == person()
    for table in ("product_codes", "skus", "order_lines", "merge_keys"):
        asked = f"SELECT * FROM {table}"
        if table != "merge_keys":  # under a key of each store's own
            assert sorted(store.db.rows(asked)) == sorted(whole.db.rows(asked))
        assert len(store.db.rows(asked)) == len(whole.db.rows(asked))
    assert len(store.db.rows("SELECT * FROM refused_rows")) == 7
    assert store.db.rows("SELECT * FROM staged_imports") == []
    assert store.db.rows("SELECT * FROM staged_parts") == []
    assert store.journal.verify().clean
    assert rebuilt_equals(store, tmp_path)
    again = store.imports.stage(files)
    assert again.import_id == "", "both ways know the very same import again"
    whole.close()
    store.close()


def test_nobody_sees_anything_of_an_import_before_it_is_published(store: OpenStore) -> None:
    reader = open_reader(store.data_dir, RULES)
    room, seen = Room(), set[tuple[object, ...]]()

    def look() -> None:
        if not reader.db.rows("SELECT 1 FROM staged_imports WHERE published = 1"):
            seen.add(look_up(store, "7").orders)
            seen.add(look_up(reader, "A-1").skus)
            seen.update(reader.db.rows("SELECT count(*), 'orders' FROM orders"))
            seen.update(reader.db.rows("SELECT count(*), 'facts' FROM journal"))

    facts = reader.db.rows("SELECT count(*), 'facts' FROM journal")
    room.between = look
    incoming = begin(store, [order(n) for n in range(1, 20)], room=room)
    assert store.db.rows("SELECT 1 FROM staged_parts")
    assert seen == {(), (0, "orders"), *facts}
    room.between = lambda: None
    incoming.publish(NOTHING)
    assert look_up(store, "7").orders == (key(7),)
    reader.close()


def test_every_scan_finds_its_order_from_the_moment_of_publishing(store: OpenStore) -> None:
    these = [order(n, tracking_number=f"YT{n:05d}") for n in range(1, 24)]
    tail = ImportTail((), (), tuple(ProductCode(MAIN_SHOP, f"C{n}", Sku("A-1")) for n in range(9)))
    room, found = Room(), list[tuple[object, ...]]()
    wanted = iter(["YT00023", "12", "yt00017", "NO-SUCH"])

    def scan() -> None:
        if store.db.rows("SELECT 1 FROM staged_imports WHERE published = 1"):
            text = next(wanted, None)
            if text is not None:
                found.append(look_up(store, text).orders)
                if text == "12":
                    assert "C8" in {code.code for code in load(store, "12").codes}

    room.between = scan
    report = bring(store, these, tail=tail, room=room)
    assert found == [(key(23),), (key(12),), (key(17),), ()]
    assert len(report.accepted) == 23
    assert store.db.rows("SELECT count(*) FROM orders") == [(23,)]


def test_a_scan_by_an_old_number_sees_the_order_as_the_file_has_it(store: OpenStore) -> None:
    these = [order(n, tracking_number=f"OLD{n}") for n in range(1, 20)]
    bring(store, these)
    room, seen = Room(), list[WhyNot | None]()
    now = [order(n, tracking_number=f"NEW{n}", why_not=WhyNot.CANCELLED) for n in range(1, 20)]

    def scan() -> None:
        if store.db.rows("SELECT 1 FROM staged_imports WHERE published = 1") and not seen:
            look_up(store, "OLD19")
            seen.append(load(store, 19).order.why_not)

    room.between = scan
    bring(store, now, digest="d2", room=room)
    assert seen == [WhyNot.CANCELLED]


def in_between(store: OpenStore, look: Callable[[], T]) -> T:
    """Look around in the moment when an import counts that cancels orders 1 to 19."""
    room, seen = Room(), list[T]()

    def scan() -> None:
        if store.db.rows("SELECT 1 FROM staged_imports WHERE published = 1") and not seen:
            seen.append(look())

    room.between = scan
    now = [order(n, why_not=WhyNot.CANCELLED) for n in range(1, 20)]
    bring(store, now, digest="d2", room=room)
    return seen[0]


def test_a_label_of_ours_shows_the_parcel_as_the_file_has_it(store: OpenStore) -> None:
    bring(store, [order(n) for n in range(1, 20)])
    add_numbers(store, 3)
    number = seal(store, 18)
    parcel = in_between(store, lambda: look_up(store, number).parcel)
    assert parcel is not None
    assert parcel.why_not is WhyNot.CANCELLED


def test_a_shared_parcel_shows_what_the_file_says_of_an_order_inside(store: OpenStore) -> None:
    bring(store, [order(n) for n in range(1, 20)])
    add_numbers(store, 3)
    both = replace(
        order(17, lines=[line(n=1)]), order_id=OrderId("17+M1"), members=(key(17), key(18))
    )
    with store.recorder.tx():
        store.recorder.write((OrdersMerged(both, ""),), store.clock())
    number = seal(store, "17+M1")
    parcel = in_between(store, lambda: look_up(store, number).parcel)
    assert parcel is not None
    assert (parcel.why_not, parcel.stopped_by) == (WhyNot.CANCELLED, key(17))


def test_no_label_is_printed_against_the_file(store: OpenStore) -> None:
    bring(store, [order(n) for n in range(1, 20)])
    add_numbers(store, 3)
    verify(store, 18)
    asked = facts.LabelRequested(key(18), 1, 2, "operator_asked", YTO)
    (told,) = in_between(store, lambda: record(store, asked))
    assert isinstance(told, LabelRefused)


def test_no_handover_closes_against_the_file(store: OpenStore) -> None:
    bring(store, [order(n) for n in range(1, 20)])
    add_numbers(store, 3)
    bag(store, "PSBAG01000001", [18])
    record(store, facts.HandoverOpened("M1"), facts.BagCounted("M1", "PSBAG01000001", YTO, 1))
    checked = in_between(store, lambda: check(store, "M1", "PSBAG01000001"))
    assert isinstance(checked, HandoverChecked)
    assert checked.stopped == (key(18), WhyNot.CANCELLED)


def test_an_overlapping_import_tells_new_changed_and_same(store: OpenStore) -> None:
    bring(store, [order(n) for n in range(1, 20)])
    add_numbers(store, 3)
    seal(store, 3)
    told = list[OrderChanged]()
    changed = [order(n, lines=[line("A-1", 5)]) for n in range(10, 16)]
    these = [*(order(n) for n in range(1, 10)), *changed, *(order(n) for n in range(30, 37))]
    report = begin(store, these, digest="d2").publish(NOTHING, told.append)
    assert report.same == tuple(key(n) for n in range(1, 10))
    assert report.changed == tuple(key(n) for n in range(10, 16))
    assert report.accepted == tuple(key(n) for n in range(30, 37))
    assert [one.order for one in told] == [key(n) for n in range(10, 16)]
    assert all(load(store, n).order.version == 2 for n in range(10, 16))
    again = bring(store, these, digest="d2")
    assert (again.import_id, len(again.same), again.accepted) == ("", 22, ())
    assert again.already_imported_at is not None
    other_file = bring(store, these, digest="d3")
    assert (len(other_file.same), other_file.changed, other_file.accepted) == (22, (), ())


def test_an_import_that_is_dropped_leaves_nothing(store: OpenStore) -> None:
    bring(store, [order(n) for n in range(1, 10)])
    before = everything(store)
    incoming = begin(store, [order(n) for n in range(5, 40)], digest="d2")
    assert everything(store) != before
    incoming.drop()
    assert everything(store) == before
    assert len(bring(store, [order(n) for n in range(5, 40)], digest="d2").accepted) == 30


def crashed(store: OpenStore) -> None:
    """End as a killed program does: nothing is said, closed or taken back."""
    assert store.hold is not None
    if store.checkpointer is not None:
        store.checkpointer.close()
    store.db.close()
    store.hold.release()


def test_a_start_throws_away_what_was_not_published(folder: Path, tmp_path: Path) -> None:
    store = opened(folder)
    bring(store, [order(n) for n in range(1, 4)])
    begin(store, [order(n) for n in range(3, 40)], digest="d2")
    crashed(store)
    store = opened(folder)
    assert store.unfinished == (Unfinished(("orders.csv",), finished=False),)
    assert store.db.rows("SELECT count(*) FROM orders") == [(3,)]
    assert store.db.rows("SELECT * FROM staged_parts") == []
    assert look_up(store, "39").orders == ()
    again = bring(store, [order(n) for n in range(3, 40)], digest="d2")
    assert (len(again.accepted), len(again.same)) == (36, 1)
    assert store.journal.verify().clean
    assert rebuilt_equals(store, tmp_path)
    store.close()


@pytest.mark.parametrize("parts", [0, 1, 3, 5])
def test_a_start_goes_on_with_what_was_published(folder: Path, tmp_path: Path, parts: int) -> None:
    class PowerError(Exception):
        """It goes out."""

    store = opened(folder)
    bring(store, [order(n) for n in range(1, 4)])
    these = [order(n, lines=[line("A-1", 2)]) for n in range(1, 30)]
    codes = tuple(ProductCode(MAIN_SHOP, f"C{n}", Sku("A-1")) for n in range(5))
    room = Room()

    def power() -> None:
        if store.db.rows("SELECT 1 FROM staged_imports WHERE published = 1"):
            room.jobs += 100
            if room.jobs // 100 > 4 + 4 * parts:
                raise PowerError

    incoming = begin(store, these, digest="d2", room=room)
    room.jobs, room.between = 0, power
    with pytest.raises(PowerError):
        incoming.publish(ImportTail((), (), codes))
    crashed(store)
    store = opened(folder)
    assert store.unfinished == (Unfinished(("orders.csv",), finished=True),)
    assert store.db.rows("SELECT count(*) FROM orders") == [(29,)]
    assert [load(store, n).order.version for n in (1, 4, 29)] == [2, 1, 1]
    assert store.db.rows("SELECT count(*) FROM product_codes") == [(5,)]
    assert store.db.rows("SELECT * FROM staged_imports") == []
    again = bring(store, these, digest="d2", tail=ImportTail((), (), codes))
    assert (again.import_id, len(again.same)) == ("", 29)
    assert store.journal.verify().clean
    assert rebuilt_equals(store, tmp_path)
    store.close()


def test_a_failed_import_is_brought_to_its_end_by_the_next(
    store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = store.imports.write_part

    def fail(*_: object) -> tuple[OrderChanged, ...]:
        raise StoreError("store.disk_full", "The disk is full.")

    monkeypatch.setattr(store.imports, "write_part", fail)
    with pytest.raises(StoreError):
        bring(store, [order(n) for n in range(1, 20)])
    monkeypatch.setattr(store.imports, "write_part", write)
    assert look_up(store, "19").orders == (key(19),), "it counts, so a scan finds it"
    report = bring(store, [order(n) for n in range(10, 30)], digest="d2")
    assert (len(report.accepted), len(report.same)) == (10, 10)
    assert store.db.rows("SELECT count(*) FROM orders") == [(29,)]


def test_only_one_import_is_on_its_way(store: OpenStore) -> None:
    incoming = begin(store, [order(n) for n in range(1, 10)])
    assert store.staging.one_at_a_time.locked()
    incoming.publish(NOTHING)
    assert not store.staging.one_at_a_time.locked()
    incoming.drop()
    assert not store.staging.one_at_a_time.locked()


def test_parts_hold_nobodys_data_in_clear(store: OpenStore) -> None:
    begin(store, [order(n) for n in range(1, 20)])
    held = b"".join(row[0] for row in store.db.rows("SELECT sealed FROM staged_parts"))
    for word in (person().name, person().phone, person().address):
        assert word is not None
        assert word.encode() not in held
    assert b"A-1" not in held


def test_no_transaction_of_an_import_holds_more_than_a_part(store: OpenStore) -> None:
    counts, facts = list[int](), [0]
    room = Room()

    def count() -> None:
        (now,) = store.db.rows("SELECT count(*) FROM orders")
        counts.append(now[0] - facts[0])
        facts[0] = now[0]

    room.between = count
    bring(store, [order(n) for n in range(1, 60)], room=room)
    assert sum(counts) == 59
    assert max(counts) == import_incoming.PART
