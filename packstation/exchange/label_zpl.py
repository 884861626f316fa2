r"""Labels in the printer language ZPL: taken apart, checked against a list, their codes read.

Only commands that draw are let through; whatever sets up, stores, deletes or asks is refused with
its name, and what only chooses paper or heat is left out: the printer's own set-up holds, and so
are the few set-up commands that label design programs write before each label. A label prints
once, whatever it says. Commands after the ZPL II programming guide (Zebra, P1099958).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from packstation.exchange import label_limits
from packstation.exchange.label_limits import LabelPaper
from packstation.exchange.label_sheets import LOOK_DOTS, ReadLabel

_SETTING = ("BY", "CF", "CI", "FM", "FO", "FP", "FR", "FT", "FW", "LH", "LL", "LR", "LS", "LT")
_SHOWING = ("FB", "FD", "FH", "FS", "FV", "FX", "GB", "GC", "GD", "GE", "GF", "GS", "TB", "XG")
_DRAWING = frozenset((*_SETTING, *_SHOWING, "PA", "PM", "PO", "PW"))
_LEFT_OUT = frozenset(("^MM", "^MN", "^MT", "^MF", "^MD", "^PR", "^PQ", "~SD", "~TA"))
_HARMLESS = frozenset(("~JSN", "^JMA", "^JUS"))
"""Left out, too, but only in these very forms: the usual backfeed, all dots of the head, and to
keep what was set, of which nothing is sent. Every other ^J and ~J is refused."""
_USUAL_SIGNS = re.compile(r"CT~~CD,~CC\^~CT~\s*(?=\^XA)")
"""How such programs begin: it says that the signs of ZPL are the usual ones, so it is left out."""
_LASTING = frozenset(("BY", "CF", "CI", "FW", "LH", "LL", "LR", "LS", "LT", "PM", "PO", "PW"))
"""Said in a format without a drawing, these hold for the labels behind it."""
_CODES = re.compile(r"B[0-9A-FI-UXZ]")
_NO_NUMBERS = frozenset({"B7", "BD", "BF"})
"""Codes for sorting machines (PDF417, MaxiCode, MicroPDF417): addresses, no numbers."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HEX = re.compile(r"([0-9A-Fa-f]{2})")
_INVOKED = re.compile(r">[1-9:;<=]")
_WORKING_MEMORY = re.compile(r"R:[0-9A-Z_]{1,16}(\.GRF)?,\d+,\d+,", re.IGNORECASE)


@dataclass(slots=True)
class _Format:
    """What one label says so far."""

    parts: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    width: int = 0
    height: int = 0
    draws: bool = False
    code: str = ""
    hexed: str = ""


def looks_like_zpl(first: bytes) -> bool:
    """Tell whether a file begins as ZPL does."""
    bare = first.removeprefix(b"\xef\xbb\xbf").lstrip().upper()
    return bare.startswith((b"^XA", b"~DG", b"^FX")) or b"^XA" in bare[:400]


