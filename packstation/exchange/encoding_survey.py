"""Which encodings read a text file strictly; asked in a limited process, as all of its reading.

Run as ``python -m packstation.exchange.encoding_survey``.
"""

from __future__ import annotations

import codecs
import itertools
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packstation.errors import ImportFileError
from packstation.exchange.limited_child import LimitedChild
from packstation.exchange.table_child import answer_once, send
from packstation.exchange.table_limits import WALL_S
from packstation.exchange.text_encoding import CHOOSABLE, examine

_UTF7 = re.compile(rb"\+[A-Za-z0-9+/]{3,}-")
_WORKBOOK = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


def readable_encodings(path: Path) -> tuple[str, ...]:
    """Return the encodings in which a file reads without loss, the one found out first.

    Empty for a workbook and for text that was damaged before.

    Raises:
        ImportFileError: The file cannot be opened or is too large inside.
    """
    with LimitedChild("encoding_survey", path.name, cancelled=None, wall_s=WALL_S) as child:
        child.tell({"path": os.fspath(path.absolute())})
        return tuple(map(str, child.hear()["encodings"]))


def _survey(job: dict[str, Any]) -> None:
    path = Path(str(job["path"]))
    found: list[str] = []
    with path.open("rb") as stream:
        first = stream.read(4)
    for encoding in () if first.startswith(_WORKBOOK) else ("", *_worth_trying(path)):
        try:
            facts = examine(path, encoding)
        except ImportFileError as refused:
            if refused.code == "import.too_large_inside":
                raise
        else:
            found.append(encoding or facts.encoding.removesuffix("-sig"))
    send({"encodings": list(dict.fromkeys(found))})


def _worth_trying(path: Path) -> Iterator[str]:
    """Yield the encodings that could make sense; UTF-16 and UTF-7 would read nearly anything."""
    ascii_only, wide = True, False
    with path.open("rb") as stream:
        start = stream.read(1 << 16)
        for block in itertools.chain([start], iter(lambda: stream.read(1 << 20), b"")):
            ascii_only = ascii_only and block.isascii()
            wide = wide or b"\0" in block
    wide = wide or start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in CHOOSABLE:
        if encoding.startswith("utf-16"):
            fits = wide
        elif encoding == "utf-7":
            fits = ascii_only and _UTF7.search(start) is not None
        else:
            # Where all is ASCII every encoding reads the same; GBK is inside GB 18030.
            fits = encoding == "utf-8" or not (ascii_only or wide or encoding == "gbk")
        if fits:
            yield encoding


if __name__ == "__main__":
    answer_once(_survey, lambda job: Path(str(job["path"])).name)
