from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from packstation.errors import StoreError
from packstation.store.lock_file import hold, holder_of
from packstation.store.opening import open_reader
from tests.store.builders import RULES, load, opened, order, parsed

_HOLDER = """
import sys, time
from pathlib import Path
from packstation.store.lock_file import hold
held = hold(Path(sys.argv[1]), "window")
print("held", flush=True)
sys.stdin.readline()
"""


def start_holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_program_is_refused_and_told_who_holds_the_folder(folder: Path) -> None:
    with start_holder(folder) as process:
        with pytest.raises(StoreError) as caught:
            opened(folder)
        assert caught.value.code == "store.held"
        assert caught.value.facts["holder"] == "window"
        assert caught.value.facts["pid"] == process.pid
        process.kill()


def test_a_holder_that_was_killed_lets_go(folder: Path) -> None:
    with start_holder(folder) as process:
        process.kill()
        process.wait()
    opened(folder).close()


def test_holding_within_one_program_is_refused_too(folder: Path) -> None:
    held = hold(folder, "sync")
    with pytest.raises(StoreError, match="sync"):
        hold(folder, "window")
    held.release()
    held.release()
    hold(folder, "window").release()
    assert holder_of(folder) is None


def test_looking_works_beside_the_holder(folder: Path) -> None:
    store = opened(folder)
    store.imports.stage(parsed([order(1)]))
    reader = open_reader(folder, RULES)
    assert load(reader, 1).order.order_id == "1"
    store.imports.stage(parsed([order(2)], digest="d2"))
    assert load(reader, 2).order.order_id == "2"
    with pytest.raises(StoreError) as caught:
        reader.imports.stage(parsed([order(3)], digest="d3"))
    assert caught.value.code == "store.read_only"
    reader.close()
    store.close()


def test_looking_at_nothing_says_so(folder: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_reader(folder, RULES)
    assert caught.value.code == "store.no_data"
