"""The desk's files out: shipments, exports, carrier sheets, waves and pick lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app.desk_rooms import DeskRooms
from packstation.app.intake import ImportHandle
from packstation.core.order_query import OrderQuery
from packstation.core.orders import CarrierCode, OrderKey, ShopKey
from packstation.core.sheets import LeftOut
from packstation.errors import PackStationError
from packstation.ui.backend import Reply
from packstation.ui.backend_orders import FileReport

if TYPE_CHECKING:
    from packstation.store.opening import OpenStore


def _left(found: Sequence[LeftOut]) -> tuple[tuple[OrderKey, str], ...]:
    return tuple((one.order, one.why) for one in found)


class FileDesk(DeskRooms):
    """Satisfies ``ui.backend_orders.FilesOut``; files are written in the room of the imports."""

    def ship_file(
        self, shop: ShopKey, path: Path, template: Path | None, reply: Reply[FileReport]
    ) -> None:
        """Write a batch of proved shipments for the shop's platform."""
        house = self._house

        def work() -> FileReport:
            from packstation.app.sheets import export_shipments

            found = export_shipments(house, shop, path, template=template)
            batch = found.batch
            return FileReport(
                (path,), len(batch.rows), _left(found.left), found.waiting, batch.batch
            )

        self._do(self._imports, work, reply)

    def shipment_results(self, batch: str, path: Path, reply: Reply[FileReport]) -> None:
        """Take what the platform said of a batch; without a name, of the newest one."""
        house = self._house

        def work() -> FileReport:
            from packstation.app.sheets import take_results
            from packstation.core.sheets import RowState
            from packstation.store.sheet_reads import batches

            name = batch
            if not name:
                known = house.call(lambda: batches(house.store.db, 1))
                if not known:
                    raise PackStationError(
                        "sheets.no_such_batch",
                        "No batch was written yet.",
                        fix="Write the shipments first.",
                        batch="",
                    )
                name = known[0].batch
            found = take_results(house, name, path)
            rows = found.batch.rows
            failed = [(row.order, row.said) for row in rows if row.state is RowState.FAILED]
            done = sum(row.state is RowState.DONE for row in rows)
            return FileReport((path,), done, tuple(failed), batch=found.batch.batch)

        self._do(self._imports, work, reply)

    def export_orders(
        self,
        query: OrderQuery,
        path: Path,
        rows: int | None,
        with_recipients: bool,
        progress: Callable[[int], None],
        reply: Reply[FileReport],
    ) -> ImportHandle:
        """Export what a query finds."""
        house, handle = self._house, ImportHandle()

        def work() -> FileReport:
            from packstation.app.order_exports import export_to_files

            found = export_to_files(
                house,
                query,
                path,
                chinese=house.language.startswith("zh"),
                rows=rows,
                with_recipients=with_recipients,
                progress=lambda done: self._deliver(lambda: progress(done)),
                cancelled=handle.cancelled.is_set,
            )
            return FileReport(found.files, found.orders)

        self._do(self._imports, work, reply)
        return handle

    def carrier_sheet(self, carrier: CarrierCode, path: Path, reply: Reply[FileReport]) -> None:
        """Write orders that need a number, with recipients in clear."""
        house = self._house

        def work() -> FileReport:
            from packstation.app.carrier_sheets import write_carrier_sheet

            chinese = house.language.startswith("zh")
            found = write_carrier_sheet(house, carrier, path, chinese=chinese)
            sheet = found.sheet
            return FileReport((path,), len(sheet.orders), _left(found.left), batch=sheet.sheet)

        self._do(self._imports, work, reply)

    def carrier_numbers(self, sheet: str, path: Path, reply: Reply[FileReport]) -> None:
        """Take the numbers that came back for a sheet; without a name, the newest open one."""
        house = self._house

        def work() -> FileReport:
            from packstation.app.carrier_sheets import take_carrier_numbers
            from packstation.store.sheet_reads import carrier_sheets

            name = sheet
            if not name:
                known = house.call(lambda: carrier_sheets(house.store.db))
                waiting = [one for one in known if not one.ended]
                if not waiting:
                    raise PackStationError(
                        "sheets.no_such_sheet",
                        "No carrier sheet waits for numbers.",
                        fix="Write a sheet for the carrier first.",
                        sheet="",
                    )
                name = max(waiting, key=lambda one: one.sheet).sheet
            found = take_carrier_numbers(house, name, path)
            refused = tuple(
                (row.order or OrderKey(f"/{row.row}"), row.word.value)
                for row in found.match.refused
            )
            return FileReport((path,), found.taken, refused, batch=name)

        self._do(self._imports, work, reply)

    def make_wave(self, orders: Sequence[OrderKey], reply: Reply[FileReport]) -> None:
        """Put orders into a wave."""
        house = self._house

        def work() -> FileReport:
            from packstation.app.waves import make_wave

            size = max(1, len(orders))
            made = house.call(lambda: make_wave(house, OrderQuery(), keys=orders, size=size))
            return FileReport((), len(made.wave.orders), _left(made.left), batch=made.wave.wave)

        self._do(self._room, work, reply)

    def pick_list_of(
        self, orders: Sequence[OrderKey], path: Path, total: bool, reply: Reply[FileReport]
    ) -> None:
        """Write a pick list as PDF."""
        house = self._house

        def read(store: OpenStore) -> FileReport:
            from packstation.app.pick_lists import load_walk, write_pick_list
            from packstation.printing.pick_list import PickPlan

            plan = PickPlan(total=total, walk=load_walk(house.data))
            head = house.letterhead()
            found = write_pick_list(head, house.rules, store, path, plan=plan, keys=orders)
            return FileReport((path,), len(found.orders), _left(found.left))

        self._ask(read, reply)