class ZplSource:
    """A ZPL file, label by label."""

    kind = "zpl"

    def __init__(self, content: bytes, name: str) -> None:
        """Take it apart.

        Raises:
            ImportFileError: It has a command that does more than draw, an open end, or no label.
        """
        self._name = name
        text = content.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
        begin = _USUAL_SIGNS.match(text)
        self._found = list(self._formats(text[begin.end() :] if begin else text))
        self.pages = len(self._found)
        if not self.pages:
            raise label_limits.no_pages(name)
        if self.pages > label_limits.MOST_PAGES:
            raise label_limits.too_many_pages(name, self.pages)

    def labels(self, paper: LabelPaper | None) -> Iterator[tuple[int, list[ReadLabel]]]:
        """Yield each label, as its own text."""
        for number, one in enumerate(self._found, start=1):
            dots = _dots_of(one.width)
            width = one.width or (paper.width if paper else 100 * LOOK_DOTS)
            height = one.height or (paper.height if paper else 150 * LOOK_DOTS)
            scale = dots or (paper.dots_per_mm if paper else LOOK_DOTS)
            found = ReadLabel(
                kind="zpl",
                content="".join(one.parts).encode("latin-1"),
                width_mm=round(width / scale, 2),
                height_mm=round(height / scale, 2),
                codes=tuple(dict.fromkeys(one.codes)),
                blank=not one.draws,
                key=f"{dots}:{width}x{height}",
            )
            yield number, [found]

    def _formats(self, text: str) -> Iterator[_Format]:
        before, label, count = "", None, 0
        lasting = _Format()
        pieces = re.split(r"([\^~])", text)
        for sign, body in zip(pieces[1::2], pieces[2::2], strict=True):
            name = body[:1].upper() if body[:1].upper() == "A" else body[:2].upper()
            command, rest = sign + name, body[len(name) :]
            control = _CONTROL.search(body)
            if control is not None:
                raise self._forbidden(f"0x{ord(control[0]):02X}", count + 1)
            if command == "^XA":
                if label is not None:
                    raise label_limits.damaged(self._name, count + 1)
                label = _Format(parts=[before, "^XA", rest, *lasting.parts])
                label.width, label.height = lasting.width, lasting.height
            elif sign + body.strip("\r\n ") in _HARMLESS:
                continue
            elif label is None:
                if command != "~DG" or not _WORKING_MEMORY.match(rest):
                    raise self._forbidden(command + rest[:2], count + 1)
                before += sign + body
            elif command == "^XZ":
                label.parts.append("^XZ\n")
                if label.draws:
                    count += 1
                    yield label
                else:
                    lasting.parts += [part for part in label.parts if part[1:3] in _LASTING]
                    lasting.width, lasting.height = label.width, label.height
                label = None
            else:
                self._command(label, command, rest, count + 1)
        if label is not None:
            raise label_limits.damaged(self._name, count + 1)

    def _command(self, label: _Format, command: str, rest: str, number: int) -> None:
        """Take one command of a label over, or refuse the file."""
        name = command[1:]
        if command in _LEFT_OUT:
            return
        code = command[0] == "^" and name != "BY" and _CODES.fullmatch(name) is not None
        plain = command[0] == "^" and (name in _DRAWING or name == "A" or code)
        drawn = command[0] == "^" and name == "MC" and rest[:1].upper() in ("", "Y")
        if not (plain or drawn) or (name == "GF" and not rest.upper().startswith("A")):
            raise self._forbidden(command + (rest[:1] if name in ("MC", "GF") else ""), number)
        label.parts.append(command + rest)
        match name:
            case "FD" | "FV":
                if label.code and label.code not in _NO_NUMBERS:
                    label.codes.append(_said(label.code, rest, label.hexed))
                label.draws = True
            case "FH":
                label.hexed = rest.strip()[:1] or "_"
            case "FS":
                label.code, label.hexed = "", ""
            case "GF" | "XG" | "GB":
                label.draws = True
            case "PW" | "LL":
                size = int(found[0]) if (found := re.match(r"\d{1,5}", rest)) else 0
                label.width, label.height = (
                    (size, label.height) if name == "PW" else (label.width, size)
                )
            case _:
                label.code = name if code else label.code

    def _forbidden(self, command: str, number: int) -> Exception:
        return label_limits.forbidden_command(self._name, command, number)


def _said(code: str, data: str, hexed: str) -> str:
    """Return what a scanner says of a code's field."""
    text = data.strip("\r\n")
    if hexed:
        first, *pieces = text.split(hexed)
        text = first + "".join(
            chr(int(piece[:2], 16)) + piece[2:] if _HEX.match(piece) else hexed + piece
            for piece in pieces
        )
    if code == "BC":
        return _INVOKED.sub("", text).replace(">0", ">").replace("(", "").replace(")", "")
    return text[3:] if code == "BQ" and text[2:3] == "," else text


def _dots_of(width: int) -> int:
    """Return dots per mm of a label by its width; 0 where it could be any.

    Shipping labels are 72 to 108 mm wide: the ranges for 8, 12 and 24 dots do not touch.
    """
    for dots in (8, 12, 24):
        if 72 * dots <= width <= 108 * dots and not (dots == 8 and width > 860):
            return dots
    return 0
