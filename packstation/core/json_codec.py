"""Dataclasses as JSON text and back, exactly, driven by their own annotations.

Codecs are built once per type. Fields that are None are left out; what is absent reads as its
default, else as None, so that a field added later reads older texts.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any

Coder = Callable[[Any], Any]
json_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
"""JSON on one line, without blanks."""


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
    origin = typing.get_origin(annotation)
    if origin is tuple:
        return _tuple_encoder(typing.get_args(annotation))
    if origin is frozenset:
        one = encoder(typing.get_args(annotation)[0])
        return lambda value: sorted(value if one is None else map(one, value))
    if origin is Mapping:
        return _mapping_encoder(*typing.get_args(annotation))
    if dataclasses.is_dataclass(annotation):
        return _dataclass_encoder(annotation)
    if annotation is datetime:
        return datetime.isoformat
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return None if issubclass(annotation, str) else attrgetter("value")
    assert annotation in (str, int, float, bool, Any), f"no codec for {annotation}"
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


def _mapping_encoder(key: Any, item: Any) -> Coder:
    assert encoder(key) is None, f"no codec for a mapping from {key}"
    one = encoder(item)
    if one is None:
        return dict
    return lambda value: {name: one(held) for name, held in value.items()}


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
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (tuple, frozenset) and (origin is frozenset or arguments[1:] == (Ellipsis,)):
        one = decoder(arguments[0])
        return origin if one is None else lambda value: origin([one(item) for item in value])
    if origin is tuple:
        each = [decoder(a) for a in arguments]
        return lambda value: tuple(
            item if code is None else code(item) for code, item in zip(each, value, strict=True)
        )
    if origin is Mapping:
        key, held = map(decoder, arguments)
        if key is None and held is None:
            return dict
        return lambda value: {
            (k if key is None else key(k)): (v if held is None else held(v))
            for k, v in value.items()
        }
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
    coded = tuple((name, code) for name, code in codes.items() if code is not None)
    required = [f.name for f in dataclasses.fields(cls) if f.default is dataclasses.MISSING]
    blank: dict[str, Any] = dict.fromkeys(required)
    names = codes.keys()

    def decode(value: dict[str, Any]) -> Any:
        given = blank | value
        if given.keys() - names:
            given = {name: item for name, item in given.items() if name in codes}
        for name, code in coded:
            if name in value:
                given[name] = code(given[name])
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
