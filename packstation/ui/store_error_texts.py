"""What could not be kept, set or sent, by error code; placeholders are the facts of the error."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

RESTORE = _("Correct this file or put the original back.")
RESTORE_BACKUP = _("Stop packing and restore the last backup.")
RIGHTS = _("Check that the data folder is there and may be used.")
START_AGAIN = _("Nothing was written. Start the program again.")
OWN_DISK = _("Choose a folder on this machine's own disk.")

DATA_ERRORS: dict[str, ErrorSay] = {
    "data_file.bad_value": ErrorSay(
        _("Wrong value in a data file"), _("{file}: the value of {key} is wrong."), RESTORE
    ),
    "data_file.unreadable": ErrorSay(
        _("Data file not readable"), _("The data file {file} cannot be read."), RESTORE
    ),
    "data_file.not_toml": ErrorSay(
        _("Data file not readable"), _("The data file {file} is not valid TOML."), RESTORE
    ),
    "settings.bad_value": ErrorSay(
        _("Wrong setting"), _("The setting {key} has a wrong value."), _("Correct this setting.")
    ),
    "settings.unreadable": ErrorSay(
        _("Settings not readable"),
        _("The settings file {file} cannot be read."),
        _("Correct the settings file."),
    ),
    "numbers.does_not_fit": ErrorSay(
        _("Number does not fit the carrier"),
        _("{number} is not a tracking number of {carrier}."),
        _("Check the carrier and the number; nothing was added."),
    ),
    "numbers.no_rule": ErrorSay(
        _("Next number not known"),
        _("No public rule tells which {carrier} number follows {number}."),
        _("Import the carrier's list of numbers instead."),
    ),
    "numbers.run_out": ErrorSay(
        _("Numbers used up"),
        _("No {carrier} number follows {number}: the block ends here."),
        _("Ask the carrier for a new block."),
    ),
    "numbers.bad_count": ErrorSay(
        _("Wrong count"),
        _("A block cannot have {count} numbers."),
        _("Give the number of labels that were bought."),
    ),
    "numbers.duplicate": ErrorSay(
        _("Number is there already"),
        _("The {carrier} number {number} is there already."),
        _("Check the first number and the count; nothing was added."),
    ),
    "numbers.none": ErrorSay(
        _("No number"), _("No number was given."), _("Give at least one number.")
    ),
    "numbers.unknown_carrier": ErrorSay(
        _("Carrier not known"), _("There is no carrier {carrier}."), _("Choose another carrier.")
    ),
    "settings.not_saved": ErrorSay(
        _("Settings not saved"),
        _("{file} could not be written. The old settings still hold."),
        _("Make room on the disk and save again."),
    ),
    "settings.unknown_carrier": ErrorSay(
        _("Carrier not known"),
        _("Setting {key}: there is no carrier {carrier}."),
        _("Choose another carrier."),
    ),
    "settings.unknown_printer": ErrorSay(
        _("Printer not known"),
        _("The setting {key} names no printer."),
        _("Write virtual, tcp://address:9100 or a device file such as /dev/usb/lp0."),
    ),
}

WORK_ERRORS: dict[str, ErrorSay] = {
    "app.cannot_write": ErrorSay(
        _("File cannot be written"),
        _("The file {file} cannot be written."),
        _("Choose another folder."),
    ),
    "app.unexpected": ErrorSay(
        _("That did not work"), _("That did not work."), _("Try again; the log has more.")
    ),
    "app.no_display": ErrorSay(
        _("No screen"),
        _("There is no screen to open the window on."),
        _("Use the commands: packstation --help, or packstation demo --headless."),
    ),
    "store.closed": ErrorSay(
        _("The program is closing"),
        _("The program is closing; nothing is written any more."),
        _("Start it again."),
    ),
    "demo.not_a_sample": ErrorSay(
        _("Another shop's folder"),
        _("Another shop works in the folder {folder}; the sample shop needs one of its own."),
        _("Choose an empty folder with --data, or leave it out."),
    ),
    "scan.no_input": ErrorSay(
        _("No scans"),
        _("There is nothing to read scans from."),
        _("Give a file, or type scans into standard input."),
    ),
    "orders.not_found": ErrorSay(
        _("No such order"), _("There is no order {order}."), _("Look at the list of orders.")
    ),
    "orders.not_held": ErrorSay(
        _("Order not on hold"),
        _("Order {order} is not held at this station."),
        _("Look at the reason in the list of orders."),
    ),
    "receipt.unreadable": ErrorSay(
        _("No receipt found"),
        _("{file} shows no receipt's code."),
        _("Give the printed bytes, or a sharp picture of the whole receipt."),
    ),
    "receipt.differs": ErrorSay(
        _("Receipt is not genuine"),
        _("Receipt {manifest} is not the one that the journal knows."),
        _("Do not accept it; compare the parcels of the manifest one by one."),
    ),
    "sync.bad_secret": ErrorSay(
        _("Wrong secret"),
        _("The secret for status events has a wrong form."),
        _("Store the receiver's secret again, as it was given."),
    ),
    "sync.no_address": ErrorSay(
        _("No address"),
        _("No address is set to send status events to."),
        _("Write sync_url into settings.toml, or give --url."),
    ),
    "sync.no_such_event": ErrorSay(_("No such event"), _("This status event is not there.")),
    "sync.url_refused": ErrorSay(
        _("Address refused"),
        _("Status events cannot be sent to this address."),
        _("Give an https address, or http with 127.0.0.1 for this machine."),
    ),
}

BENCH_ERRORS: dict[str, ErrorSay] = {
    "bench.failed": ErrorSay(
        _("Not measured"),
        _("A figure could not be measured."),
        _("Run it again while the computer does nothing else."),
    ),
    "bench.no_display": ErrorSay(
        _("No screen to measure on"),
        _("There is no screen on which the window could be measured."),
        _("Install the packages xvfb and xdotool, then run it again."),
    ),
    "bench.no_picture": ErrorSay(
        _("No picture of the screen"),
        _("The screen gives no picture of the window, so one figure is missing."),
        _("Run it on a screen of the X Window System."),
    ),
}
STORE_ERRORS: dict[str, ErrorSay] = {
    "store.already_sent": ErrorSay(
        _("May be printed already"),
        _("Print job {job} may be on paper already."),
        _("Look at the printer; print again if nothing came out."),
    ),
    "store.backup_bad": ErrorSay(
        _("Backup is of no use"),
        _("The backup {path} is of no use."),
        _("Make another one, on another disk if it happens again."),
    ),
    "store.conflict": ErrorSay(
        _("Records do not agree"), _("This does not agree with what is stored."), START_AGAIN
    ),
    "store.corrupt": ErrorSay(
        _("Database damaged"), _("The database {path} is damaged."), RESTORE_BACKUP
    ),
    "store.disk_full": ErrorSay(
        _("Disk full"),
        _("The disk is full. Nothing more can be saved."),
        _("Stop packing, free some space, then start again."),
    ),
    "store.io_error": ErrorSay(
        _("Disk error"),
        _("The disk reports an error. Nothing more can be saved."),
        _("Stop packing, call support, and start again on a sound disk."),
    ),
    "store.locked": ErrorSay(
        _("Database locked"),
        _("Another program keeps the database {path} locked."),
        _("Close the other program and try again."),
    ),
    "store.no_memory": ErrorSay(
        _("Out of memory"), _("There is not enough memory."), _("Close other programs.")
    ),
    "store.read_only": ErrorSay(
        _("Database cannot be written"), _("The database {path} cannot be written."), RIGHTS
    ),
    "store.failed": ErrorSay(
        _("Database failed"), _("The database {path} has failed."), START_AGAIN
    ),
    "store.held": ErrorSay(
        _("Already open"),
        _("The data folder {path} is in use by another program."),
        _("Close that program first; one program at a time may change things."),
    ),
    "store.illegal_move": ErrorSay(
        _("Parcel is further on"),
        _("The parcel of order {order} cannot go from {state} to {target}."),
        _("Nothing was written. Start again and scan the parcel."),
    ),
    "store.key_damaged": ErrorSay(
        _("Key damaged"),
        _("The key {name} is damaged."),
        _("Restore it from where it was kept with the backup."),
    ),
    "store.key_missing": ErrorSay(
        _("Key missing"),
        _("The key {name} of {path} is missing."),
        _("Restore the key that belongs to this data folder; nothing was changed."),
    ),
    "store.network_path": ErrorSay(
        _("Network drive"), _("The data folder {path} is on a network drive."), OWN_DISK
    ),
    "store.newer_version": ErrorSay(
        _("Made by a newer version"),
        _("The database {path} was made by a newer version of the program."),
        _("Start the newer program; nothing was changed."),
    ),
    "store.no_access": ErrorSay(_("No access"), _("The database {path} cannot be opened."), RIGHTS),
    "store.no_data": ErrorSay(
        _("Nothing there yet"),
        _("There is nothing in the data folder {path} yet."),
        _("Import a file first, or choose another folder."),
    ),
    "store.no_such_job": ErrorSay(_("No such print job"), _("There is no print job {job}.")),
    "store.no_such_manifest": ErrorSay(
        _("No such manifest"), _("There is no manifest {manifest}.")
    ),
    "store.old_sqlite": ErrorSay(
        _("SQLite too old"),
        _("SQLite {version} may damage databases."),
        _("Install the program again: it brings a newer one."),
    ),
    "store.order_missing": ErrorSay(
        _("Order not there"),
        _("Order {order} is not stored here."),
        _("Import it, then scan it again."),
    ),
    "store.people_key": ErrorSay(
        _("Addresses not readable"),
        _("People's data cannot be read: it was altered, or its key is another one."),
        _("Restore the people key that belongs to this data folder."),
    ),
    "store.people_purged": ErrorSay(
        _("Addresses deleted"),
        _("The people's data of {day} was deleted."),
        _("Import the order again if it still has to be packed."),
    ),
    "store.settings": ErrorSay(
        _("Disk not suitable"),
        _("The database {path} cannot keep {setting} as it must."),
        OWN_DISK,
    ),
    "store.unusable": ErrorSay(
        _("Database failed before"),
        _("The database failed before; what was written last is not known."),
        _("Start the program again; it looks first what was really written."),
    ),
}

ERRORS: dict[str, ErrorSay] = {**DATA_ERRORS, **WORK_ERRORS, **BENCH_ERRORS, **STORE_ERRORS}
"""Errors of data files, settings, numbers, database and sending."""
