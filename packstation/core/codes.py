"""What a scanned text is, by its own form alone: command, bag, GTIN, plain text or noise.

A reading never guesses what a code belongs to; that takes the order and the store.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

MAX_LENGTH = 200
"""Longest text taken as one scan; a GS1 message has at most 90 characters by ISO/IEC 15417 use."""

_GS = "\x1d"
_AIM = re.compile(r"^\][A-Za-z][0-9A-Za-z]")
_BATCH_AI = {"10": 20, "21": 20, "22": 20, "240": 30, "241": 30, "37": 8, "30": 8}
_FIXED_AI = {"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6}


class CodeKind(Enum):
    """What the form of a text says."""

    COMMAND = "command"
    OPERATOR = "operator"
    TOTE = "tote"
    BAG = "bag"
    BIN = "bin"
    COPY = "copy"
    """Proof of one printed copy of a label: ``PSP`` and ten digits."""
    TEST = "test"
    """Code of a test label: ``PSTEST`` and eight digits."""
    TRAY = "tray"
    PLAIN = "plain"
    """Product, order, tracking number: only a look-up can tell."""
    UNREADABLE = "unreadable"
    """Empty, too long, or with characters that no code of the trade carries."""


class Command(Enum):
    """The command codes that the station prints."""

    OK = "OK"
    UNDO = "UNDO"
    HOLD = "HOLD"
    SHORT = "SHORT"
    NEWBOX = "NEWBOX"
    REPRINT = "REPRINT"
    VOID = "VOID"
    PAUSE = "PAUSE"
    DONE = "DONE"
    BAG = "BAG"
    SEAL = "SEAL"
    HANDOVER = "HANDOVER"
    CLOSE = "CLOSE"


@dataclass(frozen=True, slots=True)
class Code:
    """A scan after reading."""

    kind: CodeKind
    text: str
    """As scanned, without symbology prefix and surrounding blanks."""
    key: str
    """Comparable text: GTINs as 14 digits, see ``comparable``."""
    argument: str = ""
    """What follows the prefix of a station code: ``OK``, a bag's number, an operator's id."""


def gtin_check_digit(body: str) -> int:
    """Return the GS1 check digit of the digits before it (GS1 General Specifications, 7.9.1).

    >>> gtin_check_digit("690123456789")
    2
    """
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return (10 - total % 10) % 10


def is_gtin(text: str) -> bool:
    """Tell whether a text is a GTIN-8, -12, -13 or -14 with a right check digit.

    >>> is_gtin("6901234567892"), is_gtin("6901234567893"), is_gtin("12345")
    (True, False, False)
    """
    if not (text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14)):
        return False
    return gtin_check_digit(text[:-1]) == int(text[-1])


def comparable(text: str) -> str:
    """Return the text by which product codes are compared: a GTIN as 14 digits, else as it is.

    A scanner may give a UPC-A as 12 digits or as 13 with a leading zero; both are one product.

    >>> comparable("012345678905") == comparable("0012345678905")
    True
    >>> comparable(" A-01 ")
    'A-01'
    """
    bare = text.strip()
    return bare.zfill(14) if is_gtin(bare) else bare


def folded(text: str) -> str:
    """Return a text with case and full-width form taken away, to find one repairable reading.

    >>> folded("ＡＢ－01")
    'ab-01'
    """
    return unicodedata.normalize("NFKC", text).casefold()


def _acceptable(text: str) -> bool:
    if not text or len(text) > MAX_LENGTH:
        return False
    return all(
        c == _GS or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        for c in text
    )


def gs1_gtin(text: str) -> str | None:
    """Return the GTIN-14 of a GS1 message with AI 01, or None.

    Reads only messages whose every field is known, so that a lost separator cannot join two.

    >>> gs1_gtin("0106901234567892" + "10LOT7")
    '06901234567892'
    >>> gs1_gtin("0106901234567893") is None
    True
    >>> gs1_gtin("0106901234567892" + "0106901234567892") is None
    True
    """
    rest, gtin = text.lstrip(_GS), None
    while rest:
        for width in (2, 3):
            ai = rest[:width]
            if ai in _FIXED_AI:
                length = _FIXED_AI[ai]
                value, rest = rest[width : width + length], rest[width + length :].removeprefix(_GS)
                if len(value) != length or not (value.isascii() and value.isdigit()):
                    return None
                break
            if ai in _BATCH_AI:
                value, _, rest = rest[width:].partition(_GS)
                if not 0 < len(value) <= _BATCH_AI[ai]:
                    return None
                break
        else:
            return None
        if ai == "01":
            if gtin is not None or not is_gtin(value):  # a second GTIN: two scans were glued
                return None
            gtin = value
    return gtin


_PREFIXES = (
    ("PSCMD", CodeKind.COMMAND),
    ("PSOPR", CodeKind.OPERATOR),
    ("PSTOTE", CodeKind.TOTE),
    ("PSBAG", CodeKind.BAG),
    ("PSBIN", CodeKind.BIN),
)
_DIGITS = (("PSTEST", CodeKind.TEST, 8), ("PSP", CodeKind.COPY, 10))
"""Prefixes that only so many digits may follow."""


def read(text: str) -> Code:
    r"""Read one scan.

    Station codes (``PSCMDOK``, ``PSBAG…``, ``PSTRAY``) are known in any case and width of
    letters, since Caps Lock and input methods change both; no goods carry such codes.

    Args:
        text: As the scanner gave it, without its terminator.

    >>> read("PSCMDOK").kind.value, read("pscmdok").argument
    ('command', 'OK')
    >>> read("]E06901234567892").key
    '06901234567892'
    >>> read("a\x01b").kind.value
    'unreadable'
    """
    bare = text.strip(" \t\r\n")
    if not _acceptable(bare):
        return Code(CodeKind.UNREADABLE, bare, bare)
    if _AIM.match(bare):
        bare = bare[3:]
        if not bare:
            return Code(CodeKind.UNREADABLE, "", "")
    plain = unicodedata.normalize("NFKC", bare).upper()
    if plain.startswith("PS"):
        if plain == "PSTRAY":
            return Code(CodeKind.TRAY, plain, plain)
        for prefix, kind, length in _DIGITS:
            digits = plain.removeprefix(prefix)
            if len(digits) == length and digits != plain and digits.isascii() and digits.isdigit():
                return Code(kind, plain, plain, digits)
        for prefix, kind in _PREFIXES:
            argument = plain.removeprefix(prefix)
            if argument != plain and argument and argument.isascii() and argument.isalnum():
                return Code(kind, plain, plain, argument)
    if _GS in bare or (len(bare) >= 16 and bare.startswith("01") and bare[:16].isdigit()):
        gtin = gs1_gtin(bare)
        if gtin is not None:
            return Code(CodeKind.PLAIN, bare, gtin)
        if _GS in bare:
            return Code(CodeKind.UNREADABLE, bare.replace(_GS, " "), "")
    return Code(CodeKind.PLAIN, bare, comparable(bare))
