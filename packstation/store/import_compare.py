"""What an import would change: new, changed, the same; worked out before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from packstation.core import store_facts
from packstation.core.catalog import ProductCode
from packstation.core.events import OrderChanged
from packstation.core.imports import ParsedFiles
from packstation.core.life_facts import OrderDetailsChanged
from packstation.core.merging import number_in
from packstation.core.orders import (
    ImportedOrder,
    Order,
    OrderId,
    OrderKey,
    Recipient,
    RefusedRow,
    ShopKey,
)
from packstation.store import merge_keys
from packstation.store.import_changes import Before, Late, change_of
from packstation.store.merge_keys import MergeKeys
from packstation.store.people import PeopleVault
from packstation.store.record_codec import json_text, order_imported_body, to_text

_FIRST = '"version":1}'


@dataclass(frozen=True, slots=True)
class Prepared:
    """A parsed import with its texts and digests; made outside the room ``store``."""

    parsed: ParsedFiles
    orders: tuple[str, ...]
    """Each order as JSON, at version 1."""
    persons: tuple[bytes, ...]
    contents: tuple[str, ...]
    """Keyed digest of each order with its person."""
    whole: str
    """Keyed digest of everything the import says, files included."""
    merge_keys: tuple[MergeKeys, ...] = ()
    """Of each order: what it shares with those that could go into one parcel with it."""


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """What the store has of an order."""

    version: int
    content: str
    why_not: str | None
    held: int
    parcel: str | None


@dataclass(slots=True)
class Plan:
    """What is to be written."""

    accepted: list[OrderKey] = field(default_factory=list)
    changed: list[OrderKey] = field(default_factory=list)
    same: list[OrderKey] = field(default_factory=list)
    changes: list[OrderChanged] = field(default_factory=list)
    written: list[store_facts.OrderImported] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    """Journal bodies of ``written``."""
    details: list[OrderDetailsChanged] = field(default_factory=list)
    """Orders that keep their version: nothing that matters at the table has changed."""
    after: list[Late] = field(default_factory=list)
    """What follows for parcels, to be written after the orders."""
    persons: list[tuple[str, bytes]] = field(default_factory=list)
    merge_keys: list[tuple[OrderKey, MergeKeys]] = field(default_factory=list)
    """Of orders that may be packed; empty where one may not any more."""


def order_text(order: Order) -> str:
    """Return an order as JSON at version 1, so that equal orders give equal texts."""
    return to_text(order if order.version == 1 else replace(order, version=1))


def prepare(parsed: ParsedFiles, people: PeopleVault) -> Prepared:
    """Work out texts and digests; touches no database and may run in any thread."""
    orders, persons, contents = texts_of(parsed.orders, people)
    said = (parsed.shop, parsed.profile, parsed.digests, parsed.refused, parsed.codes)
    whole = whole_digest(*said, "".join(contents), people)
    return prepared_of(parsed, (orders, persons, contents), whole, people)


def prepared_of(
    parsed: ParsedFiles,
    texts: tuple[tuple[str, ...], tuple[bytes, ...], tuple[str, ...]],
    whole: str,
    people: PeopleVault,
) -> Prepared:
    """Return orders prepared whose texts are known, in the form of ``texts_of``."""
    keys = tuple([merge_keys.keys_of(one.order, one.person, people) for one in parsed.orders])
    return Prepared(parsed, *texts, whole, keys)


def whole_digest(
    shop: ShopKey,
    profile: str,
    digests: Sequence[tuple[str, str]],
    refused: Sequence[RefusedRow],
    codes: Sequence[ProductCode],
    contents: str,
    people: PeopleVault,
) -> str:
    """Return the keyed digest of everything an import says; ``contents`` of all its orders."""
    rest = json_text(
        [
            shop,
            profile,
            [list(pair) for pair in digests],
            [[r.file, r.row, r.reason] for r in refused],
            [[c.shop, c.code, c.sku, c.units] for c in codes],
        ]
    )
    return people.digest(rest.encode(), contents.encode())


def texts_of(
    imported: Sequence[ImportedOrder], people: PeopleVault
) -> tuple[tuple[str, ...], tuple[bytes, ...], tuple[str, ...]]:
    """Return orders as JSON, persons as bytes, and the digest of each pair."""
    orders = tuple([order_text(item.order) for item in imported])
    persons = tuple([people.text_of(item.person) for item in imported])
    pairs = zip(orders, persons, strict=True)
    return orders, persons, tuple([people.digest(o.encode(), p) for o, p in pairs])


def plan(
    prepared: Prepared,
    known: Mapping[str, KnownOrder],
    before_of: Callable[[OrderKey], Before],
) -> Plan:
    """Compare an import with what the store has.

    Args:
        prepared: The import.
        known: What the store has of its orders, by key.
        before_of: Reads one of them whole; asked only where something differs.
    """
    result = Plan()
    for imported, text, person, content, keys in zip(
        prepared.parsed.orders,
        prepared.orders,
        prepared.persons,
        prepared.contents,
        prepared.merge_keys,
        strict=True,
    ):
        order, key = imported.order, imported.order.key
        old = known.get(key)
        if old is None:
            result.accepted.append(key)
            _write(
                result, replace(order, version=1) if order.version != 1 else order, text, content
            )
            result.persons.append((key, person))
            if keys and order.why_not is None:
                result.merge_keys.append((key, keys))
            continue
        if old.content == content:
            result.same.append(key)
            continue
        change = change_of(before_of(key), imported)
        if change.anew:
            _write(result, change.order, text, content)
        else:
            result.details.append(OrderDetailsChanged(change.order, content))
        if change.person:
            result.persons.append((key, person))
            result.merge_keys.append((key, keys if order.why_not is None else ()))
        result.after.extend(fact for fact in (change.outdated, change.voided) if fact)
        result.after.extend(change.late)
        for part in change.parts:
            if order.recipient is Recipient.FULL:
                result.persons.append((part, person))
            result.changes.append(OrderChanged(part, OrderId(number_in(part)), 1, None))
        result.changed.append(key)
        told = change.difference if change.anew else None
        result.changes.append(
            OrderChanged(key, order.order_id, change.order.version, order.why_not, told)
        )
    return result


def _write(result: Plan, order: Order, text: str, content: str) -> None:
    if order.version != 1:
        assert text.endswith(_FIRST), "the version is an order's last field"
        text = f'{text[: -len(_FIRST)]}"version":{order.version}}}'
    result.written.append(store_facts.OrderImported(order, content))
    result.bodies.append(order_imported_body(text, content))
