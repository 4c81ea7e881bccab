# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lifecycle of some connectors as tasks, which run on each server in each run mode of the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from testing.ansible_runs import task

Options = Mapping[str, Any]
Task = dict[str, Any]

CHECK, RUN, AGAIN = "check", "run", "again"


@dataclass(frozen=True)
class Site:
    """The input of the tasks: the workers, a prefix for the names of all connectors, a folder for files."""

    urls: list[str]
    prefix: str
    folder: str
    kafka_cluster_id: str

    def name(self, short: str) -> str:
        return f"{self.prefix}-{short}"

    def source(self, short: str, **more: Any) -> dict[str, Any]:
        """The config of a file source with one task."""
        return {
            "connector.class": "FileStreamSource",
            "tasks.max": 1,
            "topic": self.name(short),
            "file": f"{self.folder}/in.txt",
            **more,
        }

    def failing(self) -> dict[str, Any]:
        """The config of a source whose task fails at once."""
        return {"connector.class": "MockSource", "tasks.max": 1, "mock_mode": "task-failure", "delay_ms": 0}


@dataclass(frozen=True)
class ChangeStep:
    """A task that changes something: run in check mode, then for real, then once more.

    `actions` are those of each changed connector, by its short name. `again` is the expected effect of the third run:
    "one snapshot" (nothing, in one request), "nothing" (it needs more requests to be sure), or "the same" (it is not
    idempotent).
    """

    label: str
    module: str
    options: Options
    actions: Mapping[str, list[str]]
    again: str = "one snapshot"
    changed_keys: Mapping[str, list[str]] = field(default_factory=dict)

    def tasks(self) -> Iterator[Task]:
        yield task(self.module, f"{self.label}: {CHECK}", self.options, check_mode=True, diff=True)
        yield task(self.module, f"{self.label}: {RUN}", self.options, diff=True)
        yield task(self.module, f"{self.label}: {AGAIN}", self.options, diff=True)


LEFT_OUT_OF_BRIEF = ("pause", "resume", "restart")
"""Together they leave the connectors as they were, so that the other steps have the same results in both forms."""


def changes(site: Site, *, brief: bool = False) -> list[ChangeStep]:
    """All changes of the scenario, in their order; the brief form omits some."""
    steps = [*_single_changes(site), *_state_changes(site), *_set_changes(site), *_deletions(site)]
    return [step for step in steps if not (brief and step.label in LEFT_OUT_OF_BRIEF)]


def _single_changes(site: Site) -> Iterator[ChangeStep]:
    def one(**more: Any) -> Options:
        return {"name": site.name("one"), "config": site.source("one", **more), "stable_for": 0}

    created = ["batch.size", "connector.class", "file", "name", "tasks.max", "topic"]
    yield ChangeStep(
        "create", "connector", one(**{"batch.size": 500}), {"one": ["create"]}, changed_keys={"one": created}
    )
    yield ChangeStep(
        "update", "connector", one(**{"batch.size": 700}), {"one": ["update"]}, changed_keys={"one": ["batch.size"]}
    )
    yield ChangeStep("key removed", "connector", one(), {"one": ["update"]}, changed_keys={"one": ["batch.size"]})
    yield ChangeStep("pause", "connector", {**one(), "state": "paused"}, {"one": ["pause"]})
    yield ChangeStep("resume", "connector", {**one(), "state": "running"}, {"one": ["resume"]})
    yield ChangeStep(
        "update and stop",
        "connector",
        {**one(**{"batch.size": 900}), "state": "stopped"},
        {"one": ["stop", "update"]},
        changed_keys={"one": ["batch.size"]},
    )
    yield ChangeStep(
        "create stopped",
        "connector",
        {"name": site.name("two"), "config": site.source("two"), "initial_state": "stopped", "stable_for": 0},
        {"two": ["create"]},
    )


def _state_changes(site: Site) -> Iterator[ChangeStep]:
    both = {"name": [site.name("one"), f"~{site.prefix}-tw"], "stable_for": 0}
    for label, state, action in (
        ("run both", "running", "resume"),
        ("restart", "restarted", "restart"),
        ("pause both", "paused", "pause"),
        ("stop both", "stopped", "stop"),
    ):
        again = "the same" if state == "restarted" else "one snapshot"
        touched = {short: [action] for short in ("one", "two")}
        yield ChangeStep(label, "connector_state", {**both, "state": state}, touched, again)


