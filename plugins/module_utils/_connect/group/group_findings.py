# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a workers' group, by what the brokers and REST say of it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from .. import hung_worker
from .protocol import CONNECT_PROTOCOL, CONNECTOR_ITSELF, Group, Member, Piece, Work

Severity = Literal["error", "warning", "info"]

SHOWN = 5
"""So many names of one kind are told; the rest is counted."""

_ADVERTISED = (
    "set rest.advertised.host.name and rest.advertised.port of each worker to an address of its own by which the other "
    "workers reach it, and restart it"
)


@dataclass(frozen=True)
class GroupFinding:
    """One thing that is to be known of the group: what it is, how bad, the evidence in one line, and what to do."""

    kind: str
    severity: Severity
    evidence: str
    advice: str


@dataclass(frozen=True)
class UrlAnswer:
    """What came of asking an advertised URL from here. `refusal`: why there was no answer; `is_hung`: it accepted the
    connection all the same; `stranger`: what answers in the place of a worker of this Kafka cluster; `names`: the connectors
    that it lists, None where it was not asked.
    """

    refusal: str = ""
    is_refused: bool = False
    is_hung: bool = False
    stranger: str = ""
    names: frozenset[str] | None = None


@dataclass(frozen=True)
class RestView:
    """What REST says of the same cluster. `asked`: the worker that was asked; `names`: the connectors that it lists;
    `work`: their instances and the tasks of the config topic; `answers`: by advertised URL, where they were asked;
    `writers`: which worker (`host:port`) has written the status of each.
    """

    asked: str = ""
    names: frozenset[str] = frozenset()
    work: Work = frozenset()
    answers: Mapping[str, UrlAnswer] = field(default_factory=dict)
    writers: Mapping[Piece, str] = field(default_factory=dict)


def find_group_problems(group: Group, view: RestView) -> tuple[GroupFinding, ...]:
    """Everything that is to be known of the group, the worst first."""
    if group.protocol_type not in (CONNECT_PROTOCOL, ""):
        return (_not_connect(group),)
    if group.is_rebalancing:
        return (_rebalancing(group),)
    if not group.members:
        return (_no_members(group),)
    found = [*_of_urls(group, view), *_of_leaders(group), *_of_work(group, view), *_of_clusters(group, view)]
    return worst_first(found)


def worst_first(found: Iterable[GroupFinding]) -> tuple[GroupFinding, ...]:
    order: list[Severity] = ["error", "warning", "info"]
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def explain_leader(group: Group, view: RestView) -> str:
    """Why followers can't hand on to the leader what only it can do, in one line with both URLs; empty when nothing is
    known to be wrong. This is behind 409 "conflicting operation" and 500 "IO Error trying to forward REST request".
    """
    leader = group.leader
    if leader is None or not leader.url:
        return ""
    why = _why_not(group, leader.url, view)
    if not why:
        return ""
    follower = f"worker {view.asked}" if view.asked and view.asked != leader.url else "each other worker"
    return (
        f"{follower} hands changes on to the leader ({_who(leader)}) at the URL that it advertises, {leader.url}: {why}"
    )


def _why_not(group: Group, url: str, view: RestView) -> str:
    """What is wrong with an advertised URL as other workers see it; empty when nothing is known to be."""
    same = [member for member in group.members if member.url == url]
    answer = view.answers.get(url, UrlAnswer())
    if len(same) > 1:
        return f"{len(same)} workers advertise it ({'; '.join(map(_who, same))}), so it leads to one of them only"
    if is_loopback(url) and on_several_hosts(group):
        return "on every other host this is that host itself"
    if answer.is_hung:
        return f"the worker there {hung_worker.hangs(answer.refusal)}"
    if answer.refusal:
        return f"nothing answers there ({answer.refusal})"
    if answer.stranger:
        return f"it leads to {answer.stranger}"
    return ""


def is_loopback(url: str) -> bool:
    """Whether this URL leads each host to itself."""
    try:
        return is_loopback_host(urlsplit(url).hostname or "")
    except ValueError:
        return False


