"""Paper stock and printer models: data files, checked when they are loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packstation.errors import ComposeError
from packstation.printing.data_file import DataTable, read_data_file


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
    """Lowest, highest and usual step of darkness in its language; the last for showing."""
    speeds_mm_s: tuple[int, ...] = ()
    """Speeds that it knows, in millimetres a second, rising; empty = left to the printer.

    Where a language numbers its speeds (EPL from 1, CPCL from 0), in the order of the numbers.
    """
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

    def speed(self, tuning: Tuning) -> int | None:
        """Return the model's speed nearest to the one asked for; None = left to the printer."""
        if tuning.speed_mm_s is None or not self.speeds_mm_s:
            return None
        wanted = tuning.speed_mm_s
        return min(self.speeds_mm_s, key=lambda speed: abs(speed - wanted))

    def darkness_step(self, tuning: Tuning) -> int | None:
        """Return the darkness asked for as a step of the model's; None = left to the printer."""
        if tuning.darkness is None:
            return None
        lowest, highest, _ = self.darkness
        return lowest + round((highest - lowest) * min(100, max(0, tuning.darkness)) / 100)


@dataclass(frozen=True, slots=True)
class Tuning:
    """What a person set for one printer, beyond its model."""

    darkness: int | None = None
    """0 to 100 percent of what the model can; None = left as the printer has it."""
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


_OWN_SIZE = re.compile(
    r"(\d{2,3}(?:\.\d)?)\s?[xX×*]\s?(\d{2,3}(?:\.\d)?)(?:-(mark|continuous))?", re.ASCII
)
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]*")
_WIDTHS = (20, 220)
_HEIGHTS = (10, 500)
_CUTTING = frozenset({Language.TSPL, Language.ZPL, Language.ESCPOS})
"""Languages with a command that cuts after a job and stores nothing."""
_USUAL_EDGE_MM = {Sensing.GAP: 2.0, Sensing.MARK: 3.0, Sensing.CONTINUOUS: 0.0}


def load_media(folder: Path, key: str) -> Media:
    """Return one paper stock of ``resources/media``.

    Raises:
        DataFileError: File, key and line of what is wrong.
    """
    table = read_data_file(folder / f"{key}.toml")
    low, high = _HEIGHTS
    height_mm = table.number("height_mm", low=low, high=high) if table.has("height_mm") else None
    usual = Sensing.GAP if height_mm is not None else Sensing.CONTINUOUS
    media = Media(
        key=key,
        name=table.word("name"),
        width_mm=table.number("width_mm", low=_WIDTHS[0], high=_WIDTHS[1]),
        height_mm=height_mm,
        gap_mm=table.number("gap_mm", low=0, high=20, default=0),
        sensing=table.choice("sensing", Sensing, usual),
        roll=table.whole("roll", low=0, high=20_000, default=0),
    )
    table.finish()
    if (media.sensing is Sensing.CONTINUOUS) != (media.gap_mm == 0):
        raise table.fail("gap_mm", f"{media.gap_mm:g} does not go with {media.sensing.value}")
    if media.height_mm is None and media.sensing is not Sensing.CONTINUOUS:
        raise table.fail("sensing", "a roll without labels has no edges")
    return media


def load_stocks(folder: Path) -> tuple[Media, ...]:
    """Return every stock of ``resources/media``: labels by size, largest first, then rolls.

    Raises:
        DataFileError: File, key and line of what is wrong.
    """
    stocks = [load_media(folder, path.stem) for path in folder.glob("*.toml")]
    return tuple(
        sorted(
            stocks,
            key=lambda one: (one.height_mm is None, -one.width_mm * (one.height_mm or 1), one.key),
        )
    )


def stock_of(folder: Path, key: str) -> Media:
    """Return a stock by its file, or an own size written as ``70x100``.

    Own sizes are labels with a gap of 2 mm; ``70x100-mark`` has a black mark of 3 mm instead,
    ``70x100-continuous`` neither.

    Raises:
        ComposeError: ``print.unknown_stock``: neither a file nor a size that fits a printer.
        DataFileError: File, key and line of what is wrong.
    """
    if _KEY.fullmatch(key) and (folder / f"{key}.toml").is_file():
        return load_media(folder, key)
    size = _OWN_SIZE.fullmatch(key.strip())
    if size is not None:
        width, height = float(size[1]), float(size[2])
        fits = _WIDTHS[0] <= width <= _WIDTHS[1] and _HEIGHTS[0] <= height <= _HEIGHTS[1]
        if fits:
            sensing = Sensing(size[3]) if size[3] else Sensing.GAP
            own = f"{width:g}x{height:g}" + (f"-{size[3]}" if size[3] else "")
            name = f"{width:g} x {height:g} mm"
            return Media(own, name, width, height, _USUAL_EDGE_MM[sensing], sensing)
    raise ComposeError(
        "print.unknown_stock",
        f"{key!r} is no paper: it is not in the list, and no size between"
        f" {_WIDTHS[0]}x{_HEIGHTS[0]} and {_WIDTHS[1]}x{_HEIGHTS[1]} mm.",
        fix="Choose one of the list, or write the size in millimetres, for example 70x100.",
        stock=key,
    )


