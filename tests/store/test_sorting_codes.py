"""The carrier's sorting code of an order: kept, changed, dropped by files; it voids no label."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from packstation.core.events import LabelQueued
from packstation.core.orders import Order
from packstation.ports import LabelJob
from packstation.store.opening import OpenStore
from packstation.store.order_rows import read_order, read_orders
from packstation.store.replay import differences, rebuild
from packstation.store.reprints import reprint_label
from tests.store.builders import key, line, load, look_up, order, parsed, seal, verify

CODE, PLACE = "342-081-00 052", "区域件-长三角26城"
TOLD = replace(order(1, lines=[line()]), sorting=CODE, bag_place=PLACE)


def bring(store: OpenStore, one: Order, digest: str) -> None:
    store.imports.stage(parsed([one], digest=digest))


def on_label(store: OpenStore, job: str) -> LabelJob:
    content = store.ledger.paper(job)
    assert isinstance(content, LabelJob)
    return content


def test_code_and_place_are_kept_and_come_back_from_the_journal(
    shop: OpenStore, tmp_path: Path
) -> None:
    bring(shop, TOLD, "told")
    assert load(shop, 1).order == TOLD
    (number,) = shop.db.row("SELECT id FROM orders WHERE order_key = ?", (key(1),)) or (0,)
    assert read_orders(shop.db, [number]) == {number: TOLD}
    rebuilt = rebuild(shop.db, shop.journal, tmp_path / "rebuilt.db")
    assert differences(shop.db, rebuilt) == []
    rebuilt.close()


def test_another_code_is_a_detail_and_voids_nothing(shop: OpenStore) -> None:
    bring(shop, TOLD, "told")
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    bring(shop, replace(TOLD, sorting="571-002-07 113", bag_place=None), "other")
    loaded = load(shop, 1)
    assert (loaded.order.version, loaded.order.sorting, loaded.order.bag_place) == (
        1, "571-002-07 113", None,
    )  # fmt: skip
    assert loaded.label is not None
    assert look_up(shop, queued.tracking_number).voided is None
    assert shop.db.rows("SELECT * FROM voided_labels") == []
    assert on_label(shop, queued.job).order.sorting == "571-002-07 113", "not drawn yet"


def test_a_packed_box_stays_closed_and_its_next_copy_has_the_new_code(shop: OpenStore) -> None:
    bring(shop, TOLD, "told")
    seal(shop, 1)
    bring(shop, replace(TOLD, sorting="571-002-07 113"), "other")
    loaded = load(shop, 1)
    assert loaded.parcel is not None
    assert not loaded.parcel.stale
    job = reprint_label(shop, key(1), "unreadable", shop.clock())
    assert on_label(shop, job).order.sorting == "571-002-07 113"


def test_a_file_that_is_silent_takes_the_code_away(shop: OpenStore) -> None:
    bring(shop, TOLD, "told")
    bring(shop, order(1, lines=[line()]), "silent")
    found = read_order(shop.db, key(1))
    assert found is not None
    assert (found.sorting, found.bag_place) == (None, None)


def test_a_copy_knows_why_it_was_asked_for_and_by_whom(shop: OpenStore) -> None:
    (queued,) = verify(shop, 2)
    assert isinstance(queued, LabelQueued)
    seal(shop, 1)
    job = reprint_label(shop, key(1), "damaged", replace(shop.clock(), operator="07"))
    copy = on_label(shop, job)
    assert (copy.copy, copy.reason, copy.operator) == (2, "damaged", "07")
    assert on_label(shop, queued.job).reason == "verified"
