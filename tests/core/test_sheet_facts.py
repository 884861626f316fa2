"""Facts of files that go out are append-only: kinds and fields are complete and in order."""

from __future__ import annotations

import dataclasses
import typing

import pytest

from packstation.core import facts
from packstation.core.sheet_facts import AnySheetFact
from packstation.core.sheets import RowState

FIELDS = {
    "shipments_written": "batch shop orders numbers carriers layout file digest",
    "shipment_results_taken": "batch done failed",
    "carrier_sheet_written": "sheet carrier orders file digest",
    "carrier_numbers_taken": "sheet carrier pairs",
    "orders_exported": "export upto_us orders files scope",
    "wave_made": "wave orders at",
    "wave_ended": "wave",
    "carrier_sheet_ended": "sheet",
}
KINDS = typing.get_args(AnySheetFact)


def name(kind: type) -> str:
    return facts.kind(object.__new__(kind))


def test_kinds_are_only_ever_appended() -> None:
    assert [name(kind) for kind in KINDS] == list(FIELDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_fields_are_only_ever_appended(kind: type) -> None:
    assert " ".join(f.name for f in dataclasses.fields(kind)) == FIELDS[name(kind)]


def test_the_states_of_a_row_are_only_ever_appended() -> None:
    assert [state.value for state in RowState] == ["written", "done", "failed"]
