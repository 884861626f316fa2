"""Pages of PDF files: drawn, read and cut into labels. Runs in the limited child.

Drawn at the print head's own dots without smoothing, so that every bar is whole dots wide.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packstation.exchange import label_limits
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
from packstation.printing.bitmap import Bitmap
from packstation.printing.code_reader import FoundCode

POINTS_MM = 25.4 / 72
_SHARPER = 2
"""Times as many dots for a second look at a page on which no code was found."""
_USER_UNIT = re.compile(rb"/Type\s*/Page\s*/UserUnit\s+([\d.]+)")
_PASSWORD = 4
"""PDFium's error code (fpdfview.h, FPDF_ERR_PASSWORD)."""


class PdfSource:
    """A PDF file, page by page."""

    kind = "pdf"

    def __init__(self, content: bytes, name: str) -> None:
        """Open it.

        Raises:
            ImportFileError: It is protected, damaged, or has too many pages or none.
        """
        import pypdfium2

        self._pdfium = pypdfium2
        self._name = name
        try:
            self._document = pypdfium2.PdfDocument(content)
            self.pages = len(self._document)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", 0) == _PASSWORD or "assword" in str(error):
                raise label_limits.encrypted(name) from error
            raise label_limits.damaged(name) from error
        if self.pages > label_limits.MOST_PAGES:
            raise label_limits.too_many_pages(name, self.pages)
        if not self.pages:
            raise label_limits.no_pages(name)

    def labels(self, paper: LabelPaper | None) -> Iterator[tuple[int, list[ReadLabel]]]:
        """Yield the number of each page with the labels on it."""
        for index in range(self.pages):
            try:
                single, scale_mm = self._alone(index)
                found = self._page(single, index + 1, scale_mm, paper)
            except (self._pdfium.PdfiumError, ValueError) as error:
                raise label_limits.damaged(self._name, index + 1) from error
            yield index + 1, found

    def whole(self, paper: LabelPaper | None) -> tuple[NDArray[np.bool_] | None, float, float]:
        """Return the first page on paper, None where it does not fit, and its size in mm.

        Raises:
            ImportFileError: It cannot be drawn.
        """
        try:
            single, unit_mm = self._alone(0)
            page = single[0]
            width, height = (side * unit_mm for side in page.get_size())
            check_size(self._name, 1, width, height)
            sheet = draw_pdf_page(page, unit_mm, paper.dots_per_mm if paper else LOOK_DOTS)
            return self._drawn(page, unit_mm, sheet, paper), width, height
        except self._pdfium.PdfiumError as error:
            raise label_limits.damaged(self._name) from error

    def sheet(self, dots_per_mm: float) -> NDArray[np.uint8]:
        """Return the first page in grey with so many dots per mm.

        Raises:
            ImportFileError: It cannot be drawn.
        """
        try:
            single, unit_mm = self._alone(0)
            return draw_pdf_page(single[0], unit_mm, dots_per_mm)
        except self._pdfium.PdfiumError as error:
            raise label_limits.damaged(self._name) from error

    def _alone(self, index: int) -> tuple[Any, float]:
        """Return a document of one page, without scripts and attachments, and mm of its units."""
        single = self._pdfium.PdfDocument.new()
        single.import_pages(self._document, [index])
        unit = _USER_UNIT.search(_saved(single))
        return single, POINTS_MM * (float(unit[1]) if unit else 1.0)

    def _page(
        self, single: Any, number: int, unit_mm: float, paper: LabelPaper | None
    ) -> list[ReadLabel]:
        page = single[0]
        width, height = (side * unit_mm for side in page.get_size())
        check_size(self._name, number, width, height)
        dots = paper.dots_per_mm if paper else LOOK_DOTS
        sheet = draw_pdf_page(page, unit_mm, dots)
        codes = read_codes(sheet)
        if not codes and bool((sheet < DARK).any()):
            codes = read_codes(draw_pdf_page(page, unit_mm, dots * _SHARPER))
        parts = cut_sheet(sheet < DARK, codes, dots, paper)
        if not parts:
            content = _saved(single)
            drawn = self._drawn(page, unit_mm, sheet, paper)
            ink = ink_mm(sheet < DARK, dots)
            return [self._label(page, unit_mm, content, width, height, codes, drawn, paper, ink)]
        box = _box(page)
        labels = []
        for part in parts:
            left, top, wide, high = part
            view = Area(left / dots, top / dots, wide / dots, high / dots)
            page.set_cropbox(*_cropped(box, page.get_rotation(), view, unit_mm))
            cut = sheet[top : top + high, left : left + wide]
            drawn = laid(cut < DARK, Area(0, 0, view.width, view.height), dots, paper)
            content = _saved(single)
            size, ink = (view.width, view.height), ink_mm(cut < DARK, dots)
            labels.append(
                self._label(page, unit_mm, content, *size, read_codes(cut), drawn, paper, ink)
            )
        return labels

    def _drawn(
        self, page: Any, unit_mm: float, sheet: NDArray[np.uint8], paper: LabelPaper | None
    ) -> NDArray[np.bool_] | None:
        width, height = (side * unit_mm for side in page.get_size())
        whole = Area(0, 0, width, height)
        dots = paper.dots_per_mm if paper else LOOK_DOTS
        dark = sheet < DARK
        place = place_of(dark, whole, dots, paper)
        if paper is not None and place is not None and place.scale != 1:
            dark = draw_pdf_page(page, unit_mm, dots, place.scale) < DARK
        return laid(dark, whole, dots, paper, place)

    def _label(
        self,
        page: Any,
        unit_mm: float,
        content: bytes,
        width: float,
        height: float,
        codes: list[FoundCode],
        drawn: NDArray[np.bool_] | None,
        paper: LabelPaper | None,
        ink: tuple[float, ...],
    ) -> ReadLabel:
        kind = "pdf"
        if len(content) > label_limits.PAGE_BYTES:
            fine = draw_pdf_page(page, unit_mm, label_limits.FINE) < DARK
            kind, content = "png", Bitmap.from_dots(fine).png(dots_per_mm=label_limits.FINE)
        return finished(kind, content, width, height, codes, drawn, paper, ink)


