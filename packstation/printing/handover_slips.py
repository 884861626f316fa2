"""Slips of the dock: handover receipt, the slip of two counts that differ, a bag's label on a roll.

The receipt says the same as ``handover_receipt`` prints on wide receipt rolls; its QR is the same
text, so that ``packstation receipt verify`` takes either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from packstation.printing.bag_label import BagLabel
from packstation.printing.document import Align, Symbology, Weight
from packstation.printing.handover_receipt import JOURNAL_HEAD_DIGITS, Receipt, empty_receipt
from packstation.printing.slips import (
    Across,
    Band,
    Break,
    Code,
    Column,
    Group,
    Heading,
    Part,
    Rule,
    Size,
    Slip,
    Space,
    Table,
    Words,
    WriteLine,
    pair,
)
from packstation.printing.waybill_label import reprint_mark
from packstation.printing.words import PaperWords


@dataclass(frozen=True, slots=True)
class CountedBag:
    """One bag that both sides counted."""

    bag_code: str
    """As on its label."""
    ours: int
    """Inner parcels by the station's count."""
    theirs: int
    """Inner parcels by the other side's count."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two counts of one handover that differ."""

    manifest: str
    """Number of the handover."""
    shop: str
    """Who hands over."""
    counted: tuple[CountedBag, ...]
    """In the order of counting; bags on which both agree included."""
    printed_at: datetime
    """Aware, in the zone of the shop."""
    carrier: str = ""
    """As people call it."""
    reason: str = ""
    """As far as known."""
    drop_off: str = ""
    """Place of the handover."""
    operator: str = ""
    """Who counted."""
    station: str = ""
    """Where."""
    copy: int = 1
    """2 and more are marked as reprint."""


def receipt_slip(receipt: Receipt, words: PaperWords) -> Slip:
    """Return a handover receipt for narrow rolls and label stock.

    Raises:
        ComposeError: It has no bag.
    """
    if not receipt.bags:
        raise empty_receipt(receipt.manifest)
    carrier = receipt.carrier_name or receipt.carrier_code
    facts = (
        (words.sender, receipt.shop),
        (words.carrier, f"{receipt.carrier_code} {receipt.carrier_name}".strip()),
        (words.courier, receipt.courier),
        (words.drop_off, receipt.drop_off),
        (words.opened_at, f"{receipt.opened_at:%Y-%m-%d %H:%M:%S}"),
        (words.closed_at, f"{receipt.closed_at:%Y-%m-%d %H:%M:%S} {receipt.zone}".strip()),
        (words.operator, receipt.operator),
        (words.station, receipt.station),
    )
    totals = words.totals.format(bags=len(receipt.bags), parcels=receipt.parcel_count)
    rows = tuple(
        (str(number), bag.bag_code, str(bag.parcel_count))
        for number, bag in enumerate(receipt.bags, start=1)
    )
    columns = (
        Column("", 0.1, Align.RIGHT),
        Column(words.bag_column, 0.65),
        Column(words.parcels_column, 0.25, Align.RIGHT),
    )
    digest, head = (
        _groups(text[:JOURNAL_HEAD_DIGITS]) for text in (receipt.digest, receipt.journal_head)
    )
    parts: list[Part] = [
        *_mark(receipt.copy, words),
        Heading(words.receipt, Size.HUGE, Align.CENTRE),
        Heading(carrier, Size.LARGE, Align.CENTRE),
        _number(receipt.manifest),
        Rule(),
        *(pair(name, value) for name, value in facts if value),
        *(() if receipt.courier else (WriteLine(words.courier),)),
        Rule(),
        Table(columns, rows),
        _signatures(words.counted, words, totals),
        Rule(),
        Group(
            (
                Words(words.digest, Size.SMALL, align=Align.CENTRE),
                Code(
                    Symbology.QR, receipt.digest_text, caption=f"{digest} …", name="digest",
                    instead=receipt.digest_text,
                ),
            )
        ),
        Group(
            (
                Words(words.journal, Size.SMALL, align=Align.CENTRE),
                Words(head, Size.SMALL, align=Align.CENTRE),
            )
        ),
    ]  # fmt: skip
    return Slip(f"{words.receipt} {receipt.manifest}", words.page, tuple(parts))


