"""People's data: one encrypted record a person, one key a day; forgetting is deleting a key.

Records are sealed with AES-256-GCM under the day's data key; that key lies in the database,
wrapped by the master key outside of it. What a record belongs to is authenticated with it, so
that records cannot be exchanged.
"""

from __future__ import annotations

import hmac
import json
import os
import zlib
from collections.abc import Iterable
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from packstation.core.codes import folded
from packstation.core.orders import Person
from packstation.errors import StoreError
from packstation.store.database import Database
from packstation.store.record_codec import json_text

KEEP_DAYS = 90
"""How long people's data is kept after it came in, unless a shop sets less."""
_NONCE = 12
_NICK_BYTES = 8
_FIELDS = ("name", "phone", "address", "zip_code", "nick", "buyer_message", "seller_memo")
_LATER = ("platform_hash",)
"""Added later: left out where nobody has it, so that records sealed before stay equal."""
_values = attrgetter(*_FIELDS)


class PeopleVault:
    """Seals and opens people's data inside the caller's transaction."""

    def __init__(self, db: Database, master: bytes) -> None:
        """Keep the master key; day keys are read when first needed."""
        self._db = db
        self._wrap = AESGCM(hmac.digest(master, b"wrap day keys", "sha256"))
        self._digest_key = hmac.digest(master, b"digest of contents", "sha256")
        self._nick_key = hmac.digest(master, b"account names", "sha256")
        self._ciphers: dict[bytes, AESGCM] = {}

    def digest(self, *parts: bytes) -> str:
        """Return a keyed digest in hex: equal for equal parts, useless without the key."""
        return hmac.digest(self._digest_key, b"\x00".join(parts), "sha256").hex()

    @staticmethod
    def text_of(person: Person) -> bytes:
        """Return a person as canonical bytes, for sealing and for comparison."""
        values = _values(person)
        if person.platform_hash is not None:
            values = (*values, person.platform_hash)
        return json_text(values).encode()

    def _day(self, day: str) -> AESGCM:
        """Return a day's cipher; known ones go by their wrapped key, which a rollback may undo."""
        row = self._db.row("SELECT wrapped FROM data_keys WHERE day = ?", (day,))
        if row is None:
            raise StoreError(
                "store.people_purged",
                f"The people's data of {day} was deleted.",
                fix="Import the order again if it still has to be packed.",
                day=day,
            )
        cipher = self._ciphers.get(row[0])
        if cipher is None:
            cipher = AESGCM(self._opened(self._wrap, row[0], day))
            self._ciphers[row[0]] = cipher
        return cipher

    def _open_day(self, day: str) -> AESGCM:
        """Return a day's cipher, making its key inside the open transaction."""
        row = self._db.row("SELECT 1 FROM data_keys WHERE day = ?", (day,))
        if row is not None:
            return self._day(day)
        secret = AESGCM.generate_key(bit_length=256)
        self._db.run(
            "INSERT INTO data_keys VALUES (?, ?)", (day, self._sealed(self._wrap, secret, day))
        )
        return AESGCM(secret)

    @staticmethod
    def _sealed(cipher: AESGCM, plain: bytes, belongs_to: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + cipher.encrypt(nonce, plain, belongs_to.encode())

    @staticmethod
    def _opened(cipher: AESGCM, sealed: bytes, belongs_to: str) -> bytes:
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], belongs_to.encode())
        except InvalidTag as error:
            raise StoreError(
                "store.people_key",
                "People's data cannot be read: it was altered, or its key is another one.",
                fix="Restore the people key that belongs to this data folder.",
            ) from error

    def seal(self, plain: bytes, day: date, belongs_to: str) -> bytes:
        """Return bytes sealed under a day's key, inside the open transaction."""
        return self._sealed(self._open_day(day.isoformat()), plain, belongs_to)

    def unseal(self, sealed: bytes, day: date, belongs_to: str) -> bytes:
        """Return what ``seal`` was given.

        Raises:
            StoreError: ``store.people_purged`` or ``store.people_key``.
        """
        return self._opened(self._day(day.isoformat()), sealed, belongs_to)

    def put(self, records: Iterable[tuple[str, bytes]], day: date, keep_days: int) -> None:
        """Seal records under subjects, replacing older ones, inside the open transaction."""
        name, until = day.isoformat(), (day + timedelta(days=keep_days)).isoformat()
        cipher = self._open_day(name)
        self._db.run_many(
            "INSERT INTO people (subject, day, keep_until, sealed, nick) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (subject) DO UPDATE SET day = excluded.day,"
            " keep_until = excluded.keep_until, sealed = excluded.sealed, nick = excluded.nick",
            (
                (subject, name, until, self._sealed(cipher, plain, subject), self._nick_in(plain))
                for subject, plain in records
            ),
        )

    def _nick_in(self, plain: bytes) -> bytes | None:
        """Return the digest of the account name in a person's text; other records have none."""
        try:
            values = json.loads(plain)
        except ValueError:  # a courier's name
            return None
        if not isinstance(values, list) or len(values) < len(_FIELDS):
            return None
        nick = values[_FIELDS.index("nick")]
        return self.nick_digest(nick) if nick else None

    def nick_digest(self, nick: str) -> bytes:
        """Return 8 bytes to find an account name by, useless without the key; case is no matter."""
        name = folded(nick).strip().encode()
        return hmac.digest(self._nick_key, name, "sha256")[:_NICK_BYTES]

    def subjects_of(self, nick: str, most: int) -> list[str]:
        """Return whose account name this is, in no order; nothing once they are forgotten."""
        rows = self._db.rows(
            "SELECT subject FROM people WHERE nick = ? LIMIT ?", (self.nick_digest(nick), most)
        )
        return [subject for (subject,) in rows]

    def put_beside(self, subject: str, plain: bytes, other: str) -> bool:
        """Seal a record that goes when another one goes, inside the open transaction.

        Returns:
            False where nothing is kept of the other any more; then nothing was written.
        """
        row = self._db.row("SELECT day, keep_until FROM people WHERE subject = ?", (other,))
        if row is None:
            return False
        sealed = self._sealed(self._day(row[0]), plain, subject)
        self._db.run(
            "INSERT INTO people (subject, day, keep_until, sealed) VALUES (?, ?, ?, ?)",
            (subject, *row, sealed),
        )
        return True

    def drop(self, subjects: Iterable[str]) -> None:
        """Delete some records before their day, inside the open transaction."""
        self._db.run_many("DELETE FROM people WHERE subject = ?", ((one,) for one in subjects))

    def text(self, subject: str) -> bytes | None:
        """Return one sealed record, or None where there is none any more."""
        row = self._db.row("SELECT day, sealed FROM people WHERE subject = ?", (subject,))
        if row is None:
            return None
        return self._opened(self._day(row[0]), row[1], subject)

    def person(self, subject: str) -> Person:
        """Return the person of an order; an empty one where nothing is kept any more."""
        text = self.text(subject)
        if text is None:
            return Person()
        return self.person_of(text)

    @staticmethod
    def person_of(text: bytes) -> Person:
        """Return the person that ``text_of`` was given."""
        values: list[Any] = json.loads(text)
        return Person(*values)

    def put_payload(self, job: str, payload: bytes, day: date) -> None:
        """Seal the bytes of a print job inside the open transaction."""
        name = day.isoformat()
        sealed = self._sealed(self._open_day(name), zlib.compress(payload, 1), job)
        self._db.run("INSERT INTO print_payloads VALUES (?, ?, ?)", (job, name, sealed))

    def payload(self, job: str) -> bytes | None:
        """Return the bytes of a print job, or None where none are kept."""
        row = self._db.row("SELECT day, sealed FROM print_payloads WHERE job = ?", (job,))
        if row is None:
            return None
        return zlib.decompress(self._opened(self._day(row[0]), row[1], job))

    def due(self, today: date) -> list[str]:
        """Return the days whose every record may be forgotten; payloads keep KEEP_DAYS."""
        rows = self._db.rows(
            "SELECT day FROM data_keys AS k WHERE day < ?1"
            " AND NOT EXISTS (SELECT 1 FROM people WHERE day = k.day AND keep_until >= ?1)"
            " AND (day < ?2 OR NOT EXISTS (SELECT 1 FROM print_payloads WHERE day = k.day))",
            (today.isoformat(), (today - timedelta(days=KEEP_DAYS)).isoformat()),
        )
        return [day for (day,) in rows]

    def purge(self, day: str) -> int:
        """Destroy a day's key with what it sealed, inside the open transaction.

        The caller checkpoints afterwards, so that no older page keeps the bytes.
        """
        self._ciphers.clear()
        self._db.run("DELETE FROM print_payloads WHERE day = ?", (day,))
        count = self._db.run("DELETE FROM people WHERE day = ?", (day,))
        self._db.run("DELETE FROM data_keys WHERE day = ?", (day,))
        return count
