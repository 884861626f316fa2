"""The sender with real HTTP on this machine: nothing lost or doubled, order per order kept."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from packstation.core.outbox import OutboxEvent
from packstation.errors import SyncError
from packstation.exchange.sample_receiver import Misdeed, SampleReceiver, Trick
from packstation.runtime.outbox_sender import Backoff, OutboxSender, RoomOutbox, SendReport
from packstation.runtime.receiver_client import HttpReceiver
from packstation.runtime.rooms import Room
from packstation.runtime.signing import Secret
from tests.runtime.outboxes import Bench, Clock, MemoryOutbox, StoreBench
from tests.runtime.test_signing import TEXT

STATION = "/packstation/stations/1"
QUICK = Backoff(share=lambda: 1.0)


class Scene:
    """A receiver on this machine, what it saw, and what it does wrong."""

    def __init__(self, folder: Path) -> None:
        self.seen: list[tuple[Mapping[str, str], bytes]] = []
        self.misdeeds: list[Misdeed | None] = []
        """Done one a request, then none."""
        self.always: Misdeed | None = None
        self.receiver = SampleReceiver(folder / "received" / "events.jsonl", look=self._look)
        self.clients: list[HttpReceiver] = []

    def _look(self, headers: Mapping[str, str], body: bytes) -> Misdeed | None:
        self.seen.append((headers, body))
        return self.misdeeds.pop(0) if self.misdeeds else self.always

    def client(self, clock: Clock, *, total_s: float = 10.0, read_s: float = 5.0) -> HttpReceiver:
        made = HttpReceiver(
            self.receiver.url,
            source=STATION,
            secret=Secret(TEXT),
            clock=clock,
            total_s=total_s,
            read_s=read_s,
        )
        self.clients.append(made)
        return made

    def sender(self, bench: Bench, clock: Clock) -> OutboxSender:
        return OutboxSender(bench.port, self.client(clock), backoff=QUICK, clock=clock)

    def close(self) -> None:
        for client in self.clients:
            client.close()
        self.receiver.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.close()


def test_events_arrive_as_cloud_events_in_order(bench: Bench, scene: Scene, clock: Clock) -> None:
    bench.add("main/1", 3)
    bench.add("main/2", 1)
    report = scene.sender(bench, clock).send_due()
    assert (report.delivered, report.error) == (4, "")
    assert not bench.unsent()
    events = scene.receiver.events()
    assert [e["sequence"] for e in events if e["subject"] == "main/1"] == [1, 2, 3]
    first = events[0]
    assert first["specversion"] == "1.0"
    assert first["source"] == STATION
    assert first["time"] == "2026-08-01T09:00:00Z"
    assert first["data"]["order_id"] == "1"
    assert scene.receiver.orders().keys() == {"main/1", "main/2"}


def test_a_request_carries_id_key_and_signature(bench: Bench, scene: Scene, clock: Clock) -> None:
    bench.add("main/1")
    scene.misdeeds = [Misdeed(Trick.STATUS, status=503)]
    sender = scene.sender(bench, clock)
    sender.send_due()
    clock.forward(60)
    assert sender.send_due().delivered == 1
    (one, body), (two, again) = scene.seen
    event = json.loads(body)
    assert one["content-type"].startswith("application/cloudevents+json")
    assert one["idempotency-key"] == one["webhook-id"] == event["id"]
    assert two["idempotency-key"] == one["idempotency-key"]
    assert again == body
    assert two["webhook-signature"] != one["webhook-signature"]
    for headers, sent in scene.seen:
        at = clock.now.fromtimestamp(int(headers["webhook-timestamp"]), clock.now.tzinfo)
        right = Secret(TEXT).sign(headers["webhook-id"], at, sent)
        assert headers["webhook-signature"] == right["webhook-signature"]


def test_a_batch_holds_twenty_at_most(bench: Bench, scene: Scene, clock: Clock) -> None:
    for number in range(45):
        bench.add(f"main/{number}")
    assert scene.sender(bench, clock).send_due().delivered == 45
    sizes = [len(json.loads(body)) for _, body in scene.seen]
    assert sizes == [20, 20, 5]
    assert all("cloudevents-batch" in headers["content-type"] for headers, _ in scene.seen)


@pytest.mark.parametrize(
    ("misdeed", "error"),
    [
        (Misdeed(Trick.STATUS, status=503), "http_503"),
        (Misdeed(Trick.STATUS, status=429), "http_429"),
        (Misdeed(Trick.HANG_UP), "connection_lost"),
        (Misdeed(Trick.LOSE_REPLY), "connection_lost"),
        (Misdeed(Trick.HTML), "answer_not_understood"),
        (Misdeed(Trick.TRUNCATE), "answer_not_understood"),
        (Misdeed(Trick.NO_ECHO), "not_echoed"),
        (Misdeed(Trick.HUGE), "answer_too_large"),
        (Misdeed(Trick.REDIRECT, location="http://example.org/"), "http_307"),
    ],
)
def test_what_is_not_an_echo_comes_again(
    bench: Bench, scene: Scene, clock: Clock, misdeed: Misdeed, error: str
) -> None:
    bench.add("main/1", 2)
    scene.misdeeds = [misdeed]
    sender = scene.sender(bench, clock)
    report = sender.send_due()
    assert (report.delivered, report.postponed, report.error) == (0, 1, error)
    assert report.wait_s > 0
    assert next((e.attempts, e.last_error) for e in bench.unsent()) == (1, error)
    assert sender.send_due() == SendReport()
    clock.forward(60)
    assert sender.send_due().delivered == 2
    assert [e["sequence"] for e in scene.receiver.events()] == [1, 2]


def test_a_tarpit_is_left_in_time(bench: Bench, scene: Scene, clock: Clock) -> None:
    bench.add("main/1")
    scene.always = Misdeed(Trick.DRIP, seconds=0.05)
    client = scene.client(clock, total_s=0.6)
    started = time.monotonic()
    report = OutboxSender(bench.port, client, backoff=QUICK, clock=clock).send_once(clock())
    assert report.error == "timeout"
    assert time.monotonic() - started < 3.0


def test_a_receiver_that_is_silent_is_left_in_time(
    bench: Bench, scene: Scene, clock: Clock
) -> None:
    bench.add("main/1")
    scene.always = Misdeed(Trick.SLOW, seconds=30)
    client = scene.client(clock, read_s=0.3)
    report = OutboxSender(bench.port, client, backoff=QUICK, clock=clock).send_once(clock())
    assert report.error == "timeout"


def test_a_receiver_that_is_not_there_waits(tmp_path: Path, clock: Clock) -> None:
    gone = SampleReceiver(tmp_path / "events.jsonl")
    gone.close()
    bench = MemoryOutbox()
    bench.add("main/1")
    client = HttpReceiver(gone.url, source=STATION)
    report = OutboxSender(bench, client, backoff=QUICK, clock=clock).send_once(clock())
    client.close()
    assert report.error == "no_connection"


@pytest.mark.parametrize("status", [401, 403])
def test_an_expired_log_on_pauses_all_sending(
    bench: Bench, scene: Scene, clock: Clock, status: int
) -> None:
    bench.add("main/1")
    bench.add("main/2")
    scene.misdeeds = [Misdeed(Trick.STATUS, status=status)]
    sender = scene.sender(bench, clock)
    assert sender.send_due().paused == f"http_{status}"
    clock.forward(3600)
    assert sender.send_due() == SendReport()
    assert len(scene.seen) == 1
    bench.resume()
    assert sender.send_due().delivered == 2


def test_a_poisoned_event_parks_its_own_order_only(
    bench: Bench, scene: Scene, clock: Clock
) -> None:
    for number in range(5):
        bench.add(f"main/{number}", 2)

    def look(headers: Mapping[str, str], body: bytes) -> Misdeed | None:
        return Misdeed(Trick.STATUS, status=422) if b'"main/3"' in body else None

    scene.receiver.misdeed = look  # type: ignore[method-assign] # the test decides by content
    sender = scene.sender(bench, clock)
    report = sender.send_due()
    assert (report.delivered, report.parked) == (8, 1)
    assert [e.subject for e in bench.unsent()] == ["main/3", "main/3"]
    clock.forward(3600)
    assert sender.send_due() == SendReport()


def test_a_rejected_event_parks_its_stream(bench: Bench, scene: Scene, clock: Clock) -> None:
    bench.add("main/1", 2)
    scene.misdeeds = [Misdeed(Trick.REJECT, reason="no such order")]
    report = scene.sender(bench, clock).send_due()
    assert (report.delivered, report.parked) == (0, 1)
    assert len(bench.unsent()) == 2


def test_a_conflict_is_parked_after_twenty_tries(bench: Bench, scene: Scene, clock: Clock) -> None:
    bench.add("main/1")
    scene.always = Misdeed(Trick.STATUS, status=409)
    tries = 0
    while tries < 50:
        report = scene.sender(bench, clock).send_due()  # a new sender each time: it is durable
        tries += 1
        if report.parked:
            break
        clock.forward(2000)
    assert tries == 20
    assert len(bench.unsent()) == 1


def test_retry_after_is_honoured(bench: Bench, scene: Scene, clock: Clock) -> None:
    bench.add("main/1")
    scene.misdeeds = [Misdeed(Trick.STATUS, status=503, retry_after="100")]
    sender = scene.sender(bench, clock)
    assert sender.send_due().wait_s == 100
    clock.forward(99)
    assert sender.send_due() == SendReport()
    clock.forward(2)
    assert sender.send_due().delivered == 1


def test_a_person_who_asks_does_not_wait_for_the_next_try(
    bench: Bench, scene: Scene, clock: Clock
) -> None:
    bench.add("main/1", 2)
    scene.misdeeds = [Misdeed(Trick.STATUS, status=503)]
    sender = scene.sender(bench, clock)
    sender.send_due()
    assert sender.send_due() == SendReport()
    assert sender.send_waiting().delivered == 2


def test_waits_double_with_jitter_and_end_at_the_longest() -> None:
    chance = random.Random(7)
    backoff = Backoff(first_s=2.0, longest_s=900.0, share=chance.random)
    for failures, whole in ((1, 2), (2, 4), (5, 32), (9, 512), (10, 900), (10_000, 900)):
        waits = [backoff.wait_s(failures) for _ in range(50)]
        assert whole / 2 <= min(waits) < max(waits) <= whole


def test_the_receivers_clock_is_measured_and_signed_with(scene: Scene) -> None:
    clock = Clock()
    bench = MemoryOutbox()
    bench.add("main/1", 2)
    client = scene.client(clock)
    OutboxSender(bench, client, clock=clock).send_due()
    assert client.clock_offset_s is not None
    truth = time.time() - clock.now.timestamp()
    assert abs(client.clock_offset_s - truth) < 3
    second = int(scene.seen[1][0]["webhook-timestamp"])
    assert abs(second - time.time()) < 5


def test_only_https_or_this_machine_is_spoken_to() -> None:
    for url in ("http://example.org/", "ftp://127.0.0.1/", "https://me:word@example.org/"):
        with pytest.raises(SyncError) as caught:
            HttpReceiver(url, source=STATION)
        assert caught.value.code == "sync.url_refused"
        assert "me:" not in str(caught.value)


def test_the_thread_sends_when_nudged_and_ends_when_told(tmp_path: Path, scene: Scene) -> None:
    room = Room("store")
    bench = StoreBench(tmp_path)
    told: list[SendReport] = []
    client = HttpReceiver(scene.receiver.url, source=STATION)
    sender = OutboxSender(RoomOutbox(bench.port, room), client, poll_s=60.0, told=told.append)
    stop = threading.Event()
    thread = threading.Thread(target=sender.run, args=(stop,), name="outbox_sender")
    thread.start()
    room.call(lambda: bench.add("main/1", 3), timeout_s=5)
    sender.nudge()
    deadline = time.monotonic() + 10
    while len(scene.receiver.events()) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    sender.nudge()
    thread.join(5)
    assert not thread.is_alive()
    client.close()
    assert room.close()
    assert sum(report.delivered for report in told) == 3
    bench.close()


def test_the_thread_is_left_alone_until_a_person_asks(scene: Scene) -> None:
    bench = MemoryOutbox()
    bench.add("main/1")
    scene.misdeeds = [Misdeed(Trick.STATUS, status=503, retry_after="3000")]
    told: list[SendReport] = []
    client = HttpReceiver(scene.receiver.url, source=STATION)
    sender = OutboxSender(bench, client, told=told.append)
    stop = threading.Event()
    thread = threading.Thread(target=sender.run, args=(stop,), name="outbox_sender")
    thread.start()
    deadline = time.monotonic() + 10
    while not told and time.monotonic() < deadline:
        time.sleep(0.01)
    sender.nudge()
    time.sleep(0.3)
    assert not scene.receiver.events()
    sender.send_now()
    while len(told) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    sender.nudge()
    thread.join(5)
    assert not thread.is_alive()
    client.close()
    assert [(report.error, report.delivered) for report in told] == [("http_503", 0), ("", 1)]


def test_a_broken_store_does_not_end_the_thread(
    scene: Scene, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(MemoryOutbox):
        def claim(self, now: datetime, limit: int) -> list[OutboxEvent]:
            stop.set()
            raise OSError("disk")

    stop = threading.Event()
    sender = OutboxSender(Broken(), scene.client(clock), clock=clock)
    sender.run(stop)
    assert "sending failed" in caplog.text


def storm(
    bench: Bench, scene: Scene, clock: Clock, *, orders: int, each: int, seed: int
) -> Counter[str]:
    """Send through every misfortune until nothing waits; the sender dies now and then."""
    chance = random.Random(seed)
    misfortunes = Counter[str]()

    def look(headers: Mapping[str, str], body: bytes) -> Misdeed | None:
        with lock:
            dice = chance.random()
        if dice < 0.10:
            return Misdeed(Trick.STATUS, status=503)
        for share, trick in ((0.18, Trick.LOSE_REPLY), (0.20, Trick.TRUNCATE), (0.22, Trick.HTML)):
            if dice < share:
                return Misdeed(trick)
        if dice < 0.23:
            return Misdeed(Trick.DRIP, seconds=0.02)
        return Misdeed(Trick.STATUS, status=409) if dice < 0.24 else None

    class DiedError(Exception):
        """The program ended between two of the outbox's methods."""

    class Mortal:
        """Passes calls on; now and then the program ends before the call is done."""

        def __getattr__(self, name: str) -> object:
            def call(*args: object) -> object:
                if name != "claim" and chance.random() < 0.05:
                    misfortunes["died before " + name] += 1
                    raise DiedError
                if name == "claim":  # smaller batches: more requests, more misfortune
                    args = (args[0], chance.randint(1, 8))
                return getattr(bench.port, name)(*args)

            return call

    lock = threading.Lock()
    scene.receiver.misdeed = look  # type: ignore[method-assign] # the test decides by chance
    for number in range(orders):
        bench.add(f"main/{number}", each)
    client = scene.client(clock, total_s=0.2)
    for _ in range(100_000):
        sender = OutboxSender(Mortal(), client, backoff=QUICK, clock=clock)  # type: ignore[arg-type] # by name
        try:
            report = sender.send_due()
        except DiedError:
            bench.reopen()
            continue
        if report.error:
            misfortunes[report.error] += 1
        if not bench.unsent():
            return misfortunes
        clock.forward(1000)
    raise AssertionError("the storm did not end")