def discrepancy_slip(found: Discrepancy, words: PaperWords) -> Slip:
    """Return the slip that both sides sign where their counts differ, bag by bag and in total.

    Raises:
        ComposeError: It has no bag.
    """
    if not found.counted:
        raise empty_receipt(found.manifest)
    said = words.slips
    rows = tuple(
        (bag.bag_code, str(bag.ours), str(bag.theirs), _signed(bag.theirs - bag.ours))
        for bag in found.counted
    )
    ours, theirs = (sum(getattr(bag, side) for bag in found.counted) for side in ("ours", "theirs"))
    # Where they differ, and the total.
    heavy = {n for n, bag in enumerate(found.counted) if bag.ours != bag.theirs} | {len(rows)}
    total = (words.total, str(ours), str(theirs), _signed(theirs - ours))
    columns = (
        Column(words.bag_column, 0.46),
        Column(said.ours, 0.18, Align.RIGHT),
        Column(said.theirs, 0.18, Align.RIGHT),
        Column(said.differ, 0.18, Align.RIGHT),
    )
    facts = (
        (words.sender, found.shop),
        (words.carrier, found.carrier),
        (words.drop_off, found.drop_off),
        (words.printed_at, f"{found.printed_at:%Y-%m-%d %H:%M} UTC{found.printed_at:%z}"),
        (words.operator, found.operator),
        (words.station, found.station),
    )
    parts: list[Part] = [
        *_mark(found.copy, words),
        Heading(said.discrepancy, Size.HUGE, Align.CENTRE),
        _number(found.manifest),
        Rule(),
        *(pair(name, value) for name, value in facts if value),
        Rule(),
        Table(columns, (*rows, total), heavy=frozenset(heavy)),
        *(
            (Words(said.reason), Words(found.reason, weight=Weight.BOLD, lines=8))
            if found.reason.strip()
            else (WriteLine(said.reason), WriteLine("", 8))
        ),
        Space(),
        _signatures(said.both_sign, words, f"{ours} / {theirs} ({_signed(theirs - ours)})"),
    ]
    return Slip(f"{said.discrepancy} {found.manifest}", words.page, tuple(parts))


def bag_slip(bag: BagLabel, words: PaperWords) -> Slip:
    """Return a bag's label for a roll."""
    made_by = "  ".join(
        f"{name} {value}"
        for name, value in ((words.operator, bag.operator), (words.station, bag.station))
        if value
    )
    parts: tuple[Part, ...] = (
        *_mark(bag.copy, words),
        Heading(f"{words.bag}  {bag.shop}".strip(), Size.NORMAL, Align.CENTRE),
        Heading(bag.carrier_name or bag.carrier_code, Size.HUGE, Align.CENTRE),
        Code(Symbology.CODE128, bag.bag_code, caption=bag.bag_code, name="bag code"),
        Words(
            f"{bag.parcel_count} {words.parcels}",
            Size.HUGE,
            Weight.BOLD,
            Align.CENTRE,
            lines=1,
        ),
        pair(words.sealed_at, f"{bag.sealed_at:%Y-%m-%d %H:%M} UTC{bag.sealed_at:%z}"),
        Words(made_by),
        Break(),
    )
    return Slip(f"{words.bag} {bag.bag_code}", words.page, parts)


def _mark(copy: int, words: PaperWords) -> tuple[Part, ...]:
    mark = reprint_mark(copy, words)
    return (Band(mark),) if mark else ()


def _number(manifest: str) -> Part:
    return Code(
        Symbology.CODE128,
        manifest,
        caption=manifest,
        instead=manifest or " ",
        name="manifest number",
    )


def _signatures(declared: str, words: PaperWords, totals: str) -> Part:
    """Return where both sides sign; the total stands on the same page."""
    bold = Weight.BOLD
    total = Across(
        (
            (0.25, Words(words.total, Size.NORMAL, bold, lines=1)),
            (0.75, Words(totals, Size.LARGE, bold, Align.RIGHT, lines=2)),
        )
    )
    return Group(
        (
            total,
            Rule(),
            Words(declared),
            WriteLine(words.signature_sender, 12),
            WriteLine(words.signature_courier, 12),
        )
    )


def _signed(difference: int) -> str:
    return f"{difference:+d}" if difference else "0"


def _groups(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
