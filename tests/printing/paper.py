"""Builders and judges for paper: waybills, receipts, and what other decoders read on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image
from pyzbar import pyzbar

from packstation.printing.bag_label import BagLabel, load_bag_setup
from packstation.printing.bitmap import Bitmap
from packstation.printing.handover_receipt import BagCount, Receipt
from packstation.printing.label_template import LabelSetup
from packstation.printing.media import (
    Language,
    Media,
    PrinterProfile,
    load_media,
    load_printer,
)
from packstation.printing.waybill_label import GoodsLine, Party, Waybill, load_waybill_setup

RESOURCES = Path(__file__).parents[2] / "resources"
CHINA = timezone(timedelta(hours=8))
AT = datetime(2025, 3, 4, 15, 6, tzinfo=CHINA)
RECIPIENT = Party(
    "王小明", "13812345678", "吉林省 通化市 柳河县 振兴大街 12 号楼 3 单元 1802 室", "135300"
)
SENDER = Party("云栖小店", "0571-88886666", "浙江省杭州市余杭区文一西路 998 号", "311121")
WAYBILL = Waybill(
    tracking_number="432542035598773",
    carrier_code="ZTO",
    carrier_name="中通快递",
    recipient=RECIPIENT,
    sender=SENDER,
    shop="云栖小店旗舰店",
    order_id="1930679858170647",
    order_version=3,
    goods=(GoodsLine("TEE-BLK-L", 2), GoodsLine("MUG-01", 1)),
    printed_at=AT,
    sorting="342-081-00 052",
    operator="07",
)
BAG = BagLabel("PSBAG00000012", "ZTO", "中通快递", 128, AT, "云栖小店", "07", "1")
RECEIPT = Receipt(
    manifest="MF20250304-0007",
    shop="Harbor Goods",
    carrier_code="ZTO",
    carrier_name="中通快递",
    courier="",
    opened_at=AT,
    closed_at=AT + timedelta(minutes=22),
    zone="Asia/Shanghai",
    bags=(BagCount("PSBAG00000012", 128), BagCount("PSBAG00000013", 96)),
    operator="07",
    station="1",
    journal_head="3fa901bc" * 8,
    digest="c0ffee12" * 8,
)


@cache
def waybill_setup(template: str = "waybill-100x150") -> LabelSetup:
    return load_waybill_setup(RESOURCES, template=template)


@cache
def bag_setup() -> LabelSetup:
    return load_bag_setup(RESOURCES)


@cache
def receipt_printer() -> PrinterProfile:
    return load_printer(RESOURCES / "printers", "virtual-escpos")


def addressed_to(**changes: str) -> Waybill:
    return replace(WAYBILL, recipient=replace(RECIPIENT, **changes))


def grey(bitmap: Bitmap, margin: int = 24) -> NDArray[np.uint8]:
    dots = np.pad(bitmap.dots(), margin)
    return np.where(dots, 0, 255).astype(np.uint8)


def seen_by_zxing(bitmap: Bitmap) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(grey(bitmap))}


def seen_by_zbar(bitmap: Bitmap) -> set[str]:
    found: list[Any] = pyzbar.decode(Image.fromarray(grey(bitmap)))
    return {item.data.decode() for item in found}


def printer(head_dots: int, dots_per_mm: int = 8) -> PrinterProfile:
    return PrinterProfile("any", "any", Language.ESCPOS, dots_per_mm, head_dots, "nowhere")


@cache
def stock(key: str) -> Media:
    return load_media(RESOURCES / "media", key)
