"""Prints through a platform's print component: it draws encrypted documents that nobody else can.

What the component says of a task becomes an outcome. Its ``printed`` means that its spooler has
passed the document on: SENT, until the label is scanned. After a request has left, silence is
UNKNOWN, and nothing is asked for a second time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from packstation.core.status import LabelSource, PrintOutcome
from packstation.devices.component_link import ComponentLink
from packstation.errors import ComposeError, DeviceError
from packstation.ports import LabelJob, PaperBytes, PaperJob, PrinterState, PrinterStatus
from packstation.printing.component_files import ComponentProfile


class ComponentPrinter:
    """One printer of one component; satisfies the port ``PaperPrinter``."""

    def __init__(self, host: str, port: int, printer: str, profile: ComponentProfile) -> None:
        """Keep where the component is and which of its printers is meant (empty = its usual one).

        Raises:
            DeviceError: ``component.not_here``.
        """
        self._host, self._port = host, port
        self._printer = printer
        self._profile = profile
        self._given_up: set[str] = set()
        self._lock = threading.Lock()
        self._under_way: str | None = None
        ComponentLink(host, port, profile)

    def compose(self, paper: PaperJob) -> PaperBytes:
        """Return the document of a label as the platform gave it.

        A reprint is the same document: nothing can be drawn on it, so that it bears no mark, and
        only the print journal knows which copy it is.

        Raises:
            ComposeError: ``print.no_component_paper``: it is no document for a component.
        """
        if (
            not isinstance(paper, LabelJob)
            or paper.source is not LabelSource.COMPONENT
            or paper.page is None
            or paper.page.format != "component"
        ):
            raise ComposeError(
                "print.no_component_paper",
                "A print component prints the platform's own labels only.",
                fix="Choose a label printer for this paper on the printers page.",
            )
        document = document_of(paper.page.content)
        document["documentID"] = str(paper.tracking_number)
        if self._profile.document_number:
            document[self._profile.document_number] = str(paper.tracking_number)
        return PaperBytes(json.dumps(document, ensure_ascii=False, sort_keys=True).encode())

    def send(
        self, job: str, payload: bytes, stalled: Callable[[str], None]
    ) -> tuple[PrintOutcome, str]:
        """Give the component one task and wait for its end."""
        del stalled  # a component does not tell that its printer waits
        with self._lock:
            self._under_way = job
        link = ComponentLink(self._host, self._port, self._profile)
        try:
            return self._send(link, job, json.loads(payload))
        finally:
            with self._lock:
                self._under_way = None
                self._given_up.discard(job)
            link.close()

    def _send(
        self, link: ComponentLink, job: str, document: dict[str, Any]
    ) -> tuple[PrintOutcome, str]:
        try:
            link.open()
            self._look_for_printer(link)
        except DeviceError as error:
            return PrintOutcome.FAILED, error.code
        if job in self._given_up:
            return PrintOutcome.CANCELLED, ""
        try:
            link.start(job, document, self._printer)
            given_up = self._given_up
            end = link.wait(job, str(document["documentID"]), lambda: job in given_up)
        except DeviceError as error:
            refused = error.code == "component.refused"
            return (PrintOutcome.FAILED if refused else PrintOutcome.UNKNOWN), error.code
        if end.status == "printed":
            return PrintOutcome.SENT, ""
        if end.status == "failed" and not end.rendered:
            return PrintOutcome.FAILED, "component.failed"
        return PrintOutcome.UNKNOWN, "component.no_end" if not end.status else "component.failed"

    def _look_for_printer(self, link: ComponentLink) -> None:
        """Refuse before anything is sent when the component's printer is gone or switched off."""
        status = self._status(link)
        if status.state in (PrinterState.NOT_FOUND, PrinterState.PAUSED):
            raise DeviceError(
                status.detail, "The component's printer is not ready.", fix=status.fix
            )

    def _status(self, link: ComponentLink) -> PrinterStatus:
        found = link.printers()
        if not self._printer:
            state = PrinterState.UNKNOWN if found else PrinterState.NOT_FOUND
            return PrinterStatus(state, "" if found else "component.no_printer")
        ours = [one for one in found if one.name == self._printer]
        if not ours:
            return PrinterStatus(PrinterState.NOT_FOUND, "component.no_printer")
        if not ours[0].enabled:
            return PrinterStatus(PrinterState.PAUSED, "component.printer_off")
        return PrinterStatus(PrinterState.UNKNOWN)

    def give_up(self, job: str) -> bool:
        """Wait no longer for a task's end, or do not begin with it; from any thread."""
        with self._lock:
            self._given_up.add(job)
            return self._under_way == job

    def status(self) -> PrinterStatus:
        """Ask the component for its printer; it does not tell of paper and cover."""
        link = ComponentLink(self._host, self._port, self._profile)
        try:
            link.open()
            return self._status(link)
        except DeviceError as error:
            return PrinterStatus(PrinterState.NOT_FOUND, error.code, error.fix)
        finally:
            link.close()


def document_of(content: bytes) -> dict[str, Any]:
    """Return one document as JSON.

    Raises:
        ComposeError: ``print.bad_document``: it has no contents.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("contents"), list):
        raise ComposeError(
            "print.bad_document",
            "The platform's print document cannot be read.",
            fix="Get the print documents from the platform again.",
        )
    return document
