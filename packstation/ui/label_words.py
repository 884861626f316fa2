"""Short words for pages of label files: why one could not be given to an order."""

from __future__ import annotations

from packstation.i18n import _

WHY: dict[str, str] = {
    "blank": _("Blank page"),
    "no_code": _("No barcode could be read"),
    "no_number": _("Names an order, but no single tracking number of its carrier"),
    "two_numbers": _("Two tracking numbers of one order"),
    "several": _("Labels of several orders on one page: download them one on a page"),
}
"""As ``paper_facts.PageTaken.why``."""
