"""The house rules that a file listing or a syntax tree can prove; each is shown to bite."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT_NAMES = {"packstation", "resources", "tests", "installer", "pyproject.toml", "README.md"} | {
    "LICENSE"
}
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "misc", "manager", "managers", "common"}
QT_ROOMS = ("ui/", "app/", "printing/raster.py")
QT_FREE_UI = ("packstation.ui.texts", "packstation.ui.backend")
"""Words and questions of the window, which the command line uses too; no Qt behind them."""
PLATFORMS = re.compile(
    "tiktok|taobao|tmall|douyin|pinduoduo|kuaishou|xiaohongshu|shopee|lazada|shopify|amazon|ebay"
    "|aliexpress|temu|shein|淘宝|天猫|抖音|拼多多|快手|小红书",
    re.IGNORECASE,
)
LONGEST_FILE = 400


def python_files(package: Path, under: str = "") -> Iterator[tuple[str, Path]]:
    for path in sorted((package / under).rglob("*.py")):
        yield path.relative_to(package).as_posix(), path


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Absolute imports anywhere in a file, those inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def docstrings(tree: ast.AST) -> set[int]:
    """Ids of the string nodes that stand alone as a statement: they explain, they do not act."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def strangers_at_the_root(names: list[str]) -> list[str]:
    return [name for name in names if name not in ROOT_NAMES and not name.startswith(".")]


def core_imports_from_outside(package: Path) -> list[str]:
    allowed = sys.stdlib_module_names | {"packstation"}
    rules = [*python_files(package, "core"), ("errors.py", package / "errors.py")]
    return [
        f"{name}:{line} imports {module}"
        for name, path in rules
        if path.exists()
        for line, module in imported(ast.parse(path.read_text("utf-8")))
        if module.split(".")[0] not in allowed
        or (module.startswith("packstation.") and module.split(".")[1] not in ("core", "errors"))
    ]


