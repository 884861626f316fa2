"""How large a label file may be before it is refused, and the words of each refusal."""

from __future__ import annotations

from dataclasses import dataclass

from packstation.errors import ComposeError, ImportFileError

FILE_BYTES = 256 << 20
"""Largest label file as it lies on disk."""
MOST_PAGES = 2000
"""Labels of one file."""
LONGEST_MM = 1200.0
"""Longest side of a page; an A0 sheet has 1189."""
MOST_DOTS = 40_000_000
"""Dots of one drawn page or one picture; A4 at 24 dots/mm has 36 million."""
PAGE_BYTES = 400 << 10
"""A PDF page that is larger when it stands alone is kept as a picture: see ``FINE``."""
FINE = 24
"""Dots per mm of such a picture: both 8 and 12, the usual print heads, divide it."""
CONTENT_BYTES = 256 << 20
"""All pages of a file together, as they are kept."""
MEMORY_BYTES = 1 << 30
"""Address space of the child."""
CPU_S = 240
"""Processor time of the child: 500 pages take some 20 s, 2000 large ones 200 s."""
WALL_S = 300.0
"""Longest time a file may take, waiting included."""


@dataclass(frozen=True, slots=True)
class LabelPaper:
    """The paper that pages are drawn for ahead."""

    dots_per_mm: int
    """Of the print head."""
    width: int
    """Across, in dots."""
    height: int
    """Along the feed, in dots."""

    @property
    def key(self) -> str:
        """As ``PageContent.dots_key``.

        >>> LabelPaper(8, 800, 1200).key
        '8:800x1200'
        """
        return f"{self.dots_per_mm}:{self.width}x{self.height}"

    @property
    def fitted_key(self) -> str:
        """The same of a page that was made smaller for it.

        >>> LabelPaper(8, 800, 1200).fitted_key
        '8:800x1200:fitted'
        """
        return f"{self.key}:fitted"


def not_a_label_file(name: str) -> ImportFileError:
    """Return the refusal of a file that is none of ours."""
    return ImportFileError(
        "labels.not_a_label_file",
        f"{name} is no label file: neither PDF nor PNG, JPEG or ZPL.",
        fix="Download the labels from the platform again, as PDF.",
        file=name,
    )


def empty_file(name: str) -> ImportFileError:
    """Return the refusal of a file without a byte."""
    return ImportFileError(
        "labels.empty_file",
        f"{name} is empty.",
        fix="Download the labels again.",
        file=name,
    )


def encrypted(name: str) -> ImportFileError:
    """Return the refusal of a PDF with a password."""
    return ImportFileError(
        "labels.encrypted",
        f"{name} is protected by a password.",
        fix="Download the labels without a password, or print the file to a new PDF.",
        file=name,
    )


def damaged(name: str, page: int = 0) -> ImportFileError:
    """Return the refusal of a file, or of one page of it, that cannot be read.

    Args:
        name: File name without its folder.
        page: Number of the page; 0 = the whole file.
    """
    fix = "Download the labels again."
    if page:
        return ImportFileError(
            "labels.damaged_page",
            f"Page {page} of {name} is damaged: it cannot be read.",
            fix=fix,
            file=name,
            page=page,
        )
    return ImportFileError(
        "labels.damaged", f"{name} is damaged: it cannot be read.", fix=fix, file=name
    )


def no_pages(name: str) -> ImportFileError:
    """Return the refusal of a file without a label."""
    return ImportFileError(
        "labels.no_pages",
        f"{name} has no label in it.",
        fix="Download the labels again.",
        file=name,
    )


def too_many_pages(name: str, pages: int) -> ImportFileError:
    """Return the refusal of a file with more pages than one day has labels."""
    return ImportFileError(
        "labels.too_many_pages",
        f"{name} has {pages} pages; one file may have {MOST_PAGES}.",
        fix="Download fewer labels at a time.",
        file=name,
        pages=pages,
        most=MOST_PAGES,
    )


