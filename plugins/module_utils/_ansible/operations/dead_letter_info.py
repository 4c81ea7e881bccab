# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module dead_letter_info."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..._connect.dead_letters.queues import dead_letter_topics, queues_elsewhere
from ..._connect.dead_letters.read import QueueQuery
from ..._connect.dead_letters.report import queue_report
from ..._connect.dead_letters.review import reviewed_offsets
from ..._connect.errors import InputError, Problem, on_a_line
from ..._connect.group.brokers import Brokers, BrokersClient
from ..._connect.group.consumer_groups import ConsumerGroups, Part
from ..._connect.group.topic_reader import TopicReader
from ..._connect.model import Connector
from ..._connect.patterns import any_match, is_pattern
from ..._connect.reporting.report import Report
from ..._connect.secrets import secret_values
from ..arguments import BROKERS, CONNECTION, Specification
from ..broker_options import client_secrets
from ..dead_letter_options import brokers_with_letters, mark_problems, positive_problems
from ..invocation import Invocation
from ..options import Parameters
from ..time_options import now, time_of

MOST_SAMPLES = 100


DEAD_LETTER_INFO = Specification(
    "dead_letter_info",
    {
        "name": {"type": "list", "elements": "str", "default": []},
        "topics": {"type": "list", "elements": "str", "default": []},
        "since": {"type": "str"},
        "review": {"type": "str"},
        "max_records": {"type": "int", "default": 1000},
        "max_bytes": {"type": "int", "default": 67108864},
        "samples": {"type": "int", "default": 1},
        "bootstrap_servers": {"type": "list", "elements": "str", "required": True},
        "client_properties": BROKERS["client_properties"],
        **CONNECTION,
    },
)


def dead_letter_info(invocation: Invocation) -> Report:
    """What is in the dead letter topics of sinks. Raises InputError for invalid options."""
    parameters = invocation.parameters
    invocation.secrets = client_secrets(parameters)
    brokers = brokers_with_letters(parameters)
    query = _query(parameters)
    chosen, warnings = _sinks(invocation)
    queues: dict[str, Sequence[str]] = dict.fromkeys(parameters["topics"], ())
    queues |= {topic: [sink.name for sink in sinks] for topic, sinks in dead_letter_topics(chosen).items()}
    secrets = {stored.name: secret_values(stored.config or {}) for stored in chosen}
    reader = TopicReader(brokers, invocation.run)
    if parameters["review"]:
        query = replace(query, reviewed=_reviewed(brokers, parameters["review"]))
    extra, partly = queue_report(reader, queues, query, invocation.run, secrets=secrets, samples=parameters["samples"])
    return Report(extra=extra, warnings=[*warnings, *partly])


def _sinks(invocation: Invocation) -> tuple[list[Connector], list[str]]:
    """The selected connectors, and warnings. Without a URL, only the topics in the options are read."""
    parameters = invocation.parameters
    names = parameters["name"]
    if not parameters["url"] and parameters["topics"] and not names:
        return [], []
    cluster = invocation.cluster()
    snapshot = cluster.read()
    plain = [name for name in names if not is_pattern(name)]
    if any(name not in snapshot.connectors for name in plain) or not snapshot.connectors:
        snapshot = cluster.read_when_ready(plain)
    missing = [name for name in plain if name not in snapshot.connectors]
    if missing:
        raise InputError(
            [Problem(f'connector "{on_a_line(name)}" does not exist: correct name', name) for name in missing]
        )
    matches = any_match(names or ["*"])
    chosen = [stored for name, stored in sorted(snapshot.connectors.items()) if name in names or matches(name)]
    elsewhere = [
        f'the dead letter topic "{on_a_line(topic)}" of sink "{on_a_line(name)}" is on other brokers: read it with these brokers '
        "and topics"
        for name, topic in queues_elsewhere(chosen).items()
    ]
    return chosen, [*cluster.warnings, *elsewhere]


def _query(parameters: Parameters) -> QueueQuery:
    problems = positive_problems(parameters, "max_records", "max_bytes")
    if not 0 <= parameters["samples"] <= MOST_SAMPLES:
        problems.append(Problem(f"samples is {parameters['samples']}: give a number from 0 to {MOST_SAMPLES}"))
    problems += mark_problems(parameters["review"])
    if problems:
        raise InputError(problems)
    at = now()
    return QueueQuery(at, parameters["max_records"], parameters["max_bytes"], time_of(parameters, "since", at))


def _reviewed(brokers: Brokers, mark: str) -> Mapping[Part, int]:
    return reviewed_offsets(ConsumerGroups(BrokersClient(brokers)), mark)
