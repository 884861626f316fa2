"""Facts and saved stations as JSON text and back, exactly, driven by their own annotations.

Codecs are built once per type. Fields that are None are left out; what is absent reads as its
default, else as None, so that a field added later reads older rows.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any

from packstation.core import facts as bench_facts
from packstation.core import store_facts

SCHEMA = 1
"""Version of the form of a journal body, kept inside each."""

Coder = Callable[[Any], Any]
json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
"""JSON on one line, without blanks."""
AnyFact = bench_facts.Fact | store_facts.StoreFact

FACT_TYPES: dict[str, type] = {
    bench_facts.kind(cls.__new__(cls)): cls
    for cls in (*typing.get_args(bench_facts.Fact), *typing.get_args(store_facts.StoreFact))
}
"""Every kind of fact by its name in the journal."""
_KINDS: dict[type, str] = {cls: name for name, cls in FACT_TYPES.items()}


def kind_of(fact: AnyFact) -> str:
    """Return the journal's name of a fact's kind."""
    return _KINDS[type(fact)]


def _optional(annotation: Any) -> tuple[Any, bool]:
    """Take ``| None`` off an annotation."""
    origin = typing.get_origin(annotation)
    if origin in (types.UnionType, typing.Union):
        rest = [a for a in typing.get_args(annotation) if a is not type(None)]
        assert len(rest) == 1, f"no codec for {annotation}"
        return rest[0], True
    return annotation, False


def _base(annotation: Any) -> Any:
    while hasattr(annotation, "__supertype__"):
        annotation = annotation.__supertype__
    return annotation


@cache
def encoder(annotation: Any) -> Coder | None:
    """Return what turns a value of a type into JSON values; None where it is one already."""
    annotation, optional = _optional(annotation)
    inner = _encoder(_base(annotation))
    if inner is None or not optional:
        return inner
    return lambda value: None if value is None else inner(value)


def _encoder(annotation: Any) -> Coder | None:
    if typing.get_origin(annotation) is tuple:
        return _tuple_encoder(typing.get_args(annotation))
    if dataclasses.is_dataclass(annotation):
        return _dataclass_encoder(annotation)
    if annotation is datetime:
        return datetime.isoformat
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return None if issubclass(annotation, str) else attrgetter("value")
    assert annotation in (str, int, bool), f"no codec for {annotation}"
    return None


def _tuple_encoder(arguments: tuple[Any, ...]) -> Coder | None:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        one = encoder(arguments[0])
        return None if one is None else lambda value: [one(item) for item in value]
    each = [encoder(a) for a in arguments]
    if not any(each):
        return None
    return lambda value: [
        item if code is None else code(item) for code, item in zip(each, value, strict=True)
    ]


def _dataclass_encoder(cls: Any) -> Coder:
    hints = typing.get_type_hints(cls)
    names = [f.name for f in dataclasses.fields(cls)]
    coded = [(name, code) for name in names if (code := encoder(hints[name])) is not None]
    if not names:
        return lambda value: {}
    if len(names) == 1:
        (only,) = names
        get: Coder = lambda value: (getattr(value, only),)  # noqa: E731
    else:
        get = attrgetter(*names)

    def encode(value: Any) -> dict[str, Any]:
        told = {k: v for k, v in zip(names, get(value), strict=True) if v is not None}
        for name, code in coded:
            if name in told:
                told[name] = code(told[name])
        return told

    return encode


@cache
def decoder(annotation: Any) -> Coder | None:
    """Return what turns JSON values back into a type; None where nothing is to be done."""
    annotation, optional = _optional(annotation)
    inner = _decoder(_base(annotation))
    if inner is None or not optional:
        return inner
    return lambda value: None if value is None else inner(value)


def _decoder(annotation: Any) -> Coder | None:
    if typing.get_origin(annotation) is tuple:
        arguments = typing.get_args(annotation)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            one = decoder(arguments[0])
            return tuple if one is None else lambda value: tuple(one(item) for item in value)
        each = [decoder(a) for a in arguments]
        return lambda value: tuple(
            item if code is None else code(item) for code, item in zip(each, value, strict=True)
        )
    if dataclasses.is_dataclass(annotation):
        return _dataclass_decoder(annotation)
    if annotation is datetime:
        return datetime.fromisoformat
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return annotation
    return None


def _dataclass_decoder(cls: Any) -> Coder:
    hints = typing.get_type_hints(cls)
    codes = {f.name: decoder(hints[f.name]) for f in dataclasses.fields(cls)}
    required = [f.name for f in dataclasses.fields(cls) if f.default is dataclasses.MISSING]
    blank: dict[str, Any] = dict.fromkeys(required)

    def decode(value: dict[str, Any]) -> Any:
        given = dict(blank)
        for name, item in value.items():
            if name in codes:
                code = codes[name]
                given[name] = item if code is None else code(item)
        return cls(**given)

    return decode


def to_text(value: object) -> str:
    """Return a dataclass as one line of JSON."""
    cls: Any = type(value)
    code = encoder(cls)
    return json_text(code(value) if code else value)


def from_text(cls: type, text: str) -> Any:
    """Return the dataclass that a text was made of."""
    code = decoder(cls)
    value = json.loads(text)
    return code(value) if code else value


def body_of(fact: AnyFact) -> str:
    """Return a fact as a journal body."""
    cls: Any = type(fact)
    code = encoder(cls)
    assert code is not None, "every fact is a dataclass"
    return json_text({"schema": SCHEMA, **code(fact)})


def order_imported_body(order_text: str, content: str) -> str:
    """Return what ``body_of`` gives for an OrderImported whose order is text already.

    >>> order_imported_body("{}", "ab")
    '{"schema":1,"order":{},"content":"ab"}'
    """
    return f'{{"schema":{SCHEMA},"order":{order_text},"content":"{content}"}}'


def fact_from_row(kind: str, body: str) -> AnyFact:
    """Return the fact of a journal row; the exact inverse of ``kind_of`` and ``body_of``."""
    found: AnyFact = from_text(FACT_TYPES[kind], body)
    return found
