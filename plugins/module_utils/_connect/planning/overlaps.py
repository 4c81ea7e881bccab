# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connectors that do the same work: the same source, or sinks with the same target and topics; and sinks that share a group.

Pure. Values of keys are compared, but never shown, because some contain passwords.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from typing import Literal

from ..errors import Problem
from ..model import IDLE, Config, Connector, state_of
from .change import Change
from .checked import Checked
from .overlap_keys import FRAMEWORK, FRAMEWORK_PREFIXES, SOURCES, TARGETS, Keys
from .run_options import OverlapMode

OverlapKind = Literal["identical", "source", "target", "group"]

MOST_QUANTIFIERS = 2
"""A topics.regex with more of them is not resolved, because it can take long. It overlaps an equal one only."""
LONGEST_REGEX = 1000
"""Characters of a topics.regex that is resolved."""
LONGEST_TOPIC = 249
"""Characters of a topic's name, as Kafka limits it. What is longer is no topic."""
_SETS = ("[[", "&&", "--", "||", "~~")
"""Unions and intersections in a set of characters, for which Python has no syntax."""
_MOST_SHOWN = 3
_SINK = re.compile(r"Sink(?:Connector)?\Z")
_SOURCE = re.compile(r"Source(?:Connector)?\Z")

ADVICE = (
    "delete or stop those that are not needed (connectors with state: absent, connector_state with state: stopped), or let them "
    "read or write different parts"
)
GROUP_ADVICE = "give each sink a consumer group of its own: remove consumer.override.group.id, or set different values"


@dataclass(frozen=True)
class Overlap:
    """Connectors with the same work, at least two, sorted. `reason`: why, without any value of a key."""

    kind: OverlapKind
    names: tuple[str, ...]
    reason: str

    @property
    def message(self) -> str:
        shown = [f'"{name}"' for name in self.names[:_MOST_SHOWN]]
        more = len(self.names) - _MOST_SHOWN
        named = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
        return f"connectors {named} {self.reason}"

    @property
    def advice(self) -> str:
        return GROUP_ADVICE if self.kind == "group" else ADVICE


def find_overlaps(
    configs: Mapping[str, Config], *, topics: Iterable[str] = (), types: Mapping[str, str] | None = None
) -> tuple[Overlap, ...]:
    """Return all overlaps of these configurations by name, each pair of connectors in one of them only.

    `topics`: names of existing topics, for topics.regex; those that the configurations name count too. `types`: source or sink
    by name, as the worker reports it; without it, the class and the keys tell.
    """
    works = [_Work(name, config, (types or {}).get(name, "")) for name, config in sorted(configs.items())]
    named = {*topics, *(topic for work in works for topic in work.topics)}
    known = {topic for topic in named if len(topic) <= LONGEST_TOPIC}
    found: list[Overlap] = []
    part_of: dict[str, set[int]] = {name: set() for name in configs}
    for kind, reason, pairs in (
        *_identical(works),
        *_same_groups(works),
        *_same_sources(works),
        *_same_targets(works, known),
    ):
        new = [(one, other) for one, other in pairs if part_of[one].isdisjoint(part_of[other])]
        for names in _connected(new):
            for name in names:
                part_of[name].add(len(found))
            found.append(Overlap(kind, names, reason))
    return tuple(found)


def check_overlaps(
    checked: Checked, changes: Sequence[Change], present: Mapping[str, Connector], mode: OverlapMode
) -> None:
    """Add the overlaps that a written configuration would have after these changes, as problems or as warnings."""
    writing = {change.name for change in changes if change.writes_config and change.after is not None}
    if mode == "ignore" or not writing:
        return
    configs = {name: stored.config for name, stored in present.items() if stored.config and not stored.is_idle}
    for change in changes:
        configs.pop(change.name, None)
        if change.after is not None and not change.deletes and _will_run(change):
            configs[change.name] = change.after
    for overlap in find_overlaps(configs, types={name: stored.type for name, stored in present.items()}):
        written = sorted(writing.intersection(overlap.names))
        if written and mode == "fail":
            checked.add(Problem(f"{overlap.message}: {overlap.advice}", written[0]))
        elif written:
            checked.warnings.append(f"{overlap.message}: {overlap.advice}")


def _will_run(change: Change) -> bool:
    return (change.desired_state or state_of(change.before)) not in IDLE


# One connector


@dataclass(frozen=True)
class _Work:
    name: str
    config: Config
    type: str

    @cached_property
    def simple_class(self) -> str:
        """The class without its package and the suffix: MySql."""
        return re.split(r"[.$]", self.config.get("connector.class", ""))[-1].removesuffix("Connector")

    @cached_property
    def is_sink(self) -> bool:
        if self.type in ("source", "sink"):
            return self.type == "sink"
        plugin = self.config.get("connector.class", "")
        if _SOURCE.search(plugin) or "Mirror" in plugin:
            return False
        return bool(_SINK.search(plugin)) or "topics" in self.config or "topics.regex" in self.config

    @cached_property
    def topics(self) -> frozenset[str]:
        return frozenset(_entries(self.config.get("topics", ""))) if self.is_sink else frozenset()

    @cached_property
    def own(self) -> frozenset[tuple[str, str]]:
        """The keys of the plugin itself."""
        return frozenset(
            (key, value)
            for key, value in self.config.items()
            if key not in FRAMEWORK and not key.startswith(FRAMEWORK_PREFIXES)
        )

    @cached_property
    def group(self) -> str:
        """The consumer group of a sink."""
        return self.config.get("consumer.override.group.id") or f"connect-{self.name}"

    def reads(self, known: Iterable[str]) -> frozenset[str]:
        """The topics of a sink, as far as they are known."""
        pattern = _resolvable(self.config.get("topics.regex", ""))
        if pattern is None:
            return self.topics
        return self.topics | {topic for topic in known if pattern.fullmatch(topic)}


