# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that decides whose turn it is in a rolling restart, from the result of cluster_health."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from ansible.errors import AnsibleFilterError
from ansible.utils.display import Display

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.applying.batch_sizes import batch_size
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError, one_line
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.turns import (
    ChangeTurn,
    GroupState,
    Order,
    ParkedWork,
    Release,
    ReleaseTurn,
    RollingOptions,
    WaitTurn,
    is_plain,
    next_turn,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.desired import plain
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties_filters import from_java_properties

State = Literal["joined", "left", "restarted"]
VERBS: Mapping[str, str] = {"joined": "start", "left": "stop", "restarted": "restart"}
DEFAULT_DELAY = 300.0
"""Seconds of scheduled.rebalance.max.delay.ms in a worker whose file does not set it."""

display = Display()


@dataclass(frozen=True)
class _Rolling:
    """One rolling restart, departure or arrival, as the role knows it. `hosts`: by URL of their worker."""

    state: State
    health: Mapping[str, Any]
    hosts: Mapping[str, str]
    pending: Sequence[str]
    requested: Sequence[str]
    reasons: Mapping[str, str]
    options: RollingOptions
    restart_seconds: float


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
    delay: float = DEFAULT_DELAY,
    min_workers: int = 1,
    restart_seconds: float = 10.0,
    state: str = "restarted",
    requested: Any = None,
    reasons: Any = None,
    reachable: Any = None,
    properties: Any = None,
    checked: Any = None,
    previous: Any = None,
    results: Any = (),
) -> dict[str, Any]:
    """Return the turn, its lines, and what the next call needs. Raises AnsibleFilterError for invalid input."""
    given, urls, hosts = plain(health), plain(workers), plain(pending)
    if not isinstance(given, Mapping) or not isinstance(given.get("workers"), Sequence):
        raise AnsibleFilterError("rolling_turn: the input is not a result of cluster_health")
    if not isinstance(urls, Mapping) or not set(hosts) <= urls.keys():
        raise AnsibleFilterError("rolling_turn: workers does not name the URL of each pending host")
    addresses = {str(host): str(url).rstrip("/") for host, url in urls.items()}
    before, ended = plain(previous) or {}, [entry for entry in plain(results) if isinstance(entry, Mapping)]
    completed = int(before.get("completed_turns", completed_turns)) + (before.get("kind") == "change")
    pauses = [before.get("restart_seconds", restart_seconds), *(entry.get("restart_seconds") for entry in ended)]
    rolling = _Rolling(
        cast(State, _choice("state", state, get_args(State))),
        given,
        {url: host for host, url in addresses.items()},
        [addresses[host] for host in hosts],
        list(hosts if requested is None else plain(requested)),
        plain(reasons) or {},
        RollingOptions(
            order=cast(Order, _choice("order", order, get_args(Order))),
            release=cast(Release, _choice("release", release, get_args(Release))),
            batch=_batch(plain(batches), completed, len(addresses)),
            delay=float(delay) if properties is None else _delay(plain(properties)),
            releasable={url for host, url in addresses.items() if host not in plain(protected)},
            min_workers=int(min_workers),
        ),
        max(float(pause) for pause in pauses if pause is not None),
    )
    turn = _turn(rolling)
    leader = turn["released_by"]
    if leader and checked is not None and leader not in [*rolling.requested, *plain(checked)]:
        turn = _entry("check", released_by=leader, reason=turn["reason"])
    if reachable is not None:
        _require_reachable(rolling, turn, plain(reachable))
    unknown = _why_unknown(rolling)
    if unknown and hosts and not before:
        display.warning(f"leader not known, because {unknown}")
    done = [host for host in rolling.requested if host not in hosts]
    return {
        **turn,
        "line": _turn_line(rolling, turn),
        "plan": [_order_line(rolling, unknown), *_interruption_lines(rolling)],
        "confirmed": list(before.get("confirmed", ())) if before and _parked(given) else done,
        "completed_turns": completed,
        "restart_seconds": rolling.restart_seconds,
    }


def _turn(rolling: _Rolling) -> dict[str, Any]:
    """The next turn, with hosts instead of URLs."""
    state = _state(rolling)
    found = next_turn(state, rolling.pending, rolling.options, rolling.restart_seconds)
    if found is None:
        return _entry("done")
    if isinstance(found, WaitTurn):
        return _entry("wait", seconds=found.seconds, reason=found.reason)
    if isinstance(found, ReleaseTurn):
        return _entry("release", released_by=rolling.hosts[found.leader], reason=found.reason)
    leader = rolling.hosts[found.released_by] if found.released_by else ""
    names = [rolling.hosts[url] for url in found.workers]
    return _entry("change", names, released_by=leader, reason=_reason(rolling, found))


def _reason(rolling: _Rolling, turn: ChangeTurn) -> str:
    return turn.reason if rolling.state != "joined" else "Connect distributes the work once for all of them"


def _entry(
    kind: str, hosts: Collection[str] = (), *, released_by: str = "", seconds: float = 0.0, reason: str = ""
) -> dict[str, Any]:
    return {"kind": kind, "hosts": list(hosts), "released_by": released_by, "seconds": seconds, "reason": reason}


def _state(rolling: _Rolling) -> GroupState:
    """The group, with workers whose membership is unknown as members without tasks. Without a leader during a rebalance. Workers
    that join count as absent: they are started in any case.
    """
    entries = {str(entry["url"]): entry for entry in rolling.health["workers"]}
    members = {url: entry for url, entry in entries.items() if entry.get("member")}
    tasks = {url: int(entry.get("tasks") or 0) for url, entry in members.items()}
    connectors = {url: int(entry.get("connectors") or 0) for url, entry in members.items()}
    if rolling.state == "joined":
        tasks = {url: count for url, count in tasks.items() if url not in rolling.pending}
    else:
        unknown = [url for url in rolling.pending if entries.get(url, {}).get("member") is not False]
        tasks |= {url: 0 for url in unknown if url not in tasks}
    return GroupState(_leader(rolling.health), tasks, _parked(rolling.health), connectors)