def _set_changes(site: Site) -> Iterator[ChangeStep]:
    def entry(short: str, **more: Any) -> dict[str, Any]:
        return {"name": site.name(short), "config": site.source(short, **more)}

    owned = {"purge": True, "purge_match": f"{site.prefix}-set-*", "stable_for": 0}
    first, second, third = entry("set-1"), entry("set-2"), entry("set-3")
    yield ChangeStep(
        "create a set",
        "connectors",
        {"connectors": [first, second, third], "batches": [1, "100%"], "stable_for": 0},
        {"set-1": ["create"], "set-2": ["create"], "set-3": ["create"]},
    )
    yield ChangeStep(
        "change a set",
        "connectors",
        {
            "connectors": [entry("set-1", **{"batch.size": 10}), {**second, "state": "paused"}, third],
            "stable_for": 0,
        },
        {"set-1": ["update"], "set-2": ["pause"]},
    )
    yield ChangeStep(
        "override, purge and delete",
        "connectors",
        {
            "connectors": [first, {"name": site.name("set-3"), "state": "absent"}],
            "overrides": [{"match": f"{site.prefix}-set-1", "config": {"batch.size": 20}}],
            **owned,
        },
        {"set-1": ["update"], "set-2": ["delete"], "set-3": ["delete"]},
        again="nothing",
    )


def _deletions(site: Site) -> Iterator[ChangeStep]:
    yield ChangeStep(
        "delete", "connector", {"name": site.name("two"), "state": "absent"}, {"two": ["delete"]}, "nothing"
    )
    yield ChangeStep(
        "delete the rest",
        "connectors",
        {"connectors": [{"name": site.name(short), "state": "absent"} for short in ("one", "set-1", "failing")]},
        {short: ["delete"] for short in ("one", "set-1", "failing")},
        "nothing",
    )


def unchanging(site: Site) -> Iterator[Task]:
    """Tasks that change nothing, on two running connectors."""
    both = [site.name("one"), site.name("two")]
    yield task("connector_state", "restart what failed: check", _failed_only(both), check_mode=True, diff=True)
    yield task("connector_state", "restart what failed: run", _failed_only(both), diff=True)
    questions: dict[str, Options] = {
        "info": {"name": f"{site.prefix}-*"},
        "info of one": {"name": both[0], "include_config": False},
        "info of topics": {"name": both[0], "include_topics": True},
        "info of the running": {"name": f"{site.prefix}-*", "states": "running"},
        "info of the failed": {"name": f"{site.prefix}-*", "states": "failed"},
        "info of none": {"name": site.name("missing")},
    }
    for label, options in questions.items():
        yield task("connector_info", label, options)
    yield task("plugin_info", "plugins", {})
    yield task(
        "plugin_info", "plugins in full", {"name": "*FileStreamSource*", "types": "source", "include_definitions": True}
    )
    yield task("cluster_info", "cluster", {})
    yield task("cluster_info", "cluster by its id", {"kafka_cluster_id": site.kafka_cluster_id})
    yield task("cluster_info", "another cluster", {"kafka_cluster_id": "ItIsAnother"})
    yield task("cluster_health", "health", {"connectors": f"{site.prefix}-*"})
    yield task("cluster_health", "health of too few", {"min_workers": 99, "fail_on_unhealthy": True})
    yield task("cluster_health", "health that is waited for", {"connectors": both, "wait_timeout": 60, "stable_for": 1})
    always = {"timezone": "Europe/Berlin", "windows": [{"start": "00:00", "end": "24:00"}]}
    nowhere = {"source": "agents", "url": "http://127.0.0.1:1", "limit": 1}
    yield task("traffic_window", "open", always)
    yield task("traffic_window", "closed", {**always, "exclude": ["01-01/12-31"], "fail_on_closed": True})
    yield task("traffic_window", "unknown", {**always, "traffic": nowhere})
    good = {"name": site.name("one"), "config": site.source("one")}
    bad = {"name": site.name("bad"), "config": {**site.source("bad"), "batch.size": "many", "tasks.max": "none"}}
    yield task("connector_validate", "valid", {"connectors": [good]})
    yield task("connector_validate", "invalid", {"connectors": [good, bad], "fail_on_errors": False})
    yield task("connector_validate", "invalid is a failure", {"connectors": [good, bad]})
    yield task("connectors", "invalid set", {"connectors": [good, bad]})
    yield task("connector_heal", "heal without brokers", {"bootstrap_servers": "http://kafka-1:9092"})
    closed_port = {"url": "http://127.0.0.1:1"}
    yield task("schema_registry_info", "schemas of connectors without a registry", {"name": both})
    yield task(
        "schema_registry_info", "schemas of a registry that is down", {"topic": "orders", "registry": closed_port}
    )
    yield task(
        "schema_check",
        "schema for a registry that is down",
        {"topic": "orders", "schema": "{}", "registry": closed_port},
    )
    yield task("connector_state", "state of a missing connector", {"name": site.name("missing"), "state": "running"})
    yield task(
        "connectors",
        "purge over its limit",
        {"connectors": [good], "purge": True, "purge_match": f"{site.prefix}-*", "purge_limit": 0},
    )


