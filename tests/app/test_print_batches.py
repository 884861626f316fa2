"""Labels printed ahead through the real house: paper out, a pulled plug, a power cut, packing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from packstation.app import print_batches
from packstation.core.imports import MAIN_SHOP, ParsedFiles
from packstation.core.orders import CarrierCode, ImportedOrder, OrderKey, TrackingNumber
from packstation.core.parcels import copy_code
from packstation.core.print_batches import Batch, BatchJob
from packstation.core.status import BatchState, PrintOutcome, Reason, Verdict
from packstation.devices.simulated import Fault, Trouble, VirtualTransport
from packstation.errors import PackStationError
from packstation.store.numbers import add_numbers
from packstation.store.print_batch_reads import batch_of, batches
from tests.app.shop import Station, wait_for
from tests.store.builders import key, order, person

YTO = CarrierCode("YTO")
FIRST = 990_000


def orders(count: int) -> list[OrderKey]:
    return [key(FIRST + n) for n in range(1, count + 1)]


def fill(station: Station, count: int, numbers: int | None = None) -> list[OrderKey]:
    """Put orders of one unit and their numbers into the house."""
    made = [order(one.partition("/")[2], carrier=YTO) for one in orders(count)]
    parsed = ParsedFiles(
        platform="generic",
        profile="generic",
        shop=MAIN_SHOP,
        orders=tuple(ImportedOrder(one, person()) for one in made),
        refused=(),
        merge_groups=(),
        codes=(),
        rows=count,
        digests=(("orders.csv", f"batch of {count}"),),
    )
    block = [TrackingNumber(f"YT99{n:011d}") for n in range(1, (numbers or count) + 1)]

    def write() -> None:
        station.house.store.imports.stage(parsed)
        db = station.house.store.db
        with db.tx():  # the sample's own numbers would come first
            db.run("UPDATE numbers SET state = 'VOID' WHERE state = 'FREE'")
            db.run("UPDATE number_blocks SET void = total - used - spoiled - returned")
        add_numbers(station.house.store.recorder, YTO, block, station.house.store.clock())

    station.house.call(write)
    return orders(count)


class Scripted(VirtualTransport):
    """A virtual printer whose troubles come at given labels, by their number from 1."""

    script: dict[int, Fault]

    def preflight(self) -> None:
        """Begin to misbehave where it is due."""
        self.fault = self.script.get(self._number + 1, Fault())
        super().preflight()


def scripted(station: Station, script: dict[int, Fault]) -> Scripted:
    """Let the label printer have its troubles at given labels."""
    line = station.printer().transport
    assert isinstance(line, VirtualTransport)
    line.__class__ = Scripted
    assert isinstance(line, Scripted)
    line.script = script
    return line


class Bench:
    """A station with what the tests ask of its batches."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.house = station.house

    def batch(self, name: str) -> Batch:
        return self.house.call(lambda: batch_of(self.house.store.db, name))

    def all(self) -> tuple[Batch, ...]:
        return self.house.call(lambda: batches(self.house.store.db, 100))

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait for something, the table's events being taken meanwhile."""

        def look() -> bool:
            assert self.station.engine is not None
            self.station.engine.drain()
            return seen()

        wait_for(look)

    def until_state(self, name: str, state: BatchState) -> Batch:
        self.until(lambda: self.batch(name).state is state)
        return self.batch(name)

    def printer_idle(self) -> None:
        """Wait until the label printer has done all that it was given."""
        self.station.printer_room().call(lambda: None, timeout_s=10.0)

    def outcome(self, name: str, place: int) -> PrintOutcome:
        return [one for one in self.batch(name).jobs if one.place == place][-1].outcome

    def label_jobs(self) -> list[tuple[str, int, str, str, str]]:
        """Return order, copy, outcome, spoiled and digest of every label of a batch."""
        db = self.house.store.db
        return self.house.call(
            lambda: db.rows(
                "SELECT key, copy, outcome, spoiled, digest FROM print_jobs"
                " WHERE kind = 'label' AND batch <> '' ORDER BY id"
            )
        )


@pytest.fixture
def bench(station: Station) -> Bench:
    return Bench(station)


