# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a workers' group, according to the brokers and REST. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from .. import hung_worker
from .protocol import CONNECT_PROTOCOL, CONNECTOR_ITSELF, Group, Member, Work, WorkItem

Severity = Literal["error", "warning", "info"]

SHOWN = 5
"""How many names of a kind a text lists; it counts the rest."""

_ADVERTISED = (
    "set rest.advertised.host.name and rest.advertised.port of each worker to an address of its own by which the other "
    "workers reach it, and restart it"
)


@dataclass(frozen=True)
class GroupFinding:
    """One finding about the group: its kind, its severity, the evidence in one line, and what to do. `url`: the advertised URL
    that it is about, if it is about one.
    """

    kind: str
    severity: Severity
    evidence: str
    advice: str
    url: str = ""


@dataclass(frozen=True)
class UrlAnswer:
    """The answer of an advertised URL, queried from here. `refusal`: why there was none; `is_hung`: the connection was accepted
    all the same; `stranger`: what answers instead of a worker of this Kafka cluster; `names`: the connectors that it lists,
    None if it was not queried.
    """

    refusal: str = ""
    is_refused: bool = False
    is_hung: bool = False
    stranger: str = ""
    names: frozenset[str] | None = None


@dataclass(frozen=True)
class RestView:
    """The same cluster as REST shows it. `asked`: the worker that answered; `names`: the connectors that it lists; `work`:
    their instances and the tasks of the config topic; `answers`: by advertised URL, where these were queried; `writers`: the
    worker (`host:port`) that wrote each status.
    """

    asked: str = ""
    names: frozenset[str] = frozenset()
    work: Work = frozenset()
    answers: Mapping[str, UrlAnswer] = field(default_factory=dict)
    writers: Mapping[WorkItem, str] = field(default_factory=dict)


def find_group_problems(group: Group, view: RestView) -> tuple[GroupFinding, ...]:
    """All findings about the group, most severe first."""
    if group.protocol_type not in (CONNECT_PROTOCOL, ""):
        return (_not_connect(group),)
    if group.is_rebalancing:
        return (_rebalancing(group),)
    if not group.members:
        return (_no_members(group),)
    found = [*_of_urls(group, view), *_of_leaders(group), *_of_work(group, view), *_of_clusters(group, view)]
    return most_severe_first(found)


def most_severe_first(found: Iterable[GroupFinding]) -> tuple[GroupFinding, ...]:
    order: list[Severity] = ["error", "warning", "info"]
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def explain_leader(group: Group, view: RestView) -> str:
    """Why followers cannot forward requests to the leader, in one line with both URLs; empty when no reason is known.
    This is what causes 409 "conflicting operation" and 500 "IO Error trying to forward REST request".
    """
    leader = group.leader
    if leader is None or not leader.url:
        return ""
    why = _why_not(group, leader.url, view)
    if not why:
        return ""
    follower = f"worker {view.asked}" if view.asked and view.asked != leader.url else "each other worker"
    return f"{follower} forwards changes to the leader ({_named(leader)}) at the URL that it advertises, {leader.url}: {why}"


def _why_not(group: Group, url: str, view: RestView) -> str:
    """What is wrong with an advertised URL from the view of the other workers; empty when nothing is known to be wrong."""
    same = [member for member in group.members if member.url == url]
    answer = view.answers.get(url, UrlAnswer())
    if len(same) > 1:
        return f"{len(same)} workers advertise it ({'; '.join(map(_named, same))}), so it leads to one of them only"
    if is_loopback(url) and on_several_hosts(group):
        return "on every other host it points to that host itself"
    if answer.is_hung:
        return f"the worker there {hung_worker.hangs(answer.refusal)}"
    if answer.refusal:
        return f"nothing answers there ({answer.refusal})"
    if answer.stranger:
        return f"it leads to {answer.stranger}"
    return ""


def is_loopback(url: str) -> bool:
    """Whether every host reaches itself under this URL."""
    try:
        return is_loopback_host(urlsplit(url).hostname or "")
    except ValueError:
        return False


