# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns the desired offsets into an offset for each partition. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..errors import InputError, Problem
from ..patterns import is_pattern, matcher
from ..rest.offsets import PartitionOffset
from .desired import (
    LARGEST,
    DesiredOffsets,
    Exact,
    FormerOffsets,
    Matching,
    OfTopic,
    Position,
    ResetOffsets,
    SetOffsets,
)
from .model import OFFSET, PARTITION, TOPIC, Offsets, Part, key_of, number_of, part_of, sink_entry

BROKERS_NEEDED = "give bootstrap_servers, so that the module can ask the brokers, or a number"


class TopicFacts(NamedTuple):
    """What the brokers know. `partitions`: their number for each topic that exists; `begins` and `ends`: the first offset, and the one
    after the last record; `at`: the first offset at or after a time, in milliseconds since the epoch.
    """

    partitions: Mapping[str, int]
    begins: Mapping[Part, int]
    ends: Mapping[Part, int]
    at: Mapping[tuple[Part, int], int]


class Resolved(NamedTuple):
    """The desired offset of each partition that the user means, and what the user should know."""

    targets: Offsets
    warnings: tuple[str, ...] = ()


def resolve(desired: DesiredOffsets, stored: Offsets, *, is_sink: bool, facts: TopicFacts | None) -> Resolved:
    """Raises InputError with all problems. `facts`: None if no brokers are given; then only what is stored is known."""
    work = _Sink(stored, facts) if is_sink else _Source(stored)
    if isinstance(desired, ResetOffsets) and not desired.entries:
        removed = {key: entry._replace(offset=None) for key, entry in stored.items()}
        return Resolved(removed)
    if isinstance(desired, FormerOffsets):
        work.take_back(desired)
    elif isinstance(desired, SetOffsets):
        for wanted in desired.entries:
            work.set(wanted)
    else:
        for selected in desired.entries:
            work.reset(selected)
    if work.problems:
        raise InputError(work.problems)
    return Resolved(work.targets, tuple(work.warnings))


def topics_in_question(desired: DesiredOffsets, stored: Offsets) -> frozenset[str]:
    """The topics of a sink that the brokers should be asked about."""
    topics = {str(entry.partition.get(TOPIC)) for entry in stored.values()}
    entries: Iterable[object] = desired.offsets if isinstance(desired, FormerOffsets) else desired.entries
    for entry in entries:
        if isinstance(entry, OfTopic) and not is_pattern(entry.topic):
            topics.add(entry.topic)
        elif isinstance(entry, (Exact, PartitionOffset)) and isinstance(entry.partition.get(TOPIC), str):
            topics.add(entry.partition[TOPIC])
    return frozenset(topics)


def times_in_question(desired: DesiredOffsets) -> frozenset[int]:
    """The times for which the brokers should be asked."""
    entries = desired.entries if isinstance(desired, SetOffsets) else ()
    positions = [entry.position for entry in entries if isinstance(entry, OfTopic)]
    return frozenset(one.value for one in positions if one is not None and one.kind == "time")


@dataclass
class _Work:
    """The targets so far."""

    stored: Offsets
    targets: dict[str, PartitionOffset] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, what: str, fix: str) -> None:
        self.problems.append(Problem(f"{what} -> {fix}"))

    def target(self, entry: PartitionOffset, origin: str) -> None:
        key = key_of(entry.partition)
        if key in self.targets:
            self.refuse(f"{origin}: partition {key} is given twice", "leave one of them out")
        self.targets[key] = entry

    def take_back(self, former: FormerOffsets) -> None:
        for entry in former.offsets:
            self.set(Exact(entry.partition, entry.offset, "from_backup"))
        for key, entry in self.stored.items():
            if key not in self.targets:
                self.targets[key] = entry._replace(offset=None)

    def set(self, wanted: Exact | OfTopic) -> None:
        raise NotImplementedError

    def reset(self, selected: Matching | OfTopic) -> None:
        if isinstance(selected, OfTopic):
            self.set(selected)
            return
        found = [entry for entry in self.stored.values() if _matches(selected.values, entry.partition)]
        if not found:
            self.warnings.append(f"{selected.origin} matches none of the partitions that have an offset")
        for entry in found:
            self.targets[key_of(entry.partition)] = entry._replace(offset=None)


class _Source(_Work):
    def set(self, wanted: Exact | OfTopic) -> None:
        if isinstance(wanted, OfTopic):
            fix = "give partition and offset exactly as connector_offsets_info shows them"
            self.refuse(f"{wanted.origin}: topic is for sinks, and this connector is a source", fix)
            return
        key = key_of(wanted.partition)
        forms = {frozenset(entry.partition) for entry in self.stored.values()}
        if key not in self.stored and forms and wanted.origin != "from_backup":
            known = " or ".join(sorted(", ".join(sorted(form)) or "nothing" for form in forms))
            if frozenset(wanted.partition) not in forms:
                # Connect would store it beside the right one, and the plugin would never read it.
                given = ", ".join(sorted(wanted.partition)) or "nothing"
                fix = "write it exactly as connector_offsets_info shows it"
                self.refuse(f"{wanted.origin}: partition has {given}, but those of this connector have {known}", fix)
                return
            self.warnings.append(
                f"{wanted.origin}: partition {key} had no offset so far: check its values for typing errors"
            )
        self.target(PartitionOffset(wanted.partition, wanted.offset), wanted.origin)


