"""Labels that are pictures: decoded, read and cut into labels. Runs in the limited child."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packstation.errors import ImportFileError
from packstation.exchange import label_limits, label_places
from packstation.exchange.label_limits import LabelPaper
from packstation.exchange.label_places import Area
from packstation.exchange.label_sheets import (
    DARK,
    LOOK_DOTS,
    ReadLabel,
    check_size,
    cut_sheet,
    finished,
    ink_mm,
    laid,
    place_of,
    read_codes,
)

_LEAST_DPI = 150
"""Lower figures in a picture are a screen's and say nothing about its size."""


class PictureSource:
    """A PNG or JPEG file: one label, or a sheet of them."""

    kind = "png"
    pages = 1

    def __init__(self, content: bytes, name: str, paper: LabelPaper | None) -> None:
        """Decode it.

        Raises:
            ImportFileError: It is damaged, or has more dots than any label.
        """
        self._name = name
        self._grey, self._dots = _decoded(content, name, paper)

    def labels(self, paper: LabelPaper | None) -> Iterator[tuple[int, list[ReadLabel]]]:
        """Yield the picture's labels."""
        grey, dots = self._grey, self._dots
        height, width = (side / dots for side in grey.shape)
        check_size(self._name, 1, width, height)
        codes = read_codes(grey)
        parts = cut_sheet(grey < DARK, codes, dots, paper)
        found = []
        for left, top, wide, high in parts or [(0, 0, grey.shape[1], grey.shape[0])]:
            cut = np.ascontiguousarray(grey[top : top + high, left : left + wide])
            drawn = draw_picture(cut, dots, paper)
            content = _png(cut, dots)
            seen = read_codes(cut) if parts else codes
            size, ink = (wide / dots, high / dots), ink_mm(cut < DARK, dots)
            found.append(finished("png", content, *size, seen, drawn, paper, ink))
        yield 1, found

    def whole(self, paper: LabelPaper | None) -> tuple[NDArray[np.bool_] | None, float, float]:
        """Return the picture on paper, None where it does not fit, and its size in mm."""
        height, width = (side / self._dots for side in self._grey.shape)
        return draw_picture(self._grey, self._dots, paper), width, height

    def sheet(self, dots_per_mm: float) -> NDArray[np.uint8]:
        """Return the picture in grey with so many dots per mm."""
        height, width = (
            max(1, round(side / self._dots * dots_per_mm)) for side in self._grey.shape
        )
        return resized(self._grey, width, height)


def resized(grey: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Return a picture with other dots: smaller ones are means, larger ones are in between."""
    if (height, width) == grey.shape:
        return grey
    from PIL import Image

    how = Image.Resampling.BOX if width < grey.shape[1] else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(grey).resize((width, height), how))


def draw_picture(
    grey: NDArray[np.uint8], dots: float, paper: LabelPaper | None
) -> NDArray[np.bool_] | None:
    """Return a picture as dark dots on paper; None where it does not fit."""
    height, width = (side / dots for side in grey.shape)
    whole = Area(0, 0, width, height)
    if paper is None:
        return grey < DARK
    place = place_of(grey < DARK, whole, dots, paper)
    if place is None:
        return None
    size = tuple(max(1, round(side * paper.dots_per_mm * place.scale)) for side in (width, height))
    grey = resized(grey, size[0], size[1])
    return laid(grey < DARK, whole, paper.dots_per_mm, paper, place)


def _decoded(
    content: bytes, name: str, paper: LabelPaper | None
) -> tuple[NDArray[np.uint8], float]:
    """Return a picture in grey, and its dots per mm."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
    try:
        picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
        if picture.width * picture.height > label_limits.MOST_DOTS:
            raise label_limits.too_large(name)
        dpi = picture.info.get("dpi", (0, 0))
        picture.load()
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
        white = Image.new("RGBA", upright.size, "white")
        grey = np.array(Image.alpha_composite(white, upright).convert("L"), dtype=np.uint8)
    except ImportFileError:
        raise
    except Exception as error:
        if isinstance(error, MemoryError):
            raise
        raise label_limits.damaged(name) from error
    return grey, _dots_of(grey, dpi, paper)


def _dots_of(grey: NDArray[np.uint8], dpi: Any, paper: LabelPaper | None) -> float:
    """Return dots per mm: as the picture says, else as the paper would have it, else 8."""
    across = float(dpi[0])
    if across >= _LEAST_DPI and abs(float(dpi[1]) / across - 1) < 0.02:
        return float(LOOK_DOTS) if 202 <= across <= 204 else across / 25.4
    height, width = grey.shape
    if paper is not None:
        for wide, high in ((paper.width, paper.height), (paper.height, paper.width)):
            if abs(width * high / (height * wide) - 1) <= label_places.SAME_SHAPE:
                return float(width / wide * paper.dots_per_mm)
    return LOOK_DOTS


def _png(grey: NDArray[np.uint8], dots: float) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    per_inch = dots * 25.4
    Image.fromarray(grey).save(stream, "PNG", dpi=(per_inch, per_inch), compress_level=6)
    return stream.getvalue()