def is_loopback_host(host: str) -> bool:
    """Whether this name or address is each host's own."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def on_several_hosts(group: Group) -> bool:
    return len({member.host for member in group.members}) > 1


def _who(member: Member) -> str:
    return f"client {member.client_id} on {member.host}"


def _not_connect(group: Group) -> GroupFinding:
    return GroupFinding(
        "not_a_connect_group",
        "error",
        f'group {group.group_id} is of type "{group.protocol_type}", not a Connect cluster\'s',
        "correct group_id; a consumer group must not have the name of the workers' group.id",
    )


def _rebalancing(group: Group) -> GroupFinding:
    return GroupFinding(
        "rebalancing",
        "info",
        f"the group of {len(group.members)} members is rebalancing ({group.state}); until it has, the brokers do not "
        "tell who owns what",
        "look again in a few seconds; a worker that died without a word is noticed after session.timeout.ms (10 s)",
    )


def _no_members(group: Group) -> GroupFinding:
    return GroupFinding(
        "no_members",
        "error",
        f"group {group.group_id} has no members",
        "no worker runs with this group.id; workers that answer have another one, or have lost the brokers",
    )


# URLs


def _of_urls(group: Group, view: RestView) -> Iterator[GroupFinding]:
    leader = group.leader
    for url, count in sorted(Counter(member.url for member in group.members if member.url).items()):
        why = _why_not(group, url, view)
        if not why:
            continue
        leads = leader is not None and leader.url == url
        answer = view.answers.get(url, UrlAnswer())
        evidence = explain_leader(group, view) if leads else f"worker {url}: {why}"
        if count > 1:
            yield GroupFinding("same_url", "error", evidence, _ADVERTISED)
        elif is_loopback(url) and on_several_hosts(group):
            yield GroupFinding("loopback_url", "error" if leads else "warning", evidence, _ADVERTISED)
        elif answer.stranger:
            yield GroupFinding("wrong_url", "error", evidence, _ADVERTISED)
        else:
            # Only what refuses is known to be wrong: workers may have a network of their own.
            severity: Severity = "error" if leads and answer.is_refused else "warning"
            if answer.is_hung:
                yield GroupFinding("unreachable_url", severity, evidence, hung_worker.CURE)
                continue
            yield GroupFinding(
                "unreachable_url",
                severity,
                evidence,
                f"if the worker runs: {_ADVERTISED}; if only this machine can't reach it, look from one that can "
                "(delegate_to)",
            )


# Leader


def _of_leaders(group: Group) -> Iterator[GroupFinding]:
    leaders = group.leaders
    members = {member.member_id for member in group.members}
    if len(leaders) > 1:
        named = ", ".join(sorted(f"{url} ({member})" for member, url in leaders))
        yield GroupFinding(
            "split_view",
            "error",
            f"members disagree about the leader: {named}",
            "look again in a minute; if it lasts, restart the workers that name the wrong one",
        )
    for member, url in sorted(leaders):
        if member not in members:
            yield GroupFinding(
                "leader_gone",
                "error",
                f"the leader {url} ({member}) is no member any more",
                "look again in a minute; if it lasts, restart the workers",
            )
    if any(assignment.error for assignment in group.assignments):
        yield GroupFinding(
            "config_mismatch",
            "error",
            "the leader could not read the config topic as far as another member has",
            "give all workers of this group.id the same config.storage.topic, and look at the leader's log",
        )


# Work


def _of_work(group: Group, view: RestView) -> Iterator[GroupFinding]:
    owners = group.owners
    twice: dict[tuple[str, ...], list[Piece]] = {}
    for piece, members in owners.items():
        if len(members) > 1:
            twice.setdefault(tuple(sorted(member.url for member in members)), []).append(piece)
    for urls, pieces in sorted(twice.items()):
        yield GroupFinding(
            "owned_twice",
            "error",
            f"{pieces_shown(pieces)}: owned by {' and by '.join(urls)}",
            f"restart {urls[-1]}; until then records may be read and written twice",
        )
    lost = view.work - owners.keys()
    if lost and group.delay:
        yield GroupFinding(
            "owned_by_nobody",
            "warning",
            f"{pieces_shown(lost)}: owned by no worker; the group keeps them for a worker that left, for up to "
            f"{group.delay / 1000:g} s from its last rebalance on",
            "bring the worker back, or wait; scheduled.rebalance.max.delay.ms of the leader is that time",
        )
    elif lost:
        yield GroupFinding(
            "owned_by_nobody",
            "error",
            f"{pieces_shown(lost)}: owned by no worker",
            "a rebalance should place them; if none comes, look at the leader's log and restart the leader",
        )


def pieces_shown(pieces: Iterable[Piece]) -> str:
    """The first few by name; the rest is counted."""
    ordered = sorted(pieces)
    connectors = [f'connector "{name}"' for name, task in ordered if task == CONNECTOR_ITSELF]
    return some([*connectors, *(f'task {task} of "{name}"' for name, task in ordered if task != CONNECTOR_ITSELF)])


def some(texts: Sequence[str]) -> str:
    """The first few; the rest is counted."""
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return ", ".join(texts[:SHOWN]) + more


# Clusters


def _of_clusters(group: Group, view: RestView) -> Iterator[GroupFinding]:
    """Signs of workers with another config topic in this group."""
    advice = (
        "give each Connect cluster its own group.id, and all workers of one cluster the same three internal topics; or "
        "url leads to another cluster than group_id"
    )
    if strange := {name for name, _task in group.owners} - view.names:
        yield GroupFinding(
            "two_clusters",
            "error",
            f"members own connectors that {view.asked or 'REST'} does not know: {some(sorted(strange))}",
            advice,
        )
    for url, answer in sorted(view.answers.items()):
        if answer.names is not None and (differing := answer.names ^ view.names):
            yield GroupFinding(
                "two_clusters",
                "error",
                f"{url} and {view.asked} do not list the same connectors; only one of them has: "
                f"{some(sorted(differing))}",
                advice,
            )
