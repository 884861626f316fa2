"""The process in which a label file is opened: limits on itself first, then labels with bytes.

Run as ``python -m packstation.exchange.label_child``. One line in: the path of a file and the
paper to draw for; or lines with one label each to draw again. Out come JSON lines, some with
bytes behind them::

    {"head": {"sha256": …, "kind": "pdf", "pages": 500}}
    {"page": 7, "label": {"kind": "pdf", "codes": […], …}, "content": 18432, "dots": 6352}
    {"page": 8}                                    it has no label: a blank part of a sheet
    {"done": 500}
    {"refused": {"code": …, "message": …}}         the end, instead of anything above
"""

from __future__ import annotations

import base64
import gc
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packstation.errors import ComposeError, ImportFileError, PackStationError
from packstation.exchange import label_limits
from packstation.exchange.label_limits import LabelPaper
from packstation.exchange.table_child import limit_self, send

if TYPE_CHECKING:
    from packstation.exchange.component_documents import DocumentSource
    from packstation.exchange.label_pdf import PdfSource
    from packstation.exchange.label_pictures import PictureSource
    from packstation.exchange.label_zpl import ZplSource

NICENESS = 5
"""The window goes first: it is waited for with every scan."""
_PDF_WITHIN = 1024
"""Bytes in which a PDF's mark may stand (PDF 1.7, appendix H, note 13)."""


def main() -> None:
    """Answer for one file, or for one label."""
    # Threads of the linear algebra that nobody needs here would take address space.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    limit_self(label_limits.MEMORY_BYTES, label_limits.CPU_S)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    for line in sys.stdin:
        job = json.loads(line)
        _answer(job)
        if "path" in job:
            return


def _answer(job: dict[str, Any]) -> None:
    """Answer one line."""
    name = str(job["name"])
    refused: PackStationError
    try:
        if "path" in job:
            _read(Path(job["path"]), name, _paper(job))
        else:
            _draw(job, name)
    except (ImportFileError, ComposeError) as error:
        refused = error
    except MemoryError:
        refused = label_limits.too_large(name)
    except OSError as error:
        refused = label_limits.not_opened(name, error.strerror or type(error).__name__)
    except BaseException:  # noqa: BLE001 - the worker's door, whatever the libraries raise
        refused = label_limits.damaged(name)
    else:
        return
    send(
        {
            "refused": {
                "code": refused.code,
                "message": refused.message,
                "fix": refused.fix,
                "facts": refused.facts,
            }
        }
    )


def _paper(job: dict[str, Any]) -> LabelPaper | None:
    return LabelPaper(*job["paper"]) if job["paper"] else None


def opened(
    content: bytes, name: str, paper: LabelPaper | None
) -> PdfSource | PictureSource | ZplSource | DocumentSource:
    """Return a file's reader, chosen by what is in it; its name says nothing.

    Raises:
        ImportFileError: It is refused as a whole.
    """
    if not content.strip(b"\x00\r\n\t "):
        raise label_limits.empty_file(name)
    if content.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")):
        from packstation.exchange.label_pictures import PictureSource

        return PictureSource(content, name, paper)
    if b"%PDF-" in content[:_PDF_WITHIN]:
        from packstation.exchange.label_pdf import PdfSource

        return PdfSource(content, name)
    from packstation.exchange.label_zpl import ZplSource, looks_like_zpl

    if looks_like_zpl(content[:4096]):
        return ZplSource(content, name)
    from packstation.exchange.component_documents import DocumentSource, looks_like_documents

    if looks_like_documents(content[:64]):
        return DocumentSource(content, name)
    raise label_limits.not_a_label_file(name)


def _read(path: Path, name: str, paper: LabelPaper | None) -> None:
    with path.open("rb") as stream:
        if os.fstat(stream.fileno()).st_size > label_limits.FILE_BYTES:
            raise label_limits.too_large(name)
        content = stream.read(label_limits.FILE_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    source = opened(content, name, paper)
    gc.disable()  # nothing here makes circles, and pages are freed as they go
    send({"head": {"sha256": digest, "kind": source.kind, "pages": source.pages}})
    count = kept = 0
    for number, labels in source.labels(paper):
        for label in labels:
            count += 1
            kept += len(label.content) + len(label.dots)
            if count > label_limits.MOST_PAGES or kept > label_limits.CONTENT_BYTES:
                raise label_limits.too_large(name)
            told = {
                "kind": label.kind,
                "width_mm": label.width_mm,
                "height_mm": label.height_mm,
                "codes": label.codes,
                "mark": label.mark,
                "blank": label.blank,
                "key": label.key,
                "ink": label.ink,
            }
            sizes = {"content": len(label.content), "dots": len(label.dots)}
            send({"page": number, "label": told, **sizes})
            sys.stdout.buffer.write(label.content)
            sys.stdout.buffer.write(label.dots)
            sys.stdout.buffer.flush()
        if not labels:
            send({"page": number})
    send({"done": count})


def _draw(job: dict[str, Any], name: str) -> None:
    from packstation.exchange.page_drawing import drawn_here

    paper = _paper(job)
    content = base64.b64decode(job["draw"])
    fitted, number = bool(job["fitted"]), str(job["number"])
    drawn = drawn_here(content, str(job["kind"]), paper, fitted=fitted, number=number)
    dark = drawn.bitmap
    rows = dark.rows.tobytes()
    told = {"width": dark.width, "height": dark.height, "dots": len(rows)}
    send({**told, "fitted": drawn.fitted, "at_risk": drawn.at_risk})
    sys.stdout.buffer.write(rows)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
