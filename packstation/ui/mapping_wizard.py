"""The mapping wizard: which column of an unknown file is what, shown on its first rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.backend_mapping import (
    FilePreview,
    MappingChoice,
    MappingDesk,
    MappingProblem,
)
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.mapping_texts import FIELDS, NEEDED, PROBLEMS, STANDINGS
from packstation.ui.texts import explain_error

CHECK_MS = 300
"""Pause after the last choice before the mapping is tried."""
_WIDEST = 260
_NARROWEST = 90
_SAMPLE = 22
"""Half-width cells of a sample beside its field."""


def name_of(path: Path) -> str:
    """Return a name for the profile of a file, from the letters of its own name.

    >>> name_of(Path("Orders 2026-11 (1).csv")), name_of(Path("订单.csv"))
    ('orders-2026-11-1', 'my-shop')
    """
    words = re.findall(r"[a-z0-9]+", path.stem.lower())
    return "-".join(words)[:40].strip("-") or "my-shop"


def _wide(text: str) -> int:
    """Return how many half-width cells a text takes."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class MappingWizard(QDialog):
    """Shows five rows of a file and lets a person say what its columns mean."""

    saved = Signal(object)
    """The file's path, once its format is known: it can be imported now."""

    def __init__(
        self, path: Path, translator: Translator, backend: MappingDesk, parent: QWidget
    ) -> None:
        """Open the wizard on a file; the rows come a moment later."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._path, self._translator, self._backend = path, translator, backend
        self._preview: FilePreview | None = None
        self._asked = 0
        self._known_statuses: Mapping[str, str] = {}
        self.setWindowTitle(translator.text("Set up the columns"))
        self._head = Label(1.1, bold=True, wraps=True)
        self._head.setText(translator.text("What do the columns of {file} mean?", file=path.name))
        self.encoding = QComboBox(self)
        self.encoding.activated.connect(lambda _index: self._ask(self._chosen_encoding()))
        self._garbled = Label(0.9, colour=style.RED, wraps=True)
        self.model = GridModel[tuple[str, ...]]((), translator)
        self.table = GridTable[tuple[str, ...]](self.model, self, row_px=36)
        self.columns: dict[str, QComboBox] = {}
        self.samples: dict[str, Label] = {}
        self.statuses: dict[str, QComboBox] = {}
        self._status_box = QWidget(self)
        self._status_grid = QGridLayout(self._status_box)
        self._status_head = Label(0.95, bold=True, wraps=True)
        self._said = Label(0.9, colour=style.RED, wraps=True)
        self.name = QLineEdit(self)
        self.name.setText(name_of(path))
        self.save = Button(weight=Weight.MAIN, parent=self)
        self.save.setText(translator.text("Save and import"))
        self.save.setEnabled(False)
        self.save.clicked.connect(self._save)
        self.leave = Button(parent=self)
        self.leave.setText(translator.text("Cancel"))
        self.leave.clicked.connect(self.reject)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(CHECK_MS)
        self._soon.timeout.connect(self._check)
        self.name.textChanged.connect(lambda _text: self._soon.start())
        self._lay_out(parent)
        self._ask("")

    def _lay_out(self, parent: QWidget) -> None:
        high = style.px(parent, style.TARGET_PX)
        said = self._translator
        top = QHBoxLayout()
        top.addWidget(self._head, 1)
        encoding = Label(0.85, colour=style.MUTED)
        encoding.setText(said.text("Encoding"))
        top.addWidget(encoding)
        top.addWidget(self.encoding)
        fields = QWidget(self)
        grid = QGridLayout(fields)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(2, 3)
        for row, (field, words) in enumerate(FIELDS.items()):
            label = Label(0.9, bold=field in NEEDED)
            label.setText(said.text(words) + (" *" if field in NEEDED else ""))
            box = QComboBox(fields)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(14)
            box.setMinimumHeight(style.px(parent, 38))
            box.activated.connect(lambda _index, field=field: self._chose(field))
            sample = Label(0.8, colour=style.MUTED)
            sample.setMinimumWidth(1)
            self.columns[field], self.samples[field] = box, sample
            for place, widget in enumerate((label, box, sample)):
                grid.addWidget(widget, row, place)
        right = QVBoxLayout()
        right.addWidget(self._status_head)
        right.addWidget(self._status_box)
        right.addStretch(1)
        body = QWidget(self)
        both = QHBoxLayout(body)
        both.addWidget(fields, 3)
        both.addLayout(right, 2)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(body)
        called = Label(0.85, colour=style.MUTED)
        called.setText(said.text("Name of this format"))
        bottom = QHBoxLayout()
        bottom.addWidget(called)
        bottom.addWidget(self.name)
        bottom.addStretch(1)
        bottom.addWidget(self.leave)
        bottom.addWidget(self.save)
        for widget in (self.encoding, self.name, self.save, self.leave):
            widget.setMinimumHeight(high)
        self.table.setFixedHeight(style.px(parent, 36 * 6 + 20))
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self._garbled)
        column.addWidget(self.table)
        column.addWidget(scroll, 1)
        column.addWidget(self._said)
        column.addLayout(bottom)
        self._garbled.hide()
        self._status_head.hide()
        style.resize_fonts(self, parent.font().pixelSize())
        self.resize(style.px(parent, 1180), style.px(parent, 690))

    # The file

    def _chosen_encoding(self) -> str:
        return str(self.encoding.currentData() or "")

    def _ask(self, encoding: str) -> None:
        self._asked += 1
        asked = self._asked

        def show(answer: FilePreview | PackStationError) -> None:
            if asked != self._asked:
                return
            if isinstance(answer, PackStationError):
                words = explain_error(answer, self._translator)
                self._said.setText(f"{words.sentence} {words.fix}".strip())
                self.save.setEnabled(False)
            else:
                self._show(answer)

        self._backend.preview_file(self._path, encoding, show)

    def _show(self, preview: FilePreview) -> None:
        before = {field: self._heading(field) for field in self.columns}
        self._preview = preview
        self.encoding.clear()
        for encoding in preview.encodings:
            self.encoding.addItem(encoding.upper(), encoding)
        self.encoding.setCurrentIndex(max(0, self.encoding.findData(preview.encoding)))
        self.encoding.setEnabled(len(preview.encodings) > 1)
        self._garbled.setText(
            self._translator.text("The text looks garbled. Try another encoding.")
        )
        self._garbled.setVisible(preview.garbled)
        self._show_rows(preview)
        for field, box in self.columns.items():
            box.clear()
            box.addItem(self._translator.text("(none)"), "")
            for heading in preview.headings:
                box.addItem(heading, heading)
            wanted = before[field] if before[field] in preview.headings else ""
            box.setCurrentIndex(max(0, box.findData(wanted or preview.guess.get(field, ""))))
            self._show_sample(field)
        self._ask_statuses()
        self._check()

    def _show_rows(self, preview: FilePreview) -> None:
        def column(place: int) -> Column[tuple[str, ...]]:
            cells = [preview.headings[place], *(row[place] for row in preview.rows)]
            width = min(_WIDEST, max(_NARROWEST, 11 * max(map(_wide, cells)) + 24))
            return Column(preview.headings[place], lambda row: row[place], width)

        self.table.show_columns([column(place) for place in range(len(preview.headings))])
        self.model.show_rows(preview.rows)
        rows = max(2, len(preview.rows)) + 1
        self.table.setFixedHeight(style.px(self, 36 * rows + 20))

    def _heading(self, field: str) -> str:
        return str(self.columns[field].currentData() or "")

    def _show_sample(self, field: str) -> None:
        preview, heading = self._preview, self._heading(field)
        words = ""
        if preview is not None and heading:
            place = preview.headings.index(heading)
            words = " · ".join(row[place] for row in preview.rows[:2] if row[place])
        while _wide(words) > _SAMPLE:
            words = words.rstrip("…")[:-1] + "…"
        self.samples[field].setText(words)

    # The choice

    def _chose(self, field: str) -> None:
        self._show_sample(field)
        if field == "status":
            self._ask_statuses()
        self._soon.start()

    def _ask_statuses(self) -> None:
        heading = self._heading("status")
        if not heading:
            self._show_statuses({})
            return

        def show(answer: Mapping[str, str] | PackStationError) -> None:
            if heading == self._heading("status") and not isinstance(answer, PackStationError):
                self._show_statuses(answer)
                self._soon.start()

        self._backend.status_values(self._path, self._chosen_encoding(), heading, show)

    def _show_statuses(self, found: Mapping[str, str]) -> None:
        chosen = {word: str(box.currentData()) for word, box in self.statuses.items()}
        while self._status_grid.count():
            self._status_grid.takeAt(0).widget().deleteLater()
        self.statuses = {}
        said = self._translator
        self._status_head.setText(said.text("What do the words of the status column mean?"))
        self._status_head.setVisible(bool(found))
        for row, (word, standing) in enumerate(found.items()):
            label = Label(0.85)
            label.setText(word)
            label.setWordWrap(True)
            box = QComboBox(self._status_box)
            for name, words in STANDINGS.items():
                box.addItem(said.text(words), name)
            box.setCurrentIndex(max(0, box.findData(chosen.get(word, standing))))
            box.activated.connect(lambda _index: self._soon.start())
            style.sized(box, 0.85)
            self.statuses[word] = box
            self._status_grid.addWidget(label, row, 0)
            self._status_grid.addWidget(box, row, 1)
        style.resize_fonts(self._status_box, self.font().pixelSize())

    @property
    def choice(self) -> MappingChoice:
        """What is chosen now."""
        return MappingChoice(
            name=self.name.text().strip().lower(),
            columns={field: h for field in self.columns if (h := self._heading(field))},
            statuses={
                word: standing
                for word, box in self.statuses.items()
                if (standing := str(box.currentData() or ""))
            },
            encoding=self._chosen_encoding(),
        )

    def _check(self) -> None:
        self._soon.stop()
        if self._preview is None:
            return
        self._asked += 1
        asked = self._asked

        def show(answer: Sequence[MappingProblem] | PackStationError) -> None:
            if asked != self._asked:
                return
            if isinstance(answer, PackStationError):
                words = explain_error(answer, self._translator)
                self._said.setText(f"{words.sentence} {words.fix}".strip())
                self.save.setEnabled(False)
                return
            self._said.setText("\n".join(map(self._problem, answer[:3])))
            self._said.recolour(
                style.RED if any(problem.blocks for problem in answer) else style.MUTED
            )
            self.save.setEnabled(not any(problem.blocks for problem in answer))

        self._backend.check_mapping(self._path, self.choice, show)

    def _problem(self, problem: MappingProblem) -> str:
        field = FIELDS.get(problem.field)
        return self._translator.text(
            PROBLEMS[problem.code],
            field=self._translator.text(field) if field else problem.field,
            detail=problem.detail,
        )

    def _save(self) -> None:
        self.save.setEnabled(False)

        def done(answer: str | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                words = explain_error(answer, self._translator)
                self._said.setText(f"{words.sentence} {words.fix}".strip())
                self.save.setEnabled(True)
            else:
                self.saved.emit(self._path)
                self.accept()

        self._backend.save_mapping(self._path, replace(self.choice), done)
