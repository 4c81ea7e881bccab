# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module worker_logger, from parameters to results, on the fake cluster; the contract tests use real ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_logger import (
    WORKER_LOGGER,
    worker_logger,
)
from testing.fake_connect import FakeCluster, faults, matching
from tests.contract.modules.shapes import misfits

RUNTIME = "org.apache.kafka.connect.runtime"
HERDER = f"{RUNTIME}.distributed.DistributedHerder"
NEW = "com.example.New"


@pytest.fixture(params=["3.9.1", "4.3.1"])
def workers(request: pytest.FixtureRequest) -> Iterator[FakeCluster]:
    """A cluster of either line: each lists its loggers in its own way."""
    with FakeCluster(version=request.param) as running:
        yield running


def run(cluster: FakeCluster, *, check: bool = False, url: list[str] | None = None, **given: Any) -> dict[str, Any]:
    """The result of a task with these options."""
    options = {"url": url or cluster.urls, "connect_timeout": 1, **given}
    checked = ArgumentSpecValidator(WORKER_LOGGER.arguments, **WORKER_LOGGER.checks).validate(options)
    assert checked.error_messages == []
    result = execute(worker_logger, checked.validated_parameters, check_mode=check, diff_mode=True)
    assert misfits("worker_logger", result) == []
    return result


def level(cluster: FakeCluster, worker: int, name: str) -> str | None:
    entry = cluster.workers[worker].loggers.entry(name)
    return None if entry is None else str(entry["level"])


def levels(cluster: FakeCluster) -> list[dict[str, str]]:
    """The levels of the loggers that all lines list, of each worker."""
    names = ("root", f"{RUNTIME}.distributed", f"{RUNTIME}.Worker", HERDER)
    return [{name: str(level(cluster, worker, name)) for name in names} for worker in range(len(cluster.workers))]


def test_a_level_is_set_on_every_worker_once(workers: FakeCluster) -> None:
    first = run(workers, loggers={RUNTIME: "debug"})
    assert first["changed"] is True
    assert first["loggers"] == {url: {RUNTIME: "DEBUG"} for url in workers.urls}
    assert [level(workers, worker, HERDER) for worker in range(3)] == ["DEBUG"] * 3
    again = run(workers, loggers={RUNTIME: "DEBUG"})
    assert (again["changed"], again["previous"], again["diff"]) == (False, {}, [])


def test_previous_levels_restore_what_the_task_changed(workers: FakeCluster) -> None:
    before = levels(workers)
    raised = run(workers, loggers={"root": "TRACE", RUNTIME: "ERROR", NEW: "OFF"})
    assert levels(workers) != before
    restored = run(workers, restore=raised["previous"])
    assert restored["changed"] is True
    assert levels(workers) == before
    assert level(workers, 0, NEW) == "WARN"
    assert run(workers, restore=raised["previous"])["changed"] is False


def test_a_class_can_have_another_level_than_its_package(workers: FakeCluster) -> None:
    given = {HERDER: "ERROR", RUNTIME: "DEBUG"}
    run(workers, loggers=given)
    assert (level(workers, 0, HERDER), level(workers, 0, f"{RUNTIME}.Worker")) == ("ERROR", "DEBUG")
    assert run(workers, loggers=given)["changed"] is False


def test_check_mode_predicts_without_writing(workers: FakeCluster) -> None:
    given = {RUNTIME: "DEBUG", HERDER: "ERROR"}
    predicted = run(workers, check=True, loggers=given)
    assert workers.writes() == []
    done = run(workers, loggers=given)
    keys = ("changed", "loggers", "previous", "diff")
    assert {key: predicted[key] for key in keys} == {key: done[key] for key in keys}
    assert predicted["msg"].startswith(f"2 log levels would be set on 3 workers ({RUNTIME}, ")


def test_the_diff_shows_the_levels_of_each_worker(workers: FakeCluster) -> None:
    result = run(workers, loggers={RUNTIME: "DEBUG"})
    assert result["diff"][0] == {
        "before_header": workers.urls[0],
        "after_header": workers.urls[0],
        "before": f"{RUNTIME}: WARN\n",
        "after": f"{RUNTIME}: DEBUG\n",
    }


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"loggers": {"a": "LOUD"}}, "is not a log level -> set one of"),
        ({"loggers": {"a b": "INFO"}}, "is not the name of a logger -> give"),
        ({"loggers": {}}, "loggers is empty -> give"),
        ({"restore": {"http://other:8083": {"a": "INFO"}}}, "is not a worker in url -> give"),
        ({"restore": {"http://other:8083": "x"}}, "is not a worker in url -> give"),
    ],
)
def test_what_cannot_be_right_is_reported_before_any_request(
    fake: FakeCluster, given: dict[str, Any], said: str
) -> None:
    result = run(fake, **given)
    assert result["error"]["kind"] == "invalid_input"
    assert said in result["msg"]
    assert list(fake.requests) == []


def test_one_request_sets_the_levels_of_the_cluster(workers: FakeCluster) -> None:
    result = run(workers, url=workers.urls[:2], loggers={RUNTIME: "DEBUG"}, scope="cluster")
    assert len(workers.writes()) == 1
    assert [level(workers, worker, HERDER) for worker in range(3)] == ["DEBUG"] * 3
    assert sorted(result["previous"]) == sorted(workers.urls[:2])
    run(workers, url=workers.urls[:2], restore=result["previous"], scope="cluster")
    assert [level(workers, worker, f"{RUNTIME}.Worker") for worker in range(3)] == ["WARN"] * 3


