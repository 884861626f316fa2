from __future__ import annotations

import dataclasses
import json
import typing
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packstation.core.orders import Order
from packstation.core.station import (
    CountedBag,
    DockStep,
    OpenBag,
    OpenHandover,
    SavedStation,
    StepKind,
    Stop,
)
from packstation.core.status import Phase, Reason, Verdict
from packstation.store.record_codec import (
    FACT_TYPES,
    body_of,
    fact_from_row,
    from_text,
    kind_of,
    order_imported_body,
    to_text,
)
from tests.store.builders import YTO, key, order

# What each base type of a fact's field is drawn from; built from annotations as the codec is.
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def strategy(annotation: Any) -> st.SearchStrategy[Any]:
    while hasattr(annotation, "__supertype__"):
        annotation = annotation.__supertype__
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return st.lists(strategy(arguments[0]), max_size=3).map(tuple)
        return st.tuples(*(strategy(a) for a in arguments))
    if arguments:
        return st.one_of(*(st.none() if a is type(None) else strategy(a) for a in arguments))
    if dataclasses.is_dataclass(annotation):
        hints = typing.get_type_hints(annotation)
        assert isinstance(annotation, type)
        return st.builds(
            annotation, **{f.name: strategy(hints[f.name]) for f in dataclasses.fields(annotation)}
        )
    if annotation is str:
        return _TEXT
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return st.integers(-(2**53), 2**53)
    if annotation is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if annotation is datetime:
        # Fixed offsets: Python calls no time equal that a zone has twice or not at all.
        offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
        return st.datetimes(timezones=offsets)
    return st.sampled_from(list(annotation))


@pytest.mark.parametrize("kind", sorted(FACT_TYPES))
def test_a_fact_comes_back_exactly(kind: str) -> None:
    @settings(max_examples=20)
    @given(strategy(FACT_TYPES[kind]))
    def comes_back(fact: Any) -> None:
        body = body_of(fact)
        assert kind_of(fact) == kind
        assert json.loads(body)["schema"] == 1
        assert fact_from_row(kind, body) == fact

    comes_back()


def test_a_saved_station_comes_back_exactly() -> None:
    saved = SavedStation(
        phase=Phase.HANDOVER,
        order=key(1),
        message_pending=True,
        stop=Stop(Verdict.CANCELLED, Reason.CANCELLED, told=False, ends_order=True),
        bag=OpenBag("PSBAG01000001", YTO, 3),
        handover=OpenHandover("PSM1", YTO, (CountedBag("PSBAG01000002", 4),)),
        steps=(DockStep(StepKind.HELD, key(1)), DockStep(StepKind.COUNTED)),
        bag_serial=2,
        manifest_serial=1,
    )
    assert from_text(SavedStation, to_text(saved)) == saved


def test_a_row_of_before_a_field_was_added_reads_its_default() -> None:
    assert from_text(SavedStation, "{}") == SavedStation()


def test_the_body_made_of_a_text_is_the_body_made_of_the_order() -> None:
    from packstation.core.store_facts import OrderImported

    one = order(1)
    assert order_imported_body(to_text(one), "ab") == body_of(OrderImported(one, "ab"))


def test_the_version_is_the_last_field_of_an_order() -> None:
    assert dataclasses.fields(Order)[-1].name == "version"
