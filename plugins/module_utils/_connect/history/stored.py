# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connectors at a point in time, as a cluster would have shown them then, for the export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..errors import InputError, Problem
from ..group.topic_reader import TopicSource
from ..model import Connector
from ..patterns import any_match, is_pattern
from ..run import Run
from .as_of import state_at
from .entries import compacted_entry, incomplete_warning, malformed_warning
from .read import HistoryQuery, read_configs
from .times import shown_clock, shown_time


class ConnectorsThen(NamedTuple):
    """`connectors`: those whose configuration is known, by name, with their requested state. `compacted`: entries of the result."""

    connectors: list[Connector]
    compacted: list[dict[str, Any]]
    warnings: list[str]
    as_of: str


def connectors_then(
    source: TopicSource, query: HistoryQuery, names: Sequence[str], time: int, run: Run
) -> ConnectorsThen:
    """Return the chosen connectors. Raises InputError for a name that did not exist then, and as `read_configs`."""
    found = read_configs(source, query, run)
    then = state_at(found.history, time)
    connectors = [
        Connector(one.name, {**one.config, "name": one.name}, state=one.target_state)
        for one in then.connectors
        if one.config is not None
    ]
    unknown = [one for one in then.compacted if one.what in ("config", "target_state")]
    seen = {one.name for one in connectors} | {one.connector for one in unknown}
    missing = [name for name in names if name not in seen and not is_pattern(name)]
    if missing:
        raise InputError(
            Problem(f'connector "{name}" did not exist at {shown_clock(time)}: correct the name or as_of', name)
            for name in missing
        )
    compacted = [compacted_entry(one) for one in unknown]
    warnings = [entry["message"] + _consequence(entry["what"]) for entry in compacted]
    warnings += [
        text for text in (malformed_warning(found.config_topic), incomplete_warning(found.config_topic, time)) if text
    ]
    warnings += [
        f'pattern "{name}" matches no connector'
        for name in names
        if is_pattern(name) and not any(map(any_match([name]), seen))
    ]
    return ConnectorsThen(connectors, compacted, warnings, shown_time(time))


def _consequence(what: str) -> str:
    return "; it has no file" if what == "config" else "; its file does not set a state"
