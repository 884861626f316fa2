"""Sets of orders, in pieces of 32,768: which orders have a term, and how such sets are combined.

A piece with few members is a set of numbers, one with many a whole number whose bits they are: both
are combined by the interpreter's own machine code, so that ten filters over three million orders
cost milliseconds. Stored, a piece of 4096 bytes is a map of bits, a shorter one a list of 16-bit
numbers, both with the low byte first.
"""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from packstation.store.database import Database

SHIFT = 15
CHUNK = 1 << SHIFT
"""Orders in one piece."""
_MASK = CHUNK - 1
_BYTES = CHUNK // 8
_MOST_LISTED = _BYTES // 8 - 1
"""More members than these are a map: it takes four times the room and a tenth of the time."""

Piece = int | set[int]
"""Members of one piece by their place in it; never changed once it is made."""
Orders = dict[int, Piece]
"""Pieces that have members, by number."""


def read_piece(blob: bytes) -> Piece:
    """Return a stored piece."""
    if len(blob) == _BYTES:
        return int.from_bytes(blob, "little")
    return set(_places(blob))


def _places(blob: bytes) -> array[int]:
    found = array("H", blob)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def write_piece(piece: Piece) -> bytes:
    """Return a piece as it is stored."""
    if size(piece) > _MOST_LISTED:
        return _bits(piece).to_bytes(_BYTES, "little")
    return _listed(sorted(piece) if isinstance(piece, set) else _members(piece))


def _listed(places: Iterable[int]) -> bytes:
    listed = array("H", places)
    if sys.byteorder == "big":
        listed.byteswap()
    return listed.tobytes()


def _members(bits: int) -> list[int]:
    """Return the places of a map's bits, ascending."""
    found: list[int] = []
    for at, byte in enumerate(bits.to_bytes(_BYTES, "little")):
        if byte:
            found.extend(at * 8 + place for place in range(8) if byte >> place & 1)
    return found


