"""Serial, device file, network, file and queues: the same contract, and what is special to each."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import socket
import stat
import subprocess
import sys
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from packstation.core.status import PrintOutcome
from packstation.devices.addresses import parse_address
from packstation.devices.cups_line import CupsTransport, QueueJob, cups_queues
from packstation.devices.device_file import AppendFile, FileTransport
from packstation.devices.job_sender import CHUNK_BYTES, Patience, SendReport, send
from packstation.devices.lines import open_line
from packstation.devices.serial_line import SerialTransport
from packstation.devices.simulated import VirtualTransport
from packstation.devices.spoken_line import SpokenLine
from packstation.devices.spooler_line import SpoolerTransport
from packstation.devices.tcp_line import TcpTransport
from packstation.devices.transports import Transport
from packstation.devices.usb_line import UsbTransport
from packstation.errors import DataFileError, DeviceError
from packstation.ports import PrinterState
from packstation.printing.media import Language, PrinterProfile, StatusDialect
from tests.devices.transport_contract import PAYLOAD, QUICK, TransportContract


class Terminal:
    """The far end of a serial line or device file: a program reads, slowly or not at all."""

    def __init__(self, *, reading: bool = True) -> None:
        self._far, near = pty.openpty()
        tty.setraw(near)
        self.path = os.ttyname(near)
        self._near = near
        self.received = bytearray()
        self._over = threading.Event()
        self.reading = threading.Event()
        if reading:
            self.reading.set()
        self._thread = threading.Thread(target=self._read, name="far end")
        self._thread.start()

    def _read(self) -> None:
        while not self._over.is_set():
            if not self.reading.wait(0.05):
                continue
            if select.select([self._far], [], [], 0.05)[0]:
                with contextlib.suppress(OSError):
                    self.received += os.read(self._far, 700)

    def answer(self, content: bytes) -> None:
        os.write(self._far, content)

    def wait_for(self, count: int) -> bytes:
        until = threading.Event()
        for _ in range(500):
            if len(self.received) >= count:
                break
            until.wait(0.01)
        return bytes(self.received)

    def stop(self) -> None:
        self._over.set()
        self._thread.join(10)
        os.close(self._far)
        os.close(self._near)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.stop()


class TestSerial(TransportContract):
    @pytest.fixture
    def transport(self, terminal: Terminal) -> Transport:
        self.terminal = terminal
        return SerialTransport(terminal.path, baud=921_600)

    def received(self) -> bytes:
        return self.terminal.wait_for(len(PAYLOAD))


class TestDeviceOnATerminal(TransportContract):
    @pytest.fixture
    def transport(self, terminal: Terminal) -> Transport:
        self.terminal = terminal
        return FileTransport(Path(terminal.path))

    def received(self) -> bytes:
        return self.terminal.wait_for(len(PAYLOAD))


class TestAppendFile(TransportContract):
    @pytest.fixture
    def transport(self, tmp_path: Path) -> Transport:
        self.path = tmp_path / "out.prn"
        return AppendFile(self.path)

    def received(self) -> bytes:
        return self.path.read_bytes()


@pytest.mark.parametrize("kind", [SerialTransport, lambda path: FileTransport(Path(path))])
def test_far_end_that_takes_nothing_for_a_while_gets_every_byte_once(
    kind: Callable[[str], Transport],
) -> None:
    terminal = Terminal(reading=False)
    told: list[str] = []

    def hand(code: str) -> None:
        told.append(code)
        terminal.reading.set()

    try:
        patience = Patience(stalled_s=0.2, poll_s=0.01)
        report = send(
            kind(terminal.path),
            PAYLOAD,
            on_first_byte=lambda: None,
            stalled=hand,
            patience=patience,
        )
        assert report.outcome is PrintOutcome.SENT
        assert told == ["printer.blocked", ""]
        assert terminal.wait_for(len(PAYLOAD)) == PAYLOAD
    finally:
        terminal.stop()


def test_serial_port_that_is_not_there_or_taken(terminal: Terminal) -> None:
    absent = SerialTransport("/dev/no-such-port")
    with pytest.raises(DeviceError) as refusal:
        absent.open()
    assert refusal.value.code == "printer.not_found"
    first, second = SerialTransport(terminal.path), SerialTransport(terminal.path)
    first.open()
    try:
        assert second.status().state is PrinterState.BUSY
    finally:
        first.close()
    assert second.status().state is PrinterState.UNKNOWN


def test_serial_printer_answers_a_question(terminal: Terminal) -> None:
    transport = SerialTransport(terminal.path)
    transport.open()
    threading.Timer(0.1, terminal.answer, [b"\x04"]).start()
    assert transport.ask(b"\x1b!?", 1, 3.0) == b"\x04"
    assert transport.ask(b"\x1b!?", 1, 0.05) == b""
    transport.close()


def test_file_is_appended_to_and_read_only_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "out.prn"
    for content in (b"one", b"two"):
        report = send(AppendFile(path), content, on_first_byte=lambda: None, patience=QUICK)
        assert report.outcome is PrintOutcome.SENT
    assert path.read_bytes() == b"onetwo"
    absent = AppendFile(tmp_path / "no" / "out.prn")
    report = send(absent, b"x", on_first_byte=lambda: None, patience=QUICK)
    assert report == SendReport(PrintOutcome.FAILED, 0, "printer.not_found")
    assert absent.status().state is PrinterState.NOT_FOUND


class Peer:
    """A network printer with a buffer of its own size that reads when it is told to."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.port = int(self._listener.getsockname()[1])
        self.received = b""

    def accept(self) -> socket.socket:
        self._listener.settimeout(5)
        return self._listener.accept()[0]

    def stop(self) -> None:
        self._listener.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is not acknowledged")
