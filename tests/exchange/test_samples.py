"""The sample shop: its files are read as meant, its goods carry valid codes, its shift fits."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from packstation.core.carriers import Carrier
from packstation.core.codes import CodeKind, is_gtin, read
from packstation.core.imports import MAIN_SHOP, ParsedFiles
from packstation.core.number_runs import block
from packstation.core.orders import Recipient, WhyNot
from packstation.exchange.carrier_files import carrier_names, load_carriers
from packstation.exchange.order_import import read_files
from packstation.exchange.profile_files import load_profiles
from packstation.settings import load_settings, rules


@pytest.fixture(scope="module")
def resources(checkout: Path) -> Path:
    return checkout / "resources"


@pytest.fixture(scope="module")
def carriers(resources: Path) -> tuple[Carrier, ...]:
    return load_carriers(resources / "carriers")


def read_sample(resources: Path, carriers: tuple[Carrier, ...], name: str) -> ParsedFiles:
    settings = load_settings(resources / "samples" / "settings.toml")
    return read_files(
        [resources / "samples" / name],
        settings.import_settings(MAIN_SHOP),
        profiles=load_profiles(resources / "shops"),
        carriers=carrier_names(carriers),
    )


@pytest.fixture(scope="module")
def orders(resources: Path, carriers: tuple[Carrier, ...]) -> ParsedFiles:
    return read_sample(resources, carriers, "orders.csv")


@pytest.fixture(scope="module")
def codes(resources: Path, carriers: tuple[Carrier, ...]) -> ParsedFiles:
    return read_sample(resources, carriers, "codes.csv")


def test_the_orders_show_every_kind_a_packer_meets(orders: ParsedFiles) -> None:
    assert len(orders.orders) == 14
    assert not orders.refused
    assert Counter(o.order.why_not for o in orders.orders) == {
        None: 11,
        WhyNot.UNPAID: 1,
        WhyNot.CANCELLED: 1,
        WhyNot.CANCEL_REQUESTED: 1,
    }
    assert {o.order.carrier for o in orders.orders} == {"YTO", "ZTO", None}
    assert sum(o.order.recipient is Recipient.MASKED for o in orders.orders) == 1
    names = "".join(o.person.name or "" for o in orders.orders)
    assert all(rare in names for rare in "㐂𠮷䶮")
    assert any(o.order.has_buyer_message for o in orders.orders)
    assert any(o.order.has_seller_memo for o in orders.orders)
    assert max(len(o.person.address or "") for o in orders.orders) > 60


def test_goods_carry_valid_in_store_codes(orders: ParsedFiles, codes: ParsedFiles) -> None:
    found = {code.code: code for code in (*orders.codes, *codes.codes)}
    assert {code.units for code in codes.codes} == {6, 12}
    for code in found:
        assert is_gtin(code), code
        assert "20" <= code.removeprefix("0")[:2] <= "29", code


def test_no_phone_is_anybodys(orders: ParsedFiles) -> None:
    for order in orders.orders:
        phone = (order.person.phone or "").replace(" ", "")
        assert phone.startswith(("13800000000", "+86000", "138****"))


def test_the_settings_are_whole(resources: Path, carriers: tuple[Carrier, ...]) -> None:
    said: list[str] = []
    settings = load_settings(resources / "samples" / "settings.toml", warn=said.append)
    assert not said
    shop = settings.shop(MAIN_SHOP)
    assert shop.carrier == "YTO"
    assert all((shop.name, shop.name_zh, shop.sender.name, shop.sender.address))
    assert rules(settings, carriers).shop(MAIN_SHOP).carrier == "YTO"


def test_every_scan_of_the_shift_is_known(
    resources: Path, carriers: tuple[Carrier, ...], orders: ParsedFiles, codes: ParsedFiles
) -> None:
    known: set[str] = {o.order.order_id for o in orders.orders}
    known |= {code.code for code in (*orders.codes, *codes.codes)}
    with (resources / "samples" / "numbers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            carrier = next(c for c in carriers if c.code == row["carrier"])
            known |= {str(n) for n in block(carrier, row["first"], int(row["count"]))}
    scans = shift(resources)
    for scan in scans:
        code = read(scan)
        assert code.kind in (CodeKind.COMMAND, CodeKind.BAG) or code.key in known, scan


def test_the_expected_answers_go_with_the_shift(resources: Path, checkout: Path) -> None:
    path = checkout / "tests" / "data" / "samples" / "shift-verdicts.csv"
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["scan"] for row in csv.DictReader(file)] == shift(resources)


def shift(resources: Path) -> list[str]:
    text = (resources / "samples" / "shift.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