def draw_pdf_page(
    page: Any, unit_mm: float, dots_per_mm: float, scale: float = 1.0
) -> NDArray[np.uint8]:
    """Return a page in grey, 0 = black; every dot is black or white but in pictures.

    Drawn through a matrix: the simpler call stretches the page to whole dots, and with it each bar.
    """
    import pypdfium2
    from pypdfium2 import raw

    width, height = page.get_size()
    most = label_limits.MOST_DOTS / max(1.0, width * height)
    zoom = min(dots_per_mm * unit_mm * scale, most**0.5)
    across, down = (max(1, round(side * zoom)) for side in (width, height))
    drawn = pypdfium2.PdfBitmap.new_native(across, down, raw.FPDFBitmap_Gray)
    drawn.fill_rect((255, 255, 255, 255), 0, 0, across, down)
    raw.FPDF_RenderPageBitmapWithMatrix(
        drawn,
        page,
        raw.FS_MATRIX(zoom, 0, 0, zoom, 0, 0),
        raw.FS_RECTF(0, 0, across, down),
        raw.FPDF_ANNOT
        | raw.FPDF_GRAYSCALE
        | raw.FPDF_RENDER_NO_SMOOTHTEXT
        | raw.FPDF_RENDER_NO_SMOOTHPATH
        | raw.FPDF_RENDER_NO_SMOOTHIMAGE,
    )
    grey: NDArray[np.uint8] = np.array(drawn.to_numpy(), dtype=np.uint8).reshape(down, across)
    drawn.close()
    return grey


def _saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _box(page: Any) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top of what is seen of a page, in its own units."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    return (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )


def _cropped(
    box: tuple[float, float, float, float], turned: int, view: Area, unit_mm: float
) -> tuple[float, float, float, float]:
    """Return the crop box of a part that is seen at ``view`` once the page is turned."""
    left, bottom, right, top = box
    x0, y0 = view.left / unit_mm, view.top / unit_mm
    x1, y1 = x0 + view.width / unit_mm, y0 + view.height / unit_mm
    match turned:
        case 90:
            return left + y0, bottom + x0, left + y1, bottom + x1
        case 180:
            return right - x1, bottom + y0, right - x0, bottom + y1
        case 270:
            return right - y1, top - x1, right - y0, top - x0
        case _:
            return left + x0, top - y1, left + x1, top - y0
