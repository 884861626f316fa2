"""The way of one order from paid to handed over, as a check list of steps that are done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from packstation.core.status import ParcelState


class Step(StrEnum):
    """One step, in the order of the day."""

    PAID = "paid"
    PICK_LIST = "pick_list"
    """It stood on a pick list that came out of a printer; lists in files are not known of."""
    LABEL = "label"
    """A label that may be used came out, or was put on elsewhere."""
    PACKED = "packed"
    """Sealed."""
    BAGGED = "bagged"
    HANDED_OVER = "handed_over"


_LABELLED = frozenset(
    {ParcelState.LABELLED, ParcelState.SEALED, ParcelState.BAGGED, ParcelState.HANDED_OVER}
)
_SEALED = frozenset({ParcelState.SEALED, ParcelState.BAGGED, ParcelState.HANDED_OVER})
_BAGGED = frozenset({ParcelState.BAGGED, ParcelState.HANDED_OVER})


@dataclass(frozen=True, slots=True)
class OrderSteps:
    """What is done of one order; nothing counts as done that is not known to be."""

    done: frozenset[Step] = frozenset()
    place: str = ""
    """Where it was handed over; empty = not said, or not yet."""


def steps_of(
    state: ParcelState | None, *, paid: bool, picked: bool, label: bool, place: str = ""
) -> OrderSteps:
    """Return the steps of one parcel.

    Args:
        state: Of the parcel; None = nobody has begun with it.
        paid: The file says so, or nothing stands against packing it.
        picked: It was on a printed pick list.
        label: A label of it came out.
        place: Where it was handed over.
    """
    told = {
        Step.PAID: paid,
        Step.PICK_LIST: picked,
        Step.LABEL: label or state in _LABELLED,
        Step.PACKED: state in _SEALED,
        Step.BAGGED: state in _BAGGED,
        Step.HANDED_OVER: state is ParcelState.HANDED_OVER,
    }
    done = frozenset(step for step, yes in told.items() if yes)
    return OrderSteps(done, place if Step.HANDED_OVER in done else "")


def together(parcels: Iterable[OrderSteps]) -> OrderSteps:
    """Return the steps of an order in several parcels: done is what is done with each."""
    found = tuple(parcels)
    if not found:
        return OrderSteps()
    done = frozenset.intersection(*(one.done for one in found))
    places = dict.fromkeys(one.place for one in found if one.place)
    return OrderSteps(done, ", ".join(places) if Step.HANDED_OVER in done else "")
