"""One order beside the list: its lines, its labels, and what may be done with it alone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from packstation.core.order_query import OrderFound
from packstation.core.order_steps import OrderSteps, Step
from packstation.core.orders import OrderLine, WhyNot
from packstation.core.status import PrintOutcome
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend_orders import OrderDetails
from packstation.ui.controls import Button, Card, Label
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.order_words import due_words, joined, marks, state_words
from packstation.ui.paper_actions import PAPER_ACTIONS
from packstation.ui.state_words import OUTCOMES, STEPS

DONE, OPEN, NO_BREAK = "☑", "☐", "\u00a0"
ACTIONS: dict[str, str] = {
    "why": _("Why this deadline"),
    "accept": _("Accept the cancellation"),
    "reject": _("Turn it down"),
    "short": _("Items missing"),
    "split": _("Ship a part"),
    "apart": _("Take apart"),
    "recall": _("Take out of its bag"),
    "cancel": _("Cancel the order"),
    **PAPER_ACTIONS,
}
"""What the buttons do, in their order."""


def offered(row: OrderFound) -> tuple[str, ...]:
    """Return which actions make sense for an order; whoever carries them out decides."""
    found = ["why"] if row.due_at is not None else []
    asked = row.why_not is WhyNot.CANCEL_REQUESTED
    found += ["accept", "reject"] if asked else []
    sealed = row.parcel is not None and row.parcel.value in ("SEALED", "BAGGED", "HANDED_OVER")
    whole = row.members is None and row.part is None and row.merged_into is None
    if not sealed and whole and not row.parts and row.why_not is None:
        found += ["short", "split"]
    if not sealed and (row.members is not None or row.merged_into or row.parts):
        found.append("apart")
    if row.parcel is not None and row.parcel.value == "BAGGED":
        found.append("recall")
    if not sealed and whole and row.why_not not in (WhyNot.CANCELLED, WhyNot.SHIPPED):
        found.append("cancel")
    left = row.parcel is not None and row.parcel.value == "HANDED_OVER"
    found += ["label"] if not sealed and row.why_not is None else []
    found += ["reprint"] if row.tracking_number and row.parcel is not None and not left else []
    found += ["slip"] if row.why_not is None and not left else []
    return tuple(found)


def steps_words(steps: OrderSteps, translator: Translator) -> str:
    """Return the check list of an order in one line, a mark before each step."""
    told = []
    for step, text in STEPS.items():
        words = translator.text(text)
        if step is Step.HANDED_OVER and steps.place:
            words = f"{words} ({steps.place})"
        # A step's words stay together with their mark.
        words = words.replace(" ", NO_BREAK)
        told.append(f"{DONE if step in steps.done else OPEN}{NO_BREAK}{words}")
    return "  ".join(told)


class OrderDetailsPanel(Card):
    """Hidden while not exactly one order is chosen."""

    wanted = Signal(str, object)
    """Word of an action, and the row it is wanted for."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        """Make an empty panel."""
        super().__init__(parent=parent)
        self._translator = translator
        self._row: OrderFound | None = None
        self.details: OrderDetails | None = None
        self._head = Label(1.05, bold=True, wraps=True)
        self._head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._state = Label(0.9, wraps=True)
        self._marks = Label(0.8, colour=style.MUTED, wraps=True)
        self.lines = GridModel[OrderLine](
            (
                Column(_("Bin"), lambda line: line.bin or "—", 84),
                Column(_("Product"), lambda line: joined((line.title, line.spec or "")), 0),
                Column(_("Units"), lambda line: str(line.quantity), 64, right=True),
            ),
            translator,
        )
        self.table = GridTable[OrderLine](self.lines, self, row_px=58)
        self._steps = Label(0.75, wraps=True)
        self._labels = Label(0.75, colour=style.MUTED, wraps=True)
        self.buttons = {word: Button(parent=self) for word in ACTIONS}
        self._grid = QGridLayout()
        for place, (word, button) in enumerate(self.buttons.items()):
            style.sized(button, 0.78)
            button.clicked.connect(lambda _c=False, word=word: self._want(word))
            self._grid.addWidget(button, place // 2, place % 2)
        self._sheet = QVBoxLayout(self)
        for label in (self._head, self._state, self._marks):
            self._sheet.addWidget(label)
        self._sheet.addWidget(self.table, 1)
        self._sheet.addWidget(self._steps)
        self._sheet.addWidget(self._labels)
        self._sheet.addLayout(self._grid)
        self.retranslate()
        self.rescale()
        self.hide()

    @property
    def row(self) -> OrderFound | None:
        """The order that is shown."""
        return self._row

    def show_row(self, row: OrderFound | None) -> None:
        """Show another order; its lines come with ``show_details``."""
        if row is None or self._row is None or row.key != self._row.key:
            self.lines.show_rows(())
            self.details = None
            self._labels.setText("")
            self._steps.hide()
        self._row = row
        self.setVisible(row is not None)
        if row is None:
            return
        self._head.setText(row.order_id)
        self._state.setText(
            joined((state_words(row, self._translator), due_words(row, self._translator)))
        )
        said = marks(row, self._translator)
        self._marks.setText(said)
        self._marks.setVisible(bool(said))
        actions = offered(row)
        for word, button in self.buttons.items():
            self._grid.removeWidget(button)
            button.setVisible(word in actions)
        for place, word in enumerate(actions):
            self._grid.addWidget(self.buttons[word], place // 2, place % 2)

    def show_details(self, details: OrderDetails | PackStationError) -> None:
        """Show the lines and labels of the order that is shown; others came too late."""
        if isinstance(details, PackStationError) or self._row is None:
            return
        if details.order != self._row.key:
            return
        self.details = details
        self.lines.show_rows(details.lines)
        said = self._translator
        words = [
            f"{number} {said.text(OUTCOMES[PrintOutcome(outcome)])}"
            for number, outcome in details.labels[:3]
        ]
        inside = ", ".join(key.partition("/")[2] for key in details.members)
        if inside:
            words.insert(0, said.text("With: {orders}", orders=inside))
        self._labels.setText("\n".join(words))
        self._steps.setText(steps_words(details.steps, said))
        self._steps.show()

    def _want(self, word: str) -> None:
        if self._row is not None:
            self.wanted.emit(word, self._row)

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        for word, button in self.buttons.items():
            button.setText(self._translator.text(ACTIONS[word]))
            button.updateGeometry()
        self.lines.retranslate()
        self.show_row(self._row)
        if self.details is not None:
            self.show_details(self.details)

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 10)
        self._sheet.setContentsMargins(margin, margin, margin, margin)
        self._sheet.setSpacing(margin // 2)
        self.setFixedWidth(style.px(self, 380))
        self.table.rescale()
