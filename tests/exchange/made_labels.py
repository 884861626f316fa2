"""Label files made by hand: PDF with vector bars, pictures, ZPL. Nothing in them is real."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from packstation.printing.barcodes import modules
from packstation.printing.document import Symbology

MM = 72 / 25.4


@dataclass(frozen=True)
class Code:
    """A Code 128 with its upper left corner in mm, and modules of half a millimetre."""

    text: str
    x: float
    y: float
    height: float = 15.0
    module: float = 0.375


@dataclass(frozen=True)
class Page:
    """A page in mm, its codes placed from the upper left corner as it lies in the file."""

    width: float = 100.0
    height: float = 150.0
    codes: Sequence[Code] = ()
    blocks: Sequence[tuple[float, float, float, float]] = ()
    rotate: int = 0
    unit: float = 1.0
    crop: tuple[float, float, float, float] | None = None
    extra: str = ""


def pdf(pages: Sequence[Page], *, catalog: str = "", trailer: str = "") -> bytes:
    """Return a PDF; ``catalog`` and ``trailer`` go into those dictionaries."""
    objects: list[bytes] = [b"", b""]
    kids = []
    for page in pages:
        content = zlib.compress(_drawn(page))
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream"
            % (len(content), content)
        )
        contents = len(objects)
        scale = MM / page.unit
        box = f"[0 0 {page.width * scale:.3f} {page.height * scale:.3f}]"
        more = f"/Rotate {page.rotate}" if page.rotate else ""
        if page.unit != 1:
            more += f" /UserUnit {page.unit}"
        if page.crop:
            x, y, wide, high = (side * scale for side in page.crop)
            bottom = page.height * scale - y - high
            more += f" /CropBox [{x:.3f} {bottom:.3f} {x + wide:.3f} {bottom + high:.3f}]"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox {box} /Contents {contents} 0 R"
            f" /Resources << >> {more} {page.extra} >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode()
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _file(objects, trailer)


def _drawn(page: Page) -> bytes:
    scale = MM / page.unit
    lines = [f"{scale:.6f} 0 0 {scale:.6f} 0 0 cm"]
    for code in page.codes:
        dark = modules(Symbology.CODE128, code.text).dark[0]
        bottom = page.height - code.y - code.height
        for index in np.flatnonzero(dark):
            x = code.x + int(index) * code.module
            lines.append(f"{x:.4f} {bottom:.4f} {code.module:.4f} {code.height:.4f} re")
        lines.append("f")
    for left, top, wide, high in page.blocks:
        lines.append(f"{left} {page.height - top - high} {wide} {high} re f")
    return "\n".join(lines).encode()


def _file(objects: Sequence[bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n".encode()
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def label(number: str, order: str = "", **more: object) -> Page:
    """Return a label of 100 x 150 mm with a tracking number, and an order number below."""
    codes = [Code(number, 10, 20)]
    if order:
        codes.append(Code(order, 10, 110, 8, 0.25))
    return Page(codes=tuple(codes), blocks=((5, 60, 90, 1),), **more)  # type: ignore[arg-type]


def picture(width: int, height: int, codes: Sequence[tuple[str, int, int]]) -> NDArray[np.uint8]:
    """Return a grey picture with codes at dots x, y, three dots a module."""
    grey = np.full((height, width), 255, dtype=np.uint8)
    for text, x, y in codes:
        bars = np.repeat(modules(Symbology.CODE128, text).dark[0], 3)
        grey[y : y + 120, x : x + len(bars)] = np.where(bars, 0, 255)
    return grey


def saved(grey: NDArray[np.uint8], kind: str = "PNG", **more: object) -> bytes:
    """Return a picture file."""
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, kind, **more)
    return stream.getvalue()


def zpl(number: str, *, width: int = 800, height: int = 1200, more: str = "") -> str:
    """Return one label in ZPL."""
    return (
        f"^XA^CI28^PW{width}^LL{height}{more}^FO80,160^BY3^BCN,120,N,N,N^FD{number}^FS"
        "^FO80,400^A0N,40,40^FDGoods^FS^XZ\n"
    )
