"""Paper stock and printer models: data files, checked when they are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packstation.printing.data_file import read_data_file


class Language(StrEnum):
    """What a printer understands."""

    TSPL = "tspl"
    """Label printers of the TSC family and its many relatives."""
    ESCPOS = "escpos"
    """Receipt printers."""
    ZPL = "zpl"
    """ZPL II: Zebra and many that follow it."""
    EPL = "epl"
    """EPL2: older small label printers."""
    CPCL = "cpcl"
    """CPCL: portable label printers."""
    COMPONENT = "component"
    """No printer's language: JSON documents for a platform's print component."""


class Sensing(StrEnum):
    """How a printer finds the edge of a label."""

    GAP = "gap"
    """Light through the gap between two labels."""
    MARK = "mark"
    """A black mark on the back."""
    CONTINUOUS = "continuous"
    """No edges: the length is counted."""


class StatusDialect(StrEnum):
    """How a printer is asked how it is; see ``devices.status_dialects``."""

    NONE = "none"
    """It cannot be asked."""
    PORT = "port"
    """The USB printer class's port status: paper, selected, error."""
    TSPL = "tspl"
    """``ESC ! ?``: one byte of bits."""
    ZPL = "zpl"
    """``~HS``: three lines."""
    EPL = "epl"
    """``^ee``: error codes."""
    ESCPOS = "escpos"
    """``DLE EOT 1…4``: a byte each."""


class RasterForm(StrEnum):
    """How rows of dots are written, where a language knows several ways."""

    BANDS = "bands"
    """Without blank rows and columns (TSPL, CPCL)."""
    FULL = "full"
    """Every dot (TSPL, EPL)."""
    Z64 = "z64"
    """Deflated, base 64 (ZPL)."""
    ACS = "acs"
    """Repeat counts (ZPL), for printers that do not know Z64."""
    HEX = "hex"
    """Two digits a byte (ZPL), for the oldest."""


@dataclass(frozen=True, slots=True)
class Media:
    """One kind of paper."""

    key: str
    """File name without ending, for example ``100x150``."""
    name: str
    """As a person calls it."""
    width_mm: float
    """Across the print head."""
    height_mm: float | None
    """Along the feed; None = a roll without labels."""
    gap_mm: float
    """Between two labels, or height of the black mark; 0 on a roll."""
    sensing: Sensing = Sensing.GAP
    """How its edges are found."""
    roll: int = 0
    """Labels on a usual roll; 0 = not known."""

    def same_shape(self, width_mm: float, height_mm: float) -> bool:
        """Whether a sheet of this size fits without being squeezed: within 2 % of the aspect."""
        if self.height_mm is None:
            return False
        return abs(self.width_mm * height_mm / (self.height_mm * width_mm) - 1) <= 0.02


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """One printer model."""

    key: str
    """File name without ending, for example ``virtual-tspl``."""
    name: str
    """As a person calls it."""
    language: Language
    """Chooses the encoder."""
    dots_per_mm: int
    """Whole on every thermal head: 8 (called 203 dpi) or 12 (300 dpi)."""
    head_dots: int
    """Dots across the print head, a multiple of 8."""
    seen_on: str
    """Where these facts were seen: a device with firmware, or a document with its date."""
    stock: str = "100x150"
    """Key of the paper that it is usually used with."""
    form: RasterForm = RasterForm.BANDS
    """How rows of dots are written."""
    status: StatusDialect = StatusDialect.NONE
    """How it is asked how it is."""
    darkness: tuple[int, int, int] = (0, 15, 8)
    """Lowest, highest and usual step of darkness in its language."""
    speeds_mm_s: tuple[int, ...] = ()
    """Speeds that it knows, in millimetres a second; empty = left to the printer."""
    cutter: bool = False
    """It has one."""
    ids: tuple[str, ...] = ()
    """Patterns (regular expressions, any case) of the IEEE 1284 id that speak for this model."""
    max_rows: int = 0
    """Rows in one raster command at most; 0 = any number."""

    def dots(self, length_mm: float) -> int:
        """Return a length in whole dots.

        Counted from dots per mm, never from 203 dpi: 100 mm are 800 dots, not 799.
        """
        return round(length_mm * self.dots_per_mm)


@dataclass(frozen=True, slots=True)
class Tuning:
    """What a person set for one printer, beyond its model."""

    darkness: int | None = None
    """0 to 100 percent of what the model can; None = the model's usual step."""
    speed_mm_s: int | None = None
    """The nearest speed that the model knows is taken; None = left to the printer."""
    offset_x_mm: float = 0.0
    """To the right."""
    offset_y_mm: float = 0.0
    """Down."""
    cut: bool = False
    """Cut after each paper; only where the model has a cutter."""
    drawer: bool = False
    """Open a cash drawer after a receipt (ESC/POS)."""


def load_media(folder: Path, key: str) -> Media:
    """Return one paper stock of ``resources/media``.

    Raises:
        DataFileError: File, key and line of what is wrong.
    """
    table = read_data_file(folder / f"{key}.toml")
    height_mm = table.number("height_mm", low=10, high=500) if table.has("height_mm") else None
    media = Media(
        key=key,
        name=table.word("name"),
        width_mm=table.number("width_mm", low=20, high=220),
        height_mm=height_mm,
        gap_mm=table.number("gap_mm", low=0, high=20, default=0),
    )
    table.finish()
    return media


def load_printer(folder: Path, key: str) -> PrinterProfile:
    """Return one printer model of ``resources/printers``.

    Raises:
        DataFileError: File, key and line of what is wrong.
    """
    table = read_data_file(folder / f"{key}.toml")
    profile = PrinterProfile(
        key=key,
        name=table.word("name"),
        language=table.choice("language", Language),
        dots_per_mm=table.whole("dots_per_mm", low=6, high=24),
        head_dots=table.whole("head_dots", low=128, high=4096),
        seen_on=table.word("seen_on"),
    )
    if profile.head_dots % 8:
        raise table.fail("head_dots", f"{profile.head_dots} is not a multiple of 8")
    table.finish()
    return profile
