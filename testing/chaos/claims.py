# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules 1 and 2: a run reports exactly what it achieved, and the correct reason for everything else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .config_topic import Stored
from .evidence import GRACE, Evidence, Run, Wish, shows

OVERTAKEN = re.compile(r"meanwhile|another (?:user|run)|overwr|overtak|drift", re.IGNORECASE)
"""Words with which a run reports concurrent changes."""

_STATES = {"pause": "PAUSED", "resume": "RUNNING", "stop": "STOPPED"}


def truthful(evidence: Evidence, run: Run) -> Iterator[str]:
    """Rule 1: when the run ends, every connector is in the desired state, or the result names it with the correct reason."""
    if run.journal is not None:
        yield from _journalled(evidence, run)
    if run.result is None:
        return
    if run.result.get("failed"):
        for text in evidence.must_say:
            if text not in str(run.result.get("msg")):
                yield f"1: {run.name} failed, and its message does not name {text}"
    if run.failed_as_a_whole:
        yield from _whole_failure(evidence, run)
        return
    for name, wish in run.wishes.items():
        entry = run.entries.get(name, {})
        if entry.get("failed"):
            yield from _reasons(evidence, run, name, entry)
            continue
        lately = evidence.bases(name, run.ended - GRACE, run.ended)
        if not any(wish.granted(stored) for stored in lately):
            yield f"1: {run.name} reports that {name} is in the desired state, but {_difference(wish, lately[-1])}"
        else:
            yield from _shown(evidence, run, name, wish)


def _whole_failure(evidence: Evidence, run: Run) -> Iterator[str]:
    result = run.result or {}
    if not str(result.get("msg", "")).strip() or not result.get("error", {}).get("kind"):
        yield f"1: {run.name} failed without a reason"
    for name in run.wishes:
        if evidence.surely_own(run, name):
            yield f"1: {run.name} wrote {name}, failed, and its result does not name it"


def _journalled(evidence: Evidence, run: Run) -> Iterator[str]:
    """An interrupted run leaves only its journal: it must record each write that was sent, and no other."""
    sent = {one.connector for one in run.exchanges if one.writes}
    for name in sorted(sent - run.journalled("begun")):
        yield f"1: {run.name} sent a write of {name}, which its journal does not record as begun"
    for name in sorted(sent & run.journalled("not_begun")):
        yield f"1: {run.name} sent a write of {name}, which its journal records as not begun"
    for name in sorted(run.journalled("written")):
        if not _written(evidence, run, name):
            yield f"1: the journal of {run.name} records that {name} was written, but the config topic has no record of it"


