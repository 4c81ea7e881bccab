# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The loggers of a worker, as Log4j 1 (Kafka 3) and Log4j 2 (Kafka 4) keep them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

LEVELS = frozenset({"OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL"})
ROOT = "root"

CONFIGURED: Mapping[str, str] = {ROOT: "WARN", "org.apache.kafka.connect.runtime.distributed": "INFO"}
"""Levels of the configuration file."""
EXISTING = (
    "org.apache.kafka.clients.NetworkClient",
    "org.apache.kafka.connect.runtime.Worker",
    "org.apache.kafka.connect.runtime.WorkerConfig",
    "org.apache.kafka.connect.runtime.distributed.DistributedHerder",
)
"""Loggers that classes have created."""


class Loggers:
    """The levels that are set, and the loggers that exist.

    `usable` is false where Log4j is not on the class path. If `frozen`, levels are accepted and not applied.
    """

    def __init__(self, version: tuple[int, ...]) -> None:
        self.usable = True
        self.frozen = False
        self._lists_all = version >= (4, 0)
        self._dates = version >= (3, 7)
        self._levels = dict(CONFIGURED)
        self._names = {*EXISTING, *CONFIGURED}
        self._modified: dict[str, int] = {}
        self._lock = threading.Lock()

    @property
    def valid_levels(self) -> Iterable[str]:
        return LEVELS if self.usable else {"OFF"}

    def listed(self) -> dict[str, Any]:
        """GET /admin/loggers: before 4.0 those with a level of their own, since then all except those that are off."""
        with self._lock:
            if not self.usable:
                return {}
            names = self._names if self._lists_all else self._levels
            shown = (name for name in sorted(names) if not self._lists_all or self._level(name) != "OFF")
            return {name: self._entry(name) for name in shown}

    def entry(self, name: str) -> dict[str, Any] | None:
        """GET /admin/loggers/{name}."""
        with self._lock:
            if not self.usable:
                return {"level": "OFF", "last_modified": 0}
            known = ROOT if name.lower() == ROOT else name
            return self._entry(known) if known in self._names else None

    def change(self, name: str, level: str) -> list[str]:
        """PUT /admin/loggers/{name}. Before 4.0, returns all loggers concerned, since then those whose level differs."""
        with self._lock:
            if not self.usable or self.frozen:
                return []
            known = ROOT if name.lower() == ROOT else name
            before = {other: self._level(other) for other in self._names}
            self._names.add(known)
            concerned = {other for other in self._names if known == ROOT or other.startswith(known)}
            # Since 4.0, the others inherit the level.
            for other in concerned & self._levels.keys() if self._lists_all else concerned:
                self._levels[other] = level
            self._levels[known] = level
            touched = [
                other for other in sorted(concerned) if not self._lists_all or self._level(other) != before.get(other)
            ]
            self._modified.update((other, int(time.time() * 1000)) for other in touched)
            return touched

    def _entry(self, name: str) -> dict[str, Any]:
        dated = {"last_modified": self._modified.get(name)} if self._dates else {}
        return {"level": self._level(name), **dated}

    def _level(self, name: str) -> str:
        while name:
            if name in self._levels:
                return self._levels[name]
            name = name.rpartition(".")[0]
        return self._levels[ROOT]
