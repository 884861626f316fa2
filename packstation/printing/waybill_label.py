"""The shipping label of one parcel, composed here from the order and a prepaid number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from packstation.printing.document import Document
from packstation.printing.jobs import PrintJobBytes
from packstation.printing.label_template import LabelSetup, LabelTemplate, fill, load_label_setup
from packstation.printing.languages import encode
from packstation.printing.words import LANGUAGES, PaperWords, words_for

WAYBILL_VALUES = frozenset(
    {
        "tracking_number",
        "tracking_groups",
        "carrier_name",
        "carrier_code",
        "sorting",
        "recipient_mark",
        "recipient_name",
        "recipient_phone",
        "recipient_address",
        "recipient_zip",
        "sender_mark",
        "sender",
        "sender_address",
        "shop",
        "order_id",
        "order_caption",
        "goods_caption",
        "goods",
        "units",
        "signed_by",
        "printed",
        "printed_short",
        "reprinted",
        "reprint",
        "reprint_plain",
        "copy_code",
        "part",
        "bag_place",
        "bag_place_caption",
        "destination",
        "recipient_line",
        "inspected",
        "carrier_stub",
        "sender_stub",
    }
)
"""What a waybill template may show."""


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a parcel's way; people's data, never logged."""

    name: str = field(repr=False)
    """As the carrier reads it out."""
    phone: str = field(repr=False)
    """As the carrier dials it."""
    address: str = field(repr=False)
    """In one text; white space and line ends do not matter."""
    zip_code: str = field(default="", repr=False)
    """Postcode, where there is one."""


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One SKU on the label, for the eye of the packer."""

    sku: str
    """SKU, or the title where the shop keeps none."""
    quantity: int
    """Units."""


@dataclass(frozen=True, slots=True)
class Waybill:
    """Everything a shipping label says."""

    tracking_number: str
    """What the carrier scans."""
    carrier_code: str
    """Code such as ``YTO``."""
    carrier_name: str
    """As people say it; empty = the code is shown."""
    recipient: Party
    """To whom."""
    sender: Party
    """From whom."""
    shop: str
    """The shop's name."""
    order_id: str
    """The platform's order number."""
    order_version: int
    """Version of the order the label is made for."""
    goods: tuple[GoodsLine, ...]
    """What is inside."""
    printed_at: datetime
    """Aware, in the zone of the shop; printed to the minute."""
    sorting: str = ""
    """The carrier's sorting code (三段码), where it is known."""
    operator: str = ""
    """Badge of who asked for this copy; shown small."""
    copy: int = 1
    """2 and more are marked as reprint."""
    bag_place: str = ""
    """Where the carrier collects bags for the way there (集包地), where it is known."""
    part: int = 1
    """Which parcel of the order this is."""
    parts: int = 1
    """How many parcels the order travels in; 1 = nothing is said of it."""
    copy_code: str = ""
    """Code that tells this reprint from every other copy; empty = none is drawn."""
    reason: str = ""
    """Stable word of why a reprint was asked for, such as ``damaged``; said where words know it."""

    def __post_init__(self) -> None:
        """Hold what the caller has proved."""
        assert self.copy >= 1
        assert 1 <= self.part <= self.parts
        assert self.printed_at.tzinfo is not None


def load_waybill_setup(
    resources: Path, *, template: str = "waybill-100x150", printer: str = "virtual-tspl"
) -> LabelSetup:
    """Return printer and layout of shipping labels; load once, use for every label.

    Raises:
        DataFileError: File, key and line of what is wrong.
    """
    return load_label_setup(resources, template=template, values=WAYBILL_VALUES, printer=printer)


def compose(waybill: Waybill, template: LabelTemplate, words: PaperWords) -> Document:
    """Return the label as a document in millimetres."""
    return fill(template, _values(waybill, words))


def render_waybill(waybill: Waybill, setup: LabelSetup, words: PaperWords) -> PrintJobBytes:
    """Return the bytes of one label; the same waybill gives the same bytes.

    Takes about 10 ms once fonts are warm (:func:`warm_up`). Any thread may call it.

    Raises:
        ComposeError: A text or number does not fit, or a character has no glyph.
    """
    return render_label(compose(waybill, setup.template, words), setup)


def render_label(document: Document, setup: LabelSetup) -> PrintJobBytes:
    """Return the bytes that print a label's document.

    Raises:
        ComposeError: A text or number does not fit, or a character has no glyph.
    """
    from packstation.printing.raster import rasterize

    bitmap = rasterize(document, setup.printer.dots_per_mm)
    return PrintJobBytes.of(
        encode(bitmap, setup.template.media, setup.printer),
        language=setup.printer.language,
        bitmap=bitmap,
        dots_per_mm=setup.printer.dots_per_mm,
    )


