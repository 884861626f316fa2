"""Facts and saved stations as JSON text and back; see ``core.json_codec`` for the form."""

from __future__ import annotations

import typing
from typing import Any

from packstation.core import facts as bench_facts
from packstation.core import store_facts
from packstation.core.json_codec import decoder, encoder, from_text, json_text, to_text

__all__ = ["AnyFact", "body_of", "decoder", "encoder", "fact_from_row", "from_text", "json_text",
    "kind_of", "order_imported_body", "to_text"]  # fmt: skip

SCHEMA = 1
"""Version of the form of a journal body, kept inside each."""

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
