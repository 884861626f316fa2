"""Write resources/calendars from the library holidays.

Run it as: python installer/make_calendars.py [--check]

The program reads these files and never the library itself, which takes 21 MB and half a second to
load, and the days that a deadline was worked out with stay in view. ``--check`` writes nothing and
fails where a file differs from what the library says today.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "calendars"
FIRST, LAST = 2023, 2032
COUNTRIES = ("CN", "US", "VN")


def text_of(country: str) -> str:
    """Return the whole file of one country."""
    import holidays

    years = range(FIRST, LAST + 1)
    days = holidays.country_holidays(country, years=years, language="en_US")
    # Governments that swap working days say so year by year; the library lists these years.
    swapped = {year for year in getattr(days, "special_public_holidays", {}) if year in years}
    until = max(swapped) if swapped else LAST
    worked = sorted(day for day in days.weekend_workdays if FIRST <= day.year <= LAST)
    lines = [
        "# Made by installer/make_calendars.py; change it there or add what was announced since.",
        f'country = "{country}"',
        f'source = "holidays {holidays.__version__} (MIT, Vacanza)"',
        'weekend = ["sat", "sun"]',
        f"known_from = {FIRST}",
        "# Later years follow from law alone: what the government announces for them is not known.",
        f"known_until = {until}",
        "# Weekend days that are worked instead of a day off.",
        f"work_days = [{', '.join(map(str, worked))}]",
        "",
        "[holidays]",
    ]
    lines += [f'{day} = "{name}"' for day, name in sorted(days.items()) if day.year in years]
    return "\n".join(lines) + "\n"


def disagreements() -> list[str]:
    """Return what the files say otherwise than the library, day by day."""
    import tomllib

    import holidays

    found = []
    for country in COUNTRIES:
        kept = tomllib.loads((FOLDER / f"{country.lower()}.toml").read_text("utf-8"))
        off = {date.fromisoformat(day) for day in kept["holidays"]}
        worked = set(kept["work_days"])
        days = holidays.country_holidays(country, years=range(FIRST, LAST + 1))
        day = date(FIRST, 1, 1)
        while day.year <= LAST:
            ours = day in worked if day.weekday() > 4 else day not in off
            if ours != days.is_working_day(day):
                found.append(f"{country} {day}")
            day += timedelta(days=1)
    return found


def main() -> int:
    """Write or check every file; return the exit code."""
    if "--check" in sys.argv:
        wrong = disagreements()
        sys.stdout.write("\n".join(wrong or ["the calendars agree with the library"]) + "\n")
        return 1 if wrong else 0
    FOLDER.mkdir(exist_ok=True)
    for country in COUNTRIES:
        path = FOLDER / f"{country.lower()}.toml"
        path.write_text(text_of(country), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
