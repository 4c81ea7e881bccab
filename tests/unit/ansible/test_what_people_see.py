# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person sees of a task: a first line soon, what was changed in the end, and nothing that a terminal obeys."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.invocation import Invocation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect import run as runs
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import legible
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils import action as edge
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils import progress
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils import report as filters
from testing.ansible_runs.in_process import make_action
from testing.fake_connect import FakeCluster, matching
from testing.fake_connect.faults import normally
from tests.unit.ansible.test_execute import PARAMETERS
from tests.unit.connect.support import file_source

NAME = "esc\x1b[2J\u202ex"
SHOWN = "esc\\x1b[2J\\u202ex"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The progress lines that are shown."""
    shown: list[str] = []
    monkeypatch.setattr(edge.display, "display", lambda text, *_more, **_named: shown.append(text))
    return shown


def deploy(fake: FakeCluster, *names: str, check_mode: bool = False, **more: Any) -> dict[str, Any]:
    arguments = {
        "url": fake.urls,
        "connectors": [{"name": name, "config": file_source(name)} for name in names],
        "stable_for": 0,
        **more,
    }
    result: dict[str, Any] = make_action("connectors", arguments, check_mode=check_mode, diff=True).run(task_vars={})
    return result


# Nothing that a terminal obeys


def test_a_name_that_would_clear_the_screen_is_shown_escaped(fake: FakeCluster, lines: list[str]) -> None:
    fake.connectors.put(NAME, file_source(NAME))
    purge = {"purge": True, "purge_match": ["*"], "purge_allow_empty": True}
    result = deploy(fake, check_mode=True, **purge)
    assert result["diff"][0]["before_header"] == SHOWN
    assert result["diff"][0]["after_header"] == f"{SHOWN} (delete)"
    assert result["msg"] == f"would delete 1 ({SHOWN})"
    assert lines[-1].endswith(result["msg"])
    assert result["connectors"][0]["name"] == NAME, "programs get the name as it is"
    summary = filters.report({NAME: result}, "plan")
    assert not any(NAME in line for line in filters.table(summary))
    assert SHOWN in "\n".join(filters.table(summary))
    assert "\x1b" not in filters.markdown(summary)


@settings(max_examples=30)
@given(st.text(st.characters(codec=None), min_size=1))
def test_no_text_for_people_holds_what_a_terminal_obeys(said: str) -> None:
    reported: list[str] = []

    def operation(invocation: Invocation) -> Report:
        invocation.run.event(said)
        extra = {"msg": said, "diff": [{"before": said}], "findings": [{"message": said}], "name": said}
        return Report(extra=extra, warnings=[said])

    result = execute(
        operation, PARAMETERS, check_mode=False, diff_mode=True, report=lambda event: reported.append(event.text)
    )
    timeline = result["run"]["timeline"][0]["text"]
    shown = [result["msg"], result["diff"][0]["before"], result["findings"][0]["message"], *result["warnings"]]
    assert all(text == legible(text) for text in (*shown, *reported, timeline))
    assert result["name"] == said


# A first line soon


def test_a_long_run_soon_reports_what_it_is_doing(
    fake: FakeCluster, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "FIRST_LINE", 0.0)
    fake.connectors.put("orders", file_source("orders"))
    reported = threading.Event()

    def show(text: str) -> None:
        lines.append(text)
        reported.set()

    monkeypatch.setattr(edge.display, "display", show)
    seen: list[bool] = []

    def until_told(_request: Any) -> bool:
        seen.append(reported.wait(20))
        return True

    fake.script(matching("GET", "/connectors", where=until_told), [normally()])
    deploy(fake, "orders")
    assert seen[0], "the worker answers only once the line is there"
    assert lines[0].endswith("reading the cluster")


def test_the_first_line_comes_within_three_seconds_and_a_quick_run_has_none(
    fake: FakeCluster, lines: list[str]
) -> None:
    assert runs.FIRST_LINE < 3
    fake.connectors.put("orders", file_source("orders"))
    assert deploy(fake, "orders")["changed"] is False
    assert lines == []


def test_a_status_line_appears_after_silence_and_again_after_a_longer_one() -> None:
    running = runs.Run()
    assert running.overdue("", running.started + 2.4) == ""
    assert running.overdue("", running.started + 2.6) == "reading the cluster"
    running._reported = running.started + 2.6
    assert running.overdue("reading the cluster", running.started + 14.5) == ""
    assert running.overdue("reading the cluster", running.started + 14.7) == "still: reading the cluster"
    running.event("hello")
    running.busy_with("checked 3 of 60 configs")
    assert running.overdue("reading the cluster", running.started + 4.9) == ""
    assert running.overdue("reading the cluster", running.started + 60) == "checked 3 of 60 configs"


def test_a_status_line_is_repeated_before_fifteen_seconds_of_silence() -> None:
    running = runs.Run()
    running.busy_with("checked 3 of 60 configs")
    running.event("waiting for at most 600 s: the group is rebalancing")
    assert running.overdue("checked 3 of 60 configs", running.started + 11) == ""
    repeated = running.overdue("checked 3 of 60 configs", running.started + 14)
    assert repeated == "still: waiting for at most 600 s: the group is rebalancing"


def test_a_module_on_its_host_is_not_silent_for_long(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Scaled: a hundredth of a second stands for ten seconds."""
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.01)
    action = make_action("cluster_health", {"url": "http://connect-1:8083"}, transport="ssh")
    shown = threading.Event()

    def execute_module(**_named: Any) -> dict[str, Any]:
        while len(lines) < 3:
            shown.wait(0.005)
        return {"changed": False}

    monkeypatch.setattr(action, "_execute_module", execute_module)
    assert action.run(task_vars={"inventory_hostname": "jump"})["changed"] is False
    assert lines[0].startswith("jump |")
    assert lines[0].endswith("cluster_health is running on the host")


