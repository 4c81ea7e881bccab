# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a plan and its outcome to the fields of the result. Secrets are masked. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

from ..errors import on_a_line
from ..model import Connector, RunState
from ..rest.offsets import PartitionOffset
from ..run import counted
from .desired import FormerOffsets
from .model import OFFSET, PARTITION, TOPIC, OffsetChange, Offsets, OffsetsPlan, key_of
from .saved import former_entry

Mask = Callable[[str], str]

SHOWN_CHANGES = 3


class Standing(NamedTuple):
    """What a run has left. `restored`: they were changed, and have been changed back."""

    offsets: Literal["unchanged", "changed", "restored", "unknown"]
    run_state: RunState | Literal["unknown"]


def result_fields(
    stored: Connector,
    before: FormerOffsets,
    plan: OffsetsPlan,
    after: Offsets | None,
    standing: Standing,
    mask: Mask,
) -> dict[str, Any]:
    """The fields of connector_offsets. `after`: the offsets as last read, None if they were not read again."""
    shown = shown_offsets(after.values() if after is not None else before.offsets)
    planned = [change_entry(change) for change in plan.changes]
    former = before.run_state
    differs = standing.run_state not in (former, "unknown")
    return {
        "name": stored.name,
        "type": stored.type,
        "changes": [masked(entry, mask) for entry in planned],
        "before": masked(former_entry(before), mask),
        "offsets": masked(shown, mask),
        "standing": {"offsets": standing.offsets, "run_state": standing.run_state},
        "run_states": {stored.name: {"before": former, "after": standing.run_state}} if differs else {},
        "diff": [_diff(stored.name, plan, mask)] if plan.changes else [],
    }


def masked(value: Any, mask: Mask) -> Any:
    """The value with secrets of the connector's configuration masked in each text."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: masked(part, mask) for key, part in value.items()}
    return [masked(part, mask) for part in value] if isinstance(value, list) else value


def shown_offsets(entries: Iterable[PartitionOffset]) -> list[dict[str, Any]]:
    return [
        {"partition": dict(entry.partition), "offset": entry.offset}
        for entry in sorted(entries, key=lambda entry: _order(entry.partition))
    ]


def change_entry(change: OffsetChange) -> dict[str, Any]:
    """One of `changes`."""
    entry: dict[str, Any] = {"partition": dict(change.partition), "before": change.before, "after": change.after}
    if change.read_again is not None and change.skipped is not None:
        entry |= {"read_again": change.read_again, "skipped": change.skipped}
    return entry


def describe(
    name: str, plan: OffsetsPlan, *, check_mode: bool, was_stopped: bool, run_state: RunState, former: RunState
) -> str:
    """`orders: set 2 offsets, removed 1 (orders-0: 100 -> 20; ...); up to 80 records read again`. `was_stopped`: by this run."""
    shown = on_a_line(name)
    removed = sum(change.after is None for change in plan.changes)
    put = len(plan.changes) - removed
    parts = []
    if put:
        parts.append(f"{'set' if not check_mode else 'would set'} {counted(put, 'offset')}")
    if removed:
        parts.append(f"{'removed' if not check_mode else 'would remove'} {counted(removed, 'offset')}")
    if not parts:
        moved = "" if run_state == former else f"; {'would be' if check_mode else 'is'} {run_state} again"
        stopped = ", which it had stored when it was stopped" if was_stopped else ""
        return f"{shown}: the offsets are the desired ones{stopped}{moved}"
    listed = "; ".join(change_text(change) for change in plan.changes[:SHOWN_CHANGES])
    more = f"; {len(plan.changes) - SHOWN_CHANGES} more" if len(plan.changes) > SHOWN_CHANGES else ""
    text = f"{shown}: {', '.join(parts)} ({listed}{more})"
    again = sum(change.read_again or 0 for change in plan.changes)
    skipped = sum(change.skipped or 0 for change in plan.changes)
    if again:
        text += f"; up to {counted(again, 'record')} read again"
    if skipped:
        text += f"; up to {counted(skipped, 'record')} skipped"
    return text


def change_text(change: OffsetChange) -> str:
    return f"{_place(change.partition)}: {_offset(change.before)} -> {_offset(change.after)}"


def standing_text(standing: Standing, former: RunState) -> str:
    """Where a failed run has left the connector."""
    offsets = {
        "unchanged": "its offsets are unchanged",
        "changed": "its offsets are the new ones",
        "restored": "its previous offsets are back",
        "unknown": "read its offsets with connector_offsets_info, because what they are now is unknown",
    }[standing.offsets]
    if standing.run_state == "unknown":
        return f"{offsets}; its run state is unknown, it was {former.upper()}"
    was = "" if standing.run_state == former else f", and was {former.upper()}: take it back with connector_state"
    return f"{offsets}; it is {standing.run_state.upper()}{was}"


def _diff(name: str, plan: OffsetsPlan, mask: Mask) -> dict[str, str]:
    changes = sorted(plan.changes, key=lambda change: _order(change.partition))

    def lines(values: Iterable[tuple[Mapping[str, Any], Mapping[str, Any] | None]]) -> str:
        return "".join(
            f"{mask(_place(place))}: {mask(_offset(offset))}\n" for place, offset in values if offset is not None
        )

    return {
        "before_header": f"{on_a_line(name)} (offsets)",
        "after_header": f"{on_a_line(name)} (offsets)",
        "before": lines((change.partition, change.before) for change in changes),
        "after": lines((change.partition, change.after) for change in changes),
    }


def _place(partition: Mapping[str, Any]) -> str:
    if partition.keys() == {TOPIC, PARTITION}:
        return on_a_line(f"{partition[TOPIC]}-{partition[PARTITION]}")
    return on_a_line(key_of(partition))


def _offset(offset: Mapping[str, Any] | None) -> str:
    if offset is None:
        return "none"
    return str(offset[OFFSET]) if offset.keys() == {OFFSET} else on_a_line(key_of(offset))


def _order(partition: Mapping[str, Any]) -> tuple[str, int, str]:
    if partition.keys() == {TOPIC, PARTITION}:
        return str(partition[TOPIC]), int(partition[PARTITION]), ""
    return "", 0, key_of(partition)
