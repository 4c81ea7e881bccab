# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module dead_letters."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._connect.dead_letters.discard import DiscardRequest, discard
from ..._connect.dead_letters.reprocess import ORIGIN, Progress, ReprocessRequest, existing, reprocess
from ..._connect.dead_letters.review import ends_of, reviewed_offsets, set_mark
from ..._connect.dead_letters.selection import Selection, position_group
from ..._connect.errors import ConnectError, InputError, Problem, on_a_line
from ..._connect.group.brokers import Brokers, BrokersClient, Topic
from ..._connect.group.consumer_groups import ConsumerGroups
from ..._connect.group.topic_reader import TopicReader
from ..._connect.group.topic_writer import TransactionalWriter, delete_before
from ..._connect.reporting.report import Report
from ..._connect.run import counted
from ..._connect.triage.table import KINDS
from ..arguments import BROKERS, Specification
from ..broker_options import client_secrets
from ..dead_letter_options import brokers_with_letters, mark_problems, positive_problems
from ..invocation import Invocation
from ..options import Parameters
from ..time_options import now, time_of

_SELECTION = ("connectors", "origins", "kinds", "stages")
_STAGES = (
    "KEY_CONVERTER",
    "VALUE_CONVERTER",
    "HEADER_CONVERTER",
    "TRANSFORMATION",
    "TASK_PUT",
    "KAFKA_CONSUME",
)
"""Those of sinks, of class org.apache.kafka.connect.runtime.errors.Stage."""

DEAD_LETTERS = Specification(
    "dead_letters",
    {
        "topic": {"type": "str", "required": True},
        "state": {"type": "str", "required": True, "choices": ["reviewed", "reprocessed", "discarded"]},
        "review": {"type": "str"},
        "destination": {"type": "str"},
        "to_origin": {"type": "bool", "default": False},
        "connectors": {"type": "list", "elements": "str", "default": []},
        "origins": {"type": "list", "elements": "str", "default": []},
        "kinds": {"type": "list", "elements": "str", "default": []},
        "stages": {"type": "list", "elements": "str", "choices": list(_STAGES), "default": []},
        "since": {"type": "str"},
        "until": {"type": "str"},
        "limit": {"type": "int", "default": 10000},
        "backup_dir": {"type": "path"},
        "max_bytes": {"type": "int", "default": 1073741824},
        "bootstrap_servers": {"type": "list", "elements": "str", "required": True},
        "client_properties": BROKERS["client_properties"],
        "run_timeout": {"type": "float"},
        "progress": {"type": "bool", "default": True},
    },
    required_if=(
        ("state", "reviewed", ("review",)),
        ("state", "discarded", ("backup_dir",)),
    ),
    mutually_exclusive=(("destination", "to_origin"),),
)
"""Has no connection options, because it sends no requests to workers."""


def dead_letters(invocation: Invocation) -> Report:
    """Sets a review mark, writes records again, or deletes them. Raises InputError for invalid options."""
    parameters = invocation.parameters
    invocation.secrets = client_secrets(parameters)
    brokers = brokers_with_letters(parameters)
    _check(parameters)
    reader = TopicReader(brokers, invocation.run)
    act = {"reviewed": _review, "reprocessed": _reprocess, "discarded": _discard}[parameters["state"]]
    return act(invocation, brokers, reader)


def _review(invocation: Invocation, brokers: Brokers, reader: TopicReader) -> Report:
    parameters = invocation.parameters
    mark, topic = parameters["review"], existing(reader, parameters["topic"])
    client = BrokersClient(brokers)
    groups = ConsumerGroups(client)
    ends = ends_of(reader, topic, time_of(parameters, "until", now()))
    before = {part: offset for part, offset in reviewed_offsets(groups, mark).items() if part in ends}
    changed = before != ends
    if changed and not invocation.check_mode:
        set_mark(client, mark, ends)
    begins = groups.begins(ends)
    count = sum(max(end - max(before.get(part, 0), begins.get(part, 0)), 0) for part, end in ends.items())
    done = "would be marked" if invocation.check_mode else "marked"
    text = f"records {done} as reviewed: {count}" if changed else "all records are reviewed already"
    return Report(changed, extra={"records": count if changed else 0, "msg": f"{text} ({mark} of topic {topic.name})"})


