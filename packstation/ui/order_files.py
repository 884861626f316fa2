"""Files of the orders page: exports in; pick lists, shipments, sheets and exports out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QInputDialog,
    QProgressDialog,
    QVBoxLayout,
    QWidget,
)

from packstation.core.order_query import OrderQuery
from packstation.core.orders import OrderKey, ShopKey
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.ask_dialogs import AskDialog
from packstation.ui.backend import Backend, Reply
from packstation.ui.backend_orders import FileReport, MergeGroup
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import carrier_name
from packstation.ui.sheet_words import why_words
from packstation.ui.texts import explain_error

IN_ENDINGS = "*.csv *.xlsx *.xls *.txt *.tsv *.json *.jsonl"
SHEET_ENDINGS = "*.xlsx *.csv *.txt *.tsv"
EXPORT_ROWS = 15_000
"""Rows that platforms take in one file (S0-30)."""


class OrderFiles:
    """Asks for names of files, starts the work, says what came of it."""

    def __init__(
        self,
        page: QWidget,
        translator: Translator,
        backend: Backend,
        say: Callable[[str, bool], None],
    ) -> None:
        """Bind to a page; ``say`` shows a sentence, True = it went wrong."""
        self._page, self._translator, self._backend, self._say = page, translator, backend, say
        self._groups: tuple[MergeGroup, ...] = ()

    # In

    def choose_import(self, then: Callable[[Sequence[Path]], None]) -> None:
        """Let a person choose the files to import."""
        title = self._translator.text("Choose one export file, or the two of a pair")
        names, _filter = QFileDialog.getOpenFileNames(self._page, title, "", f"({IN_ENDINGS})")
        if names:
            then([Path(name) for name in names])

    # Out

    def _save_name(self, title: str, suggested: str, endings: str) -> Path | None:
        name, _filter = QFileDialog.getSaveFileName(self._page, title, suggested, f"({endings})")
        return Path(name) if name else None

    def _open_name(self, title: str) -> Path | None:
        name, _filter = QFileDialog.getOpenFileName(self._page, title, "", f"({SHEET_ENDINGS})")
        return Path(name) if name else None

    def _told(self, words: Callable[[FileReport], str]) -> Reply[FileReport]:
        def tell(answer: FileReport | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                said = explain_error(answer, self._translator)
                self._say(f"{said.sentence} {said.fix}".strip(), True)
                return
            text = words(answer)
            if answer.left:
                key, why = answer.left[0]
                text += " " + self._translator.text(
                    "{count} not in it: {number}: {why}",
                    count=len(answer.left),
                    number=key.partition("/")[2],
                    why=why_words(why, self._translator),
                )
            if answer.waiting:
                text += " " + self._translator.text(
                    "{count} wait for the next file.", count=answer.waiting
                )
            self._say(text, bool(answer.left))

        return tell

    def pick_list(self, keys: Sequence[OrderKey]) -> None:
        """Write a pick list of the chosen orders, by order or in total."""
        said = self._translator

        def then(word: str) -> None:
            title = said.text("Save the pick list")
            path = self._save_name(title, "pick-list.pdf", "*.pdf")
            if path is not None:
                self._backend.pick_list_of(
                    keys,
                    path,
                    word == "total",
                    self._told(
                        lambda report: said.text(
                            "Pick list of {count} orders: {file}",
                            count=report.orders,
                            file=path.name,
                        )
                    ),
                )

        answers = [("orders", said.text("Order by order")), ("total", said.text("All at once"))]
        dialog = AskDialog(
            said.text("Pick list"), "", answers, said, self._page.window(), main="orders"
        )
        dialog.answered.connect(then)
        dialog.open()

    def wave(self, keys: Sequence[OrderKey], refresh: Callable[[], None]) -> None:
        """Put the chosen orders into a wave."""
        tell = self._told(
            lambda report: self._translator.text(
                "Wave {wave}: {count} orders.", wave=report.batch, count=report.orders
            )
        )

        def done(answer: FileReport | PackStationError) -> None:
            tell(answer)
            refresh()

        self._backend.make_wave(keys, done)

    def choose(self, shop: ShopKey, query: OrderQuery) -> None:
        """Ask which file is wanted."""
        said = self._translator
        answers = (
            ("ship", said.text("Shipments for the platform")),
            ("fill", said.text("Fill the platform's own template")),
            ("results", said.text("Results of the platform, in")),
            ("sheet", said.text("Sheet for a carrier, with recipients")),
            ("returned", said.text("Numbers of a carrier, in")),
            ("export", said.text("Export the orders of this list")),
        )
        dialog = AskDialog(said.text("Files out"), "", answers, said, self._page.window())
        dialog.answered.connect(lambda word: self._chosen(word, shop, query))
        dialog.open()

    def _chosen(self, word: str, shop: ShopKey, query: OrderQuery) -> None:
        said = self._translator
        match word:
            case "ship":
                self._ship(shop, None)
            case "fill":
                template = self._open_name(said.text("Choose the template of the platform"))
                if template is not None:
                    self._ship(shop, template)
            case "results":
                path = self._open_name(said.text("Choose the result file of the platform"))
                if path is not None:
                    self._backend.shipment_results(
                        "",
                        path,
                        self._told(
                            lambda report: said.text(
                                "{count} orders are told to the shop.", count=report.orders
                            )
                        ),
                    )
            case "sheet":
                self._choose_carrier()
            case "returned":
                path = self._open_name(said.text("Choose the carrier's file"))
                if path is not None:
                    self._backend.carrier_numbers(
                        "",
                        path,
                        self._told(
                            lambda report: said.text(
                                "{count} numbers were taken.", count=report.orders
                            )
                        ),
                    )
            case "export":
                self._choose_export(query)
            case _:
                pass

    def _ship(self, shop: ShopKey, template: Path | None) -> None:
        said = self._translator
        ending = template.suffix if template is not None else ".xlsx"
        path = self._save_name(said.text("Save the shipments"), f"shipments{ending}", SHEET_ENDINGS)
        if path is not None:
            self._backend.ship_file(
                shop,
                path,
                template,
                self._told(
                    lambda report: said.text(
                        "Batch {batch}: {count} orders in {file}.",
                        batch=report.batch,
                        count=report.orders,
                        file=path.name,
                    )
                ),
            )

    def _choose_carrier(self) -> None:
        said = self._translator
        names = {
            carrier_name(self._backend.carriers, c.code, said): c.code
            for c in self._backend.carriers
        }
        name, sure = QInputDialog.getItem(
            self._page.window(),
            said.text("Sheet for a carrier"),
            said.text("The file holds names, phones and addresses. Give it to the carrier only."),
            list(names),
            0,
            False,
        )
        if not sure:
            return
        carrier = names[name]
        path = self._save_name(said.text("Save the sheet"), f"{carrier}.xlsx", SHEET_ENDINGS)
        if path is not None:
            self._backend.carrier_sheet(
                carrier,
                path,
                self._told(
                    lambda report: said.text(
                        "Carrier sheet {sheet}: {count} orders in {file}.",
                        sheet=report.batch,
                        count=report.orders,
                        file=path.name,
                    )
                ),
            )

    def _choose_export(self, query: OrderQuery) -> None:
        said = self._translator
        answers = (
            ("masked", said.text("Split after 15,000 rows, names masked")),
            ("whole", said.text("One file, names masked")),
            ("people", said.text("With names, phones and addresses")),
        )
        dialog = AskDialog(
            said.text("Export the orders of this list"),
            "",
            answers,
            said,
            self._page.window(),
            main="masked",
        )
        dialog.answered.connect(lambda word: self._export(query, word))
        dialog.open()

    def _export(self, query: OrderQuery, word: str) -> None:
        said = self._translator
        path = self._save_name(said.text("Save the export"), "orders.xlsx", "*.xlsx *.csv")
        if path is None:
            return
        shown = QProgressDialog(
            said.text("Exporting"), said.text("Cancel"), 0, 0, self._page.window()
        )
        shown.setWindowModality(Qt.WindowModality.WindowModal)
        shown.setMinimumDuration(400)
        tell = self._told(
            lambda report: said.text(
                "{count} orders exported to {file}.",
                count=report.orders,
                file=", ".join(file.name for file in report.files),
            )
        )

        def done(answer: FileReport | PackStationError) -> None:
            shown.reset()
            shown.deleteLater()
            tell(answer)

        def progress(rows: int) -> None:
            shown.setLabelText(said.text("{rows} rows written", rows=rows))

        running = self._backend.export_orders(
            query,
            path,
            None if word == "whole" else EXPORT_ROWS,
            word == "people",
            progress,
            done,
        )
        shown.canceled.connect(running.cancel)

    # Orders that may travel together

    def ask_suggestions(self, shop: ShopKey | None, tell: Callable[[int, int], None]) -> None:
        """Ask which orders may travel together; tells groups and orders."""

        def show(answer: tuple[MergeGroup, ...] | PackStationError) -> None:
            if not isinstance(answer, PackStationError):
                self._groups = answer
                tell(len(answer), sum(len(group.orders) for group in answer))

        self._backend.merge_suggestions(shop, show)

    def show_suggestions(self, merge: Callable[[Sequence[Sequence[OrderKey]]], None]) -> None:
        """List them, and let a person choose."""
        SuggestionsDialog(self._groups, self._translator, merge, self._page.window()).open()


class SuggestionsDialog(QDialog):
    """Groups of orders of equal recipients; no people's data is shown."""

    def __init__(
        self,
        groups: Sequence[MergeGroup],
        translator: Translator,
        merge: Callable[[Sequence[Sequence[OrderKey]]], None],
        parent: QWidget,
    ) -> None:
        """Show the groups."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translator.text("Orders that can travel together"))
        head = Label(0.95, wraps=True)
        head.setText(translator.text("Same recipient, same shop: one parcel, one tracking number."))
        self.model = GridModel[MergeGroup](
            (
                Column(
                    _("Orders"),
                    lambda group: ", ".join(key.partition("/")[2] for key in group.orders),
                    0,
                ),
                Column(_("Units"), lambda group: str(group.units), 90, right=True),
            ),
            translator,
        )
        self.table = GridTable[MergeGroup](self.model, self, several=True)
        self.model.show_rows(groups)
        self.some, self.every = Button(parent=self), Button(weight=Weight.MAIN, parent=self)
        self.some.setText(translator.text("The chosen ones into one parcel each"))
        self.every.setText(translator.text("All of them"))

        def take(chosen: Sequence[MergeGroup]) -> None:
            if chosen:
                self.accept()
                merge([group.orders for group in chosen])

        self.some.clicked.connect(lambda: take(self.table.all_chosen))
        self.every.clicked.connect(lambda: take(self.model.rows))
        column = QVBoxLayout(self)
        column.addWidget(head)
        column.addWidget(self.table, 1)
        for button in (self.some, self.every):
            button.setMinimumHeight(style.px(parent, style.TARGET_PX))
            column.addWidget(button)
        style.resize_fonts(self, parent.font().pixelSize())
        self.table.rescale()
        self.resize(style.px(parent, 860), style.px(parent, 520))
