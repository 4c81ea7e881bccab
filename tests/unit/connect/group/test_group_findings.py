# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about a group from the brokers and the REST API."""

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.group_findings import (
    GroupFinding,
    RestView,
    UrlAnswer,
    explain_leader,
    find_group_problems,
    is_loopback,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    CONNECTOR_ITSELF,
    Group,
    decode_group,
)
from tests.unit.connect.group_bytes import address, member, rebalancing, stable

ORDERS = [("orders", CONNECTOR_ITSELF), ("orders", 0)]
VIEW = RestView(address(2), frozenset({"orders"}), frozenset(ORDERS))


def kinds(group: Group, view: RestView = VIEW) -> list[str]:
    return [finding.kind for finding in find_group_problems(group, view)]


def only(group: Group, view: RestView = VIEW) -> GroupFinding:
    (finding,) = find_group_problems(group, view)
    return finding


def test_a_healthy_group_has_no_findings() -> None:
    names = UrlAnswer(names=frozenset({"orders"}))
    view = RestView(address(1), frozenset({"orders"}), frozenset(ORDERS), {address(1): names, address(2): names})
    assert find_group_problems(stable(member(1, ORDERS), member(2)), view) == ()


def test_a_consumer_group_is_a_finding() -> None:
    finding = only(decode_group("orders", "Stable", "consumer", "range", []))
    assert (finding.kind, finding.severity) == ("not_a_connect_group", "error")
    assert 'type "consumer"' in finding.evidence


def test_a_rebalance_is_a_finding_and_hides_assignment_findings() -> None:
    finding = only(rebalancing(member(1), member(2)))
    assert (finding.kind, finding.severity) == ("rebalancing", "info")
    assert "2 members" in finding.evidence


@pytest.mark.parametrize("state", ["Empty", "Dead"])
def test_a_group_without_members_is_a_finding(state: str) -> None:
    assert only(decode_group("orders", state, "connect", "", [])).kind == "no_members"


def test_work_that_two_workers_own_is_a_finding() -> None:
    finding = only(stable(member(1, ORDERS), member(2, [("orders", 0)])))
    assert (finding.kind, finding.severity) == ("owned_twice", "error")
    assert finding.evidence == f'task 0 of "orders": owned by {address(1)} and by {address(2)}'
    assert address(2) in finding.advice


def test_work_that_is_reserved_for_its_worker_is_a_finding() -> None:
    finding = only(stable(member(1, delay=300_000), member(2, delay=300_000)))
    assert (finding.kind, finding.severity) == ("owned_by_nobody", "warning")
    assert finding.evidence.startswith('connector "orders", task 0 of "orders": unassigned')
    assert "up to 300 s" in finding.evidence


def test_unassigned_work_that_is_not_reserved_is_a_finding() -> None:
    finding = only(stable(member(1, ORDERS[:1]), member(2)))
    assert (finding.kind, finding.severity) == ("owned_by_nobody", "error")
    assert finding.evidence == 'task 0 of "orders": unassigned'


def test_many_unassigned_tasks_are_summarized_in_one_line() -> None:
    lost = [("orders", number) for number in range(400)]
    finding = only(stable(member(1), member(2)), RestView("", frozenset({"orders"}), frozenset(lost)))
    assert finding.evidence.count("task") == 5
    assert "and 395 more" in finding.evidence


def test_members_that_disagree_about_the_leader_are_a_finding() -> None:
    finding = only(stable(member(1, ORDERS), member(2, leader=2)))
    assert finding.kind == "split_view"
    assert address(1) in finding.evidence
    assert address(2) in finding.evidence


def test_a_leader_that_is_not_a_member_is_a_finding() -> None:
    finding = only(stable(member(1, ORDERS, leader=3), member(2, leader=3)))
    assert (finding.kind, address(3) in finding.evidence) == ("leader_gone", True)


def test_members_with_different_config_topics_are_a_finding() -> None:
    assert kinds(stable(member(1, ORDERS, error=1), member(2, error=1))) == ["config_mismatch"]


def test_two_workers_with_the_same_url_are_a_finding() -> None:
    group = stable(member(1, ORDERS), member(2, url=address(1)))
    finding = only(group, VIEW)
    assert (finding.kind, finding.severity) == ("same_url", "error")
    assert "2 workers advertise it" in finding.evidence
    assert "10.0.0.1" in finding.evidence
    assert "10.0.0.2" in finding.evidence


