"""TSPL bytes: polarity, lengths, bands."""

from __future__ import annotations

import re

import numpy as np
import pytest

from packstation.devices.tspl_reader import read_tspl
from packstation.errors import DeviceError
from packstation.printing.bitmap import Bitmap
from packstation.printing.ink_areas import InkArea, ink_areas
from packstation.printing.languages import encode as encode_for
from packstation.printing.media import load_media, load_printer
from tests.printing.paper import RESOURCES

STOCK = load_media(RESOURCES / "media", "100x150")
PRINTER = load_printer(RESOURCES / "printers", "virtual-tspl")


def encode(bitmap: Bitmap) -> bytes:
    return encode_for(bitmap, STOCK, PRINTER)


def picture(*black: tuple[int, int]) -> Bitmap:
    dots = np.zeros((1200, 800), dtype=np.bool_)
    for x, y in black:
        dots[y, x] = True
    return Bitmap.from_dots(dots)


def test_a_black_dot_is_a_zero_bit() -> None:
    payload = encode(picture((9, 5)))
    assert b"BITMAP 8,0,1,8,0,\xff\xff\xff\xff\xff\xbf\xff\xff\r\n" in payload
    assert payload.endswith(b"PRINT 1,1\r\n")
    assert payload.startswith(b"SIZE 100 mm,150 mm\r\nGAP 2 mm,0 mm\r\n")


def test_blank_rows_and_columns_are_not_sent() -> None:
    assert ink_areas(picture((0, 3), (8, 9), (799, 3), (0, 400))) == [
        InkArea(0, 16, 0, 2),
        InkArea(0, 8, 99, 100),
        InkArea(400, 408, 0, 1),
    ]
    assert ink_areas(picture()) == []


def test_a_frame_does_not_make_the_label_one_full_picture() -> None:
    dots = np.zeros((1200, 800), dtype=np.bool_)
    dots[8:1192, 8:10] = dots[8:1192, 790:792] = True
    dots[8:10, 8:792] = dots[1190:1192, 8:792] = True
    bitmap = Bitmap.from_dots(dots)
    payload = encode(bitmap)
    assert len(payload) < 5000
    assert read_tspl(payload).labels[0].bitmap.same_as(bitmap)


@pytest.mark.parametrize("seed", range(6))
def test_random_dots_come_back_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    dots = rng.random((1200, 800)) < 0.0005 * seed**3
    bitmap = Bitmap.from_dots(dots)
    payload = encode(bitmap)
    assert read_tspl(payload).labels[0].bitmap.same_as(bitmap)
    total = sum(int(w) * int(h) for w, h in re.findall(rb"BITMAP \d+,\d+,(\d+),(\d+),0,", payload))
    assert total < len(payload) <= total + 100 + 40 * len(ink_areas(bitmap))


def test_bytes_that_look_like_commands_inside_a_bitmap_stay_dots() -> None:
    row = np.frombuffer(b"\r\nPRINT 9,9\r\nCLS\r\n".ljust(100, b"\x00"), dtype=np.uint8)
    bitmap = Bitmap(800, np.vstack([~row, row]))
    read = read_tspl(encode(bitmap))
    assert [label.copies for label in read.labels] == [1]
    assert read.commands.count("BITMAP") == 1


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"^XA^XZ",
        b"SIZE 100 mm,150 mm\r\nCLS\r\n",
        b"PRINT 1,1\r\n",
        b"CLS\r\n",
        b"SIZE 100 mm,150 mm\r\nCLS\r\nBITMAP 0,0,2,2,0,abc\r\nPRINT 1,1\r\n",
        b"SIZE 100 mm,150 mm\r\nCLS\r\nBITMAP 0,0,2,2,0,abcde\r\nPRINT 1,1\r\n",
        b"SIZE 100 mm,150 mm\r\nCLS\r\nBITMAP 0,1200,1,1,0,a\r\nPRINT 1,1\r\n",
        b"SIZE 100 mm,150 mm\r\nCLS\r\nBITMAP 800,0,1,1,0,a\r\nPRINT 1,1\r\n",
        b"SIZE 100 mm,150 mm\r\nCLS\r\nBITMAP 0,0,1,1,1,a\r\nPRINT 1,1\r\n",
        b"SIZE 100 mm,150 mm\r\nCLS\r\nBITMAP a\r\nPRINT 1,1\r\n",
        b"SIZE 100 mm,150 mm\r\nBITMAP 0,0,1,1,0,a\r\n",
        b"SIZE 100 mm,150 mm\r\nCLS 1\r\nPRINT 1,1\r\n",
        b"SIZE 100 mm,150 mm\r\nCLS\r\nPRINT 99,99\r\n",
        b"SIZE 100 mm,150 mm\r\nCLS\r\nPRINT 1,1\r\nCLS\r\n",
        b"SIZE 4,6\r\nCLS\r\nPRINT 1,1\r\n",
        b"SIZE 100 mm,150 mm",
        b"SIZE \x00\r\n",
        b"SET COUNTER 1\r\n",
        b"SIZE 100 mm,150 mm\r\nCLS\nPRINT 1,1\r\n",
        b"SIZE 9999 mm,9999 mm\r\nCLS\r\nPRINT 1,1\r\n",
        b'DOWNLOAD "A",1,a\r\n',
        b'SIZE 100 mm,150 mm\r\nCLS\r\nTEXT 0,0,"1",0,1,1,"hi"\r\nPRINT 1,1\r\n',
    ],
)
def test_reader_refuses_what_it_does_not_know(payload: bytes) -> None:
    with pytest.raises(DeviceError) as refusal:
        read_tspl(payload)
    assert refusal.value.code == "printer.not_understood"