def _entries(value: str) -> list[str]:
    return [entry.strip() for entry in value.split(",") if entry.strip()]


def _resolvable(regex: str) -> re.Pattern[str] | None:
    """The pattern, or None if it is empty, too slow, or of a kind that Java and Python read differently."""
    quantifiers = sum(regex.count(character) for character in "*+{")
    if (
        not 0 < len(regex) <= LONGEST_REGEX
        or quantifiers > MOST_QUANTIFIERS
        or any(f"){one}" in regex for one in "*+{")
    ):
        return None
    if any(operation in regex for operation in _SETS):
        return None
    try:
        return re.compile(regex)
    except (re.error, OverflowError, RecursionError):
        return None


# Kinds of overlaps: the reason, and pairs of names

_Found = tuple[OverlapKind, str, list[tuple[str, str]]]


def _identical(works: Sequence[_Work]) -> Iterator[_Found]:
    alike: dict[frozenset[tuple[str, str]], list[str]] = {}
    for work in works:
        content = frozenset((key, value) for key, value in work.config.items() if key != "name")
        alike.setdefault(content, []).append(work.name)
    yield "identical", "have the same configuration under different names", _pairs_of(alike.values())


def _same_sources(works: Sequence[_Work]) -> Iterator[_Found]:
    sources = [work for work in works if not work.is_sink]
    for keys, group in _by_identity(sources, SOURCES):
        yield "source", f"read the same source ({_named(keys, group[0])})", _sharing(group, keys)
    yield "source", "have the same class and the same keys of their plugin", _pairs_of(_alike(sources))


def _same_targets(works: Sequence[_Work], known: Iterable[str]) -> Iterator[_Found]:
    sinks = [work for work in works if work.is_sink]
    read = {work.name: work.reads(known) for work in sinks}
    regexes = {work.name: work.config.get("topics.regex", "") for work in sinks}

    def overlapping(names: Sequence[str]) -> list[tuple[str, str]]:
        sharing: dict[tuple[str, str], list[str]] = {}
        for name in names:
            for topic in read[name]:
                sharing.setdefault(("topic", topic), []).append(name)
            if regexes[name]:
                sharing.setdefault(("regex", regexes[name]), []).append(name)
        return _pairs_of(sharing.values())

    for keys, group in _by_identity(sinks, TARGETS):
        pairs = overlapping([work.name for work in group])
        yield "target", f"write the same topics to the same target ({_named(keys, group[0])})", pairs
    for names in _alike(sinks):
        yield "target", "read the same topics, with the same keys of their plugin", overlapping(names)


def _same_groups(works: Sequence[_Work]) -> Iterator[_Found]:
    groups: dict[str, list[str]] = {}
    for work in works:
        if work.is_sink:
            groups.setdefault(work.group, []).append(work.name)
    yield "group", "share one consumer group, so each gets only a part of the partitions", _pairs_of(groups.values())


def _by_identity(
    works: Sequence[_Work], table: Mapping[tuple[str, ...], tuple[Keys, ...]]
) -> Iterator[tuple[Keys, list[_Work]]]:
    """The connectors that have the same values of one set of keys, at least two of a class."""
    rows = {name: sets for names, sets in table.items() for name in names}
    found: dict[tuple[str, int, tuple[str, ...]], list[_Work]] = {}
    for work in works:
        for number, keys in enumerate(rows.get(work.simple_class, ())):
            if keys.required and not any(work.config.get(key) for key in keys.required):
                continue
            values = tuple(work.config.get(key) or default for key, default in keys.same.items())
            found.setdefault((work.simple_class, number, values), []).append(work)
    for (name, number, _values), group in found.items():
        if len(group) > 1:
            yield rows[name][number], group


def _sharing(works: Sequence[_Work], keys: Keys) -> list[tuple[str, str]]:
    """The pairs that have an entry of each shared key in common. A connector without the key reads everything."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for work in works:
        alike.setdefault(tuple(work.config.get(key, "") for key in keys.shared), []).append(work.name)
    entries = [([frozenset(_entries(value)) for value in values], names[0]) for values, names in alike.items()]
    return _pairs_of(alike.values()) + [
        (one, other)
        for (mine, one), (others, other) in combinations(entries, 2)
        if all(not left or not right or left & right for left, right in zip(mine, others, strict=True))
    ]


def _named(keys: Keys, work: _Work) -> str:
    return ", ".join(key for key in (*keys.same, *keys.shared) if work.config.get(key))


def _alike(works: Sequence[_Work]) -> list[list[str]]:
    found: dict[tuple[str, frozenset[tuple[str, str]]], list[str]] = {}
    for work in works:
        if work.own:
            found.setdefault((work.config.get("connector.class", ""), work.own), []).append(work.name)
    return [names for names in found.values() if len(names) > 1]


def _pairs_of(groups: Iterable[Sequence[str]]) -> list[tuple[str, str]]:
    """Neighbors suffice: _connected joins them."""
    return [pair for names in groups for pair in pairwise(names)]


def _connected(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The groups of names that these pairs connect, sorted."""
    groups: dict[str, set[str]] = {}
    for one, other in pairs:
        joined = groups.get(one, {one}) | groups.get(other, {other})
        for name in joined:
            groups[name] = joined
    return sorted({tuple(sorted(names)) for names in groups.values()})
