"""A raw queue of a real CUPS, started for the test with a network printer at its end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.core.status import PrintOutcome
from packstation.devices.cups_line import CupsTransport, cups_queues
from packstation.devices.job_sender import send
from packstation.ports import PrinterState
from tests.devices.test_transports import FakeNetworkPrinter
from tests.devices.transport_contract import PAYLOAD, QUICK

SCHEDULER = shutil.which("cupsd", path="/usr/sbin:/usr/bin")
ADMIN = shutil.which("lpadmin", path="/usr/sbin:/usr/bin")
CONFIG = """Listen 127.0.0.1:{port}
WebInterface No
Browsing No
<Location />
  Order allow,deny
  Allow all
</Location>
<Location /admin>
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""
FILES = """ServerRoot {root}/server
RequestRoot {root}/spool
TempDir {root}/spool/tmp
CacheDir {root}/cache
StateDir {root}/state
AccessLog {root}/log/access
ErrorLog {root}/log/error
PageLog {root}/log/page
SystemGroup root
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user ``lp`` may walk into, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="packstation-cups-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def queue(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeNetworkPrinter]:
    """The printer behind the raw queue LABELS."""
    if SCHEDULER is None or ADMIN is None or os.geteuid():
        pytest.skip("CUPS is not installed on this computer, or may not be started")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    for name in ("server", "spool/tmp", "cache", "state", "log"):
        (folder / name).mkdir(parents=True)
    config, files = folder / "cupsd.conf", folder / "cups-files.conf"
    config.write_text(CONFIG.format(port=port))
    files.write_text(FILES.format(root=folder))
    monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{port}")
    command = [SCHEDULER, "-f", "-c", str(config), "-s", str(files)]
    with (folder / "said").open("wb") as said:
        scheduler = subprocess.Popen(command, stdout=said, stderr=said)
    printer = FakeNetworkPrinter()
    try:
        device = f"socket://127.0.0.1:{printer.port}"
        make = [ADMIN, "-p", "LABELS", "-v", device, "-m", "raw", "-E"]
        for _ in range(50):
            if not subprocess.run(make, capture_output=True, check=False).returncode:
                break
            time.sleep(0.1)
        yield printer
    finally:
        scheduler.terminate()
        scheduler.wait(10)
        printer.stop()


def test_every_byte_comes_out_of_a_real_raw_queue(queue: FakeNetworkPrinter) -> None:
    assert cups_queues() == ("LABELS",)
    report = send(CupsTransport("LABELS"), PAYLOAD, on_first_byte=lambda: None, patience=QUICK)
    assert report.outcome is PrintOutcome.SENT
    assert queue.done.wait(20)
    assert bytes(queue.bytes) == PAYLOAD


def test_real_queue_that_is_paused_holds_no_job_of_ours(queue: FakeNetworkPrinter) -> None:
    line = CupsTransport("LABELS")
    subprocess.run(["cupsdisable", "LABELS"], check=True)
    assert line.status().state is PrinterState.PAUSED
    told: list[str] = []
    report = send(
        line,
        PAYLOAD,
        on_first_byte=lambda: None,
        stalled=told.append,
        given_up=lambda: bool(told),
        patience=QUICK,
    )
    assert report.outcome is PrintOutcome.CANCELLED
    assert line.jobs() == ()


def test_jobs_left_in_a_real_queue_are_listed_and_taken_out(queue: FakeNetworkPrinter) -> None:
    line = CupsTransport("LABELS")
    subprocess.run(["cupsdisable", "LABELS"], check=True)
    subprocess.run(["lp", "-d", "LABELS", "-"], input=b"old", capture_output=True, check=True)
    (job,) = line.jobs()
    assert job.id.startswith("LABELS-")
    assert line.cancel(job.id)
    assert line.jobs() == ()


def test_queue_that_a_real_cups_does_not_know(queue: FakeNetworkPrinter) -> None:
    assert CupsTransport("no-such-queue").status().state is PrinterState.NOT_FOUND
