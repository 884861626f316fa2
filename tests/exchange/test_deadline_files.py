from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from packstation.core.deadline_rules import Clock
from packstation.core.deadlines import DeadlineBook
from packstation.core.orders import Order, OrderId, ShopKey
from packstation.errors import DataFileError
from packstation.exchange.deadline_files import load_deadlines
from packstation.exchange.holidays import CalendarFolder, load_calendar
from packstation.paths import resources

CALENDARS = CalendarFolder(resources() / "calendars")
GOOD = """platforms = ["brightly"]
zone = "Asia/Shanghai"

[[rule]]
id = "brightly-ship"
version = 1
clock = "ship"
start = ["paid"]
business_days = 2
calendar = "CN"
source = "https://brightly.example/shipping"
"""
SALE = """
[[promotion]]
name = "Sale"
rules = ["brightly-ship"]
from = 2026-11-01
to = 2026-11-11
business_days = 5
source = "notice"
"""


def written(folder: Path, text: str, name: str = "brightly.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_new_platforms_times_are_one_file(tmp_path: Path) -> None:
    rules = load_deadlines(written(tmp_path / "d", GOOD + SALE), CALENDARS.names)
    book = DeadlineBook(rules, CALENDARS)
    dues = {
        # The Saturday of 14 February 2026 is worked, the week of Spring Festival is not.
        "2026-02-13T10:00:00+08:00": "2026-02-24T23:59:59+08:00",
        "2026-11-11T23:59:00+08:00": "2026-11-18T23:59:59+08:00",
        "2026-11-12T00:00:00+08:00": "2026-11-16T23:59:59+08:00",
    }
    for paid, due in dues.items():
        order = Order(
            ShopKey("b"), OrderId("1"), "brightly", (), paid_at=datetime.fromisoformat(paid)
        )
        assert book.ship_by(order) == datetime.fromisoformat(due)


WRONG = [
    ('clock = "ship"', 'clock = "shipp"', 7, "clock"),
    ('start = ["paid"]', 'start = ["payd"]', 8, "start"),
    ('start = ["paid"]', "start = []", 8, "start"),
    ('start = ["paid"]', 'start = ["due"]', 4, "of"),
    ("business_days = 2", "business_days = 2\nhours = 48", 10, "hours"),
    ("business_days = 2", "business_days = 1000", 9, "business_days"),
    ("business_days = 2", "busines_days = 2", 9, "busines_days"),
    ('calendar = "CN"', 'calendar = "ZZ"', 10, "calendar"),
    ('calendar = "CN"', "", 9, "business_days"),
    ('source = "https://brightly.example/shipping"', "", 4, "source"),
    ('zone = "Asia/Shanghai"', 'zone = "Asia/Shangai"', 2, "zone"),
    ("version = 1", "version = true", 6, "version"),
    ("version = 1", 'version = 1\ncutoff = "2pm"', 7, "cutoff"),
    ("version = 1", 'version = 1\nregions = ["Vietnam"]', 7, "regions"),
    ("version = 1", 'version = 1\nkinds = ["odd"]', 7, "kinds"),
    ("version = 1", "version = 1\nvalid_from = 2026-02-01\nvalid_to = 2026-01-01", 8, "valid_to"),
    ("version = 1", 'version = 1\nvalid_from = "soon"', 7, "valid_from"),
    ('rules = ["brightly-ship"]', 'rules = ["other"]', 15, "rules"),
    ("to = 2026-11-11", "", 13, "to"),
    ("business_days = 5", "", 14, "name"),
    ("business_days = 5", "business_days = 5\nplus_days = 1", 14, "name"),
    ('id = "brightly-ship"', 'id = "Brightly ship"', 5, "id"),
]


@pytest.mark.parametrize(("good", "bad", "line", "key"), WRONG)
def test_a_wrong_rule_is_told_with_file_line_and_key(
    good: str, bad: str, line: int, key: str, tmp_path: Path
) -> None:
    text = (GOOD + SALE).replace(good, bad, 1)
    with pytest.raises(DataFileError) as caught:
        load_deadlines(written(tmp_path / "d", text), CALENDARS.names)
    told = caught.value
    assert (told.facts["file"], told.facts["key"]) == ("brightly.toml", key)
    assert told.facts["line"] == line, told.message


SECOND = GOOD.split("\n\n")[1].replace("brightly-ship", "brightly-second")


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("", "", True),
        ("valid_to = 2026-01-25\n", "valid_from = 2026-01-26\n", False),
        ("valid_to = 2026-01-26\n", "valid_from = 2026-01-26\n", True),
        ('regions = ["US"]\n', 'not_regions = ["US"]\n', False),
        ('regions = ["US", "VN"]\n', 'not_regions = ["US"]\n', True),
        ('regions = ["US"]\n', 'regions = ["VN"]\n', False),
        ('kinds = ["custom"]\n', "", False),
    ],
)
def test_two_rules_never_hold_at_once(first: str, second: str, clash: bool, tmp_path: Path) -> None:
    text = GOOD + first + "\n" + SECOND + "\n" + second
    folder = written(tmp_path / "d", text)
    if not clash:
        assert len(load_deadlines(folder, CALENDARS.names).rules) == 2
        return
    with pytest.raises(DataFileError, match="hold at the same time"):
        load_deadlines(folder, CALENDARS.names)


def test_ids_are_told_apart_over_all_files(tmp_path: Path) -> None:
    folder = written(tmp_path / "d", GOOD)
    written(folder, GOOD.replace('["brightly"]', '["dimly"]'), "dimly.toml")
    with pytest.raises(DataFileError, match="already"):
        load_deadlines(folder, CALENDARS.names)


def test_a_folder_without_rules_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as caught:
        load_deadlines(tmp_path, frozenset())
    assert caught.value.code == "data_file.unreadable"


def test_the_shipped_rules_hold_every_clock() -> None:
    rules = load_deadlines(resources() / "deadlines", CALENDARS.names).rules
    assert {rule.clock for rule in rules} == set(Clock)
    assert all(rule.source for rule in rules)


CALENDAR = """country = "XX"
source = "invented"
weekend = ["sun"]
known_from = 2026
known_until = 2026
work_days = [2026-03-01]

[holidays]
2026-03-02 = "Day"
"""


@pytest.mark.parametrize(
    ("good", "bad", "key", "line"),
    [
        ('"sun"', '"sunday"', "weekend", 3),
        ("2026-03-01]", "2026-03-03]", "work_days", 6),
        ("[2026-03-01]", '["2026-03-01"]', "work_days", 6),
        ("2026-03-02 =", "monday =", "monday", 9),
        ("known_until = 2026", "known_until = 2025", "known_until", 5),
        ('"XX"', '"YY"', "country", 1),
        ('source = "invented"', "", "source", 1),
    ],
)
def test_a_wrong_calendar_is_told(good: str, bad: str, key: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text(CALENDAR, "utf-8")
    assert load_calendar(path).country == "XX"
    path.write_text(CALENDAR.replace(good, bad, 1), "utf-8")
    with pytest.raises(DataFileError) as caught:
        load_calendar(path)
    assert (caught.value.facts["key"], caught.value.facts["line"]) == (key, line)
