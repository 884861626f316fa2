"""The strict readers against encoders that this project did not write, and against nonsense."""

from __future__ import annotations

import contextlib
import io
import random
import sys
import types

import numpy as np
import pytest
from escpos.printer import Dummy
from PIL import Image

from packstation.devices.escpos_reader import read_escpos
from packstation.devices.tspl_reader import read_tspl
from packstation.errors import DeviceError
from packstation.printing.raster import ensure_gui_application


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


def test_receipt_reader_agrees_with_python_escpos() -> None:
    printer = Dummy()
    printer.hw("INIT")
    printer.set(align="center", bold=True, custom_size=True, width=2, height=2)
    printer.text("HELLO\n")
    printer.set_with_default()
    printer.text("left 1\n\n")
    dots = np.random.default_rng(7).random((300, 64)) < 0.5
    printer.image(
        Image.fromarray(np.where(dots, 0, 255).astype(np.uint8)),
        impl="bitImageRaster",
        fragment_height=200,
    )
    printer.print_and_feed(6)
    printer.cut()
    printer.cashdraw(2)
    read = read_escpos(printer.output)
    assert [line.text for line in read.lines] == ["HELLO", "left 1", ""]
    first, second, _ = (line.style for line in read.lines)
    assert (first.align, first.bold, first.across, first.down) == (1, True, 2, 2)
    assert (second.align, second.bold, second.across, second.down) == (0, False, 1, 1)
    assert np.array_equal(np.vstack([raster.dots() for raster in read.rasters]), dots)
    assert (read.cuts, read.pulses) == (1, 1)
    assert read.bitmap(576).width == 576
    assert read.commands.count("ESC d") == 2, "a feed of its own, and the one before the cut"


@pytest.mark.parametrize(
    "payload",
    [
        b"no end of line",
        b"\x00",
        b"caf\xe9\n",
        b"\x10\x04\x01",
        b"\x1b*\x00\x01\x00a",
        b"\x1b",
        b"\x1bE",
        b"\x1bE\x07",
        b"\x1ba\x09",
        b"\x1bM\x01",
        b"\x1bp\x05\x00\x00",
        b"text\x1bd\x02",
        b"\x1dV\x42\x00",
        b"\x1d(L\x00",
        b"\x1dv0\x00\x01\x00\x02\x00a",
        b"\x1dv0\x00\x01\x00\xff\x00" + bytes(255),
        b"\x1dv0\x00\x00\x00\x01\x00",
        b"\x1dv1\x00\x01\x00\x01\x00a",
        b"x" * 49 + b"\n",
    ],
)
def test_receipt_reader_refuses_what_it_does_not_know(payload: bytes) -> None:
    with pytest.raises(DeviceError) as refusal:
        read_escpos(payload)
    assert refusal.value.code == "printer.not_understood"


def test_random_bytes_never_crash_a_reader() -> None:
    rng = random.Random(99)
    for _ in range(2000):
        junk = rng.randbytes(rng.randint(0, 60))
        for start in (b"", b"SIZE 10 mm,10 mm\r\nCLS\r\nBITMAP ", b"\x1dv0\x00", b"\x1b"):
            for read in (read_tspl, read_escpos):
                with contextlib.suppress(DeviceError):
                    read(start + junk)


@pytest.mark.filterwarnings("ignore")
def test_label_reader_agrees_with_labeljetty(monkeypatch: pytest.MonkeyPatch) -> None:
    # It asks Pillow for the private name of a type, which newer Pillows no longer give.
    names = types.ModuleType("PIL._typing")
    monkeypatch.setattr(names, "StrOrBytesPath", object, raising=False)
    monkeypatch.setitem(sys.modules, "PIL._typing", names)
    from labeljetty.printer.tspl import TSPLPrinter

    class Line:
        def __init__(self) -> None:
            self.bytes = bytearray()

        def send(self, data: str | bytes) -> None:
            self.bytes += data.encode("ascii") if isinstance(data, str) else data

    dots = np.random.default_rng(3).random((120, 160)) < 0.4
    png = io.BytesIO()
    Image.fromarray(np.where(dots, 0, 255).astype(np.uint8)).save(png, "PNG")
    png.seek(0)
    line = Line()
    theirs = TSPLPrinter(line, label_width_mm=100, label_height_mm=30)
    theirs.print_png(png, width=160, height=120, copies=2)
    label = read_tspl(bytes(line.bytes)).labels[0]
    assert (label.width_mm, label.height_mm, label.copies) == (100, 30, 2)
    assert np.array_equal(label.bitmap.dots()[:120, :160], dots)
    assert not label.bitmap.dots()[120:].any()
