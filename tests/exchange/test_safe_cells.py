"""No cell of a file that we write is a formula, and no number in it is changed."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.errors import PackStationError
from packstation.exchange.safe_cells import Exact, exact, looks_like_formula, neutral, safe
from packstation.exchange.sheet_files import csv_bytes, tsv_bytes, xlsx_bytes

SIGNS = "=+-@\t\r＝＋－＠"
HIDDEN = "  \u00a0\ufeff\u200b\u2060\u3000"
HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A",
    " =1", "\u00a0=1", "\ufeff=1", "\u200b+1", "a\n=cmd|' /C calc'!A0", "a\r\n @x", "a\u2028=1",
    "\x01=1", "\ud800=1",
]  # fmt: skip
TEXTS = st.text(st.sampled_from(SIGNS + HIDDEN + "\n\r'a1,;\"|") | st.characters(), max_size=12)


def opens_as_formula(text: str) -> bool:
    """The rule of design/faults.md A4 said once more, by hand."""
    for line in text.replace("\r\n", "\n").splitlines() or [""]:
        if line[:1] in ("\t", "\r"):
            return True
        bare = line.lstrip(HIDDEN)
        if bare[:1] and bare[:1] in SIGNS:
            return True
    return text[:1] in ("\t", "\r")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_run_stands_behind_an_apostrophe(text: str) -> None:
    assert "'" in neutral(text)
    assert not opens_as_formula(neutral(text))


@given(TEXTS)
def test_no_text_is_a_formula_afterwards(text: str) -> None:
    written = neutral(text)
    assert not looks_like_formula(written)
    assert not opens_as_formula(written)
    assert neutral(written) == written


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=12))
def test_plain_texts_stay_as_they_are(text: str) -> None:
    if not opens_as_formula(text):
        assert neutral(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["-12", "=1", "a\nb", 'a"b', "a\tb", "＋86"])
def test_a_number_is_refused_and_never_changed(text: str) -> None:
    with pytest.raises(PackStationError) as caught:
        safe(Exact(text))
    assert caught.value.code == "sheets.looks_like_formula"
    assert exact("260517-607198974340000") == "260517-607198974340000"


def test_no_cell_of_a_workbook_is_a_formula_or_an_error() -> None:
    texts = [*HOSTILE, "#N/A", "#REF!", "TRUE", "1E5"]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([[text, 7] for text in texts])))
    cells = [row[0] for row in book.active.iter_rows()]  # type: ignore[union-attr]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(opens_as_formula(str(cell.value)) for cell in cells)


def test_no_cell_of_a_csv_is_a_formula_under_any_delimiter() -> None:
    content = csv_bytes([["a;=1", "b,=2", text] for text in HOSTILE])
    assert content.startswith(b"\xef\xbb\xbf")
    for delimiter in ",;\t":
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter)
        first = [row[0] for row in rows]
        assert not any(opens_as_formula(cell) for cell in first)
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert not any(opens_as_formula(cell) for row in rows for cell in row)


def test_a_tab_separated_file_has_no_cell_that_parts_another() -> None:
    assert tsv_bytes([["a", 1], ["お", 2]], encoding="cp932") == "a\t1\r\nお\t2\r\n".encode("cp932")
    with pytest.raises(PackStationError):
        tsv_bytes([["a\tb"]], encoding="utf-8")
    with pytest.raises(PackStationError) as caught:
        tsv_bytes([["圆通Ü"]], encoding="cp932")
    assert caught.value.code == "sheets.not_in_encoding"


def test_a_spreadsheet_program_sees_no_formula(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice here; openpyxl and csv have looked above")
    (tmp_path / "in.csv").write_bytes(csv_bytes([[text] for text in HOSTILE]))
    command = [office, "--headless", "--convert-to", "fods", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "in.csv")], check=True, capture_output=True)
    assert "table:formula" not in (tmp_path / "in.fods").read_text("utf-8")
