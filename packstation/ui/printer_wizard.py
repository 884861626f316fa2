"""Sets a printer up in three steps, and ends with a label that was scanned back."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from packstation.core.status import PrintOutcome
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend
from packstation.ui.backend_printing import (
    FoundPrinter,
    ModelChoice,
    PrinterRow,
    PrinterUse,
    StockChoice,
    TestPrint,
)
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.paper_words import PRINTER_STATES, TROUBLE
from packstation.ui.printer_fields import PrinterFields
from packstation.ui.scan_filter import CodeField
from packstation.ui.state_words import OUTCOMES
from packstation.ui.texts import explain_code, explain_error


class Step(IntEnum):
    """The steps, in their order."""

    FIND = 0
    SET_UP = 1
    PROVE = 2


class PrinterWizard(QDialog):
    """Finds a printer, takes model and stock, prints a test label and waits for its scan."""

    def __init__(
        self,
        translator: Translator,
        backend: Backend,
        parent: QWidget,
        row: PrinterRow | None = None,
    ) -> None:
        """Look for printers; or begin with the set-up of one that is known.

        Args:
            translator: Says the words.
            backend: Finds, keeps and tests printers.
            parent: Its window.
            row: A printer to change; None = a new one.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translator.text("Set up a printer"))
        self._translator = translator
        self._backend = backend
        self._row = row
        self._key = row.key if row else ""
        self._guess = ""
        self.proved = False
        self.found = GridModel[FoundPrinter](self._found_columns(), translator)
        self.found_table = GridTable[FoundPrinter](self.found, self)
        self.found_table.selectionModel().selectionChanged.connect(lambda *_: self._pick())
        self._head = Label(1.2, bold=True, wraps=True)
        self._said = Label(0.9, colour=style.MUTED, wraps=True)
        self._make_fields()
        self.steps = QStackedWidget(self)
        for page in (self._find_page(), self.fields, self._prove_page()):
            self.steps.addWidget(page)
        self._lay_out(parent)
        backend.models(self._take_models)
        backend.stocks(self._take_stocks)
        if row is None:
            self.look()
            self.show_step(Step.FIND)
        else:
            self.address.setText(row.form.address)
            self.show_step(Step.SET_UP)

    def _make_fields(self) -> None:
        said = self._translator
        self.address = CodeField(self)
        self.address.setPlaceholderText("tcp://192.168.1.50:9100")
        self.fields = PrinterFields(self._translator, self._row, self)
        self.again = self._button(said.text("Look again"), self.look)
        self.print_test = self._button(said.text("Print the test label again"), self._test)
        self.calibrate = self._button(said.text("Calibrate"), self._calibrate)
        self.other = self._button(said.text("Other model or stock"), self._back)
        self.code = CodeField(self)
        self.code.setPlaceholderText(said.text("Scan the code on the test label"))
        self.code.returnPressed.connect(lambda: self.take(self.code.text()))
        self.back = self._button(said.text("Back"), self._back)
        self.next = self._button(said.text("Go on"), self._next, Weight.MAIN)
        self.leave = self._button(said.text("Cancel"), self.reject)

    def _button(
        self, text: str, does: Callable[[], object], weight: Weight = Weight.PLAIN
    ) -> Button:
        button = Button(weight=weight, parent=self)
        button.setText(text)
        button.clicked.connect(lambda _checked=False: does())
        return button

    def _find_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.addWidget(self.found_table, 1)
        row = QHBoxLayout()
        ask = Label(0.9)
        ask.setText(self._translator.text("Or its address:"))
        row.addWidget(ask)
        row.addWidget(self.address, 1)
        row.addWidget(self.again)
        column.addLayout(row)
        return page

    def _prove_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.addWidget(self.code)
        row = QHBoxLayout()
        for button in (self.print_test, self.calibrate, self.other):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _lay_out(self, parent: QWidget) -> None:
        column = QVBoxLayout(self)
        column.addWidget(self._head)
        column.addWidget(self._said)
        column.addWidget(self.steps, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.leave)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        column.addLayout(foot)
        for field in (self.address, self.code, *self.fields.edits()):
            field.setMinimumHeight(style.px(parent, style.TARGET_PX))
        style.resize_fonts(self, parent.font().pixelSize())
        self.found_table.rescale()
        size = parent.size()
        self.resize(
            min(style.px(parent, 1060), size.width()), min(style.px(parent, 640), size.height())
        )

    def _found_columns(self) -> tuple[Column[FoundPrinter], ...]:
        said = self._translator
        return (
            Column(_("Found"), lambda row: row.name, 330),
            Column(_("Where"), lambda row: row.address, 0),
            Column(
                _("How it is"),
                lambda row: said.text("Set up already") if row.known else said.text(
                    PRINTER_STATES[row.status.state]
                ),
                300,
                ink=lambda row: style.RED if row.status.state in TROUBLE else None,
            ),
        )  # fmt: skip

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return Step(self.steps.currentIndex())

    def show_step(self, step: Step) -> None:
        """Show a step with what to do in it."""
        said = self._translator
        heads = {
            Step.FIND: said.text("1 of 3: which printer?"),
            Step.SET_UP: said.text("2 of 3: what is in it?"),
            Step.PROVE: said.text("3 of 3: scan the test label"),
        }
        self.steps.setCurrentIndex(step)
        self._head.setText(heads[step])
        self.back.setVisible(step is Step.SET_UP and self._row is None)
        self.next.setText(
            said.text("Print a test label") if step is Step.SET_UP else said.text("Go on")
        )
        self.next.setVisible(step is not Step.PROVE)
        self.leave.setText(
            said.text("Without proof") if step is Step.PROVE else said.text("Cancel")
        )
        self._tell("")
        if step is Step.PROVE:
            self.code.clear()
            self.code.setFocus()

    def look(self) -> None:
        """Look for printers at this computer."""
        self._tell(self._translator.text("Looking for printers …"))

        def show(answer: tuple[FoundPrinter, ...] | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._refused(answer)
                return
            self.found.show_rows(answer)
            self._tell(
                ""
                if answer
                else self._translator.text(
                    "No printer was found. Switch it on, plug it in and look again, or write the"
                    " address of a network printer."
                )
            )

        self._backend.find_printers(show)

    def _pick(self) -> None:
        row = self.found_table.chosen
        if row is None:
            return
        self.address.setText(row.address)
        self._guess = row.model
        self._tell("")
        if row.status.state in TROUBLE:
            why = explain_code(row.status.detail, self._translator) if row.status.detail else ""
            self._tell("\n".join(part for part in (why, row.status.fix) if part), bad=True)

    def _take_models(self, answer: tuple[ModelChoice, ...] | PackStationError) -> None:
        if isinstance(answer, PackStationError):
            self._refused(answer)
        else:
            self.fields.show_models(answer)

    def _take_stocks(self, answer: tuple[StockChoice, ...] | PackStationError) -> None:
        if isinstance(answer, PackStationError):
            self._refused(answer)
        else:
            self.fields.show_stocks(answer)

    def _next(self) -> None:
        if self.step is Step.FIND:
            if not self.address.text().strip():
                self._tell(
                    self._translator.text("Choose a printer above, or write an address."), bad=True
                )
                return
            self.show_step(Step.SET_UP)
            self._suggest()
            return
        self._save()

    def _suggest(self) -> None:
        row = self.found_table.chosen
        self.fields.suggest(row.name if row else "", self._guess)
        if not self._guess:
            self._tell(
                self._translator.text(
                    "The printer does not say which language it speaks. Try one: the test label"
                    " will show whether it is right."
                )
            )

    def _save(self) -> None:
        if self.fields.model.currentIndex() < 0:
            self._tell(self._translator.text("Choose the model of the printer."), bad=True)
            return
        wanted = self.fields.wanted_uses()

        def saved(answer: str | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                if answer.code == "settings.unknown_printer" and self._row is None:
                    self.show_step(Step.FIND)  # the address is written there
                self._refused(answer)
                return
            self._key = answer
            self._use(wanted)

        form = self.fields.form(self.address.text().strip())
        self._backend.save_printer(self._key, form, saved)

    def _use(self, wanted: list[PrinterUse]) -> None:
        def done(answer: PackStationError | None) -> None:
            if isinstance(answer, PackStationError):
                self._refused(answer)
                return
            self._use(wanted[1:])

        if wanted:
            self._backend.use_printer(wanted[0], self._key, done)
            return
        self.show_step(Step.PROVE)
        self._test()

    def _test(self) -> None:
        self._tell(self._translator.text("Printing the test label …"))
        self._backend.test_print(self._key, self._printed)

    def _calibrate(self) -> None:
        self._backend.calibrate(self._key, self._printed)

    def _printed(self, answer: TestPrint | PackStationError) -> None:
        said = self._translator
        if isinstance(answer, PackStationError):
            self._refused(answer)
            return
        if answer.outcome in (PrintOutcome.SENT, PrintOutcome.CONFIRMED):
            if answer.code:
                self._tell(
                    said.text(
                        "Scan the code on the label. Nothing came out, or only strange signs? Then"
                        " the printer speaks another language: choose another model."
                    )
                )
            else:
                self._tell(said.text("Look at the rulers: every edge should be printed."))
            return
        why = explain_code(answer.detail, self._translator) if answer.detail else ""
        self._tell(f"{said.text(OUTCOMES[answer.outcome])}. {why}".strip(), bad=True)

    def take(self, code: str) -> None:
        """Take a scan: the test label's code proves the printer."""
        self.code.setText(code)
        if self.step is not Step.PROVE or not code.strip():
            return

        def told(answer: str | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._refused(answer)
                self.code.selectAll()
                return
            self.proved = True
            self._head.setText(self._translator.text("The printer is ready."))
            self._tell(
                self._translator.text(
                    "The test label was scanned back: {key} is proved.", key=answer
                ),
                good=True,
            )
            self.leave.setText(self._translator.text("Leave"))
            for button in (self.print_test, self.other, self.calibrate):
                button.setEnabled(False)

        self._backend.prove_printer(code.strip(), told)

    def _back(self) -> None:
        self.show_step(Step.SET_UP if self.step is Step.PROVE else Step.FIND)

    def _refused(self, error: PackStationError) -> None:
        words = explain_error(error, self._translator)
        self._tell(f"{words.sentence} {words.fix}".strip(), bad=True)

    def _tell(self, words: str, *, bad: bool = False, good: bool = False) -> None:
        self._said.setText(words)
        self._said.recolour(style.RED if bad else style.GREEN if good else style.TEXT)
        self._said.setVisible(bool(words))
