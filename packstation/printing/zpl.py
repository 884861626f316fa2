"""Labels as ZPL II: one picture, set up for this job alone.

Commands, ranges and codings: Zebra "Programming Guide for ZPL II, ZBI 2, Set-Get-Do, Mirror,
WML" (P1012728-008, 2013-09-20): ^MN, ^MM, ^PW, ^LL, ^LH, ^PO, ^PR (inches a second), ~SD (0-30),
^FO, ^GF (1 = black, 99,999 bytes at most), ^PQ; its chapters "ZB64 Encoding and Compression"
(:Z64:, the CRC is CRC-16/XMODEM of the base 64 text) and "Alternative Data Compression Scheme"
(G-Y repeat 1-19 times, g-z 20-400 times, a comma fills a row with white, a colon repeats the row
above).

Never sent: ^J… and ~J… (stored settings, calibration), ^K…, ~D… and ^D… (stored pictures, fonts),
^ID, ^HW and their like. The compression's exclamation mark is not used, since readers differ in it.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

import numpy as np
from numpy.typing import NDArray

from packstation.printing.bitmap import Bitmap
from packstation.printing.media import Media, PrinterProfile, RasterForm, Sensing, Tuning
from packstation.printing.placing import ink_box, pieces, placed

MAX_GRAPHIC_BYTES = 99_999
"""Of one ^GF, by the programming guide; 100 x 150 mm have more and are sent in two."""
DEFLATE_LEVEL = 6
"""Higher ones cost more time than they save bytes (printing.md)."""
MM_IN_AN_INCH = 25.4

_WEB = {Sensing.GAP: "^MNY", Sensing.MARK: "^MNM", Sensing.CONTINUOUS: "^MNN"}
_RUN = re.compile(rb"([0-9A-F])\1{2,}")
_BLANK = re.compile(rb"0+\Z")


def encode(
    bitmap: Bitmap, stock: Media, printer: PrinterProfile, tuning: Tuning | None = None
) -> bytes:
    """Return the bytes that print one copy of a picture.

    Raises:
        ComposeError: ``print.off_paper``.
    """
    tuning = tuning or Tuning()
    paper = placed(bitmap, stock, printer, tuning)
    columns, rows = ink_box(paper)
    # A format without a field prints nothing at all: white paper needs a white field.
    top, bottom = rows
    left, right = columns[0] // 8, (columns[1] + 7) // 8
    most = MAX_GRAPHIC_BYTES // (right - left)
    if printer.max_rows:
        most = min(most, printer.max_rows)
    fields = b"".join(
        _field(paper, (first, last), (left, right), printer.form)
        for first, last in pieces(top, bottom, most)
    )
    return _head(paper, stock, printer, tuning) + fields + b"^PQ1\n^XZ\n"


def _head(paper: Bitmap, stock: Media, printer: PrinterProfile, tuning: Tuning) -> bytes:
    lines = []
    if (darkness := printer.darkness_step(tuning)) is not None:
        lines.append(f"~SD{darkness:02d}")
    lines += ["^XA", _WEB[stock.sensing]]
    if printer.cutter:
        lines.append("^MMC" if tuning.cut else "^MMT")
    lines += [f"^PW{paper.width}", f"^LL{paper.height}", "^LH0,0", "^PON"]
    if (speed := printer.speed(tuning)) is not None:
        lines.append(f"^PR{round(speed / MM_IN_AN_INCH)}")
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _field(
    paper: Bitmap, rows: tuple[int, int], columns: tuple[int, int], form: RasterForm
) -> bytes:
    (top, bottom), (left, right) = rows, columns
    across = right - left
    dots = np.ascontiguousarray(paper.rows[top:bottom, left:right])
    count = dots.size
    # The counts say the picture's size, however its dots are written.
    assert count == across * (bottom - top) <= MAX_GRAPHIC_BYTES
    match form:
        case RasterForm.HEX:
            data = dots.tobytes().hex().upper().encode("ascii")
            assert len(data) == 2 * count
        case RasterForm.ACS:
            data = _repeat_counts(dots)
        case _:
            data = _deflated(dots)
    head = f"^FO{left * 8},{top}^GFA,{count},{count},{across},"
    return head.encode("ascii") + data + b"^FS\n"


def _deflated(dots: NDArray[np.uint8]) -> bytes:
    packed = base64.b64encode(zlib.compress(dots.tobytes(), DEFLATE_LEVEL))
    return b":Z64:" + packed + b":" + f"{binascii.crc_hqx(packed, 0):04X}".encode("ascii")


def _repeat_counts(dots: NDArray[np.uint8]) -> bytes:
    digits = dots.tobytes().hex().upper().encode("ascii")
    across = dots.shape[1] * 2
    same = np.zeros(dots.shape[0], dtype=np.bool_)
    same[1:] = (dots[1:] == dots[:-1]).all(axis=1)
    parts = []
    for number, repeats in enumerate(same.tolist()):
        if repeats:
            parts.append(b":")
            continue
        row = _BLANK.sub(b",", digits[number * across : (number + 1) * across])
        parts.append(_RUN.sub(_shortened, row))
    return b"".join(parts)


def _shortened(run: re.Match[bytes]) -> bytes:
    """Return a run of one digit as repeat counts and the digit.

    A count is the sum of its letters: at most 400 (z), then at most 380 (y) …, then at most 19 (Y).
    """
    count = len(run[0])
    letters = bytearray()
    while count >= 20:
        twenties = min(count // 20, 20)
        letters.append(ord("f") + twenties)
        count -= 20 * twenties
    if count:
        letters.append(ord("F") + count)
    return bytes(letters) + run[1]
