"""Understanding shop files: which profile they fit, and the orders, codes and refused rows in them.

Runs in the limited child (``import_child``): what a file holds is taken apart, judged and turned
into text where it can hurt nobody, and beside the window's process instead of inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path

from packstation.core.catalog import ProductCode
from packstation.core.imports import ImportHead, ImportTail
from packstation.core.orders import ImportedOrder
from packstation.errors import ImportFileError
from packstation.exchange.cells import TimeReader, normalised, text
from packstation.exchange.code_rows import CodeTable
from packstation.exchange.import_job import ImportJob
from packstation.exchange.order_drafts import DraftTable, RowTaker
from packstation.exchange.order_judge import judge_orders, merge_groups, product_codes
from packstation.exchange.profile_choice import (
    NOT_TOLD,
    encodings_to_try,
    offered,
    other_half,
    unknown,
)
from packstation.exchange.profiles import (
    LINE_FIELDS,
    Match,
    Part,
    Profile,
    best_match,
    with_mapping,
)
from packstation.exchange.standings import StandingReader
from packstation.exchange.steps import FIRST_CELLS, Pipeline, Record
from packstation.exchange.table_child import Source, pick
from packstation.exchange.table_limits import BATCH_ROWS, MAX_COLUMNS, too_large_inside
from packstation.exchange.table_rows import Cell, Reading

Progress = Callable[[int], None]
"""Told the rows read so far, all files together."""

_REPEATED = frozenset(LINE_FIELDS) - {"line_key", "items"} | {"status", "carrier", "shop"}
"""Fields whose texts come again and again; each text is kept once."""
_TEXTS = 50_000
"""Texts kept for that; a file whose texts never come again keeps no more."""
_JUDGED = 200
"""Orders judged at a time: their drafts are let go before the next."""


class _OpenFile:
    """One file, once its profile is known."""

    def __init__(self, path: Path, source: Source, match: Match, *, sheet: bool = False) -> None:
        self.path = path
        self.source = source
        self.match = match
        self.rows = 0
        self.name = f"{path.name}, {match.reading.name}" if sheet else path.name
        self._positions = _positions(match)
        self.present = frozenset(self._positions)

    def records(self, progress: Progress) -> Iterator[Record]:
        """Yield every row with its fields; joined and alternative columns are settled here."""
        used = sorted(
            {n for places in self._positions.values() for n in places} | {*range(FIRST_CELLS)}
        )
        width = len(self.match.headings)
        while width and not self.match.headings[width - 1]:
            width -= 1
        if width > MAX_COLUMNS:
            raise too_large_inside(self.path.name, f"more than {MAX_COLUMNS} columns")
        used = [column for column in used if column < max(width, 1)]
        place = {column: n for n, column in enumerate(used)}
        fill = _filler(self.match, {f: [place[n] for n in p] for f, p in self._positions.items()})
        repeated = tuple(self.present & _REPEATED)
        texts: dict[Cell, Cell] = {}
        records = self.source.records(self.match.reading.name, quoted=self.match.form.quoted)
        for number, missing, cells in pick(
            records,
            after=self.match.header_row,
            width=width,
            columns=used,
            cut_off=self.source.cut_off,
        ):
            self.rows += 1
            values = fill(cells)
            for name in repeated:
                cell = values.get(name)
                if type(cell) is str:
                    values[name] = texts.setdefault(cell, cell)
            if len(texts) > _TEXTS:
                texts.clear()
            yield Record(number, missing, values, cells[:FIRST_CELLS])
            if self.rows % BATCH_ROWS == 0:
                progress(self.rows)
        if self.rows % BATCH_ROWS:
            progress(self.rows)


def _positions(match: Match) -> dict[str, list[int]]:
    """Return field → the columns that hold it, in the order the profile prefers."""
    where: dict[str, int] = {}
    for number, heading in enumerate(match.headings):
        where.setdefault(heading, number)
    found: dict[str, list[int]] = {}
    for name, column in match.form.columns.items():
        places = [where[h] for heading in column.headings if (h := normalised(heading)) in where]
        if places:
            found[name] = list(dict.fromkeys(places))
    return found


def _filler(
    match: Match, places: Mapping[str, list[int]]
) -> Callable[[Sequence[Cell]], dict[str, Cell]]:
    """Return a function from a row's cells to its fields; most fields are one column."""
    single = {name: at[0] for name, at in places.items() if len(at) == 1}
    several = {name: at for name, at in places.items() if len(at) > 1}
    names = tuple(single)
    pick = itemgetter(*single.values()) if len(single) > 1 else None
    joins = {name: match.form.columns[name].joined_with for name in several}

    def fill(cells: Sequence[Cell]) -> dict[str, Cell]:
        if pick is not None:
            values = dict(zip(names, pick(cells), strict=True))
        else:
            values = {name: cells[at] for name, at in single.items()}
        for name, columns in several.items():
            separator = joins[name]
            if separator is None:
                for at in columns:
                    cell = cells[at]
                    if cell and not (isinstance(cell, str) and cell.strip(" \t'") in _BLANKS):
                        values[name] = cell
                        break
            else:
                parts = [text(cells[at]) for at in columns if cells[at]]
                values[name] = separator.join(part for part in parts if part)
        return values

    return fill


