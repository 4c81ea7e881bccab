# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module connector_heal, from parameters to results; integration tests use a real cluster and its topic."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible import history_options
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_heal import (
    CONNECTOR_HEAL,
    connector_heal,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.group_findings import RestView
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.membership import Membership
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.protocol import (
    CONNECTOR_ITSELF,
    Group,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.healing import stale
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.waiting import wait
from testing.fake_connect import FakeCluster, matching
from testing.fake_connect.faults import conflicting_operation
from testing.fake_connect.records import Status
from tests.contract.modules.shapes import misfits
from tests.unit.connect.group_bytes import address, member, rebalancing, stable
from tests.unit.connect.history_support import START, FakeSource, StatusLog, logs
from tests.unit.connect.support import file_source, secret_source

pytestmark = pytest.mark.usefixtures("topic")

SECRET = "hunter2-in-clear"
REFUSED = "java.net.ConnectException: Connection refused\n"
MISSING = (
    'org.apache.kafka.common.config.ConfigException: Missing required configuration "file" which has no default value.'
)
ODD = "com.example.OddException: 42"


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> StatusLog:
    """The status topic, in place of brokers. Its clock is at now."""
    config, status = logs()
    now = time.time() - START / 1000
    status.second = now - 86_000
    status.status("other", "RUNNING")
    status.second = now

    class Reader(FakeSource):
        def __init__(self, *_given: object) -> None:
            super().__init__(config, status)

    monkeypatch.setattr(history_options, "TopicReader", Reader)
    # Workers of the fake read a restart request sooner.
    monkeypatch.setattr(wait, "RESTART_SHOWS", 0.1)
    return status


def heal(fake: FakeCluster, /, *, check_mode: bool = False, **given: Any) -> dict[str, Any]:
    """The result of a task with these options; every other has its default."""
    options = {
        "url": fake.urls,
        "bootstrap_servers": "127.0.0.1:1",
        "stable_for": 0.05,
        "wait_timeout": 5,
        **given,
    }
    checked = ArgumentSpecValidator(CONNECTOR_HEAL.arguments, **CONNECTOR_HEAL.checks).validate(options)
    assert checked.error_messages == []
    result = execute(connector_heal, checked.validated_parameters, check_mode=check_mode, diff_mode=True)
    assert misfits("connector_heal", result) == []
    return result


def put(fake: FakeCluster, name: str, trace: str = "", **more: Any) -> None:
    fake.connectors.put(name, file_source(name))
    fake.connectors.settle()
    fake.forget_requests()
    if trace:
        fake.connectors.fail(name, 0, trace, **more)


def writes(fake: FakeCluster) -> list[str]:
    return [f"{one.method} {one.path}" + (f"?{one.query}" if one.query else "") for one in fake.writes()]


def test_a_transient_failure_is_restarted_and_runs(fake: FakeCluster) -> None:
    put(fake, "orders", REFUSED)
    put(fake, "payments")
    result = heal(fake)
    assert (result["changed"], result.get("failed")) == (True, None)
    (entry,) = result["restarted"]
    assert (entry["connector"], entry["tasks"], entry["result"]) == ("orders", [0], "running")
    assert "Connection refused" in entry["cause"]
    assert result["msg"] == "restarted 1 of 1 failed connector (orders)"
    assert writes(fake) == ["POST /connectors/orders/restart?includeTasks=true&onlyFailed=true"]


def test_a_cluster_without_connectors_is_well_although_its_topic_can_not_be_recognized(
    fake: FakeCluster, topic: StatusLog
) -> None:
    topic.records.clear()
    assert heal(fake)["msg"] == "no connector has failed"


def test_a_second_run_does_nothing(fake: FakeCluster) -> None:
    put(fake, "orders", REFUSED)
    heal(fake)
    again = heal(fake)
    assert (again["changed"], again["restarted"], again["left"], again["report"]) == (False, [], [], [])
    assert again["msg"] == "no connector has failed"
    assert len(writes(fake)) == 1


def test_check_mode_only_tells(fake: FakeCluster) -> None:
    put(fake, "orders", REFUSED)
    result = heal(fake, check_mode=True)
    assert (result["changed"], [entry["result"] for entry in result["restarted"]]) == (True, ["planned"])
    assert result["msg"] == "would restart 1 of 1 failed connector (orders)"
    assert writes(fake) == []


def test_what_a_restart_does_not_cure_is_left_with_its_fix(fake: FakeCluster) -> None:
    put(fake, "bad-config", MISSING)
    put(fake, "odd", ODD)
    put(fake, "audit", REFUSED)
    put(fake, "orders", REFUSED)
    result = heal(fake, protected=["audit"])
    left = {entry["connector"]: entry for entry in result["left"]}
    assert {name: entry["reason"] for name, entry in left.items()} == {
        "audit": "protected",
        "bad-config": "permanent",
        "odd": "unknown_cause",
    }
    assert "connector_validate" in left["bad-config"]["advice"]
    assert "unknown_causes: restart" in left["odd"]["advice"]
    assert result["msg"].startswith(
        "restarted 1 of 4 failed connectors (orders); left 3: 1 permanent (bad-config: ConfigException: Missing"
    )
    assert result["report"][0].startswith("orders      running")
    assert result["report"][-1].startswith("            ")
    assert writes(fake) == ["POST /connectors/orders/restart?includeTasks=true&onlyFailed=true"]


def test_unknown_causes_are_restarted_on_request(fake: FakeCluster) -> None:
    put(fake, "odd", ODD)
    assert [entry["result"] for entry in heal(fake, unknown_causes="restart")["restarted"]] == ["running"]


def test_a_failure_after_the_restart_has_its_new_cause(fake: FakeCluster) -> None:
    put(fake, "orders", REFUSED)
    fake.connectors.fail("orders", 0, MISSING, sticky=True)
    fake.connectors.fail("orders", 0, REFUSED)
    result = heal(fake)
    (entry,) = result["restarted"]
    assert (entry["result"], result.get("failed")) == ("failed_again", None)
    assert "Missing required configuration" in entry["new_cause"]
    assert "connector_validate" in entry["advice"]
    assert "1 failed again (orders: ConfigException: Missing" in result["msg"]


def test_the_task_fails_on_request_if_something_does_not_run(fake: FakeCluster) -> None:
    put(fake, "bad-config", MISSING)
    put(fake, "orders", REFUSED)
    result = heal(fake, fail_on_left=True)
    assert (result["failed"], result["error"]["kind"]) == (True, "not_healed")
    assert [entry["result"] for entry in result["restarted"]] == ["running"]
    assert heal(fake, fail_on_left=True, name=["orders"]).get("failed") is None


def test_failures_and_restarts_of_the_topic_count(fake: FakeCluster, topic: StatusLog) -> None:
    put(fake, "orders", REFUSED)
    now = topic.second
    for minute in (60, 50, 40):
        topic.second = now - minute * 60
        topic.status("orders", "FAILED", task=0, trace=REFUSED)
        topic.second += 30
        topic.status("orders", "RESTARTING", task=0)
    topic.second = now - 60
    topic.status("orders", "FAILED", task=0, trace=REFUSED)
    (entry,) = heal(fake)["left"]
    assert (entry["reason"], entry["failures"], entry["restarts"]) == ("limit_reached", 4, 3)
    assert entry["next_restart_at"] > entry["last_failure"]
    assert "cluster_history" in entry["advice"]
    assert heal(fake, max_restarts=4)["left"][0]["reason"] == "not_due"
    assert heal(fake, max_restarts=4, first_pause="1s")["restarted"][0]["result"] == "running"


def test_only_the_window_is_read(fake: FakeCluster, topic: StatusLog) -> None:
    put(fake, "orders")
    now = topic.second
    topic.second = now - 7 * 3600
    topic.status("orders", "FAILED", task=0, trace="x" * 5000)
    topic.second = now
    topic.status("payments", "RUNNING")
    assert heal(fake, max_bytes=1000).get("failed") is None
    assert "shorten window, or raise max_bytes" in heal(fake, max_bytes=1000, window="1d")["msg"]


def test_secrets_do_not_appear(fake: FakeCluster) -> None:
    fake.connectors.put("customers", secret_source("customers"))
    fake.connectors.settle()
    fake.connectors.fail("customers", 0, f"com.example.OddException: login with {SECRET} failed\x1b[31m")
    result = heal(fake)
    assert "login with ********" in result["left"][0]["cause"]
    assert SECRET not in json.dumps(result)
    assert "\x1b" not in "".join([result["msg"], result["left"][0]["cause"], *result["report"]])


def test_a_restart_that_no_worker_accepts_is_an_error(fake: FakeCluster) -> None:
    put(fake, "orders", REFUSED)
    fake.script(matching("POST"), [conflicting_operation(times=99)])
    result = heal(fake, conflict_timeout=0.5)
    assert (result["failed"], result["error"]["kind"]) == (True, "not_healed")
    assert result["restarted"][0]["result"] == "not_restarted"


def test_a_name_that_does_not_exist_is_a_warning(fake: FakeCluster) -> None:
    assert heal(fake, name=["ordres", "pay*"])["warnings"] == ['connector "ordres" does not exist: correct name']


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"window": "yesterday"}, 'window "yesterday" is no duration: give seconds, or a duration such as'),
        ({"window": "0s"}, "window is 0: give the time"),
        ({"first_pause": ""}, 'first_pause "" is no duration'),
        ({"max_restarts": -1}, "max_restarts is -1: give a number, 0 or more"),
        ({"bootstrap_servers": []}, "bootstrap_servers is empty"),
        ({"protected": ["~("]}, 'pattern "~(" is not a regular expression'),
        ({"status_topic": "other"}, 'topic "other" does not exist: correct status_topic'),
    ],
)
def test_invalid_options_are_rejected(fake: FakeCluster, given: dict[str, Any], says: str) -> None:
    put(fake, "orders", REFUSED)
    result = heal(fake, **given)
    assert result["error"]["kind"] == "invalid_input"
    assert says in result["msg"]
    assert writes(fake) == []


