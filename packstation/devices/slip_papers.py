"""What slips say: a queued job and the letterhead become a slip, checked before it is drawn."""

from __future__ import annotations

from packstation.core.codes import Command
from packstation.core.decide import NOT_YET
from packstation.core.masking import mask_name
from packstation.core.orders import CarrierCode
from packstation.core.pick_rows import PickRow
from packstation.core.status import PaperKind
from packstation.devices.label_papers import bag_of, receipt_of
from packstation.devices.letterhead import Letterhead
from packstation.devices.slip_terms import bad_terms, no_terms, read_counted, read_pick_terms
from packstation.ports import BagJob, ReceiptJob, SlipJob
from packstation.printing.code_slips import command_slip, scanner_card
from packstation.printing.goods_slips import Packing, packing_slip, pick_slip
from packstation.printing.handover_slips import (
    Discrepancy,
    bag_slip,
    discrepancy_slip,
    receipt_slip,
)
from packstation.printing.slips import Slip

COMMAND_CODES = (
    *(f"PSCMD{command.value}" for command in Command if command not in NOT_YET),
    "PSTRAY",
)
"""What the sheet of command codes shows: every code that the station answers."""


def slip_of(job: SlipJob | BagJob | ReceiptJob, letterhead: Letterhead) -> Slip:
    """Return the slip of a queued job, in the words and times of the house; pure, no disk.

    Bag labels and receipts are slips where the printer has no layout of its own for them: a bag's
    label on a roll, a receipt on a narrow roll or on label stock.

    Raises:
        ComposeError: ``print.bad_terms``, ``print.empty_receipt``.
    """
    match job:
        case BagJob():
            return bag_slip(bag_of(job, letterhead), letterhead.words)
        case ReceiptJob():
            return receipt_slip(receipt_of(job, letterhead), letterhead.words)
        case SlipJob():
            return _slip(job, letterhead)


def _slip(job: SlipJob, letterhead: Letterhead) -> Slip:
    words = letterhead.words
    at = job.requested_at.astimezone(letterhead.zone)
    match job.kind:
        case PaperKind.DISCREPANCY_SLIP:
            counted = read_counted(job.terms)
            found = Discrepancy(
                manifest=job.key,
                shop=letterhead.house,
                counted=counted.bags,
                printed_at=at,
                carrier=_carrier(counted.carrier, letterhead),
                reason=counted.reason,
                drop_off=counted.drop_off,
                operator=letterhead.operator,
                station=letterhead.station,
                copy=job.copy,
            )
            return discrepancy_slip(found, words)
        case PaperKind.PACKING_SLIP:
            no_terms(job.kind, job.terms)
            return packing_slip(_packing(job, letterhead), words)
        case PaperKind.PICK_LIST:
            sheet = read_pick_terms(job.terms)
            return pick_slip(sheet, words, shop=letterhead.house, printed_at=at, copy=job.copy)
        case PaperKind.COMMAND_SHEET:
            no_terms(job.kind, job.terms)
            return command_slip(COMMAND_CODES, words)
        case PaperKind.SCANNER_CARD:
            no_terms(job.kind, job.terms)
            return scanner_card(words)
        case (
            PaperKind.LABEL
            | PaperKind.BAG
            | PaperKind.RECEIPT
            | PaperKind.TEST
            | PaperKind.CALIBRATION
        ):
            raise bad_terms(job.kind, "it is no slip")


def _carrier(code: str, letterhead: Letterhead) -> str:
    """Return a carrier as receipts name it, so that both papers read alike."""
    name = letterhead.carrier(CarrierCode(code)) if code else ""
    return code if name == code else f"{code} {name}".strip()


def _packing(job: SlipJob, letterhead: Letterhead) -> Packing:
    order = job.order
    if order is None:
        raise bad_terms(job.kind, "its order is not known")
    name = (job.person.name if job.person else None) or ""
    return Packing(
        order_id=str(order.order_id),
        shop=letterhead.shop_names.get(order.shop, str(order.shop)),
        goods=tuple(
            PickRow(
                line.bin or "",
                str(line.sku),
                line.title,
                line.spec or "",
                line.barcode or "",
                line.quantity,
                line.gift,
            )
            for line in order.lines
        ),
        recipient=mask_name(name) if order.shop in letterhead.masked else name,
        printed_at=job.requested_at.astimezone(letterhead.zone),
        part=order.part or 1,
        parts=order.parts or 1,
        copy=job.copy,
    )
