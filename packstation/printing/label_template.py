"""Label templates: which value stands where on a label, as a data file in millimetres.

A file of ``resources/labels`` has tables ``[[text]]``, ``[[barcode]]``, ``[[line]]``,
``[[frame]]`` and ``[[block]]``. ``value`` names what is shown, ``when`` a value without which the
element is left out, ``unless`` one with which it is. There are no expressions and no paths in a
template: a foreign one can at worst look ugly (faults.md A25).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from packstation.errors import ComposeError
from packstation.printing.data_file import DataTable, read_data_file
from packstation.printing.document import (
    Align,
    Anchor,
    Barcode,
    Block,
    Box,
    Document,
    Element,
    Frame,
    Ink,
    Line,
    Overflow,
    Symbology,
    Text,
    Weight,
)
from packstation.printing.media import Media, PrinterProfile, load_media, load_printer


@dataclass(frozen=True, slots=True)
class Slot:
    """One element of a template, waiting for its value."""

    element: Element
    """With everything but its words."""
    value: str = ""
    """Name of the value shown; empty for lines, frames and blocks."""
    when: str = ""
    """Left out while this value is empty."""
    unless: str = ""
    """Left out while this value is not empty."""


@dataclass(frozen=True, slots=True)
class LabelTemplate:
    """One label layout."""

    key: str
    """File name without ending."""
    version: int
    """Grows with each change of the layout; the print journal may keep it."""
    media: Media
    """The paper it is made for."""
    slots: tuple[Slot, ...]
    """In the order of drawing."""


@dataclass(frozen=True, slots=True)
class LabelSetup:
    """Everything that decides how a label is drawn, loaded once and shared."""

    printer: PrinterProfile
    """Which printer, and how fine its dots are."""
    template: LabelTemplate
    """Which layout on which paper."""


def load_label_setup(
    resources: Path, *, template: str, values: frozenset[str], printer: str = "virtual-tspl"
) -> LabelSetup:
    """Return printer and template from the program's resources.

    Args:
        resources: Folder with ``media``, ``printers`` and ``labels``.
        template: Key of the layout.
        values: Names that the layout may show.
        printer: Key of the printer model.

    Raises:
        DataFileError: File, key and line of what is wrong.
    """
    return LabelSetup(
        load_printer(resources / "printers", printer), load_template(resources, template, values)
    )


def load_template(
    resources: Path, key: str, values: frozenset[str], *, stock: Media | None = None
) -> LabelTemplate:
    """Return one layout of ``resources/labels``, with its paper.

    Args:
        resources: Folder with ``media`` and ``labels``.
        key: Of the layout.
        values: Names that the layout may show.
        stock: Larger paper to draw it on, from the upper left corner; None = its own.

    Raises:
        DataFileError: File, key and line of what is wrong.
        ComposeError: ``print.no_layout``: the layout is larger than the stock.
    """
    table = read_data_file(resources / "labels" / f"{key}.toml")
    media = load_media(resources / "media", table.word("media"))
    if media.height_mm is None:
        raise table.fail("media", "a roll is no label")
    if stock is not None and not _fits(media, stock):
        raise _no_layout(key.partition("-")[0], stock)
    reader = _SlotReader(media.width_mm, media.height_mm, values)
    template = LabelTemplate(
        key=key,
        version=table.whole("version", low=1, high=9999),
        media=stock or media,
        # Blocks lie under texts, whatever their order in the file.
        slots=(
            *(reader.slot(item, reader.frame(item)) for item in table.tables("frame")),
            *(reader.slot(item, reader.line(item)) for item in table.tables("line")),
            *(reader.slot(item, Block(reader.box(item))) for item in table.tables("block")),
            *(reader.slot(item, reader.barcode(item)) for item in table.tables("barcode")),
            *(reader.slot(item, reader.text(item)) for item in table.tables("text")),
        ),
    )
    table.finish()
    return template


def layout_for(resources: Path, family: str, stock: Media) -> str:
    """Return the key of the layout that fills a stock best: the largest that is not cut off.

    Args:
        resources: Folder with ``media`` and ``labels``.
        family: ``waybill`` or ``bag``: layouts are named after what they show and their paper.
        stock: The paper in the printer.

    Raises:
        ComposeError: ``print.no_layout``: every layout is larger than the stock.
        DataFileError: File, key and line of what is wrong.
    """
    fitting: dict[str, float] = {}
    for path in sorted((resources / "labels").glob(f"{family}-*.toml")):
        media = load_media(resources / "media", read_data_file(path).word("media"))
        if media.height_mm is not None and _fits(media, stock):
            fitting[path.stem] = media.width_mm * media.height_mm
    if not fitting:
        raise _no_layout(family, stock)
    return max(fitting, key=lambda key: fitting[key])


def _fits(media: Media, stock: Media) -> bool:
    if media.height_mm is None or stock.height_mm is None:
        return False
    return media.width_mm <= stock.width_mm and media.height_mm <= stock.height_mm


def _no_layout(family: str, stock: Media) -> ComposeError:
    what = {"waybill": "shipping label", "bag": "bag label"}.get(family, family)
    return ComposeError(
        "print.no_layout",
        f"There is no layout of a {what} for {stock.name}: it would be cut off.",
        fix="Put larger paper in, or choose a printer with larger paper.",
        stock=stock.key,
        layout=family,
    )


def fill(template: LabelTemplate, values: Mapping[str, str]) -> Document:
    """Return the document of a label; texts with an empty value are left out."""
    assert template.media.height_mm is not None
    elements: list[Element] = []
    for slot in template.slots:
        if (slot.when and not values[slot.when]) or (slot.unless and values[slot.unless]):
            continue
        match slot.element:
            case Text():
                if values[slot.value]:
                    elements.append(replace(slot.element, text=values[slot.value]))
            case Barcode():
                elements.append(replace(slot.element, text=values[slot.value]))
            case other:
                elements.append(other)
    return Document(template.media.width_mm, template.media.height_mm, tuple(elements))


class _SlotReader:
    """Reads tables of a template; places must be on the paper, names must be known."""

    def __init__(self, width_mm: float, height_mm: float, values: frozenset[str]) -> None:
        self._width_mm = width_mm
        self._height_mm = height_mm
        self._values = values

    def slot(self, item: DataTable, element: Element) -> Slot:
        shows = isinstance(element, Text | Barcode)
        slot = Slot(
            element=element,
            value=self._name(item, "value") if shows else "",
            when=self._name(item, "when") if item.has("when") else "",
            unless=self._name(item, "unless") if item.has("unless") else "",
        )
        item.finish()
        return slot

    def _name(self, item: DataTable, key: str) -> str:
        name = item.word(key)
        if name not in self._values:
            raise item.fail(key, f"{name!r} is not a value of this label")
        return name

    def box(self, item: DataTable) -> Box:
        x = item.number("x", low=0, high=self._width_mm)
        y = item.number("y", low=0, high=self._height_mm)
        return Box(
            x,
            y,
            item.number("width", low=0.1, high=self._width_mm - x),
            item.number("height", low=0.1, high=self._height_mm - y),
        )

    def frame(self, item: DataTable) -> Frame:
        return Frame(self.box(item), item.number("thickness", low=0.1, high=3, default=0.25))

    def line(self, item: DataTable) -> Line:
        return Line(
            item.number("x1", low=0, high=self._width_mm),
            item.number("y1", low=0, high=self._height_mm),
            item.number("x2", low=0, high=self._width_mm),
            item.number("y2", low=0, high=self._height_mm),
            item.number("thickness", low=0.1, high=3, default=0.25),
            item.number("dash", low=0, high=10, default=0),
        )

    def barcode(self, item: DataTable) -> Barcode:
        return Barcode(
            item.choice("symbology", Symbology),
            "",
            self.box(item),
            module_mm=item.number("module", low=0.125, high=3),
            min_module_mm=item.number("min_module", low=0.125, high=3),
            align=item.choice("align", Align, Align.CENTRE),
            name=item.word("value").replace("_", " "),
            optional=item.flag("optional"),
        )

    def text(self, item: DataTable) -> Text:
        size = item.number("size", low=1, high=60)
        return Text(
            "",
            self.box(item),
            size_mm=size,
            min_size_mm=item.number("min_size", low=1, high=size, default=size),
            weight=item.choice("weight", Weight, Weight.NORMAL),
            align=item.choice("align", Align, Align.LEFT),
            anchor=item.choice("anchor", Anchor, Anchor.MIDDLE),
            ink=item.choice("ink", Ink, Ink.BLACK),
            max_lines=item.whole("max_lines", low=1, high=20, default=1),
            overflow=item.choice("overflow", Overflow, Overflow.REFUSE),
            name=item.word("value").replace("_", " "),
        )
