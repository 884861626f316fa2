"""Urge tasks."""

from __future__ import annotations

URGES: tuple[str, ...] = ()
