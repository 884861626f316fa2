"""Any shift at all: random scans, judged by a model that knows nothing of the program.

The model is a table of texts, written by hand, and a multiset of units for each order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.core import facts, life_facts
from packstation.core.codes import CodeKind, read
from packstation.core.decide import decide
from packstation.core.effects import Answer
from packstation.core.orders import OrderKey, WhyNot
from packstation.core.parcels import copy_code
from packstation.core.station import Station
from packstation.core.status import ParcelState, Phase, PrintOutcome
from tests.builders import (
    ELSEWHERE,
    a_code,
    a_key,
    a_line,
    an_external_order,
    an_order,
    stopped,
    yt,
)
from tests.core.house import NOTHING_OUT, House
from tests.core.test_station import lasting

EAN, CASE, FOREIGN = "6901234567892", "16901234567899", "YT1234567890123"
ORDERS = (
    an_order("5771", a_line("A-01", 3), a_line("B-02", 1)),
    an_order("5772", a_line("A-01", 2, line_key="1"), a_line("A-01", 4, line_key="2")),
    an_external_order("8001", a_line("C-03", 2), tracking_number=FOREIGN),
    an_external_order("8002", a_line("C-03", 1)),
    an_order("5773", a_line("Z-99", 1), why_not=WhyNot.CANCELLED),
)
NEEDED = {
    "main/5771": Counter({"A-01": 3, "B-02": 1}),
    "main/5772": Counter({"A-01": 6}),
    "elsewhere/8001": Counter({"C-03": 2}),
    "elsewhere/8002": Counter({"C-03": 1}),
}
LIVE_COPY, OLD_COPY = "the code of the newest copy", "the code of the copy before"
"""Stand for what is on the label of the order in hand."""
CODES = (
    a_code(EAN, "A-01"),
    a_code(CASE, "A-01", 6),
    a_code("A-3PACK", "A-01", 3),
    a_code("B-EAN", "B-02"),
    a_code("C-EAN", "C-03", shop=ELSEWHERE),
    a_code("Z-EAN", "Z-99"),
    a_code("TWIN", "A-01"),
    a_code("TWIN", "B-02"),
)
TRUTH = {
    **dict.fromkeys((EAN, f"0{EAN}", f"]E0{EAN}", f"010{EAN}10LOT", "A-01", "a-01"), ("A-01", 1)),
    **dict.fromkeys((CASE, f"]I1{CASE}"), ("A-01", 6)),
    **dict.fromkeys(("A-3PACK", "a-3pack"), ("A-01", 3)),
    **dict.fromkeys(("B-EAN", "B-02", " B-02 "), ("B-02", 1)),
    **dict.fromkeys(("C-EAN", "C-03"), ("C-03", 1)),
}
"""Every text of the pool below that means units of something, and how many."""
BENCH = ("OK", "UNDO", "HOLD", "SHORT", "PAUSE", "REPRINT")
COMMANDS = [f"PSCMD{command}" for command in (*BENCH, "BAG", "SEAL", "HANDOVER", "CLOSE")]
OPENERS = ["5771", "5772", "8001", "8002", "5773"]
COPIES = [LIVE_COPY, OLD_COPY, *(copy_code(f"job-{n}") for n in range(1, 5)), "PSP0000000000"]
DOCK = [yt(1), yt(2), yt(3), FOREIGN, "YT9999999999999", "PSBAG01000001", "PSBAG01000002"]
WHOLE = [*TRUTH, *OPENERS, *DOCK, *COMMANDS]
HALVES = sorted(
    ({t[:n] for t in WHOLE for n in range(1, len(t))} | {t[n:] for t in WHOLE for n in range(1, 9)})
    - set(WHOLE)
    - {" B-02", "B-02 "}
    - {f"010{EAN}", f"010{EAN}1", f"010{EAN}10", f"010{EAN}10L", f"010{EAN}10LO"}
)
"""Parts of codes; left out: mere blanks lost, and a GS1 message whose GTIN is still whole."""
RUBBISH = [
    "PSTEST00000001",
    "Z-EAN",
    "TWIN",
    EAN + EAN,
    EAN + CASE,
    "6901234567893",
    "PSTRAY",
    "PSOPR1",
    "\x00",
    "",
    "汉",
]
STRETCHES = [
    ["5771", EAN, EAN, EAN, "B-EAN"],
    ["5771", "A-3PACK", "B-02", yt(1)],
    ["5772", "PSCMDOK", CASE, yt(2)],
    ["5772", "PSCMDOK", "A-3PACK", "A-3PACK", yt(1)],
    ["8001", "C-03", "C-EAN", FOREIGN],
    ["8002", "C-03", "YT9999999999999"],
    ["PSCMDOK", "PSCMDREPRINT", yt(1)],
    ["5771", "A-3PACK", "B-02", "PSCMDREPRINT", OLD_COPY, LIVE_COPY],
    ["PSCMDREPRINT", OLD_COPY, LIVE_COPY],
    ["5771", "A-3PACK", "B-02", "PSCMDREPRINT", yt(1), LIVE_COPY],
    ["PSCMDREPRINT", "PSCMDREPRINT", "PSCMDOK", yt(1), LIVE_COPY],
    ["PSCMDBAG", OLD_COPY, LIVE_COPY],
    ["PSCMDPAUSE", "5771"],
    ["PSCMDBAG", yt(1), yt(2), FOREIGN, "YT9999999999999"],
    ["PSCMDSEAL", "PSCMDHANDOVER", "PSBAG01000001", "PSCMDCLOSE"],
    ["PSBAG01000001", "PSCMDOK", yt(1), "PSCMDOK", yt(1)],
    ["5771", "PSCMDOK", "5771", "A-3PACK", "B-02", yt(2)],
]
"""What a packer does in one go; chance puts them together, cuts in and leaves out."""
ONE_SCAN = st.one_of(
    st.sampled_from(sorted(TRUTH)),
    st.sampled_from([*OPENERS, *DOCK, *COPIES]),
    st.sampled_from(COMMANDS),
    st.sampled_from(HALVES),
    st.sampled_from(RUBBISH),
).map(lambda text: [text])
SCANS = st.lists(
    st.one_of(st.sampled_from(STRETCHES), st.sampled_from(STRETCHES), ONE_SCAN), max_size=20
).map(lambda stretches: [text for stretch in stretches for text in stretch])
PRINTED = [PrintOutcome.CONFIRMED, PrintOutcome.CONFIRMED, PrintOutcome.SENT]
OUTCOMES = st.lists(
    st.sampled_from([*PRINTED, PrintOutcome.FAILED, PrintOutcome.UNKNOWN, PrintOutcome.BLOCKED]),
    min_size=1,
    max_size=6,
)
ENDS = [PrintOutcome.CANCELLED, PrintOutcome.UNKNOWN]
COUNTING = {"MATCH", "LINE_COMPLETE", "ORDER_COMPLETE"}
few = settings(max_examples=40, deadline=None)


@dataclass
class Model:
    """What an attentive onlooker would have counted."""

    steps: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    def counted(self, order: str) -> Counter[str]:
        total: Counter[str] = Counter()
        for sku, units in self.steps.get(order, []):
            total[sku] += units
        return total

    def judge(self, text: str, answer: Answer, before: Station) -> None:
        order = str(before.order_key or "")
        sku, units = TRUTH.get(text, ("", 0))
        room = NEEDED.get(order, Counter())[sku] - self.counted(order)[sku] if units else 0
        free = before.phase is Phase.SCANNING and before.stop is None and not before.message_pending
        verdict = answer.verdict.value
        if verdict in COUNTING:
            assert free, "counted at the wrong time"
            assert 0 < units <= room, f"{text!r} was a false {verdict}"
            self.steps.setdefault(order, []).append((sku, units))
            complete = self.counted(order) == NEEDED[order]
            assert complete is (verdict == "ORDER_COMPLETE")
        elif free and 0 < units <= room:
            raise AssertionError(f"{text!r} was a false {verdict}")
        if verdict == "UNDONE" and before.session is not None:
            self.steps[order].pop()
        if verdict == "SEALED":
            assert self.counted(order) == NEEDED[order], "sealed short"


def meant(house: House, text: str) -> str:
    """Return what is scanned where a text stands for a code on the label in hand."""
    if text not in (LIVE_COPY, OLD_COPY):
        return text
    order = house.station.order_key or next((k for k in reversed(house.labels)), None)
    jobs = [label.job for label in house.labels.get(order, [])] if order else []
    place = 1 if text == LIVE_COPY else 2
    return copy_code(jobs[-place]) if len(jobs) >= place else "PSP0000000000"


def proved(house: House, text: str, before: Station) -> None:
    """A label that was printed here seals by its newest copy that is out, never by an older one."""
    key = before.order_key
    assert key is not None
    out = [x for x in house.labels.get(key, []) if x.outcome not in NOTHING_OUT]
    if not out:
        return
    newest, code = out[-1], read(text)
    assert not newest.spoiled, "sealed by a spoiled label"
    if code.kind is CodeKind.COPY:
        assert code.text == copy_code(newest.job), "sealed by an old copy"
    else:
        assert newest.copy == 1 or not newest.coded, "sealed by the number of a copy"


def a_house(outcomes: list[PrintOutcome]) -> House:
    house = House(*ORDERS, codes=CODES)
    house.messages = {a_key("5772"): ("two boxes, please",)}
    house.printer = lambda effect: outcomes[len(house.paper) % len(outcomes)]
    house.given_up = lambda effect: ENDS[len(house.paper) % 2]
    return house


def held_to_account(house: House) -> None:
    """What must hold after any scan, whatever came before."""
    for key, needed in NEEDED.items():
        counted = house.units_of(a_key(key.partition("/")[2], key.partition("/")[0]))
        assert all(counted[sku] <= needed[sku] for sku in counted)
    for order in house.labels:
        for number in {label.tracking_number for label in house.labels[order]}:
            assert house.labels_on_paper(order, number).count(1) <= 1, "two originals"
        out = house.labels_on_paper(order)
        assert len(out) == len(set(out)), "a copy twice"
    verified = [f.order for f in house.journal if isinstance(f, facts.OrderVerified)]
    sealed = [f.order for f in house.journal if isinstance(f, facts.ParcelSealed)]
    opened = [f.order for f in house.journal if isinstance(f, life_facts.ParcelReopened)]
    for order in sealed:
        assert sealed.count(order) <= 1 + opened.count(order)
    for parcel in house.parcels.values():
        left = parcel.state is ParcelState.HANDED_OVER
        assert not (left and parcel.stale), "a changed parcel left"
    for code, bag in house.bags.items():
        assert sum(p.bag == code for p in house.parcels.values()) == bag.parcels
    station = house.station
    if station.bag is not None:
        assert station.bag.parcels == house.bags[station.bag.code].parcels
    for one in station.handover.bags if station.handover else ():
        assert one.parcels == house.bags[one.code].parcels
    assert set(sealed) <= set(verified)


def way_out(house: House) -> None:
    """A packer with only a scanner always gets an empty table."""
    if house.station.stalled:
        house.scan("PSCMDREPRINT")
    house.scans("PSCMDOK", "PSCMDOK", "PSCMDPAUSE")
    assert house.station.phase in (Phase.IDLE, Phase.PAUSED)
    assert house.station.order_key is None
    assert house.station.stop is None


@few
@given(SCANS, OUTCOMES, st.lists(st.sampled_from([5, 1000, 1000]), min_size=1, max_size=5))
def test_any_shift_is_counted_as_an_onlooker_counts_it(
    scans: list[str], outcomes: list[PrintOutcome], pace_ms: list[int]
) -> None:
    house, model = a_house(outcomes), Model()
    for n, one in enumerate(scans):
        before, text = house.station, meant(house, one)
        answer = house.scan(text, after_ms=pace_ms[n % len(pace_ms)])
        model.judge(text, answer, before)
        if answer.verdict == "SEALED":
            proved(house, text, before)
        held_to_account(house)
        assert answer.phase == house.station.phase or house.station.label is not None
    way_out(house)


@few
@given(st.lists(st.sampled_from(sorted(TRUTH)), max_size=30), st.sampled_from(OPENERS[:4]))
def test_undo_of_all_is_the_beginning(scans: list[str], opener: str) -> None:
    house = a_house([PrintOutcome.FAILED])
    house.scans(opener, "PSCMDOK")
    session = house.station.session
    assert session is not None
    house.scans(*scans, "PSCMDOK")
    while house.scan("PSCMDUNDO").verdict == "UNDONE":
        pass
    assert house.station.session == session
    assert house.station.phase is Phase.SCANNING


@few
@given(SCANS, OUTCOMES)
def test_the_same_events_give_the_same_station(
    scans: list[str], outcomes: list[PrintOutcome]
) -> None:
    house, station = a_house(outcomes), Station()
    for text in scans:
        house.scan(meant(house, text))
    for event in house.events:
        station = decide(station, event, house.rules).station
    assert station == house.station


@dataclass(frozen=True)
class Change:
    """An import changes an order: now, or just when the next code is looked up."""

    order: str
    why_not: WhyNot | None
    at_once: bool
    relabel: bool = False
    """True = the file names another tracking number, so a label made before is void."""


@dataclass(frozen=True)
class Batch:
    """Somebody prints the label of an order ahead."""

    order: str
    outcome: PrintOutcome


POWER_CUT = "power cut"
PAPER_IS_IN = "paper is in"
SPOILED = "spoiled"
ELSEWHERE_MOVES = st.one_of(
    st.just(POWER_CUT),
    st.just(PAPER_IS_IN),
    st.just(SPOILED),
    st.builds(
        Batch,
        st.sampled_from(sorted(NEEDED)),
        st.sampled_from([*PRINTED, *sorted(set(PrintOutcome) - {PrintOutcome.SENDING})]),
    ),
    st.builds(
        Change,
        st.sampled_from(sorted(NEEDED)),
        st.sampled_from([None, None, WhyNot.CANCELLED, WhyNot.CANCEL_REQUESTED, WhyNot.REFUNDED]),
        st.booleans(),
        st.booleans(),
    ),
)


@few
@given(st.lists(st.tuples(SCANS, ELSEWHERE_MOVES), max_size=6), OUTCOMES)
def test_any_shift_with_cancellations_and_power_cuts_stays_honest(
    shifts: list[tuple[list[str], str | Change | Batch]], outcomes: list[PrintOutcome]
) -> None:
    # The house refuses labels, seals and handovers of stopped orders, second bags, double numbers.
    house = a_house(outcomes)
    for move in [move for scans, other in shifts for move in (*scans, other)]:
        if isinstance(move, Change):
            key = OrderKey(move.order)
            changed = partial(change, house, key, move.why_not, move.relabel)
            if move.at_once:
                changed()
            else:
                house.before_found = changed
        elif isinstance(move, Batch):
            house.batch(OrderKey(move.order), move.outcome)
        elif move == PAPER_IS_IN:
            house.go_on()
        elif move == SPOILED:
            spoil(house)
        elif move == POWER_CUT:
            before = house.station
            house.power_cut()
            after, ended = house.station, before.stop is not None and before.stop.ends_order
            known = before.session if ended else after.session  # the changed order is read anew
            label = before.label if ended else after.label
            kept = before.label.after_restart if before.label else None
            was = replace(before, label=before.label if ended else kept)
            assert lasting(replace(after, session=known, label=label)) == lasting(was)
        else:
            now, text = house.station, meant(house, move)
            if house.scan(text).verdict == "SEALED":
                proved(house, text, now)
            house.before_found = lambda: None
        held_to_account(house)
    house.before_found = lambda: None
    way_out(house)


def spoil(house: House) -> None:
    """The newest label of an order that lies nowhere open is torn."""
    keys = [k for k in house.labels if k != house.station.order_key]
    if keys and house.live(keys[-1]) is house.labels[keys[-1]][-1]:
        house.spoil(keys[-1])


def change(house: House, key: OrderKey, why_not: WhyNot | None, relabel: bool) -> None:
    parcel, order = house.parcels.get(key), stopped(house.orders[key], why_not)
    if parcel is not None and parcel.state is ParcelState.HANDED_OVER:
        return  # what left the house is changed no more
    if relabel:
        order = replace(order, tracking_number=yt(900 + order.version))
    house.change(order)
