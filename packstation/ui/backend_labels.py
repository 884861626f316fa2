"""Rows about label files that the backend answers, beside those of ``backend_printing``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FittedLabels:
    """What fitting a label file came to."""

    pages: int
    """Pages that were made to fit."""
    at_risk: int
    """Of these, pages whose bars are now narrower than two dots."""
    lost: int
    """Pages whose number cannot be read any more: they are not printed."""
