# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What connectors do with records that they cannot process: records that disappear, and dead letters. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..dead_letters.queues import dead_letter_topics
from ..group.group_findings import some
from ..planning.error_handling import QUEUE, swallows
from .model import HealthFinding, about_connectors, number
from .observed import Moment

if TYPE_CHECKING:
    from ..model import Connector
    from .observed import DeadLetterFacts, DeadLetterTopic, Observation

_FACTOR = "errors.deadletterqueue.topic.replication.factor"
_DEFAULT_FACTOR = 3


def swallowed_errors(counted: Sequence[Connector]) -> Iterator[HealthFinding]:
    """Connectors that skip records without a trace. One finding for all: they are often configured alike."""
    found = [stored.name for stored in counted if not stored.is_idle and swallows(stored.config or {}, stored.type)]
    if found:
        skip = "skips" if len(found) == 1 else "skip"
        yield HealthFinding(
            "errors_swallowed",
            "warning",
            found[0],
            f"{number(len(found), 'connector')} ({_quoted(found)}) {skip} records with errors without a trace of them: errors.tolerance is "
            "all, without a dead letter queue and without errors.log.enable",
            f"set errors.log.enable: true, or {QUEUE} for a sink",
            count=len(found),
            about=about_connectors(found),
        )


def missing_dead_letter_topics(counted: Sequence[Connector], facts: DeadLetterFacts) -> Iterator[HealthFinding]:
    """Dead letter topics that do not exist. Each task creates its topic when it starts, and fails if that is impossible."""
    for name, sinks in sorted(dead_letter_topics(counted).items()):
        if name in facts.existing:
            continue
        for stored in sinks:
            factor = _factor(stored)
            if stored.is_idle:
                continue
            if factor > facts.brokers:
                yield HealthFinding(
                    "dead_letter_topic_missing",
                    "warning",
                    stored.name,
                    f'the dead letter topic "{name}" of sink "{stored.name}" does not exist, and its tasks can\'t create it: {_FACTOR} is '
                    f"{factor}, but {number(facts.brokers, 'broker')} {'is' if facts.brokers == 1 else 'are'} alive. A task that starts "
                    "fails",
                    f"set {_FACTOR} to at most {facts.brokers} (module connectors), or create the topic",
                    about=about_connectors([stored.name]),
                    detail="replication_factor",
                )
            elif any(task.state == "RUNNING" for task in stored.tasks):
                yield HealthFinding(
                    "dead_letter_topic_missing",
                    "warning",
                    stored.name,
                    f'the dead letter topic "{name}" of sink "{stored.name}" does not exist, although its tasks create it when they start: '
                    "records with errors may be lost",
                    "restart the tasks (connector_state with state: restarted), which creates the topic",
                    about=about_connectors([stored.name]),
                )


def _quoted(names: Sequence[str]) -> str:
    return some([f'"{name}"' for name in names])


def _factor(stored: Connector) -> int:
    text = (stored.config or {}).get(_FACTOR, "").strip()
    return int(text) if text.isdecimal() and len(text) < 6 else _DEFAULT_FACTOR


# Dead letters


def dead_letter_findings(observation: Observation) -> Iterator[HealthFinding]:
    """Records in dead letter topics: a warning if some arrived during the observation."""
    for topic in observation.dead_letters:
        records = _records(topic, observation.last)
        arrived = _arrived(topic, observation)
        if not records:
            continue
        causes = Counter(letter.cause for letter in topic.newest if letter.cause)
        newest = f"; newest causes: {some(list(causes))}" if causes else ""
        new = f", {arrived} of them arrived in {observation.seconds:.0f} s" if arrived else ""
        yield HealthFinding(
            "dead_letters_arriving",
            "warning" if arrived else "info",
            topic.name,
            f'{number(records, "record")} in the dead letter topic "{topic.name}" of {_quoted(topic.connectors)}{new}{newest}',
            "fix what these records have in common (dead_letter_info shows samples), then process them again with dead_letters; with "
            "errors.deadletterqueue.context.headers.enable: true each record shows its cause"
            if not causes
            else "fix this cause, then process the records again with dead_letters; dead_letter_info shows all causes",
            count=records,
            about=about_connectors(topic.connectors),
        )


def dead_letter_entries(observation: Observation) -> list[dict[str, Any]]:
    """`dead_letters` in the result. `arrived`: None for one snapshot."""
    return [
        {
            "topic": topic.name,
            "connectors": list(topic.connectors),
            "records": _records(topic, observation.last),
            "arrived": _arrived(topic, observation) if len(observation.moments) > 1 else None,
            "causes": list(dict.fromkeys(letter.cause for letter in topic.newest if letter.cause)),
        }
        for topic in observation.dead_letters
    ]


def _records(topic: DeadLetterTopic, moment: Moment) -> int:
    return sum(max(moment.ends.get(part, begin) - begin, 0) for part, begin in topic.begins.items())


def _arrived(topic: DeadLetterTopic, observation: Observation) -> int:
    first: Mapping[Any, int] = observation.first.ends
    last = observation.last.ends
    return sum(max(last[part] - first[part], 0) for part in topic.begins if part in first and part in last)
