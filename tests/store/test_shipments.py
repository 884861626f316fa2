"""Orders that share a parcel: merged, packed, told to each order, taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.life_facts import ParcelRecalled, SellerCancelled
from packstation.core.orders import HoldReason, LineKey, OrderKey, Person, ShopKey, WhyNot
from packstation.core.status import LabelSource, ParcelState, PrintOutcome
from packstation.errors import PackStationError
from packstation.store.opening import OpenStore
from packstation.store.order_rows import read_order
from packstation.store.parcel_rows import read_parcel
from packstation.store.replay import differences, rebuild
from packstation.store.retention import forget
from packstation.store.shipment_reads import suggestions
from tests.builders import a_code
from tests.store.builders import (
    ADDRESS,
    MEMO,
    MESSAGE,
    NAME,
    PHONE,
    key,
    line,
    look_up,
    order,
    person,
    print_label,
    record,
)
from tests.store.shipping import (
    RULES,
    YTO,
    a_store,
    an_order,
    bring,
    kinds,
    load_key,
    merge,
    news,
    seal,
    shipments,
    verify,
)

SHARED = OrderKey("main/1+M1")
SECOND = ShopKey("elsewhere")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OpenStore]:
    found = a_store(tmp_path / "data")
    yield found
    rebuilt = rebuild(found.db, found.journal, tmp_path / "rebuilt.db")
    assert differences(found.db, rebuilt) == []
    rebuilt.close()
    found.close()


@pytest.fixture
def three(store: OpenStore) -> OpenStore:
    """Three orders of one person, each with two lines."""
    bring(store, *(an_order(n, lines=[line("A"), line("B", 2, n=2)]) for n in (1, 2, 3)))
    return store


def code_of(store: OpenStore, *numbers: str | int, **more: bool) -> str:
    with pytest.raises(PackStationError) as refused:
        merge(store, *numbers, **more)
    return refused.value.code


def why(store: OpenStore, one: OrderKey) -> WhyNot | None:
    found = read_order(store.db, one)
    assert found is not None
    return found.why_not


def cancel(store: OpenStore, number: int, why_not: WhyNot = WhyNot.CANCELLED) -> None:
    lines = [line("A"), line("B", 2, n=2)]
    changed = an_order(number, lines=lines, why_not=why_not)
    bring(store, changed, digest=f"{why_not} {number}")


# Merging


def test_a_merged_order_holds_every_line_of_each_member(three: OpenStore) -> None:
    shipment = merge(three, 1, 2)
    assert shipment.key == SHARED
    found = read_order(three.db, SHARED)
    assert found is not None
    assert [(one.line_key, one.sku, one.quantity) for one in found.lines] == [
        ("1:1", "A", 1),
        ("1:2", "B", 2),
        ("2:1", "A", 1),
        ("2:2", "B", 2),
    ]
    assert found.members == (key(1), key(2))
    assert (why(three, key(1)), why(three, key(3))) == (WhyNot.MERGED, None)
    assert replace(found, version=1) == shipment


def test_a_members_number_opens_the_merged_order(three: OpenStore) -> None:
    merge(three, 1, 2)
    assert look_up(three, "2").orders == (SHARED,)
    assert look_up(three, "1+M1").orders == (SHARED,)
    assert look_up(three, "1+m1").orders == (SHARED,)
    assert look_up(three, "3").orders == (key(3),)


def test_one_number_of_the_file_for_two_members_opens_the_merged_order(store: OpenStore) -> None:
    bring(store, *(an_order(n, tracking_number="YT7700000000999") for n in (1, 2)))
    assert look_up(store, "YT7700000000999").orders == (key(1), key(2))
    merge(store, 1, 2)
    assert look_up(store, "YT7700000000999").orders == (SHARED,)
    shipments(store).unmerge(SHARED, store.clock())
    assert look_up(store, "YT7700000000999").orders == (key(1), key(2))


def test_the_recipient_is_copied_and_messages_of_all_are_shown(store: OpenStore) -> None:
    bring(store, an_order(1))
    bring(store, an_order(2), digest="d2", who=replace(person(), buyer_message="another"))
    merge(store, 1, 2)
    copied = store.people.person(SHARED)
    assert (copied.name, copied.phone, copied.address) == (NAME, PHONE, ADDRESS)
    assert copied.buyer_message is None
    assert load_key(store, SHARED).messages == (MESSAGE, MEMO, "another")


def test_the_copy_is_forgotten_with_the_member_that_came_last(three: OpenStore) -> None:
    merge(three, 1, 2)
    (row,) = three.db.rows("SELECT day FROM people WHERE subject = ?", (SHARED,))
    assert row == three.db.row("SELECT day FROM people WHERE subject = ?", (key(2),))
    assert three.people.due(date(2026, 12, 31)) == [row[0]]
    forget(three, row[0])
    assert three.people.person(SHARED) == Person()
    assert three.db.rows("SELECT * FROM merge_keys") == []


def test_counts_of_a_member_alone_count_no_more(three: OpenStore) -> None:
    record(three, facts.OrderOpened(key(1), 1))
    record(three, facts.UnitsScanned(key(1), ((LineKey("1"), 1),), "A"), facts.OrderPaused(key(1)))
    merge(three, 1, 2)
    assert load_key(three, SHARED).history == ()
    shipments(three).unmerge(key(2), three.clock())
    assert load_key(three, key(1)).history == ()


@pytest.mark.parametrize(
    "other",
    [
        replace(person(), name="王别人"),
        replace(person(), phone="13900007778"),
        replace(person(), address=ADDRESS + "2"),
        replace(person(), name=None),
        replace(person(), name="王**"),
        replace(person(), phone="139****7777"),
        replace(person(), address="##abc##"),
        replace(person(), name="$$abc$$"),
    ],
    ids=["name", "phone", "address", "missing", "stars", "digits", "hashes", "dollars"],
)
def test_another_or_a_masked_recipient_is_never_merged(store: OpenStore, other: Person) -> None:
    bring(store, an_order(1), an_order(2), who=other)
    bring(store, an_order(3), digest="d2")
    assert code_of(store, 1, 3) == "shipments.other_recipient"
    masked = any(mark in f"{other.name}{other.phone}{other.address}" for mark in ("*", "##", "$$"))
    if masked or other.name is None:
        assert code_of(store, 1, 2) == "shipments.other_recipient"


def test_equal_hashes_and_equal_packages_merge_what_is_masked(store: OpenStore) -> None:
    masked = replace(person(), name="王**", platform_hash="h1")
    bring(store, an_order(1), an_order(2), who=masked)
    bring(store, an_order(3), digest="d2", who=replace(masked, platform_hash="h2"))
    assert code_of(store, 1, 3) == "shipments.other_recipient"
    assert merge(store, 1, 2).members == (key(1), key(2))
    grouped = [replace(an_order(n), package_id="p1") for n in (4, 5)]
    bring(store, *grouped, digest="d3", who=replace(masked, platform_hash=None))
    assert merge(store, 4, 5).package_id == "p1"


def test_clear_addresses_that_differ_are_not_overruled_by_a_hash(store: OpenStore) -> None:
    bring(store, an_order(1), who=replace(person(), platform_hash="h1"))
    moved = replace(person(), address="别处1号", platform_hash="h1")
    bring(store, an_order(2), digest="d2", who=moved)
    assert code_of(store, 1, 2) == "shipments.other_recipient"


def test_what_may_not_go_is_never_merged(three: OpenStore) -> None:
    cancel(three, 1)
    assert code_of(three, 1, 2) == "shipments.not_eligible"
    record(three, facts.OrderHeld(key(3)))
    assert code_of(three, 2, 3) == "shipments.not_eligible"
    assert code_of(three, 2, 2) == "shipments.count"
    assert code_of(three, 2) == "shipments.count"


def test_what_has_its_label_or_lies_open_is_never_merged(three: OpenStore) -> None:
    verify(three, key(1))
    assert code_of(three, 1, 2) == "shipments.begun"
    saved = replace(three.station.resume()[0], order=key(2))
    three.station.record((), saved, three.clock())
    assert code_of(three, 2, 3) == "shipments.at_bench"


def test_no_order_is_in_two_parcels(three: OpenStore) -> None:
    merge(three, 1, 2)
    assert code_of(three, 2, 3) == "shipments.already"
    assert code_of(three, "1+M1", 3) == "shipments.already"
    assert len(three.db.rows("SELECT 1 FROM shipment_members")) == 2


def test_another_carrier_or_number_is_never_merged(store: OpenStore) -> None:
    bring(store, an_order(1), order(2, carrier=RULES.carriers[1].code))
    assert code_of(store, 1, 2) == "shipments.other_carrier"
    bring(store, an_order(3, tracking_number="YT7700000000998"), digest="d2")
    assert code_of(store, 1, 3) == "shipments.other_number"


def test_orders_of_two_shops_share_a_parcel_only_when_asked(store: OpenStore) -> None:
    codes = (a_code("4006381333931", "A-1"), a_code("4006381333931", "A-1", shop=SECOND))
    bring(store, an_order(1), an_order(2, shop="elsewhere"), codes=codes)
    both = (key(1), OrderKey("elsewhere/2"))
    with pytest.raises(PackStationError) as refused:
        shipments(store).merge(both, store.clock())
    assert refused.value.code == "shipments.other_shop"
    (shipment,) = shipments(store).merge(both, store.clock(), across_shops=True).shipments
    loaded = load_key(store, shipment.key)
    assert {(one.code, one.sku) for one in loaded.codes} == {("04006381333931", "A-1")}


def test_one_sku_of_two_shops_must_surely_be_one_product(store: OpenStore) -> None:
    codes = (a_code("4006381333931", "A-1"), a_code("4006381333948", "A-1", shop=SECOND))
    bring(store, an_order(1), an_order(2, shop="elsewhere"), codes=codes)
    with pytest.raises(PackStationError) as refused:
        shipments(store).merge((key(1), OrderKey("elsewhere/2")), store.clock(), across_shops=True)
    assert refused.value.code == "shipments.same_sku"


# Packing, and what each order is told


def test_each_member_is_told_once_what_happens_to_the_parcel(three: OpenStore) -> None:
    merge(three, 1, 2)
    number = seal(three, SHARED)
    record(three, facts.BagOpened("PSBAG1"), facts.ParcelBagged("PSBAG1", SHARED, number, YTO))
    record(three, facts.BagSealed("PSBAG1", YTO, 1), facts.HandoverOpened("PSM1"))
    record(three, facts.BagCounted("PSM1", "PSBAG1", YTO, 1))
    record(three, facts.HandoverClosed("PSM1", YTO, ("PSBAG1",), 1))
    for n in (1, 2):
        assert kinds(three, n) == [
            "order.merged",
            "order.verified",
            "label.assigned",
            "parcel.sealed",
            "parcel.bagged",
            "parcel.handed_over",
        ]
        for kind, data in news(three, n):
            assert (data["order_id"], data["shop"], data["shipment"]) == (str(n), "main", SHARED)
            if kind.startswith("parcel"):
                assert data["tracking_number"] == number
    assert news(three, 3) == []
    assert news(three, SHARED) == []


def test_a_hold_of_the_parcel_is_told_to_each_member(three: OpenStore) -> None:
    merge(three, 1, 2)
    record(three, facts.OrderHeld(SHARED), facts.OrderReleased(SHARED))
    assert kinds(three, 1) == kinds(three, 2) == ["order.merged", "order.held", "order.released"]


def test_members_that_stand_alone_again_never_keep_the_shared_number(three: OpenStore) -> None:
    merge(three, 1, 2)
    number = verify(three, SHARED).tracking_number
    shipments(three).unmerge(SHARED, three.clock())
    told = news(three, 1)
    assert [kind for kind, _ in told][-2:] == ["label.voided", "order.unmerged"]
    assert told[-2][1]["tracking_number"] == number
    assert "tracking_number" not in told[-1][1]
    assert look_up(three, number).voided == SHARED
    assert (why(three, SHARED), why(three, key(1))) == (WhyNot.TAKEN_APART, None)
    assert seal(three, key(1)) != number
    assert kinds(three, 1)[-3:] == ["order.verified", "label.assigned", "parcel.sealed"]
    assert kinds(three, 2)[-1] == "order.unmerged"


def test_the_same_orders_may_be_merged_again_under_another_number(three: OpenStore) -> None:
    merge(three, 1, 2)
    shipments(three).unmerge(key(1), three.clock())
    assert merge(three, 1, 2, 3).key == OrderKey("main/1+M2")
    with pytest.raises(PackStationError) as refused:
        shipments(three).unmerge(SHARED, three.clock())
    assert refused.value.code == "shipments.not_merged"


def test_the_bench_going_on_with_a_parcel_just_taken_apart_tells_nobody(three: OpenStore) -> None:
    """A race: the facts of scans that were decided before the news came."""
    merge(three, 1, 2)
    queued = verify(three, SHARED)
    print_label(three, queued, PrintOutcome.SENT)
    shipments(three).unmerge(SHARED, three.clock())
    before = news(three, 1)
    number = queued.tracking_number
    record(three, facts.ParcelSealed(SHARED, number, YTO, LabelSource.COMPOSED))
    assert news(three, 1) == before
    parcel = read_parcel(three.db, SHARED)
    assert parcel is not None
    assert parcel.why_not is WhyNot.TAKEN_APART


# One inside changes


@pytest.mark.parametrize(
    ("why_not", "reason"),
    [
        (WhyNot.CANCELLED, "member_cancelled"),
        (WhyNot.CANCEL_REQUESTED, "member_cancelled"),
        (WhyNot.REFUNDED, "member_cancelled"),
        (WhyNot.SHIPPED, "member_changed"),
    ],
)
def test_an_import_that_stops_a_member_takes_the_parcel_apart(
    three: OpenStore, why_not: WhyNot, reason: str
) -> None:
    merge(three, 1, 2, 3)
    number = verify(three, SHARED).tracking_number
    cancel(three, 2, why_not)
    assert [why(three, key(n)) for n in (1, 2, 3)] == [None, why_not, None]
    assert why(three, SHARED) is WhyNot.TAKEN_APART
    for n in (1, 2, 3):
        kind, data = news(three, n)[-1]
        assert (kind, data["unmerged_because"]) == ("order.unmerged", reason)
    assert look_up(three, number).voided == SHARED
    assert merge(three, 1, 3).members == (key(1), key(3))


def test_a_member_with_other_goods_takes_the_parcel_apart(three: OpenStore) -> None:
    merge(three, 1, 2)
    bring(three, an_order(2, lines=[line("A"), line("B", 3, n=2)]), digest="more")
    assert (why(three, SHARED), why(three, key(1))) == (WhyNot.TAKEN_APART, None)
    assert load_key(three, key(2)).order.units == 4


def test_news_that_do_not_matter_at_the_table_leave_the_parcel_whole(three: OpenStore) -> None:
    merge(three, 1, 2)
    lines = [line("A"), line("B", 2, n=2)]
    bring(three, replace(an_order(2, lines=lines), urged=True), digest="urged")
    assert why(three, SHARED) is None


def test_a_seller_who_cancels_a_member_takes_the_parcel_apart(three: OpenStore) -> None:
    merge(three, 1, 2)
    with three.recorder.tx():
        three.recorder.write((SellerCancelled(key(1), "out_of_stock", "op1"),), three.clock())
    assert why(three, SHARED) is WhyNot.TAKEN_APART
    assert [why(three, key(n)) for n in (1, 2)] == [WhyNot.CANCELLED, None]
    assert kinds(three, 1)[-2:] == ["order.cancelled", "order.unmerged"]


def test_a_held_member_stops_the_parcel(three: OpenStore) -> None:
    merge(three, 1, 2)
    record(three, facts.OrderHeld(key(2), HoldReason.ADDRESS_CHECK))
    assert why(three, SHARED) is WhyNot.ADDRESS_PROBLEM
    record(three, facts.OrderReleased(key(2)))
    assert why(three, SHARED) is None


@pytest.mark.parametrize("bagged", [False, True])
def test_a_closed_box_with_a_cancelled_order_inside_is_stopped(
    three: OpenStore, bagged: bool
) -> None:
    merge(three, 1, 2)
    number = seal(three, SHARED)
    if bagged:
        record(three, facts.BagOpened("PSBAG1"), facts.ParcelBagged("PSBAG1", SHARED, number, YTO))
        record(three, facts.BagSealed("PSBAG1", YTO, 1))
    cancel(three, 2)
    parcel = look_up(three, number).parcel
    assert parcel is not None
    assert (parcel.why_not, parcel.stopped_by) == (WhyNot.CANCELLED, key(2))
    if bagged:
        bag = look_up(three, "PSBAG1").bag
        assert bag is not None
        assert (bag.stopped, bag.stopped_by) == ((SHARED, WhyNot.CANCELLED), key(2))


def test_a_closed_box_whose_member_got_other_goods_is_stopped(three: OpenStore) -> None:
    merge(three, 1, 2)
    number = seal(three, SHARED)
    bring(three, an_order(2, lines=[line("A")]), digest="less")
    parcel = look_up(three, number).parcel
    assert parcel is not None
    assert (parcel.why_not, parcel.stopped_by) == (WhyNot.ORDER_CHANGED, key(2))
    shipments(three).unmerge(SHARED, three.clock(), supervisor=True)
    assert load_key(three, key(2)).order.units == 1


def test_the_platforms_word_that_we_sent_it_stops_nothing(three: OpenStore) -> None:
    merge(three, 1, 2)
    number = seal(three, SHARED)
    cancel(three, 1, WhyNot.SHIPPED)
    parcel = look_up(three, number).parcel
    assert parcel is not None
    assert parcel.why_not is None


def test_a_recalled_parcel_is_taken_apart_so_that_the_others_can_go(three: OpenStore) -> None:
    merge(three, 1, 2)
    number = seal(three, SHARED)
    record(three, facts.BagOpened("PSBAG1"), facts.ParcelBagged("PSBAG1", SHARED, number, YTO))
    record(three, facts.BagSealed("PSBAG1", YTO, 1))
    cancel(three, 2)
    record(three, ParcelRecalled(SHARED, "PSBAG1", number))
    assert kinds(three, 1)[-3:] == ["parcel.unbagged", "label.voided", "order.unmerged"]
    assert (why(three, key(1)), why(three, key(2))) == (None, WhyNot.CANCELLED)
    assert look_up(three, number).voided == SHARED
    assert seal(three, key(1)) != number


def test_a_closed_box_is_taken_apart_by_a_supervisor_only(three: OpenStore) -> None:
    merge(three, 1, 2)
    number = seal(three, SHARED)
    with pytest.raises(PackStationError) as refused:
        shipments(three).unmerge(SHARED, three.clock())
    assert refused.value.code == "shipments.sealed"
    shipments(three).unmerge(SHARED, three.clock(), supervisor=True)
    parcel = read_parcel(three.db, SHARED)
    assert parcel is not None
    assert parcel.state is ParcelState.VOIDED
    assert look_up(three, number).voided == SHARED
    assert kinds(three, 2)[-2:] == ["label.voided", "order.unmerged"]


def test_what_is_in_a_bag_or_has_left_is_not_taken_apart(three: OpenStore) -> None:
    merge(three, 1, 2)
    number = seal(three, SHARED)
    record(three, facts.BagOpened("PSBAG1"), facts.ParcelBagged("PSBAG1", SHARED, number, YTO))

    def refused() -> str:
        with pytest.raises(PackStationError) as error:
            shipments(three).unmerge(SHARED, three.clock(), supervisor=True)
        return error.value.code

    assert refused() == "shipments.in_a_bag"
    record(three, facts.BagSealed("PSBAG1", YTO, 1), facts.HandoverOpened("PSM1"))
    record(three, facts.BagCounted("PSM1", "PSBAG1", YTO, 1))
    record(three, facts.HandoverClosed("PSM1", YTO, ("PSBAG1",), 1))
    assert refused() == "shipments.left"
    cancel(three, 1)
    assert why(three, SHARED) is WhyNot.CANCELLED
    assert kinds(three, 1)[-1] == "parcel.handed_over"


# Suggestions


def test_orders_of_one_recipient_are_suggested_across_imports(store: OpenStore) -> None:
    bring(store, an_order(1), an_order(2, shop="elsewhere"))
    other = replace(person(), name="张别人")
    bring(store, an_order(3), digest="d2", who=other)
    assert suggestions(store.db, RULES, None, 10) == []
    same = replace(person(), name=f" {NAME} ", phone="139-0000-7777")
    bring(store, an_order(4), digest="d3", who=same)
    (found,) = suggestions(store.db, RULES, None, 10)
    assert [one.order_id for one in found.members] == ["1", "4"]
    assert found.because == "recipient"
    assert suggestions(store.db, RULES, SECOND, 10) == []
    merge(store, 1, 4)
    assert suggestions(store.db, RULES, None, 10) == []


def test_what_is_sealed_or_cancelled_is_suggested_no_more(three: OpenStore) -> None:
    assert [len(one.members) for one in suggestions(three.db, RULES, None, 10)] == [3]
    seal(three, key(1))
    assert [len(one.members) for one in suggestions(three.db, RULES, None, 10)] == [2]
    cancel(three, 2)
    assert suggestions(three.db, RULES, None, 10) == []
    assert three.db.rows("SELECT * FROM merge_twins") == []


def test_a_suggestion_is_always_good_to_merge(store: OpenStore) -> None:
    held = an_order(3)
    bring(store, an_order(1), order(2, carrier=RULES.carriers[1].code), held, an_order(4))
    record(store, facts.OrderHeld(key(3)))
    (found,) = suggestions(store.db, RULES, None, 10)
    assert merge(store, *(one.order_id for one in found.members)).members == (key(1), key(4))
