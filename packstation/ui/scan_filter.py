"""Catches what a scanner types, whatever has the focus, and lets people's keys through intact.

One filter on the application looks only at key events whose receiver is a QWindow: there each
key arrives once, before any widget, shortcut or default button can see it. Keys of a person are
sent on to the same window a moment later, in order.
"""

from __future__ import annotations

import time
import unicodedata
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from packstation.devices.wedge import Key, Replay, Role, Scan, Timing, Wedge

UNTYPABLE = "\x1a"
"""Stands in a scan for a key that is no character (Alt+Tab, F5): core refuses such a code whole."""

SECOND_LOOK_MS = 5
"""After a silence has run out, keys already on their way may still join: the window was busy."""

_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
_ENDS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_LOCKS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_ScrollLock,
        Qt.Key.Key_Mode_switch,
    }
)
_SILENT = frozenset(
    {Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_Super_L, Qt.Key.Key_Super_R, Qt.Key.Key_Menu}
)
"""Alone they would open a menu in the middle of a code; with a letter they still work."""

_ALTGR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_COMMANDS = _ALTGR | Qt.KeyboardModifier.MetaModifier
_MOVES = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Backspace,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Backtab,
    }
)


class CodeField(QLineEdit):
    """A field for codes: no input method, which would turn scanned letters into words."""

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: Any = None) -> Any:
        """Answer that no input method is wanted; WA_InputMethodEnabled alone does not help."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return False
        if argument is None:
            return super().inputMethodQuery(query)
        return super().inputMethodQuery(query, argument)


@dataclass(frozen=True, slots=True)
class _Press:
    """What is needed to send a key on: a key press, or a commit of an input method."""

    receiver: QObject
    event: QKeyEvent | None
    commit: str = ""


class ScanFilter(QObject):
    """Give it to the application by ``install`` and take it away by ``remove``."""

    scanned = Signal(str, int)
    """Text of a scan, without its Enter, and the time of its last key in event milliseconds."""

    def __init__(self, parent: QObject | None = None, *, timing: Timing | None = None) -> None:
        """Make a filter that catches nothing yet."""
        super().__init__(parent)
        self._wedge: Wedge[_Press] = Wedge(timing)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)
        self._looked = False
        self._own_commit: QInputMethodEvent | None = None
        self._swallowed: set[int] = set()
        self._event_ms = 0
        self._seen_ms = 0

    def install(self) -> None:
        """Begin to catch scans of the whole application."""
        application = QCoreApplication.instance()
        assert application is not None, "install needs an application"
        application.installEventFilter(self)

    def remove(self) -> None:
        """Stop catching; keys still held go where they were meant to."""
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._timer.stop()
        self._carry_out(self._wedge.flush())

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        """Hold back key events of windows; everything else passes at once."""
        kind = event.type()
        if kind in _KEYS:
            # What we send on is not spontaneous, and must not come round again.
            if isinstance(receiver, QWindow) and event.spontaneous():
                assert isinstance(event, QKeyEvent)
                return self._caught(receiver, event)
        elif kind == QEvent.Type.InputMethod and event is not self._own_commit:
            assert isinstance(event, QInputMethodEvent)
            return self._committed(receiver, event)
        return False

    def _caught(self, window: QWindow, event: QKeyEvent) -> bool:
        if event.key() in _LOCKS:
            return False
        match event.type():
            case QEvent.Type.KeyPress:
                return self._pressed(window, event)
            case QEvent.Type.KeyRelease:
                return self._released(event)
            case _:
                # Accepted here, it cannot fire a shortcut; a person's key does when sent on.
                event.accept()
                return True

    def _pressed(self, window: QWindow, event: QKeyEvent) -> bool:
        self._swallowed.add(event.key())
        if event.key() in _SILENT:
            return True
        at_ms = self._time_of(event)
        copy = QKeyEvent(
            QEvent.Type.KeyPress,
            event.key(),
            event.modifiers(),
            event.nativeScanCode(),
            event.nativeVirtualKey(),
            event.nativeModifiers(),
            event.text(),
            event.isAutoRepeat(),
            event.count(),
        )
        text, role = _meaning(event)
        self._take(Key(text, at_ms, _Press(window, copy), role, _in_field()))
        return True

    def _released(self, event: QKeyEvent) -> bool:
        if event.key() not in self._swallowed:
            return False
        if not event.isAutoRepeat():
            self._swallowed.discard(event.key())
        return True

    def _committed(self, receiver: QObject, event: QInputMethodEvent) -> bool:
        """Let an input method's full-width characters join a burst; other commits pass in order."""
        text = event.commitString()
        if not text:
            return False
        narrow = unicodedata.normalize("NFKC", text)
        full_width = len(text) == 1 and narrow != text and narrow.isascii()
        if full_width or self._wedge.holding:
            self._take(Key(text, self._now_ms(), _Press(receiver, None, text), in_field=True))
            return True
        return False

    def _take(self, key: Key[_Press]) -> None:
        self._looked = False
        self._carry_out(self._wedge.key(key))
        self._wait()

    def _wait(self) -> None:
        deadline = self._wedge.deadline_ms
        if deadline is None:
            self._timer.stop()
        else:
            self._timer.start(max(1, deadline - self._now_ms()))

    def _look(self) -> None:
        """Silence has run out, as far as this busy thread can tell: look twice."""
        if not self._looked:
            self._looked = True
            self._timer.start(SECOND_LOOK_MS)
            return
        self._looked = False
        deadline = self._wedge.deadline_ms
        if deadline is not None:
            self._carry_out(self._wedge.look(max(deadline, self._now_ms())))
        self._wait()

    def _carry_out(self, decisions: list[Scan | Replay[_Press]]) -> None:
        for decision in decisions:
            match decision:
                case Scan(text, at_ms, spilled):
                    self._take_out(spilled)
                    signal: SignalInstance = self.scanned
                    signal.emit(text, at_ms)
                case Replay(keys):
                    for press in keys:
                        self._send(press)

    def _take_out(self, spilled: int) -> None:
        """Remove characters of a scan from the text field that has got them."""
        window = QApplication.focusWindow()
        if window is None or not _in_field():
            return
        for _ in range(spilled):
            none = Qt.KeyboardModifier.NoModifier
            event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Backspace, none)
            self._send(_Press(window, event))

    def _send(self, press: _Press) -> None:
        """Send a person's key on to its window, which shares it out as usual."""
        if not isValid(press.receiver):
            return
        if press.event is None:
            commit = QInputMethodEvent()
            commit.setCommitString(press.commit)
            self._own_commit = commit
            QCoreApplication.sendEvent(press.receiver, commit)
            return
        QCoreApplication.sendEvent(press.receiver, press.event)
        if isValid(press.receiver):
            release = QKeyEvent(
                QEvent.Type.KeyRelease,
                press.event.key(),
                press.event.modifiers(),
                press.event.text(),
            )
            QCoreApplication.sendEvent(press.receiver, release)

    def _time_of(self, event: QKeyEvent) -> int:
        """Return the time of an event and remember how its clock stands to ours."""
        at_ms = event.timestamp() or self._now_ms()
        self._event_ms, self._seen_ms = at_ms, _monotonic_ms()
        return at_ms

    def _now_ms(self) -> int:
        """Return the time now on the clock of the events, as of the last one."""
        return self._event_ms + _monotonic_ms() - self._seen_ms


def _monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _meaning(event: QKeyEvent) -> tuple[str, Role]:
    """Return what a key adds to a scan, and what it can do in a burst."""
    key, text = event.key(), event.text()
    held = event.modifiers() & _COMMANDS
    control = held == Qt.KeyboardModifier.ControlModifier
    # Control and Alt together are AltGr on some systems, which types characters such as @.
    command = bool(held) and held != _ALTGR
    if not held and (key in _ENDS or text in ("\r", "\n")):
        return "", Role.END
    if text and text.isprintable() and not command:
        return text, Role.CHARACTER
    if key in _MOVES:
        return UNTYPABLE, Role.OTHER
    if control and ord("@") <= key <= ord("_"):
        return chr(key & 0x1F), Role.CHARACTER
    if len(text) == 1 and not text.isprintable():
        return text, Role.CHARACTER
    return UNTYPABLE, Role.CHARACTER


def _in_field() -> bool:
    """Tell whether a person could be typing: a text field has the focus."""
    widget: QWidget | None = QApplication.focusWidget()
    if widget is None or not widget.isEnabled():
        return False
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, QAbstractSpinBox) and not widget.isReadOnly()
