"""How long a page of orders takes: lookups, filters, searches and the board, in stores of any size.

Each question is asked anew every time, over a reading connection like the window's, and no two
questions of a series are the same where they can differ.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from packstation.app import bench_orders
from packstation.app.bench_figures import Figure, at_most, heading, percentile, row
from packstation.app.bench_orders import END, SHOPS, SKUS, House, title_of
from packstation.core.carriers import Carrier
from packstation.core.order_query import Group, Moment, OrderQuery, SortBy
from packstation.core.orders import Sku
from packstation.errors import PackStationError
from packstation.store.opening import OpenStore, open_reader

PAGE_MS = 20.0
"""The goal for a lookup, the first page of any filter or search, and the board."""
ASKED = 240
"""Questions of each figure."""
SMALL = (10_000, 100_000)
"""Stores that a large one is compared with."""

Ask = Callable[[OpenStore], object]
_MOMENT = Moment(END)


def _page(query: OrderQuery) -> Ask:
    def ask(store: OpenStore) -> object:
        from packstation.store.order_list import search

        return search(store.db, query, moment=_MOMENT, people=store.people)

    return ask


def _board(store: OpenStore) -> object:
    from packstation.store.window_reads import work_counts

    return work_counts(store.db, _MOMENT)


def questions(house: House, chance: random.Random) -> dict[str, Callable[[], Ask]]:
    """Return the figures by name, each with what makes its next question."""
    sample, codes = house.sample, [carrier.code for carrier in house.rules.carriers]
    numbered = [order for order in sample if order.tracking_number]

    def goods() -> int:
        return chance.randrange(SKUS)

    def sku() -> Sku:
        return Sku(f"GD{goods():05d}")

    def place() -> str:
        n = goods()
        return f"{'ABCDEFGH'[n % 8]}-{n // 8 % 40:02d}-{n % 5 + 1}"

    def lookup() -> OrderQuery:
        order = chance.choice(sample)
        number = chance.choice(numbered).tracking_number or ""
        nick = bench_orders.nick_of(chance.randrange(house.orders))
        texts = (order.order_id, order.order_id[-6:], number, number[-5:], nick, sku())
        return OrderQuery(chance.choice(texts))

    def one_filter() -> OrderQuery:
        days = timedelta(days=chance.randrange(1, 300))
        return chance.choice(
            (
                OrderQuery(group=chance.choice(list(Group)), sort=chance.choice(list(SortBy))),
                OrderQuery(carriers=(chance.choice(codes),)),
                OrderQuery(shops=(chance.choice(SHOPS),)),
                OrderQuery(sku=sku()),
                OrderQuery(single_sku=sku()),
                OrderQuery(bin=place()),
                OrderQuery(message=chance.random() < 0.5),
                OrderQuery(printed=chance.random() < 0.5),
                OrderQuery(paid_from=END - days - timedelta(days=9), paid_to=END - days),
                OrderQuery(imported_from=END - days),
                OrderQuery(due_to=END + timedelta(hours=chance.randrange(48))),
                OrderQuery(only_new=True),
            )
        )

    def combined() -> OrderQuery:
        return OrderQuery(
            group=chance.choice((None, Group.TO_PACK, Group.STOPPED, Group.OVERDUE, Group.DONE)),
            carriers=tuple(chance.sample(codes, chance.randrange(3))),
            shops=tuple(chance.sample(SHOPS, chance.randrange(3))),
            sku=chance.choice((None, sku())),
            bin=chance.choice((None, None, place())),
            message=chance.choice((None, True, False)),
            paid_from=chance.choice((None, END - timedelta(days=chance.randrange(1, 360)))),
            sort=chance.choice(list(SortBy)),
        )

    def words() -> OrderQuery:
        title = title_of(goods())
        start = chance.randrange(len(title) - 2)
        length = chance.choice((1, 2, 3, 4, len(title)))
        group = chance.choice((None, None, Group.TO_PACK))
        return OrderQuery(title[start : start + length], group=group)

    def hostile() -> OrderQuery:
        """Much that meets nothing, little that meets much, one character in thousands of titles."""
        return chance.choice(
            (
                OrderQuery("款", status="order_changed"),
                OrderQuery("款", group=Group.TO_PACK, printed=True, message=True),
                OrderQuery("纯棉 " + title_of(goods())[-4:], shops=(SHOPS[-1],)),
                OrderQuery("款", bin=place(), carriers=(codes[-1],), message=True),
                OrderQuery("大", status="refunded", sku=sku()),
                OrderQuery("26", message=True, group=Group.DONE, printed=True),
                OrderQuery("YT", status="refunded"),
                OrderQuery("GD0", status="cancelled", shops=(SHOPS[-1],)),
                OrderQuery(status="shipped", message=True, printed=False, sort=SortBy.NEWEST),
                OrderQuery(status="cancelled", bin=place(), shops=(SHOPS[-1],)),
                OrderQuery(group=Group.TO_PACK, due_from=END + timedelta(days=4, hours=23)),
                OrderQuery(group=Group.OWED, carriers=(codes[-1],), sort=SortBy.BIN),
                OrderQuery(paid_from=END - timedelta(days=355, minutes=7), message=True),
                OrderQuery(paid_to=END - timedelta(days=355, minutes=7), group=Group.TO_PACK),
                OrderQuery('杯" OR *', message=True),
            )
        )

    made = {
        "lookup": lookup,
        "first_page_of_a_filter": one_filter,
        "first_page_of_filters": combined,
        "first_page_of_a_search": words,
        "first_page_of_hostile_questions": hostile,
    }
    asked: dict[str, Callable[[], Ask]] = {
        name: lambda make=make: _page(make())  # type: ignore[misc]
        for name, make in made.items()
    }
    return {**asked, "due_first_board": lambda: _board}


def measured(house: House, *, asked: int = ASKED) -> dict[str, list[float]]:
    """Return the milliseconds of every question, by figure."""
    chance = random.Random(7)
    took: dict[str, list[float]] = {}
    store = open_reader(house.folder, house.rules)
    try:
        for name, make in questions(house, chance).items():
            questions_ = [make() for _ in range(asked)]
            values = took.setdefault(name, [])
            for ask in questions_:
                begun = time.perf_counter_ns()
                ask(store)
                values.append((time.perf_counter_ns() - begun) / 1e6)
    finally:
        store.close()
    return took


def lists(
    folder: Path, carriers: Sequence[Carrier], sizes: Sequence[int], *, asked: int = ASKED
) -> Iterator[Figure]:
    """Yield the figures of the largest store, those of the smaller ones beside them.

    Args:
        folder: Where the stores are made; each is deleted once it was measured.
        carriers: Those of the invented house.
        sizes: Orders of each store, ascending.
        asked: Questions of each figure.
    """
    beside: dict[str, dict[str, float]] = {}
    for count in sizes:
        house = bench_orders.fill(folder / f"lists-{count}", count, carriers)
        sys.stderr.write(
            f"{count} orders for lists stored in {house.seconds:.0f} s, {house.size / 1e6:.0f} MB\n"
        )
        took = measured(house, asked=asked)
        shutil.rmtree(house.folder)
        for name, values in took.items():
            told = beside.setdefault(name, {})
            if count == sizes[-1]:
                yield at_most(f"{name}_at_{count}", "ms", values, PAGE_MS, told)
            told[f"p99 at {count} orders, ms"] = percentile(values, 99)


def run_lists(*, orders: int, as_json: bool, asked: int = ASKED) -> int:
    """Measure lists with so many orders, smaller stores beside it; return 0 when all were taken.

    Three million orders need some 7 GB in the folder for temporary files, and a quarter to half
    an hour.

    Args:
        orders: In the largest store.
        as_json: One JSON object a line instead of a table.
        asked: Questions of each figure.
    """
    from packstation.exchange.carrier_files import load_carriers
    from packstation.paths import resources

    sizes = (*(size for size in SMALL if size < orders), orders)
    carriers = load_carriers(resources() / "carriers")
    if not as_json:
        sys.stdout.write(heading() + "\n")
    with tempfile.TemporaryDirectory(prefix="packstation-bench-") as folder:
        try:
            for figure in lists(Path(folder), carriers, sizes, asked=asked):
                sys.stdout.write((figure.line() if as_json else row(figure)) + "\n")
                sys.stdout.flush()
        except PackStationError as error:
            sys.stderr.write(f"{error} [{error.code}]\n")
            return 1
    return 0
