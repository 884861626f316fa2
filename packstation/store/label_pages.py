"""Which page of a label file is an order's label, and what is on the page."""

from __future__ import annotations

import json
from dataclasses import dataclass

from packstation.core.carriers import plain
from packstation.core.orders import CarrierCode, Order, TrackingNumber, WhyNot
from packstation.core.paper_facts import PageBound
from packstation.core.policy import Rules
from packstation.errors import StoreError
from packstation.ports import PageContent
from packstation.store.database import Database
from packstation.store.label_page_rows import page_code
from packstation.store.people import PeopleVault

_PAGE = "p.page, p.tracking_number, p.carrier, f.format, p.mark, p.state = 'bound', p.order_key"


@dataclass(frozen=True, slots=True)
class BoundPage:
    """The page that is an order's label."""

    page: str
    tracking_number: TrackingNumber
    carrier: CarrierCode | None
    """None = nobody knows it; the order's own holds."""
    format: str
    """``pdf``, ``png``, ``zpl`` or ``component``."""
    mark: tuple[float, ...]
    """Free place for a reprint's mark: x, y, width, height in mm; empty = none."""
    bound: bool = True
    """False: it was found now. Write ``late_binding`` before anything is printed from it."""


def page_subject(page: str) -> str:
    """Return under which name the vault keeps a page."""
    return f"page:{page}"


def dots_subject(page: str) -> str:
    """Return under which name the vault keeps a page as drawn ahead."""
    return f"page-dots:{page}"


def late_binding(order: Order, page: BoundPage, carrier: CarrierCode) -> PageBound:
    """Return the fact that a page found now is an order's label."""
    return PageBound(page.page, order.key, page.tracking_number, page.carrier or carrier)


def page_for(db: Database, order: Order, rules: Rules | None = None) -> BoundPage | None:
    """Return the page that is an order's label, or None.

    Where the order names a number, only a page with that number is its label, also after the
    number changed. Where none is bound, pages that found no order are looked through.

    Args:
        db: The station's database.
        order: As it is today.
        rules: For the carriers, by whose numbers a page with an order number is understood.
    """
    row = db.row(
        f"SELECT {_PAGE} FROM label_pages AS p JOIN label_files AS f ON f.file = p.file"
        " WHERE p.order_key = ? AND p.state = 'bound'",
        (order.key,),
    )
    wanted = order.tracking_number
    if row is not None and (wanted is None or _same(row[1], wanted, rules)):
        return _bound_page(row)
    if wanted is not None:
        return _free_page(db, order, wanted)
    return _page_of_members(db, order) or _by_order_number(db, order, rules)


def _same(number: str, wanted: str, rules: Rules | None) -> bool:
    if page_code(number) == page_code(wanted):
        return True
    carriers = rules.carriers if rules else ()
    return any(carrier.canonical(number) == carrier.canonical(wanted) for carrier in carriers)


def _bound_page(row: tuple[object, ...], number: str | None = None) -> BoundPage:
    page, known, carrier, kind, mark, bound, _ = row
    return BoundPage(
        page=str(page),
        tracking_number=TrackingNumber(number or str(known)),
        carrier=CarrierCode(str(carrier)) if carrier else None,
        format=str(kind),
        mark=tuple(json.loads(str(mark))),
        bound=bool(bound) and number is None,
    )


def _free_page(db: Database, order: Order, number: TrackingNumber) -> BoundPage | None:
    """Return the first page that shows a number and is nobody else's label."""
    rows = db.rows(
        f"SELECT {_PAGE} FROM label_page_codes AS c JOIN label_pages AS p ON p.page = c.page"
        " JOIN label_files AS f ON f.file = p.file WHERE c.code = ? AND f.shop = ?"
        " AND p.state <> 'unreadable' ORDER BY p.state <> 'bound', p.state <> 'unmatched',"
        " f.taken_us, p.number",
        (page_code(number), order.shop),
    )
    if not rows or not _may_take(db, order, rows[0]):
        return None
    taken = db.row(
        "SELECT page FROM label_pages WHERE tracking_number = ? AND state = 'bound'", (number,)
    )
    if taken is not None and taken[0] != rows[0][0]:
        return None  # another shop's order has a label with this number
    return _bound_page(rows[0], number)


