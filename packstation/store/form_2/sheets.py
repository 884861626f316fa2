"""Files that went out, their results, and waves."""

from __future__ import annotations

SHEETS: tuple[str, ...] = ()
