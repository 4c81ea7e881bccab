# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real schema registry, and a worker with the converter that writes to it."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from testing.sandbox import Sandbox
from testing.sandbox.jars import ensure_jars
from testing.sandbox.registry import Registry, ensure_converter, running_registry

KAFKA = "4.3"


def free_port() -> int:
    """A free port from a range that no sandbox uses for its own."""
    for port in random.sample(range(18_000, 19_900), 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no port is free")


@pytest.fixture(scope="package")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with running_registry(free_port(), tmp_path_factory.mktemp("registry") / "registry.log") as running:
        yield running


@dataclass(frozen=True)
class Pipeline:
    """A worker whose connectors write Avro to the registry."""

    sandbox: Sandbox
    registry: Registry

    def put(self, name: str, **config: str) -> None:
        """A source that writes one record, a string, to the topic of its name."""
        file = self.sandbox.files / f"{name}.txt"
        file.write_text("a line\n", encoding="utf-8")
        whole = {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": name, "file": str(file)}
        converter = {"key.converter": "org.apache.kafka.connect.storage.StringConverter", **self.registry.converter()}
        code, answer = self.sandbox.request("PUT", f"/connectors/{name}/config", {**whole, **converter, **config})
        assert code in (200, 201), answer


@pytest.fixture(scope="package")
def pipeline(registry: Registry) -> Iterator[Pipeline]:
    paths = f"{ensure_jars(KAFKA).plugins},{ensure_converter().parent}"
    # The converter has no service file.
    own = {"plugin.path": paths, "plugin.discovery": "hybrid_warn"}
    with Sandbox.running(workers=1, kafka=KAFKA, properties={"*": own}) as sandbox:
        yield Pipeline(sandbox, registry)
