# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepared connectors: a real cluster needs seconds to settle one, and hardly more for eight at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from .client import Connect, in_parallel, path_of

BATCH = 8


@dataclass(frozen=True)
class Kind:
    """A configuration, and the states in which its connectors settle. A kind with a file gets a file for each
    connector.
    """

    config: Mapping[str, str]
    states: tuple[str, list[str]]


KINDS = {
    "source": Kind({"connector.class": "FileStreamSource", "tasks.max": "1"}, ("RUNNING", ["RUNNING"])),
    "sink": Kind({"connector.class": "FileStreamSink", "tasks.max": "2"}, ("RUNNING", ["RUNNING", "RUNNING"])),
    "failed source task": Kind(
        {"connector.class": "MockSource", "mock_mode": "task-failure", "delay_ms": "0"}, ("RUNNING", ["FAILED"])
    ),
    "failed sink task": Kind(
        {"connector.class": "MockSink", "mock_mode": "task-failure", "delay_ms": "0", "topics": "contract-rest"},
        ("RUNNING", ["FAILED"]),
    ),
}


class Taken(NamedTuple):
    """A settled connector: its name, its path and the configuration without its name."""

    name: str
    path: str
    config: dict[str, Any]


Take = Callable[[str], Taken]


class Pool:
    """Creates connectors in batches and returns them one by one."""

    def __init__(self, connect: Connect, files: Path) -> None:
        self._connect = connect
        self._files = files
        self._stock: dict[str, list[Taken]] = {kind: [] for kind in KINDS}

    def take(self, kind: str) -> Taken:
        """A settled connector that no other test uses or has used."""
        stock = self._stock[kind]
        if not stock:
            stock.extend(self._make(KINDS[kind]))
        taken = stock.pop()
        self._connect.names.append(taken.name)
        return taken

    def _make(self, kind: Kind) -> list[Taken]:
        batch = [self._plan(kind) for _number in range(BATCH)]
        # Registered only when used: unused ones must survive the cleanup between tests.
        in_parallel([partial(self._create, one) for one in batch])
        for one in batch:
            self._connect.await_states(one.name, *kind.states)
        return batch

    def _plan(self, kind: Kind) -> Taken:
        name = f"rest-{uuid4().hex[:12]}"
        config: dict[str, Any] = dict(kind.config)
        if config["connector.class"].startswith("FileStream"):
            file = self._files / name
            file.touch()
            config["file"] = str(file)
            config["topic" if config["connector.class"].endswith("Source") else "topics"] = f"topic-{name}"
        return Taken(name, path_of(name), config)

    def _create(self, one: Taken) -> None:
        reply = self._connect.send("PUT", f"{one.path}/config", one.config)
        assert reply.status == 201, reply

    def clear(self) -> None:
        """Register the unused connectors for removal with the used ones."""
        self._connect.names.extend(one.name for stock in self._stock.values() for one in stock)
