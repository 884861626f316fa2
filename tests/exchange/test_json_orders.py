"""Orders in JSON: told by content, strict in keys and types, judged like rows of any other file."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from packstation.core.orders import OrderKind, Recipient, WhyNot
from packstation.errors import ImportFileError
from tests.exchange.made_files import ROOT, by_id, read

DOC = ROOT / "resources" / "docs" / "import-json.md"
CHINA = timezone(timedelta(hours=8))


def order(order_id: str = "E-1", **changes: Any) -> dict[str, Any]:
    whole = {
        "order_id": order_id,
        "status": "to_ship",
        "lines": [{"sku": "S-1", "title": "Cup", "quantity": 2}],
        **changes,
    }
    return {key: value for key, value in whole.items() if value != "left out"}


def json_file(folder: Path, *orders: object, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(json.dumps(one) for one in orders), encoding="utf-8")
    return path


def refusal(path: Path) -> ImportFileError:
    with pytest.raises(ImportFileError) as caught:
        read(path)
    return caught.value


def test_the_example_of_the_guide_is_imported_as_it_stands(tmp_path: Path) -> None:
    example = re.search(r"```json\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    path = tmp_path / "example.json"
    path.write_text(example[1], encoding="utf-8")
    parsed = read(path)
    assert (parsed.profile, parsed.refused) == ("json", ())
    (one,) = parsed.orders
    assert one.order.order_id == "ERP-20260801-0001"
    assert one.order.why_not is None
    assert one.order.urged
    assert one.order.recipient is Recipient.FULL
    assert one.order.promised_ship_at == datetime(2026, 8, 3, 10, 0, tzinfo=UTC)
    assert one.order.paid_at == datetime(2026, 8, 1, 1, 30, tzinfo=UTC)
    assert [
        (line.sku, line.spec, line.quantity, line.bin, line.gift) for line in one.order.lines
    ] == [
        ("000464", "blue", 2, "A-01-03", False),
        ("GIFT-1", None, 1, None, True),
    ]


def test_every_key_of_the_guide_reaches_its_place(tmp_path: Path) -> None:
    line = {
        "line_key": "L-1", "sku": "001", "title": "Cup", "spec": "red", "quantity": 3,
        "barcode": "6901234567892", "bin": "A-1", "gift": False, "bundle_info": "set of 2",
    }  # fmt: skip
    whole = order(
        shop="east",
        status="cancel_requested",
        kind="made_to_order",
        carrier="YTO",
        tracking_number="YT0001",
        package_id="P-1",
        urged=False,
        buyer_message="ring",
        seller_memo="vip",
        sorting="342-081-00 052",
        bag_place="Hangzhou",
        placed_at="2026-08-01T08:00:00",
        paid_at="2026-08-01T01:00:00Z",
        promised_ship_at="2026-08-03",
        cancel_requested_at="2026-08-01 10:00:00+08:00",
        arranged_at="2026-08-01T11:00+08:00",
        collected_at="2026-08-01T12:00:00.5+08:00",
        recipient={"name": "a", "phone": "1", "address": "b", "zip_code": "0012", "nick": "n",
                   "platform_hash": "h"},
        lines=[line],
    )  # fmt: skip
    (one,) = read(json_file(tmp_path, whole)).orders
    got, person = one.order, one.person
    assert (got.shop, got.carrier, got.tracking_number, got.package_id) == (
        "east", "YTO", "YT0001", "P-1",
    )  # fmt: skip
    assert (got.why_not, got.kind, got.urged) == (
        WhyNot.CANCEL_REQUESTED, OrderKind.MADE_TO_ORDER, None,
    )  # fmt: skip
    assert (got.sorting, got.bag_place) == ("342-081-00 052", "Hangzhou")
    assert got.placed_at == datetime(2026, 8, 1, 8, tzinfo=CHINA)
    assert got.paid_at == datetime(2026, 8, 1, 9, tzinfo=CHINA)
    assert got.promised_ship_at == datetime(2026, 8, 3, 23, 59, 59, tzinfo=CHINA)
    assert got.cancel_requested_at == datetime(2026, 8, 1, 10, tzinfo=CHINA)
    assert got.arranged_at == datetime(2026, 8, 1, 11, tzinfo=CHINA)
    assert got.collected_at == datetime(2026, 8, 1, 12, tzinfo=CHINA)
    assert (person.name, person.phone, person.address) == ("a", "1", "b")
    assert (person.zip_code, person.nick, person.platform_hash) == ("0012", "n", "h")
    assert (person.buyer_message, person.seller_memo) == ("ring", "vip")
    (kept,) = got.lines
    assert (kept.line_key, kept.sku, kept.title, kept.spec, kept.quantity) == (
        "L-1", "001", "Cup", "red", 3,
    )  # fmt: skip
    assert (kept.barcode, kept.bin, kept.gift, kept.bundle_info) == (
        "6901234567892", "A-1", False, "set of 2",
    )  # fmt: skip


def test_one_a_line_one_over_many_lines_and_an_array_are_the_same(tmp_path: Path) -> None:
    orders = [order("E-1"), order("E-2")]
    lines = read(json_file(tmp_path, *orders))
    spread = tmp_path / "array.json"
    spread.write_text("\ufeff" + json.dumps(orders, indent=2), encoding="utf-8")
    assert [one.order for one in read(spread).orders] == [one.order for one in lines.orders]
    single = tmp_path / "one.txt"
    single.write_text(json.dumps(orders[0], indent=1), encoding="utf-8")
    assert [one.order for one in read(single).orders] == [lines.orders[0].order]
    flat = json_file(tmp_path, orders, name="flat.json")
    assert [one.order for one in read(flat).orders] == [one.order for one in lines.orders]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"colour": "red"}, "order 2, $.colour"),
        ({"lines": [{"sku": "a", "quantity": 1}, {"skuu": "a"}]}, "order 2, $.lines[1].skuu"),
        ({"recipient": {"phones": "1"}}, "order 2, $.recipient.phones"),
        ({"recipient": "me"}, "order 2, $.recipient"),
        ({"lines": {"sku": "a"}}, "order 2, $.lines"),
        ({"lines": ["a"]}, "order 2, $.lines[0]"),
        ({"seller_memo": 5}, "order 2, $.seller_memo"),
        ({"urged": "yes"}, "order 2, $.urged"),
        ({"lines": [{"sku": "a", "quantity": 1, "gift": 1}]}, "order 2, $.lines[0].gift"),
        ({"paid_at": "yesterday"}, "order 2, $.paid_at"),
        ({"paid_at": 1785549000}, "order 2, $.paid_at"),
        ({"kind": "odd"}, "order 2, $.kind"),
        ({"seller_memo": "a\ufffdb"}, "order 2, $.seller_memo"),
        ({"seller_memo": "a" * 70_000}, "order 2, $.seller_memo"),
        ({"co\u202elour\x1b": "red"}, "order 2, $.co?lour?"),
    ],
)
def test_what_the_form_does_not_know_refuses_the_file_with_its_path(
    tmp_path: Path, changes: dict[str, Any], place: str
) -> None:
    refused = refusal(json_file(tmp_path, order(), order("E-2", **changes)))
    assert refused.code == "import.json_bad_value"
    assert f"orders.csv, {place}: " in refused.message
    assert refused.message.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        '{"order_id": "E-1"',
        '{"order_id": "E-1"}\n{"order_id": ',
        '{"order_id": "E-1", "order_id": "E-2"}',
        '{"order_id": NaN}',
        '{"order_id": ' + "[" * 100_000,
        '{"order_id": ' + "9" * 5_000 + "}",
        "[{}, {}",
        '{"order_id": "E-1"} and more',
    ],
)
def test_what_is_no_json_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "orders.json"
    path.write_text(text, encoding="utf-8")
    refused = refusal(path)
    assert refused.code == "import.json_broken"
    assert "orders.json, line " in refused.message
    assert "Traceback" not in str(refused)


@pytest.mark.parametrize("count", [0, -1, 2.5, 2.0, "2", True, None, 1e9, 200_000, [1]])
def test_a_quantity_that_is_no_whole_number_refuses_its_row(tmp_path: Path, count: object) -> None:
    lines = [{"sku": "S-1", "quantity": 1}, {"sku": "S-2", "quantity": count}]
    parsed = read(json_file(tmp_path, order("E-1"), order("E-2", lines=lines)))
    assert [(r.row, r.reason, r.order_id) for r in parsed.refused] == [(2, "bad_quantity", "E-2")]
    orders = by_id(parsed)
    assert orders["E-1"].order.why_not is None
    assert orders["E-2"].order.why_not is WhyNot.ROWS_REFUSED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"order_id": 1930679858170647}, "damaged_id"),
        ({"order_id": "left out"}, "missing_id"),
        ({"order_id": "1.93068E+15"}, "damaged_id"),
        ({"tracking_number": 12}, "damaged_id"),
        ({"lines": [{"sku": 464, "quantity": 1}]}, "damaged_id"),
        ({"lines": [{"sku": "a", "barcode": 6901234567892, "quantity": 1}]}, "damaged_id"),
        ({"lines": [{"sku": "a", "line_key": 1, "quantity": 1}]}, "damaged_id"),
        ({"lines": [{"quantity": 1}]}, "missing_id"),
        ({"lines": []}, "bad_quantity"),
        ({"lines": "left out"}, "bad_quantity"),
    ],
)
def test_an_identifier_that_is_no_text_refuses_its_row(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    parsed = read(json_file(tmp_path, order("E-1"), order(**{"order_id": "E-2", **changes})))
    assert [(r.row, r.reason) for r in parsed.refused] == [(2, reason)]
    assert [one.order.order_id for one in parsed.orders if one.order.why_not is None] == ["E-1"]


def test_an_order_without_a_known_status_is_never_packed(tmp_path: Path) -> None:
    parsed = read(json_file(tmp_path, order("E-1", status="left out"), order("E-2", status="ok")))
    assert {one.order.why_not for one in parsed.orders} == {WhyNot.UNKNOWN_STATUS}


def test_the_same_line_key_again_is_a_duplicate(tmp_path: Path) -> None:
    line = {"line_key": "1", "sku": "S-1", "quantity": 1}
    parsed = read(json_file(tmp_path, order(lines=[line, line, {**line, "line_key": "2"}])))
    assert [r.reason for r in parsed.refused] == ["duplicate_row"]
    assert parsed.orders[0].order.units == 2


def test_a_table_that_begins_with_a_brace_is_no_json(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text("{order_id},sku,quantity\nA-1,S-1,1\n", encoding="utf-8")
    assert refusal(path).code == "import.unknown_columns"