_BLANKS = frozenset({"", "-", "null"})


def _check_together(files: Sequence[_OpenFile]) -> None:
    """Refuse files that do not belong together, and half of a pair.

    Raises:
        ImportFileError: With the names of the files.
    """
    names = " and ".join(file.name for file in files)
    parts = sorted(file.match.form.part for file in files)
    profiles = {file.match.profile.name for file in files}
    if len(profiles) == 1 and parts == [Part.LINES, Part.ORDERS]:
        return
    if len(files) > 1:
        raise ImportFileError(
            "import.files_do_not_belong",
            f"{names} do not belong together.",
            fix="Give one export at a time; only an order list and its detail list go together.",
            file=files[0].name,
        )
    part = files[0].match.form.part
    if part in {Part.ORDERS, Part.LINES}:
        other = Part.LINES if part is Part.ORDERS else Part.ORDERS
        form = next(form for form in files[0].match.profile.forms if form.part is other)
        wanted = ", ".join(form.columns[entry[0]].headings[0].strip() for entry in form.required)
        raise ImportFileError(
            "import.other_file_missing",
            f"{names} is half of a pair: the file with the columns {wanted} is missing.",
            fix="Give both files of the export together.",
            file=files[0].name,
        )


def _readings(source: Source) -> tuple[Reading, ...]:
    return tuple(
        Reading(name, tuple((number, tuple(cells)) for number, cells in rows))
        for name, rows in source.heads()
    )


def _open(
    path: Path, encoding: str, profiles: Sequence[Profile], *, chosen: bool = False
) -> list[_OpenFile]:
    """Open a file and find its profile; a pair in one workbook gives two."""
    sheets = tuple(form.sheet for profile in profiles for form in profile.forms if form.sheet)
    try:
        source = Source(path, encoding, sheets)
        readings = _readings(source)
    except ImportFileError as refused:
        if encoding or refused.code not in NOT_TOLD:
            raise
        return [_open_otherwise(path, profiles, sheets, refused)]
    match = best_match(readings, profiles)
    if match is None:
        misfit = unknown(path, readings, profiles, chosen=chosen)
        if encoding or not source.encoding:
            raise misfit
        return [_open_otherwise(path, profiles, sheets, misfit)]
    other = other_half(readings, match)
    if other is None:
        return [_OpenFile(path, source, match)]
    return [
        _OpenFile(path, source, match, sheet=True),
        _OpenFile(path, source, other, sheet=True),
    ]


def _open_otherwise(
    path: Path, profiles: Sequence[Profile], sheets: tuple[str, ...], refused: ImportFileError
) -> _OpenFile:
    """Open a file in an encoding that only the profile it then fits can name."""
    for name in encodings_to_try(profiles):
        try:
            source = Source(path, name, sheets)
            readings = _readings(source)
        except ImportFileError:
            continue
        match = best_match(readings, [one for one in profiles if name in one.encodings])
        if match is not None:
            return _OpenFile(path, source, match)
    raise refused


