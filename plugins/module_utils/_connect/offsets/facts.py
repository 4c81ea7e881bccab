# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The offsets of connectors, for people and playbooks. Reads only; secrets masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import ConnectError
from ..model import Connector
from ..parallel import in_parallel
from ..patterns import any_match, is_pattern
from ..reporting.report import Report
from ..secrets import mask_text, secret_values
from ..snapshot.cluster import Cluster
from .entries import masked, shown_offsets
from .model import TOPIC, Offsets, number_of, part_of
from .positions import PositionSource, read_facts
from .resolve import TopicFacts
from .write import read_offsets

PARALLEL_REQUESTS = 4
"""For a source, a worker reads the whole offsets topic."""


def offset_facts(cluster: Cluster, names: Sequence[str], source: PositionSource | None) -> Report:
    """`connectors` and `missing` of connector_offsets_info. `names`: names and patterns, empty for all."""
    snapshot = cluster.read()
    plain = [name for name in names if not is_pattern(name)]
    if any(name not in snapshot.connectors for name in plain) or not snapshot.connectors:
        snapshot = cluster.read_when_ready(plain)
    matches = any_match(names or ["*"])
    chosen = [one for name, one in sorted(snapshot.connectors.items()) if name in names or matches(name)]
    stored = _read(cluster, [one.name for one in chosen])
    topics = {
        str(entry.partition.get(TOPIC))
        for one in chosen
        if one.type == "sink"
        for entry in stored.get(one.name, {}).values()
    }
    facts = read_facts(source, topics, ()) if source is not None and topics else None
    entries = [_entry(one, stored[one.name], facts) for one in chosen if one.name in stored]
    missing = sorted(name for name in plain if name not in stored)
    return Report(extra={"connectors": entries, "missing": missing}, warnings=cluster.warnings)


def _read(cluster: Cluster, names: Sequence[str]) -> Mapping[str, Offsets]:
    """Leaves out connectors that are deleted meanwhile."""
    found = {}
    answers = in_parallel(cluster.run, lambda name: read_offsets(cluster.api, name), names, PARALLEL_REQUESTS)
    for name, answer in answers:
        if not isinstance(answer, ConnectError):
            found[name] = answer
        elif answer.kind != "not_found":
            raise answer
    return found


def _entry(stored: Connector, offsets: Offsets, facts: TopicFacts | None) -> dict[str, Any]:
    config = stored.config or {}
    secrets = secret_values(config)
    shown = masked(shown_offsets(offsets.values()), lambda text: mask_text(text, secrets))
    entry: dict[str, Any] = {"name": stored.name, "type": stored.type, "state": stored.state, "offsets": shown}
    if stored.type != "sink":
        return entry
    entry["group"] = config.get("consumer.override.group.id", f"connect-{stored.name}")
    if facts is not None:
        for one in shown:
            part, offset = part_of(one["partition"]), number_of(one["offset"])
            if part in facts.ends and offset is not None:
                one |= {"first": facts.begins[part], "end": facts.ends[part], "lag": max(facts.ends[part] - offset, 0)}
        entry["lag"] = sum(one.get("lag", 0) for one in shown)
    return entry