def _reasons(evidence: Evidence, run: Run, name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """Violations in the reason that the run reports for a failed connector."""
    kind, outcome = entry.get("error_kind"), entry.get("outcome")
    elapsed = run.ended - run.started
    if name not in str(entry.get("error", "")):
        yield f"1: the error of {name} does not name it: {entry.get('error')!r}"
    if kind == "internal_error":
        yield f"1: {name} failed because of a bug in the collection: {entry.get('error')}"
    failed = any("FAILED" in (view.state, *view.tasks) for view in _views(evidence, name))
    overtaken = bool(evidence.others(run, name))
    if kind == "drift" and not overtaken:
        yield f"1: {run.name} reports that another user or run changed {name}, but none did"
    if kind == "connector_failed" and not failed and not overtaken:
        yield f"1: {run.name} reports that {name} has failed, but no worker shows that, and no other run or user wrote it"
    if kind == "wait_timeout" and elapsed < run.wait_timeout:
        yield f"1: {run.name} reports a timeout for {name}, but ended after {elapsed:.0f} s"
    if kind == "cancelled" and run.signaled is None and elapsed < 0.9 * run.run_timeout:
        yield f"1: {run.name} reports that run_timeout expired before {name}, but ended after {elapsed:.0f} s"
    if kind == "not_begun" and run.writes(name):
        yield f"1: {run.name} reports that {name} was not begun, but sent {run.writes(name)[0].method}"
    if outcome == "not_done" and len(entry.get("actions", ())) == 1 and evidence.surely_own(run, name):
        yield f"1: {run.name} reports that {name} was not written, but the config topic has its record"
    if outcome == "done" and entry.get("actions") and not _written(evidence, run, name):
        yield f"1: {run.name} reports that {name} was written, but the config topic has no record of it"


def _shown(evidence: Evidence, run: Run, name: str, wish: Wish) -> Iterator[str]:
    """Once the cluster is stable, each worker must show what the run wrote, unless another run or user changed it later."""
    last = evidence.stored_at(name, float("inf"))
    if wish.config is None:
        if last.config is None and _views(evidence, name):
            yield f"1: {name} is deleted, but a worker still shows it"
        return
    if not wish.granted(last):
        return
    for worker, views in evidence.views.items():
        view = views.get(name)
        if view is None or view.config is None or dict(view.config) != dict(wish.config):
            yield f"1: {run.name} reports that {name} is in the desired state, but {worker} shows another config"
        elif not view.works(wish.state or last.state):
            yield (
                f"1: {run.name} reports that {name} is in the desired state, but {worker} shows {view.state} with tasks "
                f"{', '.join(view.tasks) or 'none'}"
            )


def accurate_changes(evidence: Evidence, run: Run) -> Iterator[str]:
    """Rule 2: changed, action and changed_keys agree with the records written during the run."""
    if run.result is None or run.failed_as_a_whole:
        return
    entries = run.entries
    if bool(run.result.get("changed")) != any(entry.get("changed") for entry in entries.values()):
        yield f"2: {run.name}: changed is {run.result.get('changed')}, which contradicts its entries"
    for name in {*run.wishes, *run.purges, *entries}:
        entry = entries.get(name, {})
        if not entry.get("changed"):
            yield from _untouched(evidence, run, name)
        elif not entry.get("failed"):
            yield from _did(evidence, run, name, entry)
            yield from _overwrote(evidence, run, name)


def _untouched(evidence: Evidence, run: Run, name: str) -> Iterator[str]:
    accepted = [one for one in run.writes(name) if 200 <= one.worker_status < 300]
    if accepted:
        yield f"2: {run.name} reports {name} unchanged, but a worker accepted its {accepted[0].method} {accepted[0].path}"
    elif evidence.surely_own(run, name):
        yield f"2: {run.name} reports {name} unchanged, but the config topic has its record"


def _did(evidence: Evidence, run: Run, name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    actions, own, wish = list(entry.get("actions", ())), evidence.own(run, name), run.wishes.get(name)
    configs = [record.properties for record in own if record.kind == "connector" and record.properties is not None]
    is_deleted = any(record.kind == "connector" and record.value is None for record in own)
    states = {record.state for record in own if record.kind == "target-state"}
    if entry.get("action") not in actions:
        yield f"2: {run.name}: action {entry.get('action')} of {name} is not among its actions {actions}"
    for action in actions:
        missing = {
            "create": wish is None or wish.config not in configs,
            "update": wish is None or wish.config not in configs,
            "delete": not is_deleted,
            "restart": not any(one.restarts for one in run.writes(name)),
        }.get(action, _STATES.get(action) not in states)
        if missing:
            yield f"2: {run.name} reports {action} of {name}, but there is no record of that"
    for record in evidence.surely_own(run, name):
        fitting = {
            "connector": {"delete"} if record.value is None else {"create", "update"},
            "target-state": {"delete"} if record.value is None else {"create", *_STATES},
        }.get(record.kind, {"restart"})
        if not fitting & set(actions):
            yield f"2: {run.name} wrote a {record.kind} record of {name}, but reports only {actions}"
    if {"create", "update"} & set(actions) and wish is not None and wish.config is not None:
        yield from _keys(evidence, run, name, entry)


def _keys(evidence: Evidence, run: Run, name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """The reported changed keys are the differences between the desired config and a config that was stored before."""
    wish = run.wishes[name].config or {}
    written = [record.timestamp for record in evidence.own(run, name) if record.properties == wish]
    bases = evidence.bases(name, run.started, written[0] if written else run.ended)
    possible = [_differing(base.config or {}, wish) for base in bases]
    told = set(entry.get("changed_keys", ())) - {"name"}
    if told not in possible:
        yield f"2: {run.name} reports changed keys {sorted(told)} of {name}, but the keys that changed are {sorted(possible[-1])}"
    if "create" in entry.get("actions", ()) and all(base.config is not None for base in bases):
        yield f"2: {run.name} reports that {name} was created, but it already existed"


def _overwrote(evidence: Evidence, run: Run, name: str) -> Iterator[str]:
    """A run must report it if it overwrites a change that another run or user made between its plan and its last snapshot.

    The plan rests on the last snapshot before the first validation. A run cannot know what no snapshot shows, because
    Connect has no conditional write.
    """
    wish, own, writes = run.wishes.get(name), evidence.surely_own(run, name), run.writes(name)
    if wish is None or not own or not writes:
        return
    snapshots = [
        one for one in run.exchanges if one.reads_snapshot and one.status == 200 and one.ended < writes[-1].sent
    ]
    validated = min((one.sent for one in run.exchanges if one.validates), default=0.0)
    planned_on = [one for one in snapshots if one.ended < validated][-1:] or snapshots[:1]
    for record in evidence.others(run, name):
        differs = record.properties != wish.config if record.kind == "connector" else record.state != wish.state
        news = any(shows(snapshot, record) for snapshot in snapshots[-1:]) and not any(
            shows(snapshot, record) for snapshot in planned_on
        )
        overwritten = record.kind == own[-1].kind and record.offset < own[-1].offset
        if overwritten and differs and news and not _says_overtaken(run, name):
            yield f"2: {run.name} overwrote a change that another run or user made to {name}, and does not report it"


def _says_overtaken(run: Run, name: str) -> bool:
    return any(name in line and OVERTAKEN.search(line) for line in run.remarks.splitlines())


def _views(evidence: Evidence, name: str) -> list[Any]:
    return [views[name] for views in evidence.views.values() if name in views]


def _written(evidence: Evidence, run: Run, name: str) -> bool:
    return bool(evidence.own(run, name)) or any(one.restarts for one in run.writes(name))


def _difference(wish: Wish, stored: Stored) -> str:
    if wish.config is None or stored.config is None:
        return f"it {'exists' if stored.config is not None else 'does not exist'}"
    keys = sorted(_differing(stored.config, wish.config))
    return f"these differ: {', '.join(keys)}" if keys else f"its target state is {stored.state}, not {wish.state}"


def _differing(previous: Mapping[str, str], desired: Mapping[str, str]) -> set[str]:
    return {key for key in {*previous, *desired} - {"name"} if previous.get(key) != desired.get(key)}
