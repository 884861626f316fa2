"""Figures of a measurement: how they are summed up, judged and written down."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One promise of the program, measured."""

    figure: str
    """Stable name."""
    unit: str
    n: int
    """Measurements."""
    median: float
    p99: float
    """99th percentile by nearest rank, the worst one where n < 100; of what should be high, the
    lowest percent.
    """
    goal: float
    met: bool
    """Whether ``p99`` keeps the goal."""
    beside: Mapping[str, float] = field(default_factory=dict)
    """What was measured beside it, by name."""

    def line(self) -> str:
        """Return it as one JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return a percentile by nearest rank.

    >>> percentile([3.0, 1.0, 2.0], 50), percentile(range(1, 201), 99)
    (2.0, 198)
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def _rounded(value: float) -> float:
    return round(value, 3 if abs(value) < 100 else 1)


def at_most(
    figure: str,
    unit: str,
    values: Sequence[float],
    goal: float,
    beside: Mapping[str, float] | None = None,
) -> Figure:
    """Return a figure that should be low: its 99th percentile is judged."""
    worst = percentile(values, 99)
    return _figure(figure, unit, values, worst, goal, worst <= goal, beside)


def at_least(
    figure: str,
    unit: str,
    values: Sequence[float],
    goal: float,
    beside: Mapping[str, float] | None = None,
) -> Figure:
    """Return a figure that should be high: its lowest percent is judged."""
    worst = percentile(values, 1)
    return _figure(figure, unit, values, worst, goal, worst >= goal, beside)


def _figure(
    figure: str,
    unit: str,
    values: Sequence[float],
    worst: float,
    goal: float,
    met: bool,
    beside: Mapping[str, float] | None,
) -> Figure:
    told = {name: _rounded(value) for name, value in (beside or {}).items()}
    return Figure(
        figure, unit, len(values), _rounded(median(values)), _rounded(worst), goal, met, told
    )


def heading() -> str:
    """Return the heading over the lines of ``row``."""
    return f"{'figure':<34}{'n':>6}{'median':>10}{'p99':>10}{'goal':>9}  {'unit':<8}"


def row(figure: Figure) -> str:
    """Return a figure as a line for people, what stands beside it below."""
    bound = ">=" if figure.unit == "scans" else "<="
    first = (
        f"{figure.figure:<34}{figure.n:>6}{figure.median:>10g}{figure.p99:>10g}"
        f"{f'{bound} {figure.goal:g}':>9}  {figure.unit:<8}{'met' if figure.met else 'NOT MET'}"
    )
    more = [f"    beside it: {name} {value:g}" for name, value in figure.beside.items()]
    return "\n".join([first, *more])
