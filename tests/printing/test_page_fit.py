"""Pages of label files on paper: never squeezed, another shape only when a person agreed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.errors import ComposeError
from packstation.printing.bitmap import Bitmap
from packstation.printing.media import stock_of
from packstation.printing.page_fit import fit, fit_inside, lay, lay_dots
from tests.printing.paper import RESOURCES

LABEL = stock_of(RESOURCES / "media", "100x150")
ROLL = stock_of(RESOURCES / "media", "receipt-80")


@pytest.mark.parametrize(("width", "height"), [(100, 150), (101.6, 152.4), (99, 148.6)])
def test_a_page_of_the_papers_shape_is_drawn_at_the_papers_dots(
    width: float, height: float
) -> None:
    place = fit(width, height, LABEL, 8)
    assert (place.draw_width, place.draw_height, place.left, place.top) == (800, 1200, 0, 0)
    assert (place.scale, place.turned, place.bars_at_risk) == (1, False, False)
    bitmap = Bitmap.from_dots(np.eye(1200, 800, dtype=np.bool_))
    assert lay(bitmap, place) is bitmap


@pytest.mark.parametrize(
    ("width", "height"), [(100, 180), (76, 130), (210, 297), (150, 100), (50, 75), (200, 300)]
)
def test_another_shape_or_size_is_refused_with_both_sizes(width: float, height: float) -> None:
    with pytest.raises(ComposeError, match="and the paper 100 x 150 mm") as refusal:
        fit(width, height, LABEL, 8)
    assert refusal.value.code == "print.other_shape"
    assert f"{width:g} x {height:g} mm" in refusal.value.message


def test_a_smaller_page_is_centred_in_its_own_size_when_a_person_agreed() -> None:
    place = fit(76, 130, LABEL, 8, confirmed=True)
    assert (place.draw_width, place.draw_height) == (608, 1040)
    assert (place.left, place.top, place.scale) == (96, 80, 1)
    page = Bitmap.from_dots(np.ones((1040, 608), dtype=np.bool_))
    paper = lay(page, place).dots()
    assert paper.shape == (1200, 800)
    assert paper.sum() == 608 * 1040
    assert paper[80:1120, 96:704].all()


def test_a_larger_page_is_made_smaller_and_its_bars_are_warned_of() -> None:
    place = fit(100, 180, LABEL, 8, confirmed=True)
    assert place.scale == pytest.approx(150 / 180)
    assert (place.draw_width, place.draw_height) == (667, 1200)
    assert place.bars_at_risk, "0.25 mm bars become 1.67 dots"
    assert not fit(100, 180, LABEL, 8, confirmed=True, module_mm=0.5).bars_at_risk
    assert not fit(100, 180, LABEL, 12, confirmed=True).bars_at_risk


def test_a_page_that_lies_on_its_side_is_turned_not_squeezed() -> None:
    place = fit(150, 100, LABEL, 8, confirmed=True)
    assert (place.turned, place.scale) == (True, 1)
    assert (place.draw_width, place.draw_height) == (1200, 800)
    dots = np.zeros((800, 1200), dtype=np.bool_)
    dots[0, 0] = True
    paper = lay(Bitmap.from_dots(dots), place).dots()
    assert paper.shape == (1200, 800)
    assert paper[0, 799], "its left upper corner is on the right now"


def test_a_page_drawn_with_other_dots_is_refused() -> None:
    with pytest.raises(ComposeError, match="799 x 1200 dots where 800 x 1200 are needed"):
        lay(Bitmap.blank(799, 1200), fit(100, 150, LABEL, 8))


def test_on_a_roll_a_page_keeps_its_length() -> None:
    place = fit(60, 90, ROLL, 8)
    assert (place.left, place.paper_width, place.paper_height) == (48, 576, 720)
    assert lay(Bitmap.blank(480, 720), place).width == 576
    with pytest.raises(ComposeError, match="the paper 72 mm"):
        fit(100, 150, ROLL, 8)
    place = fit(100, 150, ROLL, 8, confirmed=True)
    assert (place.draw_width, place.draw_height, place.bars_at_risk) == (576, 864, True)


def test_dots_of_a_picture_are_never_stretched() -> None:
    # 4 x 6 inches at 203 dpi: 812 x 1218 dots, its ink 800 wide.
    dots = np.zeros((1218, 812), dtype=np.bool_)
    dots[9:1209:2, 6:806:3] = True
    page = Bitmap.from_dots(dots)
    paper = lay_dots(page, LABEL, 8).dots()
    assert paper.shape == (1200, 800)
    assert paper.sum() == dots.sum()
    rows, columns = np.flatnonzero(dots.any(axis=1)), np.flatnonzero(dots.any(axis=0))
    ink = dots[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert np.array_equal(paper[: ink.shape[0], : ink.shape[1]], ink)


def test_a_picture_whose_ink_is_larger_than_the_paper_is_refused() -> None:
    page = Bitmap.from_dots(np.ones((1218, 812), dtype=np.bool_))
    with pytest.raises(ComposeError) as refusal:
        lay_dots(page, LABEL, 8)
    assert refusal.value.code == "print.other_shape"
    assert not lay_dots(Bitmap.blank(812, 1218), LABEL, 8).rows.any()


def test_a_picture_on_its_side_is_turned_when_a_person_agreed() -> None:
    dots = np.zeros((800, 1200), dtype=np.bool_)
    dots[0, :] = True
    paper = lay_dots(Bitmap.from_dots(dots), LABEL, 8, confirmed=True).dots()
    assert paper[:, 799].all()
    assert paper.sum() == 1200


@given(
    st.floats(15, 320), st.floats(15, 320), st.sampled_from([8, 12]), st.sampled_from([LABEL, ROLL])
)
def test_a_confirmed_page_always_lies_within_the_paper(
    width: float, height: float, dots: int, stock: object
) -> None:
    assert stock is LABEL or stock is ROLL
    place = fit(width, height, LABEL if stock is LABEL else ROLL, dots, confirmed=True)
    across, down = place.draw_width, place.draw_height
    if place.turned:
        across, down = down, across
    assert 0 <= place.left <= place.paper_width - across
    assert 0 <= place.top <= place.paper_height - down
    assert min(across, down) >= 1
    assert 0 < place.scale <= 1


@given(st.floats(20, 400), st.floats(20, 400), st.floats(0.1, 1.5), st.sampled_from([8, 12]))
def test_what_a_person_agreed_to_is_whole_on_the_paper_and_its_bars_are_whole_dots(
    width: float, height: float, module: float, dots: int
) -> None:
    place = fit_inside(width, height, LABEL, dots, module_mm=module)
    across, down = place.draw_width, place.draw_height
    if place.turned:
        across, down = down, across
    assert 0 <= place.left <= place.paper_width - across
    assert 0 <= place.top <= place.paper_height - down
    assert place.scale <= 1, "nothing is made larger"
    bar = module * place.scale * dots
    if place.scale < 1 and bar >= 2 - 0.05:
        assert not place.bars_at_risk
        assert abs(bar - round(bar)) < 0.05
    if place.scale < 1 and bar < 1.95:
        assert place.bars_at_risk
