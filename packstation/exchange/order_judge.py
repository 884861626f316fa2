"""Drafts become orders: which lines count, whether the order may be packed, who gets it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from packstation.core.catalog import ProductCode
from packstation.core.codes import comparable
from packstation.core.orders import (
    CarrierCode,
    ImportedOrder,
    Order,
    OrderId,
    OrderKind,
    OrderLine,
    Person,
    Recipient,
    ShopKey,
    TrackingNumber,
    WhyNot,
)
from packstation.exchange.cells import (
    TimeReader,
    identifier,
    normalised,
    quantity,
    says_yes,
    text,
)
from packstation.exchange.order_drafts import Draft, DraftLine, DraftTable
from packstation.exchange.profiles import Profile, Standing
from packstation.exchange.standings import why_not
from packstation.exchange.table_rows import Cell

_MASKS = ("*", "##", "$$")


def judge_orders(
    table: DraftTable,
    profile: Profile,
    times: TimeReader,
    carriers: Mapping[str, str],
    *,
    paired: bool,
) -> list[ImportedOrder]:
    """Return every order of an import, in the order in which the files name them.

    Args:
        table: The drafts; rows found to be duplicates here are added to its refused rows.
        profile: Which standings close a line.
        times: Reads times in the shop's zone.
        carriers: Carrier name or code → code.
        paired: Whether orders and lines came in two files.
    """
    names = {normalised(name): code for name, code in carriers.items()}
    judge = _Judge(table, profile, times, names, paired=paired)
    drafts = list(table.drafts.values())
    table.drafts.clear()
    drafts.reverse()
    orders: list[ImportedOrder] = []
    while drafts:  # each draft is let go as its order is made: half the memory of a large file
        orders.append(judge.order(drafts.pop()))
    return orders


class _Judge:
    def __init__(
        self,
        table: DraftTable,
        profile: Profile,
        times: TimeReader,
        carriers: Mapping[str, str],
        *,
        paired: bool,
    ) -> None:
        self._table = table
        self._closed = profile.closed_lines
        self._kinds = profile.kinds
        self._times = times
        self._carriers = carriers
        self._paired = paired

    def order(self, draft: Draft) -> ImportedOrder:
        values = draft.values
        doubtful = self._settle_total(draft)
        lines, standings = self._open_lines(draft)
        person = _person(draft)
        number = values.get("tracking_number")
        tracking = identifier(number) if number else None
        carrier = values.get("carrier")
        package = identifier(values["package_id"]) if "package_id" in values else None
        promised = values.get("promised_ship_at")
        order = Order(
            shop=ShopKey(draft.shop),
            order_id=OrderId(draft.order_id),
            platform=self._table.family,
            lines=lines,
            why_not=self._why_not(draft, lines, standings, doubtful=doubtful),
            carrier=self._carrier(text(carrier)) if carrier else None,
            tracking_number=TrackingNumber(tracking.upper()) if isinstance(tracking, str) else None,
            promised_ship_at=self._times.last_moment(promised) if promised else None,
            paid_at=self._time(values, "paid_at"),
            recipient=_recipient(person),
            has_buyer_message=person.buyer_message is not None,
            has_seller_memo=person.seller_memo is not None,
            package_id=package if isinstance(package, str) else None,
            kind=self._kind(values),
            placed_at=self._time(values, "placed_at"),
            cancel_requested_at=self._time(values, "cancel_requested_at"),
            arranged_at=self._time(values, "arranged_at"),
            collected_at=self._time(values, "collected_at"),
            urged=True if "urged" in values and says_yes(values["urged"]) else None,
            sorting=_sorting(values.get("sorting")),
            bag_place=text(values["bag_place"]) if "bag_place" in values else None,
        )
        return ImportedOrder(order, person)

    def _time(self, values: Mapping[str, Cell], name: str) -> datetime | None:
        cell = values.get(name)
        return self._times.read(cell) if cell else None

    def _kind(self, values: Mapping[str, Cell]) -> OrderKind | None:
        for rule in self._kinds:
            word = normalised(text(values.get(rule.field, "")) or "")
            if word and (kind := rule.words.get(word, rule.otherwise)) is not None:
                return kind
        return None

    def _why_not(
        self,
        draft: Draft,
        lines: Sequence[OrderLine],
        standings: Iterable[Standing],
        *,
        doubtful: bool,
    ) -> WhyNot | None:
        if not lines and draft.alone and not draft.refused:
            standings = {*standings, *draft.alone}
        elif not self._table.has_status:
            standings = {Standing.TO_SHIP}
        reason = why_not(standings)
        if self._paired and not draft.listed:
            reason = reason or WhyNot.UNKNOWN_STATUS
        if reason is not None and reason is not WhyNot.UNKNOWN_STATUS:
            return reason
        if draft.refused:
            return WhyNot.ROWS_REFUSED
        if reason is not None:
            return reason
        if not lines:
            return WhyNot.NO_LINES
        return WhyNot.AMBIGUOUS_QUANTITY if doubtful else None

    def _open_lines(self, draft: Draft) -> tuple[tuple[OrderLine, ...], set[Standing]]:
        """Leave closed lines out of an order that is still open, and tell its standings."""
        standings = set(draft.standings)
        if not self._closed:
            return tuple(line.line for line in draft.lines), standings
        open_lines = [line for line in draft.lines if not line.standings & self._closed]
        counted = draft.lines if standings & self._closed or not open_lines else open_lines
        for line in counted:
            standings |= line.standings
        return tuple(line.line for line in counted), standings

    def _settle_total(self, draft: Draft) -> bool:
        """Compare the lines with the order's own total; tell whether they leave a doubt.

        Equal lines are real when the total says so, duplicates when it fits without them.
        """
        total = quantity(draft.values.get("total_quantity", ""))
        if total is None or draft.refused or not draft.lines:
            return False
        if sum(line.line.quantity for line in draft.lines) == total:
            return False
        seen: set[tuple[object, ...]] = set()
        first: list[DraftLine] = []
        again: list[DraftLine] = []
        for line in draft.lines:
            one = line.line
            same = (one.sku, one.title, one.spec, one.quantity, one.barcode, line.standings)
            (again if same in seen else first).append(line)
            seen.add(same)
        if again and sum(line.line.quantity for line in first) == total:
            draft.lines = first
            for line in again:
                self._table.refuse(
                    line.file, line.row, "duplicate_row", "the order's total fits without it", draft
                )
            return False
        return True

    def _carrier(self, name: str | None) -> CarrierCode | None:
        if name is None:
            return None
        known = self._carriers.get(normalised(name))
        return CarrierCode(known or unicodedata.normalize("NFKC", name).upper())


def _sorting(cell: Cell | None) -> str | None:
    """Return a carrier's sorting code; None where a spreadsheet may have dropped its zeros."""
    code = identifier(cell) if isinstance(cell, str) else None
    return code if isinstance(code, str) else None


