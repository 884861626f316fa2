"""Labels printed ahead in batches: which orders get one, and how a batch goes on after trouble."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.core import facts
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import HoldReason, OrderKey
from packstation.core.paper_facts import RollLoaded
from packstation.core.parcels import copy_code
from packstation.core.policy import Rules, ShopRules
from packstation.core.station import SavedStation
from packstation.core.status import (
    BatchState,
    LabelSource,
    ParcelState,
    Phase,
    PrintOutcome,
    Reason,
)
from packstation.errors import PackStationError
from packstation.store.label_files import NewPage
from packstation.store.numbers import blocks
from packstation.store.opening import OpenStore
from packstation.store.print_batch_reads import batch_of, batches
from packstation.store.replay import differences, rebuild
from tests.builders import CARRIERS
from tests.store.builders import (
    YTO,
    add_numbers,
    cancel,
    key,
    line,
    load,
    look_up,
    opened,
    order,
    parsed,
    record,
    seal,
    verify,
)

PRINTER = "desk"


def keys(*numbers: int) -> list[OrderKey]:
    return [key(number) for number in numbers]


def start(store: OpenStore, *numbers: int) -> str:
    return store.batches.start(MAIN_SHOP, PRINTER, keys(*numbers), "").batch


def send(
    store: OpenStore, outcome: PrintOutcome = PrintOutcome.SENT, detail: str = ""
) -> str | None:
    """Print the next label, as the runner does."""
    found = store.batches.next_job(PRINTER)
    if found is None:
        return None
    if outcome is not PrintOutcome.FAILED:
        store.ledger.sending(found.job, b"label " + found.job.encode(), PRINTER)
    store.batches.ended(found.job, outcome, detail)
    return found.job


def begin(store: OpenStore) -> str:
    """Let the next label's bytes leave, and no more."""
    found = store.batches.next_job(PRINTER)
    assert found is not None
    store.ledger.sending(found.job, b"label " + found.job.encode(), PRINTER)
    return found.job


def send_all(store: OpenStore) -> list[str]:
    """Print until nothing is left to print; return the jobs."""
    found = []
    while (job := send(store)) is not None:
        found.append(job)
    return found


def told(store: OpenStore, batch: str) -> list[tuple[str, int, str, str]]:
    """Return order, copy, outcome and why it is spoiled of each label, as printed."""
    return [
        (one.order.partition("/")[2], one.copy, one.outcome.value, one.spoiled)
        for one in batch_of(store.db, batch).jobs
    ]


def replayed(store: OpenStore, folder: Path) -> None:
    rebuilt = rebuild(store.db, store.journal, folder / "rebuilt.db")
    try:
        assert differences(store.db, rebuilt) == []
    finally:
        rebuilt.close()


def refused(store: OpenStore, *numbers: int) -> dict[str, Reason]:
    found = store.batches.sort(keys(*numbers)).refused
    return {one.partition("/")[2]: why for one, why in found}


# Starting


def test_labels_are_printed_one_after_the_other_in_the_order_chosen(
    shop: OpenStore, tmp_path: Path
) -> None:
    batch = start(shop, 3, 1, 2)
    assert [one.order for one in batch_of(shop.db, batch).jobs] == keys(3, 1, 2)
    assert [one.tracking_number for one in batch_of(shop.db, batch).jobs] == [
        "YTO00000001",
        "YTO00000002",
        "YTO00000003",
    ]
    first = send(shop)
    assert [one[2] for one in told(shop, batch)] == ["SENT", "QUEUED", "QUEUED"]
    assert first == batch_of(shop.db, batch).jobs[0].job
    send_all(shop)
    assert batch_of(shop.db, batch).state is BatchState.DONE
    assert told(shop, batch) == [(n, 1, "SENT", "") for n in "312"]
    assert blocks(shop.db)[0].used == 3
    replayed(shop, tmp_path)


def test_a_label_ahead_belongs_to_its_parcel_before_anything_is_scanned(shop: OpenStore) -> None:
    start(shop, 1)
    send_all(shop)
    loaded = load(shop, 1)
    assert loaded.parcel is not None
    assert (loaded.parcel.state, loaded.parcel.tracking_number) == (
        ParcelState.OPEN,
        "YTO00000001",
    )
    assert loaded.label is not None
    assert (loaded.label.outcome, loaded.label.copy) == (PrintOutcome.SENT, 1)
    found = look_up(shop, "YTO00000001")
    assert found.parcel is not None
    assert found.parcel.order == key(1), "a scan of the label opens its order"


