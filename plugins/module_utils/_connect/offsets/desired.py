# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired offsets, as the options of a user describe them. Pure; all errors are reported at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Union

from ..errors import InputError, Problem
from ..history.times import parse_time
from ..masked import MASK, is_masked
from ..model import RUN_STATES, RunState
from ..rest.offsets import PartitionOffset

LARGEST = 2**63 - 1
"""The largest offset of Kafka."""

_WHOLE = re.compile(r"[0-9]{1,19}")
_RELATIVE = re.compile(r"[+-][0-9]{1,19}")
_FORMS = 'a number, "earliest", "latest", a time such as "2026-11-27T18:00:00Z" or "2h", or "+10" or "-10" in quotes'


class Position(NamedTuple):
    """A place in a topic's partition. `value`: an offset (absolute), records from the stored offset (relative), or milliseconds
    since the epoch (time).
    """

    kind: Literal["absolute", "earliest", "latest", "time", "relative"]
    value: int = 0


class Exact(NamedTuple):
    """A partition and its offset as the REST API shows them; offset None removes it. `origin`: the option, for messages."""

    partition: Mapping[str, Any]
    offset: Mapping[str, Any] | None
    origin: str


class OfTopic(NamedTuple):
    """Partitions of a sink's topic, by its name or a pattern. `partition` None: all; `position` None removes the offset."""

    topic: str
    partition: int | None
    position: Position | None
    origin: str


class Matching(NamedTuple):
    """The stored partitions that have all these values; texts are patterns."""

    values: Mapping[str, Any]
    origin: str


class SetOffsets(NamedTuple):
    """These partitions have these offsets. Others are left alone."""

    entries: tuple[Exact | OfTopic, ...]


class ResetOffsets(NamedTuple):
    """These partitions have no offsets. Empty: none has."""

    entries: tuple[Matching | OfTopic, ...] = ()


class FormerOffsets(NamedTuple):
    """What an earlier run has saved: these offsets and no others, and this run state."""

    name: str
    kafka_cluster_id: str
    run_state: RunState
    offsets: tuple[PartitionOffset, ...]


DesiredOffsets = Union[SetOffsets, ResetOffsets, FormerOffsets]


def parse_offsets(entries: Sequence[Any], now: int) -> SetOffsets:
    """Option `offsets`. `now`: milliseconds since the epoch. Raises InputError."""
    problems: list[Problem] = []
    parsed: list[Exact | OfTopic] = []
    for number, entry in enumerate(entries):
        origin = f"offsets[{number}]"
        try:
            parsed.append(_offset_entry(entry, origin, now))
        except InputError as error:
            problems += error.problems
    if not entries:
        problems.append(
            Problem("offsets is empty -> list partitions with their offsets, or set state: absent to reset all")
        )
    if problems:
        raise InputError(problems)
    return SetOffsets(tuple(parsed))


def parse_partitions(entries: Sequence[Any]) -> ResetOffsets:
    """Option `partitions`; empty: all. Raises InputError."""
    problems: list[Problem] = []
    parsed: list[Matching | OfTopic] = []
    for number, entry in enumerate(entries):
        origin = f"partitions[{number}]"
        try:
            parsed.append(_partition_entry(entry, origin))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return ResetOffsets(tuple(parsed))


def parse_former(value: object, origin: str) -> FormerOffsets:
    """What an earlier run has saved, as `before` of its result or as the content of its file. Raises InputError."""
    fix = "give the backup_file of an earlier task, or before of its result"
    if not isinstance(value, Mapping) or not {"name", "run_state", "offsets"} <= value.keys():
        raise _refused(f"{origin} is no backup of offsets", fix)
    if value["run_state"] not in RUN_STATES:
        raise _refused(f"{origin}: run_state is none of {', '.join(RUN_STATES)}", fix)
    entries = value["offsets"]
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise _refused(f"{origin}: offsets is no list", fix)
    offsets = []
    for number, entry in enumerate(entries):
        place = f"{origin}: offsets[{number}]"
        if not isinstance(entry, Mapping) or entry.keys() != {"partition", "offset"}:
            raise _refused(f"{place} does not have partition and offset", fix)
        partition, offset = _mapping(entry["partition"], f"{place}: partition"), entry["offset"]
        offsets.append(PartitionOffset(partition, _mapping(offset, f"{place}: offset")))
    return FormerOffsets(
        str(value["name"]), str(value.get("kafka_cluster_id") or ""), value["run_state"], tuple(offsets)
    )


