"""The receiver of the sample shop: takes status events on this machine, remembers each id once.

For the demo and for tests, which make it misbehave in every way that a network can.
"""

from __future__ import annotations

import itertools
import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HOST = "127.0.0.1"
LARGEST_BODY = 1 << 20
"""Bytes of one request; 20 events have some 8 kB."""
_SILENCE_S = 10.0


class Trick(Enum):
    """What the receiver does in place of an honest answer."""

    STATUS = "status"
    """Stores nothing and answers with ``Misdeed.status``."""
    LOSE_REPLY = "lose_reply"
    """Stores, then hangs up without a word."""
    HANG_UP = "hang_up"
    """Stores nothing and hangs up."""
    HTML = "html"
    """Stores nothing and shows a page, as a captive portal does, with status 200."""
    TRUNCATE = "truncate"
    """Stores, then sends half of the answer."""
    NO_ECHO = "no_echo"
    """Stores, then says yes without naming an id."""
    DRIP = "drip"
    """Stores nothing and sends header bytes one by one, ``Misdeed.seconds`` apart."""
    HUGE = "huge"
    """Stores, then sends far more than was asked for."""
    REDIRECT = "redirect"
    """Stores nothing and points to ``Misdeed.location``."""
    REJECT = "reject"
    """Answers well, but rejects each event with ``Misdeed.reason``."""
    SLOW = "slow"
    """Answers well, ``Misdeed.seconds`` later."""


@dataclass(frozen=True, slots=True)
class Misdeed:
    """One trick with its details."""

    trick: Trick
    status: int = 503
    retry_after: str = ""
    seconds: float = 0.0
    location: str = ""
    reason: str = "unknown order"


Look = Callable[[Mapping[str, str], bytes], "Misdeed | None"]
"""Sees headers (lower case) and body of each request; may ask for a misdeed."""


class SampleReceiver:
    """A server on this machine with a file of its own; safe to use from any thread."""

    def __init__(self, path: Path, *, port: int = 0, look: Look | None = None) -> None:
        """Read what was received before and listen.

        Args:
            path: JSON lines, one event each; made with its folder where there is none.
            port: 0 = any free one.
            look: For tests.
        """
        self._path, self._look = path, look
        self._lock = threading.Lock()
        self._events: dict[str, dict[str, Any]] = {}
        self.duplicates = 0
        """Events that came again and were not stored again."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._load()
        self.stopping = threading.Event()
        self._server = _Server((HOST, port), _handler_for(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="sample_receiver",
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Where events are posted to."""
        return f"http://{HOST}:{self._server.server_port}/events"

    def events(self) -> list[dict[str, Any]]:
        """Return every event once, in the order of arrival."""
        with self._lock:
            return list(self._events.values())

    def orders(self) -> dict[str, str]:
        """Return the last status of each order, by its sequence."""
        last: dict[str, tuple[int, str]] = {}
        for event in self.events():
            subject, told = event["subject"], (event["sequence"], event["type"])
            last[subject] = max(last.get(subject, told), told)
        return {subject: kind for subject, (_, kind) in last.items()}

    def close(self) -> None:
        """Stop listening and wait for requests that are being answered."""
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def misdeed(self, headers: Mapping[str, str], body: bytes) -> Misdeed | None:
        """Ask the test what to do with a request."""
        return self._look(headers, body) if self._look is not None else None

    def store(self, events: list[dict[str, Any]]) -> list[str]:
        """Store what is new, durable on return; return every id."""
        with self._lock:
            new = {e["id"]: e for e in events if e["id"] not in self._events}
            self.duplicates += len(events) - len(new)
            if new:
                lines = "".join(json.dumps(e, ensure_ascii=False) + "\n" for e in new.values())
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(lines)
                    file.flush()
                    os.fsync(file.fileno())
                self._events |= new
        return [event["id"] for event in events]

    def _load(self) -> None:
        if not self._path.exists():
            return
        whole = 0
        content = self._path.read_bytes()
        for line in content.splitlines(keepends=True):
            try:
                event = checked(json.loads(line))
            except ValueError:
                break
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            self._events[event["id"]] = event
        if whole < len(content):
            # The machine stopped while a line was written: it was never acknowledged.
            with self._path.open("r+b") as file:
                file.truncate(whole)


