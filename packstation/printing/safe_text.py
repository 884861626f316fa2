"""Text made safe for paper: what cannot be seen is written out, nothing becomes a command.

Names and addresses come from strangers. Controls could be read by a printer as commands,
and bidirectional or zero-width characters could make a label say something else than its
data (faults.md A2, A26). White space becomes a plain space, variation selectors go (they only
choose a glyph's style), everything else that is invisible is spelled as ``[U+202E]``.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_INVISIBLE_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc")
"""Invisible although Unicode calls them letters, marks or symbols (Default_Ignorable, blanks)."""
_WRITTEN_OUT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BREAKS = frozenset("\t\n\r\v\f\x85\u2028\u2029")


@lru_cache(maxsize=8192)
def _shown(char: str) -> str:
    """Return what stands on paper for one character."""
    if char in _BREAKS or unicodedata.category(char) == "Zs":
        return " "
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return ""
    if unicodedata.category(char) in _WRITTEN_OUT or char in _INVISIBLE_LETTERS:
        return spell(char)
    return char


def spell(char: str) -> str:
    """Return a visible name for a character that cannot be printed.

    >>> spell(chr(0x202E))
    '[U+202E]'
    """
    return f"[U+{ord(char):04X}]"


def printable(text: str) -> str:
    """Return one line of visible characters that says what ``text`` says.

    Runs of white space become one space, ends are trimmed.

    >>> printable("Li  Lei" + chr(10) + "Room 2")
    'Li Lei Room 2'
    >>> printable("a" + chr(0x200B) + "b" + chr(27) + "@")
    'a[U+200B]b[U+001B]@'
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(map(_shown, text)).split())


def is_plain(text: str) -> bool:
    """Whether a printer's own font can be trusted with it: printable ASCII only.

    >>> is_plain("PSBAG0001  12"), is_plain("é")
    (True, False)
    """
    return text.isascii() and text.isprintable()