def usable(bench: Bench) -> dict[str, list[int]]:
    """Return the copies of each order that are on paper, or may be, and not spoiled."""
    found: dict[str, list[int]] = {}
    for order_key, copy, outcome, spoiled, _ in bench.label_jobs():
        if outcome in ("SENT", "CONFIRMED", "UNKNOWN") and not spoiled:
            found.setdefault(order_key, []).append(copy)
    return found


def number_at(batch: Batch, place: int) -> str:
    return next(one.tracking_number for one in batch.jobs if one.place == place)


def test_sixty_orders_through_paper_out_a_pulled_plug_and_a_power_cut(
    bench: Bench, tmp_path: Path, open_station: Callable[..., Station]
) -> None:
    chosen = fill(bench.station, 60)
    line = scripted(
        bench.station,
        {
            23: Fault(Trouble.PAPER_OUT),
            31: Fault(Trouble.UNPLUGGED, 1000),
            40: Fault(Trouble.STUCK, 1000),
        },
    )
    begun = print_batches.start(bench.house, chosen)
    assert (len(begun.batches), begun.labels, begun.refused) == (2, 60, ())
    first, second = begun.batches
    assert [len(bench.batch(name).jobs) for name in begun.batches] == [50, 10]

    # No paper at label 23: the batch waits with the very same bytes, and goes on by itself.
    bench.until(lambda: bench.outcome(first, 22) is PrintOutcome.BLOCKED)
    assert bench.batch(first).state is BatchState.RUNNING
    assert bench.outcome(first, 23) is PrintOutcome.QUEUED, "the next one waits"
    del line.script[23]
    line.fault = Fault()

    # Unplugged in the middle of label 31: nobody knows, so somebody must look.
    stopped = bench.until_state(first, BatchState.STOPPED)
    assert bench.outcome(first, 30) is PrintOutcome.UNKNOWN
    assert stopped.stopped_job == [one for one in stopped.jobs if one.place == 30][-1].job
    del line.script[31]
    print_batches.resume(bench.house, first, number_at(stopped, 28))  # 30 and 31 are torn

    # Power cut while label 40 leaves; 40 files are there with the copies of 30 and 31.
    bench.until(lambda: bench.outcome(first, 38) is PrintOutcome.SENDING)
    bench.until(lambda: any(Path(bench.station.data).rglob("*.bin")))
    cut = Bench(open_station(bench.station.power_cut(tmp_path / "cut")))
    found = cut.batch(first)
    assert (found.state, found.why) == (BatchState.STOPPED, "interrupted")
    assert cut.batch(second).state is BatchState.STOPPED
    assert cut.outcome(first, 38) is PrintOutcome.UNKNOWN
    print_batches.resume(cut.house, first, number_at(found, 37))
    cut.until_state(first, BatchState.DONE)
    print_batches.resume(cut.house, second, "")
    cut.until_state(second, BatchState.DONE)

    on_paper = usable(cut)
    assert set(on_paper) == set(chosen)
    assert all(len(copies) == 1 for copies in on_paper.values()), "one usable label each"
    twice = {one.partition("/")[2] for one, copies in on_paper.items() if copies == [2]}
    assert twice == {str(FIRST + n) for n in (30, 31, 39)}
    files = (cut.station.data / "virtual-label-printer").glob("job-*.bin")
    printed = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    assert len(set(printed)) == len(printed), "no bytes left twice"

    for one in chosen:
        _pack(cut, one)
    assert len(cut.station.jobs("label")) == 63, "packing printed nothing"


def _pack(bench: Bench, order_key: OrderKey) -> None:
    """Pack an order: its goods, then the scan of the label that is there."""
    (label,) = (one for batch in bench.all() for one in batch.jobs if _live(one, order_key))
    code = copy_code(label.job) if label.coded else label.tracking_number
    verdicts = bench.station.scan(order_key.partition("/")[2])
    if bench.station.answer().messages:
        bench.station.scan("PSCMDOK")
    verdicts += bench.station.scan("A-1", code)
    assert verdicts == [Verdict.ORDER_OPENED, Verdict.ORDER_COMPLETE, Verdict.SEALED]


def _live(job: BatchJob, order_key: OrderKey) -> bool:
    return job.order == order_key and job.out and not job.spoiled


