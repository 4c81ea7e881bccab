# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorded keys of this Kafka line equal those that its configuration classes print."""

from __future__ import annotations

import os

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.keys import client_keys, keys_of
from testing.record_keys.kafka import CLIENTS, Record, path_of, read, record_of
from testing.sandbox.jars import ensure_jars

LINE = os.environ.get("STREAMOPS_KAFKA", "4.3")
VERSION = (int(LINE.split(".")[0]), int(LINE.split(".")[1]))


@pytest.fixture(scope="module")
def recorded() -> Record:
    return read(path_of(VERSION))


@pytest.fixture(scope="module")
def real(recorded: Record) -> Record:
    return record_of(recorded.version, ensure_jars(LINE).libs)


def test_the_record_describes_the_release_that_the_sandbox_runs(recorded: Record, real: Record) -> None:
    kafka = {name: digest for name, digest in recorded.jars.items() if name.endswith(f"-{recorded.version}.jar")}
    assert len(kafka) == 3
    assert kafka.items() <= real.jars.items()


def test_the_recorded_keys_of_workers_are_those_of_kafka(recorded: Record, real: Record) -> None:
    assert recorded.worker == real.worker


def test_the_recorded_keys_of_clients_are_those_of_kafka(recorded: Record, real: Record) -> None:
    assert recorded.clients == real.clients


def test_the_engine_knows_exactly_the_keys_of_workers(real: Record) -> None:
    assert sorted(keys_of(VERSION)) == sorted(real.worker)


@pytest.mark.parametrize("client", CLIENTS)
def test_the_engine_knows_every_key_of_clients(real: Record, client: str) -> None:
    assert set(real.clients[client]) <= client_keys(client, VERSION)
