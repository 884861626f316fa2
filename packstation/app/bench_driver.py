"""The packer of a measurement: types into the window's process, sees what it answers.

One clock everywhere: ``time.monotonic_ns`` (CLOCK_MONOTONIC), which all processes share.
"""

from __future__ import annotations

import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from packstation.app.bench_display import Display, Hands
from packstation.errors import PackStationError

START_S = 60.0
ANSWER_S = 20.0
"""Longest wait for one answer; then the figure cannot be taken."""
PIXEL_EVERY_S = 0.0004
PIXEL_S = 0.15
"""How long after the paint event a pixel is waited for."""


class NoFigureError(PackStationError):
    """A figure could not be taken."""


def failed(why: str) -> NoFigureError:
    """Return the error of a measurement that broke off."""
    return NoFigureError("bench.failed", f"A figure could not be taken: {why}", why=why)


class Printer:
    """A label printer on the network: takes bytes and notes when."""

    def __init__(self) -> None:
        """Listen on this machine."""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.name = f"tcp://127.0.0.1:{self._socket.getsockname()[1]}"
        self.jobs: deque[tuple[int, int, int]] = deque()
        """Of each label: time of its first byte, time of its end, bytes."""
        self._thread = threading.Thread(target=self._serve, name="bench_printer", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line:
                first, size = 0, 0
                try:
                    while taken := line.recv(1 << 16):
                        first = first or time.monotonic_ns()
                        size += len(taken)
                except OSError:
                    continue
                self.jobs.append((first, time.monotonic_ns(), size))

    def close(self) -> None:
        """Stop listening."""
        # Closing alone does not wake a thread that accepts.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5.0)


@dataclass(slots=True)
class Seen:
    """One scan, as it was answered."""

    text: str
    entered_ns: int
    """When Enter was sent."""
    painted_ns: int = 0
    pixel_ns: int = 0
    """When the X server was first seen to show something else; 0 = it looks the same."""
    verdict: str = ""
    answered_as: str = ""
    """The text that the window has answered."""

    @property
    def painted_ms(self) -> float:
        """From Enter to the end of the paint event."""
        return (self.painted_ns - self.entered_ns) / 1e6

    @property
    def pixel_ms(self) -> float:
        """From Enter to the pixel."""
        return (self.pixel_ns - self.entered_ns) / 1e6


class Packer:
    """One window process, and the hands that type into it."""

    def __init__(self, data: Path, display: Display) -> None:
        """Start the process and wait until its window is there.

        Raises:
            NoFigureError: It ended, or did not come in time.
        """
        root = Path(__file__).resolve().parents[2]
        paths = (str(root), os.environ.get("PYTHONPATH", ""))
        environment = {
            **os.environ,
            "DISPLAY": display.name,
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        }
        self._hands = Hands(display.name)
        self._errors = (data.parent / "window.log").open("ab")
        self.started_ns = time.monotonic_ns()
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "packstation.app.bench_window", str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
        )
        self._text = b""
        self._window = 0
        self._box = (0, 0, 1, 1)
        self._scans: list[Seen] = []
        self.labels: deque[str] = deque()
        """Numbers of labels that were asked for and not yet taken from here."""
        self.phase = ""
        """As of the last time that nothing was awaited."""
        self.imported: dict[str, Any] | None = None
        """What the window told of the import it was asked for last."""
        try:
            self.wait(lambda: bool(self._window), "the window did not come", timeout_s=START_S)
            self._hands.focus(self._window)
        except BaseException:
            self.close()
            raise

    # What the window says

    def wait(self, until: Callable[[], bool], why: str, *, timeout_s: float = ANSWER_S) -> None:
        """Listen to the window until something holds.

        Raises:
            NoFigureError: It did not in time, or the process ended.
        """
        give_up_at = time.monotonic() + timeout_s
        while not until():
            if not self.listen(0.05) and time.monotonic() > give_up_at:
                raise failed(why)

    def listen(self, timeout_s: float) -> bool:
        """Take what the window has said within a time; True when it said something.

        Raises:
            NoFigureError: The process has ended.
        """
        stream = self.process.stdout
        assert stream is not None, "it was started with a pipe"
        if not select.select([stream], [], [], timeout_s)[0]:
            return False
        taken = os.read(stream.fileno(), 1 << 16)
        if not taken:
            raise failed(f"the window's process ended with {self.process.wait(10)}")
        *lines, self._text = (self._text + taken).split(b"\n")
        for line in lines:
            self._hear(json.loads(line))
        return True

    def _hear(self, told: dict[str, Any]) -> None:
        match told["what"]:
            case "ready":
                left, top, wide, high = told["band"]
                # One row through sign, word and count.
                self._box = (left, top + high * 38 // 100, wide, 1)
                self._window = told["window"]
            case "painted":
                self._scan(told["number"]).painted_ns = told["at"]
            case "answer":
                seen = self._scan(told["number"])
                seen.verdict, seen.answered_as = told["verdict"], told["text"]
            case "label":
                self.labels.append(told["number"])
            case "settled":
                self.phase = told["phase"]
            case "imported":
                self.imported = told
            case what:
                raise failed(f"the window said {what}")

    def _scan(self, number: int) -> Seen:
        if not 1 <= number <= len(self._scans):
            raise failed(f"the window answered scan {number} of {len(self._scans)}")
        return self._scans[number - 1]

    # What the packer does

    def send(self, text: str, *, key_gap_ms: int = 1) -> Seen:
        """Type a code and do not wait for its answer."""
        # Before Enter is out: the window may answer while the hands are still busy.
        seen = Seen(text, 0)
        self._scans.append(seen)
        self.phase = ""
        seen.entered_ns = self._hands.type_scan(text, key_gap_ms=key_gap_ms)
        return seen

    def answered(self, seen: Seen) -> None:
        """Wait for a scan's answer."""
        self.wait(lambda: bool(seen.verdict and seen.painted_ns), f"no answer to {seen.text}")

    def scan(self, text: str, *, key_gap_ms: int = 1) -> Seen:
        """Type a code and wait until its answer is painted."""
        seen = self.send(text, key_gap_ms=key_gap_ms)
        self.answered(seen)
        return seen

    def watched_scan(self, text: str) -> Seen:
        """Type a code, wait for its answer, and look at the X server meanwhile."""
        before = self._hands.pixels(self._window, self._box)
        seen = self.send(text)
        give_up_ns = seen.entered_ns + int(ANSWER_S * 1e9)
        while True:
            if not seen.pixel_ns and self._hands.pixels(self._window, self._box) != before:
                seen.pixel_ns = time.monotonic_ns()
            self.listen(PIXEL_EVERY_S)
            now = time.monotonic_ns()
            if seen.verdict and seen.painted_ns:
                if seen.pixel_ns or now > seen.painted_ns + PIXEL_S * 1e9:
                    return seen
            elif now > give_up_ns:
                raise failed(f"no answer to {text}")

    def settled(self) -> str:
        """Wait until nothing is awaited, and return the phase."""
        self.wait(lambda: bool(self.phase), "the station did not settle")
        return self.phase

    def memory_mb(self) -> tuple[float, float]:
        """Return resident and proportional memory of the window's process."""
        folder = Path("/proc") / str(self.process.pid)
        return _kilobytes(folder / "status", "VmRSS") / 1024, _kilobytes(
            folder / "smaps_rollup", "Pss"
        ) / 1024

    def begin_import(self, path: Path) -> None:
        """Have the window import a file."""
        assert self.process.stdin is not None, "it was started with a pipe"
        self.imported = None
        self.process.stdin.write(os.fsencode(path) + b"\n")
        self.process.stdin.flush()

    def resident_mb(self) -> tuple[float, float]:
        """Return the resident memory of the window's process, and of what it has started."""
        number, folder = self.process.pid, Path("/proc")
        own = _kilobytes(folder / str(number) / "status", "VmRSS") / 1024
        started = 0.0
        for task in (folder / str(number) / "task").iterdir():
            try:
                for child in (task / "children").read_text(encoding="ascii").split():
                    started += _kilobytes(folder / child / "status", "VmRSS") / 1024
            except (OSError, NoFigureError):
                continue  # it ended just now
        return own, started

    def close(self) -> int:
        """Close the window in order; return the exit code of its process."""
        assert self.process.stdin is not None, "it was started with pipes"
        assert self.process.stdout is not None, "it was started with pipes"
        self.process.stdin.close()
        try:
            code = self.process.wait(60.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process.stdout.close()
        self._errors.close()
        self._hands.close()
        return code

    def __enter__(self) -> Packer:
        """Return the packer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Literal[False]:
        """Close the window; a bad end of its process is an error of its own."""
        code = self.close()
        if error is None and code:
            raise failed(f"the window's process ended with {code}")
        return False


def _kilobytes(path: Path, name: str) -> int:
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise failed(f"{path} has no {name}")