def _may_take(db: Database, order: Order, row: tuple[object, ...]) -> bool:
    """Tell whether a page is free, or the label of what the order is now packed with or without."""
    bound, owner = row[5], row[6]
    if not bound or owner in (order.members or ()):
        return True
    known = db.row("SELECT why_not FROM orders WHERE order_key = ?", (owner,))
    return known is not None and known[0] == WhyNot.TAKEN_APART.value


def _page_of_members(db: Database, order: Order) -> BoundPage | None:
    """Return the one page that the orders inside a shared parcel have."""
    if not order.members or order.part is not None:
        return None
    rows = db.rows(
        f"SELECT {_PAGE} FROM label_pages AS p JOIN label_files AS f ON f.file = p.file"
        " WHERE p.state = 'bound' AND p.order_key IN (SELECT value FROM json_each(?)) LIMIT 2",
        (json.dumps(order.members),),
    )
    return _bound_page(rows[0], rows[0][1]) if len(rows) == 1 else None


def _by_order_number(db: Database, order: Order, rules: Rules | None) -> BoundPage | None:
    """Return the only page that shows the order's number and one number of its carrier."""
    rows = db.rows(
        f"SELECT {_PAGE} FROM label_page_codes AS c JOIN label_pages AS p ON p.page = c.page"
        " JOIN label_files AS f ON f.file = p.file WHERE c.code = ? AND f.shop = ?"
        " AND p.state = 'unmatched' LIMIT 2",
        (page_code(order.order_id), order.shop),
    )
    if len(rows) != 1 or rules is None:
        return None
    codes = db.rows("SELECT code FROM label_page_codes WHERE page = ?", (rows[0][0],))
    number = carrier_number([code for (code,) in codes], order, rules)
    if number is None:
        return None
    taken = "SELECT 1 FROM label_pages WHERE tracking_number = ? AND state = 'bound'"
    return _bound_page(rows[0], number) if db.row(taken, (number,)) is None else None


def carrier_number(codes: list[str], order: Order, rules: Rules) -> TrackingNumber | None:
    """Return the one number among a page's codes that is its order's tracking number.

    The carrier of the order decides; where it is not known, any carrier does.
    """
    own = page_code(order.order_id)
    others = [code for code in codes if page_code(code) != own]
    carrier = rules.carrier(rules.carrier_of(order))
    carriers = (carrier,) if carrier else rules.carriers
    fits = [(one, code, fit) for one in carriers for code in others if (fit := one.fit(code))]
    # Digits alone may be anything; a number with the carrier's letters can only be its own.
    sure = [(one, code, fit) for one, code, fit in fits if fit.pattern.distinctive]
    found = {one.canonical(code) for one, code, _ in sure or fits}
    return TrackingNumber(plain(found.pop())) if len(found) == 1 else None


def read_content(db: Database, people: PeopleVault, page: str) -> PageContent:
    """Return what is on a page, decrypted.

    Raises:
        StoreError: ``store.no_such_page``, or ``store.people_purged`` once it is forgotten.
    """
    row = db.row(
        "SELECT f.format, p.width_mm, p.height_mm, p.mark, f.fitted, p.tracking_number"
        " FROM label_pages AS p"
        " JOIN label_files AS f ON f.file = p.file WHERE p.page = ?",
        (page,),
    )
    if row is None:
        raise StoreError("store.no_such_page", "This page of a label file is not there.", page=page)
    sealed = people.text(page_subject(page))
    if sealed is None:
        raise StoreError(
            "store.people_purged",
            "The label file of this page is too old: its pages were deleted.",
            fix="Get the label from the platform again, and import the file.",
            page=page,
        )
    kind, _, content = sealed.partition(b"\n")
    drawn = people.text(dots_subject(page)) or b"\n"
    key, _, dots = drawn.partition(b"\n")
    return PageContent(
        page=page,
        format=kind.decode(),
        content=content,
        width_mm=row[1],
        height_mm=row[2],
        mark=tuple(json.loads(row[3])),
        dots=dots,
        dots_key=key.decode(),
        fitted=bool(row[4]),
        number=row[5] or "",
    )
