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


class _Runs(dict[int, bytes]):
    """How a run is written, by 16 times its length plus its digit; filled as runs are met."""

    def __missing__(self, key: int) -> bytes:
        count, digit = divmod(key, 16)
        letters = bytearray()
        # A count is the sum of its letters: z is 400, y 380 … g 20, Y 19 … G 1.
        while count >= 20:
            twenties = min(count // 20, 20)
            letters.append(ord("f") + twenties)
            count -= 20 * twenties
        if count:
            letters.append(ord("F") + count)
        said = bytes(letters) + _DIGITS[digit : digit + 1]
        # One or two digits are shorter without a count.
        return self.setdefault(
            key, said if key >= 3 * 16 else _DIGITS[digit : digit + 1] * (key // 16)
        )


_DIGITS = b"0123456789ABCDEF"
_BLANK_END, _SAME_ROW = -1, -2
_WRITTEN = _Runs({_BLANK_END: b",", _SAME_ROW: b":"})


def _repeat_counts(dots: NDArray[np.uint8]) -> bytes:
    new = np.ones(dots.shape[0], dtype=np.bool_)
    new[1:] = (dots[1:] != dots[:-1]).any(axis=1)
    rows = dots[new]
    digits = np.empty((rows.shape[0], rows.shape[1] * 2), dtype=np.uint8)
    digits[:, 0::2], digits[:, 1::2] = rows >> 4, rows & 15
    begins = np.ones(digits.shape, dtype=np.bool_)
    begins[:, 1:] = digits[:, 1:] != digits[:, :-1]
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], digits.size)
    run_digits = digits.ravel()[starts]
    keys = (ends - starts) * 16 + run_digits
    last = ends % digits.shape[1] == 0
    keys[last & (run_digits == 0)] = _BLANK_END
    # Behind the last run of a row, one sign for each row that is the same.
    repeats = np.diff(np.append(np.flatnonzero(new), dots.shape[0])) - 1
    keys = np.insert(keys, np.repeat(np.flatnonzero(last) + 1, repeats), _SAME_ROW)
    return b"".join([_WRITTEN[key] for key in keys.tolist()])
