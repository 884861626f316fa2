"""The label of a bag: its code to scan, its carrier and how many parcels are inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from packstation.printing.document import Document
from packstation.printing.jobs import PrintJobBytes
from packstation.printing.label_template import LabelSetup, LabelTemplate, fill, load_label_setup
from packstation.printing.waybill_label import render_label, reprint_mark
from packstation.printing.words import PaperWords

BAG_VALUES = frozenset(
    {
        "bag_caption",
        "bag_code",
        "carrier_name",
        "carrier_code",
        "parcel_count",
        "parcels",
        "sealed_caption",
        "sealed",
        "sealed_zone",
        "shop",
        "made_by",
        "reprint",
    }
)
"""What a bag template may show."""


@dataclass(frozen=True, slots=True)
class BagLabel:
    """Everything a bag label says."""

    bag_code: str
    """``PSBAG`` and its id: what the station scans."""
    carrier_code: str
    """Code such as ``YTO``."""
    carrier_name: str
    """As people say it; empty = the code is shown."""
    parcel_count: int
    """Inner parcels at sealing."""
    sealed_at: datetime
    """Aware, in the zone of the shop."""
    shop: str = ""
    """The shop's name."""
    operator: str = ""
    """Who sealed it."""
    station: str = ""
    """Where."""
    copy: int = 1
    """2 and more are marked as reprint."""

    def __post_init__(self) -> None:
        """Hold what the caller has proved."""
        assert self.copy >= 1
        assert self.sealed_at.tzinfo is not None


def load_bag_setup(
    resources: Path, *, template: str = "bag-100x150", printer: str = "virtual-tspl"
) -> LabelSetup:
    """Return printer and layout of bag labels; load once, use for every label.

    Raises:
        DataFileError: File, key and line of what is wrong.
    """
    return load_label_setup(resources, template=template, values=BAG_VALUES, printer=printer)


def compose(bag: BagLabel, template: LabelTemplate, words: PaperWords) -> Document:
    """Return the label as a document in millimetres."""
    made_by = (
        f"{words.operator} {bag.operator}" if bag.operator else "",
        f"{words.station} {bag.station}" if bag.station else "",
    )
    values = {
        "bag_caption": words.bag,
        "bag_code": bag.bag_code,
        "carrier_name": bag.carrier_name or bag.carrier_code,
        "carrier_code": bag.carrier_code,
        "parcel_count": str(bag.parcel_count),
        "parcels": words.parcels,
        "sealed_caption": words.sealed_at,
        "sealed": f"{bag.sealed_at:%Y-%m-%d %H:%M}",
        "sealed_zone": f"UTC{bag.sealed_at:%z}",
        "shop": bag.shop,
        "made_by": "  ".join(part for part in made_by if part),
        "reprint": reprint_mark(bag.copy, words),
    }
    return fill(template, values)


def render_bag_label(bag: BagLabel, setup: LabelSetup, words: PaperWords) -> PrintJobBytes:
    """Return the bytes of one bag label; the same bag gives the same bytes.

    Raises:
        ComposeError: A text or code does not fit, or a character has no glyph.
    """
    return render_label(compose(bag, setup.template, words), setup)
