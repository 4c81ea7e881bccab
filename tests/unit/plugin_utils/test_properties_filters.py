# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters of .properties files, as templates use them."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties_filters import (
    from_java_properties,
    to_java_properties,
    worker_client_security,
    workers_of_cluster,
)

SCALARS = st.text(st.characters(exclude_categories=["Cs"])) | st.booleans() | st.integers()


@pytest.mark.parametrize(
    "name",
    ["to_java_properties", "from_java_properties", "worker_client_security", "workers_of_cluster", "mask_secrets"],
)
def test_ansible_finds_each_filter(name: str) -> None:
    module = importlib.import_module(f"ansible_collections.streamops.kafka_connect.plugins.filter.{name}")
    assert list(module.FilterModule().filters()) == [name]


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), SCALARS), st.booleans())
def test_properties_survive_a_round_trip(values: dict[str, Any], by_section: bool) -> None:
    read = from_java_properties(to_java_properties(values, by_section=by_section))
    assert read == {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in values.items()}


def test_properties_are_ordered_by_name_or_by_section() -> None:
    values = {"z": 1, "group.id": "a", "admin.retries": 2}
    assert to_java_properties(values) == "admin.retries=2\ngroup.id=a\nz=1\n"
    assert to_java_properties(values, by_section=True) == (
        "# Cluster\ngroup.id=a\n\n# Admin clients of connectors\nadmin.retries=2\n\n# Other\nz=1\n"
    )


def test_security_settings_are_repeated_for_each_client() -> None:
    completed = worker_client_security({"security.protocol": "SSL", "ssl.truststore.location": "/ca.pem"})
    assert completed["consumer.ssl.truststore.location"] == "/ca.pem"
    assert len(completed) == 8


@pytest.mark.parametrize(
    ("call", "value", "message"),
    [
        (to_java_properties, ["a"], "to_java_properties: the input is not a mapping"),
        (to_java_properties, {"a": None}, 'to_java_properties: key "a" has no value'),
        (worker_client_security, "a", "worker_client_security: the input is not a mapping"),
        (from_java_properties, {"a": 1}, "from_java_properties: the input is not a string"),
        (from_java_properties, "a=\\u12", 'from_java_properties: key "a": \\u requires four hexadecimal digits'),
    ],
)
def test_a_value_that_is_not_a_properties_file_is_reported(call: Any, value: Any, message: str) -> None:
    with pytest.raises(AnsibleFilterError) as refused:
        call(value)
    assert message in str(refused.value)


def test_the_workers_of_other_clusters_are_separated() -> None:
    workers = {
        name: {"group.id": group, "bootstrap.servers": "kafka-1:9092", "tasks": 1}
        for name, group in (("a", "orders"), ("b", "payments"), ("c", "orders"))
    }
    assert workers_of_cluster(workers, "c") == {
        "workers": {"a": workers["a"], "c": workers["c"]},
        "other_workers": {"b": workers["b"]},
        "clusters": ["orders (2 hosts)", "payments (1 host)"],
        "cluster_hosts": [["a", "c"], ["b"]],
    }


def test_a_host_without_a_configuration_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match='no host "z"'):
        workers_of_cluster({"a": {}}, "z")
