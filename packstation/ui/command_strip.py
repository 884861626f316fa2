"""The command codes as buttons for the mouse: each posts the same code that its barcode types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from packstation.core.codes import Command
from packstation.core.decide import BETWEEN_ORDERS, WITH_ORDER
from packstation.core.station import Station
from packstation.core.status import Phase
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.pictures import BarcodePicture
from packstation.ui.signs import Sign

PREFIX = "PSCMD"


@dataclass(frozen=True, slots=True)
class CommandWords:
    """How a command is called and what it does."""

    word: str
    does: str
    sign: Sign | None = None


COMMANDS: dict[Command, CommandWords] = {
    Command.OK: CommandWords(_("OK, seen"), _("Confirm a message or a stop"), Sign.CHECK),
    Command.UNDO: CommandWords(_("Undo"), _("Take the last accepted scan back"), Sign.BACK),
    Command.PAUSE: CommandWords(
        _("Pause"), _("Put the order or the handover aside; it keeps its counts"), Sign.PAUSE
    ),
    Command.HOLD: CommandWords(
        _("Hold"), _("Stop this order until somebody releases it"), Sign.OCTAGON
    ),
    Command.REPRINT: CommandWords(_("Reprint"), _("Print the shipping label again"), Sign.PRINTER),
    Command.BAG: CommandWords(_("New bag"), _("Open a new bag")),
    Command.SEAL: CommandWords(_("Seal bag"), _("Close the bag and print its label")),
    Command.HANDOVER: CommandWords(_("Handover"), _("Start to count bags for the courier")),
    Command.CLOSE: CommandWords(_("Close"), _("Close the handover and print the receipt")),
}
"""The commands of this version, in the order in which they are shown."""


def sensible(station: Station) -> frozenset[Command]:
    """Return the commands that would be accepted now."""
    found: set[Command] = set()
    if station.failed is not None:
        return frozenset()
    if station.stop is not None:
        return frozenset({Command.OK})
    if station.message_pending or station.shown is not None:
        found.add(Command.OK)
    session = station.session
    if station.stalled:
        return frozenset({Command.REPRINT})
    if station.phase in WITH_ORDER:
        found |= {Command.HOLD, Command.PAUSE}
        if session is not None and session.history:
            found.add(Command.UNDO)
        if station.phase in (Phase.LABELLING, Phase.CONFIRMING):
            found.add(Command.REPRINT)
    if station.phase in BETWEEN_ORDERS:
        found |= {Command.BAG, Command.HANDOVER}
        if station.bag is not None and station.bag.parcels:
            found.add(Command.SEAL)
    if station.phase is Phase.HANDOVER:
        found.add(Command.PAUSE)
        if station.handover is not None and station.handover.bags:
            found.add(Command.CLOSE)
    if station.phase not in WITH_ORDER and station.steps:
        found.add(Command.UNDO)
    return frozenset(found)


class CommandStrip(QWidget):
    """Buttons at the side of the bench; never focused, enabled only where they make sense."""

    def __init__(
        self,
        translator: Translator,
        scan: Callable[[str], None],
        parent: QWidget | None = None,
    ) -> None:
        """Make the strip.

        Args:
            translator: Says the words.
            scan: Takes the code of a pressed button.
            parent: Its owner.
        """
        super().__init__(parent)
        self._translator = translator
        self._enabled: frozenset[Command] = frozenset()
        self.buttons: dict[Command, Button] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for command, words in COMMANDS.items():
            weight = Weight.MAIN if command is Command.OK else Weight.PLAIN
            button = self._button(weight, words.sign)
            code = f"{PREFIX}{command.value}"
            button.clicked.connect(lambda _checked=False, code=code: scan(code))
            button.setEnabled(False)
            self.buttons[command] = button
        self._sheet = self._button(Weight.PLAIN, Sign.BARCODE)
        self._sheet.clicked.connect(self._open_sheet)
        first, *rest = self.buttons.values()
        self._grid.addWidget(first, 0, 0, 1, 2)
        for index, button in enumerate(rest):
            self._grid.addWidget(button, 1 + index // 2, index % 2)
        self._grid.setRowStretch(5, 1)
        self._grid.addWidget(self._sheet, 6, 0, 1, 2)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.rescale()
        self.retranslate()

    def _button(self, weight: Weight, sign: Sign | None) -> Button:
        button = Button(weight=weight, sign=sign, parent=self)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        style.sized(button, 0.9)
        return button

    def show_station(self, station: Station) -> None:
        """Enable what makes sense now; touches only the buttons that change."""
        wanted = sensible(station)
        for command in wanted ^ self._enabled:
            self.buttons[command].setEnabled(command in wanted)
        self._enabled = wanted

    def retranslate(self) -> None:
        """Say the words in the language that is set now."""
        for command, button in self.buttons.items():
            button.setText(self._translator.text(COMMANDS[command].word))
            code = f"{PREFIX}{command.value}"
            button.setToolTip(f"{self._translator.text(COMMANDS[command].does)} · {code}")
            button.updateGeometry()
        self._sheet.setText(self._translator.text("Command codes"))

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        self._grid.setSpacing(style.px(self, 8))

    def _open_sheet(self) -> None:
        CommandSheet(self._translator, self.window()).open()


class CommandSheet(QDialog):
    """Every command code as a barcode to be scanned from the screen."""

    def __init__(self, translator: Translator, parent: QWidget) -> None:
        """Draw the codes."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translator.text("Command codes"))
        outer = QVBoxLayout(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.px(parent, 28))
        grid.setVerticalSpacing(style.px(parent, 8))
        for index, (command, words) in enumerate(COMMANDS.items()):
            cell = QVBoxLayout()
            cell.setSpacing(0)
            word = Label(1.0, bold=True)
            word.setText(translator.text(words.word))
            does = Label(0.72, colour=style.MUTED)
            does.setText(translator.text(words.does))
            cell.addWidget(word)
            cell.addWidget(does)
            picture = BarcodePicture(f"{PREFIX}{command.value}", self)
            cell.addWidget(picture, alignment=Qt.AlignmentFlag.AlignLeft)
            grid.addLayout(cell, index // 3, index % 3)
        outer.addLayout(grid)
        close = Button(weight=Weight.MAIN, parent=self)
        close.setText(translator.text("Put away"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.close)
        outer.addWidget(close, alignment=Qt.AlignmentFlag.AlignRight)
        style.resize_fonts(self, parent.font().pixelSize())
