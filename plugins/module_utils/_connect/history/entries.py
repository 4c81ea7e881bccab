# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From events, summaries and past states to the fields of a result. Secrets are masked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import on_a_line
from ..masked import MASK
from ..run import counted
from ..secret_keys import is_secret
from ..secrets import mask_config, mask_text
from ..triage.diagnosis import diagnose
from .as_of import Compacted, ConnectorThen
from .model import Event, Move
from .read import ReadTopic
from .records import NO_TASK
from .summaries import ConnectorSummary, FailureAfterChange, Summarizer
from .times import shown_clock, shown_duration, shown_time

Entry = dict[str, Any]
Secrets = Mapping[str, frozenset[str]]

MOST_KEYS = 3
"""Keys that a message names."""

_REQUESTS = {"RUNNING": "resumed", "PAUSED": "paused", "STOPPED": "stopped"}
"""What a request for a run state did, by the state."""

LONGEST_VALUE = 120
"""Characters of a value in a message."""


def event_entry(event: Event, secrets: Secrets) -> Entry:
    """One of `events`. Fields that do not apply, or are unknown, are left out."""
    entry: Entry = {"time": shown_time(event.time), "kind": event.kind}
    texts = {
        "connector": event.connector,
        "state": event.state,
        "previous_state": event.previous_state,
        "worker": event.worker,
        "previous_worker": event.previous_worker if event.previous_worker != event.worker else "",
        "cause": event.cause,
    }
    numbers = {
        "task": event.task,
        "tasks": event.tasks,
        "previous_tasks": event.previous_tasks,
        "generation": event.generation,
        "previous_generation": event.previous_generation,
        "include_tasks": event.include_tasks,
        "only_failed": event.only_failed,
    }
    entry.update({name: text for name, text in texts.items() if text})
    entry.update({name: number for name, number in numbers.items() if number is not None})
    if event.kind in ("config_created", "config_changed"):
        entry["changed_keys"] = event.changed_keys
        entry["changes"] = list(_changes(event, secrets.get(event.connector, frozenset())))
    if event.kind == "rebalance":
        entry["rebalances"] = event.steps
        entry["moved"] = [_move_entry(move) for move in event.moved]
        entry["workers_joined"] = sorted(event.joined)
        entry["workers_left"] = sorted(event.left)
    entry["message"] = _message(event, entry.get("changes", ()))
    return entry


def _changes(event: Event, secrets: frozenset[str]) -> Iterator[Entry]:
    before, after = event.before or {}, event.after or {}
    shown_before, shown_after = mask_config(before), mask_config(after)
    for key in event.changed_keys:
        values = [
            _shown(key, config, shown, secrets) for config, shown in ((before, shown_before), (after, shown_after))
        ]
        yield {"key": key, "before": values[0], "after": values[1]}


def _shown(key: str, config: Mapping[str, str], shown: Mapping[str, str], secrets: frozenset[str]) -> str | None:
    """The masked value. A secret of one key may be a part of the value of another."""
    if key not in config:
        return None
    return shown[key] if is_secret(key, config[key]) else mask_text(shown[key], secrets)


def _move_entry(move: Move) -> Entry:
    entry: Entry = {"connector": move.connector}
    if move.task != NO_TASK:
        entry["task"] = move.task
    return {**entry, "previous_worker": move.previous_worker, "worker": move.worker}