def test_a_loopback_url_is_a_finding_if_members_are_on_several_hosts() -> None:
    home = "http://localhost:8083"
    assert kinds(stable(member(1, ORDERS), member(2, url=home))) == ["loopback_url"]
    assert kinds(stable(member(1, ORDERS, host="h"), member(2, url=home, host="h"))) == []


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("http://localhost:8083", True),
        ("http://127.0.0.7:8083", True),
        ("http://[::1]:8083", True),
        ("http://0.0.0.0:8083", True),
        ("http://connect-1:8083", False),
        ("http://10.0.0.1:8083", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_loopback_urls_are_recognized(url: str, answer: bool) -> None:
    assert is_loopback(url) is answer


def test_a_refusing_url_is_an_error_for_the_leader_and_a_warning_for_others() -> None:
    group = stable(member(1, ORDERS), member(2))
    refused = UrlAnswer(refusal="Connection refused", is_refused=True)
    for number, severity in ((1, "error"), (2, "warning")):
        finding = only(group, RestView(VIEW.asked, VIEW.names, VIEW.work, {address(number): refused}))
        assert (finding.kind, finding.severity) == ("unreachable_url", severity)
        assert address(number) in finding.evidence
        assert "Connection refused" in finding.evidence


def test_a_leader_that_may_be_unreachable_only_from_here_is_a_warning() -> None:
    silent = {address(1): UrlAnswer(refusal="Name or service not known")}
    finding = only(stable(member(1, ORDERS), member(2)), RestView(VIEW.asked, VIEW.names, VIEW.work, silent))
    assert (finding.kind, finding.severity) == ("unreachable_url", "warning")


def test_a_url_that_leads_to_another_worker_is_a_finding() -> None:
    answers = {address(2): UrlAnswer(stranger="a worker of another Kafka cluster, X")}
    finding = only(stable(member(1, ORDERS), member(2)), RestView(VIEW.asked, VIEW.names, VIEW.work, answers))
    assert (finding.kind, finding.severity) == ("wrong_url", "error")


def test_members_that_list_other_connectors_are_a_finding() -> None:
    answers = {address(2): UrlAnswer(names=frozenset({"orders", "foreign"}))}
    finding = only(stable(member(1, ORDERS), member(2)), RestView(address(1), VIEW.names, VIEW.work, answers))
    assert finding.kind == "two_clusters"
    assert finding.evidence.endswith("only one of them lists: foreign")


def test_members_that_run_unknown_connectors_are_a_finding() -> None:
    finding = only(stable(member(1, ORDERS), member(2, [("foreign", 0)])))
    assert (finding.kind, "foreign" in finding.evidence) == ("two_clusters", True)


def test_the_most_severe_finding_comes_first() -> None:
    answers = {address(2): UrlAnswer(refusal="Name or service not known")}
    group = stable(member(1, ORDERS), member(2, [("orders", 0)]))
    assert kinds(group, RestView(VIEW.asked, VIEW.names, VIEW.work, answers)) == ["owned_twice", "unreachable_url"]


# Why followers can't reach the leader


def test_a_reachable_leader_has_no_explanation() -> None:
    assert explain_leader(stable(member(1), member(2)), VIEW) == ""
    assert explain_leader(rebalancing(member(1), member(2)), VIEW) == ""


def test_a_leader_is_explained_with_both_urls() -> None:
    answers = {address(1): UrlAnswer(refusal="Connection refused", is_refused=True)}
    message = explain_leader(stable(member(1), member(2)), RestView(address(2), answers=answers))
    assert message == (
        f"worker {address(2)} forwards changes to the leader (client connect-connect-1.example.com:8083 on 10.0.0.1) at "
        f"the URL that it advertises, {address(1)}: nothing answers there (Connection refused)"
    )


def test_a_leader_whose_url_leads_back_is_explained() -> None:
    group = stable(member(1, url=address(2)), member(2))
    message = explain_leader(group, RestView(address(3)))
    assert message.startswith(f"worker {address(3)} forwards changes to the leader (client connect-connect-1")
    assert "2 workers advertise it" in message


def test_a_leader_on_loopback_is_explained() -> None:
    message = explain_leader(stable(member(1, url="http://localhost:8083"), member(2)), RestView(address(2)))
    assert message.endswith("http://localhost:8083: on every other host it points to that host itself")


def test_a_leader_whose_url_leads_to_an_unknown_server_is_explained() -> None:
    answers = {address(1): UrlAnswer(stranger="a worker of another Kafka cluster, X")}
    message = explain_leader(stable(member(1), member(2)), RestView(answers=answers))
    assert message.startswith("each other worker forwards changes")
    assert message.endswith("it leads to a worker of another Kafka cluster, X")
