# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks before the service of a worker is touched."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ..errors import ConnectError, GuardError, RequestError, WorkerError, WrongClusterError
from ..group.find_group import has_member_at
from ..group.group_findings import is_loopback, is_loopback_host, some
from ..group.protocol import Group
from ..parallel import in_parallel
from ..rest.connection import worker_address
from .evidence import GroupSnapshot, InitialState, check_removal, rebalancing, unsettled
from .messages import subject
from .model import ScaleRequest
from .observer import POLL_PAUSE, GroupObserver

OTHERS_JOIN = 15.0
"""Seconds within which ready workers appear in the group, even if the brokers are restarting."""
OTHERS_PAUSE = 1.0
OTHER_ANSWERS = 5.0
"""Seconds for another worker to report that it is ready."""


def check_group(observer: GroupObserver, snapshot: GroupSnapshot, *, runs: bool) -> None:
    """Raises WrongClusterError when this worker's group is not that of the workers of `url`: once started, it would be the
    first worker of another cluster, or move the work of an unrelated one.

    A worker is ready only as a member of its group, so workers that are just starting don't count. Each host checks for
    itself: its own group.id may be the mistyped one. `runs`: its service is already running.
    """
    until = time.monotonic() + OTHERS_JOIN
    while why := _why_another(observer, snapshot):
        request = observer.request
        if time.monotonic() > until:
            raise WrongClusterError(
                f"the group {request.group_id} of {request.service} {why}: nothing was changed",
                f"{f'stop {request.service} on its host, then ' if runs else ''}correct group.id in the worker's properties "
                "(or the option group_id), url or bootstrap_servers; the group needs the ACL Describe",
            )
        observer.progress(f"waiting before the first change: the group {request.group_id} {why}")
        observer.run.check("waiting for members of the group")
        observer.run.pause(OTHERS_PAUSE)
        snapshot = observer.read(first=True)


def _why_another(observer: GroupObserver, snapshot: GroupSnapshot) -> str:
    """Why this is not the group of the workers of `url`; empty when it may be."""
    if not snapshot.group.members:
        other = _ready(observer)
        return f"has no members, but {other} answers: it belongs to another group" if other else ""
    if snapshot.is_foreign:
        return f"runs none of the connectors of url ({some(sorted({name for name, _task in snapshot.work}))})"
    others = _others(observer)
    if not others or has_member_at(snapshot.group, _addresses(others, snapshot.group)):
        return ""
    # With the same topics as the others it runs the same connectors: each of their tasks runs twice.
    groups = observer.client.other_groups(observer.request.group_id)
    theirs = next((group for group in groups if has_member_at(group, _addresses(others, group))), None)
    return f"has none of the workers of url: they are in the group {theirs.group_id}" if theirs is not None else ""


def _addresses(urls: Sequence[str], group: Group) -> set[str]:
    """`host:port` of the URLs that mean the same worker here and on the hosts of the members."""
    one_machine = all(is_loopback_host(member.host) for member in group.members)
    return {worker_address(url) for url in urls if one_machine or not is_loopback(url)}


def _others(observer: GroupObserver) -> list[str]:
    """The URLs that are not this worker's own."""
    request = observer.request
    return [url for url in observer.cluster.api.workers.urls if url not in (request.url, request.advertised)]


def _ready(observer: GroupObserver) -> str:
    """The URL of another worker that is ready; empty when none is."""
    api, others = observer.cluster.api, _others(observer)
    end = time.monotonic() + OTHER_ANSWERS

    def query(url: str) -> None:
        # Its version is unknown: this query works with every version.
        api.await_ready(health=False, worker=url, until=lambda: end - time.monotonic())

    answers = dict(in_parallel(observer.run, query, others, len(others)))
    for answer in answers.values():
        if isinstance(answer, ConnectError) and not isinstance(answer, RequestError):
            raise answer
    return next((url for url in others if answers[url] is None), "")


def obstacle(snapshot: GroupSnapshot, *, may_be_parked: bool) -> str:
    """Why the action must wait; empty when it need not. `may_be_parked`: the action may begin while the leader keeps the work of
    a departed worker. Pure.

    During the delay for a departed worker no other worker may leave: the work of two workers would be unassigned. A worker may
    join, and should do so soon. When the delay ends, Connect assigns the kept work to the workers that have joined meanwhile,
    returned or new. For a worker that joins later, the work has been spread over the others and has to move again.
    """
    return rebalancing(snapshot.group) if may_be_parked else unsettled(snapshot)


def leads(snapshot: GroupSnapshot, url: str) -> bool:
    """Whether the worker that advertises this URL is the leader; False during a rebalance."""
    leader = snapshot.group.leader
    return leader is not None and leader.url == url


def wait_until_stable(observer: GroupObserver, snapshot: GroupSnapshot, *, may_be_parked: bool) -> InitialState:
    """The initial state, once an action may begin (see `obstacle`). Raises WorkerError when that takes too long."""
    began = time.monotonic()
    limit = observer.request.wait_timeout + observer.request.delay
    while why := obstacle(snapshot, may_be_parked=may_be_parked):
        if time.monotonic() - began > limit:
            raise WorkerError(
                f"nothing was changed: for {limit:.0f} s {why}", "find out why the group does not become stable"
            )
        observer.progress(f"waiting before the first change: {why}")
        observer.run.check("waiting for the group to become stable")
        observer.run.pause(POLL_PAUSE)
        snapshot = observer.read(first=True)
    return InitialState.of(snapshot)


def check_removal_guards(initial: InitialState, request: ScaleRequest, others: Sequence[str]) -> None:
    """Raises GuardError when this worker must not leave. `others`: the workers of its batch that leave."""
    proof = check_removal(initial, request.advertised, others, request.guard)
    if proof.failure:
        raise GuardError(f"{subject(request)} must not leave: {proof.failure}", proof.advice)
