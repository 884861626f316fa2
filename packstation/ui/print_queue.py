"""What became of the jobs of one printer: outcome, picture, and what a person may decide."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from packstation.core.status import PaperKind, PrintOutcome
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend
from packstation.ui.backend_printing import QueueRow
from packstation.ui.controls import Button, Card, Label
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import local_time
from packstation.ui.paper_words import SPOILED
from packstation.ui.pictures import Picture
from packstation.ui.state_words import OUTCOMES, PAPER_KINDS
from packstation.ui.texts import explain_code, explain_error

LAST_JOBS = 200
_OPEN = frozenset({PrintOutcome.QUEUED, PrintOutcome.SENDING, PrintOutcome.BLOCKED})
_BAD = frozenset({PrintOutcome.FAILED, PrintOutcome.UNKNOWN, PrintOutcome.BLOCKED})


class PrintQueue(Card):
    """Jobs of one printer, newest first, with the picture of the chosen one."""

    decided = Signal()
    """A person decided something: counts may have changed."""

    def __init__(self, translator: Translator, backend: Backend, parent: QWidget) -> None:
        """Make an empty list."""
        super().__init__(parent=parent)
        self._translator = translator
        self._backend = backend
        self._printer = ""
        self._asked = 0
        self._old: tuple[str, ...] = ()
        self._told: tuple[str, QColor] | None = None
        self.model = GridModel[QueueRow](self._columns(), translator)
        self.table = GridTable[QueueRow](self.model, self, row_px=40)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._chosen())
        self._said = Label(0.9, colour=style.MUTED, wraps=True)
        self.picture = Picture(self)
        self.give_up = self._button(lambda: self._decide("give_up"))
        self.came_out = self._button(lambda: self._decide("came_out"))
        self.none_there = self._button(lambda: self._decide("none_there"))
        self.print_old = self._button(lambda: self._release(yes=True))
        self.drop_old = self._button(lambda: self._release(yes=False))
        left = QVBoxLayout()
        left.addWidget(self._said)
        left.addWidget(self.table, 1)
        foot = QHBoxLayout()
        for button in self._buttons:
            foot.addWidget(button)
        foot.addStretch(1)
        left.addLayout(foot)
        self._row = QHBoxLayout(self)
        self._row.addLayout(left, 5)
        self._row.addWidget(self.picture, 1)

    @property
    def _buttons(self) -> tuple[Button, ...]:
        return (self.give_up, self.came_out, self.none_there, self.print_old, self.drop_old)

    def _button(self, does: Callable[[], None]) -> Button:
        button = Button(parent=self)
        style.sized(button, 0.85)
        button.clicked.connect(lambda _checked=False: does())
        return button

    def _columns(self) -> tuple[Column[QueueRow], ...]:
        translator = self._translator

        def outcome(row: QueueRow) -> str:
            words = translator.text(OUTCOMES[row.outcome])
            more = ""
            if row.spoiled:
                more = translator.text(SPOILED.get(row.spoiled, row.spoiled))
            elif row.detail and row.outcome in _BAD:
                more = explain_code(row.detail, translator)
            return f"{words} · {more}" if more else words

        return (
            Column(_("Time"), lambda row: local_time(row.requested_at), 160),
            Column(_("Paper"), lambda row: translator.text(PAPER_KINDS[row.kind]), 170),
            Column(_("For"), lambda row: row.subject, 210),
            Column(_("Copy"), lambda row: str(row.copy), 70, right=True),
            Column(
                _("Outcome"),
                outcome,
                0,
                ink=lambda row: style.RED if row.outcome in _BAD or row.spoiled else None,
            ),
        )

    def show_printer(self, printer: str) -> None:
        """List the jobs of a printer; an empty key lists all."""
        if self._printer and printer != self._printer:
            self._told = None
        self._printer = printer
        self._asked += 1
        asked = self._asked

        def show(answer: tuple[QueueRow, ...] | PackStationError) -> None:
            if asked != self._asked or isinstance(answer, PackStationError):
                return
            chosen = self.table.chosen
            self.model.show_rows(answer)
            self._old = tuple(row.job for row in answer if row.old)
            if chosen is not None:
                jobs = [row.job for row in answer]
                if chosen.job in jobs:
                    self.table.selectRow(jobs.index(chosen.job))
            self._chosen()

        self._backend.queue(printer, LAST_JOBS, show)

    def _chosen(self) -> None:
        row = self.table.chosen
        self._enable()
        if row is None:
            self.picture.show_text(self._translator.text("Choose a line to see its paper."))
            return

        def show(answer: bytes | PackStationError) -> None:
            if self.table.chosen is None or self.table.chosen.job != row.job:
                return
            if isinstance(answer, PackStationError):
                self.picture.show_text(explain_error(answer, self._translator).sentence)
            else:
                self.picture.show_png(answer)

        self._backend.preview(row.job, show)

    def _enable(self) -> None:
        job = self.table.chosen
        doubt = job is not None and job.outcome is PrintOutcome.UNKNOWN and not job.spoiled
        label = job is not None and job.kind is PaperKind.LABEL
        self.give_up.setEnabled(job is not None and job.outcome in _OPEN)
        for button in (self.came_out, self.none_there):
            button.setVisible(doubt and not label)
        for button in (self.print_old, self.drop_old):
            button.setVisible(bool(self._old))
        hint = self._hint(doubt=doubt and label)
        self._say(*(self._told if self._told and not hint else (hint, style.MUTED)))

    def _hint(self, *, doubt: bool) -> str:
        translator = self._translator
        if self._old:
            return translator.text(
                "{count} papers of an earlier day were never printed."
                " Print them now, or drop them?",
                count=len(self._old),
            )
        if doubt:
            return translator.text(
                "Not known whether this label came out: open its order and scan the label, or"
                " reprint it there."
            )
        told = self.model.rows or self._told
        return "" if told else translator.text("Nothing was printed here yet.")

    def _decide(self, what: str) -> None:
        row = self.table.chosen
        self._told = None
        if row is None:
            return
        if what == "give_up":
            self._backend.give_up(row.job, self._done)
        else:
            self._backend.settle(row.job, what == "came_out", self._done)

    def _release(self, *, yes: bool) -> None:
        self._backend.release_old(self._old, yes, self._done)

    def _done(self, answer: object) -> None:
        self.show_printer(self._printer)
        self.decided.emit()
        if isinstance(answer, PackStationError):
            self.refused(answer)

    def refused(self, error: PackStationError) -> None:
        """Say why something did not work."""
        words = explain_error(error, self._translator)
        self._told = (f"{words.sentence} {words.fix}", style.RED)
        self._say(*self._told)

    def tell(self, words: str, *, good: bool = False) -> None:
        """Say something above the jobs."""
        self._told = (words, style.GREEN if good else style.TEXT)
        self._say(*self._told)

    def _say(self, words: str, colour: QColor) -> None:
        self._said.setText(words)
        self._said.recolour(colour)
        self._said.setVisible(bool(words))

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        said = self._translator
        words = (
            said.text("Give up this job"),
            said.text("It came out"),
            said.text("It did not come out"),
            said.text("Print them now"),
            said.text("Drop them"),
        )
        for button, word in zip(self._buttons, words, strict=True):
            button.setText(word)
            button.updateGeometry()
        self.model.retranslate()
        self._enable()
        if self.picture.empty:
            self.picture.show_text(said.text("Choose a line to see its paper."))

    def rescale(self, *, narrow: bool) -> None:
        """Take the sizes of the window's font; a narrow window has no room for pictures."""
        self.picture.setVisible(not narrow)
        margin = style.px(self, 12)
        self._row.setContentsMargins(margin, margin, margin, margin)
        self.table.rescale()
