"""Each sample export gives exactly what its truth says, judged by the independent checker."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from packstation.exchange.explain import explain, settings_from_json
from tests.exchange.made_files import PROFILES, ROOT

EXPORTS = ROOT / "tests" / "data" / "exports"
CASES = sorted(path.parent for path in EXPORTS.glob("*/truth.json"))


def answer_of(case: Path, folder: Path) -> dict[str, Any]:
    truth = json.loads((case / "truth.json").read_text(encoding="utf-8"))
    settings = folder / "settings.json"
    settings.write_text(json.dumps(truth.get("settings", {})), encoding="utf-8")
    paths = [case / name for name in truth["files"]]
    return explain(paths, settings_from_json(settings), profiles=PROFILES)


def verdict(case: Path, answer: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    actual = folder / "actual.json"
    actual.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    return subprocess.run(
        [sys.executable, EXPORTS / "check_import.py", case / "truth.json", actual, "--strict"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_sample_cases_are_all_there() -> None:
    assert [case.name[:2] for case in CASES] == [f"{n:02}" for n in range(1, 17)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_equals_its_truth(case: Path, tmp_path: Path) -> None:
    outcome = verdict(case, answer_of(case, tmp_path), tmp_path)
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_refused_file_gives_empty_lists_and_its_reason(case: Path, tmp_path: Path) -> None:
    answer = answer_of(case, tmp_path)
    if answer["outcome"] == "file_error":
        assert answer["accepted"] == answer["rejected_rows"] == answer["merge_groups"] == []
        assert answer["error"]
        assert answer["platform"] is None
    else:
        assert answer["error"] is None


def test_the_checker_bites_when_an_unpaid_order_becomes_packable(tmp_path: Path) -> None:
    case = CASES[0]
    answer = answer_of(case, tmp_path)
    unpaid = next(order for order in answer["accepted"] if order["why_not"] == "unpaid")
    unpaid.update(packable=True, why_not=None)
    outcome = verdict(case, answer, tmp_path)
    assert outcome.returncode == 1
    assert "DANGER 1" in outcome.stdout


def test_the_pair_is_understood_in_either_order(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.name.startswith("06"))
    paths = sorted(case.glob("*.csv"))
    settings = settings_from_json(_empty(tmp_path))
    there = explain(paths, settings, profiles=PROFILES)
    back = explain(paths[::-1], settings, profiles=PROFILES)
    assert there == back


def _empty(folder: Path) -> Path:
    path = folder / "empty.json"
    path.write_text("{}", encoding="utf-8")
    return path
