"""Commands for printers, their queues, and labels that are printed again."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from packstation.app import printers, printing
from packstation.app.house import House
from packstation.cli import output
from packstation.core.status import PrintOutcome
from packstation.i18n import Translator
from packstation.ui.backend_printing import PrinterForm, PrinterUse, QueueRow, TestPrint

CAME_OUT = (PrintOutcome.CONFIRMED, PrintOutcome.SENT)


@contextmanager
def _running(data: Path, translator: Translator) -> Iterator[House]:
    """Yield a house whose printers run; what was queued today is printed, too."""
    from packstation.app.scan_feed import ScanFeed

    feed = ScanFeed()
    with House(data, name="printers", language=translator.language) as house:
        house.start(feed, wake=feed.awake.set)
        yield house


def _still(data: Path, translator: Translator) -> House:
    return House(data, name="printers", language=translator.language)


def printers_list(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List printers with how they are."""
    with _running(data, translator) as house:
        rows = printers.list_printers(house)
    for row in rows:
        if arguments.json:
            output.answer_json(row)
    if not arguments.json:
        output.table(
            (
                row.key,
                row.form.address,
                row.form.model,
                row.form.stock,
                row.status.state.value,
                ",".join(use.value for use in row.uses),
                "" if row.proved_at is None else f"{row.proved_at.astimezone():%Y-%m-%d %H:%M}",
                "" if row.roll_left is None else row.roll_left,
            )
            for row in rows
        )
    return 0


def printers_find(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Look for printers at this computer."""
    with _still(data, translator) as house:
        found = printers.find(house)
    for one in found:
        if arguments.json:
            output.answer_json(one)
            continue
        cells = (one.address, one.name, one.model, one.status.state.value, one.known)
        output.answer("  ".join(cell for cell in cells if cell))
        if one.status.fix:
            output.message(one.status.fix)
    if not found:
        output.message(translator.text("No printer was found at this computer."))
    return 0


def printers_models(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List known models and papers."""
    del data, translator
    for model in printers.models():
        if arguments.json:
            output.answer_json({"kind": "model", **output.plain(model)})
        else:
            output.answer(f"{model.key:<20}{model.name}")
    for stock in printers.stocks():
        if arguments.json:
            output.answer_json({"kind": "stock", **output.plain(stock)})
        else:
            output.answer(f"{stock.key:<20}{stock.name}")
    return 0


def printers_add(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Add a printer, or change one."""
    form = PrinterForm(
        name=arguments.name,
        address=arguments.address,
        model=arguments.model,
        stock=arguments.stock,
        darkness=arguments.darkness,
        speed=arguments.speed,
        offset_x_mm=arguments.offset_x,
        offset_y_mm=arguments.offset_y,
        cut=arguments.cut,
        drawer=arguments.drawer,
    )
    with _still(data, translator) as house:
        key = printers.save_printer(house, arguments.key, form)
    output.answer(translator.text("The printer {key} is set up. Try it with a test.", key=key))
    return 0


def printers_remove(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Take a printer out."""
    with _still(data, translator) as house:
        printers.remove_printer(house, arguments.key)
    output.answer(translator.text("The printer {key} is taken out.", key=arguments.key))
    return 0


def printers_use(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Make a printer the usual one for a kind of paper."""
    with _still(data, translator) as house:
        printers.use_printer(house, PrinterUse(arguments.use), arguments.key)
    output.answer(f"{arguments.use}  {arguments.key}")
    return 0


def printers_test(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print a test label."""
    with _running(data, translator) as house:
        made = printing.test_print(house, arguments.key)
    return _told(made, arguments, translator)


def printers_calibrate(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print a sheet of rulers."""
    with _running(data, translator) as house:
        made = printing.calibrate(house, arguments.key)
    return _told(made, arguments, translator)


def _told(made: TestPrint, arguments: argparse.Namespace, translator: Translator) -> int:
    if arguments.json:
        output.answer_json(made)
    else:
        cells = (made.job, made.code, made.outcome.value, made.detail)
        output.answer("  ".join(cell for cell in cells if cell))
    if made.outcome in CAME_OUT:
        return 0
    output.not_sure(made.outcome, made.detail, translator)
    return 1


def printers_prove(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Take the scan of a test label."""
    with _still(data, translator) as house:
        key = printing.prove(house, arguments.code)
    output.answer(translator.text("The printer {key} is proved.", key=key))
    return 0


def printers_roll(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Say how many labels a new roll has."""
    with _still(data, translator) as house:
        printing.load_roll(house, arguments.key, arguments.labels)
    output.answer(f"{arguments.key}  {arguments.labels}")
    return 0


def printers_queue(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List print jobs."""
    with _still(data, translator) as house:
        rows = printing.queue(house, arguments.key, arguments.limit)
    for row in rows:
        if arguments.json:
            output.answer_json(row)
        else:
            output.answer(_queue_line(row))
    return 0


def _queue_line(row: QueueRow) -> str:
    moment = row.requested_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    cells = (
        row.job,
        moment,
        row.kind.value,
        row.subject,
        f"#{row.copy}",
        row.outcome.value,
        row.detail,
        row.printer,
        row.batch,
        row.spoiled,
        "old" if row.old else "",
    )
    return "  ".join(cell for cell in cells if cell)


def printers_give_up(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """End a job that waits."""
    with _still(data, translator) as house:
        printing.give_up(house, arguments.job)
    output.answer(translator.text("Print job {job} is given up.", job=arguments.job))
    return 0


def printers_settle(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Say whether the paper of an unknown job is there."""
    with _still(data, translator) as house:
        printing.settle(house, arguments.job, came_out=arguments.came_out == "yes")
    output.answer(f"{arguments.job}  {arguments.came_out}")
    return 0


def printers_release(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print jobs of an earlier day, or cancel them."""
    with _running(data, translator) as house:
        count = printing.release_old(house, arguments.jobs, yes=not arguments.cancel)
        house.paper_done()
    output.answer(str(count))
    return 0 if count == len(arguments.jobs) else 1


def reprint_label(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Print copy n+1 of a packed order's label."""
    from packstation.app.scan_feed import ScanFeed
    from packstation.cli.reports import key_named

    feed = ScanFeed()
    with House(data, name="printers", language=translator.language) as house:
        engine = house.start(feed, wake=feed.awake.set)
        order = house.call(lambda: key_named(house.store, arguments.order))
        job = printing.reprint_label(house, order, arguments.reason, arguments.badge or "")
        house.paper_done()
        feed.settle(engine)  # how a label ended is written by the station
        found = house.call(lambda: house.store.ledger.job(job))
    output.answer(f"{job}  {found.outcome.value}  {found.detail}".rstrip())
    if found.outcome in CAME_OUT:
        return 0
    output.not_sure(found.outcome, found.detail, translator)
    return 1
