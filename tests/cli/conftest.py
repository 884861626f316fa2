"""The command line in this process, on copies of the sample shop's folder."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from packstation import cli
from tests.app.conftest import _application, _no_keyring, data, sample

__all__ = ["_application", "_no_keyring", "data", "sample"]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Done]


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the folder; bytes given as ``stdin`` are its input."""

    def one(*arguments: str | Path, stdin: bytes = b"", folder: Path | None = data) -> Done:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        words = [*map(str, arguments), "--language", "en"]
        words += ["--data", str(folder)] if folder else []
        try:
            code = cli.main(words)
        except SystemExit as end:  # argparse
            code = int(str(end.code or 0))
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return one
