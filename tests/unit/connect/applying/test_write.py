# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One step on a cluster that loses responses: what is verified, what is sent again, what stays unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.applying.write import (
    Uncertain,
    write_change,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    CancelledError,
    Outcome,
    RequestError,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Change
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.steps import (
    Create,
    Delete,
    Pause,
    Restart,
    Resume,
    Step,
    Stop,
    Update,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from testing.fake_connect import FakeCluster, Fault, faults, matching
from testing.fake_connect.faults import Applied
from tests.unit.connect.support import cluster_at, file_source, written

CONFIG = file_source()
OTHER = file_source(topic="other")
PUT = ("PUT", "/connectors/orders/config")


@dataclass
class Ended:
    """How the steps of one change ended."""

    done: list[Step]
    uncertain: tuple[Uncertain, ...] = ()
    error: RequestError | CancelledError | None = None


def do(fake: FakeCluster, *steps: Step, run: Run | None = None, **connection: Any) -> Ended:
    ended = Ended([])
    try:
        ended.uncertain = write_change(
            cluster_at(fake.urls[:1], run=run, **connection).api, Change("orders", steps), ended.done
        )
    except (RequestError, CancelledError) as error:
        ended.error = error
    return ended


def config_of(fake: FakeCluster) -> dict[str, str]:
    return dict(fake.connectors["orders"].config or {})


AMBIGUOUS = ("dropped", "timed out", "write failed", "forward cut")


def ambiguous(kind: str, applied: Applied) -> Fault:
    return {
        "dropped": faults.drop(applied=applied),
        "timed out": faults.timed_out(applied=applied),
        "write failed": faults.write_failed(applied=applied),
        "forward cut": faults.forward_cut(applied=applied),
    }[kind]


@pytest.mark.parametrize("kind", AMBIGUOUS)
def test_an_applied_write_whose_response_was_lost_is_not_sent_again(fake: FakeCluster, kind: str) -> None:
    """An identical PUT is not a no-op: it restarts the connector."""
    fake.connectors.put("orders", OTHER)
    fake.script(matching("PUT"), [ambiguous(kind, "yes")])
    ended = do(fake, Update(CONFIG))
    assert ended.error is None
    assert written(fake) == [PUT]
    assert config_of(fake) == CONFIG


@pytest.mark.parametrize("kind", AMBIGUOUS)
def test_a_write_that_was_not_applied_is_sent_again(fake: FakeCluster, kind: str) -> None:
    fake.connectors.put("orders", OTHER)
    fake.script(matching("PUT"), [ambiguous(kind, "no")])
    ended = do(fake, Update(CONFIG))
    assert ended.error is None
    assert written(fake) == [PUT, PUT]
    assert config_of(fake) == CONFIG


def test_a_write_that_is_applied_later_does_no_harm(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OTHER)
    fake.script(matching("PUT"), [faults.timed_out(applied="later", later=0.02)])
    ended = do(fake, Update(CONFIG))
    assert ended.error is None
    fake.connectors.settle()
    assert config_of(fake) == CONFIG


def test_a_request_without_a_response_is_verified_like_a_dropped_one(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OTHER)
    fake.script(matching("PUT"), [faults.hold(1.0)])
    ended = do(fake, Update(CONFIG), request_timeout=0.3)
    assert ended.error is None
    assert config_of(fake) == CONFIG


def test_a_create_whose_response_was_lost_is_compared_if_the_connector_exists(fake: FakeCluster) -> None:
    """The snapshot misses it, since the record arrives later; then POST says "already exists": ours."""
    fake.script(matching("POST", "/connectors"), [faults.drop(applied="yes")])
    fake.script(matching("GET", "/connectors/orders/config"), [faults.refuse(404, "Connector orders not found")])
    ended = do(fake, Create(CONFIG, "paused"))
    assert ended.error is None
    assert written(fake) == [("POST", "/connectors")] * 2
    assert config_of(fake) == CONFIG


def test_a_create_is_polled_until_this_worker_has_read_it(fake: FakeCluster) -> None:
    fake.script(matching("POST", "/connectors"), [faults.drop(applied="yes")])
    unread = faults.refuse(404, "Connector orders not found", times=3)
    fake.script(matching("GET", "/connectors/orders/config"), [unread])
    ended = do(fake, Create(CONFIG, "paused"))
    assert ended.error is None


def test_another_config_after_a_lost_response_is_a_concurrent_change(fake: FakeCluster) -> None:
    fake.script(matching("POST", "/connectors"), [faults.drop(applied="no")])
    fake.script(matching("GET", "/connectors/orders/config"), [faults.refuse(404, "Connector orders not found")])
    fake.script(matching("POST", "/connectors"), [faults.already_exists("orders")])
    fake.connectors.put("orders", OTHER)
    ended = do(fake, Create(CONFIG, "paused"))
    assert ended.error is not None
    assert ended.error.kind == "already_exists"
    assert config_of(fake) == OTHER


def test_already_existing_with_another_config_is_an_error(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OTHER)
    ended = do(fake, Create(CONFIG, "paused"))
    assert ended.error is not None
    assert ended.error.kind == "already_exists"
    assert len(written(fake)) == 1


def test_a_create_that_a_proxy_sent_twice_is_done(fake: FakeCluster) -> None:
    """The run sees only the response to the second request; another user may have created the connector."""
    fake.connectors.put("orders", CONFIG)
    ended = do(fake, Create(CONFIG, "paused"))
    assert ended.error is None
    assert written(fake) == [("POST", "/connectors"), ("PUT", "/connectors/orders/pause")]
    assert config_of(fake) == CONFIG


def test_a_delete_whose_response_was_lost_is_verified(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.script(matching("DELETE"), [faults.drop(applied="yes")])
    ended = do(fake, Delete())
    assert ended.error is None
    assert len(written(fake)) == 1
    assert "orders" not in fake.connectors


def test_a_delete_that_was_not_applied_is_sent_again(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.script(matching("DELETE"), [faults.drop(applied="no")])
    assert do(fake, Delete()).error is None
    assert "orders" not in fake.connectors


def test_deleting_a_missing_connector_succeeds(fake: FakeCluster) -> None:
    assert do(fake, Delete()).error is None


@pytest.mark.parametrize("step", [Pause(), Resume(), Stop()], ids=lambda step: step.action)
def test_writes_of_the_run_state_are_repeated(fake: FakeCluster, step: Step) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.script(matching("PUT", "/connectors/orders/*"), [faults.drop(applied="yes")])
    assert do(fake, step).error is None
    assert len(written(fake)) == 2


# A restart


@pytest.mark.parametrize("kind", AMBIGUOUS)
@pytest.mark.parametrize("applied", ["yes", "no"])
def test_a_restart_of_unknown_outcome_is_never_sent_again(fake: FakeCluster, kind: str, applied: Applied) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.script(matching("POST", "*/restart"), [ambiguous(kind, applied)])
    ended = do(fake, Restart())
    assert ended.error is None
    assert len(written(fake)) == 1
    assert [entry.step for entry in ended.uncertain] == [Restart()]


def test_a_restart_that_certainly_was_not_done_is_sent_again(fake: FakeCluster) -> None:
    fake.connectors.put("orders", CONFIG)
    fake.script(matching("POST", "*/restart"), [faults.stale_configuration(times=3)])
    ended = do(fake, Restart(include_tasks=True, only_failed=False))
    assert ended.error is None
    assert ended.uncertain == ()
    assert len(written(fake)) == 4
    assert fake.requests[-1].query == "includeTasks=true&onlyFailed=false"


def test_a_restart_of_the_connector_instance_alone_uses_no_option(fake: FakeCluster) -> None:
    """Workers before 3.0 know none (KIP-745)."""
    fake.connectors.put("orders", CONFIG)
    assert do(fake, Restart(include_tasks=False, only_failed=False)).error is None
    assert fake.requests[-1].query == ""


# Several steps


def test_steps_run_in_order_and_each_is_recorded_when_done(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OTHER)
    ended = do(fake, Stop(), Update(CONFIG), Resume())
    assert ended.done == [Stop(), Update(CONFIG), Resume()]
    assert [path.rsplit("/", 1)[-1] for _method, path in written(fake)] == ["stop", "config", "resume"]


def test_the_first_step_that_fails_ends_the_change(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OTHER)
    fake.script(matching("PUT", "*/config"), [faults.refuse(400, "Connector configuration is invalid")])
    ended = do(fake, Stop(), Update(CONFIG), Resume())
    assert ended.done == [Stop()]
    assert ended.error is not None
    assert ended.error.kind == "invalid_config"
    assert ended.error.outcome is Outcome.NOT_DONE


def test_a_connector_just_created_may_be_unknown_for_a_moment(fake: FakeCluster) -> None:
    fake.script(matching("PUT", "*/pause"), [faults.refuse(404, "Unknown connector orders", times=2)])
    assert do(fake, Create(CONFIG), Pause()).error is None
    assert fake.connectors["orders"].target == "PAUSED"


def test_an_unknown_connector_that_was_not_just_created_is_an_error(fake: FakeCluster) -> None:
    ended = do(fake, Pause())
    assert ended.error is not None
    assert ended.error.kind == "not_found"


# What stays unknown


def test_an_unknown_write_that_cannot_be_verified_stays_unknown(fake: FakeCluster) -> None:
    """A failed snapshot must not turn "may have been applied" into "was not"."""
    fake.connectors.put("orders", OTHER)
    fake.script(matching("PUT"), [faults.drop(applied="yes")])
    fake.script(matching("GET", "/connectors/orders/config"), [faults.respond(401, b"no", times=9)])
    ended = do(fake, Update(CONFIG))
    assert isinstance(ended.error, RequestError)
    assert ended.error.outcome is Outcome.UNKNOWN
    assert ended.error.kind == "connection_dropped"


def test_a_refused_second_attempt_leaves_the_first_unknown(fake: FakeCluster) -> None:
    """The first attempt is still in the worker's queue; it is applied when the second one has long been refused."""
    fake.connectors.put("orders", OTHER)
    later = faults.timed_out(applied="later", later=0.3)
    fake.script(matching("PUT"), [later, faults.conflicting_operation(times=999)])
    ended = do(fake, Update(CONFIG), run=Run(conflict_timeout=0.2))
    assert isinstance(ended.error, RequestError)
    assert ended.error.outcome is Outcome.UNKNOWN
    fake.connectors.settle()
    assert config_of(fake) == CONFIG


def test_run_timeout_after_an_unknown_write_leaves_it_unknown(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OTHER)
    fake.script(matching("PUT"), [faults.timed_out(applied="yes", hold=0.3)])
    ended = do(fake, Update(CONFIG), run=Run(run_timeout=0.25))
    assert isinstance(ended.error, RequestError)
    assert ended.error.outcome is Outcome.UNKNOWN


def test_conflict_timeout_bounds_the_attempts_of_a_write_that_keeps_timing_out(fake: FakeCluster) -> None:
    """Each attempt takes long: its duration counts, not only the pauses between attempts."""
    fake.connectors.put("orders", OTHER)
    fake.script(matching("PUT"), [faults.timed_out(hold=0.1, times=999)])
    ended = do(fake, Update(CONFIG), run=Run(conflict_timeout=0.4))
    assert isinstance(ended.error, RequestError)
    assert ended.error.outcome is Outcome.UNKNOWN
    assert 2 <= len(written(fake)) <= 6


def test_a_server_error_is_verified_but_the_write_is_not_repeated(fake: FakeCluster) -> None:
    fake.connectors.put("orders", OTHER)
    fake.script(matching("PUT"), [faults.refuse(500, "java.lang.NullPointerException")])
    ended = do(fake, Update(CONFIG))
    assert isinstance(ended.error, RequestError)
    assert (ended.error.kind, ended.error.outcome) == ("worker_error", Outcome.UNKNOWN)
    assert written(fake) == [PUT]
    assert ("GET", "/connectors/orders/config") in [(request.method, request.path) for request in fake.requests]
