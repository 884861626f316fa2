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
    "calendars": "holidays and make-up days by country (installer/make_calendars.py)",
    "carriers": "one file a carrier: names, forms and check digits of its numbers, what comes next",
    "components": "one file a platform's print component",
    "deadlines": "one file a platform: dated rules of when an order is due, promotions, exemptions",
    "docs": "guide in Chinese and English, changelog, decisions, coverage of requirements",
    "icons": "the window's own drawings",
    "labels": "label templates in millimetres",
    "locale": "Chinese texts",
    "media": "label stock and rolls",
    "printers": "printer models",
    "samples": "the sample shop: orders, pack barcodes, a shift as a list of scans",
    "scores": "how collection is scored: bands, weights, days",
    "sheets": "one file a layout that goes out: shipments, carrier sheets, exports",
    "shops": "one file a shop format: headings, steps, status words",
    "sounds": "one sound a kind of answer",
    "udev": "the rule that lets the program use USB printers",
    "urges": "headings and words of lists of urge tasks",
}


def filled(text: str) -> str:
    """Return README.md with its drawn parts as they should be."""
    for name, content in (("station", station_picture()), ("tree", tree())):
        begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
        head, _, rest = text.partition(begin)
        _, _, tail = rest.partition(end)
        text = f"{head}{begin}{content}\n{end}{tail}"
    return text


def answers(language: str) -> str:
    """Return every answer and every reason in words, as the window says them."""
    from packstation.core.status import ACCEPTED, Reason, Verdict
    from packstation.i18n import Translator
    from packstation.ui.reason_texts import REASONS
    from packstation.ui.verdict_texts import YES
    from packstation.ui.verdict_words import KINDS, LOOKS, WORDS

    say = Translator(language).text
    blank = dict.fromkeys(FACTS, "…")
    yes = [
        f"| {LOOKS[KINDS[verdict]].sign} {say(WORDS[verdict])} | `{verdict.value}` |"
        f" {say(YES[verdict].sentence, **blank)} | {say(YES[verdict].todo, **blank)} |"
        for verdict in Verdict
        if verdict in ACCEPTED and verdict in YES
    ]
    stops = [
        f"| {LOOKS[KINDS[verdict]].sign} {say(WORDS[verdict])} | `{verdict.value}` |"
        for verdict in Verdict
        if verdict not in ACCEPTED
    ]
    reasons = [
        f"| `{reason.value}` | {say(REASONS[reason].sentence, **blank)} |"
        f" {say(REASONS[reason].todo, **blank)} |"
        for reason in Reason
        if reason in REASONS
    ]
    line4, line3, line2 = "|---|---|---|---|", "|---|---|---|", "|---|---|"
    return "\n".join(
        [
            *("| | | | |", line4, *yes, ""),
            *("| | |", line2, *stops, ""),
            *("| | | |", line3, *reasons),
        ]
    )


FACTS = ("code", "sku", "needed", "scanned", "missing", "order", "bag", "manifest", "detail")
FACTS += ("bags", "parcels", "number", "carrier")
GUIDES = {"guide.en.md": "en", "guide.zh.md": "zh_CN"}


def guide(text: str, language: str) -> str:
    """Return a guide with its list of answers as it should be."""
    begin, end = "<!-- answers:begin -->\n", "<!-- answers:end -->"
    head, _, rest = text.partition(begin)
    return f"{head}{begin}{answers(language)}\n{end}{rest.partition(end)[2]}"


def documents() -> dict[Path, str]:
    """Return every document with drawn parts, as it should be."""
    readme, docs = ROOT / "README.md", ROOT / "resources" / "docs"
    made = {readme: filled(readme.read_text(encoding="utf-8"))}
    for name, language in GUIDES.items():
        made[docs / name] = guide((docs / name).read_text(encoding="utf-8"), language)
    return made


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
