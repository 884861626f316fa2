"""Keys to scans by timing: a scanner that types (keyboard wedge) is told from a person.

Pure: no clock, no toolkit. Whoever sees the keys hands them in with the times of their events,
asks ``deadline_ms`` when to look again, and does what the decisions say. A key is never lost: it is
part of a scan, or it is given back, in order.

Measured on a loaded machine: a scanner at 1 ms a key leaves gaps up to 35 ms, so gaps are judged
by their median; X11 reports a double character as auto-repeat, so that is never dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from math import inf
from statistics import median
from typing import Generic, TypeVar

K = TypeVar("K")
"""What the caller wants back with each key, for example a copy of the event."""


class Role(Enum):
    """What a key can do in a burst."""

    CHARACTER = "character"
    """Begins or continues one; control characters too, so that a code cannot press shortcuts."""
    END = "end"
    """Enter, Return or Tab: ends one."""
    OTHER = "other"
    """Arrows and such: part of a running burst, free otherwise."""


@dataclass(frozen=True, slots=True)
class Key(Generic[K]):
    """One key press."""

    text: str
    """What it adds to a scan."""
    at_ms: int
    """Time of the event in milliseconds, of the windowing system, not of its delivery."""
    payload: K
    role: Role = Role.CHARACTER
    in_field: bool = False
    """True when a text field has the focus, so that the key may be a person's."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A burst was a scan."""

    text: str
    at_ms: int
    """Time of its last key."""
    spilled: int = 0
    """Characters of it that a stall had let into the text field: take them out again."""


