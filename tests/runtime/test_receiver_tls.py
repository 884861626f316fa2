"""TLS is verified, always: a certificate nobody vouches for gets no event."""

from __future__ import annotations

import ipaddress
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from packstation.runtime.receiver_client import HttpReceiver
from tests.runtime.outboxes import MemoryOutbox

DAY = timedelta(days=1)


def certificate(path: Path, *, host: str, ends: datetime) -> None:
    """Write a self-signed certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sample")])
    alternative: x509.GeneralName = x509.DNSName(host)
    if host[0].isdigit():
        alternative = x509.IPAddress(ipaddress.ip_address(host))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - 30 * DAY)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )


class Door:
    """An HTTPS server on this machine that counts what came through."""

    def __init__(self, pem: Path) -> None:
        self.requests = 0
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                door.requests += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Server(HTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), name="door")
        self.thread.start()
        self.url = f"https://127.0.0.1:{self.server.server_port}/"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def doors() -> Iterator[list[Door]]:
    made: list[Door] = []
    yield made
    for door in made:
        door.close()


def knock(door: Door, tls: ssl.SSLContext | None = None) -> tuple[int, str]:
    outbox = MemoryOutbox()
    outbox.add("main/1")
    client = HttpReceiver(door.url, source="/packstation/stations/1", tls=tls)
    try:
        answer = client.post(outbox.unsent())
    finally:
        client.close()
    return answer.status, answer.problem


def trusting(pem: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=x509_only(pem))


def x509_only(pem: Path) -> str:
    text = pem.read_text(encoding="ascii")
    return text[text.index("-----BEGIN CERTIFICATE") :]


def test_a_certificate_that_is_vouched_for_is_spoken_to(tmp_path: Path, doors: list[Door]) -> None:
    certificate(tmp_path / "pem", host="127.0.0.1", ends=datetime.now(UTC) + DAY)
    doors.append(Door(tmp_path / "pem"))
    assert knock(doors[0], trusting(tmp_path / "pem")) == (204, "")
    assert doors[0].requests == 1


def test_a_self_signed_certificate_gets_nothing(tmp_path: Path, doors: list[Door]) -> None:
    certificate(tmp_path / "pem", host="127.0.0.1", ends=datetime.now(UTC) + DAY)
    doors.append(Door(tmp_path / "pem"))
    assert knock(doors[0]) == (0, "tls_refused")
    assert doors[0].requests == 0


@pytest.mark.parametrize(("host", "days"), [("shop.example", 1), ("127.0.0.1", -1)])
def test_a_wrong_name_or_an_old_certificate_gets_nothing(
    tmp_path: Path, doors: list[Door], host: str, days: int
) -> None:
    certificate(tmp_path / "pem", host=host, ends=datetime.now(UTC) + days * DAY)
    doors.append(Door(tmp_path / "pem"))
    assert knock(doors[0], trusting(tmp_path / "pem")) == (0, "tls_refused")
    assert doors[0].requests == 0


def test_verification_cannot_be_handed_in_switched_off() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with pytest.raises(AssertionError):
        HttpReceiver("https://127.0.0.1/", source="/", tls=context)
