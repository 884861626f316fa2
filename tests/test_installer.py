"""The set-up as a person meets it: repeated, interrupted, and on machines that lack something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

TOOLS = ["awk", "cat", "chmod", "cksum", "dirname", "env", "flock", "grep", "head", "id"]
TOOLS += ["mktemp", "readlink", "rm", "sh", "tail"]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the set-up is for Debian")

STATION = """
import sys
print("station", *sys.argv[1:])
sys.exit(7 if "--fail" in sys.argv else 0)
"""
EVERYTHING = """#!/bin/sh
. {setup}
for name in $TEST_PACKAGES python3-venv; do echo "installed $name, "; done
"""
VENVLESS = """#!/bin/sh
case "$*" in
*_base_executable*) echo "$0" ;;
*"-m venv"*) exit 1 ;;
*) exec {python} "$@" ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A small project on a machine that has only what its bin folder holds."""

    root: Path
    bin: Path

    def put(self, name: str, script: str) -> None:
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(script, "utf-8")
        path.chmod(0o755)

    def start(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": str(self.bin),
            "HOME": str(self.root),
            "PACKSTATION_PYTHON": sys.executable,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
        }
        return subprocess.run(
            ["/bin/sh", "installer/run.sh", *arguments],
            cwd=self.root,
            env=environment | changes,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=100,
        )


@pytest.fixture
def machine(checkout: Path, tmp_path: Path) -> Machine:
    """A machine with all system packages, and a project that needs no Python package."""
    made = Machine(tmp_path / "pack station", tmp_path / "bin")
    shutil.copytree(checkout / "installer", made.root / "installer")
    (made.root / "installer" / "requirements.lock").write_text("", "utf-8")
    (made.root / "packstation").mkdir()
    (made.root / "packstation" / "__init__.py").touch()
    (made.root / "packstation" / "__main__.py").write_text(STATION, "utf-8")
    made.bin.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (made.bin / name).symlink_to(found)
    made.put("venvless", VENVLESS.format(python=sys.executable))
    made.put("dpkg-query", EVERYTHING.format(setup=checkout / "installer" / "setup.sh"))
    return made


def refusal(answer: subprocess.CompletedProcess[str]) -> str:
    """The one sentence that a failed set-up ends with; nothing else but its progress lines."""
    assert answer.returncode == 1, answer
    assert answer.stdout == ""
    *progress, sentence = answer.stderr.splitlines()
    assert all(line.startswith(("[", "      ")) for line in progress), answer.stderr
    assert sentence.startswith("PackStation cannot be set up: ")
    return sentence


def test_the_set_up_is_done_once_and_the_shift_runs_without_a_display(machine: Machine) -> None:
    first = machine.start("--speed", "2")
    assert first.stdout == "station demo --headless --speed 2\n", first.stderr
    assert [line[:5] for line in first.stderr.splitlines() if line.startswith("[")] == [
        "[1/4]",
        "[2/4]",
        "[3/4]",
        "[4/4]",
    ]
    before = time.monotonic()
    second = machine.start("--fail")
    assert time.monotonic() - before < 2
    assert second.returncode == 7, "the program's exit code is passed on"
    assert second.stderr.splitlines() == [
        "There is no display: the sample shift runs without a window."
    ]

    gone = machine.start(DISPLAY=":9876")
    assert gone.stdout == "station demo --headless\n"
    assert "The display :9876 does not answer" in gone.stderr

    # pip was killed at work: what it left is not trusted.
    (machine.root / ".venv" / "half").touch()
    (machine.root / ".venv" / ".installing").touch()
    assert machine.start().returncode == 0
    assert not (machine.root / ".venv" / "half").exists()

    # The folder was moved: its scripts name the old place.
    moved = Machine(machine.root.rename(machine.root.with_name("elsewhere")), machine.bin)
    again = moved.start()
    assert again.stdout == "station demo --headless\n"
    assert "[4/4]" in again.stderr


def test_a_package_that_pip_cannot_get_is_named(machine: Machine) -> None:
    lock = machine.root / "installer" / "requirements.lock"
    lock.write_text(f"nosuchpackage==1.0 --hash=sha256:{'0' * 64}\n", "utf-8")
    sentence = refusal(machine.start())
    assert "nosuchpackage" in sentence
    assert ".venv/setup.log" in sentence
    lock.write_text("", "utf-8")
    assert machine.start().returncode == 0, "the next set-up makes it good"


def test_missing_packages_without_apt_are_named(machine: Machine) -> None:
    machine.put("dpkg-query", "#!/bin/sh\necho 'installed libgl1, '\n")
    sentence = refusal(machine.start())
    assert "apt-get was not found" in sentence
    assert "libzbar0" in sentence
    assert "libgl1 " not in sentence


def test_without_root_and_sudo_the_administrator_is_asked(machine: Machine) -> None:
    machine.put("dpkg-query", "#!/bin/sh\n")
    machine.put("apt-get", "#!/bin/sh\n")
    machine.put("id", "#!/bin/sh\necho 1000\n")
    assert "an administrator has to install these Debian packages" in refusal(machine.start())


def test_what_apt_refuses_is_said(machine: Machine) -> None:
    machine.put("dpkg-query", "#!/bin/sh\n")
    machine.put("id", "#!/bin/sh\necho 0\n")
    machine.put("apt-get", "#!/bin/sh\necho 'E: Unable to locate package libzbar0'\nexit 100\n")
    assert "E: Unable to locate package libzbar0" in refusal(machine.start())


def test_sudo_is_used_where_it_is_there(machine: Machine) -> None:
    machine.put("dpkg-query", "#!/bin/sh\n")
    machine.put("id", "#!/bin/sh\necho 1000\n")
    machine.put("sudo", '#!/bin/sh\necho "$@" >>"$HOME/asked"\n')
    machine.put("apt-get", "#!/bin/sh\nexit 1\n")
    sentence = refusal(machine.start(PACKSTATION_PYTHON=str(machine.bin / "venvless")))
    assert "could not make the folder .venv" in sentence
    update, install = (machine.root / "asked").read_text("utf-8").splitlines()
    assert update == "apt-get update -q"
    assert install.startswith("env DEBIAN_FRONTEND=noninteractive apt-get install -q -y")


def test_a_package_provided_by_another_counts(machine: Machine) -> None:
    names = subprocess.run(
        ["sh", "-c", ". installer/setup.sh; echo $RUN_PACKAGES"],
        cwd=machine.root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    lines = [f"installed {name}t64, {name} (= 1), other" for name in names]
    script = "\n".join(f"echo '{line}'" for line in lines)
    machine.put("dpkg-query", f"#!/bin/sh\n{script}\n")
    sentence = refusal(machine.start(PACKSTATION_PYTHON=str(machine.bin / "venvless")))
    assert "could not make the folder .venv" in sentence, "it got past the packages"


def test_an_old_python_is_refused(machine: Machine) -> None:
    machine.put("old", '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n')
    sentence = refusal(machine.start(PACKSTATION_PYTHON=str(machine.bin / "old")))
    assert "it needs Python 3.11, 3.12 or 3.13" in sentence
    assert "Python 3.9.2" in sentence
