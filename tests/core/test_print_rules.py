"""Who may print what again: every role with every action, every parcel with every label."""

from __future__ import annotations

from itertools import product

import pytest

from packstation.core.orders import WhyNot
from packstation.core.parcels import Label
from packstation.core.print_rules import (
    ENTITLED,
    NoReprint,
    PrintAction,
    SpoilReason,
    may_print,
    reprint_action,
    why_no_reprint,
)
from packstation.core.status import ParcelState, PrintOutcome
from packstation.settings import Role
from tests.builders import yt

MATRIX = """
    reprint_at_table  packer supervisor
    reprint_unpacked  packer supervisor
    reprint_packed    supervisor
    start_batch       packer supervisor print_only
    settle_batch      packer supervisor print_only
"""
ALLOWED = {
    (role, action)
    for action, *roles in (line.split() for line in MATRIX.strip().splitlines())
    for role in roles
}
SOMETHING = Label("job-1", yt(1), 1, PrintOutcome.SENT)
PACKED = {ParcelState.SEALED, ParcelState.BAGGED, ParcelState.RECALLED}
UNPACKED = {ParcelState.OPEN, ParcelState.VERIFIED, ParcelState.LABELLED}


@pytest.mark.parametrize(("role", "action"), list(product(Role, PrintAction)))
def test_every_role_may_do_what_the_matrix_says_and_nothing_else(
    role: Role, action: PrintAction
) -> None:
    assert may_print(role.value, action) is ((role.value, action.value) in ALLOWED)


@pytest.mark.parametrize("role", ["nobody", "admin", "PACKER", "Supervisor", " "])
@pytest.mark.parametrize("action", list(PrintAction))
def test_a_role_that_nobody_knows_may_do_nothing(role: str, action: PrintAction) -> None:
    assert not may_print(role, action)


@pytest.mark.parametrize("action", list(PrintAction))
def test_without_operators_everybody_may(action: PrintAction) -> None:
    assert may_print("", action)


def test_the_matrix_is_whole_and_a_supervisor_may_do_everything() -> None:
    assert set(ENTITLED) == set(PrintAction)
    assert all(Role.SUPERVISOR.value in roles for roles in ENTITLED.values())
    assert {role for roles in ENTITLED.values() for role in roles} == {r.value for r in Role}


@pytest.mark.parametrize("state", [None, *ParcelState])
def test_only_a_label_of_a_parcel_in_this_house_is_printed_again(state: ParcelState | None) -> None:
    outcomes = (None, *PrintOutcome)
    roles = ("", *(role.value for role in Role))
    reasons = (None, WhyNot.SHIPPED, WhyNot.CANCELLED, WhyNot.HELD)
    for outcome, role, why_not, open_ in product(outcomes, roles, reasons, (False, True)):
        label = Label("job-1", yt(1), 1, outcome) if outcome else None
        no = why_no_reprint(state, label, role, why_not=why_not, at_bench=open_)
        ended = outcome in {"SENT", "CONFIRMED", "FAILED", "UNKNOWN", "CANCELLED"}
        goes = why_not in (None, WhyNot.SHIPPED) and not open_ and ended
        clerk = role in ("", "packer", "supervisor")
        may = (state in UNPACKED and clerk) or (state in PACKED and role in ("", "supervisor"))
        assert (no is None) is (goes and may), (outcome, role, why_not, open_, no)


@pytest.mark.parametrize(
    ("state", "more", "no"),
    [
        (ParcelState.HANDED_OVER, {}, NoReprint.HANDED_OVER),
        (ParcelState.VOIDED, {}, NoReprint.NOTHING_TO_REPRINT),
        (ParcelState.HELD, {}, NoReprint.STOPPED),
        (ParcelState.SEALED, {"why_not": WhyNot.CANCELLED}, NoReprint.STOPPED),
        (ParcelState.LABELLED, {"at_bench": True}, NoReprint.AT_BENCH),
        (ParcelState.SEALED, {}, NoReprint.NOT_ENTITLED),
    ],
)
def test_a_reprint_that_is_refused_says_why(
    state: ParcelState, more: dict[str, object], no: NoReprint
) -> None:
    assert why_no_reprint(state, SOMETHING, "packer", **more) is no  # type: ignore[arg-type] # named


def test_what_left_is_said_before_who_asks() -> None:
    assert why_no_reprint(ParcelState.HANDED_OVER, SOMETHING, "print_only") is (
        NoReprint.HANDED_OVER
    )


def test_a_packed_parcel_is_one_whose_box_is_closed() -> None:
    packed = {state for state in ParcelState if reprint_action(state).value == "reprint_packed"}
    assert packed == PACKED


def test_the_reasons_of_spoiled_labels_are_only_ever_appended() -> None:
    words = "damaged unreadable jam lost wrong_paper other"
    assert [reason.value for reason in SpoilReason] == words.split()