def _leader(health: Mapping[str, Any]) -> str:
    return next((str(entry["url"]) for entry in health["workers"] if entry.get("leader")), "")


def _parked(health: Mapping[str, Any]) -> ParkedWork:
    rebalance = health.get("rebalance") or {}
    tasks, connectors = (int(rebalance.get(f"parked_{what}") or 0) for what in ("tasks", "connectors"))
    return ParkedWork(tasks, (rebalance.get("delay_ms") or 0) / 1000, connectors)


def _delay(texts: Sequence[Any]) -> float:
    """The longest scheduled.rebalance.max.delay.ms in these excerpts of workers' files, in seconds. Only a worker can resolve a
    reference, so it counts as the default.
    """
    delays = []
    for text in texts:
        found = from_java_properties(str(text or ""))
        value = found.get("scheduled.rebalance.max.delay.ms", "")
        seconds = int(value) / 1000 if value.strip().isdigit() else DEFAULT_DELAY
        delays.append(0.0 if found.get("connect.protocol") == "eager" else seconds)
    return max(delays, default=DEFAULT_DELAY)


def _require_reachable(rolling: _Rolling, turn: Mapping[str, Any], reachable: Collection[str]) -> None:
    """With any_errors_fatal, Ansible has ended the play before."""
    missing = [host for host in (*turn["hosts"], turn["released_by"]) if host and host not in reachable]
    if missing:
        raise AnsibleFilterError(
            f"unreachable, not {rolling.state}: {', '.join(missing)}; the remaining workers are left unchanged"
        )


# Lines


def _turn_line(rolling: _Rolling, turn: Mapping[str, Any]) -> str:
    """What happens now, and why."""
    verb, reason = VERBS[rolling.state], turn["reason"]
    if turn["kind"] == "change":
        done, total = len(rolling.requested) - len(rolling.pending), len(rolling.requested)
        also = f" and restart {turn['released_by']}" if turn["released_by"] else ""
        return f"{verb} {', '.join(turn['hosts'])}{also}: {reason}; {done} of {total} hosts so far"
    if turn["kind"] == "release":
        return f"restart {turn['released_by']}: {reason}"
    if turn["kind"] == "wait":
        until = time.strftime("%H:%M:%S", time.localtime(time.time() + turn["seconds"]))
        return f"wait until {until} at the latest: {reason}"
    if turn["kind"] == "check":
        return f"check whether {turn['released_by']} may restart: {reason}"
    return "nothing is left to do"


def _order_line(rolling: _Rolling, unknown: str) -> str:
    """In which order workers change, and which ones."""
    hosts = [rolling.hosts[url] for url in rolling.pending]
    named = ", ".join(f"{host} ({why})" if (why := rolling.reasons.get(host)) else host for host in hosts) or "none"
    if rolling.state == "joined":
        members = [str(entry["url"]) for entry in rolling.health["workers"] if entry.get("member")]
        return f"to start: {named}; current members: {', '.join(members) or 'unknown'}"
    change = f"to {VERBS[rolling.state]}: {named}"
    if unknown and hosts:
        return f"leader not known, because {unknown}; {change}"
    leader = _leader(rolling.health)
    name = rolling.hosts.get(leader, "")
    if is_plain(rolling.options, rolling.restart_seconds):
        return f"followers first, {name or 'the leader'} (leads the group) last; {change}"
    if leader in rolling.pending:
        return f"{name} (leads the group) first, then each new leader; {change}"
    return f"the leader of the group first; {change}"


def _interruption_lines(rolling: _Rolling) -> list[str]:
    """For how long tasks stand still, in this order and in the other one."""
    if not rolling.pending or rolling.state == "joined":
        return []
    leader, delay = _leader(rolling.health), f"{rolling.options.delay:.0f} s"
    followers = ", ".join(rolling.hosts[url] for url in rolling.pending if url != leader)
    text = f"tasks of {', '.join(rolling.hosts[url] for url in rolling.pending)} stand still for about {rolling.restart_seconds:.0f} s"
    setting = f"up to {delay} (scheduled.rebalance.max.delay.ms)"
    if not followers:
        return [text]
    if not is_plain(rolling.options, rolling.restart_seconds):
        return [f"{text}; with rolling_order leader_last, those of {followers} would for {setting}"]
    if rolling.options.order == "leader_last" and rolling.options.delay > rolling.restart_seconds:
        return [f"{text}; those of {followers} for {setting}, with rolling_order leader_first they would not"]
    return [f"{text}: the cluster keeps the work of a departed worker for {delay} only"]


def _why_unknown(rolling: _Rolling) -> str:
    """Why no worker of these hosts is known as leader or follower; empty if it is known."""
    if _leader(rolling.health) and any(entry["url"] in rolling.hosts for entry in rolling.health["workers"]):
        return ""
    unread = [found for found in rolling.health.get("findings") or () if found.get("kind") == "group_unknown"]
    if unread:
        return one_line(f"{unread[0]['message']} -> {unread[0]['advice']}")
    if (rolling.health.get("rebalance") or {}).get("in_progress"):
        return "the group is rebalancing"
    if not _leader(rolling.health):
        return "no member leads the group"
    members = ", ".join(str(entry["url"]) for entry in rolling.health["workers"])
    listed = ", ".join(rolling.hosts)
    return one_line(f"the workers are {members}, and rolling_worker_url says {listed} -> correct rolling_worker_url")


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
