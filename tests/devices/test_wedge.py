"""Keys to scans: a table of hands, scanners and machines under load."""

from __future__ import annotations

import random

import pytest

from packstation.devices.wedge import Key, Replay, Role, Scan, Timing, Wedge

Outcome = list[Scan | Replay[str]]


def strokes(
    text: str, gap_ms: int | list[int], *, start_ms: int = 1000, in_field: bool = False
) -> list[Key[str]]:
    """Key presses of a text; ``⏎`` and ``⇥`` end, ``←`` is an arrow."""
    keys, at_ms = [], start_ms
    for index, char in enumerate(text):
        if index:
            at_ms += gap_ms if isinstance(gap_ms, int) else gap_ms[index - 1]
        role = Role.END if char in "⏎⇥" else Role.OTHER if char == "←" else Role.CHARACTER
        keys.append(Key("" if role is Role.END else char, at_ms, char, role, in_field))
    return keys


def fed(keys: list[Key[str]], wedge: Wedge[str] | None = None) -> Outcome:
    """All decisions of a stream, silence at its end included; the clock looks as a timer would."""
    wedge = wedge or Wedge()
    decided: Outcome = []
    for key in keys:
        deadline = wedge.deadline_ms
        if deadline is not None and key.at_ms >= deadline:
            decided += wedge.look(deadline)
        decided += wedge.key(key)
    deadline = wedge.deadline_ms
    return decided if deadline is None else decided + wedge.look(deadline)


def scans(decided: Outcome) -> list[str]:
    return [decision.text for decision in decided if isinstance(decision, Scan)]


def given_back(decided: Outcome) -> str:
    """Everything that goes back to a person, in order."""
    return "".join("".join(d.keys) for d in decided if isinstance(d, Replay))


@pytest.mark.parametrize("in_field", [False, True])
@pytest.mark.parametrize("gap_ms", [0, 1, 2, 8, 16, 20])
@pytest.mark.parametrize("end", ["⏎", "⇥", "⏎⏎", "⏎⇥"])
@pytest.mark.parametrize("code", ["6901234567892", "PSCMDOK", "A-01", "0000000000", "YT 10 ０１"])
def test_a_scanner_is_a_scan_and_nothing_else(
    code: str, end: str, gap_ms: int, in_field: bool
) -> None:
    decided = fed(strokes(code + end, gap_ms, in_field=in_field))
    assert scans(decided) == [code]
    assert given_back(decided) == ""


@pytest.mark.parametrize("in_field", [False, True])
def test_500_bursts_with_jitter_are_exact(in_field: bool) -> None:
    chance = random.Random(7)
    wedge: Wedge[str] = Wedge()
    expected, decided, at_ms = [], list[Scan | Replay[str]](), 0
    for number in range(500):
        code = f"7{chance.randrange(10**9):09d}{number:03d}"
        gaps = [
            35
            if chance.random() < 0.02
            else 48
            if chance.random() < 0.005
            else chance.choice((1, 2))
            for _ in code
        ]
        at_ms += chance.randrange(300, 3000)
        decided += fed(strokes(code + "⏎", gaps, start_ms=at_ms, in_field=in_field), wedge)
        at_ms += sum(gaps)
        expected.append(code)
    assert scans(decided) == expected
    assert given_back(decided) == ""


@pytest.mark.parametrize("gap_ms", [60, 90, 140, 300])
def test_a_stall_inside_a_burst_does_not_halve_the_code(gap_ms: int) -> None:
    wedge: Wedge[str] = Wedge()
    gaps = [1] * 6 + [gap_ms] + [1] * 6
    decided = fed(strokes("6901234567892⏎", gaps, start_ms=9000), wedge)
    assert scans(decided) == ["6901234567892"]


@pytest.mark.parametrize("gaps", [[70], [140], [60, 140], [1, 100]])
def test_a_stall_at_the_start_in_a_field_does_not_halve_the_code(gaps: list[int]) -> None:
    keys = strokes("6901234567892⏎", [*gaps, *[1] * (13 - len(gaps))], in_field=True)
    decided = fed(keys)
    lost = given_back(decided)
    assert 1 <= len(lost) <= 2
    assert decided[-1] == Scan("6901234567892", keys[-1].at_ms, len(lost))


