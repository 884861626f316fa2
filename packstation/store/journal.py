"""The journal: append-only, gap-free, every entry chained to the one before by a keyed hash."""

from __future__ import annotations

import hmac
import json
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import uuid_utils

from packstation import __version__
from packstation.core.life_facts import OrderDetailsChanged
from packstation.core.store_facts import OrderImported
from packstation.ports import Stamp
from packstation.store.anchor import Head
from packstation.store.database import Database
from packstation.store.record_codec import AnyFact, body_of, fact_from_row, kind_of

GENESIS = bytes(32)
"""What the first entry is chained to."""
COLUMNS = (
    "seq, event_id, station_id, station_epoch, operator_id, role, kind, entity, entity_version,"
    " body, utc_us, mono_us, boot_id, tz, app_version, prev_hash, hash"
)
_INSERT = f"INSERT INTO journal ({COLUMNS}) VALUES ({', '.join('?' * 17)})"
_ENTITIES = ("order", "manifest", "bag", "job", "block", "import_id", "day")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as projections see it: the fact and when, by whom and under which hash."""

    seq: int
    event_id: str
    utc_us: int
    operator: str
    digest: str
    """Hash of the entry, hex."""
    fact: AnyFact


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain does not hold."""

    seq: int
    what: str
    """Stable word: ``edited``, ``missing``, ``not_chained``, ``cut``, ``unknown_head`` …"""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk along the chain has found."""

    entries: int
    head: Head | None
    breaks: tuple[Break, ...]

    @property
    def clean(self) -> bool:
        """True when every entry holds."""
        return not self.breaks


def utc_us(at: datetime) -> int:
    """Return an aware time as whole microseconds since 1970, without floats."""
    return (at - EPOCH) // timedelta(microseconds=1)


def at_of(us: int) -> datetime:
    """Return the time of microseconds since 1970, aware, UTC."""
    return EPOCH + timedelta(microseconds=us)


def new_id() -> str:
    """Return a new UUIDv7."""
    return str(uuid_utils.uuid7())


@cache
def boot_id() -> str:
    """Return what tells this run of the machine from others."""
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="ascii").strip() if path.exists() else str(uuid.uuid4())


@cache
def _offset(seconds: int) -> str:
    sign, rest = ("-", -seconds) if seconds < 0 else ("+", seconds)
    return f"{sign}{rest // 3600:02d}:{rest % 3600 // 60:02d}"


def local_offset(us: int) -> str:
    """Return the machine's offset from UTC at a time, such as ``+08:00``."""
    return _offset(time.localtime(us // 1_000_000).tm_gmtoff)


def _entity(fact: AnyFact) -> tuple[str, int | None]:
    if isinstance(fact, (OrderImported, OrderDetailsChanged)):
        return fact.order.key, fact.order.version
    for name in _ENTITIES:
        value = getattr(fact, name, None)
        if isinstance(value, str):
            return value, getattr(fact, "version", None)
    return "", None


def _chained(key: bytes, row: Sequence[object], prev: bytes) -> bytes:
    """Return the hash of an entry: each field stands behind its length."""
    text = "".join([f"{len(field)}:{field}," for field in map(str, row)])
    return hmac.digest(key, prev + text.encode(), "sha256")


class Journal:
    """Writes entries inside the caller's transaction, and walks along them."""

    def __init__(self, db: Database, key: bytes, station_id: str, epoch: int) -> None:
        """Keep the chain's key and who writes."""
        self._db = db
        self._key = key
        self.station_id = station_id
        self.epoch = epoch

    def head(self) -> Head | None:
        """Return the newest entry's number and hash."""
        found = self._db.row("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
        return Head(found[0], found[1].hex()) if found else None

    def digest_of(self, seq: int) -> str | None:
        """Return the hash of an entry in hex, or None where there is none."""
        row = self._db.row("SELECT hash FROM journal WHERE seq = ?", (seq,))
        return row[0].hex() if row else None

    def append(
        self, facts: Iterable[AnyFact], stamp: Stamp, bodies: Sequence[str] = ()
    ) -> list[Entry]:
        """Add entries for facts, in order, inside the open transaction.

        Args:
            facts: What happened.
            stamp: When and under whom.
            bodies: Bodies of the last facts, where the caller has them already.
        """
        found = self._db.row("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
        seq, prev = found or (0, GENESIS)
        us = utc_us(stamp.at)
        tail = (us, stamp.monotonic_us, boot_id(), local_offset(us), __version__)
        rows: list[tuple[object, ...]] = []
        entries: list[Entry] = []
        these = list(facts)
        texts = [body_of(fact) for fact in these[: len(these) - len(bodies)]]
        for fact, body in zip(these, (*texts, *bodies), strict=True):
            seq += 1
            event_id = new_id()
            row: tuple[object, ...] = (
                seq,
                event_id,
                self.station_id,
                self.epoch,
                stamp.operator,
                "",
                kind_of(fact),
                *_entity(fact),
                body,
                *tail,
            )
            digest = _chained(self._key, row, prev)
            rows.append((*row, prev, digest))
            entries.append(Entry(seq, event_id, us, stamp.operator, digest.hex(), fact))
            prev = digest
        if len(rows) == 1:
            self._db.run(_INSERT, rows[0])
        else:
            self._db.run_many(_INSERT, rows)
        return entries

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Yield entries with their facts, oldest first; for replay."""
        sql = (
            "SELECT seq, event_id, utc_us, operator_id, hash, kind, body FROM journal"
            " WHERE seq > ? ORDER BY seq"
        )
        for seq, event_id, us, operator, digest, kind, body in self._db.stream(sql, (after,)):
            fact = fact_from_row(kind, body)
            yield Entry(seq, event_id, us, operator, digest.hex(), fact)

    def export(self) -> Iterator[str]:
        """Yield every entry as one JSON object a line, hashes in hex."""
        names = COLUMNS.replace(" ", "").split(",")
        for row in self._db.stream(f"SELECT {COLUMNS} FROM journal ORDER BY seq"):
            told: dict[str, Any] = dict(zip(names, row, strict=True))
            told["body"] = json.loads(told["body"])
            told["prev_hash"], told["hash"] = told["prev_hash"].hex(), told["hash"].hex()
            yield json.dumps(told, ensure_ascii=False)

    def verify(self, anchor: Head | None = None, heads: Iterable[str] = ()) -> ChainReport:
        """Walk the whole chain and say where it breaks.

        Args:
            anchor: The head kept outside the database.
            heads: Hashes (hex) that stand on paper or elsewhere and must be in the chain.
        """
        breaks: list[Break] = []
        wanted = set(heads)
        expected, prev, count = 1, GENESIS, 0
        at_anchor: str | None = None
        for row in self._db.stream(f"SELECT {COLUMNS} FROM journal ORDER BY seq"):
            seq, stored_prev, stored = row[0], row[-2], row[-1]
            count += 1
            if seq != expected:
                breaks.append(Break(expected, "missing", f"{expected} to {seq - 1}"))
            elif stored_prev != prev:
                breaks.append(Break(seq, "not_chained", "does not follow the entry before"))
            if not hmac.compare_digest(_chained(self._key, row[:-2], stored_prev), stored):
                breaks.append(Break(seq, "edited", f"{row[6]} {row[7]}".strip()))
            if anchor is not None and seq == anchor.seq:
                at_anchor = stored.hex()
            wanted.discard(stored.hex())
            expected, prev = seq + 1, stored
        head = Head(expected - 1, prev.hex()) if count else None
        if anchor is not None and anchor.seq >= expected:
            breaks.append(Break(expected, "cut", f"{expected} to {anchor.seq}"))
        elif anchor is not None and at_anchor is not None and at_anchor != anchor.digest:
            breaks.append(Break(anchor.seq, "unknown_head", "another hash was kept outside"))
        breaks.extend(Break(0, "unknown_head", digest) for digest in sorted(wanted))
        return ChainReport(count, head, tuple(breaks))