def load_printer(folder: Path, key: str) -> PrinterProfile:
    """Return one printer model of ``resources/printers``.

    Raises:
        DataFileError: File, key and line of what is wrong.
    """
    table = read_data_file(folder / f"{key}.toml")
    language = table.choice("language", Language)
    profile = PrinterProfile(
        key=key,
        name=table.word("name"),
        language=language,
        dots_per_mm=table.whole("dots_per_mm", low=6, high=24),
        head_dots=table.whole("head_dots", low=128, high=4096),
        seen_on=table.word("seen_on"),
        stock=table.word("stock", "receipt-80" if language is Language.ESCPOS else "100x150"),
        form=table.choice("form", RasterForm, _FORMS[language][0]),
        status=table.choice("status", StatusDialect, StatusDialect.NONE),
        darkness=_darkness(table),
        speeds_mm_s=table.wholes("speeds_mm_s", low=10, high=600),
        cutter=table.flag("cutter"),
        ids=table.words("ids"),
        max_rows=table.whole("max_rows", low=0, high=4096, default=0),
    )
    table.finish()
    _check_printer(table, profile)
    return profile


def load_printers(folder: Path) -> tuple[PrinterProfile, ...]:
    """Return every printer model of ``resources/printers``, by key.

    Raises:
        DataFileError: File, key and line of what is wrong.
    """
    return tuple(load_printer(folder, path.stem) for path in sorted(folder.glob("*.toml")))


_FORMS: dict[Language, tuple[RasterForm, ...]] = {
    Language.TSPL: (RasterForm.BANDS, RasterForm.FULL),
    Language.ESCPOS: (RasterForm.FULL,),
    Language.ZPL: (RasterForm.Z64, RasterForm.ACS, RasterForm.HEX),
    Language.EPL: (RasterForm.BANDS, RasterForm.FULL),
    Language.CPCL: (RasterForm.BANDS, RasterForm.FULL, RasterForm.HEX),
    Language.COMPONENT: (RasterForm.FULL,),
}
"""How each language can write rows; the first is the usual one."""


def _darkness(table: DataTable) -> tuple[int, int, int]:
    steps = table.wholes("darkness", low=0, high=200) or (0, 15, 8)
    if len(steps) != 3:
        raise table.fail("darkness", "write lowest, highest and usual step")
    return steps[0], steps[1], steps[2]


def _check_printer(table: DataTable, profile: PrinterProfile) -> None:
    """Refuse what is right one by one and wrong together."""
    if profile.head_dots % 8:
        raise table.fail("head_dots", f"{profile.head_dots} is not a multiple of 8")
    if profile.form not in _FORMS[profile.language]:
        raise table.fail("form", f"{profile.language.value} does not write rows as {profile.form}")
    lowest, highest, usual = profile.darkness
    if not lowest <= usual <= highest:
        raise table.fail("darkness", "write lowest, highest and usual step")
    if list(profile.speeds_mm_s) != sorted(set(profile.speeds_mm_s)):
        raise table.fail("speeds_mm_s", "write rising numbers")
    if profile.cutter and profile.language not in _CUTTING:
        raise table.fail("cutter", f"{profile.language.value} has no command that cuts")
    if profile.language is Language.CPCL and profile.dots_per_mm != 8:
        raise table.fail("dots_per_mm", "CPCL printers have 8")
    for pattern in profile.ids:
        try:
            re.compile(pattern)
        except re.error as error:
            raise table.fail("ids", f"{pattern!r} is no pattern: {error}") from error


def guess_model(device_id: str, profiles: Iterable[PrinterProfile]) -> str:
    """Return the key of the model that an IEEE 1284 id speaks for; empty = it says nothing.

    A model fits when each of its patterns is found; of several the one with most patterns, then
    with most text found. Two that fit equally well are no guess.

    Args:
        device_id: Such as ``MFG:TSC;CMD:TSPL2;MDL:TE200;CLS:PRINTER;``.
        profiles: Models to choose from; those without patterns are never chosen.
    """
    told = _told(device_id)
    scores: dict[tuple[int, int], list[str]] = {}
    for profile in profiles:
        found = [re.search(pattern, told, re.IGNORECASE) for pattern in profile.ids]
        hits = [hit for hit in found if hit is not None]
        if hits and len(hits) == len(found):
            score = (len(hits), sum(len(hit[0]) for hit in hits))
            scores.setdefault(score, []).append(profile.key)
    best = scores[max(scores)] if scores else []
    return best[0] if len(best) == 1 else ""


_LONG_NAMES = {"MANUFACTURER": "MFG", "MODEL": "MDL", "COMMAND SET": "CMD"}


def _told(device_id: str) -> str:
    """Return maker, commands and model of an id in one order, with their short names."""
    fields: dict[str, str] = {}
    for part in device_id.split(";"):
        name, _, value = part.partition(":")
        name = name.strip().upper()
        fields.setdefault(_LONG_NAMES.get(name, name), " ".join(value.split()))
    return ";".join(f"{name}:{fields.get(name, '')}" for name in ("MFG", "CMD", "MDL")) + ";"
