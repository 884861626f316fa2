"""Printers of the station: found, set up, chosen for a kind of paper, looked at.

For the command line and the window alike. Nothing here is for the GUI thread: looking at a
printer takes up to a second, saving settings one disk write.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from packstation.app.house import SETTINGS
from packstation.app.outlets import (
    LABEL_MODEL,
    RECEIPT_MODEL,
    Station,
    StationOutlets,
    bag_key,
    keys_in_use,
    label_key,
    parts_of,
    pick_key,
    receipt_key,
    setup_of,
    slip_key,
)
from packstation.errors import PackStationError
from packstation.paths import resources
from packstation.ports import PrinterState, PrinterStatus
from packstation.settings import PrinterSetup, Settings, load_settings, save_settings
from packstation.ui.backend_printing import (
    FoundPrinter,
    ModelChoice,
    PrinterForm,
    PrinterRow,
    PrinterUse,
    StockChoice,
)

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.core.reports import PrinterProof
    from packstation.core.reports import PrinterUse as UseOfPrinter
    from packstation.devices.discovery import FoundLine

LOOK_S = 1.5
"""Longest wait for what printers say of themselves, for all of them together."""
LONGEST_KEY = 32
_KEY_OF: dict[PrinterUse, Callable[[Settings], str]] = {
    PrinterUse.LABEL: label_key,
    PrinterUse.BAG: bag_key,
    PrinterUse.RECEIPT: receipt_key,
    PrinterUse.SLIP: slip_key,
    PrinterUse.PICK_LIST: pick_key,
}


def setup_digest(setup: PrinterSetup) -> str:
    """Return the digest of all that decides how a printer prints; its name does not.

    >>> one = PrinterSetup(name="A", address="tcp://h:9100", model="virtual-tspl")
    >>> setup_digest(one) == setup_digest(PrinterSetup("B", "tcp://h:9100", "virtual-tspl"))
    True
    """
    told = asdict(replace(setup, name=""))
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def full_setup(settings: Settings, key: str) -> PrinterSetup:
    """Return a printer's set-up with model and stock filled in, as it prints.

    Raises:
        DataFileError: Address, model or stock are not known.
    """
    setup = setup_of(settings, key)
    _, _, stock = parts_of(setup, resources())
    return replace(setup, stock=stock.key)


def uses_of(settings: Settings, key: str) -> tuple[PrinterUse, ...]:
    """Return the kinds of paper that a printer is the usual one for."""
    return tuple(use for use, key_of in _KEY_OF.items() if key_of(settings) == key)


def all_keys(settings: Settings) -> tuple[str, ...]:
    """Return every printer: set up, or in use as it stands in the settings."""
    return tuple(dict.fromkeys((*settings.printer_setups, *keys_in_use(settings))))


def known_printer(settings: Settings, key: str) -> str:
    """Return a printer's key.

    Raises:
        PackStationError: ``printer.unknown``.
    """
    if key not in all_keys(settings):
        raise PackStationError(
            "printer.unknown",
            f"There is no printer {key}.",
            fix="Look at the list of printers.",
            printer=key,
        )
    return key


def list_printers(house: House) -> tuple[PrinterRow, ...]:
    """Return every printer with how it is; looks at each in its room, together ``LOOK_S``."""
    from packstation.store import paper_reads

    db, now = house.store.db, datetime.now(UTC)
    keys = all_keys(house.settings)
    uses, proofs = house.call(
        lambda: (paper_reads.printer_uses(db, keys, now), paper_reads.proofs(db))
    )
    states = look_at(house, keys)
    return tuple(_row(house, use, states[use.printer], proofs.get(use.printer)) for use in uses)


def _row(
    house: House, known: UseOfPrinter, status: PrinterStatus, proof: PrinterProof | None
) -> PrinterRow:
    settings, key = house.settings, known.printer
    setup = setup_of(settings, key)
    proved_at = None
    try:
        if proof is not None and proof.setup == setup_digest(full_setup(settings, key)):
            proved_at = proof.proved_at
    except PackStationError as error:
        status = PrinterStatus(PrinterState.ERROR, error.code, error.fix or "")
    form = PrinterForm(**{**asdict(setup), "name": setup.name or key})
    return PrinterRow(
        key=key,
        form=form,
        uses=uses_of(settings, key),
        status=status,
        proved_at=proved_at,
        waiting=house.paper.waiting(key) if house.paper is not None else 0,
        roll_left=known.roll_left,
        worn=known.worn,
        unreadable=(known.unreadable, known.printed),
    )


def look_at(house: House, keys: Iterable[str]) -> dict[str, PrinterStatus]:
    """Return how printers are; what one that is at work waits for, where it said so.

    A printer that is printing is not asked: its line belongs to the job.
    """
    outlets = house.outlets
    found: dict[str, PrinterStatus] = {}
    stations: dict[str, Station] = {}
    answers: list[threading.Event] = []
    for key in keys:
        if outlets is None:
            found[key] = PrinterStatus(PrinterState.UNKNOWN)
            continue
        stalled = house.paper.stalled_at(key) if house.paper is not None else None
        if stalled is not None:
            found[key] = status_for(stalled)
            continue
        try:
            station = outlets.station(key)
        except PackStationError as error:
            found[key] = PrinterStatus(PrinterState.ERROR, error.code, error.fix or "")
            continue
        stations[key] = station
        answers.append(_ask(station))
    until = time.monotonic() + LOOK_S
    for done in answers:
        done.wait(max(0.0, until - time.monotonic()))
    found |= {key: station.look.said for key, station in stations.items()}
    return found


def _ask(station: Station) -> threading.Event:
    """Have a printer looked at in its room; set at once where that look is under way still.

    So one that takes seconds to answer gets no second question meanwhile: jobs would wait behind
    them all.
    """
    done, look = threading.Event(), station.look
    if not look.under_way.acquire(blocking=False):
        done.set()
        return done

    def ask() -> None:
        try:
            look.said = station.printer.status()
        finally:
            look.under_way.release()
            done.set()

    if not station.room.submit(ask):
        look.under_way.release()
        done.set()
    return done


def status_for(code: str) -> PrinterStatus:
    """Return the status that an error code of a printer means; READY for an empty one."""
    from packstation.devices.printer_faults import status_of
    from packstation.errors import DeviceError

    return status_of(DeviceError(code, code)) if code else PrinterStatus(PrinterState.READY)


def find(house: House, lines: Iterable[FoundLine] | None = None) -> tuple[FoundPrinter, ...]:
    """Return the printers that this computer sees, with a guess of each one's model.

    Args:
        house: Knows which are set up already.
        lines: As just found by whoever watches; None = look now, a second or so.
    """
    from packstation.devices.discovery import find_printers
    from packstation.printing.media import guess_model, load_printers

    settings = house.settings
    known = {setup_of(settings, key).address: key for key in all_keys(settings)}
    models = load_printers(resources() / "printers")
    return tuple(
        FoundPrinter(
            address=line.address,
            name=line.name,
            model=guess_model(line.device_id, models),
            status=line.status if not line.fix else replace(line.status, fix=line.fix),
            known=known.get(line.address, ""),
        )
        for line in (find_printers() if lines is None else lines)
    )


def models() -> tuple[ModelChoice, ...]:
    """Return the printer models that can be chosen."""
    from packstation.printing.media import Language, load_printers

    return tuple(
        ModelChoice(one.key, one.name, one.language is Language.ESCPOS, one.cutter)
        for one in load_printers(resources() / "printers")
    )


def stocks() -> tuple[StockChoice, ...]:
    """Return the paper stocks that can be chosen; own sizes beside them."""
    from packstation.printing.media import load_stocks

    return tuple(
        StockChoice(one.key, one.name, one.width_mm, one.height_mm, one.roll)
        for one in load_stocks(resources() / "media")
    )


def save_printer(house: House, key: str, form: PrinterForm) -> str:
    """Add a printer (empty key) or change one; it can be used at once. Returns its key.

    Raises:
        PackStationError: ``printer.bad_key``, ``printer.address_taken``; or address, model or
            stock are not known. Nothing was saved.
    """
    setup = PrinterSetup(**asdict(form))
    model = setup.model or (RECEIPT_MODEL if setup.stock.startswith("receipt") else LABEL_MODEL)
    setup = replace(setup, model=model)
    address, _, _ = parts_of(setup, resources())
    if key and (len(key) > LONGEST_KEY or "/" in key or not key.isprintable() or key.isspace()):
        raise PackStationError(
            "printer.bad_key",
            f"A printer's key has 1 to {LONGEST_KEY} characters without /.",
            fix="Choose another key, such as labels-1.",
        )

    def change(settings: Settings) -> tuple[Settings, str]:
        name = key or _free_key(settings, form.name)
        twins = [
            other
            for other, known in settings.printer_setups.items()
            if known.address == setup.address and other != name
        ]
        if twins and address.line.value not in ("virtual", "component"):
            raise PackStationError(
                "printer.address_taken",
                f"The printer {twins[0]} is at {setup.address} already.",
                fix="Change that one, or give the other's address.",
                printer=twins[0],
            )
        return replace(settings, printer_setups={**settings.printer_setups, name: setup}), name

    return _changed(house, change)


def remove_printer(house: House, key: str) -> None:
    """Take a printer out of the settings.

    Raises:
        PackStationError: ``printer.unknown``, ``printer.in_use``, ``printer.has_jobs``.
    """
    known_printer(house.settings, key)
    if house.paper is not None and house.paper.waiting(key):
        raise PackStationError(
            "printer.has_jobs",
            f"The printer {key} has jobs that are not printed yet.",
            fix="Wait for them, or give them up.",
            printer=key,
        )

    def change(settings: Settings) -> tuple[Settings, str]:
        if key in keys_in_use(settings):
            raise PackStationError(
                "printer.in_use",
                f"The printer {key} is the usual one for some paper.",
                fix="Choose another printer for it first.",
                printer=key,
            )
        left = {name: one for name, one in settings.printer_setups.items() if name != key}
        return replace(settings, printer_setups=left), key

    _changed(house, change)


def use_printer(house: House, use: PrinterUse, key: str) -> None:
    """Make a printer the usual one for a kind of paper, from the next paper on.

    Raises:
        PackStationError: ``printer.unknown``.
    """
    known_printer(house.settings, key)
    _changed(
        house,
        lambda settings: (
            replace(settings, printers=replace(settings.printers, **{use.value: key})),
            key,
        ),
    )


def _free_key(settings: Settings, name: str) -> str:
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    base = "-".join(part for part in plain.split("-") if part)[: LONGEST_KEY - 4] or "printer"
    if base in ("virtual", "virtual-receipt"):
        base = "printer"
    taken, number, key = settings.printer_setups, 1, base
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key


_saving = threading.Lock()


def _changed(house: House, change: Callable[[Settings], tuple[Settings, str]]) -> str:
    """Change the settings file as it is now, then the running station's printers."""
    path = house.data / SETTINGS
    with _saving:
        after, told = change(load_settings(path))
        save_settings(after, path)
        house.settings = replace(
            house.settings, printers=after.printers, printer_setups=after.printer_setups
        )
        outlets: StationOutlets | None = house.outlets
        if outlets is not None:
            outlets.change(house.settings)
    return told
