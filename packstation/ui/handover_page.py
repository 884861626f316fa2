"""The handover page: bags of the dock, the count for the courier, and the receipt."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from packstation.core.station import OpenHandover, Station
from packstation.core.status import BagState, Phase
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.ask_dialogs import AskDialog
from packstation.ui.backend import Backend, BagRow
from packstation.ui.controls import Button, Card, FittedText, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import carrier_name
from packstation.ui.receipt_panel import ReceiptPanel
from packstation.ui.state_words import BAG_STATES


class DriverDialog(QDialog):
    """Takes the courier's name; a dialog of its own, so that an input method may be used."""

    def __init__(self, translator: Translator, name: str, parent: QWidget) -> None:
        """Show the name that is set."""
        super().__init__(parent)
        self.setWindowTitle(translator.text("Courier's driver"))
        self.field = QLineEdit(name, self)
        style.sized(self.field, 1.2)
        self.field.setMaxLength(40)
        ask = Label(1.0)
        ask.setText(translator.text("Name of the driver, as it stands on the receipt"))
        keep = Button(weight=Weight.MAIN, parent=self)
        keep.setText(translator.text("Keep"))
        keep.clicked.connect(self.accept)
        self.field.returnPressed.connect(self.accept)
        column = QVBoxLayout(self)
        column.addWidget(ask)
        column.addWidget(self.field)
        column.addWidget(keep, alignment=Qt.AlignmentFlag.AlignRight)
        style.resize_fonts(self, parent.font().pixelSize())


