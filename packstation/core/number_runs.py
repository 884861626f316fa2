"""Runs of tracking numbers (智能联想): from one number the rest, forwards and backwards.

Only rules of the carrier files are used. Where a carrier publishes none, the answer is a refusal:
a made-up number would be on a real parcel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from packstation.core.carriers import Carrier, NextRule, NumberPattern, plain
from packstation.core.orders import CarrierCode, TrackingNumber
from packstation.errors import PackStationError

MOST_NUMBERS = 1_000_000
"""Largest run that is made at once."""
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers that follow one another, not written out."""

    carrier: CarrierCode
    pattern: NumberPattern
    prefix: str
    suffix: str
    """What follows the check digit, or nothing."""
    start: int
    width: int
    """Digits of the serial, leading zeros included."""
    count: int
    typed: str = ""
    """The first number as given, where its inferred check digit should be another."""

    def number(self, index: int) -> TrackingNumber:
        """Return one number by its place from 0; places outside the run continue it."""
        if self.typed and index == 0:
            return TrackingNumber(self.typed)
        serial = f"{self.start + index:0{self.width}d}"
        rule = self.pattern.check if self.pattern.next_rule is NextRule.SERIAL else None
        check = str(rule.digit(serial)) if rule is not None else ""
        return TrackingNumber(f"{self.prefix}{serial}{check}{self.suffix}")

    def __iter__(self) -> Iterator[TrackingNumber]:
        return (self.number(index) for index in range(self.count))

    @property
    def first(self) -> TrackingNumber:
        """The first number."""
        return self.number(0)

    @property
    def last(self) -> TrackingNumber:
        """The last number."""
        return self.number(self.count - 1)

    def place(self, number: str) -> int | None:
        """Return how far a number stands from the first, below 0 before it; None = another form."""
        body = number.removeprefix(self.prefix)
        digits = body[: self.width]
        if not digits.isascii() or not digits.isdigit() or len(digits) < self.width:
            return None
        index = int(digits) - self.start
        return index if self.number(index) == number else None


@dataclass(frozen=True, slots=True)
class RunPreview:
    """What would be added, for the eyes."""

    carrier: CarrierCode
    count: int
    first: TrackingNumber
    last: TrackingNumber
    head: tuple[TrackingNumber, ...]
    """The first numbers, at most three."""
    tail: tuple[TrackingNumber, ...]
    """The last numbers, none of them in ``head``."""
    carries: tuple[TrackingNumber, ...]
    """Numbers at which the serial's last three digits begin anew: the first few of them."""
    doubtful: bool
    """The first number's inferred check digit should be another: look at it again."""
    check: str
    """``published``, ``inferred`` or ``none``: what is known of the check digit."""


def run_of(carrier: Carrier, first: str, count: int) -> Run:
    """Return the run of a length that begins with a number.

    Raises:
        PackStationError: ``numbers.bad_count``, ``numbers.does_not_fit``, ``numbers.no_rule``
            or ``numbers.run_out``.
    """
    if not 1 <= count <= MOST_NUMBERS:
        raise PackStationError(
            "numbers.bad_count",
            f"A block has 1 to {MOST_NUMBERS} numbers, not {count}.",
            fix="Give the number of labels that were bought.",
            count=count,
        )
    run = _begun(carrier, plain(first), count)
    # Both ends are looked at; between them only the serial counts up.
    if run.start + count - 1 >= 10**run.width or not carrier.fits(run.last):
        raise _run_out(run.first, carrier)
    return run


def _begun(carrier: Carrier, text: str, count: int) -> Run:
    fit = carrier.fit(text)
    if fit is None:
        raise PackStationError(
            "numbers.does_not_fit",
            f"{text} is not a tracking number of {carrier.code}.",
            fix="Check the carrier and the number; nothing was added.",
            number=text,
            carrier=carrier.code,
        )
    text, pattern = fit.number, fit.pattern
    match = pattern.pattern.fullmatch(text)
    match pattern.next_rule, match:
        case NextRule.SERIAL, re.Match() as places if places["serial"].isdigit():
            return Run(
                carrier.code,
                pattern,
                text[: places.start("serial")],
                text[places.end("check") :],
                int(places["serial"]),
                len(places["serial"]),
                count,
                typed=text if fit.doubtful else "",
            )
        case NextRule.INCREMENT, _:
            ending = re.search(r"\d+$", text, re.ASCII)
            if ending is None:
                raise _run_out(text, carrier)
            return Run(
                carrier.code,
                pattern,
                text[: ending.start()],
                "",
                int(ending[0]),
                len(ending[0]),
                count,
            )
        case _:
            raise PackStationError(
                "numbers.no_rule",
                f"No public rule tells which {carrier.code} number follows {text}.",
                fix="Import the carrier's list of numbers instead.",
                number=text,
                carrier=carrier.code,
            )


def preview(run: Run) -> RunPreview:
    """Return what a run looks like; costs the same for every length."""
    ends = min(_SHOWN, run.count)
    step = 10 ** min(3, run.width)
    first_carry = -(run.start + 1) % step + 1
    carries = range(first_carry, run.count, step)
    check = run.pattern.check
    known = "none" if check is None else "inferred" if check.inferred else "published"
    return RunPreview(
        carrier=run.carrier,
        count=run.count,
        first=run.first,
        last=run.last,
        head=tuple(run.number(i) for i in range(ends)),
        tail=tuple(run.number(i) for i in range(max(ends, run.count - _SHOWN), run.count)),
        carries=tuple(run.number(i) for i in islice(carries, _SHOWN)),
        doubtful=bool(run.typed),
        check=known,
    )


def next_number(carrier: Carrier, number: str) -> TrackingNumber:
    """Return the number after a number.

    Raises:
        PackStationError: As ``run_of``.
    """
    return run_of(carrier, number, 2).last


def previous_number(carrier: Carrier, number: str) -> TrackingNumber:
    """Return the number before a number.

    Raises:
        PackStationError: As ``run_of``; ``numbers.run_out`` before the first of a form.
    """
    run = _begun(carrier, plain(number), 2)
    before = run.number(-1) if run.start > 0 else TrackingNumber("")
    if not carrier.fits(before):
        raise _run_out(run.first, carrier)
    return before


def block(carrier: Carrier, first: str, count: int) -> tuple[TrackingNumber, ...]:
    """Return count numbers from the first on; a block of one needs no rule, only a fit.

    Raises:
        PackStationError: As ``run_of``.
    """
    fit = carrier.fit(first)
    if count == 1 and fit is not None:
        return (fit.number,)
    return tuple(run_of(carrier, first, count))


def _run_out(number: str, carrier: Carrier) -> PackStationError:
    return PackStationError(
        "numbers.run_out",
        f"No {carrier.code} number follows {number}: the block ends here.",
        fix="Ask the carrier for a new block.",
        number=number,
        carrier=carrier.code,
    )