@pytest.mark.parametrize("gap_ms", [60, 150, 390])
def test_a_stall_inside_a_burst_in_a_field_does_not_halve_the_code(gap_ms: int) -> None:
    gaps = [1] * 6 + [gap_ms] + [1] * 6
    decided = fed(strokes("6901234567892⏎", gaps, in_field=True))
    assert decided == [Scan("6901234567892", 1012 + gap_ms)]


def test_a_word_typed_before_a_scan_is_not_part_of_it() -> None:
    typed = strokes("abc", 100, in_field=True)
    scan = strokes("6901234567892⏎", 1, start_ms=typed[-1].at_ms + 120, in_field=True)
    assert scans(fed(typed + scan)) == ["6901234567892"]
    single = strokes("a", 100, in_field=True)
    scan = strokes("6901234567892⏎", 1, start_ms=single[-1].at_ms + 400, in_field=True)
    assert scans(fed(single + scan)) == ["6901234567892"]


@pytest.mark.parametrize("gaps", [[120], [300], [900], [300, 300], [1, 1, 1, 600], [1, 1, 700]])
def test_a_stall_at_the_start_does_not_cut_the_code(gaps: list[int]) -> None:
    decided = fed(strokes("6901234567892⏎", [*gaps, *[1] * (13 - len(gaps))]))
    assert scans(decided) == ["6901234567892"]


@pytest.mark.parametrize("key", [" ", "\x1b", "\x1a"])
def test_a_button_pressed_by_key_before_a_scan_is_not_part_of_it(key: str) -> None:
    scan = strokes("6901234567892⏎", 1, start_ms=1500)
    assert scans(fed([Key(key, 1000, key), *scan])) == ["6901234567892"]


def test_keys_typed_elsewhere_before_a_scan_are_not_part_of_it() -> None:
    typed = strokes("abcdef", 200)
    scan = strokes("6901234567892⏎", 1, start_ms=typed[-1].at_ms + 200)
    assert scans(fed(typed + scan)) == ["6901234567892"]


@pytest.mark.parametrize("in_field", [False, True])
def test_a_scanner_without_enter_is_ended_by_silence(in_field: bool) -> None:
    wedge: Wedge[str] = Wedge()
    first = strokes("6901234567892", 1, in_field=in_field)
    second = strokes("6909876543210", 1, start_ms=first[-1].at_ms + 500, in_field=in_field)
    third = strokes("6900000000000", 1, start_ms=second[-1].at_ms + 100, in_field=in_field)
    codes = ["6901234567892", "6909876543210", "6900000000000"]
    assert scans(fed(first + second + third, wedge)) == codes


def test_silence_is_60_to_100_ms_once_the_scanner_is_known() -> None:
    wedge: Wedge[str] = Wedge()
    keys = strokes("6901234567892", 1)
    assert scans(fed(keys, wedge)) == ["6901234567892"]
    keys = strokes("6901234567892", 1, start_ms=9000)
    for key in keys:
        wedge.key(key)
    last = keys[-1].at_ms
    assert wedge.look(last + 60) == []
    assert wedge.look(last + 100) == [Scan("6901234567892", last)]


def test_the_first_scan_waits_for_an_enter() -> None:
    wedge: Wedge[str] = Wedge()
    for key in strokes("6901234567892", 1):
        wedge.key(key)
    assert wedge.look(1012 + 400) == []
    assert wedge.look(1012 + 401) == [Scan("6901234567892", 1012)]
    fed(strokes("6901234567892⏎", 1, start_ms=9000), wedge)
    for key in strokes("6901234567892", 1, start_ms=19000):
        wedge.key(key)
    assert wedge.look(19012 + 400) == []


def test_the_enter_of_a_scan_that_silence_ended_is_swallowed() -> None:
    decided = fed(strokes("6901234567892⏎", [1] * 12 + [450]))
    assert decided == [Scan("6901234567892", 1012)]


@pytest.mark.parametrize("in_field", [False, True])
def test_five_fast_keys_without_enter_are_no_scan(in_field: bool) -> None:
    decided = fed(strokes("12345", 1, in_field=in_field))
    assert decided == [Replay(tuple("12345"))]


