"""Which encoding a text file is in: found by strict decoding, never by replacing what does not fit.

The order is byte order mark, UTF-8, GB 18030, Windows-1252. The last is taken only where the text
then looks like a Western language; whatever could be read in two ways is refused, because a wrong
name on a label is worse than a question.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from packstation.errors import ImportFileError
from packstation.exchange.table_limits import TEXT_FILE_BYTES, too_large_inside

CHOOSABLE = (
    "utf-8", "gb18030", "gbk", "big5", "cp932", "shift_jis", "cp1252", "cp874", "cp1258",
    "utf-16", "utf-16-le", "utf-16-be", "utf-7",
)  # fmt: skip
"""Encodings that a shop may choose; the UTF-16 family and UTF-7 are never found by guessing."""

_CHUNK = 1 << 20
_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HIGH = (
    "\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192"
    "\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122"
)
_MOJIBAKE = re.compile(
    "[\u00e0-\u00ef][\u0080-\u00bf" + _HIGH + "]{2}|[\u00c2-\u00c5][\u0080-\u00bf" + _HIGH + "]"
)
"""UTF-8 read as Windows-1252 and saved again: one lead letter and its continuation signs."""
_UTF8_INSIDE = re.compile(rb"(?<![\x80-\xff])(?:[\xe3-\xef][\x80-\xbf]{2}){4,}(?![\x80-\xff])")
"""Four Chinese letters in UTF-8 that stand alone; in GB 18030 as good as never a text."""
_BYTE_KINDS = bytes(
    b"L"[0] if byte in range(0xE3, 0xF0) else b"C"[0] if byte in range(0x80, 0xC0) else b"."[0]
    for byte in range(256)
)
_FOUR_LETTERS = b"LCC" * 4
"""What is cheap to look for first; the pattern then decides."""
_LATIN_SIGNS = set("€‚„…†‰‹›‘’“”•–—™ŠšŽžŒœŸ¡£§©«®°´·»¿ªº¼½¾²³±×÷\u00a0")


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What one pass over the bytes of a text file tells."""

    encoding: str
    """Name for ``open``; ``utf-8-sig`` where a byte order mark has to be skipped."""
    sha256: str
    ends_with_newline: bool


def _refuse(code: str, message: str, fix: str, name: str, line: int) -> ImportFileError:
    return ImportFileError(code, message, fix=fix, file=name, line=line)


def _bad_encoding(name: str, line: int) -> ImportFileError:
    return _refuse(
        "import.bad_encoding",
        f"{name}, line {line}: the text is neither whole UTF-8 nor whole GBK.",
        "Export the file again, save it as UTF-8, or choose its encoding in the shop's settings.",
        name,
        line,
    )


def _truncated(name: str, line: int) -> ImportFileError:
    return _refuse(
        "import.truncated_file",
        f"{name}, line {line}: the file ends in the middle of a character; it was cut off.",
        "Download the file again.",
        name,
        line,
    )


def _replaced(name: str, line: int) -> ImportFileError:
    return _refuse(
        "import.replacement_character",
        f"{name}, line {line}: letters were already lost (U+FFFD) before the file came here.",
        "Export the file again and do not open it in another program first.",
        name,
        line,
    )


def _mojibake(name: str, line: int) -> ImportFileError:
    return _refuse(
        "import.mojibake",
        f"{name}, line {line}: the text was saved in a wrong encoding (letters like Ã© or å®¢).",
        "Export the file again and do not open it in another program first.",
        name,
        line,
    )


def _line_at(path: Path, offset: int) -> int:
    """Return the number of the line that holds a byte offset."""
    lines, left = 1, offset
    with path.open("rb") as stream:
        while left > 0 and (block := stream.read(min(_CHUNK, left))):
            lines += block.count(b"\n")
            left -= len(block)
    return lines


class _MisfitError(Exception):
    """The bytes are not in the tried encoding."""

    def __init__(self, offset: int, at_end: bool, wide_before: int) -> None:
        super().__init__(offset)
        self.offset = offset
        self.at_end = at_end
        self.wide_before = wide_before
        """Characters of three and more UTF-8 bytes that were whole before the misfit."""


