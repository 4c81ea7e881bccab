# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client properties of a worker, translated to the names of librdkafka."""

from __future__ import annotations

from typing import Any

import pytest
from confluent_kafka.admin import AdminClient
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.client_properties import (
    client_properties,
)

SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required "


@pytest.mark.parametrize(
    ("java", "librdkafka"),
    [
        ({"security.protocol": "SASL_SSL"}, {"security.protocol": "sasl_ssl"}),
        (
            {"sasl.mechanism": "SCRAM-SHA-512", "sasl.jaas.config": SCRAM + 'username="connect" password="p\\"w d";'},
            {"sasl.mechanisms": "SCRAM-SHA-512", "sasl.username": "connect", "sasl.password": 'p"w d'},
        ),
        (
            {"sasl.mechanism": "PLAIN", "sasl.jaas.config": SCRAM + "username=connect password='it is';"},
            {"sasl.mechanisms": "PLAIN", "sasl.username": "connect", "sasl.password": "it is"},
        ),
        (
            {
                "sasl.mechanism": "OAUTHBEARER",
                "sasl.oauthbearer.token.endpoint.url": "https://login.example.com/token",
                "sasl.jaas.config": 'x.OAuthBearerLoginModule required clientId="me" clientSecret="s" scope="kafka";',
            },
            {
                "sasl.mechanisms": "OAUTHBEARER",
                "sasl.oauthbearer.method": "oidc",
                "sasl.oauthbearer.token.endpoint.url": "https://login.example.com/token",
                "sasl.oauthbearer.client.id": "me",
                "sasl.oauthbearer.client.secret": "s",
                "sasl.oauthbearer.scope": "kafka",
            },
        ),
        (
            {"ssl.truststore.type": "PEM", "ssl.truststore.location": "/ca.pem"},
            {"ssl.ca.location": "/ca.pem"},
        ),
        ({"ssl.truststore.certificates": "-----BEGIN"}, {"ssl.ca.pem": "-----BEGIN"}),
        (
            {"ssl.keystore.type": "PEM", "ssl.keystore.location": "/me.pem", "ssl.key.password": "k"},
            {"ssl.certificate.location": "/me.pem", "ssl.key.location": "/me.pem", "ssl.key.password": "k"},
        ),
        (
            {"ssl.keystore.type": "pkcs12", "ssl.keystore.location": "/me.p12", "ssl.keystore.password": "k"},
            {"ssl.keystore.location": "/me.p12", "ssl.keystore.password": "k"},
        ),
        (
            {"ssl.keystore.certificate.chain": "CHAIN", "ssl.keystore.key": "KEY"},
            {"ssl.certificate.pem": "CHAIN", "ssl.key.pem": "KEY"},
        ),
        ({"ssl.endpoint.identification.algorithm": ""}, {"ssl.endpoint.identification.algorithm": "none"}),
        ({"ssl.endpoint.identification.algorithm": None}, {"ssl.endpoint.identification.algorithm": "none"}),
        ({"enable.ssl.certificate.verification": False}, {"enable.ssl.certificate.verification": "false"}),
        ({"ssl.protocol": "TLSv1.3", "ssl.enabled.protocols": "TLSv1.3", "ssl.provider": "X"}, {}),
        ({"sasl.login.class": "x.Y", "sasl.kerberos.kinit.cmd": "/usr/bin/kinit"}, {}),
    ],
)
def test_java_properties_are_translated_for_librdkafka(java: dict[str, Any], librdkafka: dict[str, str]) -> None:
    assert client_properties(java) == librdkafka


def test_property_names_of_librdkafka_are_kept() -> None:
    given = {
        "security.protocol": "sasl_ssl",
        "sasl.mechanisms": "PLAIN",
        "sasl.username": "u",
        "sasl.password": "p",
        "ssl.ca.location": "/ca.pem",
    }
    assert client_properties(given) == given


def test_a_complete_worker_file_is_accepted() -> None:
    file = {
        "bootstrap.servers": "kafka-1:9092",
        "group.id": "connect",
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "producer.security.protocol": "SSL",
        "config.providers.file.param.secrets": "${file:/x:y}",
        "tasks.max": 1,
    }
    assert client_properties(file) == {}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ssl.truststore.location": "/t.jks"}, "ssl.truststore.location is a JKS store"),
        ({"ssl.truststore.location": "/t", "ssl.truststore.type": "PKCS12"}, "is a PKCS12 store"),
        ({"ssl.keystore.location": "/k.jks"}, "give ssl.certificate.location and ssl.key.location"),
        ({"sasl.password": "${file:/secrets:kafka}"}, "sasl.password holds a reference that only workers can resolve"),
        ({"ssl.ca.location": ["/a"]}, "ssl.ca.location must be a single value"),
    ],
)
def test_properties_that_this_client_cannot_use_are_rejected(given: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=r"^client_properties: ") as refused:
        client_properties(given)
    assert words in str(refused.value)
    assert refused.value.problems[0].key in given


@given(st.dictionaries(st.text(max_size=30), st.none() | st.booleans() | st.integers() | st.text(max_size=30)))
def test_any_properties_become_strings_or_an_error(given: dict[str, Any]) -> None:
    try:
        translated = client_properties(given)
    except InputError:
        return
    assert all(isinstance(value, str) for value in translated.values())


def test_librdkafka_accepts_the_translated_properties() -> None:
    """Its names and values are valid: librdkafka checks them when a client is created."""
    translated = client_properties(
        {
            "security.protocol": "SASL_SSL",
            "sasl.mechanism": "SCRAM-SHA-512",
            "sasl.jaas.config": SCRAM + 'username="connect" password="p";',
            "ssl.endpoint.identification.algorithm": "",
            "ssl.protocol": "TLSv1.3",
            "client.dns.lookup": "use_all_dns_ips",
        }
    )
    AdminClient({"bootstrap.servers": "127.0.0.1:1", **translated})
