"""People's data as it may be shown: enough to tell two apart, not enough to call or visit."""

from __future__ import annotations

import re

_DISTRICT = re.compile(r"^(.*?[区县旗])")
_CITY = re.compile(r"^(.*?市)")


def mask_name(name: str) -> str:
    """Return the first character and a star for each other, three at most.

    >>> mask_name("王小明"), mask_name("Li Lei"), mask_name("")
    ('王**', 'L***', '')
    """
    bare = name.strip()
    return bare[:1] + "*" * min(len(bare) - 1, 3) if bare else ""


def mask_phone(phone: str) -> str:
    """Return the first three and last four digits; a short number is starred whole.

    >>> mask_phone("138 0013 8000"), mask_phone("110")
    ('138****8000', '***')
    """
    digits = "".join(c for c in phone if c.isdecimal())
    if len(digits) < 11:
        return "*" * len(digits)
    return digits[:3] + "*" * (len(digits) - 7) + digits[-4:]


def mask_address(address: str) -> str:
    """Return an address down to its district, or its city, or nothing.

    >>> mask_address("浙江省杭州市西湖区文三路1号"), mask_address("3 Main Street")
    ('浙江省杭州市西湖区***', '***')
    """
    match = _DISTRICT.match(address) or _CITY.match(address)
    return f"{match[1] if match else ''}***" if address.strip() else ""
