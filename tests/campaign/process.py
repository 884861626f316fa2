"""The real program as a process: started, fed line by line, killed, traced."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

PATIENCE_S = 60.0
"""Longest wait for an answer or an end; a traced process on a busy machine is slow."""
SYNC, RENAME, UNLINK = "fsync,fdatasync", "rename,renameat,renameat2", "unlink,unlinkat"
WRITES = ("write", "pwrite64", SYNC, "ftruncate", RENAME, UNLINK)
"""Every kind of write; names joined by a comma are one kind on different machines."""

PROGRAM = ("-m", "packstation")


@dataclass(frozen=True)
class Injection:
    """What a traced process meets at the so-manieth call of a kind, counted in each thread."""

    calls: str
    at: int
    action: str = "signal=SIGKILL"
    """``signal=SIGKILL``, ``error=ENOSPC`` or ``error=EIO``."""
    forever: bool = False

    def command(self) -> list[str]:
        """Return the strace command before the program's own."""
        calls = ",".join(f"?{call}" for call in self.calls.split(","))
        when = f"{self.at}+" if self.forever else str(self.at)
        inject = f"inject={calls}:{self.action}:when={when}"
        return ["strace", "-f", "-qqq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", inject]

    def __str__(self) -> str:
        return f"{self.action} at {self.calls} {self.at}{'+' if self.forever else ''}"


@functools.cache
def why_not_traceable() -> str | None:
    """Say why processes cannot be traced here; None when they can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    command = Injection("write", 1).command()
    done = subprocess.run(
        [*command, sys.executable, "-c", "print(1)"], capture_output=True, text=True, timeout=60
    )
    if done.returncode == -signal.SIGKILL or done.returncode == 128 + signal.SIGKILL:
        return None
    return f"strace cannot trace here: {done.stderr.strip()[-120:] or done.returncode}"


def environment() -> dict[str, str]:
    """Return the surroundings of a station process: no display, no folder of the user's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PACKSTATION", "DISPLAY"))}
    return kept | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
    }


def spawn(
    arguments: Sequence[str | Path],
    *,
    injection: Injection | None = None,
    program: Sequence[str] = PROGRAM,
    stdin: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start the program in a process group of its own."""
    before = injection.command() if injection else []
    quiet = {"PYTHONDONTWRITEBYTECODE": "1"} if injection else {}
    return subprocess.Popen(
        [*before, sys.executable, *program, *map(str, arguments)],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment() | quiet,
        cwd=ROOT,
        start_new_session=True,
    )


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    """Below zero or above 128: killed."""
    out: str
    err: str

    @property
    def killed(self) -> bool:
        return self.code in (-signal.SIGKILL, 128 + signal.SIGKILL)

    def rows(self) -> list[dict[str, Any]]:
        """Return the JSON objects on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(
    *arguments: str | Path,
    injection: Injection | None = None,
    program: Sequence[str] = PROGRAM,
    kill_after_s: float | None = None,
    stdin: str = "",
) -> Done:
    """Run one command to its end, or kill it after a time."""
    process = spawn(arguments, injection=injection, program=program)
    with process:
        try:
            out, err = process.communicate(stdin.encode(), timeout=kill_after_s or PATIENCE_S)
        except subprocess.TimeoutExpired:
            kill_group(process)
            out, err = process.communicate()
    return Done(process.returncode, out.decode(), err.decode(errors="replace"))


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill -9 a process with whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


class EndedError(Exception):
    """The process has gone; what it had flushed before was read."""


class Station:
    """``scan - --json`` on a data folder, one line in and one answer out."""

    def __init__(
        self,
        data: Path,
        *,
        injection: Injection | None = None,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        self.injection = injection
        self._process = spawn(
            ("scan", "-", "--json", "--data", data), injection=injection, program=program
        )
        self._buffer = b""
        self._over = False

    @property
    def pid(self) -> int:
        """Id of the process; of its tracer where it is traced."""
        return self._process.pid

    def send(self, text: str) -> None:
        """Type one scan; a process that has gone does not matter here."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(text.encode() + b"\n")
            self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Return the next flushed answer.

        Raises:
            EndedError: There is none, and there will be none.
        """
        line = self._line(time.monotonic() + PATIENCE_S)
        if line is None:
            raise EndedError
        row: dict[str, Any] = json.loads(line)
        return row

    def ask(self, text: str) -> dict[str, Any]:
        """Type one scan and return its answer."""
        self.send(text)
        return self.answer()

    def kill(self) -> None:
        """Kill -9."""
        kill_group(self._process)

    def close(self) -> Done:
        """Give no more scans, wait for the end, and tell how it was."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        deadline = time.monotonic() + PATIENCE_S
        rest = []
        while (line := self._line(deadline)) is not None:
            rest.append(line.decode())
        assert self._process.stderr is not None
        err = self._process.stderr.read().decode(errors="replace")
        code = self._process.wait(PATIENCE_S)
        for stream in (self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()
        return Done(code, "\n".join(rest), err)

    def _line(self, deadline: float) -> bytes | None:
        """Return a whole line; a torn one was never acknowledged."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while b"\n" not in self._buffer and not self._over:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                kill_group(self._process)
                self._process.communicate()
                raise TimeoutError(f"no answer within {PATIENCE_S} s ({self.injection})")
            part = os.read(descriptor, 65536)
            self._over = not part
            self._buffer += part
        line, found, rest = self._buffer.partition(b"\n")
        if not found:
            return None
        self._buffer = rest
        return line
