"""ZPL drawn by a renderer not written here (zpl-renderer-js): its dots are the preview's own.

The renderer is a Node package; installer/test.sh puts it into tests/node_modules.
"""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from packstation.devices.language_readers import read_picture
from packstation.printing.bitmap import Bitmap
from packstation.printing.languages import encode
from packstation.printing.media import Media, PrinterProfile, Tuning, load_printer, stock_of
from packstation.printing.raster import ensure_gui_application, rasterize
from packstation.printing.test_label import Trial, compose_calibration, compose_trial
from packstation.printing.waybill_label import compose
from packstation.printing.words import words_for
from tests.printing.paper import RESOURCES, WAYBILL, waybill_setup

SCRIPT = Path(__file__).with_name("zpl_renderer.mjs")
RENDERER = Path(__file__).parents[1] / "node_modules" / "zpl-renderer-js"
MODELS = ("zebra-zpl-203", "zpl-acs-203", "zpl-hex-203", "zebra-zpl-300")
"""Z64, repeat counts, plain digits, and finer dots."""


def drawn(jobs: list[dict[str, object]]) -> list[list[NDArray[np.bool_]]]:
    """The labels of each job as the renderer draws them; it starts once, which takes seconds."""
    ready = shutil.which("node") is not None and RENDERER.is_dir()
    assert ready, "Node or zpl-renderer-js is missing: run sh installer/test.sh --setup"
    ran = subprocess.run(
        ["node", str(SCRIPT)],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    return [
        [
            np.asarray(Image.open(io.BytesIO(base64.b64decode(picture))).convert("L")) < 128
            for picture in pictures
        ]
        for pictures in json.loads(ran.stdout)
    ]


def waybill(stock: Media, model: PrinterProfile) -> Bitmap:
    setup = waybill_setup(f"waybill-{stock.key}")
    return rasterize(compose(WAYBILL, setup.template, words_for("zh")), model.dots_per_mm)


def trial(stock: Media, model: PrinterProfile) -> Bitmap:
    tried = Trial("PSTEST20250304", "打包台 1", model, stock, Tuning())
    return rasterize(compose_trial(tried), model.dots_per_mm)


def calibration(stock: Media, model: PrinterProfile) -> Bitmap:
    tried = Trial("PSTEST20250304", "打包台 1", model, stock, Tuning())
    return rasterize(compose_calibration(tried), model.dots_per_mm)


def noise(stock: Media, model: PrinterProfile) -> Bitmap:
    size = (model.dots(stock.height_mm or 0), model.dots(stock.width_mm))
    return Bitmap.from_dots(np.random.default_rng(11).random(size) < 0.3)


def black(stock: Media, model: PrinterProfile) -> Bitmap:
    size = (model.dots(stock.height_mm or 0), model.dots(stock.width_mm))
    return Bitmap.from_dots(np.ones(size, dtype=np.bool_))


def white(stock: Media, model: PrinterProfile) -> Bitmap:
    return Bitmap.blank(model.dots(stock.width_mm), model.dots(stock.height_mm or 0))


LABELS: list[tuple[str, Callable[[Media, PrinterProfile], Bitmap]]] = [
    ("100x150", waybill),
    ("76x130", waybill),
    ("100x180", trial),
    ("50x30", trial),
    ("60x40", calibration),
    ("33x47", noise),
    ("50x30", black),
    ("50x30", white),
]


def test_a_renderer_not_written_here_shows_the_previews_own_pixels() -> None:
    ensure_gui_application()
    jobs: list[dict[str, object]] = []
    wanted: list[tuple[str, Bitmap]] = []
    for key in MODELS:
        model = load_printer(RESOURCES / "printers", key)
        for size, draw in LABELS:
            stock = stock_of(RESOURCES / "media", size)
            bitmap = draw(stock, model)
            payload = encode(bitmap, stock, model, Tuning(darkness=60, speed_mm_s=100))
            assert read_picture(payload, model).same_as(bitmap), "the preview itself"
            jobs.append(
                {
                    "zpl": payload.decode("ascii"),
                    "width": stock.width_mm,
                    "height": stock.height_mm,
                    "dots": model.dots_per_mm,
                }
            )
            wanted.append((f"{key} {size} {draw.__name__}", bitmap))
    for (name, bitmap), pictures in zip(wanted, drawn(jobs), strict=True):
        assert len(pictures) == 1, name
        assert pictures[0].shape == (bitmap.height, bitmap.width), name
        assert int((pictures[0] != bitmap.dots()).sum()) == 0, name
