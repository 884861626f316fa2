"""Sheets of codes to scan: the station's commands, and a card that tries a scanner."""

from __future__ import annotations

from collections.abc import Sequence

from packstation.printing.document import Align, Symbology, Weight
from packstation.printing.slips import (
    Code,
    Group,
    Heading,
    Part,
    Rule,
    Size,
    Slip,
    Space,
    Tick,
    Words,
)
from packstation.printing.words import PaperWords

PROBES: tuple[tuple[str, Symbology, str], ...] = (
    ("digits", Symbology.CODE128, "0123456789"),
    ("letters", Symbology.CODE128, "AbCdEfGhIj"),
    # Letters that trade places between English, French and German keyboards.
    ("layout", Symbology.CODE128, "qwerty-azm"),
    ("signs", Symbology.CODE128, "A-1_b/2.c"),
    # GS1 keeps numbers that begin with 2 for use inside a company.
    ("retail", Symbology.EAN13, "2000000000015"),
    ("long", Symbology.CODE128, "0123456789012345678901234567890123456789"),
    ("chinese", Symbology.QR, "打包台-扫码测试-01"),
)
"""Name of what is tried (see ``SlipWords.probes``), how it is drawn, and what must appear."""


def command_slip(codes: Sequence[str], words: PaperWords) -> Slip:
    """Return the sheet of command codes, each with what it does in words.

    Args:
        codes: Such as ``PSCMDOK``; each needs its words in ``SlipWords.commands``.
        words: Of the language.

    Raises:
        ComposeError: When drawn: the paper is too small for a code that scanners read.
    """
    said = words.slips
    parts: list[Part] = [
        Heading(said.command_sheet, Size.LARGE, Align.CENTRE),
        Words(said.command_hint, Size.SMALL, align=Align.CENTRE),
    ]
    for code in codes:
        told = Words(said.commands[code], Size.NORMAL, Weight.BOLD, Align.CENTRE, lines=2)
        drawn = Code(Symbology.CODE128, code, caption=code, name="command code")
        # Far enough apart that a beam meets one code alone.
        parts += [Group((Rule(), told, Space(1), drawn)), Space(3)]
    return Slip(said.command_sheet, words.page, tuple(parts))


def scanner_card(words: PaperWords) -> Slip:
    """Return the card that shows how a scanner is set up: what must appear stands below a code.

    A code that has no room on the paper is left out with a word of it.
    """
    said = words.slips
    parts: list[Part] = [
        Heading(said.scanner_card, Size.LARGE, Align.CENTRE),
        Words(said.scanner_hint, lines=5),
        Tick(said.enter),
    ]
    for name, symbology, text in PROBES:
        title, wrong = said.probes[name]
        parts += [
            Group(
                (
                    Rule(),
                    Tick(title),
                    Code(
                        symbology,
                        text,
                        caption=text,
                        instead=said.no_room,
                        square=False,
                        name="test code",
                    ),
                    Words(wrong, Size.SMALL, lines=3),
                )
            ),
            Space(2),
        ]
    return Slip(said.scanner_card, words.page, tuple(parts))
