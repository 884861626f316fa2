"""What could not be written out or taken back, by error code; placeholders are facts."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

OTHER_NAME = _("Choose another name.")
SEE_BATCHES = _("Look at the list of batches.")
SEE_WAVES = _("Look at the list of waves.")

ERRORS: dict[str, ErrorSay] = {
    "sheets.looks_like_formula": ErrorSay(
        _("Number looks like a formula"),
        _("The number {number} could be taken for a formula and is not written into a file."),
        _("Correct the number in the shop, then import the order again."),
    ),
    "sheets.not_in_encoding": ErrorSay(
        _("Character cannot be written"),
        _("The character {character} cannot be written in {encoding}."),
        _("Correct the number or the carrier's name, or save the template as XLSX."),
    ),
    "sheets.file_exists": ErrorSay(
        _("File is there already"),
        _("There is a file {file} already; it is not written over."),
        OTHER_NAME,
    ),
    "sheets.bad_format": ErrorSay(
        _("Kind of file not known"),
        _("{file} is neither a .csv nor a .xlsx file."),
        _("Choose a name that ends in .csv or .xlsx."),
    ),
    "sheets.cancelled": ErrorSay(
        _("Export cancelled"), _("The export was cancelled; no file was written.")
    ),
    "sheets.no_such_layout": ErrorSay(
        _("Layout not known"), _("There is no layout {layout}."), _("Choose another layout.")
    ),
    "sheets.several_platforms": ErrorSay(
        _("Several platforms"),
        _("The shop {shop} has orders of several platforms: {platforms}."),
        _("Choose the layout, or set the platform in the shop's settings."),
    ),
    "sheets.template_needed": ErrorSay(
        _("Template needed"),
        _("{platform} takes only its own template."),
        _("Download the template from the platform and choose it."),
    ),
    "sheets.old_workbook": ErrorSay(
        _("Old kind of workbook"),
        _("{file} is an XLS workbook of the old kind, which cannot be filled in place."),
        _("Save it as XLSX and give that file."),
    ),
    "sheets.no_such_column": ErrorSay(
        _("Column missing"),
        _("{file} lacks a column: {missing}."),
        _("Download the file again and leave its headings as they are."),
    ),
    "sheets.heading_twice": ErrorSay(
        _("Two equal headings"),
        _("Two columns are called {column}; which one is meant cannot be told."),
        _("Download the file again, or take one of the two out."),
    ),
    "sheets.carrier_not_in_list": ErrorSay(
        _("Carrier not in the template's list"),
        _("The template's list of carriers has no {carrier}. It has: {choices}."),
        _("Write the platform's name of the carrier into the layout's file."),
    ),
    "sheets.nothing_to_tell": ErrorSay(
        _("Nothing to tell the platform"),
        _("The shop {shop} has no sealed order that its platform does not know yet."),
        _("Seal parcels first; orders in a batch without a result are not written again."),
    ),
    "sheets.orders_changed": ErrorSay(
        _("An order changed"),
        _("An order changed while the file was made; nothing was written."),
        _("Write it again."),
    ),
    "sheets.file_not_written": ErrorSay(
        _("Noted, but no file"),
        _("{batch} is noted, but its file {file} could not be written."),
        _("Write the same file again from the list."),
    ),
    "sheets.bytes_gone": ErrorSay(
        _("Bytes not kept"),
        _("The bytes of {batch} are not kept any more."),
        _("Mark its orders as failed to write them into a new file."),
    ),
    "sheets.no_such_batch": ErrorSay(
        _("No such batch"), _("There is no batch {batch}."), SEE_BATCHES
    ),
    "sheets.not_waiting": ErrorSay(
        _("No result awaited"),
        _("Order {order} does not wait for a result in batch {batch}."),
        SEE_BATCHES,
    ),
    "sheets.not_confirmed": ErrorSay(
        _("Not confirmed"),
        _("This file would hold names, phones and addresses in clear; nothing was written."),
        _("Give --yes when that is meant."),
    ),
    "sheets.nothing_to_number": ErrorSay(
        _("No order needs a number"),
        _("No order to pack needs a number of {carrier}."),
        _("Orders of a sheet that waits for numbers are not written again."),
    ),
    "sheets.no_such_sheet": ErrorSay(
        _("No such carrier sheet"),
        _("There is no carrier sheet {sheet}."),
        _("Look at the list of carrier sheets."),
    ),
    "sheets.sheet_ended": ErrorSay(
        _("Carrier sheet has ended"),
        _("Carrier sheet {sheet} waits for no number any more."),
        _("Write a new sheet for orders without a number."),
    ),
    "sheets.count_differs": ErrorSay(
        _("Counts differ"),
        _("{file} has {rows} rows, and {orders} orders wait for a number."),
        _("Ask the carrier for a file with order numbers; nothing was taken."),
    ),
    "sheets.no_such_wave": ErrorSay(_("No such wave"), _("There is no wave {wave}."), SEE_WAVES),
    "sheets.wave_ended": ErrorSay(
        _("Wave has ended"), _("Wave {wave} has ended already."), SEE_WAVES
    ),
    "sheets.empty_wave": ErrorSay(
        _("No order for a wave"),
        _("No order is free for a wave."),
        _("Choose other orders, or end the waves that are done."),
    ),
}
"""Errors of files that go out and of waves."""
