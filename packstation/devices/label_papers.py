"""What papers say: a queued job and the letterhead become a waybill, a bag label, a receipt."""

from __future__ import annotations

from packstation.core.masking import mask_name, mask_phone
from packstation.core.orders import Person
from packstation.devices.letterhead import Letterhead
from packstation.errors import ComposeError
from packstation.ports import BagJob, LabelJob, ReceiptJob
from packstation.printing.bag_label import BagLabel
from packstation.printing.handover_receipt import BagCount, Receipt
from packstation.printing.waybill_label import GoodsLine, Party, Waybill


def waybill_of(job: LabelJob, letterhead: Letterhead) -> Waybill:
    """Return the label of a queued job.

    Raises:
        ComposeError: Name, phone or address of the recipient, or the sender, is not known.
    """
    person, order = job.person, job.order
    sender = letterhead.senders.get(order.shop)
    if sender is None:
        raise ComposeError(
            "print.no_sender",
            f"The shop {order.shop} has no sender address.",
            fix="Write the sender into the settings of the shop.",
            shop=str(order.shop),
        )
    if not (person.name and person.phone and person.address):
        raise ComposeError(
            "print.no_recipient",
            f"Name, phone or address of the recipient of order {order.order_id} is not known.",
            fix="Import a file that has them, or print the label elsewhere.",
            order=str(order.order_id),
        )
    # A sorting code is one carrier's own: another carrier's would send the parcel astray.
    theirs = order.carrier in (None, job.carrier)
    return Waybill(
        tracking_number=str(job.tracking_number),
        carrier_code=str(job.carrier),
        carrier_name=letterhead.carrier(job.carrier),
        recipient=_recipient(person, masked=order.shop in letterhead.masked),
        sender=sender,
        shop=letterhead.shop_names.get(order.shop, str(order.shop)),
        order_id=str(order.order_id),
        order_version=order.version,
        goods=tuple(GoodsLine(line.sku or line.title, line.quantity) for line in order.lines),
        printed_at=job.requested_at.astimezone(letterhead.zone),
        sorting=(order.sorting or "") if theirs else "",
        operator=job.operator or letterhead.operator,
        copy=job.copy,
        bag_place=(order.bag_place or "") if theirs else "",
        part=order.part or 1,
        parts=order.parts or 1,
        copy_code=job.copy_code,
        reason=job.reason,
    )


def _recipient(person: Person, *, masked: bool) -> Party:
    """Return the recipient as the shop shows it; the carrier needs the address in full."""
    name, phone, address = person.name or "", person.phone or "", person.address or ""
    if masked:
        name, phone = mask_name(name), mask_phone(phone)
    return Party(name, phone, address, person.zip_code or "")


def bag_of(job: BagJob, letterhead: Letterhead) -> BagLabel:
    """Return the label of a sealed bag."""
    return BagLabel(
        bag_code=job.bag,
        carrier_code=str(job.carrier),
        carrier_name=letterhead.carrier(job.carrier),
        parcel_count=job.parcels,
        sealed_at=job.sealed_at.astimezone(letterhead.zone),
        shop=letterhead.house,
        operator=letterhead.operator,
        station=letterhead.station,
    )


def receipt_of(job: ReceiptJob, letterhead: Letterhead) -> Receipt:
    """Return the receipt of a closed handover, in the words and times of the house."""
    return Receipt(
        manifest=job.manifest,
        shop=letterhead.house,
        carrier_code=str(job.carrier),
        carrier_name=letterhead.carrier(job.carrier),
        courier=job.driver,
        opened_at=job.opened_at.astimezone(letterhead.zone),
        closed_at=job.closed_at.astimezone(letterhead.zone),
        zone=letterhead.zone_name,
        bags=tuple(BagCount(code, parcels) for code, parcels in job.bags),
        operator=letterhead.operator,
        station=letterhead.station,
        journal_head=job.chain_head,
        digest=job.digest,
        copy=job.copy,
        drop_off=job.drop_off,
    )
