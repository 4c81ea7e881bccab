# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which login goes to which registry, and what is read there."""

from __future__ import annotations

import base64
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.registry.converters import (
    NO_LOGIN,
    Login,
    RegistryUse,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.registry.facts import (
    connection_for,
    grouped,
    read_registries,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.registry.registry_client import ACCEPT
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.connection import Connection
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from testing.fake_registry import FakeRegistry

OPTIONS = Connection(
    ("https://registry",),
    username="ops",
    password="pie",
    headers=(ACCEPT, ("X-Key", "k")),
    client_cert="/c.pem",
    client_key="/k.pem",
    ca_path="/ca.pem",
)


def use(url: str, name: str = "orders", login: Login = NO_LOGIN, **more: Any) -> RegistryUse:
    return RegistryUse(name, "value", (url,), login, **more)


def basic(login: str) -> str:
    return f"Basic {base64.b64encode(login.encode()).decode()}"


def test_the_login_of_the_options_goes_to_their_urls_only() -> None:
    named, source = connection_for(OPTIONS, ("https://registry",), Login("ada", "cake"))
    assert (named, source) == (OPTIONS, "options")
    other, source = connection_for(OPTIONS, ("https://elsewhere",), Login("ada", "cake"))
    assert (other.urls, other.username, other.password, source) == (
        ("https://elsewhere",),
        "ada",
        "cake",
        "configuration",
    )
    assert (other.headers, other.client_cert, other.client_key, other.ca_path) == ((ACCEPT,), "", "", "/ca.pem")
    bare, source = connection_for(OPTIONS, ("https://elsewhere",))
    assert (bare.username, bare.password, bare.token, source) == ("", "", "", "")


def test_a_url_that_is_listed_beside_one_of_the_options_gets_nothing() -> None:
    connection, _source = connection_for(OPTIONS, ("https://elsewhere", "https://registry"))
    assert connection.urls == ("https://registry",)


def test_the_same_urls_in_another_order_are_one_registry() -> None:
    found = grouped(
        [RegistryUse("a", "key", ("http://x", "http://y")), RegistryUse("b", "key", ("http://y", "http://x"))]
    )
    assert [len(group) for group in found.values()] == [2]


def test_the_subjects_of_topics_are_read_with_the_login_of_a_connector() -> None:
    with FakeRegistry({"orders-value": [{"type": "long"}]}, login="ada:cake") as registry:
        uses = [use(registry.url, "hidden"), use(registry.url, login=Login("ada", "cake"))]
        (facts,), (client,) = read_registries(Run(), Connection(()), uses, {"orders": ["orders", "other"]})
    assert (facts.problem, list(facts.subjects), facts.login) == (None, ["orders-value"], "configuration")
    assert facts.connectors == ("hidden", "orders")
    assert client.requests == len(registry.asked) == 6
    assert {asked[2] for asked in registry.asked} == {basic("ada:cake")}


def test_a_registry_that_requires_a_login_is_a_problem_of_its_own() -> None:
    with FakeRegistry(login="ada:cake") as registry:
        (facts,), _clients = read_registries(Run(), Connection(()), [use(registry.url)], {})
    assert facts.problem is not None
    assert (facts.problem.kind, facts.login) == ("authentication_failed", "")


def test_a_registry_that_is_down_does_not_hide_another_one() -> None:
    with FakeRegistry() as registry:
        uses = [use("http://127.0.0.1:1"), use(registry.url)]
        down, up = read_registries(Run(), Connection(()), uses, {})[0]
    assert (down.problem is not None, up.problem) == (True, None)


def test_subjects_of_another_strategy_are_not_read() -> None:
    with FakeRegistry({"orders-value": [{"type": "long"}]}) as registry:
        named = use(registry.url, strategy="RecordNameStrategy")
        (facts,), _clients = read_registries(Run(), Connection(()), [named], {"orders": ["orders"]})
    assert (dict(facts.subjects), len(registry.asked)) == ({}, 1)
