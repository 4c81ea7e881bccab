# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark of interruptions measures, and what it makes of its results."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.benchmark.interruption import cases, operations, pages
from testing.benchmark.interruption.operations import Settings, run, variables
from testing.benchmark.interruption.results import (
    HEADS,
    LOST,
    TASKS,
    Conditions,
    Measured,
    Results,
    from_json,
    gaps_of,
    goals,
    in_json,
    last_line,
    load,
    printed,
    rows,
)
from testing.benchmark.interruption.silence import Silence
from testing.benchmark.measuring import table
from testing.benchmark.playbooks import RunFailedError
from testing.hosts import HostsError
from testing.sandbox.environment import CHECKOUT

STEPS = {step.name: step for case in cases.CASES for step in case.steps}


def measured(name: str, *gaps: tuple[float, float], seconds: float = 68.4) -> Measured:
    """A case in which each of the first tasks has one of these gaps."""
    step = STEPS[name]
    lanes = tuple((gap,) for gap in gaps) + ((),) * (TASKS - len(gaps))
    return Measured(name, step.operation, step.way, "2026-11-28", seconds, seconds + 10, lanes, step.drawn)


def results(*measurements: Measured, **conditions: Any) -> Results:
    return Results(Conditions(**conditions), {one.name: one for one in measurements})


LEADER_FIRST = measured(cases.LEADER_FIRST, (1, 5.5), (2, 9.5), (3, 6.25))
LEADER_LAST = measured("leader-last", (1, 301), (300, 602), seconds=950)
RELEASE = measured(cases.RELEASE, (1, 5), (2, 8))
WAIT = measured("scale-in-wait", (1, 301), (2, 603), seconds=640)


def test_all_cases_are_measured_unless_some_are_selected() -> None:
    assert cases.selected([]) == cases.CASES
    assert [case.name for case in cases.selected(["scale-in-wait", "by-hand"])] == ["by-hand", "scale-in-wait"]


def test_ours_stands_for_the_defaults_of_the_playbooks() -> None:
    assert [case.name for case in cases.selected(["ours"])] == [cases.LEADER_FIRST, cases.RELEASE]


def test_every_step_has_a_name_of_its_own_and_every_case_ends_with_all_workers() -> None:
    assert len(STEPS) == sum(len(case.steps) for case in cases.CASES)
    assert {case.steps[-1].workers for case in cases.CASES} == {cases.WORKERS}


def test_the_estimate_grows_with_the_delay() -> None:
    case = next(case for case in cases.CASES if case.name == "leader-last")
    assert case.estimate(300) - case.estimate(0) == 900


def test_manual_restarts_wait_for_each_worker_in_the_order_of_the_inventory() -> None:
    hosts = [command[1] for command in cases.ONE_AFTER_ANOTHER if command[0] == "ansible"]
    assert hosts == ["worker-1", "worker-2", "worker-3", "worker-4"]
    assert [command[-1] for command in cases.ONE_AFTER_ANOTHER[1::2]] == [f"answering={host}" for host in hosts]


def test_the_default_delay_is_not_configured() -> None:
    properties = variables("b:9092", [], Conditions(), 1)["worker_properties"]
    assert "scheduled.rebalance.max.delay.ms" not in properties
    assert "exactly.once.source.support" not in properties


def test_conditions_are_configured() -> None:
    conditions = Conditions(kafka="3.9", delay=20, protocol="compatible", exactly_once=True, brokers=3, stable_for=7)
    inventory = variables("b:9092", ["u"], conditions, 3)
    properties = inventory["worker_properties"]
    assert properties["scheduled.rebalance.max.delay.ms"] == 20000
    assert properties["connect.protocol"] == "compatible"
    assert properties["exactly.once.source.support"] == "enabled"
    assert {value for key, value in properties.items() if key.endswith("replication.factor")} == {3}
    assert (inventory["kafka_line"], inventory["rolling_stable_for"]) == ("3.9", 7)
    assert len(inventory["sources"]) == TASKS


@pytest.mark.parametrize("exactly_once", [False, True])
def test_transactions_of_a_source_have_a_length_if_there_are_any(exactly_once: bool) -> None:
    config = variables("b:9092", [], Conditions(exactly_once=exactly_once), 1)["sources"][0]["config"]
    assert ("transaction.boundary.interval.ms" in config) is exactly_once


def test_silences_become_seconds_since_the_start() -> None:
    assert gaps_of([[Silence(99.5, 105.126)], []], 100) == (((-0.5, 5.13),), ())


def test_results_survive_the_file(tmp_path: Path) -> None:
    whole = results(LEADER_FIRST, RELEASE, exactly_once=True)
    assert from_json(in_json(whole)) == whole
    assert load(tmp_path / "missing.json") is None
    pages.save(whole, tmp_path / "one.json")
    assert load(tmp_path / "one.json") == whole
    ET.fromstring((tmp_path / "one.svg").read_text(encoding="utf-8"))


