"""The shipping label: what it says, what it refuses, what a printer makes of its bytes."""

from __future__ import annotations

import random
import threading
from dataclasses import replace

import numpy as np
import pytest

from packstation.devices.tspl_reader import read_tspl
from packstation.errors import ComposeError
from packstation.printing.bag_label import render_bag_label
from packstation.printing.bitmap import Bitmap
from packstation.printing.document import Text
from packstation.printing.raster import ensure_gui_application
from packstation.printing.waybill_label import (
    GoodsLine,
    Waybill,
    compose,
    render_waybill,
    tracking_groups,
    warm_up,
)
from packstation.printing.words import words_for
from tests.printing.paper import (
    BAG,
    WAYBILL,
    addressed_to,
    bag_setup,
    seen_by_zbar,
    seen_by_zxing,
    waybill_setup,
)

ZH, EN = words_for("zh"), words_for("en")
COMMANDS = {"SIZE", "GAP", "DIRECTION", "REFERENCE", "CLS", "BITMAP", "PRINT"}


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def drawn(waybill: Waybill) -> Bitmap:
    return render_waybill(waybill, waybill_setup(), ZH).bitmap


def ink(bitmap: Bitmap, x_mm: float, y_mm: float, width_mm: float, height_mm: float) -> float:
    """Return the share of black dots in a part of a label."""
    x, y, width, height = (round(value * 8) for value in (x_mm, y_mm, width_mm, height_mm))
    return float(bitmap.dots()[y : y + height, x : x + width].mean())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", ["waybill-100x150", "waybill-76x130"])
@pytest.mark.parametrize(
    ("tracking_number", "order_id"),
    [
        ("432542035598773", "1930679858170647"),
        ("JT0006968326954", "577123456789012345"),
        ("SF1420349064432", "260517-607198974342268"),
        ("JDVA11408814483", "7"),
    ],
)
def test_both_barcodes_are_read_back_by_both_decoders(
    language: str, template: str, tracking_number: str, order_id: str
) -> None:
    waybill = replace(WAYBILL, tracking_number=tracking_number, order_id=order_id)
    job = render_waybill(waybill, waybill_setup(template), words_for(language))
    printed = read_tspl(job.payload).labels[0]
    assert seen_by_zxing(printed.bitmap) == {tracking_number, order_id}
    assert seen_by_zbar(printed.bitmap) == {tracking_number, order_id}


def test_printer_draws_exactly_the_preview() -> None:
    job = render_waybill(WAYBILL, waybill_setup(), ZH)
    read = read_tspl(job.payload)
    assert len(read.labels) == 1
    assert read.labels[0].copies == 1
    assert (read.labels[0].width_mm, read.labels[0].height_mm) == (100, 150)
    assert (job.bitmap.width, job.bitmap.height) == (800, 1200)
    assert read.labels[0].bitmap.same_as(job.bitmap)


def test_same_waybill_gives_the_same_bytes_in_any_thread() -> None:
    jobs = [render_waybill(WAYBILL, waybill_setup(), ZH)]
    thread = threading.Thread(
        target=lambda: jobs.append(render_waybill(WAYBILL, waybill_setup(), ZH)), name="labels"
    )
    thread.start()
    thread.join(30)
    assert jobs[0].payload == jobs[1].payload
    assert jobs[0].digest == jobs[1].digest
    assert len(jobs[0].digest) == 64


def test_warm_up_prints_nothing_and_does_not_fail() -> None:
    warm_up(waybill_setup())


@pytest.mark.parametrize("name", ["㐂田", "𠮷野", "䶮龑", "區誠", "José Ñuñez", "Nguyễn Văn"])
def test_rare_names_are_printed(name: str) -> None:
    bitmap = drawn(addressed_to(name=name))
    assert ink(bitmap, 14, 54, 41, 9) > 0.02
    assert not bitmap.same_as(drawn(addressed_to(name="一")))


@pytest.mark.parametrize("field", ["name", "address", "phone"])
def test_missing_glyph_is_refused_and_named(field: str) -> None:
    with pytest.raises(ComposeError) as refusal:
        drawn(addressed_to(**{field: "A\U000e7fffB"}))
    assert refusal.value.code == "print.missing_glyph"
    assert "U+E7FFF" in refusal.value.message
    assert f"recipient {field}" in refusal.value.message


@pytest.mark.parametrize("char", ["\u202e", "\u200b", "\x1b", "\u2066", "\ufeff", "\u3164", "\x00"])
def test_invisible_characters_are_written_out(char: str) -> None:
    spelled = drawn(addressed_to(name=f"李[U+{ord(char):04X}]雷"))
    assert drawn(addressed_to(name=f"李{char}雷")).same_as(spelled)


