# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brokers that require TLS or a login: a worker's own properties work, and wrong ones are a one-line error."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from testing.sandbox import Sandbox
from testing.sandbox.certificates import make_certificates
from testing.sandbox.configuration import STORE_PASSWORD
from testing.sandbox.state import free_ports

from .snapshots import cluster_info

PASSWORD = "hunter2-of-kafka"  # of a broker that lives as long as this test
PLAIN_LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"


@dataclass(frozen=True)
class Listeners:
    """The broker's further addresses, and the authority that signed its certificate."""

    sandbox: Sandbox
    tls: str
    login: str
    ca: Path


@pytest.fixture(scope="module")
def listeners(own_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Listeners:
    """The broker of the sandbox, restarted with a TLS listener and one that requires a login."""
    folder = tmp_path_factory.mktemp("broker") / "tls"
    make_certificates(folder, own_sandbox.state.java)
    node = own_sandbox.state.node("broker")
    ports = dict(zip(("SSL", "SASL_PLAINTEXT"), free_ports(2), strict=True))
    addresses = {name: f"127.0.0.1:{port}" for name, port in {"PLAINTEXT": node.port, **ports}.items()}
    advertised = ",".join(f"{name}://{address}" for name, address in addresses.items())
    protocols = ",".join(f"{name}:{name}" for name in addresses)
    own_sandbox.kill("broker")
    own_sandbox.start(
        "broker",
        properties={
            "listeners": f"{advertised},CONTROLLER://127.0.0.1:{node.controller_port}",
            "advertised.listeners": advertised,
            "listener.security.protocol.map": f"{protocols},CONTROLLER:PLAINTEXT",
            "ssl.keystore.type": "PKCS12",
            "ssl.keystore.location": str(folder / "worker.p12"),
            "ssl.keystore.password": STORE_PASSWORD,
            "ssl.key.password": STORE_PASSWORD,
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.sasl_plaintext.plain.sasl.jaas.config": f'{PLAIN_LOGIN} user_reader="{PASSWORD}";',
        },
    )
    own_sandbox.await_settled()
    return Listeners(own_sandbox, addresses["SSL"], addresses["SASL_PLAINTEXT"], folder / "ca.pem")


def login(password: str, mechanism: str = "PLAIN") -> dict[str, str]:
    return {
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": mechanism,
        "sasl.jaas.config": f'{PLAIN_LOGIN} username="reader" password="{password}";',
    }


def trust(location: Path) -> dict[str, str]:
    return {
        "security.protocol": "SSL",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(location),
        "ssl.protocol": "TLSv1.3",
    }


def test_the_properties_of_a_worker_give_access_to_the_brokers(listeners: Listeners) -> None:
    for server, properties in ((listeners.tls, trust(listeners.ca)), (listeners.login, login(PASSWORD))):
        result = cluster_info(listeners.sandbox, bootstrap_servers=server, client_properties=properties)
        assert not result.get("failed"), result["msg"]
        assert result["group"]["members"]
        assert PASSWORD not in json.dumps(result)


def failure(listeners: Listeners, server: str, properties: dict[str, str], capfd: pytest.CaptureFixture[str]) -> Any:
    result = cluster_info(listeners.sandbox, bootstrap_servers=server, client_properties=properties)
    assert result["error"]["kind"] == "brokers_failed"
    assert "\n" not in result["msg"]
    assert result["run"]["elapsed"] < 15
    assert result["summary"]["total"], "what REST reported is there nevertheless"
    assert PASSWORD not in json.dumps(result)
    assert capfd.readouterr() == ("", "")
    return result["msg"]


def test_a_wrong_password_is_reported(listeners: Listeners, capfd: pytest.CaptureFixture[str]) -> None:
    message = failure(listeners, listeners.login, login(PASSWORD + "-wrong"), capfd)
    assert "Invalid username or password -> correct sasl.mechanism, sasl.username and sasl.password" in message


def test_a_wrong_sasl_mechanism_is_reported(listeners: Listeners, capfd: pytest.CaptureFixture[str]) -> None:
    message = failure(listeners, listeners.login, login(PASSWORD, "SCRAM-SHA-256"), capfd)
    assert "supported mechanisms: PLAIN" in message


def test_unexpected_tls_or_login_is_reported(listeners: Listeners, capfd: pytest.CaptureFixture[str]) -> None:
    plain = listeners.sandbox.bootstrap_servers
    assert "the port does not speak TLS" in failure(listeners, plain, trust(listeners.ca), capfd)
    assert "the port does not use a login" in failure(listeners, plain, login(PASSWORD), capfd)


def test_missing_tls_or_login_is_reported(listeners: Listeners, capfd: pytest.CaptureFixture[str]) -> None:
    for server in (listeners.tls, listeners.login):
        message = failure(listeners, server, {}, capfd)
        assert "closed at once -> the listener may require TLS or a login: set security.protocol" in message


def test_a_certificate_of_an_untrusted_authority_is_reported(
    listeners: Listeners, capfd: pytest.CaptureFixture[str]
) -> None:
    message = failure(listeners, listeners.tls, {"security.protocol": "SSL"}, capfd)
    assert "certificate verify failed" in message
    assert "ssl.ca.location" in message


def test_the_rest_port_of_a_worker_is_reported_as_not_a_broker(
    listeners: Listeners, capfd: pytest.CaptureFixture[str]
) -> None:
    message = failure(listeners, listeners.sandbox.urls[0].removeprefix("http://"), {}, capfd)
    assert "the port speaks HTTP -> set the brokers' own port" in message
