"""What the window's tests share: an application in its own style, a bench, a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from packstation.i18n import Translator
from packstation.ui import style
from packstation.ui.bridge import Bridge
from packstation.ui.main_window import MainWindow
from tests.builders import a_code, a_line, an_order
from tests.core.house import House
from tests.ui.fakes import FakeBackend, Silence


@dataclass
class Bench:
    """A window over a real engine and a house in memory."""

    window: MainWindow
    backend: FakeBackend
    bridge: Bridge
    translator: Translator
    ears: Silence
    qtbot: QtBot

    def scan(self, *texts: str) -> None:
        """Scan and wait until everything is answered."""
        for text in texts:
            self.backend.scan(text)
            self.qtbot.waitUntil(lambda: self.backend.engine.idle, timeout=2000)


def a_house() -> House:
    """Orders with one line, several lines, messages."""
    big = an_order(
        "577100001234",
        a_line(
            "TS-RED-M",
            2,
            title="纯棉圆领短袖T恤",
            spec="红色 / M",
            bin="A-03-2",
            barcode="2000000000015",
        ),
        a_line("CUP-350", 1, title="不锈钢保温杯 350 ml 便携办公家用", spec="墨绿", bin="B-11"),
        a_line("SOCK-5", 3, title="中筒棉袜五双装", spec="混色 / 均码", bin="C-02"),
    )
    noted = an_order(
        "577100005678",
        a_line("MUG-01", 1, title="陶瓷马克杯", bin="B-02"),
        has_buyer_message=True,
        has_seller_memo=True,
    )
    house = House(
        big,
        noted,
        *(an_order(f"80{n:02d}", a_line("CUP-350", 1, bin="B-11")) for n in range(6)),
        codes=[a_code("2000000000022", "OTHER-9"), a_code("PACK3", "SOCK-5", 3)],
    )
    house.messages[noted.key] = ("请用泡泡纸多包几层,易碎,谢谢!", "VIP 客户,放一张手写卡片")
    return house


@pytest.fixture
def make_bench(qtbot: QtBot) -> Iterator[Callable[..., Bench]]:
    """Make a bench in a language and a size; its window is shown."""
    benches: list[Bench] = []

    def make(language: str = "en", size: tuple[int, int] = (1366, 768)) -> Bench:
        from PySide6.QtWidgets import QApplication

        application = QApplication.instance()
        assert isinstance(application, QApplication)
        style.dress(application)
        bridge, translator, ears = Bridge(), Translator(language), Silence()
        backend = FakeBackend(a_house(), bridge)
        window = MainWindow(bridge, backend, translator, ears)
        qtbot.addWidget(window)
        backend.start()
        window.resize(*size)
        window.show()
        qtbot.waitExposed(window)
        bench = Bench(window, backend, bridge, translator, ears, qtbot)
        benches.append(bench)
        return bench

    yield make
    for bench in benches:
        # A dialog left open would keep the focus for the next test.
        for dialog in cast("list[QDialog]", bench.window.findChildren(QDialog)):
            dialog.close()
        bench.window.close()


@pytest.fixture
def bench(make_bench: Callable[..., Bench]) -> Bench:
    """An English bench at 1366x768."""
    return make_bench()
