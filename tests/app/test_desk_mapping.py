"""The mapping wizard through the real house: an unknown file becomes known, and is imported."""

from __future__ import annotations

import re
from pathlib import Path

from packstation.app.desk import Desk
from packstation.core.order_query import OrderQuery
from packstation.errors import PackStationError
from packstation.exchange import mapping, own_profile
from packstation.ui.backend_mapping import FilePreview, MappingChoice
from packstation.ui.mapping_texts import PROBLEMS
from tests.app.test_desk import MAIN, Pages

COLUMNS = {
    "order_id": "Bestellung",
    "sku": "Artikel",
    "quantity": "Menge",
    "recipient": "Kunde",
    "phone": "Telefon",
    "address": "Strasse",
    "status": "Zustand",
}


def invented(folder: Path, encoding: str = "utf-8") -> Path:
    path = folder / "invented.csv"
    path.write_bytes(
        (
            ",".join(COLUMNS.values()) + ",Ort\n"
            "B-1001,PEN-05,2,Ann Example,13900000006,1 Example Road,neu,Übingen\n"
            "B-1002,MUG-1,1,Bob Example,13900000007,2 Example Road,bezahlt,Sampleton\n"
        ).encode(encoding)
    )
    return path


def test_an_unknown_file_is_mapped_saved_and_imported(
    desk: Desk, pages: Pages, tmp_path: Path
) -> None:
    path = invented(tmp_path)
    refused = pages.ask(desk.import_files, [path], MAIN, lambda *_: None)
    assert refused.code == "import.unknown_columns"
    seen = pages.ask(desk.preview_file, path, "")
    assert isinstance(seen, FilePreview)
    assert seen.headings == (*COLUMNS.values(), "Ort")
    assert len(seen.rows) == 2
    words = pages.ask(desk.status_values, path, seen.encoding, "Zustand")
    assert set(words) == {"neu", "bezahlt"}
    half = MappingChoice("my-shop", {"order_id": "Bestellung"}, {}, seen.encoding)
    problems = pages.ask(desk.check_mapping, path, half)
    assert {one.code for one in problems if one.blocks} == {"missing_field", "no_code"}
    statuses = {"neu": "to_ship", "bezahlt": "to_ship"}
    choice = MappingChoice("my-shop", COLUMNS, statuses, seen.encoding)
    assert not [one for one in pages.ask(desk.check_mapping, path, choice) if one.blocks]
    assert pages.ask(desk.save_mapping, path, choice) == "my-shop"
    report = pages.ask(desk.import_files, [path], MAIN, lambda *_: None)
    assert not isinstance(report, PackStationError), report
    assert (report.accepted, report.refused) == (2, ())
    pages.ask(desk.import_files, [path], MAIN, lambda *_: None)
    found = {row.order_id: row for row in pages.ask(desk.find, OrderQuery(text="B-100")).rows}
    assert found.keys() == {"B-1001", "B-1002"}
    assert all(row.why_not is None for row in found.values())
    again = pages.ask(desk.save_mapping, path, choice)
    assert isinstance(again, PackStationError), "a format is not written over"


def test_another_encoding_is_tried_by_itself(desk: Desk, pages: Pages, tmp_path: Path) -> None:
    seen = pages.ask(desk.preview_file, invented(tmp_path, "cp1252"), "")
    assert isinstance(seen, FilePreview)
    assert len(seen.encodings) > 1
    assert seen.encoding in seen.encodings
    other = pages.ask(desk.preview_file, invented(tmp_path, "cp1252"), seen.encodings[-1])
    assert other.encoding == seen.encodings[-1]


def test_rubbish_is_refused_with_a_reason(desk: Desk, pages: Pages, tmp_path: Path) -> None:
    pdf = tmp_path / "paper.pdf"
    pdf.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n")
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    for path in (pdf, empty, tmp_path / "none.csv"):
        answer = pages.ask(desk.preview_file, path, "")
        assert isinstance(answer, PackStationError)
        assert answer.code != "app.unexpected"


def test_every_problem_of_a_mapping_has_its_words() -> None:
    told = set()
    for module in (mapping, own_profile):
        text = Path(str(module.__file__)).read_text(encoding="utf-8")
        told |= set(re.findall(r'Problem\(\s*"([a-z_]+)"', text))
    assert len(told) > 8
    assert told <= PROBLEMS.keys()
