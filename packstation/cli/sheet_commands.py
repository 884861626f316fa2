"""Commands for files that go out: shipments for platforms, sheets for carriers."""

from __future__ import annotations

import argparse
from pathlib import Path

from packstation.cli import output
from packstation.cli.out_words import confirmed, not_confirmed, say_left
from packstation.core.orders import ShopKey
from packstation.core.sheets import Batch, RowState
from packstation.errors import PackStationError
from packstation.i18n import Translator


def export_shipments(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Write a batch of shipments, or a lost file again."""
    from packstation.app.house import House
    from packstation.app.sheets import export_shipments as export
    from packstation.app.sheets import write_again

    with House(data, name="shipments", language=translator.language) as house:
        if arguments.again:
            write_again(house, arguments.again, arguments.out)
            output.answer(str(arguments.out))
            return 0
        shop = ShopKey(arguments.shop or next(iter(house.settings.shops), "main"))
        made = export(
            house,
            shop,
            arguments.out,
            template=arguments.template,
            layout=arguments.layout,
            limit=arguments.limit,
        )
    if arguments.json:
        output.answer_json(
            {
                "batch": made.batch.batch,
                "file": arguments.out,
                "layout": made.batch.layout,
                "orders": [row.order_id for row in made.batch.rows],
                "left": made.left,
                "waiting": made.waiting,
            }
        )
        return 0
    say_left(made.left, translator)
    output.answer(
        translator.text(
            "Batch {batch}: {count} orders in {file}; {waiting} wait for the next batch.",
            batch=made.batch.batch,
            count=len(made.batch.rows),
            file=arguments.out,
            waiting=made.waiting,
        )
    )
    return 0


def shipment_results(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Take results of a batch, or list the batches."""
    if arguments.batch is None:
        return _batches(arguments, data, translator)
    from packstation.app.house import House
    from packstation.app.sheets import take_results

    with House(data, name="results", language=translator.language) as house:
        report = take_results(
            house,
            arguments.batch,
            arguments.file,
            done=arguments.done,
            failed=arguments.failed,
            rest=RowState(arguments.rest) if arguments.rest else None,
        )
    batch = report.batch
    if arguments.json:
        output.answer_json(
            {
                **output.plain(batch),
                "unclear": report.unclear,
                "strangers": report.strangers,
            }
        )
    else:
        for row in batch.rows:
            if row.state is RowState.FAILED:
                output.answer(f"{row.order_id}  ✗  {row.said}".rstrip())
        for order, word in report.unclear:
            output.message(
                translator.text(
                    "{order}: the word {word} says neither yes nor no.", order=order, word=word
                )
            )
        for order in report.strangers:
            output.message(
                translator.text("{order} waits for no result in this batch.", order=order)
            )
        output.answer(_told(batch, translator))
    return 1 if report.unclear or report.strangers else 0


def _told(batch: Batch, translator: Translator) -> str:
    return translator.text(
        "Batch {batch}: {done} done, {failed} failed, {waiting} without a result.",
        batch=batch.batch,
        done=batch.count(RowState.DONE),
        failed=batch.count(RowState.FAILED),
        waiting=batch.count(RowState.WRITTEN),
    )


def _batches(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    from packstation.cli.reports import reading
    from packstation.store.sheet_reads import batches

    with reading(data) as store:
        found = batches(store.db)
    for one in found:
        if arguments.json:
            output.answer_json(one)
        else:
            moment = one.written_at.astimezone().strftime("%Y-%m-%d %H:%M")
            output.answer(f"{moment}  {one.shop}  {one.file}  {_told(one, translator)}")
    return 0


def carrier_sheet(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Write a sheet for a carrier, or a lost one again."""
    from packstation.app.carrier_sheets import MOST, write_carrier_sheet
    from packstation.app.house import House
    from packstation.app.sheets import write_again

    question = translator.text(
        "The file will hold names, phones and addresses in clear. Write it? (y/n)"
    )
    if not confirmed(arguments.yes, question):
        raise not_confirmed()
    with House(data, name="carrier-sheet", language=translator.language) as house:
        if arguments.again:
            write_again(house, arguments.again, arguments.out)
            output.answer(str(arguments.out))
            return 0
        made = write_carrier_sheet(
            house,
            arguments.carrier or "",
            arguments.out,
            chinese=translator.language.startswith("zh"),
            shop=ShopKey(arguments.shop) if arguments.shop else None,
            limit=arguments.limit or MOST,
        )
    if arguments.json:
        output.answer_json(
            {"sheet": made.sheet.sheet, "orders": made.sheet.orders, "left": made.left}
        )
        return 0
    say_left(made.left, translator)
    output.answer(
        translator.text(
            "Carrier sheet {sheet}: {count} orders in {file}. It holds people's data.",
            sheet=made.sheet.sheet,
            count=len(made.sheet.orders),
            file=arguments.out,
        )
    )
    return 0


def carrier_numbers(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Take a carrier's numbers, end a sheet, or list the sheets that wait."""
    from packstation.app.carrier_sheets import end_carrier_sheet, take_carrier_numbers
    from packstation.app.house import House
    from packstation.ui.sheet_words import why_words

    if arguments.sheet is None:
        return _sheets(arguments, data, translator)
    with House(data, name="carrier-numbers", language=translator.language) as house:
        if arguments.end:
            ended = house.call(lambda: end_carrier_sheet(house, arguments.sheet))
            output.answer(translator.text("Carrier sheet {sheet} has ended.", sheet=ended.sheet))
            return 0
        if arguments.file is None:
            raise PackStationError("import.no_files", "No file was given.", fix="Choose a file.")
        report = take_carrier_numbers(
            house,
            arguments.sheet,
            arguments.file,
            by_row=arguments.by_row,
            skip_refused=arguments.skip_refused,
        )
    match = report.match
    if arguments.json:
        output.answer_json({**output.plain(match), "taken": report.taken})
        return 0 if report.taken else 1
    for row in match.refused:
        told = why_words(row.word, translator)
        output.answer(f"{row.row}  {row.order_id}  {row.number}  {told}")
    for one, other in match.gaps:
        output.message(
            translator.text(
                "The numbers have a gap between {one} and {other}.", one=one, other=other
            )
        )
    output.answer(
        translator.text(
            "{taken} numbers taken, {refused} rows refused, {missing} orders without a number.",
            taken=report.taken,
            refused=len(match.refused),
            missing=len(match.missing),
        )
    )
    if not report.taken and match.pairs:
        output.message(
            translator.text("Nothing was taken. Correct the rows, or give --skip-refused.")
        )
    return 0 if report.taken else 1


def _sheets(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    from packstation.cli.reports import reading
    from packstation.store.sheet_reads import carrier_sheets

    with reading(data) as store:
        for one in carrier_sheets(store.db):
            if arguments.json:
                output.answer_json({**output.plain(one), "waiting": sorted(one.waiting)})
            else:
                told = translator.text("{count} orders wait for a number", count=len(one.waiting))
                output.answer(f"{one.sheet}  {one.carrier}  {one.file}  {told}")
    return 0
