"""Commands for lists of orders: the export, waves, pick lists."""

from __future__ import annotations

import argparse
from pathlib import Path

from packstation.app.order_exports import zone_of_house
from packstation.cli import output
from packstation.cli.order_commands import query_of
from packstation.cli.out_words import confirmed, not_confirmed, say_left
from packstation.cli.reports import key_named, reading
from packstation.i18n import Translator


def export_orders(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Write orders to CSV or XLSX."""
    from packstation.app.house import House
    from packstation.app.order_exports import export_to_files
    from packstation.ui.sheet_words import status_words

    question = translator.text(
        "The file will hold names, phones and addresses in clear. Write it? (y/n)"
    )
    if arguments.with_recipients and not confirmed(arguments.yes, question):
        raise not_confirmed()
    with House(data, name="export", language=translator.language) as house:
        report = export_to_files(
            house,
            query_of(arguments, zone_of_house(house.settings)),
            arguments.out,
            chinese=translator.language.startswith("zh"),
            rows=arguments.rows,
            days=arguments.days,
            with_recipients=arguments.with_recipients,
            status=lambda word: status_words(word, translator),
        )
    if arguments.json:
        output.answer_json(report)
        return 0
    for path in report.files:
        output.answer(str(path))
    output.answer(
        translator.text("{count} orders, {new} of them new.", count=report.orders, new=report.new)
    )
    return 0


def wave_make(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Make a wave."""
    from packstation.app.house import House
    from packstation.app.waves import WAVE_SIZE, make_wave

    with House(data, name="wave", language=translator.language) as house:
        keys = house.call(lambda: [key_named(house.store, text) for text in arguments.orders])
        size = arguments.size or max(len(keys), WAVE_SIZE)
        query = query_of(arguments, zone_of_house(house.settings))
        made = house.call(lambda: make_wave(house, query, keys=keys, size=size))
    if arguments.json:
        output.answer_json({**output.plain(made.wave), "left": output.plain(made.left)})
        return 0
    say_left(made.left, translator)
    output.answer(
        translator.text(
            "Wave {wave}: {count} orders.", wave=made.wave.wave, count=len(made.wave.orders)
        )
    )
    return 0


def wave_list(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List waves."""
    from packstation.store.sheet_reads import waves

    with reading(data) as store:
        for one in waves(store.db, ended=arguments.all):
            if arguments.json:
                output.answer_json(one)
                continue
            moment = one.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
            told = translator.text(
                "Wave {wave}: {count} orders.", wave=one.wave, count=len(one.orders)
            )
            output.answer(f"{moment}  {told}")
    return 0


def wave_show(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List the orders of a wave."""
    from packstation.store.sheet_reads import wave

    with reading(data) as store:
        found = wave(store.db, arguments.wave)
    if arguments.json:
        output.answer_json(found)
    else:
        for key in found.orders:
            output.answer(key.partition("/")[2])
    return 0


def wave_end(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """End a wave."""
    from packstation.app.house import House
    from packstation.app.waves import end_wave

    with House(data, name="wave", language=translator.language) as house:
        ended = house.call(lambda: end_wave(house, arguments.wave))
    if arguments.json:
        output.answer_json(ended)
    else:
        output.answer(translator.text("Wave {wave} has ended.", wave=ended.wave))
    return 0


def pick_list(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Write a pick list as PDF: of named orders, of a wave, or of all that may be packed."""
    from packstation.app.house import SETTINGS
    from packstation.app.paper import letterhead
    from packstation.app.pick_lists import load_walk, write_pick_list
    from packstation.exchange.carrier_files import load_carriers
    from packstation.paths import resources
    from packstation.printing.pick_list import PickPaper, PickPlan
    from packstation.settings import load_settings, rules

    settings = load_settings(data / SETTINGS)
    carriers = load_carriers(resources() / "carriers")
    plan = PickPlan(
        paper=PickPaper(arguments.size),
        total=arguments.total,
        cart=arguments.cart,
        walk=load_walk(data),
        name=arguments.wave.upper() if arguments.wave else "",
    )
    with reading(data) as store:
        made = write_pick_list(
            letterhead(settings, carriers, translator.language),
            rules(settings, carriers),
            store,
            arguments.out,
            keys=[key_named(store, text) for text in arguments.orders],
            wave=arguments.wave,
            plan=plan,
        )
    if arguments.json:
        output.answer_json({"file": arguments.out, "orders": made.orders, "left": made.left})
        return 0
    say_left(made.left, translator)
    count = len(made.orders)
    output.answer(
        translator.text("Pick list of {count} orders: {file}", count=count, file=arguments.out)
    )
    return 0