def _message(event: Event, changes: Iterable[Entry]) -> str:
    subject = _subject(event)
    if event.kind == "rebalance":
        return _rebalance_message(event)
    if event.kind == "config_created":
        return f"{subject} created"
    if event.kind == "config_deleted":
        return f"{subject} deleted"
    if event.kind == "config_changed":
        return f"{subject} changed: {_keys_message(list(changes))}"
    if event.kind == "compacted":
        return f"{subject} created or changed: the previous configuration was compacted, so what changed is unknown"
    if event.kind == "target_state_changed":
        return f"{subject} {_REQUESTS[event.state]} by request"
    if event.kind == "tasks_changed":
        before = "" if event.previous_tasks is None else f" instead of {event.previous_tasks}"
        return f"{subject} has {counted(event.tasks or 0, 'task')}{before}"
    if event.kind == "restart_requested":
        scope = "failed parts" if event.only_failed else "connector"
        return f"{subject}: restart of the {scope} requested" + (" with its tasks" if event.include_tasks else "")
    moved = f" (before: {event.previous_worker})" if event.previous_worker not in ("", event.worker) else ""
    place = f" on {event.worker}{moved}" if event.worker else ""
    return f"{subject} {event.state}{place}" + (f": {event.cause}" if event.cause else "")


def _subject(event: Event) -> str:
    name = f'connector "{on_a_line(event.connector)}"'
    return name if event.task is None else f"{name}: task {event.task}"


def _keys_message(changes: list[Entry]) -> str:
    if not changes:
        return "written again with the same keys and values"
    texts = [
        f"{on_a_line(change['key'])} {_value_message(change['before'])} -> {_value_message(change['after'])}"
        for change in changes[:MOST_KEYS]
    ]
    more = len(changes) - len(texts)
    return ", ".join(texts) + (f" and {counted(more, 'more key')}" if more else "")


def _value_message(value: str | None) -> str:
    if value is None:
        return "(not set)"
    return (
        value
        if value == MASK
        else f'"{on_a_line(value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "...")}"'
    )


def _rebalance_message(event: Event) -> str:
    if event.is_reset:
        began = f"the group counts from generation {event.generation} again"
    elif event.steps == 1:
        began = f"rebalance, generation {event.generation}"
    else:
        began = f"{event.steps} rebalances, up to generation {event.generation}"
    moves = [f"{_move_message(move)} from {move.previous_worker} to {move.worker}" for move in event.moved[:MOST_KEYS]]
    more = len(event.moved) - len(moves)
    parts = [began, *moves, *([f"{more} more moved"] if more else [])]
    parts += [f"{worker} has work again" for worker in sorted(event.joined)]
    parts += [f"{worker} has no work any more" for worker in sorted(event.left)]
    return "; ".join(parts)


def _move_message(move: Move) -> str:
    name = f'"{on_a_line(move.connector)}"'
    return f"connector {name}" if move.task == NO_TASK else f"task {move.task} of {name}"


def summaries_entry(summary: Summarizer) -> Entry:
    """The field `summaries`."""
    return {
        "connectors": [_connector_summary(found) for found in summary.connectors()],
        "rebalances": {
            "count": summary.rebalances,
            "per_hour": round(summary.rebalances_per_hour, 2),
            "most_in_an_hour": summary.most_rebalances_in_an_hour,
            "first": _optional_time(summary.first_rebalance),
            "last": _optional_time(summary.last_rebalance),
        },
        "failures_after_changes": [_failure_after_change(found) for found in summary.failures_after_changes],
    }


def _connector_summary(summary: ConnectorSummary) -> Entry:
    between = summary.milliseconds_between_failures
    entry: Entry = {
        "name": summary.name,
        "failures": summary.failures,
        "first_failure": _optional_time(summary.first_failure),
        "last_failure": _optional_time(summary.last_failure),
        "seconds_between_failures": None if between is None else between / 1000,
        "causes": [
            {"cause": cause, "count": count} | _diagnosis(cause)
            for cause, count in summary.causes.most_common(MOST_KEYS)
        ],
        "longest_unassigned": None,
    }
    longest = summary.longest_unassigned
    if longest is not None:
        entry["longest_unassigned"] = {
            "task": None if longest.task == NO_TASK else longest.task,
            "since": shown_time(longest.since),
            "until": _optional_time(longest.until),
            "seconds": longest.milliseconds / 1000,
        }
    return entry


