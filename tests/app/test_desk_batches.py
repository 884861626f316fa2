"""The window's print batches through the real house."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from packstation.app.desk_batches import BatchDesk
from packstation.core.status import BatchState, PrintOutcome, Reason
from packstation.devices.simulated import Fault, Trouble
from packstation.errors import PackStationError
from packstation.ui.backend_printing import BatchRow
from tests.app.shop import Station
from tests.app.test_desk import Pages
from tests.app.test_print_batches import Bench, fill, scripted


@pytest.fixture
def desk(station: Station, pages: Pages) -> Iterator[BatchDesk]:
    made = BatchDesk(station.house, pages.deliver)
    yield made
    made.close()


def newest(desk: BatchDesk, pages: Pages) -> BatchRow:
    rows: tuple[BatchRow, ...] = pages.ask(desk.batches, 1)
    return rows[0]


def until(desk: BatchDesk, pages: Pages, bench: Bench, state: BatchState) -> BatchRow:
    bench.until(lambda: newest(desk, pages).state is state)
    return newest(desk, pages)


def test_a_batch_is_offered_started_stopped_resumed_and_cancelled(
    desk: BatchDesk, pages: Pages, station: Station
) -> None:
    bench = Bench(station)
    chosen = fill(station, 4, numbers=3)
    offer = pages.ask(desk.offer_batch, chosen)
    assert (offer.orders, offer.limit, offer.ready, offer.roll_left) == (4, 50, 3, None)
    assert offer.refused == ((chosen[3].partition("/")[2], Reason.NO_NUMBER_LEFT),)
    assert (offer.printer, offer.printed_before) == ("virtual", 0)

    line = scripted(station, {2: Fault(Trouble.UNPLUGGED, 500)})
    (name,) = pages.ask(desk.start_batch, chosen, "")
    row = until(desk, pages, bench, BatchState.STOPPED)
    assert (row.batch, row.why) == (name, "printer.gone")
    assert [job.outcome for job in row.jobs] == [
        PrintOutcome.CONFIRMED,
        PrintOutcome.UNKNOWN,
        PrintOutcome.QUEUED,
    ]
    assert row.out == 1
    assert row.refused == offer.refused
    line.script.clear()
    wrong = pages.ask(desk.resume_batch, name, "nothing")
    assert isinstance(wrong, PackStationError)
    assert wrong.code == "batch.not_in_batch"
    row = pages.ask(desk.resume_batch, name, row.jobs[0].tracking_number)
    assert row.state in (BatchState.RUNNING, BatchState.DONE)
    row = until(desk, pages, bench, BatchState.DONE)
    assert [(job.order_id, job.copy, job.spoiled) for job in row.jobs] == [
        (chosen[0].partition("/")[2], 1, ""),
        (chosen[1].partition("/")[2], 1, "jam"),
        (chosen[1].partition("/")[2], 2, ""),
        (chosen[2].partition("/")[2], 1, ""),
    ]
    assert pages.ask(desk.offer_batch, chosen).printed_before == 3
    ended = pages.ask(desk.cancel_batch, name)
    assert isinstance(ended, PackStationError)
    assert ended.code == "batch.ended"


def test_a_batch_is_stopped_between_labels_and_cancelled(
    desk: BatchDesk, pages: Pages, station: Station
) -> None:
    bench = Bench(station)
    chosen = fill(station, 3)
    line = scripted(station, {1: Fault(Trouble.PAPER_OUT)})
    (name,) = pages.ask(desk.start_batch, chosen, "")
    bench.until(lambda: bench.outcome(name, 0) is PrintOutcome.BLOCKED)
    assert pages.ask(desk.stop_batch, name) is None
    line.script.clear()
    bench.until(lambda: bench.outcome(name, 0) is PrintOutcome.CONFIRMED)
    assert newest(desk, pages).state is BatchState.STOPPED
    assert pages.ask(desk.cancel_batch, name) is None
    row = newest(desk, pages)
    assert (row.state, row.out) == (BatchState.CANCELLED, 1)
    assert pages.ask(desk.offer_batch, chosen).ready == 2


def test_a_batch_behind_a_stopped_one_waits_for_it(
    pages: Pages, open_station: Callable[..., Station]
) -> None:
    station = open_station()
    bench = Bench(station)
    chosen = fill(station, 2)
    scripted(station, {1: Fault(Trouble.UNPLUGGED, 500)})
    desk = BatchDesk(station.house, pages.deliver)
    try:
        pages.ask(desk.start_batch, chosen[:1], "")
        until(desk, pages, bench, BatchState.STOPPED)
        (name,) = pages.ask(desk.start_batch, chosen[1:], "")
        assert bench.batch(name).jobs[0].outcome is PrintOutcome.QUEUED, "the same printer waits"
    finally:
        desk.close()
