"""Files of the orders page: exports in; pick lists, shipments, sheets and exports out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QInputDialog, QProgressDialog, QWidget

from packstation.core.order_query import OrderQuery
from packstation.core.orders import OrderKey, ShopKey
from packstation.core.status import PaperKind
from packstation.errors import PackStationError
from packstation.i18n import Translator
from packstation.ui.ask_dialogs import AskDialog
from packstation.ui.backend import Backend, Reply
from packstation.ui.backend_orders import FileReport, MergeGroup
from packstation.ui.names import carrier_name
from packstation.ui.sheet_words import why_words
from packstation.ui.suggestions_dialog import SuggestionsDialog
from packstation.ui.texts import explain_error

IN_ENDINGS = "*.csv *.xlsx *.xls *.txt *.tsv *.json *.jsonl"
SHEET_ENDINGS = "*.xlsx *.csv *.txt *.tsv"
EXPORT_ROWS = 15_000
"""Rows that platforms take in one file (S0-30)."""


PRINTED = {"print_orders": "", "print_total": "total"}
"""Answers that print a pick list at once, and the terms of each."""


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

    def _save_name(
        self, title: str, suggested: str, endings: str, *, over: bool = False
    ) -> Path | None:
        """Ask for a new name; ``over`` = an older file may be written over, after a question."""
        stem, dot, ending = suggested.rpartition(".")
        at = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        name, _filter = QFileDialog.getSaveFileName(
            self._page,
            title,
            f"{stem}-{at}{dot}{ending}",
            f"({endings})",
            options=QFileDialog.Option(0) if over else QFileDialog.Option.DontConfirmOverwrite,
        )
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
                number, cause = key.partition("/")[2], why_words(why, self._translator)
                more = self._translator.plural(
                    "{count} is not in it: {number}: {why}.",
                    "{count} are not in it; the first is {number}: {why}.",
                    len(answer.left),
                    number=number,
                    why=cause,
                )
                text = f"{text} {more}"
            if answer.waiting:
                text += " " + self._translator.plural(
                    "{count} order waits for the next file.",
                    "{count} orders wait for the next file.",
                    answer.waiting,
                )
            self._say(text, bool(answer.left))

        return tell

    def pick_list(self, keys: Sequence[OrderKey]) -> None:
        """Print a pick list of the chosen orders or write it as PDF, by order or in total."""
        said = self._translator

        def printed(answer: str | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                words = explain_error(answer, said)
                self._say(f"{words.sentence} {words.fix}".strip(), True)
            else:
                self._say(said.text("The pick list is on its way to the printer."), False)

        def then(word: str) -> None:
            if word in PRINTED:
                self._backend.print_slip(
                    PaperKind.PICK_LIST, "\n".join(keys), PRINTED[word], printed
                )
                return
            title = said.text("Save the pick list")
            path = self._save_name(title, "pick-list.pdf", "*.pdf", over=True)
            if path is not None:
                self._backend.pick_list_of(
                    keys,
                    path,
                    word == "total",
                    self._told(
                        lambda report: said.plural(
                            "Pick list of {count} order: {file}",
                            "Pick list of {count} orders: {file}",
                            report.orders,
                            file=path.name,
                        )
                    ),
                )

        answers = [
            ("print_orders", said.text("Print now, order by order")),
            ("print_total", said.text("Print now, all at once")),
            ("orders", said.text("Save as PDF, order by order")),
            ("total", said.text("Save as PDF, all at once")),
        ]
        dialog = AskDialog(
            said.text("Pick list"), "", answers, said, self._page.window(), main="print_orders"
        )
        dialog.answered.connect(then)
        dialog.open()

    def wave(self, keys: Sequence[OrderKey], refresh: Callable[[], None]) -> None:
        """Put the chosen orders into a wave."""
        tell = self._told(
            lambda report: self._translator.plural(
                "Wave {wave}: {count} order.",
                "Wave {wave}: {count} orders.",
                report.orders,
                wave=report.batch,
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
                            lambda report: said.plural(
                                "The platform has taken {count} order.",
                                "The platform has taken {count} orders.",
                                report.orders,
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
                            lambda report: said.plural(
                                "{count} number was taken.",
                                "{count} numbers were taken.",
                                report.orders,
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
                    lambda report: said.plural(
                        "Batch {batch}: {count} order in {file}.",
                        "Batch {batch}: {count} orders in {file}.",
                        report.orders,
                        batch=report.batch,
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
                    lambda report: said.plural(
                        "Carrier sheet {sheet}: {count} order in {file}.",
                        "Carrier sheet {sheet}: {count} orders in {file}.",
                        report.orders,
                        sheet=report.batch,
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
            lambda report: said.plural(
                "{count} order exported to {file}.",
                "{count} orders exported to {file}.",
                report.orders,
                file=", ".join(file.name for file in report.files),
            )
        )

        def done(answer: FileReport | PackStationError) -> None:
            shown.reset()
            shown.deleteLater()
            tell(answer)

        def progress(rows: int) -> None:
            words = said.plural("{count} row written", "{count} rows written", rows)
            shown.setLabelText(words)

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