def files_too_long(package: Path) -> list[str]:
    return [
        f"{name} has {count} lines"
        for name, path in python_files(package)
        if (count := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE
    ]


def files_without_an_idea(package: Path) -> list[str]:
    return [name for name, path in python_files(package) if path.stem in VAGUE_NAMES]


def qt_out_of_its_rooms(package: Path) -> list[str]:
    return [
        f"{name}:{line} imports {module}"
        for name, path in python_files(package)
        if not name.startswith(QT_ROOMS)
        for line, module in imported(ast.parse(path.read_text("utf-8")))
        if module.split(".")[0] in ("PySide6", "shiboken6")
    ]


def window_imported_early(package: Path) -> list[str]:
    """The command line has to run without Qt: app opens ui inside a function only."""
    return [
        f"{name}:{node.lineno}"
        for name, path in python_files(package)
        if not name.startswith("ui/")
        for node in ast.parse(path.read_text("utf-8")).body
        for _, module in imported(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        and not module.startswith(QT_FREE_UI)
        and (
            module.startswith("packstation.ui") or (name.startswith("app/") and "PySide6" in module)
        )
    ]


def code_naming_a_platform(package: Path) -> list[str]:
    found = []
    for name, path in python_files(package):
        tree = ast.parse(path.read_text("utf-8"))
        explaining = docstrings(tree)
        for node in ast.walk(tree):
            match node:
                case ast.Constant(value=str(text)) if id(node) not in explaining:
                    pass
                case ast.Name(id=text) | ast.Attribute(attr=text) | ast.arg(arg=text):
                    pass
                case ast.FunctionDef(name=text) | ast.ClassDef(name=text):
                    pass
                case _:
                    continue
            if PLATFORMS.search(text):
                found.append(f"{name}:{node.lineno} says {text[:40]!r}")
        if PLATFORMS.search(name):
            found.append(name)
    return found


def pins(lock: str) -> dict[str, tuple[str, int]]:
    """What a lock file pins: name and marker → version, number of hashes."""
    found = {}
    for block in re.split(r"\n(?=[a-zA-Z0-9])", lock):
        if pin := re.match(r"([\w.-]+)==(\S+)(?: ; ([^\\\n]+))?", block):
            key = f"{canonicalize_name(pin[1])} {(pin[3] or '').strip()}".strip()
            found[key] = (pin[2], block.count("--hash=sha256:"))
    return found


def versions(pinned: dict[str, tuple[str, int]]) -> set[tuple[str, str]]:
    return {(key.split()[0], version) for key, (version, _) in pinned.items()}


def unpinned(requirements: list[str], lock: str) -> list[str]:
    pinned = {key.split()[0]: hashes for key, (_, hashes) in pins(lock).items()}
    return [
        text for text in requirements if not pinned.get(canonicalize_name(Requirement(text).name))
    ]


def places_in(text: str) -> list[str]:
    """Hosts, index options and machine paths, none of which belong in a lock file."""
    options = r"\w+://\S*|--(?:extra-)?index-url|--find-links|@ \S+|file:\S*"
    return re.findall(options + "|/(?:home|opt|tmp|root|work)/", text)


def test_the_root_holds_only_what_it_should(checkout: Path) -> None:
    if not (checkout / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=checkout, check=True, capture_output=True, text=True
    )
    names = sorted({path.split("/")[0] for path in listing.stdout.split("\0") if path})
    assert strangers_at_the_root(names) == []


HOUSE_RULES = [
    core_imports_from_outside,
    files_too_long,
    files_without_an_idea,
    qt_out_of_its_rooms,
    window_imported_early,
    code_naming_a_platform,
]


@pytest.mark.parametrize("rule", HOUSE_RULES)
def test_the_package_keeps_the_house_rule(
    rule: Callable[[Path], list[str]], checkout: Path
) -> None:
    assert rule(checkout / "packstation") == []


def test_the_command_line_starts_without_qt() -> None:
    script = (
        "import sys, packstation.cli.commands, packstation.cli.reports, packstation.app.demo,"
        " packstation.app.scan_feed, packstation.app.desk, packstation.app.window;"
        "print([m for m in sys.modules if m.startswith('PySide6')])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


PLANTED = [
    (core_imports_from_outside, "core/orders.py", "def f():\n    import numpy\n"),
    (core_imports_from_outside, "core/orders.py", "from packstation.store import database\n"),
    (files_too_long, "store/big.py", "x = 1\n" * 401),
    (files_without_an_idea, "store/helpers.py", ""),
    (qt_out_of_its_rooms, "runtime/engine.py", "def f():\n    from PySide6 import QtCore\n"),
    (qt_out_of_its_rooms, "printing/tspl.py", "import PySide6.QtGui\n"),
    (window_imported_early, "app/window.py", "from packstation.ui import main_window\n"),
    (window_imported_early, "app/house.py", "if True:\n    import packstation.ui.bridge\n"),
    (code_naming_a_platform, "exchange/profiles.py", 'def f(s):\n    return s == "TikTok"\n'),
    (code_naming_a_platform, "exchange/profiles.py", "def read_taobao(s): ...\n"),
    (code_naming_a_platform, "exchange/profiles.py", 'shops = {"抖音": 1}\n'),
    (code_naming_a_platform, "exchange/tiktok.py", ""),
]


@pytest.mark.parametrize(("rule", "name", "source"), PLANTED)
def test_a_planted_fault_is_found(
    rule: Callable[[Path], list[str]], name: str, source: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")
    assert rule(tmp_path) != []


ALLOWED = [
    (
        core_imports_from_outside,
        "core/orders.py",
        "import enum\nfrom packstation.core import codes\n",
    ),
    (qt_out_of_its_rooms, "ui/page.py", "from PySide6 import QtWidgets\n"),
    (qt_out_of_its_rooms, "printing/raster.py", "from PySide6 import QtGui\n"),
    (
        window_imported_early,
        "app/window.py",
        "def f():\n    from packstation.ui import main_window\n",
    ),
    (code_naming_a_platform, "exchange/profiles.py", '"""Measured on a Taobao export."""\n'),
]


@pytest.mark.parametrize(("rule", "name", "source"), ALLOWED)
def test_what_is_allowed_is_not_found(
    rule: Callable[[Path], list[str]], name: str, source: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, "utf-8")
    assert rule(tmp_path) == []


def test_a_stranger_at_the_root_is_found() -> None:
    assert strangers_at_the_root(["packstation", ".ci", "setup.cfg"]) == ["setup.cfg"]


LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_place(name: str, checkout: Path) -> None:
    assert places_in((checkout / "installer" / name).read_text("utf-8")) == []


def test_the_lock_of_the_tests_own_node_packages_names_no_place(checkout: Path) -> None:
    text = (checkout / "tests" / "package-lock.json").read_text("utf-8")
    assert places_in(text) == []
    packages = json.loads(text)["packages"]
    assert all("integrity" in one for name, one in packages.items() if name)


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash(name: str, checkout: Path) -> None:
    found = pins((checkout / "installer" / name).read_text("utf-8"))
    assert [key for key, (_, hashes) in found.items() if not hashes] == []


def test_every_dependency_is_pinned(checkout: Path) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    run, dev = ((checkout / "installer" / name).read_text("utf-8") for name in LOCKS)
    assert unpinned(project["dependencies"], run) == []
    assert unpinned(project["dependencies"] + project["optional-dependencies"]["dev"], dev) == []


def test_the_checks_run_on_what_the_program_runs_on(checkout: Path) -> None:
    run, dev = (pins((checkout / "installer" / name).read_text("utf-8")) for name in LOCKS)
    # Only the markers may be wider there.
    assert versions(run) - versions(dev) == set()


def test_a_fault_in_a_lock_is_found() -> None:
    lock = "httpx==0.28.1 \\\n    --hash=sha256:00\nnumpy==2.4.6 ; python_version < '3.12'\n"
    assert pins(lock) == {
        "httpx": ("0.28.1", 1),
        "numpy python_version < '3.12'": ("2.4.6", 0),
    }
    assert unpinned(["httpx>=0.28", "numpy", "pyusb>=1"], lock) == ["numpy", "pyusb>=1"]
    for line in ("--index-url x", "a @ file:///srv/a.whl", "# /home/me/pyproject.toml"):
        assert places_in(line) != []
