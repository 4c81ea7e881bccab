# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two clusters of the REST contract: the fake and the real one, of the Kafka line in STREAMOPS_KAFKA."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from testing.fake_connect import FakeCluster

from .client import Connect, await_value
from .config_topic import write_tombstones
from .pool import Pool, Take

FULL_VERSIONS = {"4.3": "4.3.1", "3.9": "3.9.1"}

Config = dict[str, Any]


def version_of(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2])


@pytest.fixture(scope="session", params=["fake", "real"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Connect]:
    """The cluster under test, for all tests; a real one that does not start is a failure."""
    line = os.environ.get("STREAMOPS_KAFKA", "4.3")
    if request.param == "real":
        sandbox = request.getfixturevalue("sandbox")
        real = Connect("real", sandbox.urls, version_of(line))
        yield real
        real.remove_all()
        return
    with FakeCluster(workers=3, version=FULL_VERSIONS[line]) as fake:
        yield Connect("fake", fake.urls, version_of(line))


@pytest.fixture(scope="module")
def connect(cluster: Connect) -> Iterator[Connect]:
    """The cluster under test. Connectors of one test module are removed together; one by one takes far longer."""
    yield cluster
    cluster.remove_all()


@pytest.fixture(scope="session")
def take(cluster: Connect, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Take]:
    """Returns settled connectors of a kind in `pool.KINDS`, each only once."""
    pool = Pool(cluster, tmp_path_factory.mktemp("pool"))
    yield pool.take
    pool.clear()


@pytest.fixture
def erase(request: pytest.FixtureRequest, connect: Connect) -> Callable[[str], None]:
    """Removes a connector that no URL can address; the fake ends with the session anyway."""

    def erase_connector(name: str) -> None:
        if connect.kind == "real":
            write_tombstones(request.getfixturevalue("sandbox").bootstrap_servers, name)
            await_value(lambda: name in connect.send("GET", "/connectors").json, False)

    return erase_connector


@pytest.fixture
def name() -> str:
    """A connector name that no other test, and no previous run, has used."""
    return f"rest-{uuid4().hex[:12]}"


@pytest.fixture
def source(tmp_path: Path, name: str) -> Config:
    """A valid file source with one task that reads an empty file."""
    file = tmp_path / "in.txt"
    file.touch()
    return {"connector.class": "FileStreamSource", "tasks.max": "1", "file": str(file), "topic": f"topic-{name}"}


@pytest.fixture
def sink(tmp_path: Path, name: str) -> Config:
    """A valid file sink with two tasks."""
    out = str(tmp_path / "out.txt")
    return {"connector.class": "FileStreamSink", "tasks.max": "2", "file": out, "topics": f"topic-{name}"}
