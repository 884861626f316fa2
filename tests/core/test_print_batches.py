"""How a batch goes on behind its last good label, whatever came out before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.core.orders import CarrierCode, TrackingNumber, order_key
from packstation.core.parcels import copy_code
from packstation.core.print_batches import (
    BatchJob,
    Plan,
    chunks,
    in_order,
    last_good,
    plan,
    sent_last,
)
from packstation.core.status import PrintOutcome
from packstation.errors import PackStationError
from packstation.exchange.carrier_files import load_carriers
from tests.conftest import ROOT

QUEUED, SENT, UNKNOWN = PrintOutcome.QUEUED, PrintOutcome.SENT, PrintOutcome.UNKNOWN
FAILED, CANCELLED, SENDING = PrintOutcome.FAILED, PrintOutcome.CANCELLED, PrintOutcome.SENDING
CARRIERS = {carrier.code: carrier for carrier in load_carriers(ROOT / "resources" / "carriers")}


def job(place: int, outcome: PrintOutcome = SENT, **more: object) -> BatchJob:
    fields: dict[str, object] = {
        "job": f"job-{place}-{more.get('copy', 1)}",
        "order": order_key("main", str(place)),
        "tracking_number": TrackingNumber(f"YT{place:013d}"),
        "carrier": CarrierCode("YTO"),
        "copy": 1,
        "outcome": outcome,
        "place": place,
        "sent": place if outcome not in (QUEUED, FAILED, CANCELLED) else None,
    }
    return BatchJob(**{**fields, **more})  # type: ignore[arg-type]  # keyword arguments of a test


def find(jobs: list[BatchJob], text: str) -> BatchJob | None:
    return last_good(jobs, text, CARRIERS.get)


def places(jobs: tuple[BatchJob, ...]) -> list[int]:
    return [one.place for one in jobs]


def test_what_waits_follows_what_comes_again_each_in_the_order_of_the_batch() -> None:
    jobs = [job(0), job(1), job(2, UNKNOWN), job(3, QUEUED), job(4, QUEUED)]
    found = plan(jobs, jobs[0])
    assert [places(x) for x in (found.confirmed, found.spoiled, found.again, found.waiting)] == [
        [0],
        [1, 2],
        [1, 2],
        [3, 4],
    ]


def test_no_label_is_good_where_none_came_out() -> None:
    jobs = [job(0), job(1, UNKNOWN), job(2, QUEUED)]
    found = plan(jobs, find(jobs, " \r\n"))
    assert (found.confirmed, places(found.spoiled)) == ((), [0, 1])


def test_the_order_of_sending_counts_not_the_place() -> None:
    jobs = [job(0, sent=10), job(1, sent=30), job(2, sent=20)]
    assert places(sent_last(jobs)) == [0, 2, 1]
    assert places(plan(jobs, jobs[2]).spoiled) == [1]


def test_a_copy_spoiled_before_is_neither_good_nor_spoiled_again() -> None:
    jobs = [job(0), job(1, spoiled="jam"), job(1, copy=2, sent=7, coded=True), job(2, QUEUED)]
    found = plan(jobs, jobs[0])
    assert [one.job for one in found.spoiled] == ["job-1-2"]
    assert [one.job for one in found.again] == ["job-1-2"]


def test_a_label_that_the_bench_has_copied_meanwhile_is_spoiled_and_does_not_come_again() -> None:
    found = plan([job(0), job(1, UNKNOWN, newest=False)], job(0))
    assert (places(found.spoiled), found.again) == ([1], ())


@pytest.mark.parametrize("outcome", [SENDING, PrintOutcome.BLOCKED])
def test_nobody_says_which_was_the_last_one_while_one_is_printed(outcome: PrintOutcome) -> None:
    with pytest.raises(PackStationError) as caught:
        plan([job(0), job(1, outcome)], job(0))
    assert caught.value.code == "batch.still_printing"


def test_a_packed_parcel_tells_that_its_label_was_good() -> None:
    jobs = [job(0), job(1, sealed=True), job(2, UNKNOWN)]
    for good in (None, jobs[0]):
        with pytest.raises(PackStationError) as caught:
            plan(jobs, good)
        assert (caught.value.code, caught.value.facts) == ("batch.label_in_use", {"order": "1"})
    assert places(plan(jobs, jobs[1]).spoiled) == [2]


@pytest.mark.parametrize(
    ("details", "again"),
    [
        (("print.missing_glyph",), 1),
        (("print.missing_glyph", "print.missing_glyph"), 0),
        (("print.missing_glyph", "print.does_not_fit"), 1),
        (("printer.not_found", "printer.not_found", "printer.not_found"), 1),
        (("print.no_printer", "print.no_printer"), 1),
    ],
)
def test_what_cannot_be_composed_is_tried_twice_and_a_printer_may_always_come_back(
    details: tuple[str, ...], again: int
) -> None:
    jobs = [
        job(0, FAILED, job=f"try-{n}", detail=detail, newest=n == len(details) - 1)
        for n, detail in enumerate(details)
    ]
    assert len(plan(jobs, None).again) == again


def test_a_long_barcode_of_the_carrier_is_its_label_too() -> None:
    usps = job(0, tracking_number="9400111206206406260787", carrier=CarrierCode("USPS"), job="usps")
    found = find([usps], "420787459400111206206406260787")
    assert found is not None
    assert found.job == "usps"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("YT0000000000009", "batch.not_in_batch"),
        ("YT0000000000002", "batch.not_in_batch"),
        ("PSBAG01000001", "batch.not_in_batch"),
        ("\x00", "batch.not_in_batch"),
        (copy_code("job-1-1"), "batch.old_copy"),
        ("YT0000000000001", "batch.scan_copy_code"),
    ],
)
def test_a_scan_that_names_no_good_label_is_refused(text: str, code: str) -> None:
    jobs = [job(0), job(1, spoiled="jam"), job(1, copy=2, coded=True), job(2, QUEUED)]
    with pytest.raises(PackStationError) as caught:
        find(jobs, text)
    assert caught.value.code == code


def test_a_code_is_read_in_any_case_and_width() -> None:
    jobs = [job(0), job(1, copy=2, coded=True)]
    assert find(jobs, "ｙｔ００００００００００００0") == jobs[0]
    assert find(jobs, copy_code("job-1-2").lower()) == jobs[1]


JOBS = st.lists(
    st.tuples(
        st.sampled_from([QUEUED, SENT, PrintOutcome.CONFIRMED, UNKNOWN, FAILED, CANCELLED]),
        st.booleans(),
        st.booleans(),
        st.integers(0, 50),
    ),
    max_size=12,
)


@given(JOBS, st.integers(-1, 11))
def test_every_label_on_paper_is_good_or_spoiled_and_what_is_spoiled_comes_again_once(
    told: list[tuple[PrintOutcome, bool, bool, int]], chosen: int
) -> None:
    jobs = [
        job(
            place,
            outcome,
            sealed=sealed and outcome is SENT,
            spoiled="jam" if spoiled and outcome is UNKNOWN else "",
            sent=sent if outcome in (SENT, UNKNOWN, PrintOutcome.CONFIRMED) else None,
        )
        for place, (outcome, sealed, spoiled, sent) in enumerate(told)
    ]
    printed = sent_last(jobs)
    good = printed[chosen] if 0 <= chosen < len(printed) else None
    found = _planned(jobs, good)
    if found is None:
        behind = printed[printed.index(good) + 1 :] if good else printed
        assert any(one.sealed for one in behind)
        return
    assert found.confirmed + found.spoiled == printed
    assert good is None or found.confirmed[-1] == good
    assert not any(one.sealed for one in found.spoiled)
    again = [one.order for one in found.again]
    assert len(set(again)) == len(again)
    assert {one.order for one in found.spoiled} <= set(again)
    assert not {one.order for one in found.confirmed} & set(again), "never a second good one"
    for group in (found.again, found.waiting):
        assert list(group) == list(in_order(group))


def _planned(jobs: list[BatchJob], good: BatchJob | None) -> Plan | None:
    try:
        return plan(jobs, good)
    except PackStationError as error:
        if error.code != "batch.label_in_use":
            raise
        return None


@given(st.lists(st.integers()), st.integers(1, 60))
def test_chunks_lose_nothing_and_none_is_over_the_limit(items: list[int], limit: int) -> None:
    found = list(chunks(items, limit))
    assert [one for some in found for one in some] == items
    assert all(0 < len(some) <= limit for some in found)
