"""Pools of prepaid numbers and what became of each number."""

from __future__ import annotations

POOLS: tuple[str, ...] = ()
