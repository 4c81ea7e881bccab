# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds the group of a Connect cluster on the brokers, and compares it with REST. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .. import hung_worker
from ..errors import BrokersError, ConnectError, InputError, RequestError
from ..model import Snapshot
from ..parallel import in_parallel
from ..rest.client import Client
from ..rest.operations import LIST, ROOT
from ..rest.transport import Transport
from ..run import Run
from ..snapshot.cluster import Cluster
from .brokers import HAS_CONFLUENT_KAFKA, MISSING, Brokers, BrokersClient
from .find_group import choose_group
from .group_findings import (
    GroupFinding,
    RestView,
    UrlAnswer,
    find_group_problems,
    is_loopback,
    is_loopback_host,
    most_severe_first,
)
from .protocol import Group, Member
from .rest_view import work_of, writers
from .second_group import find_second_groups

GROUP_SETTLES = 4.0
"""Seconds for which an unstable group is read again; then the same time for findings that may be transient."""

READ_PAUSE = 0.3
"""Seconds between two reads: a rebalance that revokes work is followed by another one at once."""

PARALLEL_REQUESTS = 8

DOUBTFUL = frozenset(
    {"split_view", "leader_gone", "config_mismatch", "owned_twice", "owned_by_nobody", "second_group", "two_clusters"}
)
"""Findings that may be transient in a healthy cluster: REST and the brokers are not read at the same moment."""

NOTHING_THERE = frozenset(
    {
        "connection_refused",
        "connection_timeout",
        "connection_dropped",
        "host_unknown",
        "host_unreachable",
        "no_answer",
        "tls_failed",
        "proxy_failed",
    }
)


@dataclass(frozen=True)
class Membership:
    """The group, the same cluster as REST shows it, and the findings about both."""

    group: Group
    view: RestView
    findings: tuple[GroupFinding, ...]


def group_facts(cluster: Cluster, snapshot: Snapshot, brokers: Brokers, group_id: str = "") -> dict[str, Any] | None:
    """`group` of cluster_info; None, with a warning, where the Kafka client is missing. Raises as `read_group`."""
    if not HAS_CONFLUENT_KAFKA:
        cluster.warnings.append(MISSING)
        return None
    return group_entry(read_group(cluster, snapshot, brokers, group_id))


def new_client(run: Run, brokers: Brokers) -> BrokersClient:
    """A client for `read_group`, with a time limit that ends with the run. Raises InputError for wrong options."""
    return BrokersClient(replace(brokers, timeout=max(run.limit(brokers.timeout), 0.1)))


def read_group(
    cluster: Cluster, snapshot: Snapshot, brokers: Brokers, group_id: str = "", client: BrokersClient | None = None
) -> Membership:
    """The group of this Connect cluster, once two reads agree and no finding may be transient.

    `group_id`: the workers' group.id; without it, the addresses that REST shows identify the group. `client`: if one exists. Raises
    BrokersError, also when there is no such group or more than one, and InputError for wrong options.
    """
    run = cluster.run
    client = client or new_client(run, brokers)
    group = _settled(cluster, client, find_group(cluster, snapshot, client, group_id))
    until = run.elapsed() + GROUP_SETTLES
    while True:
        view = _rest_view(cluster, snapshot, group)
        findings = most_severe_first(
            [*find_group_problems(group, view), *find_second_groups(group, view, client.other_groups(group.group_id))]
        )
        doubtful = any(finding.kind in DOUBTFUL and finding.severity == "error" for finding in findings)
        if not doubtful or run.elapsed() >= until:
            return Membership(group, view, findings)
        run.check("reading the workers' group")
        run.pause(READ_PAUSE)
        snapshot = cluster.api.expanded()
        group = _again(client, group)


def _settled(cluster: Cluster, client: BrokersClient, group: Group) -> Group:
    """The group once two reads agree, or its last state after GROUP_SETTLES seconds."""
    run = cluster.run
    until = run.elapsed() + GROUP_SETTLES
    while group.members and run.elapsed() < until:
        run.check("waiting for the workers' group to settle")
        run.pause(READ_PAUSE)
        before, group = group, _again(client, group)
        if group == before and group.is_stable:
            break
    return group


def _again(client: BrokersClient, group: Group) -> Group:
    """The same group now. A group that has just lost its last member may no longer exist."""
    return client.group(group.group_id) or Group(group.group_id, "Dead", group.protocol_type, "")


# Which group


