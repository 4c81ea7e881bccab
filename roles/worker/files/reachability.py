# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests the advertised URLs of other workers from this worker's host, and says for each one without a response why.

    reachability.py OPTIONS

Runs on the workers' hosts, from standard input, and needs only Python 3.7 there. OPTIONS is a JSON object: `name` of this worker,
`service` and `port` of this worker, `targets` (a list of `name` and `url`), `timeout` in seconds, and optionally `ca_path`,
`client_cert` and `client_key`. Sends no credentials: a response with any HTTP status shows that the worker is reached.

Without `ca_path`, the certificate is not verified, because only the JVM knows what its workers trust. A worker that demands a client
certificate is reached, too.

Prints one JSON object: `listens` (whether the service of this worker is running, and a process listens on its port: a worker that is
starting does not yet), and `failures`, each with `name`, `url`, `reason`
(refused, timed_out, name_not_resolved, unreachable, dropped, no_response, tls, not_http) and `line`, the text for the user.
"""

from __future__ import annotations

import errno
import http.client
import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

ATTEMPTS = 2
"""A worker may be busy for a moment, and a packet may get lost."""

PAUSE = 0.5
"""Seconds between attempts at a port that refuses connections: its worker may be about to listen."""

LISTENS = "0A"
"""The state TCP_LISTEN in /proc/net/tcp."""

_BY_ERRNO = {
    errno.ECONNREFUSED: "refused",
    errno.ETIMEDOUT: "timed_out",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.EHOSTDOWN: "unreachable",
    errno.ENETDOWN: "unreachable",
    errno.EADDRNOTAVAIL: "unreachable",
    errno.EAFNOSUPPORT: "unreachable",
    errno.EACCES: "unreachable",
    errno.EPERM: "unreachable",
    errno.ECONNRESET: "dropped",
    errno.ECONNABORTED: "dropped",
    errno.EPIPE: "dropped",
}

# OpenSSL's symbols for the alerts with which a server demands a client certificate: a Java server sends the second and third one
# before TLS 1.3.
_CLIENT_CERTIFICATE = {
    "TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "SSLV3_ALERT_BAD_CERTIFICATE",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
}


class Failure(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def main(arguments: list[str]) -> int:
    # ansible-core 2.16 turns the numbers of templates into texts.
    options = json.loads(arguments[0])
    try:
        context = tls_context(options)
    except OSError as problem:
        # ssl.SSLError is an OSError, but its number is not one of the operating system.
        detail = (
            "not valid PEM"
            if isinstance(problem, ssl.SSLError)
            else errno.errorcode.get(problem.errno or 0, "unreadable")
        )
        sys.stderr.write(f"the certificates for requests to other workers cannot be loaded: {detail}\n")
        return 1
    # Before the requests, so that a worker that begins to listen meanwhile is not taken for one that others cannot reach.
    listens = is_active(options["service"]) and is_listening(int(options["port"]))
    results = request_all(options["targets"], float(options["timeout"]), context)
    failures = [
        {**target, "reason": failure.reason, "line": line_of(options["name"], target, failure)}
        for number, target in enumerate(options["targets"])
        for failure in [results[number]]
        if failure is not None
    ]
    sys.stdout.write(json.dumps({"listens": listens, "failures": failures}) + "\n")
    return 0


def is_active(service: str) -> bool:
    command = ["systemctl", "is-active", "--quiet", f"{service}.service"]
    try:
        return (
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
        )
    except OSError:
        return False


def is_listening(port: int, tables: tuple[str, ...] = ("/proc/net/tcp", "/proc/net/tcp6")) -> bool:
    """Whether any process of this host listens on the port."""
    for table in tables:
        try:
            with open(table, encoding="ascii") as rows:
                fields = [row.split() for row in rows.readlines()[1:]]
        except OSError:
            continue
        if any(int(row[1].rpartition(":")[2], 16) == port and row[3] == LISTENS for row in fields):
            return True
    return False


def tls_context(options: dict[str, Any]) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=options.get("ca_path") or None)
    if not options.get("ca_path"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.get("client_cert"):
        context.load_cert_chain(options["client_cert"], options.get("client_key") or None)
    return context


def request_all(targets: list[dict[str, str]], timeout: float, context: ssl.SSLContext) -> list[Failure | None]:
    """What went wrong with each target, None if it was reached; all at the same time, within four times the limit."""
    results: list[Failure | None] = [
        Failure("name_not_resolved", "the name service does not answer") for _target in targets
    ]
    threads = [
        threading.Thread(target=into(results, number, target["url"], timeout, context), daemon=True)
        for number, target in enumerate(targets)
    ]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + 2 * ATTEMPTS * timeout
    for thread in threads:
        thread.join(max(ends - time.monotonic(), 0))
    return list(results)


def into(
    results: list[Failure | None], number: int, url: str, timeout: float, context: ssl.SSLContext
) -> Callable[[], None]:
    def work() -> None:
        ends = time.monotonic() + timeout
        attempt, last = 0, ""
        while attempt < ATTEMPTS or (last == "refused" and time.monotonic() < ends):
            attempt += 1
            try:
                request(url, timeout, context)
            except Failure as failure:
                results[number], last = failure, failure.reason
                if last == "refused":
                    time.sleep(PAUSE)
            else:
                results[number] = None
                return

    return work


def request(url: str, timeout: float, context: ssl.SSLContext) -> None:
    """Request the URL. Raises Failure."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    connection = connect(host, port, timeout)
    encrypted = False
    try:
        if parts.scheme == "https":
            connection = context.wrap_socket(connection, server_hostname=host)
            encrypted = True
        exchange(connection, host, port)
    except ssl.SSLError as problem:
        check_tls(problem, context)
    except TimeoutError:
        raise Failure("no_response") from None
    except ConnectionError as problem:
        # From TLS 1.3 on, a server demands a certificate after the handshake, and may close the connection before its alert is read.
        if encrypted and context.verify_mode == ssl.CERT_NONE:
            return
        if isinstance(problem, http.client.HTTPException):
            raise Failure("not_http") from None
        raise Failure(_BY_ERRNO.get(problem.errno or 0, "dropped")) from None
    except http.client.HTTPException:
        raise Failure("not_http") from None
    except OSError as problem:
        raise Failure(_BY_ERRNO.get(problem.errno or 0, "dropped")) from None
    finally:
        connection.close()


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """A connection to the first address that accepts one. Raises Failure, for the first address."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as problem:
        detail = "the name service does not answer" if problem.errno == socket.EAI_AGAIN else "unknown host name"
        raise Failure("name_not_resolved", detail) from None
    except UnicodeError:
        raise Failure("name_not_resolved", "not a host name") from None
    failures: list[Failure] = []
    for family, kind, protocol, _name, address in addresses:
        connection = socket.socket(family, kind, protocol)
        # All addresses together get the time of one, so that the limit holds for names with many.
        connection.settimeout(timeout / len(addresses))
        try:
            connection.connect(address)
        except TimeoutError:
            failures.append(Failure("timed_out"))
        except OSError as problem:
            reason = _BY_ERRNO.get(problem.errno or 0, "unreachable")
            # The text of "refused" says all that its number says.
            failures.append(Failure(reason, "" if reason == "refused" else errno.errorcode.get(problem.errno or 0, "")))
        else:
            connection.settimeout(timeout)
            return connection
        connection.close()
    raise failures[0]


def exchange(connection: socket.socket, host: str, port: int) -> None:
    """Send a request, and read the status line and the header of the response."""
    shown = f"[{host}]" if ":" in host else host
    head = f"GET / HTTP/1.1\r\nHost: {shown}:{port}\r\nUser-Agent: ansible-streamops-kafka-connect\r\nConnection: close\r\n\r\n"
    connection.sendall(head.encode("idna" if not head.isascii() else "ascii"))
    http.client.HTTPResponse(connection, method="GET").begin()


def check_tls(problem: ssl.SSLError, context: ssl.SSLContext) -> None:
    """Raises Failure, unless the server only demands a client certificate that was not given."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        raise Failure("tls", problem.verify_message) from None
    if problem.reason in _CLIENT_CERTIFICATE and context.verify_mode == ssl.CERT_NONE:
        return
    raise Failure("tls", problem.reason or type(problem).__name__) from None


