"""A shop's format is one data file: checked key by key, and enough for a platform nobody knows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from packstation.core.orders import WhyNot
from packstation.errors import DataFileError
from packstation.exchange.explain import explain, settings_from_json
from packstation.exchange.order_import import read_files
from packstation.exchange.profile_files import load_profile, load_profiles
from tests.exchange.made_files import PROFILES, ROOT, SETTINGS, by_id, csv_file, read

INVENTED = """
name = "moonmarket"
family = "moonmarket"

[[file]]
part = "lines_with_order"
required = ["order_id", "line_key", "quantity", "title", "status"]

[file.columns]
order_id = ["Moon Number"]
line_key = ["Crater"]
title = ["Thing"]
sku = ["Thing Code", "Old Code"]
quantity = ["How Many"]
status = ["Phase"]
item_number = ["Thing Code"]
gift_title = ["Extra"]
gift_quantity = ["Extra Count"]
address = { join = ["Sea", "Crater Name"], with = " / " }

[[file.step]]
do = "drop_rows"
cell = 1
starts_with = ["Seller:"]

[[file.step]]
do = "drop_rows"
field = "title"
empty = true

[[file.step]]
do = "split_cells"
by = ";"
when = "line_key"
fields = ["line_key", "title", "sku"]
total = "quantity"

[[file.step]]
do = "add_gift_line"

[lines]
key = "line_key"
closed = ["cancelled"]

[status]
fields = ["status"]