def _person(draft: Draft) -> Person:
    values = draft.values

    def told(name: str) -> str | None:
        cell = values.get(name)
        return text(cell) if cell else None

    phone, zip_code = told("phone"), told("zip_code")
    return Person(
        name=told("recipient"),
        phone=(phone.removeprefix("'").strip() or None) if phone else None,
        address=told("address"),
        zip_code=(zip_code.removeprefix("'").strip() or None) if zip_code else None,
        nick=told("nick"),
        buyer_message=told("buyer_message"),
        seller_memo=told("seller_memo"),
        platform_hash=told("platform_hash"),
    )


def _recipient(person: Person) -> Recipient:
    told = [person.name, person.phone, person.address]
    if any(mask in part for part in told if part for mask in _MASKS):
        return Recipient.MASKED
    return Recipient.FULL if all(told) else Recipient.MISSING


def product_codes(imported: Iterable[ImportedOrder]) -> tuple[ProductCode, ...]:
    """Return the codes that the lines' barcode columns name, each once, for one unit."""
    printed = dict.fromkeys(
        (one.order.shop, line.barcode, line.sku)
        for one in imported
        for line in one.order.lines
        if line.barcode and line.sku
    )
    codes = (ProductCode(shop, comparable(code), sku) for shop, code, sku in printed)
    return tuple(dict.fromkeys(codes))


def _squeezed(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split()).casefold()


def _merge_keys(one: ImportedOrder) -> Iterator[tuple[str, ...]]:
    """Yield what an order shares with those that can go into one parcel with it."""
    order, person = one.order, one.person
    if order.package_id:
        yield order.shop, "package", order.package_id
    hashed = person.platform_hash
    if hashed and not any(mask in hashed for mask in _MASKS):
        yield order.shop, "hash", unicodedata.normalize("NFKC", hashed)
    if order.recipient is Recipient.FULL and person.name and person.phone and person.address:
        digits = "".join(c for c in unicodedata.normalize("NFKC", person.phone) if c.isdigit())
        if digits:
            address = _squeezed(person.address + (person.zip_code or ""))
            yield order.shop, "recipient", _squeezed(person.name), digits, address


def merge_groups(imported: Iterable[ImportedOrder]) -> tuple[tuple[OrderId, ...], ...]:
    """Return the packable orders that have one recipient or one platform parcel."""
    group_of: dict[tuple[str, ...], list[OrderId]] = {}
    members: dict[int, list[OrderId]] = {}
    for one in imported:
        if one.order.why_not is not None:
            continue
        mine = [one.order.order_id]
        for key in _merge_keys(one):
            other = group_of.get(key)
            if other is not None and other is not mine:
                other.extend(mine)
                for known, group in list(group_of.items()) if len(mine) > 1 else ():
                    if group is mine:
                        group_of[known] = other
                members.pop(id(mine), None)
                mine = other
            group_of[key] = mine
        members[id(mine)] = mine
    return tuple(tuple(group) for group in members.values() if len(group) > 1)
