"""The board: what is due when, what waits, how timely parcels are collected, who urges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import cast

from PySide6.QtCore import Qt, QTime, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QTimeEdit, QVBoxLayout, QWidget

from packstation.core.order_query import Group
from packstation.core.orders import ShopKey
from packstation.core.reports import WorkCounts
from packstation.errors import PackStationError
from packstation.i18n import Translator, _
from packstation.ui import style
from packstation.ui.backend import Backend, Shop
from packstation.ui.backend_board import BandDrop, BoardView, ScoreRow
from packstation.ui.board_texts import TILES
from packstation.ui.charts import BandBar, Bar, BarChart
from packstation.ui.controls import Button, Card, Label
from packstation.ui.grid_table import Column, GridModel, GridTable
from packstation.ui.names import age_words, carrier_name
from packstation.ui.texts import explain_error
from packstation.ui.urge_panel import UrgePanel

_BANDS = (style.GREEN, QColor("#5b8c2a"), style.AMBER, style.RED)
_ALARMS = {Group.OVERDUE: style.RED, Group.AT_RISK: style.AMBER, Group.URGED: style.RED}
_HOUR_S = 3600
MOST_DROPS = 2
"""Bands that are told one by one, those first where the pick-up saves most, then the next ones."""
_BY = {"shop": _("By shop"), "carrier": _("By carrier"), "day": _("By day")}
_DAILY = {"": _("Live"), "noon": _("As of noon")}


def percent(row: ScoreRow) -> str:
    """Return a score as people read it, to a tenth; a dash where there is none yet."""
    return "—" if row.score is None else f"{float(row.score * 100):.1f} %"


class Tile(Button):
    """One count; a click opens the orders it counts."""

    def __init__(self, group: Group, parent: QWidget) -> None:
        """Make a tile without a count."""
        super().__init__(parent=parent)
        self.of = group
        self.count: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class BoardPage(QWidget):
    """Reads on the desk's thread; nothing here counts orders."""

    chosen = Signal(object)
    """A group whose orders are to be shown."""

    def __init__(
        self, translator: Translator, backend: Backend, parent: QWidget | None = None
    ) -> None:
        """Make the page; it shows dashes until the first answer."""
        super().__init__(parent)
        self._translator = translator
        self._backend = backend
        self._view: BoardView | None = None
        self._shop_names: dict[ShopKey, str] = {}
        self._asked = 0
        self.tiles = {group: Tile(group, self) for group in TILES}
        for tile in self.tiles.values():
            tile.clicked.connect(lambda _c=False, group=tile.of: self.chosen.emit(group))
        self._numbers = {group: Label(1.5, bold=True) for group in TILES}
        self._names = {group: Label(0.72, colour=style.MUTED, wraps=True) for group in TILES}
        self._age = Label(0.72, colour=style.MUTED, wraps=True)
        self._due_head = Label(0.9, bold=True, wraps=True)
        self.due = BarChart(self)
        self._score_head = Label(0.9, bold=True, wraps=True)
        self._score = Label(1.9, bold=True)
        self.bands = BandBar(self)
        self._score_note = Label(0.72, colour=style.MUTED, wraps=True)
        self.by = QComboBox(self)
        self.daily = QComboBox(self)
        self.scores = GridModel[ScoreRow](self._score_columns(), translator)
        self.score_table = GridTable[ScoreRow](self.scores, self, row_px=34)
        self._pickup_head = Label(0.8, bold=True, wraps=True)
        self.pickup = QTimeEdit(QTime(17, 30), self)
        self.pickup.setDisplayFormat("HH:mm")
        self._drops = Label(0.9, wraps=True)
        self.urges = UrgePanel(translator, backend, self)
        for box in (self.by, self.daily):
            box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            box.activated.connect(lambda _index: self.refresh())
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(300)
        self._soon.timeout.connect(self.refresh)
        self.pickup.timeChanged.connect(lambda _time: self._soon.start())
        self._lay_out()
        self.retranslate()
        self.rescale()

    def _lay_out(self) -> None:
        tiles = QHBoxLayout()
        for group, tile in self.tiles.items():
            inside = QVBoxLayout(tile)
            for label in (self._numbers[group], self._names[group]):
                label.setAlignment(Qt.AlignmentFlag.AlignCenter)
                label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
                inside.addWidget(label)
            tiles.addWidget(tile, 1)
        due = Card(parent=self)
        self._due_sheet = QVBoxLayout(due)
        head = QHBoxLayout()
        head.addWidget(self._due_head, 1)
        head.addWidget(self._age)
        self._due_sheet.addLayout(head)
        self._due_sheet.addWidget(self.due, 1)
        score = Card(parent=self)
        self._score_sheet = QVBoxLayout(score)
        choice = QHBoxLayout()
        choice.addWidget(self._score_head, 1)
        choice.addWidget(self.daily)
        choice.addWidget(self.by)
        number = QHBoxLayout()
        number.addWidget(self._score)
        number.addWidget(self.bands, 1)
        when = QHBoxLayout()
        when.addWidget(self._pickup_head)
        when.addWidget(self.pickup)
        when.addWidget(self._drops, 1)
        self._score_sheet.addLayout(choice)
        self._score_sheet.addLayout(number)
        self._score_sheet.addWidget(self._score_note)
        self._score_sheet.addWidget(self.score_table, 1)
        self._score_sheet.addLayout(when)
        self._grid = QGridLayout()
        self._grid.addWidget(due, 0, 0)
        self._grid.addWidget(self.urges, 1, 0)
        self._grid.addWidget(score, 0, 1, 2, 1)
        for place in (0, 1):
            self._grid.setColumnStretch(place, 1)
            self._grid.setRowStretch(place, 1)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.addLayout(tiles)
        self._outer.addLayout(self._grid, 1)

    def _score_columns(self) -> tuple[Column[ScoreRow], ...]:
        return (
            Column(_("Of"), self._label, 0),
            Column(_("In time"), percent, 110, right=True),
            Column(_("Collected"), lambda row: str(row.collected), 110, right=True),
            Column(
                _("After 48 h"),
                lambda row: str(row.later),
                110,
                right=True,
                ink=lambda row: style.RED if row.later else None,
            ),
        )

    def _label(self, row: ScoreRow) -> str:
        if not row.label:
            return self._translator.text("All")
        if self.by.currentData() == "shop":
            return self._shop_names.get(ShopKey(row.label), row.label)
        if self.by.currentData() != "carrier":
            return row.label
        codes = {carrier.code: carrier.code for carrier in self._backend.carriers}
        code = codes.get(row.label)  # type: ignore[call-overload]  # a code is text
        return carrier_name(self._backend.carriers, code, self._translator) if code else row.label

    def show_shops(self, shops: tuple[Shop, ...]) -> None:
        """Learn the shops' names."""
        self._shop_names = {shop.key: shop.name for shop in shops}
        self.urges.show_shops(shops)
        self.scores.retranslate()

    def refresh(self) -> None:
        """Ask for everything again; a late answer to an older question is dropped."""
        self._asked += 1
        asked = self._asked

        def show(answer: BoardView | PackStationError) -> None:
            if asked != self._asked:
                return
            if isinstance(answer, PackStationError):
                words = explain_error(answer, self._translator)
                self._score_note.setText(f"{words.sentence} {words.fix}".strip())
            else:
                self.show_view(answer)

        at = cast("time", self.pickup.time().toPython())
        by, daily = str(self.by.currentData()), bool(self.daily.currentData())
        self._backend.board_view(by, at, daily, show)
        self.urges.refresh()

    def show_view(self, view: BoardView) -> None:
        """Show an answer."""
        self._view = view
        self._show_counts(view.counts)
        self._show_due(view)
        self._show_score(view)
        self._show_drops(view.drops, view.pickup)
        parts = []
        if view.counts.as_of is not None:
            at = view.counts.as_of.astimezone().strftime("%H:%M:%S")
            parts.append(self._translator.text("as of {time}", time=at))
        if view.last_import is not None:
            age = (datetime.now(UTC) - view.last_import).total_seconds()
            ago = age_words(max(0.0, age), self._translator)
            parts.append(self._translator.text("last import {age} ago", age=ago))
        self._age.setText(" · ".join(parts))

    def _show_counts(self, counts: WorkCounts) -> None:
        found = {
            Group.OVERDUE: counts.overdue,
            Group.AT_RISK: counts.at_risk,
            Group.DUE_TODAY: counts.due_today,
            Group.URGED: counts.urged,
            Group.HELD: counts.held,
            Group.TO_PACK: counts.to_pack,
            Group.PACKED_NOT_HANDED_OVER: counts.packed_not_handed_over,
            Group.UNSYNCED: counts.unsynced,
        }
        for group, count in found.items():
            self.tiles[group].count = count
            self._numbers[group].setText(f"{count:,}".replace(",", " "))
            alarm = _ALARMS.get(group) if count else None
            self._numbers[group].recolour(alarm or style.TEXT)
            words = f"{self._names[group].text()}: {count}"
            self.tiles[group].setAccessibleName(words)

    def _show_due(self, view: BoardView) -> None:
        bars = [Bar(self._translator.text("late"), view.counts.overdue, style.RED)]
        now = datetime.now(UTC)
        found = {int(hour.starts.timestamp()) // _HOUR_S: hour.orders for hour in view.hours}
        zone, first = self._backend.zone, int(now.timestamp()) // _HOUR_S
        for hour in range(first, max(found, default=first + 23) + 1):
            at = datetime.fromtimestamp(hour * _HOUR_S, zone)
            near = at < now + timedelta(hours=4)
            colour = style.AMBER if near else style.ACCENT
            bars.append(Bar(at.strftime("%H"), found.get(hour, 0), colour))
        self.due.show_bars(bars, self._translator.text("Nothing is due in the next 24 hours."))

    def _show_score(self, view: BoardView) -> None:
        self.scores.show_rows(view.scores)
        if not view.scores:
            return
        whole = view.scores[0]
        self._score.setText(percent(whole))
        counts = (whole.within_24, whole.within_36, whole.within_48, whole.later)
        names = ("≤ 24 h", "≤ 36 h", "≤ 48 h", "> 48 h")
        self.bands.show_bands(
            [Bar(n, c, colour) for n, c, colour in zip(names, counts, _BANDS, strict=True)]
        )
        notes = [self._translator.text("0.7 × up to 24 h + 0.2 × up to 36 h + 0.1 × up to 48 h")]
        if whole.score is None:
            notes.insert(0, self._translator.text("Nothing was collected yet."))
        if whole.estimated:
            notes.append(
                self._translator.text("{count} by our own handover", count=whole.estimated)
            )
        if whole.unknown:
            notes.append(
                self._translator.text(
                    "{count} left out: paid when is not known", count=whole.unknown
                )
            )
        if view.score_ends is not None:
            ends = view.score_ends.strftime("%m-%d %H:%M")
            notes.append(self._translator.text("up to {time}", time=ends))
        self._score_note.setText(" · ".join(notes))

    def _show_drops(self, drops: Sequence[BandDrop], pickup: datetime | None) -> None:
        said = self._translator
        lines = [
            said.plural(
                "{count} parcel leaves the {hours} h band by {time}; this pick-up saves {saved}.",
                "{count} parcels leave the {hours} h band by {time}; this pick-up saves {saved}.",
                drop.orders,
                hours=drop.hours,
                time=drop.at.strftime("%H:%M"),
                saved=drop.saved,
            )
            for drop in sorted(drops, key=lambda one: (-one.saved, one.at))[:MOST_DROPS]
            if drop.orders
        ]
        nothing = said.text("No parcel leaves a band soon.")
        self._drops.setText("\n".join(lines) or (nothing if pickup is not None else ""))

    def retranslate(self) -> None:
        """Say everything in the language that is set now."""
        said = self._translator
        for group, words in TILES.items():
            self._names[group].setText(said.text(words))
            if self.tiles[group].count is None:
                self._numbers[group].setText("—")
        self._due_head.setText(said.text("Due in the next 24 hours"))
        self._score_head.setText(said.text("Collected in time, 90 days"))
        self._pickup_head.setText(said.text("Pick-up at"))
        for box, names in ((self.by, _BY), (self.daily, _DAILY)):
            chosen = max(0, box.currentIndex())
            box.clear()
            for name, text in names.items():
                box.addItem(said.text(text), name)
            box.setCurrentIndex(chosen)
        self.scores.retranslate()
        self.urges.retranslate()
        if self._view is not None:
            self.show_view(self._view)

    def rescale(self) -> None:
        """Take the sizes of the window's font."""
        margin = style.px(self, 10)
        for sheet in (self._due_sheet, self._score_sheet):
            sheet.setContentsMargins(margin, margin, margin, margin)
            sheet.setSpacing(margin // 2)
        for tile in self.tiles.values():
            tile.setFixedHeight(style.px(self, 112))
            inside = tile.layout()
            assert inside is not None
            inside.setContentsMargins(2, 2, 2, 2)
            inside.setSpacing(0)
        self._grid.setSpacing(margin)
        self._outer.setSpacing(margin)
        self.pickup.setMinimumHeight(style.px(self, 40))
        self.score_table.rescale()
        self.urges.rescale()