@dataclass(frozen=True, slots=True)
class Replay(Generic[K]):
    """A person's keys: do with them what they would have done, in this order."""

    keys: tuple[K, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """Limits in milliseconds and keys; the defaults suit scanners at 1-20 ms a key."""

    join_ms: int = 50
    """Longest gap inside a burst while a text field has the focus."""
    loose_ms: int = 150
    """Longest gap after one or two keys elsewhere: a person may have pressed a button by key."""
    fast_ms: float = 22
    """Largest median gap of a machine; typing and auto-repeat have 25 and more."""
    silent_field_ms: float = 10
    """The same for a burst that no Enter ends in a text field, where a person may type fast."""
    silence_ms: int = 80
    """Ends a fast burst once a scanner without Enter was seen."""
    patient_ms: int = 400
    """The same while an Enter is expected: a longer stall must not halve a code."""
    late_end_ms: int = 500
    """An Enter this late after a scan ended by silence belongs to it and is swallowed."""
    least_silent: int = 6
    """Shortest text that silence alone may make a scan."""
    least_in_field: int = 4
    """Shortest text that Enter makes a scan while a text field has the focus."""
    most_spilled: int = 2
    """So few keys given back just before a burst are its own: its sender has stalled."""
    rejoin_ms: int = 1000
    """Time after which they are nobody's any more."""
    rejoin_field_ms: int = 300
    """The same in a text field."""
    most: int = 512
    """Keys held at most; no code is that long."""


class Wedge(Generic[K]):
    """Collects key presses; belongs to one thread."""

    def __init__(self, timing: Timing | None = None) -> None:
        """Hold nothing yet."""
        self._timing = timing or Timing()
        self._held: list[Key[K]] = []
        self._swallow_until_ms: int | None = None
        self._typed_ms: int | None = None
        self._suffix_expected = True
        self._spilled: list[Key[K]] = []
        self._a_person = False

    @property
    def holding(self) -> bool:
        """True while keys wait for a decision."""
        return bool(self._held)

    @property
    def deadline_ms(self) -> int | None:
        """Event time from which silence decides; None while nothing is held."""
        return self._held[-1].at_ms + self._limit() + 1 if self._held else None

    def key(self, key: Key[K]) -> list[Scan | Replay[K]]:
        """Take a key press and return what is decided by it, in order."""
        decided: list[Scan | Replay[K]] = []
        if self._held and key.at_ms - self._held[-1].at_ms > self._limit():
            decided.extend(self._close())
        if key.role is Role.END:
            return [*decided, *self._end(key)]
        if not self._held and (key.role is Role.OTHER or self._typing(key)):
            return [*decided, Replay((key.payload,))]
        self._held.append(key)
        if key.in_field and len(self._held) >= 4 and not self._fast():
            self._typed_ms = key.at_ms
            return [*decided, self._given_back()]
        if len(self._held) >= self._timing.most:
            decided.extend(self._close())
        return decided

    def look(self, now_ms: int) -> list[Scan | Replay[K]]:
        """Return what silence has decided by now, in the time of the events."""
        deadline = self.deadline_ms
        return self._close() if deadline is not None and now_ms >= deadline else []

    def flush(self) -> list[Scan | Replay[K]]:
        """Give back what is held: the focus or the program goes away."""
        return [self._given_back()] if self._held else []

    def _end(self, key: Key[K]) -> list[Scan | Replay[K]]:
        self._typed_ms = None
        if not self._held:
            until = self._swallow_until_ms
            if until is not None and key.at_ms <= until:
                return []
            return [Replay((key.payload,))]
        if self._ends_a_scan():
            scan = self._scan(key.at_ms)
            self._suffix_expected = True
            # Some scanners send two terminators, such as CR and LF.
            self._swallow_until_ms = key.at_ms + self._timing.join_ms
            return [scan]
        self._held.append(key)
        self._spilled.clear()
        return [self._given_back()]

    def _ends_a_scan(self) -> bool:
        bare = self._text().strip()
        if self._held[0].in_field:
            return len(bare) >= self._timing.least_in_field and self._fast()
        if not self._fast() and any(held.role is Role.OTHER for held in self._held):
            return False
        return len(bare) >= 2

    def _typing(self, key: Key[K]) -> bool:
        """Tell whether a person is typing this into a field: then nothing is held back."""
        last = self._typed_ms
        if not key.in_field or last is None or key.at_ms - last > self._timing.join_ms:
            self._typed_ms = None
            return False
        if key.at_ms - last <= self._timing.fast_ms / 2:
            self._typed_ms = None
            return False
        self._typed_ms = key.at_ms
        return True

    def _limit(self) -> int:
        """Return the longest gap that may follow the keys held."""
        timing, in_field = self._timing, self._held[0].in_field
        usual = timing.join_ms if in_field else timing.loose_ms
        if len(self._held) < 3:
            return usual
        if self._fast():
            enough = len(self._held) >= timing.least_silent
            if self._suffix_expected:
                return timing.patient_ms
            return timing.silence_ms if enough else usual
        # Elsewhere nobody waits to see three keys and more, so even a slow burst stays whole.
        return usual if in_field else timing.patient_ms

    def _fast(self) -> bool:
        """Tell whether the keys held came at a machine's pace."""
        return self._pace() <= self._timing.fast_ms

    def _pace(self) -> float:
        """Return the median gap between the keys held; endless for a single one."""
        times = [held.at_ms for held in self._held]
        gaps = [after - before for before, after in pairwise(times)]
        return median(gaps) if gaps else inf

    def _close(self) -> list[Scan | Replay[K]]:
        """Decide about a burst that no Enter has ended."""
        timing = self._timing
        machine = timing.silent_field_ms if self._held[0].in_field else timing.fast_ms
        if self._pace() <= machine and len(self._text().strip()) >= timing.least_silent:
            last = self._held[-1].at_ms
            scan = self._scan(last)
            self._suffix_expected = False
            self._swallow_until_ms = last + timing.late_end_ms
            return [scan]
        before = self._spilled if self._goes_on() else []
        fragment = self._pace() <= timing.fast_ms and not self._held[0].in_field
        few = len(before) + len(self._held) <= timing.most_spilled
        # Space presses a button and Escape leaves a dialog: neither begins a code.
        letters = self._text().isprintable() and not self._text().isspace()
        self._a_person = bool(before and self._a_person) or not (letters and (few or fragment))
        self._spilled = [*before, *self._held]
        return [self._given_back()]

    def _goes_on(self) -> bool:
        """Tell whether the keys held come so soon after those given back that they may be one."""
        spilled, first, timing = self._spilled, self._held[0], self._timing
        if not spilled or spilled[-1].in_field is not first.in_field:
            return False
        window = timing.rejoin_field_ms if first.in_field else timing.rejoin_ms
        return first.at_ms - spilled[-1].at_ms <= window

    def _scan(self, at_ms: int) -> Scan:
        """Return the keys held as a scan, with what a stall has cut off before them.

        Nobody types one or two keys and scans within a blink; but a stalled machine does that.
        A wrong guess makes a code that nobody knows; half a code could be somebody else's.
        """
        lost = self._spilled if self._goes_on() and not self._a_person else []
        text = "".join(key.text for key in lost) + self._text()
        self._held.clear()
        self._spilled = []
        return Scan(text, at_ms, len(lost))

    def _given_back(self) -> Replay[K]:
        keys: Sequence[Key[K]] = tuple(self._held)
        self._held.clear()
        return Replay(tuple(key.payload for key in keys))

    def _text(self) -> str:
        return "".join(held.text for held in self._held)
