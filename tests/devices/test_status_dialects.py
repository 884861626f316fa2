"""What printers say of themselves, bit by bit; anything not understood is unknown."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from packstation.devices import printer_faults
from packstation.devices.printer_faults import SENTENCES
from packstation.devices.status_dialects import (
    CODES,
    MENDABLE,
    QUESTIONS,
    read_epl_status,
    read_escpos_status,
    read_port_status,
    read_status,
    read_tspl_status,
    read_zpl_status,
)
from packstation.ports import PrinterState as Is
from packstation.printing.media import StatusDialect


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"\x18", Is.READY),
        (b"\x38", Is.NO_PAPER),
        (b"\x30", Is.NO_PAPER),
        (b"\x10", Is.ERROR),
        (b"\x00", Is.ERROR),
        (b"\x08", Is.PAUSED),
        (b"\x58", Is.UNKNOWN),
        (b"", Is.UNKNOWN),
        (b"\x18\x18", Is.UNKNOWN),
    ],
)
def test_port_status(answer: bytes, state: Is) -> None:
    assert read_port_status(answer).state is state


@pytest.mark.parametrize(
    ("bits", "state"),
    [
        (0x00, Is.READY),
        (0x20, Is.READY),
        (0x01, Is.COVER_OPEN),
        (0x02, Is.ERROR),
        (0x04, Is.NO_PAPER),
        (0x05, Is.COVER_OPEN),
        (0x08, Is.RIBBON_OUT),
        (0x10, Is.PAUSED),
        (0x80, Is.ERROR),
        (0x40, Is.UNKNOWN),
        (0xFF, Is.UNKNOWN),
    ],
)
def test_tspl(bits: int, state: Is) -> None:
    assert read_tspl_status(bytes([bits])).state is state


def zpl(place: str = "", value: str = "1", *, batch: str = "00000000") -> bytes:
    """The three strings of ~HS with one field changed."""
    fields = {
        "paper": "0",
        "pause": "0",
        "full": "0",
        "corrupt": "0",
        "cold": "0",
        "hot": "0",
        "head": "0",
        "ribbon": "0",
    }
    if place:
        fields[place] = value
    f = fields
    first = f"030,{f['paper']},{f['pause']},1245,000,{f['full']},0,0,000,{f['corrupt']},"
    first += f"{f['cold']},{f['hot']}"
    second = f"000,0,{f['head']},{f['ribbon']},0,2,4,0,{batch},1,000"
    return "".join(f"\x02{line}\x03\r\n" for line in (first, second, "1234,0")).encode()


@pytest.mark.parametrize(
    ("place", "state"),
    [
        ("", Is.READY),
        ("cold", Is.READY),
        ("paper", Is.NO_PAPER),
        ("pause", Is.PAUSED),
        ("full", Is.ERROR),
        ("corrupt", Is.ERROR),
        ("hot", Is.HEAD_HOT),
        ("head", Is.COVER_OPEN),
        ("ribbon", Is.RIBBON_OUT),
    ],
)
def test_zpl(place: str, state: Is) -> None:
    assert read_zpl_status(zpl(place)).state is state


def test_zpl_cut_short_or_longer_is_unknown() -> None:
    whole = zpl("paper")
    assert len(whole) <= QUESTIONS[StatusDialect.ZPL][0].most
    for length in range(len(whole)):
        assert read_zpl_status(whole[:length]).state is Is.UNKNOWN
    assert read_zpl_status(whole + b"\x02").state is Is.UNKNOWN
    assert read_zpl_status(zpl("paper", "2")).state is Is.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"00\r\n", Is.READY),
        (b"07\r\n", Is.NO_PAPER),
        (b"11\r\n", Is.COVER_OPEN),
        (b"62\r\n", Is.HEAD_HOT),
        (b"81\r\n", Is.ERROR),
        (b"92\r\n", Is.PAUSED),
        (b"99\r\n", Is.ERROR),
        (b"01\r\n", Is.UNKNOWN),
        (b"07\r", Is.UNKNOWN),
        (b"07", Is.UNKNOWN),
        (b"xx\r\n", Is.UNKNOWN),
        (b"", Is.UNKNOWN),
    ],
)
def test_epl(answer: bytes, state: Is) -> None:
    assert read_epl_status(answer).state is state


@pytest.mark.parametrize(
    ("place", "bits", "state"),
    [
        (1, 0x00, Is.READY),
        (1, 0x08, Is.PAUSED),
        (2, 0x04, Is.COVER_OPEN),
        (2, 0x08, Is.PAUSED),
        (2, 0x20, Is.NO_PAPER),
        (2, 0x40, Is.ERROR),
        (3, 0x08, Is.ERROR),
        (3, 0x20, Is.ERROR),
        (3, 0x40, Is.HEAD_HOT),
        (3, 0x60, Is.ERROR),
        (4, 0x0C, Is.PAPER_LOW),
        (4, 0x60, Is.NO_PAPER),
    ],
)
def test_escpos(place: int, bits: int, state: Is) -> None:
    answers = [b"\x12", b"\x12", b"\x12", b"\x12"]
    answers[place - 1] = bytes([0x12 | bits])
    assert read_escpos_status(answers).state is state


@pytest.mark.parametrize("wrong", [b"", b"\x00", b"\x93", b"\x12\x12", b"\x13", b"\x02"])
def test_escpos_with_one_answer_that_is_none_is_unknown(wrong: bytes) -> None:
    for place in range(4):
        answers = [b"\x12"] * 4
        answers[place] = wrong
        assert read_escpos_status(answers).state is Is.UNKNOWN
    assert read_escpos_status([b"\x12"] * 3).state is Is.UNKNOWN


@given(dialect=some.sampled_from(StatusDialect), answers=some.lists(some.binary(max_size=90)))
def test_garbage_never_breaks_anything(dialect: StatusDialect, answers: list[bytes]) -> None:
    assert read_status(dialect, answers).state in Is


def test_every_state_that_stops_a_job_has_an_error_and_a_sentence() -> None:
    codes = {code for code in CODES.values() if code}
    assert codes <= set(SENTENCES)
    assert set(SENTENCES) >= MENDABLE
    assert set(CODES) == set(Is)


def test_every_error_of_a_line_has_a_sentence() -> None:
    call = re.compile(r"(?:fault|untouched|nothing_left)\(\s*\"(printer\.[a-z_]+)\"")
    folder = Path(printer_faults.__file__).parent
    used = {code for path in folder.glob("*.py") for code in call.findall(path.read_text("utf-8"))}
    assert len(used) > 8
    assert used <= set(SENTENCES)


def test_questions_are_asked_in_the_dialect_that_reads_the_answer() -> None:
    assert [one.ask for one in QUESTIONS[StatusDialect.TSPL]] == [b"\x1b!?"]
    for one, other in pairwise(QUESTIONS[StatusDialect.ESCPOS]):
        assert other.ask[2] == one.ask[2] + 1
