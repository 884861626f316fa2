"""Keys of the journal's chain and of people's data: in the system's key store, or in a file.

Only key stores on the allow-list are trusted; a plain-text one that happens to be installed is
not. Where none is allowed a file of mode 0600 holds the key, and that is said, never silent.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import secrets
import sys
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from packstation.errors import StoreError

log = logging.getLogger(__name__)

SERVICE = "packstation"
KEY_BYTES = 32
ALLOWED_BACKENDS = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
"""Backends that encrypt at rest under the user's log-on (keyring 25, module names)."""


class KeyPlace(Enum):
    """Where new keys are put."""

    KEYRING = "keyring"
    """The system's key store where an allowed one is, else a file."""
    FILE = "file"
    """A file in the data folder: samples and tests leave no trace elsewhere."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key and where it lies."""

    secret: bytes
    place: KeyPlace
    made: bool
    """True when it was made just now."""

    def __repr__(self) -> str:
        """Never show the secret."""
        return f"Key({self.place.value})"


def backend_name() -> str:
    """Return the dotted name of the key store that this machine offers."""
    import keyring  # slow to import, needed once

    found = keyring.get_keyring()
    return f"{type(found).__module__}.{type(found).__qualname__}"


def key_file(data_dir: Path, name: str) -> Path:
    """Return where the file of a key lies."""
    return data_dir / f"{name}.key"


def _marker(data_dir: Path, name: str) -> Path:
    return data_dir / f"{name}.key-in-keyring"


def exists(data_dir: Path, name: str) -> bool:
    """Tell whether a key was made for this folder."""
    return key_file(data_dir, name).exists() or _marker(data_dir, name).exists()


def read_key(data_dir: Path, name: str) -> Key:
    """Return a key that was made before.

    Raises:
        StoreError: ``store.key_missing`` or ``store.key_damaged``.
    """
    path = key_file(data_dir, name)
    try:
        if path.exists():
            return Key(_decoded(path.read_text(encoding="ascii"), name), KeyPlace.FILE, made=False)
        if _marker(data_dir, name).exists():
            import keyring

            account = _marker(data_dir, name).read_text(encoding="ascii").strip()
            text = keyring.get_password(SERVICE, account)
            if text:
                return Key(_decoded(text, name), KeyPlace.KEYRING, made=False)
    except OSError as error:
        raise _missing(data_dir, name) from error
    raise _missing(data_dir, name)


def make_key(data_dir: Path, name: str, place: KeyPlace) -> Key:
    """Make a key, put it away and read it back.

    Args:
        data_dir: The data folder.
        name: ``journal`` or ``people``.
        place: Where the caller wants it.
    """
    secret = secrets.token_bytes(KEY_BYTES)
    text = base64.b64encode(secret).decode("ascii")
    if place is KeyPlace.KEYRING and backend_name() in ALLOWED_BACKENDS:
        import keyring

        account = f"{name}:{secrets.token_hex(8)}"
        keyring.set_password(SERVICE, account, text)
        _write(_marker(data_dir, name), account)
        stored = read_key(data_dir, name)
        return Key(stored.secret, KeyPlace.KEYRING, made=True)
    _write(key_file(data_dir, name), text)
    log.warning("key file made", extra={"path": str(key_file(data_dir, name))})
    return Key(secret, KeyPlace.FILE, made=True)


def _write(path: Path, text: str) -> None:
    """Put a file there whole or not at all; a power cut leaves a draft that is written anew."""
    if path.exists():
        raise FileExistsError(path)
    draft = path.with_name(f"{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, text.encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(draft, path)
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _decoded(text: str, name: str) -> bytes:
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise StoreError(
            "store.key_damaged",
            f"The {name} key is damaged.",
            fix="Restore it from where it was kept with the backup.",
            name=name,
        )
    return secret


def _missing(data_dir: Path, name: str) -> StoreError:
    return StoreError(
        "store.key_missing",
        f"The {name} key of {data_dir} is missing.",
        fix="Restore the key that belongs to this data folder; nothing was changed.",
        path=str(data_dir),
        name=name,
    )
