"""Fills the drawn parts of README.md: the station's picture and the tree of files.

Run it after adding a file or a move of the station; a test fails while README.md is behind.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def station_picture() -> str:
    """Return the station's table as a picture."""
    from packstation.core.decide import TABLE

    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> IDLE"]
    for before, moves in TABLE.items():
        for cause, targets in moves.items():
            lines += [f"    {before.value} --> {after.value}: {cause}" for after in sorted(targets)]
    return "\n".join([*lines, "```"])


def first_line(path: Path) -> str:
    """Return the first line of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.split("\n", 1)[0]


def tree() -> str:
    """Return every module of the package with its first line, and the folders of resources."""
    lines = ["```"]
    package = ROOT / "packstation"
    rooms = sorted(path for path in package.iterdir() if (path / "__init__.py").is_file())
    modules = [package / "__init__.py", *sorted(package.glob("[!_]*.py"))]
    lines.append("packstation/")
    lines += [f"  {path.name:<26} {first_line(path)}" for path in modules]
    for room in rooms:
        lines.append(f"  {room.name + '/':<26} {first_line(room / '__init__.py')}")
        lines += [f"    {p.name:<24} {first_line(p)}" for p in sorted(room.glob("[!_]*.py"))]
    lines.append("resources/")
    for folder, what in RESOURCES.items():
        lines.append(f"  {folder + '/':<26} {what}")
    return "\n".join([*lines, "```"])


RESOURCES = {
    "carriers": "one file a carrier: names, forms of its numbers, which number comes next",
    "docs": "guide in Chinese and English, changelog, decisions, coverage of requirements",
    "labels": "label templates in millimetres",
    "locale": "Chinese texts",
    "media": "label stock and paper",
    "printers": "printer models",
    "samples": "the sample shop: orders, pack barcodes, a shift as a list of scans",
    "shops": "one file a shop format: headings, steps, status words",
    "sounds": "one sound a kind of answer",
}


def filled(text: str) -> str:
    """Return README.md with its drawn parts as they should be."""
    for name, content in (("station", station_picture()), ("tree", tree())):
        begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
        head, _, rest = text.partition(begin)
        _, _, tail = rest.partition(end)
        text = f"{head}{begin}{content}\n{end}{tail}"
    return text


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    readme = ROOT / "README.md"
    readme.write_text(filled(readme.read_text(encoding="utf-8")), encoding="utf-8")
