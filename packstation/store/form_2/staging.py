"""Imports that are being written, invisible until they are whole."""

from __future__ import annotations

STAGING: tuple[str, ...] = ()
