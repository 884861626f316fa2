"""Keyed digests of recipients: which orders could share a parcel, found without reading people.

They are made while a file is prepared, outside the room ``store``, and go with the people's data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packstation.core.merging import SentTo, plain_recipient
from packstation.core.orders import Order, OrderKey, Person
from packstation.store.database import Database
from packstation.store.people import PeopleVault

MergeKeys = tuple[tuple[str, bytes], ...]
"""Kind and digest."""
_BYTES = 16
"""Of a digest: chance never makes two of them equal."""
_MOST = 50
"""Orders of one digest that are looked at."""


def keys_of(order: Order, person: Person, people: PeopleVault) -> MergeKeys:
    """Return the digests of an order; touches no database and may run in any thread."""
    found: list[tuple[str, str]] = []
    plain = plain_recipient(person)
    if plain is not None:
        parts = [part.encode() for part in plain]
        found.append(("recipient", people.digest(b"merge recipient", *parts)))
    if person.platform_hash:
        parts = [order.platform.encode(), person.platform_hash.encode()]
        found.append(("hash", people.digest(b"merge hash", *parts)))
    if order.package_id:
        parts = [order.shop.encode(), order.package_id.encode()]
        found.append(("package", people.digest(b"merge package", *parts)))
    return tuple((kind, bytes.fromhex(text)[:_BYTES]) for kind, text in found)


def sent_to(keys: MergeKeys) -> SentTo:
    """Return digests in the words of the rules."""
    told = {kind: digest.hex() for kind, digest in keys}
    return SentTo(told.get("recipient"), told.get("hash"), told.get("package"))


def write(
    db: Database, orders: Sequence[tuple[OrderKey, MergeKeys]], *, known: Sequence[OrderKey]
) -> None:
    """Write the digests of orders, inside the open transaction.

    Args:
        db: The store.
        orders: Each with its digests.
        known: Those that were here before; their older digests go.
    """
    before = set(known)
    db.run_many(
        "DELETE FROM merge_keys WHERE order_key = ?", [(k,) for k, _ in orders if k in before]
    )
    db.run_many(
        "INSERT INTO merge_keys (digest, order_key, kind) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        ((digest, key, kind) for key, keys in orders for kind, digest in keys),
    )


def twins(db: Database, shop: str | None) -> Iterator[list[OrderKey]]:
    """Yield groups of orders that share a digest and that nobody has packed, newest first.

    Args:
        db: The store.
        shop: Only orders of this shop; None = of any.
    """
    for (digest,) in db.stream("SELECT digest FROM merge_twins ORDER BY id DESC"):
        rows = db.rows(
            "SELECT o.order_key FROM merge_keys AS k JOIN orders AS o ON o.order_key = k.order_key"
            " LEFT JOIN parcels AS p ON p.order_key = k.order_key"
            " WHERE k.digest = ?1 AND (?2 IS NULL OR o.shop = ?2) AND o.why_not IS NULL"
            " AND o.held = 0 AND o.merged_into IS NULL AND o.split IS NULL"
            " AND coalesce(p.state, 'OPEN') = 'OPEN' AND p.tracking_number IS NULL"
            " ORDER BY o.id LIMIT ?3",
            (digest, shop, _MOST),
        )
        if len(rows) > 1:
            yield [OrderKey(key) for (key,) in rows]


def read(db: Database, order: OrderKey) -> MergeKeys:
    """Return the digests that are kept of an order."""
    rows = db.rows("SELECT kind, digest FROM merge_keys WHERE order_key = ?", (order,))
    return tuple((kind, digest) for kind, digest in rows)
