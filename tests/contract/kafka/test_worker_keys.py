# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, types, defaults, required keys and valid values: as Kafka's configuration classes print them of themselves."""

from __future__ import annotations

import html
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.key_table import TABLE, WorkerKey
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.keys import (
    CLIENTS,
    NEWEST_KAFKA,
    OTHER_CLIENT_KEYS,
    client_keys,
    keys_of,
)
from testing.sandbox.environment import find_java
from testing.sandbox.jars import ensure_jars

LINE = os.environ.get("STREAMOPS_KAFKA", "4.3")
VERSION = (int(LINE.split(".")[0]), int(LINE.split(".")[1]))
WORKER = "org.apache.kafka.connect.runtime.distributed.DistributedConfig"
CLIENT_CLASSES = {
    "producer": "org.apache.kafka.clients.producer.ProducerConfig",
    "consumer": "org.apache.kafka.clients.consumer.ConsumerConfig",
    "admin": "org.apache.kafka.clients.admin.AdminClientConfig",
}
LARGEST_INT = 2**31 - 1


@dataclass(frozen=True)
class RealKey:
    """A key as Kafka's documentation shows it. `default`: "" where there is none, "null" for null, quotes for empty."""

    type: str
    default: str
    valid: str


def defined_by(configuration: str) -> dict[str, RealKey]:
    """What the main method of a configuration class prints: Kafka makes its documentation that way."""
    command = [
        str(find_java()),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        f"{ensure_jars(LINE).libs}/*",
        configuration,
    ]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = {}
    for block in printed.split("<h4>")[1:]:
        name = re.search(r'<a id="([^"]+)"></a>', block)
        assert name is not None, block
        found[name[1]] = RealKey(_cell(block, "Type"), _cell(block, "Default"), _cell(block, "Valid Values"))
    assert found, printed
    return found


def _cell(block: str, heading: str) -> str:
    match = re.search(rf"<th>{heading}:</th><td>(.*?)</td>", block, re.DOTALL)
    assert match is not None, block
    return html.unescape(match[1])


@pytest.fixture(scope="module")
def real() -> dict[str, RealKey]:
    return defined_by(WORKER)


def test_the_table_has_every_key_and_no_other(real: Mapping[str, RealKey]) -> None:
    assert sorted(keys_of(VERSION)) == sorted(real)


def test_types_are_those_of_kafka(real: Mapping[str, RealKey]) -> None:
    assert {name: key.type for name, key in keys_of(VERSION).items()} == {name: key.type for name, key in real.items()}


def test_defaults_and_required_keys_are_those_of_kafka(real: Mapping[str, RealKey]) -> None:
    """Kafka adds what a number means, as in "10000 (10 seconds)"."""
    told = {name: re.sub(r" \([\d.]+ \w+\)$", "", key.default) for name, key in real.items()}
    assert {name: _shown_default(key) for name, key in keys_of(VERSION).items()} == told


def _shown_default(key: WorkerKey) -> str:
    if key.is_required:
        return ""
    return {None: "null", "": '""'}.get(key.default, key.default or "")


def test_valid_values_are_those_of_kafka(real: Mapping[str, RealKey]) -> None:
    """Where Kafka names values or bounds. Rules that it has words for only (URLs, algorithms) are not in the table."""
    theirs = {name: _rule(key.valid) for name, key in real.items()}
    ours = {name: (key.values, key.any_case, key.least, _most(key)) for name, key in keys_of(VERSION).items()}
    assert ours == theirs


def _most(key: WorkerKey) -> float | None:
    return None if key.most == LARGEST_INT else key.most


def _rule(valid: str) -> tuple[tuple[str, ...], bool, float | None, float | None]:
    bounds = re.fullmatch(r"\[(-?[\d.]+),\.\.\.(?:,([\d.]+))?\]", valid)
    if bounds:
        most = float(bounds[2]) if bounds[2] else None
        return (), False, float(bounds[1]), None if most == LARGEST_INT else most
    choice = re.fullmatch(r"(\(case insensitive\) )?\[([^\]]+)\]", valid)
    if choice:
        values = sorted(value.strip() for value in choice[2].split(","))
        return tuple(_in_our_case(value, bool(choice[1])) for value in values), bool(choice[1]), None, None
    positive = "or -1 to use the broker's default" in valid
    return (), False, 1 if positive else None, None


def _in_our_case(value: str, any_case: bool) -> str:
    """Kafka shows the names of its enums; where case does not count, users write them in lower case."""
    known = {one.upper(): one for _title, keys in TABLE for key in keys for one in key.values}
    return known.get(value.upper(), value) if any_case else value


@pytest.mark.parametrize("client", CLIENTS)
def test_the_keys_of_clients_are_known(client: str) -> None:
    names = set(defined_by(CLIENT_CLASSES[client]))
    known = client_keys(client, VERSION)
    assert names <= known
    # The lists have no version: an older line lacks what the newest has added.
    if VERSION == NEWEST_KAFKA:
        assert names >= OTHER_CLIENT_KEYS[client]
