"""Looks: colours, sizes and the Fusion palette, in one place; no style sheets.

Sizes are written for a 22 px base font at 1366x768 and grow with the window: ``px`` scales a
length by the font of a widget, ``resize_fonts`` sets the fonts of a whole window.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

BASE_PX = 22
"""Base font in pixels; lengths in the code are written for it."""
DESIGN = QSize(1366, 768)
"""Window for which BASE_PX is meant; smaller windows keep it."""
TARGET_PX = 52
"""Height of what a finger in a glove must hit."""

GROUND = QColor("#eef1f5")
SURFACE = QColor("#ffffff")
LINE = QColor("#d3dae3")
TEXT = QColor("#18212d")
MUTED = QColor("#556273")
FADED = QColor("#8b96a4")
ACCENT = QColor("#1f5fbf")
TOUCHED = QColor("#fff3cd")
STRIPE = QColor("#f6f8fa")
CHOSEN = QColor("#d6e5f8")
RAIL = QColor("#1b2735")
RAIL_TEXT = QColor("#c9d3df")

GREEN = QColor("#0b6e4f")
RED = QColor("#b3261e")
AMBER = QColor("#f2a900")
ORANGE = QColor("#9a5b00")
"""Amber that can be read as letters on white."""
SLATE = QColor("#3b4a5c")
BLUE = QColor("#1d4e89")

_FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)


def ink_on(ground: QColor) -> QColor:
    """Return black or white, whichever is read better on a ground (WCAG luminance)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)

    luminance = (
        0.2126 * linear(ground.redF())
        + 0.7152 * linear(ground.greenF())
        + 0.0722 * linear(ground.blueF())
    )
    return QColor("#111111") if luminance > 0.25 else QColor("#ffffff")


@lru_cache(maxsize=256)
def font(pixels: float, *, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the program's font in a size; shared, so never changed by who gets it."""
    made = QFont()
    made.setFamilies(list(_FAMILIES))
    made.setPixelSize(max(8, round(pixels)))
    made.setWeight(weight)
    return made


def palette() -> QPalette:
    """Return the light palette of the whole program."""
    made = QPalette(GROUND)
    active = (
        (QPalette.ColorRole.Window, GROUND),
        (QPalette.ColorRole.WindowText, TEXT),
        (QPalette.ColorRole.Base, SURFACE),
        (QPalette.ColorRole.AlternateBase, QColor("#f7f9fb")),
        (QPalette.ColorRole.Text, TEXT),
        (QPalette.ColorRole.Button, QColor("#e4e9ef")),
        (QPalette.ColorRole.ButtonText, TEXT),
        (QPalette.ColorRole.Highlight, ACCENT),
        (QPalette.ColorRole.HighlightedText, SURFACE),
        (QPalette.ColorRole.PlaceholderText, MUTED),
        (QPalette.ColorRole.ToolTipBase, SURFACE),
        (QPalette.ColorRole.ToolTipText, TEXT),
    )
    for role, colour in active:
        made.setColor(role, colour)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, FADED)
    return made


def dress(application: QApplication) -> None:
    """Give the application its style, palette and base font; called once."""
    application.setStyle(QStyleFactory.create("Fusion"))
    application.setPalette(palette())
    application.setFont(font(BASE_PX))


def dress_application() -> None:
    """Dress the application that runs, unless it wears its clothes already."""
    application = QApplication.instance()
    assert isinstance(application, QApplication), "a window without an application"
    if application.font().pixelSize() != BASE_PX:
        dress(application)


def base_px_for(size: QSize) -> int:
    """Return the base font for a window, in steps so that a drag does not re-lay everything.

    >>> [base_px_for(QSize(w, h)) for w, h in ((1280, 720), (1920, 1080), (3840, 2160))]
    [22, 27, 60]
    """
    scale = min(size.width() / DESIGN.width(), size.height() / DESIGN.height())
    steps = int(min(max(scale, 1.0), 3.0) * 4)
    return BASE_PX * steps // 4


def px(widget: QWidget, length: float) -> int:
    """Return a length in pixels for the size that a widget's window has now."""
    window_font = widget.window().font().pixelSize()
    return round(length * (window_font if window_font > 0 else BASE_PX) / BASE_PX)


def sized(widget: QWidget, factor: float, *, bold: bool = False) -> None:
    """Give a widget a font of a multiple of the base; ``resize_fonts`` keeps it so."""
    widget.setProperty("factor", factor)
    widget.setProperty("bold", bold)
    weight = QFont.Weight.Bold if bold else QFont.Weight.Normal
    widget.setFont(font(BASE_PX * factor, weight=weight))


def resize_fonts(window: QWidget, base_px: int) -> None:
    """Set the fonts of a window and of everything in it."""
    window.setFont(font(base_px))
    children = cast("list[QWidget]", window.findChildren(QWidget))
    for child in children:
        factor = child.property("factor")
        if factor is not None:
            weight = QFont.Weight.Bold if child.property("bold") else QFont.Weight.Normal
            child.setFont(font(base_px * float(factor), weight=weight))


@lru_cache(maxsize=512)
def fitted(text: str, pixels: float, width: int, *, least: float, bold: bool = True) -> QFont:
    """Return the largest font up to ``pixels`` in which a text fits a width; ``least`` at least."""
    weight = QFont.Weight.Bold if bold else QFont.Weight.Normal
    made = font(pixels, weight=weight)
    needed = QFontMetrics(made).horizontalAdvance(text)
    if needed > width > 0:
        made = font(max(least, pixels * width / needed), weight=weight)
    return made
