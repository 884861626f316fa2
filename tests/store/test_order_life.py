"""Cancellations, holds, changes, void labels and recalls in the real tables."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packstation.core import facts, life_facts
from packstation.core.eligibility import obstacle
from packstation.core.events import LabelQueued, LabelRefused
from packstation.core.life import PlatformRules
from packstation.core.order_query import OrderQuery
from packstation.core.orders import (
    CarrierCode,
    HoldReason,
    LineKey,
    Order,
    OrderKind,
    Recipient,
    Sku,
    TrackingNumber,
    WhyNot,
)
from packstation.core.policy import Rules, ShopRules
from packstation.core.status import LabelSource, ParcelState, Reason, Verdict
from packstation.errors import StoreError
from packstation.ports import Stamp
from packstation.store import order_life
from packstation.store.opening import OpenStore
from packstation.store.order_list import every
from packstation.store.replay import differences, rebuild
from tests.builders import CARRIERS
from tests.store.builders import (
    RULES,
    START,
    YTO,
    add_numbers,
    bag,
    check,
    hand_over,
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

H48 = timedelta(hours=48)
WISH = replace(order(1, why_not=WhyNot.CANCEL_REQUESTED), cancel_requested_at=START)


def at(after: timedelta) -> Stamp:
    return Stamp(START + after, 1)


def stage(store: OpenStore, *orders: Order, n: list[int] = [0]) -> None:  # noqa: B006 - counts
    n[0] += 1
    store.imports.stage(parsed(list(orders), digest=f"life {n[0]}"))


def why(store: OpenStore, number: int = 1) -> WhyNot | None:
    return load(store, number).order.why_not


def events(store: OpenStore, number: int = 1) -> list[str]:
    rows = store.db.rows(
        "SELECT type FROM outbox WHERE subject = ? ORDER BY sequence", (key(number),)
    )
    return [kind for (kind,) in rows]


def replayed(store: OpenStore, folder: Path) -> None:
    rebuilt = rebuild(store.db, store.journal, folder / "rebuilt.db")
    assert differences(store.db, rebuilt) == []
    rebuilt.close()


# A wish to cancel.


def test_a_wish_to_cancel_runs_out_and_is_cancelled_for_good(
    store: OpenStore, tmp_path: Path
) -> None:
    stage(store, WISH)
    recorder = store.recorder
    early = H48 - timedelta(seconds=1)
    assert order_life.expire_due(recorder, RULES, at(early)) == ()
    (change,) = order_life.expire_due(recorder, RULES, at(H48))
    assert (change.order, change.why_not) == (key(1), WhyNot.CANCELLED)
    assert order_life.expire_due(recorder, RULES, at(H48)) == ()
    assert events(store) == ["order.cancelled"]
    stage(store, replace(WISH, urged=True))
    assert why(store) is WhyNot.CANCELLED, "the same wish again"
    stage(store, replace(WISH, cancel_requested_at=START + H48))
    assert why(store) is WhyNot.CANCEL_REQUESTED, "a new wish has a clock of its own"
    stage(store, order(1))
    assert why(store) is None, "the platform's word goes before a clock"
    replayed(store, tmp_path)


def test_without_the_buyers_time_the_clock_starts_with_the_first_file_that_tells(
    store: OpenStore,
) -> None:
    wish = replace(WISH, cancel_requested_at=None)
    stage(store, order(1))
    stage(store, wish)
    told = load(store, 1).order.cancel_requested_at
    assert told is not None
    stage(store, replace(wish, urged=True))
    assert load(store, 1).order.cancel_requested_at == told, "a later file starts no new clock"
    late = told - START + H48
    assert order_life.expire_due(store.recorder, RULES, at(late - timedelta(seconds=1))) == ()
    assert len(order_life.expire_due(store.recorder, RULES, at(late))) == 1


def test_hours_of_the_platform_and_region_hold_in_the_store_too(folder: Path) -> None:
    quick = PlatformRules(answer_within_h_in={"US": 24})
    shops = {WISH.shop: ShopRules(carrier=YTO, region="US")}
    rules = replace(RULES, platforms={"generic": quick}, shops=shops)
    store = opened(folder, rules=rules)
    stage(store, WISH)
    assert len(order_life.expire_due(store.recorder, rules, at(H48 / 2))) == 1
    store.close()


def test_a_handed_over_parcel_does_not_run_out(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1])
    hand_over(shop, "PSM1", {"PSBAG1": 1})
    stage(shop, WISH)
    assert order_life.expire_due(shop.recorder, RULES, at(H48)) == ()
    with pytest.raises(StoreError, match="handed over"):
        order_life.seller_cancel(shop.recorder, key(1), "other", "", at(H48))


def test_a_sealed_parcel_is_cancelled_at_the_scan_by_the_clock_alone(shop: OpenStore) -> None:
    number = seal(shop, 1)
    wish = replace(WISH, cancel_requested_at=START - H48)
    stage(shop, wish)
    assert why(shop) is WhyNot.CANCEL_REQUESTED
    found = look_up(shop, number)
    assert found.parcel is not None
    assert found.parcel.why_not is WhyNot.CANCELLED


def test_a_rejected_wish_stays_rejected_until_the_buyer_asks_again(
    store: OpenStore, tmp_path: Path
) -> None:
    stage(store, WISH)
    change = order_life.decide_cancellation(store.recorder, key(1), "7", at(H48), accepted=False)
    assert change.why_not is None
    assert why(store) is None
    stage(store, replace(WISH, urged=True))
    assert why(store) is None, "the same wish again"
    assert order_life.expire_due(store.recorder, RULES, at(H48 * 9)) == ()
    stage(store, replace(WISH, cancel_requested_at=START + H48))
    assert why(store) is WhyNot.CANCEL_REQUESTED
    stage(store, order(1))
    stage(store, WISH)
    assert why(store) is WhyNot.CANCEL_REQUESTED, "withdrawn, then asked again"
    assert events(store) == ["order.cancel_rejected"]
    replayed(store, tmp_path)


def test_a_rejected_wish_without_a_time_stays_rejected_too(store: OpenStore) -> None:
    wish = replace(WISH, cancel_requested_at=None)
    stage(store, wish)
    order_life.decide_cancellation(store.recorder, key(1), "", at(H48), accepted=False)
    stage(store, replace(wish, urged=True))
    assert why(store) is None


def test_an_accepted_wish_ends_the_order_and_its_label(shop: OpenStore, tmp_path: Path) -> None:
    number = seal(shop, 1)
    stage(shop, WISH)
    change = order_life.decide_cancellation(shop.recorder, key(1), "7", at(H48), accepted=True)
    assert change.why_not is WhyNot.CANCELLED
    stage(shop, order(1))
    assert why(shop) is WhyNot.CANCELLED, "an older file does not bring it back"
    loaded = load(shop, 1)
    assert loaded.parcel is not None
    assert loaded.parcel.state is ParcelState.VOIDED
    found = look_up(shop, number)
    assert (found.voided, found.orders, found.parcel) == (key(1), (key(1),), None)
    assert events(shop)[-2:] == ["order.cancel_accepted", "label.voided"]
    states = shop.db.rows("SELECT state FROM numbers WHERE number = ?", (number,))
    assert states == [("SPOILED",)]
    with pytest.raises(StoreError, match="wish to cancel"):
        order_life.decide_cancellation(shop.recorder, key(1), "7", at(H48), accepted=False)
    replayed(shop, tmp_path)


def test_the_seller_cancels_once_and_no_file_brings_it_back(shop: OpenStore) -> None:
    change = order_life.seller_cancel(shop.recorder, key(1), "out_of_stock", "7", at(H48))
    assert change.why_not is WhyNot.CANCELLED
    stage(shop, replace(order(1), urged=True))
    assert why(shop) is WhyNot.CANCELLED
    with pytest.raises(StoreError, match="cancelled already"):
        order_life.seller_cancel(shop.recorder, key(1), "other", "7", at(H48))
    (data,) = shop.db.row("SELECT data FROM outbox WHERE subject = ?", (key(1),)) or ("",)
    assert json.loads(data)["reason"] == "out_of_stock"


# Holds and short picks.


def test_a_hold_has_its_reason_and_ends_with_its_release(shop: OpenStore, tmp_path: Path) -> None:
    change = order_life.hold(shop.recorder, key(1), HoldReason.ADDRESS_CHECK, at(H48))
    assert change.why_not is WhyNot.ADDRESS_PROBLEM
    assert order_life.what_holds(shop.db, key(1)) is HoldReason.ADDRESS_CHECK
    with pytest.raises(StoreError, match="held already"):
        order_life.hold(shop.recorder, key(1), HoldReason.QUALITY, at(H48))
    released = order_life.release(shop.recorder, key(1), "7", at(H48))
    assert released is not None
    assert released.why_not is None
    assert order_life.release(shop.recorder, key(1), "7", at(H48)) is None
    assert events(shop) == ["order.held", "order.released"]
    replayed(shop, tmp_path)


def test_a_presale_that_somebody_released_stays_released_while_the_file_says_presale(
    store: OpenStore,
) -> None:
    presale = order(1, why_not=WhyNot.PRESALE)
    stage(store, presale)
    assert order_life.what_holds(store.db, key(1)) is WhyNot.PRESALE
    order_life.release(store.recorder, key(1), "7", at(H48))
    stage(store, replace(presale, urged=True))
    assert why(store) is None
    stage(store, order(1, why_not=WhyNot.REFUNDED))
    assert why(store) is WhyNot.REFUNDED, "another reason is another matter"
    stage(store, presale)
    assert why(store) is WhyNot.PRESALE
    assert order_life.what_holds(store.db, key(9)) is None


def test_what_a_picker_misses_holds_the_order_and_goes_out_first(
    shop: OpenStore, tmp_path: Path
) -> None:
    seal(shop, 2)
    change = order_life.short(shop.recorder, key(1), "A-1", 1, at(H48))
    assert change.why_not is WhyNot.SHORT_PICK
    first, *_ = shop.outbox.claim(START + H48 * 2)
    assert (first.kind.value, first.subject) == ("order.short", key(1))
    assert json.loads(first.data)["missing"] == '[["A-1", 1]]'
    assert shop.db.rows("SELECT line_key, units, place FROM short_picks") == [("1", 1, "pick")]
    order_life.release(shop.recorder, key(1), "", at(H48))
    assert shop.db.rows("SELECT * FROM short_picks") == []
    replayed(shop, tmp_path)


@pytest.mark.parametrize(("sku", "units"), [("B-9", 1), ("A-1", 2)])
def test_only_what_is_in_the_order_can_be_missing(shop: OpenStore, sku: str, units: int) -> None:
    with pytest.raises(StoreError, match="has not"):
        order_life.short(shop.recorder, key(1), sku, units, at(H48))
    assert why(shop) is None


def test_nothing_of_a_packed_order_is_missing(shop: OpenStore) -> None:
    seal(shop, 1)
    with pytest.raises(StoreError, match="packed already"):
        order_life.short(shop.recorder, key(1), "A-1", 1, at(H48))


def test_an_order_is_named_by_its_key_or_by_a_number_of_one_shop_only(store: OpenStore) -> None:
    stage(store, order(1), order(2), order(2, shop="other"))
    assert order_life.named(store.db, "1") == key(1)
    assert order_life.named(store.db, "other/2") == "other/2"
    with pytest.raises(StoreError, match="main/2, other/2"):
        order_life.named(store.db, "2")
    with pytest.raises(StoreError, match="no order"):
        order_life.named(store.db, "3")


# Changes.

MORE = order(1, lines=[line("A-1", 2)])


def test_times_and_words_of_a_file_make_no_new_version(shop: OpenStore) -> None:
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    renamed = replace(line(), title="Other", bin="Z-9")
    told = replace(order(1, lines=[renamed]), urged=True, placed_at=START, kind=OrderKind.CUSTOM)
    stage(shop, told)
    loaded = load(shop, 1)
    assert loaded.order == told
    assert loaded.label is not None
    assert loaded.history, "what was counted still counts"
    assert shop.db.rows("SELECT * FROM voided_labels") == []


@pytest.mark.parametrize(
    "changed",
    [MORE, order(1, carrier=CarrierCode("ZTO"), lines=[line()]), order(1, tracking_number="N1")],
)
def test_a_change_that_matters_to_paper_voids_the_label_and_spoils_its_number(
    shop: OpenStore, tmp_path: Path, changed: Order
) -> None:
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    stage(shop, changed)
    loaded = load(shop, 1)
    assert loaded.order.version == 2
    assert loaded.label is None
    assert loaded.parcel is not None
    assert loaded.parcel.tracking_number is None
    assert look_up(shop, queued.tracking_number).voided == key(1)
    assert events(shop)[-1] == "label.voided"
    (state,) = shop.db.row("SELECT state FROM numbers WHERE number = ?", (queued.tracking_number,)) or ("",)  # fmt: skip # noqa: E501
    assert state == "SPOILED"
    replayed(shop, tmp_path)


def test_another_recipient_voids_a_label_too(shop: OpenStore) -> None:
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    moved = replace(person(), address="somewhere else")
    shop.imports.stage(parsed([order(1)], digest="moved", who=moved))
    assert look_up(shop, queued.tracking_number).voided == key(1)
    (again,) = verify(shop, 1, version=2)
    assert isinstance(again, LabelQueued)
    assert again.tracking_number != queued.tracking_number


def test_a_sealed_parcel_of_a_changed_order_is_not_bagged_until_it_is_packed_anew(
    shop: OpenStore, tmp_path: Path
) -> None:
    number = seal(shop, 1)
    stage(shop, MORE)
    found = look_up(shop, number).parcel
    assert found is not None
    assert (found.stale, found.why_not) == (True, WhyNot.ORDER_CHANGED)
    assert found.difference is not None
    assert found.difference.add == (("A-1", 1),)
    with pytest.raises(StoreError, match="opened again"):
        record(
            shop,
            facts.BagOpened("PSBAG1"),
            facts.ParcelBagged("PSBAG1", key(1), number, YTO),
        )
    record(shop, life_facts.ChangeTold(key(1)))
    loaded = load(shop, 1)
    assert loaded.parcel is not None
    assert loaded.parcel.told
    record(shop, life_facts.ParcelReopened(key(1)), facts.OrderOpened(key(1), 2))
    record(
        shop,
        facts.UnitsScanned(key(1), ((LineKey("1"), 2),), "A-1"),
        facts.OrderVerified(key(1), 2),
    )
    (queued,) = record(shop, facts.LabelRequested(key(1), 2, 1, "verified", YTO))
    assert isinstance(queued, LabelQueued)
    sealed = facts.ParcelSealed(key(1), queued.tracking_number, YTO, LabelSource.COMPOSED)
    record(shop, sealed)
    parcel = load(shop, 1).parcel
    assert parcel is not None
    assert (parcel.stale, parcel.told, parcel.difference) == (False, False, None)
    assert look_up(shop, number).voided == key(1)
    replayed(shop, tmp_path)


def test_a_seal_that_comes_just_after_the_change_does_not_let_the_parcel_leave(
    shop: OpenStore,
) -> None:
    (queued,) = verify(shop, 1)
    assert isinstance(queued, LabelQueued)
    stage(shop, MORE)
    record(shop, facts.ParcelSealed(key(1), queued.tracking_number, YTO, LabelSource.COMPOSED))
    parcel = load(shop, 1).parcel
    assert parcel is not None
    assert parcel.stale


def test_a_label_made_elsewhere_stays_good_where_only_goods_changed(shop: OpenStore) -> None:
    record(shop, facts.OrderOpened(key(1), 1))
    record(
        shop,
        facts.UnitsScanned(key(1), ((LineKey("1"), 1),), "A-1"),
        facts.OrderVerified(key(1), 1),
        facts.ParcelSealed(key(1), TrackingNumber("EXT1"), YTO, LabelSource.EXTERNAL),
    )
    stage(shop, MORE)
    parcel = look_up(shop, "EXT1").parcel
    assert parcel is not None
    assert parcel.stale
    assert shop.db.rows("SELECT * FROM voided_labels") == []
    moved = replace(person(), address="somewhere else")
    shop.imports.stage(parsed([MORE], digest="moved", who=moved))
    assert shop.db.rows("SELECT tracking_number FROM voided_labels") == [("EXT1",)]


def test_what_left_the_house_is_not_changed_by_a_file(shop: OpenStore) -> None:
    bag(shop, "PSBAG1", [1])
    hand_over(shop, "PSM1", {"PSBAG1": 1})
    stage(shop, replace(MORE, collected_at=START))
    told = load(shop, 1).order
    assert told == replace(order(1), collected_at=START)


# Recall.


def test_a_recalled_parcel_leaves_every_count_right(shop: OpenStore, tmp_path: Path) -> None:
    bag(shop, "PSBAG1", [1, 2])
    record(shop, facts.HandoverOpened("PSM1"), facts.BagCounted("PSM1", "PSBAG1", YTO, 2))
    order_life.hold(shop.recorder, key(1), HoldReason.QUALITY, at(H48))
    checked = check(shop, "PSM1", "PSBAG1")
    assert checked.stopped_bag == "PSBAG1"  # type: ignore[union-attr] # a HandoverChecked
    parcel = load(shop, 1).parcel
    assert parcel is not None
    number = parcel.tracking_number
    assert number is not None
    record(shop, life_facts.ParcelRecalled(key(1), "PSBAG1", number))
    assert shop.db.rows("SELECT state, parcels, sealed_us FROM bags") == [("OPEN", 1, None)]
    assert shop.db.rows("SELECT * FROM handover_bags") == []
    assert events(shop)[-1] == "parcel.unbagged"
    record(shop, facts.BagSealed("PSBAG1", YTO, 1), facts.BagCounted("PSM1", "PSBAG1", YTO, 1))
    copies = shop.db.rows("SELECT copy, reason FROM print_jobs WHERE kind = 'bag' ORDER BY copy")
    assert copies == [(1, "first"), (2, "sealed_again")]
    record(shop, facts.HandoverClosed("PSM1", YTO, ("PSBAG1",), 1))
    order_life.release(shop.recorder, key(1), "", at(H48))
    record(shop, facts.BagOpened("PSBAG2"), facts.ParcelBagged("PSBAG2", key(1), number, YTO))
    replayed(shop, tmp_path)
    with pytest.raises(StoreError, match="not in bag"):
        record(shop, life_facts.ParcelRecalled(key(1), "PSBAG1", number))


def test_a_cancelled_parcel_is_void_once_it_is_out(shop: OpenStore, tmp_path: Path) -> None:
    bag(shop, "PSBAG1", [1])
    order_life.seller_cancel(shop.recorder, key(1), "other", "", at(H48))
    parcel = load(shop, 1).parcel
    assert parcel is not None
    assert parcel.tracking_number is not None
    assert parcel.carrier is not None
    assert parcel.state is ParcelState.BAGGED
    record(
        shop,
        life_facts.ParcelRecalled(key(1), "PSBAG1", parcel.tracking_number),
        life_facts.LabelVoided(key(1), parcel.tracking_number, parcel.carrier, "cancelled"),
    )
    again = load(shop, 1).parcel
    assert again is not None
    assert again.state is ParcelState.VOIDED
    assert events(shop).count("label.voided") == 1
    assert shop.db.rows("SELECT carrier, parcels FROM bags") == [(None, 0)]
    replayed(shop, tmp_path)


# One rule for list, print and scan.

ORDERS = st.builds(
    lambda why_not, kind, carrier, recipient, sku: replace(
        order(1, lines=[line(sku)], why_not=why_not, carrier=carrier),
        kind=kind,
        recipient=recipient,
        cancel_requested_at=START - H48 * 9 if why_not is WhyNot.CANCEL_REQUESTED else None,
    ),
    st.one_of(
        st.none(),
        st.sampled_from([why for why in WhyNot if why not in (WhyNot.MERGED, WhyNot.SPLIT)]),
    ),
    st.sampled_from([None, *OrderKind]),
    st.sampled_from([None, YTO, CarrierCode("PIGEON")]),
    st.sampled_from(Recipient),
    st.sampled_from([Sku("A-1"), Sku("")]),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(one=ORDERS, source=st.sampled_from(LabelSource))
def test_list_print_and_scan_say_the_same_of_any_order(
    tmp_path_factory: pytest.TempPathFactory, one: Order, source: LabelSource
) -> None:
    shops = {one.shop: ShopRules(label_source=source, carrier=YTO)}
    rules = Rules(carriers=CARRIERS, shops=shops)
    store = opened(tmp_path_factory.mktemp("rule") / "data", rules=rules)
    try:
        stage(store, one)
        add_numbers(store, 3)
        scan = load(store, 1)
        expected = obstacle(scan.order, rules, numbers_left=scan.numbers_left, now=START)
        record(store, facts.OrderOpened(key(1), 1))
        counted = facts.UnitsScanned(key(1), ((LineKey("1"), 1),), "A-1")
        record(store, counted, facts.OrderVerified(key(1), 1))
        asked = facts.LabelRequested(key(1), 1, 1, "verified", YTO)
        (printed,) = record(store, asked)
        if expected is None and source in (LabelSource.FILE, LabelSource.COMPONENT):
            # No label file was taken in: that may come until the very last moment.
            assert printed == LabelRefused(key(1), Verdict.NOT_ELIGIBLE, Reason.NO_LABEL_PAGE)
        elif expected is None:
            assert isinstance(printed, LabelQueued)
        else:
            assert isinstance(printed, LabelRefused)
            assert (printed.verdict, printed.reason) == expected
        order_life.expire_due(store.recorder, rules, store.clock())
        found = _listed(store)
        assert found == (expected[1].value if expected else None)
    finally:
        store.close()


def _listed(store: OpenStore) -> str | None:
    (row,) = every(store.db, OrderQuery())
    assert row.reason is None or Reason(row.reason)
    return row.reason
