"""Shop files in: the orders, codes and refused rows they hold, as the limited child tells them.

Nothing is stored here, and no order is given before every row of every file was read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from packstation.core.imports import (
    ImportHead,
    ImportSettings,
    ImportTail,
    ParsedFiles,
    ReadOrder,
)
from packstation.core.json_codec import decoder, encoder
from packstation.core.orders import ImportedOrder, Order, Person
from packstation.errors import ImportFileError
from packstation.exchange.import_job import ImportJob
from packstation.exchange.limited_child import Cancelled, LimitedChild
from packstation.exchange.profiles import Profile
from packstation.exchange.table_limits import WALL_S
from packstation.exchange.table_reader import Progress
from packstation.exchange.text_encoding import CHOOSABLE


class Import:
    """One export while it comes out of the child: the head, then orders, then the tail."""

    def __init__(self, child: LimitedChild, progress: Progress | None) -> None:
        """Wait until every row was read.

        Raises:
            ImportFileError: A file is refused as a whole.
            DataFileError: The settings are wrong.
        """
        self._child = child
        while "head" not in (answer := child.hear()):
            if progress is not None:
                progress(answer["progress"])
        self.head: ImportHead = _decoded(ImportHead, answer["head"])
        self.tail: ImportTail | None = None
        """Set once every order was taken."""

    def orders(self) -> Iterator[ReadOrder]:
        """Yield every order in the order in which the files name them.

        Raises:
            ImportFileError: The child was cancelled, or went over its limits.
        """
        order_of, person_of = decoder(Order), decoder(Person)
        assert order_of is not None, "an order is a dataclass"
        assert person_of is not None, "a person is a dataclass"
        line = self._child.line()
        while line.startswith(b"["):
            order, person, size = json.loads(line)
            text = line[1 : 1 + size].decode("utf-8", "surrogatepass")
            yield ReadOrder(order_of(order), person_of(person), text)
            line = self._child.line()
        self.tail = _decoded(ImportTail, self._child.understood(line)["tail"])


def _decoded(kind: Any, values: Any) -> Any:
    code = decoder(kind)
    assert code is not None, "what is told is a dataclass"
    return code(values)


@contextmanager
def open_import(
    paths: Sequence[Path],
    settings: ImportSettings,
    *,
    profiles: Sequence[Profile],
    carriers: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Iterator[Import]:
    """Read one export, a file or the two files of a pair, and give its orders one by one.

    Blocks until every row was read; both files are parsed in one limited process.

    Args:
        paths: The files, in any order.
        settings: What the shop owner has set up.
        profiles: Of ``load_profiles``.
        carriers: Carrier name or code as files write it → carrier code; a name that is not there
            is kept in upper case, so that it is no known carrier and stops the label.
        progress: Told the rows read so far, all files together.
        cancelled: Asked several times a second, from another thread.

    Raises:
        ImportFileError: A file is refused as a whole; nothing was understood.
        DataFileError: The settings are wrong.
    """
    if not paths:
        raise ImportFileError("import.no_files", "No file was given.", fix="Name a file.")
    encoding = settings.encoding.lower()
    if encoding and encoding not in CHOOSABLE:
        raise ImportFileError(
            "import.bad_encoding",
            f"{paths[0].name}: there is no encoding {settings.encoding!r} to choose.",
            fix="Use one of: " + ", ".join(CHOOSABLE) + ".",
            file=paths[0].name,
        )
    job = ImportJob(
        tuple(os.fspath(path.absolute()) for path in paths),
        settings,
        tuple(profiles),
        carriers or {},
    )
    code = encoder(ImportJob)
    assert code is not None, "a job is a dataclass"
    names = " and ".join(path.name for path in paths)
    with LimitedChild("import_child", names, cancelled=cancelled, wall_s=WALL_S) as child:
        child.tell(code(job))
        yield Import(child, progress)


def read_files(
    paths: Sequence[Path],
    settings: ImportSettings,
    *,
    profiles: Sequence[Profile],
    carriers: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> ParsedFiles:
    """Read one export as a whole, all of it in memory; otherwise as ``open_import``.

    Raises:
        ImportFileError: A file is refused as a whole; nothing was understood.
        DataFileError: The settings are wrong.
    """
    with open_import(
        paths,
        settings,
        profiles=profiles,
        carriers=carriers,
        progress=progress,
        cancelled=cancelled,
    ) as opened:
        orders = tuple(ImportedOrder(one.order, one.person) for one in opened.orders())
        head, tail = opened.head, opened.tail
    assert tail is not None, "every order was taken"
    return ParsedFiles(
        platform=head.platform,
        profile=head.profile,
        shop=head.shop,
        orders=orders,
        refused=tail.refused,
        merge_groups=tail.merge_groups,
        codes=tail.codes,
        rows=head.rows,
        digests=head.digests,
        encodings=head.encodings,
    )
