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
    """Between two labels; 0 on a roll."""


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

    def dots(self, length_mm: float) -> int:
        """Return a length in whole dots.

        Counted from dots per mm, never from 203 dpi: 100 mm are 800 dots, not 799.
        """
        return round(length_mm * self.dots_per_mm)


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
