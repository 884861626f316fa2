"""Checking the units of one order by scans: the heart of the station, pure arithmetic.

Counts never exceed the order; whatever cannot be proved is a stop.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from packstation.core.catalog import ProductCode
from packstation.core.codes import Code, comparable, folded
from packstation.core.orders import LineKey, Order, OrderLine, Sku
from packstation.core.status import Reason, Verdict


@dataclass(frozen=True, slots=True)
class ScanStep:
    """One accepted scan: what it added to which lines. Undo takes the last one back."""

    units: tuple[tuple[LineKey, int], ...]
    """Line and units; a pack barcode may fill two lines of one SKU."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a code means inside one order."""

    verdict: Verdict
    line: OrderLine
    """The line just touched, or the one that is full."""
    reason: Reason | None = None
    step: ScanStep | None = None
    """Set when units are counted."""
    repaired: bool = False
    """True when only case or width of letters was put right to find the code."""


@dataclass(frozen=True, slots=True)
class VerificationSession:
    """An open order and what has been scanned of it."""

    order: Order
    codes: tuple[ProductCode, ...]
    """Every product code of the order's SKUs, and every other SKU's claim on the same codes."""
    history: tuple[ScanStep, ...] = ()

    def scanned(self, line: LineKey) -> int:
        """Units scanned of a line."""
        return sum(n for step in self.history for key, n in step.units if key == line)

    @property
    def missing(self) -> int:
        """Units still to scan."""
        done = sum(n for step in self.history for _, n in step.units)
        return self.order.units - done

    @property
    def complete(self) -> bool:
        """True when every unit is there."""
        return self.missing == 0

    @property
    def sound(self) -> bool:
        """False when what was counted cannot be of these lines: the order was another then."""
        known = {line.line_key for line in self.order.lines}
        return all(n > 0 and key in known for step in self.history for key, n in step.units) and (
            all(self.scanned(line.line_key) <= line.quantity for line in self.order.lines)
        )

    def with_step(self, step: ScanStep) -> VerificationSession:
        """Return the session after one more accepted scan."""
        return replace(self, history=(*self.history, step))

    def without_last(self) -> VerificationSession:
        """Return the session with the last accepted scan taken back."""
        return replace(self, history=self.history[:-1])


def identity(line: OrderLine) -> Sku:
    """Return what tells a line's product from others: its SKU, or the line itself without one.

    Two lines without a SKU are two products, never one.
    """
    return line.sku or Sku(f"\x00{line.line_key}")


def _claims(session: VerificationSession, code: Code) -> tuple[set[tuple[Sku, int]], bool]:
    """Return (SKU, units) pairs that a code stands for, and whether its letters were repaired."""
    wanted = {code.key, code.text}
    table: dict[str, set[tuple[Sku, int]]] = {}
    for entry in session.codes:
        table.setdefault(entry.code, set()).add((entry.sku, entry.units))
    for line in session.order.lines:
        if line.barcode:
            table.setdefault(comparable(line.barcode), set()).add((identity(line), 1))
    # A SKU's own text is a product code too; a printed code of that text for the same SKU goes
    # first (it may stand for a pack), one for another SKU makes the text ambiguous.
    for line in session.order.lines:
        if line.sku:
            key = comparable(line.sku)
            if key not in table or any(sku != line.sku for sku, _ in table[key]):
                table.setdefault(key, set()).add((line.sku, 1))
    exact = {claim for text in wanted for claim in table.get(text, ())}
    if exact:
        return exact, False
    soft = {folded(text) for text in (*wanted, comparable(folded(code.text)))}
    near = [text for text in table if folded(text) in soft]
    if len(near) == 1:
        return table[near[0]], True
    return {claim for text in near for claim in table[text]}, bool(near)


def read_in_order(session: VerificationSession, code: Code) -> Reading | None:
    """Say what a code means for the open order; None when no line of it has that code.

    Args:
        session: The open order.
        code: A plain code.
    """
    claims, repaired = _claims(session, code)
    if not claims:
        return None
    skus = {sku for sku, _ in claims}
    lines = tuple(line for line in session.order.lines if identity(line) in skus)
    if not lines:
        return None
    if len(claims) > 1:
        return Reading(Verdict.AMBIGUOUS_CODE, lines[0], Reason.SEVERAL_PRODUCTS)
    ((_, units),) = claims
    return _count(session, lines, units, repaired=repaired)


def _count(
    session: VerificationSession, lines: tuple[OrderLine, ...], units: int, *, repaired: bool
) -> Reading:
    room = [(line, line.quantity - session.scanned(line.line_key)) for line in lines]
    left = sum(free for _, free in room)
    if left == 0:
        return Reading(Verdict.OVER_QUANTITY, lines[-1], Reason.LINE_FULL, repaired=repaired)
    if units > left:
        line = next(line for line, free in room if free)
        return Reading(Verdict.OVER_QUANTITY, line, Reason.PACK_TOO_LARGE, repaired=repaired)
    taken: list[tuple[LineKey, int]] = []
    touched = lines[0]
    for line, free in room:
        part = min(free, units)
        if part:
            taken.append((line.line_key, part))
            units -= part
            touched = line
    step = ScanStep(tuple(taken))
    after = session.with_step(step)
    if after.complete:
        verdict = Verdict.ORDER_COMPLETE
    elif after.scanned(touched.line_key) == touched.quantity:
        verdict = Verdict.LINE_COMPLETE
    else:
        verdict = Verdict.MATCH
    return Reading(verdict, touched, step=step, repaired=repaired)