def test_results_without_a_case_can_be_saved_and_printed(tmp_path: Path) -> None:
    pages.save(results(), tmp_path / "none.json")
    assert load(tmp_path / "none.json") == results()
    assert list(printed(results()))[-1] == "lost_task_seconds rolling_restart=none scale_in=none median=none"


def test_another_measurement_of_a_case_replaces_the_first() -> None:
    again = measured(cases.LEADER_FIRST, (1, 4))
    assert results(LEADER_FIRST, RELEASE).with_one(again) == results(again, RELEASE)


def test_the_table_lists_the_cases_by_operation_in_their_usual_order() -> None:
    back = measured("scale-in-release-back")
    found = rows(results(back, RELEASE, LEADER_FIRST, LEADER_LAST))
    assert [row[0] for row in found] == [cases.RESTART, cases.RESTART, cases.LEAVE, cases.RETURN]
    assert found[1] == [cases.RESTART, "rolling_restart, leader first", "68", "3", "3", "4.5", "7.5", "15"]


def test_the_last_line_has_the_numbers_of_the_defaults() -> None:
    line = list(printed(results(LEADER_LAST, LEADER_FIRST, WAIT, RELEASE)))[-1]
    assert line == "lost_task_seconds rolling_restart=15.2 scale_in=10.0 median=4.5"


def test_the_last_line_names_a_delay_that_is_not_the_default() -> None:
    assert last_line(results(RELEASE, delay=20)) == (
        "lost_task_seconds rolling_restart=none scale_in=10.0 median=none delay=20"
    )


def test_goals_apply_to_the_cases_that_were_measured() -> None:
    assert [str(goal).partition(":")[0] for goal in goals(results(LEADER_FIRST))] == ["reached"] * 3
    assert len(goals(results(LEADER_FIRST, RELEASE))) == 4
    assert goals(results(LEADER_FIRST, RELEASE, protocol="eager")) == []


def test_a_goal_is_missed_by_what_the_tasks_lost() -> None:
    lost = goals(results(measured(cases.LEADER_FIRST, (0, LOST + 1))))[0]
    assert str(lost).startswith("MISSED: rolling_restart, leader first: lost task-seconds: 111, at most 110")


def test_the_dates_are_those_of_the_first_and_the_last_measurement() -> None:
    assert results(LEADER_FIRST, RELEASE).dates() == "2026-11-28"


def test_results_of_other_conditions_are_not_mixed(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    pages.save(results(LEADER_FIRST, delay=20), file)
    with pytest.raises(RunFailedError, match=r"other\.json has results of other conditions .* 20 s"):
        list(run(Settings(save=file), tmp_path, lambda _text: None))


def test_what_was_measured_before_an_error_is_saved_and_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measurements(*_arguments: object) -> Iterator[Measured]:
        yield RELEASE
        raise HostsError("no login")

    monkeypatch.setattr(operations, "_measured", measurements)
    file = tmp_path / "some.json"
    lines: list[str] = []
    with pytest.raises(RunFailedError, match="no login"):
        lines.extend(run(Settings(save=file), tmp_path, lambda _text: None))
    assert lines[-1] == last_line(results(RELEASE))
    assert load(file) == results(RELEASE)


def test_a_block_of_a_page_is_replaced() -> None:
    page = f"before\n\n{pages.BEGIN}\n\nold\n\n{pages.END}\nafter\n"
    assert pages.filled(page, "new") == f"before\n\n{pages.BEGIN}\n\nnew\n\n{pages.END}\nafter\n"
    with pytest.raises(ValueError, match="are missing"):
        pages.filled("no block", "new")


def test_blocks_have_the_table_the_numbers_and_the_picture() -> None:
    whole = results(LEADER_LAST, LEADER_FIRST, WAIT, RELEASE)
    assert table(HEADS, rows(whole)) in pages.performance(whole)
    assert "- reached: rolling_restart, leader first: lost task-seconds: 15.2, at most 110" in pages.performance(whole)
    assert "they lost 15 task-seconds" in " ".join(pages.guide(whole).split())
    assert "10 task-seconds instead of 901" in pages.guide(whole)
    assert "interruption.svg" in pages.performance(whole)


def test_the_pages_have_the_measurement_in_the_documentation() -> None:
    assert pages.outdated() == [], "run `python -m testing.benchmark.interruption.pages`"


def test_several_brokers_of_the_shared_playbook_are_one_cluster() -> None:
    text = (CHECKOUT / "extensions" / "molecule" / "shared" / "prepare.yml").read_text(encoding="utf-8")
    play = next(play for play in yaml.safe_load(text) if play.get("hosts") == "brokers")
    content = next(task for task in play["tasks"] if task["name"] == "Configure the broker")["ansible.builtin.copy"]
    assert "node.id={{ groups['brokers'].index(inventory_hostname) + 1 }}" in content["content"]
