"""What the child that understands an export is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from packstation.core.imports import ImportSettings
from packstation.exchange.profiles import Profile


@dataclass(frozen=True, slots=True)
class ImportJob:
    """Everything the child is told."""

    paths: tuple[str, ...]
    settings: ImportSettings
    profiles: tuple[Profile, ...]
    carriers: Mapping[str, str]
    """Carrier name or code as files write it → carrier code."""
