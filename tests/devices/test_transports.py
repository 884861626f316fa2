"""Each transport against the contract, and what is special to it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.core.status import PrintOutcome
from packstation.devices.device_file import FileTransport
from packstation.devices.job_sender import SendReport, send
from packstation.devices.simulated import Fault, Trouble, VirtualTransport
from packstation.devices.tcp_line import TcpTransport
from packstation.devices.transports import Ending, Transport
from packstation.errors import DeviceError
from packstation.printing.media import load_printer
from tests.devices.transport_contract import PAYLOAD, QUICK, TransportContract
from tests.printing.paper import RESOURCES

PRINTER = load_printer(RESOURCES / "printers", "virtual-tspl")


class TestVirtual(TransportContract):
    @pytest.fixture
    def transport(self, tmp_path: Path) -> Transport:
        self.virtual = VirtualTransport(tmp_path / "jobs", PRINTER, most_at_once=1000)
        return self.virtual

    def received(self) -> bytes:
        return self.virtual.jobs()[-1].read_bytes()


class TestFile(TransportContract):
    @pytest.fixture
    def transport(self, tmp_path: Path) -> Transport:
        self.path = tmp_path / "lp0"
        self.path.touch()
        return FileTransport(self.path)

    def received(self) -> bytes:
        return self.path.read_bytes()


class FakeNetworkPrinter:
    """Listens on 127.0.0.1 and keeps what it gets; reads slowly when told to."""

    def __init__(self, *, reset_after: int | None = None) -> None:
        self.bytes = bytearray()
        self._reset_after = reset_after
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(5)
        self.port = int(self._listener.getsockname()[1])
        self.done = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="fake-printer")
        self._thread.start()

    def _serve(self) -> None:
        try:
            while True:
                connection, _ = self._listener.accept()
                with connection:
                    self._take(connection)
                self.done.set()
        except OSError:
            return

    def _take(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        while chunk := connection.recv(4096):
            self.bytes += chunk
            if self._reset_after is not None and len(self.bytes) >= self._reset_after:
                linger = (1).to_bytes(4, "little") + bytes(4)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


class TestTcp(TransportContract):
    @pytest.fixture
    def transport(self) -> Iterator[Transport]:
        self.printer = FakeNetworkPrinter()
        yield TcpTransport("127.0.0.1", self.printer.port)
        self.printer.stop()

    def received(self) -> bytes:
        assert self.printer.done.wait(5)
        return bytes(self.printer.bytes)


def test_network_printer_that_resets_in_the_middle_is_unknown() -> None:
    printer = FakeNetworkPrinter(reset_after=8192)
    try:
        payload = PAYLOAD * 40
        report = send(
            TcpTransport("127.0.0.1", printer.port),
            payload,
            on_first_byte=lambda: None,
            patience=QUICK,
        )
    finally:
        printer.stop()
    assert report.outcome is PrintOutcome.UNKNOWN
    assert report.detail == "printer.gone"


def test_network_printer_that_is_not_there_failed_without_a_byte() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    transport = TcpTransport("127.0.0.1", port, connect_s=0.5)
    report = send(transport, b"x", on_first_byte=lambda: None, patience=QUICK)
    assert (report.outcome, report.bytes_sent) == (PrintOutcome.FAILED, 0)
    assert report.detail == "printer.not_found"


def test_device_file_that_is_not_there_or_shut_is_named(tmp_path: Path) -> None:
    absent = FileTransport(tmp_path / "lp9")
    with pytest.raises(DeviceError, match=r"lp9 is not there"):
        absent.preflight()
    with pytest.raises(DeviceError, match=r"lp9 is not there .No such file"):
        absent.open()
    shut = tmp_path / "lp1"
    shut.touch(mode=0o000)
    if not os.access(shut, os.W_OK):
        with pytest.raises(DeviceError) as refusal:
            FileTransport(shut).preflight()
        assert refusal.value.code == "printer.access_denied"


def test_full_device_file_takes_nothing_and_is_given_up(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        payload = bytes(200_000)
        report = send(FileTransport(pipe), payload, on_first_byte=lambda: None, patience=QUICK)
    finally:
        os.close(reader)
    assert report.outcome is PrintOutcome.UNKNOWN
    assert report.detail == "printer.blocked"
    assert 0 < report.bytes_sent < len(payload)


def test_broken_device_file_is_unknown_after_the_first_byte(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    transport = FileTransport(pipe)
    transport.open()
    assert transport.write(b"abc") == 3
    os.close(reader)
    with pytest.raises(DeviceError, match="broke off"):
        transport.write(b"def")
    transport.close()


def test_virtual_jobs_are_numbered_on_after_a_restart(tmp_path: Path) -> None:
    for text in (b"one", b"two"):
        virtual = VirtualTransport(tmp_path, PRINTER)
        virtual.open()
        virtual.write(text)
        assert virtual.finish() is Ending.CONFIRMED
        virtual.close()
    assert [path.name for path in virtual.jobs()] == ["job-0001.bin", "job-0002.bin"]
    assert [path.read_bytes() for path in virtual.jobs()] == [b"one", b"two"]


def test_job_half_sent_is_kept_apart(tmp_path: Path) -> None:
    virtual = VirtualTransport(tmp_path, PRINTER)
    virtual.fault = Fault(Trouble.UNPLUGGED, 3)
    report = send(virtual, b"abcdef", on_first_byte=lambda: None, patience=QUICK)
    assert report.outcome is PrintOutcome.UNKNOWN
    assert virtual.jobs() == []
    assert (tmp_path / "job-0001.part").read_bytes() == b"abc"


def test_network_printer_that_answers_late_is_silent_not_broken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        transport = TcpTransport("127.0.0.1", port, write_s=0.1)
        report = send(transport, b"abc", on_first_byte=lambda: None, patience=QUICK)
    assert report == SendReport(PrintOutcome.SENT, 3, "")


def test_network_printer_that_takes_nothing_is_blocked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        transport = TcpTransport("127.0.0.1", port, write_s=0.1)
        payload = bytes(64 << 20)
        report = send(transport, payload, on_first_byte=lambda: None, patience=QUICK)
    assert report.outcome is PrintOutcome.UNKNOWN
    assert report.detail == "printer.blocked"
