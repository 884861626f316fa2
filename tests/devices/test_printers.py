"""The printers of the port: what they compose from a job, what they refuse, what they send."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from packstation.core.orders import (
    CarrierCode,
    LineKey,
    Order,
    OrderId,
    OrderLine,
    Person,
    ShopKey,
    Sku,
    TrackingNumber,
)
from packstation.core.status import PrintOutcome
from packstation.devices.label_printer import LabelPrinter
from packstation.devices.letterhead import Letterhead
from packstation.devices.receipt_printer import ReceiptPrinter
from packstation.devices.simulated import Fault, Trouble, VirtualTransport
from packstation.errors import ComposeError, DeviceError
from packstation.ports import BagJob, LabelJob, PaperJob, PaperPrinter, ReceiptJob
from packstation.printing.media import load_printer
from packstation.printing.raster import ensure_gui_application
from packstation.printing.words import words_for
from tests.devices.transport_contract import QUICK
from tests.printing.paper import RESOURCES, SENDER, bag_setup, receipt_printer, waybill_setup

AT = datetime(2025, 3, 4, 7, 6, tzinfo=UTC)
MAIN, ZTO = ShopKey("main"), CarrierCode("ZTO")
LETTERHEAD = Letterhead(
    words=words_for("zh"),
    zone=ZoneInfo("Asia/Shanghai"),
    zone_name="Asia/Shanghai",
    senders={MAIN: SENDER},
    shop_names={MAIN: "云栖小店旗舰店"},
    carrier_names={ZTO: "中通快递"},
    house="云栖小店",
    station="1",
    operator="07",
)
LABEL = LabelJob(
    job="j1",
    order=Order(
        MAIN,
        OrderId("1930679858170647"),
        "generic",
        (OrderLine(LineKey("1"), Sku("TEE"), "T", 2),),
        version=2,
    ),
    person=Person("王小明", "13812345678", "吉林省通化市柳河县振兴大街 12 号"),
    tracking_number=TrackingNumber("432542035598773"),
    carrier=ZTO,
    copy=1,
    requested_at=AT,
)
BAG = BagJob("j2", "PSBAG1", ZTO, 12, AT)
RECEIPT = ReceiptJob(
    job="j3",
    manifest="MF1",
    carrier=ZTO,
    bags=(("PSBAG1", 12), ("PSBAG2", 3)),
    opened_at=AT,
    closed_at=AT + timedelta(minutes=9),
    driver="",
    chain_head="ab" * 32,
    digest="cd" * 32,
    copy=1,
)


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    ensure_gui_application()


@pytest.fixture
def labels(tmp_path: Path) -> VirtualTransport:
    return VirtualTransport(
        tmp_path / "labels", load_printer(RESOURCES / "printers", "virtual-tspl")
    )


@pytest.fixture
def receipts(tmp_path: Path) -> VirtualTransport:
    return VirtualTransport(tmp_path / "receipts", receipt_printer())


def label_printer(transport: VirtualTransport) -> LabelPrinter:
    return LabelPrinter(
        transport,
        waybills=waybill_setup(),
        bags=bag_setup(),
        letterhead=lambda: LETTERHEAD,
        patience=QUICK,
    )


def receipt_room(transport: VirtualTransport) -> ReceiptPrinter:
    return ReceiptPrinter(
        transport, printer=receipt_printer(), letterhead=lambda: LETTERHEAD, patience=QUICK
    )


@pytest.mark.parametrize("paper", [LABEL, BAG])
def test_labels_are_composed_sent_kept_and_shown(labels: VirtualTransport, paper: PaperJob) -> None:
    printer: PaperPrinter = label_printer(labels)
    payload = printer.compose(paper)
    assert printer.send(paper.job, payload) == (PrintOutcome.CONFIRMED, "")
    (job,) = labels.jobs()
    assert job.read_bytes() == payload
    assert not job.with_suffix(".png").exists()
    assert labels.picture(job).read_bytes().startswith(b"\x89PNG")


def test_receipt_is_composed_sent_kept_and_shown(receipts: VirtualTransport) -> None:
    printer: PaperPrinter = receipt_room(receipts)
    payload = printer.compose(RECEIPT)
    assert printer.send("j3", payload) == (PrintOutcome.CONFIRMED, "")
    (job,) = receipts.jobs()
    assert receipts.picture(job).read_bytes().startswith(b"\x89PNG")


def test_reprint_of_the_same_job_differs_only_by_its_mark(labels: VirtualTransport) -> None:
    printer = label_printer(labels)
    assert printer.compose(LABEL) == printer.compose(LABEL)
    assert printer.compose(LABEL) != printer.compose(replace(LABEL, copy=2))


def test_unplugged_printer_is_told_as_it_is(labels: VirtualTransport) -> None:
    printer = label_printer(labels)
    payload = printer.compose(LABEL)
    labels.fault = Fault(Trouble.UNPLUGGED, 500)
    assert printer.send("j1", payload) == (PrintOutcome.UNKNOWN, "printer.gone")
    labels.fault = Fault(Trouble.PAPER_OUT)
    assert printer.send("j1", payload) == (PrintOutcome.FAILED, "printer.no_paper")


@pytest.mark.parametrize("missing", ["name", "phone", "address"])
def test_label_without_a_recipient_is_refused(labels: VirtualTransport, missing: str) -> None:
    person = replace(LABEL.person, **{missing: None})
    with pytest.raises(ComposeError) as refusal:
        label_printer(labels).compose(replace(LABEL, person=person))
    assert refusal.value.code == "print.no_recipient"
    assert "王小明" not in str(refusal.value)


def test_label_of_a_shop_without_sender_is_refused(labels: VirtualTransport) -> None:
    order = replace(LABEL.order, shop=ShopKey("other"))
    with pytest.raises(ComposeError, match="other has no sender"):
        label_printer(labels).compose(replace(LABEL, order=order))


def test_paper_for_the_other_printer_is_refused(
    labels: VirtualTransport, receipts: VirtualTransport
) -> None:
    with pytest.raises(ComposeError, match="receipt was sent to the label printer"):
        label_printer(labels).compose(RECEIPT)
    with pytest.raises(ComposeError, match="label was sent to the receipt printer"):
        receipt_room(receipts).compose(BAG)


def test_wrong_language_is_seen_in_the_picture(
    labels: VirtualTransport, receipts: VirtualTransport
) -> None:
    payload = receipt_room(receipts).compose(RECEIPT)
    label_printer(labels).send("j1", payload)
    with pytest.raises(DeviceError) as refusal:
        labels.picture(labels.jobs()[0])
    assert refusal.value.code == "printer.not_understood"


def test_warm_up_prints_nothing(labels: VirtualTransport) -> None:
    label_printer(labels).warm_up()
    assert labels.jobs() == []
