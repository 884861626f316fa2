"""A receiver of status events on this machine that remembers everything it was sent."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

Event = dict[str, Any]


class Receiver:
    """Takes CloudEvents, one or a batch, and acknowledges them by id."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        """By id, in the order of their first arrival."""
        self.deliveries = 0
        self.problems: list[str] = []
        """What a receiver must never see."""
        self._streams: dict[str, list[Event]] = defaultdict(list)
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                batch = body if isinstance(body, list) else [body]
                accepted = [receiver.take(event) for event in batch]
                answer = json.dumps({"accepted": accepted, "rejected": []}).encode()
                try:
                    self.send_response(200)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    self.close_connection = True  # the sender was killed meanwhile

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="receiver"
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/events"

    def take(self, event: Event) -> str:
        """Keep an event once; say what is wrong with it."""
        with self._lock:
            self.deliveries += 1
            identity = str(event["id"])
            known = self.events.get(identity)
            if known is not None:
                if known != event:
                    self.problems.append(f"{identity} came again with other content")
                return identity
            self.events[identity] = event
            stream = self._streams[str(event["subject"])]
            wanted = int(stream[-1]["sequence"]) + 1 if stream else 1
            if int(event["sequence"]) != wanted:
                subject = event["subject"]
                self.problems.append(f"{subject}: {event['sequence']} instead of {wanted}")
            stream.append(event)
            return identity

    def kinds(self, order_id: str) -> list[str]:
        """Return the kinds of an order's events in the order of their arrival."""
        with self._lock:
            found = [s for s in self._streams if s == order_id or s.endswith(f"/{order_id}")]
            return [str(event["type"]) for subject in found for event in self._streams[subject]]

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
