"""Why an order may not be packed, from the status words and flags of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from packstation.core.orders import WhyNot
from packstation.errors import DataFileError
from packstation.exchange.cells import normalised, text
from packstation.exchange.profiles import Profile, Standing
from packstation.exchange.table_rows import Cell

_GRAVEST_FIRST: tuple[tuple[Standing, WhyNot], ...] = (
    (Standing.REFUNDED, WhyNot.REFUNDED),
    (Standing.CANCELLED, WhyNot.CANCELLED),
    (Standing.CANCEL_REQUESTED, WhyNot.CANCEL_REQUESTED),
    (Standing.REFUND_REQUESTED, WhyNot.CANCEL_REQUESTED),
    (Standing.COMPLETED, WhyNot.SHIPPED),
    (Standing.SHIPPED, WhyNot.SHIPPED),
    (Standing.UNPAID, WhyNot.UNPAID),
    (Standing.UNKNOWN, WhyNot.UNKNOWN_STATUS),
    (Standing.PRESALE, WhyNot.PRESALE),
)
"""Where several apply, the one that is hardest to come back from is told."""


def why_not(standings: Iterable[Standing]) -> WhyNot | None:
    """Return why an order with these standings may not be packed, or None.

    >>> why_not([Standing.TO_SHIP, Standing.CANCEL_REQUESTED])
    <WhyNot.CANCEL_REQUESTED: 'cancel_requested'>
    >>> why_not([Standing.TO_SHIP]) is None
    True
    >>> why_not([])
    <WhyNot.UNKNOWN_STATUS: 'unknown_status'>
    """
    present = set(standings)
    for standing, reason in _GRAVEST_FIRST:
        if standing in present:
            return reason
    return None if Standing.TO_SHIP in present else WhyNot.UNKNOWN_STATUS


class StandingReader:
    """Reads the standings of a row; the words of a profile and of the shop's settings together."""

    def __init__(
        self,
        profile: Profile,
        present: frozenset[str],
        shop_words: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Gather the words.

        Args:
            profile: Its status fields, words and flags.
            present: Fields that the file has a column for.
            shop_words: Status → words of the shop's settings; they win over the profile's.

        Raises:
            DataFileError: The settings name a status that does not exist.
        """
        self._fields = tuple(name for name in profile.status_fields if name in present)
        self._flags = tuple(flag for flag in profile.flags if flag.field in present)
        self._names = (*self._fields, *(flag.field for flag in self._flags))
        self._words = dict(profile.status_words)
        for name, words in shop_words.items():
            try:
                standing = Standing(name)
            except ValueError:
                raise DataFileError(
                    "settings.bad_value",
                    f"There is no status {name!r} (key status_words).",
                    fix="Use one of: " + ", ".join(Standing) + ".",
                    key="status_words",
                ) from None
            self._words.update((normalised(word), standing) for word in words)
        self._known: dict[tuple[Cell, ...], frozenset[Standing]] = {}

    @property
    def has_status(self) -> bool:
        """Whether the file says anything about status; without it everything is to ship."""
        return bool(self._names)

    def read(self, values: Mapping[str, Cell]) -> frozenset[Standing]:
        """Return what a row's status words and flags say; empty where its status cells are."""
        cells = tuple(str(values.get(name, "")) for name in self._names)
        known = self._known.get(cells)
        if known is None:
            if len(self._known) > 10_000:
                self._known.clear()
            known = self._known[cells] = self._judge(values)
        return known

    def _judge(self, values: Mapping[str, Cell]) -> frozenset[Standing]:
        # Where only flags speak, what they do not stop is to ship.
        standings: set[Standing] = set() if self._fields else {Standing.TO_SHIP}
        for name in self._fields:
            word = normalised(text(values.get(name, "")) or "")
            if word:
                standings.add(self._words.get(word, Standing.UNKNOWN))
        for flag in self._flags:
            word = normalised(text(values.get(flag.field, "")) or "")
            found = flag.words.get(word, flag.otherwise) if word else flag.empty
            if found is not None:
                standings.add(found)
        return frozenset(standings - {Standing.NOTHING})
