"""The process in which an export is understood: limits on itself first, then orders as JSON lines.

Run as ``python -m packstation.exchange.import_child``. One line in, an ``ImportJob``; lines out::

    {"progress": 500}                             rows read so far
    {"head": {"platform": …, "rows": …}}          every row was read and taken apart
    [{"shop": …, "lines": […]}, {"name": …}, 731] an order, its person, bytes of the order's text
    {"tail": {"refused": […], …}}                 the end
    {"refused": {"code": …, "message": …}}        the end, instead of anything above

Limits are those of ``table_child``, for all files together.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any

from packstation.core.imports import ImportHead
from packstation.core.json_codec import decoder, encoder, json_text, to_text
from packstation.core.orders import ImportedOrder, Person
from packstation.exchange.import_job import ImportJob
from packstation.exchange.import_work import Work
from packstation.exchange.table_child import answer_once, send

NICENESS = 5
"""The window goes first: it is waited for with every scan."""


def _work(message: dict[str, Any]) -> None:
    # What is read here is a tree without circles; looking for some costs a tenth of the time.
    gc.disable()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    decode, encode_person = decoder(ImportJob), encoder(Person)
    assert decode is not None, "a job is a dataclass"
    assert encode_person is not None, "a person is a dataclass"
    person_values, write = encode_person, sys.stdout.buffer.write

    def begin(head: ImportHead) -> None:
        send({"head": _values(head)})

    def take(one: ImportedOrder) -> None:
        order = to_text(one.order).encode("utf-8", "surrogatepass")
        person = json_text(person_values(one.person)).encode("utf-8", "surrogatepass")
        write(b"[%b,%b,%d]\n" % (order, person, len(order)))

    tail = Work(decode(message)).run(lambda rows: send({"progress": rows}), begin, take)
    send({"tail": _values(tail)})


def _values(told: Any) -> Any:
    kind: Any = type(told)
    code = encoder(kind)
    assert code is not None, "what is told is a dataclass"
    return code(told)


def main() -> None:
    """Answer for one export."""
    answer_once(_work, lambda job: " and ".join(Path(path).name for path in job["paths"]))


if __name__ == "__main__":
    main()
