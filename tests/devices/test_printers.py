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
from packstation.core.status import LabelSource, PaperKind, PrintOutcome
from packstation.devices.label_papers import waybill_of
from packstation.devices.language_readers import read_picture
from packstation.devices.letterhead import Letterhead
from packstation.devices.paper_printer import Layouts, StationPrinter
from packstation.devices.simulated import Fault, Trouble, VirtualTransport
from packstation.errors import ComposeError, DeviceError
from packstation.ports import BagJob, LabelJob, PaperJob, PaperPrinter, ReceiptJob, SlipJob
from packstation.printing.bag_label import BAG_VALUES
from packstation.printing.label_template import LabelTemplate, layout_for, load_template
from packstation.printing.media import Media, Tuning, load_printer, stock_of
from packstation.printing.raster import ensure_gui_application
from packstation.printing.waybill_label import WAYBILL_VALUES
from packstation.printing.words import words_for
from tests.devices.transport_contract import QUICK
from tests.printing.paper import RESOURCES, SENDER, receipt_printer, seen_by_zxing

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


def silent(detail: str) -> None:
    """Nobody is told of stalls."""


def station_printer(
    transport: VirtualTransport, model: str, stock: str, **changes: object
) -> StationPrinter:
    paper = stock_of(RESOURCES / "media", stock)
    layouts = Layouts()
    if paper.height_mm is not None:
        layouts = Layouts(
            waybill=_layout("waybill", WAYBILL_VALUES, paper),
            bag=_layout("bag", BAG_VALUES, paper),
        )
    told: dict[str, object] = {"layouts": layouts, "patience": QUICK, **changes}
    return StationPrinter(
        transport,
        profile=load_printer(RESOURCES / "printers", model),
        stock=paper,
        letterhead=lambda: LETTERHEAD,
        **told,  # type: ignore[arg-type] # keyword arguments by name
    )


def _layout(family: str, values: frozenset[str], paper: Media) -> LabelTemplate | None:
    try:
        return load_template(RESOURCES, layout_for(RESOURCES, family, paper), values, stock=paper)
    except ComposeError:
        return None


def label_printer(transport: VirtualTransport, stock: str = "100x150") -> StationPrinter:
    return station_printer(transport, "virtual-tspl", stock)


def receipt_room(transport: VirtualTransport) -> StationPrinter:
    return station_printer(transport, "virtual-escpos", "receipt-80")


@pytest.mark.parametrize("paper", [LABEL, BAG])
def test_labels_are_composed_sent_kept_and_shown(labels: VirtualTransport, paper: PaperJob) -> None:
    printer: PaperPrinter = label_printer(labels)
    payload = printer.compose(paper).payload
    assert printer.send(paper.job, payload, silent) == (PrintOutcome.CONFIRMED, "")
    (job,) = labels.jobs()
    assert job.read_bytes() == payload
    assert not job.with_suffix(".png").exists()
    assert labels.picture(job).read_bytes().startswith(b"\x89PNG")


def test_receipt_is_composed_sent_kept_and_shown(receipts: VirtualTransport) -> None:
    printer: PaperPrinter = receipt_room(receipts)
    payload = printer.compose(RECEIPT).payload
    assert printer.send("j3", payload, silent) == (PrintOutcome.CONFIRMED, "")
    (job,) = receipts.jobs()
    assert receipts.picture(job).read_bytes().startswith(b"\x89PNG")


def test_reprint_of_the_same_job_differs_only_by_its_mark(labels: VirtualTransport) -> None:
    printer = label_printer(labels)
    assert printer.compose(LABEL) == printer.compose(LABEL)
    assert printer.compose(LABEL) != printer.compose(replace(LABEL, copy=2))


def test_unplugged_printer_is_told_as_it_is(labels: VirtualTransport) -> None:
    printer = label_printer(labels)
    payload = printer.compose(LABEL).payload
    labels.fault = Fault(Trouble.UNPLUGGED, 500)
    assert printer.send("j1", payload, silent) == (PrintOutcome.UNKNOWN, "printer.gone")
    labels.fault = Fault(Trouble.UNPLUGGED)
    assert printer.send("j1", payload, silent) == (PrintOutcome.FAILED, "printer.gone")


def test_a_printer_without_paper_waits_for_it_and_can_be_given_up(labels: VirtualTransport) -> None:
    printer = label_printer(labels)
    payload = printer.compose(LABEL).payload
    labels.fault = Fault(Trouble.PAPER_OUT)
    told: list[str] = []

    def stalled(detail: str) -> None:
        told.append(detail)
        if len(told) == 1:
            labels.fault = Fault()  # somebody put paper in

    assert printer.send("j1", payload, stalled) == (PrintOutcome.CONFIRMED, "")
    assert told == ["printer.no_paper", ""]
    assert len(labels.jobs()) == 1
    labels.fault = Fault(Trouble.PAPER_OUT)

    def tired(detail: str) -> None:
        assert printer.give_up("j2")

    ended = printer.send("j2", payload, tired)
    assert ended == (PrintOutcome.CANCELLED, "printer.no_paper")
    assert len(labels.jobs()) == 1
    assert not printer.give_up("j2"), "it is over"


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
    with pytest.raises(ComposeError, match="label was sent to the receipt printer"):
        receipt_room(receipts).compose(LABEL)
    component = replace(LABEL, source=LabelSource.COMPONENT)
    with pytest.raises(ComposeError) as refusal:
        label_printer(labels).compose(component)
    assert refusal.value.code == "print.wrong_printer"
    with pytest.raises(ComposeError) as refusal:
        label_printer(labels, "50x30").compose(LABEL)
    assert refusal.value.code == "print.no_layout"


