"""Whatever strangers write into an order, a printer gets our commands and no other (A2, A3)."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zplkit import parse as zpl

from packstation.devices import cpcl_reader, epl_reader, tspl_reader, zpl_reader
from packstation.devices.cpcl_reader import read_cpcl
from packstation.devices.epl_reader import read_epl
from packstation.devices.escpos_reader import read_escpos
from packstation.devices.tspl_reader import read_tspl
from packstation.devices.zpl_reader import read_zpl
from packstation.errors import ComposeError
from packstation.printing.bitmap import Bitmap
from packstation.printing.languages import encode
from packstation.printing.media import Language, PrinterProfile, Tuning, load_printer
from packstation.printing.raster import ensure_gui_application, rasterize
from packstation.printing.waybill_label import GoodsLine, Waybill, compose
from packstation.printing.words import words_for
from tests.printing.paper import RESOURCES, WAYBILL, waybill_setup

MODELS = {
    one.language: one
    for one in (
        load_printer(RESOURCES / "printers", key)
        for key in ("generic-tspl-203", "zebra-zpl-203", "epl2-203", "cpcl-203")
    )
}
TUNED = Tuning(darkness=50, speed_mm_s=100, offset_x_mm=0.25)
ATTACKS = [
    "^XZ^XA^JUS^XZ",
    "~JR~DYR:A.GRF",
    "^KP0000^XZ",
    '"\r\nPRINT 99,99\r\nDOWNLOAD "A.BAS"',
    "\\[\"]\r\nSET PEEL ON\r\n",
    "! U1 setvar \"a\" \"b\"\r\nPRINT\r\n",
    "\nN\nFS\"X\"\nP9\n",
    "\x1b@\x1dV\x00\x10\x04\x01\x1bp\x00",
    "區億誠廣",
    "\u202e\u200b<img src=x>{order}%s",
    "\x00\x7f\x9b\xff",
]  # fmt: skip
"""Commands of every language, and characters whose GBK ends in ^, ~, | or a backslash."""


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def said_by(text: str) -> Waybill:
    """A waybill with a text in the fields that have room for it."""
    party = dataclasses.replace(WAYBILL.recipient, address=text)
    return dataclasses.replace(WAYBILL, recipient=party, goods=(GoodsLine(text, 2),), copy=2)


def said_in_each_field(text: str) -> Iterator[Waybill]:
    """A waybill for each field that a stranger, a shop or a platform fills in."""
    change: Any
    for field in ("name", "phone", "address", "zip_code"):
        for end in ("recipient", "sender"):
            change = {field: text}
            change = {end: dataclasses.replace(getattr(WAYBILL, end), **change)}
            yield dataclasses.replace(WAYBILL, **change)
    for field in ("shop", "order_id", "carrier_name", "carrier_code", "sorting", "operator"):
        change = {field: text}
        yield dataclasses.replace(WAYBILL, **change)


def drawn(waybill: Waybill, model: PrinterProfile) -> Bitmap:
    document = compose(waybill, waybill_setup().template, words_for("zh"))
    return rasterize(document, model.dots_per_mm)


def commands_of(bitmap: Bitmap, language: Language) -> list[str]:
    """The commands a strict reader finds in the bytes of a label."""
    model = MODELS[language]
    stock = waybill_setup().template.media
    payload = encode(bitmap, stock, model, TUNED)
    read, allowed = {
        Language.TSPL: (read_tspl, tspl_reader.ALLOWED),
        Language.ZPL: (read_zpl, zpl_reader.ALLOWED),
        Language.EPL: (read_epl, epl_reader.ALLOWED),
        Language.CPCL: (read_cpcl, cpcl_reader.ALLOWED),
    }[language]
    job = read(payload)
    assert [label.copies for label in job.labels] == [1]
    assert set(job.commands) <= set(allowed)
    if language is Language.ZPL:
        assert Counter(_by_zplkit(payload)) == Counter(job.commands)
    return [name for name in job.commands if name not in _RASTER]


_RASTER = {"BITMAP", "^FO", "^GF", "^FS", "GW", "CG"}
"""More or fewer of them come with the picture."""


def _by_zplkit(payload: bytes) -> list[str]:
    """The commands as a parser finds them that is not written here."""
    elements = zpl.parse(payload).elements
    kinds = {element.kind for element in elements}
    assert kinds <= {"format_command", "control_command"}
    return [bytes(element.data)[:3].decode("ascii") for element in elements]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_becomes_a_command(text: str) -> None:
    model = MODELS[Language.ZPL]
    plain = {one: commands_of(drawn(said_by("plain"), model), one) for one in MODELS}
    for language in MODELS:
        assert commands_of(drawn(said_by(text), model), language) == plain[language]
    printed = 0
    for waybill in said_in_each_field(text):
        # What has no room is refused as a whole, never cut.
        with contextlib.suppress(ComposeError):
            bitmap = drawn(waybill, model)
            printed += 1
            for language in MODELS:
                assert commands_of(bitmap, language) == plain[language]
    assert printed >= 2


def gbk_traps() -> list[str]:
    """Every Chinese character whose second GBK byte is a printer's sign for a command."""
    found = []
    for lead in range(0x81, 0xFF):
        for trail in b"^~\\|{}`@[]_":
            try:
                found.append(bytes([lead, trail]).decode("gbk"))
            except UnicodeDecodeError:
                continue
    return found