# Outdated statuses

OWNERS = stable(member(1, [("orders", CONNECTOR_ITSELF)]), member(2))
ELSEWHERE = address(2).removeprefix("http://")


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> list[Group | BrokersError]:
    """What the brokers tell about the group."""
    answers: list[Group | BrokersError] = [OWNERS]

    def read_group(*_given: Any) -> Membership:
        if isinstance(answers[0], BrokersError):
            raise answers[0]
        return Membership(answers[0], RestView("", frozenset(), frozenset()), ())

    monkeypatch.setattr(stale, "new_client", lambda *_given: None)
    monkeypatch.setattr(stale, "read_group", read_group)
    return answers


def outdate(fake: FakeCluster, name: str = "orders") -> None:
    """Another worker than the owner has written UNASSIGNED last."""
    put(fake, name)
    fake.store.edit(name, status=Status("UNASSIGNED", ELSEWHERE))


@pytest.mark.usefixtures("group")
def test_an_outdated_status_is_cured_by_a_restart_without_tasks(fake: FakeCluster) -> None:
    outdate(fake)
    result = heal(fake)
    (entry,) = result["restarted"]
    assert (entry["tasks"], entry["result"]) == ([], "running")
    assert entry["cause"] == f"outdated status UNASSIGNED from worker {ELSEWHERE}, which no longer owns it"
    assert result["msg"] == "restarted 1 connector with an outdated status (orders)"
    assert writes(fake) == ["POST /connectors/orders/restart"]


@pytest.mark.parametrize(
    "found", [stable(member(2, [("orders", CONNECTOR_ITSELF)])), stable(member(1)), rebalancing(member(1))]
)
def test_work_that_waits_for_a_worker_is_not_touched(
    fake: FakeCluster, group: list[Group | BrokersError], found: Group
) -> None:
    outdate(fake)
    group[0] = found
    assert heal(fake)["msg"] == "no connector has failed"
    assert writes(fake) == []


def test_an_unknown_group_is_a_warning(fake: FakeCluster, group: list[Group | BrokersError]) -> None:
    outdate(fake)
    put(fake, "payments", REFUSED)
    group[0] = BrokersError("no broker answers")
    result = heal(fake)
    assert [entry["connector"] for entry in result["restarted"]] == ["payments"]
    assert result["warnings"] == ["whether UNASSIGNED connectors have an outdated status is unknown: no broker answers"]
