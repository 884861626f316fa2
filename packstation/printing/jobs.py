"""The bytes of one print job with their digest and picture."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from packstation.printing.bitmap import Bitmap
from packstation.printing.media import Language


@dataclass(frozen=True, slots=True, eq=False)
class PrintJobBytes:
    """What is sent, and what it looks like; the same input gives the same bytes."""

    payload: bytes
    """Everything the printer gets."""
    digest: str
    """SHA-256 of the payload, hexadecimal; the print journal keeps it."""
    language: Language
    """What the payload is written in."""
    bitmap: Bitmap
    """The picture, dot for dot."""
    dots_per_mm: int
    """Of the printer it was made for."""

    @classmethod
    def of(
        cls, payload: bytes, *, language: Language, bitmap: Bitmap, dots_per_mm: int
    ) -> PrintJobBytes:
        """Return the job of a payload, with its digest."""
        digest = hashlib.sha256(payload).hexdigest()
        return cls(payload, digest, language, bitmap, dots_per_mm)

    def png(self) -> bytes:
        """Return the picture as PNG; made when asked for."""
        return self.bitmap.png(dots_per_mm=self.dots_per_mm)
