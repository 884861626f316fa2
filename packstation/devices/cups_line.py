"""A raw job through a queue of CUPS, with the programs that come with it (``lp``, ``lpstat``)."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass

from packstation.devices.printer_faults import fault, nothing_left, status_of
from packstation.devices.status_dialects import UNKNOWN
from packstation.devices.transports import Ending
from packstation.errors import DeviceError
from packstation.ports import PrinterStatus

LOOK_S = 3.0
"""Longest wait for an answer about queues."""
JOB_S = 20.0
"""Longest wait until the queue has the job; after that nobody knows."""


@dataclass(frozen=True, slots=True)
class QueueJob:
    """A job that waits in a queue, perhaps since yesterday."""

    id: str
    """As the queue calls it, for example ``LABELS-17``."""
    said: str
    """The rest of its line: owner, bytes, when."""


class CupsTransport:
    """A raw queue; SENT means that the queue has the job, which is all it can say.

    Bytes are kept until the job is complete, then handed over whole: a job given up before that
    has sent nothing.
    """

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._job = bytearray()

    def preflight(self) -> None:
        """Look whether the queue is there and prints.

        Raises:
            DeviceError: ``printer.not_found``, ``printer.paused``.
        """
        answer = _run(["lpstat", "-p", self._queue, "-a", self._queue], self._queue)
        if answer.returncode:
            raise fault("printer.not_found", self._queue, cause=_first_line(answer.stderr))
        said = answer.stdout.decode("utf-8", "replace")
        if "disabled since" in said:
            fix = f"Let it go on: cupsenable {self._queue}."
            raise fault("printer.paused", self._queue, fix=fix)
        if "not accepting requests" in said:
            fix = f"Let it take jobs: cupsaccept {self._queue}."
            raise fault("printer.paused", self._queue, fix=fix)

    def open(self) -> None:
        """Begin a job."""
        self._job.clear()

    def write(self, data: bytes) -> int:
        """Keep the bytes for the queue."""
        self._job += data
        return len(data)

    def waiting(self) -> int:
        """Return 0: what is kept goes with ``finish``, or is thrown away."""
        return 0

    def status(self) -> PrinterStatus:
        """Look at the queue; it knows nothing about paper."""
        try:
            self.preflight()
        except DeviceError as error:
            return status_of(error)
        return UNKNOWN

    def finish(self) -> Ending:
        """Hand the job to the queue.

        Raises:
            NothingLeftError: It did not take it.
            DeviceError: ``printer.no_answer``: nobody knows whether it did.
        """
        command = ["lp", "-d", self._queue, "-o", "raw", "-t", "PackStation", "-"]
        answer = _run(command, self._queue, bytes(self._job))
        if answer.returncode:
            cause = _first_line(answer.stderr)
            raise nothing_left("printer.queue_refused", self._queue, cause=cause)
        return Ending.SILENT

    def close(self) -> None:
        """Forget the job."""
        self._job.clear()

    def jobs(self) -> tuple[QueueJob, ...]:
        """Return the jobs that wait in the queue, oldest first.

        Raises:
            DeviceError: The queue cannot be asked.
        """
        answer = _run(["lpstat", "-o", self._queue], self._queue)
        lines = answer.stdout.decode("utf-8", "replace").splitlines()
        parts = (line.split(None, 1) for line in lines if line.strip())
        return tuple(QueueJob(part[0], part[1] if len(part) > 1 else "") for part in parts)

    def cancel(self, job: str) -> bool:
        """Take a waiting job out of the queue; False where it is no longer there.

        Raises:
            DeviceError: The queue cannot be asked.
        """
        return _run(["cancel", job], self._queue).returncode == 0


def cups_queues() -> tuple[str, ...]:
    """Return the names of the queues of this computer; none where CUPS is not installed."""
    try:
        answer = _run(["lpstat", "-e"], "CUPS")
    except DeviceError:
        return ()
    if answer.returncode:
        return ()
    return tuple(answer.stdout.decode("utf-8", "replace").split())


def _run(command: list[str], queue: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    job = command[0] == "lp"
    plain = {**os.environ, "LC_ALL": "C", "LANGUAGE": "C"}  # words that are looked for above
    try:
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            timeout=JOB_S if job else LOOK_S,
            env=plain,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        if job:
            raise fault("printer.no_answer", queue) from error
        raise fault("printer.not_found", queue, cause="CUPS does not answer") from error
    except OSError as error:
        raise nothing_left("printer.not_found", queue, cause="CUPS is not installed") from error


def _first_line(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[0][:120] if lines else ""
