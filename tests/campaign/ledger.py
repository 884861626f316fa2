"""The beliefs of one shift: every state that the answers allow the station to be in.

A flushed answer leaves one; a scan whose answer was cut off leaves two, with and without it. Each
later answer strikes out what it contradicts, and an answer that fits no belief is a finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tests.campaign.model import COMPLETE, Answer, State, beginning, follow
from tests.campaign.shop import Shop


@dataclass(frozen=True)
class Finding:
    """Something acknowledged that is not there, or is there twice."""

    kind: str
    """lost, doubled or wrong."""
    text: str


def distinct(states: Iterable[State]) -> list[State]:
    """Return states without repetitions; no scan tells apart what differs in its doubts alone."""
    kept: list[State] = []
    for state in states:
        same = next((one for one in kept if replace(one, doubtful=state.doubtful) == state), None)
        if same is None:
            kept.append(state)
        else:
            same.doubtful |= state.doubtful
    return kept


class Ledger:
    """The beliefs of one shift."""

    REMEMBERED = 6
    """Older states kept, to tell a loss from another mistake."""

    def __init__(self, shop: Shop) -> None:
        self.beliefs = [beginning(shop)]
        self.older: list[State] = []

    @property
    def state(self) -> State:
        """The first belief; the only one where nothing was cut off."""
        return self.beliefs[0]

    def acknowledge(self, answer: Answer) -> Finding | None:
        """Take a flushed answer; return what is wrong with it."""
        scan = answer["scan"]
        told = [(follow(state, scan), state) for state in self.beliefs]
        left, why = [], []
        for (expected, after), _ in told:
            problem = expected.differs(answer) or self._learn(after, answer)
            if problem is None:
                left.append(after)
            else:
                why.append(problem)
        if left:
            self.older = [*self.older, *self.beliefs][-self.REMEMBERED :]
            self.beliefs = distinct(left)
            return None
        return Finding(self._kind(answer), f"{scan}: {'; or '.join(why)}")

    def cut_off(self, scan: str) -> None:
        """Take note of a scan that was sent and not answered: it may count or not."""
        more = []
        for state in self.beliefs:
            _, after = follow(state, scan)
            if after.phase in COMPLETE and after.current and scan != "PSCMDOK":
                after.doubtful.add(after.current)
                if scan == "PSCMDREPRINT":
                    state.doubtful.add(after.current)
            more.append(after)
        self.beliefs = distinct([*self.beliefs, *more])

    def teach_numbers(self, numbers: dict[str, str]) -> Finding | None:
        """Take the numbers of labels from the print journal."""
        for state in self.beliefs:
            for order_id, number in numbers.items():
                packing = state.packing[order_id]
                if packing.number not in (None, number):
                    return Finding("doubled", f"{order_id} has {packing.number} and {number}")
                packing.number = number
        return None

    def teach_copies(self, codes: dict[str, tuple[str, int]]) -> Finding | None:
        """Take the newest copy of each label, and its codes, from the print journal.

        Args:
            codes: Order and copy by copy code, of every copy of which a byte may have left.
        """
        newest: dict[str, int] = {}
        for order_id, copy in codes.values():
            newest[order_id] = max(copy, newest.get(order_id, 0))
        for order_id, copy in newest.items():
            least = min(state.packing[order_id].copy for state in self.beliefs)
            most = max(state.packing[order_id].copy for state in self.beliefs)
            if not least <= copy <= most:
                kind = "lost" if copy < least else "doubled"
                return Finding(kind, f"{order_id} has {copy} copies instead of {least} to {most}")
        for state in self.beliefs:
            state.codes |= codes
            for order_id, copy in newest.items():
                state.packing[order_id].copy = copy
        self.beliefs = distinct(self.beliefs)
        return None

    def _learn(self, after: State, answer: Answer) -> str | None:
        if answer["verdict"] in ("ORDER_COMPLETE", "REPRINTED"):
            packing = after.packing[answer["order"]]
            shown = [it for it in answer["effects"] if it["kind"] == "PrintLabel"]
            if len(shown) != 1:
                return f"{len(shown)} labels ordered at once"
            if packing.number not in (None, shown[0]["tracking_number"]):
                return f"label {shown[0]['tracking_number']} instead of {packing.number}"
            owner = after.order_of_number(shown[0]["tracking_number"])
            if owner not in (None, answer["order"]):
                return f"number {shown[0]['tracking_number']} belongs to {owner} already"
            packing.number = shown[0]["tracking_number"]
            if shown[0]["copy"] not in (packing.copy, packing.copy - 1):
                return f"copy {shown[0]['copy']} instead of {packing.copy}"
            packing.copy = shown[0]["copy"]
            if answer["verdict"] == "ORDER_COMPLETE" and shown[0]["copy"] != 1:
                return f"the original is copy {shown[0]['copy']}"
        if answer["verdict"] in ("BAG_OPENED", "BAGGED") and after.bag is not None:
            code = answer["bag"]
            if answer["verdict"] == "BAG_OPENED" and any(bag.code == code for bag in after.bags):
                return f"bag {code} was opened twice"
            after.bag.code = code
        if answer["verdict"] == "BAG_SEALED":
            for bag in after.bags:
                bag.code = bag.code or answer["bag"]
        return None

    def _kind(self, answer: Answer) -> str:
        scan = answer["scan"]
        if any(follow(state, scan)[0].differs(answer) is None for state in self.older):
            return "lost"
        now = [follow(state, scan)[0] for state in self.beliefs]
        units = [it.missing for it in now if it.missing is not None]
        missing = answer.get("missing")
        if units and missing is not None:
            if missing > max(units):
                return "lost"
            if missing < min(units):
                return "doubled"
        return "wrong"

    def settles(self, scan: str) -> bool:
        """Tell whether the answer to a scan leaves one belief only."""
        expected = [follow(state, scan)[0] for state in self.beliefs]
        return len(set(expected)) == len(expected)

    def probe(self, cut_off: Iterable[str]) -> str | None:
        """Return a scan that tells the beliefs apart; None when there is one only."""
        if len(self.beliefs) == 1:
            return None
        orders = [state.current for state in self.beliefs if state.current]
        if all(state.phase != "HANDOVER" for state in self.beliefs):
            orders += [key for bag in self.state.bags for key in bag.orders]
        codes = [bag.code for bag in self.state.bags if bag.code]
        asked = [*orders, *cut_off, "PSCMDSEAL", "PSCMDCLOSE", *codes, "PSCMDOK"]
        return next((scan for scan in asked if self.settles(scan)), None)