@pytest.mark.parametrize("gap_ms", [25, 30, 33, 45, 50, 51, 120, 400])
@pytest.mark.parametrize("text", ["hello world", "hello⏎world", "a⏎", "ab⏎", "12345678⏎", "a←b←⏎"])
def test_typing_into_a_field_comes_back_intact(text: str, gap_ms: int) -> None:
    decided = fed(strokes(text, gap_ms, in_field=True))
    assert scans(decided) == []
    assert given_back(decided) == text


def test_typing_with_jitter_comes_back_intact() -> None:
    chance = random.Random(3)
    wedge: Wedge[str] = Wedge()
    text, typed, at_ms = "", list[Scan | Replay[str]](), 0
    for _ in range(500):
        word = "".join(chance.choice("abcdef0123") for _ in range(chance.randrange(1, 12))) + "⏎"
        gaps = [chance.randrange(24, 160) for _ in word]
        at_ms += 700
        typed += fed(strokes(word, gaps, start_ms=at_ms, in_field=True), wedge)
        at_ms += sum(gaps)
        text += word
    assert scans(typed) == []
    assert given_back(typed) == text


def test_a_typed_key_waits_no_longer_than_the_join_time() -> None:
    wedge: Wedge[str] = Wedge()
    wedge.key(Key("a", 1000, "a", in_field=True))
    assert wedge.deadline_ms == 1051
    assert wedge.look(1051) == [Replay(("a",))]
    assert not wedge.holding


def test_a_fast_typist_is_not_held_back_once_known() -> None:
    wedge: Wedge[str] = Wedge()
    decided = [wedge.key(key) for key in strokes("abcdefg", 40, in_field=True)]
    assert decided == [[], [], [], [Replay(tuple("abcd"))]] + [[Replay((c,))] for c in "efg"]


def test_a_scan_after_typing_is_a_scan() -> None:
    typed = strokes("note", 60, in_field=True)
    scan = strokes("6901234567892⏎", 1, start_ms=typed[-1].at_ms + 200, in_field=True)
    decided = fed(typed + scan)
    assert given_back(decided) == "note"
    assert scans(decided) == ["6901234567892"]


def test_auto_repeat_inside_a_burst_is_kept() -> None:
    assert scans(fed(strokes("1000000000001⏎", 1))) == ["1000000000001"]


def test_a_key_held_down_in_a_field_is_typing() -> None:
    decided = fed(strokes("a" * 60, 30, in_field=True))
    assert given_back(decided) == "a" * 60


def test_a_key_leant_on_elsewhere_makes_no_scan() -> None:
    decided = fed(strokes("a" * 2000, 30))
    assert scans(decided) == []
    assert given_back(decided) == "a" * 2000


def test_an_endless_burst_is_cut_and_stays_one_bad_code() -> None:
    decided = fed(strokes("1" * 600, 1), Wedge(Timing(most=512)))
    assert [len(text) for text in scans(decided)] == [512, 88]


@pytest.mark.parametrize("text", ["⏎", "⇥", "←", "a⏎", " ⏎", "a←⏎"])
def test_keys_of_a_person_elsewhere_go_on(text: str) -> None:
    decided = fed(strokes(text, 120))
    assert scans(decided) == []
    assert given_back(decided) == text


def test_a_code_typed_by_hand_with_enter_counts_where_no_field_is() -> None:
    assert scans(fed(strokes("PSCMDOK⏎", 120))) == ["PSCMDOK"]


@pytest.mark.parametrize("control", ["\x1d", "\x13", "\x1b", "\x1a"])
def test_control_characters_stay_in_the_code(control: str) -> None:
    code = f"01{control}6901234567892"
    assert scans(fed(strokes(code + "⏎", 1))) == [code]


def test_a_stray_key_long_before_does_not_stick_to_a_code() -> None:
    stray = [Key("x", 1000, "x")]
    decided = fed(stray + strokes("6901234567892⏎", 1, start_ms=2200))
    assert scans(decided) == ["6901234567892"]
    assert given_back(decided) == "x"


def test_a_clock_that_steps_back_splits_nothing() -> None:
    assert scans(fed(strokes("6901234567892⏎", [1] * 5 + [-4000] + [1] * 7))) == ["6901234567892"]


def test_what_is_held_can_be_had_back() -> None:
    wedge: Wedge[str] = Wedge()
    assert wedge.flush() == []
    for key in strokes("690", 1):
        wedge.key(key)
    assert wedge.flush() == [Replay(tuple("690"))]
    assert wedge.deadline_ms is None