def _offset_entry(entry: Any, origin: str, now: int) -> Exact | OfTopic:
    if not isinstance(entry, Mapping):
        raise _refused(f"{origin} is not a mapping", "give partition and offset, or topic and offset")
    _check_keys(entry, {"topic", "partition", "offset"}, origin)
    if "offset" not in entry:
        raise _refused(f"{origin} has no offset", f"give it: {_FORMS}; null removes the offset")
    offset = entry["offset"]
    if entry.get("topic") is not None:
        position = None if offset is None else _position(offset, f"{origin}.offset", now)
        return OfTopic(_topic(entry, origin), _number(entry.get("partition"), origin), position, origin)
    if "partition" not in entry:
        raise _refused(
            f"{origin} has neither topic nor partition", "give the partition as connector_offsets_info shows it"
        )
    partition = _mapping(entry["partition"], f"{origin}.partition")
    return Exact(partition, None if offset is None else _mapping(offset, f"{origin}.offset"), origin)


def _partition_entry(entry: Any, origin: str) -> Matching | OfTopic:
    if not isinstance(entry, Mapping):
        raise _refused(f"{origin} is not a mapping", "give topic, or partition")
    _check_keys(entry, {"topic", "partition"}, origin)
    if entry.get("topic") is not None:
        return OfTopic(_topic(entry, origin), _number(entry.get("partition"), origin), None, origin)
    values = _mapping(entry.get("partition"), f"{origin}.partition")
    if not values:
        raise _refused(
            f"{origin}.partition is empty", "name a value of the partition, or leave partitions out to reset all"
        )
    return Matching(values, origin)


def _position(value: Any, origin: str, now: int) -> Position:
    if isinstance(value, (bool, Mapping, list)):
        raise _refused(f"{origin} is {json.dumps(value, default=str)}", f"give {_FORMS}")
    text = str(value).strip()
    if text in ("earliest", "latest"):
        return Position("earliest" if text == "earliest" else "latest")
    if _WHOLE.fullmatch(text) and int(text) <= LARGEST:
        return Position("absolute", int(text))
    if _RELATIVE.fullmatch(text):
        return Position("relative", int(text))
    if _WHOLE.fullmatch(text):
        raise _refused(f"{origin} {text} is too large", f"give {_FORMS}")
    try:
        return Position("time", parse_time(origin, text, now))
    except InputError as error:
        if "future" in error.message:
            raise
        raise _refused(f'{origin} "{text}" is no offset', f"give {_FORMS}") from None


def _topic(entry: Mapping[str, Any], origin: str) -> str:
    topic = entry["topic"]
    if not isinstance(topic, str) or not topic:
        raise _refused(f"{origin}.topic is no name", "give the name of a topic, or a pattern")
    return topic


def _number(value: Any, origin: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not _WHOLE.fullmatch(str(value)) or int(value) >= 2**31:
        fix = "give its number, or leave it out for all partitions of the topic"
        raise _refused(f"{origin}.partition is {json.dumps(value, default=str)}, which is no number", fix)
    return int(value)


def _mapping(value: Any, origin: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _refused(f"{origin} is not a mapping", "write it exactly as connector_offsets_info shows it")
    try:
        plain: Mapping[str, Any] = json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError):
        raise _refused(f"{origin} holds a value that JSON does not have", "put dates and times in quotes") from None
    if any(MASK in text or is_masked(text) for text in _texts(plain)):
        raise _refused(f"{origin} holds a masked value", "take the values from a backup_file, which has them in clear")
    return plain


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _check_keys(entry: Mapping[str, Any], known: set[str], origin: str) -> None:
    unknown = sorted(str(key) for key in entry if key not in known)
    if unknown:
        hint = (
            f"write {', '.join(sorted(known))}"
            if "kafka_topic" not in unknown
            else "put kafka_topic and kafka_partition into partition, or write topic"
        )
        raise _refused(f"{origin} has the unknown key {unknown[0]}", hint)


def _refused(what: str, fix: str) -> InputError:
    return InputError([Problem(f"{what} -> {fix}")])
