"""Sounds: one for each kind, told apart by ear, and never in the way."""

from __future__ import annotations

import array
import importlib.util
import itertools
import logging
import math
import sys
import time
import wave
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from packstation.paths import resources
from packstation.ui.feedback import FAILURES_TO_GIVE_UP, Running, Sounds
from packstation.ui.verdict_words import Kind

RATE = 44_100


def generator(checkout: Path) -> ModuleType:
    path = checkout / "installer" / "make_sounds.py"
    spec = importlib.util.spec_from_file_location("make_sounds", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def amplitudes(kind: Kind) -> array.array[int]:
    with wave.open(str(resources() / "sounds" / f"{kind.value}.wav"), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return array.array("h", file.readframes(file.getnframes()))


def pitches(kind: Kind) -> tuple[int, ...]:
    """The melody as heard: the pitch of every 20 ms from rising zero crossings, 0 = silence."""
    values = amplitudes(kind)
    heard: list[int] = []
    for start in range(0, len(values) - RATE // 50, RATE // 50):
        window = values[start : start + RATE // 50]
        if max(map(abs, window)) < 2_000:
            heard.append(0)
            continue
        rising = sum(1 for a, b in itertools.pairwise(window) if a < 0 <= b)
        heard.append(rising * 50)
    return tuple(heard)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_short_loud_clean_sound(kind: Kind) -> None:
    values = amplitudes(kind)
    assert 0.04 <= len(values) / RATE <= 0.35
    assert 20_000 < max(map(abs, values)) < 32_767
    assert max(map(abs, values[:20])) < 6_000
    assert max(map(abs, values[-20:])) < 6_000


def test_no_two_kinds_sound_alike() -> None:
    heard = {kind: pitches(kind) for kind in Kind}
    for one, other in itertools.combinations(Kind, 2):
        length = max(len(heard[one]), len(heard[other]))
        pairs = itertools.zip_longest(heard[one], heard[other], fillvalue=0)
        differ = sum(1 for a, b in pairs if abs(a - b) > 0.15 * max(a, b, 1))
        assert differ >= math.ceil(length / 2), (one, other)


def test_a_yes_is_high_and_a_no_is_low_or_rough() -> None:
    assert min(pitch for pitch in pitches(Kind.OK) if pitch) > 1_000
    assert pitches(Kind.LINE)[-1] > pitches(Kind.LINE)[0]
    assert max(pitches(Kind.STOP)) < 400
    assert max(pitches(Kind.WRONG)) < 600


def test_the_files_are_what_the_generator_draws(checkout: Path) -> None:
    module = generator(checkout)
    assert set(module.PATTERNS) == {kind.value for kind in Kind}
    assert module.main(["--check"]) == 0


@dataclass
class Player:
    """A player that ends when the test says so."""

    code: int | None = None
    killed: bool = False

    def poll(self) -> int | None:
        return self.code

    def kill(self) -> None:
        self.killed = True
        self.code = -9

    def wait(self, timeout: float) -> int:
        assert self.code is not None
        return self.code


@dataclass
class Shelf:
    """Starts players and remembers them."""

    code: int | None = None
    refuses: bool = False
    commands: list[list[str]] = field(default_factory=list)
    players: list[Player] = field(default_factory=list)

    def __call__(self, command: Sequence[str]) -> Running:
        if self.refuses:
            raise OSError("no such player")
        self.commands.append(list(command))
        self.players.append(Player(self.code))
        return self.players[-1]


@pytest.mark.usefixtures("qapp")
def test_a_sound_is_given_to_the_player() -> None:
    shelf = Shelf()
    Sounds(player=("aplay", "-q"), start=shelf).play(Kind.WRONG)
    assert shelf.commands == [["aplay", "-q", str(resources() / "sounds" / "wrong.wav")]]


@pytest.mark.usefixtures("qapp")
def test_a_new_sound_ends_the_old_one() -> None:
    shelf = Shelf()
    sounds = Sounds(player=("aplay",), start=shelf)
    for _ in range(50):
        sounds.play(Kind.OK)
    assert [player.killed for player in shelf.players] == [True] * 49 + [False]
    sounds.stop()
    assert shelf.players[-1].killed


@pytest.mark.usefixtures("qapp")
def test_silence_can_be_chosen() -> None:
    shelf = Shelf()
    sounds = Sounds(player=("aplay",), start=shelf, enabled=False)
    sounds.play(Kind.OK)
    assert shelf.commands == []
    assert sounds.available


def test_a_missing_player_is_told_once_and_never_raised(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    sounds = Sounds(player=("aplay",), start=Shelf(refuses=True))
    with caplog.at_level(logging.WARNING), qtbot.waitSignal(sounds.availability_changed):
        sounds.play(Kind.OK)
    sounds.play(Kind.OK)
    assert not sounds.available
    assert len(caplog.records) == 1


def test_a_player_without_a_device_is_given_up_and_tried_again_when_asked(qtbot: QtBot) -> None:
    shelf = Shelf(code=1)
    sounds = Sounds(player=("aplay",), start=shelf)
    for _ in range(10):
        sounds.play(Kind.OK)
    assert len(shelf.commands) == FAILURES_TO_GIVE_UP
    assert not sounds.available
    with qtbot.waitSignal(sounds.availability_changed):
        sounds.try_again()
    shelf.code = 0
    sounds.play(Kind.OK)
    sounds.play(Kind.OK)
    assert sounds.available


@pytest.mark.usefixtures("qapp")
def test_no_player_at_all_is_silence(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", "")
    with caplog.at_level(logging.WARNING):
        sounds = Sounds()
    sounds.play(Kind.STOP)
    sounds.try_again()
    sounds.stop()
    assert not sounds.available
    assert len(caplog.records) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script as player")
def test_a_real_player_never_holds_the_window_up(tmp_path: Path, qapp: QApplication) -> None:
    heard = tmp_path / "heard"
    player = tmp_path / "player"
    player.write_text(f'#!/bin/sh\necho "$1" >> "{heard}"\nexec sleep 30\n')
    player.chmod(0o755)
    sounds = Sounds(player=(str(player),))
    started = time.perf_counter()
    for kind in Kind:
        sounds.play(kind)
    time.sleep(0.3)
    sounds.play(Kind.STOP)
    assert time.perf_counter() - started < 2
    sounds.stop()
    assert heard.read_text().splitlines()
