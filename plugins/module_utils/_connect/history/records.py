# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The records of the config topic and the status topic, decoded. Pure.

Workers write them with KafkaConfigBackingStore and KafkaStatusBackingStore: keys are text, values are JSON without a schema. What
does not have their form raises MalformedRecord, so that the caller can count it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple, Union

from ..config import scalar_text
from .times import LATEST

Reason = Literal["no_time", "key_is_no_text", "unknown_key", "value_is_no_json", "unexpected_value"]

NO_TASK = -1
"""In place of a task's number: the record is about the connector itself."""

DESTROYED = "DESTROYED"
"""Connect's own name for a status that was removed. Such a status is written as a tombstone."""

_LARGEST_INT = 2**31 - 1
_CACHED_KEYS = 10_000
"""A status topic has each key many times."""


class MalformedRecord(ValueError):
    """A record that no worker writes. `reason` is part of the interface (`topics[].malformed`)."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class ConfigRecord(NamedTuple):
    """A connector's configuration; None for a tombstone, so the connector was deleted."""

    time: int
    offset: int
    connector: str
    config: Mapping[str, str] | None


class TargetStateRecord(NamedTuple):
    """The requested run state: RUNNING, PAUSED or STOPPED; empty for a tombstone."""

    time: int
    offset: int
    connector: str
    state: str


class TaskCountRecord(NamedTuple):
    """The number of tasks whose configurations are in effect from here on; None for a tombstone."""

    time: int
    offset: int
    connector: str
    tasks: int | None


class RestartRecord(NamedTuple):
    """A request to restart a connector together with tasks (KIP-745). All other restarts leave no record."""

    time: int
    offset: int
    connector: str
    include_tasks: bool
    only_failed: bool


ConfigTopicRecord = Union[ConfigRecord, TargetStateRecord, TaskCountRecord, RestartRecord]


class StatusRecord(NamedTuple):
    """The state of a connector (`task` NO_TASK) or task, and the worker that wrote it in this generation of the group.

    `cause` is the one-line cause of a failure. A tombstone has the state DESTROYED and nothing else; `generation` is then -1.
    """

    time: int
    connector: str
    task: int
    state: str
    worker: str = ""
    generation: int = -1
    cause: str = ""


# Session keys are credentials: their values are never decoded. Task configurations repeat that of their connector.
_NOT_READ = ("task-", "tasks-fencing-", "logger-cluster-")
_SESSION_KEY = "session-key"
_TASK = re.compile(r"(?P<connector>.+)-(?P<task>[0-9]{1,9})", re.DOTALL)
_TARGET_STATES = {"STARTED": "RUNNING", "PAUSED": "PAUSED", "STOPPED": "STOPPED"}
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def decode_config(time: int, offset: int, key: bytes | None, value: bytes | None) -> ConfigTopicRecord | None:
    """Return a record of the config topic, None for one that holds nothing of interest here. Raises MalformedRecord."""
    text = _key(key)
    for prefix, decode in _DECODERS.items():
        if text.startswith(prefix):
            name = text[len(prefix) :]
            if not name:
                raise MalformedRecord("unknown_key")
            return decode(_time(time), offset, name, None if value is None else _object(value))
    if text != _SESSION_KEY and not text.startswith(_NOT_READ):
        raise MalformedRecord("unknown_key")
    return None


def _config(time: int, offset: int, name: str, value: Mapping[str, Any] | None) -> ConfigRecord:
    if value is None:
        return ConfigRecord(time, offset, name, None)
    properties = value.get("properties")
    if not isinstance(properties, dict):
        raise MalformedRecord("unexpected_value")
    config: dict[str, str] = {}
    for key, entry in properties.items():
        # For a worker, null is the same as a key that is not set.
        if entry is None:
            continue
        text = scalar_text(entry)
        if text is None:
            raise MalformedRecord("unexpected_value")
        config[key] = text
    return ConfigRecord(time, offset, name, config)


