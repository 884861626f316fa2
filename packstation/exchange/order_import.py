"""Shop files in: which profile they fit, and the orders, codes and refused rows they hold.

Nothing is stored here and nothing of a file is visible to anyone before all of it was understood.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from operator import itemgetter
from pathlib import Path

from packstation.core.imports import ImportSettings, ParsedFiles
from packstation.errors import ImportFileError
from packstation.exchange.cells import TimeReader, normalised, text
from packstation.exchange.code_rows import CodeTable
from packstation.exchange.order_drafts import DraftTable, RowTaker
from packstation.exchange.order_judge import judge_orders, merge_groups, product_codes
from packstation.exchange.profile_choice import (
    NOT_TOLD,
    encodings_to_try,
    offered,
    other_half,
    unknown,
)
from packstation.exchange.profiles import Match, Part, Profile, best_match, with_mapping
from packstation.exchange.standings import StandingReader
from packstation.exchange.steps import FIRST_CELLS, Pipeline, Record
from packstation.exchange.table_reader import (
    Cancelled,
    Cell,
    Progress,
    TableReader,
    TableRow,
)
from packstation.exchange.text_encoding import CHOOSABLE


class _OpenFile:
    """One file with its child, once its profile is known."""

    def __init__(self, reader: TableReader, match: Match, *, sheet: bool = False) -> None:
        self.reader = reader
        self.match = match
        self.rows = 0
        name = reader.path.name
        self.name = f"{name}, {match.reading.name}" if sheet else name
        self._positions = _positions(match)
        self.present = frozenset(self._positions)

    def records(self, progress: Progress | None) -> Iterator[Record]:
        """Yield every row with its fields; joined and alternative columns are settled here."""
        used = sorted(
            {n for places in self._positions.values() for n in places} | {*range(FIRST_CELLS)}
        )
        width = len(self.match.headings)
        while width and not self.match.headings[width - 1]:
            width -= 1
        used = [column for column in used if column < max(width, 1)]
        place = {column: n for n, column in enumerate(used)}
        fill = _filler(self.match, {f: [place[n] for n in p] for f, p in self._positions.items()})
        rows: Iterator[TableRow] = self.reader.rows(
            self.match.reading.name,
            after=self.match.header_row,
            width=width,
            columns=used,
            quoted=self.match.form.quoted,
            progress=progress,
        )
        for number, missing, cells in rows:
            self.rows += 1
            yield Record(number, missing, fill(cells), cells[:FIRST_CELLS])


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


def _open(
    path: Path,
    encoding: str,
    profiles: Sequence[Profile],
    cancelled: Cancelled | None,
    stack: ExitStack,
    *,
    chosen: bool = False,
) -> list[_OpenFile]:
    """Open a file in its own process and find its profile; a pair in one workbook gives two."""
    sheets = [form.sheet for profile in profiles for form in profile.forms if form.sheet]

    def opened(encoding: str) -> TableReader:
        return stack.enter_context(
            TableReader(path, encoding=encoding, sheets=sheets, cancelled=cancelled)
        )

    reader = opened(encoding)
    try:
        readings = reader.readings()
    except ImportFileError as refused:
        if encoding or refused.code not in NOT_TOLD:
            raise
        return [_open_otherwise(profiles, opened, refused)]
    match = best_match(readings, profiles)
    if match is None:
        raise unknown(path, readings, profiles, chosen=chosen)
    other = other_half(readings, match)
    if other is None:
        return [_OpenFile(reader, match)]
    second = opened(encoding)
    second.readings()
    return [_OpenFile(reader, match, sheet=True), _OpenFile(second, other, sheet=True)]


def _open_otherwise(
    profiles: Sequence[Profile], opened: Callable[[str], TableReader], refused: ImportFileError
) -> _OpenFile:
    """Open a file in an encoding that only the profile it then fits can name."""
    for name in encodings_to_try(profiles):
        reader = opened(name)
        try:
            readings = reader.readings()
        except ImportFileError:
            continue
        match = best_match(readings, [one for one in profiles if name in one.encodings])
        if match is not None:
            return _OpenFile(reader, match)
    raise refused


def read_files(
    paths: Sequence[Path],
    settings: ImportSettings,
    *,
    profiles: Sequence[Profile],
    carriers: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> ParsedFiles:
    """Read one export: a file, or the two files of a pair.

    Blocks until everything is read; each file is parsed in a limited process of its own.

    Args:
        paths: The files, in any order.
        settings: What the shop owner has set up.
        profiles: Of ``load_profiles``.
        carriers: Carrier name or code as files write it → carrier code; a name that is not there
            is kept in upper case, so that it is no known carrier and stops the label.
        progress: Told the rows read so far, all files together.
        cancelled: Asked several times a second, from another thread.

    Raises:
        ImportFileError: A file is refused as a whole; nothing was understood.
        DataFileError: The settings are wrong.
    """
    if not paths:
        raise ImportFileError("import.no_files", "No file was given.", fix="Name a file.")
    encoding = settings.encoding.lower()
    if encoding and encoding not in CHOOSABLE:
        raise ImportFileError(
            "import.bad_encoding",
            f"{paths[0].name}: there is no encoding {settings.encoding!r} to choose.",
            fix="Use one of: " + ", ".join(CHOOSABLE) + ".",
            file=paths[0].name,
        )
    times = TimeReader(timezone_name=settings.timezone, date_order=settings.date_order)
    own = [with_mapping(one, settings.mapping) for one in offered(profiles, settings.profile)]
    with ExitStack() as stack:
        files = [
            file
            for path in paths
            for file in _open(path, encoding, own, cancelled, stack, chosen=bool(settings.profile))
        ]
        _check_together(files)
        files.sort(key=lambda file: file.match.form.part is Part.LINES)
        profile = files[0].match.profile
        if profile.forms[0].part is Part.CODES:
            return _read_codes(files[0], settings, progress)
        table = DraftTable(profile, settings.shop)
        before = 0
        for file in files:
            _take(file, table, settings, _shifted(progress, before))
            before += file.rows
        if before == 0:
            raise _no_rows(files[0].name)
        imported = judge_orders(table, profile, times, carriers or {}, paired=len(files) > 1)
        return ParsedFiles(
            platform=profile.family,
            profile=profile.name,
            shop=settings.shop,
            orders=tuple(imported),
            refused=tuple(table.refused),
            merge_groups=merge_groups(imported),
            codes=product_codes(imported),
            rows=before,
            digests=_once((file.reader.path.name, file.reader.sha256) for file in files),
            encodings=_once((file.reader.path.name, file.reader.encoding) for file in files),
        )


def _once(facts: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys(facts))


def _shifted(progress: Progress | None, before: int) -> Progress | None:
    return None if progress is None else lambda rows: progress(before + rows)


def _no_rows(name: str) -> ImportFileError:
    return ImportFileError(
        "import.no_rows",
        f"{name} has headings but no row below them.",
        fix="Export again with a longer period, or choose other orders.",
        file=name,
    )


def _take(
    file: _OpenFile, table: DraftTable, settings: ImportSettings, progress: Progress | None
) -> None:
    standings = StandingReader(file.match.profile, file.present, settings.status_words)
    taker = RowTaker(table, file.match, file.present, file.name, standings)
    table.has_status |= standings.has_status
    pipeline = Pipeline(file.match.form)
    take = taker.take
    for record in file.records(progress):
        for made in pipeline(record):
            take(made)


def _read_codes(
    file: _OpenFile, settings: ImportSettings, progress: Progress | None
) -> ParsedFiles:
    table = CodeTable(settings.shop, file.name, with_units="units" in file.present)
    pipeline = Pipeline(file.match.form)
    for record in file.records(progress):
        for made in pipeline(record):
            table.take(made)
    if file.rows == 0:
        raise _no_rows(file.name)
    return ParsedFiles(
        platform=file.match.profile.family,
        profile=file.match.profile.name,
        shop=settings.shop,
        orders=(),
        refused=tuple(table.refused),
        merge_groups=(),
        codes=tuple(table.codes.values()),
        rows=file.rows,
        digests=((file.name, file.reader.sha256),),
        encodings=((file.name, file.reader.encoding),),
    )
