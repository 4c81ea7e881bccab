# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which run states earlier runs have changed, from their report file or from their results."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ..bounded_file import read_file
from ..errors import InputError, Problem
from ..model import RUN_STATES, RunState
from ..network_errors import file_failure

_OPTION = "from_report"


class FormerState(NamedTuple):
    """A connector whose run state was changed: from `before` to `after`."""

    name: str
    before: RunState
    after: RunState


def former_states(report: object) -> tuple[FormerState, ...]:
    """The changes of a report, given as the path of a report file, or as `run_states` of a result.

    Raises InputError if it is neither, with the line or the connector that is wrong.
    """
    if isinstance(report, str):
        return tuple(_of_file(report))
    if isinstance(report, Mapping):
        return tuple(_entry(str(name), states, "run_states") for name, states in report.items())
    raise _refused(
        "is neither a path nor run_states of a result", "give the report_path of the earlier task, or its run_states"
    )


def _of_file(path: str) -> Iterable[FormerState]:
    """The connectors that the runs of this file have begun to change. After several runs, such as one that was interrupted and
    repeated, the first state counts as the former one.
    """
    planned: dict[str, FormerState] = {}
    begun: dict[str, FormerState] = {}
    for number, event in _events(path):
        if event.get("event") == "run_begun":
            states = event.get("run_states", {})
            if not isinstance(states, Mapping):
                raise _refused(
                    f"{path}, line {number}: run_states is not a mapping", "give a file that report_path has written"
                )
            planned = {name: _entry(name, pair, f"{path}, line {number}") for name, pair in states.items()}
        elif event.get("event") == "begun" and (entry := planned.get(str(event.get("connector")))) is not None:
            first = begun.get(entry.name, entry)
            begun[entry.name] = FormerState(entry.name, first.before, entry.after)
    return begun.values()


def _events(path: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        text = read_file(path).decode("utf-8")
    except OSError as error:
        raise _refused(
            f"{path} can't be read ({file_failure(error)})", "give the report_path of the earlier task"
        ) from None
    except UnicodeDecodeError:
        raise _refused(f"{path} is not UTF-8 text", "give a file that report_path has written") from None
    for number, line in enumerate(text.split("\n"), 1):
        if not line:
            continue
        try:
            event = json.loads(line)
        except ValueError:
            # A run that was killed may have left a part of a line.
            if line.startswith("{"):
                continue
            raise _refused(f"{path}, line {number} is not JSON", "give a file that report_path has written") from None
        if not isinstance(event, Mapping):
            raise _refused(f"{path}, line {number} is not an event", "give a file that report_path has written")
        yield number, event


def _entry(name: str, states: object, where: str) -> FormerState:
    if isinstance(states, Mapping):
        before, after = states.get("before"), states.get("after")
        if before in RUN_STATES and after in RUN_STATES:
            return FormerState(name, before, after)
    raise _refused(
        f'{where}: connector "{name}" has no before and after of {", ".join(RUN_STATES)}',
        "give the report_path of the earlier task, or its run_states",
    )


def _refused(why: str, fix: str) -> InputError:
    return InputError([Problem(f"{_OPTION} {why}: {fix}")])
