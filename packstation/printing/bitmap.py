"""A picture of black and white dots, as a thermal print head sees it."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Bitmap:
    """Rows of dots, eight to a byte, leftmost dot in the highest bit, 1 = black."""

    width: int
    """Dots across; the last byte of a row is filled up with white."""
    rows: NDArray[np.uint8]
    """Shape (height, ceil(width / 8))."""

    def __post_init__(self) -> None:
        """Hold that the rows have the width they claim."""
        assert self.rows.ndim == 2
        assert self.rows.shape[1] == (self.width + 7) // 8

    @property
    def height(self) -> int:
        """Dots down."""
        return int(self.rows.shape[0])

    @classmethod
    def from_dots(cls, dots: NDArray[np.bool_]) -> Bitmap:
        """Return the picture of a (height, width) array, True = black."""
        return cls(int(dots.shape[1]), np.packbits(dots, axis=1))

    @classmethod
    def blank(cls, width: int, height: int) -> Bitmap:
        """Return white paper."""
        return cls(width, np.zeros((height, (width + 7) // 8), dtype=np.uint8))

    def dots(self) -> NDArray[np.bool_]:
        """Return a (height, width) array, True = black."""
        return np.unpackbits(self.rows, axis=1, count=self.width).astype(np.bool_)

    def same_as(self, other: Bitmap) -> bool:
        """Whether both show the same dots."""
        return self.width == other.width and bool(np.array_equal(self.rows, other.rows))

    def png(self, *, dots_per_mm: int = 8, margin: int = 0) -> bytes:
        """Return a 1-bit PNG, the same bytes for the same dots.

        Args:
            dots_per_mm: Kept in the file, so that a viewer can show the real size.
            margin: White dots added on every side, for looking at or decoding a cropped picture.
        """
        dots = np.pad(self.dots(), margin) if margin else self.dots()
        white = np.packbits(~dots, axis=1)
        lines = np.zeros((white.shape[0], white.shape[1] + 1), dtype=np.uint8)
        lines[:, 1:] = white
        per_metre = dots_per_mm * 1000
        header = struct.pack(">IIBBBBB", dots.shape[1], dots.shape[0], 1, 0, 0, 0, 0)
        return b"".join(
            (
                b"\x89PNG\r\n\x1a\n",
                _chunk(b"IHDR", header),
                _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
                _chunk(b"IDAT", zlib.compress(lines.tobytes(), 6)),
                _chunk(b"IEND", b""),
            )
        )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def stack(bitmaps: list[Bitmap], width: int) -> Bitmap:
    """Return pictures below one another on paper of the given width.

    Narrower ones keep to the left; a wider one is a fault of the caller.
    """
    height = sum(bitmap.height for bitmap in bitmaps)
    paper = Bitmap.blank(width, height)
    top = 0
    for bitmap in bitmaps:
        assert bitmap.width <= width
        paper.rows[top : top + bitmap.height, : bitmap.rows.shape[1]] = bitmap.rows
        top += bitmap.height
    return paper
