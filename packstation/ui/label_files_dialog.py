"""Platforms' label files: what came in, which page belongs to which order, and what does not."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from packstation.core.orders import ShopKey
from packstation.core.status import PageState
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.ask_dialogs import AskDialog
from packstation.ui.backend import Backend, Cancel
from packstation.ui.backend_labels import FittedLabels
from packstation.ui.backend_printing import LabelFileRow, PageRow
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.label_words import WHY, fitted_words, shape_words, size_words
from packstation.ui.names import local_time
from packstation.ui.paper_words import PAGE_STATES
from packstation.ui.pictures import Picture
from packstation.ui.texts import explain_error

LAST_FILES = 100


class LabelFilesDialog(QDialog):
    """Files above, the pages of the chosen one below with the picture of the chosen page."""

    def __init__(
        self, translator: Translator, backend: Backend, shop: ShopKey, parent: QWidget
    ) -> None:
        """Show the files that came in; new ones are read for one shop."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translator.text("Label files"))
        self._translator = translator
        self._backend = backend
        self._shop = shop
        self._running: Cancel | None = None
        self.files = GridModel[LabelFileRow](self._file_columns(), translator)
        self.file_table = GridTable[LabelFileRow](self.files, self, row_px=40)
        self.file_table.selectionModel().selectionChanged.connect(lambda *_: self._chosen_file())
        self.pages = GridModel[PageRow](self._page_columns(), translator)
        self.page_table = GridTable[PageRow](self.pages, self, row_px=40)
        self.page_table.selectionModel().selectionChanged.connect(lambda *_: self._chosen_page())
        self.picture = Picture(self)
        self._said = Label(0.9, wraps=True)
        self.progress = QProgressBar(self)
        self.progress.hide()
        said = translator
        self.load = Button(weight=Weight.MAIN, drawing="folder", parent=self)
        self.load.setText(said.text("Read label files"))
        self.load.clicked.connect(self._choose)
        self.stop = Button(parent=self)
        self.stop.setText(said.text("Cancel"))
        self.stop.clicked.connect(self._cancel)
        self.stop.hide()
        self.remove = Button(parent=self)
        self.remove.setText(said.text("Take this file back"))
        self.remove.clicked.connect(self._remove)
        self.shape = Label(0.9, wraps=True, colour=style.RED)
        self.fit = Button(parent=self)
        self.fit.setText(said.text("Print them fitted"))
        self.fit.clicked.connect(self._ask_fit)
        self.asked: AskDialog | None = None
        self.leave = Button(parent=self)
        self.leave.setText(said.text("Leave"))
        self.leave.clicked.connect(self.accept)
        self._lay_out(parent)
        self.picture.show_text(said.text("Choose a page to see it."))
        self._chosen_file()
        self.refresh()

    def _lay_out(self, parent: QWidget) -> None:
        top = QHBoxLayout()
        for widget in (self.load, self.stop):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.remove)
        top.addWidget(self.leave)
        lists = QVBoxLayout()
        lists.addWidget(self.file_table, 2)
        lists.addWidget(self.page_table, 3)
        row = QHBoxLayout()
        row.addLayout(lists, 4)
        row.addWidget(self.picture, 1)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.progress)
        column.addWidget(self._said)
        shapes = QHBoxLayout()
        shapes.addWidget(self.shape, 1)
        shapes.addWidget(self.fit)
        column.addLayout(shapes)
        column.addLayout(row, 1)
        style.resize_fonts(self, parent.font().pixelSize())
        self.file_table.rescale()
        self.page_table.rescale()
        size = parent.size()
        self.resize(
            min(style.px(parent, 1240), size.width()), min(style.px(parent, 700), size.height())
        )

    def _file_columns(self) -> tuple[Column[LabelFileRow], ...]:
        def bad(row: LabelFileRow) -> bool:
            return bool(row.unmatched + row.duplicate + row.unreadable)

        def number(heading: str, name: str, width: int) -> Column[LabelFileRow]:
            return Column(heading, lambda row: f"{getattr(row, name):,}", width, right=True)

        return (
            Column(_("File"), lambda row: row.name, 0),
            Column(_("Read at"), lambda row: local_time(row.taken_at), 140),
            number(_("Pages"), "pages", 80),
            number(_("Matched"), "bound", 100),
            Column(
                _("Not matched"),
                lambda row: f"{row.unmatched + row.duplicate + row.unreadable:,}",
                130,
                right=True,
                ink=lambda row: style.RED if bad(row) else None,
            ),
            number(_("Printed"), "printed", 90),
        )

    def _page_columns(self) -> tuple[Column[PageRow], ...]:
        said = self._translator
        return (
            Column(_("Page"), lambda row: str(row.number), 70, right=True),
            Column(_("Tracking number"), lambda row: row.tracking_number or "—", 240),
            Column(_("Order"), lambda row: row.order_id or "—", 220),
            Column(
                _("State"),
                lambda row: said.text(WHY.get(row.why, PAGE_STATES[row.state])),
                0,
                ink=lambda row: None if row.state is PageState.BOUND else style.RED,
            ),
        )

    def refresh(self) -> None:
        """Ask for the files again."""

        def show(answer: tuple[LabelFileRow, ...] | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._refused(answer)
                return
            chosen = self.file_table.chosen
            self.files.show_rows(answer)
            files = [row.file for row in answer]
            if answer:
                place = files.index(chosen.file) if chosen and chosen.file in files else 0
                self.file_table.selectRow(place)
            else:
                self._tell(
                    self._translator.text(
                        "Read the label files of the platform (PDF, picture, ZPL or print"
                        " documents). Each page finds its order by its tracking number and is"
                        " printed the moment that order is complete."
                    )
                )

        self._backend.label_files(LAST_FILES, show)

    def _chosen_file(self) -> None:
        row = self.file_table.chosen
        self.remove.setEnabled(row is not None and row.printed == 0)
        self._show_shape(row)
        if row is None:
            self.pages.show_rows(())
            return

        def show(answer: tuple[PageRow, ...] | PackStationError) -> None:
            now = self.file_table.chosen
            if isinstance(answer, PackStationError) or now is None or now.file != row.file:
                return
            # What needs a person stands first.
            self.pages.show_rows(
                sorted(answer, key=lambda p: (p.state is PageState.BOUND, p.number))
            )

        self._backend.label_pages(row.file, show)

    def _show_shape(self, row: LabelFileRow | None) -> None:
        """Say of a file whether its pages fit the paper; where they do not, it can be agreed to."""
        odd = row is not None and row.other_shape is not None
        self.shape.setVisible(odd)
        self.fit.setVisible(row is not None and odd and not row.fitted)
        if row is None or row.other_shape is None or row.paper is None:
            return
        if row.fitted:
            words = self._translator.text(
                "The pages are {page} mm and are printed fitted to {paper} mm.",
                page=size_words(row.other_shape),
                paper=size_words(row.paper),
            )
        else:
            words = shape_words(row.other_shape, row.paper, self._translator)
        self.shape.setText(words)
        self.shape.recolour(style.TEXT if row.fitted else style.RED)

    def _ask_fit(self) -> None:
        row = self.file_table.chosen
        if row is None or row.other_shape is None or row.paper is None:
            return
        said = self._translator
        asked = AskDialog(
            said.text("Print them fitted?"),
            said.text(
                "{name}: pages of {page} mm are turned and made smaller for paper of {paper} mm."
                " Their barcodes become smaller, too; a label whose number could not be read any"
                " more is not printed. To undo this, take the file back before printing.",
                name=row.name,
                page=size_words(row.other_shape),
                paper=size_words(row.paper),
            ),
            [("fit", said.text("Print them fitted"))],
            said,
            self,
        )
        asked.answered.connect(lambda _word: self._fit(row))
        self.asked = asked
        asked.open()

    def _fit(self, row: LabelFileRow) -> None:
        self.fit.setEnabled(False)
        self._tell(self._translator.text("Fitting the labels …"))

        def done(answer: FittedLabels | PackStationError) -> None:
            self.fit.setEnabled(True)
            if isinstance(answer, PackStationError):
                self._refused(answer)
                return
            words = fitted_words(answer.pages, answer.at_risk, answer.lost, self._translator)
            self._tell(words, bad=answer.at_risk + answer.lost > 0)
            self.refresh()

        self._backend.fit_labels(row.file, done)

    def _chosen_page(self) -> None:
        row = self.page_table.chosen
        if row is None:
            self.picture.show_text(self._translator.text("Choose a page to see it."))
            return

        def show(answer: bytes | PackStationError) -> None:
            now = self.page_table.chosen
            if now is None or now.page != row.page:
                return
            if isinstance(answer, PackStationError):
                self.picture.show_text(explain_error(answer, self._translator).sentence)
            else:
                self.picture.show_png(answer)

        self._backend.page_preview(row.page, show)

    def _choose(self) -> None:
        names, _filter = QFileDialog.getOpenFileNames(
            self,
            self._translator.text("Read label files"),
            "",
            self._translator.text("Label files")
            + " (*.pdf *.png *.jpg *.jpeg *.zpl *.prn *.txt *.json)",
        )
        if names:
            self.read([Path(name) for name in names])

    def read(self, paths: list[Path]) -> None:
        """Read files; one reading at a time."""
        if self._running is not None:
            return
        self.load.setEnabled(False)
        self.stop.show()
        self.progress.setRange(0, 0)
        self.progress.show()
        self._tell(self._translator.text("Reading …"))
        done: list[bool] = []

        def progress(at: int, known: int) -> None:
            self.progress.setRange(0, known)
            self.progress.setValue(at)

        def ended(answer: tuple[LabelFileRow, ...] | PackStationError) -> None:
            done.append(True)
            self._running = None
            self.load.setEnabled(True)
            self.stop.hide()
            self.progress.hide()
            if isinstance(answer, PackStationError):
                self._refused(answer)
            else:
                self._told(answer)
            self.refresh()

        handle = self._backend.import_labels(paths, self._shop, progress, ended)
        if not done:
            self._running = handle

    def _told(self, rows: tuple[LabelFileRow, ...]) -> None:
        pages, bound = sum(row.pages for row in rows), sum(row.bound for row in rows)
        self._tell(
            self._translator.text(
                "{bound} of {pages} pages have found their orders.", bound=bound, pages=pages
            ),
            bad=bound < pages,
        )

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()

    def _remove(self) -> None:
        row = self.file_table.chosen
        if row is None:
            return

        def gone(answer: PackStationError | None) -> None:
            if isinstance(answer, PackStationError):
                self._refused(answer)
            else:
                self._tell(self._translator.text("{name} is taken back.", name=row.name))
                self.refresh()

        self._backend.remove_labels(row.file, gone)

    def _refused(self, error: PackStationError) -> None:
        words = explain_error(error, self._translator)
        self._tell(f"{words.sentence} {words.fix}".strip(), bad=True)

    def _tell(self, words: str, *, bad: bool = False) -> None:
        self._said.setText(words)
        self._said.recolour(style.RED if bad else style.TEXT)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave; what is being read is cancelled."""
        self._cancel()
        super().closeEvent(event)