def _reprocess(invocation: Invocation, brokers: Brokers, reader: TopicReader) -> Report:
    parameters, run = invocation.parameters, invocation.run
    at = now()
    selection = Selection(*(tuple(parameters[name]) for name in _SELECTION))
    request = ReprocessRequest(
        parameters["topic"],
        parameters["destination"] or ORIGIN,
        selection,
        parameters["limit"],
        time_of(parameters, "since", at),
        time_of(parameters, "until", at),
    )
    group = position_group(request.topic, request.destination, selection, (parameters["since"] or "").strip())
    progress = Progress()
    failure: ConnectError | None = None
    writer = None if invocation.check_mode else TransactionalWriter(brokers, group, run)
    try:
        positions = partial(_stored_positions, brokers, group) if writer is None else partial(_positions, writer)
        reprocess(reader, request, run, positions, writer, progress)
    except ConnectError as error:
        failure = error
    finally:
        if writer is not None:
            writer.close()
    done = "would be written again" if invocation.check_mode else "written again"
    text = f"records {done}: {progress.reprocessed}; not selected: {progress.passed}; left: {progress.left}"
    extra: dict[str, Any] = {
        "records": progress.reprocessed,
        "passed": progress.passed,
        "left": progress.left,
        "destinations": dict(sorted(progress.destinations.items())),
        "position_group": group,
        "msg": text,
    }
    return Report(progress.reprocessed > 0, failure=failure, extra=extra)


def _stored_positions(brokers: Brokers, group: str, topic: Topic) -> Mapping[int, int]:
    found = ConsumerGroups(BrokersClient(brokers)).committed([group]).get(group, {})
    return {number: offset for (name, number), offset in found.items() if name == topic.name}


def _positions(writer: TransactionalWriter, topic: Topic) -> Mapping[int, int]:
    return writer.positions(topic.name, topic.partitions)


def _discard(invocation: Invocation, brokers: Brokers, reader: TopicReader) -> Report:
    parameters = invocation.parameters
    topic = existing(reader, parameters["topic"])
    until = time_of(parameters, "until", now())
    request = DiscardRequest(topic.name, parameters["backup_dir"], parameters["max_bytes"], until)
    delete = None if invocation.check_mode else partial(delete_before, BrokersClient(brokers))
    found = discard(reader, topic, request, invocation.run, delete)
    done = "would be deleted" if invocation.check_mode else "deleted"
    text = f"{counted(found.records, 'record')} {done} in topic {topic.name}"
    return Report(
        found.records > 0,
        extra={
            "records": found.records,
            "backup_file": found.backup_file,
            "msg": text if found.records else f"nothing to delete in topic {topic.name}",
        },
    )


def _check(parameters: Parameters) -> None:
    """Raise InputError for invalid options, and for those that have no effect."""
    state = parameters["state"]
    problems = [*positive_problems(parameters, "limit", "max_bytes"), *mark_problems(parameters["review"])]
    if state != "reprocessed":
        useless = [name for name in (*_SELECTION, "since") if parameters[name]]
        if useless:
            text = f"{', '.join(useless)} can't be combined with state {state}, which is about all records up to until"
            problems.append(Problem(f"{text}: leave it out"))
    problems += [
        Problem(f'kinds: "{on_a_line(kind)}" is no kind of a cause: use one that dead_letter_info returns')
        for kind in parameters["kinds"]
        if kind not in KINDS
    ]
    if state == "reprocessed" and not parameters["destination"] and not parameters["to_origin"]:
        problems.append(Problem("state is reprocessed: set destination to the topic to write to, or to_origin to true"))
    if parameters["destination"] is not None and parameters["destination"] == parameters["topic"]:
        problems.append(Problem("destination is the dead letter topic itself: give the topic that a sink reads"))
    if problems:
        raise InputError(problems)
