"""Signs what is sent to the receiver as Standard Webhooks asks; the secret never shows itself.

Source: Standard Webhooks specification 1.0.0, "Signature scheme" (symmetric, ``v1``).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Mapping
from datetime import datetime

from packstation.errors import SyncError

SECRET_VARIABLE = "PACKSTATION_SYNC_SECRET"
"""Name of the environment variable that may hold the secret."""
_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64
"""Bytes of a secret (Standard Webhooks: between 24 and 64)."""


class Secret:
    """The signing secret: usable, never readable in logs, errors or settings."""

    __slots__ = ("_key",)

    def __init__(self, text: str) -> None:
        """Take ``whsec_`` and base64, the prefix may be missing.

        Raises:
            SyncError: ``sync.bad_secret``; the message does not repeat it.
        """
        try:
            key = base64.b64decode(text.strip().removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not _SHORTEST <= len(key) <= _LONGEST:
            raise SyncError(
                "sync.bad_secret",
                "The signing secret for status events is not 24 to 64 bytes in base64.",
                fix="Store the receiver's secret again, as it was given: whsec_ and letters.",
            ) from None
        self._key = key

    def __repr__(self) -> str:
        return "Secret(***)"

    def __reduce__(self) -> str:
        raise TypeError("a secret is never written down")

    def sign(self, message: str, at: datetime, body: bytes) -> dict[str, str]:
        """Return the headers that prove a message.

        Args:
            message: Id of the message, the same at every attempt.
            at: Time of this attempt by the receiver's clock.
            body: The bytes exactly as sent.
        """
        seconds = str(int(at.timestamp()))
        signed = b".".join((message.encode(), seconds.encode(), body))
        digest = hmac.new(self._key, signed, hashlib.sha256).digest()
        return {
            "webhook-id": message,
            "webhook-timestamp": seconds,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }


def secret_from_environment(environment: Mapping[str, str] | None = None) -> Secret | None:
    """Return the secret of the environment, None where there is none.

    Raises:
        SyncError: There is one, but it is no secret.
    """
    text = (os.environ if environment is None else environment).get(SECRET_VARIABLE, "")
    return Secret(text) if text.strip() else None