def _bits(piece: Piece) -> int:
    if isinstance(piece, int):
        return piece
    room = bytearray(_BYTES)
    for place in piece:
        room[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(room, "little")


def size(piece: Piece) -> int:
    """Return how many members a piece has."""
    return piece.bit_count() if isinstance(piece, int) else len(piece)


def both(one: Piece, other: Piece) -> Piece:
    """Return what is in both pieces."""
    if isinstance(one, int):
        if isinstance(other, int):
            return one & other
        one, other = other, one
    if isinstance(other, set):
        return one & other
    room = other.to_bytes(_BYTES, "little")
    return {place for place in one if room[place >> 3] >> (place & 7) & 1}


def either(one: Piece, other: Piece) -> Piece:
    """Return what is in any of two pieces."""
    if isinstance(one, set) and isinstance(other, set) and len(one) + len(other) <= _BYTES:
        return one | other
    return _bits(one) | _bits(other)


def without(one: Piece, other: Piece) -> Piece:
    """Return what is in the first piece and not in the other."""
    if isinstance(one, set):
        return one - both(one, other)  # type: ignore[operator]
    return one & ~_bits(other)


def intersect(one: Orders, other: Orders) -> Orders:
    """Return the orders that are in both."""
    found = {n: both(piece, other[n]) for n, piece in one.items() if n in other}
    return {n: piece for n, piece in found.items() if piece}


def subtract(one: Orders, other: Orders) -> Orders:
    """Return the orders of the first that are not in the other."""
    found = {n: without(piece, other[n]) if n in other else piece for n, piece in one.items()}
    return {n: piece for n, piece in found.items() if piece}


def unite(one: Orders, other: Orders) -> Orders:
    """Return the orders that are in any of both."""
    found = dict(one)
    for n, piece in other.items():
        found[n] = either(found[n], piece) if n in found else piece
    return found


def total(orders: Orders) -> int:
    """Return how many orders there are."""
    return sum(map(size, orders.values()))


def of_ids(ids: Iterable[int]) -> Orders:
    """Return the orders with some row ids."""
    found: dict[int, set[int]] = {}
    for one in ids:
        found.setdefault(one >> SHIFT, set()).add(one & _MASK)
    return dict(found)


def newest(orders: Orders, below: int | None = None) -> Iterator[int]:
    """Yield row ids from the highest down, beginning under one."""
    for n in sorted(orders, reverse=True):
        base = n << SHIFT
        if below is not None and base >= below:
            continue
        piece = orders[n]
        if isinstance(piece, set):
            for place in sorted(piece, reverse=True):
                if below is None or base + place < below:
                    yield base + place
            continue
        if below is not None and below - base < CHUNK:
            piece &= (1 << (below - base)) - 1
        while piece:
            place = piece.bit_length() - 1
            yield base + place
            piece ^= 1 << place


def holder(orders: Orders) -> Callable[[int], bool]:
    """Return a quick test whether an order is among some; made once for many questions."""
    rooms: dict[int, bytes | set[int]] = {
        n: piece if isinstance(piece, set) else piece.to_bytes(_BYTES, "little")
        for n, piece in orders.items()
    }

    def holds(one: int) -> bool:
        room = rooms.get(one >> SHIFT)
        if room is None:
            return False
        place = one & _MASK
        if isinstance(room, set):
            return place in room
        return bool(room[place >> 3] >> (place & 7) & 1)

    return holds


def read(db: Database, terms: Sequence[int], chunks: Iterable[int] | None = None) -> Orders:
    """Return the orders that have any of some terms, in all pieces or in some."""
    if not terms:
        return {}
    where, values = ("term = ?", [terms[0]]) if len(terms) == 1 else _any_of(terms)
    wanted = None if chunks is None else set(chunks)
    if wanted is not None:
        # A span: asking for each piece of each term alone costs more than reading past some.
        where += " AND chunk BETWEEN ? AND ?"
        values = [*values, min(wanted, default=1), max(wanted, default=0)]
    found: Orders = {}
    lists: dict[int, bytearray] = {}
    for n, blob in db.rows(f"SELECT chunk, bits FROM order_bits WHERE {where}", values):
        if wanted is not None and n not in wanted:
            continue
        if len(blob) < _BYTES:
            lists.setdefault(n, bytearray()).extend(blob)
        else:
            found[n] = found.get(n, 0) | read_piece(blob)  # type: ignore[operator]
    for n, listed in lists.items():
        piece: Piece = set(_places(bytes(listed)))
        found[n] = either(found[n], piece) if n in found else piece
    return found


def _any_of(terms: Sequence[int]) -> tuple[str, list[object]]:
    return "term IN (SELECT value FROM json_each(?))", [json.dumps(list(terms))]


def counted(db: Database, term: int) -> int:
    """Return how many orders have a term, without reading them."""
    row = db.row("SELECT sum(count) FROM order_bits WHERE term = ?", (term,))
    return int(row[0] or 0) if row else 0


def change(
    db: Database, added: Mapping[int, Sequence[int]], taken: Mapping[int, Sequence[int]]
) -> None:
    """Give terms to orders and take terms from them, inside the open transaction.

    Args:
        db: The store.
        added: Row ids by term, of orders that have not got it.
        taken: Row ids by term.
    """
    more, less = _by_piece(added), _by_piece(taken)
    kept: list[tuple[int, int, int, bytes]] = []
    gone: list[tuple[int, int]] = []
    for at in sorted(more.keys() | less.keys()):
        row = db.row("SELECT bits FROM order_bits WHERE term = ? AND chunk = ?", at)
        blob = row[0] if row else b""
        new = more.get(at, ())
        if at not in less and len(blob) < _BYTES and len(blob) // 2 + len(new) <= _MOST_LISTED:
            blob += _listed(new)  # a list needs no order
            kept.append((*at, len(blob) // 2, blob))
            continue
        piece: Piece = without(read_piece(blob), set(less.get(at, ())))
        piece = either(piece, set(new))
        count = size(piece)
        if count:
            kept.append((*at, count, write_piece(piece)))
        else:
            gone.append(at)
    db.run_many(
        "INSERT INTO order_bits VALUES (?, ?, ?, ?) ON CONFLICT (term, chunk) DO UPDATE SET"
        " count = excluded.count, bits = excluded.bits",
        kept,
    )
    db.run_many("DELETE FROM order_bits WHERE term = ? AND chunk = ?", gone)


def _by_piece(changes: Mapping[int, Sequence[int]]) -> dict[tuple[int, int], list[int]]:
    found: dict[tuple[int, int], list[int]] = {}
    for term, ids in changes.items():
        first, last = min(ids) >> SHIFT, max(ids) >> SHIFT
        if first == last:
            base = first << SHIFT
            found[term, first] = [one - base for one in ids]
        else:
            for one in ids:
                found.setdefault((term, one >> SHIFT), []).append(one & _MASK)
    return found