def test_what_may_not_be_packed_gets_no_label_and_the_others_go_on(shop: OpenStore) -> None:
    cancel(shop, 1)
    record(shop, facts.OrderHeld(key(2), HoldReason.OPERATOR))
    seal(shop, 3)
    started = shop.batches.start(MAIN_SHOP, PRINTER, keys(1, 2, 3, 4, 5, 99), "")
    assert started.labels == 2
    assert dict(started.refused) == {
        key(1): Reason.CANCELLED,
        key(2): Reason.HELD,
        key(3): Reason.SEALED_NOT_BAGGED,
        key(99): Reason.NOT_KNOWN,
    }
    assert batch_of(shop.db, started.batch).refused == started.refused
    assert [one.order for one in batch_of(shop.db, started.batch).jobs] == keys(4, 5)


def test_an_order_that_is_open_at_the_table_gets_its_label_there(shop: OpenStore) -> None:
    at_table = SavedStation(phase=Phase.SCANNING, order=key(1), version=1)
    record(shop, facts.OrderOpened(key(1), 1), saved=at_table)
    assert refused(shop, 1, 2) == {"1": Reason.ORDER_IS_OPEN}
    record(shop, facts.OrderPaused(key(1)), saved=SavedStation(phase=Phase.PAUSED))
    assert refused(shop, 1, 2) == {}


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (PrintOutcome.SENT, Reason.LABEL_PRINTED),
        (PrintOutcome.CONFIRMED, Reason.LABEL_PRINTED),
        (PrintOutcome.UNKNOWN, Reason.LABEL_UNKNOWN),
        (PrintOutcome.FAILED, None),
    ],
)
def test_an_order_with_a_live_label_gets_no_second_original(
    shop: OpenStore, outcome: PrintOutcome, why: Reason | None
) -> None:
    start(shop, 1)
    assert refused(shop, 1) == {"1": Reason.STILL_PRINTING}
    send(shop, outcome)
    assert refused(shop, 1) == ({"1": why} if why else {})
    if why is not None:
        assert shop.batches.start(MAIN_SHOP, PRINTER, keys(1), "").batch == ""
        assert len(batches(shop.db, 10)) == 1, "no label, no batch"


def test_numbers_are_not_promised_twice(store: OpenStore) -> None:
    store.imports.stage(parsed([order(n) for n in range(1, 6)]))
    add_numbers(store, 2)
    assert refused(store, 1, 2, 3, 4) == {
        "3": Reason.NO_NUMBER_LEFT,
        "4": Reason.NO_NUMBER_LEFT,
    }
    started = store.batches.start(MAIN_SHOP, PRINTER, keys(1, 2, 3, 4), "")
    assert (started.labels, len(started.refused)) == (2, 2)


def test_a_shop_whose_labels_are_made_elsewhere_has_nothing_to_print(folder: Path) -> None:
    rules = Rules(
        carriers=CARRIERS, shops={MAIN_SHOP: ShopRules(LabelSource.EXTERNAL, carrier=YTO)}
    )
    store = opened(folder, rules=rules)
    try:
        store.imports.stage(parsed([order(1)]))
        assert refused(store, 1) == {"1": Reason.NOTHING_TO_PRINT}
    finally:
        store.close()


def test_fifty_are_never_started_with_too_few_labels_on_the_roll(shop: OpenStore) -> None:
    with shop.recorder.tx():
        shop.recorder.write((RollLoaded(PRINTER, 2),), shop.clock())
    entries = shop.journal.head()
    with pytest.raises(PackStationError) as caught:
        start(shop, 1, 2, 3)
    assert caught.value.code == "batch.roll_short"
    assert caught.value.facts == {"needed": 3, "left": 2}
    assert shop.journal.head() == entries, "nothing was given out"
    assert blocks(shop.db)[0].used == 0
    batch = start(shop, 1, 2)
    with pytest.raises(PackStationError) as caught:
        start(shop, 3)
    assert caught.value.facts == {"needed": 1, "left": 0}, "what waits has its labels already"
    send_all(shop)
    assert batch_of(shop.db, batch).state is BatchState.DONE
    assert shop.batches.roll_left(PRINTER) == 0
    with shop.recorder.tx():
        shop.recorder.write((RollLoaded(PRINTER, 0),), shop.clock())
    assert shop.batches.roll_left(PRINTER) is None, "not counted"


