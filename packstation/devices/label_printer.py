"""The label printer: composes shipping and bag labels and sends them; lives in its own room."""

from __future__ import annotations

from collections.abc import Callable

from packstation.core.status import PrintOutcome
from packstation.devices.job_sender import Patience, send
from packstation.devices.letterhead import Letterhead
from packstation.devices.transports import Transport
from packstation.errors import ComposeError
from packstation.ports import BagJob, LabelJob, PaperJob, ReceiptJob
from packstation.printing.bag_label import BagLabel, render_bag_label
from packstation.printing.label_template import LabelSetup
from packstation.printing.waybill_label import GoodsLine, Party, Waybill, render_waybill, warm_up


class LabelPrinter:
    """A TSPL printer behind a transport; satisfies the port ``PaperPrinter``."""

    def __init__(
        self,
        transport: Transport,
        *,
        waybills: LabelSetup,
        bags: LabelSetup,
        letterhead: Callable[[], Letterhead],
        patience: Patience | None = None,
    ) -> None:
        """Keep what labels are made of.

        Args:
            transport: The printer's line.
            waybills: Printer and layout of shipping labels.
            bags: Printer and layout of bag labels.
            letterhead: Asked at each label, so that a change of language shows at once.
            patience: How long and how often to try.
        """
        self._transport = transport
        self._waybills = waybills
        self._bags = bags
        self._letterhead = letterhead
        self._patience = patience

    def warm_up(self) -> None:
        """Load fonts and libraries before the first label; some 300 ms."""
        warm_up(self._waybills)

    def compose(self, paper: PaperJob) -> bytes:
        """Return the bytes of a label.

        Raises:
            ComposeError: It cannot be put on paper.
        """
        match paper:
            case LabelJob():
                waybill = _waybill(paper, self._letterhead())
                return render_waybill(waybill, self._waybills, self._letterhead().words).payload
            case BagJob():
                bag = _bag(paper, self._letterhead())
                return render_bag_label(bag, self._bags, self._letterhead().words).payload
            case ReceiptJob():
                raise ComposeError(
                    "print.wrong_printer",
                    "A handover receipt was sent to the label printer.",
                    fix="Choose a receipt printer in the settings.",
                )

    def send(self, job: str, payload: bytes) -> tuple[PrintOutcome, str]:
        """Send a label's bytes; return what became of them and a word why."""
        report = send(self._transport, payload, on_first_byte=lambda: None, patience=self._patience)
        return report.outcome, report.detail


def _waybill(job: LabelJob, letterhead: Letterhead) -> Waybill:
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
    return Waybill(
        tracking_number=str(job.tracking_number),
        carrier_code=str(job.carrier),
        carrier_name=letterhead.carrier(job.carrier),
        recipient=Party(person.name, person.phone, person.address, person.zip_code or ""),
        sender=sender,
        shop=letterhead.shop_names.get(order.shop, str(order.shop)),
        order_id=str(order.order_id),
        order_version=order.version,
        goods=tuple(GoodsLine(line.sku or line.title, line.quantity) for line in order.lines),
        printed_at=job.requested_at.astimezone(letterhead.zone),
        operator=letterhead.operator,
        copy=job.copy,
    )


def _bag(job: BagJob, letterhead: Letterhead) -> BagLabel:
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
