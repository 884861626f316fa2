"""The filters of the orders page: which are set, said as chips, chosen in a dialog."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from packstation.core.carriers import Carrier
from packstation.core.order_query import OrderQuery
from packstation.core.orders import ShopKey, Sku
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.controls import Button, Label, Weight
from packstation.ui.names import carrier_name
from packstation.ui.order_words import KINDS
from packstation.ui.scan_filter import CodeField
from packstation.ui.shop_colours import ShopLook

PERIODS: dict[str, str] = {
    "": _("any time"),
    "today": _("today"),
    "yesterday": _("yesterday"),
    "7": _("last 7 days"),
    "90": _("last 90 days"),
}
DUE: dict[str, str] = {
    "": _("any time"),
    "late": _("late"),
    "today": _("until tonight"),
    "tomorrow": _("until tomorrow night"),
}
_KEPT = "kept"
"""Stands for a span that no word tells: it stays as it is."""
_YES_NO: dict[str, str] = {"": _("either"), "yes": _("yes"), "no": _("no")}


def period(word: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return from and to of a period, by the station's clock.

    Args:
        word: A key of ``PERIODS`` or ``DUE``.
        now: Aware.
    """
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    day = timedelta(days=1)
    match word:
        case "today":
            return midnight, midnight + day
        case "yesterday":
            return midnight - day, midnight
        case "7" | "90":
            return midnight - int(word) * day, None
        case "late":
            return None, now
        case "tomorrow":
            return None, midnight + 2 * day
        case _:
            return None, None


