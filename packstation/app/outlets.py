"""The printers of this station with their rooms, built from settings, changed while it runs.

One printer has one room, however many kinds of paper it prints: the order of jobs is the order
of sheets.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from packstation.core.status import PaperKind
from packstation.devices.addresses import Address, Line, parse_address
from packstation.devices.letterhead import Letterhead
from packstation.devices.lines import open_line
from packstation.devices.paper_printer import Layouts, StationPrinter
from packstation.errors import ComposeError, DataFileError
from packstation.ports import (
    BagJob,
    LabelJob,
    Outlet,
    PageContent,
    PaperJob,
    PaperPrinter,
    PrinterState,
    PrinterStatus,
    ReceiptJob,
    SlipJob,
)
from packstation.printing.bag_label import BAG_VALUES
from packstation.printing.bitmap import Bitmap
from packstation.printing.label_template import LabelTemplate, layout_for, load_template
from packstation.printing.media import Media, PrinterProfile, Tuning, load_printer, stock_of
from packstation.printing.waybill_label import WAYBILL_VALUES
from packstation.runtime.rooms import Room
from packstation.settings import VIRTUAL, PrinterSetup, Settings

LABEL_FOLDER = "virtual-label-printer"
RECEIPT_FOLDER = "virtual-receipt-printer"
LABEL_MODEL, RECEIPT_MODEL = "virtual-tspl", "virtual-escpos"
"""Models where none is set: of label printers, and of those that only print receipts."""
VIRTUAL_RECEIPTS = "virtual-receipt"
"""Key of the virtual receipt printer where ``virtual`` stands for the label printer too."""
CLOSE_S = 10.0
"""Longest wait for one printer's room at the end."""


@dataclass(slots=True, eq=False)
class Look:
    """The newest look at a printer; one at a time, however often somebody asks."""

    under_way: threading.Lock = field(default_factory=threading.Lock)
    """Held from the asking until the printer has answered."""
    said: PrinterStatus = field(default_factory=lambda: PrinterStatus(PrinterState.UNKNOWN))
    """Its last answer."""


@dataclass(frozen=True, slots=True)
class Station:
    """One printer as it is set up, with its room."""

    key: str
    setup: PrinterSetup
    room: Room
    printer: PaperPrinter
    stock: Media
    """The paper in it."""
    look: Look = field(default_factory=Look, compare=False)

    @property
    def outlet(self) -> Outlet:
        """As the runner sees it."""
        return Outlet(self.key, self.room, self.printer)


class StationOutlets:
    """Which printer prints what; satisfies the port ``Outlets``; from any thread."""

    def __init__(
        self,
        settings: Settings,
        *,
        data: Path,
        resources: Path,
        letterhead: Callable[[], Letterhead],
    ) -> None:
        """Open the rooms of the label printer and the receipt printer; others when they are used.

        Raises:
            DataFileError: A printer that is set up cannot be: address, model, stock or layout.
        """
        self._data = data
        self._resources = resources
        self._letterhead = letterhead
        self._lock = threading.Lock()
        self._settings = settings
        self._open: dict[str, Station] = {}
        self._rooms: dict[str, Room] = {}  # by address: two printers on one line take turns
        for key in keys_in_use(settings):
            parse_address(setup_of(settings, key).address)
        try:
            for key in (label_key(settings), receipt_key(settings)):
                self.outlet(key)
        except BaseException:
            self.close()
            raise
        label = self._open[label_key(settings)]
        if isinstance(label.printer, StationPrinter):
            label.room.submit(label.printer.warm_up)

    def for_paper(self, paper: PaperJob) -> Outlet:
        """Return the printer for a job.

        Raises:
            ComposeError: ``print.no_printer``: the one that is set for it cannot be used.
        """
        key = key_for(self._settings, paper)
        try:
            return self.outlet(key)
        except DataFileError as error:
            raise ComposeError(
                "print.no_printer",
                f"The printer {key} cannot be used: {error.message}",
                fix=error.fix,
                printer=key,
            ) from error

    def outlet(self, key: str) -> Outlet:
        """Return a printer by its key; its room is opened where it is not.

        Raises:
            DataFileError: Address, model, stock or layout are wrong.
        """
        return self.station(key).outlet

    def station(self, key: str) -> Station:
        """Return a printer of our own kind by its key."""
        with self._lock:
            found = self._open.get(key)
            if found is None:
                found = self._made(key)
                self._open[key] = found
            return found

    def change(self, settings: Settings) -> None:
        """Take other settings: what was changed is built anew when it is next used.

        What an old printer was given it finishes, before a new one on its line begins.
        """
        with self._lock:
            old, self._settings = self._settings, settings
            for key, station in list(self._open.items()):
                changed = setup_of(settings, key) != station.setup
                if changed or settings.templates != old.templates:
                    del self._open[key]

    def close(self) -> None:
        """Let every printer finish, then end the rooms."""
        with self._lock:
            rooms = list(self._rooms.values())
        for room in rooms:
            room.close(timeout_s=CLOSE_S)

    def _made(self, key: str) -> Station:
        setup = setup_of(self._settings, key)
        address, profile, stock = parts_of(setup, self._resources)
        printer: PaperPrinter
        if address.line is Line.COMPONENT:
            printer = self._component(address)
        else:
            printer = StationPrinter(
                open_line(address, profile, self._data / folder_of(key)),
                profile=profile,
                stock=stock,
                name=setup.name or key,
                letterhead=self._letterhead,
                layouts=self._layouts(stock),
                draw_page=draw_page,
                tuning=tuning_of(setup),
            )
        line = f"{VIRTUAL} {key}" if address.line is Line.VIRTUAL else setup.address
        room = self._rooms.get(line)
        if room is None:
            room = self._rooms[line] = Room(f"printer {key}")
        return Station(key, setup, room, printer, stock)

    def _component(self, address: Address) -> PaperPrinter:
        from packstation.devices.component_printer import ComponentPrinter
        from packstation.printing.component_files import load_component

        kind = address.option("kind", "none")
        profile = load_component(self._resources / "components", kind)
        return ComponentPrinter(address.host, address.port, address.path, profile)

    def _layouts(self, stock: Media) -> Layouts:
        if stock.height_mm is None:
            return Layouts()
        return Layouts(
            waybill=self._usual("waybill", WAYBILL_VALUES, stock),
            by_carrier={
                carrier: self._layout(key, WAYBILL_VALUES, stock)
                for carrier, key in self._settings.templates.items()
            },
            bag=self._usual("bag", BAG_VALUES, stock),
        )

    def _usual(self, family: str, values: frozenset[str], stock: Media) -> LabelTemplate | None:
        """Return the layout that fills the stock best; None = there is none for it."""
        try:
            key = layout_for(self._resources, family, stock)
        except ComposeError:
            return None
        return self._layout(key, values, stock)

    def _layout(self, key: str, values: frozenset[str], stock: Media) -> LabelTemplate | None:
        try:
            return load_template(self._resources, key, values, stock=stock)
        except ComposeError:
            return None


