"""A mapping desk that answers from a small invented file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from packstation.errors import ImportFileError, PackStationError
from packstation.ui.backend import Reply
from packstation.ui.backend_mapping import FilePreview, MappingChoice, MappingProblem

HEADINGS = ("Bestellung", "Artikel", "Bezeichnung", "Anzahl", "Zustand", "Bezahlt am", "Lager")
TITLE = "纯棉圆领短袖T恤 红色"
ROWS = tuple(
    (
        f"B-10{n}",
        f"TS-{n}",
        "纯棉圆领短袖T恤 红色",
        str(n + 1),
        "offen",
        f"2026-08-0{n + 1}",
        f"A-0{n}",
    )
    for n in range(5)
)


class FakeMapping:
    """Finds no code for the first try where ``guess`` is empty; keeps what was saved."""

    def __init__(self) -> None:
        self.preview_error: PackStationError | None = None
        self.garbled = False
        self.guess: Mapping[str, str] = {"order_id": "Bestellung", "quantity": "Anzahl"}
        self.words: Mapping[str, str] = {"offen": "", "bezahlt": "to_ship", "storniert": ""}
        self.asked_encodings: list[str] = []
        self.saved_choices: list[MappingChoice] = []
        self.save_error: PackStationError | None = None

    def preview_file(self, path: Path, encoding: str, reply: Reply[FilePreview]) -> None:
        self.asked_encodings.append(encoding)
        if self.preview_error is not None:
            reply(self.preview_error)
            return
        found = ("gb18030", "cp1252")
        chosen = encoding or found[0]
        reply(FilePreview(path, HEADINGS, ROWS, chosen, found, self.garbled, self.guess))

    def status_values(
        self, path: Path, encoding: str, heading: str, reply: Reply[Mapping[str, str]]
    ) -> None:
        reply(self.words)

    def check_mapping(
        self, path: Path, choice: MappingChoice, reply: Reply[Sequence[MappingProblem]]
    ) -> None:
        problems = [
            MappingProblem("missing_field", field)
            for field in ("order_id", "quantity")
            if field not in choice.columns
        ]
        if not {"sku", "title", "barcode"} & set(choice.columns):
            problems.append(MappingProblem("no_code"))
        if "paid_at" in choice.columns:
            problems.append(MappingProblem("unclear_date", detail="01/02/2026", blocks=False))
        reply(problems)

    def save_mapping(self, path: Path, choice: MappingChoice, reply: Reply[str]) -> None:
        self.saved_choices.append(choice)
        reply(self.save_error or choice.name)


UNKNOWN = ImportFileError(
    "import.unknown_columns",
    "x",
    file="Bestellungen.csv",
    found="Bestellung, Artikel",
    profile="generic",
    missing="订单号",
)
