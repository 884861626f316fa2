"""What was wrong with a label file or one of its pages, by error code; placeholders are facts."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

AGAIN = _("Download the labels again.")
FEWER = _("Download fewer labels at a time.")
AS_PDF = _("Download the labels from the platform again, as PDF.")

ERRORS: dict[str, ErrorSay] = {
    "labels.not_a_label_file": ErrorSay(
        _("Not a label file"),
        _("{file} is no label file: neither PDF nor PNG, JPEG or ZPL."),
        AS_PDF,
    ),
    "labels.empty_file": ErrorSay(_("Label file empty"), _("{file} is empty."), AGAIN),
    "labels.encrypted": ErrorSay(
        _("Label file has a password"),
        _("{file} is protected by a password."),
        _("Download the labels without a password, or print the file to a new PDF."),
    ),
    "labels.damaged": ErrorSay(
        _("Label file damaged"), _("{file} is damaged: it cannot be read."), AGAIN
    ),
    "labels.damaged_page": ErrorSay(
        _("Label file damaged"), _("Page {page} of {file} is damaged: it cannot be read."), AGAIN
    ),
    "labels.no_pages": ErrorSay(_("No label found"), _("{file} has no label in it."), AGAIN),
    "labels.too_many_pages": ErrorSay(
        _("Too many labels"), _("{file} has {pages} pages; one file may have {most}."), FEWER
    ),
    "labels.too_large_page": ErrorSay(
        _("Page too large"),
        _("Page {page} of {file} is {width} x {height} mm: that is no label."),
        _("Download the labels in the size of your label paper."),
    ),
    "labels.too_large": ErrorSay(
        _("Label file too large"),
        _("{file} is too large: reading it takes more memory or time than one file may."),
        FEWER,
    ),
    "labels.too_slow": ErrorSay(
        _("Label file too large"),
        _("{file} took too long to read and was given up; nothing was taken."),
        FEWER,
    ),
    "labels.cancelled": ErrorSay(
        _("Cancelled"), _("Reading {file} was cancelled; nothing was taken.")
    ),
    "labels.forbidden_command": ErrorSay(
        _("Label file would change the printer"),
        _("Label {label} of {file} has the command {command}, which does more than print a label."),
        _("Download the labels as PDF."),
    ),
    "labels.not_opened": ErrorSay(
        _("File not opened"),
        _("{file} cannot be opened: {why}."),
        _("Check that the file is there and may be read."),
    ),
    "labels.other_shape": ErrorSay(
        _("Label does not fit the paper"),
        _(
            "The label is {width} x {height} mm and does not fit the paper of {paper_width} x"
            " {paper_height} mm."
        ),
        _("Put in paper of the label's size, or let the label file be printed fitted."),
    ),
    "labels.bars_lost": ErrorSay(
        _("Barcode too small on this paper"),
        _(
            "A label of {width} x {height} mm, made to fit the paper of {paper_width} x"
            " {paper_height} mm, has a barcode that cannot be read."
        ),
        _("Put in paper of the label's size, or download the label in the size of the paper."),
    ),
    "labels.drawn_by_printer": ErrorSay(
        _("Only a ZPL printer draws this"),
        _("This label is in the printer language ZPL: only a ZPL printer can draw it."),
        _("Print it on a ZPL printer, or download the labels as PDF."),
    ),
    "labels.drawn_by_component": ErrorSay(
        _("The component draws this"),
        _("This label is drawn by its platform's print component: it cannot be shown here."),
        _("Print it through the component."),
    ),
    "labels.taken_already": ErrorSay(
        _("Label file taken already"),
        _("{file} was taken already, as {known} for the shop {shop}."),
        _("Nothing is to be done. To read it anew, remove it from the label files first."),
    ),
    "labels.no_such_file": ErrorSay(
        _("Label file not found"),
        _("No label file is {file}, or several are."),
        _("List the label files, and give the digest of one."),
    ),
    "labels.printed": ErrorSay(
        _("Labels were printed"),
        _("{file} cannot be removed: {printed} of its labels were printed."),
        _("Leave it; pages that nobody prints do no harm."),
    ),
    "store.no_such_page": ErrorSay(
        _("Page not found"), _("This page of a label file is not there.")
    ),
}