def checked(value: Any) -> dict[str, Any]:
    """Return an event when it is one.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, dict) or value.get("specversion") != "1.0":
        raise ValueError("no CloudEvent")
    texts = (value.get(key) for key in ("id", "source", "type", "subject"))
    if not all(isinstance(text, str) and text for text in texts):
        raise ValueError("id, source, type and subject are needed")
    if not isinstance(value.get("sequence"), int):
        raise ValueError("sequence is needed")
    return value


class _Server(HTTPServer):
    """One named thread a request; all are joined at the end."""

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._numbers = itertools.count(1)
        self._answering: list[threading.Thread] = []
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self._answer,
            args=(request, client_address),
            name=f"sample_receiver_{next(self._numbers)}",
        )
        self._answering = [one for one in self._answering if one.is_alive()]
        self._answering.append(thread)
        thread.start()

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            pass  # the sender hung up first
        finally:
            self.shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for thread in self._answering:
            thread.join()


def _handler_for(receiver: SampleReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        shop = receiver

    return Handler


class _Handler(BaseHTTPRequestHandler):
    shop: SampleReceiver
    timeout = _SILENCE_S

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self._say(413, {"error": "a body of at most 1 MB is needed"})
            return
        body = self.rfile.read(int(length))
        headers = {name.lower(): value for name, value in self.headers.items()}
        misdeed = self.shop.misdeed(headers, body)
        try:
            value = json.loads(body)
            events = [checked(one) for one in (value if isinstance(value, list) else [value])]
        except (ValueError, RecursionError) as error:
            self._say(400, {"error": str(error)})
            return
        if misdeed is not None:
            self._misbehave(misdeed, events)
        else:
            self._say(200, {"accepted": self.shop.store(events), "rejected": []})

    def _misbehave(self, misdeed: Misdeed, events: list[dict[str, Any]]) -> None:
        ids = [event["id"] for event in events]
        honest = {"accepted": ids, "rejected": []}
        match misdeed.trick:
            case Trick.STATUS:
                self._say(misdeed.status, {}, {"retry-after": misdeed.retry_after})
            case Trick.LOSE_REPLY:
                self.shop.store(events)
            case Trick.HANG_UP:
                return
            case Trick.HTML:
                self._send(200, b"<html><body>Welcome. Log on.</body></html>", "text/html")
            case Trick.TRUNCATE:
                self.shop.store(events)
                whole = json.dumps(honest).encode()
                self._send(200, whole[: len(whole) // 2], "application/json")
            case Trick.NO_ECHO:
                self.shop.store(events)
                self._say(200, {"ok": True})
            case Trick.DRIP:
                for byte in b"HTTP/1.0 200 OK\r\n" + b"x-filler: " + b"z" * 10_000:
                    if self.shop.stopping.wait(misdeed.seconds):
                        return
                    self.wfile.write(bytes([byte]))
            case Trick.HUGE:
                self.shop.store(events)
                self._send(200, b" " * (8 << 20) + json.dumps(honest).encode(), "application/json")
            case Trick.REDIRECT:
                self._say(307, {}, {"location": misdeed.location})
            case Trick.REJECT:
                rejected = [{"id": found, "reason": misdeed.reason} for found in ids]
                self._say(200, {"accepted": [], "rejected": rejected})
            case Trick.SLOW:
                self.shop.stopping.wait(misdeed.seconds)
                self._say(200, {"accepted": self.shop.store(events), "rejected": []})

    def _say(
        self, status: int, answer: dict[str, Any], more: Mapping[str, str] | None = None
    ) -> None:
        self._send(status, json.dumps(answer).encode(), "application/json", more)

    def _send(
        self, status: int, body: bytes, kind: str, more: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in (more or {}).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep standard error for the program."""
