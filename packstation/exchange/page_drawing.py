"""Draws one kept page of a label file again: for another printer, or to look at."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from packstation.errors import ComposeError, ImportFileError
from packstation.exchange import label_limits
from packstation.exchange.label_files import LabelChild
from packstation.exchange.label_limits import LabelPaper
from packstation.exchange.limited_child import LimitedChild
from packstation.ports import PageContent
from packstation.printing.bitmap import Bitmap

WALL_S = 20.0
"""Longest time for one page."""
LOOK_DOTS = 8
"""Dots per mm of a page that is only looked at."""
PAGES_A_CHILD = 50
"""Pages that one child draws: its processor time is limited."""
_NAME = "the label"


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page as it comes on paper."""

    bitmap: Bitmap
    fitted: bool = False
    """It was turned or made smaller, because a person agreed to that."""
    at_risk: bool = False
    """So much smaller that its narrowest bars may not be read by every scanner."""


def unpacked(dots: bytes, key: str) -> Bitmap:
    """Return a page that was drawn ahead; 2 ms.

    Args:
        dots: As ``PageContent.dots``.
        key: As ``PageContent.dots_key``.
    """
    width, height = (int(side) for side in key.split(":")[1].split("x"))
    rows = np.frombuffer(zlib.decompress(dots), dtype=np.uint8)
    return Bitmap(width, rows.reshape(height, (width + 7) // 8).copy())


def packed(bitmap: Bitmap) -> bytes:
    """Return a drawn page as ``PageContent.dots``."""
    return zlib.compress(bitmap.rows.tobytes(), 6)


def draw_page(
    content: bytes,
    kind: str,
    dots_per_mm: int,
    width: int,
    height: int,
    *,
    fitted: bool = False,
    number: str = "",
) -> Bitmap:
    """Return a page as it is printed on paper of a size; in a limited child, some 0.3 s.

    Args:
        content: As ``PageContent.content``.
        kind: As ``PageContent.format``.
        dots_per_mm: Of the print head.
        width: Of the paper, in dots.
        height: Of the paper, in dots.
        fitted: A person agreed that it is turned and made smaller where it must be.
        number: As ``PageContent.number``.

    Raises:
        ComposeError: ``labels.other_shape``: it fits the paper only squeezed or cut;
            ``labels.bars_lost``: fitted, its number could not be read any more;
            ``labels.drawn_by_printer`` for ZPL; or the page cannot be drawn.
    """
    paper = LabelPaper(dots_per_mm, width, height)
    return _one(content, kind, paper, fitted=fitted, number=number)


def look_at_page(content: bytes, kind: str) -> Bitmap:
    """Return a page in its own size; otherwise as ``draw_page``."""
    return _one(content, kind, None)


def fit_pages(
    pages: Sequence[Callable[[], PageContent]],
    paper: LabelPaper,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[PageContent, DrawnPage | ComposeError]]:
    """Yield pages as they come on paper once a person agrees to fit them, or why one does not.

    Args:
        pages: Read one after the other.
        paper: What they are printed on.
        cancelled: Asked several times a second, from another thread.

    Raises:
        ImportFileError: It was cancelled, or took too long.
    """
    for start in range(0, len(pages), PAGES_A_CHILD):
        some = pages[start : start + PAGES_A_CHILD]
        wall = WALL_S + len(some)
        with LabelChild("label_child", _NAME, cancelled=cancelled, wall_s=wall) as child:
            for read in some:
                page = read()
                drawn: DrawnPage | ComposeError
                try:
                    drawn = _asked(
                        child, page.content, page.format, paper, fitted=True, number=page.number
                    )
                except ImportFileError as error:
                    if error.code in ("labels.cancelled", "labels.too_slow"):
                        raise
                    drawn = _of_page(error)
                yield page, drawn


def _of_page(error: ImportFileError) -> ComposeError:
    return ComposeError(error.code, error.message, fix=error.fix, **error.facts)


def _one(
    content: bytes,
    kind: str,
    paper: LabelPaper | None,
    *,
    fitted: bool = False,
    number: str = "",
) -> Bitmap:
    if kind == "component":
        raise label_limits.drawn_by_component()
    if kind not in ("pdf", "png"):
        raise label_limits.drawn_by_printer()
    try:
        with LabelChild("label_child", _NAME, cancelled=None, wall_s=WALL_S) as child:
            return _asked(child, content, kind, paper, fitted=fitted, number=number).bitmap
    except ImportFileError as error:
        raise _of_page(error) from error


def _asked(
    child: LimitedChild,
    content: bytes,
    kind: str,
    paper: LabelPaper | None,
    *,
    fitted: bool,
    number: str,
) -> DrawnPage:
    text = base64.b64encode(content).decode("ascii")
    sizes = (paper.dots_per_mm, paper.width, paper.height) if paper else None
    job = {"name": _NAME, "draw": text, "kind": kind, "paper": sizes}
    child.tell({**job, "fitted": fitted, "number": number})
    answer = child.hear()
    rows = np.frombuffer(child.read(answer["dots"]), dtype=np.uint8)
    width, height = answer["width"], answer["height"]
    bitmap = Bitmap(width, rows.reshape(height, (width + 7) // 8).copy())
    return DrawnPage(bitmap, bool(answer["fitted"]), bool(answer["at_risk"]))


def drawn_here(
    content: bytes,
    kind: str,
    paper: LabelPaper | None,
    *,
    fitted: bool = False,
    number: str = "",
) -> DrawnPage:
    """Return a page drawn in this very process; for the limited child.

    Raises:
        ImportFileError: It cannot be read.
        ComposeError: ``labels.other_shape``, or ``labels.bars_lost``.
    """
    from packstation.exchange.label_pdf import PdfSource
    from packstation.exchange.label_pictures import PictureSource
    from packstation.exchange.page_fitting import fitted_page

    pdf = kind == "pdf"
    source = PdfSource(content, _NAME) if pdf else PictureSource(content, _NAME, paper)
    dark, width, height = source.whole(paper)
    if dark is None:
        assert paper is not None, "without paper every page fits"
        if fitted:
            made = fitted_page(source.sheet, width, height, paper, number)
            return DrawnPage(made.bitmap, fitted=True, at_risk=made.at_risk)
        dots = paper.dots_per_mm
        raise label_limits.other_shape(width, height, paper.width / dots, paper.height / dots)
    return DrawnPage(Bitmap.from_dots(dark))
