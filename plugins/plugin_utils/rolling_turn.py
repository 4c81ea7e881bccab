# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that decides whose turn it is in a rolling restart, from the result of cluster_health."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast, get_args

from ansible.errors import AnsibleFilterError

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.applying.batch_sizes import batch_size
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.turns import (
    ChangeTurn,
    GroupState,
    Order,
    ParkedWork,
    Release,
    ReleaseTurn,
    RollingOptions,
    WaitTurn,
    next_turn,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.desired import plain


def rolling_turn(
    health: Any,
    workers: Any,
    pending: Any,
    *,
    protected: Any = (),
    order: str = "leader_first",
    release: str = "auto",
    batches: Any = (1,),
    completed_turns: int = 0,
    delay: float = 300.0,
    min_workers: int = 1,
    restart_seconds: float = 10.0,
) -> dict[str, Any]:
    """Return `kind`, `hosts`, `released_by`, `seconds` and `reason`. Raises AnsibleFilterError for invalid input."""
    given, urls, hosts = plain(health), plain(workers), plain(pending)
    if not isinstance(given, Mapping) or not isinstance(given.get("workers"), Sequence):
        raise AnsibleFilterError("rolling_turn: the input is not a result of cluster_health")
    if not isinstance(urls, Mapping) or not set(hosts) <= urls.keys():
        raise AnsibleFilterError("rolling_turn: workers does not name the URL of each pending host")
    addresses = {str(host): str(url).rstrip("/") for host, url in urls.items()}
    options = RollingOptions(
        order=cast(Order, _choice("order", order, get_args(Order))),
        release=cast(Release, _choice("release", release, get_args(Release))),
        batch=_batch(plain(batches), int(completed_turns), len(addresses)),
        delay=float(delay),
        releasable={url for host, url in addresses.items() if host not in plain(protected)},
        min_workers=int(min_workers),
    )
    state = _state(given, [addresses[host] for host in hosts])
    found = next_turn(state, [addresses[host] for host in hosts], options, float(restart_seconds))
    names = {url: host for host, url in addresses.items()}
    if found is None:
        return _entry("done")
    if isinstance(found, WaitTurn):
        return _entry("wait", seconds=found.seconds, reason=found.reason)
    if isinstance(found, ReleaseTurn):
        return _entry("release", released_by=names[found.leader], reason=found.reason)
    return _change(found, names)


def _change(turn: ChangeTurn, names: Mapping[str, str]) -> dict[str, Any]:
    leader = names[turn.released_by] if turn.released_by else ""
    return _entry("change", [names[url] for url in turn.workers], released_by=leader, reason=turn.reason)


def _entry(
    kind: str, hosts: Collection[str] = (), *, released_by: str = "", seconds: float = 0.0, reason: str = ""
) -> dict[str, Any]:
    return {"kind": kind, "hosts": list(hosts), "released_by": released_by, "seconds": seconds, "reason": reason}


def _state(health: Mapping[str, Any], pending: Collection[str]) -> GroupState:
    """The group, with workers whose membership is unknown as members without tasks. Without a leader during a rebalance."""
    entries = {str(entry["url"]): entry for entry in health["workers"]}
    tasks = {url: int(entry.get("tasks") or 0) for url, entry in entries.items() if entry.get("member")}
    tasks |= {url: 0 for url in pending if url not in tasks and entries.get(url, {}).get("member") is not False}
    leader = next((url for url, entry in entries.items() if entry.get("leader")), "")
    rebalance = health.get("rebalance") or {}
    parked = ParkedWork(int(rebalance.get("parked_tasks") or 0), (rebalance.get("delay_ms") or 0) / 1000)
    return GroupState(leader, tasks, parked)


def _batch(batches: Any, completed: int, total: int) -> int:
    """The size of the next batch. The last entry repeats, as in Ansible's `serial`."""
    entries = list(batches) if isinstance(batches, (list, tuple)) else [batches]
    try:
        sizes = [batch_size(str(entry), total) for entry in entries]
    except InputError as error:
        raise AnsibleFilterError(f"rolling_turn: {error.message}") from None
    return sizes[min(completed, len(sizes) - 1)] if sizes else 1


def _choice(name: str, value: str, choices: Sequence[str]) -> str:
    if str(value) not in choices:
        raise AnsibleFilterError(f"rolling_turn: {name} is {value}: give {' or '.join(choices)}")
    return str(value)