def test_batches_have_the_platforms_limit_and_follow_each_other(bench: Bench) -> None:
    from dataclasses import replace

    from packstation.core.life import PlatformRules

    chosen = fill(bench.station, 7)
    house = bench.house
    house.rules = replace(house.rules, platforms={"generic": PlatformRules(print_batch_limit=3)})
    offered = print_batches.offer(house, chosen)
    assert (offered.orders, offered.limit, len(offered.ready)) == (7, 3, 7)
    begun = print_batches.start(house, [*chosen, chosen[0]])
    assert [len(bench.batch(name).jobs) for name in begun.batches] == [3, 3, 1]
    bench.until(lambda: all(one.ended for one in bench.all()))
    db = house.store.db
    sent = house.call(
        lambda: db.rows("SELECT key FROM print_jobs WHERE batch <> '' ORDER BY sending_us")
    )
    assert [one for (one,) in sent] == chosen, "in the order of the list"


def test_what_cannot_have_a_label_is_listed_with_its_batch(bench: Bench) -> None:
    chosen = fill(bench.station, 3, numbers=2)
    begun = print_batches.start(bench.house, [*chosen, key("nobody")])
    (name,) = begun.batches
    assert begun.labels == 2
    assert bench.batch(name).refused == begun.refused
    assert dict(begun.refused) == {
        chosen[2]: Reason.NO_NUMBER_LEFT,
        key("nobody"): Reason.NOT_KNOWN,
    }
    bench.until_state(name, BatchState.DONE)
    with pytest.raises(PackStationError) as caught:
        print_batches.start(bench.house, chosen)
    assert caught.value.code == "batch.nothing_to_print"
    assert print_batches.offer(bench.house, chosen).printed_before == 2


def test_a_roll_that_is_too_short_stops_everything_before_a_number_is_given_out(
    bench: Bench,
) -> None:
    from packstation.core.paper_facts import RollLoaded

    chosen = fill(bench.station, 60)
    store = bench.house.store

    def load_roll() -> None:
        with store.recorder.tx():
            store.recorder.write((RollLoaded("virtual", 55),), store.clock())

    bench.house.call(load_roll)
    assert print_batches.offer(bench.house, chosen).roll_left == 55
    with pytest.raises(PackStationError) as caught:
        print_batches.start(bench.house, chosen)
    assert (caught.value.code, caught.value.facts) == (
        "batch.roll_short",
        {"needed": 60, "left": 55},
    )
    assert bench.all() == ()
    begun = print_batches.start(bench.house, chosen[:55])
    bench.until(lambda: all(one.ended for one in bench.all()))
    assert begun.labels == 55
    assert print_batches.offer(bench.house, chosen[55:]).roll_left == 0


def test_once_there_are_badges_somebody_with_one_begins_a_batch(bench: Bench) -> None:
    from dataclasses import replace

    from packstation.settings import Operator, Role

    chosen = fill(bench.station, 3)
    house = bench.house
    house.settings = replace(
        house.settings,
        operators={
            "7": Operator(role=Role.PACKER),
            "8": Operator(role=Role.PRINT_ONLY),
        },
    )
    for badge, code in (("", "batch.not_entitled"), ("9", "people.unknown_badge")):
        with pytest.raises(PackStationError) as caught:
            print_batches.start(house, chosen, badge)
        assert caught.value.code == code
    for badge, some in (("7", chosen[:1]), ("PSOPR8", chosen[1:])):
        (name,) = print_batches.start(house, some, badge).batches
        bench.until_state(name, BatchState.DONE)
    who = house.call(lambda: house.store.db.rows("SELECT operator FROM print_batches"))
    assert who == [("7",), ("8",)]


def test_a_packer_waits_for_the_label_that_its_batch_prints(bench: Bench) -> None:
    chosen = fill(bench.station, 2)
    line = scripted(bench.station, {1: Fault(Trouble.PAPER_OUT)})
    (name,) = print_batches.start(bench.house, chosen).batches
    bench.until(lambda: bench.outcome(name, 0) is PrintOutcome.BLOCKED)
    station = bench.station
    station.scan(chosen[1].partition("/")[2], "PSCMDOK")
    assert station.ask("A-1").verdict is Verdict.ORDER_COMPLETE
    assert station.ask(number_at(bench.batch(name), 1)).verdict is not Verdict.SEALED
    del line.script[1]
    bench.until_state(name, BatchState.DONE)
    station.settle()
    assert station.ask(number_at(bench.batch(name), 1)).verdict is Verdict.SEALED
    assert len(station.jobs("label")) == 2