def test_label_in_this_computers_buffer_is_not_sent() -> None:
    """It would fit in here whole; the printer has not acknowledged it, so it waits."""
    peer = Peer()
    told: list[str] = []
    try:
        report = send(
            TcpTransport("127.0.0.1", peer.port),
            bytes(200_000),
            on_first_byte=lambda: None,
            stalled=told.append,
            given_up=lambda: bool(told),
            patience=QUICK,
        )
        assert (report.outcome, report.detail) == (PrintOutcome.UNKNOWN, "printer.blocked")
        with peer.accept() as connection:  # what was given up does not come later
            connection.settimeout(1)
            got = b"x"
            with contextlib.suppress(ConnectionResetError):
                total = 0
                while got:
                    got = connection.recv(65536)
                    total += len(got)
                assert total < 200_000
    finally:
        peer.stop()


@pytest.mark.parametrize("offset", [1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 60_000])
def test_peer_that_resets_is_unknown(offset: int) -> None:
    peer = Peer()

    def take() -> None:
        with peer.accept() as connection:
            left = offset
            while left:
                left -= len(connection.recv(min(left, 4096)))
            linger = (1).to_bytes(4, "little") + bytes(4)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    thread = threading.Thread(target=take, name="resetting peer")
    thread.start()
    try:
        report = send(
            TcpTransport("127.0.0.1", peer.port),
            bytes(8 << 20),
            on_first_byte=lambda: None,
            patience=QUICK,
        )
    finally:
        thread.join(10)
        peer.stop()
    assert (report.outcome, report.detail) == (PrintOutcome.UNKNOWN, "printer.gone")


def test_peer_that_never_stops_talking_holds_nothing_up() -> None:
    peer, over = Peer(), threading.Event()

    def talk() -> None:
        with peer.accept() as connection, contextlib.suppress(OSError):
            while not over.wait(0.02):
                connection.sendall(b"status")

    thread = threading.Thread(target=talk, name="talking peer")
    thread.start()
    ended: list[SendReport] = []

    def job() -> None:
        line = TcpTransport("127.0.0.1", peer.port, finish_s=0.1)
        ended.append(send(line, b"label", on_first_byte=lambda: None, patience=QUICK))

    sending = threading.Thread(target=job, name="sending")
    try:
        sending.start()
        sending.join(5)
        assert [one.outcome for one in ended] == [PrintOutcome.SENT]
    finally:
        over.set()
        sending.join(10)
        thread.join(10)
        peer.stop()


