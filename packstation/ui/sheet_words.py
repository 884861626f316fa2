"""Words for files that go out: why an order is not in one, what a row of a carrier's file is."""

from __future__ import annotations

from packstation.i18n import Translator, _
from packstation.ui.names import obstacle_words
from packstation.ui.state_words import PARCEL_STATES

_STATES = {state.value.lower(): words for state, words in PARCEL_STATES.items()}

WHY: dict[str, str] = {
    "split_refused": _(
        "it travels in several parcels, which this file cannot say; enter it on the platform's page"
    ),
    "looks_like_formula": _("its number looks like a formula"),
    "not_in_template": _("it is not in the template"),
    "other_number": _("the template names another tracking number"),
    "other_carrier": _("the template names another carrier"),
    "number_changed": _(
        "the platform was told another number before; put the new one in on its page"
    ),
    "in_a_wave": _("it is in an open wave already"),
    "packed": _("its parcel is packed already"),
    # Rows of a carrier's file.
    "unknown_order": _("no order of the sheet has this number"),
    "order_twice": _("the order stands in the file twice"),
    "number_twice": _("the tracking number stands in the file twice"),
    "number_known": _("the tracking number is used or known already"),
    "no_number": _("there is no tracking number, or it is damaged"),
    "does_not_fit": _("it is no number of this carrier"),
    "has_number": _("the order has its number already"),
    "not_to_pack": _("the order may not be packed any more"),
}
"""Words that are not among the states of an order."""


def status_words(word: str, translator: Translator) -> str:
    """Return a status of the list of orders in the person's language."""
    if word in _STATES:
        return translator.text(_STATES[word])
    return translator.text(_("Waiting")) if word == "waiting" else obstacle_words(word, translator)


def why_words(word: str, translator: Translator) -> str:
    """Return why an order was left out in the person's language; the word where none is known."""
    known = WHY.get(word)
    return translator.text(known) if known else obstacle_words(word, translator)
