"""The packing page shows what the station is, touching only what a scan has changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from packstation.core.codes import Command
from packstation.core.orders import OrderKey, WhyNot
from packstation.core.status import Phase, PrintOutcome
from packstation.ui.answer_view import resting
from packstation.ui.command_strip import COMMANDS, CommandSheet
from packstation.ui.signs import LineState, Sign
from packstation.ui.verdict_words import Kind
from tests.builders import stopped
from tests.ui.conftest import Bench

ORDER = "577100001234"
NOTED = "577100005678"


def enabled(bench: Bench) -> set[str]:
    buttons = bench.window.strip.buttons
    return {command.value for command, button in buttons.items() if button.isEnabled()}


def test_an_empty_bench_says_what_to_scan(bench: Bench) -> None:
    assert bench.window.band.shown.word == "READY TO SCAN"
    assert bench.window.packing.idle.isVisible()
    assert enabled(bench) == {"BAG", "HANDOVER"}


def test_each_verdict_shows_its_word_and_a_shape_of_its_own(bench: Bench) -> None:
    shown: dict[str, Sign] = {}
    for text in (ORDER, "TS-RED-M", "2000000000022", "TS-RED-M", "TS-RED-M", "NOSUCH"):
        bench.scan(text)
        shown[bench.window.band.shown.word] = bench.window.band.shown.sign
    assert shown == {
        "ORDER OPEN": Sign.ARROW,
        "OK": Sign.CHECK,
        "WRONG ITEM": Sign.CROSS,
        "LINE COMPLETE": Sign.DOUBLE_CHECK,
        "TOO MANY": Sign.PLUS,
        "UNKNOWN CODE": Sign.QUESTION,
    }


def test_scans_change_rows_and_never_reset_the_model(bench: Bench) -> None:
    bench.scan(ORDER)
    model = bench.window.packing.model
    resets: list[object] = []
    changes: list[tuple[int, int]] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.layoutChanged.connect(lambda: resets.append(1))
    model.dataChanged.connect(lambda top, end, _roles: changes.append((top.row(), end.row())))
    bench.scan("TS-RED-M", "TS-RED-M", "CUP-350", "2000000000022", "TS-RED-M")
    assert resets == []
    assert all(first == last for first, last in changes)
    assert [row.state for row in model.rows] == [LineState.DONE, LineState.DONE, LineState.WAITING]


def test_the_touched_line_is_pointed_at_until_another_is(bench: Bench) -> None:
    model = bench.window.packing.model
    bench.scan(ORDER, "CUP-350")
    assert [row.touched for row in model.rows] == [False, True, False]
    bench.scan("CUP-350")
    assert [row.touched for row in model.rows] == [False, True, False], "over quantity, same line"
    bench.scan("2000000000022")
    assert [row.touched for row in model.rows] == [False, False, False]


def test_the_next_item_is_the_one_begun(bench: Bench) -> None:
    bench.scan(ORDER, "SOCK-5")
    row = bench.window.packing.model.next_row
    assert row is not None
    assert (row.line.sku, row.line.quantity - row.scanned) == ("SOCK-5", 2)


def test_messages_stay_until_they_are_acknowledged(bench: Bench) -> None:
    page = bench.window.packing
    bench.scan(NOTED)
    assert page.messages.isVisible()
    assert not page.next_item.isVisible()
    assert "OK" in enabled(bench)
    bench.scan("MUG-01")
    assert page.messages.isVisible()
    assert bench.window.band.shown.word == "NOT NOW"
    bench.scan("PSCMDOK")
    assert not page.messages.isVisible()
    assert page.message_line.isVisible()
    assert page.next_item.isVisible()
    bench.scan("MUG-01")
    number = bench.backend.house.number_of(OrderKey(f"main/{NOTED}"))
    bench.scan(str(number), ORDER)
    assert not page.message_line.isVisible(), "the next order has no message"


def test_a_complete_order_shows_its_label_and_asks_for_its_scan(bench: Bench) -> None:
    bench.scan("8000", "CUP-350")
    assert bench.backend.engine.station.phase is Phase.CONFIRMING
    label = bench.window.packing.label
    assert label.isVisible()
    assert not label._picture.empty
    assert label._head.text() == "Stick the label on the box and scan it"
    bench.scan(str(bench.backend.house.number_of(OrderKey("main/8000"))))
    assert bench.window.band.shown.word == "SEALED"
    assert label._picture.empty, "the picture shows a person's address"


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        (PrintOutcome.FAILED, "No label came out"),
        (PrintOutcome.UNKNOWN, "Did a label come out?"),
    ],
)
def test_a_label_that_failed_says_so_and_can_be_printed_again(
    bench: Bench, outcome: PrintOutcome, says: str
) -> None:
    bench.backend.house.printer = lambda _: outcome
    bench.scan("8000", "CUP-350")
    assert bench.window.packing.label._head.text() == says
    assert bench.window.band.shown.sign is Sign.OCTAGON
    assert bench.ears.heard[-1] is Kind.STOP
    assert "REPRINT" in enabled(bench)


def test_while_the_label_is_printed_nothing_asks_to_reprint(bench: Bench) -> None:
    bench.backend.runner.print_now = False
    bench.backend.scan("8000")
    bench.backend.scan("CUP-350")
    bench.qtbot.waitUntil(lambda: bench.backend.engine.station.phase is Phase.LABELLING)
    bench.window._settled(bench.backend.engine.station)
    assert bench.window.packing.label._head.text() == "The label is being printed"


def test_a_printer_that_takes_nothing_says_so_and_the_label_can_be_given_up(bench: Bench) -> None:
    bench.backend.house.printer = lambda _: PrintOutcome.BLOCKED
    bench.scan("8000", "CUP-350")
    assert bench.window.packing.label._head.text() == "The printer takes nothing"
    assert "Put the printer right" in bench.window.band.shown.todo
    assert enabled(bench) == {"REPRINT"}
    bench.scan("PSCMDREPRINT")
    assert bench.window.packing.label._head.text() == "No label came out"


def test_a_copy_is_proved_by_its_small_code(bench: Bench) -> None:
    bench.scan("8000", "CUP-350", "PSCMDREPRINT")
    head = bench.window.packing.label._head
    assert head.text() == "Stick the label on the box and scan its small code"
    bench.scan(str(bench.backend.house.number_of(OrderKey("main/8000"))))
    assert bench.window.band.shown.word == "OLD LABEL"


def test_a_neighbours_label_shows_both_order_numbers(bench: Bench) -> None:
    house = bench.backend.house
    bench.scan("8000", "CUP-350")
    other = next(key for key in house.orders if key != OrderKey("main/8000"))
    bench.scan(house.orders[other].order_id)
    said = bench.window.band.shown.sentence
    assert "8000" in said
    assert house.orders[other].order_id in said
    assert bench.window.band.shown.word == "WRONG LABEL"


def test_a_stop_shows_the_code_that_lets_work_go_on(bench: Bench) -> None:
    house = bench.backend.house
    key = OrderKey("main/8000")
    house.orders[key] = stopped(house.orders[key], WhyNot.CANCELLED)
    bench.scan("8000")
    assert bench.window.band.shown.word == "CANCELLED"
    assert bench.window.packing.idle._invitation()[0] == "Scan OK to go on"
    assert enabled(bench) == {"OK"}


def test_a_button_posts_the_code_that_its_barcode_types(bench: Bench) -> None:
    bench.scan(ORDER, "TS-RED-M")
    strip = bench.window.strip
    QTest.mouseClick(strip.buttons[Command.UNDO], Qt.MouseButton.LeftButton)
    bench.qtbot.waitUntil(lambda: bench.backend.engine.idle)
    assert bench.backend.scanned[-1] == "PSCMDUNDO"
    assert bench.window.band.shown.word == "UNDONE"
    assert bench.window.focusWidget() is bench.window.band, "a click leaves the focus alone"


def test_no_command_button_can_have_the_focus(bench: Bench) -> None:
    policies = {button.focusPolicy() for button in bench.window.strip.buttons.values()}
    assert policies == {Qt.FocusPolicy.NoFocus}


def test_the_sheet_shows_every_command_as_a_barcode(bench: Bench) -> None:
    sheet = CommandSheet(bench.translator, bench.window)
    bench.qtbot.addWidget(sheet)
    picture = sheet.grab().toImage()
    assert picture.width() > 400
    assert set(COMMANDS) == {
        Command(name)
        for name in ["OK", "UNDO", "HOLD", "PAUSE", "REPRINT", "BAG", "SEAL", "HANDOVER", "CLOSE"]
    }


def test_the_acceptance_is_heard_only_when_it_is_durable(bench: Bench) -> None:
    bench.scan(ORDER)
    order: list[str] = []
    bench.bridge.scan_answered.connect(lambda *_: order.append("answered"))
    bench.bridge.answer_recorded.connect(lambda *_: order.append("recorded"))
    bench.ears.heard.clear()
    bench.scan("TS-RED-M")
    assert order == ["answered", "recorded"]
    assert bench.ears.heard == [Kind.OK]
    bench.scan("2000000000022")
    assert bench.ears.heard == [Kind.OK, Kind.WRONG], "a stop is heard once"


def test_painted_tells_the_number_of_the_scan_before_the_next_is_taken(bench: Bench) -> None:
    painted: list[int] = []
    bench.window.band.painted.connect(painted.append)
    for text in (ORDER, "TS-RED-M", "TS-RED-M", "NOSUCH"):
        bench.backend.scan(text)
    bench.qtbot.waitUntil(lambda: bench.backend.engine.idle)
    assert painted == [1, 2, 3, 4]


def test_a_station_that_comes_back_is_shown_as_resumed(
    make_bench: Callable[..., Bench],
) -> None:
    first = make_bench()
    first.scan(ORDER, "TS-RED-M")
    station = first.backend.engine.station
    assert resting(station, first.translator).word == "RESUMED"
    first.window._started(station)
    assert [n.say() for n in first.window.notices.notices] == [
        "Resumed after an interruption: nothing was lost."
    ]
    assert first.window.packing.header.isVisible()
