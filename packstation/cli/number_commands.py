"""Tracking numbers on the command line: blocks, lists, stock, checks and the carrier's invoice."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.cli import output
from packstation.core.carriers import Carrier
from packstation.errors import PackStationError
from packstation.i18n import Translator, _

if TYPE_CHECKING:
    from packstation.exchange.number_files import RefusedNumber
    from packstation.store.opening import OpenStore

Command = Callable[[argparse.Namespace, Path, Translator], int]

BILLED = {
    "ours": _("billed and handed over"),
    "twice": _("billed more than once"),
    "not_handed_over": _("billed, but not handed over"),
    "never_used": _("billed, but never used, void, spoiled or returned"),
    "unknown": _("billed, but not known here"),
    "not_billed": _("handed over, but not billed"),
}
"""What each word of ``Billed`` says."""


def _carriers() -> tuple[Carrier, ...]:
    from packstation.exchange.carrier_files import load_carriers
    from packstation.paths import resources

    return load_carriers(resources() / "carriers")


def _carrier(name: str) -> Carrier:
    from packstation.app.desk_reads import carrier_of

    return carrier_of(_carriers(), name)


@contextmanager
def _reading(data: Path) -> Iterator[OpenStore]:
    from packstation.app.house import SETTINGS
    from packstation.settings import load_settings, rules
    from packstation.store.opening import open_reader

    store = open_reader(data, rules(load_settings(data / SETTINGS), _carriers()))
    try:
        yield store
    finally:
        store.close()


def add(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Add a block."""
    from packstation.app.desk_reads import add_block
    from packstation.app.house import House

    _warn_if_doubtful(_carrier(arguments.carrier), arguments.first, translator)
    with House(data, name="numbers", language=translator.language) as house:
        numbers = house.call(
            lambda: add_block(
                house, arguments.carrier, arguments.first, arguments.count, arguments.pool
            )
        )
    output.answer(
        translator.text(
            "{count} numbers added: {first} to {last}.",
            count=len(numbers),
            first=numbers[0],
            last=numbers[-1],
        )
    )
    return 0


def _warn_if_doubtful(carrier: Carrier, number: str, translator: Translator) -> None:
    fit = carrier.fit(number)
    if fit is not None and fit.doubtful:
        output.message(
            translator.text(
                "The last digit of {number} is not the one that is usual: look at it again.",
                number=fit.number,
            )
        )


