"""Speaks HTTP with the receiver of status events: bounded in time and size, TLS always verified."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol

from packstation.core.outbox import OutboxEvent
from packstation.errors import SyncError
from packstation.runtime.receiver_answer import Answer
from packstation.runtime.signing import Secret
from packstation.settings import url_problem

if TYPE_CHECKING:
    import ssl

CONNECT_S, READ_S, TOTAL_S = 3.0, 5.0, 10.0
"""Receivers get 1 s to connect and 5 s to answer elsewhere (faults.md, Y2); we give more."""
LARGEST_ANSWER = 1 << 20
"""Bytes; an answer for 20 events has some 2 kB."""


class Receiver(Protocol):
    """Who takes status events; called in the room ``outbox_sender``."""

    def post(self, events: Sequence[OutboxEvent]) -> Answer:
        """Send events in one request and return the answer; never raises for the network's sake."""
        ...

    def close(self) -> None:
        """Let connections go."""
        ...


def cloud_event(event: OutboxEvent, source: str) -> dict[str, Any]:
    """Return a status event as CloudEvents 1.0 with the sequence extension (as a number)."""
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": source,
        "type": str(event.kind),
        "subject": str(event.subject),
        "time": event.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "sequence": event.sequence,
        "datacontenttype": "application/json",
        "data": json.loads(event.data),
    }


def message_id(events: Sequence[OutboxEvent]) -> str:
    """Return the id of a request: the same events give the same id at every attempt."""
    if len(events) == 1:
        return events[0].id
    digest = hashlib.sha256("\n".join(event.id for event in events).encode())
    return f"batch-{digest.hexdigest()[:32]}"


class HttpReceiver:
    """An address that takes CloudEvents by POST; one connection, kept between requests."""

    def __init__(
        self,
        url: str,
        *,
        source: str,
        secret: Secret | None = None,
        tls: ssl.SSLContext | None = None,
        total_s: float = TOTAL_S,
        read_s: float = READ_S,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Check the address; nothing is sent yet.

        Args:
            url: https, or http to this machine.
            source: The station as a URI reference, for example ``/packstation/stations/1``.
            secret: Signs each request; None = requests are not signed.
            tls: Certificates to trust in place of the system's; verification stays on.
            total_s: Longest time of one request.
            read_s: Longest silence of the receiver.
            clock: Aware UTC time, to measure the receiver's clock against.

        Raises:
            SyncError: ``sync.url_refused``.
        """
        problem = url_problem(url)
        if problem is not None:
            raise SyncError(
                "sync.url_refused",
                f"Status events cannot be sent to this address: {problem}.",
                fix="Give an https address, or http with 127.0.0.1 for this machine.",
            )
        # Late: 19 MB and some 300 ms that a station which sends nothing never needs.
        import ssl

        import httpx
        import truststore

        context = tls or truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        assert context.verify_mode is ssl.CERT_REQUIRED, "verification is never off"
        assert context.check_hostname, "nor is the check of the name"
        self._url, self._source, self._secret = url, source, secret
        self._total_s, self._clock = total_s, clock
        self.clock_offset_s: float | None = None
        """Receiver's clock minus ours; None until an answer named its time."""
        self._socket: socket.socket | None = None
        self._late = False
        self._ended = False
        self._client = httpx.Client(
            verify=context,
            trust_env=False,  # no proxy, .netrc or certificate file from the environment
            follow_redirects=False,
            timeout=httpx.Timeout(read_s, connect=CONNECT_S, pool=1.0),
            limits=httpx.Limits(max_connections=1, keepalive_expiry=30.0),
            headers={"accept": "application/json", "accept-encoding": "identity"},
        )

    def post(self, events: Sequence[OutboxEvent]) -> Answer:
        """Send events in one request; blocks for ``total_s`` and a moment at most."""
        import httpx

        told = [cloud_event(event, self._source) for event in events]
        single = len(told) == 1
        body = json.dumps(told[0] if single else told, ensure_ascii=False).encode()
        message = message_id(events)
        kind = "cloudevents" if single else "cloudevents-batch"
        headers = {
            "content-type": f"application/{kind}+json; charset=utf-8",
            "idempotency-key": message,
        }
        if self._secret is not None:
            there = self._clock() + timedelta(seconds=self.clock_offset_s or 0.0)
            headers |= self._secret.sign(message, there, body)
        self._late = False
        guard = threading.Timer(self._total_s, self._cut)
        guard.name, guard.daemon = "outbox_guard", True
        started = time.monotonic()
        guard.start()
        try:
            if self._ended:
                return Answer(0, problem="connection_lost")
            return self._exchange(body, headers, started)
        except httpx.TimeoutException:
            return Answer(0, problem="timeout")
        except httpx.ConnectError as error:
            tls = "certificate" in str(error).lower() or "ssl" in str(error).lower()
            return Answer(0, problem="tls_refused" if tls else "no_connection")
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return Answer(0, problem="timeout" if self._late else "connection_lost")
        finally:
            guard.cancel()
            guard.join()

    def abort(self) -> None:
        """End the request under way, and every later one, at once; from any thread.

        Only a connection that is still being made is waited for: ``CONNECT_S`` at most.
        """
        self._ended = True
        self._cut()

    def close(self) -> None:
        """Close the connection."""
        self._socket = None
        self._client.close()

    def _exchange(self, body: bytes, headers: dict[str, str], started: float) -> Answer:
        request = self._client.build_request("POST", self._url, content=body, headers=headers)
        request.extensions["trace"] = self._trace
        response = self._client.send(request, stream=True)
        try:
            self._measure(response.headers.get("date", ""))
            received = bytearray()
            problem = ""
            coding = response.headers.get("content-encoding", "identity")
            if coding.lower() != "identity":
                problem = "answer_not_understood"
            else:
                for part in response.iter_raw():
                    received += part
                    if len(received) > LARGEST_ANSWER:
                        problem = "answer_too_large"
                    elif time.monotonic() - started > self._total_s:
                        problem = "timeout"
                    if problem:
                        break
            return Answer(
                response.status_code,
                response.headers.get("content-type", ""),
                b"" if problem else bytes(received),
                response.headers.get("retry-after", ""),
                problem,
            )
        finally:
            response.close()

    def _trace(self, name: str, info: dict[str, Any]) -> None:
        if name in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = info["return_value"].get_extra_info("socket")
            if self._late or self._ended:
                self._cut()

    def _cut(self) -> None:
        """End a request that drips: wakes a read that would be fed a byte now and then."""
        self._late = True
        held = self._socket
        if held is not None:
            try:
                # The plain method: an SSL socket's own one would touch a state that is in use.
                socket.socket.shutdown(held, socket.SHUT_RDWR)
            except OSError:
                return

    def _measure(self, date: str) -> None:
        try:
            there = parsedate_to_datetime(date)
        except (ValueError, IndexError, TypeError):
            return
        if there.tzinfo is not None:
            # The header has whole seconds: on average half a second is gone.
            self.clock_offset_s = (there - self._clock()).total_seconds() + 0.5
