# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which topics are the config topic and the status topic: given by name, or recognized by their records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..errors import InputError, Problem, on_a_line
from ..group.brokers import Topic
from ..group.topic_reader import TopicSource
from .records import is_of_config_topic, is_of_status_topic

MOST_PARTITIONS = 2000
"""Partitions of compacted topics of which samples are read. With more, the names must be given."""


class TopicNames(NamedTuple):
    """The names of both topics; empty if they are to be found."""

    config: str = ""
    status: str = ""


def names_in(properties: Mapping[str, str], path: str) -> TopicNames:
    """The names in a worker's properties. Raises InputError if one is missing."""
    names = [properties.get(key, "").strip() for key in ("config.storage.topic", "status.storage.topic")]
    if not all(names):
        raise InputError(
            [
                Problem(
                    f"worker_properties {path} has no config.storage.topic or no status.storage.topic: give the file of a "
                    "distributed worker, or config_topic and status_topic"
                )
            ]
        )
    return TopicNames(*names)


def find_config_topic(source: TopicSource, given: TopicNames) -> Topic:
    """Return the config topic. Raises InputError if it does not exist, or cannot be found."""
    topics = _given(source, [("config_topic", given.config)])
    config = topics.get(given.config)
    if config is None:
        candidates = _config_candidates(source.compacted_topics())
        config = _found(_keys(source, candidates), candidates, "config_topic", is_of_config_topic)
    return config


def find_status_topic(source: TopicSource, given: TopicNames) -> Topic:
    """Return the status topic. Raises InputError if it does not exist, or cannot be found."""
    topics = _given(source, [("status_topic", given.status)])
    status = topics.get(given.status)
    if status is None:
        candidates = source.compacted_topics()
        status = _found(_keys(source, candidates), candidates, "status_topic", is_of_status_topic)
    return status


def find_topics(source: TopicSource, given: TopicNames) -> tuple[Topic, Topic]:
    """Return the config topic and the status topic. Raises InputError if one does not exist, or cannot be found."""
    if given.config and given.config == given.status:
        raise InputError([Problem(f'config_topic and status_topic are both "{given.config}": correct one of them')])
    topics = _given(source, [("config_topic", given.config), ("status_topic", given.status)])
    config, status = topics.get(given.config), topics.get(given.status)
    if config is None or status is None:
        compacted = source.compacted_topics()
        config_candidates = _config_candidates(compacted)
        keys = _keys(source, compacted if status is None else config_candidates)
        config = config or _found(keys, config_candidates, "config_topic", is_of_config_topic)
        status = status or _found(keys, compacted, "status_topic", is_of_status_topic)
    return config, status


def _given(source: TopicSource, options: Sequence[tuple[str, str]]) -> dict[str, Topic]:
    """The topics that the options name."""
    names = [name for _option, name in options if name]
    topics = {topic.name: topic for topic in source.topics(names)} if names else {}
    problems = [
        Problem(f'topic "{name}" does not exist: correct {option}, or bootstrap_servers')
        for option, name in options
        if name and name not in topics
    ]
    problems += [
        Problem(f'topic "{topic.name}" can\'t be described: the user in client_properties needs the ACL Describe')
        for topic in topics.values()
        if not topic.partitions
    ]
    if problems:
        raise InputError(problems)
    return topics


def _config_candidates(compacted: Sequence[Topic]) -> list[Topic]:
    return [topic for topic in compacted if topic.partitions == 1]


def _keys(source: TopicSource, candidates: Sequence[Topic]) -> Mapping[str, Sequence[bytes | None]]:
    """The keys of some records by the name of their topic. Raises InputError for too many partitions."""
    number = sum(topic.partitions for topic in candidates)
    if number > MOST_PARTITIONS:
        raise InputError(
            [Problem(f"{number} partitions are compacted, too many to search: set config_topic and status_topic")]
        )
    return source.sample(candidates)


def _found(
    keys: Mapping[str, Sequence[bytes | None]],
    candidates: Sequence[Topic],
    option: str,
    is_of: Callable[[bytes | None], bool],
) -> Topic:
    fitting = [topic for topic in candidates if keys.get(topic.name) and all(map(is_of, keys[topic.name]))]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(f'"{on_a_line(topic.name)}"' for topic in fitting)
        text = f"several topics may be the one of this cluster: {names}: set {option}, or worker_properties"
    else:
        text = (
            f"no compacted topic has the records of Kafka Connect: set {option}, or worker_properties; finding it needs the ACLs "
            "Describe, DescribeConfigs and Read"
        )
    raise InputError([Problem(f"{option} is not set, and {text}")])
