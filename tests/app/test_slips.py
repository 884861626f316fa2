"""Slips that are asked for, through real rooms, store and printers; pictures are read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from packstation.app import printers, shipments, slips
from packstation.app.desk import Desk
from packstation.app.paper_pictures import picture_of
from packstation.core.order_steps import Step
from packstation.core.orders import OrderKey
from packstation.core.reports import PrintJob
from packstation.core.status import PaperKind, PrintOutcome
from packstation.devices.picture_codes import codes_in_picture
from packstation.devices.slip_papers import COMMAND_CODES
from packstation.devices.slip_terms import read_counted, read_pick_terms
from packstation.errors import PackStationError
from packstation.store.order_steps import order_steps
from packstation.ui.backend_printing import PrinterForm, PrinterUse
from tests.app.shop import BAG, HAND_OVER, MANIFEST, ONE, PACK, TWO, Station
from tests.app.test_desk import Pages

ONE_KEY, TWO_KEY = OrderKey(f"main/{ONE}"), OrderKey(f"main/{TWO}")
NARROW = PrinterForm("", "virtual", "escpos-58", "receipt-58")
LABELS = PrinterForm("", "virtual", "virtual-tspl", "100x150")
Ask = Callable[[Station], str]


def last(station: Station) -> PrintJob:
    """Return the newest job, once all paper has ended."""
    assert station.house.paper_done()
    found = station.house.call(station.house.store.ledger.jobs)[-1]
    assert found.outcome is PrintOutcome.CONFIRMED
    return found


def codes(station: Station, job: PrintJob) -> set[str]:
    """Return the codes on a job's paper, read back from its bytes."""
    payload = station.house.call(lambda: station.house.store.ledger.payload(job.job))
    assert payload is not None
    picture = picture_of(job.kind, payload, job.printer, station.house.settings)
    return set(codes_in_picture(picture))


def print_on(station: Station, form: PrinterForm) -> str:
    """Make a printer the one for slips and pick lists."""
    key = printers.save_printer(station.house, "", replace(form, name="slips"))
    for use in (PrinterUse.SLIP, PrinterUse.PICK_LIST):
        printers.use_printer(station.house, use, key)
    return key


def handed_over(station: Station) -> None:
    station.scan(*PACK, *HAND_OVER)
    assert station.house.paper_done()


def differing(station: Station) -> str:
    handed_over(station)
    terms = json.dumps({"theirs": {BAG: 0}, "reason": "torn"})
    return slips.print_slip(station.house, PaperKind.DISCREPANCY_SLIP, MANIFEST, terms)


CARD = {"0123456789", "AbCdEfGhIj", "qwerty-azm", "A-1_b/2.c", "2000000000015"}
ASKED: tuple[tuple[PaperKind, Ask, set[str]], ...] = (
    (
        PaperKind.COMMAND_SHEET,
        lambda station: slips.print_slip(station.house, PaperKind.COMMAND_SHEET),
        set(COMMAND_CODES),
    ),
    (
        PaperKind.SCANNER_CARD,
        lambda station: slips.print_slip(station.house, PaperKind.SCANNER_CARD),
        CARD,
    ),
    (
        PaperKind.PACKING_SLIP,
        lambda station: slips.print_slip(station.house, PaperKind.PACKING_SLIP, ONE_KEY),
        {ONE},
    ),
    (
        PaperKind.PICK_LIST,
        lambda station: slips.print_pick_list(station.house, [ONE_KEY]),
        {ONE, "2000000100036"},
    ),
    (PaperKind.DISCREPANCY_SLIP, differing, {MANIFEST}),
)


@pytest.mark.parametrize("form", [NARROW, LABELS], ids=["58 mm", "labels"])
@pytest.mark.parametrize(("kind", "ask", "wanted"), ASKED, ids=[one[0].value for one in ASKED])
def test_each_slip_comes_out_of_its_printer_with_its_codes(
    station: Station, form: PrinterForm, kind: PaperKind, ask: Ask, wanted: set[str]
) -> None:
    key = print_on(station, form)
    job = ask(station)
    found = last(station)
    assert (found.job, found.kind, found.printer, found.copy) == (job, kind, key, 1)
    assert wanted <= codes(station, found)


def test_what_printed_slips_cannot_say_is_refused_before_they_are_queued(
    station: Station,
) -> None:
    def refused(kind: PaperKind, key: str, terms: str = "") -> str:
        with pytest.raises(PackStationError) as refusal:
            slips.print_slip(station.house, kind, key, terms)
        return refusal.value.code

    assert refused(PaperKind.PACKING_SLIP, "main/none") == "store.order_missing"
    assert refused(PaperKind.DISCREPANCY_SLIP, "PSM00000000") == "store.no_such_manifest"
    handed_over(station)
    before = len(station.house.call(station.house.store.ledger.jobs))
    wrong = json.dumps({"theirs": {"PSBAG01999999": 1}})
    assert refused(PaperKind.DISCREPANCY_SLIP, MANIFEST, wrong) == "print.bag_not_in_manifest"
    with pytest.raises(PackStationError) as refusal:
        slips.print_pick_list(station.house, [ONE_KEY])
    assert refusal.value.code == "print.nothing_to_pick", "it has left"
    assert len(station.house.call(station.house.store.ledger.jobs)) == before


