# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether sinks make progress, according to an observation. Pure.

A task commits its offsets every offset.flush.interval.ms, so offsets that stay the same for less time prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ..group.group_findings import some
from .model import HealthFinding, about_connectors, number
from .observed import Moment, Observation, Sink

if TYPE_CHECKING:
    from ..group.consumer_groups import Consumer, Part

SLACK = 2.0
"""Seconds for which a commit may be late."""


class Unmoved(NamedTuple):
    """A partition whose offset did not move, and where the sink continues to read."""

    sink: Sink
    part: Part
    offset: int


class _Standing(NamedTuple):
    """A task, none of whose partitions moved, with those that had records from the first snapshot on."""

    task: int
    waiting: Sequence[tuple[Part, int]]


def commit_time(sink: Sink) -> float:
    """The seconds in which a task commits at least once if it makes progress."""
    return 2 * sink.flush + SLACK


def growth_time(sink: Sink) -> float:
    """The seconds in which a lag can be seen to grow: three times as long as a task takes to commit."""
    return 3 * (sink.flush + SLACK)


def progress_findings(observation: Observation) -> Iterator[HealthFinding]:
    """The findings about consumer groups of sinks."""
    for sink in observation.sinks:
        yield from _running_twice(observation, sink)
        standing = list(_proven(observation, sink))
        if standing:
            yield _not_progressing(observation, sink, standing)
        else:
            yield from _lag_growing(observation, sink)


# Offsets that do not move


def unmoved(observation: Observation) -> Iterator[Unmoved]:
    """Where tasks stand still if there is a record: up to three partitions of each."""
    for sink in observation.sinks:
        for standing in _standing(observation, sink):
            for part, offset in standing.waiting[:3]:
                yield Unmoved(sink, part, offset)


def _standing(observation: Observation, sink: Sink) -> Iterator[_Standing]:
    if observation.seconds < commit_time(sink) or sink.commits_by_file or not _runs(observation, sink):
        return
    for consumer in _steady(observation, sink):
        task = _task_of(sink, consumer)
        moved = any(len(set(observation.offsets(sink, part))) > 1 for part in consumer.parts)
        if task is None or moved or not all(sink.group in moment.committed for moment in observation.moments):
            continue
        positions = ((part, _position(observation, sink, part)) for part in sorted(consumer.parts))
        waiting = [(part, at) for part, at in positions if at is not None and observation.first.ends.get(part, 0) > at]
        if waiting:
            yield _Standing(task, waiting)


def _position(observation: Observation, sink: Sink, part: Part) -> int | None:
    """Where the sink has continued to read at least since the first snapshot, None if that is unknown."""
    committed = observation.offsets(sink, part)[0]
    return committed if committed is not None else 0 if sink.starts_at_beginning else None


def _proven(observation: Observation, sink: Sink) -> Iterator[_Standing]:
    for standing in _standing(observation, sink):
        waiting = [(part, at) for part, at in standing.waiting if (sink.name, part) in observation.waiting]
        if waiting:
            yield _Standing(standing.task, waiting)


def _runs(observation: Observation, sink: Sink) -> bool:
    return all(sink.name in moment.running for moment in observation.moments)


def _steady(observation: Observation, sink: Sink) -> Iterator[Consumer]:
    """The members of the sink's group that were there, with the same partitions, in the first and in the last snapshot."""
    before = {one.member_id: one for one in _consumers(observation.first, sink)}
    yield from (one for one in _consumers(observation.last, sink) if before.get(one.member_id) == one)


def _consumers(moment: Moment, sink: Sink) -> Sequence[Consumer]:
    return (moment.consumers or {}).get(sink.group, ())


def _task_of(sink: Sink, consumer: Consumer) -> int | None:
    """The task of this consumer, None if its client id does not tell."""
    prefix, _dash, task = consumer.client_id.rpartition("-")
    return int(task) if prefix == f"connector-consumer-{sink.name}" and task.isdecimal() else None


def _not_progressing(observation: Observation, sink: Sink, standing: Sequence[_Standing]) -> HealthFinding:
    tasks = sorted({one.task for one in standing})
    parts = [f"{topic}-{at}" for one in standing for (topic, at), _offset in one.waiting]
    given = "" if observation.properties is not None else ", unless offset.flush.interval.ms is longer than its default"
    return HealthFinding(
        "not_progressing",
        "warning",
        sink.name,
        f'sink "{sink.name}" is RUNNING, but {number(len(tasks), "task")} ({some([str(task) for task in tasks])}) committed no offset for '
        f"{observation.seconds:.0f} s although records wait in {some(parts)}{given}",
        "read the log of its worker: a slow or hanging target system blocks put(), or the task retries without an end; restart the task "
        "(connector_state with state: restarted) after the target responds",
        count=len(tasks),
        about=about_connectors([sink.name]),
    )


