"""A mapping that a person chose becomes a profile file of the shop's own."""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from packstation.errors import DataFileError
from packstation.exchange.cells import normalised
from packstation.exchange.profile_files import load_profile
from packstation.exchange.profiles import FIELDS, Column, FileForm, Part, Profile, Standing

Chosen = Mapping[str, str | Sequence[str]]
"""Field → heading, or several headings whose cells are joined (an address in parts)."""
CODES = ("sku", "barcode", "title")
"""One of these must be there, or nothing can be told from another."""
_SEPARATOR = "\u001e"
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_LAST_NUMBER = re.compile(r"^(.*?)1$", re.DOTALL)
_ITEM_KEYS = {"title": "name", "sku": "sku", "quantity": "quantity"}


class ProfileName(str):
    """A name that is also a file name everywhere: letters, digits, hyphens, at most 40.

    >>> ProfileName("web-shop 2")
    Traceback (most recent call last):
    ValueError: 'web-shop 2' is no name of a profile
    """

    __slots__ = ()

    def __new__(cls, name: str) -> ProfileName:
        """Check the name; other forms of one name (full width, composed) become one.

        Raises:
            ValueError: It is empty, too long, or has other signs.
        """
        bare = unicodedata.normalize("NFKC", name).strip()
        plain = bare.replace("-", "").replace("_", "")
        if not plain.isalnum() or len(bare) > 40 or _RESERVED.fullmatch(bare) or bare[0] in "-_":
            raise ValueError(f"{name!r} is no name of a profile")
        return super().__new__(cls, bare)


def required(mapping: Chosen) -> tuple[str, ...]:
    """Return the fields that a mapping must have."""
    return ("order_id",) if "items" in mapping else ("order_id", "quantity")


def chosen_headings(mapping: Chosen, name: str) -> tuple[str, ...]:
    """Return the headings of one field, stripped; empty where it has none."""
    value = mapping.get(name, ())
    words = (value,) if isinstance(value, str) else tuple(value)
    return tuple(word.strip() for word in words)


def _numbered(mapping: Chosen) -> str | None:
    """Return the form of headings such as ``line_item_#``, where items are one column each."""
    found = _LAST_NUMBER.match(chosen_headings(mapping, "items")[0])
    return f"{found[1]}#" if found and "#" not in found[1] else None


def own_profile(name: str, mapping: Chosen) -> Profile:
    """Return the profile of a mapping as far as matching headings needs it."""
    columns = {field: Column(chosen_headings(mapping, field)) for field in mapping}
    form = FileForm(
        part=Part.LINES_WITH_ORDER,
        columns=columns,
        required=tuple((field,) for field in columns),
    )
    return Profile(name=name, family=name, forms=(form,), own=True)


def _quoted(words: str) -> str:
    r"""Return a TOML string.

    >>> _quoted('a "b"\t\\')
    '"a \\"b\\"\\u0009\\\\"'
    """
    signs = []
    for sign in words:
        if sign in '"\\':
            signs.append(f"\\{sign}")
        elif sign < " " or "\x7f" <= sign <= "\x9f":
            signs.append(f"\\u{ord(sign):04x}")
        else:
            signs.append(sign)
    return f'"{"".join(signs)}"'


def _listed(words: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, words)) + "]"


def _column_line(mapping: Chosen, field: str) -> str:
    headings = chosen_headings(mapping, field)
    if field == "items":
        pattern = _numbered(mapping)
        if pattern is not None:
            with_ = _quoted(_SEPARATOR)
            return f"items = {{ numbered = {_quoted(pattern)}, with = {with_} }}"
    if len(headings) > 1:
        return f'{field} = {{ join = {_listed(headings)}, with = ", " }}'
    return f"{field} = {_listed(headings)}"


