"""The kernel's printer device: what its error numbers mean, asked of the adapter alone."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from packstation.core.status import PrintOutcome
from packstation.devices.device_file import LPGETSTATUS, FileTransport
from packstation.devices.job_sender import SendReport, send
from packstation.ports import PrinterState
from tests.devices.transport_contract import QUICK


@pytest.fixture
def device() -> Iterator[Path]:
    """A character device that takes everything."""
    far, near = pty.openpty()
    yield Path(os.ttyname(near))
    os.close(far)
    os.close(near)


class Kernel:
    """Stands before ``os.write`` and answers with error numbers first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *numbers: int) -> None:
        self.numbers = list(numbers)
        self.taken = b""
        monkeypatch.setattr(os, "write", self.write)

    def write(self, handle: int, data: bytes) -> int:
        if self.numbers:
            number = self.numbers.pop(0)
            raise OSError(number, os.strerror(number))
        self.taken += data
        return len(data)


def sent(device: Path, **more: Any) -> SendReport:
    line = FileTransport(device)
    return send(line, b"a label", on_first_byte=lambda: None, patience=QUICK, **more)


def test_driver_that_says_no_space_has_no_paper(
    device: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = Kernel(monkeypatch, *[errno.ENOSPC] * 9999)
    told: list[str] = []

    def hand(code: str) -> None:
        told.append(code)
        kernel.numbers.clear()

    assert sent(device, stalled=hand).outcome is PrintOutcome.SENT
    assert told == ["printer.no_paper", ""]
    assert kernel.taken == b"a label"


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EBUSY, errno.EINTR])
def test_driver_that_is_busy_is_asked_again(
    device: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    kernel = Kernel(monkeypatch, number, number)
    assert sent(device).outcome is PrintOutcome.SENT
    assert kernel.taken == b"a label"


@pytest.mark.parametrize(
    ("number", "outcome"),
    [(errno.ENODEV, PrintOutcome.FAILED), (errno.EIO, PrintOutcome.UNKNOWN)],
)
def test_device_that_breaks_off(
    device: Path, monkeypatch: pytest.MonkeyPatch, number: int, outcome: PrintOutcome
) -> None:
    """After EIO nobody knows what the transfer carried."""
    Kernel(monkeypatch, number, number)
    assert sent(device) == SendReport(outcome, 0, "printer.gone")


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (errno.EBUSY, PrinterState.BUSY),
        (errno.EACCES, PrinterState.NO_ACCESS),
        (errno.ENODEV, PrinterState.NOT_FOUND),
    ],
)
def test_device_that_cannot_be_opened_says_why(
    device: Path, monkeypatch: pytest.MonkeyPatch, number: int, state: PrinterState
) -> None:
    def refuse(path: Path, flags: int, mode: int = 0) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    assert FileTransport(device).status().state is state


@pytest.mark.parametrize(
    ("bits", "state"), [(0x18, PrinterState.READY), (0x38, PrinterState.NO_PAPER)]
)
def test_driver_is_asked_for_the_port_status(
    device: Path, monkeypatch: pytest.MonkeyPatch, bits: int, state: PrinterState
) -> None:
    def answer(handle: int, request: int, room: bytearray, change: bool) -> int:
        assert request == LPGETSTATUS
        room[0] = bits
        return 0

    monkeypatch.setattr(fcntl, "ioctl", answer)
    assert FileTransport(device).status().state is state


def test_file_without_the_question_is_unknown(device: Path) -> None:
    assert FileTransport(device).status().state is PrinterState.UNKNOWN
    assert FileTransport(device.parent / "none").status().state is PrinterState.NOT_FOUND
