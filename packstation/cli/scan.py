"""``packstation scan``: feeds scans to the station without a window, one answer for each line.

An answer is printed when it is durable and nothing that follows from the scan is awaited any
more: what was printed survives a power cut.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import IO, Any

from packstation.app.scan_feed import ScanFeed
from packstation.core.effects import Answer
from packstation.core.orders import OrderKey
from packstation.core.station import Station
from packstation.core.status import Verdict
from packstation.runtime.engine import Engine

Describe = Callable[[int, Answer], str]
"""Makes one line of words from an answer."""


def order_id(key: OrderKey | None) -> str | None:
    """Return the platform's order number of a store-wide key."""
    return None if key is None else key.partition("/")[2]


def answer_json(
    number: int, scan: str, answer: Answer, station: Station, effects: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return one answer in the form that scripts rely on."""
    return {
        "n": number,
        "scan": scan,
        "verdict": answer.verdict.value,
        "phase": station.phase.value,
        "order": order_id(answer.order),
        "sku": answer.sku,
        "needed": answer.needed,
        "scanned": answer.scanned,
        "missing": answer.missing,
        "reason": answer.reason.value if answer.reason else None,
        "bag": answer.bag,
        "manifest": answer.manifest,
        "messages": list(answer.messages),
        "effects": effects,
        "repaired": answer.repaired,
        "other": order_id(answer.other),
    }


def lines_of(stream: IO[bytes]) -> Iterable[str]:
    """Yield scans as they come, one a line; bytes that are no text become U+FFFD."""
    first = True
    for raw in iter(stream.readline, b""):
        if first:
            raw, first = raw.removeprefix(b"\xef\xbb\xbf"), False
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def feed_lines(
    engine: Engine,
    feed: ScanFeed,
    lines: Iterable[str],
    *,
    as_json: bool,
    describe: Describe,
) -> int:
    """Answer every line; return the process's exit code.

    Args:
        engine: Started.
        feed: Its listener.
        lines: Scans.
        as_json: One JSON object a line instead of words.
        describe: Makes one line of words from an answer.
    """
    for number, text in enumerate(lines, 1):
        answer = feed.ask(engine, text, number)
        if as_json:
            row = answer_json(number, text, answer, engine.station, feed.shown)
            line = json.dumps(row, ensure_ascii=False)
        else:
            line = describe(number, answer)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        if answer.verdict is Verdict.NOT_SAVED:
            return 1
    return 0