[status.words]
to_ship = ["full moon"]
cancelled = ["eclipse"]
"""
MOON = (
    "Moon Number",
    "Crater",
    "Thing",
    "Thing Code",
    "Old Code",
    "How Many",
    "Phase",
    "Extra",
    "Extra Count",
    "Sea",
    "Crater Name",
)


def test_a_platform_nobody_knows_needs_one_file_and_no_code(tmp_path: Path) -> None:
    (tmp_path / "moonmarket.toml").write_text(INVENTED, encoding="utf-8")
    profiles = (*PROFILES, *load_profiles(tmp_path))
    rows = [
        ("M-1", "c1", "Rock", "R-1", "", "2", "Full Moon", "", "", "Calm", "Tycho"),
        ("M-1", "c1", "Rock", "R-1", "", "2", "Full Moon", "", "", "", ""),
        ("M-1", "c2", "Dust", "", "D-9", "1", "Full Moon", "", "", "", ""),
        ("M-1", "c3", "Gone", "G-1", "", "1", "Eclipse", "", "", "", ""),
        ("M-2", "c4;c5", "Rock;Dust", "R-1;D-1", "", "2", "full moon", "", "", "", ""),
        ("M-3", "c6;c7", "Rock;Dust", "R-1;D-1", "", "3", "full moon", "", "", "", ""),
        ("M-4", "c8", "Rock", "R-1", "", "1", "full moon", "Flag", "3", "", ""),
        ("M-5", "", "", "", "", "3", "full moon", "", "", "", ""),
        ("Seller: me", "", "", "", "", "", "", "", "", "", ""),
    ]
    path = csv_file(tmp_path, rows, headings=MOON)
    parsed = read_files([path], SETTINGS, profiles=profiles)
    orders = by_id(parsed)
    assert parsed.platform == "moonmarket"
    assert [(line.sku, line.quantity) for line in orders["M-1"].order.lines] == [
        ("R-1", 2),
        ("D-9", 1),
    ]
    assert orders["M-1"].person.address == "Calm / Tycho"
    assert [(line.sku, line.quantity) for line in orders["M-2"].order.lines] == [
        ("R-1", 1),
        ("D-1", 1),
    ]
    assert orders["M-3"].order.why_not is WhyNot.ROWS_REFUSED
    assert [(line.title, line.quantity, line.gift) for line in orders["M-4"].order.lines] == [
        ("Rock", 1, False),
        ("Flag", 3, True),
    ]
    assert set(orders) == {"M-1", "M-2", "M-3", "M-4"}
    assert [(r.row, r.reason) for r in parsed.refused] == [
        (3, "duplicate_row"),
        (7, "ambiguous_quantity"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "key", "there"),
    [
        ('family = "moonmarket"', 'famly = "moonmarket"', "famly", 'famly = "moonmarket"'),
        ('name = "moonmarket"', "name = 7", "name", "name = 7"),
        (
            'order_id = ["Moon Number"]',
            'ordr_id = ["Moon Number"]',
            "ordr_id",
            'ordr_id = ["Moon Number"]',
        ),
        ('title = ["Thing"]', 'title = "Thing"', "title", 'title = "Thing"'),
        (
            'required = ["order_id", "line_key", "quantity"',
            'required = ["order_id", "spec"',
            "required",
            'required = ["order_id", "spec"',
        ),
        ('do = "add_gift_line"', 'do = "add_gifts"', "do", 'do = "add_gifts"'),
        ("empty = true", "empty = false", "empty", "empty = false"),
        ('by = ";"\n', "", "do", 'do = "split_cells"'),
        ('when = "line_key"', 'when = "line_kye"', "when", 'when = "line_kye"'),
        ("cell = 1", "cell = 3", "cell", "cell = 3"),
        ('key = "line_key"', 'key = "crater"', "key", 'key = "crater"'),
        ('cancelled = ["eclipse"]', 'canceld = ["eclipse"]', "canceld", 'canceld = ["eclipse"]'),
        (
            'cancelled = ["eclipse"]',
            'cancelled = ["Full Moon"]',
            "cancelled",
            'cancelled = ["Full Moon"]',
        ),
        ('part = "lines_with_order"', 'part = "lines"', "part", 'part = "lines"'),
        ('part = "lines_with_order"', 'part = "rows"', "part", 'part = "rows"'),
    ],
)
def test_a_wrong_profile_is_named_with_file_key_and_line(
    tmp_path: Path, old: str, new: str, key: str, there: str
) -> None:
    assert old in INVENTED
    path = tmp_path / "wrong.toml"
    wrong = INVENTED.replace(old, new, 1)
    path.write_text(wrong, encoding="utf-8")
    line = wrong[: wrong.index(there)].count("\n") + 1
    with pytest.raises(DataFileError) as caught:
        load_profile(path)
    assert caught.value.message.startswith(f"wrong.toml, line {line}, key {key}:")
    assert caught.value.code == "data_file.bad_value"


def test_a_profile_that_is_not_toml_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('name = "x"\nfamily = \n', encoding="utf-8")
    with pytest.raises(DataFileError, match="line 2"):
        load_profile(path)


def test_two_profiles_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(INVENTED, encoding="utf-8")
    with pytest.raises(DataFileError, match="already"):
        load_profiles(tmp_path)


def test_a_folder_without_profiles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="no shop profile"):
        load_profiles(tmp_path)


def test_no_code_names_a_platform() -> None:
    names = {word for profile in PROFILES for word in (profile.name, profile.family)}
    names -= {"generic", "codes", "json"}
    assert names >= {"tiktok", "taobao", "douyin", "pinduoduo", "shopify", "amazon", "ebay"}
    for path in (ROOT / "packstation").rglob("*.py"):
        code = path.read_text(encoding="utf-8").lower()
        for name in names:
            assert f'"{name}"' not in code, f"{path.name} names {name}"


@pytest.mark.parametrize(
    ("words", "key", "line"),
    [
        ('{"timezone": "Mars/Base"}', "timezone", 1),
        ('{\n "date_order": "YMD"}', "date_order", 2),
        ('{\n "mapping": {"order_id": 5}}', "mapping", 2),
        ('{\n\n "status_words": ["x"]}', "status_words", 3),
        ('{"status_words": {"to_ship": [5]}}', "to_ship", 1),
        ('{"timzone": "+08:00"}', "timzone", 1),
        ('{"encoding": 8}', "encoding", 1),
    ],
)
def test_wrong_settings_are_named_with_file_key_and_line(
    tmp_path: Path, words: str, key: str, line: int
) -> None:
    path = tmp_path / "settings.json"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        settings_from_json(path)
    assert caught.value.message.startswith(f"settings.json, line {line}, key {key}:")


@pytest.mark.parametrize("words", ["", "{", "[1", "{'a': 1}"])
def test_settings_that_are_not_json_are_refused(tmp_path: Path, words: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"settings\.json cannot be read"):
        settings_from_json(path)


def test_settings_become_what_the_importer_takes(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        json.dumps(
            {
                "timezone": "+07:00",
                "date_order": "MDY",
                "mapping": {"sku": "X"},
                "status_words": {"unpaid": "a", "to_ship": ["b", "c"]},
            }
        ),
        "utf-8",
    )
    settings = settings_from_json(path, shop="east")
    assert (settings.shop, settings.timezone, settings.date_order) == ("east", "+07:00", "MDY")
    assert settings.status_words == {"unpaid": ("a",), "to_ship": ("b", "c")}
    assert settings.mapping == {"sku": "X"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("status_words", {"sent": ("x",)}), ("mapping", {"colour": "x"}), ("timezone", "Mars/Base")],
)
def test_wrong_settings_are_refused_before_anything_is_read(
    tmp_path: Path, field: str, value: object
) -> None:
    path = csv_file(tmp_path)
    with pytest.raises(DataFileError) as caught:
        read(path, replace(SETTINGS, **{field: value}))  # type: ignore[arg-type]  # the field varies
    assert caught.value.code == "settings.bad_value"


def test_the_answer_for_a_codes_file_lists_its_codes(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [("S-1", "6901234567892", "6")], headings=("sku", "code", "units"))
    answer = explain([path], SETTINGS, profiles=PROFILES)
    assert answer["accepted"] == []
    assert answer["codes"] == [{"code": "06901234567892", "sku": "S-1", "units": 6}]
