"""Who is told of paper, and how errors at the doors of rooms are written down."""

from __future__ import annotations

import logging
from typing import Protocol

from packstation.core.status import PrintOutcome
from packstation.errors import PackStationError

log = logging.getLogger(__name__)

UNEXPECTED = "app.unexpected"
"""Code of an error that nobody foresaw; the log has its class and place."""


class Notices(Protocol):
    """Who is told of paper that has no event of its own; called from any room."""

    def paper_ended(self, kind: str, key: str, outcome: PrintOutcome, detail: str) -> None:
        """A paper other than a label came out, or did not."""
        ...

    def stalled(self, job: str, detail: str) -> None:
        """A printer takes nothing of a job of any kind; an empty detail: it goes on."""
        ...

    def wrote(self) -> None:
        """Something was committed: counts such as the unsent ones may have changed."""
        ...


def word_of(error: Exception) -> str:
    """Return the stable word for an error."""
    return error.code if isinstance(error, PackStationError) else UNEXPECTED


def note(what: str, error: Exception, **facts: str) -> None:
    """Write an error down; places only of those that nobody foresaw."""
    foreseen = isinstance(error, PackStationError)
    log.error(what, exc_info=None if foreseen else error, extra={"code": word_of(error), **facts})
