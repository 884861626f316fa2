"""What a receipt claims: manifest number and digest, from its bytes, its picture or its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packstation.errors import PackStationError

_CLAIM = re.compile(r"PSMANIFEST:([A-Z0-9]+):([0-9a-f]{64})")
LARGEST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Claim:
    """What one receipt says of itself."""

    manifest: str
    digest: str
    """SHA-256 of the manifest, hex."""


def claims_of(path: Path) -> tuple[Claim, ...]:
    """Return what the QR of a receipt says.

    Args:
        path: The printed bytes (.bin), a picture or scan of the paper, or the QR's text.

    Raises:
        PackStationError: ``receipt.unreadable``: no receipt's QR was found in it.
        OSError: The file cannot be read.
    """
    if path.stat().st_size > LARGEST_BYTES:
        raise _unreadable(path)
    content = path.read_bytes()
    texts = [content.decode("utf-8", errors="replace"), *_codes(content)]
    found = {Claim(*match.groups()) for text in texts for match in _CLAIM.finditer(text)}
    if not found:
        raise _unreadable(path)
    return tuple(sorted(found, key=lambda claim: claim.manifest))


def _codes(content: bytes) -> list[str]:
    from packstation.app.paper_pictures import picture_of
    from packstation.devices.picture_codes import codes_in_picture
    from packstation.errors import DeviceError

    picture = content
    if not content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        try:
            picture = picture_of("receipt", content)
        except (DeviceError, PackStationError, ValueError):
            return []
    return codes_in_picture(picture)


def _unreadable(path: Path) -> PackStationError:
    return PackStationError(
        "receipt.unreadable",
        f"{path.name} shows no receipt's code.",
        fix="Give the printed bytes, or a sharp picture of the whole receipt.",
        file=path.name,
    )
