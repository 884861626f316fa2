"""What the mapping wizard asks for: a look into a file, a check of a mapping, a profile of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from packstation.ui.backend import Reply


@dataclass(frozen=True, slots=True)
class FilePreview:
    """The first rows of a file as it would be read; people's data, memory only."""

    path: Path
    headings: tuple[str, ...]
    """As the file writes them; empty ones are left out with their column."""
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    """Up to five rows below the headings, one cell for each heading."""
    encoding: str
    """Of a text file; empty for a workbook."""
    encodings: tuple[str, ...]
    """Encodings that read the whole file strictly, the likeliest first."""
    garbled: bool
    """The text looks as if it was read in a wrong encoding."""
    guess: Mapping[str, str]
    """Field → heading, for headings that known shops use."""
    profile: str | None = None
    """A profile that reads this file already; the wizard then is not needed."""


@dataclass(frozen=True, slots=True)
class MappingChoice:
    """What a person chose in the wizard."""

    name: str
    """Name of the new profile: letters, digits, hyphens."""
    columns: Mapping[str, str]
    """Field → heading."""
    statuses: Mapping[str, str] = field(default_factory=dict)
    """Word of the status column → standing such as ``to_ship``."""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class MappingProblem:
    """Why a mapping would not work, or may surprise."""

    code: str
    """Stable word such as ``missing_field``."""
    field: str = ""
    detail: str = ""
    """Heading or value in question; never people's data."""
    blocks: bool = True
    """False for what is only worth a look."""


class MappingDesk(Protocol):
    """The wizard's door."""

    def preview_file(self, path: Path, encoding: str, reply: Reply[FilePreview]) -> None:
        """Read the first rows; an empty encoding is found out."""
        ...

    def status_values(
        self, path: Path, encoding: str, heading: str, reply: Reply[Mapping[str, str]]
    ) -> None:
        """List the words of a column with the standing each is known for, empty where none."""
        ...

    def check_mapping(
        self, path: Path, choice: MappingChoice, reply: Reply[Sequence[MappingProblem]]
    ) -> None:
        """Try a mapping on the file."""
        ...

    def save_mapping(self, path: Path, choice: MappingChoice, reply: Reply[str]) -> None:
        """Write the profile; replies its name. From then on such files are known."""
        ...
