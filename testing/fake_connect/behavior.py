# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changes of connectors over time: the work of a cluster's herders, reduced to what the REST API shows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from .failures import Failure, failure_of
from .plugins import Catalogue, Plugin
from .records import Config, ConnectorRecord, Offset, Status, TargetState
from .store import Store
from .timing import Timing


class Behavior:
    """Applies accepted requests. Every method expects that the caller holds the store's lock, and may schedule events.

    `worker_ids` returns the current members, as status records name them (host:port), with the leader first.
    """

    def __init__(
        self, store: Store, timing: Timing, catalog: Catalogue, worker_ids: Callable[[], Sequence[str]]
    ) -> None:
        self.store = store
        self.timing = timing
        self.catalog = catalog
        self.worker_ids = worker_ids
        self.rebalances = 0
        self._turn = itertools.count()
        self.on_rebalance: Callable[[], None] = lambda: None

    # Effects of requests

    def put(self, name: str, config: Config, origin: int | None, initial: TargetState | None = None) -> bool:
        """Create or reconfigure a connector. Returns whether it is new.

        Writing the same configuration again restarts the connector, and does not cancel pending events.
        """
        plugin = self._plugin(config)
        kind = plugin.type if plugin else "unknown"
        secrets = plugin.password_keys if plugin else frozenset[str]()
        old = self.store.records.get(name)
        created = old is None or old.config is None
        same = old is not None and old.config == config
        base = old or ConnectorRecord(name, config)
        target = (initial or "RUNNING") if created else (initial or base.target)
        epoch = base.epoch if same else base.epoch + 1
        record = replace(base, config=dict(config), type=kind, secret_keys=secrets, epoch=epoch, target=target)
        self.store.put(record, origin)
        if initial is not None:
            self.store.write("target-state", name, initial)
        self.store.write("connector", name, record.config)
        if created:
            self._rebalance()
        self._start_connector(name, tasks_too=not same)
        return created

    def delete(self, name: str, origin: int | None) -> None:
        record = self.store.records[name]
        deleted = replace(record, config=None, task_configs=(), epoch=record.epoch + 1, sticky_failures={}, topics=())
        self.store.put(deleted, origin)
        self.store.write("connector", name, None)
        self.store.write("target-state", name, None)
        self._rebalance()
        self._later(name, self.timing.unassigned, self._lose)
        self._later(name, self.timing.forgotten, lambda record: self.store.remove(record.name))

    def set_target(self, name: str, target: TargetState, origin: int | None) -> None:
        """Pause, resume or stop."""
        record = self.store.records[name]
        previous = record.target
        task_configs = () if target == "STOPPED" else record.task_configs
        self.store.put(replace(record, target=target, task_configs=task_configs, epoch=record.epoch + 1), origin)
        self.store.write("target-state", name, target)
        if target == "STOPPED" or (target == "RUNNING" and previous == "STOPPED"):
            self._rebalance()
        if target == "STOPPED":
            self._later(name, self.timing.target_state / 2, self._lose_tasks)
        if target == "RUNNING" and previous == "STOPPED":
            self._start_connector(name, tasks_too=True)
        else:
            self._later(name, self.timing.target_state, self._reach_target)

    def restart(self, name: str, connector: bool, tasks: Sequence[int]) -> None:
        """Restart the connector instance and/or some tasks."""
        self._later(name, self.timing.restarting, lambda record: self._mark_restarting(record, connector, tasks))
        if connector:
            self._later(name, self.timing.restarted, lambda record: self._start_instance(record.name))
        if tasks:
            self._later(name, self.timing.restarted, lambda record: self._start_tasks(record.name, tasks))

    def set_offsets(self, name: str, offsets: Sequence[Offset]) -> None:
        self.store.edit(name, offsets=tuple(offsets))

    def reassign(self, departed: str) -> None:
        """Assign the work of the departed worker `departed` to the others, as a cluster does when its delay has
        expired.
        """
        self._rebalance()
        for record in list(self.store.records.values()):
            status = self._move(record.status, departed) if record.status else None
            tasks = {index: self._move(task, departed) for index, task in record.tasks.items()}
            if (status, tasks) != (record.status, record.tasks):
                self.store.edit(record.name, status=status, tasks=tasks)

    # Later effects

    def _start_connector(self, name: str, tasks_too: bool) -> None:
        """Start the instance (again); then generate its tasks, and start those that changed."""
        self._later(name, self.timing.connector_status, lambda record: self._start_instance(record.name))
        self._later(name, self.timing.task_configs, self._generate_tasks)
        if tasks_too:
            self._later(name, self.timing.task_status, lambda record: self._start_tasks(record.name, None))

    def _generate_tasks(self, record: ConnectorRecord) -> None:
        if record.target != "RUNNING" or record.config is None:
            return
        plugin = self._plugin(record.config)
        task_configs = plugin.task_configs(record.config) if plugin else ()
        if task_configs != record.task_configs:
            self.store.edit(record.name, task_configs=task_configs)
            self._rebalance()

    def _start_instance(self, name: str) -> None:
        record = self.store.records[name]
        worker = record.status.worker_id if record.status and record.status.worker_id in self.worker_ids() else ""
        status = Status(record.target, worker or self._worker(), version=self._version(record))
        trace = record.sticky_failures.get(None)
        if trace is not None and record.target == "RUNNING":
            status = replace(status, state="FAILED", trace=trace)
        self.store.edit(name, status=status)
        failure = self._failure(record)
        if failure is not None and failure.of_connector and record.target == "RUNNING":
            self._later(name, failure.delay, lambda record: self.fail(record.name, None, failure.trace))

    def _start_tasks(self, name: str, which: Sequence[int] | None) -> None:
        """Start these tasks, or all (None). Removes the statuses of tasks that no longer exist."""
        record = self.store.records[name]
        if which is None and record.target == "PAUSED":
            return
        started = range(len(record.task_configs)) if which is None else which
        kept = {} if which is None else dict(record.tasks)
        version = self._version(record)
        for index in started:
            old = record.tasks.get(index)
            worker = old.worker_id if old and old.worker_id in self.worker_ids() else self._worker()
            trace = record.sticky_failures.get(index, "")
            kept[index] = Status("FAILED" if trace else record.target, worker, trace, version)
        self.store.edit(name, tasks=kept)
        failure = self._failure(record)
        if failure is not None and not failure.of_connector and record.target == "RUNNING":
            for index in started:
                self._fail_later(name, failure.delay, index, failure.trace)

    def _fail_later(self, name: str, delay: float, task: int, trace: str) -> None:
        self._later(name, delay, lambda record: self.fail(record.name, task, trace))

    def fail(self, name: str, task: int | None, trace: str) -> None:
        """Fail the connector itself (task None) or one of its tasks with `trace`."""
        record = self.store.records[name]
        old = record.status if task is None else record.tasks.get(task)
        if old is None:
            return
        failed = replace(old, state="FAILED", trace=trace)
        if task is None:
            self.store.edit(name, status=failed)
        else:
            self.store.edit(name, tasks={**record.tasks, task: failed})

    def _reach_target(self, record: ConnectorRecord) -> None:
        """Apply the target state. Failed instances and tasks stay failed, unless the connector is stopped."""
        if record.status is None:
            self._start_instance(record.name)
            record = self.store.records[record.name]
        status, tasks = record.status, record.tasks
        if status is not None and (status.state != "FAILED" or record.target == "STOPPED"):
            status = replace(status, state=record.target, trace="", version=self._version(record))
        if record.target == "STOPPED":
            tasks = {}
        else:
            tasks = {
                index: task if task.state == "FAILED" else replace(task, state=record.target)
                for index, task in tasks.items()
            }
        self.store.edit(record.name, status=status, tasks=tasks)
        if record.target == "RUNNING":
            before = record.task_configs
            self._generate_tasks(self.store.records[record.name])
            now = self.store.records[record.name].task_configs
            if now != before or len(now) != len(record.tasks):
                self._later(record.name, self.timing.task_status, lambda record: self._start_tasks(record.name, None))

    def _mark_restarting(self, record: ConnectorRecord, connector: bool, tasks: Sequence[int]) -> None:
        status = replace(record.status, state="RESTARTING", trace="") if record.status and connector else record.status
        marked = {
            index: replace(task, state="RESTARTING", trace="") if index in tasks else task
            for index, task in record.tasks.items()
        }
        self.store.edit(record.name, status=status, tasks=marked)

    def _lose(self, record: ConnectorRecord) -> None:
        if record.status is not None:
            self.store.edit(record.name, status=Status("UNASSIGNED", record.status.worker_id))
        self._lose_tasks(self.store.records[record.name])

    def _lose_tasks(self, record: ConnectorRecord) -> None:
        lost: Mapping[int, Status] = {
            index: Status("UNASSIGNED", task.worker_id) for index, task in record.tasks.items()
        }
        self.store.edit(record.name, tasks=lost)

    # Helpers

    def _move(self, status: Status, departed: str) -> Status:
        return replace(status, worker_id=self._worker()) if status.worker_id == departed else status

    def _later(self, name: str, delay: float, event: Callable[[ConnectorRecord], None]) -> None:
        """Schedule `event` for the connector. It is skipped if a newer request has replaced it."""
        epoch = self.store.records[name].epoch

        def happen() -> None:
            record = self.store.records.get(name)
            if record is not None and record.epoch == epoch:
                event(record)

        self.store.after(delay, happen)

    def _plugin(self, config: Config) -> Plugin | None:
        return self.catalog.connector(config.get("connector.class", ""))

    def _version(self, record: ConnectorRecord) -> str | None:
        plugin = self._plugin(record.config or {})
        return plugin.version if plugin else None

    def _failure(self, record: ConnectorRecord) -> Failure | None:
        plugin = self._plugin(record.config or {})
        return failure_of(plugin.name, record.config or {}) if plugin else None

    def _worker(self) -> str:
        """Return the next worker in turn, which is close enough to Connect's even distribution."""
        workers = self.worker_ids()
        return workers[next(self._turn) % len(workers)] if workers else ""

    def _rebalance(self) -> None:
        self.rebalances += 1
        self.on_rebalance()
