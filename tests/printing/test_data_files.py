"""Data files of paper: every one that is shipped loads; a wrong one is named with key and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from packstation.errors import ComposeError, DataFileError
from packstation.printing.bag_label import BAG_VALUES
from packstation.printing.label_template import load_template
from packstation.printing.media import load_media, load_printer
from packstation.printing.waybill_label import WAYBILL_VALUES
from packstation.printing.words import LANGUAGES, words_for
from tests.printing.paper import RESOURCES


def keys(folder: str) -> list[str]:
    return sorted(path.stem for path in (RESOURCES / folder).glob("*.toml"))


@pytest.mark.parametrize("key", keys("media"))
def test_shipped_media_load(key: str) -> None:
    assert load_media(RESOURCES / "media", key).key == key


@pytest.mark.parametrize("key", keys("printers"))
def test_shipped_printers_load(key: str) -> None:
    printer = load_printer(RESOURCES / "printers", key)
    assert printer.dots(100) == 100 * printer.dots_per_mm


@pytest.mark.parametrize("key", keys("labels"))
def test_shipped_labels_load(key: str) -> None:
    values = BAG_VALUES if key.startswith("bag") else WAYBILL_VALUES
    template = load_template(RESOURCES, key, values)
    assert template.key == key
    assert template.slots


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("width_mm = 100", "width_mm = 'wide'", "width_mm", "a number is needed"),
        ("width_mm = 100", "width_mm = true", "width_mm", "a number is needed"),
        ("width_mm = 100", "width_mm = 9999", "width_mm", "9999 is not between 20 and 220"),
        ("gap_mm = 2", "gap_mn = 2", "gap_mn", "unknown key"),
        ('name = "100 x 150 mm labels"', 'name = " "', "name", "a text is needed"),
        ('name = "100 x 150 mm labels"', "", "name", "a text is needed"),
    ],
)
def test_wrong_media_is_named_with_key_and_line(
    tmp_path: Path, old: str, new: str, key: str, problem: str
) -> None:
    text = (RESOURCES / "media" / "100x150.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "m.toml").write_text(text.replace(old, new), "utf-8")
    lines = text.replace(old, new).splitlines()
    place = next((n for n, one in enumerate(lines, 1) if one.startswith(key)), 1)
    with pytest.raises(DataFileError, match=re.escape(problem)) as refusal:
        load_media(tmp_path, "m")
    assert refusal.value.facts == {"file": "m.toml", "key": key, "line": place}


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('value = "sorting"', 'value = "secret"', "text[1].value"),
        ('align = "right"', 'align = "rigth"', "text[1].align"),
        ("max_lines = 2", "max_lines = 2.5", "text[0].max_lines"),
        ('when = "reprint"', 'when = "nothing"', "block[0].when"),
        ("optional = true", 'optional = "yes"', "barcode[2].optional"),
        ('value = "copy_code"', 'value = "password"', "barcode[0].value"),
        ('symbology = "code128"', 'symbology = "code39"', "barcode[0].symbology"),
        ("version = 2", "version = 0", "version"),
        ("version = 2", "version = 2\nline = 7", "line"),
        ("version = 2", "version = 2\nline = [7]", "line"),
        ('media = "100x150"', 'media = "receipt-80"', "media"),
    ],
)
def test_wrong_template_is_named_with_its_table(
    tmp_path: Path, old: str, new: str, where: str
) -> None:
    shutil.copytree(RESOURCES / "media", tmp_path / "media")
    text = (RESOURCES / "labels" / "waybill-100x150.toml").read_text("utf-8")
    if new.startswith("version") and "line" in new:
        text = text.split("[[frame]]")[0]
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "w.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DataFileError) as refusal:
        load_template(tmp_path, "w", WAYBILL_VALUES)
    assert refusal.value.facts["key"] == where
    line = text.replace(old, new, 1).splitlines()[int(str(refusal.value.facts["line"])) - 1]
    assert new.splitlines()[-1] in line


def test_file_that_is_no_toml_or_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("width_mm = ?\n", "utf-8")
    with pytest.raises(DataFileError, match=r"m\.toml is not valid TOML.*line 1"):
        load_media(tmp_path, "m")
    with pytest.raises(DataFileError, match=r"absent\.toml cannot be read"):
        load_media(tmp_path, "absent")


def test_head_must_be_whole_bytes(tmp_path: Path) -> None:
    text = (RESOURCES / "printers" / "virtual-tspl.toml").read_text("utf-8")
    (tmp_path / "p.toml").write_text(text.replace("832", "833"), "utf-8")
    with pytest.raises(DataFileError, match="833 is not a multiple of 8"):
        load_printer(tmp_path, "p")


def told(value: object) -> object:
    """Return what two languages must have in common: names, keys and placeholders."""
    match value:
        case str():
            return sorted(re.findall(r"\{\w+\}", value))
        case tuple():
            return [told(item) for item in value]
        case Mapping():
            return {key: told(item) for key, item in value.items()}
        case _:
            return {name: told(getattr(value, name)) for name in dir(value) if name[0] != "_"}


def test_placeholders_are_the_same_in_all_languages() -> None:
    first, *others = [words_for(language) for language in LANGUAGES]
    for other in others:
        assert told(first) == told(other)


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ComposeError, match="'tlh'"):
        words_for("tlh")