def warm_up(setup: LabelSetup) -> None:
    """Draw a label nobody prints, so that fonts and libraries are loaded before the first one.

    Takes 100-400 ms; call it in the room that will draw labels.
    """
    party = Party("王小明 Wang", "13800000000", "广东省深圳市科技园路 0123456789 号", "518000")
    waybill = Waybill(
        tracking_number="JT0000000000000",
        carrier_code="JT",
        carrier_name="极兔速递",
        recipient=party,
        sender=party,
        shop="店铺",
        order_id="240101-000000000000000",
        order_version=1,
        goods=(GoodsLine("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1),),
        printed_at=datetime(2024, 1, 1, tzinfo=UTC),
        sorting="000-A00-00 000",
        operator="abcdefghijklmnopqrstuvwxyz",
        copy=2,
        copy_code="PSP0123456789",
        reason="damaged",
    )
    for language in LANGUAGES:
        render_waybill(waybill, setup, words_for(language))


def tracking_groups(number: str) -> str:
    """Return a number in groups of four, for reading aloud.

    >>> tracking_groups("JT0006968326954")
    'JT00 0696 8326 954'
    """
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def reprint_mark(copy: int, words: PaperWords) -> str:
    """Return the mark of copy 2 and later; empty for the original."""
    return words.reprint.format(copy=copy) if copy > 1 else ""


def destination(address: str) -> str:
    """Return province and city that a Chinese address begins with, to be read from afar.

    Empty where the address does not say them plainly; nothing is guessed.

    >>> destination("吉林省 通化市 柳河县 振兴大街 12 号"), destination("北京市朝阳区甘露园")
    ('吉林省 通化市', '北京市 朝阳区')
    >>> destination("3 Main Street")
    ''
    """
    match = _DESTINATION.match("".join(address.split()))
    return f"{match[1]} {match[2]}" if match else ""


_DESTINATION = re.compile(
    r"([\u4e00-\u9fff]{2,7}?(?:省|自治区|特别行政区)|(?:北京|上海|天津|重庆)市)"
    r"([\u4e00-\u9fff]{1,9}?(?:市|地区|自治州|盟|区|县))"
)


def _values(waybill: Waybill, words: PaperWords) -> dict[str, str]:
    goods = ";  ".join(f"{line.sku}×{line.quantity}" for line in waybill.goods)
    printed = f"{waybill.printed_at:%Y-%m-%d %H:%M}"
    why = words.reprint_reasons.get(waybill.reason, "") if waybill.copy > 1 else ""
    version = f"v{waybill.order_version}"
    code = waybill.copy_code if waybill.copy > 1 else ""
    return {
        "tracking_number": waybill.tracking_number,
        "tracking_groups": tracking_groups(waybill.tracking_number),
        "carrier_name": waybill.carrier_name or waybill.carrier_code,
        "carrier_code": waybill.carrier_code,
        "sorting": waybill.sorting,
        "recipient_mark": words.recipient_mark,
        "recipient_name": waybill.recipient.name,
        "recipient_phone": waybill.recipient.phone,
        "recipient_address": waybill.recipient.address,
        "recipient_zip": waybill.recipient.zip_code,
        "sender_mark": words.sender_mark,
        "sender": f"{waybill.sender.name}  {waybill.sender.phone}",
        "sender_address": f"{waybill.sender.address} {waybill.sender.zip_code}",
        "shop": waybill.shop,
        "order_id": waybill.order_id,
        "order_caption": f"{words.order} {waybill.order_id}",
        "goods_caption": words.goods,
        "goods": goods,
        "units": words.units.format(units=sum(line.quantity for line in waybill.goods)),
        "signed_by": words.signed_by,
        "printed": _row(
            f"{words.operator} {waybill.operator}" if waybill.operator else "",
            printed,
            why,
            words.version.format(version=waybill.order_version),
        ),
        "printed_short": _row(waybill.operator, printed, why, version),
        "reprinted": _row(printed, waybill.operator, why, version) if waybill.copy > 1 else "",
        "reprint": reprint_mark(waybill.copy, words),
        "reprint_plain": "" if code else reprint_mark(waybill.copy, words),
        "copy_code": code,
        "part": _part(waybill, words),
        "bag_place": waybill.bag_place,
        "bag_place_caption": words.bag_place,
        "destination": "" if waybill.sorting else destination(waybill.recipient.address),
        "recipient_line": f"{waybill.recipient.name}  {waybill.recipient.phone}",
        "inspected": words.inspected,
        "carrier_stub": words.carrier_stub,
        "sender_stub": words.sender_stub,
    }


def _row(*parts: str) -> str:
    return " | ".join(part for part in parts if part)


def _part(waybill: Waybill, words: PaperWords) -> str:
    if waybill.parts == 1:
        return ""
    return words.part.format(part=waybill.part, parts=waybill.parts)
