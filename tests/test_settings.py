"""Settings: defaults, checks that name key and line, and a file that is never half written."""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.core.carriers import Carrier
from packstation.core.imports import ImportSettings
from packstation.core.orders import CarrierCode, ShopKey
from packstation.core.policy import Rules
from packstation.core.status import LabelSource, Verdict
from packstation.errors import DataFileError
from packstation.exchange.carrier_files import load_carriers
from packstation.settings import (
    Printers,
    Sender,
    Settings,
    ShopSettings,
    load_settings,
    rules,
    save_settings,
    url_problem,
)
from packstation.settings.writer import settings_text

FULL = Settings(
    language="zh_CN",
    station_number=7,
    sync_url="https://shop.example/events",
    acknowledge=frozenset({Verdict.CANCELLED, Verdict.WRONG_ITEM}),
    printers=Printers("usb:1234", "virtual"),
    shops={
        ShopKey("main"): ShopSettings(
            name="Main shop",
            name_zh="总店",
            label_source=LabelSource.EXTERNAL,
            carrier=CarrierCode("YTO"),
            timezone="+07:00",
            date_order="MDY",
            status_words={"to_ship": ("Cần gửi", "Chờ")},
            mapping={"order_id": "单号"},
            encoding="gb18030",
            sender=Sender("仓库", "13800000000", '一号 "楼" \\ 2', "310000"),
        ),
        ShopKey("淘 小店"): ShopSettings(),
    },
)


def write(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def carriers(checkout: Path) -> tuple[Carrier, ...]:
    return load_carriers(checkout / "resources" / "carriers")


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "settings.toml")
    assert settings == Settings()
    shop = settings.shop(ShopKey("any"))
    assert shop.label_source is LabelSource.COMPOSED
    assert settings.printers == Printers("virtual", "virtual")
    assert settings.acknowledge == Rules().acknowledge
    assert settings.shop_name(ShopKey("any"), "en") == "any"


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    save_settings(FULL, path)
    assert load_settings(path) == FULL
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.toml"]


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30))
def test_any_text_of_one_line_survives(text: str) -> None:
    shop = ShopSettings(name=text, mapping={"sku": text} if text else {})
    written = tomllib.loads(settings_text(Settings(shops={ShopKey("a b"): shop})))
    found = written["shops"]["a b"]
    assert found.get("name", "") == text


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ('language = "de"', "language", 1),
        ("language = 1", "language", 1),
        ("\nstation_number = 0", "station_number", 2),
        ("station_number = 100", "station_number", 1),
        ("station_number = true", "station_number", 1),
        ('station_number = "1"', "station_number", 1),
        ('sync_url = "http://example.org/"', "sync_url", 1),
        ('sync_url = "https://user:word@example.org/"', "sync_url", 1),
        ('sync_url = "ftp://127.0.0.1/"', "sync_url", 1),
        ('[policy]\nacknowledge = ["MATCH"]', "policy.acknowledge", 2),
        ("[policy]\nacknowledge = 5", "policy.acknowledge", 2),
        ("printers = 5", "printers", 1),
        ("[shops]\nmain = 5", "shops.main", 2),
        ('[shops."a/b"]', "shops.a/b", 1),
        ('[shops.main]\n\nlabel_source = "drawn"', "shops.main.label_source", 3),
        ('[shops.main]\nname = ""\n[shops.b]\ntimezone = "Moon"', "shops.b.timezone", 4),
        ('[shops.main]\ntimezone = "../../etc/passwd"', "shops.main.timezone", 2),
        ('[shops.main]\ndate_order = "YMD"', "shops.main.date_order", 2),
        ("[shops.main.sender]\nphone = 138", "shops.main.sender.phone", 2),
        ('[shops.main.sender]\nname = "a\\nb"', "shops.main.sender.name", 2),
        ("[shops.main.status_words]\nto_ship = [1]", "shops.main.status_words.to_ship", 2),
        ("[shops.main.mapping]\nsku = 1", "shops.main.mapping.sku", 2),
    ],
)
def test_a_bad_value_is_named_with_key_and_line(
    tmp_path: Path, text: str, key: str, line: int
) -> None:
    with pytest.raises(DataFileError) as caught:
        load_settings(write(tmp_path, text))
    assert caught.value.facts["key"] == key
    assert caught.value.facts["line"] == line
    assert f"line {line}" in caught.value.message