def test_a_storm_loses_and_doubles_nothing(bench: Bench, scene: Scene, clock: Clock) -> None:
    orders, each = 250, 5
    made = {f"main/{n}": list(range(1, each + 1)) for n in range(orders)}
    misfortunes = storm(bench, scene, clock, orders=orders, each=each, seed=20260801)
    events = scene.receiver.events()
    ids = [event["id"] for event in events]
    assert len(ids) == len(set(ids)) == orders * each
    arrived: dict[str, list[int]] = {}
    for event in events:
        arrived.setdefault(event["subject"], []).append(event["sequence"])
    assert arrived == made
    assert scene.receiver.duplicates > 0, "nothing was sent twice: the storm was too mild"
    assert {"http_503", "connection_lost", "answer_not_understood", "timeout"} <= set(misfortunes)
    assert any(name.startswith("died before delivered") for name in misfortunes)


def test_the_receiver_keeps_ids_over_a_restart(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "events.jsonl"
    bench = MemoryOutbox()
    bench.add("main/1", 2)
    events = bench.unsent()
    with SampleReceiver(path) as receiver:
        client = HttpReceiver(receiver.url, source=STATION)
        client.post(events[:1])
        client.close()
    with path.open("ab") as file:
        file.write(b'{"specversion": "1.0", "id": "half')
    with SampleReceiver(path) as receiver:
        client = HttpReceiver(receiver.url, source=STATION)
        later = replace(events[1], created_at=events[1].created_at + timedelta(seconds=1))
        client.post([events[0], later])
        client.close()
        assert [event["sequence"] for event in receiver.events()] == [1, 2]
        assert receiver.duplicates == 1
        assert receiver.orders() == {"main/1": str(events[1].kind)}
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
