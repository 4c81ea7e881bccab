# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS and basic authentication, on separate clusters that have both."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest

from testing.fake_connect import FakeCluster, Tls
from testing.sandbox import Sandbox
from testing.sandbox.certificates import make_certificates
from testing.sandbox.environment import find_java

from .client import Connect
from .conftest import FULL_VERSIONS, version_of


@pytest.fixture(scope="module", params=["fake", "real"])
def secure(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connect]:
    """A cluster of one worker that requires TLS and credentials, which the client has."""
    line = os.environ.get("STREAMOPS_KAFKA", "4.3")
    if request.param == "real":
        with Sandbox.running(kafka=line, workers=1, secure=True) as sandbox:
            known = sandbox.credentials
            assert known is not None
            trust = ssl.create_default_context(cafile=known.ca_path)
            yield Connect("real", sandbox.urls, version_of(line), known.username, known.password, trust)
        return
    files = tmp_path_factory.mktemp("tls") / "certificates"
    make_certificates(files, find_java())
    tls = Tls(str(files / "worker.pem"), str(files / "worker.key"))
    with FakeCluster(1, FULL_VERSIONS[line], credentials=("admin", "secret"), tls=tls) as fake:
        trust = ssl.create_default_context(cafile=str(files / "ca.pem"))
        yield Connect("fake", fake.urls, version_of(line), "admin", "secret", trust)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/connectors"), ("PUT", "/connectors/x/config"), ("GET", "/admin/loggers")],
)
def test_a_request_without_credentials_gets_a_401_in_plain_text(secure: Connect, method: str, path: str) -> None:
    for nobody in (replace(secure, user=None), replace(secure, password="wrong")):
        reply = nobody.send(method, path)
        assert reply.status == 401
        assert reply.body == b"User cannot access the resource."
        assert "www-authenticate" not in reply.headers


def test_a_request_with_valid_credentials_gets_a_response(secure: Connect) -> None:
    assert secure.send("GET", "/connectors").json == []


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("DELETE", "/connectors", 405)])
def test_an_unsupported_request_is_refused_before_authentication(
    secure: Connect, method: str, path: str, status: int
) -> None:
    assert replace(secure, user=None).send(method, path).status == status


def test_a_certificate_of_an_unknown_authority_is_refused_by_the_client(secure: Connect) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        replace(secure, tls=ssl.create_default_context()).send("GET", "/")
