"""What one cell of a shop file says: text, identifier, quantity or time, without guessing.

A cell that was damaged on its way (an order number turned into 1.93068E+15, a formula without a
value) is told apart from one that is empty, because a wrong number is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, timezone, tzinfo
from enum import Enum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packstation.errors import DataFileError
from packstation.exchange.table_rows import Cell

MAX_QUANTITY = 100_000
"""More units than this on one line is a slip, not an order."""
MAX_ID_CHARACTERS = 128

_EMPTY_WORDS = frozenset({"", "-", "null", "NULL", "\\t"})
_NO_WORDS = frozenset({"", "0", "no", "n", "false", "none"})
_NO_SIGNS = ("否", "无", "未", "不", "没")
_DRESSED = re.compile(r'^="(.*)"$', re.DOTALL)
_SCIENTIFIC = re.compile(
    r"^[0-9](?:[.,][0-9]+)?[Ee]\+?[0-9]{2,3}$|^[0-9][.,][0-9]+[Ee]\+?[0-9]{1,3}$"
)
_SCIENTIFIC_SKU = re.compile(r"^[0-9][.,][0-9]+[Ee]\+[0-9]{1,3}$")
_WHOLE = re.compile(r"^([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0+)?$")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．", "0123456789,.")
_SURE_DIGITS = 15
"""A spreadsheet number keeps 15 digits (IEEE 754 double); a longer one has lost some."""


class Damage(Enum):
    """Why a cell that must hold an identifier does not."""

    EMPTY = "missing_id"
    DAMAGED = "damaged_id"


def normalised(heading: str) -> str:
    r"""Return a heading or status word in the form in which both are compared.

    >>> normalised(" Order  ID\t") == normalised("order id")
    True
    >>> normalised("收货地址 ")
    '收货地址'
    """
    folded = unicodedata.normalize("NFKC", heading).replace("\ufeff", "").lower()
    return "".join(folded.split())


def text(cell: Cell) -> str | None:
    r"""Return a cell as text, or None where it is empty; a formula stays the text it was.

    >>> text(" 放门口 \t"), text("-"), text('="0042"'), text(2.0)
    ('放门口', None, '0042', '2')
    """
    if not isinstance(cell, str):
        return _number_text(cell)
    bare = cell.strip()
    if bare in _EMPTY_WORDS:
        return None
    if bare.startswith('="') and (dressed := _DRESSED.match(bare)):
        bare = dressed[1].strip()
    return bare or None


def says_yes(cell: Cell) -> bool:
    """Return whether a cell affirms what its column asks: anything but empty, 0 and a no.

    >>> says_yes("是"), says_yes("2026-08-01 10:00"), says_yes(True), says_yes("2")
    (True, True, True, True)
    >>> says_yes(""), says_yes("-"), says_yes("否"), says_yes("0"), says_yes("No"), says_yes("未催")
    (False, False, False, False, False, False)
    """
    if isinstance(cell, str) and not cell:
        return False
    word = normalised(text(cell) or "")
    return word not in _NO_WORDS and not word.startswith(_NO_SIGNS)


def _number_text(cell: Cell) -> str | None:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return str(int(cell)) if float(cell).is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, str):
        return cell
    return cell.get("at")


def identifier(cell: Cell, *, sku: bool = False) -> str | Damage:
    r"""Return a cell as canonical identifier, or why it is none.

    NFKC, without tabs, ``="…"`` and a leading apostrophe; leading zeros stay.

    Args:
        cell: The cell.
        sku: Whether texts such as ``12E5`` are meant as they stand.

    >>> identifier('="1930679858170647"'), identifier("'0042\t"), identifier("００１")
    ('1930679858170647', '0042', '001')
    >>> identifier("1.93068E+15"), identifier(5.793567335258547e+17), identifier(" ")
    (<Damage.DAMAGED: 'damaged_id'>, <Damage.DAMAGED: 'damaged_id'>, <Damage.EMPTY: 'missing_id'>)
    >>> identifier("12E5", sku=True), identifier(6908512208645.0)
    ('12E5', '6908512208645')
    """
    if not isinstance(cell, str):
        return _numeric_identifier(cell)
    bare = cell.strip()
    if bare.isalnum() and bare.isascii() and len(bare) <= MAX_ID_CHARACTERS:
        # Most cells by far; "null" and 1E+05 in their short forms are the only traps.
        if bare.isdigit():
            return bare
        if bare not in _EMPTY_WORDS and (sku or not _SCIENTIFIC.match(bare)):
            return bare
    if not bare:
        return Damage.EMPTY
    return _dressed_identifier(bare, sku=sku)


def _dressed_identifier(bare: str, *, sku: bool) -> str | Damage:
    if bare.startswith("="):
        dressed = _DRESSED.match(bare)
        if dressed is None:
            return Damage.DAMAGED
        bare = dressed[1].strip()
    if not bare.isascii():
        folded = unicodedata.normalize("NFKC", bare)
        bare = folded.replace("\u200b", "").replace("\ufeff", "").strip()
    bare = bare.removeprefix("'").strip()
    if bare in _EMPTY_WORDS:
        return Damage.EMPTY
    if bare.startswith("=") or len(bare) > MAX_ID_CHARACTERS:
        return Damage.DAMAGED
    if bare[0] in "0123456789" and (_SCIENTIFIC_SKU if sku else _SCIENTIFIC).match(bare):
        return Damage.DAMAGED
    if not bare.isprintable() and not _only_spaces(bare):
        return Damage.DAMAGED
    return bare


def _only_spaces(bare: str) -> bool:
    """Whether everything that does not print is a space of some kind."""
    return all(sign.isprintable() or unicodedata.category(sign) == "Zs" for sign in bare)


def _numeric_identifier(cell: Cell) -> str | Damage:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        if not float(cell).is_integer() or cell < 0 or len(str(int(cell))) > _SURE_DIGITS:
            return Damage.DAMAGED
        return str(int(cell))
    return Damage.DAMAGED


def quantity(cell: Cell) -> int | None:
    """Return a whole number of units from 1 to ``MAX_QUANTITY``, or None for anything else.

    >>> quantity("２"), quantity("2.0"), quantity(3.0), quantity("1,200")
    (2, 2, 3, 1200)
    >>> [quantity(c) for c in ("", "0", "-1", "2.5", "1E+05", "abc", 2.5, True, "100001")]
    [None, None, None, None, None, None, None, None, None]
    """
    if isinstance(cell, str):
        bare = cell.strip()
        if bare.isascii() and bare.isdigit() and len(bare) < 7:
            count = int(bare)
            return count if 1 <= count <= MAX_QUANTITY else None
        if bare.startswith("=") and (dressed := _DRESSED.match(bare)):
            bare = dressed[1].strip()
        bare = bare.translate(_FULL_WIDTH)
        whole = _WHOLE.match(bare)
        count = int(whole[1].replace(",", "")) if whole else 0
    elif isinstance(cell, bool) or not isinstance(cell, int | float) or cell != cell // 1:
        return None
    else:
        count = int(cell)
    return count if 1 <= count <= MAX_QUANTITY else None


def zone(name: str) -> tzinfo:
    """Return the zone of an IANA name or an offset.

    Raises:
        DataFileError: Neither; the message names the value.

    >>> zone("+07:00")
    datetime.timezone(datetime.timedelta(seconds=25200))
    """
    offset = re.match(r"^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$", name.strip())
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes <= 14 * 60:
            return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    try:
        return ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DataFileError(
            "settings.bad_value",
            f"The time zone {name!r} (key timezone) is neither a name such as Asia/Shanghai nor "
            "an offset such as +08:00.",
            fix="Set the shop's time zone.",
            key="timezone",
        ) from error


_SLASHED = re.compile(
    r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
    r"(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*([AaPp][Mm])?)?$",
    re.ASCII,
)
_YEAR_FIRST = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$",
    re.ASCII,
)
_MONTH_NAME = re.compile(r"^([A-Za-z]{3})-(\d{1,2})-(\d{2}|\d{4})$", re.ASCII)
_DAY_NAME = re.compile(r"^(\d{1,2})-([A-Za-z]{3})-(\d{2}|\d{4})$", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - gets the shop's zone below


def _digits(part: str | None) -> int:
    return int(part or 0)


class TimeReader:
    """Reads the times of one file; everything it gives is aware."""

    def __init__(self, *, timezone_name: str, date_order: str) -> None:
        """Keep the shop's zone and its order of day and month.

        Args:
            timezone_name: Used where a time carries no offset.
            date_order: ``DMY`` or ``MDY`` for dates such as 01/08/2026.

        Raises:
            DataFileError: The zone is unknown.
        """
        self._zone = zone(timezone_name)
        self._month_first = date_order == "MDY"
        self._known: dict[str, datetime | None] = {}

    def last_moment(self, cell: Cell) -> datetime | None:
        """Return the instant by which something is promised: a day without a time means its end."""
        moment = self.read(cell)
        if moment is None or not isinstance(cell, str) or ":" in cell:
            return moment
        return moment.replace(hour=23, minute=59, second=59)

    def read(self, cell: Cell) -> datetime | None:
        """Return the instant a cell names, or None where it names none."""
        if isinstance(cell, bool):
            return None
        if isinstance(cell, int | float):
            if not 20_000 <= cell <= 90_000:
                return None
            return (_EXCEL_DAY_ZERO + timedelta(days=round(cell * 86_400) / 86_400)).replace(
                tzinfo=self._zone
            )
        words = cell if isinstance(cell, str) else cell.get("at", "")
        if words not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[words] = self._parse(words)
        return self._known[words]

    def _parse(self, words: str) -> datetime | None:
        bare = unicodedata.normalize("NFKC", text(words) or "")
        try:
            if found := _YEAR_FIRST.match(bare):
                year, month, day, hour, minute, second = map(_digits, found.groups()[:6])
                where = zone("+00:00" if found[7] == "Z" else found[7]) if found[7] else self._zone
                return datetime(year, month, day, hour, minute, second, tzinfo=where)
            if found := _SLASHED.match(bare):
                first, other, year, hour, minute, second = map(_digits, found.groups()[:6])
                month, day = (first, other) if self._month_first else (other, first)
                if found[7]:
                    if not 1 <= hour <= 12:
                        return None
                    hour = hour % 12 + (12 if found[7].lower() == "pm" else 0)
                return datetime(year, month, day, hour, minute, second, tzinfo=self._zone)
            if found := _MONTH_NAME.match(bare):
                return self._named_day(found[1], found[2], found[3])
            if found := _DAY_NAME.match(bare):
                return self._named_day(found[2], found[1], found[3])
        except ValueError:
            return None
        return None

    def _named_day(self, month: str, day: str, year: str) -> datetime:
        century = 2000 if len(year) == 2 else 0
        number = _MONTHS.index(month.lower()) + 1
        return datetime(century + int(year), number, int(day), tzinfo=self._zone)
