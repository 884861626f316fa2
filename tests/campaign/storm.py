"""The storm: random shifts on the real process, killed at every kind of write."""

from __future__ import annotations

import functools
import random
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.campaign.audit import Audit, blocks, label_is_out, say
from tests.campaign.ledger import Finding, Ledger
from tests.campaign.process import (
    PROGRAM,
    RENAME,
    SYNC,
    WRITES,
    Done,
    EndedError,
    Injection,
    Station,
    run,
)
from tests.campaign.receiver import Receiver
from tests.campaign.shift import Operator
from tests.campaign.shop import (
    CARRIERS,
    FIRST_NUMBERS,
    Shop,
    invent,
    write_codes,
    write_orders,
)

DOUBLE_TRIGGER_S = 0.55
"""A label that has just sealed its parcel is not put into a bag within half a second."""
TRACED = ("write", "pwrite64", SYNC, RENAME, "ftruncate")
"""Kinds of writes that a packing station does all the time."""
LATEST = {"write": 40, "pwrite64": 350, SYNC: 30, RENAME: 2, "ftruncate": 2}
"""Calls of one thread of a station process until the shift is over, roughly."""


@dataclass
class Tally:
    """What a campaign has seen."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    """By how the process was killed."""
    answers: int = 0
    shifts: int = 0
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def killed(self) -> int:
        return sum(self.kills.values())

    def count(self, kind: str) -> int:
        return sum(finding.kind == kind for finding in self.findings)

    def bound(self) -> float:
        """Return the 95 % upper bound of faults a kill; the rule of three where none was seen."""
        bad = len(self.findings)
        if not self.killed:
            return 1.0
        if not bad:
            return min(1.0, 3.0 / self.killed)
        # Poisson's upper limit by Wilson and Hilferty's approximation of chi-square.
        k = bad + 1
        return float(min(1.0, k * (1 - 1 / (9 * k) + 1.645 / (3 * k**0.5)) ** 3 / self.killed))

    def add(self, other: Tally) -> None:
        """Take another tally's figures in."""
        self.kills += other.kills
        self.answers += other.answers
        self.shifts += other.shifts
        self.findings += other.findings

    def lines(self) -> list[str]:
        """Return the report."""
        ways = ", ".join(f"{way} {count}" for way, count in sorted(self.kills.items()))
        return [
            f"seed {self.seed}: {self.killed} kills, {self.shifts} shifts, {self.answers} answers",
            f"killed at: {ways}",
            f"lost {self.count('lost')}, doubled {self.count('doubled')},"
            f" otherwise wrong {self.count('wrong')}",
            f"95 % upper bound of faults a kill: {self.bound():.4f}; {self.seconds:.0f} s",
            *(f"  {finding.kind}: {finding.text}" for finding in self.findings),
        ]


class SetUpError(Exception):
    """The folder that the shifts start from could not be made."""


def checked(*arguments: str | Path) -> Done:
    """Run a command that has to succeed."""
    done = run(*arguments)
    if done.code:
        raise SetUpError(f"{arguments}: {done.code}: {done.err[-500:]}")
    return done


def prepare(folder: Path, shop: Shop, *, numbers: bool = True) -> Path:
    """Make a data folder with the shop's orders, codes and tracking numbers."""
    data = folder / "prepared"
    checked("import", write_orders(shop, folder / "orders.csv"), "--data", data)
    if any(product.pack for product in shop.products):
        checked("import", write_codes(shop, folder / "codes.csv"), "--data", data)
    for carrier in CARRIERS if numbers else ():
        count = str(len(shop.orders) + 5)
        checked("numbers", "add", carrier, FIRST_NUMBERS[carrier], "--count", count, "--data", data)
    return data


@dataclass
class Way:
    """How the next process ends: traced to its death, or killed from outside."""

    injection: Injection | None = None
    after_answers: int = 0
    """Kill from outside after so many answers."""
    delay_s: float | None = None
    """None: right after the answer; else so long after the next scan was typed."""

    @property
    def name(self) -> str:
        if self.injection is not None:
            return self.injection.calls.partition(",")[0]
        return "after an answer" if self.delay_s is None else "in the middle"


def some_way(rng: random.Random, kinds: Sequence[str] = TRACED) -> Way:
    """Choose how a process ends."""
    if kinds and rng.random() < 0.5:
        calls = rng.choice(kinds)
        return Way(Injection(calls, rng.randint(1, LATEST.get(calls, 3))))
    delay = None if rng.random() < 0.4 else rng.uniform(0, 0.02)
    return Way(after_answers=rng.randint(1, 12), delay_s=delay)


