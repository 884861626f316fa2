"""A platform's print component on this computer: a WebSocket that takes documents and prints them.

Envelope (formats.md C2): a request has ``cmd``, ``requestID`` and ``version``; an answer repeats
``cmd`` and ``requestID``; how a task ended comes later, on the same socket, as a message of its
own. One document a task, and the task's id is the print job's: a component that was given a task
twice would print it twice.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.sync.client import ClientConnection, connect

from packstation.errors import DeviceError
from packstation.printing.component_files import ComponentProfile

VERSION = "1.0"
CONNECT_S = 3.0
ANSWER_S = 10.0
"""Longest wait for the answer to a request."""
PRINT_S = 60.0
"""Longest wait for the word that a task has ended; rendering asks the platform's servers."""
STEP_S = 0.2
"""How often a wait looks whether the job was given up."""
MOST_BYTES = 4 * 1024 * 1024
"""Longest message taken from a component."""
THIS_COMPUTER = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class ComponentPrinterFound:
    """One printer that a component knows."""

    name: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class TaskEnd:
    """How a task ended, in the component's words."""

    status: str
    """``printed``, ``failed``, ``partPrinted`` …; empty = nothing was heard in time."""
    rendered: bool
    """It had said before that the document was drawn: paper may have moved."""
    message: str
    """What it says about the document; never people's data by its kind, cut to 80 characters."""


class ComponentLink:
    """One connection to a component; used by one thread, opened for one job."""

    def __init__(
        self,
        host: str,
        port: int,
        profile: ComponentProfile,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep where the component listens.

        Raises:
            DeviceError: ``component.not_here``: documents with people's data go to this computer
                only.
        """
        if host not in THIS_COMPUTER:
            raise DeviceError(
                "component.not_here",
                f"The print component at {host} is on another computer.",
                fix="Install the component on this computer and set its address to 127.0.0.1.",
                host=host,
            )
        self._uri = f"ws://{host if ':' not in host else f'[{host}]'}:{port}"
        self._profile = profile
        self._clock = clock
        self._socket: ClientConnection | None = None
        self._asked = 0
        self._ends = ExitStack()

    def open(self) -> None:
        """Connect.

        Raises:
            DeviceError: ``component.not_running``: nothing was sent.
        """
        try:
            self._socket = self._ends.enter_context(
                connect(
                    self._uri,
                    open_timeout=CONNECT_S,
                    close_timeout=1,
                    max_size=MOST_BYTES,
                    compression=None,
                    proxy=None,
                )
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            raise DeviceError(
                "component.not_running",
                f"{self._profile.name} does not answer at {self._uri}.",
                fix="Start the component, then try again.",
                component=self._profile.name,
            ) from error

    def close(self) -> None:
        """Hang up; never raises."""
        self._socket = None
        with suppress(Exception):
            self._ends.close()

    def printers(self) -> tuple[ComponentPrinterFound, ...]:
        """Return the printers that the component knows.

        Raises:
            DeviceError: ``component.no_answer``.
        """
        answer = self._request(self._profile.get_printers, {})
        found = answer.get("printers")
        listed = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        return tuple(
            ComponentPrinterFound(str(one.get("name", "")), one.get("status", "enable") == "enable")
            for one in listed
        )

    def start(self, task: str, document: dict[str, Any], printer: str) -> None:
        """Give the component a task of one document.

        Raises:
            DeviceError: ``component.refused`` (it says that it will not print), or
                ``component.no_answer`` / ``component.gone``: it may print all the same.
        """
        answer = self._request(
            self._profile.print,
            {
                "task": {
                    "taskID": task,
                    "preview": False,
                    "printer": printer,
                    "notifyType": list(self._profile.notify_type),
                    "firstDocumentNumber": 1,
                    "totalDocumentCount": 1,
                    "documents": [document],
                }
            },
            task=task,
        )
        if str(answer.get("status", "success")).lower() != "success":
            raise DeviceError(
                "component.refused",
                f"{self._profile.name} refused the label: {_said(answer.get('msg'))}",
                fix="Look at the component's window; then print again.",
                said=_said(answer.get("msg")),
            )

    def wait(self, task: str, document: str, given_up: Callable[[], bool]) -> TaskEnd:
        """Wait for the word that a task has ended.

        Raises:
            DeviceError: ``component.gone``: the connection broke.
        """
        until, rendered = self._clock() + PRINT_S, False
        while self._clock() < until and not given_up():
            message = self._receive(STEP_S)
            if message is None or message.get("cmd") != self._profile.notify:
                continue
            if str(message.get("taskID", "")) != task:
                continue
            status = str(message.get("taskStatus", ""))
            if status == "rendered":
                rendered = True
                continue
            ends = message.get("printStatus")
            listed = (
                [one for one in ends if isinstance(one, dict)] if isinstance(ends, list) else []
            )
            ours = [one for one in listed if str(one.get("documentID", "")) == document]
            if status == "printed" and any(one.get("status") == "failed" for one in ours):
                status = "failed"
            words = " ".join(_said(one.get(key)) for one in ours for key in ("msg", "detail"))
            return TaskEnd(status, rendered, _said(words))
        return TaskEnd("", rendered, "")

    def _request(self, command: str, body: dict[str, Any], *, task: str = "") -> dict[str, Any]:
        self._asked += 1
        number = f"{self._asked}-{time.time_ns()}"
        request = {"cmd": command, "version": VERSION, **body}
        if self._profile.request_id:
            request["requestID"] = number
        self._send(request)
        until = self._clock() + ANSWER_S
        while (left := until - self._clock()) > 0:
            answer = self._receive(left)
            if answer is None or answer.get("cmd") != command:
                continue
            if self._profile.request_id and str(answer.get("requestID", number)) != number:
                continue
            if task and str(answer.get("taskID") or task) != task:
                continue
            return answer
        raise DeviceError(
            "component.no_answer",
            f"{self._profile.name} took the request and does not answer.",
            fix="Look whether a label came out: scan it, or say that there is none.",
        )

    def _send(self, message: dict[str, Any]) -> None:
        assert self._socket is not None
        try:
            self._socket.send(json.dumps(message, ensure_ascii=False, separators=(",", ":")))
        except (ConnectionClosed, OSError) as error:
            raise self._gone() from error

    def _receive(self, timeout_s: float) -> dict[str, Any] | None:
        """Return the next message that is one; None when there was none in time."""
        assert self._socket is not None
        try:
            text = self._socket.recv(timeout=timeout_s)
        except TimeoutError:
            return None
        except (ConnectionClosed, OSError) as error:
            raise self._gone() from error
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return message if isinstance(message, dict) else None

    def _gone(self) -> DeviceError:
        return DeviceError(
            "component.gone",
            f"The connection to {self._profile.name} broke.",
            fix="Look whether a label came out: scan it, or say that there is none.",
        )


def _said(words: object) -> str:
    """Return what a component says, on one line and not long."""
    text = words if isinstance(words, str) else ""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:80]
