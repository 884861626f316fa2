"""The lists of the orders page as tabs, each with its count."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from packstation.core.order_query import Group
from packstation.core.reports import WorkCounts
from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.controls import Button
from packstation.ui.order_words import GROUPS


class GroupTabs(QWidget):
    """Tabs without orders are left out, but for the ones that are always there."""

    wanted = Signal(object)
    """A ``Group``, or None for all."""

    def __init__(self, translator: Translator, parent: QWidget | None = None) -> None:
        """Make tabs without counts."""
        super().__init__(parent)
        self._translator = translator
        self._counts: WorkCounts | None = None
        self.buttons = {group: Button(parent=self) for group in GROUPS}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for group, tab in self.buttons.items():
            tab.setCheckable(True)
            style.sized(tab, 0.75)
            tab.clicked.connect(lambda _c=False, group=group: self.wanted.emit(group))
            row.addWidget(tab)
        row.addStretch(1)

    def show_counts(self, counts: WorkCounts | None, chosen: Group | None) -> None:
        """Show counts, None = as before; ``chosen`` is the list that is shown."""
        self._counts = counts or self._counts
        found = _found(self._counts) if self._counts is not None else {}
        always = (Group.TO_PACK, Group.DONE, None, chosen)
        for group, tab in self.buttons.items():
            words = self._translator.text(GROUPS[group])
            count = found.get(group)
            tab.setText(words if count is None else f"{words} {count}")
            tab.setVisible(group in always or bool(count))
            tab.setChecked(group == chosen)
            tab.updateGeometry()


def _found(counts: WorkCounts) -> dict[Group | None, int]:
    return {
        Group.TO_PACK: counts.to_pack,
        Group.OVERDUE: counts.overdue,
        Group.AT_RISK: counts.at_risk,
        Group.DUE_TODAY: counts.due_today,
        Group.URGED: counts.urged,
        Group.STOPPED: counts.stopped,
        Group.HELD: counts.held,
        Group.PACKED_NOT_HANDED_OVER: counts.packed_not_handed_over,
        Group.UNSYNCED: counts.unsynced,
    }
