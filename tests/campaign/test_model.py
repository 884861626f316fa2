"""The model itself: it must see each kind of mistake, and none where there is none."""

from __future__ import annotations

from typing import Any

from tests.campaign.ledger import Ledger
from tests.campaign.shop import Order, Product, Shop

CUP = Product("G-01", "2100000000012")
SHOP = Shop((CUP,), (Order("CX1", "YTO", ((CUP, 3),)),))


def answer(scan: str, verdict: str, phase: str, missing: int | None, **more: Any) -> dict[str, Any]:
    told = {"scan": scan, "verdict": verdict, "phase": phase, "missing": missing, "order": "CX1"}
    return told | {"reason": None, "bag": None, "effects": []} | more


def one_cup(missing: int) -> dict[str, Any]:
    counts = {"needed": 3, "scanned": 3 - missing}
    return answer(CUP.barcode, "MATCH", "SCANNING", missing, **counts)


def rescan(missing: int) -> dict[str, Any]:
    return answer("CX1", "REPEATED_SCAN", "SCANNING", missing, reason="order_is_open")


def with_two_cups_scanned() -> Ledger:
    ledger = Ledger(SHOP)
    for row in (answer("CX1", "ORDER_OPENED", "SCANNING", 3), one_cup(2), one_cup(1)):
        assert ledger.acknowledge(row) is None
    return ledger


def kind_of(ledger: Ledger, row: dict[str, Any]) -> str | None:
    finding = ledger.acknowledge(row)
    return finding.kind if finding else None


def test_an_acknowledged_scan_that_is_gone_is_a_loss() -> None:
    assert kind_of(with_two_cups_scanned(), rescan(2)) == "lost"


def test_an_order_that_is_not_open_any_more_is_a_loss() -> None:
    opened = answer("CX1", "ORDER_OPENED", "SCANNING", 3)
    assert kind_of(with_two_cups_scanned(), opened) == "lost"


def test_an_acknowledged_scan_that_counts_twice_is_a_double() -> None:
    ledger = Ledger(SHOP)
    ledger.acknowledge(answer("CX1", "ORDER_OPENED", "SCANNING", 3))
    ledger.acknowledge(one_cup(2))
    assert kind_of(ledger, rescan(1)) == "doubled"


def test_a_scan_that_was_cut_off_may_count_or_not_but_never_twice() -> None:
    for missing, kind in ((2, None), (1, None), (0, "doubled"), (3, "lost")):
        ledger = Ledger(SHOP)
        ledger.acknowledge(answer("CX1", "ORDER_OPENED", "SCANNING", 3))
        ledger.acknowledge(one_cup(2))
        ledger.cut_off(CUP.barcode)
        assert ledger.probe([CUP.barcode]) == "CX1"
        assert kind_of(ledger, rescan(missing)) == kind


def test_a_number_on_two_parcels_is_a_double() -> None:
    ledger = with_two_cups_scanned()
    assert ledger.teach_numbers({"CX1": "YT1"}) is None
    finding = ledger.teach_numbers({"CX1": "YT2"})
    assert finding is not None
    assert finding.kind == "doubled"


def complete(ledger: Ledger) -> None:
    printed = {"kind": "PrintLabel", "tracking_number": "YT1", "copy": 1}
    counts = {"needed": 3, "scanned": 3, "effects": [printed]}
    last = answer(CUP.barcode, "ORDER_COMPLETE", "CONFIRMING", 0, **counts)
    assert ledger.acknowledge(last) is None


def reprinted(copy: int = 2) -> Ledger:
    ledger = with_two_cups_scanned()
    complete(ledger)
    printed = {"kind": "PrintLabel", "tracking_number": "YT1", "copy": copy}
    again = answer("PSCMDREPRINT", "REPRINTED", "CONFIRMING", 0, effects=[printed])
    assert ledger.acknowledge(again) is None
    return ledger


CODES = {"PSP1": ("CX1", 1), "PSP2": ("CX1", 2)}


def test_a_reprint_is_sealed_by_the_code_of_its_newest_copy_alone() -> None:
    for scan, wrong in (("YT1", True), ("PSP1", True), ("PSP2", False)):
        ledger = reprinted()
        assert ledger.teach_copies(CODES) is None
        sealed = answer(scan, "SEALED", "IDLE", 0)
        assert (kind_of(ledger, sealed) is not None) is wrong, scan


def test_a_reprint_that_is_gone_is_a_loss_and_one_that_nobody_asked_for_a_double() -> None:
    lost = reprinted().teach_copies({"PSP1": ("CX1", 1)})
    assert lost is not None
    assert lost.kind == "lost"
    doubled = reprinted().teach_copies(CODES | {"PSP3": ("CX1", 3)})
    assert doubled is not None
    assert doubled.kind == "doubled"


def test_a_reprint_that_was_cut_off_is_settled_by_the_print_journal() -> None:
    for codes, label in (({"PSP1": ("CX1", 1)}, "YT1"), (CODES, "PSP2")):
        ledger = with_two_cups_scanned()
        complete(ledger)
        ledger.cut_off("PSCMDREPRINT")
        assert ledger.teach_copies(codes) is None
        assert {state.label_of("CX1") for state in ledger.beliefs} == {label}
        assert kind_of(ledger, answer(label, "SEALED", "IDLE", 0)) is None
