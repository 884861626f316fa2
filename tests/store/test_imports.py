from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.catalog import ProductCode
from packstation.core.difference import Difference
from packstation.core.events import OrderChanged
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import LineKey, Person, Recipient, RefusedRow, Sku, WhyNot
from packstation.errors import StoreError
from packstation.store import order_rows
from packstation.store.opening import OpenStore, open_reader
from tests.store.builders import (
    RULES,
    START,
    YTO,
    add_numbers,
    key,
    line,
    load,
    look_up,
    order,
    parsed,
    person,
    record,
    seal,
)


def everything(store: OpenStore) -> dict[str, list[tuple[object, ...]]]:
    """Every table of the store, row by row."""
    names = store.db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
    return {name: store.db.rows(f"SELECT * FROM {name}") for (name,) in names}


def test_the_same_file_twice_changes_nothing_and_says_when(store: OpenStore) -> None:
    files = parsed(
        [order(n) for n in range(1, 4)],
        codes=[ProductCode(MAIN_SHOP, "X", Sku("A-1"), 6)],
        refused=[RefusedRow(7, "damaged_id", "orders.csv")],
    )
    first = store.imports.stage(files)
    assert (len(first.accepted), first.codes, len(first.refused)) == (3, 1, 1)
    assert first.already_imported_at is None
    before = everything(store)
    again = store.imports.stage(files)
    assert again.same == first.accepted
    assert (again.accepted, again.changed, again.codes) == ((), (), 0)
    assert again.refused == files.refused
    assert again.already_imported_at is not None
    assert again.already_imported_at > START
    assert everything(store) == before


def test_an_older_file_again_does_not_take_newer_orders_back(store: OpenStore) -> None:
    old = parsed([order(1)])
    store.imports.stage(old)
    store.imports.stage(parsed([order(1, why_not=WhyNot.CANCELLED)], digest="d2"))
    assert store.imports.stage(old).same == (key(1),)
    assert load(store, 1).order.why_not is WhyNot.CANCELLED


def test_the_same_file_understood_otherwise_is_imported_again(store: OpenStore) -> None:
    store.imports.stage(parsed([], refused=[RefusedRow(2, "unknown_column", "orders.csv")]))
    again = store.imports.stage(parsed([order(1)]))
    assert again.accepted == (key(1),)
    assert again.already_imported_at is not None


def test_an_overlapping_file_changes_what_differs_only(store: OpenStore) -> None:
    store.imports.stage(parsed([order(n) for n in range(1, 5)]))
    changed = order(2, lines=[line("A-1", 5)])
    report = store.imports.stage(parsed([order(1), changed, order(9)], digest="d2"))
    assert (report.same, report.changed, report.accepted) == ((key(1),), (key(2),), (key(9),))
    more = Difference(add=(("A-1", 4),), lines=True)
    assert report.changes == (OrderChanged(key(2), changed.order_id, 2, None, more),)
    assert report.already_imported_at is None
    assert load(store, 2).order == replace(changed, version=2)
    assert load(store, 4).order.version == 1, "an order that is not in the file is left alone"


@pytest.mark.parametrize(
    "who",
    [
        replace(person(), address="another place"),
        replace(person(), buyer_message="fast please"),
        replace(person(), phone=None),
        Person(),
    ],
)
def test_a_change_of_people_data_is_a_change(store: OpenStore, who: Person) -> None:
    store.imports.stage(parsed([order(1)]))
    report = store.imports.stage(parsed([order(1)], digest="d2", who=who))
    assert report.changed == (key(1),)
    assert store.people.person(key(1)) == who


def test_a_packed_order_takes_what_the_platform_says_and_keeps_its_box(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1)]))
    add_numbers(store, 1)
    number = seal(store, 1)
    renamed = replace(line(), title="Another title", bin="C-1")
    told = replace(
        order(1, lines=[renamed], why_not=WhyNot.SHIPPED, tracking_number=number, carrier=YTO),
        urged=True,
        recipient=Recipient.MASKED,
    )
    starred = replace(person(), name="王*", address="浙江省***")
    report = store.imports.stage(parsed([told], digest="d2", who=starred))
    assert report.changes == (OrderChanged(key(1), told.order_id, 1, WhyNot.SHIPPED),)
    loaded = load(store, 1)
    assert loaded.order == replace(order(1), lines=(renamed,), why_not=WhyNot.SHIPPED, urged=True)
    assert loaded.parcel is not None
    assert not loaded.parcel.stale
    assert store.people.person(key(1)) == person(), "stars never overwrite an address"
    assert store.imports.stage(parsed([told], digest="d3", who=starred)).same == (key(1),)


