"""Every answer and error has a sentence in every shipped language, plain and short."""

from __future__ import annotations

import ast
import itertools
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from packstation.core.codes import Command
from packstation.core.effects import Answer
from packstation.core.events import CodeScanned
from packstation.core.orders import OrderKey, WhyNot
from packstation.core.status import (
    ACCEPTED,
    BagState,
    LabelSource,
    PaperKind,
    ParcelState,
    Phase,
    PrintOutcome,
    Reason,
    StatusKind,
    Verdict,
)
from packstation.errors import PackStationError
from packstation.i18n import CHINESE, ENGLISH, SHIPPED, STRETCHED, Translator, placeholders
from packstation.ui import reason_texts, state_words, verdict_texts
from packstation.ui.texts import ERRORS, ErrorText, explain, explain_error, shown
from packstation.ui.verdict_words import KINDS, LOOKS, WORDS, Kind

SCAN = CodeScanned("6901234567892", datetime(2025, 11, 11, 8, tzinfo=UTC))
FULL = Answer(
    scan=SCAN,
    verdict=Verdict.MATCH,
    phase=Phase.SCANNING,
    order=OrderKey("main/577123456789012345"),
    sku="A-01",
    needed=3,
    scanned=1,
    missing=2,
    bag="PSBAG01000001",
    manifest="PSM01000001",
    detail="2/14",
)
FACTS = {
    "code", "order", "sku", "needed", "scanned", "missing", "bag", "manifest", "detail", "bags",
    "parcels", "other",
}  # fmt: skip


def answer(verdict: Verdict, reason: Reason | None = None, **facts: object) -> Answer:
    return replace(FULL, verdict=verdict, reason=reason, **facts)  # type: ignore[arg-type]  # kwargs


def possible() -> Iterator[Answer]:
    """Every verdict with every reason and phase: more than can happen."""
    for verdict, phase in itertools.product(Verdict, Phase):
        if verdict in ACCEPTED:
            yield answer(verdict, phase=phase)
            yield answer(verdict, phase=phase, order=None, sku=None, bag=None)
            yield answer(verdict, phase=phase, sku=None, missing=0, messages=("Hi",))
        else:
            yield answer(verdict, phase=phase)
            for reason in Reason:
                yield answer(verdict, reason, phase=phase, repaired=True)


@pytest.mark.parametrize("language", [*SHIPPED, STRETCHED])
def test_every_answer_has_a_whole_text_in_every_language(language: str) -> None:
    translator = Translator(language)
    for possibly in possible():
        text = explain(possibly, translator)
        assert text.word
        assert text.sign == LOOKS[text.kind].sign
        assert text.sentence
        assert text.todo
        assert "{" not in text.word + text.sentence + text.todo, possibly


def test_every_chinese_answer_is_chinese() -> None:
    translator = Translator(CHINESE)
    for possibly in possible():
        text = explain(possibly, translator)
        for words in (text.word, text.sentence, text.todo):
            assert re.search(r"[\u4e00-\u9fff]", words), words


def test_an_answer_without_facts_still_reads() -> None:
    bare = Answer(scan=None, verdict=Verdict.MATCH, phase=Phase.IDLE)
    for verdict in Verdict:
        text = explain(replace(bare, verdict=verdict), Translator(ENGLISH))
        assert "None" not in text.sentence
        assert "{" not in text.sentence


