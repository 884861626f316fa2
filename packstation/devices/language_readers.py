"""What a payload looks like on paper: the strict reader of each printer language behind one door.

The preview and the virtual printers show these pictures, so what they show are the very bytes.
"""

from __future__ import annotations

from packstation.devices.escpos_reader import read_escpos
from packstation.devices.tspl_reader import read_tspl
from packstation.errors import DeviceError
from packstation.printing.bitmap import Bitmap, stack
from packstation.printing.media import Language, PrinterProfile


def read_picture(payload: bytes, printer: PrinterProfile) -> Bitmap:
    """Return what a payload looks like on paper, several labels below one another.

    Raises:
        DeviceError: ``printer.not_understood``: the bytes are not what the printer understands.
    """
    match printer.language:
        case Language.TSPL:
            labels = read_tspl(payload, dots_per_mm=printer.dots_per_mm).labels
            widest = max(label.bitmap.width for label in labels)
            return stack([label.bitmap for label in labels], widest)
        case Language.ESCPOS:
            return read_escpos(payload, head_dots=printer.head_dots).bitmap(printer.head_dots)
        case Language.ZPL | Language.EPL | Language.CPCL | Language.COMPONENT:
            raise DeviceError(
                "printer.not_understood",
                f"No picture can be made of {printer.language.value} bytes.",
                fix="Check that the printer and its profile speak the same language.",
                offset=0,
            )
