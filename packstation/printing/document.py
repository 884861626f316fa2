"""A sheet of paper in millimetres: what stands where, before any printer is known.

Origin is the top left corner, x to the right, y down. Elements are drawn in order, so that a
block may lie under a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How heavy a text is."""

    NORMAL = "normal"
    """For reading."""
    BOLD = "bold"
    """For finding."""


class Face(StrEnum):
    """Which family of letters."""

    SANS = "sans"
    """For everything people read."""
    MONO = "mono"
    """Equal widths: a receipt printer's own font."""


class Align(StrEnum):
    """Where a text stands in the width of its box."""

    LEFT = "left"
    """At the left edge."""
    CENTRE = "centre"
    """In the middle."""
    RIGHT = "right"
    """At the right edge."""


class Anchor(StrEnum):
    """Where a text stands in the height of its box."""

    TOP = "top"
    """At the upper edge."""
    MIDDLE = "middle"
    """In the middle."""


class Ink(StrEnum):
    """What colour an element has; thermal paper knows two."""

    BLACK = "black"
    """Heated."""
    WHITE = "white"
    """Left out of a black block below it."""


class Overflow(StrEnum):
    """What happens to a text that does not fit its box."""

    REFUSE = "refuse"
    """Shrink to the smallest size allowed, then refuse: an address is never cut."""
    ELLIPSIS = "ellipsis"
    """Shrink, then end in an ellipsis: for what stands elsewhere in full."""


class Missing(StrEnum):
    """What happens to a character that no font of this computer can draw."""

    REFUSE = "refuse"
    """The document is refused and the character named: for names and addresses."""
    SPELL = "spell"
    """It is written as ``[U+1F600]``: for goods' titles."""


class Symbology(StrEnum):
    """Kinds of barcode that are drawn."""

    CODE128 = "code128"
    """Tracking, order and bag numbers."""
    EAN13 = "ean13"
    """Retail product codes with a valid check digit."""
    QR = "qr"
    """Digests."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle's place on the sheet."""

    x_mm: float
    """Left edge."""
    y_mm: float
    """Upper edge."""
    width_mm: float
    """To the right."""
    height_mm: float
    """Down."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words in a box."""

    text: str
    """As given; made safe when drawn."""
    box: Box
    """Nothing of it is drawn outside."""
    size_mm: float
    """Font size (em) wanted."""
    min_size_mm: float | None = None
    """Smallest font size still readable; None = ``size_mm``."""
    weight: Weight = Weight.NORMAL
    """Normal or bold."""
    face: Face = Face.SANS
    """Proportional or equal widths."""
    align: Align = Align.LEFT
    """Across."""
    anchor: Anchor = Anchor.TOP
    """Down."""
    ink: Ink = Ink.BLACK
    """White for words on a block."""
    max_lines: int = 1
    """1 = no wrapping; more lines only as far as the box is high."""
    overflow: Overflow = Overflow.REFUSE
    """When it does not fit."""
    missing: Missing = Missing.REFUSE
    """When a character has no glyph."""
    name: str = ""
    """What it is, for the sentence of a refusal, for example ``recipient address``."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight horizontal or vertical rule."""

    x1_mm: float
    """Start."""
    y1_mm: float
    """Start."""
    x2_mm: float
    """End."""
    y2_mm: float
    """End."""
    thickness_mm: float = 0.25
    """At least one dot is drawn."""
    dash_mm: float = 0.0
    """Length of dash and gap; 0 = solid."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The outline of a rectangle, drawn inside it."""

    box: Box
    """Outer edges."""
    thickness_mm: float = 0.25
    """At least one dot is drawn."""


@dataclass(frozen=True, slots=True)
class Block:
    """A filled black rectangle, for white words on it."""

    box: Box
    """Its edges."""


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode in the middle of its box, with its quiet zones inside the box."""

    symbology: Symbology
    """Which kind."""
    text: str
    """Exactly what a scanner will say."""
    box: Box
    """Bars take the whole height; a QR is square."""
    module_mm: float = 0.5
    """Widest module wanted."""
    min_module_mm: float = 0.25
    """Narrowest module that is still read safely."""
    align: Align = Align.CENTRE
    """Where it stands when the box is wider."""
    name: str = ""
    """What it is, for the sentence of a refusal."""
    optional: bool = False
    """Left out where it cannot be drawn, since its text stands beside it; else all is refused."""


Element = Text | Line | Frame | Block | Barcode
"""Whatever can stand on a sheet."""


@dataclass(frozen=True, slots=True)
class Document:
    """One sheet with its elements."""

    width_mm: float
    """Of the paper."""
    height_mm: float
    """Of the paper."""
    elements: tuple[Element, ...]
    """In the order of drawing."""
