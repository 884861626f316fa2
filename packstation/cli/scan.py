"""``packstation scan``: feeds scans to the station without a window, one answer for each line.

An answer is printed when it is durable and nothing that follows from the scan is awaited any
more: what was printed survives a power cut.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

from packstation.core.effects import Answer, Effect, PrintBagLabel, PrintLabel, PrintReceipt
from packstation.core.events import CodeScanned, LabelQueued
from packstation.core.orders import OrderKey
from packstation.core.station import SavedStation, Station
from packstation.core.status import Verdict
from packstation.i18n import Translator
from packstation.runtime.engine import Engine, Runner
from packstation.ui.texts import explain

SETTLE_S = 60.0
"""Longest wait for one answer; a printer that takes longer is given up by its own room first."""
TICK_S = 0.05


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
    }


@dataclass
class ScanFeed:
    """Listener and loop of a station without a window; everything runs on one thread."""

    awake: threading.Event = field(default_factory=threading.Event)
    """Set from any thread when the engine has something to do."""
    answer: Answer | None = None
    """The newest answer since the last scan."""
    shown: list[dict[str, Any]] = field(default_factory=list)
    """Paper that was ordered since the last scan."""

    def answered(self, answer: Answer, station: Station) -> None:
        """Keep the newest answer: what a printer says after a scan belongs to its line."""
        self.answer = answer

    def recorded(self, answer: Answer) -> None:
        """Nothing to do: the loop waits until all is durable."""

    def label_queued(self, event: LabelQueued) -> None:
        """Nothing to do: the effect that prints it is shown."""

    def settled(self, station: Station) -> None:
        """Nothing to do: the loop asks."""

    def watch(self, runner: Runner) -> Runner:
        """Return the runner with the paper it is told to print written down for the answers."""
        return _WatchedRunner(runner, self)

    def ask(self, engine: Engine, text: str, number: int) -> Answer:
        """Feed one scan and wait for its durable answer.

        Raises:
            TimeoutError: The house did not settle.
        """
        self.answer = None
        self.shown = []
        engine.post(CodeScanned(text, datetime.now(UTC), number, "line"))
        self.settle(engine)
        if self.answer is None:
            raise TimeoutError("a scan was not answered")
        return self.answer

    def settle(self, engine: Engine) -> None:
        """Drain until nothing is awaited, or nothing can be saved any more."""
        give_up_at = time.monotonic() + SETTLE_S
        while True:
            self.awake.clear()
            engine.drain()
            if engine.idle or engine.station.failed is not None:
                return
            if time.monotonic() > give_up_at:
                raise TimeoutError("the station did not settle")
            self.awake.wait(TICK_S)


class _WatchedRunner:
    def __init__(self, runner: Runner, feed: ScanFeed) -> None:
        self._runner = runner
        self._feed = feed

    def run(self, effects: tuple[Effect, ...], saved: SavedStation, answer: Answer | None) -> None:
        """Write paper down, then run."""
        for effect in effects:
            match effect:
                case PrintLabel():
                    shown: dict[str, Any] = {
                        "kind": "PrintLabel",
                        "tracking_number": effect.tracking_number,
                        "copy": effect.copy,
                    }
                case PrintBagLabel():
                    shown = {"kind": "PrintBagLabel", "bag": effect.bag}
                case PrintReceipt():
                    shown = {"kind": "PrintReceipt", "manifest": effect.manifest}
                case _:
                    continue
            self._feed.shown.append(shown)
        self._runner.run(effects, saved, answer)


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
    write: IO[str] = sys.stdout,
    as_json: bool,
    describe: Any = None,
) -> int:
    """Answer every line; return the process's exit code.

    Args:
        engine: Started.
        feed: Its listener.
        lines: Scans.
        write: Where answers go, flushed line by line.
        as_json: One JSON object a line instead of words.
        describe: Makes one line of words from an answer.
    """
    for number, text in enumerate(lines, 1):
        answer = feed.ask(engine, text, number)
        if as_json:
            row = answer_json(number, text, answer, engine.station, feed.shown)
            line = json.dumps(row, ensure_ascii=False)
        else:
            line = describe(number, text, answer, engine.station)
        write.write(line + "\n")
        write.flush()
        if answer.verdict is Verdict.NOT_SAVED:
            return 1
    return 0


def describe(
    number: int, scan: str, answer: Answer, station: Station, translator: Translator
) -> str:
    """Return one answer as a line for people."""
    text = explain(answer, translator)
    word = f"{text.sign} {text.word}"
    return f"{number:>4}  {word}  {text.sentence} {text.todo}".rstrip()
