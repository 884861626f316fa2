"""Label files: what is read of them, how they come on paper, and what is refused."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyzbar import pyzbar

from packstation.errors import ComposeError, ImportFileError
from packstation.exchange import label_limits, label_places, page_drawing
from packstation.exchange.label_files import open_labels
from packstation.exchange.label_limits import LabelPaper
from packstation.exchange.label_places import Area
from packstation.exchange.label_sheets import ReadLabel
from packstation.printing.bitmap import Bitmap
from packstation.printing.page_marks import MARK_MM, free_place
from tests.exchange.made_labels import Code, Page, label, pdf, picture, saved

PAPER = LabelPaper(8, 800, 1200)


def read(folder: Path, content: bytes, name: str = "labels.pdf") -> list[tuple[int, ReadLabel]]:
    path = folder / name
    path.write_bytes(content)
    with open_labels(path, PAPER) as opened:
        return list(opened.labels())


def seen(bitmap: Bitmap) -> list[str]:
    """What the other reader says of a bitmap."""
    grey = np.where(np.pad(bitmap.dots(), 20), 0, 255).astype(np.uint8)
    return sorted(found.data.decode() for found in pyzbar.decode(grey))


def printed(found: ReadLabel) -> Bitmap:
    return page_drawing.unpacked(found.dots, found.key)


def refusal(folder: Path, content: bytes, name: str = "labels.pdf") -> ImportFileError:
    with pytest.raises(ImportFileError) as caught:
        read(folder, content, name)
    assert name in caught.value.message
    return caught.value


def test_each_page_is_a_label_with_its_codes_and_its_dots(tmp_path: Path) -> None:
    found = read(tmp_path, pdf([label("YT8800000000001", "5001"), label("YT8800000000002")]))
    assert [number for number, _ in found] == [1, 2]
    first, second = (one for _, one in found)
    assert first.codes == ("YT8800000000001", "5001")
    assert (first.kind, first.width_mm, first.height_mm) == ("pdf", 100.0, 150.0)
    assert first.key == "8:800x1200"
    assert seen(printed(first)) == ["5001", "YT8800000000001"]
    assert seen(printed(second)) == ["YT8800000000002"]


def test_every_bar_is_whole_dots_wide(tmp_path: Path) -> None:
    ((_, found),) = read(tmp_path, pdf([Page(codes=(Code("YT8800000000001", 10, 20),))]))
    row = printed(found).dots()[200]
    edges = np.flatnonzero(np.diff(row.astype(np.int8)))
    widths = np.diff(edges)
    assert set((widths % 3).tolist()) == {0}, "0.375 mm are three dots"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_upright_on_the_paper(tmp_path: Path, turn: int) -> None:
    page = label("YT8800000000001")
    if turn in (90, 270):
        page = Page(150, 100, (Code("YT8800000000001", 10, 20),))
    ((_, found),) = read(tmp_path, pdf([Page(**{**page.__dict__, "rotate": turn})]))
    assert (round(found.width_mm), round(found.height_mm)) == (100, 150)
    assert "YT8800000000001" in found.codes
    assert seen(printed(found)) == ["YT8800000000001"]


def test_user_units_and_crop_boxes_count(tmp_path: Path) -> None:
    pages = [label("YT8800000000001", unit=2.0)]
    pages.append(
        Page(
            210,
            297,
            (Code("YT8800000000002", 60, 70),),
            ((0, 0, 210, 5),),
            crop=(50, 50, 100, 150),
        )
    )
    for _, found in read(tmp_path, pdf(pages)):
        assert (round(found.width_mm), round(found.height_mm)) == (100, 150)
        assert len(seen(printed(found))) == 1


def test_a_landscape_label_is_turned_onto_the_paper(tmp_path: Path) -> None:
    page = Page(150, 100, (Code("YT8800000000001", 10, 20),), ((2, 2, 146, 1), (2, 95, 146, 1)))
    ((_, found),) = read(tmp_path, pdf([page]))
    assert seen(printed(found)) == ["YT8800000000001"]
    ink = label_places.ink_of(printed(found).dots())
    assert ink is not None
    assert ink[3] > ink[2], "the long side goes along the feed"


def sheet(numbers: list[str], *, rotate: int = 0, gaps: bool = True) -> Page:
    """Four labels on A4, or fewer."""
    codes: list[Code] = []
    blocks: list[tuple[float, float, float, float]] = []
    for index, number in enumerate(numbers):
        x, y = 5 + 105 * (index % 2), 5 + 148.5 * (index // 2)
        codes.append(Code(number, x + 10, y + 20))
        blocks += [(x, y, 95, 1), (x, y + 130, 95, 1)]
    if not gaps:
        blocks.append((104.5, 5, 1, 280))
        blocks.append((5, 148, 200, 1))
    return Page(210, 297, codes, blocks, rotate=rotate)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_four_labels_on_a_sheet_are_four_labels(tmp_path: Path, rotate: int) -> None:
    numbers = [f"YT880000000000{n}" for n in range(4)]
    found = read(tmp_path, pdf([sheet(numbers, rotate=rotate)]))
    assert [page for page, _ in found] == [1, 1, 1, 1]
    assert sorted(code for _, one in found for code in one.codes) == numbers
    again = [page_drawing.draw_page(one.content, "pdf", 8, 800, 1200) for _, one in found[:2]]
    for (_, one), drawn in zip(found, again, strict=False):
        assert seen(drawn) == list(one.codes)


def test_a_sheet_with_three_labels_has_three(tmp_path: Path) -> None:
    numbers = [f"YT880000000000{n}" for n in range(3)]
    found = read(tmp_path, pdf([sheet(numbers)]))
    assert [list(one.codes) for _, one in found] == [[number] for number in numbers]


def test_a_sheet_without_blank_strips_stays_whole(tmp_path: Path) -> None:
    numbers = [f"YT880000000000{n}" for n in range(4)]
    ((_, found),) = read(tmp_path, pdf([sheet(numbers, gaps=False)]))
    assert sorted(found.codes) == numbers
    assert found.key == "", "it fits no label paper"


def test_one_label_with_two_codes_on_a_large_sheet_is_not_cut(tmp_path: Path) -> None:
    page = Page(
        210, 297, (Code("YT8800000000001", 10, 20), Code("5001", 10, 160, 8)), ((5, 5, 90, 1),)
    )
    found = read(tmp_path, pdf([page]))
    assert [len(one.codes) for _, one in found] == [2]


def test_a_label_in_the_corner_of_a_sheet_is_cut_out_in_its_own_size(tmp_path: Path) -> None:
    page = Page(210, 297, (Code("YT8800000000001", 10, 20),), ((5, 5, 90, 1), (5, 140, 90, 1)))
    ((_, found),) = read(tmp_path, pdf([page]))
    assert seen(printed(found)) == ["YT8800000000001"]


def test_blank_pages_are_told(tmp_path: Path) -> None:
    found = read(tmp_path, pdf([label("YT8800000000001"), Page()]))
    assert [one.blank for _, one in found] == [False, True]


def test_a_page_of_another_shape_is_read_and_not_squeezed(tmp_path: Path) -> None:
    page = Page(140, 140, (Code("YT8800000000001", 30, 60),), ((2, 2, 136, 1), (2, 136, 136, 1)))
    ((_, found),) = read(tmp_path, pdf([page]))
    assert (found.codes, found.dots) == (("YT8800000000001",), b"")
    with pytest.raises(ComposeError) as caught:
        page_drawing.draw_page(found.content, "pdf", 8, 800, 1200)
    assert caught.value.code == "labels.other_shape"


def test_another_printer_gets_the_same_label_at_its_own_dots(tmp_path: Path) -> None:
    ((_, found),) = read(tmp_path, pdf([label("YT8800000000001", "5001")]))
    fine = page_drawing.draw_page(found.content, "pdf", 12, 1200, 1800)
    assert (fine.width, fine.height) == (1200, 1800)
    assert seen(fine) == ["5001", "YT8800000000001"]
    assert seen(page_drawing.look_at_page(found.content, "pdf")) == ["5001", "YT8800000000001"]


@pytest.mark.parametrize(("kind", "code"), [("zpl", "printer"), ("component", "component")])
def test_what_others_draw_is_not_drawn_here(kind: str, code: str) -> None:
    for draw in (page_drawing.look_at_page, _on_paper):
        with pytest.raises(ComposeError) as caught:
            draw(b"^XA^XZ", kind)
        assert caught.value.code == f"labels.drawn_by_{code}"


def _on_paper(content: bytes, kind: str) -> Bitmap:
    return page_drawing.draw_page(content, kind, 8, 800, 1200)


def test_scripts_and_attachments_do_not_come_along(tmp_path: Path) -> None:
    hostile = pdf(
        [label("YT8800000000001", extra="/AA << /O << /S /JavaScript /JS (app.alert(1)) >> >>")],
        catalog="/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
        " /Names << /EmbeddedFiles << /Names [(x.exe) << /F (x.exe) >>] >> >>",
    )
    ((_, found),) = read(tmp_path, hostile)
    assert found.codes == ("YT8800000000001",)
    assert b"OpenAction" not in found.content
    assert b"EmbeddedFiles" not in found.content


# Pictures.


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_a_label(tmp_path: Path, kind: str) -> None:
    content = saved(picture(800, 1200, [("YT8800000000001", 100, 200)]), kind, dpi=(203, 203))
    ((_, found),) = read(tmp_path, content, f"label.{kind.lower()}")
    assert (found.kind, found.codes) == ("png", ("YT8800000000001",))
    assert (found.width_mm, found.height_mm) == (100, 150)
    assert seen(printed(found)) == ["YT8800000000001"]
    assert seen(page_drawing.draw_page(found.content, "png", 12, 1200, 1800)) == list(found.codes)


def test_a_picture_without_a_size_is_as_large_as_the_paper_it_fits(tmp_path: Path) -> None:
    content = saved(picture(1200, 1800, [("YT8800000000001", 100, 200)]))
    ((_, found),) = read(tmp_path, content, "label.png")
    assert (found.width_mm, found.height_mm) == (100, 150)
    assert seen(printed(found)) == ["YT8800000000001"]


# What is refused.


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"order,sku\n1,A\n").code == "labels.not_a_label_file"
    assert refusal(tmp_path, b"PK\x03\x04xxxx", "a.zip").code == "labels.not_a_label_file"
    assert refusal(tmp_path, b"").code == "labels.empty_file"
    assert refusal(tmp_path, b"\r\n \n").code == "labels.empty_file"


def test_the_ending_of_a_name_says_nothing(tmp_path: Path) -> None:
    ((_, found),) = read(tmp_path, pdf([label("YT8800000000001")]), "labels.png")
    assert found.kind == "pdf"


def test_a_protected_file_is_refused(tmp_path: Path) -> None:
    locked = pdf(
        [label("YT8800000000001")],
        trailer="/ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]"
        f" /Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <{'41' * 32}> /U <{'42' * 32}> >>",
    )
    assert refusal(tmp_path, locked).code == "labels.encrypted"


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    good = pdf([label("YT8800000000001")])
    assert refusal(tmp_path, b"%PDF-1.7\nnothing of the kind").code == "labels.damaged"
    assert refusal(tmp_path, saved(picture(80, 80, []))[:60], "a.png").code == "labels.damaged"
    assert refusal(tmp_path, b"^XA^FO1,1^FDx^FS", "a.zpl").code == "labels.damaged_page"
    assert refusal(tmp_path, good.replace(b"/Kids", b"/Sdik")).code in (
        "labels.no_pages",
        "labels.damaged",
        "labels.damaged_page",
    )


def test_a_file_without_a_label_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, pdf([])).code in ("labels.no_pages", "labels.damaged")
    assert refusal(tmp_path, b"^XA^PW800^XZ", "a.zpl").code == "labels.no_pages"


def test_huge_files_are_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, pdf([Page(5000, 150)]))
    assert (error.code, error.facts["width"]) == ("labels.too_large_page", 5000)
    error = refusal(tmp_path, pdf([Page()] * (label_limits.MOST_PAGES + 1)))
    assert (error.code, error.facts["pages"]) == ("labels.too_many_pages", 2001)
    path = tmp_path / "huge.pdf"
    with path.open("wb") as stream:
        stream.write(b"%PDF-1.7\n")
        stream.truncate(1 << 30)
    with pytest.raises(ImportFileError) as caught, open_labels(path, PAPER):
        pass
    assert caught.value.code == "labels.too_large"


def test_a_picture_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    from PIL import Image

    stream = tmp_path / "bomb.png"
    Image.new("1", (30_000, 30_000)).save(stream)
    assert refusal(tmp_path, stream.read_bytes(), "bomb.png").code == "labels.too_large"


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError) as caught, open_labels(tmp_path / "no.pdf", PAPER):
        pass
    assert caught.value.code == "labels.not_opened"


def test_reading_can_be_cancelled_between_pages(tmp_path: Path) -> None:
    path = tmp_path / "many.pdf"
    path.write_bytes(pdf([label(f"YT88000000{n:05d}") for n in range(200)]))
    stop, count = threading.Event(), 0
    with open_labels(path, PAPER, cancelled=stop.is_set) as opened:
        labels = opened.labels()
        next(labels)
        stop.set()
        with pytest.raises(ImportFileError) as caught:
            count = sum(1 for _ in labels)
    assert caught.value.code == "labels.cancelled"
    assert count < 200


def test_damaged_bytes_end_in_a_sentence_or_in_labels(tmp_path: Path) -> None:
    good = bytearray(pdf([label("YT8800000000001"), label("YT8800000000002")]))
    dice, codes = random.Random(7), []
    for _ in range(12):
        bad = bytearray(good)
        for _ in range(30):
            bad[dice.randrange(len(bad))] = dice.randrange(256)
        codes.append(_code_of(tmp_path, bytes(bad)))
    assert all(code.startswith("labels.") for code in codes)


def _code_of(folder: Path, content: bytes) -> str:
    try:
        read(folder, content)
    except ImportFileError as error:
        return error.code
    return "labels.read"


# Places.


def test_a_page_in_its_own_size_is_never_scaled() -> None:
    page, ink = Area(0, 0, 101.6, 152.4), Area(3, 3, 95, 145)
    found = label_places.fitting(page, ink, 100, 150)
    assert found is not None
    assert found.scale == 1
    found = label_places.fitting(page, Area(0, 0, 101.6, 152.4), 100, 150)
    assert found is not None
    assert round(found.scale, 3) == 0.984


@settings(max_examples=200)
@given(
    st.floats(20, 300),
    st.floats(20, 300),
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
)
def test_what_is_drawn_comes_onto_the_paper_whole(
    width: float, height: float, place: tuple[float, float, float, float]
) -> None:
    left, top = place[0] * width, place[1] * height
    ink = Area(left, top, place[2] * (width - left), place[3] * (height - top))
    found = label_places.fitting(Area(0, 0, width, height), ink, 100, 150)
    if found is None:
        return
    if found.turned:
        ink = Area(height - ink.top - ink.height, ink.left, ink.height, ink.width)
    x, y = found.left + ink.left * found.scale, found.top + ink.top * found.scale
    assert x >= -0.7
    assert y >= -0.7
    assert x + ink.width * found.scale <= 100.7
    assert y + ink.height * found.scale <= 150.7


def test_the_lowest_free_place_is_found_for_a_mark() -> None:
    dark = np.ones((1200, 800), dtype=np.bool_)
    assert free_place(dark, 8) == ()
    dark[80:160, 240:640] = False
    dark[800:880, 240:640] = False
    x, y, wide, high = free_place(dark, 8)
    assert (wide, high) == MARK_MM
    assert y == 101
    assert not dark[int(y * 8) : int((y + high) * 8), int(x * 8) : int((x + wide) * 8)].any()
    dark[840, 400] = True
    assert free_place(dark, 8)[1] == 11