def _failure_after_change(found: FailureAfterChange) -> Entry:
    change, failure = found.change, found.failure
    milliseconds = failure.time - change.time
    return {
        "connector": change.connector,
        "task": failure.task,
        "change": shown_time(change.time),
        "kind": change.kind,
        "changed_keys": change.changed_keys if change.kind in ("config_created", "config_changed") else [],
        "failure": shown_time(failure.time),
        "seconds": milliseconds / 1000,
        "cause": failure.cause,
        **_diagnosis(failure.cause),
        "message": (
            f'connector "{on_a_line(change.connector)}": {_change_message(change)} at {shown_clock(change.time)}, first failure '
            f"{shown_duration(milliseconds)} later: {failure.cause or 'no stack trace'}"
        ),
    }


def _diagnosis(cause: str) -> Entry:
    found = diagnose(cause)
    return {"transience": found.transience if cause else "", "advice": found.advice}


def _change_message(change: Event) -> str:
    if change.kind == "config_changed":
        keys = change.changed_keys
        more = len(keys) - MOST_KEYS
        shown = ", ".join(map(on_a_line, keys[:MOST_KEYS])) + (f" and {counted(more, 'more key')}" if more > 0 else "")
        return f"changed {shown}" if keys else "written again without a change"
    if change.kind == "target_state_changed":
        return _REQUESTS[change.state]
    return "created" if change.kind == "config_created" else "created or changed"


def compacted_entry(found: Compacted) -> Entry:
    """One of `compacted`."""
    what = {
        "config": "the configuration",
        "target_state": "the requested state",
        "tasks": "the number of tasks",
        "state": "a state of it or of its tasks",
    }[found.what]
    since = "" if found.known_since is None else f" before {shown_clock(found.known_since)}"
    return {
        "connector": found.connector,
        "what": found.what,
        "known_since": _optional_time(found.known_since),
        "message": f'connector "{on_a_line(found.connector)}": {what}{since} may have been compacted away, so it is unknown',
    }


def connector_then_entry(then: ConnectorThen, secrets: frozenset[str]) -> Entry:
    """One of `connectors`."""
    status = then.status
    causes = [one.cause for one in (status, *then.statuses.values()) if one is not None and one.cause]
    config = None
    if then.config is not None:
        shown = mask_config(then.config)
        config = {key: _shown(key, then.config, shown, secrets) for key in sorted(then.config)}
    return {
        "name": then.name,
        "config": config,
        "target_state": then.target_state,
        "state": status.state if status is not None else "",
        "worker_id": status.worker if status is not None else "",
        "tasks": [{"id": task, "state": one.state, "worker_id": one.worker} for task, one in then.statuses.items()],
        "task_count": then.tasks,
        "cause": causes[0] if causes else "",
        **_diagnosis(causes[0] if causes else ""),
        "deleted_since": then.is_deleted,
    }


def topic_entry(topic: ReadTopic, role: str) -> Entry:
    """One of `topics`."""
    return {
        "name": topic.name,
        "role": role,
        "records": topic.records,
        "bytes": topic.bytes,
        "complete_since": _optional_time(topic.complete_since),
        "malformed": dict(sorted(topic.malformed.items())),
    }


def malformed_warning(topic: ReadTopic) -> str:
    """A warning about records that no worker writes; empty if there are none."""
    if topic.first_malformed is None:
        return ""
    partition, offset = topic.first_malformed
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(topic.malformed.items()))
    number = counted(sum(topic.malformed.values()), "record")
    return f"topic {topic.name}: skipped {number} that no worker writes ({reasons}), the first one at partition {partition}, offset {offset}"


def incomplete_warning(topic: ReadTopic, time: int) -> str:
    """A warning about a past state before which compaction has removed records; empty if nothing is missing."""
    if topic.complete_since is None or time >= topic.complete_since:
        return ""
    return (
        f"topic {topic.name} is complete only since {shown_clock(topic.complete_since)}: connectors that existed at that time and were "
        "deleted since may be missing"
    )


def _optional_time(time: int | None) -> str | None:
    return None if time is None else shown_time(time)
