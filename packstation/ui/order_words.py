"""An order of a list in words: its state, its time left, its marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from packstation.core.order_query import Group, GroupBy, OrderFound, OrderQuery, SortBy
from packstation.core.orders import HoldReason, OrderKind
from packstation.core.status import ParcelState
from packstation.i18n import Translator, _
from packstation.ui.names import age_words, obstacle_words
from packstation.ui.state_words import PARCEL_STATES

RISK_S = 4 * 3600.0
"""An order that is due sooner is shown in amber."""

GROUPS: dict[Group | None, str] = {
    Group.TO_PACK: _("To pack"),
    Group.OVERDUE: _("Late"),
    Group.AT_RISK: _("At risk"),
    Group.DUE_TODAY: _("Due today"),
    Group.URGED: _("Urged"),
    Group.STOPPED: _("Stopped"),
    Group.HELD: _("On hold"),
    Group.PACKED_NOT_HANDED_OVER: _("Packed, still here"),
    Group.UNSYNCED: _("Unsent"),
    Group.DONE: _("Packed"),
    None: _("All"),
}
"""Lists of the page in their order."""

GROUPINGS: dict[GroupBy | None, str] = {
    None: _("Not grouped"),
    GroupBy.CARRIER: _("By carrier"),
    GroupBy.SINGLE_SKU: _("By single SKU"),
    GroupBy.BIN: _("By bin"),
    GroupBy.SHOP: _("By shop"),
    GroupBy.DUE_DAY: _("By day due"),
}

SORTS: dict[SortBy, str] = {
    SortBy.DUE: _("Due first"),
    SortBy.NEWEST: _("Newest first"),
    SortBy.BIN: _("By bin, as one walks"),
}

KINDS: dict[OrderKind, str] = {
    OrderKind.NORMAL: _("Normal"),
    OrderKind.PRESALE: _("Pre-sale"),
    OrderKind.CUSTOM: _("Custom"),
    OrderKind.MADE_TO_ORDER: _("Made to order"),
    OrderKind.VIRTUAL: _("Nothing to ship"),
}

HOLDS: dict[HoldReason, str] = {
    HoldReason.OPERATOR: _("Held at the table"),
    HoldReason.SHORT_PICK: _("Items missing"),
    HoldReason.ADDRESS_CHECK: _("Check the address"),
    HoldReason.BUYER_ASKS: _("The buyer asks to wait"),
    HoldReason.CANCEL_REJECTED: _("Cancellation turned down"),
    HoldReason.QUALITY: _("Goods are not in order"),
    HoldReason.PAYMENT_CHECK: _("Check the payment"),
}

CONSEQUENCES: dict[str, str] = {
    "stock_zero_delisted": _(
        "The platform then sets the product's stock to 0 and takes it off sale."
    ),
}
INSTEAD: dict[str, str] = {
    "hold": _("hold the order"),
    "short_pick": _("note the missing items"),
    "ask_presale": _("ask the platform to make it a pre-sale"),
}


def state_words(row: OrderFound, translator: Translator) -> str:
    """Return where an order stands, or why it may not be packed."""
    if row.held and row.hold_reason:
        return translator.text(HOLDS[HoldReason(row.hold_reason)])
    reason = row.reason or (row.why_not.value if row.why_not else None)
    if reason is not None:
        return obstacle_words(reason, translator)
    if row.parcel is None or row.parcel is ParcelState.OPEN:
        return translator.text("To pack")
    return translator.text(PARCEL_STATES[row.parcel])


def is_stopped(row: OrderFound) -> bool:
    """Return whether something keeps an order from going on."""
    return row.held or row.reason is not None or row.why_not is not None


def is_open(row: OrderFound) -> bool:
    """Return whether a deadline still matters: nobody has sealed it."""
    sealed = (ParcelState.SEALED, ParcelState.BAGGED, ParcelState.HANDED_OVER)
    return row.parcel not in sealed


def due_words(row: OrderFound, translator: Translator, now: datetime | None = None) -> str:
    """Return when an order is due, as time left or late, with the clock time."""
    if row.due_at is None:
        return ""
    now, local = now or datetime.now(UTC), row.due_at.astimezone()
    today = local.date() == now.astimezone().date()
    at = local.strftime("%H:%M" if today else "%m-%d %H:%M")
    if not is_open(row):
        return at
    left = (row.due_at - now).total_seconds()
    words = age_words(abs(left), translator)
    if left < 0:
        return translator.text("{age} late · {time}", age=words, time=at)
    return translator.text("in {age} · {time}", age=words, time=at)


def marks(row: OrderFound, translator: Translator) -> str:
    """Return what else to know of an order, in a few words."""
    said: list[str] = []
    if row.urged:
        said.append(translator.text("urged"))
    if row.has_message:
        said.append(translator.text("message"))
    if row.members and row.part is None:
        said.append(translator.text("{count} orders together", count=row.members))
    if row.part is not None and row.parts is not None:
        said.append(translator.text("parcel {part} of {parts}", part=row.part, parts=row.parts))
    if row.printed:
        said.append(translator.text("printed"))
    if row.kind not in (None, OrderKind.NORMAL):
        said.append(translator.text(KINDS[row.kind]))
    if row.wave:
        said.append(row.wave)
    return " · ".join(said)


def joined(words: Sequence[str]) -> str:
    """Return words as one line."""
    return " · ".join(word for word in words if word)


def empty_words(query: OrderQuery, translator: Translator) -> str:
    """Return what to say where a query finds nothing, and what to do about it."""
    plain = OrderQuery(group=query.group, sort=query.sort, after=query.after, limit=query.limit)
    if query.text:
        return translator.text("No order fits these words.")
    if query != plain:
        return translator.text("No order fits these filters.")
    if query.group is not None:
        return translator.text("There is no such order now.")
    first = translator.text("Import your shop's export file.")
    return first + "\n" + translator.text("Drag it here; a pair of files together.")
