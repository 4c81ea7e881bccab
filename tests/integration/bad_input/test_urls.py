# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URLs and credentials that are wrong, or lead to another service or to two clusters."""

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
    """The targets of the cases: real workers, a broker, ports that are not workers, and fake clusters."""

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
    return [*_unreachable(to), *_not_a_worker(to), *_secure(to), *_two_clusters(to)]


def _read(label: str, kind: str, *words: str, **options: Any) -> Case:
    return Case(label, "connector_info", options, words, kind=kind)


def _change(label: str, kind: str, *words: str, **options: Any) -> Case:
    return Case(label, "connector", {"name": "bad-input-new", "config": SOURCE, **options}, words, kind=kind)


def _unreachable(to: Addresses) -> Iterator[Case]:
    yield _read("closed port", "connection_refused", to.closed, "nothing listens there", url=to.closed)
    yield _read("unknown host", "host_unknown", "unknown.invalid", "correct the URL", url="http://unknown.invalid:8083")
    yield _read(
        "silent port", "no_answer", to.silent, "no answer within 1 s", "it hangs", url=to.silent, read_timeout=1
    )
    yield _read("broker's port", "connection_dropped", to.broker, "a broker's port?", url=to.broker)
    yield _read("no scheme", "invalid_input", '"127.0.0.1:8083"', "http://HOST:PORT", url="127.0.0.1:8083")
    yield _read("other scheme", "invalid_input", "ftp://127.0.0.1", "http://HOST:PORT", url="ftp://127.0.0.1")
    yield _read("no port", "invalid_input", ":99999", "http://HOST:PORT", url="http://127.0.0.1:99999")
    yield _read(
        "user in the URL", "invalid_input", "url_username", "url_password", url=f"http://u:{WRONG_PASSWORD}@127.0.0.1"
    )
    yield _read("query", "invalid_input", "query or fragment", url="http://127.0.0.1:8083/?a=b")
    yield _read("no URL", "invalid_input", "url is missing", "KAFKA_CONNECT_URL", url=[])


def _not_a_worker(to: Addresses) -> Iterator[Case]:
    for page, url in to.web.items():
        yield _read(page, "not_a_connect_worker", url, "give the REST URL of a Connect worker", url=url)
        yield _change(
            f"change on a {page}", "not_a_connect_worker", url, "give the REST URL of a Connect worker", url=url
        )
    yield _read("path prefix", "unsupported", "/connect/connectors", "path prefix is wrong", url=f"{to.plain}/connect")
    yield _change("second is a web page", "not_a_connect_worker", to.web["web page"], url=[to.fake, to.web["web page"]])


def _secure(to: Addresses) -> Iterator[Case]:
    right: dict[str, Any] = {"url_username": to.user, "url_password": to.password}
    trusted: dict[str, Any] = {"url": to.secure, "ca_path": to.authority}
    wrong: dict[str, Any] = {"url_username": to.user, "url_password": WRONG_PASSWORD}
    yield _read(
        "TLS to a plain port", "tls_failed", "says https", "does not use TLS", url=to.plain.replace("http:", "https:")
    )
    yield _read(
        "no TLS to a TLS port",
        "tls_failed",
        "says http",
        "requires TLS",
        url=to.secure.replace("https:", "http:"),
        **right,
    )
    yield _read("unknown authority", "tls_failed", "CERTIFICATE_VERIFY_FAILED", "check ca_path", url=to.secure, **right)
    yield _read("no password", "authentication_failed", "HTTP 401", "check url_username and url_password", **trusted)
    yield _read("wrong password", "authentication_failed", "HTTP 401", "check url_username", **trusted, **wrong)
    yield _change("change with a wrong password", "authentication_failed", "HTTP 401", **trusted, **wrong)
    yield _read("wrong token", "authentication_failed", "HTTP 401", "or token", **trusted, token=WRONG_PASSWORD)
    yield _read("token and user", "invalid_input", "token and url_username", **trusted, **right, token=WRONG_PASSWORD)
    yield _read(
        "no such authority", "invalid_input", "/nowhere/ca.pem", "ca_path", url=to.secure, ca_path="/nowhere/ca.pem"
    )
    yield _read(
        "no such certificate", "invalid_input", "/nowhere/c.pem", "client_cert", **trusted, client_cert="/nowhere/c.pem"
    )
    yield _read("key alone", "invalid_input", "client_key is set without client_cert", client_key="/nowhere/k.pem")


def _two_clusters(to: Addresses) -> Iterator[Case]:
    fix = "list only workers of one Connect cluster in url"
    both: dict[str, Any] = {"ca_path": to.authority, "url_username": to.user, "url_password": to.password}
    yield _change(
        "two Kafka clusters",
        "wrong_cluster",
        "two Kafka clusters",
        to.plain,
        to.secure,
        "nothing was changed",
        fix,
        url=[to.plain, to.secure],
        **both,
    )
    yield _change("two fake Kafka clusters", "wrong_cluster", OTHER_KAFKA, fix, url=[to.fake, to.other_kafka])
    yield _change(
        "two Connect clusters",
        "wrong_cluster",
        "only " + to.fake + " has orders",
        "nothing was changed",
        fix,
        url=[to.fake, to.same_kafka],
    )
    yield _change(
        "another Kafka cluster than expected",
        "wrong_cluster",
        to.fake,
        OTHER_KAFKA,
        "nothing was changed",
        "correct url or kafka_cluster_id",
        url=to.fake,
        kafka_cluster_id=OTHER_KAFKA,
    )


@dataclass(frozen=True)
class CaseRun:
    """The run of all cases, and the clusters that it must not change."""

    addresses: Addresses
    run: PlaybookRun
    right: str
    fakes: tuple[FakeCluster, ...]


@pytest.fixture(scope="module")
def case_run(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseRun]:
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
        yield CaseRun(addresses, run, right.label, (fake, same, other))


@pytest.mark.parametrize("label", [case.label for case in cases(NOWHERE)])
def test_the_message_names_the_mistake(case_run: CaseRun, label: str) -> None:
    (case,) = (case for case in cases(case_run.addresses) if case.label == label)
    check(case, case_run.run)


def test_correct_url_and_credentials_are_accepted(case_run: CaseRun) -> None:
    assert case_run.run.of(case_run.right).status == "ok", case_run.run.of(case_run.right).result


def test_no_request_changed_the_cluster(case_run: CaseRun, sandbox: Sandbox) -> None:
    for fake in case_run.fakes:
        assert fake.writes() == []
    assert "bad-input-new" not in sandbox.request("GET", "/connectors")[1]


def test_no_password_is_shown(case_run: CaseRun) -> None:
    for secret in (WRONG_PASSWORD, case_run.addresses.password):
        assert secret not in case_run.run.output
        assert secret not in json.dumps([record.result for record in case_run.run.records])


def test_a_mistake_is_reported_after_a_few_requests(case_run: CaseRun) -> None:
    for label in ("closed port", "unknown host", "broker's port", "wrong password"):
        assert case_run.run.of(label).result["run"]["requests"] <= 3
