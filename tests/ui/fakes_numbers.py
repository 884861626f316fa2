"""The part of the fake backend that knows tracking numbers."""

from __future__ import annotations

from pathlib import Path

from packstation.core.number_runs import preview, run_of
from packstation.core.number_stock import PoolStock, RunCheck
from packstation.core.orders import CarrierCode
from packstation.core.status import NumberState
from packstation.errors import PackStationError
from packstation.ui.backend import NumberBlock, NumberListReport, NumberRow, Reply
from tests.builders import CARRIERS


class FakeNumbers:
    """Answers at once; keeps what it was told."""

    stock: tuple[PoolStock, ...] = ()
    marked: tuple[tuple[tuple[str, ...], NumberState, str], ...] = ()

    def number_stock(self, reply: Reply[tuple[PoolStock, ...]]) -> None:
        reply(self.stock)

    def preview_numbers(
        self, carrier: CarrierCode, first: str, count: int, reply: Reply[RunCheck]
    ) -> None:
        try:
            told = preview(run_of(next(c for c in CARRIERS if c.code == carrier), first, count))
        except PackStationError as error:
            reply(error)
            return
        known = ((told.first, "USED"),) if told.first.endswith("9") else ()
        reply(RunCheck(told, len(known), known, 3, None))

    def add_numbers(
        self, carrier: CarrierCode, first: str, count: int, pool: str, reply: Reply[NumberBlock]
    ) -> None:
        if not first:
            reply(PackStationError("numbers.does_not_fit", "No.", number=first, carrier=carrier))
            return
        self.stock = (*self.stock, PoolStock(pool, carrier, count, 0, 0, 0, 0, None, None, False))
        reply(NumberBlock(carrier, first, first, 0, count))

    def import_numbers(
        self,
        carrier: CarrierCode,
        path: Path,
        pool: str,
        skip_refused: bool,
        reply: Reply[NumberListReport],
    ) -> None:
        refused = (NumberRow(3, "damaged_id", "1.2E+12"), NumberRow(5, "known", "YT1"))
        reply(NumberListReport(7 if skip_refused else 0, 7, refused))

    def mark_numbers(
        self,
        carrier: CarrierCode,
        numbers: tuple[str, ...],
        state: NumberState,
        reason: str,
        reply: Reply[None],
    ) -> None:
        if not reason:
            reply(PackStationError("numbers.no_reason", "No."))
            return
        self.marked = (*self.marked, (numbers, state, reason))
        reply(None)
