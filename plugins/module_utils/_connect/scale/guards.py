# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is found out, and what has to be so, before the service of a worker is touched."""

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
from .model import Action, ScaleRequest
from .observer import POLL_PAUSE, GroupObserver

OTHERS_JOIN = 15.0
"""Seconds in which workers that are ready show up in the group. They are members by then; the brokers may be restarting."""
OTHERS_PAUSE = 1.0
OTHER_ANSWERS = 5.0
"""Seconds for another worker to say that it is ready."""


def check_group(watch: GroupObserver, look: GroupSnapshot, *, runs: bool) -> None:
    """Raises WrongClusterError when this worker's group is not that of the workers of `url`: started, it would be the first
    worker of another cluster, or would move the work of one that is none of this run's business.

    A worker is ready only as a member of its group, so those that are just starting, of the same batch or not, don't count.
    Each host asks for itself: its own group.id may be the mistyped one. `runs`: its service does so already.
    """
    until = time.monotonic() + OTHERS_JOIN
    while why := _why_another(watch, look):
        wanted = watch.wanted
        if time.monotonic() > until:
            raise WrongClusterError(
                f"the group {wanted.group_id} of {wanted.service} {why}: nothing was begun",
                f"{f'stop {wanted.service} on its host, then ' if runs else ''}correct group.id in the worker's properties "
                "(or the option group_id), url or bootstrap_servers; the group needs the ACL Describe",
            )
        watch.progress(f"waiting before anything is begun: the group {wanted.group_id} {why}")
        watch.run.check("waiting for members of the group")
        watch.run.pause(OTHERS_PAUSE)
        look = watch.look(first=True)


def _why_another(watch: GroupObserver, look: GroupSnapshot) -> str:
    """Why the group seems not to be that of the workers of `url`; empty when it may well be."""
    if not look.group.members:
        other = _ready(watch)
        return f"has no members, but {other} answers, which is a worker of another group" if other else ""
    if look.is_foreign:
        return f"works on none of the connectors of url ({some(sorted({name for name, _task in look.work}))})"
    others = _others(watch)
    if not others or has_member_at(look.group, _addresses(others, look.group)):
        return ""
    # With the same topics as the others it even works on the same connectors: each of their tasks runs twice.
    groups = watch.client.other_groups(watch.wanted.group_id)
    theirs = next((group for group in groups if has_member_at(group, _addresses(others, group))), None)
    return f"has none of the workers of url, which are in the group {theirs.group_id}" if theirs is not None else ""


def _addresses(urls: Sequence[str], group: Group) -> set[str]:
    """`host:port` of those that mean the same worker here as to the members of the group."""
    one_machine = all(is_loopback_host(member.host) for member in group.members)
    return {worker_address(url) for url in urls if one_machine or not is_loopback(url)}


def _others(watch: GroupObserver) -> list[str]:
    """The URLs that are not this worker's own."""
    wanted = watch.wanted
    return [url for url in watch.cluster.api.workers.urls if url not in (wanted.url, wanted.advertised)]


def _ready(watch: GroupObserver) -> str:
    """The URL of another worker that is ready; empty when none is."""
    api, others = watch.cluster.api, _others(watch)
    end = time.monotonic() + OTHER_ANSWERS

    def ask(url: str) -> None:
        # Without knowing its version: this way it can be asked in each.
        api.await_ready(None, url, lambda: end - time.monotonic())

    answers = dict(in_parallel(watch.run, ask, others, len(others)))
    for answer in answers.values():
        if isinstance(answer, ConnectError) and not isinstance(answer, RequestError):
            raise answer
    return next((url for url in others if answers[url] is None), "")


def obstacle(group: Group, action: Action) -> str:
    """Why nothing may be begun yet; empty when it may. Pure.

    A delay for a worker that has left keeps from going only: work of two workers would be undone then. Whoever comes had
    better come soon. The delay goes on, and at its end Connect gives what it has kept to those that have come meanwhile, be
    it the worker that had it or a new one. Who comes later finds it spread over the others, and has all of it moved again.
    """
    return rebalancing(group) if action == "start" else unsettled(group)


def wait_until_stable(watch: GroupObserver, look: GroupSnapshot, action: Action) -> InitialState:
    """What is there, as soon as this may be begun. Raises WorkerError when that is not so in time."""
    began = time.monotonic()
    limit = watch.wanted.wait_timeout + watch.wanted.delay
    while why := obstacle(look.group, action):
        if time.monotonic() - began > limit:
            raise WorkerError(f"nothing was begun, since for {limit:.0f} s {why}", "see what keeps it from rest")
        watch.progress(f"waiting before anything is begun: {why}")
        watch.run.check("waiting for the group to rest")
        watch.run.pause(POLL_PAUSE)
        look = watch.look(first=True)
    return InitialState.of(look)


def check_removal_guards(before: InitialState, wanted: ScaleRequest, others: Sequence[str]) -> None:
    """Raises GuardError when this worker must not go. `others`: those of its batch that go."""
    verdict = check_removal(before, wanted.advertised, others, wanted.guard)
    if verdict.failure:
        raise GuardError(f"{subject(wanted)} is not to go: {verdict.failure}", verdict.advice)