def profile_text(
    name: str,
    mapping: Chosen,
    status_words: Mapping[str, Sequence[str]],
    *,
    encoding: str = "",
    family: str = "generic",
) -> str:
    """Return the TOML text of a profile.

    Args:
        name: A ``ProfileName``.
        mapping: Field → heading or headings; every one of them is then required.
        status_words: Standing such as ``to_ship`` → words of the status column. Other words stop
            their order.
        encoding: Of the file; tried where the file's own bytes do not tell it.
        family: Platform that orders are shown with.
    """
    lines = [
        "# Made by the mapping wizard: which heading of the shop's own files stands for what.",
        f"name = {_quoted(name)}",
        f"family = {_quoted(family)}",
    ]
    if encoding not in {"", "utf-8"}:
        lines.append(f"encodings = {_listed([encoding])}")
    lines += ["", "[[file]]", f"required = {_listed(mapping)}", "", "[file.columns]"]
    lines += [_column_line(mapping, field) for field in mapping]
    lines += ["", "[[file.step]]", 'do = "fill_down"', 'key = "order_id"']
    if "items" in mapping:
        by = ";" if _numbered(mapping) is None else _SEPARATOR
        keys = ", ".join(f"{field} = {_quoted(word)}" for field, word in _ITEM_KEYS.items())
        lines += ["", "[[file.step]]", 'do = "split_items"', f"by = {_quoted(by)}"]
        lines += ['part = "|"', 'pair = ":"', f"keys = {{ {keys} }}"]
    if "line_key" in mapping:
        lines += ["", "[lines]", 'key = "line_key"']
    if "status" in mapping:
        lines += ["", "[status]", 'fields = ["status"]', "", "[status.words]"]
        lines += [f"{key} = {_listed(words)}" for key, words in status_words.items() if words]
    return "\n".join(lines) + "\n"


def write_profile(
    folder: Path,
    name: str,
    mapping: Chosen,
    status_words: Mapping[str, Sequence[str]] | None = None,
    *,
    taken: Iterable[str] = (),
    encoding: str = "",
    family: str = "generic",
    replace: bool = False,
) -> Path:
    """Write an own profile file, whole or not at all, and return its path.

    Args:
        folder: The data folder's ``shops``; made where there is none.
        name: Of the profile; also of its file.
        mapping: Field → heading or headings, checked by ``mapping.check``.
        status_words: Standing → words of the status column.
        taken: Names of the program's profiles.
        encoding: Encoding of the file that it was made for.
        family: Platform that orders are shown with.
        replace: Whether an own profile of this name may be written over.

    Raises:
        DataFileError: The name or the mapping cannot be used; nothing was written.
    """
    try:
        safe = ProfileName(name)
    except ValueError:
        raise _unusable("mapping.bad_name", f"{name!r} is no name of a format.", name) from None
    path = folder / f"{safe}.toml"
    there = path.exists() and not replace
    if there or safe.casefold() in {other.casefold() for other in taken}:
        raise _unusable("mapping.name_taken", f"There is a format called {safe} already.", safe)
    _refuse_unusable(mapping, status_words or {})
    text = profile_text(safe, mapping, status_words or {}, encoding=encoding, family=family)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as room:
        draft = Path(room) / path.name
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        load_profile(draft)  # what could not be read again is not put in place
        draft.replace(path)
    return path


def _unusable(code: str, message: str, detail: str) -> DataFileError:
    return DataFileError(code, message, fix="Choose another one.", detail=detail)


def _refuse_unusable(mapping: Chosen, status_words: Mapping[str, Sequence[str]]) -> None:
    for field in mapping:
        words = chosen_headings(mapping, field)
        if field not in FIELDS or not words or not all(map(normalised, words)):
            raise _unusable("mapping.bad_field", f"The field {field} cannot be mapped.", field)
    for field in required(mapping):
        if field not in mapping:
            raise _unusable("mapping.bad_field", f"The field {field} is not mapped.", field)
    for key in status_words:
        if key not in set(Standing):
            raise _unusable("mapping.bad_field", f"There is no status {key}.", key)