# Lag


def lag_entries(observation: Observation) -> list[dict[str, Any]]:
    """`lag` in the result: by sink and topic, without partitions of which nothing was committed. `change`: None for one snapshot."""
    entries = []
    for sink in observation.sinks:
        last = _lag_by_topic(observation.last, sink)
        first = _lag_by_topic(observation.first, sink) if len(observation.moments) > 1 else {}
        entries += [
            {
                "connector": sink.name,
                "topic": topic,
                "lag": lag,
                "change": lag - first[topic] if topic in first else None,
            }
            for topic, lag in sorted(last.items())
        ]
    return entries


def _lag_by_topic(moment: Moment, sink: Sink) -> dict[str, int]:
    found: dict[str, int] = {}
    for part, offset in moment.committed.get(sink.group, {}).items():
        if part in moment.ends:
            found[part[0]] = found.get(part[0], 0) + max(moment.ends[part] - offset, 0)
    return found


class _Totals(NamedTuple):
    """Of a topic at one moment."""

    at: float
    committed: int
    end: int

    @property
    def lag(self) -> int:
        return self.end - self.committed


def _lag_growing(observation: Observation, sink: Sink) -> Iterator[HealthFinding]:
    """Of each third of the time, the smallest lag counts, which is the one right after a commit."""
    if observation.seconds < growth_time(sink) or sink.commits_by_file or not _runs(observation, sink):
        return
    grown = []
    for topic, totals in _totals_by_topic(observation, sink).items():
        change = _growth(totals)
        if change:
            grown.append((topic, totals[-1].lag, change))
    if grown:
        shown = [f"{topic}: {lag} records, {change} more" for topic, lag, change in grown]
        yield HealthFinding(
            "lag_growing",
            "warning",
            sink.name,
            f'the lag of sink "{sink.name}" has grown for {observation.seconds:.0f} s, although it commits offsets ({some(shown)})',
            "find out what slows the target system down, or raise tasks.max up to the number of partitions",
            about=about_connectors([sink.name]),
        )


def _totals_by_topic(observation: Observation, sink: Sink) -> Mapping[str, Sequence[_Totals]]:
    """Only of partitions that are known at each moment."""
    known = set.intersection(
        *(
            {part for part in moment.committed.get(sink.group, {}) if part in moment.ends}
            for moment in observation.moments
        )
    )
    return {
        topic: [
            _Totals(
                moment.at,
                sum(moment.committed[sink.group][part] for part in known if part[0] == topic),
                sum(moment.ends[part] for part in known if part[0] == topic),
            )
            for moment in observation.moments
        ]
        for topic in sorted({topic for topic, _number in known})
    }


def _growth(totals: Sequence[_Totals]) -> int:
    """How many records the lag grew from the first to the last third; 0 if it did not grow for certain."""
    begin, length = totals[0].at, (totals[-1].at - totals[0].at) / 3
    thirds = [[one for one in totals if begin + at * length <= one.at <= begin + (at + 1) * length] for at in range(3)]
    if any(len(third) < 2 or third[0].committed == third[-1].committed for third in thirds):
        return 0
    smallest = [min(one.lag for one in third) for third in thirds]
    # A snapshot right after a commit may already see the records of a whole pause.
    noise = 2 * max(after.end - before.end for before, after in pairwise(totals))
    is_growing = smallest[0] < smallest[1] < smallest[2] and smallest[2] - smallest[0] > noise
    return smallest[2] - smallest[0] if is_growing else 0


# Tasks that run twice


def _running_twice(observation: Observation, sink: Sink) -> Iterator[HealthFinding]:
    """The brokers keep a dead consumer until its session ends, so only those count that are there after that time."""
    if observation.seconds <= sink.session:
        return
    ids = {one.member_id for one in _consumers(observation.first, sink)}
    by_task: dict[int, list[Consumer]] = {}
    for consumer in _consumers(observation.last, sink):
        task = _task_of(sink, consumer)
        if task is not None and consumer.member_id in ids:
            by_task.setdefault(task, []).append(consumer)
    for task, consumers in sorted(by_task.items()):
        if len(consumers) > 1:
            hosts = sorted({one.host for one in consumers})
            yield HealthFinding(
                "task_running_twice",
                "warning",
                sink.name,
                f'task {task} of sink "{sink.name}" runs {len(consumers)} times: its consumer is in the group {sink.group} from '
                f"{some(hosts)} for more than {sink.session:g} s",
                "look for a second Connect cluster with a connector of the same name, or for a worker that could not stop the task "
                "(its log names a graceful stop that failed), and restart that worker",
                about=about_connectors([sink.name]),
            )
