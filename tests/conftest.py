"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Sentences are compared in English, whatever language the computer speaks.
os.environ["LC_ALL"] = "C.UTF-8"

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder of the checkout, read only."""
    return ROOT