def test_the_big_words_are_those_of_the_word_list() -> None:
    chinese = Translator(CHINESE)
    said = {verdict.name: chinese.text(WORDS[verdict]) for verdict in Verdict}
    expected = {
        "READY": "请扫描",
        "MATCH": "正确",
        "LINE_COMPLETE": "此行已齐",
        "ORDER_COMPLETE": "已验齐",
        "WRONG_ITEM": "错件：不属于此单",
        "OVER_QUANTITY": "多件：数量已满",
        "UNKNOWN_CODE": "未知条码",
        "AMBIGUOUS_CODE": "条码对应多个商品",
        "REPEATED_SCAN": "重复扫描",
        "NOT_NOW": "请稍候",
        "ORDER_NOT_FOUND": "找不到订单",
        "ALREADY_SEALED": "此单已打包",
        "ON_HOLD": "拦截件",
        "LABEL_FAILED": "面单未打出",
        "WRONG_LABEL": "面单不符",
        "WRONG_CARRIER": "快递公司不符",
        "ALREADY_HANDED_OVER": "已交接",
        "NOT_SEALED": "未打包，不能交接",
        "ORDER_OPENED": "订单已打开",
        "SEALED": "面单相符，已封箱",
        "BAG_OPENED": "新集包袋",
        "BAGGED": "已入袋",
        "BAG_SEALED": "袋已封",
        "BAG_COUNTED": "已清点",
        "HANDOVER_OPENED": "交接开始",
        "HANDED_OVER": "已交接完成",
        "UNDONE": "已撤销",
        "PAUSED": "已暂停",
        "HELD": "已拦下",
        "ACKNOWLEDGED": "已确认",
        "SET_ASIDE": "已放入错件盘",
        "CANCELLED": "订单已取消",
        "NOT_ELIGIBLE": "不可发货",
        "BAG_IS_SEALED": "袋已封，不能再放",
        "ALREADY_BAGGED": "已在袋中",
        "IS_A_WAYBILL": "这是面单，不是商品",
        "OUT_OF_PLACE": "此时不能使用",
        "OTHER_STATION": "别的打包台正在处理",
        "NOT_ALLOWED": "没有权限",
        "REPRINTED": "正在补打",
        "NOT_SAVED": "没有存上",
        "RECALLED": "已出袋",
        "OLD_LABEL": "旧面单，请撕掉",
    }
    assert said == expected


def test_every_verdict_has_one_kind_and_every_kind_its_own_look() -> None:
    assert set(KINDS) == set(WORDS) == set(Verdict)
    assert set(LOOKS) == set(Kind)
    assert len({look.sign for look in LOOKS.values()}) == len(Kind)
    assert len({look.background for look in LOOKS.values()}) >= 6


def test_no_stop_looks_or_sounds_like_a_yes() -> None:
    yes = {Kind.OK, Kind.LINE, Kind.COMPLETE, Kind.INFO}
    for verdict in Verdict:
        assert (KINDS[verdict] in yes) is (verdict in ACCEPTED), verdict


@pytest.mark.parametrize("kind", Kind)
def test_every_look_can_be_read(kind: Kind) -> None:
    """WCAG 2.2, 1.4.3: contrast of at least 4.5 to 1."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted(map(luminance, (LOOKS[kind].background, LOOKS[kind].foreground)))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_every_reason_and_every_yes_has_its_text() -> None:
    assert set(reason_texts.REASONS) == set(Reason)
    parts = (reason_texts.AT_THE_BENCH, reason_texts.AT_THE_DOCK, reason_texts.NOT_TO_SHIP)
    assert sum(map(len, parts)) == len(Reason)
    assert set(verdict_texts.YES) == ACCEPTED


def test_texts_use_only_facts_of_an_answer() -> None:
    tables = [
        *reason_texts.REASONS.values(),
        *verdict_texts.YES.values(),
        *verdict_texts.SPECIAL.values(),
        *verdict_texts.STOPS.values(),
    ]
    for text in tables:
        assert placeholders(text.sentence) | placeholders(text.todo) <= FACTS, text


def test_sentences_are_short() -> None:
    for text in [*reason_texts.REASONS.values(), *verdict_texts.YES.values()]:
        assert len(text.sentence) <= 95, text.sentence
        assert len(text.todo) <= 80, text.todo


TABLES: list[tuple[type[Enum], Mapping[Any, str]]] = [
    (Phase, state_words.PHASES),
    (ParcelState, state_words.PARCEL_STATES),
    (BagState, state_words.BAG_STATES),
    (PrintOutcome, state_words.OUTCOMES),
    (LabelSource, state_words.LABEL_SOURCES),
    (PaperKind, state_words.PAPER_KINDS),
    (StatusKind, state_words.STATUSES),
    (WhyNot, state_words.WHY_NOT),
    (Command, state_words.COMMANDS),
]


@pytest.mark.parametrize(("states", "words"), TABLES)
def test_every_state_has_a_word(states: type[Enum], words: Mapping[Any, str]) -> None:
    assert set(words) == set(states)
    assert all(words.values())


def test_the_commands_are_called_as_on_their_sheet() -> None:
    """A sentence that says "Scan BAG" means the sheet's BAG, in both languages."""
    english = {command.name for command in Command} | {"TRAY"}
    chinese = Translator(CHINESE)
    names = {chinese.text(word).split("(")[0] for word in state_words.COMMANDS.values()}
    names.add(chinese.text(state_words.TRAY).split("(")[0])
    for possibly in possible():
        said = explain(possibly, Translator(ENGLISH))
        assert set(re.findall(r"\b[A-Z]{4,}\b", said.todo)) <= english | {"PSBAG", "SKU"}, said
        said = explain(possibly, chinese)
        assert set(re.findall(r"「(.+?)」", said.sentence + said.todo)) <= names, said