class HandoverPage(QWidget):
    """Shows bags and the open count; everything is done by scans or by the command buttons."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make the page with no bag."""
        super().__init__(parent)
        self._translator = translator
        self._backend = backend
        self._station = Station()
        self._bags: tuple[BagRow, ...] = ()
        self._driver = ""
        self._place = ""
        self._manifest: str | None = None
        self._head = Label(1.3, bold=True, wraps=True)
        self._totals = FittedText(1.7, style.GREEN)
        self._hint = Label(0.9, colour=style.MUTED, wraps=True)
        self.driver = Button(parent=self)
        self.driver.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.driver.clicked.connect(self._ask_driver)
        self.place = Button(parent=self)
        self.place.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.place.clicked.connect(self._ask_place)
        self.model = GridModel[BagRow](self._columns(), translator)
        self.table = GridTable[BagRow](self.model, self)
        self.receipt = ReceiptPanel(translator, backend, self)
        self._empty = Label(1.1, colour=style.MUTED, wraps=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body = QStackedWidget(self)
        for page in (self._empty, self.table, self.receipt):
            self._body.addWidget(page)
        card = Card(parent=self)
        top = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._head)
        words.addWidget(self._hint)
        top.addLayout(words, 1)
        top.addWidget(self.place, alignment=Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.driver, alignment=Qt.AlignmentFlag.AlignTop)
        self._sheet = QVBoxLayout(card)
        self._sheet.addLayout(top)
        self._sheet.addWidget(self._totals)
        self._sheet.addWidget(self._body, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)
        self._top = top
        self.rescale()
        self.retranslate()

    def _columns(self) -> tuple[Column[BagRow], ...]:

        def name(row: BagRow) -> str:
            return carrier_name(self._backend.carriers, row.carrier, self._translator)

        def state(row: BagRow) -> str:
            if row.code in self._counted():
                return self._translator.text("Counted")
            return self._translator.text(BAG_STATES[row.state])

        return (
            Column(_("Bag"), lambda row: row.code, 210),
            Column(_("Carrier"), name, 170),
            Column(_("Parcels"), lambda row: str(row.parcels), 110, right=True),
            Column(
                _("State"),
                state,
                150,
                ink=lambda row: style.GREEN if row.code in self._counted() else None,
            ),
            Column(_("Last parcels"), lambda row: ", ".join(row.last[:4]), 0),
        )

    def _counted(self) -> frozenset[str]:
        handover = self._station.handover
        return frozenset(bag.code for bag in handover.bags) if handover else frozenset()

    def show_station(self, station: Station) -> None:
        """Show the current bag and the open count."""
        changed = (station.handover, station.bag, station.phase) != (
            self._station.handover,
            self._station.bag,
            self._station.phase,
        )
        self._station = station
        if station.phase is Phase.HANDOVER and self._manifest is not None:
            self._manifest = None
        if changed:
            self._refresh()

    def show_bags(self, answer: tuple[BagRow, ...] | PackStationError) -> None:
        """Show bags that have not left."""
        if not isinstance(answer, PackStationError):
            self._bags = answer
            self._refresh()

    def show_closed(self, manifest: str) -> None:
        """Show the receipt of the handover that has just been closed."""
        self._manifest = manifest
        self._driver = ""
        self._place = ""
        self.receipt.show_manifest(manifest)
        self._refresh()

    def paper_came(self) -> None:
        """Look at the receipt again: its print job has ended."""
        if self._manifest is not None:
            self.receipt.refresh()

    def _ask_driver(self) -> None:
        dialog = DriverDialog(self._translator, self._driver, self.window())

        def keep() -> None:
            self._driver = dialog.field.text().strip()
            self._backend.set_driver(self._driver)
            self._refresh()

        dialog.accepted.connect(keep)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _ask_place(self) -> None:
        dialog = AskDialog(
            self._translator.text("Where are the parcels handed over?"),
            "",
            [(place, place) for place in self._backend.drop_offs],
            self._translator,
            self.window(),
        )

        def keep(place: str) -> None:
            self._place = place
            self._backend.set_drop_off(place)
            self._refresh()

        dialog.answered.connect(keep)
        dialog.open()

    def _refresh(self) -> None:
        station = self._station
        handover = station.handover
        self.place.setVisible(handover is not None and bool(self._backend.drop_offs))
        self.place.setText(self._place or self._translator.text("Place of handover"))
        self.place.updateGeometry()
        self.driver.setVisible(handover is not None)
        self.driver.setText(
            self._translator.text("Driver: {name}", name=self._driver)
            if self._driver
            else self._translator.text("Driver's name")
        )
        self.driver.updateGeometry()
        if self._manifest is not None and handover is None:
            self._head.setText(
                self._translator.text("Handover {manifest} is closed", manifest=self._manifest)
            )
            self._hint.setText(self._translator.text("Let the courier sign the receipt."))
            self._totals.hide()
            self._body.setCurrentWidget(self.receipt)
            return
        self._totals.show()
        if handover is not None:
            self._show_count(handover)
        else:
            self._show_dock()
        counted = self._counted()
        order = sorted(self._bags, key=lambda row: (row.code in counted, row.state.value, row.code))
        self.model.show_rows(order)
        self.model.retranslate()
        self._body.setCurrentWidget(self.table if self._bags else self._empty)

    def _show_count(self, handover: OpenHandover) -> None:
        who = carrier_name(self._backend.carriers, handover.carrier, self._translator)
        if self._station.phase is Phase.HANDOVER:
            head = self._translator.text("Counting for {carrier}", carrier=who)
            hint = self._translator.text(
                "Scan each sealed bag, then CLOSE. A bag of another carrier is refused."
            )
        else:
            head = self._translator.text("Handover paused: {carrier}", carrier=who)
            hint = self._translator.text("Scan HANDOVER to go on counting.")
        self._head.setText(head)
        self._hint.setText(hint)
        self._totals.setText(
            self._translator.text(
                "Bags: {bags}  Parcels: {parcels}",
                bags=len(handover.bags),
                parcels=handover.parcels,
            )
        )

    def _show_dock(self) -> None:
        bag = self._station.bag
        sealed = [row for row in self._bags if row.state is BagState.SEALED]
        if bag is not None:
            who = carrier_name(self._backend.carriers, bag.carrier, self._translator)
            self._head.setText(
                self._translator.text("Bag {bag} is open", bag=f"{bag.code} · {who}")
            )
            self._hint.setText(
                self._translator.text("Scan the labels of sealed parcels, then SEAL.")
            )
            self._totals.setText(self._translator.text("Parcels: {parcels}", parcels=bag.parcels))
        else:
            self._head.setText(self._translator.text("Bags"))
            self._hint.setText(
                self._translator.text("Scan BAG to open one, HANDOVER to count the sealed ones.")
            )
            self._totals.setText(
                self._translator.text(
                    "Sealed bags: {bags}  Parcels: {parcels}",
                    bags=len(sealed),
                    parcels=sum(row.parcels for row in sealed),
                )
            )

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        self._empty.setText(
            self._translator.text("No bag waits. Scan BAG, then the labels of sealed parcels.")
        )
        self.receipt.retranslate()
        self._refresh()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 16)
        self._sheet.setContentsMargins(margin, margin, margin, margin)
        self._sheet.setSpacing(margin // 2)
        self._top.setSpacing(margin)
        self.table.rescale()
