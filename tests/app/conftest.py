"""The sample shop, made once; every test works on a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backends import fail
from PySide6.QtWidgets import QApplication

from packstation.app import demo
from tests.app.shop import Station

if TYPE_CHECKING:
    from packstation.app.desk import Desk
    from tests.app.test_desk import Pages


@pytest.fixture(scope="session", autouse=True)
def _application(qapp: QApplication) -> None:
    """Qt's application of the whole run: a plain one would keep the window's tests from theirs."""


@pytest.fixture(scope="session", autouse=True)
def _no_keyring() -> Iterator[None]:
    """Keys lie in the data folder, not in the keyring of whoever runs the tests."""
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call] # a library's class
    yield
    keyring.set_keyring(before)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "data"
    demo.set_up(folder)
    return folder


@pytest.fixture
def data(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample, tmp_path / "data"))


@pytest.fixture
def open_station(data: Path) -> Iterator[Callable[..., Station]]:
    stations: list[Station] = []

    def open_one(folder: Path = data, *, start: bool = True) -> Station:
        station = Station(folder, start=start)
        stations.append(station)
        return station

    yield open_one
    for station in stations:
        station.close()


@pytest.fixture
def station(open_station: Callable[..., Station]) -> Station:
    return open_station()


@pytest.fixture
def pages() -> Pages:
    """What the desk delivers, kept until a test runs it."""
    from tests.app.test_desk import Pages

    return Pages()


@pytest.fixture
def desk(station: Station, pages: Pages) -> Iterator[Desk]:
    """The desk of a station, as the window would open it."""
    from packstation.app.desk import Desk

    made = Desk(station.house, pages.deliver)
    assert station.engine is not None
    made.attach(station.engine, None)
    yield made
    made.close()
