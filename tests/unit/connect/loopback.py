# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small loopback servers that behave unlike a Connect worker, and certificates for those with TLS."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Port:
    """A listening port. `connections`: number of accepted connections, `heard`: the bytes received on them."""

    url: str
    number: int
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0


@contextlib.contextmanager
def listening(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[Port]:
    """Passes each connection to `serve`; the event is set when the test is over."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        port = Port(f"http://127.0.0.1:{number}", number)

        def handle(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                serve(connection, over)

        def accept() -> None:
            while True:
                try:
                    connection, _peer = server.accept()
                except OSError:
                    return
                if over.is_set():
                    connection.close()
                    return
                port.connections += 1
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield port
        finally:
            over.set()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", number), 1):
                pass  # Wakes the accepting thread.
            accepting.join(2)


def read_head(connection: socket.socket) -> bytes:
    """A request up to the empty line; no body matters in these tests."""
    head = b""
    while b"\r\n\r\n" not in head:
        chunk = connection.recv(65536)
        if not chunk:
            return head
        head += chunk
    return head


def answering(raw: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """Answers each request with these bytes, and closes."""

    def serve(connection: socket.socket, _over: threading.Event) -> None:
        read_head(connection)
        connection.sendall(raw)

    return serve


def http(status: str, body: bytes, *headers: str) -> bytes:
    """A complete HTTP response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Certificates:
    """PEM files: an authority, a server for 127.0.0.1, a client, and an untrusted authority."""

    authority: str
    server: str
    server_key: str
    client: str
    client_key: str
    stranger: str


def make_certificates(directory: Path) -> Certificates:
    authority, key = _authority("authority")
    stranger, _stranger_key = _authority("stranger")
    _write(directory / "ca.pem", authority)
    _write(directory / "stranger.pem", stranger)
    for name in ("server", "client"):
        certificate, own_key = _issued(name, authority, key)
        _write(directory / f"{name}.pem", certificate)
        (directory / f"{name}.key").write_bytes(
            own_key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    paths = {name: str(directory / f"{name}.pem") for name in ("ca", "server", "client", "stranger")}
    keys = {name: str(directory / f"{name}.key") for name in ("server", "client")}
    return Certificates(
        paths["ca"], paths["server"], keys["server"], paths["client"], keys["client"], paths["stranger"]
    )


def _write(path: Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _authority(name: str) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = _builder(_named(name), _named(name), key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256()), key


def _issued(
    name: str, authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(_named(name), authority.subject, key.public_key())
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    builder = builder.add_extension(names, critical=False).add_extension(issuer, critical=False)
    return builder.sign(authority_key, hashes.SHA256()), key
