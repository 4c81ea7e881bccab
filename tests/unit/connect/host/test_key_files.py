# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of keys and values: how they are read, what differs, and that no secret is shown."""

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.data.worker_keys import SECTIONS
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host.key_files import (
    LONGEST_SHOWN,
    PASSWORD_KEYS,
    KeyChange,
    changes_between,
    shown_value,
    values_of,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.masked import MASK

SECRET = "hunter2-in-clear"
JAAS = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password="hunter2-in-clear";'


def test_the_password_keys_are_those_of_the_recorded_keys() -> None:
    recorded = {key["name"] for _title, keys in SECTIONS for key in keys if key["type"] == "password"}
    assert recorded == PASSWORD_KEYS


def test_an_environment_file_is_read_as_systemd_reads_it() -> None:
    text = """# a comment
KAFKA_HEAP_OPTS="-Xms256M -Xmx2G"
KAFKA_OPTS="-Dquoted=\\"a \\$b\\" \\\\"
  SINGLE='a "b"'
PLAIN=one two
; another comment
EMPTY=
LONG="one
two"
"""
    assert values_of(text, "environment") == {
        "KAFKA_HEAP_OPTS": "-Xms256M -Xmx2G",
        "KAFKA_OPTS": '-Dquoted="a $b" \\',
        "SINGLE": 'a "b"',
        "PLAIN": "one two",
        "EMPTY": "",
        "LONG": "one\ntwo",
    }


def test_keys_are_added_changed_and_removed() -> None:
    before, after = {"a": "1", "b": "2", "c": "3"}, {"b": "2", "c": "4", "d": "5"}
    changes = changes_between(before, after)
    assert changes == [KeyChange("a", "1", None), KeyChange("c", "3", "4"), KeyChange("d", None, "5")]
    assert [line for change in changes for line in change.lines] == ["- a=1", "- c=3", "+ c=4", "+ d=5"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ssl.key.password", SECRET),
        ("ssl.truststore.certificates", SECRET),
        ("producer.override.ssl.keystore.key", SECRET),
        ("listeners.https.ssl.keystore.password", SECRET),
        ("my.api.token", SECRET),
        ("database.PASSWORD", SECRET),
        ("config.anything", "${file:/etc/secrets.properties:kafka}"),
        ("config.anything", f"prefix-${{env:{SECRET}}}"),
        ("sasl.jaas.config", JAAS),
        ("anything", JAAS),
        ("anything", "-----BEGIN PRIVATE KEY-----"),
    ],
)
def test_the_whole_value_of_a_secret_is_masked(key: str, value: str) -> None:
    assert shown_value(key, value) == MASK


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("https://user:hunter2-in-clear@proxy:3128", f"https://user:{MASK}@proxy:3128"),
        (
            "-Xmx1G -Djavax.net.ssl.trustStorePassword=hunter2-in-clear -Da=b",
            f"-Xmx1G -Djavax.net.ssl.trustStorePassword={MASK} -Da=b",
        ),
        ("-Xmx1G", "-Xmx1G"),
    ],
)
def test_a_secret_within_a_value_is_masked_alone(value: str, shown: str) -> None:
    assert shown_value("KAFKA_OPTS", value) == shown


def test_a_secret_that_changes_is_shown_as_changed() -> None:
    changes = changes_between({"ssl.key.password": "one-secret"}, {"ssl.key.password": "another-secret"})
    assert changes == [KeyChange("ssl.key.password", MASK, f"{MASK} (changed)")]


def test_every_value_of_a_secrets_file_is_masked() -> None:
    changes = changes_between({"a": "one", "b": "two"}, {"a": "three"}, secret=True)
    assert changes == [KeyChange("a", MASK, f"{MASK} (changed)"), KeyChange("b", MASK, None)]


def test_a_long_value_is_truncated() -> None:
    shown = shown_value("plugin.path", "x" * 5000)
    assert len(shown) == LONGEST_SHOWN + 1


def test_a_change_beyond_the_shown_part_of_a_value_is_shown_as_changed() -> None:
    (change,) = changes_between({"a": "x" * 5000}, {"a": "x" * 5001})
    assert str(change.after).endswith("… (changed)")
