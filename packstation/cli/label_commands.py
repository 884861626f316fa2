"""``packstation labels``: label files of platforms come in, are listed, are taken back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.cli import output
from packstation.cli.reports import reading
from packstation.core.imports import MAIN_SHOP
from packstation.core.orders import ShopKey
from packstation.i18n import Translator

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.store.label_file_reads import FileLine


def take(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Take label files in."""
    from packstation.app.house import House
    from packstation.app.label_intake import take_labels

    with House(data, name="labels", language=translator.language) as house:
        shop = ShopKey(arguments.shop or next(iter(house.settings.shops), MAIN_SHOP))
        for path in arguments.files:
            for line in take_labels(house, [path], shop):
                _tell(line, arguments.json, translator)
                (_fitted if arguments.fit else _warn)(house, line, arguments.json, translator)
    return 0


def fit(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Make a label file's pages fit the paper."""
    from packstation.app.house import House
    from packstation.store.label_file_reads import label_file

    with House(data, name="labels", language=translator.language) as house:
        store = house.store
        line = house.call(lambda: label_file(store.db, arguments.file))
        _fitted(house, line, arguments.json, translator)
    return 0


def _fitted(house: House, line: FileLine, as_json: bool, translator: Translator) -> None:
    from packstation.app.label_fitting import fit_labels
    from packstation.ui.label_words import fitted_words

    done = fit_labels(house, line.file)
    if as_json:
        output.answer_json({"file": line.file, "fitted": done})
    else:
        output.answer(fitted_words(done.pages, done.at_risk, done.lost, translator))


def _warn(house: House, line: FileLine, as_json: bool, translator: Translator) -> None:
    """Say that pages do not fit the paper, and what can be done."""
    from packstation.app.label_fitting import other_shape
    from packstation.ui.label_words import shape_words

    found = house.call(lambda: other_shape(house.store.db, line, house.settings))
    if found is not None and not as_json:
        words = shape_words(found.page, found.paper, translator)
        output.answer(f"{words} packstation labels fit {line.file[:8]}")


def list_files(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List label files."""
    from packstation.store.label_file_reads import label_files

    with reading(data) as store:
        for line in label_files(store.db, arguments.limit):
            _tell(line, arguments.json, translator)
    return 0


def pages(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """List the pages of a label file."""
    from packstation.store.label_file_reads import label_file, label_pages
    from packstation.ui.label_words import WHY
    from packstation.ui.paper_words import PAGE_STATES

    with reading(data) as store:
        found = label_pages(store.db, label_file(store.db, arguments.file).file)
    for page in found:
        if arguments.json:
            output.answer_json(page)
            continue
        state = translator.text(WHY.get(page.why, PAGE_STATES[page.state]))
        order = page.order.partition("/")[2] if page.order else "-"
        number = page.tracking_number or " ".join(page.codes) or "-"
        output.answer(f"{page.number}  {number}  {order}  {state}")
    return 0


def remove(arguments: argparse.Namespace, data: Path, translator: Translator) -> int:
    """Take a label file back."""
    from packstation.app.house import House
    from packstation.store.label_file_reads import label_file

    with House(data, name="labels", language=translator.language) as house:
        store = house.store
        line = house.call(lambda: label_file(store.db, arguments.file))
        house.call(lambda: store.label_files.remove(line.file))
    output.answer(translator.text("{file} was removed.", file=line.name))
    return 0


def _tell(line: FileLine, as_json: bool, translator: Translator) -> None:
    if as_json:
        output.answer_json(line)
        return
    moment = line.taken_at.astimezone().strftime("%Y-%m-%d %H:%M")
    counts = translator.text(
        "{pages} labels: {bound} with their order, {unmatched} without, {duplicate} duplicates,"
        " {unreadable} not readable",
        pages=line.pages,
        bound=line.bound,
        unmatched=line.unmatched,
        duplicate=line.duplicate,
        unreadable=line.unreadable,
    )
    output.answer(f"{moment}  {line.file[:8]}  {line.name}  {counts}")