K = OrderKey("main/577123")
SAID = [
    (
        answer(Verdict.OVER_QUANTITY, Reason.LINE_FULL, scanned=3),
        "A-01: all 3 are in the box already. This one was not counted.",
        "Do not put it in. Put it into the tray.",
    ),
    (
        answer(Verdict.CANCELLED, Reason.CANCELLED),
        "Order 577123456789012345 is cancelled. It must not go.",
        "Do not send it. Put it aside. Then scan OK.",
    ),
    (
        answer(Verdict.LABEL_FAILED, Reason.LABEL_NOT_OUT, detail="printer.no_paper"),
        "The label did not come out. The parcel is not finished. Cause: No paper.",
        "Check paper, cover and cable of the printer. Then scan REPRINT.",
    ),
    (
        answer(Verdict.NOT_ELIGIBLE, Reason.NO_NUMBER_LEFT, phase=Phase.LABELLING),
        "The tracking numbers of this carrier are used up. No label can be printed.",
        "Scan PAUSE and tell the office. When it is put right, scan REPRINT.",
    ),
    (
        answer(Verdict.NOT_ELIGIBLE, Reason.ORDER_CHANGED),
        "Order 577123456789012345 was changed just now. The old counts are not valid.",
        "Take all items out of the box. Then scan OK.",
    ),
    (
        answer(Verdict.HANDED_OVER, phase=Phase.IDLE),
        "Handover PSM01000001 is closed. Bags: 2, parcels: 14.",
        "Take the receipt and let the courier sign it.",
    ),
    (
        answer(Verdict.MATCH, repaired=True),
        "A-01: 1 of 3 are in. 2 still missing in this order. "
        "The letters had to be put right: check Caps Lock and the input method.",
        "Scan the next item.",
    ),
    (
        answer(Verdict.ALREADY_HANDED_OVER, Reason.HANDED_OVER, detail="PSM01000001"),
        "The courier took this one with handover PSM01000001.",
        "Put the parcel aside and call the supervisor.",
    ),
    (
        answer(Verdict.WRONG_ITEM, Reason.NOT_IN_ORDER, sku=None),
        "This item does not belong to this order. It was not counted.",
        "Put it into the tray and take the right item.",
    ),
    (
        answer(
            Verdict.WRONG_LABEL, Reason.OTHER_PARCEL_HAS_IT, other=OrderKey("main/577999"), order=K
        ),
        "This is the label of order 577999. Order 577123 is open here and not sealed.",
        "Take this label off and find the right one. Then scan OK.",
    ),
    (
        answer(Verdict.ORDER_COMPLETE, detail="label_unknown", order=K),
        "Everything for order 577123 is in. Nobody knows whether its label came out.",
        "Look for it: scan the label, or scan REPRINT if there is none.",
    ),
    (
        answer(Verdict.LABEL_FAILED, Reason.LABEL_BLOCKED, detail="printer.no_paper", order=K),
        "The printer takes nothing: the label of order 577123 waits. Cause: No paper.",
        "Put the printer right: the label comes by itself. To give it up, scan REPRINT.",
    ),
    (
        answer(Verdict.NOT_SAVED, Reason.CANNOT_SAVE, detail="store.disk_full"),
        "The last scan could not be saved. Nothing more can be counted. Cause: Disk full.",
        "Stop packing. Check that the disk is not full, then start the program again.",
    ),
]


@pytest.mark.parametrize(("given", "sentence", "todo"), SAID)
def test_an_answer_says_what_happened_and_what_to_do(
    given: Answer, sentence: str, todo: str
) -> None:
    said = explain(given, Translator(ENGLISH))
    assert (said.sentence, said.todo) == (sentence, todo)


def test_chinese_sentences_are_joined_without_a_blank() -> None:
    said = explain(answer(Verdict.CANCELLED, Reason.CANCELLED), Translator(CHINESE))
    assert said.todo == "不要发出，放到一边。然后扫「确认」。"


