"""Whose label a page is: by its tracking number, else by its order number; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from packstation.core.carriers import plain, shortened
from packstation.core.orders import CarrierCode, OrderKey, ShopKey, TrackingNumber
from packstation.core.policy import Rules
from packstation.core.status import PageState
from packstation.store.database import Database
from packstation.store.label_page_rows import page_code
from packstation.store.label_pages import carrier_number
from packstation.store.order_rows import read_order
from packstation.store.shipment_reads import carried_by

MOST_CODES = 24
"""More codes on one page are not told apart any further."""
_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z._/+:-]{3,63}")
_LEAST_DIGITS = 4
_PHONE = re.compile(r"(?<![0-9A-Z])(00|\+)?(86)?1[3-9]\d{9}(?![0-9A-Z])")
"""A mobile number of mainland China, which some labels carry as a code of its own, or between
other things in one: ``TEL:13800138000``, or with an extension behind it."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What a page's codes say."""

    state: PageState
    number: TrackingNumber | None = None
    carrier: CarrierCode | None = None
    order: OrderKey | None = None
    why: str = ""
    """As ``PageTaken.why``."""


@dataclass(frozen=True, slots=True)
class _Match:
    owner: OrderKey
    number: TrackingNumber
    carrier: CarrierCode | None


def numbers_among(texts: Iterable[str], rules: Rules) -> tuple[str, ...]:
    """Return what may be kept of a page's codes: numbers, never people's data.

    Where a carrier reads its own number out of a longer barcode, that one is added: by it the
    page is found.

    Args:
        texts: What the codes say.
        rules: For the carriers.
    """
    kept: dict[str, None] = {}
    for text in texts:
        code = unicodedata.normalize("NFKC", text).strip().upper()
        bare = "".join(code.split())
        if not _NUMBER.fullmatch(bare) or _PHONE.search(bare):
            continue
        if sum(sign.isdigit() for sign in bare) < _LEAST_DIGITS:
            continue
        kept[bare] = None
        for _, number in shortened(rules.carriers, bare):
            kept[number] = None
    return tuple(kept)[:MOST_CODES]


def binding_of(db: Database, rules: Rules, shop: ShopKey, codes: tuple[str, ...]) -> Binding:
    """Return whose label a page with these codes is.

    Args:
        db: The station's database.
        rules: For the carriers and the shop.
        shop: Only its orders count.
        codes: As ``numbers_among`` gives them.
    """
    if not codes:
        return Binding(PageState.UNREADABLE, why="no_code")
    matches = [
        match
        for code in codes
        for match in _by_number(db, rules, shop, code)
        if _counts(code, match, codes, rules)
    ]
    numbers = dict.fromkeys(page_code(match.number) for match in matches)
    owners = dict.fromkeys(match.owner for match in matches)
    if len(owners) > 1:
        # One number on several orders is a shared parcel that nobody has put together yet.
        if len(numbers) == 1:
            return Binding(PageState.UNMATCHED, number=matches[0].number)
        return Binding(PageState.UNREADABLE, why="several")
    if len(numbers) > 1:
        return Binding(PageState.UNREADABLE, why="two_numbers")
    if matches:
        return _settled(db, rules, matches[0])
    return _by_order(db, rules, shop, codes)


def _counts(code: str, match: _Match, codes: tuple[str, ...], rules: Rules) -> bool:
    """Tell whether a match counts: a number out of a longer code only with whoever reads it so."""
    readers = {
        carrier
        for other in codes
        if code != other and code in other
        for carrier, number in shortened(rules.carriers, other)
        if number == code
    }
    return not readers or match.carrier in readers


def _forms(code: str) -> tuple[str, str]:
    return code, code.lower()


def _by_number(db: Database, rules: Rules, shop: ShopKey, code: str) -> list[_Match]:
    rows = db.rows(
        "SELECT order_key, tracking_number, carrier FROM orders"
        " WHERE tracking_number IN (?, ?) AND shop = ? LIMIT 20",
        (*_forms(code), shop),
    )
    found: dict[_Match, None] = {}
    for key, number, carrier in rows:
        own = CarrierCode(carrier) if carrier else rules.shop(shop).carrier
        for owner in carried_by(db, (OrderKey(key),)):
            found[_Match(owner, TrackingNumber(number), own)] = None
    return list(found)


def _by_order(db: Database, rules: Rules, shop: ShopKey, codes: tuple[str, ...]) -> Binding:
    """Return what order numbers among the codes say; only for orders that name no number."""
    keys: dict[OrderKey, None] = {}
    for code in codes:
        rows = db.rows(
            "SELECT order_key FROM orders WHERE order_id IN (?, ?) AND shop = ? LIMIT 20",
            (*_forms(code), shop),
        )
        keys.update((OrderKey(key), None) for (key,) in rows)
    owners = carried_by(db, tuple(keys))
    if not owners:
        return Binding(PageState.UNMATCHED, number=only_number(codes, rules, shop))
    if len(owners) > 1:
        return Binding(PageState.UNREADABLE, why="several")
    order = read_order(db, owners[0])
    assert order is not None, "an order that was found is there"
    if order.tracking_number is not None:
        # The file and the page name two numbers: the page waits for an order with its own.
        return Binding(PageState.UNMATCHED, number=only_number(codes, rules, shop))
    ids = {page_code(key.partition("/")[2]) for key in keys}
    numbers = [code for code in codes if code not in ids]
    number = carrier_number(numbers, order, rules)
    if number is None:
        return Binding(PageState.UNREADABLE, why="no_number")
    return _settled(db, rules, _Match(order.key, number, rules.carrier_of(order)))


def _settled(db: Database, rules: Rules, match: _Match) -> Binding:
    """Return the binding of a page to its one order, or the duplicate that it is."""
    carrier = match.carrier
    if carrier is None:
        fits = [one.code for one in rules.carriers if one.fits(match.number)]
        carrier = fits[0] if len(fits) == 1 else None
    number = TrackingNumber(plain(match.number))
    taken = db.row(
        "SELECT 1 FROM label_pages WHERE tracking_number = ? AND state = 'bound'", (number,)
    )
    older = db.row(
        "SELECT p.tracking_number, o.tracking_number FROM label_pages AS p JOIN orders AS o"
        " ON o.order_key = p.order_key WHERE p.order_key = ? AND p.state = 'bound'",
        (match.owner,),
    )
    # The order got another number since: then the page with the new one is its label.
    renewed = older is not None and older[1] is not None and page_code(older[1]) == number
    if taken is not None or (older is not None and not renewed):
        return Binding(PageState.DUPLICATE, number=number, carrier=carrier)
    return Binding(PageState.BOUND, number, carrier, match.owner)


def only_number(codes: Iterable[str], rules: Rules, shop: ShopKey) -> TrackingNumber | None:
    """Return the one code that could be a tracking number; None where several or none could.

    An order number of digits alone may look like some carrier's: the shop's own carrier is asked
    before others, and numbers with letters of a carrier count before those without.
    """
    texts, own = tuple(codes), rules.carrier(rules.shop(shop).carrier)
    fits = [(one, code, fit) for one in rules.carriers for code in texts if (fit := one.fit(code))]
    for chosen in (
        [(one, code) for one, code, fit in fits if one is own and fit.pattern.distinctive],
        [(one, code) for one, code, _ in fits if one is own],
        [(one, code) for one, code, fit in fits if fit.pattern.distinctive],
        [(one, code) for one, code, _ in fits],
    ):
        found = {one.canonical(code) for one, code in chosen}
        if found:
            return TrackingNumber(found.pop()) if len(found) == 1 else None
    return None
