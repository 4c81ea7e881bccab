# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every change is predicted by check mode, done by the run, and not repeated by the next run; nothing else is written."""

from __future__ import annotations

import pytest

from .conftest import Played, Scenario, both_on_the_fake, everywhere
from .scenario import AGAIN, CHECK, RUN, ChangeStep, Site, changes

ANYWHERE = Site([], "", "", "")
LABELS = [step.label for step in changes(ANYWHERE)]
BRIEF_LABELS = [step.label for step in changes(ANYWHERE, brief=True)]
EVERY_STEP = everywhere("label", LABELS, BRIEF_LABELS)


def step_of(scenario: Scenario, label: str) -> ChangeStep:
    return next(step for step in changes(scenario.site) if step.label == label)


@EVERY_STEP
def test_a_run_applies_the_change_of_the_step(scenario: Scenario, label: str) -> None:
    step, record = step_of(scenario, label), scenario.run.of(f"{label}: {RUN}")
    assert record.status == "ok", record.result
    assert record.result["changed"] is True
    touched = {entry["name"]: entry for entry in record.result["connectors"] if entry["actions"]}
    assert {name: entry["actions"] for name, entry in touched.items()} == {
        scenario.site.name(short): actions for short, actions in step.actions.items()
    }
    assert all(entry["changed"] for entry in touched.values())
    for short, keys in step.changed_keys.items():
        assert touched[scenario.site.name(short)]["changed_keys"] == keys


@EVERY_STEP
def test_check_mode_predicts_the_changes_of_the_run(scenario: Scenario, label: str) -> None:
    checked, done = (scenario.run.of(f"{label}: {kind}") for kind in (CHECK, RUN))
    assert checked.status == "ok", checked.result
    assert checked.result["changed"] is True
    announced = ("name", "action", "actions", "changed", "changed_keys", "reason")
    assert [[entry[key] for key in announced] for entry in checked.result["connectors"]] == [
        [entry[key] for key in announced] for entry in done.result["connectors"]
    ]
    assert checked.result["diff"] == done.result["diff"]
    assert [entry["before_header"].removesuffix(" (absent)") for entry in done.result["diff"]] == [
        entry["name"] for entry in done.result["connectors"] if entry["actions"]
    ]


@EVERY_STEP
def test_a_second_run_changes_nothing(scenario: Scenario, label: str) -> None:
    step, record = step_of(scenario, label), scenario.run.of(f"{label}: {AGAIN}")
    assert record.status == "ok", record.result
    if step.again == "the same":
        assert record.result["changed"] is True
        return
    assert record.result["changed"] is False
    assert record.result["diff"] == []
    assert {entry["action"] for entry in record.result["connectors"]} == {"none"}
    if step.again == "one snapshot":
        assert record.result["run"]["requests"] == 1


@pytest.mark.parametrize(
    ("place", "label"),
    [
        *(("in-process", label) for label in LABELS),
        *(("module", label) for label in both_on_the_fake(LABELS, BRIEF_LABELS)),
    ],
)
def test_only_the_run_writes_to_the_cluster(played: Played, place: str, label: str) -> None:
    scenario = played("fake", place)
    step = step_of(scenario, label)
    checked, done, again = (scenario.run.of(f"{label}: {kind}") for kind in (CHECK, RUN, AGAIN))
    assert [request for request in scenario.requests(checked) if request.is_write] == []
    assert [request for request in scenario.requests(done) if request.is_write] != []
    if step.again != "the same":
        assert [request for request in scenario.requests(again) if request.is_write] == []
    for record in (checked, done, again):
        assert record.result["run"]["requests"] == len(scenario.requests(record))


def test_the_diff_is_sorted_by_key(scenario: Scenario) -> None:
    site = scenario.site
    update = scenario.run.of(f"update: {RUN}").result["diff"]
    assert update == [
        {
            "before_header": site.name("one"),
            "after_header": f"{site.name('one')} (update)",
            "before": "batch.size: 500\n",
            "after": "batch.size: 700\n",
        }
    ]
    (create,) = scenario.run.of(f"create: {RUN}").result["diff"]
    assert create["before"] == ""
    assert create["after"].splitlines() == [
        "batch.size: 500",
        "connector.class: FileStreamSource",
        f"file: {site.folder}/in.txt",
        f"name: {site.name('one')}",
        "state: RUNNING",
        "tasks.max: 1",
        f"topic: {site.name('one')}",
    ]
    (removed,) = scenario.run.of(f"key removed: {RUN}").result["diff"]
    assert (removed["before"], removed["after"]) == ("batch.size: 700\n", "")
    (paused,) = scenario.run.of(f"pause: {RUN}").result["diff"]
    assert (paused["before"], paused["after"]) == ("state: RUNNING\n", "state: PAUSED\n")


