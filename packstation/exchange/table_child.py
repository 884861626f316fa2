"""The process in which a shop file is opened: limits on itself first, then rows as JSON lines.

Run as ``python -m packstation.exchange.table_child``. It knows nothing of shops: it offers the
first rows of each reading of the file, waits for the reader to choose one, and sends the chosen
columns. Lines on standard output, each one JSON object::

    {"readings": [{"name": ",", "rows": [[1, ["Order ID", …]], …]}], "encoding": …, "sha256": …}
    {"rows": [[2, 0, ["5783…", …]], …]}            row number, missing cells, the chosen cells
    {"done": 15000}
    {"refused": {"code": …, "message": …, "fix": …, "facts": {…}}}

Limits use ``resource`` and so hold on Linux and macOS; on Windows the child has no memory limit
(a job object would be needed), only the reader's time limit.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from packstation.errors import DataFileError, ImportFileError, PackStationError
from packstation.exchange.json_orders import JsonOrders, looks_like_json
from packstation.exchange.table_limits import (
    BATCH_ROWS,
    CPU_S,
    MAX_COLUMNS,
    MEMORY_BYTES,
    WORKBOOK_FILE_BYTES,
    too_large_inside,
)
from packstation.exchange.table_rows import EXTRA_CELLS, SHORT_AND_CUT
from packstation.exchange.table_text import TextTable
from packstation.exchange.table_workbook import WireCell, WorkbookTable
from packstation.exchange.text_encoding import examine

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body", b"<style")


def limit_self(memory: int = MEMORY_BYTES, cpu_s: int = CPU_S) -> None:
    """Set the limits of this process; nothing it reads may lift them again.

    Args:
        memory: Address space in bytes.
        cpu_s: Processor time in seconds.
    """
    if sys.platform == "win32":
        return
    import resource

    for kind, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        top = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (top, top))


def send(message: Mapping[str, object]) -> None:
    """Write one message as a line."""
    line = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass") + b"\n")
    sys.stdout.buffer.flush()


def _sniff(path: Path) -> bytes:
    """Return the first bytes of a file.

    Raises:
        ImportFileError: It is empty, or a kind of file that is no table.
    """
    with path.open("rb") as stream:
        first = stream.read(4096)
    name = path.name
    bare = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not bare:
        raise ImportFileError(
            "import.empty_file",
            f"{name} is empty: there is no row 1.",
            fix="Export or download the file again.",
            file=name,
        )
    lower = bare[:64].lower()
    if lower.startswith(_PAGE_STARTS) or (lower.startswith(b"<") and b"<html" in bare.lower()):
        raise ImportFileError(
            "import.html_page",
            f"{name} is a web page, not a table (row 1 begins with markup).",
            fix="Log on to the shop and export again, or save the table as XLSX first.",
            file=name,
        )
    if lower.startswith((b"%pdf", b"<?xml", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf")):
        raise ImportFileError(
            "import.not_a_table",
            f"{name} is another kind of document, not a table of orders.",
            fix="Give the CSV or XLSX file that the shop exports.",
            file=name,
        )
    return first


class Source:
    """One opened file: its readings, and the records of the chosen one."""

    def __init__(self, path: Path, encoding: str, sheets: tuple[str, ...]) -> None:
        """Look at all of the file once.

        Raises:
            ImportFileError: The file is refused.
        """
        self.encoding = ""
        self._text: TextTable | JsonOrders | None = None
        first = _sniff(path)
        if first.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE)):
            if path.stat().st_size > WORKBOOK_FILE_BYTES:
                raise too_large_inside(path.name, f"more than {WORKBOOK_FILE_BYTES >> 20} MB")
            data = path.read_bytes()
            self.sha256 = hashlib.sha256(data).hexdigest()
            self._book = WorkbookTable(data, path.name, sheets)
        else:
            facts = examine(path, encoding)
            self.sha256, self.encoding = facts.sha256, facts.encoding.removesuffix("-sig")
            self._text = (JsonOrders if looks_like_json(first) else TextTable)(path, facts)

    def heads(self) -> Iterator[tuple[str, Sequence[tuple[int, Sequence[WireCell]]]]]:
        """Yield each reading of the file with its first rows and their numbers."""
        yield from (self._text or self._book).heads()

    def records(self, name: str, *, quoted: bool) -> Iterator[tuple[int, list[WireCell]]]:
        """Yield every record of a reading with its number."""
        if self._text is not None:
            for number, cells in self._text.records(name, quoted=quoted):
                yield number, [*cells]
        else:
            yield from self._book.records(name)

    @property
    def cut_off(self) -> bool:
        """Whether the last record is not closed by a new line."""
        return self._text is not None and self._text.cut_off


def pick(
    records: Iterable[tuple[int, list[WireCell]]],
    *,
    after: int,
    width: int,
    columns: list[int],
    cut_off: bool,
) -> Iterator[tuple[int, int, list[WireCell]]]:
    """Yield the chosen cells of each record that is not blank, and what its length lacks."""
    held: tuple[int, int, list[WireCell]] | None = None
    top = max(columns, default=0) + 1
    for number, cells in records:
        if number <= after or not any(cells):
            continue
        missing = width - len(cells)
        if missing < 0:
            missing = EXTRA_CELLS if any(cells[width:]) else 0
        if len(cells) < top:
            cells.extend([""] * (top - len(cells)))
        if held is not None:
            yield held
        held = (number, missing, [cells[column] for column in columns])
    if held is not None:
        if cut_off and held[1] > 0:
            held = (held[0], SHORT_AND_CUT, held[2])
        yield held


def _work(job: dict[str, Any]) -> None:
    sheets = job["sheets"]
    assert isinstance(sheets, list)
    source = Source(Path(str(job["path"])), str(job["encoding"]), tuple(map(str, sheets)))
    readings = [{"name": name, "rows": rows} for name, rows in source.heads()]
    send({"readings": readings, "encoding": source.encoding, "sha256": source.sha256})
    answer = sys.stdin.readline()
    if not answer.strip():
        return
    choice = json.loads(answer)
    if choice["width"] > MAX_COLUMNS:
        raise too_large_inside(Path(str(job["path"])).name, f"more than {MAX_COLUMNS} columns")
    batch: list[tuple[int, int, list[WireCell]]] = []
    count = 0
    for row in pick(
        source.records(choice["reading"], quoted=choice["quoted"]),
        after=choice["after"],
        width=choice["width"],
        columns=choice["columns"],
        cut_off=source.cut_off,
    ):
        batch.append(row)
        if len(batch) == BATCH_ROWS:
            count += len(batch)
            send({"rows": batch})
            batch = []
    if batch:
        count += len(batch)
        send({"rows": batch})
    send({"done": count})


def answer_once(work: Callable[[dict[str, Any]], None], name_of: Callable[[Any], str]) -> None:
    """Limit this process, do the one job given on standard input, and say what was refused.

    Args:
        work: Does the job and answers on standard output.
        name_of: Job → name of its file or files, for messages.
    """
    limit_self()
    job = json.loads(sys.stdin.readline())
    name, kind = name_of(job), "file"
    refused: PackStationError
    try:
        work(job)
    except ImportFileError as error:
        refused = error
    except DataFileError as error:
        refused, kind = error, "settings"
    except MemoryError:
        refused = too_large_inside(name, f"it needs more than {MEMORY_BYTES >> 20} MB of memory")
    except OSError as error:
        refused = ImportFileError(
            "import.unreadable",
            f"{name} cannot be opened: {error.strerror}.",
            fix="Check that the file is there and may be read.",
            file=name,
        )
    except BaseException as error:  # noqa: BLE001 - the worker's door; a panic in Rust is no Exception
        refused = ImportFileError(
            "import.unreadable",
            f"{name} cannot be read ({type(error).__name__}).",
            fix="Export or download the file again.",
            file=name,
        )
    else:
        return
    facts = {key: value for key, value in refused.facts.items() if isinstance(value, str | int)}
    send(
        {
            "refused": {
                "kind": kind,
                "code": refused.code,
                "message": refused.message,
                "fix": refused.fix,
                "facts": facts,
            }
        }
    )


def main() -> None:
    """Answer for one file."""
    answer_once(_work, lambda job: Path(str(job["path"])).name)


if __name__ == "__main__":
    main()
