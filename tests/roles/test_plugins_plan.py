# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the role plugins evaluates the desired plugins, the state of a host and the report of a worker, run by Ansible itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import yaml

from testing.ansible_runs import play, run_playbook, task
from testing.sandbox.environment import CHECKOUT

ROLE = CHECKOUT / "roles" / "plugins"
VERSIONS = "/opt/kafka-connect/plugin-versions"
HOST = [
    "location\tx",
    "location\tz",
    "location\tf",
    "location\ty-1",
    "location\ty-3",
    f"link\tx\t{VERSIONS}/x/0.9-01234567",
    f"link\tz\t{VERSIONS}/z/1-00000000",
    "link\tf\t/elsewhere",
    f"link\ty-1\t{VERSIONS}/y/1-0123abcd",
    f"link\ty-3\t{VERSIONS}/y/3-0123abcd",
    f"version\t{VERSIONS}/x/0.9-01234567",
    "previous\tx\t",
    f"previous\tz\t{VERSIONS}/z/0-00000000",
    "pending\tz",
    f"in-use\t{VERSIONS}/q/1-0",
    "running",
]
WANTED: list[dict[str, Any]] = [
    {
        "name": "x",
        "version": "1.0",
        "archive": "a",
        "checksum": "sha256:ABCDEF0123",
        "classes": [
            {"class": name} for name in ("a.Good", "a.Other", "a.Missing", "a.Unloadable", "a.Twice", "a.Transform")
        ]
        + [{"class": "a.Any", "version": "*"}, {"class": "a.Own", "version": "7"}],
    },
    {
        "name": "y",
        "versions": [
            {"version": version, "archive": "a", "checksum": "sha512:0123ABCDEF", "classes": [{"class": "a.Several"}]}
            for version in ("1", "2")
        ],
    },
]
KEYS = ({"name": "name"},)


def shown(name: str, *versions: str, kind: str = "source", keys: Sequence[Any] = KEYS) -> dict[str, Any]:
    return {"class": name, "type": kind, "versions": list(versions), "definitions": list(keys)}


ANSWER = [
    shown("a.Good", "1.0"),
    shown("a.Other", "0.9"),
    shown("a.Unloadable", "1.0", keys=()),
    shown("a.Twice", "0.8", "1.0"),
    shown("a.Transform", "1.0", kind="transformation", keys=()),
    shown("a.Any", "undefined", kind="sink"),
    shown("a.Own", "7", kind="sink"),
    shown("a.Several", "1"),
]
EVALUATED = (
    "entries",
    "links",
    "changes",
    "rollback_changes",
    "unmanaged",
    "found_errors",
    "running",
    "in_use",
    "pending",
)


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Each of the role's own variables by its name, and `removing` for the changes with `plugins_remove_unlisted`."""
    variables = {
        **yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8")),
        **yaml.safe_load((ROLE / "vars" / "main.yml").read_text(encoding="utf-8")),
        "plugins_list": WANTED,
        "_plugins_inspection": {"stdout_lines": HOST},
        "_plugins_response": {"plugins": ANSWER},
    }
    tasks = [task("ansible.builtin.debug", name, {"msg": "{{ _plugins_" + name + " }}"}) for name in EVALUATED]
    removing = task("ansible.builtin.debug", "removing", {"msg": "{{ _plugins_changes }}"})
    tasks.append({**removing, "vars": {"plugins_remove_unlisted": True}})
    run = run_playbook([play(tasks)], {"worker-1": variables}, tmp_path_factory.mktemp("plan"))
    return {name: run.of(name).result["msg"] for name in (*EVALUATED, "removing")}


def test_each_version_has_a_location_and_a_directory_named_after_its_checksum(evaluated: dict[str, Any]) -> None:
    assert [(entry["location"], entry["directory"], entry["only_version"]) for entry in evaluated["entries"]] == [
        ("x", f"{VERSIONS}/x/1.0-abcdef01", True),
        ("y-1", f"{VERSIONS}/y/1-0123abcd", False),
        ("y-2", f"{VERSIONS}/y/2-0123abcd", False),
    ]


def test_the_state_of_a_host_is_read(evaluated: dict[str, Any]) -> None:
    assert evaluated["links"] == {
        "x": f"{VERSIONS}/x/0.9-01234567",
        "z": f"{VERSIONS}/z/1-00000000",
        "y-1": f"{VERSIONS}/y/1-0123abcd",
        "y-3": f"{VERSIONS}/y/3-0123abcd",
    }
    assert (evaluated["unmanaged"], evaluated["running"], evaluated["in_use"]) == (["f"], True, [f"{VERSIONS}/q/1-0"])
    assert evaluated["pending"] == ["z"]


def changes_of(steps: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    return {
        step["location"]: (step["from"].removeprefix(VERSIONS), step["to"].removeprefix(VERSIONS)) for step in steps
    }


def test_listed_plugins_get_the_desired_version_and_others_stay(evaluated: dict[str, Any]) -> None:
    expected = {
        "x": ("/x/0.9-01234567", "/x/1.0-abcdef01"),
        "y-2": ("", "/y/2-0123abcd"),
        "y-3": ("/y/3-0123abcd", ""),
    }
    assert changes_of(evaluated["changes"]) == expected
    assert changes_of(evaluated["removing"]) == {**expected, "z": ("/z/1-00000000", "")}


def test_a_rollback_restores_the_recorded_versions(evaluated: dict[str, Any]) -> None:
    assert changes_of(evaluated["rollback_changes"]) == {
        "x": ("/x/0.9-01234567", ""),
        "z": ("/z/1-00000000", "/z/0-00000000"),
    }


def test_every_error_in_the_report_of_a_worker_is_listed(evaluated: dict[str, Any]) -> None:
    assert evaluated["found_errors"] == [
        "a.Other has version 0.9, expected 1.0",
        "a.Missing is missing: the worker log says why it was not found or not loaded",
        "a.Unloadable is listed but cannot be loaded: the worker does not return its configuration keys",
        "a.Twice has several versions, 0.8, 1.0: plugin.path contains another copy, and connectors use the newest",
        "a.Several has version 1, expected 2",
    ]