def exporting(site: Site) -> Iterator[Task]:
    """The connectors as files, and the proof that a plan from them changes nothing."""
    export = {"name": f"{site.prefix}-*", "dest": f"{site.folder}/export"}
    yield task("connector_export", "export: check", export, check_mode=True, diff=True)
    yield task("connector_export", "export: run", export, diff=True)
    yield task("connector_export", "export: again", export, diff=True)
    yield task("connectors", "what was exported", {"src": f"{site.folder}/export"}, diff=True)


def levels(site: Site) -> Iterator[Task]:
    """Log levels of loggers that no class uses."""
    options = {"loggers": {f"com.example.{site.prefix}": "debug", f"com.example.{site.prefix}.Task": "ERROR"}}
    yield task("worker_logger", "levels: check", options, check_mode=True, diff=True)
    yield task("worker_logger", "levels: run", options, diff=True)
    yield task("worker_logger", "levels: again", options, diff=True)
    yield task(
        "worker_logger", "levels of all", {"loggers": {f"com.example.{site.prefix}": "INFO"}, "scope": "cluster"}
    )
    yield task("worker_logger", "levels that cannot be right", {"loggers": {"": "INFO", "root": "LOUD"}})


def offsets(site: Site) -> Iterator[Task]:
    """The offsets of a running source, whose file is empty."""
    name = site.name("one")

    def at(position: object) -> Options:
        partition = {"filename": f"{site.folder}/in.txt"}
        return {"name": name, "offsets": [{"partition": partition, "offset": {"position": position}}], "stable_for": 0}

    yield task("connector_offsets", "offsets: check", at(0), check_mode=True, diff=True)
    yield task("connector_offsets", "offsets: run", at(0), diff=True)
    yield task("connector_offsets", "offsets: again", at(0), diff=True)
    yield task("connector_offsets_info", "offsets of two", {"name": [name, site.name("two"), site.name("missing")]})
    yield task("connector_offsets", "offsets that the plugin refuses", at("first"), diff=True)
    yield task("connector_offsets", "offsets of a missing connector", {"name": site.name("missing"), "state": "absent"})
    yield task("connector_offsets", "offsets removed: check", _no_offsets(name), check_mode=True, diff=True)
    yield task("connector_offsets", "offsets removed: run", _no_offsets(name), diff=True)
    yield task("connector_offsets", "offsets removed: again", _no_offsets(name), diff=True)


def _no_offsets(name: str) -> Options:
    return {"name": name, "state": "absent", "stable_for": 0}


def failing(site: Site) -> Iterator[Task]:
    """A connector whose task fails: the report about it, and restarts that are requested without waiting."""
    name = site.name("failing")
    yield task("connector", "failing", {"name": name, "config": site.failing(), "stable_for": 10}, diff=True)
    yield task("connector_info", "info of the failing", {"name": name})
    restart = {**_failed_only([name]), "wait": False}
    yield task("connector_state", "restart the failing: check", restart, check_mode=True, diff=True)
    yield task("connector_state", "restart the failing: run", restart, diff=True)


def _failed_only(names: list[str]) -> Options:
    return {"name": names, "state": "restarted", "only_failed": True}


BRIEFLY_UNCHANGING = (
    "info",
    "plugins in full",
    "cluster",
    "another cluster",
    "health",
    "health of too few",
    "schemas of connectors without a registry",
    "schemas of a registry that is down",
    "schema for a registry that is down",
    "open",
    "closed",
    "valid",
    "invalid is a failure",
    "invalid set",
    "heal without brokers",
    "state of a missing connector",
)
BRIEFLY_EXPORTING = ("export: check", "export: run")
BRIEF_LEVELS = ("levels: run", "levels that cannot be right")

BRIEF_OFFSETS = ("offsets: run", "offsets of two", "offsets that the plugin refuses", "offsets removed: run")


def all_tasks(site: Site, *, brief: bool = False) -> list[Task]:
    """The whole scenario, which deletes everything it creates at its end. The brief one has a success and, where there is one,
    a failure of each module.
    """
    reported: list[Task] = []
    for step in changes(site, brief=brief):
        reported += step.tasks()
        if step.label != "run both":
            continue
        reported += [entry for entry in unchanging(site) if not brief or entry["name"] in BRIEFLY_UNCHANGING]
        reported += [entry for entry in exporting(site) if not brief or entry["name"] in BRIEFLY_EXPORTING]
        reported += [entry for entry in levels(site) if not brief or entry["name"] in BRIEF_LEVELS]
        reported += [entry for entry in offsets(site) if not brief or entry["name"] in BRIEF_OFFSETS]
        reported += failing(site)
    return reported
