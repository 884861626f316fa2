"""The receipt printer: composes handover receipts and sends them; lives in its own room."""

from __future__ import annotations

from collections.abc import Callable

from packstation.core.status import PrintOutcome
from packstation.devices.job_sender import Patience, send
from packstation.devices.letterhead import Letterhead
from packstation.devices.transports import Transport
from packstation.errors import ComposeError
from packstation.ports import BagJob, LabelJob, PaperJob, ReceiptJob
from packstation.printing.handover_receipt import BagCount, Receipt, render_receipt
from packstation.printing.media import PrinterProfile


class ReceiptPrinter:
    """An ESC/POS printer behind a transport; satisfies the port ``PaperPrinter``."""

    def __init__(
        self,
        transport: Transport,
        *,
        printer: PrinterProfile,
        letterhead: Callable[[], Letterhead],
        patience: Patience | None = None,
    ) -> None:
        """Keep what receipts are made of.

        Args:
            transport: The printer's line.
            printer: Its model.
            letterhead: Asked at each receipt, so that a change of language shows at once.
            patience: How long and how often to try.
        """
        self._transport = transport
        self._printer = printer
        self._letterhead = letterhead
        self._patience = patience

    def compose(self, paper: PaperJob) -> bytes:
        """Return the bytes of a receipt.

        Raises:
            ComposeError: It cannot be put on paper.
        """
        match paper:
            case ReceiptJob():
                letterhead = self._letterhead()
                receipt = receipt_of(paper, letterhead)
                return render_receipt(receipt, self._printer, letterhead.words).payload
            case LabelJob() | BagJob():
                raise ComposeError(
                    "print.wrong_printer",
                    "A label was sent to the receipt printer.",
                    fix="Choose a label printer in the settings.",
                )

    def send(self, job: str, payload: bytes) -> tuple[PrintOutcome, str]:
        """Send a receipt's bytes; return what became of them and a word why."""
        report = send(self._transport, payload, on_first_byte=lambda: None, patience=self._patience)
        return report.outcome, report.detail


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
    )
