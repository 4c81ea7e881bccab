# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scene of an experiment, and the check whether a cluster is stable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from testing.chaos.config_topic import Stored
from testing.chaos.evidence import View
from testing.chaos.patient import _as_former, _is_stable, views_of
from testing.chaos.scene import make_scene, with_failing_task, with_other_wishes

RUNS = View({"name": "a"}, "RUNNING", ("RUNNING",))


def reported(state: str, *tasks: str) -> dict[str, Any]:
    return {
        "info": {"name": "a", "config": {"name": "a"}, "tasks": [], "type": "source"},
        "status": {
            "name": "a",
            "connector": {"state": state, "worker_id": "w"},
            "tasks": [{"id": number, "state": one, "worker_id": "w"} for number, one in enumerate(tasks)],
        },
    }


def test_the_scene_has_a_dozen_desired_connectors_and_others_around_them(tmp_path: Path) -> None:
    scene = make_scene("p", tmp_path)
    assert len(scene.wishes) == 12
    granted = {name for name, wish in scene.wishes.items() if wish.granted(Stored(*scene.previous.get(name, (None,))))}
    assert granted == {"p-same"}
    assert not {*scene.purges, *scene.protected} & scene.wishes.keys()
    assert set(scene.previous) - scene.wishes.keys() == {"p-left", "p-kept", "other-p"}
    options = scene.module_options
    assert (options["purge_match"], options["protected"]) == (["p-*"], ["p-kept"])
    assert {"name": "p-gone", "state": "absent"} in options["connectors"]
    assert all(secret in str(options) for secret in scene.secrets)


def test_another_team_desires_other_states_of_the_same_connectors(tmp_path: Path) -> None:
    scene = make_scene("p", tmp_path)
    other = with_other_wishes(scene)
    assert other.wishes.keys() == scene.wishes.keys()
    differing = {name for name in scene.wishes if scene.wishes[name] != other.wishes[name]}
    assert differing == {"p-update1", "p-update2", "p-update4", "p-pause", "p-gone"}


def test_a_failing_task_is_observed_until_it_has_failed(tmp_path: Path) -> None:
    scene = with_failing_task(make_scene("p", tmp_path), 20_000)
    assert scene.hopeless == {"p-failing"}
    assert scene.module_options["stable_for"] > 20


def test_a_status_response_becomes_a_view() -> None:
    assert views_of({"a": reported("RUNNING", "RUNNING")}) == {"a": RUNS}
    assert views_of({"a": {"info": reported("RUNNING")["info"]}}) == {"a": View({"name": "a"}, "", ())}
    assert views_of({"a": {"info": None, "status": None}}) == {"a": View(None, "", ())}


@pytest.mark.parametrize(
    ("view", "rest"),
    [
        (RUNS, True),
        (View({}, "RUNNING", ("FAILED",)), True),
        (View({}, "STOPPED", ()), True),
        (View({}, "PAUSED", ()), True),
        (View({}, "RUNNING", ()), False),
        (View({}, "RUNNING", ("UNASSIGNED",)), False),
        (View({}, "", ()), False),
    ],
)
def test_a_cluster_is_stable_if_no_change_is_in_progress(view: View, rest: bool) -> None:
    assert _is_stable({"w1": {"a": view}, "w2": {"a": view}}) is rest
    assert not _is_stable({"w1": {"a": view}, "w2": {}})


def test_a_scene_is_ready_if_all_its_connectors_work_and_no_others_exist(tmp_path: Path) -> None:
    scene = make_scene("p", tmp_path)
    views = {
        name: View(config, state, ("RUNNING",) if state == "RUNNING" else ())
        for name, (config, state) in scene.previous.items()
    }
    assert _as_former(views, scene)
    assert not _as_former({**views, "more": RUNS}, scene)
    assert not _as_former({**views, "p-same": View(views["p-same"].config, "RUNNING", ("FAILED",))}, scene)
