"""Draws one kept page of a label file again: for another printer, or to look at."""

from __future__ import annotations

import base64
import zlib

import numpy as np

from packstation.errors import ComposeError, ImportFileError
from packstation.exchange import label_limits
from packstation.exchange.label_files import LabelChild
from packstation.exchange.label_limits import LabelPaper
from packstation.printing.bitmap import Bitmap

WALL_S = 20.0
"""Longest time for one page."""
LOOK_DOTS = 8
"""Dots per mm of a page that is only looked at."""
_NAME = "the label"


def unpacked(dots: bytes, key: str) -> Bitmap:
    """Return a page that was drawn ahead; 2 ms.

    Args:
        dots: As ``PageContent.dots``.
        key: As ``PageContent.dots_key``.
    """
    width, height = (int(side) for side in key.partition(":")[2].split("x"))
    rows = np.frombuffer(zlib.decompress(dots), dtype=np.uint8)
    return Bitmap(width, rows.reshape(height, (width + 7) // 8).copy())


def draw_page(content: bytes, kind: str, dots_per_mm: int, width: int, height: int) -> Bitmap:
    """Return a page as it is printed on paper of a size; in a limited child, some 0.3 s.

    Args:
        content: As ``PageContent.content``.
        kind: As ``PageContent.format``.
        dots_per_mm: Of the print head.
        width: Of the paper, in dots.
        height: Of the paper, in dots.

    Raises:
        ComposeError: ``labels.other_shape``: it fits the paper only squeezed or cut;
            ``labels.drawn_by_printer`` for ZPL; or the page cannot be drawn.
    """
    return _drawn(content, kind, LabelPaper(dots_per_mm, width, height))


def look_at_page(content: bytes, kind: str) -> Bitmap:
    """Return a page in its own size; otherwise as ``draw_page``."""
    return _drawn(content, kind, None)


def _drawn(content: bytes, kind: str, paper: LabelPaper | None) -> Bitmap:
    if kind == "component":
        raise label_limits.drawn_by_component()
    if kind not in ("pdf", "png"):
        raise label_limits.drawn_by_printer()
    sizes = (paper.dots_per_mm, paper.width, paper.height) if paper else None
    try:
        with LabelChild("label_child", _NAME, cancelled=None, wall_s=WALL_S) as child:
            text = base64.b64encode(content).decode("ascii")
            child.tell({"name": _NAME, "draw": text, "kind": kind, "paper": sizes})
            answer = child.hear()
            rows = np.frombuffer(child.read(answer["dots"]), dtype=np.uint8)
    except ImportFileError as error:
        raise ComposeError(error.code, error.message, fix=error.fix, **error.facts) from error
    width, height = answer["width"], answer["height"]
    return Bitmap(width, rows.reshape(height, (width + 7) // 8).copy())


def drawn_here(content: bytes, kind: str, paper: LabelPaper | None) -> Bitmap:
    """Return a page drawn in this very process; for the limited child.

    Raises:
        ImportFileError: It cannot be read.
        ComposeError: ``labels.other_shape``.
    """
    from packstation.exchange.label_pdf import PdfSource
    from packstation.exchange.label_pictures import PictureSource

    pdf = kind == "pdf"
    source = PdfSource(content, _NAME) if pdf else PictureSource(content, _NAME, paper)
    dark, width, height = source.whole(paper)
    if dark is None:
        assert paper is not None, "without paper every page fits"
        dots = paper.dots_per_mm
        raise label_limits.other_shape(width, height, paper.width / dots, paper.height / dots)
    return Bitmap.from_dots(dark)
