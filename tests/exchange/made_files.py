"""Builders of shop files, good and bad, that the tests of this room share."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from packstation.core.imports import ImportSettings, ParsedFiles
from packstation.core.orders import ImportedOrder
from packstation.exchange.order_import import read_files
from packstation.exchange.profile_files import load_profiles

ROOT = Path(__file__).resolve().parents[2]
PROFILES = load_profiles(ROOT / "resources" / "shops")
SETTINGS = ImportSettings(timezone="+08:00")

HEADINGS = ("订单号", "商品编码", "商品名称", "数量", "收件人", "电话", "地址")
TWO_ORDERS = (
    ("A-0001", "S-1", "杯子", "1", "张三", "13000000001", "样例街1号"),
    ("A-0002", "S-2", "毛巾", "2", "李四", "13000000002", "样例街2号"),
)

WORKBOOK_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'  # noqa: E501
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'  # noqa: E501
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'  # noqa: E501
        "</Types>"
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'  # noqa: E501
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'  # noqa: E501
        "</Relationships>"
    ),
}
SHEET_START = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
SHEET_END = "</sheetData></worksheet>"


def text_cell(reference: str, words: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{words}</t></is></c>'


def workbook_by_hand(rows: str, *, after: str = "", before: str = "", merge: str = "") -> bytes:
    """A workbook of one sheet written part by part, so that it can hold what no program writes."""
    end = SHEET_END
    if merge:
        merged = f'<mergeCells count="1"><mergeCell ref="{merge}"/></mergeCells></worksheet>'
        end = end.replace("</worksheet>", merged)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in WORKBOOK_PARTS.items():
            archive.writestr(name, xml)
        archive.writestr("xl/worksheets/sheet1.xml", before + SHEET_START + rows + end + after)
    return made.getvalue()


def heading_row(headings: Sequence[str] = HEADINGS) -> str:
    cells = "".join(text_cell(f"{chr(65 + n)}1", words) for n, words in enumerate(headings))
    return f'<row r="1">{cells}</row>'


def csv_text(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> str:
    made = io.StringIO()
    csv.writer(made).writerows([headings, *rows])
    return made.getvalue()


def csv_file(
    folder: Path,
    rows: Sequence[Sequence[str]] = TWO_ORDERS,
    *,
    headings: Sequence[str] = HEADINGS,
    encoding: str = "utf-8",
    name: str = "orders.csv",
) -> Path:
    path = folder / name
    path.write_bytes(csv_text(rows, headings).encode(encoding))
    return path


def read(path: Path, settings: ImportSettings = SETTINGS) -> ParsedFiles:
    return read_files([path], settings, profiles=PROFILES)


def by_id(parsed: ParsedFiles) -> dict[str, ImportedOrder]:
    return {one.order.order_id: one for one in parsed.orders}