SCRIPT = """#!/bin/sh
here=$(dirname "$0")
name=$(basename "$0")
echo "$name $*" >> "$here/calls"
case "$name" in
  lp) [ -f "$here/hang" ] && exec sleep 5
      [ -f "$here/refuse" ] && { echo "lp: Error - no such queue" >&2; exit 1; }
      cat >> "$here/spool"; echo "request id is LABELS-7 (1 file(s))";;
  lpstat)
      case "$1" in
        -e) echo LABELS; echo "FRONT-DESK";;
        -o) cat "$here/old";;
        *) [ -f "$here/gone" ] && { echo "lpstat: Invalid destination" >&2; exit 1; }
           [ -f "$here/off" ] && { echo "printer LABELS disabled since Mon"; exit 0; }
           echo "printer LABELS is idle.  enabled since Mon"; echo "LABELS accepting requests";;
      esac;;
  cancel) grep -q "^$1 " "$here/old" || exit 1; : > "$here/old";;
esac
"""


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small stand-in for the programs of CUPS, first in PATH."""
    for name in ("lp", "lpstat", "cancel"):
        path = tmp_path / name
        path.write_text(SCRIPT)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "old").write_text("LABELS-3  someone  14336  Mon 20:14\n")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path


class TestCups(TransportContract):
    @pytest.fixture
    def transport(self, cups: Path) -> Transport:
        self.folder = cups
        return CupsTransport("LABELS")

    def received(self) -> bytes:
        return (self.folder / "spool").read_bytes()


def test_queue_gets_one_raw_job(cups: Path) -> None:
    report = send(CupsTransport("LABELS"), PAYLOAD, on_first_byte=lambda: None, patience=QUICK)
    assert report.outcome is PrintOutcome.SENT
    jobs = [line for line in (cups / "calls").read_text().splitlines() if line.startswith("lp ")]
    assert jobs == ["lp -d LABELS -o raw -t PackStation -"]


def test_queue_that_refuses_leaves_no_byte_and_is_tried_again(cups: Path) -> None:
    (cups / "refuse").touch()
    report = send(CupsTransport("LABELS"), PAYLOAD, on_first_byte=lambda: None, patience=QUICK)
    assert report == SendReport(PrintOutcome.FAILED, 0, "printer.queue_refused")
    assert (cups / "calls").read_text().count("lp -d") == QUICK.attempts
    assert not (cups / "spool").exists()


def test_queue_that_never_answers_leaves_it_unknown(
    cups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cups / "hang").touch()
    monkeypatch.setattr("packstation.devices.cups_line.JOB_S", 0.2)
    report = send(CupsTransport("LABELS"), PAYLOAD, on_first_byte=lambda: None, patience=QUICK)
    assert (report.outcome, report.detail) == (PrintOutcome.UNKNOWN, "printer.no_answer")


def test_queue_that_is_paused_waits_and_goes_on(cups: Path) -> None:
    (cups / "off").touch()
    told: list[str] = []

    def hand(code: str) -> None:
        told.append(code)
        (cups / "off").unlink(missing_ok=True)

    report = send(
        CupsTransport("LABELS"), b"x", on_first_byte=lambda: None, stalled=hand, patience=QUICK
    )
    assert report.outcome is PrintOutcome.SENT
    assert told == ["printer.paused", ""]


def test_queue_that_is_not_there(cups: Path) -> None:
    (cups / "gone").touch()
    assert CupsTransport("LABELS").status().state is PrinterState.NOT_FOUND


def test_old_jobs_are_listed_and_taken_out(cups: Path) -> None:
    queue = CupsTransport("LABELS")
    assert queue.jobs() == (QueueJob("LABELS-3", "someone  14336  Mon 20:14"),)
    assert queue.cancel("LABELS-3")
    assert queue.jobs() == ()
    assert not queue.cancel("LABELS-3")
    assert cups_queues() == ("LABELS", "FRONT-DESK")


def test_no_cups_is_no_queue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cups_queues() == ()
    report = send(CupsTransport("LABELS"), b"x", on_first_byte=lambda: None, patience=QUICK)
    assert report == SendReport(PrintOutcome.FAILED, 0, "printer.not_found")


def test_real_cups_tells_its_queues() -> None:
    """Runs the system's own programs where there are some; no queue is needed."""
    real = subprocess.run(["sh", "-c", "command -v lpstat"], capture_output=True, check=False)
    if real.returncode:
        pytest.skip("CUPS is not installed on this computer")
    assert isinstance(cups_queues(), tuple)
    assert CupsTransport("no-such-queue").status().state is PrinterState.NOT_FOUND


def profile(status: StatusDialect) -> PrinterProfile:
    return PrinterProfile(
        "x", "X", Language.TSPL, 8, 832, seen_on="nothing: invented", status=status
    )


@pytest.mark.parametrize(
    ("address", "plain", "spoken"),
    [
        ("virtual", VirtualTransport, VirtualTransport),
        ("usb://1fc9:2016/A1", UsbTransport, SpokenLine),
        ("usb-port://1-2.3", UsbTransport, SpokenLine),
        ("tcp://10.0.0.7:9100", TcpTransport, SpokenLine),
        ("/dev/usb/lp0", FileTransport, SpokenLine),
        ("serial:///dev/ttyUSB0?baud=115200&flow=xonxoff", SerialTransport, SpokenLine),
        ("cups://LABELS", CupsTransport, CupsTransport),
        ("spooler://Label 4", SpoolerTransport, SpoolerTransport),
        ("file:///tmp/out.prn", AppendFile, AppendFile),
    ],
)
def test_every_address_has_its_line(
    address: str, plain: type, spoken: type, tmp_path: Path
) -> None:
    parsed = parse_address(address)
    assert type(open_line(parsed, profile(StatusDialect.PORT), tmp_path)) is plain
    assert type(open_line(parsed, profile(StatusDialect.TSPL), tmp_path)) is spoken


@pytest.mark.parametrize(
    "address",
    [
        "component://localhost:13528/P?kind=a",
        "serial:///dev/ttyUSB0?baud=fast",
        "serial:///dev/ttyUSB0?flow=perhaps",
    ],
)
def test_address_that_is_no_line_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(DataFileError) as refusal:
        open_line(parse_address(address), profile(StatusDialect.NONE), tmp_path)
    assert refusal.value.code == "settings.unknown_printer"
