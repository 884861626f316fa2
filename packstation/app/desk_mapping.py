"""The desk's answers to the mapping wizard; files are read in the limited child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.app import intake
from packstation.app.desk_rooms import DeskRooms
from packstation.ui.backend import Reply
from packstation.ui.backend_mapping import FilePreview, MappingChoice, MappingProblem

if TYPE_CHECKING:
    from packstation.exchange.file_preview import Preview


class MappingDesk(DeskRooms):
    """Satisfies ``ui.backend_mapping.MappingDesk``."""

    def _look(self, path: Path, encoding: str) -> Preview:
        from packstation.exchange.file_preview import preview

        return preview(path, encoding, profiles=intake.profiles(self._house.data))

    def preview_file(self, path: Path, encoding: str, reply: Reply[FilePreview]) -> None:
        """Read the first rows."""

        def read() -> FilePreview:
            from packstation.exchange.file_preview import guess

            seen = self._look(path, encoding)
            if seen.refused is not None and not encoding and seen.encodings:
                seen = self._look(path, seen.encodings[0])
            if seen.refused is not None and not encoding:
                raise seen.refused  # no encoding makes a table of it
            return FilePreview(
                path=path,
                headings=seen.headings,
                rows=seen.rows,
                encoding=seen.encoding,
                encodings=seen.encodings,
                garbled=seen.garbled,
                guess=guess(seen.headings, intake.profiles(self._house.data)),
                profile=seen.profile,
            )

        self._do(self._imports, read, reply)

    def status_values(
        self, path: Path, encoding: str, heading: str, reply: Reply[Mapping[str, str]]
    ) -> None:
        """List the words of a column."""

        def read() -> Mapping[str, str]:
            from packstation.exchange.file_preview import status_values

            profiles = intake.profiles(self._house.data)
            return status_values(self._look(path, encoding), heading, profiles)

        self._do(self._imports, read, reply)

    def check_mapping(
        self, path: Path, choice: MappingChoice, reply: Reply[Sequence[MappingProblem]]
    ) -> None:
        """Try a mapping on the file."""

        def read() -> Sequence[MappingProblem]:
            from packstation.exchange.mapping import check

            found = check(
                choice.columns,
                self._look(path, choice.encoding),
                name=choice.name or "-",
                profiles=intake.profiles(self._house.data),
            )
            return [MappingProblem(one.code, one.field, one.detail, one.blocks) for one in found]

        self._do(self._imports, read, reply)

    def save_mapping(self, path: Path, choice: MappingChoice, reply: Reply[str]) -> None:
        """Write the profile into the data folder."""

        def write() -> str:
            from packstation.exchange.mapping import write_profile

            words: dict[str, list[str]] = {}
            for word, standing in choice.statuses.items():
                words.setdefault(standing, []).append(word)
            written = write_profile(
                self._house.data / intake.OWN_SHOPS,
                choice.name,
                choice.columns,
                words,
                taken=[profile.name for profile in intake.profiles()],
                encoding=choice.encoding,
            )
            return written.stem

        self._do(self._imports, write, reply)
