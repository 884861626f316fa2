"""The ears of the bench: one short sound for each kind of answer, by the system's own player.

Playing never waits, never piles up (a new sound ends the old one) and never fails loudly: without
a player or a sound device the station works on in silence, says so once in the log, and shows it.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from packstation.paths import resources
from packstation.ui.verdict_words import Kind

log = logging.getLogger(__name__)

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("paplay",),
    ("pw-play",),
    ("aplay", "-q"),
    ("afplay",),
)
"""Commands that play a WAV file given as their last argument, the best first."""

FAILURES_TO_GIVE_UP = 3
"""So many sounds in a row that a player refused mean that there is no sound device."""


class Running(Protocol):
    """A player at work."""

    def poll(self) -> int | None:
        """Return its exit code, None while it plays."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...

    def wait(self, timeout: float) -> int:
        """Wait until it has ended."""
        ...


Start = Callable[[Sequence[str]], Running]
"""Starts a player and returns at once; OSError when that is not possible."""


def _start(command: Sequence[str]) -> Running:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        close_fds=True,
        start_new_session=True,
    )


def find_player() -> tuple[str, ...] | None:
    """Return the command of this system's player, or None."""
    for name, *options in PLAYERS:
        path = shutil.which(name)
        if path is not None:
            return (path, *options)
    return None


class Sounds(QObject):
    """Plays the sound of a kind; one object for the window, used on its thread."""

    availability_changed = Signal(bool)
    """True when sounds can be heard again, False when they cannot; show it."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        folder: Path | None = None,
        player: tuple[str, ...] | None = None,
        start: Start = _start,
        enabled: bool = True,
    ) -> None:
        """Look for a player; nothing is played yet.

        Args:
            parent: Qt's owner.
            folder: Where ``ok.wav`` and the others lie; None = the program's own.
            player: Command to which a file is added; None = the system's.
            start: How a player is started.
            enabled: False when the user wants silence.
        """
        super().__init__(parent)
        self._folder = folder or resources() / "sounds"
        self._start = start
        self._running: Running | None = None
        self._failures = 0
        self.enabled = enabled
        """Whether the user wants sounds."""
        self._ended: list[Running] = []
        self._windows = os.name == "nt" and player is None
        self._player = player if player is not None or self._windows else find_player()
        self._gone = self._player is None and not self._windows
        if self._gone:
            log.warning("no sound player found, answers are silent")

    @property
    def available(self) -> bool:
        """True while a sound can be heard, as far as the program can tell."""
        return not self._gone

    def play(self, kind: Kind) -> None:
        """Begin to play; returns within a few milliseconds, the sound before is cut off."""
        if not self.enabled or self._gone:
            return
        path = self._folder / f"{kind.value}.wav"
        if self._windows:  # pragma: no cover - Windows only
            self._play_on_windows(path)
            return
        self._end_last()
        if self._player is None or not self.available:
            return
        try:
            self._running = self._start((*self._player, os.fspath(path)))
        except OSError as error:
            self._give_up(str(error))

    def stop(self) -> None:
        """Be silent now: the window is closing. Waits some milliseconds for the player to end."""
        self._end_last()
        for running in self._ended:
            running.wait(1.0)
        self._ended.clear()

    def try_again(self) -> None:
        """Look for a player once more: the user has plugged a loudspeaker in."""
        self._failures = 0
        if not self._windows and self._player is None:
            self._player = find_player()
        gone = self._player is None and not self._windows
        if gone != self._gone:
            self._gone = gone
            self.availability_changed.emit(not gone)

    def _end_last(self) -> None:
        """Cut the last sound off, and count how players ended by themselves."""
        self._ended = [running for running in self._ended if running.poll() is None]
        running, self._running = self._running, None
        if running is None:
            return
        code = running.poll()
        if code is None:
            running.kill()
            self._ended.append(running)
            return
        self._failures = 0 if code == 0 else self._failures + 1
        if self._failures >= FAILURES_TO_GIVE_UP:
            self._give_up(f"exit code {code}")

    def _give_up(self, why: str) -> None:
        self._gone = True
        log.warning("no sound device, answers are silent", extra={"reason": why})
        self.availability_changed.emit(False)

    def _play_on_windows(self, path: Path) -> None:  # pragma: no cover - Windows only
        if sys.platform == "win32":
            import winsound

            try:
                winsound.PlaySound(os.fspath(path), winsound.SND_FILENAME | winsound.SND_ASYNC)
            except RuntimeError as error:
                self._give_up(str(error))
