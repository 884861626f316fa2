"""Slips: everything on paper that is not a waybill, as one small model without places.

A slip is a list of parts from top to bottom. ``slip_layout`` puts them on any paper: on a roll as
long as it must be, on labels page by page. It is drawn as dots only, so nothing becomes a command.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from packstation.printing.document import Align, Missing, Overflow, Symbology, Weight

if TYPE_CHECKING:
    from packstation.printing.bitmap import Bitmap
    from packstation.printing.media import Media, PrinterProfile


class Size(StrEnum):
    """How large words are; how many millimetres that is depends on the paper."""

    SMALL = "small"
    """For what is looked up, about 2.6 mm."""
    NORMAL = "normal"
    """For reading, about 3.25 mm."""
    LARGE = "large"
    """For finding, about 4.75 mm."""
    HUGE = "huge"
    """For reading from afar, about 7 mm."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words over the whole width; wrapped, then shrunk, then cut or refused."""

    text: str
    """Nothing is drawn for an empty one."""
    size: Size = Size.NORMAL
    weight: Weight = Weight.NORMAL
    align: Align = Align.LEFT
    lines: int = 3
    """Most lines."""
    overflow: Overflow = Overflow.ELLIPSIS
    missing: Missing = Missing.SPELL
    name: str = ""
    """What it is, for the sentence of a refusal."""


@dataclass(frozen=True, slots=True)
class Band:
    """Words in white on a black band."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A barcode with its text below it."""

    symbology: Symbology
    text: str
    """Exactly what a scanner will say."""
    caption: str = ""
    """Below the code; empty = none."""
    instead: str = ""
    """Stands there where no code has room; empty = the slip is refused."""
    square: bool = True
    """Where the paper is too narrow for bars, a QR of the same text may stand for them."""
    name: str = ""
    """What it is, for the sentence of a refusal."""


@dataclass(frozen=True, slots=True)
class WriteBox:
    """A box to tick or to write a number into, its caption below it."""

    caption: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A box to tick with words behind it; with a line to write on where ``line`` is set."""

    text: str
    line: bool = False


@dataclass(frozen=True, slots=True)
class WriteLine:
    """A name with a line to sign or write on."""

    name: str
    height_mm: float = 9.0
    """Room for the hand."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""

    thickness_mm: float = 0.25


@dataclass(frozen=True, slots=True)
class Space:
    """Nothing."""

    height_mm: float = 2.0


@dataclass(frozen=True, slots=True)
class Break:
    """A new page on labels; nothing on a roll."""


@dataclass(frozen=True, slots=True)
class Across:
    """Parts side by side, each with its share of the width; never parted by the end of a page."""

    cells: tuple[tuple[float, Part], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that stay together on one page, where one page can hold them."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows; never left alone at the foot of a page."""

    text: str
    size: Size = Size.LARGE
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: str
    """Empty over boxes to tick."""
    share: float
    """Of the width."""
    align: Align = Align.LEFT
    tick: bool = False
    """A box to tick stands in each row, whatever the cell says."""
    lines: int = 3
    """Most lines of a cell."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a heading, which is repeated on each page; no row is parted."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    """Each with a text for each column."""
    heavy: frozenset[int] = frozenset()
    """Rows in bold, counted from 0."""

    def __post_init__(self) -> None:
        """Hold what the caller has proved."""
        assert all(len(row) == len(self.columns) for row in self.rows)


Part = (
    Words
    | Band
    | Code
    | WriteBox
    | Tick
    | WriteLine
    | Rule
    | Space
    | Break
    | Across
    | Group
    | Heading
    | Table
)
"""Whatever can stand on a slip."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One paper."""

    name: str
    """What it is; stands at the foot of each page beside the page number."""
    page: str
    """Page number with ``{page}`` and ``{pages}``."""
    parts: tuple[Part, ...]
    """From top to bottom."""


def pair(name: str, value: str, *, share: float = 0.3) -> Part:
    """Return a name at the left and its value beside it, heavier."""
    return Across(
        ((share, Words(name, lines=2)), (1 - share, Words(value, weight=Weight.BOLD, lines=4)))
    )


def draw_slip(slip: Slip, stock: Media, printer: PrinterProfile) -> list[Bitmap]:
    """Return the pages of a slip, dot by dot; about 10 ms a page.

    On a roll it is one picture as wide as the roll and as long as needed; on labels each picture
    is as wide and high as the label, and carries its page number.

    Args:
        slip: What to draw.
        stock: The paper in the printer.
        printer: Its model, for its dots.

    Raises:
        ComposeError: A name has a character without a glyph, or a code or part has no room.
    """
    from packstation.printing.slip_layout import draw

    return draw(slip, stock, printer)
