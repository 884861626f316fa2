"""Formats by the command a user types: chosen by name, made by the shop, one file each."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.conftest import ROOT
from tests.exchange.test_profiles import INVENTED, MOON

EXPORTS = ROOT / "tests" / "data" / "exports"
SHOPIFY = EXPORTS / "10_shopify_79_csv" / "orders_export.csv"
DOC = ROOT / "resources" / "docs" / "import-json.md"


def moon(folder: Path) -> Path:
    path = folder / "moon.csv"
    row = ("M-1", "c1", "Rock", "0042", "", "2", "Full Moon", "", "", "Calm", "Tycho")
    path.write_text(",".join(MOON) + "\n" + ",".join(row) + "\n", encoding="utf-8")
    return path


def test_an_invented_platform_is_one_file_in_the_data_folder(run: Run, tmp_path: Path) -> None:
    data, path = tmp_path / "mine", moon(tmp_path)
    (data / "shops").mkdir(parents=True)
    refused = run("import", path, folder=data)
    assert (refused.code, "import.unknown_columns" in refused.err) == (1, True)
    (data / "shops" / "moonmarket.toml").write_text(INVENTED, encoding="utf-8")
    (answer,) = run("import", "--explain", path, folder=data).rows()
    assert answer["platform"] == "moonmarket"
    done = run("import", path, "--json", folder=data)
    assert (done.code, done.rows()[0]["accepted"]) == (0, 1)
    (order,) = run("orders", "--search", "M-1", "--json", folder=data).rows()
    assert order["order_id"] == "M-1"


def test_a_wrong_own_file_is_named_and_stops_no_other_import(run: Run, tmp_path: Path) -> None:
    data, path = tmp_path / "mine", moon(tmp_path)
    (data / "shops").mkdir(parents=True)
    wrong = INVENTED.replace('family = "moonmarket"', 'famly = "moonmarket"', 1)
    (data / "shops" / "moonmarket.toml").write_text(wrong, encoding="utf-8")
    assert run("import", SHOPIFY, folder=data).code == 0
    refused = run("import", path, "--json", folder=data)
    assert refused.code == 1
    for word in ("moonmarket.toml", "famly", "data_file.bad_value"):
        assert word in refused.err


def test_a_chosen_profile_that_does_not_fit_says_what_is_missing(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "mine"
    fits = run("import", "--explain", "--profile", "shopify", SHOPIFY, folder=data)
    assert fits.rows()[0]["platform"] == "shopify"
    (answer,) = run("import", "--explain", "--profile", "ebay", SHOPIFY, folder=data).rows()
    assert (answer["outcome"], answer["accepted"]) == ("file_error", [])
    assert "Item Number" in answer["error"]
    refused = run("import", "--profile", "ebay", SHOPIFY, folder=data)
    assert refused.code == 1
    assert "Item Number" in refused.err
    unknown = run("import", "--profile", "shopfy", SHOPIFY, folder=data)
    assert unknown.code == 1
    assert "shopify" in unknown.err
    assert run("orders", "--json", folder=data).rows() == []


def test_equal_order_numbers_of_two_shops_stay_apart(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "mine"
    other = tmp_path / "other.csv"
    words = SHOPIFY.read_text(encoding="utf-8").replace("Desk Lamp", "Wall Lamp")
    other.write_text(words, encoding="utf-8")
    first = run("import", SHOPIFY, "--shop", "east", "--json", folder=data).rows()[0]
    second = run("import", other, "--shop", "west", "--json", folder=data).rows()[0]
    assert first["accepted"] == second["accepted"] > 10
    assert (second["changed"], second["same"]) == (0, 0)
    again = run("import", other, "--shop", "west", "--json", folder=data).rows()[0]
    assert (again["accepted"], again["changed"]) == (0, 0)
    orders = run("orders", "--search", "#1001", "--json", folder=data).rows()
    assert sorted(order["shop"] for order in orders) == ["east", "west"]


def test_the_very_file_of_one_shop_is_not_taken_for_another(run: Run, tmp_path: Path) -> None:
    data, renamed = tmp_path / "mine", tmp_path / "again.csv"
    renamed.write_bytes(SHOPIFY.read_bytes())
    assert run("import", SHOPIFY, "--shop", "east", folder=data).code == 0
    refused = run("import", renamed, "--shop", "west", folder=data)
    assert refused.code == 1
    assert "import.of_another_shop" in refused.err
    assert run("orders", "--shop", "west", "--json", folder=data).rows() == []
    assert run("import", renamed, "--shop", "east", folder=data).code == 0


def test_orders_in_json_are_imported_whatever_the_file_is_called(run: Run, tmp_path: Path) -> None:
    data, path = tmp_path / "mine", tmp_path / "export.csv"
    order = {"order_id": "E-1", "status": "to_ship", "lines": [{"sku": "S", "quantity": 1}]}
    path.write_text(json.dumps(order), encoding="utf-8")
    assert run("import", path, "--json", folder=data).rows()[0]["accepted"] == 1
    path.write_text(json.dumps({**order, "colour": "red"}), encoding="utf-8")
    refused = run("import", path, folder=data)
    assert refused.code == 1
    assert "$.colour" in refused.err
    assert DOC.is_file()


def test_lists_follow_settings_that_changed_since(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "mine"
    assert run("import", SHOPIFY, folder=data).code == 0
    assert run("orders", "--group", "to_pack", folder=data).out == "", "nobody said which carrier"
    (data / "settings.toml").write_text('[shops.main]\ncarrier = "YTO"\n', encoding="utf-8")
    assert "#1001" in run("orders", "--group", "to_pack", folder=data).out
