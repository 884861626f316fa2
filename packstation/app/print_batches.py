"""Labels printed ahead in batches: who may, which printer, and the runner that sends them.

Labels of one printer are sent strictly one after the other: the next one only when the one before
came out, as far as its printer can tell.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from packstation.app.order_life import entitled
from packstation.core.events import Event, LabelFinished
from packstation.core.orders import OrderKey, ShopKey
from packstation.core.print_batches import Batch, chunks
from packstation.core.print_rules import PrintAction, may_print
from packstation.core.status import PrintOutcome, Reason
from packstation.errors import PackStationError

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.runtime.rooms import Room
    from packstation.settings import Settings
    from packstation.store.print_batch_reads import Waiting
    from packstation.store.print_batches import Pool, PrintBatches

log = logging.getLogger(__name__)

AT_ONCE = 25
"""Orders looked at in one go: scans that come meanwhile are answered in between."""
HAS_A_LABEL = frozenset({Reason.LABEL_PRINTED, Reason.LABEL_UNKNOWN, Reason.STILL_PRINTING})
"""Reasons of orders that have a label already."""


class LabelSender(Protocol):
    """What brings a queued label to paper; ``runtime.paper_runner``."""

    def print_label(
        self,
        order: OrderKey,
        job: str,
        ended: Callable[[PrintOutcome, str], None] | None = None,
    ) -> None:
        """Print a queued label; ``ended`` is called once, from any room."""
        ...


class BatchRunner:
    """Sends the labels of batches; everything it knows lives in the store's room."""

    def __init__(
        self,
        *,
        store_room: Room,
        batches: PrintBatches,
        sender: LabelSender,
        post: Callable[[Event], None],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Keep what it works with; nothing is printed before ``go_on``.

        Args:
            store_room: Where the batches live.
            batches: Say which label is next.
            sender: Prints labels.
            post: Takes what a waiting table must know.
            changed: Told from the store's room when a batch has come further or stands still.
        """
        self._store_room = store_room
        self._batches = batches
        self._sender = sender
        self._changed = changed
        self._busy: dict[str, str] = {}  # job by printer; only touched in the store's room
        self._over = False

        def gone(one: Waiting, outcome: PrintOutcome, why: str) -> None:
            post(LabelFinished(one.order, one.job, outcome, why))

        batches.gone = gone

    def go_on(self) -> None:
        """Send what may be sent now; from any thread, returns at once."""
        self._store_room.submit(self._send)

    def close(self) -> None:
        """Begin with no further label; what waits is for the next start and somebody's word."""
        self._over = True

    def _send(self) -> None:
        if self._over:
            return
        try:
            for printer in self._batches.waiting_printers():
                if printer not in self._busy:
                    self._send_to(printer)
        except PackStationError as error:
            log.error("a print batch does not go on", extra={"code": error.code})

    def _send_to(self, printer: str) -> None:
        found = self._batches.next_job(printer)
        self._changed()
        if found is None:
            return
        self._busy[printer] = found.job

        def ended(outcome: PrintOutcome, detail: str) -> None:
            self._store_room.submit(lambda: self._ended(printer, found.job, outcome, detail))

        self._sender.print_label(found.order, found.job, ended)

    def _ended(self, printer: str, job: str, outcome: PrintOutcome, detail: str) -> None:
        self._busy.pop(printer, None)
        if outcome is PrintOutcome.QUEUED:  # it could not be begun: nothing more can be now
            self._over = True
            return
        try:
            self._batches.ended(job, outcome, detail)
        except PackStationError as error:
            log.error("the end of a label is not written", extra={"code": error.code, "job": job})
            self._over = True
            return
        self._changed()
        self._send()


@dataclass(frozen=True, slots=True)
class Offer:
    """What printing the labels of chosen orders together would be."""

    orders: int
    limit: int
    """Most orders in one batch."""
    ready: tuple[OrderKey, ...]
    refused: tuple[tuple[OrderKey, Reason], ...]
    printers: tuple[str, ...]
    roll_left: int | None
    """Of the printer whose roll is the first to be too short; None = not counted."""
    roll_short: tuple[str, int, int] | None = None
    """That printer, labels needed and left; None = every roll is long enough."""

    @property
    def printed_before(self) -> int:
        """Orders that have a label already."""
        return sum(why in HAS_A_LABEL for _, why in self.refused)


@dataclass(frozen=True, slots=True)
class Begun:
    """What was begun."""

    batches: tuple[str, ...]
    labels: int
    refused: tuple[tuple[OrderKey, Reason], ...]


@dataclass(frozen=True, slots=True)
class _Share:
    """The chosen orders that can go into batches together."""

    shop: ShopKey
    printer: str
    limit: int
    ready: tuple[OrderKey, ...]
    refused: tuple[tuple[OrderKey, Reason], ...]


def print_person(settings: Settings, badge: str, action: PrintAction) -> str:
    """Return the id of the person who does something about labels, once it is sure they may.

    Raises:
        PackStationError: ``people.unknown_badge`` or ``batch.not_entitled``.
    """
    person = entitled(settings, badge, "")
    if not settings.operators:
        return person
    operator = settings.operators.get(person)
    if operator is None or not may_print(operator.role.value, action):
        raise PackStationError(
            "batch.not_entitled",
            "Labels are printed together by somebody with a badge that allows it.",
            fix="Scan the badge of a packer, a supervisor or a printing clerk.",
        )
    return person


def printer_of(settings: Settings, shop: ShopKey) -> str:
    """Return the key of the printer for a shop's labels."""
    return settings.shop(shop).printer or settings.printers.label


def _shares(house: House, keys: Sequence[OrderKey]) -> Iterator[_Share]:
    """Yield chosen orders by shop, each shop's in their order; some are looked at at a time."""
    by_shop: dict[ShopKey, list[OrderKey]] = {}
    for key in dict.fromkeys(keys):
        by_shop.setdefault(ShopKey(key.partition("/")[0]), []).append(key)
    taken: Counter[Pool] = Counter()
    for shop, chosen in by_shop.items():
        ready: list[OrderKey] = []
        refused: list[tuple[OrderKey, Reason]] = []
        limits: list[int] = []
        for some in chunks(chosen, AT_ONCE):
            found = house.call(lambda some=some: house.store.batches.sort(some, taken))  # type: ignore[misc]
            ready += [one.key for one in found.ready]
            refused += found.refused
            limits += [house.rules.platform(p).print_batch_limit for p in
                       {one.platform for one in found.ready}]  # fmt: skip
        limit = min(limits, default=house.rules.platform("").print_batch_limit)
        printer = printer_of(house.settings, shop)
        yield _Share(shop, printer, limit, tuple(ready), tuple(refused))


def offer(house: House, keys: Sequence[OrderKey]) -> Offer:
    """Say what printing the labels of some orders would be; nothing is given out.

    Blocks some milliseconds for each 25 orders; not for the GUI thread.
    """
    shares = tuple(_shares(house, keys))
    return _offer_of(house, shares)


def _offer_of(house: House, shares: Sequence[_Share]) -> Offer:
    needed: Counter[str] = Counter()
    for share in shares:
        needed[share.printer] += len(share.ready)
    counted: list[tuple[int, str]] = []
    for printer in needed:
        left = house.call(lambda p=printer: house.store.batches.roll_left(p))  # type: ignore[misc]
        if left is not None:
            counted.append((left, printer))
    tight = min(counted, key=lambda one: one[0] - needed[one[1]], default=None)
    short = None
    if tight is not None and tight[0] < needed[tight[1]]:
        short = (tight[1], needed[tight[1]], tight[0])
    return Offer(
        orders=sum(len(share.ready) + len(share.refused) for share in shares),
        limit=min((share.limit for share in shares), default=0),
        ready=tuple(key for share in shares for key in share.ready),
        refused=tuple(one for share in shares for one in share.refused),
        printers=tuple(needed),
        roll_left=tight[0] if tight is not None else None,
        roll_short=short,
    )


def start(house: House, keys: Sequence[OrderKey], badge: str = "") -> Begun:
    """Give orders their labels, in batches of the platform's limit, and have them printed.

    Each batch is one transaction; between two of them scans are answered.

    Raises:
        PackStationError: ``batch.roll_short``, ``batch.nothing_to_print``, ``batch.not_entitled``:
            nothing was given out.
    """
    by = print_person(house.settings, badge, PrintAction.START_BATCH)
    shares = tuple(_shares(house, keys))
    offered = _offer_of(house, shares)
    if not offered.ready:
        raise PackStationError(
            "batch.nothing_to_print",
            f"None of these orders ({offered.orders}) can get a label now.",
            fix="Look at why in the list of orders, and choose others.",
            count=offered.orders,
        )
    store = house.store.batches
    if offered.roll_short is not None:
        printer, needed, _ = offered.roll_short
        house.call(lambda: store.check_roll(printer, needed))
    begun: list[str] = []
    labels = 0
    refused: list[tuple[OrderKey, Reason]] = []
    for share in shares:
        before = share.refused
        if not share.ready:
            refused += before
        for some in chunks(share.ready, share.limit):
            made = house.call(
                lambda some=some, share=share, before=before: store.start(  # type: ignore[misc]
                    share.shop, share.printer, some, by, before
                )
            )
            before = ()
            refused += made.refused
            labels += made.labels
            begun += [made.batch] if made.batch else []
            go_on(house)
    return Begun(tuple(begun), labels, tuple(refused))


def stop(house: House, batch: str, badge: str = "") -> None:
    """Stop a batch after the label that is being printed; anybody may, as at any machine."""
    by = entitled(house.settings, badge, "")
    house.call(lambda: house.store.batches.stop(batch, by))


def resume(house: House, batch: str, last_good: str, badge: str = "") -> Batch:
    """Let a batch go on behind its last good label; see ``PrintBatches.resume``."""
    by = _settling(house.settings, badge)
    found = house.call(lambda: house.store.batches.resume(batch, last_good, by))
    go_on(house)
    return found


def cancel(house: House, batch: str, badge: str = "") -> None:
    """Print no more of a batch; batches behind it go on."""
    by = _settling(house.settings, badge)
    house.call(lambda: house.store.batches.cancel(batch, by))
    go_on(house)


def _settling(settings: Settings, badge: str) -> str:
    """Return who settles a batch; one that was begun by a badge is settled without one, too."""
    return print_person(settings, badge, PrintAction.SETTLE_BATCH) if badge else ""


def go_on(house: House) -> None:
    """Have what waits in batches printed, where the house has printers."""
    if house.batches is not None:
        house.batches.go_on()
