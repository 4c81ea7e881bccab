# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts checked module parameters to what is read of a cluster's history, for the modules that read it.

A file of its own, because Ansible sends every file that a module can reach to the host.
"""

from __future__ import annotations

from functools import lru_cache

from .._connect.errors import InputError, Problem
from .._connect.group.topic_reader import TopicReader
from .._connect.history.read import HistoryQuery
from .._connect.history.topics import TopicNames, names_in
from .._connect.patterns import Matcher, any_match
from .._connect.run import Run
from .broker_options import brokers_of
from .options import Parameters
from .worker_properties import worker_properties_at

_CACHED_NAMES = 10_000


def history_query(parameters: Parameters) -> HistoryQuery:
    """What to read, without a limit in time. Raises InputError for invalid options."""
    if parameters["max_bytes"] < 1:
        raise InputError([Problem(f"max_bytes is {parameters['max_bytes']}: give a positive number of bytes")])
    return HistoryQuery(_topic_names(parameters), _chosen(parameters["name"]), parameters["max_bytes"])


def reader_of(parameters: Parameters, run: Run) -> TopicReader:
    """The reader of the topics. Raises InputError for invalid options, and BrokersError without the library."""
    brokers = brokers_of(parameters)
    if brokers is None:
        raise InputError([Problem("bootstrap_servers is empty: the history is in topics, so give the Kafka brokers")])
    return TopicReader(brokers, run)


def _chosen(names: list[str]) -> Matcher:
    """Each name may be a pattern, but also the name of a connector that contains the characters of one."""
    matches = any_match(names or ["*"])

    # A topic has each name many times.
    @lru_cache(maxsize=_CACHED_NAMES)
    def chosen(name: str) -> bool:
        return name in names or matches(name)

    return chosen


def _topic_names(parameters: Parameters) -> TopicNames:
    given = TopicNames(parameters.get("config_topic", "").strip(), parameters.get("status_topic", "").strip())
    path = parameters["worker_properties"]
    if not path:
        return given
    found = names_in(worker_properties_at(path), path)
    return TopicNames(given.config or found.config, given.status or found.status)
