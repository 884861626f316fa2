"""What could not be read, drawn or printed, by error code.

The placeholders are the facts of the error.
"""

from __future__ import annotations

from dataclasses import dataclass

from packstation.i18n import _


@dataclass(frozen=True, slots=True)
class ErrorSay:
    """English, to be translated."""

    title: str
    sentence: str
    fix: str = ""


EXPORT_AGAIN = _("Download or export the file again.")
FEWER = _("Export fewer orders at a time, or export them as CSV.")
ENCODING = _("Save it as UTF-8, or choose its encoding in the shop's settings.")
UNTOUCHED = _("Export the file again and do not open it in another program first.")

IMPORT_ERRORS: dict[str, ErrorSay] = {
    "import.empty_file": ErrorSay(_("Empty file"), _("{file} is empty."), EXPORT_AGAIN),
    "import.html_page": ErrorSay(
        _("A web page, not a table"),
        _("{file} is a web page, not a table."),
        _("Log on to the shop and export again, or save the table as XLSX first."),
    ),
    "import.not_a_table": ErrorSay(
        _("Not a table"),
        _("{file} is not a table of orders."),
        _("Give the CSV or XLSX file that the shop exports."),
    ),
    "import.unreadable": ErrorSay(
        _("File not readable"), _("{file} cannot be read."), EXPORT_AGAIN
    ),
    "import.too_large_inside": ErrorSay(
        _("File too large"), _("{file} is too large inside. Nothing was imported."), FEWER
    ),
    "import.too_slow": ErrorSay(
        _("File takes too long"),
        _("{file} took too long to read. Nothing was imported."),
        FEWER,
    ),
    "import.cancelled": ErrorSay(
        _("Import cancelled"), _("Reading {file} was cancelled. Nothing was imported.")
    ),
    "import.cell_too_large": ErrorSay(
        _("Cell too large"),
        _("{file}, row {row}: a cell is far too long; a quotation mark may be left open."),
        _("Correct this row or export the file again."),
    ),
    "import.unbalanced_quotes": ErrorSay(
        _("Quotation marks do not match"),
        _("{file}, row {row}: the quotation marks do not match; the file may be cut off."),
        _("Correct this row or export the file again."),
    ),
    "import.damaged_workbook": ErrorSay(
        _("Damaged workbook"), _("{file} cannot be read as a workbook."), EXPORT_AGAIN
    ),
    "import.nul_bytes": ErrorSay(
        _("Damaged text"), _("{file}, line {line}: the file is damaged or in UTF-16."), ENCODING
    ),
    "import.encoding_not_chosen": ErrorSay(
        _("Encoding not known"),
        _("{file} is in UTF-16 or UTF-32, which is not guessed."),
        ENCODING,
    ),
    "import.bad_encoding": ErrorSay(
        _("Wrong encoding"),
        _("{file}, line {line}: the text does not fit its encoding."),
        _("Export the file again, save it as UTF-8, or choose its encoding in the settings."),
    ),
    "import.truncated_file": ErrorSay(
        _("File cut off"), _("{file}, line {line}: the file was cut off here."), EXPORT_AGAIN
    ),
    "import.replacement_character": ErrorSay(
        _("Letters lost"),
        _("{file}, line {line}: letters were lost before the file came here."),
        UNTOUCHED,
    ),
    "import.mojibake": ErrorSay(
        _("Garbled letters"),
        _("{file}, line {line}: the letters are garbled; it was saved in a wrong encoding."),
        UNTOUCHED,
    ),
    "import.files_do_not_belong": ErrorSay(
        _("Files do not belong together"),
        _("These files do not belong together: {file} and the others."),
        _("Give one export at a time; only an order list and its detail list go together."),
    ),
    "import.other_file_missing": ErrorSay(
        _("Second file missing"),
        _("{file} is half of a pair: the other file is missing."),
        _("Give both files of the export together."),
    ),
    "import.unknown_columns": ErrorSay(
        _("Headings not known"),
        _(
            "{file}: no known headings in its first rows. Found: {found}. Nearest is {profile},"
            " which also needs: {missing}."
        ),
        _("Give the shop's own export, or set up which heading stands for what."),
    ),
    "import.of_another_shop": ErrorSay(
        _("File of another shop"),
        _("{file} was imported for the shop {shop} already, not for {chosen}."),
        _("Choose that shop. If it was the wrong one, export the file again."),
    ),
    "import.no_rows": ErrorSay(
        _("No rows"),
        _("{file} has headings but no row below them."),
        _("Export again with a longer period, or choose other orders."),
    ),
    "import.no_files": ErrorSay(_("No file"), _("No file was given."), _("Choose a file.")),
}

PAPER_ERRORS: dict[str, ErrorSay] = {
    "print.bad_barcode": ErrorSay(
        _("Barcode cannot be printed"),
        _("{text} cannot be printed as a barcode."),
        _("Correct the number."),
    ),
    "print.bad_receipt_line": ErrorSay(
        _("Receipt line cannot be printed"),
        _("This line of the receipt cannot be printed: {text}"),
        _("Shorten it."),
    ),
    "print.empty_receipt": ErrorSay(
        _("No bags, no receipt"),
        _("A handover without bags has no receipt."),
        _("Scan the sealed bags first."),
    ),
    "print.empty_pick_list": ErrorSay(
        _("Nothing to pick"),
        _("There is nothing to pick: no open order has goods."),
        _("Import orders first, or choose others."),
    ),
    "print.missing_glyph": ErrorSay(
        _("Character cannot be printed"),
        _("No font of this computer can print the character {character}."),
        _("Install a font that has it, for example Noto Sans CJK, or correct the order."),
    ),
    "print.does_not_fit": ErrorSay(
        _("Text too long for the paper"),
        _("A text is too long for the paper, even in the smallest print: {field}"),
        _("Shorten it in the order or use a larger label."),
    ),
    "print.barcode_does_not_fit": ErrorSay(
        _("Barcode too long for the paper"),
        _("A barcode is too long to be printed so that scanners read it: {field}"),
        _("Use a larger label or a shorter number."),
    ),
    "print.unknown_language": ErrorSay(
        _("Language not known"),
        _("Labels and receipts cannot be printed in the language {language}."),
        _("Choose another language in the settings."),
    ),
    "print.wrong_printer": ErrorSay(
        _("Wrong printer"),
        _("The paper was sent to the wrong kind of printer."),
        _("Choose the right printer in the settings."),
    ),
    "print.not_sent": ErrorSay(
        _("Nothing sent yet"), _("Nothing was sent to the printer for this job yet.")
    ),
    "print.no_sender": ErrorSay(
        _("No sender address"),
        _("The shop {shop} has no sender address."),
        _("Write the sender into the settings of the shop."),
    ),
    "print.no_recipient": ErrorSay(
        _("No recipient address"),
        _("Name, phone or address of the recipient of order {order} is not known."),
        _("Import a file that has them, or print the label elsewhere."),
    ),
}

DEVICE_ERRORS: dict[str, ErrorSay] = {
    "printer.no_answer": ErrorSay(
        _("Printer does not answer"),
        _("The printer did not say whether it printed."),
        _("Scan the label, or scan REPRINT if there is none."),
    ),
    "printer.not_understood": ErrorSay(
        _("Wrong printer language"),
        _("The printer data cannot be understood."),
        _("Check that the printer and its profile speak the same language."),
    ),
}

ERRORS: dict[str, ErrorSay] = {**IMPORT_ERRORS, **PAPER_ERRORS, **DEVICE_ERRORS}
"""Errors of files, paper and printers; ``store_error_texts`` has the others."""