# What was changed


def test_a_run_summarizes_its_changes_in_one_line(fake: FakeCluster, lines: list[str]) -> None:
    result = deploy(fake, *(f"s{number:02}" for number in range(5)))
    assert result["msg"] == "5 created (s00, s01, s02 … 2 more)"
    assert lines[-1].endswith(f" s | {result['msg']}")
    assert deploy(fake, "s00")["changed"] is False
    assert len([line for line in lines if "created" in line]) == 1, "a run without changes prints no summary"


def test_check_mode_summarizes_the_predicted_changes(fake: FakeCluster, lines: list[str]) -> None:
    result = deploy(fake, "a", check_mode=True)
    assert result["msg"] == "would create 1 (a)"
    assert lines[-1].endswith(result["msg"])


def test_progress_false_silences_it(fake: FakeCluster, lines: list[str]) -> None:
    assert deploy(fake, "a", progress=False)["msg"] == "1 created (a)"
    assert lines == []


def test_an_export_lists_the_files_that_it_wrote(fake: FakeCluster, lines: list[str], tmp_path: Any) -> None:
    fake.connectors.put("orders", file_source("orders"))
    arguments = {"url": fake.urls, "dest": str(tmp_path), "secret_reference": "${file:/s/{connector}:{key}}"}
    result = make_action("connector_export", arguments).run(task_vars={})
    assert result["msg"] == "wrote 1 file (orders)"
    assert lines[-1].endswith(result["msg"])


def test_changes_of_a_module_on_a_host_are_summarized(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    action = make_action("connector", {"url": ["http://w:8083"], "name": "a", "config": {"connector.class": "X"}})
    answer = {"changed": True, "msg": "1 created (a)", "run": {"elapsed": 4.2}}
    monkeypatch.setattr(action, "_runs_here", lambda _variables: False)
    monkeypatch.setattr(action, "_execute_module", lambda **_named: answer)
    action.run(task_vars={"inventory_hostname": "jump"})
    assert lines == ["jump |   4.2 s | 1 created (a)"]
