# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a rollback restores after a failure, and what it never restores."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.applying.rollback import roll_back
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Desired
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Change
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.run_options import ApplyOptions
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.steps import Update
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.runs.connectors import ensure_connectors
from testing.fake_connect import FakeCluster, faults, matching
from tests.unit.connect.support import (
    cluster_at,
    file_source,
    options,
    present,
    result_of,
    secret_source,
    stored,
    when,
    written,
)

FORMER = file_source(topic="former")
# The tasks of this one fail as soon as they start.
BROKEN = secret_source("orders", **{"database.hostname": "db.invalid"})
GOOD = secret_source("orders", **{"database.hostname": "db.example.com"})
REFUSED = faults.refuse(400, "Connector configuration is invalid and contains the following 1 error(s):\nno")


def ensure(fake: FakeCluster, *desired: Desired, wait_timeout: float = 5.0, **more: Any) -> Report:
    how = ApplyOptions(on_failure="rollback", **more)
    return ensure_connectors(cluster_at(fake.urls), desired, options(how, wait_timeout=wait_timeout))


def config_of(fake: FakeCluster, name: str = "orders") -> dict[str, str]:
    return dict(fake.connectors[name].config or {})


def test_a_failed_update_gets_its_previous_config_back(fake: FakeCluster) -> None:
    fake.connectors.put("orders", GOOD)
    report = ensure(fake, present(config=BROKEN))
    assert config_of(fake) == GOOD
    assert result_of(report).rollback == "previous config restored"
    assert result_of(report).error_kind == "connector_failed", "rolled back is still failed"
    assert result_of(report).changed


def test_a_failed_update_gets_its_previous_run_state_back(fake: FakeCluster) -> None:
    fake.connectors.put("orders", GOOD, "PAUSED")
    report = ensure(fake, present(config=BROKEN, state="running"))
    assert config_of(fake) == GOOD
    assert fake.connectors["orders"].target == "PAUSED"
    assert result_of(report).rollback == "previous config restored, paused again"


def test_the_result_shows_the_connector_as_it_is_after_the_rollback(fake: FakeCluster) -> None:
    fake.connectors.put("orders", GOOD)
    seen = result_of(ensure(fake, present(config=BROKEN))).seen
    assert seen is not None
    assert seen.config == GOOD


def test_a_failed_new_connector_is_stopped_and_keeps_its_status(fake: FakeCluster) -> None:
    report = ensure(fake, present(config=BROKEN))
    assert config_of(fake) == BROKEN
    assert fake.connectors["orders"].target == "STOPPED"
    assert result_of(report).rollback == "stopped"


def test_before_kafka_3_5_a_failed_new_connector_is_paused() -> None:
    with FakeCluster(version="3.4.1") as fake:
        report = ensure(fake, present(config=BROKEN))
        assert fake.connectors["orders"].target == "PAUSED"
        assert result_of(report).rollback == "paused again"


def test_a_newer_concurrent_change_is_kept(fake: FakeCluster) -> None:
    """A user repairs the connector by hand, just before the snapshot of the rollback."""
    fake.connectors.put("orders", GOOD)
    repaired = {**GOOD, "database.hostname": "db2.example.com"}

    def repair() -> None:
        if fake.connectors["orders"].config == BROKEN and fake.connectors["orders"].tasks[0].state == "FAILED":
            fake.connectors.put("orders", repaired)

    fake.script(matching("GET", "/connectors", where=when(repair)), [faults.normally()])
    report = ensure(fake, present(config=BROKEN))
    assert config_of(fake) == repaired
    assert [method for method, _path in written(fake)] == ["PUT"]
    assert "another user or run has changed the config since" in result_of(report).rollback + result_of(report).error


CHANGE = Change("orders", (Update(BROKEN),), before=stored(config=GOOD), after=BROKEN)


def test_a_change_between_the_failure_and_the_rollback_is_kept(fake: FakeCluster) -> None:
    fake.connectors.put("orders", {**GOOD, "database.hostname": "db2.example.com"})
    message, seen = roll_back(cluster_at(fake.urls), CHANGE, CHANGE.steps)
    assert message == "not rolled back: another user or run has changed the config since"
    assert seen is not None
    assert written(fake) == []


def test_a_concurrently_deleted_connector_is_not_created_again(fake: FakeCluster) -> None:
    message, seen = roll_back(cluster_at(fake.urls), CHANGE, CHANGE.steps)
    assert (message, seen) == ("not rolled back: the connector does not exist", None)
    assert written(fake) == []


def test_a_cluster_that_no_longer_responds_is_reported(fake: FakeCluster) -> None:
    fake.script(matching("GET"), [faults.respond(403, b"no", times=9)])
    message, _seen = roll_back(cluster_at(fake.urls), CHANGE, CHANGE.steps)
    assert message.startswith("rolling back failed: GET ")


