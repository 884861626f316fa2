"""The check list of an order: nothing counts as done that is not known to be."""

from __future__ import annotations

import pytest

from packstation.core.order_steps import OrderSteps, Step, steps_of, together
from packstation.core.status import ParcelState

AFTER_LABEL: tuple[tuple[ParcelState | None, set[Step]], ...] = (
    (None, set()),
    (ParcelState.OPEN, set()),
    (ParcelState.VERIFIED, set()),
    (ParcelState.LABELLED, {Step.LABEL}),
    (ParcelState.SEALED, {Step.LABEL, Step.PACKED}),
    (ParcelState.BAGGED, {Step.LABEL, Step.PACKED, Step.BAGGED}),
    (ParcelState.HANDED_OVER, {Step.LABEL, Step.PACKED, Step.BAGGED, Step.HANDED_OVER}),
    (ParcelState.HELD, set()),
    (ParcelState.RECALLED, set()),
    (ParcelState.VOIDED, set()),
)


def test_every_state_is_named() -> None:
    assert {state for state, _ in AFTER_LABEL} == {None, *ParcelState}


@pytest.mark.parametrize(("state", "done"), AFTER_LABEL)
def test_a_parcels_state_says_what_is_done(state: ParcelState | None, done: set[Step]) -> None:
    steps = steps_of(state, paid=False, picked=False, label=False, place="Gate 3")
    assert steps.done == done
    assert steps.place == ("Gate 3" if Step.HANDED_OVER in done else "")


def test_what_the_parcel_does_not_say_is_told_apart() -> None:
    steps = steps_of(None, paid=True, picked=True, label=True)
    assert steps.done == {Step.PAID, Step.PICK_LIST, Step.LABEL}


def test_an_order_in_several_parcels_is_as_far_as_the_last_of_them() -> None:
    gone = steps_of(ParcelState.HANDED_OVER, paid=True, picked=True, label=True, place="A")
    here = steps_of(ParcelState.SEALED, paid=True, picked=False, label=True)
    assert together((gone, here)) == OrderSteps(frozenset({Step.PAID, Step.LABEL, Step.PACKED}))
    also = steps_of(ParcelState.HANDED_OVER, paid=True, picked=True, label=True, place="B")
    assert together((gone, also)).place == "A, B"
    assert together(()) == OrderSteps()
