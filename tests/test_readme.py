"""README.md tells the truth: tree, picture and commands are those of the program."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest


def test_the_drawn_parts_of_the_documents_are_up_to_date(checkout: Path) -> None:
    script = (
        "import sys; sys.path[:0] = ['installer', '.']; import make_readme;"
        "print([p.name for p, t in make_readme.documents().items()"
        " if p.read_text(encoding='utf-8') != t])"
    )
    made = subprocess.run(
        [sys.executable, "-c", script], cwd=checkout, capture_output=True, check=True
    )
    assert made.stdout.decode("utf-8").strip() == "[]", "run: python installer/make_readme.py"


def test_the_readme_lists_every_folder_of_resources(checkout: Path) -> None:
    text = (checkout / "README.md").read_text(encoding="utf-8")
    tree = text.partition("<!-- tree:begin -->")[2]
    for folder in (checkout / "resources").iterdir():
        if folder.is_dir() and any(folder.rglob("*.*")):
            assert f"  {folder.name}/" in tree


def test_every_command_is_in_the_readme_and_every_one_there_exists(checkout: Path) -> None:
    text = (checkout / "README.md").read_text(encoding="utf-8")
    block = text.partition("<!-- commands:begin -->")[2].partition("<!-- commands:end -->")[0]
    told = {m.group(1) for m in re.finditer(r"^packstation ([a-z][a-z-]*)", block, re.M)}
    helped = subprocess.run(
        [sys.executable, "-m", "packstation", "--help"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=True,
    )
    there = set(re.findall(r"^    ([a-z][a-z-]*) ", helped.stdout, re.M))
    assert told == there


@pytest.mark.parametrize("name", ["guide.en.md", "guide.zh.md", "CHANGELOG.md", "coverage.md"])
def test_the_documents_that_the_readme_names_are_there(checkout: Path, name: str) -> None:
    assert (checkout / "resources" / "docs" / name).stat().st_size > 500
