"""Rules that shops may set: handed to ``decide`` as values, read from data files elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from packstation.core.carriers import Carrier
from packstation.core.life import DEFAULT_PLATFORM, PlatformRules
from packstation.core.orders import CarrierCode, Order, ShopKey, WhyNot
from packstation.core.status import LabelSource, Verdict


def promised(order: Order) -> datetime | None:
    """Return the ship-by time that the file itself names; what holds without deadline rules."""
    return order.promised_ship_at


@dataclass(frozen=True, slots=True)
class ShopRules:
    """What one shop has set for its parcels."""

    label_source: LabelSource = LabelSource.COMPOSED
    carrier: CarrierCode | None = None
    """Stands in where an order names none."""
    number_pool: str = ""
    """Pool of prepaid numbers that the shop draws from; empty = the common one."""
    region: str = ""
    """Where the shop sells, two letters; empty = not known."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything ``decide`` may look at beside the station and the event."""

    acknowledge: frozenset[Verdict] = frozenset(
        {Verdict.CANCELLED, Verdict.ON_HOLD, Verdict.WRONG_LABEL}
    )
    """Stops after which only PSCMDOK or the tray lets work go on."""
    why_not_verdicts: Mapping[WhyNot, Verdict] = field(
        default_factory=lambda: {
            WhyNot.CANCELLED: Verdict.CANCELLED,
            WhyNot.CANCEL_REQUESTED: Verdict.ON_HOLD,
            WhyNot.ADDRESS_PROBLEM: Verdict.ON_HOLD,
            WhyNot.HELD: Verdict.ON_HOLD,
            WhyNot.SHORT_PICK: Verdict.ON_HOLD,
            WhyNot.ORDER_CHANGED: Verdict.ON_HOLD,
        }
    )
    """Which verdict a reason gives at the bench; others give NOT_ELIGIBLE."""
    carriers: tuple[Carrier, ...] = ()
    shops: Mapping[ShopKey, ShopRules] = field(default_factory=dict)
    ship_by: Callable[[Order], datetime | None] = promised
    """When an order must be ready for collection, aware; None = no rule holds for it."""
    ship_by_version: str = ""
    """Digest of the rules behind ``ship_by``: another one means that stored times are stale."""
    platforms: Mapping[str, PlatformRules] = field(default_factory=dict)
    """By profile family: how long a wish to cancel waits, what a seller's cancel brings."""
    prove_reprints: bool = True
    """Whether the scan-back of a reprint must show its copy code, where it carries one."""
    station_number: int = 1
    """1 to 99; part of bag and manifest numbers, so that two stations never make the same."""

    def shop(self, key: ShopKey) -> ShopRules:
        """Return the rules of a shop, defaults where it has none."""
        return self.shops.get(key, ShopRules())

    def carrier(self, code: CarrierCode | None) -> Carrier | None:
        """Return a carrier by code."""
        return next((c for c in self.carriers if c.code == code), None)

    def carrier_of(self, order: Order) -> CarrierCode | None:
        """Return the carrier of an order: its own, else the shop's default."""
        return order.carrier or self.shop(order.shop).carrier

    def platform(self, family: str) -> PlatformRules:
        """Return what a platform says about cancelling, by its profile family."""
        return self.platforms.get(family, DEFAULT_PLATFORM)

    def answer_within(self, order: Order) -> timedelta:
        """Return how long a wish to cancel an order waits for its answer."""
        return self.platform(order.platform).answer_within(self.shop(order.shop).region)

    def verdict_of(self, why_not: WhyNot) -> Verdict:
        """Return the bench's verdict for a reason not to pack."""
        return self.why_not_verdicts.get(why_not, Verdict.NOT_ELIGIBLE)


DEFAULT_RULES = Rules()
"""What holds where nothing is set."""