# Label by label


def test_each_order_is_looked_at_again_right_before_its_label(shop: OpenStore) -> None:
    batch = start(shop, 1, 2, 3, 4)
    send(shop)
    cancel(shop, 2)
    shop.imports.stage(parsed([order(3, lines=[line("A-1", 2)])], digest="changed"))
    send_all(shop)
    found = batch_of(shop.db, batch)
    assert found.state is BatchState.DONE
    assert [(one.outcome.value, one.detail) for one in found.jobs] == [
        ("SENT", ""),
        ("CANCELLED", "cancelled"),
        ("CANCELLED", "order_changed"),
        ("SENT", ""),
    ]
    assert refused(shop, 3) == {}, "it may have its label now, as it is today"


def test_a_label_that_the_bench_asked_for_anew_is_not_printed_twice(shop: OpenStore) -> None:
    batch = start(shop, 1, 2)
    verify(shop, 1)
    send_all(shop)
    first = batch_of(shop.db, batch).jobs[0]
    assert (first.outcome, first.detail) == (PrintOutcome.CANCELLED, "old_copy")


def test_batches_of_one_printer_follow_each_other_and_those_of_others_do_not_wait(
    shop: OpenStore,
) -> None:
    first, second = start(shop, 1), start(shop, 2)
    other = shop.batches.start(MAIN_SHOP, "hall", keys(3), "").batch
    send(shop, PrintOutcome.UNKNOWN, "printer.gone")
    assert shop.batches.next_job(PRINTER) is None, "behind a stopped batch nothing goes on"
    found = shop.batches.next_job("hall")
    assert found is not None
    assert found.job == batch_of(shop.db, other).jobs[0].job
    assert shop.batches.waiting_printers() == (PRINTER, "hall")
    shop.batches.resume(first, "")
    send_all(shop)
    assert [batch_of(shop.db, b).state for b in (first, second)] == [BatchState.DONE] * 2


@pytest.mark.parametrize("outcome", [PrintOutcome.UNKNOWN, PrintOutcome.FAILED])
def test_a_batch_stops_where_a_label_did_not_come_out_for_certain(
    shop: OpenStore, outcome: PrintOutcome
) -> None:
    batch = start(shop, 1, 2, 3)
    send(shop)
    job = send(shop, outcome, "printer.gone")
    found = batch_of(shop.db, batch)
    assert (found.state, found.why, found.stopped_job) == (BatchState.STOPPED, "printer.gone", job)
    assert send(shop) is None


def test_what_batch_and_station_both_tell_is_written_once(shop: OpenStore) -> None:
    start(shop, 1, 2)
    job = begin(shop)
    record(shop, facts.LabelEnded(key(1), job, PrintOutcome.SENT, ""))
    head = shop.journal.head()
    shop.batches.ended(job, PrintOutcome.SENT, "")
    assert shop.journal.head() == head
    job = begin(shop)
    shop.batches.ended(job, PrintOutcome.UNKNOWN, "printer.gone")
    head = shop.journal.head()
    record(shop, facts.LabelEnded(key(2), job, PrintOutcome.UNKNOWN, "printer.gone"))
    assert shop.journal.head() == head


def test_a_label_given_up_at_the_table_does_not_hold_the_batch_up(shop: OpenStore) -> None:
    batch = start(shop, 1, 2)
    found = shop.batches.next_job(PRINTER)
    assert found is not None
    shop.batches.ended(found.job, PrintOutcome.CANCELLED, "given_up")
    assert batch_of(shop.db, batch).state is BatchState.RUNNING
    shop.batches.ended(begin(shop), PrintOutcome.CANCELLED, "printer.no_paper")
    assert batch_of(shop.db, batch).state is BatchState.STOPPED, "somebody is at the printer"


def test_who_waits_for_a_label_at_the_table_is_told_that_none_comes(shop: OpenStore) -> None:
    told: list[tuple[OrderKey, str]] = []
    shop.batches.gone = lambda job, outcome, why: told.append((job.order, why))
    batch = start(shop, 1, 2, 3)
    cancel(shop, 1)
    send(shop)
    shop.batches.cancel(batch)
    assert told == [(key(1), "cancelled"), (key(3), "batch_cancelled")]


# What people do with a batch