def _decode_all(path: Path, encoding: str) -> str:
    """Decode a whole file strictly and return its first 64 K characters beyond ASCII.

    Raises:
        _MisfitError: Some bytes do not belong to the encoding.
        ImportFileError: The text holds U+FFFD, or NUL where the encoding was chosen.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset, wide = 0, 0
    sample: list[str] = []
    sampled, lines, mojibake = 0, 1, 0
    with path.open("rb") as stream:
        while True:
            block = stream.read(_CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                at = offset - pending + error.start
                whole = error.object[: error.start].decode("utf-8", "ignore") if not wide else ""
                wide += sum(1 for letter in whole if letter >= "\u0800")
                raise _MisfitError(at, not block, wide) from error
            offset += len(block)
            if not text.isascii():
                if "\ufffd" in text:
                    raise _replaced(path.name, lines + text[: text.index("\ufffd")].count("\n"))
                if encoding == "utf-8" and b"\xc3" in block:
                    found = list(_MOJIBAKE.finditer(text))
                    mojibake += sum(2 if len(match[0]) == 3 else 1 for match in found)
                    if mojibake > 1:
                        raise _mojibake(path.name, lines + text[: found[-1].start()].count("\n"))
                if "锟斤拷" in text:
                    raise _replaced(path.name, lines + text[: text.index("锟斤拷")].count("\n"))
                wide += 3
                if sampled < 1 << 16:
                    letters = re.sub(r"[\x00-\x7f]+", "", text)[: 1 << 16]
                    sample.append(letters)
                    sampled += len(letters)
            if "\0" in text:
                raise _nul(path.name, lines + text[: text.index("\0")].count("\n"))
            lines += text.count("\n")
            if not block:
                return "".join(sample)


def _nul(name: str, line: int) -> ImportFileError:
    return _refuse(
        "import.nul_bytes",
        f"{name}, line {line}: the file holds NUL bytes; it is damaged or in UTF-16.",
        "Save it as UTF-8, or choose its encoding in the shop's settings.",
        name,
        line,
    )


def _looks_chinese(sample: str) -> bool:
    """Whether most letters are everyday Chinese: the signs and first level of GB 2312, rows 1-55.

    Western and Cyrillic text often decodes as GB 18030 too, but to rare signs.
    """
    if any("\ue000" <= letter <= "\uf8ff" for letter in sample):
        return False
    common = sum(1 for lead in sample.encode("gb2312", "ignore")[::2] if lead < 0xD8)
    emoji = sum(1 for letter in sample if letter > "\uffff" or letter in "\ufe0f\u200d")
    return common + emoji >= 0.6 * len(sample)


def _utf8_inside(path: Path) -> int | None:
    """Return where text in UTF-8 stands inside a file that is GB 18030 elsewhere."""
    offset, tail = 0, b""
    with path.open("rb") as stream:
        while block := stream.read(_CHUNK):
            data = tail + block
            if _FOUR_LETTERS not in data.translate(_BYTE_KINDS):
                found = None
            else:
                found = _UTF8_INSIDE.search(data)
            if found:
                return offset - len(tail) + found.start()
            offset += len(block)
            tail = data[-256:]
    return None


def _looks_western(path: Path) -> bool:
    """Whether bytes beyond ASCII stand alone or in pairs and are letters of Western Europe."""
    data = path.read_bytes()
    if re.search(rb"[\x80-\xff]{3}", data):
        return False
    try:
        high = re.sub(rb"[\x00-\x7f]+", b"", data).decode("cp1252")
    except UnicodeDecodeError:
        return False
    return all("\u00c0" <= sign <= "\u00ff" or sign in _LATIN_SIGNS for sign in high)


def _scan_bytes(path: Path, *, chosen: bool) -> tuple[bytes, str, bool, int]:
    """Hash the file and return its first bytes, digest, whether it ends in a new line, and size.

    Raises:
        ImportFileError: Empty, too long, or with NUL bytes where no encoding was chosen.
    """
    digest, size, first, last, lines = hashlib.sha256(), 0, b"", b"", 1
    with path.open("rb") as stream:
        while block := stream.read(_CHUNK):
            first = first or block[:8]
            if size == 0 and not chosen and first.startswith(_WIDE_MARKS):
                raise _refuse(
                    "import.encoding_not_chosen",
                    f"{path.name}, line 1: the file is in UTF-16 or UTF-32, which is not guessed.",
                    "Save it as UTF-8, or choose its encoding in the shop's settings.",
                    path.name,
                    1,
                )
            if not chosen and b"\0" in block:
                raise _nul(path.name, lines + block[: block.index(b"\0")].count(b"\n"))
            lines += block.count(b"\n")
            digest.update(block)
            size += len(block)
            last = block[-1:]
            if size > TEXT_FILE_BYTES:
                limit = TEXT_FILE_BYTES >> 20
                raise too_large_inside(path.name, f"it has more than {limit} MB of text")
    return first, digest.hexdigest(), last in (b"\n", b"\r"), size


def examine(path: Path, chosen: str = "") -> TextFacts:
    """Find the encoding of a text file.

    Args:
        path: The file; it is read two or three times in pieces of 1 MB.
        chosen: An encoding of ``CHOOSABLE`` set by the shop, or empty to find out.

    Raises:
        ImportFileError: No encoding fits, or the text was damaged before it came here.
    """
    first, sha256, newline, _ = _scan_bytes(path, chosen=bool(chosen))
    if chosen:
        try:
            _decode_all(path, chosen)
        except _MisfitError as misfit:
            line = _line_at(path, misfit.offset)
            raise _refuse(
                "import.bad_encoding",
                f"{path.name}, line {line}: the text is not in the chosen encoding {chosen}.",
                "Choose another encoding in the shop's settings, or leave it empty.",
                path.name,
                line,
            ) from misfit
        return TextFacts("utf-8-sig" if chosen == "utf-8" else chosen, sha256, newline)
    marked = first.startswith(codecs.BOM_UTF8)
    try:
        _decode_all(path, "utf-8")
        return TextFacts("utf-8-sig" if marked else "utf-8", sha256, newline)
    except _MisfitError as misfit:
        line = _line_at(path, misfit.offset)
        if marked or misfit.wide_before >= 3:
            wrong = _truncated if misfit.at_end else _bad_encoding
            raise wrong(path.name, line) from misfit
    try:
        if _looks_chinese(_decode_all(path, "gb18030")):
            mixed = _utf8_inside(path)
            if mixed is not None:
                raise _bad_encoding(path.name, _line_at(path, mixed))
            return TextFacts("gb18030", sha256, newline)
    except _MisfitError as misfit:
        line = _line_at(path, misfit.offset)
        if misfit.at_end and not _looks_western(path):
            raise _truncated(path.name, line) from misfit
    if _looks_western(path):
        return TextFacts("cp1252", sha256, newline)
    raise _bad_encoding(path.name, line)