def test_a_discrepancy_slip_has_our_counts_and_the_couriers(station: Station) -> None:
    differing(station)
    counted = read_counted(last(station).terms)
    assert [(one.bag_code, one.ours, one.theirs) for one in counted.bags] == [(BAG, 1, 0)]
    assert (counted.reason, counted.carrier) == ("torn", "ZTO")


def test_only_the_very_same_pick_list_is_a_reprint(station: Station) -> None:
    slips.print_pick_list(station.house, [ONE_KEY])
    first = last(station)
    assert read_pick_terms(first.terms).keys == (ONE_KEY,)
    slips.print_pick_list(station.house, [ONE_KEY, TWO_KEY])
    other = last(station)
    slips.print_pick_list(station.house, [ONE_KEY])
    again = last(station)
    assert (first.copy, other.copy, again.copy) == (1, 1, 2)
    assert first.key == again.key != other.key


def test_the_window_asks_for_slips(station: Station, desk: Desk, pages: Pages) -> None:
    job = pages.ask(desk.print_slip, PaperKind.PICK_LIST, f"{ONE_KEY}\n{TWO_KEY}", "")
    assert (last(station).job, read_pick_terms(last(station).terms).orders) == (job, 2)
    pages.ask(desk.print_slip, PaperKind.PICK_LIST, "", "total")
    assert len(read_pick_terms(last(station).terms).sections) == 1
    handed_over(station)
    bags = pages.ask(desk.manifest_bags, MANIFEST)
    assert bags == ((BAG, 1),)
    pages.ask(desk.print_slip, PaperKind.DISCREPANCY_SLIP, MANIFEST, '{"theirs": {}, "reason": ""}')
    assert last(station).kind == PaperKind.DISCREPANCY_SLIP


def test_the_steps_of_an_order_are_ticked_as_they_are_done(
    station: Station, desk: Desk, pages: Pages
) -> None:
    def done(order: OrderKey) -> set[Step]:
        return set(pages.ask(desk.details, order).steps.done)

    assert done(ONE_KEY) == {Step.PAID}
    slips.print_pick_list(station.house, [ONE_KEY], total=True)
    last(station)
    assert done(ONE_KEY) == {Step.PAID, Step.PICK_LIST}
    assert done(TWO_KEY) == {Step.PAID}, "another order's list"
    station.scan(*PACK[:2])
    assert done(ONE_KEY) == {Step.PAID, Step.PICK_LIST, Step.LABEL}
    station.scan(PACK[2])
    assert Step.PACKED in done(ONE_KEY)
    assert Step.BAGGED not in done(ONE_KEY)
    station.scan(*HAND_OVER[:2])
    assert Step.BAGGED in done(ONE_KEY)
    assert Step.HANDED_OVER not in done(ONE_KEY)
    station.scan(*HAND_OVER[2:4])
    desk.set_drop_off("Sorting centre")
    station.scan(*HAND_OVER[4:])
    steps = pages.ask(desk.details, ONE_KEY).steps
    assert steps.done == set(Step)
    assert steps.place == "Sorting centre"


def test_only_a_list_that_came_out_counts_and_only_for_its_own_orders(station: Station) -> None:
    house = station.house
    ledger = house.store.ledger

    def picked(order: OrderKey) -> bool:
        return Step.PICK_LIST in house.call(lambda: order_steps(house.store.db, order)).done

    slips.print_pick_list(house, [TWO_KEY])
    terms = last(station).terms
    longer = terms.replace(TWO_KEY, f"{ONE_KEY}0")
    job = house.call(lambda: ledger.queue_slip(PaperKind.PICK_LIST, "w", longer, "x"))
    assert house.paper is not None
    house.paper.print_paper(job, PaperKind.PICK_LIST, "w")
    assert last(station).job == job
    assert picked(TWO_KEY)
    assert not picked(ONE_KEY), "a longer number begins with its own"
    only = terms.replace(TWO_KEY, ONE_KEY)
    waiting = house.call(lambda: ledger.queue_slip(PaperKind.PICK_LIST, "v", only, "x"))
    assert not picked(ONE_KEY), "it waits"
    house.paper.print_paper(waiting, PaperKind.PICK_LIST, "v")
    last(station)
    assert picked(ONE_KEY)


def test_a_split_order_is_as_far_as_its_parcels(station: Station) -> None:
    house = station.house
    shipments.split(house, TWO_KEY, ["1=1"], "")

    def steps(order: OrderKey) -> frozenset[Step]:
        return house.call(lambda: order_steps(house.store.db, order)).done

    rows = house.call(
        lambda: house.store.db.rows(
            "SELECT shipment FROM shipment_members WHERE member = ? ORDER BY shipment", (TWO_KEY,)
        )
    )
    first, second = (OrderKey(key) for (key,) in rows)
    slips.print_pick_list(house, [first])
    last(station)
    assert Step.PICK_LIST in steps(first)
    assert Step.PICK_LIST not in steps(TWO_KEY), "half of it"
    slips.print_pick_list(house, [second])
    last(station)
    assert Step.PICK_LIST in steps(TWO_KEY)
