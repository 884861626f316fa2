"""Decisions about orders from the command line: who may, what is warned, what the shop is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysqlite3 import dbapi2 as sqlite3

from tests.app.shop import BAG, ITEM, LABEL, ONE, PACK, TWO, Station
from tests.cli.conftest import Run

BADGES = """
[operators.7]
name = "P"

[operators.9]
name = "S"
role = "supervisor"
"""
HEADINGS = (
    "Order ID,Order Status,Order Substatus,Cancelation/Return Type,SKU ID,Seller SKU,Product Name,"
    "Quantity,Recipient,Phone #,Detail Address\n"
)
OTHER = "577000000000000001"


def told(folder: Path, order: str) -> list[str]:
    """Return the status events of an order, in order."""
    with sqlite3.connect(folder / "packstation.db") as db:
        rows = db.execute(
            "SELECT type FROM outbox WHERE subject = ? ORDER BY sequence", (f"main/{order}",)
        )
        return [kind for (kind,) in rows]


@pytest.fixture
def badges(data: Path) -> None:
    path = data / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8") + BADGES, encoding="utf-8")


@pytest.fixture
def wish(data: Path, run: Run, tmp_path: Path) -> str:
    """An order of a platform whose buyer wants to cancel."""
    file = tmp_path / "orders.csv"
    row = f"{OTHER},To ship,Awaiting shipment,Cancel,1,A-01,Cup,2,A B,1,Canary Street 8\n"
    file.write_text(HEADINGS + row, encoding="utf-8")
    assert run("import", file).code == 0
    return OTHER


def test_a_hold_is_released_by_whom_its_reason_needs(run: Run, data: Path, badges: None) -> None:
    assert run("hold", ONE, "--reason", "address_check").code == 0
    assert "[orders.held_already]" in run("hold", ONE).err
    assert "[people.not_entitled]" in run("release", ONE).err
    assert "[people.not_entitled]" in run("release", ONE, "--as", "PSOPR7").err
    assert "[people.unknown_badge]" in run("release", ONE, "--as", "PSOPR8").err
    assert run("release", ONE, "--as", "psopr9").code == 0
    assert run("hold", ONE, "--as", "7").code == 0
    assert run("release", ONE, "--as", "7").code == 0, "a plain hold needs no supervisor"
    assert told(data, ONE) == ["order.held", "order.released"] * 2


def test_while_there_are_no_badges_nobody_is_asked_for_one(run: Run) -> None:
    assert run("hold", ONE, "--reason", "quality").code == 0
    assert run("release", ONE).code == 0
    assert "[orders.not_held]" in run("release", ONE).err


def test_a_short_pick_holds_the_order_and_is_told_at_once(run: Run, data: Path) -> None:
    done = run("short", ONE, ITEM)
    assert done.code == 0
    assert "Risk of a violation" in done.err
    assert told(data, ONE) == ["order.short", "order.held"]
    assert run("orders", "--search", ONE, "--json").rows()[0]["reason"] == "short_pick"
    assert "[orders.no_such_line]" in run("short", TWO, "NONSENSE").err
    assert run("release", ONE).code == 0


def test_a_sellers_cancel_warns_of_what_the_platform_does(
    run: Run, data: Path, wish: str, badges: None
) -> None:
    ask = ("cancel", wish, "--reason", "out_of_stock")
    first = run(*ask, "--as", "7", "--yes")
    assert "stock of these products to 0" in first.err
    assert f"packstation hold {wish}" in first.err
    assert f"packstation short {wish} SKU" in first.err
    assert "account manager" in first.err
    assert "[people.not_entitled]" in first.err
    assert "[orders.cancel_not_confirmed]" in run(*ask, "--as", "9").err
    assert told(data, wish) == []
    done = run(*ask, "--as", "9", "--yes")
    assert (done.code, told(data, wish)) == (0, ["order.cancelled"])
    assert "[orders.cancelled_already]" in run(*ask, "--as", "9", "--yes").err
    plain = run("cancel", ONE, "--reason", "other", "--as", "9")
    assert "stock of these" not in plain.err, "another platform does nothing of the kind"


@pytest.mark.parametrize(
    ("command", "event"),
    [("accept-cancel", "order.cancel_accepted"), ("reject-cancel", "order.cancel_rejected")],
)
def test_a_buyers_wish_to_cancel_is_answered_once(
    run: Run, data: Path, wish: str, badges: None, command: str, event: str
) -> None:
    assert "[people.not_entitled]" in run(command, wish, "--as", "7").err
    assert run(command, wish, "--as", "9").code == 0
    assert told(data, wish) == [event]
    assert "[orders.no_wish_to_cancel]" in run(command, wish, "--as", "9").err


def test_a_cancelled_parcel_is_recalled_from_a_sealed_bag(run: Run, data: Path) -> None:
    station = Station(data)
    station.scan(*PACK, "PSCMDBAG", LABEL, "PSCMDSEAL")
    assert station.house.paper_done()
    station.close()
    assert run("recall", ONE).code == 1, "nothing is wrong with it"
    assert run("cancel", ONE, "--reason", "other", "--yes").code == 0
    done = run("recall", ONE)
    assert done.code == 0
    assert BAG in done.out
    assert told(data, ONE)[-3:] == ["order.cancelled", "label.voided", "parcel.unbagged"]
    assert "[orders.not_in_a_bag]" in run("recall", ONE).err
    with sqlite3.connect(data / "packstation.db") as db:
        assert db.execute("SELECT state, parcels FROM bags").fetchall() == [("OPEN", 0)]
        assert db.execute("SELECT state FROM parcels").fetchall() == [("VOIDED",)]


def test_a_wish_that_ran_out_is_cancelled_when_the_station_starts(
    run: Run, data: Path, wish: str
) -> None:
    with sqlite3.connect(data / "packstation.db") as db:
        db.execute("UPDATE orders SET cancel_told_us = 1 WHERE order_id = ?", (wish,))
    (answer,) = run("scan", "-", "--json", stdin=wish.encode()).rows()
    assert (answer["verdict"], answer["reason"]) == ("CANCELLED", "cancelled")
    assert told(data, wish) == ["order.cancelled"]
