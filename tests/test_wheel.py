"""A wheel built from the tree runs the demo from an empty folder: the resources travel inside."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


def run(*command: str | Path, cwd: Path, **changes: str) -> str:
    """Run a command without a display and return what it printed."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "QT_", "PACKSTATION_", "COV", "PIP_"))
        and name not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment | changes,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder)
    run(*build, checkout, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel is installed in, away from the checkout."""
    target = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "install")
    run(*pip, "--quiet", "--no-deps", "--no-index", "--target", target, wheel, cwd=target)
    return target


def test_the_wheel_holds_the_program_and_its_resources_only(wheel: Path, checkout: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"packstation"}
    resources = {
        f"packstation/{path.relative_to(checkout).as_posix()}"
        for path in (checkout / "resources").rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert resources - names == set()


@pytest.mark.slow
def test_the_installed_wheel_runs_the_demo_from_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    empty, data = tmp_path / "empty", tmp_path / "data"
    empty.mkdir()
    where = {"PYTHONPATH": str(installed), "HOME": str(tmp_path)}
    place = "import packstation; print(packstation.__file__)"
    assert Path(run(sys.executable, "-c", place, cwd=empty, **where).strip()).is_relative_to(
        installed
    )
    demo = (sys.executable, "-m", "packstation", "demo", "--headless", "--data", data)
    assert run(*demo, cwd=empty, **where)
    assert any(data.rglob("*"))
    assert list(empty.iterdir()) == []