def test_a_batch_stops_between_labels_and_goes_on_where_it_was(shop: OpenStore) -> None:
    batch = start(shop, 1, 2, 3)
    send(shop)
    shop.batches.stop(batch, "op1")
    found = batch_of(shop.db, batch)
    assert (found.state, found.why) == (BatchState.STOPPED, "operator")
    assert send(shop) is None
    last = found.jobs[0].tracking_number
    shop.batches.resume(batch, last)
    send_all(shop)
    assert told(shop, batch) == [("1", 1, "CONFIRMED", ""), ("2", 1, "SENT", ""),
                                 ("3", 1, "SENT", "")]  # fmt: skip


def test_what_lies_behind_the_last_good_label_comes_again_as_a_marked_copy(
    shop: OpenStore, tmp_path: Path
) -> None:
    batch = start(shop, 1, 2, 3, 4, 5)
    for outcome in (PrintOutcome.SENT, PrintOutcome.SENT, PrintOutcome.SENT, PrintOutcome.UNKNOWN):
        send(shop, outcome)
    good = batch_of(shop.db, batch).jobs[1]
    shop.batches.resume(batch, good.tracking_number)
    assert told(shop, batch) == [
        ("1", 1, "SENT", ""),
        ("2", 1, "CONFIRMED", ""),
        ("3", 1, "SENT", "jam"),
        ("3", 2, "QUEUED", ""),
        ("4", 1, "UNKNOWN", "jam"),
        ("4", 2, "QUEUED", ""),
        ("5", 1, "QUEUED", ""),
    ]
    jobs = batch_of(shop.db, batch).jobs
    by_job = {one.job: one.order for one in jobs}
    assert [by_job[job] for job in send_all(shop)] == keys(3, 4, 5), "in the original order"
    copies = [one for one in batch_of(shop.db, batch).jobs if one.copy == 2]
    assert all(one.coded for one in copies), "a copy says so and carries its code"
    replayed(shop, tmp_path)


def test_the_last_good_label_of_a_copy_is_told_by_its_code(shop: OpenStore) -> None:
    batch = start(shop, 1, 2)
    send(shop)
    send(shop, PrintOutcome.UNKNOWN)
    old = batch_of(shop.db, batch).jobs[0]
    shop.batches.resume(batch, "")
    send(shop)
    shop.batches.stop(batch)
    new = batch_of(shop.db, batch).jobs[1]
    assert (new.order, new.copy) == (key(1), 2)
    for text, code in (
        (new.tracking_number, "batch.scan_copy_code"),
        (copy_code(old.job), "batch.old_copy"),
        ("YTO99999999", "batch.not_in_batch"),
        ("PSCMDOK", "batch.not_in_batch"),
        (batch_of(shop.db, batch).jobs[3].tracking_number, "batch.old_copy"),
    ):
        with pytest.raises(PackStationError) as caught:
            shop.batches.resume(batch, text)
        assert caught.value.code == code, text
    shop.batches.resume(batch, f" {copy_code(new.job).lower()} ")
    send_all(shop)
    assert told(shop, batch) == [
        ("1", 1, "SENT", "jam"),
        ("1", 2, "CONFIRMED", ""),
        ("2", 1, "UNKNOWN", "jam"),
        ("2", 2, "SENT", ""),
    ]


def test_the_last_good_label_proves_an_unknown_one(shop: OpenStore) -> None:
    batch = start(shop, 1, 2)
    send(shop, PrintOutcome.UNKNOWN)
    shop.batches.resume(batch, batch_of(shop.db, batch).jobs[0].tracking_number)
    assert told(shop, batch)[0] == ("1", 1, "CONFIRMED", "")


def test_a_label_on_a_closed_parcel_is_never_spoiled(shop: OpenStore) -> None:
    batch = start(shop, 1, 2, 3)
    send(shop)
    send(shop)
    _pack(shop, 2)
    send(shop, PrintOutcome.UNKNOWN)
    jobs = batch_of(shop.db, batch).jobs
    for text in ("", jobs[0].tracking_number):
        with pytest.raises(PackStationError) as caught:
            shop.batches.resume(batch, text)
        assert (caught.value.code, caught.value.facts) == ("batch.label_in_use", {"order": "2"})
    shop.batches.resume(batch, jobs[1].tracking_number)
    send_all(shop)
    assert told(shop, batch) == [
        ("1", 1, "SENT", ""),
        ("2", 1, "CONFIRMED", ""),
        ("3", 1, "UNKNOWN", "jam"),
        ("3", 2, "SENT", ""),
    ]


