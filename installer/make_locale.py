"""Collects the English sentences of the program, keeps the Chinese catalog, compiles it.

Run it after a sentence was added or changed, and translate what it names:

    python installer/make_locale.py            bring the .po up to date and compile the .mo
    python installer/make_locale.py --check    change nothing; fail when a word is missing or stale
    python installer/make_locale.py --prune    also drop translations that nobody uses any more

Sentences are literals in ``translator.text("…")``, ``translator.plural("…", "…", n)``, ``_("…")``.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from packstation.i18n import CHINESE, DOMAIN, fits  # noqa: E402 - works without an install

FOLDER = ROOT / "resources" / "locale" / CHINESE / "LC_MESSAGES"
PO, MO = FOLDER / f"{DOMAIN}.po", FOLDER / f"{DOMAIN}.mo"

HEADER = """\
# Chinese of PackStation. Sentences are sorted by their English; add and translate freely, then run
# installer/make_locale.py, which sorts, checks and compiles. Words: the word list in README.md.
#"""

Message = str | tuple[str, str]
"""An English sentence, or its singular and plural."""


def messages_in(source: str, name: str = "") -> Iterator[Message]:
    """Yield the sentences of one file.

    Raises:
        SystemExit: when a sentence is put together while running, so that none could be found.
    """
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        match node.func, node.args:
            case ((ast.Attribute(attr="text") | ast.Name(id="_")), [first, *_]):
                words: list[ast.expr] = [first]
            case ast.Attribute(attr="plural"), [one, many, _count, *_]:
                words = [one, many]
            case _:
                continue
        if any(isinstance(word, ast.JoinedStr) for word in words):
            translated = "ui/" in name or "cli" in name
            if translated or isinstance(node.func, ast.Name):
                raise SystemExit(f"{name}:{node.lineno}: an f-string cannot be translated.")
            continue
        literals = [
            word.value
            for word in words
            if isinstance(word, ast.Constant) and isinstance(word.value, str)
        ]
        if len(literals) == len(words) and all(literals):
            yield literals[0] if len(literals) == 1 else (literals[0], literals[1])


def messages(package: Path) -> set[Message]:
    """Return every sentence of the program."""
    return {
        message
        for path in sorted(package.rglob("*.py"))
        for message in messages_in(path.read_text("utf-8"), path.as_posix())
    }


def singular(message: Message) -> str:
    """Return the text by which a catalog knows a message."""
    return message if isinstance(message, str) else message[0]


def catalog_of(text: str) -> Catalog:
    """Read a .po file."""
    return read_po(io.StringIO(text), locale=CHINESE, domain=DOMAIN, abort_invalid=True)


def updated(old: Catalog, wanted: set[Message], *, prune: bool = False) -> Catalog:
    """Return the catalog with exactly the wanted sentences, translations kept."""
    new = Catalog(locale=CHINESE, domain=DOMAIN, header_comment=HEADER, fuzzy=False)
    for message in sorted(wanted, key=singular):
        kept = old.get(singular(message))
        translation = kept.string if kept is not None else ""
        if not isinstance(message, str) and isinstance(translation, str):
            translation = (translation,)
        new.add(message, translation)
    if not prune:
        unused = {entry.id: entry for entry in old if entry.id and entry.string}
        known = {singular(message) for message in wanted}
        new.obsolete.update(old.obsolete)
        for key, entry in unused.items():
            if (key if isinstance(key, str) else key[0]) not in known:
                new.obsolete[key] = entry
    return new


def po_text(catalog: Catalog) -> str:
    """Return a catalog as text: sorted, without dates and places: it changes by words only."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, no_location=True, omit_header=True, sort_output=True)
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: {CHINESE}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return head + out.getvalue().decode("utf-8").lstrip("\n")


def mo_bytes(catalog: Catalog) -> bytes:
    """Return a catalog compiled; the same words always give the same bytes."""
    always = datetime(2025, 1, 1, tzinfo=UTC)
    plain = Catalog(
        locale=CHINESE,
        domain=DOMAIN,
        project="PackStation",
        version="1",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=always,
        revision_date=always,
        fuzzy=False,
    )
    for entry in catalog:
        if entry.id and entry.string:
            plain.add(entry.id, entry.string)
    out = io.BytesIO()
    write_mo(out, plain)
    return out.getvalue()


def faults(catalog: Catalog) -> list[str]:
    """Return what is wrong with a catalog: a sentence without Chinese, other placeholders."""
    found = []
    for entry in catalog:
        if not entry.id:
            continue
        ids = [entry.id] if isinstance(entry.id, str) else list(entry.id)
        strings = [entry.string] if isinstance(entry.string, str) else list(entry.string)
        if not all(strings):
            found.append(f"no Chinese: {ids[0]}")
        elif not all(fits(string, *ids) for string in strings):
            found.append(f"other placeholders: {ids[0]} / {strings[0]}")
    return found


def main(arguments: list[str]) -> int:
    """Do what the command line asks; 1 when something is missing or stale."""
    old_po = PO.read_text("utf-8") if PO.exists() else 'msgid ""\nmsgstr ""\n'
    catalog = updated(
        catalog_of(old_po), messages(ROOT / "packstation"), prune="--prune" in arguments
    )
    po, mo = po_text(catalog), mo_bytes(catalog)
    wrong = faults(catalog)
    if "--check" in arguments:
        if old_po != po:
            wrong.append(f"{PO.name} is not up to date: run installer/make_locale.py")
        if not MO.exists() or MO.read_bytes() != mo:
            wrong.append(f"{MO.name} is not up to date: run installer/make_locale.py")
    else:
        FOLDER.mkdir(parents=True, exist_ok=True)
        PO.write_text(po, "utf-8")
        MO.write_bytes(mo)
    for line in wrong:
        sys.stderr.write(line + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
