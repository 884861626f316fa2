"""A station without a window: feeds scans to the engine and waits for durable answers."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from packstation.core.effects import (
    Answer,
    Effect,
    GiveUpPrint,
    PrintBagLabel,
    PrintLabel,
    PrintReceipt,
)
from packstation.core.events import CodeScanned, LabelQueued
from packstation.core.station import SavedStation, Station
from packstation.core.status import Verdict
from packstation.i18n import Translator
from packstation.runtime.engine import Engine, Runner
from packstation.ui.texts import explain

SETTLE_S = 60.0
"""Longest wait for one answer; a printer that takes nothing says so long before."""
TICK_S = 0.05


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

    def ask(self, engine: Engine, text: str, number: int, source: str = "line") -> Answer:
        """Feed one scan and wait for its durable answer.

        Raises:
            TimeoutError: The house did not settle.
        """
        self.answer = None
        self.shown = []
        engine.post(CodeScanned(text, datetime.now(UTC), number, source))
        self.settle(engine)
        return self._told()

    def _told(self) -> Answer:
        if self.answer is None:
            raise TimeoutError("a scan was not answered")
        if self.answer.verdict is Verdict.NOT_SAVED:
            self.shown = []  # ordered after a commit that never came
        return self.answer

    def settle(self, engine: Engine) -> None:
        """Drain until nothing is awaited but a person's hand, or nothing can be saved any more."""
        give_up_at = time.monotonic() + SETTLE_S
        while True:
            self.awake.clear()
            engine.drain()
            if engine.at_rest or engine.station.failed is not None:
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
                case GiveUpPrint():
                    shown = {"kind": "GiveUpPrint", "job": effect.job}
                case PrintBagLabel():
                    shown = {"kind": "PrintBagLabel", "bag": effect.bag}
                case PrintReceipt():
                    shown = {"kind": "PrintReceipt", "manifest": effect.manifest}
                case _:
                    continue
            self._feed.shown.append(shown)
        self._runner.run(effects, saved, answer)


def describe(number: int, answer: Answer, translator: Translator) -> str:
    """Return one answer as a line for people."""
    text = explain(answer, translator)
    return f"{number:>4}  {text.sign} {text.word}  {text.sentence} {text.todo}".rstrip()
