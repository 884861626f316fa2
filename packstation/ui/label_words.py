"""Short words for label files: why a page has no order, and pages that do not fit the paper."""

from __future__ import annotations

from packstation.i18n import Translator, _

WHY: dict[str, str] = {
    "blank": _("Blank page"),
    "no_code": _("No barcode could be read"),
    "no_number": _("Names an order, but no single tracking number of its carrier"),
    "two_numbers": _("Two tracking numbers of one order"),
    "several": _("Labels of several orders on one page: download them one on a page"),
}
"""As ``paper_facts.PageTaken.why``."""


def shape_words(
    page: tuple[float, float], paper: tuple[float, float], translator: Translator
) -> str:
    """Return that pages do not fit the paper; sizes are widths and heights in mm."""
    return translator.text(
        "The pages are {page} mm and do not fit the label paper of {paper} mm: they are not"
        " printed.",
        page=size_words(page),
        paper=size_words(paper),
    )


def size_words(size: tuple[float, float]) -> str:
    """Return a size in whole millimetres.

    >>> size_words((99.98, 150.0))
    '100 x 150'
    """
    return " x ".join(f"{side:.0f}" for side in size)


def fitted_words(pages: int, at_risk: int, lost: int, translator: Translator) -> str:
    """Return what fitting a label file came to.

    Args:
        pages: That were made to fit.
        at_risk: Of these, with bars narrower than two dots.
        lost: That are not printed.
        translator: Of the window or the command line.
    """
    words = [translator.text("{pages} labels will be printed fitted.", pages=pages)]
    if at_risk:
        words.append(
            translator.text(
                "The bars of {count} are narrower than two dots: scan the first one back.",
                count=at_risk,
            )
        )
    if lost:
        words.append(
            translator.text(
                "{count} labels could not be read after it and are not printed: download them in"
                " the size of the paper.",
                count=lost,
            )
        )
    return " ".join(words)