def preview(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Show what adding a run would do; 1 where numbers of it are there already."""
    from packstation.app.number_desk import look_at_run

    carrier = _carrier(arguments.carrier)
    with _reading(data) as store:
        check = look_at_run(store, carrier, arguments.first, arguments.count)
    told = check.preview
    if arguments.json:
        output.answer_json(check)
        return 1 if check.known else 0
    _warn_if_doubtful(carrier, arguments.first, translator)
    shown = [*told.head, *(["…"] if told.count > len(told.head) + len(told.tail) else [])]
    for number in (*shown, *told.tail):
        output.answer(number)
    output.answer(
        translator.text(
            "{count} numbers: {first} to {last}.",
            count=told.count,
            first=told.first,
            last=told.last,
        )
    )
    if check.gap_before:
        output.answer(
            translator.text("{count} numbers are missing before.", count=check.gap_before)
        )
    if check.gap_after:
        output.answer(translator.text("{count} numbers are missing after.", count=check.gap_after))
    for number, state in check.first_known:
        output.answer(
            translator.text("{number} is there already: {state}", number=number, state=state)
        )
    return 1 if check.known else 0


def import_list(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Add a list; nothing at all while a row is refused, unless those are to be skipped."""
    from packstation.app import number_desk
    from packstation.app.house import House

    carrier = _carrier(arguments.carrier)
    with House(data, name="numbers", language=translator.language) as house:
        found, refused = number_desk.read_list(house.store, carrier, arguments.file)
        added = 0
        if found.numbers and (arguments.skip_refused or not refused):
            added = house.call(lambda: number_desk.add_list(house, carrier, found, arguments.pool))
    if arguments.json:
        output.answer_json(
            {
                "carrier": carrier.code,
                "pool": arguments.pool,
                "added": added,
                "doubtful": found.doubtful,
                "refused": refused,
            }
        )
    else:
        _tell_refused(refused, translator)
        output.answer(
            translator.text(
                "{added} numbers added, {refused} rows refused.", added=added, refused=len(refused)
            )
        )
        if found.doubtful:
            output.message(
                translator.text("{count} numbers end in an unusual digit.", count=found.doubtful)
            )
    if refused and not added:
        output.message(
            translator.text("Nothing was added. --skip-refused adds the rest of the file.")
        )
    return 0 if added else 1


def _tell_refused(refused: tuple[RefusedNumber, ...], translator: Translator) -> None:
    from packstation.ui.number_words import REFUSED

    for row in refused:
        why = translator.text(REFUSED[row.reason])
        output.answer(
            translator.text("row {row}: {value}, {why}", row=row.row, value=row.value, why=why)
        )


def list_numbers(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List blocks, or single numbers where a state, a pool or a carrier is asked for."""
    from packstation.core.status import NumberState
    from packstation.store.number_reads import number_lines
    from packstation.store.numbers import blocks

    single = arguments.state or arguments.carrier or arguments.pool is not None
    with _reading(data) as store:
        if single:
            try:
                state = NumberState(arguments.state.upper()) if arguments.state else None
            except ValueError as error:
                raise PackStationError(
                    "numbers.unknown_state",
                    f"There is no state {arguments.state}.",
                    fix=f"Known are {', '.join(NumberState)}.",
                    state=arguments.state,
                ) from error
            code = _carrier(arguments.carrier).code if arguments.carrier else None
            lines = number_lines(
                store.db, carrier=code, pool=arguments.pool, state=state, limit=arguments.limit
            )
        else:
            found = blocks(store.db)
    if single:
        for line in lines:
            if arguments.json:
                output.answer_json(line)
            else:
                more = f"{line.order or ''}  {line.reason}".strip()
                output.answer(f"{line.carrier}  {line.number}  {line.state}  {more}".rstrip())
        return 0
    for one in found:
        if arguments.json:
            output.answer_json({**output.plain(one), "free": one.free})
        else:
            told = translator.text("{free} of {total} free", free=one.free, total=one.total)
            pool = f"  [{one.pool}]" if one.pool else ""
            output.answer(f"{one.carrier}  {one.first}–{one.last}  {told}{pool}")
    if not found:
        output.message(translator.text("No block of numbers was added yet."))
    return 0


def stock(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Show stock and forecast of every pool."""
    from packstation.app.house import SETTINGS
    from packstation.settings import load_settings
    from packstation.store.number_reads import stock as read

    least = load_settings(data / SETTINGS).low_numbers
    with _reading(data) as store:
        found = read(store.db, datetime.now(UTC), least)
    for one in found:
        if arguments.json:
            output.answer_json({**output.plain(one), "total": one.total})
            continue
        days = (
            translator.text("about {days} days", days=f"{one.days_left:.1f}")
            if one.days_left is not None
            else translator.text("not enough days to tell")
        )
        low = "  " + translator.text("LOW") if one.low else ""
        output.answer(
            f"{one.pool or '-'}  {one.carrier}  "
            + translator.text(
                "{free} free, {used} used, {void} void, {spoiled} spoiled, {returned} returned",
                free=one.free,
                used=one.used,
                void=one.void,
                spoiled=one.spoiled,
                returned=one.returned,
            )
            + f"  {days}{low}"
        )
    if not found:
        output.message(translator.text("No block of numbers was added yet."))
    return 0


def show_gaps(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Show what is missing between blocks of one form."""
    from packstation.store.number_reads import gaps

    with _reading(data) as store:
        found = gaps(store.db, _carriers())
    for gap in found:
        if arguments.json:
            output.answer_json(gap)
        else:
            output.answer(
                translator.text(
                    "{carrier}: {count} numbers are missing between {after} and {before}.",
                    carrier=gap.carrier,
                    count=gap.missing,
                    after=gap.after,
                    before=gap.before,
                )
            )
    return 0


def mark(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Take numbers out of use for good."""
    from packstation.app import number_desk
    from packstation.app.house import House
    from packstation.core.status import NumberState

    carrier, state = _carrier(arguments.carrier), NumberState(arguments.state)
    with House(data, name="numbers", language=translator.language) as house:
        house.call(
            lambda: number_desk.mark(house, carrier, arguments.numbers, state, arguments.reason)
        )
    output.answer(
        translator.text("{count} numbers are out of use now.", count=len(arguments.numbers))
    )
    return 0


def following(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print the numbers after one."""
    from packstation.core.number_runs import next_number

    return _walk(arguments, translator, next_number)


def previous(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print the numbers before one."""
    from packstation.core.number_runs import previous_number

    return _walk(arguments, translator, previous_number)


def _walk(
    arguments: argparse.Namespace, translator: Translator, step: Callable[[Carrier, str], str]
) -> int:
    carrier, number = _carrier(arguments.carrier), str(arguments.number)
    _warn_if_doubtful(carrier, number, translator)
    for _number in range(arguments.count):
        number = step(carrier, number)
        output.answer(number)
    return 0


def check(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Say whose number each could be; 1 where one is nobody's."""
    from packstation.app.number_desk import checked_number

    carriers, valid = _carriers(), True
    for number in arguments.numbers:
        told = checked_number(carriers, number, arguments.carrier)
        valid = valid and bool(told["valid"])
        if arguments.json:
            output.answer_json(told)
            continue
        sign = "+" if told["certain"] else "?" if told["valid"] else "-"
        names = " ".join(told["carriers"]) or told["reason"]
        shorter = f"  = {told['parcel_number']}" if "parcel_number" in told else ""
        output.answer(f"{number}  {sign}  {names}{shorter}")
    return 0 if valid else 1


def invoice(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Hold an invoice against ours; 1 where the two do not agree."""
    from packstation.app.number_desk import match, month_of
    from packstation.core.number_invoice import Billed

    carrier = _carrier(arguments.carrier)
    month = month_of(arguments.month) if arguments.month else None
    with _reading(data) as store:
        report, refused = match(store, carrier, arguments.file, month)
    agrees = all(report.count(kind) == 0 for kind in Billed if kind is not Billed.OURS)
    if arguments.json:
        counts = {kind.value: report.count(kind) for kind in Billed}
        amounts = {kind.value: f"{report.amount(kind) / 100:.2f}" for kind in Billed}
        output.answer_json(
            {
                "carrier": report.carrier,
                "lines": report.lines,
                "counts": counts,
                "amounts": amounts,
                "refused": refused,
                "differences": [m for m in report.matches if m.billed is not Billed.OURS],
            }
        )
        return 0 if agrees else 1
    for kind in Billed:
        count, amount = report.count(kind), report.amount(kind)
        output.answer(f"{count:>7}  {amount / 100:>12,.2f}  {translator.text(BILLED[kind.value])}")
    for one in report.matches:
        if one.billed is not Billed.OURS:
            rows = ",".join(map(str, one.rows))
            told = translator.text(BILLED[one.billed.value])
            output.answer(f"{one.number}  {told}  {one.standing}  {rows}".rstrip())
    _tell_refused(refused, translator)
    return 0 if agrees else 1


NUMBER_COMMANDS: dict[str, Command] = {
    "numbers add": add,
    "numbers preview": preview,
    "numbers import": import_list,
    "numbers list": list_numbers,
    "numbers stock": stock,
    "numbers gaps": show_gaps,
    "numbers mark": mark,
    "numbers next": following,
    "numbers previous": previous,
    "numbers check": check,
    "numbers invoice": invoice,
}
"""Every action of ``numbers`` by its words."""
