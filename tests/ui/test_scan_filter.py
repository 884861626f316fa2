"""Scans are caught whatever has the focus, and people's keys arrive intact.

Keys go to the window handle, as the windowing system sends them. The second half sends real keys
through an X server, as a scanner does.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
import shutil
import statistics
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from packstation.core.codes import CodeKind, read
from packstation.devices.wedge import Timing
from packstation.ui.scan_filter import CodeField, ScanFilter

CODE = "6901234567892"
LINE = CODE + "\r"


@dataclass
class Bench:
    """A window with everything that could eat a scan."""

    window: QMainWindow
    combo: QComboBox
    spin: QSpinBox
    button: QPushButton
    field: QLineEdit
    code_field: CodeField
    notes: QPlainTextEdit
    scans: list[str] = dataclasses.field(default_factory=list)
    times: list[int] = dataclasses.field(default_factory=list)
    pressed: list[str] = dataclasses.field(default_factory=list)

    def hear(self, text: str, at_ms: int) -> None:
        self.scans.append(text)
        self.times.append(at_ms)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    yield from made_bench(qtbot, Timing())


@pytest.fixture
def patient_bench(qtbot: QtBot) -> Iterator[Bench]:
    """A bench that a stall of this test, which sends and receives, cannot split a burst of."""
    yield from made_bench(qtbot, Timing(join_ms=1000, loose_ms=1000, fast_ms=200))


def made_bench(qtbot: QtBot, timing: Timing) -> Iterator[Bench]:
    window = QMainWindow()
    middle = QWidget()
    layout = QVBoxLayout(middle)
    button = QPushButton("Delete all")
    made = Bench(
        window, QComboBox(), QSpinBox(), button, QLineEdit(), CodeField(), QPlainTextEdit()
    )
    made.combo.setEditable(True)
    for widget in (button, made.field, made.code_field, made.notes, made.combo, made.spin):
        layout.addWidget(widget)
    made.button.clicked.connect(lambda: made.pressed.append("button"))
    for shortcut in ("Ctrl+S", "Ctrl+Q", "Alt+D", "F5", "Esc", "Ctrl+O", "Del"):
        action = QAction(shortcut, window)
        action.setShortcut(shortcut)
        action.triggered.connect(lambda _=False, name=shortcut: made.pressed.append(name))
        window.addAction(action)
    window.menuBar().addMenu("&File").addAction("&Quit")
    window.setCentralWidget(middle)
    qtbot.addWidget(window)
    scan_filter = ScanFilter(timing=timing)
    scan_filter.scanned.connect(made.hear)
    scan_filter.install()
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    if QGuiApplication.platformName() == "xcb":
        real_keys("windowfocus", "--sync", str(int(window.winId())))
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is window.windowHandle())
    yield made
    scan_filter.remove()
    window.close()


def handle(widget: QWidget) -> QWindow:
    window = widget.window().windowHandle()
    assert window is not None
    return window


def press(widget: QWidget, key: str | Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    joined = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        joined |= modifier
    if key == "\r":
        key = Qt.Key.Key_Return
    if isinstance(key, str):
        QTest.keyClick(handle(widget), key, joined)  # type: ignore[call-overload]  # stubs lack char
    else:
        QTest.keyClick(handle(widget), key, joined)


def type_keys(widget: QWidget, text: str, *, gap_ms: int = 0) -> None:
    for char in text:
        press(widget, char)
        if gap_ms:
            QTest.qWait(gap_ms)


def settle() -> None:
    """Wait until every silence has run out."""
    QTest.qWait(300)


def test_a_scan_without_focus_is_caught(bench: Bench) -> None:
    bench.window.setFocus()
    type_keys(bench.window, LINE)
    assert bench.scans == [CODE]
    assert bench.times[0] > 0


@pytest.mark.parametrize("name", ["button", "field", "code_field", "notes"])
def test_a_scan_is_caught_whatever_has_the_focus(bench: Bench, name: str) -> None:
    widget: QWidget = getattr(bench, name)
    widget.setFocus()
    returned: list[str] = []
    bench.field.returnPressed.connect(lambda: returned.append("field"))
    type_keys(bench.window, "A B-01 7 " + LINE)
    settle()
    assert bench.scans == ["A B-01 7 " + CODE]
    assert (bench.field.text(), bench.code_field.text()) == ("", "")
    assert bench.notes.toPlainText() == ""
    assert (bench.pressed, returned) == ([], [])
    assert QApplication.focusWidget() is widget


def test_fields_inside_other_widgets_are_fields(bench: Bench) -> None:
    for widget in (bench.combo, bench.spin):
        widget.setFocus()
        type_keys(bench.window, LINE)
        bench.spin.selectAll()
        type_keys(bench.window, "42", gap_ms=30)
        settle()
    assert bench.scans == [CODE, CODE]
    assert (bench.combo.currentText(), bench.spin.value()) == ("42", 42)


def test_a_scan_in_a_dialog_presses_no_default_button(bench: Bench, qtbot: QtBot) -> None:
    dialog = QDialog(bench.window)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok)
    buttons.button(QDialogButtonBox.StandardButton.Ok).setDefault(True)
    buttons.accepted.connect(dialog.accept)
    QVBoxLayout(dialog).addWidget(buttons)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    type_keys(dialog, LINE)
    settle()
    assert bench.scans == [CODE]
    assert dialog.isVisible()
    press(dialog, "\r")
    settle()
    assert not dialog.isVisible()


def test_a_scan_is_caught_in_a_dialog_that_a_key_has_opened(bench: Bench) -> None:
    dialog = QDialog(bench.window)
    bench.button.clicked.connect(dialog.exec)

    def scan_and_leave() -> None:
        type_keys(dialog, LINE)
        dialog.reject()

    bench.button.setFocus()
    bench.button.pressed.connect(lambda: QTimer.singleShot(200, scan_and_leave))
    press(bench.window, " ")
    settle()
    QTest.qWait(300)
    assert bench.pressed == ["button"]
    assert bench.scans == [CODE]


@pytest.mark.parametrize("gap_ms", [30, 60, 120])
@pytest.mark.parametrize("name", ["field", "code_field", "notes"])
def test_typing_arrives_intact(bench: Bench, name: str, gap_ms: int) -> None:
    widget = getattr(bench, name)
    widget.setFocus()
    type_keys(bench.window, "Hello, 12345 World", gap_ms=gap_ms)
    settle()
    text = widget.toPlainText() if name == "notes" else widget.text()
    assert text == "Hello, 12345 World"
    assert bench.scans == []


def test_a_person_may_edit_press_enter_and_leave_a_field(bench: Bench) -> None:
    returned: list[str] = []
    bench.field.returnPressed.connect(lambda: returned.append(bench.field.text()))
    bench.field.setFocus()
    type_keys(bench.window, "abc", gap_ms=40)
    press(bench.window, Qt.Key.Key_Left)
    press(bench.window, Qt.Key.Key_Backspace)
    QTest.qWait(100)
    press(bench.window, "A", Qt.KeyboardModifier.ControlModifier)
    QTest.qWait(100)
    assert bench.field.selectedText() == "ac"
    type_keys(bench.window, "x", gap_ms=100)
    press(bench.window, "\r")
    assert returned == ["x"]
    press(bench.window, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is bench.code_field
    assert bench.scans == []


def test_a_person_may_use_buttons_and_shortcuts(bench: Bench) -> None:
    bench.button.setFocus()
    press(bench.window, " ")
    settle()
    press(bench.window, "S", Qt.KeyboardModifier.ControlModifier)
    settle()
    press(bench.window, Qt.Key.Key_F5)
    settle()
    assert bench.pressed == ["button", "Ctrl+S", "F5"]
    assert bench.scans == []


CONTROLS = [chr(number) for number in range(1, 32) if chr(number) not in "\t\n\r"]


@pytest.mark.parametrize("focus", ["button", "field", "notes"])
def test_control_characters_of_a_code_trigger_nothing(patient_bench: Bench, focus: str) -> None:
    widget: QWidget = getattr(patient_bench, focus)
    widget.setFocus()
    for control in CONTROLS:
        letter = chr(ord(control) + 64)
        press(patient_bench.window, letter, Qt.KeyboardModifier.ControlModifier)
        type_keys(patient_bench.window, "12345")
        press(patient_bench.window, letter, Qt.KeyboardModifier.ControlModifier)
        type_keys(patient_bench.window, LINE)
    settle()
    assert patient_bench.pressed == []
    assert (patient_bench.field.text(), patient_bench.notes.toPlainText()) == ("", "")
    assert QApplication.focusWidget() is widget
    assert patient_bench.scans == [f"{control}12345{control}{CODE}" for control in CONTROLS]
    refused = {read(text).kind for text in patient_bench.scans if "\x1d" not in text}
    assert refused <= {CodeKind.UNREADABLE, CodeKind.PLAIN}
    assert all(read(f"1{control}2").kind is CodeKind.UNREADABLE for control in CONTROLS)


COMBINATIONS = [
    (Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier),
    (Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier),
    (Qt.Key.Key_R, Qt.KeyboardModifier.MetaModifier),
    (Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
    (Qt.Key.Key_Alt, Qt.KeyboardModifier.NoModifier),
]


@pytest.mark.parametrize(("key", "modifier"), COMBINATIONS)
@pytest.mark.parametrize("focus", ["button", "field"])
def test_key_combinations_inside_a_code_trigger_nothing(
    patient_bench: Bench, focus: str, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    widget: QWidget = getattr(patient_bench, focus)
    widget.setFocus()
    type_keys(patient_bench.window, "123")
    press(patient_bench.window, key, modifier)
    type_keys(patient_bench.window, LINE)
    settle()
    assert patient_bench.pressed == []
    assert len(patient_bench.scans) == 1
    untyped = key == Qt.Key.Key_Alt
    assert (read(patient_bench.scans[0]).kind is CodeKind.UNREADABLE) is not untyped
    assert QApplication.focusWidget() is widget
    assert QApplication.activePopupWidget() is None
    assert patient_bench.field.text() == ""


def test_a_code_field_wants_no_input_method() -> None:
    asked = Qt.InputMethodQuery.ImEnabled
    assert QLineEdit().inputMethodQuery(asked) is True
    assert CodeField().inputMethodQuery(asked) is False
    assert CodeField("x").inputMethodQuery(Qt.InputMethodQuery.ImSurroundingText) == "x"


def test_full_width_characters_of_an_input_method_join_the_scan(patient_bench: Bench) -> None:
    patient_bench.field.setFocus()
    for char in "６９０１":
        commit = QInputMethodEvent()
        commit.setCommitString(char)
        QApplication.sendEvent(patient_bench.field, commit)
    type_keys(patient_bench.window, "234567892\r")
    assert patient_bench.scans == ["６９０１234567892"]
    assert patient_bench.field.text() == ""


def test_words_of_an_input_method_reach_the_field(bench: Bench) -> None:
    bench.field.setFocus()
    for text in ("你好", "，", "Ａ"):
        commit = QInputMethodEvent()
        commit.setCommitString(text)
        QApplication.sendEvent(bench.field, commit)
        QTest.qWait(120)
    assert bench.field.text() == "你好，Ａ"
    assert bench.scans == []


def test_a_window_that_was_busy_still_reads_whole_codes(bench: Bench) -> None:
    bench.window.setFocus()
    bench.button.clicked.connect(lambda: None)
    for start in range(0, len(LINE), 4):
        type_keys(bench.window, LINE[start : start + 4])
        QTest.qSleep(40)
    assert bench.scans == [CODE]


def test_a_stall_in_a_field_leaves_nothing_in_it(bench: Bench) -> None:
    bench.field.setText("note ")
    bench.field.setFocus()
    type_keys(bench.window, CODE[0])
    QTest.qWait(80)
    assert bench.field.text() == "note 6"
    type_keys(bench.window, LINE[1:])
    assert bench.scans == [CODE]
    assert bench.field.text() == "note "


def test_a_removed_filter_gives_back_what_it_holds(qtbot: QtBot) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    field.setFocus()
    qtbot.waitExposed(field)
    if QGuiApplication.platformName() == "xcb":
        real_keys("windowfocus", "--sync", str(int(field.winId())))
    qtbot.waitUntil(field.hasFocus)
    scan_filter = ScanFilter()
    scan_filter.install()
    type_keys(field, "ab")
    assert field.text() == ""
    scan_filter.remove()
    type_keys(field, "c")
    assert field.text() == "abc"


# Real keys through the X server.

XDOTOOL = shutil.which("xdotool")


def real_keys(*arguments: str, typed: str = "") -> None:
    """Have xdotool do something while the window works."""
    assert XDOTOOL is not None, "xdotool is missing: sh installer/test.sh --setup"
    running = subprocess.Popen([XDOTOOL, *arguments], stdin=subprocess.PIPE, text=True)
    assert running.stdin is not None
    running.stdin.write(typed)
    running.stdin.close()
    loop, timer = QEventLoop(), QTimer()

    def look() -> None:
        if running.poll() is not None:
            loop.quit()

    timer.timeout.connect(look)
    timer.start(5)
    loop.exec()
    assert running.returncode == 0


def type_really(codes: list[str], *, gap_ms: int) -> None:
    """Type codes with their Enter as a scanner does; xdotool waits half of its delay a key."""
    arguments = ["type", "--delay", str(2 * gap_ms), "--file", "-"]
    real_keys(*arguments, typed="\n".join(codes) + "\n")


def need_a_display() -> None:
    if QGuiApplication.platformName() != "xcb":
        pytest.skip("real keys need an X server")


def hundred_codes() -> list[str]:
    chance = random.Random(11)
    letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ-"
    return [
        "".join(chance.choice(letters) for _ in range(chance.randrange(8, 22))) + f"00{number:03d}"
        for number in range(100)
    ]


class Pace(QObject):
    """Writes down when the X server saw each key: a starved sender is not what is tested."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[list[int]] = [[]]

    def eventFilter(self, receiver: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(receiver, QWindow):
            assert isinstance(event, QKeyEvent)
            if event.text():
                self.codes[-1].append(event.timestamp())
            if event.text() in ("\r", "\n"):
                self.codes.append([])
        return False

    def even(self, codes: list[str], longest_ms: int) -> list[str]:
        """The codes that came at a scanner's pace and without a longer gap."""
        gaps = [[b - a for a, b in itertools.pairwise(times)] for times in self.codes]
        return [
            code
            for code, each in zip(codes, gaps, strict=False)
            if each and max(each) <= longest_ms and statistics.median(each) <= 20
        ]


@pytest.mark.parametrize(
    ("focus", "gap_ms"), [("window", 1), ("button", 1), ("field", 1), ("notes", 2)]
)
def test_100_real_scans_are_exact(
    bench: Bench, qapp: QApplication, focus: str, gap_ms: int
) -> None:
    need_a_display()
    widget: QWidget = getattr(bench, focus)
    widget.setFocus()
    longest_ms = 40 if focus in ("field", "notes") else 140
    codes, proved = hundred_codes(), 0
    while proved < 100:
        pace = Pace()
        bench.scans.clear()
        bench.field.clear()
        bench.notes.clear()
        qapp.installEventFilter(pace)
        type_really(codes, gap_ms=gap_ms)
        settle()
        settle()
        qapp.removeEventFilter(pace)
        even = pace.even(codes, longest_ms)
        assert [code for code in bench.scans if code in even] == even
        assert bench.pressed == []
        if len(even) == len(codes):
            assert bench.scans == codes
            assert (bench.field.text(), bench.notes.toPlainText()) == ("", "")
        proved += len(even)


def test_real_scans_in_a_dialog_are_exact(bench: Bench, qtbot: QtBot) -> None:
    need_a_display()
    dialog = QDialog(bench.window)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok)
    buttons.accepted.connect(dialog.accept)
    QVBoxLayout(dialog).addWidget(buttons)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    real_keys("windowfocus", "--sync", str(int(dialog.winId())))
    codes = hundred_codes()[:20]
    type_really(codes, gap_ms=1)
    settle()
    assert bench.scans == codes
    assert dialog.isVisible()


@pytest.mark.parametrize("gap_ms", [15, 30, 120])
def test_real_typing_arrives_intact(bench: Bench, gap_ms: int) -> None:
    need_a_display()
    bench.field.setFocus()
    # xdotool waits half of its delay before the next key.
    real_keys("type", "--delay", str(2 * gap_ms), "note 12 Hello 00 for Li")
    settle()
    settle()
    assert bench.field.text() == "note 12 Hello 00 for Li"
    assert bench.scans == []


def test_real_control_keys_inside_a_code_trigger_nothing(bench: Bench) -> None:
    need_a_display()
    bench.button.setFocus()
    keys = "ctrl+s 1 2 ctrl+q 3 alt+f 4 F5 5 Escape 6 7 8 9 alt+d 0 Return"
    real_keys("key", "--delay", "2", *keys.split())
    settle()
    assert bench.pressed == []
    assert len(bench.scans) == 1
    assert read(bench.scans[0]).kind is CodeKind.UNREADABLE
    assert QApplication.activePopupWidget() is None
