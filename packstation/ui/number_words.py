"""Words for prepaid tracking numbers: states, forecasts, what a run would be."""

from __future__ import annotations

from packstation.core.number_stock import PoolStock, RunCheck
from packstation.core.status import NumberState
from packstation.i18n import Translator, _

NUMBER_STATES: dict[NumberState, str] = {
    NumberState.FREE: _("Free"),
    NumberState.USED: _("Used"),
    NumberState.VOID: _("Void"),
    NumberState.SPOILED: _("Spoiled"),
    NumberState.RETURNED: _("Given back"),
}
REFUSED = {
    "damaged_id": _("damaged by a spreadsheet"),
    "missing_id": _("no number"),
    "does_not_fit": _("not a number of this carrier"),
    "duplicate_row": _("stands in the file before"),
    "known": _("used or in a pool already"),
}
"""Why a row of a list gives no number."""
_CHECKS = {
    "published": _("check digits are right"),
    "inferred": _("check digits as usual, not published"),
    "none": _("without check digit"),
}


def pool_name(pool: str, translator: Translator) -> str:
    """Return a pool's name; the one without a name is for every shop that has set none."""
    return pool or translator.text("Common pool")


def lasts(stock: PoolStock, translator: Translator) -> str:
    """Return how long the free numbers last."""
    if stock.free == 0:
        return translator.text("Run out")
    if stock.days_left is None:
        return translator.text("Too few days to tell")
    if stock.days_left >= 100:
        return translator.text("100 days and more")
    return translator.text("About {days} days", days=f"{stock.days_left:.1f}")


def run_words(check: RunCheck, translator: Translator) -> str:
    """Return what a run would be, in one or two lines."""
    told = check.preview
    numbers = " ".join(told.head)
    if told.tail:
        more = told.count > len(told.head) + len(told.tail)
        numbers += (" … " if more else " ") + " ".join(told.tail)
    parts = [translator.text(_CHECKS[told.check])]
    if told.carries:
        parts.append(translator.text("carries at {number}", number=told.carries[0]))
    if check.gap_before:
        parts.append(translator.text("{count} missing before", count=check.gap_before))
    if check.gap_after:
        parts.append(translator.text("{count} missing after", count=check.gap_after))
    joint = "，" if translator.language.startswith("zh") else ", "
    return f"{numbers}\n{joint.join(parts)}"


def run_warning(check: RunCheck, translator: Translator) -> str:
    """Return what speaks against adding a run; empty where nothing does."""
    if check.known:
        return translator.text(
            "There already: {count} of these numbers, the first is {number}.",
            count=check.known,
            number=check.first_known[0][0],
        )
    if check.preview.doubtful:
        return translator.text(
            "The last digit of {number} is not the one that is usual: look at it again.",
            number=check.preview.first,
        )
    return ""