def line_of(name: str, target: dict[str, str], failure: Failure) -> str:
    parts = urlsplit(target["url"])
    port = parts.port or (443 if parts.scheme == "https" else 80)
    text, fix = _TEXTS[failure.reason]
    values = {"here": name, "there": target["name"], "host": parts.hostname, "port": port}
    detail = f" ({failure.detail})" if failure.detail else ""
    return f"{name} cannot reach {target['name']} at {target['url']}: {text}{detail} -> {fix.format(**values)}"


_TEXTS: dict[str, tuple[str, str]] = {
    "refused": (
        "connection refused",
        "check that {there} listens on {host} port {port} (listeners), and that no firewall rejects connections from {here}",
    ),
    "timed_out": ("timed out", "allow TCP port {port} from {here} to {there} in the firewalls"),
    "name_not_resolved": (
        "name not resolved",
        "add {host} to the name service or to /etc/hosts of {here}, or set worker_advertised_host of {there} to an address",
    ),
    "unreachable": ("no route", "correct the network between {here} and {there}, or worker_advertised_host of {there}"),
    "dropped": (
        "connection dropped",
        "check what uses port {port} of {there}, and the firewalls or proxies in between",
    ),
    "no_response": ("no response", "check whether the worker of {there} hangs: read its log and its memory"),
    "tls": (
        "TLS failed",
        "correct the certificate of {there} for the name {host}, or the certificates in worker_ca_path",
    ),
    "not_http": (
        "no HTTP response",
        "check what uses port {port} of {there}, and whether the scheme of the URL is right",
    ),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