def test_healthy_connectors_are_not_rolled_back(fake: FakeCluster) -> None:
    fake.connectors.put("orders", GOOD)
    fake.connectors.put("well", FORMER)
    report = ensure(fake, present(config=BROKEN), present("well"))
    assert config_of(fake, "well") == file_source("well")
    assert result_of(report, "well").rollback == ""


def test_a_change_that_never_started_is_not_rolled_back_or_called_concurrent(fake: FakeCluster) -> None:
    for name in ("a", "b", "c"):
        fake.connectors.put(name, {**FORMER, "name": name})
    fake.script(matching("PUT", "/connectors/b/config"), [REFUSED])
    report = ensure(fake, present("a"), present("b"), present("c"), max_parallel=1)
    assert result_of(report, "a").rollback == ""
    assert result_of(report, "b").rollback == "", "it was refused, so there is nothing to undo"
    if result_of(report, "c").error_kind == "not_begun":
        assert result_of(report, "c").rollback == ""
    assert config_of(fake, "b") == {**FORMER, "name": "b"}


def test_a_stop_before_a_refused_update_is_undone(fake: FakeCluster) -> None:
    """To pause or stop, the state comes first; if the config is then rejected, the connector must run again."""
    fake.connectors.put("orders", FORMER)
    fake.script(matching("PUT", "*/config"), [REFUSED])
    report = ensure(fake, present(state="stopped"))
    assert fake.connectors["orders"].target == "RUNNING"
    assert result_of(report).rollback == "running again"
    assert config_of(fake) == FORMER


def test_an_update_of_unknown_outcome_that_was_applied_is_rolled_back(fake: FakeCluster) -> None:
    fake.connectors.put("orders", FORMER)
    broken = faults.refuse(500, "java.lang.NullPointerException", applied="yes")
    fake.script(matching("PUT", "*/config"), [broken])
    fake.script(matching("GET", "/connectors/orders/config"), [faults.respond(403, b"no")])
    report = ensure(fake, present())
    assert config_of(fake) == FORMER
    assert result_of(report).rollback == "previous config restored"


def test_an_update_of_unknown_outcome_that_was_not_applied_needs_no_rollback(fake: FakeCluster) -> None:
    fake.connectors.put("orders", FORMER)
    fake.script(matching("PUT", "*/config"), [faults.refuse(500, "java.lang.NullPointerException")])
    report = ensure(fake, present())
    assert config_of(fake) == FORMER
    assert result_of(report).rollback == "the previous config is still stored"
    assert len(written(fake)) == 1


def test_a_failed_rollback_is_reported_and_keeps_all_results(fake: FakeCluster) -> None:
    fake.connectors.put("orders", GOOD)
    fake.script(matching("PUT", "*/config"), [faults.normally(), REFUSED])
    report = ensure(fake, present(config=BROKEN))
    assert result_of(report).rollback.startswith("rolling back failed: PUT ")
    assert result_of(report).error_kind == "connector_failed"


def test_without_rollback_everything_stays_as_it_failed(fake: FakeCluster) -> None:
    fake.connectors.put("orders", GOOD)
    report = ensure_connectors(cluster_at(fake.urls), [present(config=BROKEN)], options(ApplyOptions()))
    assert config_of(fake) == BROKEN
    assert result_of(report).rollback == ""


def test_a_mask_is_never_written_over_a_secret() -> None:
    """Some builds mask secrets in their responses: the previous value cannot be restored, and stars must not be
    written.
    """
    with FakeCluster(masked=True) as fake:
        fake.connectors.put("orders", GOOD)
        report = ensure(fake, present(config=BROKEN))
        assert config_of(fake) == GOOD
        assert result_of(report).rollback == "previous config restored, except the masked database.password"


def test_a_masked_value_that_was_removed_forbids_the_rollback() -> None:
    with FakeCluster(masked=True) as fake:
        fake.connectors.put("orders", {**GOOD, "ssl.keystore.password": "former-secret"})
        report = ensure(fake, present(config=BROKEN))
        assert config_of(fake) == BROKEN
        expected = "not rolled back: the workers mask the previous value of ssl.keystore.password"
        assert result_of(report).rollback == expected


@pytest.mark.parametrize("masked", [False, True])
def test_a_failed_rollback_shows_no_secret(masked: bool) -> None:
    with FakeCluster(masked=masked) as fake:
        fake.connectors.put("orders", GOOD)
        says = faults.refuse(500, "Connector config {database.password=hunter2-in-clear} is no good")
        fake.script(matching("PUT", "*/config"), [faults.normally(), says])
        fake.script(matching("GET", "/connectors/orders/config"), [faults.respond(403, b"no")])
        cluster = cluster_at(fake.urls)
        report = ensure_connectors(cluster, [present(config=BROKEN)], options(ApplyOptions(on_failure="rollback")))
        assert "rolling back failed" in result_of(report).rollback
        assert "hunter2" not in result_of(report).rollback
        assert not any("hunter2" in event.text for event in cluster.run.timeline)