@dataclass
class _Sink(_Work):
    facts: TopicFacts | None = None

    def __init__(self, stored: Offsets, facts: TopicFacts | None) -> None:
        super().__init__(stored)
        self.facts = facts
        self.committed: dict[Part, int] = {}
        for entry in stored.values():
            number = number_of(entry.offset)
            if number is not None:
                self.committed[part_of(entry.partition)] = number

    def set(self, wanted: Exact | OfTopic) -> None:
        if isinstance(wanted, Exact):
            self._exact(wanted)
            return
        for part in self._parts(wanted):
            if wanted.position is None:
                self.target(sink_entry(part, None), wanted.origin)
            else:
                offset = self._at(wanted.position, part, wanted.origin)
                if offset is not None:
                    self.target(sink_entry(part, offset), wanted.origin)

    def _exact(self, wanted: Exact) -> None:
        origin = wanted.origin
        try:
            part = part_of(wanted.partition)
            number = number_of(wanted.offset)
            fits = wanted.partition.keys() == {TOPIC, PARTITION} and (
                number is None or set(wanted.offset or ()) == {OFFSET}
            )
        except (KeyError, TypeError, ValueError):
            fits = False
        if not fits or part[1] < 0 or not 0 <= (number or 0) <= LARGEST:
            fix = f"a sink's partition has {TOPIC} and {PARTITION}, its offset {OFFSET}, a number of 0 or more"
            self.refuse(
                f"{origin}: {key_of(wanted.partition)} with {key_of(wanted.offset)} is no offset of a sink", fix
            )
            return
        if number is not None and self._exists(part, origin):
            self._check_range(part, number, origin)
        self.target(sink_entry(part, number), origin)

    def _parts(self, wanted: OfTopic) -> Iterator[Part]:
        topics = sorted({topic for topic, _number in self.committed})
        if wanted.topic not in topics and is_pattern(wanted.topic):
            topics = list(filter(matcher(wanted.topic), topics))
        else:
            topics = [wanted.topic]
        if not topics:
            text = f'{wanted.origin}: no topic with an offset matches "{wanted.topic}"'
            if wanted.position is None:
                self.warnings.append(text)
            else:
                self.refuse(text, "give the topic's name, or correct the pattern")
        for topic in topics:
            known = sorted(part for part in self.committed if part[0] == topic)
            if wanted.partition is not None:
                yield from self._existing([(topic, wanted.partition)], wanted)
            elif wanted.position is None:
                yield from known
            elif self.facts is not None:
                count = self.facts.partitions.get(topic, 1)
                yield from self._existing([(topic, number) for number in range(count)], wanted)
            elif known:
                yield from known
            else:
                fix = "give bootstrap_servers, or the number of each partition"
                self.refuse(
                    f'{wanted.origin}: the partitions of topic "{topic}" are unknown, for none has an offset', fix
                )

    def _existing(self, parts: Iterable[Part], wanted: OfTopic) -> Iterator[Part]:
        for part in parts:
            if wanted.position is None or self._exists(part, wanted.origin):
                yield part

    def _exists(self, part: Part, origin: str) -> bool:
        if self.facts is None:
            return True
        topic, number = part
        count = self.facts.partitions.get(topic)
        if origin == "from_backup" and (count is None or number >= count):
            self.warnings.append(f"{origin}: partition {topic}-{number} does not exist any more")
            return False
        if count is None:
            self.refuse(
                f'{origin}: the brokers show no topic "{topic}"', "correct its name, or grant the ACL Describe on it"
            )
            return False
        if number >= count:
            self.refuse(f'{origin}: topic "{topic}" has no partition {number}', f"give one of 0 to {count - 1}")
            return False
        return True

    def _check_range(self, part: Part, number: int, origin: str) -> None:
        """An offset without a record makes the consumer start where auto.offset.reset says, which may skip records."""
        if self.facts is None:
            return
        first, end = self.facts.begins[part], self.facts.ends[part]
        if first <= number <= end:
            return
        what = f"{origin}: offset {number} of {part[0]}-{part[1]} is outside its records: the first is {first}, the next one will be {end}"
        if origin == "from_backup":
            self.warnings.append(f"{what}; the consumer will start where auto.offset.reset says")
        else:
            self.refuse(what, f"give a number from {first} to {end}, or {'earliest' if number < first else 'latest'}")

    def _at(self, position: Position, part: Part, origin: str) -> int | None:
        name = f"{part[0]}-{part[1]}"
        if position.kind == "absolute":
            self._check_range(part, position.value, origin)
            return position.value
        if position.kind == "relative":
            base = self.committed.get(part)
            if base is None:
                self.refuse(
                    f"{origin}: {name} has no offset to count from", "give a number, earliest, latest or a time"
                )
                return None
            moved = min(max(base + position.value, 0), LARGEST)
            return moved if self.facts is None else min(max(moved, self.facts.begins[part]), self.facts.ends[part])
        if self.facts is None:
            what = "a time" if position.kind == "time" else f"offset {position.kind}"
            self.refuse(f"{origin}: {what} needs the brokers", BROKERS_NEEDED)
            return None
        if position.kind == "time":
            return self.facts.at[part, position.value]
        return (self.facts.begins if position.kind == "earliest" else self.facts.ends)[part]


def _matches(values: Mapping[str, Any], partition: Mapping[str, Any]) -> bool:
    for key, value in values.items():
        if key not in partition:
            return False
        found = partition[key]
        equal = key_of(found) == key_of(value)
        if not equal and not (isinstance(value, str) and isinstance(found, str) and value and matcher(value)(found)):
            return False
    return True
