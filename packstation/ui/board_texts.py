"""Words of the board: tiles, clocks, urge tasks."""

from __future__ import annotations

from packstation.core.deadline_rules import Clock
from packstation.core.order_query import Group
from packstation.core.status import UrgeState
from packstation.i18n import _

TILES: dict[Group, str] = {
    Group.OVERDUE: _("Late"),
    Group.AT_RISK: _("At risk"),
    Group.DUE_TODAY: _("Due today"),
    Group.URGED: _("Urged"),
    Group.HELD: _("On hold"),
    Group.TO_PACK: _("To pack"),
    Group.PACKED_NOT_HANDED_OVER: _("Packed, still here"),
    Group.UNSYNCED: _("Not told to the shop"),
}
"""Tiles of the board in their order."""

CLOCKS: dict[Clock, str] = {
    Clock.READY_FOR_COLLECTION: _("Ready for collection"),
    Clock.SHIP: _("Ship"),
    Clock.IN_TRANSIT: _("On its way"),
    Clock.COLLECTED: _("Collected by the carrier"),
    Clock.DELIVERED: _("Delivered"),
    Clock.CANCEL_ANSWER: _("Answer the buyer's wish to cancel"),
    Clock.UNPAID_CANCEL: _("The platform cancels what is not paid"),
    Clock.AUTO_CANCEL: _("The platform cancels what is not ready"),
    Clock.AUTO_CANCEL_UNCOLLECTED: _("The platform cancels what was not collected"),
    Clock.URGE_ANSWER: _("Answer the urge task"),
}

URGE_STATES: dict[UrgeState, str] = {
    UrgeState.AWAITING_SELLER_REPLY: _("Waits for the shop's answer"),
    UrgeState.AWAITING_SELLER_ACTION: _("Waits for the shop to ship or refund"),
    UrgeState.AWAITING_BUYER: _("Waits for the buyer"),
    UrgeState.PLATFORM_STEPPED_IN: _("The platform has stepped in"),
    UrgeState.CLOSED: _("Closed"),
}
