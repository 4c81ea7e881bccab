# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a cluster is healthy, according to constructed snapshots."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.group_findings import (
    RestView,
    find_group_problems,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.membership import Membership
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    CONNECTOR_ITSELF,
    Group,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.health_findings import (
    find_health_problems,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.model import (
    HealthFinding,
    HealthLimits,
    HealthSnapshot,
    WorkerHealth,
    is_healthy,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.summary import (
    health_entry,
    message,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector
from tests.contract.modules.shapes import misfits
from tests.unit.connect.group_bytes import address, member, rebalancing, stable
from tests.unit.connect.support import file_source, secret_source, stored

REFUSED = "org.apache.kafka.connect.errors.ConnectException: db:5432: connection refused\n\tat a.B.c(D.java:1)\n"
WORKERS = tuple(WorkerHealth(address(number), "4.3.1", ready=True) for number in (1, 2))
ORDERS = [("orders", CONNECTOR_ITSELF), ("orders", 0)]


def on(number: int) -> str:
    return address(number).removeprefix("http://")


def of_group(group: Group) -> Membership:
    view = RestView(address(1), frozenset({"orders"}), frozenset(ORDERS))
    return Membership(group, view, find_group_problems(group, view))


def look(*connectors: Connector, group: Group | None = None, **more: Any) -> HealthSnapshot:
    """A cluster of two workers that respond, with these connectors, or with one that runs on the first worker."""
    found = connectors or (stored(worker=on(1)),)
    members = stable(member(1, ORDERS), member(2)) if group is None else group
    given = {"workers": WORKERS, "membership": of_group(members), **more}
    return HealthSnapshot({connector.name: connector for connector in found}, **given)


def only(seen: HealthSnapshot, limits: HealthLimits | None = None) -> HealthFinding:
    (finding,) = find_health_problems(seen, limits or HealthLimits())
    return finding


def test_a_healthy_cluster_has_no_findings() -> None:
    seen = look()
    findings = find_health_problems(seen, HealthLimits(min_workers=2, expected_workers=2))
    assert findings == ()
    assert message(seen, findings) == "healthy: the group has 2 members, 1 connector, 1 task"
    entry = health_entry(seen, findings)
    assert entry["healthy"] is True
    assert entry["rebalance"] == {
        "in_progress": False,
        "source": "brokers",
        "state": "Stable",
        "delay_ms": 0,
        "parked_tasks": 0,
        "parked_connectors": 0,
    }
    assert [(worker["leader"], worker["connectors"], worker["tasks"]) for worker in entry["workers"]] == [
        (True, 1, 1),
        (False, 0, 0),
    ]
    assert misfits("cluster_health", entry) == []


def test_a_connector_status_from_an_isolated_worker_is_a_warning() -> None:
    finding = only(look(stored(worker=on(1))._replace(state="UNASSIGNED", worker_id=on(2))))
    assert (finding.kind, finding.severity) == ("stale_status", "warning")
    assert f'"orders" ({on(2)}, owned by {address(1)})' in finding.message
    assert "include_tasks: false" in finding.advice


def test_a_connector_that_its_own_worker_calls_unassigned_is_pending() -> None:
    assert only(look(stored(worker=on(1))._replace(state="UNASSIGNED"))).kind == "unassigned"


def test_without_the_brokers_the_unknown_facts_are_reported() -> None:
    seen = look(membership=None)
    finding = only(seen, HealthLimits(min_workers=2))
    assert (finding.kind, finding.severity, finding.advice) == ("group_not_asked", "info", "give bootstrap_servers")
    entry = health_entry(seen, (finding,))
    assert entry["healthy"] is True
    assert entry["rebalance"] == {
        "in_progress": None,
        "source": "none",
        "state": "",
        "delay_ms": None,
        "parked_tasks": None,
        "parked_connectors": None,
    }
    assert {worker["member"] for worker in entry["workers"]} == {None}


def test_a_group_that_cannot_be_queried_is_not_healthy() -> None:
    finding = only(look(membership=None, brokers_problem=BrokersError("no route", "mend it")))
    assert (finding.kind, finding.severity, finding.advice) == ("group_unknown", "error", "mend it")


# Connectors and tasks


def test_failures_are_reported_once_per_cause() -> None:
    failed = [stored(f"c{number}", tasks=["FAILED"], task_trace=REFUSED, worker=on(1)) for number in range(7)]
    other = stored("other", tasks=["RUNNING", "FAILED"], task_trace="org.X: no such table t\n", worker=on(2))
    findings = [
        finding
        for finding in find_health_problems(look(*failed, other), HealthLimits())
        if finding.kind == "failed_tasks"
    ]
    assert [(finding.severity, finding.subject) for finding in findings] == [
        ("error", "7 connectors"),
        ("error", "other"),
    ]
    assert findings[0].message == (
        '7 tasks FAILED (0 of "c0", 0 of "c1", 0 of "c2", 0 of "c3", 0 of "c4" and 2 more): '
        "ConnectException: db:5432: connection refused"
    )
    assert "can't be reached from the worker" in findings[0].advice
    assert findings[1].message.startswith('1 task FAILED (1 of "other")')


def test_a_failed_connector_instance_is_a_finding() -> None:
    broken = stored("orders", state="FAILED", tasks=(), trace=REFUSED, worker=on(1))
    (finding,) = (found for found in find_health_problems(look(broken), HealthLimits()) if found.severity == "error")
    assert (finding.kind, finding.subject) == ("failed_connectors", "orders")
    assert "db:5432: connection refused" in finding.message


@pytest.mark.parametrize(("most", "severity"), [(1, "error"), (2, "warning")])
def test_failures_up_to_the_allowed_number_are_accepted(most: int, severity: str) -> None:
    failed = [stored(name, tasks=["FAILED"], task_trace=REFUSED, worker=on(1)) for name in ("a", "b")]
    findings = find_health_problems(
        look(*failed, group=stable(member(1), member(2))), HealthLimits(max_failed_tasks=most)
    )
    assert {found.severity for found in findings if found.kind == "failed_tasks"} == {severity}


def test_ignored_connectors_have_no_findings() -> None:
    failed = stored("orders", state="FAILED", tasks=["FAILED", "UNASSIGNED"], worker="gone:8083")
    assert find_health_problems(look(failed), HealthLimits(counts=lambda name: name != "orders")) == ()


def test_a_failed_task_that_was_removed_does_not_count() -> None:
    assert (
        find_health_problems(look(stored(tasks=["RUNNING", "FAILED"], task_ids=[0], worker=on(1))), HealthLimits())
        == ()
    )


def test_secrets_of_configs_are_not_reported() -> None:
    trace = "org.X: no access for hunter2-in-clear\n\tat a.B.c(D.java:1)\n"
    failed = stored("customers", secret_source(), tasks=["FAILED"], task_trace=trace, worker=on(1))
    findings = find_health_problems(look(failed), HealthLimits())
    assert "hunter2" not in str(findings)
    assert "no access for" in str(findings)


@pytest.mark.parametrize("state", ["", "UNASSIGNED", "RESTARTING"])
def test_a_pending_connector_is_not_healthy(state: str) -> None:
    seen = look(stored(state=state, tasks=["RUNNING", state], worker=on(1)))
    finding = only(seen)
    assert (finding.kind, finding.severity) == ("unassigned", "error")
    assert 'connector "orders", task 1 of "orders"' in finding.message
    assert is_healthy(find_health_problems(seen, HealthLimits(max_unassigned=2)))
    assert not is_healthy(find_health_problems(seen, HealthLimits(max_unassigned=1)))


def test_a_task_without_a_status_is_pending_unless_its_connector_is_stopped() -> None:
    assert only(look(stored(task_ids=[0, 1], worker=on(1)))).kind == "unassigned"
    assert find_health_problems(look(stored(state="STOPPED", tasks=(), worker=on(1))), HealthLimits()) == ()
    assert find_health_problems(look(stored(state="PAUSED", tasks=["PAUSED"], worker=on(1))), HealthLimits()) == ()


def test_a_running_connector_without_tasks_is_a_warning() -> None:
    finding = only(look(stored(tasks=(), worker=on(1))))
    assert (finding.kind, finding.severity) == ("no_tasks", "warning")


def overlaps(*connectors: Connector, limits: HealthLimits | None = None) -> list[HealthFinding]:
    found = find_health_problems(look(*connectors), limits or HealthLimits())
    return [finding for finding in found if finding.kind == "connectors_overlap"]


def test_connectors_that_do_the_same_work_are_a_warning() -> None:
    (finding,) = overlaps(
        stored("a", file_source("a", topic="x"), worker=on(1)), stored("b", file_source("b", topic="y"), worker=on(1))
    )
    assert (finding.severity, finding.subject) == ("warning", "a")
    assert finding.message == 'connectors "a", "b" read the same source (file)'


def test_a_regex_is_resolved_against_existing_topics() -> None:
    sinks = [
        stored(name, {"connector.class": "X", "connection.url": "x", "topics.regex": regex}, worker=on(1))._replace(
            type="sink"
        )
        for name, regex in (("a", "eu-.*"), ("b", ".*-1"))
    ]
    seen = look(*sinks)
    kinds = [
        [one.kind for one in find_health_problems(replace(seen, topics=topics), HealthLimits())]
        for topics in (frozenset(), frozenset({"eu-1"}))
    ]
    assert ["connectors_overlap" in found for found in kinds] == [False, True]


def test_overlaps_are_not_checked_if_their_check_is_off() -> None:
    assert (
        overlaps(stored("a", file_source("x")), stored("b", file_source("x")), limits=HealthLimits(checks=frozenset()))
        == []
    )


def test_connectors_that_are_stopped_do_no_work() -> None:
    assert overlaps(stored("a", file_source("a")), stored("b", file_source("b"), "STOPPED", ())) == []


def test_a_task_shown_running_on_a_departed_worker_is_a_finding() -> None:
    finding = only(look(stored(worker="connect-9.example.com:8083")))
    assert (finding.kind, finding.severity, finding.subject) == (
        "task_on_non_member",
        "error",
        "connect-9.example.com:8083",
    )


def test_without_the_brokers_no_worker_is_reported_as_a_nonmember() -> None:
    assert only(look(stored(worker="connect-9.example.com:8083"), membership=None)).kind == "group_not_asked"


# Workers and their group


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        (HealthLimits(min_workers=3), "too_few_workers"),
        (HealthLimits(expected_workers=3), "other_number_of_workers"),
        (HealthLimits(expected_workers=1), "other_number_of_workers"),
    ],
)
@pytest.mark.parametrize("asked", [True, False])
def test_too_few_or_too_many_workers_are_a_finding(limits: HealthLimits, kind: str, asked: bool) -> None:
    seen = look() if asked else look(membership=None)
    finding = find_health_problems(seen, limits)[0]
    assert (finding.kind, finding.severity) == (kind, "error")
    assert ("2 members" if asked else "2 workers of url answer") in finding.message


def test_workers_that_do_not_respond_or_are_not_ready_are_findings() -> None:
    workers = (
        WorkerHealth(address(1), "4.3.1", ready=False, problem="still starting"),
        WorkerHealth(address(2), reachable=False, problem="connection refused"),
    )
    findings = find_health_problems(look(workers=workers), HealthLimits())
    assert [(finding.kind, finding.subject) for finding in findings] == [
        ("worker_not_ready", address(1)),
        ("worker_unreachable", address(2)),
    ]
    assert not is_healthy(findings)


def test_a_worker_that_left_the_group_need_not_respond() -> None:
    seen = look(workers=(*WORKERS, WorkerHealth(address(3), reachable=False, problem="refused")))
    finding = only(seen)
    assert (finding.kind, finding.severity) == ("worker_unreachable", "warning")
    assert not is_healthy(find_health_problems(seen, HealthLimits(expected_workers=3)))


def test_a_hanging_worker_has_lost_its_work_after_leaving_the_group() -> None:
    hung = WorkerHealth(address(3), reachable=False, hangs=True, problem="no answer within 15 s")
    finding = only(look(workers=(*WORKERS, hung)))
    assert (finding.kind, finding.severity) == ("worker_hangs", "warning")
    assert "no longer a member of the group, and other workers have its work" in finding.message
    assert "it may still write for a moment" in finding.message


def test_a_hanging_worker_that_may_be_a_member_is_an_error() -> None:
    hung = WorkerHealth(address(2), reachable=False, hangs=True, problem="no answer within 15 s")
    finding = find_health_problems(look(workers=(WORKERS[0], hung)), HealthLimits())[0]
    assert (finding.kind, finding.severity) == ("worker_hangs", "error")
    assert "after session.timeout.ms the group reassigns its work to the other workers" in finding.message


def test_a_worker_listed_by_another_address_is_not_reported_as_departed() -> None:
    proxies = (
        WorkerHealth("http://proxy-1", "4.3.1"),
        WorkerHealth("http://proxy-2", reachable=False, problem="refused"),
    )
    seen = look(workers=proxies)
    finding = only(seen)
    assert (finding.kind, finding.severity) == ("worker_unreachable", "error")
    assert [worker["member"] for worker in health_entry(seen, (finding,))["workers"]] == [None, None, True, True]


def test_a_rebalance_is_unhealthy_and_hides_findings_about_members() -> None:
    seen = look(group=rebalancing(member(1, ORDERS), member(2)))
    finding = only(seen)
    assert (finding.kind, finding.severity) == ("rebalancing", "error")
    entry = health_entry(seen, (finding,))
    assert entry["rebalance"] == {
        "in_progress": True,
        "source": "brokers",
        "state": "PreparingRebalance",
        "delay_ms": None,
        "parked_tasks": None,
        "parked_connectors": None,
    }
    assert {worker["member"] for worker in entry["workers"]} == {None}


def test_work_that_is_held_back_is_unhealthy() -> None:
    findings = find_health_problems(
        look(group=stable(member(1, delay=300_000), member(2, delay=300_000))), HealthLimits()
    )
    assert [(finding.kind, finding.severity) for finding in findings] == [
        ("rebalance_delayed", "error"),
        ("owned_by_nobody", "warning"),
    ]
    assert findings[0].message.startswith(f"1 task of {on(1)} waits until ")


def test_parked_work_is_reported_with_its_number_its_end_and_what_ends_the_wait_earlier() -> None:
    parked = parked_finding(stored(worker="connect-9.example.com:8083"))
    assert parked.message == "1 task of connect-9.example.com:8083 waits until 04:13:02, 300 s"
    assert parked.advice == (
        f"start connect-9.example.com:8083 again and wait, or restart the leader {address(1)}, whose 2 tasks pause for about 6 s "
        "(worker_scale, state: released)"
    )


def test_parked_work_of_a_worker_that_has_come_back_is_reported_without_the_advice_to_start_it() -> None:
    parked = parked_finding(stored(worker=on(2)))
    assert parked.message == f"1 task of {on(2)} waits until 04:13:02, 300 s"
    assert parked.advice.startswith("wait, or restart the leader")


def test_parked_work_whose_worker_is_unknown_is_reported_as_that_of_a_departed_worker() -> None:
    parked = parked_finding(stored(worker="", tasks=()))
    assert parked.message == "1 task of a departed worker waits until 04:13:02, 300 s"
    assert parked.advice.startswith("start that worker again and wait, or restart the leader")


def test_parked_connectors_are_reported_where_no_task_is_parked() -> None:
    view = RestView(address(1), frozenset({"orders"}), frozenset(ORDERS[:1]))
    members = stable(member(1, delay=300_000), member(2, delay=300_000))
    seen = look(stored(worker="connect-9.example.com:8083", tasks=()), membership=Membership(members, view, ()))
    found = next(one for one in find_health_problems(seen, HealthLimits()) if one.kind == "rebalance_delayed")
    assert found.message.startswith("1 connector of connect-9.example.com:8083 waits until ")
    assert health_entry(seen, ())["rebalance"]["parked_connectors"] == 1


def test_the_end_of_a_delay_is_counted_from_its_first_check() -> None:
    parked = parked_finding(stored(worker="connect-9.example.com:8083"), waited=29)
    assert parked.message == "1 task of connect-9.example.com:8083 waits until 04:13:02, 271 s"


def parked_finding(connector: Connector, *, waited: float = 0) -> HealthFinding:
    """What is reported for this connector, which is parked for 300 s since 04:08:02."""
    more = [(name, task) for name in ("a", "b") for task in (CONNECTOR_ITSELF, 0)]
    began = datetime(2026, 11, 28, 4, 8, 2).astimezone().timestamp()
    group = stable(member(1, more, delay=300_000), member(2, delay=300_000))
    seen = look(connector, group=group, read_at=began + waited, delay_ends=began + 300)
    return next(found for found in find_health_problems(seen, HealthLimits()) if found.kind == "rebalance_delayed")


@pytest.mark.parametrize(
    ("cause", "seconds"),
    [("no_client", 0.0), ("denied", 0.0), ("unusable", 20.0), ("no_group", 20.0), ("several_groups", 20.0), ("", None)],
)
def test_a_group_that_cannot_be_queried_lasts_depending_on_the_cause(cause: Any, seconds: float | None) -> None:
    assert only(look(membership=None, brokers_problem=BrokersError("no", cause=cause))).lasts_after == seconds


def test_a_missing_group_may_appear_while_workers_start() -> None:
    starting = (WORKERS[0], WorkerHealth(address(2), "4.3.1", ready=False, problem="starting"))
    seen = look(membership=None, brokers_problem=BrokersError("no", cause="no_group"), workers=starting)
    found = find_health_problems(seen, HealthLimits())
    assert [one.lasts_after for one in found if one.kind == "group_unknown"] == [None]


def test_what_time_does_not_fix_comes_first() -> None:
    failed = stored(tasks=["FAILED"], task_trace=REFUSED, worker=on(1))
    seen = look(failed, membership=None, brokers_problem=BrokersError("no", cause="several_groups"))
    assert [found.kind for found in find_health_problems(seen, HealthLimits())] == ["group_unknown", "failed_tasks"]


def test_findings_of_the_group_are_reported_unchanged() -> None:
    finding = only(look(group=stable(member(1, ORDERS), member(2, ORDERS))))
    assert (finding.kind, finding.severity, finding.subject) == ("owned_twice", "error", "group orders")


def test_an_unlisted_member_counts_as_a_worker() -> None:
    seen = look(group=stable(member(1, ORDERS), member(2), member(3)))
    entry = health_entry(seen, find_health_problems(seen, HealthLimits()))
    assert entry["healthy"] is True
    assert entry["workers"][2] == {
        "url": address(3),
        "version": "",
        "reachable": None,
        "ready": None,
        "member": True,
        "leader": False,
        "connectors": 0,
        "tasks": 0,
    }


def test_different_plugins_are_a_warning() -> None:
    entry = {"class": "com.example.A", "type": "source", "versions": ["1", "2"], "missing_on": [address(1)]}
    seen = look(differences=[entry])
    finding = only(seen)
    assert (finding.kind, finding.severity, finding.subject) == ("plugins_differ", "warning", "com.example.A")
    assert message(seen, (finding,)).endswith("; 1 warning")


def test_errors_come_first_and_the_message_begins_with_their_cause() -> None:
    seen = look(stored(tasks=(), worker=on(1)), membership=None)
    seen = replace(seen, workers=(*WORKERS[:1], WorkerHealth(address(2), reachable=False, problem="refused")))
    findings = find_health_problems(seen, HealthLimits(min_workers=2))
    assert [finding.severity for finding in findings] == ["error", "error", "warning", "info"]
    assert message(seen, findings) == (
        f"not healthy: worker {address(2)} does not answer: refused; because of that 1 worker of url answers, at least 2 are "
        "required; 1 worker of url answers, 1 connector, 0 tasks"
    )


def test_quoted_text_is_kept_on_one_line() -> None:
    trace = "org.X: a\x1b[2J\nb\n\tat a.B.c(D.java:1)\n"
    seen = look(stored("or\nders", tasks=["FAILED"], task_trace=trace, worker=on(1)))
    assert all(
        finding.message.isprintable() and finding.subject.isprintable()
        for finding in find_health_problems(seen, HealthLimits())
    )
