"""Pages of another shape than the paper: only once a person agreed, whole, and still readable."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from packstation.errors import ComposeError
from packstation.exchange import label_places, page_drawing
from packstation.exchange.label_limits import LabelPaper
from packstation.exchange.page_fitting import module_of, needed
from packstation.ports import PageContent
from packstation.printing.bitmap import Bitmap
from packstation.printing.code_reader import FoundCode, codes_in
from tests.exchange.made_labels import Code, Page, pdf, picture, saved
from tests.exchange.test_label_files import printed, read, seen

NUMBER = "YT8800000000001"
PAPER = LabelPaper(8, 800, 1200)


def framed(wide: float, high: float, *codes: Code) -> Page:
    """A page whose ink reaches to 3 mm of each edge."""
    line = 0.8
    blocks = (
        (3, 3, wide - 6, line),
        (3, high - 3 - line, wide - 6, line),
        (3, 3, line, high - 6),
        (wide - 3 - line, 3, line, high - 6),
    )
    return Page(wide, high, codes, blocks)


def content_of(folder: Path, page: Page) -> bytes:
    ((_, found),) = read(folder, pdf([page]))
    assert found.dots == b"", "it does not fit as it is"
    return found.content


def draw(content: bytes, *, fitted: bool, number: str = NUMBER, dots: int = 8) -> Bitmap:
    return page_drawing.draw_page(
        content, "pdf", dots, 100 * dots, 150 * dots, fitted=fitted, number=number
    )


def both(bitmap: Bitmap) -> list[str]:
    """What two readers say, which have to agree."""
    grey = np.where(bitmap.dots(), 0, 255).astype(np.uint8)
    texts = sorted(code.text for code in codes_in(grey))
    assert texts == seen(bitmap)
    return texts


def bars(bitmap: Bitmap, *, across: bool) -> NDArray[np.int64]:
    """Widths of the bars and gaps of the line with the most of them."""
    dots = bitmap.dots() if across else bitmap.dots().T
    edges = [np.flatnonzero(np.diff(line.astype(np.int8))) for line in dots]
    # Without the frame and the white beside it.
    return np.diff(max(edges, key=len))[3:-3]


SHAPES = [
    # A4 filled by one label; landscape; square; long: page, where its code is, turned
    (framed(210, 297, Code(NUMBER, 30, 60, 30, 0.75)), False),
    (framed(200, 120, Code(NUMBER, 20, 30)), True),
    (framed(140, 140, Code(NUMBER, 20, 30)), False),
    (framed(100, 190, Code(NUMBER, 10, 40)), False),
]


@pytest.mark.parametrize(("page", "turned"), SHAPES)
def test_it_is_refused_until_a_person_agreed_then_fitted_whole(
    tmp_path: Path, page: Page, turned: bool
) -> None:
    content = content_of(tmp_path, page)
    with pytest.raises(ComposeError) as refused:
        draw(content, fitted=False)
    assert refused.value.code == "labels.other_shape"
    assert f"{page.width:.0f} x {page.height:.0f} mm" in refused.value.message
    assert "100 x 150 mm" in refused.value.message
    bitmap = draw(content, fitted=True)
    assert (bitmap.width, bitmap.height) == (800, 1200)
    assert both(bitmap) == [NUMBER]
    ink = label_places.ink_of(bitmap.dots())
    assert ink is not None
    left, top, wide, high = ink
    assert abs(left - (800 - left - wide)) <= 3, "centred"
    assert abs(top - (1200 - top - high)) <= 3
    shape = (page.height - 6) / (page.width - 6) if turned else (page.width - 6) / (page.height - 6)
    assert wide / high == pytest.approx(shape, rel=0.02), "the whole frame, never stretched"


@pytest.mark.parametrize("dots", [8, 12])
@pytest.mark.parametrize(("page", "turned"), SHAPES)
def test_bars_are_whole_dots_wide_after_it(
    tmp_path: Path, page: Page, turned: bool, dots: int
) -> None:
    widths = bars(draw(content_of(tmp_path, page), fitted=True, dots=dots), across=not turned)
    narrow = int(widths.min())
    assert narrow >= 2
    assert set((widths % narrow).tolist()) == {0}


FITTING = [
    Page(210, 297, (Code(NUMBER, 60, 70),), ((60, 50, 90, 1), (60, 190, 90, 1))),
    framed(101.6, 152.4, Code(NUMBER, 10, 20)),
    framed(100, 100, Code(NUMBER, 10, 20)),
    framed(150, 100, Code(NUMBER, 10, 20)),
]


@pytest.mark.parametrize("page", FITTING)
def test_what_fits_needs_nobodys_word_and_is_not_made_smaller(tmp_path: Path, page: Page) -> None:
    ((_, found),) = read(tmp_path, pdf([page]))
    assert seen(printed(found)) == [NUMBER]
    assert label_places.fits((page.width, page.height), (found.ink[0], found.ink[1]), (100, 150))
    assert draw(found.content, fitted=True).rows.tobytes() == printed(found).rows.tobytes()


@pytest.mark.parametrize(("page", "turned"), SHAPES)
def test_the_ink_that_is_kept_says_the_same_as_drawing_it(
    tmp_path: Path, page: Page, turned: bool
) -> None:
    ((_, found),) = read(tmp_path, pdf([page]))
    assert not label_places.fits(
        (page.width, page.height), (found.ink[0], found.ink[1]), (100, 150)
    )
    assert turned == (page.width > page.height)


def test_a_page_whose_number_is_lost_is_refused_another_code_may_go(tmp_path: Path) -> None:
    tiny = Code(NUMBER, 30, 60, 20, 0.2)
    content = content_of(tmp_path, framed(210, 297, tiny, Code("ORDER5001", 30, 120, 20, 0.75)))
    with pytest.raises(ComposeError) as lost:
        draw(content, fitted=True)
    assert lost.value.code == "labels.bars_lost"
    assert draw(content, fitted=True, number="ORDER5001")
    with pytest.raises(ComposeError):
        draw(content, fitted=True, number="")


def test_a_page_without_a_code_cannot_be_proved_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ComposeError) as lost:
        draw(content_of(tmp_path, framed(140, 140)), fitted=True)
    assert lost.value.code == "labels.bars_lost"


def test_many_pages_are_fitted_one_refused_stops_none(tmp_path: Path) -> None:
    some = [
        framed(140, 140, Code(NUMBER, 20, 30)),
        framed(210, 297, Code(NUMBER, 30, 60, 20, 0.2)),
        framed(140, 140, Code(NUMBER, 20, 30, 20, 0.32)),
    ]
    pages = [
        PageContent(f"p{at}", "pdf", content_of(tmp_path, page), 0, 0, number=NUMBER)
        for at, page in enumerate(some)
    ]
    readers = [partial(iter((page,)).__next__) for page in pages]
    made = [one for _, one in page_drawing.fit_pages(readers, PAPER)]
    good, lost, thin = made
    assert isinstance(good, page_drawing.DrawnPage)
    assert (good.fitted, good.at_risk) == (True, False)
    assert both(good.bitmap) == [NUMBER]
    assert isinstance(lost, ComposeError)
    assert lost.code == "labels.bars_lost"
    assert isinstance(thin, page_drawing.DrawnPage)
    assert thin.at_risk, "its bars have 1.85 dots"
    assert both(thin.bitmap) == [NUMBER]


def test_a_picture_is_fitted_too(tmp_path: Path) -> None:
    grey = picture(1120, 1120, [(NUMBER, 200, 300)])
    grey[20:26, 20:-20] = 0
    grey[-26:-20, 20:-20] = 0
    ((_, found),) = read(tmp_path, saved(grey, "PNG", dpi=(203, 203)), "label.png")
    assert found.dots == b""
    bitmap = page_drawing.draw_page(found.content, "png", 8, 800, 1200, fitted=True, number=NUMBER)
    assert both(bitmap) == [NUMBER]


def test_the_narrowest_bar_is_measured_finer_than_a_dot() -> None:
    for module in (3, 4, 7):
        grey = picture(1200, 600, [(NUMBER, 100, 200)])
        grey = np.repeat(grey, module, axis=1)[:, ::3]
        (code,) = codes_in(np.ascontiguousarray(grey), labels=True)
        assert module_of(grey, code, 8) == pytest.approx(module / 8, rel=0.02)
        turned = np.ascontiguousarray(np.rot90(grey))
        (code,) = codes_in(turned, labels=True)
        assert module_of(turned, code, 8) == pytest.approx(module / 8, rel=0.02)


def test_which_codes_have_to_be_read_again() -> None:
    bar, other = FoundCode("YT 88", True, 0, 0), FoundCode("5001", True, 9, 0)
    square = FoundCode("url?n=YT88", False, 0, 0)
    assert needed([bar, other, square], "YT88") == [bar]
    assert needed([other, square], "YT88") == [square]
    assert needed([bar, other, square], "SF1") == [bar, other]
    assert needed([square], "") == [square]
    assert needed([], "YT88") == []