def _target_state(time: int, offset: int, name: str, value: Mapping[str, Any] | None) -> TargetStateRecord:
    if value is None:
        return TargetStateRecord(time, offset, name, "")
    # Workers before 3.5 read only "state", where a stopped connector is PAUSED.
    state = value.get("state.v2", value.get("state"))
    if not isinstance(state, str) or state not in _TARGET_STATES:
        raise MalformedRecord("unexpected_value")
    return TargetStateRecord(time, offset, name, _TARGET_STATES[state])


def _task_count(time: int, offset: int, name: str, value: Mapping[str, Any] | None) -> TaskCountRecord:
    return TaskCountRecord(time, offset, name, None if value is None else _number(value.get("tasks"), 0))


def _restart(time: int, offset: int, name: str, value: Mapping[str, Any] | None) -> RestartRecord | None:
    if value is None:
        return None
    flags = value.get("include-tasks", False), value.get("only-failed", False)
    if not all(isinstance(flag, bool) for flag in flags):
        raise MalformedRecord("unexpected_value")
    return RestartRecord(time, offset, name, *flags)


_DECODERS: Mapping[str, Callable[[int, int, str, Mapping[str, Any] | None], ConfigTopicRecord | None]] = {
    "connector-": _config,
    "target-state-": _target_state,
    "commit-": _task_count,
    "restart-connector-": _restart,
}


class StatusKey(NamedTuple):
    """What a status is about."""

    connector: str
    task: int


@lru_cache(maxsize=_CACHED_KEYS)
def status_key(key: bytes | None) -> StatusKey | None:
    """Return what a record of the status topic is about, None for the use of a topic. Raises MalformedRecord."""
    text = _key(key)
    if text.startswith("status-task-"):
        parts = _TASK.fullmatch(text, len("status-task-"))
        if parts is not None and int(parts["task"]) <= _LARGEST_INT:
            return StatusKey(parts["connector"], int(parts["task"]))
    elif text.startswith("status-connector-") and len(text) > len("status-connector-"):
        return StatusKey(text[len("status-connector-") :], NO_TASK)
    elif text.startswith("status-topic-"):
        return None
    raise MalformedRecord("unknown_key")


def decode_status(
    time: int, key: StatusKey, value: bytes | None, cause_of: Callable[[str, str], str] = lambda _name, trace: trace
) -> StatusRecord:
    """Return the status. Raises MalformedRecord. `cause_of`: the cause from the connector's name and its stack trace."""
    if value is None:
        return StatusRecord(_time(time), key.connector, key.task, DESTROYED)
    found = _object(value)
    state, worker, trace = found.get("state"), found.get("worker_id"), found.get("trace")
    if not isinstance(state, str) or not state or not isinstance(worker, str) or not isinstance(trace, str | None):
        raise MalformedRecord("unexpected_value")
    generation = _number(found.get("generation"), -1)
    cause = cause_of(key.connector, trace) if trace else ""
    return StatusRecord(_time(time), key.connector, key.task, state, worker, generation, cause)


def is_of_config_topic(key: bytes | None) -> bool:
    """Whether a record with this key belongs into a config topic."""
    try:
        text = _key(key)
    except MalformedRecord:
        return False
    return text == _SESSION_KEY or text.startswith((*_DECODERS, *_NOT_READ))


def is_of_status_topic(key: bytes | None) -> bool:
    """Whether a record with this key belongs into a status topic."""
    try:
        status_key(key)
    except MalformedRecord:
        return False
    return True


def _time(time: int) -> int:
    if not 0 <= time <= LATEST:
        raise MalformedRecord("no_time")
    return time


def _key(key: bytes | None) -> str:
    try:
        return (key or b"").decode()
    except UnicodeDecodeError:
        raise MalformedRecord("key_is_no_text") from None


def _object(value: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(value.decode())
    except (ValueError, RecursionError):
        raise MalformedRecord("value_is_no_json") from None
    if not isinstance(found, dict):
        raise MalformedRecord("unexpected_value")
    # Half a character can't be written to any file or terminal.
    return _without_surrogates(found) if b"\\u" in value or b"\xed" in value else found


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(entry) for key, entry in value.items()}
    return [_without_surrogates(entry) for entry in value] if isinstance(value, list) else value


def _number(value: object, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _LARGEST_INT:
        raise MalformedRecord("unexpected_value")
    return value
