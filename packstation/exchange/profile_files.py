"""Reads resources/shops/*.toml and checks every key, so that a misspelt one is never ignored."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packstation.errors import DataFileError
from packstation.exchange.cells import normalised
from packstation.exchange.profiles import (
    FIELDS,
    Column,
    FileForm,
    Flag,
    Part,
    Profile,
    Standing,
    StepRule,
)
from packstation.exchange.steps import STEP_OPTIONS


class _Source:
    """One TOML file with its text, to name the line of a wrong key."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
            self.values: dict[str, Any] = tomllib.loads(text)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise DataFileError(
                "data_file.unreadable",
                f"{path.name} is not readable as TOML: {error}.",
                fix="Correct this file or put the original back.",
                file=path.name,
            ) from error
        self.lines = text.splitlines()

    def fail(self, key: str, problem: str, value: object = None) -> DataFileError:
        """Return the error that names file, line and key.

        Args:
            key: As written in the file, or the name of a table.
            problem: What is wrong, without a full stop.
            value: What stands there, to find the right one of several equal keys.
        """
        named = re.compile(rf"\s*(?:\[+[\w.]*\b)?{re.escape(key)}\b")
        lines = [n for n, text in enumerate(self.lines, 1) if named.match(text)]
        exact = [n for n in lines if isinstance(value, str) and f'"{value}"' in self.lines[n - 1]]
        line = (exact or lines or [1])[0]
        return DataFileError(
            "data_file.bad_value",
            f"{self.path.name}, line {line}, key {key}: {problem}.",
            fix="Correct this file or put the original back.",
            file=self.path.name,
            key=key,
            line=line,
        )

    def only(self, table: Mapping[str, Any], known: set[str]) -> None:
        """Refuse keys that are not known."""
        for key in table:
            if key not in known:
                raise self.fail(key, f"unknown key; known are {', '.join(sorted(known))}")

    def word(self, table: Mapping[str, Any], key: str, default: str | None = None) -> str:
        """Return a text that is not empty."""
        value = table.get(key, default)
        if not isinstance(value, str) or not value:
            raise self.fail(key, "a text is needed")
        return value

    def words(self, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """Return a list of texts; empty where the key is missing."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self.fail(key, "a list of texts is needed")
        return tuple(value)

    def truth(self, table: Mapping[str, Any], key: str, *, default: bool) -> bool:
        """Return a truth value."""
        value = table.get(key, default)
        if not isinstance(value, bool):
            raise self.fail(key, "true or false is needed")
        return value

    def table(self, table: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Return a table; empty where the key is missing."""
        value = table.get(key, {})
        if not isinstance(value, dict):
            raise self.fail(key, "a table is needed")
        return value

    def tables(self, table: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
        """Yield the tables of an array."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(key, f"write it as [[{key}]]")
        yield from value

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
            source.only(value, {"join", "with"})
            headings = source.words(value, "join")
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
    for name in sorted(needed):
        if (name,) not in required:
            raise source.fail("required", f"a file of {part} always requires {name}")
    return FileForm(
        part=part,
        columns=columns,
        required=required,
        steps=tuple(_steps(source, table)),
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


def load_profile(path: Path) -> Profile:
    """Return one profile.

    Raises:
        DataFileError: Something in the file is wrong; the message names file, line and key.
    """
    source = _Source(path)
    top = source.values
    source.only(top, {"name", "family", "file", "status", "lines", "takes_mapping"})
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
    )


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """Return every profile of a folder, by file name.

    Args:
        folder: ``resources/shops`` or a shop's own folder.

    Raises:
        DataFileError: A file is wrong, two have one name, or there is none.
    """
    profiles: dict[str, Profile] = {}
    for path in sorted(folder.glob("*.toml")):
        profile = load_profile(path)
        if profile.name in profiles:
            raise DataFileError(
                "data_file.bad_value",
                f"{path.name}, key name: another profile is called {profile.name!r} already.",
                fix="Give this profile a name of its own.",
                file=path.name,
                key="name",
            )
        profiles[profile.name] = profile
    if not profiles:
        raise DataFileError(
            "data_file.unreadable",
            f"There is no shop profile in {folder.name}.",
            fix="Install the program again.",
            file=folder.name,
        )
    return tuple(profiles.values())
