"""Reads a platform's label file: PDF, pictures, ZPL; nothing of it is parsed in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from packstation.errors import ImportFileError
from packstation.exchange import label_limits
from packstation.exchange.label_limits import LabelPaper
from packstation.exchange.label_sheets import ReadLabel
from packstation.exchange.limited_child import Cancelled, LimitedChild


class LabelChild(LimitedChild):
    """A child for label files, with their own words."""

    def refusal(self, why: str) -> ImportFileError:
        """See ``LimitedChild.refusal``."""
        if why == "cancelled":
            return label_limits.cancelled(self.name)
        return (
            label_limits.too_slow(self.name) if why == "wall" else label_limits.too_large(self.name)
        )


class LabelFile:
    """A label file that is being read."""

    def __init__(self, child: LimitedChild, head: dict[str, Any]) -> None:
        """Keep where it comes from."""
        self._child = child
        self.sha256 = str(head["sha256"])
        """Of the file, hex."""
        self.kind = str(head["kind"])
        """``pdf``, ``png`` (JPEG too) or ``zpl``."""
        self.pages = int(head["pages"])
        """As a viewer counts them; a sheet may hold several labels."""

    def labels(self) -> Iterator[tuple[int, ReadLabel]]:
        """Yield each label with the number of its page.

        Raises:
            ImportFileError: A page is refused, and with it the file; or it was cancelled.
        """
        while "done" not in (told := self._child.hear()):
            if "label" not in told:
                continue
            label = told["label"]
            content = self._child.read(told["content"])
            dots = self._child.read(told["dots"])
            yield (
                int(told["page"]),
                ReadLabel(
                    kind=str(label["kind"]),
                    content=content,
                    width_mm=float(label["width_mm"]),
                    height_mm=float(label["height_mm"]),
                    codes=tuple(map(str, label["codes"])),
                    mark=tuple(map(float, label["mark"])),
                    blank=bool(label["blank"]),
                    dots=dots,
                    key=str(label["key"]),
                    ink=tuple(map(float, label["ink"])),
                ),
            )


@contextmanager
def open_labels(
    path: Path, paper: LabelPaper | None, *, cancelled: Cancelled | None = None
) -> Iterator[LabelFile]:
    """Open a label file in a limited child.

    Args:
        path: The file.
        paper: What the labels are drawn for ahead; None = they are only read.
        cancelled: Asked several times a second, from another thread.

    Raises:
        ImportFileError: The file is refused as a whole.
    """
    name = path.name
    with LabelChild("label_child", name, cancelled=cancelled, wall_s=label_limits.WALL_S) as child:
        sizes = (paper.dots_per_mm, paper.width, paper.height) if paper else None
        child.tell({"name": name, "path": str(path.resolve()), "paper": sizes})
        yield LabelFile(child, child.hear()["head"])
