"""Small questions of desk and command line: carriers, numbers, the sheet of command codes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from packstation.core.carriers import Carrier
from packstation.core.codes import Command
from packstation.core.decide import NOT_YET
from packstation.core.number_runs import block
from packstation.core.orders import OrderKey, TrackingNumber
from packstation.errors import PackStationError
from packstation.exchange.carrier_files import carrier_names, normalised_name
from packstation.i18n import Translator

if TYPE_CHECKING:
    from packstation.app.house import House
    from packstation.store.journal import ChainReport
    from packstation.store.opening import OpenStore


def carrier_of(carriers: tuple[Carrier, ...], name: str) -> Carrier:
    """Return a carrier by code or by any of its names.

    Raises:
        PackStationError: ``numbers.unknown_carrier``.
    """
    code = carrier_names(carriers).get(normalised_name(name))
    for carrier in carriers:
        if carrier.code == code:
            return carrier
    raise PackStationError(
        "numbers.unknown_carrier",
        f"There is no carrier {name}.",
        fix=f"Known are {', '.join(carrier.code for carrier in carriers)}.",
        carrier=name,
    )


def add_block(
    house: House, name: str, first: str, count: int, pool: str = ""
) -> tuple[TrackingNumber, ...]:
    """Add a prepaid block; in the store's room, durable on return.

    Raises:
        PackStationError: The carrier is not known, the number does not fit, the block runs out.
        StoreError: A number is there already; nothing was added.
    """
    from packstation.store.numbers import add_numbers

    carrier = carrier_of(house.carriers, name)
    numbers = block(carrier, first, count)
    add_numbers(house.store.recorder, carrier.code, numbers, house.store.clock(), pool.strip())
    return numbers


def not_held(order: OrderKey) -> PackStationError:
    """Return the error of releasing what is not held."""
    return PackStationError(
        "orders.not_held",
        f"Order {order.partition('/')[2]} is not held at this station.",
        fix="Look at the reason in the list of orders.",
        order=order.partition("/")[2],
    )


def command_sheet(translator: Translator, printed_at: datetime) -> bytes:
    """Return the sheet of command codes as PDF, in the language that is set."""
    from packstation.printing.command_sheet import render_command_sheet
    from packstation.ui.texts import COMMANDS, TRAY

    rows = [
        (f"PSCMD{command.value}", translator.text(COMMANDS[command]))
        for command in Command
        if command not in NOT_YET
    ]
    rows.append(("PSTRAY", translator.text(TRAY)))
    return render_command_sheet(
        rows, heading=translator.text("Command codes"), printed_at=printed_at
    )


def checked_chain(store: OpenStore) -> ChainReport:
    """Walk the journal's chain against the head kept outside it and those on receipts."""
    from packstation.store.anchor import read_anchor
    from packstation.store.dock_reads import manifests

    heads = [one.chain_head for one in manifests(store.db)]
    return store.journal.verify(read_anchor(store.data_dir), heads)