def test_a_level_below_is_set_again_after_its_package(workers: FakeCluster) -> None:
    run(workers, loggers={HERDER: "ERROR"})
    run(workers, loggers={RUNTIME: "DEBUG", HERDER: "ERROR"}, scope="cluster")
    assert [level(workers, worker, HERDER) for worker in range(3)] == ["ERROR"] * 3


def test_levels_that_differ_between_workers_are_restored_one_by_one(workers: FakeCluster) -> None:
    run(workers, url=workers.urls[:1], loggers={RUNTIME: "ERROR"})
    raised = run(workers, loggers={RUNTIME: "DEBUG"}, scope="cluster")
    result = run(workers, restore=raised["previous"], scope="cluster")
    assert [level(workers, worker, f"{RUNTIME}.Worker") for worker in range(3)] == ["ERROR", "WARN", "WARN"]
    assert "the levels of the workers differ" in result["warnings"][0]


def test_a_cluster_before_3_7_is_refused_before_any_change() -> None:
    with FakeCluster(version="3.6.2") as old:
        result = run(old, loggers={RUNTIME: "DEBUG"}, scope="cluster")
        assert old.writes() == []
    assert result["error"]["kind"] == "unsupported"
    assert (
        "is older than Kafka 3.7, which scope=cluster needs: nothing was changed -> set scope to worker"
        in result["msg"]
    )


def test_a_worker_that_does_not_get_the_levels_of_the_cluster_is_named(fake: FakeCluster) -> None:
    fake.workers[2].loggers.frozen = True
    result = run(fake, loggers={RUNTIME: "DEBUG"}, scope="cluster", wait_timeout=0.2)
    assert result["error"]["kind"] == "wait_timeout"
    assert (
        f"worker {fake.urls[2]} accepted level DEBUG of logger {RUNTIME}, but its level is WARN after 0.2 s"
        in result["msg"]
    )
    assert sorted(result["previous"]) == sorted(fake.urls), "what was changed can be restored"


def test_log_levels_on_another_listener_are_explained(workers: FakeCluster) -> None:
    for worker in workers.workers:
        worker.admin_elsewhere = True
    result = run(workers, loggers={RUNTIME: "DEBUG"})
    assert result["error"]["kind"] == "unsupported"
    assert "admin.listeners of the worker names another listener, give that URL" in result["msg"]


def test_a_worker_without_log4j_is_named_before_any_change(workers: FakeCluster) -> None:
    workers.workers[1].loggers.usable = False
    result = run(workers, loggers={RUNTIME: "DEBUG"})
    assert f"worker {workers.urls[1]} has no loggers: nothing was changed -> " in result["msg"]
    assert "put log4j-core" in result["msg"]
    assert workers.writes() == []


def test_a_level_that_is_accepted_and_not_applied_is_a_failure(fake: FakeCluster) -> None:
    fake.workers[0].loggers.frozen = True
    result = run(fake, loggers={RUNTIME: "DEBUG"})
    assert result["failed"] is True
    assert f"accepted level DEBUG of logger {RUNTIME}, but its level is WARN -> " in result["msg"]


def test_the_task_continues_without_a_worker_that_does_not_answer(fake: FakeCluster) -> None:
    fake.workers[1].kill()
    result = run(fake, loggers={RUNTIME: "DEBUG"})
    assert sorted(result["loggers"]) == sorted([fake.urls[0], fake.urls[2]])
    assert "does not answer (connection refused); continuing without it" in result["warnings"][0]


def test_no_worker_that_answers_is_a_failure(fake: FakeCluster) -> None:
    for worker in fake.workers:
        worker.kill()
    assert run(fake, loggers={RUNTIME: "DEBUG"})["error"]["kind"] == "connection_refused"


def test_a_dropped_response_is_resolved_by_reading_the_level(fake: FakeCluster) -> None:
    fake.script(matching("PUT", "/admin/loggers/*"), do=[faults.drop(applied="yes")])
    result = run(fake, loggers={RUNTIME: "DEBUG"})
    assert (result["changed"], result.get("failed", False)) == (True, False)
    assert level(fake, 0, HERDER) == "DEBUG"


def test_a_failure_in_the_middle_returns_what_was_changed(fake: FakeCluster) -> None:
    fake.script(matching("PUT", "/admin/loggers/*", worker=1), do=[faults.refuse(403, "no", applied="no")])
    result = run(fake, loggers={RUNTIME: "DEBUG"})
    assert (result["failed"], result["changed"]) == (True, True)
    assert list(result["previous"]) == [fake.urls[0]]


def test_a_logger_that_no_class_has_is_doubted(workers: FakeCluster) -> None:
    result = run(workers, loggers={"org.apche.kafka": "DEBUG", RUNTIME: "DEBUG"})
    assert [text for text in result["warnings"] if "check the spelling" in text] == [
        'logger "org.apche.kafka": no class of the workers has logged under this name yet; check the spelling if nothing appears'
    ]


def test_nothing_to_restore_changes_nothing(fake: FakeCluster) -> None:
    result = run(fake, restore={})
    assert (result["changed"], result["previous"], list(fake.requests)) == (False, {}, [])
