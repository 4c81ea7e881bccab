# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The program with which a host requests the advertised URLs of the other workers, against servers on the loopback interface."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import PlaybookRun, play, run_playbook
from testing.sandbox.certificates import make_certificates
from testing.sandbox.environment import CHECKOUT, find_java

PROGRAM = (CHECKOUT / "roles" / "worker" / "files" / "reachability.py").read_bytes()
Answer = Callable[[socket.socket], None]


def secured(connection: socket.socket, tls: ssl.SSLContext | None) -> socket.socket:
    return tls.wrap_socket(connection, server_side=True) if tls else connection


@contextmanager
def server(answer: Answer | None, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port whose connections get the answer; without one, they are accepted by the kernel only."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve(answer: Answer) -> None:
            while True:
                try:
                    connection, _address = listening.accept()
                except OSError:
                    return
                # A client that ends the handshake is a part of these tests.
                with suppress(OSError), connection, secured(connection, tls) as answered:
                    answer(answered)

        if answer is not None:
            threading.Thread(target=serve, args=(answer,), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def status(code: int) -> Answer:
    def answer(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(f"HTTP/1.1 {code} X\r\nContent-Length: 0\r\n\r\n".encode())

    return answer


def nonsense(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"\x15\x03\x03\x00\x02\x02\x50\r\n\r\n")


def failures(*urls: str, **options: Any) -> list[dict[str, str]]:
    targets = [{"name": f"connect-{number}", "url": url} for number, url in enumerate(urls, 2)]
    given = {"name": "connect-1", "service": "no-such-service", "port": 1, "targets": targets, "timeout": 1, **options}
    ended = subprocess.run(
        [sys.executable, "-", json.dumps(given)], input=PROGRAM, capture_output=True, check=False, timeout=30
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["listens"] is False
    return list(found["failures"])


def reasons(*urls: str, **options: Any) -> list[str]:
    return [failure["reason"] for failure in failures(*urls, **options)]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reachability") / "tls"
    make_certificates(folder, find_java(), "DNS:localhost")
    return folder


@pytest.mark.parametrize("code", [200, 401, 404, 500])
def test_a_response_with_any_status_shows_that_a_worker_is_reached(code: int) -> None:
    with server(status(code)) as port:
        assert failures(f"http://127.0.0.1:{port}") == []


def test_a_port_where_nothing_listens_is_refused_and_the_line_names_both_workers_and_the_fix() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    assert failures(url) == [
        {
            "name": "connect-2",
            "url": url,
            "reason": "refused",
            "line": f"connect-1 cannot reach connect-2 at {url}: connection refused -> check that connect-2 listens on 127.0.0.1 "
            f"port {port} (listeners), and that no firewall rejects connections from connect-1",
        }
    ]


def test_a_full_queue_of_connections_looks_like_a_firewall_that_drops_packets() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting = [socket.socket() for _number in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        assert reasons(f"http://127.0.0.1:{listening.getsockname()[1]}") == ["timed_out"]
        for one in waiting:
            one.close()


def test_a_worker_that_accepts_but_never_responds_is_not_mistaken_for_a_firewall() -> None:
    with server(None) as port:
        assert reasons(f"http://127.0.0.1:{port}") == ["no_response"]


def test_a_name_that_does_not_resolve_has_a_reason_of_its_own() -> None:
    found = failures("http://connect-2.invalid:8083")[0]
    assert found["reason"] == "name_not_resolved"
    assert "add connect-2.invalid to the name service or to /etc/hosts of connect-1" in found["line"]


def test_a_response_that_is_not_http_is_not_a_worker() -> None:
    with server(nonsense) as port:
        assert reasons(f"http://127.0.0.1:{port}") == ["not_http"]


def test_a_port_without_tls_fails_for_an_https_url() -> None:
    with server(status(200)) as port:
        assert reasons(f"https://127.0.0.1:{port}") == ["tls"]


def tls_server(certificates: Path, *, client_certificate: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "worker.pem", certificates / "worker.key")
    if client_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(certificates / "ca.pem")
    return context


def test_without_an_authority_the_certificate_is_not_verified(certificates: Path) -> None:
    with server(status(401), tls_server(certificates)) as port:
        assert failures(f"https://localhost:{port}") == []


def test_with_an_authority_the_certificate_must_match_it_and_the_name(certificates: Path) -> None:
    authority = str(certificates / "ca.pem")
    with server(status(200), tls_server(certificates)) as port:
        assert failures(f"https://localhost:{port}", ca_path=authority) == []
        assert reasons(f"https://127.0.0.1:{port}", ca_path=authority) == ["tls"]


def test_a_worker_that_demands_a_client_certificate_is_reached(certificates: Path) -> None:
    with server(status(200), tls_server(certificates, client_certificate=True)) as port:
        assert failures(f"https://localhost:{port}") == []


def test_all_workers_are_requested_at_the_same_time_and_each_failure_is_reported() -> None:
    with server(None) as hung, server(status(200)) as good, server(None) as other:
        found = failures(*(f"http://127.0.0.1:{port}" for port in (hung, good, other)))
    assert [failure["name"] for failure in found] == ["connect-2", "connect-4"]


def test_a_worker_that_begins_to_listen_meanwhile_is_reached() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]

        def begin() -> None:
            listening.listen()
            connection, _address = listening.accept()
            with connection:
                status(200)(connection)

        timer = threading.Timer(0.7, begin)
        timer.start()
        assert failures(f"http://127.0.0.1:{port}", timeout=5) == []
        timer.join()


def role_run(
    folder: Path,
    ports: dict[str, int],
    *arguments: str,
    services: dict[str, str] | None = None,
    advertised: dict[str, int] | None = None,
) -> PlaybookRun:
    """A run of the role's check on hosts that are all this machine; the service `down` is not running. `advertised`: ports at which
    the others try to reach a worker that listens on another one.
    """
    programs = folder / "bin"
    programs.mkdir(parents=True)
    (programs / "systemctl").write_text('#!/bin/sh\ncase "$*" in *down.service*) exit 3 ;; esac\n', encoding="utf-8")
    (programs / "systemctl").chmod(0o755)
    hosts = {
        host: {
            "ansible_become": False,
            "ansible_python_interpreter": sys.executable,
            "worker_service": (services or {}).get(host, "up"),
            "worker_home": "/opt/kafka_2.13-4.3.1",
            "worker_reachability_timeout": 1,
            "worker_properties": {
                "bootstrap.servers": "kafka-1:9092",
                "group.id": "connect-payments" if host == "other" else "connect-orders",
                "listeners": f"http://127.0.0.1:{port}",
                "rest.advertised.host.name": "127.0.0.1",
                "rest.advertised.port": (advertised or {}).get(host, port),
            },
        }
        for host, port in ports.items()
    }
    include = {"name": "streamops.kafka_connect.worker", "tasks_from": "check_reachability"}
    return run_playbook(
        [play([{"name": "Check", "ansible.builtin.include_role": include}], ignore_errors=False)],
        hosts,
        folder / "run",
        arguments=arguments,
        environment={"PATH": f"{programs}:{os.environ['PATH']}"},
    )


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return int(closed.getsockname()[1])


def test_the_role_fails_with_one_line_for_each_pair_and_ignores_other_clusters(tmp_path: Path) -> None:
    with server(status(401)) as good:
        ports = dict.fromkeys(["a", "b", "c", "other"], good)
        run = role_run(tmp_path, ports, advertised={"b": closed_port(), "other": closed_port()})
    messages = {record.host: record.message for record in run.records if record.failed}
    assert messages.keys() == {"a", "c"}, run.output
    assert messages["a"].startswith("a cannot reach b at http://127.0.0.1:")
    assert "\n" not in messages["a"]


def test_the_role_only_reports_in_check_mode(tmp_path: Path) -> None:
    with server(status(200)) as good:
        run = role_run(tmp_path, {"a": good, "b": good}, "--check", advertised={"b": closed_port()})
    assert run.returncode == 0, run.output
    assert run.of("Report workers that this host cannot reach", "a").result["msg"][0].startswith("a cannot reach b")


def test_the_role_ignores_a_worker_that_is_not_running(tmp_path: Path) -> None:
    with server(status(200)) as good:
        run = role_run(tmp_path, {"a": good, "b": good}, services={"b": "down"}, advertised={"b": closed_port()})
    assert run.returncode == 0, run.output


def test_the_role_ignores_a_worker_that_is_still_starting(tmp_path: Path) -> None:
    with server(status(200)) as good:
        run = role_run(tmp_path, {"a": good, "b": closed_port()})
    assert run.returncode == 0, run.output
