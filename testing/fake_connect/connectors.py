# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connectors of a fake cluster as a test reads and changes them, like another user of the cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .behavior import Behavior
from .failures import unknown_host_trace
from .records import ConnectorRecord, Offset, TargetState
from .store import Store


class Connectors(Mapping[str, ConnectorRecord]):
    """Existing connectors by name. Reading applies due events; changes take effect like those of requests."""

    def __init__(self, store: Store, behavior: Behavior) -> None:
        self._store = store
        self._behavior = behavior

    def __getitem__(self, name: str) -> ConnectorRecord:
        with self._store.lock:
            self._store.advance()
            record = self._store.live(name)
            if record is None:
                raise KeyError(name)
            return record

    def __iter__(self) -> Iterator[str]:
        with self._store.lock:
            self._store.advance()
            return iter([name for name, record in self._store.records.items() if record.config is not None])

    def __len__(self) -> int:
        return sum(1 for _name in self)

    def put(
        self, name: str, config: Mapping[str, object], state: TargetState = "RUNNING", settled: bool = True
    ) -> ConnectorRecord:
        """Create or change a connector, without validation; `settled` skips the time until it runs (or fails)."""
        texts = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in config.items()}
        with self._store.lock:
            self._behavior.put(name, {**texts, "name": name}, None, state)
            if settled:
                self._store.settle()
            return self._store.records[name]

    def remove(self, name: str) -> None:
        """Delete a connector. Raises KeyError."""
        with self._store.lock:
            self[name]
            self._behavior.delete(name, None)

    def set_state(self, name: str, state: TargetState) -> None:
        """Pause, resume or stop a connector. Raises KeyError."""
        with self._store.lock:
            self[name]
            self._behavior.set_target(name, state, None)

    def fail(self, name: str, task: int | None = None, trace: str = "", sticky: bool = False) -> None:
        """Fail the connector (task None) or a task now; with `sticky` every start fails again, until `heal`."""
        trace = trace or unknown_host_trace("db.example.invalid")
        with self._store.lock:
            record = self[name]
            if sticky:
                self._store.edit(name, sticky_failures={**record.sticky_failures, task: trace})
            self._behavior.fail(name, task, trace)

    def heal(self, name: str) -> None:
        """Remove the sticky failures: the next restart succeeds."""
        with self._store.lock:
            self[name]
            self._store.edit(name, sticky_failures={})

    def set_offsets(self, name: str, offsets: list[Offset]) -> None:
        with self._store.lock:
            self[name]
            self._behavior.set_offsets(name, offsets)

    def set_topics(self, name: str, topics: list[str]) -> None:
        with self._store.lock:
            self[name]
            self._store.edit(name, topics=tuple(topics))

    def settle(self) -> None:
        """Apply all pending events."""
        with self._store.lock:
            self._store.settle()
