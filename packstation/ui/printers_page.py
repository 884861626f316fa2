"""The printers page: which printers there are, how they are, and what became of their jobs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from packstation.core.codes import CodeKind, read
from packstation.core.status import PaperKind, PrintOutcome
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ports import PrinterState
from packstation.ui import style
from packstation.ui.ask_dialogs import AskDialog
from packstation.ui.backend import Backend
from packstation.ui.backend_printing import PrinterRow, PrinterUse, TestPrint
from packstation.ui.controls import Button, Card, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import local_time
from packstation.ui.paper_words import PRINTER_STATES, TROUBLE, USES, proof, roll, uses
from packstation.ui.print_queue import PrintQueue
from packstation.ui.printer_wizard import PrinterWizard
from packstation.ui.roll_dialog import RollDialog
from packstation.ui.state_words import OUTCOMES, PAPER_KINDS
from packstation.ui.texts import explain_code

NARROW = 1200
"""Windows below this width, in design pixels, leave out what stands elsewhere too."""
BELOW_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
USES_COLUMN = 1
"""Stands in the buttons below as well."""


class PrintersPage(QWidget):
    """Printers above, the chosen one's jobs below with the picture of the chosen job."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make the page with no printer."""
        super().__init__(parent)
        self._translator = translator
        self._backend = backend
        self._asked = 0
        self.wizard: PrinterWizard | None = None
        self.printers = GridModel[PrinterRow](self._printer_columns(), translator)
        self.table = GridTable[PrinterRow](self.printers, self)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._chosen_printer())
        self.queue = PrintQueue(translator, backend, self)
        self.queue.decided.connect(self.refresh)
        self._make_buttons()
        self._said = Label(0.95, colour=style.MUTED, wraps=True)
        self._about = Label(0.85, colour=style.MUTED, wraps=True)
        self._lay_out()
        backend.on_printers(self.refresh)
        self.retranslate()

    def _make_buttons(self) -> None:
        self.add = Button(weight=Weight.MAIN, parent=self)
        self.add.clicked.connect(lambda: self.open_wizard())
        self.sheets = Button(parent=self)
        self.sheets.clicked.connect(self._ask_sheet)
        self.test = Button(parent=self)
        self.test.clicked.connect(self._test)
        self.calibrate = Button(parent=self)
        self.calibrate.clicked.connect(self._calibrate)
        self.new_roll = Button(parent=self)
        self.new_roll.clicked.connect(self._ask_roll)
        self.change = Button(parent=self)
        self.change.clicked.connect(self._change)
        self.remove = Button(parent=self)
        self.remove.clicked.connect(self._ask_remove)
        self.uses = {use: Button(parent=self) for use in PrinterUse}
        for use, button in self.uses.items():
            button.setCheckable(True)
            button.clicked.connect(lambda _c=False, use=use: self._use(use))
            style.sized(button, 0.85)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.add)
        top.addStretch(1)
        for button in (self.test, self.calibrate, self.new_roll, self.change, self.remove):
            top.addWidget(button)
        for button in (
            self.add,
            self.test,
            self.calibrate,
            self.new_roll,
            self.change,
            self.remove,
        ):
            style.sized(button, 0.8)
        upper = Card(parent=self)
        self._upper = QVBoxLayout(upper)
        self._upper.addWidget(self._said)
        self._upper.addWidget(self.table, 1)
        style.sized(self.sheets, 0.85)
        about = QHBoxLayout()
        about.addWidget(self._about, 1)
        about.addWidget(self.sheets, alignment=BELOW_RIGHT)
        self._upper.addLayout(about)
        row = QHBoxLayout()
        for use in self.uses.values():
            row.addWidget(use)
        row.addStretch(1)
        self._upper.addLayout(row)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.addLayout(top)
        self._outer.addWidget(upper, 3)
        self._outer.addWidget(self.queue, 4)

    def _printer_columns(self) -> tuple[Column[PrinterRow], ...]:
        translator = self._translator

        def state(row: PrinterRow) -> str:
            return translator.text(PRINTER_STATES[row.status.state])

        def bad(row: PrinterRow) -> bool:
            return row.status.state in TROUBLE

        return (
            Column(_("Printer"), lambda row: row.form.name or row.key, 0),
            Column(_("Usual printer for"), lambda row: uses(row, translator), 0),
            Column(
                _("How it is"), state, 270, ink=lambda row: style.RED if bad(row) else None
            ),
            Column(
                _("Proved"),
                lambda row: local_time(row.proved_at) if row.proved_at else translator.text("no"),
                150,
                ink=lambda row: None if row.proved_at else style.RED,
            ),
            Column(_("Labels left"), lambda row: roll(row, translator), 130, right=True),
            Column(_("Jobs"), lambda row: str(row.waiting or "—"), 100, right=True),
        )  # fmt: skip

    def refresh(self) -> None:
        """Look at every printer again."""
        self._asked += 1
        asked = self._asked

        def show(answer: tuple[PrinterRow, ...] | PackStationError) -> None:
            if asked != self._asked:
                return
            if isinstance(answer, PackStationError):
                self.queue.refused(answer)
                return
            chosen = self.table.chosen
            self.printers.show_rows(answer)
            key = chosen.key if chosen else ""
            place = next((n for n, row in enumerate(answer) if row.key == key), 0)
            if answer:
                self.table.selectRow(place)
            self._chosen_printer()

        self._backend.printers(show)

    def _chosen_printer(self) -> None:
        row = self.table.chosen
        self._enable()
        self._say()
        self.queue.show_printer(row.key if row else "")

    def _say(self) -> None:
        translator, row = self._translator, self.table.chosen
        if not self.printers.rows:
            self._said.setText(
                translator.text(
                    "No printer is set up: labels and receipts are only kept as pictures."
                    " Plug the printer in and set it up."
                )
            )
        self._said.setVisible(not self.printers.rows)
        self._about.setVisible(row is not None)
        if row is None:
            return
        parts = [f"{row.form.address} · {row.form.model} · {row.form.stock}"]
        parts.append(proof(row.proved_at, translator))
        if row.worn:
            bad, printed = row.unreadable
            parts.append(
                translator.text(
                    "{bad} of {printed} labels could not be scanned lately: clean the print head.",
                    bad=bad,
                    printed=printed,
                )
            )
        if row.status.state in TROUBLE and row.status.detail:
            parts.append(explain_code(row.status.detail, translator))
        if row.status.state is PrinterState.NO_ACCESS and row.status.fix:
            parts.append(row.status.fix)
        self._about.setText("\n".join(part for part in parts if part))
        alarm = row.worn or row.status.state in TROUBLE
        self._about.recolour(style.RED if alarm else style.MUTED)

    def _enable(self) -> None:
        printer = self.table.chosen
        for button in (self.test, self.calibrate, self.new_roll, self.change, self.remove):
            button.setEnabled(printer is not None)
        for use, button in self.uses.items():
            button.setVisible(printer is not None)
            button.setChecked(printer is not None and use in printer.uses)

    def open_wizard(self, row: PrinterRow | None = None) -> None:
        """Set a printer up, or change one."""
        self.wizard = PrinterWizard(self._translator, self._backend, self.window(), row)
        self.wizard.finished.connect(lambda _result: self._closed())
        self.wizard.open()

    def _closed(self) -> None:
        self.wizard = None
        self.refresh()

    def _change(self) -> None:
        if (row := self.table.chosen) is not None:
            self.open_wizard(row)

    def _test(self) -> None:
        if (row := self.table.chosen) is not None:
            self._backend.test_print(row.key, self._tested)

    def _calibrate(self) -> None:
        if (row := self.table.chosen) is not None:
            self._backend.calibrate(row.key, self._tested)

    def _tested(self, answer: TestPrint | PackStationError) -> None:
        if isinstance(answer, PackStationError):
            self.queue.refused(answer)
            return
        words = self._translator.text(OUTCOMES[answer.outcome])
        if answer.code and answer.outcome in (PrintOutcome.SENT, PrintOutcome.CONFIRMED):
            words = self._translator.text("Now scan the code on the test label.")
        self.queue.tell(words)
        self.refresh()

    def given(self, scan: str) -> bool:
        """Take the scan of a test label, wherever it is made; False where it is none."""
        if read(scan).kind is not CodeKind.TEST:
            return False
        if self.wizard is not None:
            self.wizard.take(scan)
            return True

        def told(answer: str | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self.queue.refused(answer)
            else:
                self._proved(answer)

        self._backend.prove_printer(scan, told)
        return True

    def _proved(self, key: str) -> None:
        self.queue.tell(self._translator.text("Printer {key} is proved.", key=key), good=True)
        self.refresh()

    def _ask_sheet(self) -> None:
        """Ask which sheet of codes is wanted, and print it."""
        said = self._translator
        kinds = (PaperKind.COMMAND_SHEET, PaperKind.SCANNER_CARD)
        ask = AskDialog(
            said.text("Print a sheet of codes"),
            said.text("It comes out of the usual printer for slips."),
            [(kind.value, said.text(PAPER_KINDS[kind])) for kind in kinds],
            said,
            self.window(),
        )

        def printed(answer: str | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self.queue.refused(answer)
                return
            self.queue.tell(said.text("The sheet is on its way to the printer."))
            self.refresh()

        ask.answered.connect(
            lambda word: self._backend.print_slip(PaperKind(word), "", "", printed)
        )
        ask.open()

    def _ask_roll(self) -> None:
        if (row := self.table.chosen) is None:
            return
        dialog = RollDialog(self._translator, row, self.window())
        dialog.given.connect(
            lambda labels: self._backend.load_roll(row.key, labels, self._done)
        )  # fmt: skip
        dialog.open()

    def _ask_remove(self) -> None:
        if (row := self.table.chosen) is None:
            return
        ask = AskDialog(
            self._translator.text("Take this printer out?"),
            self._translator.text(
                "{name} is forgotten with its settings; its print journal stays.",
                name=row.form.name or row.key,
            ),
            [("remove", self._translator.text("Take it out"))],
            self._translator,
            self.window(),
        )
        ask.answered.connect(lambda _word: self._backend.remove_printer(row.key, self._done))
        ask.open()

    def _use(self, use: PrinterUse) -> None:
        if (row := self.table.chosen) is not None:
            self._backend.use_printer(use, row.key, self._done)

    def _done(self, answer: object) -> None:
        if isinstance(answer, PackStationError):
            self.queue.refused(answer)
        self.refresh()

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        words = {
            self.add: self._translator.text("Set up a printer"),
            self.sheets: self._translator.text("Sheets"),
            self.test: self._translator.text("Test label"),
            self.calibrate: self._translator.text("Calibrate"),
            self.new_roll: self._translator.text("New roll"),
            self.change: self._translator.text("Change"),
            self.remove: self._translator.text("Take out"),
        }
        words |= {button: self._translator.text(USES[use]) for use, button in self.uses.items()}
        for button, text in words.items():
            button.setText(text)
            button.updateGeometry()
        self.printers.retranslate()
        self.queue.retranslate()
        self._say()
        self._enable()

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 12)
        self._upper.setContentsMargins(margin, margin, margin, margin)
        self._outer.setSpacing(margin)
        narrow = self.window().width() < style.px(self, NARROW)
        self.table.setColumnHidden(USES_COLUMN, narrow)
        self.table.rescale()
        self.queue.rescale(narrow=narrow)