@pytest.mark.parametrize(
    "text",
    ["<img src=http://127.0.0.1:9/x>", "a\x1b]0;x\x07b", "\u202eabc", "x" * 500, "{order}", "a\nb"],
)
def test_a_scanned_code_is_shown_plain_and_short(text: str) -> None:
    scan = CodeScanned(text, SCAN.at)
    said = explain(answer(Verdict.UNKNOWN_CODE, Reason.NOT_KNOWN, scan=scan), Translator(ENGLISH))
    assert said.sentence == f"No product has the code {shown(text)}. Nothing was counted."
    assert len(shown(text)) <= 28
    assert shown(text).isprintable()


# Errors.

HEADS = "app|bench|data_file|demo|import|numbers|orders|print|printer|receipt|settings|sheets|store"
HEADS += "|batch|component|labels|mapping|orders|paper|people|shipments|sync"
CODE = re.compile(rf"(?:{HEADS})\.[a-z][a-z0-9_]*")
FILE_NAMES = re.compile(r".*\.(csv|db|json|log|png|py|tsv|toml|txt|xlsx)")


def error_codes(source: str) -> set[str]:
    """Every text in the source that has the form of an error code."""
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
        and not FILE_NAMES.fullmatch(node.value)
    }


def raised_codes(source: str) -> set[str]:
    """First arguments and ``code=`` of every call that makes an error."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            given = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "code")]
            found |= {
                value.value
                for value in given
                if name.endswith("Error")
                and isinstance(value, ast.Constant)
                and isinstance(value.value, str)
                and re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", value.value)
            }
    return found


def sources(checkout: Path) -> dict[str, str]:
    package = checkout / "packstation"
    return {
        path.relative_to(package).as_posix(): path.read_text("utf-8")
        for path in package.rglob("*.py")
        if "error_texts" not in path.name
    }


def test_every_error_code_has_a_text(checkout: Path) -> None:
    missing = {
        f"{code} in {name}"
        for name, source in sources(checkout).items()
        for code in error_codes(source) | raised_codes(source)
        if code not in ERRORS
    }
    assert missing == set()


def test_no_text_is_for_an_error_that_cannot_happen(checkout: Path) -> None:
    known = {
        code
        for source in sources(checkout).values()
        for code in error_codes(source) | raised_codes(source)
    }
    assert set(ERRORS) - known == set()


def test_a_planted_error_code_is_found() -> None:
    assert raised_codes('raise StoreError("queue.full", "x")') == {"queue.full"}
    assert raised_codes('raise SyncError(code="queue.full", message="x")') == {"queue.full"}
    assert error_codes('CODES = {1: ("store.gone", "is gone")}') == {"store.gone"}


@pytest.mark.parametrize("language", [*SHIPPED, STRETCHED])
@pytest.mark.parametrize("code", sorted(ERRORS))
def test_every_error_is_said_in_every_language(code: str, language: str) -> None:
    known = ERRORS[code]
    names = placeholders(known.sentence) | placeholders(known.fix)
    error = PackStationError(code, "It did.", fix="Do.", **dict.fromkeys(names, "X7"))
    said = explain_error(error, Translator(language))
    assert "{" not in said.title + said.sentence + said.fix
    if language == ENGLISH:
        assert said == ErrorText(known.title, "It did.", "Do.")
    elif language == CHINESE:
        assert re.search(r"[\u4e00-\u9fff]", said.title)
        assert re.search(r"[\u4e00-\u9fff]", said.sentence)
        assert ("X7" in said.sentence + said.fix) is bool(names)


def test_an_error_without_a_text_or_without_its_facts_speaks_for_itself() -> None:
    chinese = Translator(CHINESE)
    strange = PackStationError("strange.thing", "A strange thing.", fix="Look.")
    assert explain_error(strange, chinese) == ErrorText(
        "strange.thing", "A strange thing.", "Look."
    )
    bare = PackStationError("import.empty_file", "orders.csv is empty.", fix="Again.")
    assert explain_error(bare, chinese) == ErrorText("空文件", "orders.csv is empty.", "Again.")


def test_the_texts_need_no_qt() -> None:
    code = "import sys, packstation.ui.texts; print(any('PySide' in m for m in sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.strip() == "False"
