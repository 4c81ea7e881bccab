# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which registries a connector's configuration names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.registry.converters import (
    NO_LOGIN,
    Login,
    RegistryUse,
    registry_uses,
)

AVRO = {"value.converter": "io.confluent.connect.avro.AvroConverter"}


def uses(**config: str) -> list[RegistryUse]:
    dotted = {key.replace("__", "."): value for key, value in config.items()}
    return registry_uses([Connector("orders", {**AVRO, **dotted})])


def test_key_and_value_may_use_different_registries() -> None:
    found = uses(
        key__converter__schema__registry__url="http://a:8081", value__converter__schema__registry__url="http://b:8081/"
    )
    assert [(use.part, use.urls) for use in found] == [("key", ("http://a:8081",)), ("value", ("http://b:8081",))]


def test_urls_of_one_registry_stay_in_their_order() -> None:
    (use,) = uses(value__converter__schema__registry__url="http://b:8081, http://a:8081")
    assert use.urls == ("http://b:8081", "http://a:8081")


@pytest.mark.parametrize(
    "url",
    [
        "http://r:8080/apis/registry/v2",
        "http://r:8080/apis/registry/v3/",
        "http://r:8080",
        "http://r:8080/apis/ccompat/v6",
    ],
)
def test_apicurio_is_read_through_its_compatible_api(url: str) -> None:
    (use,) = uses(value__converter__apicurio__registry__url=url)
    assert use.urls == ("http://r:8080/apis/ccompat/v7",)


def test_a_prefix_of_a_proxy_stays() -> None:
    (use,) = uses(value__converter__apicurio__registry__url="https://gate/team/apis/registry/v2")
    assert use.urls == ("https://gate/team/apis/ccompat/v7",)


@pytest.mark.parametrize("url", ["", "${file:/s:url}", "mock://scope", "http://", "http://a:99999", "registry:8081"])
def test_what_is_no_url_is_left_out(url: str) -> None:
    assert uses(value__converter__schema__registry__url=url) == []


def test_the_login_of_a_url_does_not_stay_in_it() -> None:
    (use,) = uses(value__converter__schema__registry__url="http://ada:c%40ke@a:8081")
    assert (use.urls, use.login) == (("http://a:8081",), Login("ada", "c@ke"))


@pytest.mark.parametrize(
    ("config", "login", "is_hidden"),
    [
        (
            {"basic__auth__credentials__source": "USER_INFO", "basic__auth__user__info": "ada:cake"},
            Login("ada", "cake"),
            False,
        ),
        (
            {"basic__auth__credentials__source": "USER_INFO", "schema__registry__basic__auth__user__info": "ada:cake"},
            Login("ada", "cake"),
            False,
        ),
        (
            {"basic__auth__credentials__source": "USER_INFO", "basic__auth__user__info": "${file:/s:login}"},
            NO_LOGIN,
            True,
        ),
        (
            {"basic__auth__credentials__source": "USER_INFO", "basic__auth__user__info": "ada:${file:/s:p}"},
            NO_LOGIN,
            True,
        ),
        ({"basic__auth__credentials__source": "SASL_INHERIT"}, NO_LOGIN, True),
        (
            {"bearer__auth__credentials__source": "STATIC_TOKEN", "bearer__auth__token": "t0ken"},
            Login(token="t0ken"),
            False,
        ),
        ({"bearer__auth__credentials__source": "OAUTHBEARER"}, NO_LOGIN, True),
        # Without the source, the converter sends none.
        ({"basic__auth__user__info": "ada:cake"}, NO_LOGIN, False),
    ],
)
def test_the_login_is_the_one_that_the_converter_sends(config: dict[str, str], login: Login, is_hidden: bool) -> None:
    given_keys = {f"value__converter__{key}": value for key, value in config.items()}
    (use,) = uses(value__converter__schema__registry__url="http://a:8081", **given_keys)
    assert (use.login, use.has_hidden_login) == (login, is_hidden)


def test_the_login_of_apicurio_has_its_own_keys() -> None:
    url = "http://r:8080/apis/registry/v2"
    login = {"value__converter__apicurio__auth__username": "ada"}
    (use,) = uses(
        value__converter__apicurio__registry__url=url, **login, value__converter__apicurio__auth__password="cake"
    )
    assert use.login == Login("ada", "cake")
    (use,) = uses(
        value__converter__apicurio__registry__url=url, **login, value__converter__apicurio__auth__password="${env:P}"
    )
    assert (use.login, use.has_hidden_login) == (NO_LOGIN, True)


def test_subjects_are_named_by_the_topic_unless_another_strategy_is_set() -> None:
    (use,) = uses(value__converter__schema__registry__url="http://a:8081")
    assert (use.names_by_topic, use.subject_of("orders")) == (True, "orders-value")
    strategy = "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy"
    (use,) = uses(
        value__converter__schema__registry__url="http://a:8081",
        value__converter__value__subject__name__strategy=strategy,
    )
    assert (use.names_by_topic, use.strategy) == (False, "TopicRecordNameStrategy")


def test_a_connector_without_a_configuration_uses_none() -> None:
    assert registry_uses([Connector("deleted", None)]) == []


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_left_out(text: str) -> None:
    for use in uses(value__converter__schema__registry__url=text):
        assert all("@" not in url and url.startswith("http") for url in use.urls)