def draw_page(page: PageContent, dots_per_mm: int, width: int, height: int) -> Bitmap:
    """Return a page of a label file as it comes on paper: drawn ahead, else drawn now.

    It is made smaller only where a person agreed to that for its file.
    """
    from packstation.exchange import page_drawing
    from packstation.exchange.label_limits import LabelPaper

    paper = LabelPaper(dots_per_mm, width, height)
    ahead = page.dots_key == paper.key or (page.fitted and page.dots_key == paper.fitted_key)
    if page.dots and ahead:
        return page_drawing.unpacked(page.dots, page.dots_key)
    return page_drawing.draw_page(
        page.content,
        page.format,
        dots_per_mm,
        width,
        height,
        fitted=page.fitted,
        number=page.number,
    )


def label_key(settings: Settings) -> str:
    """Return the key of the label printer."""
    return settings.printers.label


def receipt_key(settings: Settings) -> str:
    """Return the key of the receipt printer."""
    key = settings.printers.receipt
    return VIRTUAL_RECEIPTS if key == VIRTUAL and VIRTUAL not in settings.printer_setups else key


def bag_key(settings: Settings) -> str:
    """Return the key of the printer for bag labels."""
    return settings.printers.bag or label_key(settings)


def slip_key(settings: Settings) -> str:
    """Return the key of the printer for slips, sheets and cards."""
    return settings.printers.slip or receipt_key(settings)


def pick_key(settings: Settings) -> str:
    """Return the key of the printer for pick lists."""
    return settings.printers.pick_list or label_key(settings)


def keys_in_use(settings: Settings) -> tuple[str, ...]:
    """Return every printer that something is set to be printed on, each once."""
    every = (label_key, receipt_key, bag_key, slip_key, pick_key)
    keys = [key_of(settings) for key_of in every]
    keys += [shop.printer for shop in settings.shops.values()]
    return tuple(dict.fromkeys(key for key in keys if key))


def key_for(settings: Settings, paper: PaperJob) -> str:
    """Return the key of the printer for a paper."""
    match paper:
        case LabelJob():
            return settings.shop(paper.order.shop).printer or label_key(settings)
        case BagJob():
            return bag_key(settings)
        case ReceiptJob():
            return receipt_key(settings)
        case SlipJob():
            if paper.printer:
                return paper.printer
            pick_list = paper.kind is PaperKind.PICK_LIST
            return pick_key(settings) if pick_list else slip_key(settings)


def setup_of(settings: Settings, key: str) -> PrinterSetup:
    """Return how a printer is set up, with the model that its use suggests where none is set."""
    setup = settings.printer(VIRTUAL if key == VIRTUAL_RECEIPTS else key)
    if setup.model:
        return setup
    labels = {label_key(settings), bag_key(settings), pick_key(settings)}
    labels |= {shop.printer for shop in settings.shops.values()}
    receipts = {receipt_key(settings), slip_key(settings)} - labels
    return replace(setup, model=RECEIPT_MODEL if key in receipts else LABEL_MODEL)


def parts_of(setup: PrinterSetup, resources: Path) -> tuple[Address, PrinterProfile, Media]:
    """Return address, model and stock of a printer.

    Raises:
        DataFileError: One of them is not known.
    """
    address = parse_address(setup.address)
    profile = load_printer(resources / "printers", setup.model)
    try:
        return address, profile, stock_of(resources / "media", setup.stock or profile.stock)
    except ComposeError as error:
        raise DataFileError(error.code, error.message, fix=error.fix, **error.facts) from error


def check(settings: Settings, key: str, resources: Path) -> str:
    """Look whether a printer of the settings can be used; return its address.

    Raises:
        DataFileError: Address, model or stock are wrong.
    """
    setup = setup_of(settings, key)
    parts_of(setup, resources)
    return setup.address


def tuning_of(setup: PrinterSetup) -> Tuning:
    """Return what was set for a printer beyond its model."""
    return Tuning(
        darkness=setup.darkness,
        speed_mm_s=setup.speed,
        offset_x_mm=setup.offset_x_mm,
        offset_y_mm=setup.offset_y_mm,
        cut=setup.cut,
        drawer=setup.drawer,
    )


def folder_of(key: str) -> str:
    """Return the folder in which a virtual printer keeps its jobs."""
    if key == VIRTUAL:
        return LABEL_FOLDER
    return RECEIPT_FOLDER if key == VIRTUAL_RECEIPTS else f"virtual-printer-{key}"
