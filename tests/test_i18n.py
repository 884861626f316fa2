"""Languages: what is said, in which one, and what is refused."""

from __future__ import annotations

import importlib.util
import logging
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from packstation.i18n import (
    CHINESE,
    ENGLISH,
    LANGUAGES,
    SHIPPED,
    STRETCHED,
    Translator,
    filled,
    fits,
    stretched,
    system_language,
)
from packstation.paths import resources


@pytest.fixture(scope="session")
def maker(checkout: Path) -> ModuleType:
    """The tool that keeps the catalogs."""
    path = checkout / "installer" / "make_locale.py"
    spec = importlib.util.spec_from_file_location("make_locale", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def with_catalog(maker: ModuleType, folder: Path, words: dict[str, str]) -> Translator:
    """A Chinese translator with a catalog of its own."""
    catalog = maker.catalog_of('msgid ""\nmsgstr ""\n')
    for english, chinese in words.items():
        catalog.add(english, chinese)
    place = folder / CHINESE / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "packstation.mo").write_bytes(maker.mo_bytes(catalog))
    return Translator(CHINESE, folder=folder)


def test_every_sentence_has_its_chinese_and_the_catalog_is_compiled(
    maker: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    result = maker.main(["--check"])
    assert (result, capsys.readouterr().err) == (0, "")


def test_the_language_changes_while_the_program_runs() -> None:
    translator = Translator(ENGLISH)
    assert translator.text("WRONG ITEM") == "WRONG ITEM"
    translator.set_language(CHINESE)
    assert translator.text("WRONG ITEM") == "错件：不属于此单"
    assert translator.paper_language == "zh"
    translator.set_language(ENGLISH)
    assert translator.text("WRONG ITEM") == "WRONG ITEM"
    assert translator.paper_language == "en"


def test_placeholders_are_filled_by_name() -> None:
    translator = Translator(CHINESE)
    said = translator.text("Bag {bag} is open.", bag="PSBAG01000001")
    assert said == "袋 PSBAG01000001 已打开。"


@pytest.mark.parametrize("value", ["{order}", "{0.__class__}", "%s", "{", "<b>x</b>", "\\"])
def test_a_value_is_text_and_never_a_template(value: str) -> None:
    said = Translator(ENGLISH).text("Bag {bag} is open.", bag=value, order="5771")
    assert said == f"Bag {value} is open."


def test_a_missing_value_leaves_its_name_and_never_raises() -> None:
    assert Translator(ENGLISH).text("Bag {bag} is open.") == "Bag {bag} is open."
    assert filled("{a}{b}", {"a": 1}) == "1{b}"


def test_an_unknown_sentence_is_said_in_english() -> None:
    assert Translator(CHINESE).text("Nobody translated this {n}.", n=3) == (
        "Nobody translated this 3."
    )
    assert Translator(CHINESE).text("") == ""


@pytest.mark.parametrize(
    "bad",
    [
        "袋 {beg} 已打开",
        "袋已打开",
        "袋 {bag} {order}",
        "袋 {bag.__class__}",
        "袋 {bag!r}",
        "袋 {0}",
        "{",
    ],
)
def test_a_translation_with_other_placeholders_is_refused(
    maker: ModuleType, tmp_path: Path, bad: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert not fits(bad, "Bag {bag} is open.")
    translator = with_catalog(maker, tmp_path, {"Bag {bag} is open.": bad})
    with caplog.at_level(logging.WARNING):
        said = [translator.text("Bag {bag} is open.", bag="B1") for _ in range(3)]
    assert said == ["Bag B1 is open."] * 3
    assert len(caplog.records) == 1


def test_counts_choose_their_form(maker: ModuleType, tmp_path: Path) -> None:
    english = Translator(ENGLISH)
    said = [english.plural("{count} order", "{count} orders", count) for count in (0, 1, 2)]
    assert said == ["0 orders", "1 order", "2 orders"]
    catalog = maker.catalog_of('msgid ""\nmsgstr ""\n')
    catalog.add(("{count} order", "{count} orders"), ("{count} 个订单",))
    place = tmp_path / CHINESE / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "packstation.mo").write_bytes(maker.mo_bytes(catalog))
    chinese = Translator(CHINESE, folder=tmp_path)
    said = [chinese.plural("{count} order", "{count} orders", count) for count in (1, 2)]
    assert said == ["1 个订单", "2 个订单"]


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"\xde\x12\x04\x95" + b"\xff" * 40])
def test_a_missing_or_damaged_catalog_is_english(
    tmp_path: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    if content is not None:
        place = tmp_path / CHINESE / "LC_MESSAGES"
        place.mkdir(parents=True)
        (place / "packstation.mo").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        translator = Translator(CHINESE, folder=tmp_path)
    assert translator.text("OK") == "OK"
    assert len(caplog.records) == 1


def test_a_language_that_is_not_shipped_is_english() -> None:
    assert Translator("tlh").language == ENGLISH


def test_the_stretched_language_is_a_third_longer_and_keeps_placeholders() -> None:
    translator = Translator(STRETCHED)
    english = "Bag {bag} is counted. Parcels in it: {detail}."
    said = translator.text(english, bag="B1", detail=2)
    assert "B1" in said
    assert "2" in said
    assert len(stretched(english)) >= 1.3 * len(english)
    assert fits(stretched(english), english)
    assert translator.plural("{count} order", "{count} orders", 2).startswith("[2 ")
    assert set(LANGUAGES) - set(SHIPPED) == {STRETCHED}


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_TW"}, CHINESE),
        ({"LANG": "de_DE.UTF-8"}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, ENGLISH),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, CHINESE),
    ],
)
def test_the_first_language_is_that_of_the_system(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_language() == language
    assert Translator().language == language


def test_without_a_word_from_the_system_a_language_is_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert system_language() in SHIPPED


def test_sentences_are_found_where_they_stand(maker: ModuleType) -> None:
    source = """
translator.text("One {a}.", a=1)
self._translator.text("Two" " words.")
t.plural("{count} bag", "{count} bags", n)
TABLE = {1: _("Three.")}
other.text(line.text + "no")
other.text(b"no")
"""
    assert set(maker.messages_in(source)) == {
        "One {a}.",
        "Two words.",
        ("{count} bag", "{count} bags"),
        "Three.",
    }


@pytest.mark.parametrize("source", ['_(f"Bag {bag}")', 'translator.text(f"Bag {bag}")'])
def test_an_f_string_is_refused(maker: ModuleType, source: str) -> None:
    with pytest.raises(SystemExit):
        list(maker.messages_in(source, "packstation/ui/page.py"))


def test_faults_of_a_catalog_are_named(maker: ModuleType) -> None:
    catalog = maker.catalog_of('msgid ""\nmsgstr ""\n')
    catalog.add("Bag {bag}.", "袋。")
    catalog.add("Order.", "")
    assert maker.faults(catalog) == ["other placeholders: Bag {bag}. / 袋。", "no Chinese: Order."]


def test_a_catalog_keeps_translations_and_drops_nothing_unasked(maker: ModuleType) -> None:
    catalog = maker.catalog_of('msgid ""\nmsgstr ""\n')
    catalog.add("Old.", "旧。")
    catalog.add("Kept.", "留。")
    updated = maker.updated(catalog, {"Kept.", "New."})
    text = maker.po_text(updated)
    assert 'msgid "Kept."\nmsgstr "留。"' in text
    assert '#~ msgid "Old."' in text
    assert maker.po_text(maker.updated(maker.catalog_of(text), {"Kept.", "New."})) == text
    pruned = maker.po_text(maker.updated(maker.catalog_of(text), {"Kept."}, prune=True))
    assert "Old." not in pruned


def test_resources_are_found_beside_the_package_or_inside_it(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert resources() == checkout / "resources"
    package = tmp_path / "packstation"
    (package / "resources").mkdir(parents=True)
    shutil.copy(checkout / "packstation" / "paths.py", package)
    spec = importlib.util.spec_from_file_location("paths_of_a_wheel", package / "paths.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.resources() == package / "resources"