def is_loopback_host(host: str) -> bool:
    """Whether this name or address means the local host."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def on_several_hosts(group: Group) -> bool:
    return len({member.host for member in group.members}) > 1


def _named(member: Member) -> str:
    return f"client {member.client_id} on {member.host}"


def _not_connect(group: Group) -> GroupFinding:
    return GroupFinding(
        "not_a_connect_group",
        "error",
        f'group {group.group_id} is of type "{group.protocol_type}", not a Connect cluster',
        "correct group_id; a consumer group must not share the workers' group.id",
    )


def _rebalancing(group: Group) -> GroupFinding:
    return GroupFinding(
        "rebalancing",
        "info",
        f"the group of {len(group.members)} members is rebalancing ({group.state}); until it is done, the brokers do not "
        "show who owns what",
        "check again in a few seconds; the group notices a crashed worker after session.timeout.ms (10 s)",
    )


def _no_members(group: Group) -> GroupFinding:
    return GroupFinding(
        "no_members",
        "error",
        f"group {group.group_id} has no members",
        "no worker runs with this group.id; workers that answer have another group.id, or have lost the brokers",
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
            # Only a refused connection proves a wrong URL: workers may have a network of their own.
            severity: Severity = "error" if leads and answer.is_refused else "warning"
            if answer.is_hung:
                yield GroupFinding("unreachable_url", severity, evidence, hung_worker.FIX, url)
                continue
            yield GroupFinding(
                "unreachable_url",
                severity,
                evidence,
                f"if the worker runs: {_ADVERTISED}; if only this machine can't reach it, run the task on one that can "
                "(delegate_to)",
                url,
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
            "check again in a minute; if it persists, restart the workers that name the wrong leader (worker_scale, "
            "state: restarted)",
        )
    for member, url in sorted(leaders):
        if member not in members:
            yield GroupFinding(
                "leader_gone",
                "error",
                f"the leader {url} ({member}) is no longer a member",
                "check again in a minute; if it persists, restart the workers (worker_scale, state: restarted)",
            )
    if any(assignment.error for assignment in group.assignments):
        yield GroupFinding(
            "config_mismatch",
            "error",
            "the leader could not read the config topic as far as another member did",
            "give all workers of this group.id the same config.storage.topic, and read the leader's log",
        )


# Work


def _of_work(group: Group, view: RestView) -> Iterator[GroupFinding]:
    owners = group.owners
    twice: dict[tuple[str, ...], list[WorkItem]] = {}
    for item, members in owners.items():
        if len(members) > 1:
            twice.setdefault(tuple(sorted(member.url for member in members)), []).append(item)
    for urls, items in sorted(twice.items()):
        yield GroupFinding(
            "owned_twice",
            "error",
            f"{work_shown(items)}: owned by {' and by '.join(urls)}",
            f"restart {urls[-1]} (worker_scale, state: restarted); until then records may be read and written twice",
        )
    lost = view.work - owners.keys()
    if lost and group.delay:
        yield GroupFinding(
            "owned_by_nobody",
            "warning",
            f"{work_shown(lost)}: unassigned; the group keeps them for a departed worker, for up to "
            f"{group.delay / 1000:g} s after its last rebalance",
            "start the worker again, or wait; the time is the leader's scheduled.rebalance.max.delay.ms; worker_scale with state: "
            "released may end it sooner",
        )
    elif lost:
        yield GroupFinding(
            "owned_by_nobody",
            "error",
            f"{work_shown(lost)}: unassigned",
            "a rebalance should assign them; if none comes, read the leader's log with worker_log_info, and restart the "
            "leader (worker_scale, state: restarted)",
        )


def work_shown(items: Iterable[WorkItem]) -> str:
    """The first few by name, and how many more there are."""
    ordered = sorted(items)
    connectors = [f'connector "{name}"' for name, task in ordered if task == CONNECTOR_ITSELF]
    return some([*connectors, *(f'task {task} of "{name}"' for name, task in ordered if task != CONNECTOR_ITSELF)])


def some(texts: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return ", ".join(texts[:SHOWN]) + more


# Clusters


def _of_clusters(group: Group, view: RestView) -> Iterator[GroupFinding]:
    """Signs that this group has workers with another config topic."""
    advice = (
        "give each Connect cluster its own group.id, and all workers of one cluster the same three internal topics; or "
        "url and group_id belong to different clusters"
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
                f"{url} and {view.asked} do not list the same connectors; only one of them lists: "
                f"{some(sorted(differing))}",
                advice,
            )
