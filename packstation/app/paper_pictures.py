"""What printed bytes look like: read back by the strict readers of the printers' languages."""

from __future__ import annotations

from collections.abc import Iterator

from packstation.app.outlets import setup_of
from packstation.core.status import PaperKind
from packstation.errors import DeviceError
from packstation.paths import resources
from packstation.printing.media import Language, PrinterProfile, Sensing, load_printer
from packstation.printing.test_label import calibration_command
from packstation.settings import Settings


def picture_as(payload: bytes, printer: PrinterProfile) -> bytes:
    """Return what a printer makes of a payload, as PNG.

    Raises:
        DeviceError: ``printer.not_understood``: it is not what the printer understands.
    """
    from packstation.devices.language_readers import read_picture

    measure = calibration_command(printer, Sensing.GAP)
    marked = calibration_command(printer, Sensing.MARK)
    for command in (measure, marked):
        if command:
            payload = payload.removeprefix(command)
    return read_picture(payload, printer).png(dots_per_mm=printer.dots_per_mm)


def picture_of(
    kind: str, payload: bytes, printer: str = "", settings: Settings | None = None
) -> bytes:
    """Return the picture of a job's payload as PNG.

    A printer may have been set up anew since: where its model does not understand the bytes, the
    one that does is looked for. The readers are strict, so none understands another's language.

    Args:
        kind: A ``PaperKind``.
        payload: Its bytes.
        printer: Key of the printer that got them; empty = not known.
        settings: As they are; None = the printer is not known.

    Raises:
        DeviceError: ``printer.not_understood``: nobody understands it.
    """
    refusal: DeviceError | None = None
    for profile in _likely(kind, printer, settings):
        try:
            return picture_as(payload, profile)
        except DeviceError as error:
            refusal = refusal or error
    assert refusal is not None, "somebody is always asked"
    raise refusal


def _likely(kind: str, printer: str, settings: Settings | None) -> Iterator[PrinterProfile]:
    folder = resources() / "printers"
    models = [setup_of(settings, printer).model] if printer and settings is not None else []
    # A model may have been taken away since.
    yield from (load_printer(folder, one) for one in models if (folder / f"{one}.toml").is_file())
    usual = "virtual-escpos" if kind == PaperKind.RECEIPT else "virtual-tspl"
    yield load_printer(folder, usual)
    for language in Language:
        key = f"virtual-{language.value}"
        if key != usual and (folder / f"{key}.toml").is_file():
            yield load_printer(folder, key)
