"""Labels printed together: what will be, each label's state, and how to go on after a jam."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from packstation.core.orders import OrderKey
from packstation.core.status import BatchState, PrintOutcome
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.ask_dialogs import BadgeDialog
from packstation.ui.backend import Backend, Reply
from packstation.ui.backend_printing import BatchJobRow, BatchOffer, BatchRow
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import local_time
from packstation.ui.paper_words import BATCH_STATES, SPOILED
from packstation.ui.scan_filter import CodeField
from packstation.ui.state_words import OUTCOMES
from packstation.ui.texts import explain_code, explain_error, explain_reason

T = TypeVar("T")

NOT_ENTITLED = "people.not_entitled"
LOOK_MS = 500
"""How often a running batch is looked at."""
LAST_BATCHES = 20
_TOLD = 5
_DOUBT = frozenset({PrintOutcome.UNKNOWN, PrintOutcome.FAILED, PrintOutcome.BLOCKED})


def _orders(row: BatchRow) -> int:
    """Count the orders of a batch: one that was printed anew has several labels."""
    return len({job.order for job in row.jobs})


class BatchDialog(QDialog):
    """Offers to print labels of chosen orders, then shows the batches."""

    def __init__(
        self,
        translator: Translator,
        backend: Backend,
        parent: QWidget,
        orders: Sequence[OrderKey] = (),
    ) -> None:
        """Ask what a batch would be; without orders show the batches there are.

        Args:
            translator: Says the words.
            backend: Prints.
            parent: Its window.
            orders: Those that were chosen, in the order of the list.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translator.text("Print labels"))
        self._translator = translator
        self._backend = backend
        self._orders = tuple(orders)
        self._rows: tuple[BatchRow, ...] = ()
        self._wanted = ""
        self._head = Label(1.15, bold=True, wraps=True)
        self._said = Label(0.9, colour=style.MUTED, wraps=True)
        self.which = QComboBox(self)
        self.which.currentIndexChanged.connect(lambda _place: self._show())
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.model = GridModel[BatchJobRow](self._columns(), translator)
        self.table = GridTable[BatchJobRow](self.model, self, row_px=40)
        self.last_good = CodeField(self)
        self.last_good.setPlaceholderText(
            translator.text("Scan the last good label that came out")
        )  # fmt: skip
        self.last_good.returnPressed.connect(lambda: self._resume(self.last_good.text().strip()))
        said = translator
        self.start = self._button(said.text("Print now"), self._start, Weight.MAIN)
        self.none_good = self._button(said.text("None came out"), lambda: self._resume(""))
        self.stop = self._button(said.text("Stop after this label"), self._stop)
        self.cancel = self._button(said.text("Print no more"), self._cancel)
        self.leave = self._button(said.text("Leave"), self.accept)
        self._lay_out(parent)
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._ask)
        self._offered(None)
        if self._orders:
            backend.offer_batch(self._orders, self._take_offer)
        else:
            self.watch()

    def _button(
        self, text: str, does: Callable[[], object], weight: Weight = Weight.PLAIN
    ) -> Button:
        button = Button(weight=weight, parent=self)
        button.setText(text)
        button.clicked.connect(lambda _checked=False: does())
        return button

    def _lay_out(self, parent: QWidget) -> None:
        column = QVBoxLayout(self)
        column.addWidget(self._head)
        column.addWidget(self.which)
        column.addWidget(self.progress)
        column.addWidget(self._said)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        row = QHBoxLayout()
        row.addWidget(self.last_good, 1)
        row.addWidget(self.none_good)
        column.addLayout(row)
        foot = QHBoxLayout()
        for button in (self.cancel, self.stop):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.leave)
        foot.addWidget(self.start)
        column.addLayout(foot)
        for label in (self._head, self._said):
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for field in (self.which, self.last_good):
            field.setMinimumHeight(style.px(parent, style.TARGET_PX))
        style.resize_fonts(self, parent.font().pixelSize())
        self.table.rescale()
        size = parent.size()
        self.resize(
            min(style.px(parent, 980), size.width()), min(style.px(parent, 660), size.height())
        )

    def _columns(self) -> tuple[Column[BatchJobRow], ...]:
        said = self._translator

        def outcome(row: BatchJobRow) -> str:
            words, why = said.text(OUTCOMES[row.outcome]), ""
            if row.spoiled:
                why = said.text(SPOILED.get(row.spoiled, row.spoiled))
            elif row.detail and row.outcome in _DOUBT:
                why = explain_code(row.detail, said)
            return f"{words} · {why}" if why else words

        return (
            Column(_("Order"), lambda row: row.order_id, 230),
            Column(_("Tracking number"), lambda row: row.tracking_number, 240),
            Column(_("Copy"), lambda row: str(row.copy), 70, right=True),
            Column(
                _("Label"),
                outcome,
                0,
                ink=lambda row: style.RED if row.outcome in _DOUBT or row.spoiled else None,
            ),
        )

    # What it would be

    def _take_offer(self, answer: BatchOffer | PackStationError) -> None:
        if isinstance(answer, PackStationError):
            self._refused(answer)
            return
        self._offered(answer)

    def _offered(self, offer: BatchOffer | None) -> None:
        for widget in (
            self.which, self.progress, self.table, self.last_good, self.none_good, self.stop,
            self.cancel,
        ):  # fmt: skip
            widget.hide()
        self.start.setVisible(offer is not None and offer.ready > 0)
        if offer is None:
            self._said.setText("")
            return
        said = self._translator
        self._head.setText(
            said.plural("Print {count} label?", "Print {count} labels?", offer.ready)
            if offer.ready
            else said.text("None of these orders can get a label now.")
        )
        lines = [said.text("Printer: {printer}", printer=offer.printer)] if offer.printer else []
        if offer.ready > offer.limit:
            lines.append(
                said.text("In parts of {limit}, as the platform allows.", limit=offer.limit)
            )
        if offer.roll_left is not None and offer.roll_left < offer.ready:
            self.start.hide()
            lines.append(
                said.text(
                    "Only {left} labels are left on the roll. Put a new roll in and say so on the"
                    " printers page.",
                    left=offer.roll_left,
                )
            )
        if offer.printed_before:
            lines.append(
                said.plural(
                    "{count} order has its label already.",
                    "{count} orders have their labels already.",
                    offer.printed_before,
                )
            )
        lines += [explain_reason(reason, number, said) for number, reason in offer.refused[:_TOLD]]
        if len(offer.refused) > _TOLD:
            lines.append(said.text("and {count} more", count=len(offer.refused) - _TOLD))
        self._tell("\n".join(lines))

    def _allowed(self, call: Callable[[str, Reply[T]], None], done: Callable[[T], None]) -> None:
        """Do something; where it needs a badge, ask for it and try once more."""

        def answered(answer: T | PackStationError, *, again: bool) -> None:
            if not isinstance(answer, PackStationError):
                done(answer)
            elif answer.code == NOT_ENTITLED and not again:
                words = explain_error(answer, self._translator)
                dialog = BadgeDialog(words.sentence, self._translator, self)
                dialog.given.connect(lambda badge: call(badge, second))
                dialog.open()
            else:
                self._refused(answer)
                self.last_good.selectAll()

        def second(answer: T | PackStationError) -> None:
            answered(answer, again=True)

        call("", lambda answer: answered(answer, again=False))

    def _start(self) -> None:
        def started(batches: tuple[str, ...]) -> None:
            self._wanted = batches[0] if batches else ""
            self.watch()

        self._allowed(
            lambda badge, reply: self._backend.start_batch(self._orders, badge, reply), started
        )

    # How it goes

    def watch(self) -> None:
        """Show the batches, and look again while one runs."""
        self.start.hide()
        self._ask()

    def _ask(self) -> None:
        def show(answer: tuple[BatchRow, ...] | PackStationError) -> None:
            if isinstance(answer, PackStationError):
                self._refused(answer)
                return
            self._take_rows(answer)

        self._backend.batches(LAST_BATCHES, show)

    def _take_rows(self, rows: tuple[BatchRow, ...]) -> None:
        self._rows = rows
        wanted = self._wanted or str(self.which.currentData() or "")
        self._wanted = ""
        self.which.blockSignals(True)
        self.which.clear()
        for row in rows:
            state = self._translator.text(BATCH_STATES[row.state])
            self.which.addItem(
                f"{local_time(row.started_at)}  ·  {row.out} / {_orders(row)}  ·  {state}",
                row.batch,
            )
        self.which.setCurrentIndex(max(0, self.which.findData(wanted)))
        self.which.blockSignals(False)
        self._show()

    @property
    def batch(self) -> BatchRow | None:
        """The batch that is shown."""
        chosen = self.which.currentData()
        return next((row for row in self._rows if row.batch == chosen), None)

    def _show(self) -> None:
        row = self.batch
        said = self._translator
        if row is None:
            self._head.setText(said.text("No labels were printed together yet."))
            self._tell(said.text("Choose orders in the list and press Print labels."))
            return
        running = row.state is BatchState.RUNNING
        stopped = row.state is BatchState.STOPPED
        self.which.setVisible(len(self._rows) > 1)
        self.progress.show()
        self.progress.setRange(0, max(1, _orders(row)))
        self.progress.setValue(row.out)
        self.table.show()
        self.model.show_rows(row.jobs)
        self._head.setText(
            said.text(
                "{state}: {out} of {count}",
                state=said.text(BATCH_STATES[row.state]),
                out=row.out,
                count=_orders(row),
            )
        )
        lines = [explain_code(row.why, said)] if row.why and row.why != "operator" else []
        if stopped:
            lines.append(
                said.text(
                    "Clear the printer. Then scan the last label that came out well: everything"
                    " after it is printed anew, marked as a reprint."
                )
            )
        lines += [explain_reason(reason, number, said) for number, reason in row.refused[:_TOLD]]
        self._tell("\n".join(lines), bad=stopped)
        self.last_good.setVisible(stopped)
        self.none_good.setVisible(stopped)
        self.stop.setVisible(running)
        self.cancel.setVisible(running or stopped)
        if stopped and not self.last_good.hasFocus():
            self.last_good.setFocus()
        alive = any(each.state is BatchState.RUNNING for each in self._rows)
        if alive and not self._look.isActive():
            self._look.start()
        elif not alive:
            self._look.stop()

    def _resume(self, code: str) -> None:
        row = self.batch
        if row is None:
            return

        def resumed(_row: BatchRow) -> None:
            self.last_good.clear()
            self._ask()

        self._allowed(
            lambda badge, reply: self._backend.resume_batch(row.batch, code, reply, badge), resumed
        )

    def take(self, code: str) -> bool:
        """Take a scan as the last good label; False where none is waited for."""
        if not self.last_good.isVisible():
            return False
        self.last_good.setText(code)
        self._resume(code.strip())
        return True

    def _stop(self) -> None:
        if (row := self.batch) is not None:
            batch = row.batch
            self._allowed(
                lambda badge, reply: self._backend.stop_batch(batch, reply, badge), self._done
            )

    def _cancel(self) -> None:
        if (row := self.batch) is not None:
            batch = row.batch
            self._allowed(
                lambda badge, reply: self._backend.cancel_batch(batch, reply, badge), self._done
            )

    def _done(self, _answer: None) -> None:
        self._ask()

    def _refused(self, error: PackStationError) -> None:
        words = explain_error(error, self._translator)
        self._tell(f"{words.sentence} {words.fix}".strip(), bad=True)

    def _tell(self, words: str, *, bad: bool = False) -> None:
        self._said.setText(words)
        self._said.recolour(style.RED if bad else style.TEXT)
        self._said.setVisible(bool(words))
