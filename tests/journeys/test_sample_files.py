"""Every sample file of the shops is understood as its truth says, by the command a user types."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaign.process import run
from tests.conftest import ROOT

EXPORTS = ROOT / "tests" / "data" / "exports"
CASES = sorted(path.parent.name for path in EXPORTS.glob("*/truth.json"))


def test_there_are_sample_files() -> None:
    assert len(CASES) == 16


@pytest.mark.parametrize("case", CASES)
def test_explain_equals_the_truth(case: str, tmp_path: Path) -> None:
    folder = EXPORTS / case
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps(truth.get("settings", {})), encoding="utf-8")
    files = [folder / name for name in truth["files"]]
    data = tmp_path / "data"
    done = run("import", "--explain", *files, "--settings", settings, "--data", data)
    assert done.code == 0, done.err
    actual = tmp_path / "actual.json"
    actual.write_text(done.out, encoding="utf-8")
    judge = [sys.executable, str(EXPORTS / "check_import.py"), str(folder / "truth.json")]
    judged = subprocess.run(
        [*judge, str(actual), "--strict"], capture_output=True, text=True, timeout=60
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert not data.exists(), "explaining stores nothing"
