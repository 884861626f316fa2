"""The last head of the chain, kept outside the database: a cut tail does not go unseen.

Written after each commit, so it is never ahead of what is durable; a power cut may leave it a
little behind, which proves less but nothing wrong.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

ANCHOR_NAME = "anchor"
LOST_NAME = "anchor.lost"
"""A head that the journal no longer has is kept under this name until a person has looked."""
_FORM = re.compile(r"(\d{16}) ([0-9a-f]{64})\n")


@dataclass(frozen=True, slots=True)
class Head:
    """One entry of the chain by number and hash."""

    seq: int
    digest: str
    """Hex."""


def read_anchor(data_dir: Path, name: str = ANCHOR_NAME) -> Head | None:
    """Return the head kept outside, or None where there is none that can be read."""
    try:
        text = (data_dir / name).read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    match = _FORM.fullmatch(text)
    return Head(int(match[1]), match[2]) if match else None


def set_aside(data_dir: Path) -> None:
    """Keep a head that the journal has not got from being written over."""
    (data_dir / ANCHOR_NAME).replace(data_dir / LOST_NAME)


class Anchor:
    """The file, held open by the program that writes."""

    def __init__(self, data_dir: Path) -> None:
        """Open the file, made with mode 0600 where there is none."""
        self._descriptor = os.open(data_dir / ANCHOR_NAME, os.O_RDWR | os.O_CREAT, 0o600)

    def write(self, head: Head) -> None:
        """Put a head that is durable already; some microseconds, not synced."""
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, f"{head.seq:016d} {head.digest}\n".encode("ascii"))

    def sync(self) -> None:
        """Make the file durable; at a handover and at the end."""
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Sync and close."""
        self.sync()
        os.close(self._descriptor)