def test_white_space_and_line_ends_do_not_change_an_address() -> None:
    assert drawn(addressed_to(address="a  b\r\n\tc\u3000d\u2028e")).same_as(
        drawn(addressed_to(address="a b c d e"))
    )


def test_long_address_shrinks_and_keeps_its_last_word() -> None:
    long = "广东省深圳市南山区科技园" * 9
    shorter, longer = drawn(addressed_to(address=long)), drawn(addressed_to(address=long + "终"))
    assert not shorter.same_as(longer)
    assert ink(longer, 12.5, 82, 60, 5) == 0


@pytest.mark.parametrize("address", ["长" * 400, "x" * 900])
def test_address_that_cannot_fit_is_refused_not_cut(address: str) -> None:
    with pytest.raises(ComposeError) as refusal:
        drawn(addressed_to(address=address))
    assert refusal.value.code == "print.does_not_fit"
    assert "recipient address" in refusal.value.message


def test_tracking_number_that_is_no_code_is_refused() -> None:
    for number in ("", "运单1", "A" * 60, "A" * 40, " A1"):
        with pytest.raises(ComposeError):
            drawn(replace(WAYBILL, tracking_number=number))


def test_goods_that_do_not_fit_end_in_an_ellipsis() -> None:
    many = tuple(GoodsLine(f"SKU-{n:05d}", 2) for n in range(200))
    assert ink(drawn(replace(WAYBILL, goods=many)), 4, 123, 60, 24) > 0.1


def test_copy_two_is_marked_and_the_original_is_not() -> None:
    original, reprint = drawn(WAYBILL), drawn(replace(WAYBILL, copy=2))
    assert ink(original, 2.5, 16.5, 41, 7) < 0.2
    assert ink(reprint, 2.5, 16.5, 41, 7) > 0.5
    texts = [
        element.text
        for element in compose(replace(WAYBILL, copy=3), waybill_setup().template, EN).elements
        if isinstance(element, Text)
    ]
    assert "补打 3 REPRINT" in texts


def test_tracking_barcode_has_wider_modules_and_quiet_zones() -> None:
    dots = drawn(WAYBILL).dots()
    big, small = dots[30 * 8, 24:776], dots[107 * 8, 24 : 71 * 8]
    for row, quiet, module in ((big, 40, 4), (small, 20, 2)):
        inked = np.flatnonzero(row)
        assert inked[0] >= quiet
        assert len(row) - inked[-1] > quiet
        edges = np.flatnonzero(np.diff(row.astype(np.int8)))
        assert np.all(np.diff(edges) % module == 0)


@pytest.mark.parametrize(
    "nasty",
    [
        "^XZ^XA^FO0,0",
        'A"\r\nPRINT 9,9\r\nCLS\r\n',
        "\x1b@\x1dV\x00",
        "\x10\x04\x01~JR",
        "區誠億^~\\",
        'BITMAP 0,0,1,1,0,\x00"',
        "SET COUNTER @0\r\n",
    ],
)
def test_no_text_becomes_a_command(nasty: str) -> None:
    waybill = replace(
        addressed_to(name=nasty[:20], address=nasty), shop=nasty, goods=(GoodsLine(nasty, 1),)
    )
    read = read_tspl(render_waybill(waybill, waybill_setup(), ZH).payload)
    assert set(read.commands) == COMMANDS
    assert read.commands.count("PRINT") == 1


def test_random_addresses_print_one_label_each() -> None:
    rng = random.Random(20250304)
    alphabet = "ABC xyz^~\\\"'\r\n\t\x1b\x00\x7f\x85區誠億龑㐂{}[],0123456789\u202e\u200d%@"
    for _ in range(40):
        address = "街" + "".join(rng.choice(alphabet) for _ in range(rng.randint(0, 20)))
        read = read_tspl(render_waybill(addressed_to(address=address), waybill_setup(), EN).payload)
        assert [label.copies for label in read.labels] == [1]


@pytest.mark.parametrize("copy", [1, 2])
def test_bag_label_reads_back(copy: int) -> None:
    job = render_bag_label(replace(BAG, copy=copy), bag_setup(), EN)
    printed = read_tspl(job.payload).labels[0].bitmap
    assert seen_by_zxing(printed) == {"PSBAG00000012"}
    assert seen_by_zbar(printed) == {"PSBAG00000012"}
    assert printed.same_as(job.bitmap)


def test_groups_of_four_are_for_reading_aloud() -> None:
    assert tracking_groups("123456789") == "1234 5678 9"
