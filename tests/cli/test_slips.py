"""``packstation print``: slips come out at once, and how they stand is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.core.status import PrintOutcome
from packstation.devices.simulated import Fault, Trouble, VirtualTransport
from tests.app.shop import BAG, HAND_OVER, MANIFEST, ONE, PACK, TWO, Station
from tests.cli.conftest import Run


def handed_over(data: Path) -> None:
    station = Station(data)
    station.scan(*PACK, *HAND_OVER)
    station.close()


@pytest.mark.parametrize(
    ("words", "kind", "key"),
    [
        (("command-sheet",), "command_sheet", "sheet"),
        (("scanner-card",), "scanner_card", "card"),
        (("packing-slip", ONE), "packing_slip", f"main/{ONE}"),
        (("pick-list",), "pick_list", "orders-"),
        (("pick-list", ONE, TWO, "--total"), "pick_list", "orders-"),
        (("pick-list", "--cart", "2"), "pick_list", "orders-"),
    ],
)
def test_a_slip_is_printed_now(run: Run, words: tuple[str, ...], kind: str, key: str) -> None:
    done = run("print", *words, "--json")
    assert done.code == 0, done.err
    (told,) = done.rows()
    assert (told["outcome"], told["detail"]) == ("CONFIRMED", "")
    (job,) = (one for one in run("print-jobs", "--json").rows() if one["kind"] == kind)
    assert job["job"] == told["job"]
    assert job["key"].startswith(key)


def test_a_wave_is_picked_by_its_name(run: Run) -> None:
    (wave,) = run("wave", "make", ONE, TWO, "--json").rows()
    done = run("print", "pick-list", "--wave", wave["wave"].lower())
    assert done.code == 0, done.err
    assert "CONFIRMED" in done.out
    jobs = run("print-jobs", "--json").rows()
    assert jobs[-1]["key"].startswith(f"{wave['wave']}-")
    assert "[" in run("print", "pick-list", "--wave", "W09-0001").err


def test_counts_that_differ_are_printed_for_both_to_sign(run: Run, data: Path) -> None:
    handed_over(data)
    done = run("print", "discrepancy", MANIFEST, f"{BAG}=0", "--reason", "torn", "--json")
    assert done.code == 0, done.err
    assert done.rows()[0]["outcome"] == "CONFIRMED"
    for words, code in (
        ((MANIFEST, BAG), "print.bad_count"),
        ((MANIFEST, f"{BAG}=-1"), "print.bad_count"),
        ((MANIFEST, f"{BAG}=²"), "print.bad_count"),
        ((MANIFEST, "PSBAG01999999=1"), "print.bag_not_in_manifest"),
        (("PSM00000000", f"{BAG}=1"), "store.no_such_manifest"),
    ):
        refused = run("print", "discrepancy", *words)
        assert (refused.code, f"[{code}]" in refused.err, refused.out) == (1, True, "")


def test_orders_that_are_not_there_are_refused(run: Run) -> None:
    assert "[orders.not_found]" in run("print", "packing-slip", "none").err
    assert "[orders.not_found]" in run("print", "pick-list", "none").err


def test_a_slip_whose_end_is_not_known_is_no_success(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = VirtualTransport.__init__

    def broken(self: VirtualTransport, *arguments: object, **more: object) -> None:
        made(self, *arguments, **more)  # type: ignore[arg-type]
        self.fault = Fault(Trouble.UNPLUGGED, 300)

    monkeypatch.setattr(VirtualTransport, "__init__", broken)
    done = run("print", "scanner-card", "--json")
    assert done.code == 1
    assert done.rows()[0]["outcome"] == PrintOutcome.UNKNOWN
    assert "look at the printer" in done.err
