"""One door to all printer languages: a picture of dots in, bytes out."""

from __future__ import annotations

from packstation.errors import ComposeError
from packstation.printing import cpcl, epl, escpos, tspl, zpl
from packstation.printing.bitmap import Bitmap
from packstation.printing.media import Language, Media, PrinterProfile, Tuning


def encode(
    bitmap: Bitmap, stock: Media, printer: PrinterProfile, tuning: Tuning | None = None
) -> bytes:
    """Return the bytes that print one copy of a picture; pure, about 2 ms for a label.

    Args:
        bitmap: As wide and high as the stock; on a roll only as wide as the head or less.
        stock: The paper that is in the printer.
        printer: Its model.
        tuning: What was set for this very printer.

    Raises:
        ComposeError: ``print.wrong_language``: the language prints no pictures;
            ``print.off_paper``: ink would fall beside the paper.
    """
    match printer.language:
        case Language.TSPL:
            return tspl.encode(bitmap, stock, printer, tuning)
        case Language.ZPL:
            return zpl.encode(bitmap, stock, printer, tuning)
        case Language.EPL:
            return epl.encode(bitmap, stock, printer, tuning)
        case Language.CPCL:
            return cpcl.encode(bitmap, stock, printer, tuning)
        case Language.ESCPOS:
            return escpos.encode_picture(bitmap, stock, printer, tuning)
        case Language.COMPONENT:
            raise ComposeError(
                "print.wrong_language",
                f"{printer.name} takes no pictures, only the platform's own documents.",
                fix="Choose a label printer.",
                printer=printer.name,
            )
