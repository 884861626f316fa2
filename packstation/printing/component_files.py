"""What differs between platforms' print components: one data file each in resources/components."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packstation.printing.data_file import read_data_file


@dataclass(frozen=True, slots=True)
class ComponentProfile:
    """How one kind of print component is spoken to."""

    key: str
    """File name without ending, for example ``cainiao``."""
    name: str
    """As a person calls it."""
    port: int
    """Where it listens on this computer."""
    get_printers: str
    """Command that lists printers."""
    print: str
    """Command that prints."""
    notify: str
    """Command of the message that says how a task ended."""
    request_id: bool
    """Whether requests carry a ``requestID``; else answers are told by command and task."""
    notify_type: tuple[str, ...]
    """Which ends of a task are asked for."""
    document_number: str
    """A further field that repeats the document's id; empty = none."""
    seen_on: str
    """Where these facts were seen."""


def load_component(folder: Path, key: str) -> ComponentProfile:
    """Return one kind of component of ``resources/components``.

    Raises:
        DataFileError: File, key and line of what is wrong.
    """
    table = read_data_file(folder / f"{key}.toml")
    profile = ComponentProfile(
        key=key,
        name=table.word("name"),
        port=table.whole("port", low=1, high=65535),
        get_printers=table.word("get_printers"),
        print=table.word("print"),
        notify=table.word("notify"),
        request_id=table.flag("request_id"),
        notify_type=table.words("notify_type"),
        document_number=table.word("document_number", ""),
        seen_on=table.word("seen_on"),
    )
    table.finish()
    return profile