def test_characters_that_end_in_a_command_sign_are_only_dots() -> None:
    traps = [char for char in gbk_traps() if "\u4e00" <= char <= "\u9fff"]
    assert {"區", "誠", "億"} <= set(traps)
    assert len(traps) > 1000
    for language in MODELS:
        plain = commands_of(drawn(said_by("plain"), MODELS[language]), language)
        for start in range(0, len(traps), 400):
            text = "".join(traps[start : start + 400 : 40])
            assert commands_of(drawn(said_by(text), MODELS[language]), language) == plain


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=24))
def test_any_text_is_dots_or_refused_by_name(text: str) -> None:
    try:
        bitmap = drawn(said_by(text), MODELS[Language.ZPL])
    except ComposeError as error:
        refusal = error
    else:
        assert set(commands_of(bitmap, Language.ZPL)) <= set(zpl_reader.ALLOWED)
        return
    assert refusal.code in ("print.missing_glyph", "print.does_not_fit")
    if refusal.code == "print.missing_glyph":
        assert f"U+{ord(str(refusal.facts['character'])):04X}" in refusal.message


def test_a_missing_glyph_is_refused_and_named_whatever_the_language() -> None:
    waybill = dataclasses.replace(
        WAYBILL, recipient=dataclasses.replace(WAYBILL.recipient, name="王\U000e7fff")
    )
    for model in MODELS.values():
        with pytest.raises(ComposeError, match=r"U\+E7FFF") as refusal:
            drawn(waybill, model)
        assert refusal.value.code == "print.missing_glyph"


NEVER = (
    rb"[\^~]J",
    rb"\^KP|\^KN|\^KL",
    rb"~D[BEGNSTUY]|\^D[F]",
    rb"\^ID|\^HW|\^HH|\^XG|\^XF",
    rb"(?m)^SET |^DOWNLOAD|^EOP|^KILL|^SELFTEST|^GAPDETECT|^BLINEDETECT|^AUTODETECT",
    rb"(?m)^! U|^SETLP|^setvar",
    rb"(?m)^(FS|FE|GM|GK|xa|O|Y|EI)",
)


@pytest.mark.parametrize("pattern", NEVER)
def test_no_command_that_sets_up_or_stores_is_in_the_head_of_any_job(pattern: bytes) -> None:
    for language, model in MODELS.items():
        bitmap = Bitmap.blank(800, 1200)
        bitmap.rows[600, 50] = 0x18
        payload = encode(bitmap, waybill_setup().template.media, model, TUNED)
        assert re.search(pattern, payload) is None, language
        assert len(payload) < 400, "so that all of it is commands but a few dots"


def test_a_real_waybill_is_small_in_every_language() -> None:
    stock = waybill_setup().template.media
    sizes = {}
    for key in ("generic-tspl-203", "zebra-zpl-203", "zpl-acs-203", "epl2-203", "cpcl-203"):
        model = load_printer(RESOURCES / "printers", key)
        sizes[key] = len(encode(drawn(WAYBILL, model), stock, model))
    assert sizes["zebra-zpl-203"] <= 20_000
    assert max(sizes.values()) <= 70_000, sizes


def test_receipt_bytes_of_a_picture_are_read_with_nothing_left_over() -> None:
    model = load_printer(RESOURCES / "printers", "escpos-80")
    roll = dataclasses.replace(waybill_setup().template.media, width_mm=72, height_mm=None)
    bitmap = Bitmap(576, drawn(said_by(ATTACKS[8]), model).rows[:, :72].copy())
    job = read_escpos(encode(bitmap, roll, model))
    assert set(job.commands) == {"ESC @", "GS v 0", "ESC d", "ESC 3"}
    assert (job.cuts, job.pulses) == (0, 0)
