"""An invented shop for measurements: goods, orders of real sizes, and the files they come in."""

from __future__ import annotations

import csv
import random
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import (
    CarrierCode,
    ImportedOrder,
    LineKey,
    Order,
    OrderId,
    OrderLine,
    Person,
    Recipient,
    Sku,
)

LINES = {1: 152, 2: 78, 3: 65, 4: 37, 5: 29, 6: 25, 7: 26, 8: 19, 9: 26, 10: 11, 11: 16, 12: 16}
"""How many of 500 real baskets have so many lines; package completejourney 1.1.0 (MIT)."""
UNITS = {1: 1561, 2: 252, 3: 58, 4: 25, 5: 2, 6: 7}
"""How many of their lines have so many units; fuel, counted by the cent, left out."""
PRODUCTS = 2000
CARRIER = CarrierCode("YTO")
FIRST_NUMBER = "YT0000000000001"
"""Where the block of prepaid numbers begins."""
HEADINGS = (
    "订单号",
    "订单状态",
    "付款时间",
    "承诺发货时间",
    "收件人",
    "电话",
    "地址",
    "商品编码",
    "商品名称",
    "规格",
    "商品条码",
    "数量",
    "货位",
    "快递公司",
    "买家留言",
    "卖家备注",
)
_BEGAN = datetime(2026, 8, 1, 1, 0, tzinfo=UTC)
_KINDS = (
    "保温杯",
    "圆领短袖T恤",
    "中筒棉袜",
    "陶瓷马克杯",
    "蓝牙音箱",
    "收纳盒",
    "明前绿茶",
    "中性笔",
)
_SPECS = ("红色 / M", "墨绿 / L", "黑色", "混色 / 均码", "350 ml", "250 g 袋装", "0.5 mm 黑", None)


def _gtin(number: int) -> str:
    """Return an EAN-13 of the in-store prefixes 20 to 29, with its check digit."""
    digits = f"{20 + number % 10}{number:010d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


@dataclass(frozen=True, slots=True)
class _Product:
    sku: Sku
    title: str
    spec: str | None
    barcode: str
    bin: str


def _products() -> list[_Product]:
    return [
        _Product(
            Sku(f"SKU-{number:04d}"),
            f"{_KINDS[number % len(_KINDS)]} 第 {number} 款 家用办公便携",
            _SPECS[number % len(_SPECS)],
            _gtin(number),
            f"{'ABCDEFGH'[number % 8]}-{number // 8 % 40:02d}-{number % 5 + 1}",
        )
        for number in range(PRODUCTS)
    ]


def _drawn(chance: random.Random, sizes: dict[int, int]) -> int:
    return chance.choices(list(sizes), list(sizes.values()))[0]


def orders(count: int, *, series: int, most_units: int = 1000) -> Iterator[ImportedOrder]:
    """Yield orders of one series, always the same ones; no number is in two series.

    Args:
        count: How many.
        series: 0 to 999.
        most_units: Larger orders are drawn again.
    """
    chance, goods = random.Random(series), _products()
    for number in range(count):
        while True:
            chosen = chance.sample(goods, _drawn(chance, LINES))
            lines = tuple(
                OrderLine(
                    LineKey(str(place)),
                    product.sku,
                    product.title,
                    _drawn(chance, UNITS),
                    product.spec,
                    product.barcode,
                    product.bin,
                )
                for place, product in enumerate(chosen, 1)
            )
            if sum(line.quantity for line in lines) <= most_units:
                break
        paid = _BEGAN + timedelta(seconds=number)
        order = Order(
            shop=MAIN_SHOP,
            order_id=OrderId(f"2026{series:03d}{number:08d}"),
            platform="generic",
            lines=lines,
            carrier=CARRIER,
            promised_ship_at=paid + timedelta(days=2),
            paid_at=paid,
            recipient=Recipient.FULL,
        )
        yield ImportedOrder(order, _person(number))


def _person(number: int) -> Person:
    house, tower, stairs = number % 900 + 1, number % 30 + 1, number % 6 + 1
    address = f"浙江省杭州市样例区测试路 {house} 号 {tower} 幢 {stairs} 单元"
    return Person(name=f"收件人{number % 997}", phone="13800000000", address=address)


def rows(count: int, *, series: int) -> list[list[str]]:
    """Return the rows of an export without its heading, one line of an order each."""
    made: list[list[str]] = []
    for item in orders(count, series=series):
        order, person = item.order, item.person
        assert order.paid_at is not None, "invented orders are paid"
        assert order.promised_ship_at is not None, "invented orders have a time"
        for line in order.lines:
            made.append(
                [
                    order.order_id,
                    "待发货",
                    order.paid_at.strftime("%Y-%m-%d %H:%M:%S"),
                    order.promised_ship_at.strftime("%Y-%m-%d %H:%M:%S"),
                    person.name or "",
                    person.phone or "",
                    person.address or "",
                    line.sku,
                    line.title,
                    line.spec or "",
                    line.barcode or "",
                    str(line.quantity),
                    line.bin or "",
                    "圆通速递",
                    "",
                    "",
                ]
            )
            if len(made) == count:
                return made
    return made


def write_csv(path: Path, body: Sequence[Sequence[str]]) -> None:
    """Write an export as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS)
        writer.writerows(body)


def write_xlsx(path: Path, body: Sequence[Sequence[str]]) -> None:
    """Write an export as a workbook with shared texts, as shops' systems do."""
    texts: dict[str, int] = {}

    def cell(text: str) -> str:
        return f'<c t="s"><v>{texts.setdefault(text, len(texts))}</v></c>' if text else "<c/>"

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet = "".join(f"<row>{''.join(map(cell, line))}</row>" for line in (HEADINGS, *body))
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1"'
        f' Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="订单" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData>'
        "</worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{content}')