@pytest.mark.parametrize("stock", ["100x150", "100x180", "76x130"])
def test_a_label_fills_the_stock_that_is_in_the_printer(
    labels: VirtualTransport, stock: str
) -> None:
    printer = label_printer(labels, stock)
    picture = read_picture(printer.compose(LABEL).payload, printer.profile)
    paper = printer.stock
    assert paper.height_mm is not None
    assert (picture.width, picture.height) == (paper.width_mm * 8, paper.height_mm * 8)
    assert str(LABEL.tracking_number) in seen_by_zxing(picture)


def test_a_carriers_own_layout_wins_and_one_too_large_is_refused(labels: VirtualTransport) -> None:
    small = load_template(
        RESOURCES, "waybill-76x130", WAYBILL_VALUES, stock=stock_of(RESOURCES / "media", "100x150")
    )
    usual = label_printer(labels)
    layouts = replace(usual._layouts, by_carrier={ZTO: small})
    chosen = station_printer(labels, "virtual-tspl", "100x150", layouts=layouts)
    assert chosen.compose(LABEL) != usual.compose(LABEL)
    too_large = replace(usual._layouts, by_carrier={ZTO: None})
    refusing = station_printer(labels, "virtual-tspl", "100x150", layouts=too_large)
    with pytest.raises(ComposeError) as refusal:
        refusing.compose(LABEL)
    assert refusal.value.code == "print.no_layout"


@pytest.mark.parametrize("language", ["tspl", "zpl", "epl", "cpcl"])
def test_every_label_language_prints_the_same_picture(
    labels: VirtualTransport, language: str
) -> None:
    first = label_printer(labels)
    other = station_printer(labels, f"virtual-{language}", "100x150")
    pictures = [read_picture(one.compose(LABEL).payload, one.profile) for one in (first, other)]
    assert pictures[0].same_as(pictures[1])


@pytest.mark.parametrize("copies", [1, 2])
def test_a_reprint_carries_its_copy_code_and_an_original_none(
    labels: VirtualTransport, copies: int
) -> None:
    printer = label_printer(labels)
    code = "PSP0000000042" if copies > 1 else ""
    job = replace(LABEL, copy=copies, copy_code=code)
    seen = seen_by_zxing(read_picture(printer.compose(job).payload, printer.profile))
    assert {one for one in seen if one.startswith("PSP")} == ({code} if code else set())


def test_a_shop_may_star_out_name_and_phone_and_never_the_address(
    labels: VirtualTransport,
) -> None:
    waybill = waybill_of(LABEL, replace(LETTERHEAD, masked=frozenset({MAIN})))
    assert waybill.recipient.name != LABEL.person.name
    assert waybill.recipient.phone != LABEL.person.phone
    assert waybill.recipient.address == LABEL.person.address
    assert waybill_of(LABEL, LETTERHEAD).recipient.name == LABEL.person.name


@pytest.mark.parametrize(
    ("model", "stock"),
    [("virtual-tspl", "100x150"), ("virtual-zpl", "60x40"), ("virtual-escpos", "receipt-80"),
     ("escpos-58", "receipt-58")],
)  # fmt: skip
def test_a_test_label_shows_its_code_on_every_printer(
    labels: VirtualTransport, model: str, stock: str
) -> None:
    printer = station_printer(labels, model, stock)
    job = SlipJob("t", PaperKind.TEST, "PSTEST12345678", 1, AT)
    picture = read_picture(printer.compose(job).payload, printer.profile)
    assert "PSTEST12345678" in seen_by_zxing(picture)


def test_a_receipt_on_label_stock_is_drawn_page_by_page(labels: VirtualTransport) -> None:
    made = label_printer(labels).compose(RECEIPT)
    assert made.sheets >= 1
    assert made.payload.count(b"PRINT 1,1") == made.sheets


def test_slips_go_on_any_paper_and_a_drawer_opens_for_receipts_only(
    receipts: VirtualTransport,
) -> None:
    printer = station_printer(receipts, "escpos-58", "receipt-58", tuning=Tuning(drawer=True))
    card = SlipJob("c", PaperKind.SCANNER_CARD, "card", 1, AT)
    pulse = b"\x1bp"
    assert pulse not in printer.compose(card).payload
    assert pulse in printer.compose(RECEIPT).payload


def test_wrong_language_is_seen_in_the_picture(
    labels: VirtualTransport, receipts: VirtualTransport
) -> None:
    payload = receipt_room(receipts).compose(RECEIPT).payload
    label_printer(labels).send("j1", payload, silent)
    with pytest.raises(DeviceError) as refusal:
        labels.picture(labels.jobs()[0])
    assert refusal.value.code == "printer.not_understood"


def test_warm_up_prints_nothing(labels: VirtualTransport) -> None:
    label_printer(labels).warm_up()
    assert labels.jobs() == []