class Shift:
    """One data folder from its first scan to the last event sent."""

    def __init__(
        self,
        data: Path,
        shop: Shop,
        rng: random.Random,
        tally: Tally,
        *,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        self._data = data
        self._rng = rng
        self._tally = tally
        self._program = program
        self.ledger = Ledger(shop)
        self._audit = Audit(data, self.ledger)
        self._operator = Operator(rng, functools.partial(label_is_out, data))
        self._cut_off: list[str] = []
        self._sealed: tuple[str, float] | None = None

    def work(self, ways: list[Way]) -> bool:
        """Pack to the end of the shift, dying in every way given; False if something is wrong."""
        over = False
        while not over:
            way = ways.pop(0) if ways else Way(after_answers=10_000)
            over = self._one_process(way)
            if self._tally.findings:
                return False
            self._tally.findings += self._audit.look()
            if self._tally.findings:
                return False
        return True

    def _one_process(self, way: Way) -> bool:
        """Run one process; True when the shift is over."""
        station = Station(self._data, injection=way.injection, program=self._program)
        sent: str | None = None
        over = False
        try:
            for count in range(10_000):
                if way.injection is None and count == way.after_answers and way.delay_s is None:
                    station.kill()
                    break
                sent = self._next()
                if sent is None:
                    over = True
                    break
                station.send(sent)
                if way.injection is None and count == way.after_answers:
                    time.sleep(way.delay_s or 0)
                    station.kill()
                    break
                if not self._take(station.answer()):
                    break
                sent = None
        except EndedError:
            pass
        return self._bury(station, way, sent, over=over)

    def _bury(self, station: Station, way: Way, sent: str | None, *, over: bool) -> bool:
        try:
            while not over and not self._tally.findings:  # what was flushed before the end counts
                self._take(station.answer())
                sent = None
        except EndedError:
            pass
        done = station.close()
        if done.code not in (0, 1):
            self._tally.kills[way.name] += 1
        if sent is not None and not self._tally.findings:
            self.ledger.cut_off(sent)
            self._cut_off.append(sent)
        if not done.killed and not over and not self._tally.findings:
            text = f"ended by itself with {done.code}: {done.err[-300:]}"
            self._tally.findings.append(Finding("wrong", text))
        return over and not done.killed

    def _next(self) -> str | None:
        probe = self.ledger.probe(self._cut_off)
        if probe is None:
            self._cut_off.clear()
        scan = probe or self._operator.next_scan(self.ledger.state)
        if self._sealed is not None and scan == self._sealed[0]:
            time.sleep(max(0.0, self._sealed[1] + DOUBLE_TRIGGER_S - time.monotonic()))
        return scan

    def _take(self, answer: dict[str, object]) -> bool:
        self._tally.answers += 1
        finding = self.ledger.acknowledge(answer)
        if finding is not None:
            self._tally.findings.append(finding)
            return False
        if answer["verdict"] == "REPRINTED":
            finding = self._audit.learn_copies()
            if finding is not None:
                self._tally.findings.append(finding)
                return False
        if answer["verdict"] == "SEALED":
            self._sealed = (str(answer["scan"]), time.monotonic())
        return True

    def send(self, receiver: Receiver, ways: list[Way]) -> None:
        """Send the outbox, dying in every way given, and look at what arrived."""
        command = ("sync", "--once", "--url", receiver.url, "--data", self._data)
        for way in ways:
            delay = None if way.injection else 0.25 + (way.delay_s or 0) * 20
            done = run(*command, injection=way.injection, kill_after_s=delay, program=self._program)
            if done.killed:
                self._tally.kills[f"{way.name} of sync"] += 1
        for _ in range(20):
            before = receiver.deliveries
            done = run(*command, program=self._program)
            if receiver.deliveries == before:
                break
        wrong = [Finding("wrong", problem) for problem in receiver.problems]
        for order in self.ledger.state.shop.orders:
            wanted = [state.packing[order.order_id].events for state in self.ledger.beliefs]
            came = [kind.removeprefix("packstation.") for kind in receiver.kinds(order.order_id)]
            if came not in wanted:
                kind = "lost" if len(came) < len(wanted[0]) else "doubled"
                text = f"events of {order.order_id}: {came} instead of {wanted[0]}"
                wrong.append(Finding(kind, text))
        self._tally.findings += wrong
        self._tally.findings += self._audit.look()


def pack_and_send(
    prepared: Path,
    folder: Path,
    shop: Shop,
    rng: random.Random,
    tally: Tally,
    *,
    ways: list[Way],
    sync_ways: list[Way],
    program: Sequence[str] = PROGRAM,
) -> None:
    """Run one shift on a copy of the prepared folder."""
    data = folder / f"shift-{tally.shifts}"
    shutil.copytree(prepared, data)
    tally.shifts += 1
    shift = Shift(data, shop, rng, tally, program=program)
    if shift.work(ways):
        with Receiver() as receiver:
            shift.send(receiver, sync_ways)
    if not tally.findings:
        shutil.rmtree(data)


def order_ids(data: Path) -> set[str]:
    """Return the orders that the bench can see."""
    return {str(row["order"]) for row in say(data, "orders", "--json").rows()}


def kill_imports(
    prepared: Path, folder: Path, rng: random.Random, tally: Tally, injections: list[Injection]
) -> None:
    """Kill imports: then all orders of the file are there, or none, and a second try works."""
    data = folder / f"import-{tally.seed}"
    shutil.copytree(prepared, data)
    known = order_ids(data)
    for place, injection in enumerate(injections):
        shop = invent(rng.randint(1, 9999), orders=60, first=70_000 + 100 * place)
        new = {order.order_id for order in shop.orders}
        path = write_orders(shop, folder / f"import-{place}.csv")
        done = run("import", path, "--json", "--data", data, injection=injection)
        if done.killed:
            tally.kills[f"{injection.calls.partition(',')[0]} of import"] += 1
        there = order_ids(data)
        if there not in (known, known | new) or (done.code == 0 and not new <= there):
            text = f"{len(there - known)} of {len(new)} orders after {injection}"
            tally.findings.append(Finding("wrong", f"import: {text}"))
        checked("import", path, "--json", "--data", data)
        known |= new
        if order_ids(data) != known:
            tally.findings.append(Finding("lost", f"import: a second try after {injection}"))
        if say(data, "journal", "verify").code:
            tally.findings.append(Finding("wrong", f"import: the journal after {injection}"))
    shutil.rmtree(data)


def kill_first_start(folder: Path, tally: Tally, injections: list[Injection]) -> None:
    """Kill the making of a data folder: the second try makes or completes it."""
    path = write_orders(invent(tally.seed, orders=5), folder / "first.csv")
    for place, injection in enumerate(injections):
        data = folder / f"first-{place}"
        done = run("import", path, "--json", "--data", data, injection=injection)
        if done.killed:
            tally.kills[f"{injection.calls.partition(',')[0]} of the first start"] += 1
        again = run("import", path, "--json", "--data", data)
        if again.code or len(order_ids(data)) != 5 or say(data, "journal", "verify").code:
            text = f"first start after {injection}: {again.code}: {again.err[-200:]}"
            tally.findings.append(Finding("wrong", text))
            continue
        shutil.rmtree(data)


def kill_numbers(prepared: Path, folder: Path, tally: Tally, injections: list[Injection]) -> None:
    """Kill ``numbers add``: afterwards the whole block is there, or nothing of it."""
    data = folder / f"numbers-{tally.seed}"
    shutil.copytree(prepared, data)
    for place, injection in enumerate(injections):
        first = f"YT99{place:03d}00000001"
        before = blocks(data)
        command = ("numbers", "add", "YTO", first, "--count", "500", "--data", data)
        done = run(*command, injection=injection)
        if done.killed:
            tally.kills[f"{injection.calls.partition(',')[0]} of numbers"] += 1
        after = blocks(data)
        mine = [row for row in after if row not in before]
        whole = [row["free"] for row in mine] == [500]
        if (mine and not whole) or (done.code == 0 and not whole):
            tally.findings.append(Finding("wrong", f"numbers: {mine} after {injection}"))
        again = run(*command)
        if (again.code == 0) == whole:
            text = f"added again: exit {again.code} though {mine} after {injection}"
            tally.findings.append(Finding("doubled" if whole else "lost", f"numbers: {text}"))
        if say(data, "journal", "verify").code:
            tally.findings.append(Finding("wrong", f"numbers: the journal after {injection}"))
    shutil.rmtree(data)


def campaign(folder: Path, *, kills: int, seed: int, orders: int = 8) -> Tally:
    """Run shifts, imports and sends until so many processes were killed, or something is wrong.

    Args:
        folder: Empty; data folders are made in it, and kept where something is wrong.
        kills: How many.
        seed: Chooses everything but the machine's own timing.
        orders: Orders of a shift.
    """
    rng, tally = random.Random(seed), Tally(seed)
    started = time.monotonic()
    shop = invent(seed, orders=orders)
    prepared = prepare(folder, shop)
    while tally.killed < kills and not tally.findings:
        left = kills - tally.killed
        ways = [some_way(rng) for _ in range(min(left, rng.randint(8, 20)))]
        sync = [some_way(rng, ("write", "pwrite64", SYNC)) for _ in range(min(left, 2))]
        pack_and_send(prepared, folder, shop, rng, tally, ways=ways, sync_ways=sync)
        if tally.findings or tally.killed >= kills:
            break
        some = [Injection(calls, rng.randint(1, 40)) for calls in rng.sample(TRACED[:3], 2)]
        kill_imports(prepared, folder, rng, tally, some)
        some = [Injection(rng.choice(TRACED), rng.randint(1, 12))]
        kill_numbers(prepared, folder, tally, some)
        some = [Injection(rng.choice(WRITES), rng.randint(1, 30)) for _ in range(2)]
        kill_first_start(folder, tally, some)
    tally.seconds = time.monotonic() - started
    return tally