def _pack(store: OpenStore, number: int) -> None:
    """Pack an order under the label that is there already."""
    label = load(store, number).label
    assert label is not None
    record(
        store,
        facts.OrderOpened(key(number), 1),
        facts.UnitsScanned(key(number), ((line().line_key, 1),), "A-1"),
        facts.OrderVerified(key(number), 1),
        facts.ParcelSealed(key(number), label.tracking_number, YTO, LabelSource.COMPOSED),
    )


def test_a_label_that_is_in_a_packers_hand_is_not_spoiled_behind_their_back(
    shop: OpenStore,
) -> None:
    batch = start(shop, 1, 2)
    send(shop)
    send(shop, PrintOutcome.UNKNOWN)
    at_table = SavedStation(phase=Phase.CONFIRMING, order=key(2), version=1)
    record(shop, facts.OrderOpened(key(2), 1), saved=at_table)
    with pytest.raises(PackStationError) as caught:
        shop.batches.resume(batch, "")
    assert (caught.value.code, caught.value.facts) == ("batch.order_open", {"order": "2"})


def test_nothing_is_resumed_while_the_printer_is_at_a_label(shop: OpenStore) -> None:
    batch = start(shop, 1, 2)
    begin(shop)
    shop.batches.stop(batch)
    with pytest.raises(PackStationError) as caught:
        shop.batches.resume(batch, "")
    assert caught.value.code == "batch.still_printing"


def test_what_cannot_be_composed_does_not_stop_the_others_for_ever(shop: OpenStore) -> None:
    batch = start(shop, 1, 2)
    for _ in range(2):
        send(shop, PrintOutcome.FAILED, "print.missing_glyph")
        shop.batches.resume(batch, "")
    send_all(shop)
    assert told(shop, batch) == [
        ("1", 1, "FAILED", ""),
        ("1", 1, "FAILED", ""),
        ("2", 1, "SENT", ""),
    ]
    batch = start(shop, 3)
    for _ in range(4):
        send(shop, PrintOutcome.FAILED, "printer.not_found")
        shop.batches.resume(batch, "")
    assert told(shop, batch)[-1] == ("3", 1, "QUEUED", ""), "a printer comes back"


def test_a_spoiled_label_of_a_cancelled_order_does_not_come_again(shop: OpenStore) -> None:
    batch = start(shop, 1, 2)
    send(shop)
    send(shop, PrintOutcome.UNKNOWN)
    cancel(shop, 2)
    shop.batches.resume(batch, batch_of(shop.db, batch).jobs[0].tracking_number)
    assert told(shop, batch)[1:] == [("2", 1, "UNKNOWN", "jam")]
    assert send(shop) is None
    assert batch_of(shop.db, batch).state is BatchState.DONE


def test_the_roll_must_last_for_what_comes_again(shop: OpenStore) -> None:
    with shop.recorder.tx():
        shop.recorder.write((RollLoaded(PRINTER, 3),), shop.clock())
    batch = start(shop, 1, 2, 3)
    send(shop)
    send(shop, PrintOutcome.UNKNOWN)
    with pytest.raises(PackStationError) as caught:
        shop.batches.resume(batch, "")
    assert caught.value.code == "batch.roll_short"
    assert told(shop, batch)[0][3] == "", "nothing was spoiled"
    with shop.recorder.tx():
        shop.recorder.write((RollLoaded(PRINTER, 500),), shop.clock())
    shop.batches.resume(batch, "")


def test_a_cancelled_batch_leaves_numbers_with_their_orders(
    shop: OpenStore, tmp_path: Path
) -> None:
    batch = start(shop, 1, 2, 3)
    send(shop)
    shop.batches.cancel(batch, "op1")
    found = batch_of(shop.db, batch)
    assert found.state is BatchState.CANCELLED
    assert [(one.outcome.value, one.detail) for one in found.jobs] == [
        ("SENT", ""),
        ("CANCELLED", "batch_cancelled"),
        ("CANCELLED", "batch_cancelled"),
    ]
    assert refused(shop, 1, 2, 3) == {"1": Reason.LABEL_PRINTED}
    (queued,) = verify(shop, 2)
    assert queued.tracking_number == "YTO00000002"  # type: ignore[union-attr]
    assert queued.copy == 1, "nothing came out"  # type: ignore[union-attr]
    again = start(shop, 3)
    assert batch_of(shop.db, again).jobs[0].tracking_number == "YTO00000003"
    assert blocks(shop.db)[0].used == 3
    replayed(shop, tmp_path)