def too_large_page(name: str, page: int, width_mm: float, height_mm: float) -> ImportFileError:
    """Return the refusal of a page that is no label."""
    return ImportFileError(
        "labels.too_large_page",
        f"Page {page} of {name} is {width_mm:.0f} x {height_mm:.0f} mm: that is no label.",
        fix="Download the labels in the size of your label paper.",
        file=name,
        page=page,
        width=round(width_mm),
        height=round(height_mm),
    )


def too_large(name: str) -> ImportFileError:
    """Return the refusal of a file that takes more room than there is for it."""
    return ImportFileError(
        "labels.too_large",
        f"{name} is too large: reading it takes more memory or time than one file may.",
        fix="Download fewer labels at a time.",
        file=name,
    )


def too_slow(name: str) -> ImportFileError:
    """Return the refusal of a file that takes too long."""
    return ImportFileError(
        "labels.too_slow",
        f"{name} took too long to read and was given up; nothing was taken.",
        fix="Download fewer labels at a time.",
        file=name,
    )


def cancelled(name: str) -> ImportFileError:
    """Return the error of a file that was cancelled."""
    return ImportFileError(
        "labels.cancelled", f"Reading {name} was cancelled; nothing was taken.", file=name
    )


def forbidden_command(name: str, command: str, label: int) -> ImportFileError:
    """Return the refusal of printer commands that do more than draw a label.

    Args:
        name: File name without its folder.
        command: The command, for example ``^JUS``.
        label: Which label of the file has it, from 1.
    """
    shown = "".join(sign if sign.isprintable() else "?" for sign in command)
    return ImportFileError(
        "labels.forbidden_command",
        f"Label {label} of {name} has the command {shown}, which does more than print a label.",
        fix="Download the labels as PDF.",
        file=name,
        command=shown,
        label=label,
    )


def not_opened(name: str, why: str) -> ImportFileError:
    """Return the refusal of a file that the system does not give."""
    return ImportFileError(
        "labels.not_opened",
        f"{name} cannot be opened: {why}.",
        fix="Check that the file is there and may be read.",
        file=name,
        why=why,
    )


def other_shape(
    width_mm: float, height_mm: float, paper_width_mm: float, paper_height_mm: float
) -> ComposeError:
    """Return the refusal to squeeze a page onto paper of another shape."""
    return ComposeError(
        "labels.other_shape",
        f"The label is {width_mm:.0f} x {height_mm:.0f} mm and does not fit the paper of"
        f" {paper_width_mm:.0f} x {paper_height_mm:.0f} mm.",
        fix="Put in paper of the label's size, or let the label file be printed fitted.",
        width=round(width_mm),
        height=round(height_mm),
        paper_width=round(paper_width_mm),
        paper_height=round(paper_height_mm),
    )


def bars_lost(
    width_mm: float, height_mm: float, paper_width_mm: float, paper_height_mm: float
) -> ComposeError:
    """Return the refusal of a page whose number cannot be read once it is made smaller."""
    return ComposeError(
        "labels.bars_lost",
        f"A label of {width_mm:.0f} x {height_mm:.0f} mm, made to fit the paper of"
        f" {paper_width_mm:.0f} x {paper_height_mm:.0f} mm, has a barcode that cannot be read.",
        fix="Put in paper of the label's size, or download the label in the size of the paper.",
        width=round(width_mm),
        height=round(height_mm),
        paper_width=round(paper_width_mm),
        paper_height=round(paper_height_mm),
    )


def drawn_by_component() -> ComposeError:
    """Return the refusal to draw what only its platform's component can draw."""
    return ComposeError(
        "labels.drawn_by_component",
        "This label is drawn by its platform's print component: it cannot be shown here.",
        fix="Print it through the component.",
    )


def drawn_by_printer() -> ComposeError:
    """Return the refusal to draw what only a ZPL printer can draw."""
    return ComposeError(
        "labels.drawn_by_printer",
        "This label is in the printer language ZPL: only a ZPL printer can draw it.",
        fix="Print it on a ZPL printer, or download the labels as PDF.",
    )
