"""Every deliberate error: one tree, stable dotted codes, each with a fix.

A wrong scan is a verdict, never one of these; an error is what the program could not do.
Codes are append-only: support, tests and texts refer to them.
"""

from __future__ import annotations


class PackStationError(Exception):
    """What the program could not do, with the facts and the key of its cure."""

    def __init__(self, code: str, message: str, *, fix: str = "", **facts: object) -> None:
        """Keep the facts for texts and logs.

        Args:
            code: Stable dotted code such as ``import.empty_file``.
            message: One English sentence: what happened and to what (file, row, key, line).
            fix: One English sentence: what to do now.
            facts: Values named in the message, never people's data.
        """
        super().__init__(message)
        self.code = code
        """Stable dotted code, append-only."""
        self.message = message
        """What happened, in English, with file, row or key."""
        self.fix = fix
        """What to do now, in English; empty when there is nothing to do."""
        self.facts = facts
        """The values of the message by name."""

    def __str__(self) -> str:
        """Return message and cure as one line."""
        return f"{self.message} {self.fix}".strip()


class UsageError(PackStationError):
    """The command line was called with words that do not fit."""


class DataFileError(PackStationError):
    """A data file in resources/ or the settings is wrong: names file, key and line."""


class ImportFileError(PackStationError):
    """A shop file is refused as a whole."""


class StoreError(PackStationError):
    """The database could not do what was asked; nothing was written."""


class DeviceError(PackStationError):
    """A printer, scanner or camera could not do what was asked."""


class ComposeError(PackStationError):
    """A label, list or receipt cannot be put on paper as it is."""


class SyncError(PackStationError):
    """The receiver of status events could not be spoken to."""
