"""An import as it runs and as it ended: progress with cancel, counts, and every refused row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from packstation.core.orders import RefusedRow, ShopKey
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend, Cancel, ImportReport
from packstation.ui.controls import Button, Card, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.mapping_wizard import MappingWizard
from packstation.ui.names import row_words
from packstation.ui.texts import explain_error

MOST_ROWS = 500
"""Refused rows shown; the sum tells of the others."""


class ImportPanel(Card):
    """Hidden until the first import; stays until it is put away."""

    ended = Signal()
    """An import ended, well or not."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make a hidden panel."""
        super().__init__(style.ACCENT, parent)
        self._translator = translator
        self._backend = backend
        self._cancel: Cancel | None = None
        self._say: Callable[[], tuple[str, str]] = lambda: ("", "")
        self._head = Label(1.2, bold=True, wraps=True)
        self._detail = Label(0.9, colour=style.MUTED, wraps=True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._button = Button(parent=self)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self._press)
        self.set_up = Button(weight=Weight.MAIN, parent=self)
        self.set_up.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.set_up.clicked.connect(self._open_wizard)
        self.set_up.hide()
        self._last: tuple[tuple[Path, ...], ShopKey] | None = None
        self.model = GridModel[RefusedRow](self._columns(), translator)
        self.table = GridTable[RefusedRow](self.model, self, row_px=60)
        self.table.setMinimumHeight(120)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._head)
        words.addWidget(self._detail)
        top = QHBoxLayout()
        top.addLayout(words, 1)
        top.addWidget(self.set_up, alignment=Qt.AlignmentFlag.AlignTop)
        top.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignTop)
        self._sheet = QVBoxLayout(self)
        self._sheet.addLayout(top)
        self._sheet.addWidget(self._bar)
        self._sheet.addWidget(self.table, 1)
        self.rescale()
        self.hide()

    def _columns(self) -> tuple[Column[RefusedRow], ...]:
        said = self._translator
        return (
            Column(_("File"), lambda row: row.file, 210),
            Column(_("Row"), lambda row: str(row.row), 64, right=True),
            Column(_("Why it was refused"), lambda row: row_words(row.reason, said)[0], 270),
            Column(_("What was wrong"), lambda row: row.detail, 210),
            Column(_("What to do"), lambda row: row_words(row.reason, said)[1], 0),
        )

    @property
    def running(self) -> bool:
        """Whether an import runs."""
        return self._cancel is not None

    def start(self, paths: Sequence[Path], shop: ShopKey) -> None:
        """Import files, a pair together."""
        names = ", ".join(path.name for path in paths)
        self._last = (tuple(paths), shop)
        self.set_up.hide()
        self._say = lambda: (self._translator.text("Reading {files}", files=names), "")
        self.model.show_rows(())
        self._with_table(False)
        self._bar.setRange(0, 0)
        self._bar.show()
        self.show()
        self._cancel = self._backend.import_files(paths, shop, self._progress, self._done)
        self.retranslate()

    def show_watched(
        self, paths: Sequence[Path], shop: ShopKey, became: ImportReport | PackStationError
    ) -> None:
        """Show what became of files that came by themselves; not over an import that runs."""
        if not self.running:
            self._last = (tuple(paths), shop)
            self.set_up.hide()
            self._bar.hide()
            self.model.show_rows(())
            self._with_table(False)
            self._show(became)
            self.show()

    def _progress(self, done: int, known: int) -> None:
        self._bar.setRange(0, known)
        self._bar.setValue(done)
        self._detail.setText(self._translator.plural("{count} row read", "{count} rows read", done))

    def _done(self, answer: ImportReport | PackStationError) -> None:
        self._cancel = None
        self._bar.hide()
        self._show(answer)
        self.ended.emit()

    def _show(self, answer: ImportReport | PackStationError) -> None:
        if isinstance(answer, PackStationError):
            self._refused(answer)
        else:
            self._report(answer)
        self.retranslate()

    def _with_table(self, shown: bool) -> None:
        tall = QSizePolicy.Policy.Expanding if shown else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Expanding, tall)
        self.table.setVisible(shown)

    def _refused(self, error: PackStationError) -> None:
        def say() -> tuple[str, str]:
            words = explain_error(error, self._translator)
            return words.title, f"{words.sentence} {words.fix}".strip()

        self._say = say
        one_file = self._last is not None and len(self._last[0]) == 1
        self.set_up.setVisible(one_file and error.code == "import.unknown_columns")

    def _open_wizard(self) -> None:
        """Let a person say what the columns of the refused file mean; then import it."""
        if self._last is None:
            return
        (path, *_), shop = self._last
        wizard = MappingWizard(path, self._translator, self._backend, self.window())
        wizard.saved.connect(lambda known: self.start([known], shop))
        wizard.open()

    def _report(self, report: ImportReport) -> None:
        def say() -> tuple[str, str]:
            head = self._translator.plural(
                "{count} new order, {changed} changed, {same} as before",
                "{count} new orders, {changed} changed, {same} as before",
                report.accepted,
                changed=report.changed,
                same=report.same,
            )
            said = self._translator
            parts = [said.plural("{count} row read", "{count} rows read", report.rows)]
            if report.codes:
                codes = said.plural(
                    "{count} new product code", "{count} new product codes", report.codes
                )
                parts.append(codes)
            if report.held:
                held = said.plural(
                    "{count} order may not be packed now",
                    "{count} orders may not be packed now",
                    report.held,
                )
                parts.append(held)
            if report.refused:
                rows = len(report.refused)
                parts.append(said.plural("{count} row refused", "{count} rows refused", rows))
            else:
                parts.append(said.text("no row refused"))
            return head, "  ·  ".join((", ".join(report.files), *parts))

        self._say = say
        self.model.show_rows(report.refused[:MOST_ROWS])
        self._with_table(bool(report.refused))

    def _press(self) -> None:
        if self._cancel is not None:
            self._cancel.cancel()
        else:
            self.hide()

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        head, detail = self._say()
        self._head.setText(head)
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail) or self.running)
        self._button.setText(
            self._translator.text("Cancel") if self.running else self._translator.text("Put away")
        )
        self._button.updateGeometry()
        self.set_up.setText(self._translator.text("Set up the columns"))
        self.set_up.updateGeometry()
        self.model.retranslate()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 12)
        self._sheet.setContentsMargins(2 * margin, margin, margin, margin)
        self.table.rescale()
