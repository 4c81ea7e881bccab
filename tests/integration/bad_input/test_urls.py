# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URLs and credentials that are unreachable, invalid, or belong to two clusters at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from testing.ansible_runs import PlaybookRun
from testing.fake_connect import FakeCluster
from testing.sandbox import Sandbox

from .cases import Case, check, play_cases
from .servers import Page, closed_port, silent_server, web_server

SOURCE = {"connector.class": "FileStreamSource", "topic": "t", "file": "/x"}
WRONG_PASSWORD = "url-canary-9d20"
OTHER_KAFKA = "AnotherKafkaClusterIdA"

PAGES = {
    "web page": Page(b"<html><body>Welcome to nginx!</body></html>"),
    "web page that says not found": Page(b"<html><body>Not Found</body></html>", status=404),
    "other REST API": Page(b'{"name": "node-1", "version": {"number": "8"}}', "application/json"),
    "JSON list": Page(b"[]", "application/json"),
    "redirect": Page(b"", status=302),
}


@dataclass(frozen=True)
class Addresses:
    """Where the cases lead: real workers and a broker, ports that are no worker, fake clusters on one or two Kafkas."""

    plain: str
    broker: str
    secure: str
    user: str
    password: str
    authority: str
    web: dict[str, str]
    silent: str
    closed: str
    fake: str
    same_kafka: str
    other_kafka: str


NOWHERE = Addresses("", "", "", "", "", "", dict.fromkeys(PAGES, ""), "", "", "", "", "")


def cases(to: Addresses) -> list[Case]:
    return [*_unreachable(to), *_no_worker(to), *_secure(to), *_two_clusters(to)]


def _look(label: str, kind: str, *says: str, **options: Any) -> Case:
    return Case(label, "connector_info", options, says, kind=kind)


def _change(label: str, kind: str, *says: str, **options: Any) -> Case:
    return Case(label, "connector", {"name": "bad-input-new", "config": SOURCE, **options}, says, kind=kind)


def _unreachable(to: Addresses) -> Iterator[Case]:
    yield _look("closed port", "connection_refused", to.closed, "nothing listens there", url=to.closed)
    yield _look("unknown host", "host_unknown", "unknown.invalid", "correct the URL", url="http://unknown.invalid:8083")
    yield _look(
        "silent port", "no_answer", to.silent, "no answer within 1 s", "it hangs", url=to.silent, read_timeout=1
    )
    yield _look("broker's port", "connection_dropped", to.broker, "a broker's port?", url=to.broker)
    yield _look("no scheme", "invalid_input", '"127.0.0.1:8083"', "http://HOST:PORT", url="127.0.0.1:8083")
    yield _look("other scheme", "invalid_input", "ftp://127.0.0.1", "http://HOST:PORT", url="ftp://127.0.0.1")
    yield _look("no port", "invalid_input", ":99999", "http://HOST:PORT", url="http://127.0.0.1:99999")
    yield _look(
        "user in the URL", "invalid_input", "url_username", "url_password", url=f"http://u:{WRONG_PASSWORD}@127.0.0.1"
    )
    yield _look("query", "invalid_input", "query or fragment", url="http://127.0.0.1:8083/?a=b")
    yield _look("no URL", "invalid_input", "url is missing", "KAFKA_CONNECT_URL", url=[])


def _no_worker(to: Addresses) -> Iterator[Case]:
    for page, url in to.web.items():
        yield _look(page, "not_a_connect_worker", url, "give the REST URL of a Connect worker", url=url)
        yield _change(
            f"change on a {page}", "not_a_connect_worker", url, "give the REST URL of a Connect worker", url=url
        )
    yield _look("path prefix", "unsupported", "/connect/connectors", "path prefix is wrong", url=f"{to.plain}/connect")
    yield _change("second is a web page", "not_a_connect_worker", to.web["web page"], url=[to.fake, to.web["web page"]])


def _secure(to: Addresses) -> Iterator[Case]:
    right: dict[str, Any] = {"url_username": to.user, "url_password": to.password}
    trusted: dict[str, Any] = {"url": to.secure, "ca_path": to.authority}
    wrong: dict[str, Any] = {"url_username": to.user, "url_password": WRONG_PASSWORD}
    yield _look(
        "TLS to a plain port", "tls_failed", "says https", "has no TLS", url=to.plain.replace("http:", "https:")
    )
    yield _look(
        "no TLS to a TLS port",
        "tls_failed",
        "says http",
        "wants TLS",
        url=to.secure.replace("https:", "http:"),
        **right,
    )
    yield _look("unknown authority", "tls_failed", "CERTIFICATE_VERIFY_FAILED", "check ca_path", url=to.secure, **right)
    yield _look("no password", "authentication_failed", "HTTP 401", "check url_username and url_password", **trusted)
    yield _look("wrong password", "authentication_failed", "HTTP 401", "check url_username", **trusted, **wrong)
    yield _change("change with a wrong password", "authentication_failed", "HTTP 401", **trusted, **wrong)
    yield _look("wrong token", "authentication_failed", "HTTP 401", "or token", **trusted, token=WRONG_PASSWORD)
    yield _look("token and user", "invalid_input", "token and url_username", **trusted, **right, token=WRONG_PASSWORD)
    yield _look(
        "no such authority", "invalid_input", "/nowhere/ca.pem", "ca_path", url=to.secure, ca_path="/nowhere/ca.pem"
    )
    yield _look(
        "no such certificate", "invalid_input", "/nowhere/c.pem", "client_cert", **trusted, client_cert="/nowhere/c.pem"
    )
    yield _look("key alone", "invalid_input", "client_key is set without client_cert", client_key="/nowhere/k.pem")


