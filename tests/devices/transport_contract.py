"""What every transport must keep, whatever is at its end; each implementation runs it."""

from __future__ import annotations

import pytest

from packstation.core.status import PrintOutcome
from packstation.devices.job_sender import Patience, send
from packstation.devices.transports import Transport

QUICK = Patience(attempts=2, between_s=0, stalled_s=0.3, poll_s=0.01, blocked_s=0.2)
PAYLOAD = bytes(range(256)) * 200


class TransportContract:
    """Subclasses give ``transport`` (ready) and ``received`` (what arrived)."""

    @pytest.fixture
    def transport(self) -> Transport:
        raise NotImplementedError

    def received(self) -> bytes:
        raise NotImplementedError

    def test_every_byte_arrives_once_and_in_order(self, transport: Transport) -> None:
        report = send(transport, PAYLOAD, on_first_byte=lambda: None, patience=QUICK)
        assert report.outcome in (PrintOutcome.SENT, PrintOutcome.CONFIRMED)
        assert report.bytes_sent == len(PAYLOAD)
        assert report.detail == ""
        assert self.received() == PAYLOAD

    def test_write_says_how_much_it_took(self, transport: Transport) -> None:
        transport.open()
        try:
            assert 0 < transport.write(PAYLOAD) <= len(PAYLOAD)
        finally:
            transport.close()

    def test_close_may_be_called_at_any_time(self, transport: Transport) -> None:
        transport.close()
        transport.open()
        transport.close()
        transport.close()

    def test_first_byte_is_announced_once_and_before_it_leaves(self, transport: Transport) -> None:
        announced: list[int] = []
        send(transport, PAYLOAD, on_first_byte=lambda: announced.append(1), patience=QUICK)
        assert announced == [1]