class FilterDialog(QDialog):
    """Every filter beside the lists and the words that are searched for."""

    chosen = Signal(object)
    """The query with the new filters."""

    def __init__(
        self,
        query: OrderQuery,
        carriers: Sequence[Carrier],
        shops: Sequence[ShopKey],
        look: ShopLook,
        translator: Translator,
        zone: tzinfo,
        parent: QWidget,
    ) -> None:
        """Show the filters as they are; days are counted in ``zone``."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._query, self._translator, self._zone = query, translator, zone
        said = translator
        self.setWindowTitle(said.text("Filters"))
        names = {carrier.code: carrier_name(carriers, carrier.code, said) for carrier in carriers}
        self.carrier = self._box({"": said.text("every carrier"), **names})
        self.shop = self._box({"": said.text("every shop"), **{s: look.name(s) for s in shops}})
        self.printed = self._words(_YES_NO)
        self.message = self._words(_YES_NO)
        self.kind = self._words({"": _("every kind"), **{k.value: w for k, w in KINDS.items()}})
        self.paid = self._words(PERIODS)
        self.imported = self._words(PERIODS)
        self.due = self._words(DUE)
        self.new = self._words({"": _("either"), "yes": _("since the last export")})
        self.sku, self.bin, self.wave = (CodeField(self) for _field in range(3))
        rows: tuple[tuple[str, QWidget], ...] = (
            (said.text("Carrier"), self.carrier),
            (said.text("Shop"), self.shop),
            (said.text("Printed"), self.printed),
            (said.text("Message"), self.message),
            (said.text("Kind"), self.kind),
            (said.text("New"), self.new),
            (said.text("Paid"), self.paid),
            (said.text("Imported"), self.imported),
            (said.text("Due"), self.due),
            (said.text("SKU"), self.sku),
            (said.text("Bin"), self.bin),
            (said.text("Wave"), self.wave),
        )
        grid = QGridLayout()
        half = len(rows) // 2
        for place, (words, widget) in enumerate(rows):
            label = Label(0.9)
            label.setText(words)
            side, row = divmod(place, half)
            grid.addWidget(label, row, 2 * side)
            grid.addWidget(widget, row, 2 * side + 1)
            widget.setMinimumHeight(style.px(parent, 44))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.take = Button(weight=Weight.MAIN, parent=self)
        self.take.setText(said.text("Show these orders"))
        self.take.clicked.connect(self._take)
        self.leave = Button(parent=self)
        self.leave.setText(said.text("Cancel"))
        self.leave.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in (self.leave, self.take):
            button.setMinimumHeight(style.px(parent, style.TARGET_PX))
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.addLayout(grid)
        column.addLayout(foot)
        self._fill(query)
        style.resize_fonts(self, parent.font().pixelSize())
        self.resize(style.px(parent, 920), style.px(parent, 420))

    def _box(self, words: dict[Any, str]) -> QComboBox:
        box = QComboBox(self)
        for data, text in words.items():
            box.addItem(text, str(data))
        return box

    def _words(self, words: dict[str, str]) -> QComboBox:
        return self._box({data: self._translator.text(text) for data, text in words.items()})

    def _fill(self, query: OrderQuery) -> None:
        def choose(box: QComboBox, data: str) -> None:
            box.setCurrentIndex(max(0, box.findData(data)))

        answers = {None: "", True: "yes", False: "no"}
        choose(self.carrier, query.carriers[0] if query.carriers else "")
        choose(self.shop, query.shops[0] if query.shops else "")
        choose(self.printed, answers[query.printed])
        choose(self.message, answers[query.message])
        choose(self.kind, query.kind.value if query.kind else "")
        choose(self.new, "yes" if query.only_new else "")
        for field, box in self._spans().items():
            first, end = getattr(query, f"{field}_from"), getattr(query, f"{field}_to")
            if first is not None or end is not None:
                box.addItem(_span(first, end), _KEPT)
                box.setCurrentIndex(box.count() - 1)
        self.sku.setText(query.sku or "")
        self.bin.setText(query.bin or "")
        self.wave.setText(query.wave or "")

    def _take(self) -> None:
        now = datetime.now(self._zone)
        answers = {"": None, "yes": True, "no": False}

        def data(box: QComboBox) -> str:
            return str(box.currentData() or "")

        spans = {
            field: (getattr(self._query, f"{field}_from"), getattr(self._query, f"{field}_to"))
            if data(box) == _KEPT
            else period(data(box), now)
            for field, box in self._spans().items()
        }
        if data(self.due) not in ("", _KEPT):
            spans["due"] = None, spans["due"][1]  # what is late is due until tonight too
        kinds = {kind.value: kind for kind in KINDS}
        codes = {str(carrier): carrier for carrier in self._codes()}
        self.chosen.emit(
            replace(
                self._query,
                carriers=tuple(codes[c] for c in (data(self.carrier),) if c),
                shops=tuple(ShopKey(s) for s in (data(self.shop),) if s),
                printed=answers[data(self.printed)],
                message=answers[data(self.message)],
                kind=kinds.get(data(self.kind)),
                only_new=data(self.new) == "yes",
                paid_from=spans["paid"][0],
                paid_to=spans["paid"][1],
                imported_from=spans["imported"][0],
                imported_to=spans["imported"][1],
                due_from=spans["due"][0],
                due_to=spans["due"][1],
                sku=Sku(self.sku.text().strip()) if self.sku.text().strip() else None,
                bin=self.bin.text().strip() or None,
                wave=self.wave.text().strip() or None,
                after=None,
            )
        )
        self.accept()

    def _spans(self) -> dict[str, QComboBox]:
        return {"paid": self.paid, "imported": self.imported, "due": self.due}

    def _codes(self) -> Iterator[Any]:
        from packstation.core.orders import CarrierCode

        for place in range(self.carrier.count()):
            yield CarrierCode(str(self.carrier.itemData(place)))


Without = Callable[[OrderQuery], OrderQuery]


def active(
    query: OrderQuery, carriers: Sequence[Carrier], look: ShopLook, translator: Translator
) -> list[tuple[str, Without]]:
    """Return the filters that are set: words for each, and how to take it away."""
    said = translator
    found: list[tuple[str, Without]] = []

    def add(words: str, **without: Any) -> None:
        found.append((words, lambda asked: replace(asked, after=None, **without)))

    if query.carriers:
        names = ", ".join(carrier_name(carriers, code, said) for code in query.carriers)
        add(names, carriers=())
    if query.shops:
        add(", ".join(map(look.name, query.shops)), shops=())
    if query.printed is not None:
        add(said.text("printed") if query.printed else said.text("not printed"), printed=None)
    if query.message is not None:
        add(said.text("with message") if query.message else said.text("no message"), message=None)
    if query.kind is not None:
        add(said.text(KINDS[query.kind]), kind=None)
    if query.only_new:
        add(said.text("since the last export"), only_new=False)
    for field, words in (("paid", _("paid")), ("imported", _("imported")), ("due", _("due"))):
        first, end = getattr(query, f"{field}_from"), getattr(query, f"{field}_to")
        if first is not None or end is not None:
            add(
                f"{said.text(words)} {_span(first, end)}",
                **{f"{field}_from": None, f"{field}_to": None},
            )
    if query.sku is not None:
        add(f"SKU {query.sku}", sku=None)
    if query.single_sku is not None:
        add(said.text("only {sku}", sku=query.single_sku or "—"), single_sku=None)
    if query.bin is not None:
        add(said.text("bin {bin}", bin=query.bin or "—"), bin=None)
    if query.wave is not None:
        add(said.text("wave {wave}", wave=query.wave), wave=None)
    return found


def _span(first: datetime | None, end: datetime | None) -> str:
    return f"{_day(first)} – {_day(end)}"


def _day(at: datetime | None) -> str:
    return at.astimezone().strftime("%m-%d %H:%M") if at is not None else "…"