def _two_clusters(to: Addresses) -> Iterator[Case]:
    cure = "list only workers of one Connect cluster in url"
    both: dict[str, Any] = {"ca_path": to.authority, "url_username": to.user, "url_password": to.password}
    yield _change(
        "two Kafka clusters",
        "wrong_cluster",
        "two Kafka clusters",
        to.plain,
        to.secure,
        "nothing was changed",
        cure,
        url=[to.plain, to.secure],
        **both,
    )
    yield _change("two fake Kafka clusters", "wrong_cluster", OTHER_KAFKA, cure, url=[to.fake, to.other_kafka])
    yield _change(
        "two Connect clusters",
        "wrong_cluster",
        "only " + to.fake + " has orders",
        "nothing was changed",
        cure,
        url=[to.fake, to.same_kafka],
    )
    yield _change(
        "another Kafka cluster than asked for",
        "wrong_cluster",
        to.fake,
        OTHER_KAFKA,
        "nothing was changed",
        "correct url or kafka_cluster_id",
        url=to.fake,
        kafka_cluster_id=OTHER_KAFKA,
    )


@dataclass(frozen=True)
class Tried:
    """The run of all cases, and what was there before and after it."""

    addresses: Addresses
    run: PlaybookRun
    right: str
    fakes: tuple[FakeCluster, ...]


@pytest.fixture(scope="module")
def tried(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    with ExitStack() as stack:
        secure = stack.enter_context(Sandbox.running(workers=1, secure=True))
        fake, same, other = (
            stack.enter_context(FakeCluster(workers=1, kafka_cluster_id=name))
            for name in ("OneKafkaClusterIdAAAAA", "OneKafkaClusterIdAAAAA", OTHER_KAFKA)
        )
        fake.connectors.put("orders", SOURCE)
        same.connectors.put("invoices", SOURCE)
        credentials = secure.credentials
        assert credentials is not None
        addresses = Addresses(
            plain=sandbox.urls[0],
            broker=f"http://{sandbox.bootstrap_servers.split(',')[0]}",
            secure=secure.urls[0],
            user=credentials.username,
            password=credentials.password,
            authority=str(credentials.ca_path),
            web={name: stack.enter_context(web_server(page)) for name, page in PAGES.items()},
            silent=stack.enter_context(silent_server()),
            closed=stack.enter_context(closed_port()),
            fake=fake.urls[0],
            same_kafka=same.urls[0],
            other_kafka=other.urls[0],
        )
        right = Case(
            "right",
            "connector_info",
            {
                "url": secure.urls[0],
                "ca_path": addresses.authority,
                "url_username": credentials.username,
                "url_password": credentials.password,
            },
            [],
        )
        folder = tmp_path_factory.mktemp("urls")
        run = play_cases([*cases(addresses), right], fake.urls, folder, arguments=["-vvvv"])
        assert secure.request("GET", "/connectors") == (200, [])
        yield Tried(addresses, run, right.label, (fake, same, other))


@pytest.mark.parametrize("label", [case.label for case in cases(NOWHERE)])
def test_each_invalid_input_is_reported_in_one_line(tried: Tried, label: str) -> None:
    (case,) = (case for case in cases(tried.addresses) if case.label == label)
    check(case, tried.run)


def test_valid_urls_are_accepted(tried: Tried) -> None:
    assert tried.run.of(tried.right).status == "ok", tried.run.of(tried.right).result


def test_no_request_changed_the_cluster(tried: Tried, sandbox: Sandbox) -> None:
    for fake in tried.fakes:
        assert fake.writes() == []
    assert "bad-input-new" not in sandbox.request("GET", "/connectors")[1]


def test_no_password_is_shown(tried: Tried) -> None:
    for secret in (WRONG_PASSWORD, tried.addresses.password):
        assert secret not in tried.run.output
        assert secret not in json.dumps([record.result for record in tried.run.records])


def test_a_mistyped_url_is_reported_quickly(tried: Tried) -> None:
    for label in ("closed port", "unknown host", "broker's port", "wrong password"):
        assert tried.run.of(label).result["run"]["requests"] <= 3