def test_only_what_runs_is_stopped_and_only_what_stands_is_resumed(shop: OpenStore) -> None:
    batch = start(shop, 1)
    found: list[str] = []

    def refuse(code: str, batch_id: str, *doings: str) -> None:
        for doing in doings:
            with pytest.raises(PackStationError) as caught:
                _do(shop, doing, batch_id)
            assert caught.value.code == code
            found.append(code)

    refuse("batch.not_stopped", batch, "resume")
    refuse("batch.unknown", "none", "stop", "resume", "cancel")
    shop.batches.stop(batch)
    refuse("batch.not_running", batch, "stop")
    shop.batches.cancel(batch)
    refuse("batch.ended", batch, "cancel")
    refuse("batch.not_running", batch, "stop")
    refuse("batch.not_stopped", batch, "resume")


def _do(store: OpenStore, doing: str, batch: str) -> None:
    match doing:
        case "stop":
            store.batches.stop(batch)
        case "resume":
            store.batches.resume(batch, "")
        case _:
            store.batches.cancel(batch)


# After a crash


def test_after_a_crash_a_batch_waits_for_its_last_good_label(folder: Path) -> None:
    store = opened(folder)
    store.imports.stage(parsed([order(n) for n in range(1, 4)]))
    add_numbers(store, 10)
    batch = start(store, 1, 2, 3)
    send(store)
    job = begin(store)
    store.close()
    store = opened(folder)
    try:
        found = batch_of(store.db, batch)
        assert (found.state, found.why, found.stopped_job) == (
            BatchState.STOPPED,
            "interrupted",
            job,
        )
        assert told(store, batch) == [
            ("1", 1, "SENT", ""),
            ("2", 1, "UNKNOWN", ""),
            ("3", 1, "QUEUED", ""),
        ]
        assert store.ledger.queued() == (), "labels of a batch do not print by themselves"
        assert store.batches.next_job(PRINTER) is None
        store.batches.resume(batch, found.jobs[0].tracking_number)
        send_all(store)
        assert [one[1] for one in told(store, batch) if not one[3]] == [1, 2, 1]
    finally:
        store.close()


# Lists


@pytest.mark.parametrize("outcome", [PrintOutcome.SENT, PrintOutcome.UNKNOWN])
def test_a_label_ahead_counts_as_printed_in_the_list(
    shop: OpenStore, outcome: PrintOutcome
) -> None:
    from datetime import UTC, datetime

    from packstation.core.order_query import Group, Moment, OrderQuery
    from packstation.store.order_list import every

    start(shop, 1, 2)
    send(shop, outcome)

    def listed(*, printed: bool) -> set[OrderKey]:
        query = OrderQuery(printed=printed, group=Group.TO_PACK, limit=100)
        moment = Moment(datetime.now(UTC))
        return {one.key for one in every(shop.db, query, moment=moment, people=shop.people)}

    assert listed(printed=True) == set(keys(1))
    assert listed(printed=False) == set(keys(2, 3, 4, 5))


def test_orders_with_a_label_ahead_are_not_offered_for_one_parcel(shop: OpenStore) -> None:
    from packstation.store.shipment_reads import suggestions

    def offered() -> set[OrderKey]:
        groups = suggestions(shop.db, shop.station.rules, None, 10)
        return {one.key for group in groups for one in group.members}

    before = offered()
    assert set(keys(1, 2, 3, 4, 5)) <= before, "they go to one person"
    start(shop, 1, 2)
    assert offered() == before - set(keys(1, 2))


def test_an_order_without_its_page_is_not_promised_a_label(folder: Path) -> None:
    rules = Rules(carriers=CARRIERS, shops={MAIN_SHOP: ShopRules(LabelSource.FILE, carrier=YTO)})
    store = opened(folder, rules=rules)
    try:
        number = "YT7700000000001"
        store.imports.stage(parsed([order(1, tracking_number=number), order(2)]))
        page = NewPage(1, "pdf", b"PAGE", 100.0, 150.0, (number,), ())
        store.label_files.take("f1", "f1.pdf", MAIN_SHOP, "pdf", store.label_files.seal([page]))
        assert refused(store, 1, 2) == {"2": Reason.NO_LABEL_PAGE}
        batch = start(store, 1, 2)
        send_all(store)
        assert told(store, batch) == [("1", 1, "SENT", "")]
        assert batch_of(store.db, batch).jobs[0].tracking_number == number
    finally:
        store.close()