def test_connectors_reach_the_requested_states(scenario: Scenario) -> None:
    for label, state in {"pause": "PAUSED", "resume": "RUNNING", "stop both": "STOPPED"}.items():
        for entry in scenario.run.of(f"{label}: {RUN}").result["connectors"]:
            assert entry["state"] == state
            assert [one["state"] for one in entry["tasks"]] == ([] if state == "STOPPED" else [state])


def test_restarting_failed_tasks_changes_nothing_when_none_failed(scenario: Scenario) -> None:
    for kind in (CHECK, RUN):
        record = scenario.run.of(f"restart what failed: {kind}")
        assert record.status == "ok"
        assert record.result["changed"] is False
        assert record.result["run"]["requests"] == 1
        assert {entry["action"] for entry in record.result["connectors"]} == {"none"}


def test_a_failing_connector_is_reported_with_its_cause(scenario: Scenario) -> None:
    record = scenario.run.of("failing")
    assert record.failed
    assert record.result["changed"] is True
    (entry,) = record.result["connectors"]
    assert entry["failed"] is True
    assert entry["error_kind"] == "connector_failed"
    assert entry["tasks"][0]["state"] == "FAILED"
    assert entry["cause"]
    assert len(record.message.splitlines()) == 1
    assert scenario.site.name("failing") in record.message
    assert entry["cause"] in record.message
    assert record.result["error"]["kind"] == "connector_failed"


def test_a_restart_of_failed_tasks_is_predicted_and_done(scenario: Scenario) -> None:
    checked, done = (scenario.run.of(f"restart the failing: {kind}") for kind in (CHECK, RUN))
    for record in (checked, done):
        assert record.status == "ok", record.result
        assert record.result["changed"] is True
        assert [entry["actions"] for entry in record.result["connectors"]] == [["restart"]]
    assert checked.result["diff"] == done.result["diff"]


def test_an_export_writes_once_and_a_plan_from_it_has_no_changes(scenario: Scenario) -> None:
    checked, done, again = (scenario.run.of(f"export: {kind}") for kind in (CHECK, RUN, AGAIN))
    assert checked.result["changed"] is True
    assert checked.result["diff"] == done.result["diff"]
    assert done.result["changed"] is True
    assert again.result["changed"] is False
    plan = scenario.run.of("what was exported")
    assert plan.status == "ok", plan.result
    assert plan.result["changed"] is False
    assert plan.result["run"]["requests"] == 1


def test_a_purge_above_its_limit_changes_nothing(scenario: Scenario) -> None:
    record = scenario.run.of("purge over its limit")
    assert record.failed
    assert record.result["error"]["kind"] == "guard_refused"
    assert scenario.site.name("two") in record.message
    assert len(record.message.splitlines()) == 1


@pytest.mark.parametrize("label", ["offsets", "offsets removed"])
def test_offsets_are_predicted_changed_and_then_left_alone(scenario: Scenario, label: str) -> None:
    checked, done, again = (scenario.run.of(f"{label}: {kind}").result for kind in (CHECK, RUN, AGAIN))
    assert [result["changed"] for result in (checked, done, again)] == [True, True, False]
    assert (checked["changes"], checked["diff"], again["changes"]) == (done["changes"], done["diff"], [])
    assert checked["standing"]["offsets"] == "unchanged"
    assert done["standing"] == {"offsets": "changed", "run_state": "running"}
    assert again["offsets"] == done["offsets"]


def test_offsets_that_a_plugin_refuses_leave_the_connector_as_it_was(scenario: Scenario) -> None:
    record = scenario.run.of("offsets that the plugin refuses")
    assert (record.status, record.result["error"]["kind"]) == ("failed", "offsets_refused")
    assert record.result["standing"] == {"offsets": "unchanged", "run_state": "running"}
    assert record.result["offsets"] == scenario.run.of(f"offsets: {RUN}").result["offsets"]


def test_check_mode_does_not_stop_a_connector_to_read_its_offsets(played: Played) -> None:
    scenario = played("fake", "in-process")
    for label in (f"offsets: {CHECK}", f"offsets: {AGAIN}", "offsets of two", f"offsets removed: {CHECK}"):
        assert [request for request in scenario.requests(scenario.run.of(label)) if request.is_write] == []
