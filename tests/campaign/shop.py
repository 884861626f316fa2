"""An invented shop for the campaign: goods, orders and files, all from one seed."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path

CARRIERS = ("YTO", "ZTO")
FIRST_NUMBERS = {"YTO": "YT8800000000001", "ZTO": "78000000000001"}
NAMES = ("林小满", "周一鸣", "何星", "Ann Example", "Ben Sample", "苏白")


def ean13(body: str) -> str:
    """Return twelve digits with their check digit (GS1 General Specifications, 7.9).

    >>> ean13("200000000001")
    '2000000000015'
    """
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


@dataclass(frozen=True)
class Product:
    """Something the shop sells; ``pack`` is a second code that stands for several units."""

    sku: str
    barcode: str
    pack: str | None = None
    pack_units: int = 0


@dataclass(frozen=True)
class Order:
    """One order as its file tells it."""

    order_id: str
    carrier: str
    lines: tuple[tuple[Product, int], ...]
    message: str = ""

    @property
    def units(self) -> int:
        return sum(quantity for _, quantity in self.lines)


@dataclass(frozen=True)
class Shop:
    """Everything that the campaign packs."""

    products: tuple[Product, ...]
    orders: tuple[Order, ...]

    def __deepcopy__(self, memo: dict[int, object]) -> Shop:
        return self  # never changes, so every belief shares it

    def order(self, order_id: str) -> Order | None:
        return next((order for order in self.orders if order.order_id == order_id), None)

    def product(self, code: str) -> tuple[Product, int] | None:
        """Return the product of a code and the units it stands for."""
        for product in self.products:
            if code in (product.sku, product.barcode):
                return product, 1
            if code == product.pack:
                return product, product.pack_units
        return None


def invent(seed: int, *, orders: int, first: int = 1) -> Shop:
    """Return a shop of eight products and so many orders."""
    rng = random.Random(seed)
    products = tuple(
        Product(
            f"G-{n:02d}",
            ean13(f"{20 + n}00000{n:05d}"),
            ean13(f"29{n:010d}") if n % 3 == 0 else None,
            2 + n % 2 if n % 3 == 0 else 0,
        )
        for n in range(1, 9)
    )
    made = []
    for n in range(first, first + orders):
        chosen = rng.sample(products, rng.choice((1, 1, 2, 3)))
        lines = tuple((product, rng.randint(1, 4)) for product in chosen)
        message = "请放门口" if rng.random() < 0.2 else ""
        made.append(Order(f"CX{seed % 10_000:04d}{n:05d}", rng.choice(CARRIERS), lines, message))
    sold = {product.sku for order in made for product, _ in order.lines}
    return Shop(tuple(it for it in products if it.sku in sold), tuple(made))


def write_orders(shop: Shop, path: Path) -> Path:
    """Write the orders in the plain layout."""
    headings = (
        *("订单号", "收件人", "电话", "地址", "商品编码", "商品名称"),
        *("商品条码", "数量", "货位", "快递公司", "买家留言"),
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for place, order in enumerate(shop.orders):
            for product, quantity in order.lines:
                row = [order.order_id, NAMES[place % len(NAMES)], f"139{place:08d}"]
                row += ["浙江省杭州市西湖区样例路 1 号", product.sku, f"样品 {product.sku}"]
                row += [product.barcode, str(quantity), f"B{product.sku[2:]}", order.carrier]
                writer.writerow([*row, order.message])
    return path


def write_codes(shop: Shop, path: Path) -> Path:
    """Write the pack barcodes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("商品编码", "条码", "件数"))
        for product in shop.products:
            if product.pack:
                writer.writerow((product.sku, product.pack, product.pack_units))
    return path