def test_an_unknown_key_warns_and_the_rest_holds(tmp_path: Path) -> None:
    said: list[str] = []
    text = 'langauge = "en"\nstation_number = 3\n[shops.main]\ncolour = "red"\nname = "M"\n'
    settings = load_settings(write(tmp_path, text), warn=said.append)
    assert settings.station_number == 3
    assert settings.shop(ShopKey("main")).name == "M"
    assert [("langauge" in s, "colour" in s) for s in said] == [(False, True), (True, False)]
    assert "line 4" in said[0]


def test_an_unknown_key_warns_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    load_settings(write(tmp_path, "a = 1"))
    assert "the key a is not known" in caplog.text


@pytest.mark.parametrize("content", [b"language = ", b"\xff\xfe", b"a = 1\na = 2"])
def test_an_unreadable_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=r"settings\.toml"):
        load_settings(path)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.toml"
    save_settings(FULL, path)
    before = path.read_bytes()

    def full_disk(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(DataFileError, match="No space"):
            save_settings(Settings(), path)
    with pytest.raises(DataFileError):
        save_settings(replace(FULL, station_number=100), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize(
    "url",
    ["https://shop.example/e", "http://127.0.0.1:8000/e", "http://localhost/e", "http://[::1]:9/e"],
)
def test_https_or_this_machine_is_allowed(url: str) -> None:
    assert url_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example",
        "http://127.0.0.1.example/e",
        "http://10.0.0.1/",
        "https://a b/",
        "https://",
        "http://localhost@evil.example/",
        "http://[::1",
        "https://a:0/",
        "https://a:99999/",
    ],
)
def test_every_other_address_is_refused(url: str) -> None:
    assert url_problem(url)


def test_rules_follow_from_settings(carriers: tuple[Carrier, ...]) -> None:
    found = rules(FULL, carriers)
    assert found.station_number == 7
    assert found.acknowledge == FULL.acknowledge
    assert found.shop(ShopKey("main")).label_source is LabelSource.EXTERNAL
    assert found.shop(ShopKey("main")).carrier == "YTO"
    assert found.shop(ShopKey("other")).carrier is None
    assert found.carriers is carriers


def test_a_default_carrier_without_a_file_is_refused(carriers: tuple[Carrier, ...]) -> None:
    shops = {ShopKey("main"): ShopSettings(carrier=CarrierCode("NOPE"))}
    with pytest.raises(DataFileError, match=r"shops\.main\.carrier"):
        rules(Settings(shops=shops), carriers)


def test_a_shops_files_are_read_as_it_has_set() -> None:
    found = FULL.import_settings(ShopKey("main"))
    assert (found.shop, found.timezone, found.encoding) == ("main", "+07:00", "gb18030")
    assert Settings().import_settings(ShopKey("main")) == ImportSettings()


def test_a_sender_is_not_shown_in_a_representation() -> None:
    assert "13800000000" not in repr(FULL)
    assert FULL.shop_name(ShopKey("main"), "zh_CN") == "总店"
    assert FULL.shop_name(ShopKey("main"), "en") == "Main shop"


def test_the_cap_of_reminders_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    for cap in (0, 10, 25):
        save_settings(Settings(reminders_per_day=cap), path)
        assert load_settings(path).reminders_per_day == cap
    path.write_text("[policy]\nreminders_per_day = -1\n", "utf-8")
    with pytest.raises(DataFileError, match="reminders_per_day"):
        load_settings(path)
