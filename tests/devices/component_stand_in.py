"""A print component that is none: speaks the documented messages over a WebSocket, and can fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve


@dataclass
class Component:
    """What the stand-in is told to do, and what it was asked."""

    printers: list[dict[str, str]] = field(
        default_factory=lambda: [{"name": "快递打印机", "status": "enable", "type": "thermal"}]
    )
    notify: str = "notifyPrintResult"
    with_request_id: bool = True
    refuse: str = ""
    """Words with which the print request itself is refused."""
    ends: list[str] = field(default_factory=lambda: ["rendered", "printed"])
    """Task states that are told after the request was taken; empty = silence."""
    document_status: str = "success"
    drop_after: str = ""
    """``request`` or ``rendered``: the connection breaks there."""
    mute: bool = False
    """It takes requests and never answers."""
    noise: bool = False
    """It tells of other tasks and sends rubbish before every answer."""
    tasks: list[dict[str, Any]] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    port: int = 0

    def talk(self, socket: ServerConnection) -> None:
        try:
            for text in socket:
                self._answer(socket, json.loads(text))
        except ConnectionClosed:
            pass

    def _answer(self, socket: ServerConnection, request: dict[str, Any]) -> None:
        if self.mute and request["cmd"] == "print":
            self.tasks.append(request["task"])
            return
        if self.noise:
            other = {"cmd": self.notify, "taskID": "another", "taskStatus": "failed"}
            for rubbish in ("not json", "[1, 2]", json.dumps(other), '{"cmd": "hello"}'):
                socket.send(rubbish)
        reply: dict[str, Any] = {"cmd": request["cmd"], "status": "success"}
        if self.with_request_id:
            reply["requestID"] = request["requestID"]
        if request["cmd"] == "getPrinters":
            reply |= {"defaultPrinter": "快递打印机", "printers": self.printers}
            socket.send(json.dumps(reply))
            return
        task = request["task"]
        self.tasks.append(task)
        if self.drop_after == "request":
            socket.close()
            return
        if self.refuse:
            reply |= {"status": "failed", "msg": self.refuse}
        socket.send(json.dumps(reply))
        if not self.refuse:
            self._end(socket, task)

    def _end(self, socket: ServerConnection, task: dict[str, Any]) -> None:
        (document,) = task["documents"]
        for state in self.ends:
            if state == "printed":
                self.printed.append(document["documentID"])
            socket.send(
                json.dumps(
                    {
                        "cmd": self.notify,
                        "taskID": task["taskID"],
                        "taskStatus": state,
                        "printStatus": [
                            {
                                "documentID": document["documentID"],
                                "status": self.document_status,
                                "msg": "",
                                "detail": "",
                                "printer": task["printer"],
                            }
                        ],
                    }
                )
            )
            if self.drop_after == state:
                socket.close()
                return


@contextmanager
def running(component: Component) -> Iterator[Component]:
    """Serve a component on loopback, on a port of its own."""
    server: Server = serve(component.talk, "127.0.0.1", 0)
    component.port = server.socket.getsockname()[1]
    thread = threading.Thread(target=server.serve_forever, name="component")
    thread.start()
    try:
        yield component
    finally:
        server.shutdown()
        thread.join(5)
