# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The workers that receive the secrets: some return them, in errors, stack traces and validations."""

from __future__ import annotations

import base64
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testing.ansible_runs.ssh_server import SshHost
from testing.fake_connect import FakeCluster, faults, matching
from testing.fake_connect.server import Tls
from tests.unit.connect.loopback import http, listening, make_certificates, read_head

from .canaries import CANARIES, SECRET_SOURCE, SENT, USER, secret

HOSTS = ("here", "there", "afar")
"""In the process of ansible-playbook, as a module, and as a module over SSH."""

EVERY_TASK = HOSTS if os.environ.get("STREAMOPS_DEEP") else ("here", "afar")
"""The hosts of every task. As a module without SSH, `make test` runs those with the most output: it passes through the same code as
over SSH, and each costs a second of CPU.
"""


@dataclass(frozen=True)
class Workers:
    """A cluster with basic auth, one that requires client certificates of `ca`, and the URL of one that only echoes."""

    cluster: FakeCluster
    tls: FakeCluster
    ca: str
    echo: str


@contextmanager
def workers(folder: Path) -> Iterator[Workers]:
    """All of them, and in `folder` the files that tasks read: client.pem, client.key, bad.key, bad.yml, bad.json,
    secrets.properties.
    """
    certificates = make_certificates(folder)
    key = folder / "client.key"
    # OpenSSL ignores any text before the key.
    key.write_text(f"{CANARIES['client_key']}\n{key.read_text(encoding='ascii')}", encoding="ascii")
    (folder / "bad.key").write_text(f"{CANARIES['bad_client_key']}\n", encoding="ascii")
    (folder / "bad.yml").write_text(f'database.password: "{CANARIES["bad_file"]}\nx: [', encoding="utf-8")
    (folder / "bad.json").write_text(f'{{"database.password": {CANARIES["bad_file"]}}}', encoding="utf-8")
    (folder / "secrets.properties").write_text(f"port={CANARIES['provider']}\n", encoding="utf-8")
    tls = Tls(certificates.server, certificates.server_key, certificates.authority)
    with (
        FakeCluster(credentials=(USER, CANARIES["basic_auth"])) as cluster,
        FakeCluster(tls=tls) as with_tls,
        listening(_echo) as echo,
    ):
        _traced(cluster)
        _quoting(cluster)
        yield Workers(cluster, with_tls, certificates.authority, echo.url)


def defaults(url: object) -> dict[str, object]:
    """`module_defaults` for the whole collection."""
    connection = {
        "url_username": USER,
        "url_password": secret("basic_auth"),
        "headers": {"X-Api-Key": secret("header")},
    }
    return {"group/streamops.kafka_connect.kafka_connect": {"url": url, **connection}}


def hosts(other_python: Path, ssh: SshHost) -> dict[str, dict[str, object]]:
    """The variables of each of HOSTS."""
    other: dict[str, object] = {"ansible_python_interpreter": str(other_python), "canaries": CANARIES}
    return {
        "here": {"ansible_python_interpreter": "{{ ansible_playbook_python }}", "canaries": CANARIES},
        "there": other,
        "afar": other | ssh.variables,
    }


def _echo(connection: socket.socket, _over: threading.Event) -> None:
    """Return the request itself, and its credentials a second time: some proxies do so."""
    head = read_head(connection).decode("latin-1")
    basic = next((line.split()[-1] for line in head.splitlines() if line.lower().startswith("authorization:")), "")
    message = f"bad credentials {basic} ({base64.b64decode(basic).decode()}) in {head}"
    body = json.dumps({"error_code": 500, "message": message}).encode()
    connection.sendall(http("500 Internal Server Error", body, "Content-Type: application/json"))


def _traced(cluster: FakeCluster) -> None:
    """A connector whose task has failed with secrets in the stack trace: one from its own config, and one from no
    config.
    """
    stored = {"connector.class": SECRET_SOURCE, "database.password": CANARIES["trace"], "database.hostname": "h"}
    nobody = CANARIES["trace_of_nobody"]
    trace = (
        f"org.apache.kafka.connect.errors.ConnectException: GET /x Authorization: Bearer {CANARIES['token']}\n"
        f"\tat a.b.C.d(C.java:1)\nCaused by: java.sql.SQLException: refused {CANARIES['trace']} for "
        f'jdbc:x://u:{CANARIES["trace"]}@h?password={nobody} {{"api.key": "{nobody}"}} '
        f"PlainLoginModule required username='u' password='{nobody}'; https://u:{nobody}@registry\n\tat a.b.C.d(C.java:1)\n"
    )
    cluster.connectors.put("traced", stored)
    cluster.connectors.fail("traced", task=0, trace=trace, sticky=True)


def _quoting(cluster: FakeCluster) -> None:
    """Let workers quote their requests, as some do, once for each host."""
    everything = "; ".join(CANARIES[place] for place in SENT)
    for host in HOSTS:
        cluster.script(
            matching("PUT", f"/connectors/quoted-{host}/config"),
            [faults.refuse(500, f"Could not handle the request: {everything}")],
        )
        waiting = faults.respond(503, f"busy with {everything}".encode(), {"Content-Type": "text/plain"}, times=4)
        cluster.script(matching("PUT", f"/connectors/waits-{host}/config"), [waiting])
    answer = json.dumps(_validation()).encode()
    validated = faults.respond(200, answer, {"Content-Type": "application/json"}, times=2 * len(HOSTS))
    cluster.script(matching("PUT", "/connector-plugins/SecretSource/config/validate"), [validated])
    sent = "; ".join(CANARIES[place] for place in (*SENT, "validation") if place != "password_key")
    refused = faults.refuse(500, f"Could not read {sent}", times=2 * len(HOSTS))
    cluster.script(matching("PUT", "/connector-plugins/SecretSourceConnector/config/validate"), [refused])


def _validation() -> dict[str, object]:
    """The validation of a plugin that tries to connect, and reports its credentials in the error of a key that is not
    secret.
    """
    canary = CANARIES["validation"]
    errors = [f"Invalid value {canary} for configuration database.password: too weak", f"cannot connect with {canary}"]
    value = {"name": "database.hostname", "value": "h", "recommended_values": [], "errors": errors, "visible": True}
    definition = {"name": "database.hostname", "type": "STRING"}
    configs = [{"definition": definition, "value": value}]
    return {"name": SECRET_SOURCE, "error_count": len(errors), "groups": [], "configs": configs}