class Work:
    """One export being understood."""

    def __init__(self, job: ImportJob) -> None:
        """Open the files and find their profile.

        Raises:
            ImportFileError: A file is refused as a whole.
            DataFileError: What the shop owner has set up is wrong.
        """
        settings = job.settings
        self._settings = settings
        self._times = TimeReader(timezone_name=settings.timezone, date_order=settings.date_order)
        self._carriers = job.carriers
        own = [
            with_mapping(one, settings.mapping) for one in offered(job.profiles, settings.profile)
        ]
        self._files = [
            file
            for path in map(Path, job.paths)
            for file in _open(path, settings.encoding.lower(), own, chosen=bool(settings.profile))
        ]
        _check_together(self._files)
        self._files.sort(key=lambda file: file.match.form.part is Part.LINES)
        self._profile = self._files[0].match.profile

    def run(
        self,
        progress: Progress,
        begin: Callable[[ImportHead], None],
        take: Callable[[ImportedOrder], None],
    ) -> ImportTail:
        """Read every row, then give each order in the order in which the files name them.

        Args:
            progress: Told the rows read so far.
            begin: Told what was read, before the first order.
            take: Takes one order.

        Raises:
            ImportFileError: A file is refused as a whole; no order was given.
            DataFileError: What the shop owner has set up is wrong.
        """
        if self._profile.forms[0].part is Part.CODES:
            return self._codes(progress, begin)
        table, rows = DraftTable(self._profile, self._settings.shop), 0
        for file in self._files:
            self._take(file, table, _shifted(progress, rows))
            rows += file.rows
        if rows == 0:
            raise _no_rows(self._files[0].name)
        begin(self._head(rows, len(table.drafts)))
        drafts, codes = table.drafts, dict[ProductCode, None]()

        def judged() -> Iterator[ImportedOrder]:
            keys = list(drafts)
            for start in range(0, len(keys), _JUDGED):
                table.drafts = {key: drafts.pop(key) for key in keys[start : start + _JUDGED]}
                made = judge_orders(
                    table, self._profile, self._times, self._carriers, paired=len(self._files) > 1
                )
                codes.update(dict.fromkeys(product_codes(made)))
                for one in made:
                    take(one)
                    yield one

        groups = merge_groups(judged())  # draws the orders through; none of them is kept
        return ImportTail(tuple(table.refused), groups, tuple(codes))

    def _head(self, rows: int, orders: int) -> ImportHead:
        return ImportHead(
            platform=self._profile.family,
            profile=self._profile.name,
            shop=self._settings.shop,
            rows=rows,
            orders=orders,
            digests=_once((file.path.name, file.source.sha256) for file in self._files),
            encodings=_once((file.path.name, file.source.encoding) for file in self._files),
        )

    def _take(self, file: _OpenFile, table: DraftTable, progress: Progress) -> None:
        standings = StandingReader(file.match.profile, file.present, self._settings.status_words)
        taker = RowTaker(table, file.match, file.present, file.name, standings)
        table.has_status |= standings.has_status
        pipeline = Pipeline(file.match.form)
        take = taker.take
        for record in file.records(progress):
            for made in pipeline(record):
                take(made)

    def _codes(self, progress: Progress, begin: Callable[[ImportHead], None]) -> ImportTail:
        file = self._files[0]
        table = CodeTable(self._settings.shop, file.name, with_units="units" in file.present)
        pipeline = Pipeline(file.match.form)
        for record in file.records(progress):
            for made in pipeline(record):
                table.take(made)
        if file.rows == 0:
            raise _no_rows(file.name)
        begin(self._head(file.rows, 0))
        return ImportTail(tuple(table.refused), (), tuple(table.codes.values()))


def _once(facts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(facts))


def _shifted(progress: Progress, before: int) -> Progress:
    return lambda rows: progress(before + rows)


def _no_rows(name: str) -> ImportFileError:
    return ImportFileError(
        "import.no_rows",
        f"{name} has headings but no row below them.",
        fix="Export again with a longer period, or choose other orders.",
        file=name,
    )
