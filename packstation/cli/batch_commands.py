"""``packstation print-batch``: labels of several orders, printed ahead and one after the other."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app import print_batches
from packstation.cli import output
from packstation.cli.out_words import confirmed
from packstation.core.orders import OrderKey, ShopKey
from packstation.core.print_batches import Batch, BatchJob
from packstation.core.status import BatchState, PrintOutcome, Reason
from packstation.errors import PackStationError
from packstation.i18n import Translator

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.app.scan_feed import ScanFeed
    from packstation.runtime.engine import Engine
    from packstation.store.opening import OpenStore

_LOOK_S = 0.1


def start(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print labels ahead, and wait until they are out or a batch stands still."""
    from packstation.app.house import House
    from packstation.app.scan_feed import ScanFeed

    if bool(arguments.orders) == arguments.all:
        raise PackStationError(
            "batch.which_orders",
            "Say which orders are meant.",
            fix="Name them, or give --all for every order to pack that has no label yet.",
        )
    feed = ScanFeed()
    with House(data, name="print-batch", language=translator.language) as house:
        keys = house.call(lambda: _chosen(house.store, arguments))
        offered = print_batches.offer(house, keys)
        _say_refused(offered.refused, translator)
        question = translator.text("Print {count} labels? (y/n)", count=len(offered.ready))
        sure = arguments.yes or not arguments.all  # who names them means them
        if offered.ready and not confirmed(sure, question):
            raise PackStationError(
                "batch.not_confirmed",
                "Nothing was printed: that needs a clear yes.",
                fix="Give --yes to print without being asked.",
            )
        engine = house.start(feed, wake=feed.awake.set, watch=feed.watch)
        feed.settle(engine)
        begun = print_batches.start(house, keys, arguments.badge or "")
        found = _until_they_stand(house, feed, engine, begun.batches, translator)
    return _tell(found, arguments.json, translator)


def _chosen(store: OpenStore, arguments: argparse.Namespace) -> list[OrderKey]:
    from packstation.cli.reports import key_named
    from packstation.core.order_query import Group, Moment, OrderQuery
    from packstation.store.order_list import every

    if arguments.orders:
        return [key_named(store, text) for text in arguments.orders]
    shops = (ShopKey(arguments.shop),) if arguments.shop else ()
    query = OrderQuery(group=Group.TO_PACK, printed=False, shops=shops, limit=5000)
    found = every(store.db, query, moment=Moment(store.clock().at), people=store.people)
    return [one.key for one in found]


def _until_they_stand(
    house: House, feed: ScanFeed, engine: Engine, names: Sequence[str], translator: Translator
) -> tuple[Batch, ...]:
    """Wait until every batch has ended or one waits for a person; say once that a printer waits.

    Returns:
        The batches, with one before it at its printer where that is the one which waits.
    """
    stalled = ""
    while True:
        feed.settle(engine)
        found = house.call(lambda: _with_those_before(house.store, names))
        if any(one.state is BatchState.STOPPED for one in found):
            return found
        if all(one.ended for one in found):
            return found
        blocked = next((job for one in found for job in one.jobs if _blocked(job)), None)
        if blocked is not None and blocked.job != stalled:
            stalled = blocked.job
            output.message(
                translator.text("The printer waits: {why}", why=blocked.detail or "printer.error")
            )
        time.sleep(_LOOK_S)


def _with_those_before(store: OpenStore, names: Sequence[str]) -> tuple[Batch, ...]:
    from packstation.store.print_batch_reads import batch_of, open_batches

    mine = [batch_of(store.db, name) for name in names]
    waiting = {one.printer for one in mine if not one.ended}
    for printer in waiting:
        first, _, state = open_batches(store.db, printer)[0]
        if state == BatchState.STOPPED and first not in names:
            mine.insert(0, batch_of(store.db, first))
    return tuple(mine)


def _blocked(job: BatchJob) -> bool:
    return job.outcome is PrintOutcome.BLOCKED


def _tell(found: Iterable[Batch], as_json: bool, translator: Translator) -> int:
    """Print batches; the exit code says whether one waits for a person."""
    stands = False
    for one in found:
        stands = stands or one.state is BatchState.STOPPED
        if as_json:
            output.answer_json(one)
            continue
        output.answer(_line(one, translator))
    if stands and not as_json:
        output.message(
            translator.text("Scan the last good label: packstation print-batch resume BATCH SCAN")
        )
    return 1 if stands else 0


def _line(one: Batch, translator: Translator) -> str:
    from packstation.ui.paper_words import BATCH_STATES

    out = sum(job.out and not job.spoiled for job in one.jobs)
    orders = len({job.order for job in one.jobs})
    why = f"  {one.why}" if one.why else ""
    return translator.text(
        "{batch}  {state}: {out} of {orders} labels are out.{why}",
        batch=one.batch,
        state=translator.text(BATCH_STATES[one.state]),
        out=out,
        orders=orders,
        why=why,
    )


def _say_refused(refused: Iterable[tuple[OrderKey, Reason]], translator: Translator) -> None:
    from packstation.cli.out_words import say_left
    from packstation.core.sheets import LeftOut

    say_left([LeftOut(key, why.value) for key, why in refused], translator)


def list_batches(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List batches and their labels."""
    from packstation.cli.reports import reading
    from packstation.store.print_batch_reads import batches

    with reading(data) as store:
        found = batches(store.db, arguments.limit)
    for one in found:
        if arguments.json:
            output.answer_json(one)
            continue
        output.answer(_line(one, translator))
        output.table(
            [
                "   ",
                job.order.partition("/")[2],
                job.tracking_number,
                job.copy,
                job.spoiled or job.outcome.value,
                job.detail,
            ]
            for job in one.jobs
        )
    return 0


def resume(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Let a batch go on behind its last good label, and wait as ``start`` does."""
    from packstation.app.house import House
    from packstation.app.scan_feed import ScanFeed
    from packstation.store.print_batch_reads import batch_of

    feed = ScanFeed()
    with House(data, name="print-batch", language=translator.language) as house:
        before = house.call(lambda: batch_of(house.store.db, arguments.batch))
        out = any(job.out and not job.spoiled for job in before.jobs)
        if out and not arguments.scan.strip() and not arguments.none_good:
            raise PackStationError(
                "batch.scan_missing",
                "Labels of this batch came out, or may have.",
                fix="Scan the last good one behind the batch, or give --none-good.",
            )
        engine = house.start(feed, wake=feed.awake.set, watch=feed.watch)
        feed.settle(engine)
        print_batches.resume(house, arguments.batch, arguments.scan, arguments.badge or "")
        found = _until_they_stand(house, feed, engine, (arguments.batch,), translator)
    return _tell(found, arguments.json, translator)


def stop(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Stop a batch between two labels."""
    return _settle(print_batches.stop, arguments, data, translator)


def cancel(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print no more of a batch."""
    return _settle(print_batches.cancel, arguments, data, translator)


def _settle(
    how: Callable[[House, str, str], None],
    arguments: argparse.Namespace,
    data: Path,
    translator: Translator,
) -> int:
    from packstation.app.house import House
    from packstation.store.print_batch_reads import batch_of

    with House(data, name="print-batch", language=translator.language) as house:
        how(house, arguments.batch, arguments.badge or "")
        found = house.call(lambda: batch_of(house.store.db, arguments.batch))
    _tell((found,), arguments.json, translator)
    return 0
