"""What a payload looks like on paper: the strict reader of each printer language behind one door.

The preview and the virtual printers show these pictures, so what they show are the very bytes.
"""

from __future__ import annotations

from packstation.devices.cpcl_reader import read_cpcl
from packstation.devices.epl_reader import read_epl
from packstation.devices.escpos_reader import read_escpos
from packstation.devices.printed_label import not_understood
from packstation.devices.tspl_reader import read_tspl
from packstation.devices.zpl_reader import read_zpl
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
        case Language.ZPL:
            labels = read_zpl(payload, dots_per_mm=printer.dots_per_mm).labels
        case Language.EPL:
            labels = read_epl(payload, dots_per_mm=printer.dots_per_mm).labels
        case Language.CPCL:
            labels = read_cpcl(payload, dots_per_mm=printer.dots_per_mm).labels
        case Language.ESCPOS:
            return read_escpos(payload, head_dots=printer.head_dots).bitmap(printer.head_dots)
        case Language.COMPONENT:
            raise not_understood("The component's JSON", 0, "it has no picture")
    return stack([label.bitmap for label in labels], max(one.bitmap.width for one in labels))
