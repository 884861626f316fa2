"""What each command does; every change goes through the same rooms as in the window."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

from packstation.cli import output
from packstation.cli.number_commands import NUMBER_COMMANDS
from packstation.cli.time_commands import TIME_COMMANDS
from packstation.errors import PackStationError, StoreError
from packstation.i18n import Translator

log = logging.getLogger(__name__)

Command = Callable[[argparse.Namespace, Path, Translator], int]


def run(arguments: argparse.Namespace, data: Path) -> int:
    """Run a parsed command line; return the exit code."""
    from packstation.app.start import diary, speaking

    translator = speaking(data, arguments.language)
    name = arguments.command or "window"
    if getattr(arguments, "action", None):
        name = f"{name} {arguments.action}"
    with diary(data, name):
        try:
            return COMMANDS[name](arguments, data, translator)
        except PackStationError as error:
            output.failure(error, translator)
        except BrokenPipeError:
            raise
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            output.message(f"{error.strerror or error}{where} [os.error]")
        except Exception as error:  # the door of main: a sentence, the log has the place
            log.exception("a command failed", extra={"command": name})
            output.failure(output.unexpected(error), translator)
    return 1


def _window(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    from packstation.app.start import has_display

    if not has_display():
        raise PackStationError(
            "app.no_display",
            "There is no screen to open the window on.",
            fix="Use the commands: packstation --help, or packstation demo --headless.",
        )
    from packstation.app.window import open_window

    return open_window(data, translator.language if arguments.language else None)


def _demo(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    from packstation.app.demo import run_demo

    given = data if arguments.data else None
    return run_demo(given, headless=arguments.headless, translator=translator)


def _import(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    from packstation.app import import_run, intake
    from packstation.app.house import SETTINGS, House
    from packstation.settings import load_settings

    settings = load_settings(data / SETTINGS)
    chosen = intake.import_settings(
        settings,
        shop=arguments.shop,
        zone=arguments.zone,
        file=arguments.settings,
        profile=arguments.profile or "",
    )
    if arguments.explain:
        output.answer_json(intake.understood(arguments.files, chosen, data))
        return 0
    with House(data, name="import", language=translator.language) as house:
        report = import_run.take_in(house, arguments.files, chosen).report
        import_run.catch_up(house)
    if arguments.json:
        output.answer_json(
            {
                "shop": report.shop,
                "platform": report.platform,
                "rows": report.rows,
                "accepted": len(report.accepted),
                "changed": len(report.changed),
                "same": len(report.same),
                "codes": report.codes,
                "refused": report.refused,
                "already_imported_at": report.already_imported_at,
            }
        )
        return 0
    for row in report.refused:
        why = f"{row.reason} {row.detail}".strip()
        output.answer(
            translator.text(
                "{file}, row {row}: refused, {why}", file=row.file, row=row.row, why=why
            )
        )
    if report.already_imported_at is not None:
        moment = report.already_imported_at.astimezone().strftime("%Y-%m-%d %H:%M")
        output.answer(translator.text("This file was imported before, at {at}.", at=moment))
    output.answer(
        translator.text(
            "{rows} rows: {accepted} orders new, {changed} changed, {same} the same, {refused} rows"
            " refused, {codes} product codes new.",
            rows=report.rows,
            accepted=len(report.accepted),
            changed=len(report.changed),
            same=len(report.same),
            refused=len(report.refused),
            codes=report.codes,
        )
    )
    return 0


def _scan(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    from packstation.app.house import House
    from packstation.app.scan_feed import ScanFeed, describe
    from packstation.cli.scan import feed_lines, lines_of

    feed = ScanFeed()
    with (
        _opened(arguments.file) as stream,
        House(data, name="scan", language=translator.language) as house,
    ):
        engine = house.start(feed, wake=feed.awake.set, watch=feed.watch)
        feed.settle(engine)
        return feed_lines(
            engine,
            feed,
            lines_of(stream),
            as_json=arguments.json,
            describe=lambda number, answer: describe(number, answer, translator),
        )


def _opened(name: str) -> AbstractContextManager[IO[bytes]]:
    if name != "-":
        return Path(name).open("rb")
    if sys.stdin is None:  # closed by whoever started us
        raise PackStationError(
            "scan.no_input",
            "There is nothing to read scans from.",
            fix="Give a file, or type scans into standard input.",
        )
    return nullcontext(sys.stdin.buffer)


def _bench(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    if arguments.lists:
        from packstation.app.bench_lists import run_lists

        return run_lists(orders=arguments.orders, as_json=arguments.json)
    from packstation.app.bench import run_bench

    return run_bench(orders=arguments.orders, as_json=arguments.json)


def _sync(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    from packstation.app.house import House
    from packstation.app.sync import retry_all, send_once, send_until_stopped

    with House(data, name="sync", language=translator.language) as house:
        url = arguments.url or house.settings.sync_url
        if not url:
            raise StoreError(
                "sync.no_address",
                "No address is set to send status events to.",
                fix="Write sync_url into settings.toml, or give --url.",
            )
        if arguments.retry_parked:
            count = house.call(lambda: retry_all(house.store))
            output.message(translator.text("{count} orders are sent again.", count=count))
        report = send_once(house, url) if arguments.once else send_until_stopped(house, url)
        counts = house.call(house.store.outbox.counts)
    output.answer(
        translator.text(
            "{delivered} delivered, {waiting} waiting, {parked} parked.",
            delivered=report.delivered,
            waiting=counts.waiting,
            parked=counts.parked,
        )
    )
    why = report.paused or report.error
    if why:
        output.message(translator.text("Not everything was sent: {why}", why=why))
    return 1 if why or counts.parked else 0


def _read(name: str, module: str = "reports") -> Command:
    def command(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
        from importlib import import_module

        # Only what is asked for is loaded.
        function = name.replace("-", "_").replace(" ", "_")
        shown: Command = getattr(import_module(f"packstation.cli.{module}"), function)
        return shown(arguments, data, translator)

    return command


_SHEETS = ("export-shipments", "shipment-results", "carrier-sheet", "carrier-numbers")
_SHIPMENTS = ("merge", "unmerge", "split", "join", "merge-suggestions")
_LISTS = ("export-orders", "pick-list", "wave make", "wave list", "wave show", "wave end")


_SLIPS = ("command-sheet", "scanner-card", "packing-slip", "pick-list", "discrepancy")
_PRINTERS = ("list", "find", "models", "add", "remove", "use", "test", "calibrate", "prove",
             "roll", "queue", "give-up", "settle", "release")  # fmt: skip


def _orders(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    from packstation.cli.order_commands import orders

    return orders(arguments, data, translator)


def _decide(name: str) -> Command:
    def command(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
        from packstation.cli import life_commands

        done: Command = getattr(life_commands, name)
        return done(arguments, data, translator)

    return command


COMMANDS: dict[str, Command] = {
    "window": _window,
    "demo": _demo,
    "import": _import,
    "scan": _scan,
    "orders": _orders,
    "hold": _decide("hold"),
    "release": _decide("release"),
    "short": _decide("short"),
    "cancel": _decide("cancel"),
    "accept-cancel": _decide("accept_cancel"),
    "reject-cancel": _decide("reject_cancel"),
    "recall": _decide("recall"),
    **NUMBER_COMMANDS,
    **TIME_COMMANDS,
    **{name: _read(name, "sheet_commands") for name in _SHEETS},
    **{name: _read(name, "wave_commands") for name in _LISTS},
    **{name: _read(name, "shipment_commands") for name in _SHIPMENTS},
    "manifests": _read("manifests"),
    "receipt verify": _read("verify_receipt"),
    "receipt reprint": _read("reprint_receipt"),
    "print-jobs": _read("print_jobs"),
    **{f"printers {name}": _read(f"printers-{name}", "printer_commands") for name in _PRINTERS},
    **{f"print {name}": _read(name, "slip_commands") for name in _SLIPS},
    "reprint label": _read("reprint_label", "printer_commands"),
    "print-batch start": _read("start", "batch_commands"),
    "print-batch list": _read("list_batches", "batch_commands"),
    "print-batch resume": _read("resume", "batch_commands"),
    "print-batch stop": _read("stop", "batch_commands"),
    "print-batch cancel": _read("cancel", "batch_commands"),
    "labels import": _read("take", "label_commands"),
    "labels fit": _read("fit", "label_commands"),
    "labels list": _read("list_files", "label_commands"),
    "labels pages": _read("pages", "label_commands"),
    "labels remove": _read("remove", "label_commands"),
    "command-sheet": _read("command_sheet"),
    "sync": _sync,
    "journal verify": _read("verify_journal"),
    "journal export": _read("export_journal"),
    "backup": _read("backup"),
    "doctor": _read("doctor"),
    "bench": _bench,
}
"""Every command by its words."""
