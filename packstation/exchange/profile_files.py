"""Reads resources/shops/*.toml and checks every key, so that a misspelt one is never ignored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from packstation.core.orders import OrderKind
from packstation.errors import DataFileError
from packstation.exchange.cells import normalised
from packstation.exchange.data_files import DataSource
from packstation.exchange.platform_rules import TABLES, rules_in
from packstation.exchange.profiles import (
    FIELDS,
    Column,
    FileForm,
    Flag,
    KindRule,
    Part,
    Profile,
    Standing,
    StepRule,
)
from packstation.exchange.steps import STEP_OPTIONS
from packstation.exchange.table_limits import MAX_COLUMNS
from packstation.exchange.text_encoding import CHOOSABLE


class _Source(DataSource):
    """One profile with the checks of its own words."""

    def field(self, table: Mapping[str, Any], key: str) -> str:
        """Return the name of a field."""
        name = self.word(table, key)
        if name not in FIELDS:
            raise self.fail(key, f"there is no field {name!r}", name)
        return name

    def standing(self, key: str, value: object) -> Standing:
        """Return a status by its word."""
        try:
            return Standing(str(value))
        except ValueError:
            known = ", ".join(Standing)
            raise self.fail(key, f"{value!r} is no status; known are {known}") from None

    def standing_or_none(self, table: Mapping[str, Any], key: str) -> Standing | None:
        """Return a status where the key is there."""
        return self.standing(key, table[key]) if key in table else None

    def standings(self, table: Mapping[str, Any]) -> dict[str, Standing]:
        """Return normalised word → standing of a table standing → words."""
        found: dict[str, Standing] = {}
        for key in table:
            standing = self.standing(key, key)
            for word in self.words(table, key):
                if found.setdefault(normalised(word), standing) is not standing:
                    raise self.fail(key, f"the word {word!r} stands for two statuses")
        return found


def _columns(source: _Source, table: dict[str, Any]) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name, value in table.items():
        if name not in FIELDS:
            raise source.fail(name, f"there is no field {name!r}")
        if isinstance(value, dict):
            source.only(value, {"join", "numbered", "with"})
            headings = source.words(value, "join")
            if "numbered" in value:
                pattern = source.word(value, "numbered")
                if pattern.count("#") != 1:
                    raise source.fail("numbered", "exactly one # is needed in place of the number")
                headings += tuple(pattern.replace("#", str(n)) for n in range(1, MAX_COLUMNS + 1))
            columns[name] = Column(headings, str(value.get("with", " ")))
        else:
            columns[name] = Column(source.words(table, name))
        if not columns[name].headings:
            raise source.fail(name, "at least one heading is needed")
    return columns


def _steps(source: _Source, form: dict[str, Any]) -> Iterator[StepRule]:
    for table in source.tables(form, "step"):
        kind = source.word(table, "do")
        if kind not in STEP_OPTIONS:
            known_steps = ", ".join(STEP_OPTIONS)
            raise source.fail("do", f"there is no step {kind!r}; known are {known_steps}", kind)
        options = {key: value for key, value in table.items() if key != "do"}
        known = STEP_OPTIONS[kind]
        source.only(options, set(known))
        for key, shape in known.items():
            if key not in options:
                if shape.needed:
                    raise source.fail("do", f"the step {kind} needs {key}", kind)
            elif not shape.fits(options[key]):
                raise source.fail(key, f"{shape.words} is needed", options[key])
            elif shape.fields:
                names = [options[key]] if isinstance(options[key], str) else options[key]
                for name in names:
                    if name not in FIELDS:
                        raise source.fail(key, f"there is no field {name!r}", name)
        yield StepRule(kind, options)


def _form(source: _Source, table: dict[str, Any]) -> FileForm:
    source.only(table, {"part", "sheet", "quoted", "required", "columns", "step"})
    try:
        part = Part(source.word(table, "part", Part.LINES_WITH_ORDER))
    except ValueError:
        raise source.fail("part", f"one of {', '.join(Part)} is needed") from None
    columns = _columns(source, source.table(table, "columns"))
    required = tuple(tuple(entry.split("|")) for entry in source.words(table, "required"))
    if not required:
        raise source.fail("required", "at least one field is needed")
    for name in (name for entry in required for name in entry):
        if name not in columns:
            raise source.fail("required", f"the field {name!r} has no headings in columns")
    needed = {"sku", "code"} if part is Part.CODES else {"order_id"}
    if part in {Part.LINES, Part.LINES_WITH_ORDER}:
        needed.add("quantity")
    steps = tuple(_steps(source, table))
    for rule in steps:
        if rule.kind == "split_items" and "quantity" in rule.options["keys"]:
            needed = needed - {"quantity"} | {"items"}
    for name in sorted(needed):
        if (name,) not in required:
            raise source.fail("required", f"a file of {part} always requires {name}")
    return FileForm(
        part=part,
        columns=columns,
        required=required,
        steps=steps,
        sheet=source.word(table, "sheet") if "sheet" in table else None,
        quoted=source.truth(table, "quoted", default=True),
    )


def _flag(source: _Source, table: dict[str, Any]) -> Flag:
    source.only(table, {"field", "words", "otherwise", "empty"})
    return Flag(
        field=source.field(table, "field"),
        words=source.standings(source.table(table, "words")),
        otherwise=source.standing_or_none(table, "otherwise"),
        empty=source.standing_or_none(table, "empty"),
    )


def _kind(source: _Source, table: dict[str, Any]) -> KindRule:
    source.only(table, {"field", "words", "otherwise"})

    def kind(key: str, word: object) -> OrderKind:
        try:
            return OrderKind(str(word))
        except ValueError:
            known = ", ".join(OrderKind)
            raise source.fail(key, f"{word!r} is no kind of order; known are {known}") from None

    words = source.table(table, "words")
    return KindRule(
        field=source.field(table, "field"),
        words={
            normalised(word): kind(name, name)
            for name in words
            for word in source.words(words, name)
        },
        otherwise=kind("otherwise", table["otherwise"]) if "otherwise" in table else None,
    )


def load_profile(path: Path) -> Profile:
    """Return one profile.

    Raises:
        DataFileError: Something in the file is wrong; the message names file, line and key.
    """
    source = _Source(path)
    top = source.values
    source.only(
        top,
        {
            "name",
            "family",
            "file",
            "status",
            "lines",
            "kind",
            "takes_mapping",
            "encodings",
            *TABLES,
        },
    )
    rules_in(source)
    forms = tuple(_form(source, table) for table in source.tables(top, "file"))
    if not forms:
        raise source.fail("file", "at least one [[file]] is needed")
    parts = [form.part for form in forms]
    if (Part.ORDERS in parts) != (Part.LINES in parts):
        raise source.fail("part", "a file of orders and a file of lines need each other")
    status, lines = source.table(top, "status"), source.table(top, "lines")
    source.only(status, {"fields", "words", "flag"})
    source.only(lines, {"key", "closed"})
    status_fields = source.words(status, "fields")
    for name in status_fields:
        if name not in FIELDS:
            raise source.fail("fields", f"there is no field {name!r}")
    encodings = source.words(top, "encodings")
    for encoding in encodings:
        if encoding not in CHOOSABLE:
            raise source.fail("encodings", f"{encoding!r} is none of {', '.join(CHOOSABLE)}")
    return Profile(
        name=source.word(top, "name"),
        family=source.word(top, "family"),
        forms=forms,
        status_fields=status_fields,
        status_words=source.standings(source.table(status, "words")),
        flags=tuple(_flag(source, table) for table in source.tables(status, "flag")),
        line_key=source.field(lines, "key") if "key" in lines else None,
        closed_lines=frozenset(
            source.standing("closed", word) for word in source.words(lines, "closed")
        ),
        takes_mapping=source.truth(top, "takes_mapping", default=False),
        kinds=tuple(_kind(source, table) for table in source.tables(top, "kind")),
        encodings=encodings,
    )


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """Return every profile of a folder, by file name.

    Args:
        folder: ``resources/shops`` or a folder like it.

    Raises:
        DataFileError: A file is wrong, two have one name, or there is none.
    """
    profiles: dict[str, Profile] = {}
    for path in sorted(folder.glob("*.toml")):
        profile = load_profile(path)
        if profile.name in profiles:
            raise _taken(path, profile.name)
        profiles[profile.name] = profile
    if not profiles:
        raise DataFileError(
            "data_file.unreadable",
            f"There is no shop profile in {folder.name}.",
            fix="Install the program again.",
            file=folder.name,
        )
    return tuple(profiles.values())


@dataclass(frozen=True, slots=True)
class OwnProfiles:
    """What a shop has made for its own files."""

    profiles: tuple[Profile, ...] = ()
    problems: tuple[DataFileError, ...] = ()
    """One for each file that cannot be used; they name file, line and key and stop no other."""


def load_own_profiles(folder: Path, program: Iterable[Profile]) -> OwnProfiles:
    """Return the profiles of a shop's own folder; files that are wrong are told, not raised.

    Args:
        folder: The data folder's ``shops``; need not be there.
        program: The program's profiles; their names are taken.
    """
    found: dict[str, Profile] = {}
    problems: list[DataFileError] = []
    taken = {profile.name for profile in program}
    for path in sorted(folder.glob("*.toml")):
        try:
            profile = load_profile(path)
            if profile.name in taken or profile.name in found:
                raise _taken(path, profile.name)
        except DataFileError as problem:
            problems.append(problem)
        else:
            found[profile.name] = replace(profile, own=True)
    return OwnProfiles(tuple(found.values()), tuple(problems))


def _taken(path: Path, name: str) -> DataFileError:
    return _Source(path).fail("name", f"another profile is called {name!r} already", name)
