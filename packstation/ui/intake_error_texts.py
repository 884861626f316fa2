"""What is wrong with a chosen file format, a new one, or orders in JSON; by error code."""

from __future__ import annotations

from packstation.i18n import _
from packstation.ui.error_texts import ErrorSay

ERRORS: dict[str, ErrorSay] = {
    "import.wrong_profile": ErrorSay(
        _("Another file format"),
        _("{file} is no {profile} file: it lacks the columns {missing}."),
        _("Choose the format that the file was exported in, or let it be found out."),
    ),
    "import.unknown_profile": ErrorSay(
        _("Unknown file format"),
        _("There is no file format {profile}. Known are: {known}."),
        _("Choose one of them."),
    ),
    "import.json_broken": ErrorSay(
        _("Not valid JSON"),
        _("{file}, line {line}: this is not valid JSON."),
        _("Write each order as one JSON object, one a line."),
    ),
    "import.json_bad_value": ErrorSay(
        _("Wrong value in JSON"),
        _("{file}, order {row}: {key} is unknown or has a wrong value."),
        _("Correct it; the form is described in the guide to JSON orders."),
    ),
    "mapping.bad_name": ErrorSay(
        _("Name cannot be used"),
        _("{detail} cannot be the name of a file format."),
        _("Use letters, digits and hyphens, at most 40."),
    ),
    "mapping.name_taken": ErrorSay(
        _("Name is taken"),
        _("There is a file format called {detail} already."),
        _("Choose another name."),
    ),
    "mapping.bad_field": ErrorSay(
        _("Columns cannot be used"),
        _("The columns chosen for {detail} cannot be used."),
        _("Choose a column for each field that is needed."),
    ),
}