def test_a_held_order_that_changes_stays_held(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1)]))
    record(store, facts.OrderOpened(key(1), 1), facts.OrderHeld(key(1)))
    report = store.imports.stage(parsed([order(1, lines=[line("B-1")])], digest="d2"))
    assert report.changes[0].why_not is WhyNot.HELD
    assert load(store, 1).order.why_not is WhyNot.HELD


def test_fewer_lines_leave_none_behind(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1, lines=[line("A-1"), line("B-1", n=2)])]))
    store.imports.stage(parsed([order(1, lines=[line("B-1", 3)])], digest="d2"))
    assert [one.sku for one in load(store, 1).order.lines] == ["B-1"]


def test_a_code_for_another_number_of_units_is_put_right(store: OpenStore) -> None:
    for units in (6, 12):
        codes = [ProductCode(MAIN_SHOP, "PACK", Sku("A-1"), units)]
        assert store.imports.stage(parsed([order(1)], codes=codes, digest=f"{units}")).codes == 1
    assert [c.units for c in load(store, 1).codes] == [12]


def test_nothing_is_visible_until_the_whole_file_is_in(
    store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = open_reader(store.data_dir, RULES)
    write, seen = order_rows.write_codes, []

    def look(*these: object) -> None:
        seen.append((look_up(reader, "1").orders, look_up(reader, "A-1").skus))
        write(*these)  # type: ignore[arg-type]

    monkeypatch.setattr(order_rows, "write_codes", look)
    store.imports.stage(parsed([order(1)], codes=[ProductCode(MAIN_SHOP, "X", Sku("A-1"))]))
    assert seen == [((), ())]
    assert look_up(reader, "1").orders == (key(1),)
    reader.close()


def test_an_import_that_fails_leaves_nothing(
    store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(store)

    def fail(*these: object) -> None:
        raise StoreError("store.disk_full", "The disk is full.")

    monkeypatch.setattr(order_rows, "write_codes", fail)
    files = parsed([order(1)], codes=[ProductCode(MAIN_SHOP, "X", Sku("A-1"))])
    with pytest.raises(StoreError):
        store.imports.stage(files)
    assert everything(store) == before
    monkeypatch.undo()
    assert store.imports.stage(files).accepted == (key(1),)
    assert store.imports.stage(parsed([order(2)], digest="d2", who=person())).accepted


def test_counts_of_a_changed_order_start_anew_but_others_keep_theirs(store: OpenStore) -> None:
    store.imports.stage(parsed([order(1), order(2)]))
    for number in (1, 2):
        record(store, facts.OrderOpened(key(number), 1))
        record(store, facts.UnitsScanned(key(number), ((LineKey("1"), 1),), "A-1"))
    store.imports.stage(parsed([order(1, lines=[line("A-1", 2)]), order(2)], digest="d2"))
    assert load(store, 1).history == ()
    assert len(load(store, 2).history) == 1


def test_the_report_of_refused_rows_is_kept(store: OpenStore) -> None:
    refused = [RefusedRow(3, "bad_quantity", "a.csv", "quantity: 2.5", "7")]
    report = store.imports.stage(parsed([order(1)], refused=refused))
    rows = store.db.rows("SELECT import_id, file, row, reason, detail, order_id FROM refused_rows")
    assert rows == [(report.import_id, "a.csv", 3, "bad_quantity", "quantity: 2.5", "7")]


def test_seeded_orders_are_like_imported_ones(store: OpenStore, tmp_path: Path) -> None:
    imported = parsed([order(n) for n in range(1, 26)])
    assert store.imports.seed(imported.orders, chunk=10) == 25
    assert load(store, 25).order == order(25)
    assert store.imports.stage(imported).same == tuple(key(n) for n in range(1, 26))
    assert store.journal.verify().clean
    kinds = [kind for (kind,) in store.db.rows("SELECT kind FROM journal")]
    assert kinds.count("order_imported") == 25
    assert "orders_seeded" in kinds