def test_a_packer_who_waits_for_a_label_of_a_cancelled_batch_is_told(bench: Bench) -> None:
    chosen = fill(bench.station, 2)
    line = scripted(bench.station, {1: Fault(Trouble.PAPER_OUT)})
    (name,) = print_batches.start(bench.house, chosen).batches
    bench.until(lambda: bench.outcome(name, 0) is PrintOutcome.BLOCKED)
    station = bench.station
    station.scan(chosen[1].partition("/")[2], "PSCMDOK", "A-1")
    station.feed.answer = None
    print_batches.cancel(bench.house, name)
    station.settle()
    assert station.answer().verdict is Verdict.LABEL_FAILED
    del line.script[1]
    bench.until(lambda: bench.outcome(name, 0) is PrintOutcome.CONFIRMED)
    assert station.ask("PSCMDREPRINT").verdict is Verdict.REPRINTED
    station.settle()
    newest = station.jobs("label")[-1]
    assert (newest.copy, newest.tracking_number) == (1, number_at(bench.batch(name), 1))
    assert station.ask(str(newest.tracking_number)).verdict is Verdict.SEALED


def test_closing_in_the_middle_of_a_batch_prints_no_further_label(
    bench: Bench, data: Path, open_station: Callable[..., Station]
) -> None:
    chosen = fill(bench.station, 20)
    (name,) = print_batches.start(bench.house, chosen).batches
    bench.until(lambda: sum(job.out for job in bench.batch(name).jobs) >= 3)
    bench.station.close()
    again = Bench(open_station(data))
    found = again.batch(name)
    assert (found.state, found.why) == (BatchState.STOPPED, "interrupted")
    out = sum(job.out for job in found.jobs)
    assert all(job.outcome is PrintOutcome.QUEUED for job in found.jobs[out:])
    assert out < 20
    last = [job for job in found.jobs if job.out][-1]
    print_batches.resume(again.house, name, last.tracking_number)
    again.until_state(name, BatchState.DONE)
    assert all(copies == [1] for copies in usable(again).values()), "none is printed again"
    assert len(usable(again)) == 20


def test_shops_with_printers_of_their_own_print_beside_each_other() -> None:
    from packstation.core.orders import ShopKey
    from packstation.settings import Printers, Settings, ShopSettings

    settings = Settings(
        printers=Printers(label="desk"), shops={ShopKey("moon"): ShopSettings(printer="hall")}
    )
    assert print_batches.printer_of(settings, ShopKey("moon")) == "hall"
    assert print_batches.printer_of(settings, ShopKey("main")) == "desk"


def test_no_second_label_is_on_its_way_before_the_first_has_ended(bench: Bench) -> None:
    chosen = fill(bench.station, 3)
    line = scripted(bench.station, {1: Fault(Trouble.PAPER_OUT)})
    (name,) = print_batches.start(bench.house, chosen[:2]).batches
    bench.until(lambda: bench.outcome(name, 0) is PrintOutcome.BLOCKED)
    (behind,) = print_batches.start(bench.house, chosen[2:]).batches  # asks for the next label
    assert bench.house._runner is not None
    bench.house._runner.paper.give_up(bench.batch(name).jobs[0].job)
    stopped = bench.until_state(name, BatchState.STOPPED)
    line.script.clear()
    bench.house.call(lambda: None)
    assert [one.outcome for one in stopped.jobs] == [PrintOutcome.CANCELLED, PrintOutcome.QUEUED]
    bench.printer_idle()
    assert bench.outcome(name, 1) is PrintOutcome.QUEUED
    assert bench.outcome(behind, 0) is PrintOutcome.QUEUED
    print_batches.resume(bench.house, name, "")
    bench.until_state(behind, BatchState.DONE)
    assert usable(bench) == {chosen[1]: [1], chosen[2]: [1]}
