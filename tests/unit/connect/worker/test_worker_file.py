# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker's configuration as a mapping: strings, security for clients, the file, masking."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.java_properties import parse
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.keys import NEWEST_KAFKA
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_file import (
    WorkerConfig,
    render_properties,
    texts,
    with_client_security,
)
from tests.unit.connect.worker_support import GOOD, SECURE


def test_values_become_strings() -> None:
    given_values: dict[object, object] = {"a": True, "b": 3, "c": 0.5, "d": ["x", 1], "e": "", "f": []}
    assert texts(given_values, "here") == {"a": "true", "b": "3", "c": "0.5", "d": "x,1", "e": "", "f": ""}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": None}, 'here: key "a" has no value: omit the key, or give an empty string'),
        ({"a": {"b": 1}}, 'here: key "a" has a value that is not a string, a number or a list of these'),
        ({"a": [None]}, 'here: key "a" has a value that is not a string, a number or a list of these'),
        ({"a": float("nan")}, 'here: key "a" has a value that is not a string, a number or a list of these'),
        ({1: "a"}, "here: key 1 is not a string: quote it"),
        ({"a": "\ud800"}, 'here: key "a" contains half a character (\\ud800 to \\udfff): correct it'),
        ({"\udfff": "a"}, 'here: key "\\udfff" contains half a character (\\ud800 to \\udfff): correct it'),
    ],
)
def test_values_that_a_file_cannot_hold_are_refused(values: dict[Any, Any], expected: str) -> None:
    with pytest.raises(InputError) as refused:
        texts(values, "here")
    assert refused.value.message == expected


def test_security_is_repeated_for_clients() -> None:
    completed = with_client_security({**SECURE, "ssl.client.auth": "required"})
    for client in ("producer", "consumer", "admin"):
        for key in ("security.protocol", "sasl.mechanism", "sasl.jaas.config", "ssl.truststore.location"):
            assert completed[f"{client}.{key}"] == SECURE[key]
        assert f"{client}.ssl.client.auth" not in completed
        assert f"{client}.config.providers" not in completed


def test_settings_of_a_client_stay() -> None:
    own = {"producer.sasl.jaas.config": "mine", "consumer.security.protocol": "SSL"}
    completed = with_client_security({**SECURE, **own})
    assert completed["producer.sasl.jaas.config"] == "mine"
    assert completed["producer.security.protocol"] == "SASL_SSL"
    assert [key for key in completed if key.startswith("consumer.")] == ["consumer.security.protocol"]


def test_without_security_nothing_is_added() -> None:
    assert with_client_security(GOOD) == GOOD
    plain = {**GOOD, "security.protocol": "plaintext", "ssl.keystore.location": "/for/the/listener"}
    assert with_client_security(plain) == plain


@given(st.dictionaries(st.sampled_from([*GOOD, *SECURE]), st.text(max_size=5)))
def test_adding_client_security_twice_changes_nothing_more(config: dict[str, str]) -> None:
    once = with_client_security(config)
    assert with_client_security(once) == once
    assert config.items() <= once.items()


def test_the_file_has_sections() -> None:
    config = {
        "producer.acks": "all",
        "group.id": "connect",
        "rest.advertised.port": "1",
        "listeners.https.ssl.key.password": "${file:/a:b}",
        "config.providers.file.class": "F",
        "key.converter.schemas.enable": "false",
        "key.converter": "K",
        "acme.mode": "x",
        "offset.storage.segment.bytes": "9",
    }
    assert render_properties(config) == (
        "# Cluster\ngroup.id=connect\n"
        "\n# Internal topics\noffset.storage.segment.bytes=9\n"
        "\n# Converters\nkey.converter=K\nkey.converter.schemas.enable=false\n"
        "\n# Config providers\nconfig.providers.file.class=F\n"
        "\n# REST API\nlisteners.https.ssl.key.password=${file\\:/a\\:b}\nrest.advertised.port=1\n"
        "\n# Producers of connectors\nproducer.acks=all\n"
        "\n# Other\nacme.mode=x\n"
    )
    assert render_properties({}) == ""


@given(
    st.dictionaries(st.sampled_from([*GOOD, *SECURE, "producer.x", "zz"]) | st.text(max_size=9), st.text(max_size=9))
)
def test_the_file_holds_the_mapping_in_any_order(config: dict[str, str]) -> None:
    written = render_properties(config)
    assert parse(written) == config
    assert render_properties(dict(reversed(config.items()))) == written


def test_masked_values_contain_no_secret() -> None:
    config = {
        **GOOD,
        "producer.ssl.key.password": "s3cret-word",
        "sasl.jaas.config": 'L required username="u" password="pass-w0rd";',
    }
    worker = WorkerConfig("w1", config, NEWEST_KAFKA)
    assert "s3cret-word" not in str(worker.masked)
    assert "pass-w0rd" not in str(worker.masked)
    assert worker.masked["group.id"] == "connect"
    assert {"s3cret-word", "pass-w0rd"} <= worker.secrets