def find_group(cluster: Cluster, snapshot: Snapshot, client: BrokersClient, group_id: str) -> Group:
    """The group of this Connect cluster in one read of the brokers; it may be rebalancing. Raises as `read_group`."""
    if not group_id:
        return choose_group(client.groups(), cluster.api.workers.urls, snapshot)
    found = client.group(group_id)
    if found is None:
        others = ", ".join(sorted(group.group_id for group in client.other_groups(group_id)))
        raise BrokersError(
            f'the brokers know no group "{group_id}"; groups of Connect workers: {others or "none visible to this client"}',
            "correct group_id (the workers' group.id) or bootstrap_servers; the group needs the ACL Describe",
            cause="no_group",
        )
    return found


# REST's view of it


def _rest_view(cluster: Cluster, snapshot: Snapshot, group: Group) -> RestView:
    # The expanded list leaves out a connector without a status; the plain one does not.
    names = cluster.api.names(None)
    answers = dict(_query_urls(cluster, group)) if group.is_stable else {}
    return RestView(cluster.api.workers.current, names, work_of(snapshot), answers, writers(snapshot))


def _query_urls(cluster: Cluster, group: Group) -> Iterator[tuple[str, UrlAnswer]]:
    """Every advertised URL that means the same worker here as on the members' hosts."""
    urls = {member.url for member in group.members if member.url}
    if not all(is_loopback_host(member.host) for member in group.members):
        urls = {url for url in urls if not is_loopback(url)}
    for url, answer in in_parallel(cluster.run, lambda url: _query(cluster, url), sorted(urls), PARALLEL_REQUESTS):
        if isinstance(answer, ConnectError):
            raise answer
        yield url, answer


def _query(cluster: Cluster, url: str) -> UrlAnswer:
    """Queries one advertised URL with the user's connection options: who answers, and which connectors it lists."""
    mine = cluster.api.client
    connection = mine.transport.connection._replace(urls=(url,))
    if url.startswith("http:") and all(listed.startswith("https:") for listed in mine.workers.urls):
        # A member chooses what it advertises: that must not send credentials in clear text.
        connection = connection._replace(username="", password="", token="", headers=())
    try:
        client = Client(Transport(connection), mine.run)
    except InputError:
        return UrlAnswer(refusal="it is not the URL of a worker")
    try:
        root = client.call(ROOT, "/", worker=url, once=True).body
        names = client.call(LIST, "/connectors", worker=url, once=True).body
    except RequestError as error:
        return _refused(error)
    finally:
        mine.requests += client.requests
    return _recognized(root, names, cluster.workers[0].kafka_cluster_id if cluster.workers else "")


def _refused(error: RequestError) -> UrlAnswer:
    if error.kind in NOTHING_THERE:
        return UrlAnswer(
            refusal=error.reason, is_refused=error.kind == "connection_refused", is_hung=error.kind == hung_worker.KIND
        )
    # A worker that requires other credentials, or is just starting, exists nevertheless.
    return UrlAnswer(stranger=error.reason if error.kind == "not_a_connect_worker" else "")


def _recognized(root: object, names: object, kafka_cluster_id: str) -> UrlAnswer:
    found = str(root.get("kafka_cluster_id", "")) if isinstance(root, dict) else ""
    if not found or not isinstance(names, list):
        return UrlAnswer(stranger="something that is not a Connect worker")
    if kafka_cluster_id and found != kafka_cluster_id:
        return UrlAnswer(stranger=f"a worker of another Kafka cluster, {found}")
    return UrlAnswer(names=frozenset(map(str, names)))


# The result


def group_entry(membership: Membership) -> dict[str, Any]:
    """`group` in the result of cluster_info."""
    group = membership.group
    leader = group.leader
    return {
        "group_id": group.group_id,
        "state": group.state,
        "protocol_type": group.protocol_type,
        "protocol": group.protocol,
        "leader": leader.url if leader is not None else "",
        "config_offset": group.config_offset,
        "scheduled_delay_ms": group.delay,
        "members": [_member_entry(member, group) for member in group.members],
        "findings": [
            {
                "kind": finding.kind,
                "severity": finding.severity,
                "evidence": finding.evidence,
                "advice": finding.advice,
            }
            for finding in membership.findings
        ],
    }


def _member_entry(member: Member, group: Group) -> dict[str, Any]:
    known = group.is_stable and member.assignment is not None
    return {
        "url": member.url,
        "client_id": member.client_id,
        "host": member.host,
        "connectors": list(member.connectors),
        "tasks": [{"connector": name, "task": task} for name, task in member.tasks],
        "idle": not member.work if known else None,
    }
