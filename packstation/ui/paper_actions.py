"""What the orders page does with paper: label batches, reprints, previews, packing slips."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from packstation.core.order_query import OrderFound
from packstation.core.orders import OrderKey, ShopKey
from packstation.core.status import BatchState, PaperKind
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.ask_dialogs import AskDialog, BadgeDialog
from packstation.ui.backend import Backend
from packstation.ui.backend_printing import BatchRow
from packstation.ui.batch_dialog import LAST_BATCHES, NOT_ENTITLED, BatchDialog
from packstation.ui.controls import Button, Label
from packstation.ui.label_files_dialog import LabelFilesDialog
from packstation.ui.paper_words import SPOILED
from packstation.ui.pictures import Picture
from packstation.ui.texts import explain_error

PAPER_ACTIONS: dict[str, str] = {
    "label": _("Show the label"),
    "reprint": _("Reprint the label"),
    "slip": _("Packing slip"),
}
"""What the buttons of the details do with paper, in their order."""


class LabelPreview(QDialog):
    """The label of one order as it would be printed, from the very bytes."""

    def __init__(self, title: str, translator: Translator, parent: QWidget) -> None:
        """Show that it is being drawn."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        head = Label(1.0, bold=True)
        head.setText(title)
        self.picture = Picture(self)
        self.picture.show_text(translator.text("Drawing …"))
        self.leave = Button(parent=self)
        self.leave.setText(translator.text("Leave"))
        self.leave.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.addWidget(head)
        column.addWidget(self.picture, 1)
        column.addWidget(self.leave, alignment=Qt.AlignmentFlag.AlignRight)
        style.resize_fonts(self, parent.font().pixelSize())
        self.resize(
            style.px(parent, 520), min(style.px(parent, 760), round(parent.height() * 0.95))
        )


class PaperActions:
    """Carries out what the page's buttons want of paper; every way ends in ``say``."""

    def __init__(
        self,
        page: QWidget,
        translator: Translator,
        backend: Backend,
        say: Callable[[str, bool], None],
        refresh: Callable[[], None],
    ) -> None:
        """Bind to a page; ``say`` shows a sentence, True = it went wrong."""
        self._page, self._translator, self._backend = page, translator, backend
        self._say, self._refresh = say, refresh
        self.batch: BatchDialog | None = None

    def print_labels(self, keys: Sequence[OrderKey]) -> None:
        """Offer to print the labels of orders together; without orders show the batches."""
        dialog = BatchDialog(self._translator, self._backend, self._page.window(), keys)
        dialog.finished.connect(lambda _result: self._closed())
        self.batch = dialog
        dialog.open()

    def ask_stopped(self, tell: Callable[[bool], None]) -> None:
        """Tell whether a batch waits for its last good label; nobody finds it otherwise."""

        def show(answer: tuple[BatchRow, ...] | PackStationError) -> None:
            if not isinstance(answer, PackStationError):
                tell(any(row.state is BatchState.STOPPED for row in answer))

        self._backend.batches(LAST_BATCHES, show)

    def _closed(self) -> None:
        self.batch = None
        self._refresh()

    def files(self, shop: ShopKey) -> None:
        """Show label files."""
        dialog = LabelFilesDialog(self._translator, self._backend, shop, self._page.window())
        dialog.finished.connect(lambda _result: self._refresh())
        dialog.open()

    def one(self, word: str, row: OrderFound) -> bool:
        """Do what a button of the details wants; False where it is not about paper."""
        match word:
            case "label":
                self._preview(row)
            case "reprint":
                self._reprint(row)
            case "slip":
                self._backend.print_slip(PaperKind.PACKING_SLIP, row.key, "", self._printed(
                    self._translator.text("The packing slip is on its way to the printer.")
                ))  # fmt: skip
            case _:
                return False
        return True

    def _printed(self, words: str) -> Callable[[str | PackStationError], None]:
        def done(answer: str | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                said = explain_error(answer, self._translator)
                self._say(f"{said.sentence} {said.fix}".strip(), True)
            else:
                self._say(words, False)
                self._refresh()

        return done

    def _preview(self, row: OrderFound) -> None:
        title = self._translator.text("Label of order {number}", number=row.order_id)
        dialog = LabelPreview(title, self._translator, self._page.window())
        open_ = [True]
        dialog.finished.connect(lambda _result: open_.clear())
        dialog.open()

        def show(answer: bytes | PackStationError) -> None:
            if not open_:
                return
            if isinstance(answer, PackStationError):
                words = explain_error(answer, self._translator)
                dialog.picture.show_text(f"{words.sentence} {words.fix}".strip())
            else:
                dialog.picture.show_png(answer)

        self._backend.label_preview(row.key, show)

    def _reprint(self, row: OrderFound) -> None:
        said = self._translator
        done = self._printed(
            said.text(
                "A new label of {number} is printed, marked as a reprint. Tear the old one off.",
                number=row.order_id,
            )
        )

        def ask(reason: str, badge: str = "") -> None:
            def answered(answer: str | PackStationError) -> None:
                refused = isinstance(answer, PackStationError) and answer.code == NOT_ENTITLED
                if refused and not badge and isinstance(answer, PackStationError):
                    words = explain_error(answer, said)
                    dialog = BadgeDialog(words.sentence, said, self._page.window())
                    dialog.given.connect(lambda given: ask(reason, given))
                    dialog.open()
                    return
                done(answer)

            self._backend.reprint_label(row.key, reason, badge, answered)

        dialog = AskDialog(
            said.text("Reprint the label"),
            said.text(
                "What is wrong with the label of {number}? It may not be used any more: the new"
                " one says that it is a reprint.",
                number=row.order_id,
            ),
            [(word, said.text(text)) for word, text in SPOILED.items()],
            said,
            self._page.window(),
        )
        dialog.answered.connect(ask)
        dialog.open()
