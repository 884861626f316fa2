"""How large a shop file may be inside before it is refused; shared by reader and child.

The figures come from measured attacks: a legal workbook of 1.7 KB that aborts the parser and one
of 390 KB that takes a gigabyte (resources/docs, decision on importing in a child process).
"""

from __future__ import annotations

from packstation.errors import ImportFileError

MEMORY_BYTES = 1 << 30
"""Address space of the child; what needs more is refused as too large inside."""
CPU_S = 60
"""Processor time of the child."""
WALL_S = 180.0
"""Longest time a file may take, waiting included."""
TEXT_FILE_BYTES = 512 << 20
"""Largest text file."""
WORKBOOK_FILE_BYTES = 64 << 20
"""Largest workbook as it lies on disk."""
MAX_ROWS = 1_050_000
"""Rows of one table."""
MAX_COLUMNS = 200
"""Columns of one table."""
FIELD_CHARACTERS = 64 * 1024
"""Longest text of one cell."""
ZIP_ENTRIES = 200
"""Parts of one workbook."""
ZIP_ENTRY_BYTES = 64 << 20
"""One part when inflated, counted while reading."""
ZIP_TOTAL_BYTES = 256 << 20
"""All parts when inflated."""
ZIP_RATIO = 100
"""Inflated to stored size of one part; only looked at beyond ``ZIP_RATIO_FROM_BYTES``."""
ZIP_RATIO_FROM_BYTES = 1 << 20
"""Small parts may repeat themselves as much as they like."""
HEAD_ROWS = 10
"""Rows in which the headings are looked for."""
BATCH_ROWS = 500
"""Rows sent over the pipe in one line."""


def too_large_inside(name: str, why: str) -> ImportFileError:
    """Return the refusal of a file that would take more room than it shows.

    Args:
        name: File name without its folder.
        why: What was too large, as the end of a sentence.
    """
    return ImportFileError(
        "import.too_large_inside",
        f"{name} is too large inside: {why}.",
        fix="Export fewer orders at a time, or export them as CSV.",
        file=name,
    )
