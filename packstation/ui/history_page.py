"""The history page: what was printed, what was handed over, what the shop's receiver refused."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from packstation.core.status import PrintOutcome, StatusKind
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend, ManifestRow, ParkedRow, PrintRow
from packstation.ui.controls import Button, Card, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import carrier_name, local_time
from packstation.ui.pictures import Picture
from packstation.ui.state_words import OUTCOMES, PAPER_KINDS, STATUSES
from packstation.ui.texts import explain_error

FIRST_ROWS = 200
_KINDS = {kind.value: words for kind, words in PAPER_KINDS.items()}
_BAD = frozenset({PrintOutcome.FAILED, PrintOutcome.UNKNOWN})


class Part(IntEnum):
    """The three lists of the page."""

    PRINTS = 0
    MANIFESTS = 1
    PARKED = 2


class HistoryPage(QWidget):
    """Three lists, one shown; a picture of the chosen print job beside the first two."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make the page with empty lists."""
        super().__init__(parent)
        self._translator = translator
        self._backend = backend
        self._words = {status.value: words for status, words in STATUSES.items()}
        assert set(self._words) == {kind.value for kind in StatusKind}
        self.prints = GridModel[PrintRow](self._print_columns(), translator)
        self.manifests = GridModel[ManifestRow](self._manifest_columns(), translator)
        self.parked = GridModel[ParkedRow](self._parked_columns(), translator)
        self.print_table = GridTable[PrintRow](self.prints, self)
        self.manifest_table = GridTable[ManifestRow](self.manifests, self)
        self.parked_table = GridTable[ParkedRow](self.parked, self)
        self.print_table.selectionModel().selectionChanged.connect(lambda *_: self._preview())
        self.manifest_table.selectionModel().selectionChanged.connect(lambda *_: self._preview())
        self.parked_table.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        self.tabs = [Button(parent=self) for _part in Part]
        for part, tab in zip(Part, self.tabs, strict=True):
            tab.setCheckable(True)
            tab.clicked.connect(lambda _checked=False, part=part: self.show_part(part))
        self.again = Button(weight=Weight.MAIN, parent=self)
        self.again.clicked.connect(self._send_again)
        self.send = Button(parent=self)
        self.send.clicked.connect(backend.sync_now)
        self._said = Label(0.9, colour=style.MUTED, wraps=True)
        self.picture = Picture(self)
        self.picture.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._stack = QStackedWidget(self)
        for table in (self.print_table, self.manifest_table, self.parked_table):
            self._stack.addWidget(table)
        self._lay_out()
        self.rescale()
        self.retranslate()
        self.show_part(Part.PRINTS)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for tab in self.tabs:
            top.addWidget(tab)
        top.addStretch(1)
        top.addWidget(self.again)
        top.addWidget(self.send)
        card = Card(parent=self)
        self._sheet = QVBoxLayout(card)
        self._sheet.addWidget(self._said)
        row = QHBoxLayout()
        row.addWidget(self._stack, 5)
        row.addWidget(self.picture, 2)
        self._sheet.addLayout(row, 1)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.addLayout(top)
        self._outer.addWidget(card, 1)

    def _print_columns(self) -> tuple[Column[PrintRow], ...]:
        return (
            Column(_("Time"), lambda row: local_time(row.requested_at), 150),
            Column(
                _("Paper"), lambda row: self._translator.text(_KINDS.get(row.kind, row.kind)), 150
            ),
            Column(_("For"), lambda row: row.subject, 0),
            Column(_("Copy"), lambda row: str(row.copy), 70, right=True),
            Column(
                _("Outcome"),
                lambda row: self._translator.text(OUTCOMES[row.outcome]),
                260,
                ink=lambda row: style.RED if row.outcome in _BAD else None,
            ),
        )

    def _manifest_columns(self) -> tuple[Column[ManifestRow], ...]:

        def receipt(row: ManifestRow) -> str:
            return (
                self._translator.text(OUTCOMES[row.receipt_outcome]) if row.receipt_outcome else "—"
            )

        return (
            Column(_("Closed"), lambda row: local_time(row.closed_at), 150),
            Column(_("Manifest"), lambda row: row.number, 170),
            Column(
                _("Carrier"),
                lambda row: carrier_name(self._backend.carriers, row.carrier, self._translator),
                0,
            ),
            Column(_("Bags"), lambda row: str(row.bags), 80, right=True),
            Column(_("Parcels"), lambda row: str(row.parcels), 100, right=True),
            Column(
                _("Receipt"),
                receipt,
                240,
                ink=lambda row: style.RED if row.receipt_outcome in _BAD else None,
            ),
        )

    def _parked_columns(self) -> tuple[Column[ParkedRow], ...]:
        return (
            Column(_("Since"), lambda row: local_time(row.parked_at), 150),
            Column(_("Order"), lambda row: row.order.partition("/")[2], 250),
            Column(
                _("What"),
                lambda row: self._translator.text(self._words.get(row.kind, row.kind)),
                260,
            ),
            Column(_("Why it was refused"), lambda row: row.reason, 0, ink=lambda _row: style.RED),
            Column(_("Behind it"), lambda row: str(row.waiting), 110, right=True),
        )

    @property
    def part(self) -> Part:
        """The list that is shown."""
        return Part(self._stack.currentIndex())

    def show_part(self, part: Part) -> None:
        """Show one of the lists."""
        self._stack.setCurrentIndex(part)
        for index, tab in enumerate(self.tabs):
            tab.setChecked(index == part)
        self.picture.setVisible(part is not Part.PARKED)
        self.again.setVisible(part is Part.PARKED)
        self.send.setVisible(part is Part.PARKED)
        self._preview()
        self._enable()
        self._say()

    def refresh(self) -> None:
        """Ask for all three lists."""

        def prints(answer: tuple[PrintRow, ...] | PackStationError) -> None:
            if not isinstance(answer, PackStationError):
                self.prints.show_rows(answer)
                self._say()

        def manifests(answer: tuple[ManifestRow, ...] | PackStationError) -> None:
            if not isinstance(answer, PackStationError):
                self.manifests.show_rows(answer)
                self._say()

        def parked(answer: tuple[ParkedRow, ...] | PackStationError) -> None:
            if not isinstance(answer, PackStationError):
                self.parked.show_rows(answer)
                self._say()

        self._backend.print_jobs(FIRST_ROWS, prints)
        self._backend.manifests(FIRST_ROWS, manifests)
        self._backend.parked(parked)

    def _say(self) -> None:
        empty = {
            Part.PRINTS: (self.prints.rows, self._translator.text("Nothing has been printed yet.")),
            Part.MANIFESTS: (
                self.manifests.rows,
                self._translator.text("Nothing has been handed over yet."),
            ),
            Part.PARKED: (self.parked.rows, self._translator.text("The shop has refused nothing.")),
        }
        rows, words = empty[self.part]
        self._said.setText("" if rows else words)
        self._said.setVisible(not rows)

    def _preview(self) -> None:
        job: str | None = None
        if self.part is Part.PRINTS and (print_row := self.print_table.chosen) is not None:
            job = print_row.job
        if self.part is Part.MANIFESTS and (manifest := self.manifest_table.chosen) is not None:
            job = manifest.receipt_job
        if job is None:
            self.picture.show_text(self._translator.text("Choose a line to see its paper."))
            return

        def show(answer: bytes | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self.picture.show_text(explain_error(answer, self._translator).sentence)
            else:
                self.picture.show_png(answer)

        self._backend.preview(job, show)

    def _enable(self) -> None:
        self.again.setEnabled(self.parked_table.chosen is not None)

    def _send_again(self) -> None:
        row = self.parked_table.chosen
        if row is None:
            return

        def said(answer: PackStationError | None) -> None:
            if isinstance(answer, PackStationError):
                self._said.setText(explain_error(answer, self._translator).sentence)
                self._said.show()
            else:
                self.refresh()

        self._backend.retry_parked(row.event_id, said)

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        words = (
            self._translator.text("Printed"),
            self._translator.text("Handed over"),
            self._translator.text("Refused by the shop"),
        )
        for tab, word in zip(self.tabs, words, strict=True):
            tab.setText(word)
            tab.updateGeometry()
        self.again.setText(self._translator.text("Send again"))
        self.send.setText(self._translator.text("Send all now"))
        for model in (self.prints, self.manifests, self.parked):
            model.retranslate()
        if self.picture.empty:
            self._preview()
        self._say()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 12)
        self._sheet.setContentsMargins(margin, margin, margin, margin)
        self._outer.setSpacing(margin)
        for table in (self.print_table, self.manifest_table, self.parked_table):
            table.rescale()
