"""Print documents for a platform's component: a JSON file, split into one document for each label.

Taken are a whole print request (``{"cmd": "print", "task": {"documents": […]}}``), its task, an
object with ``documents``, or a list of documents. A document's ``documentID`` is its tracking
number (formats.md C2).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from packstation.errors import ImportFileError
from packstation.exchange.label_limits import LabelPaper
from packstation.exchange.label_sheets import ReadLabel

MOST_DOCUMENTS = 10_000
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class ComponentDocument:
    """One document as it goes to the component."""

    number: int
    """Place in the file, from 1."""
    document_id: str
    """The tracking number; empty where the document has none."""
    content: bytes = field(repr=False)
    """JSON text of the one document."""


def looks_like_documents(head: bytes) -> bool:
    """Tell whether a file begins like JSON."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


class DocumentSource:
    """A file of print documents, document by document; its size on paper the component knows."""

    kind = "component"

    def __init__(self, content: bytes, name: str) -> None:
        """Take it apart.

        Raises:
            ImportFileError: ``labels.bad_documents``.
        """
        self._documents = split_documents(content, name)
        self.pages = len(self._documents)

    def labels(self, paper: LabelPaper | None) -> Iterator[tuple[int, list[ReadLabel]]]:
        """Yield each document; its only code is its id, the tracking number."""
        del paper
        for one in self._documents:
            codes = (one.document_id,) if one.document_id else ()
            yield one.number, [ReadLabel("component", one.content, 0.0, 0.0, codes)]


def split_documents(data: bytes, name: str) -> tuple[ComponentDocument, ...]:
    """Return the documents of a file, in its order.

    Args:
        data: The whole file.
        name: Its name, for the sentence of a refusal.

    Raises:
        ImportFileError: ``labels.bad_documents``: it is no JSON, or has no documents.
    """
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _bad(name, "it is no JSON") from error
    documents = _documents(found)
    if not documents:
        raise _bad(name, "it has no documents")
    if len(documents) > MOST_DOCUMENTS:
        raise _bad(name, f"it has more than {MOST_DOCUMENTS} documents")
    split: list[ComponentDocument] = []
    for number, one in enumerate(documents, start=1):
        if not isinstance(one, dict) or not isinstance(one.get("contents"), list):
            raise _bad(name, f"document {number} has no contents")
        told = one.get("documentID", "")
        key = str(told).strip() if isinstance(told, str | int) else ""
        plain = key.isprintable() and len(key) <= _LONGEST_ID
        content = json.dumps(one, ensure_ascii=False, sort_keys=True).encode()
        split.append(ComponentDocument(number, key if plain else "", content))
    return tuple(split)


def _documents(found: Any) -> list[Any]:
    for _ in range(2):
        if isinstance(found, dict) and isinstance(found.get("task"), dict):
            found = found["task"]
        if isinstance(found, dict) and "documents" in found:
            found = found["documents"]
    return found if isinstance(found, list) else []


def _bad(name: str, problem: str) -> ImportFileError:
    return ImportFileError(
        "labels.bad_documents",
        f"The print documents in {name} cannot be taken: {problem}.",
        fix="Get the print documents from the platform again.",
        file=name,
    )
