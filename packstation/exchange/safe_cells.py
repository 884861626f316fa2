"""Cells of files that we write: no text of a stranger becomes a formula when it is opened.

A spreadsheet program takes a text that begins with one of a few signs for a formula, and some
take each line of a cell for a beginning (OWASP, CSV injection). Titles and messages come from
strangers, so they are written behind an apostrophe. Numbers that a platform must read back
exactly cannot be changed: they are refused instead.
"""

from __future__ import annotations

import re

from packstation.errors import PackStationError

_SKIPPED = " \u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060-\u2064\u3000\u00ad\ufeff"
"""Blanks and signs without width that programs pass over before they look."""
_SIGNS = "=+\\-@\t\r\uff1d\uff0b\uff0d\uff20"
_BREAKS = "\n\r\v\f\x85\u2028\u2029"
_FORMULA = re.compile(f"(?:^|(?<=[{_BREAKS}]))(?=[{_SKIPPED}]*[{_SIGNS}])")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NEVER_IN_A_NUMBER = re.compile(f'[{_BREAKS}\t\x00-\x1f\x7f"]')


class Exact(str):
    """A number that others read back: written as it is, or the file is refused."""

    __slots__ = ()


Cell = str | int
"""What a cell of our files may hold; an ``Exact`` is never changed."""


def looks_like_formula(text: str) -> bool:
    r"""Tell whether a spreadsheet program could take a text for a formula.

    >>> looks_like_formula("-1"), looks_like_formula("a\n =1"), looks_like_formula("a-1")
    (True, True, False)
    """
    return _FORMULA.search(text) is not None


def neutral(text: str) -> str:
    r"""Return a text that stays a text: an apostrophe stands before whatever could be a formula.

    >>> neutral("=1+1"), neutral("1+1"), neutral("\ufeff＝1")
    ("'=1+1", '1+1', "'\ufeff＝1")
    """
    return _FORMULA.sub("'", _CONTROLS.sub(" ", text))


def exact(text: str) -> str:
    """Return a number unchanged.

    Raises:
        PackStationError: ``sheets.looks_like_formula``: whoever opens the file could run it, and
            changed it would be another number.
    """
    if looks_like_formula(text) or _NEVER_IN_A_NUMBER.search(text):
        shown = "".join(c if c.isprintable() else "?" for c in text[:40])
        raise PackStationError(
            "sheets.looks_like_formula",
            f"The number {shown} could be taken for a formula and is not written into a file.",
            fix="Correct the number in the shop, then import the order again.",
            number=shown,
        )
    return text


def safe(cell: Cell) -> Cell:
    """Return a cell as it may be written.

    Raises:
        PackStationError: An ``Exact`` looks like a formula.
    """
    if isinstance(cell, Exact):
        return exact(str(cell))
    return neutral(cell) if isinstance(cell, str) else cell
