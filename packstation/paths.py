"""Where the files that travel with the program lie."""

from __future__ import annotations

from pathlib import Path


def resources() -> Path:
    """Return the folder of shops, carriers, sounds, languages and samples, read only.

    A wheel carries it inside the package, a checkout has it beside the package.
    """
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"
