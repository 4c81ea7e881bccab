# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invalid options fail the task with one line each, before any request."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from testing.ansible_runs.in_process import make_action


def refused(module: str, **options: Any) -> str:
    """The message of a task that fails with the kind `invalid_input`."""
    result: dict[str, Any] = make_action(module, {"url": "http://connect:8083", **options}).run(task_vars={})
    assert result["failed"] is True
    assert result["error"]["kind"] == "invalid_input"
    return str(result["msg"])


def test_an_unknown_option_is_named() -> None:
    assert "unknown option" in refused("connector_info", nmae="orders")


def test_a_lone_surrogate_is_reported_with_its_option() -> None:
    assert "name: contains half a character" in refused("connector", name="a\ud800", config={})


@pytest.mark.parametrize(
    "path", ["a\0b", "x" * 300, "d/" * 3000, "\ud800"], ids=["zero byte", "long name", "long path", "half"]
)
def test_an_impossible_path_is_rejected(path: str) -> None:
    assert "no file can have the path" in refused("connector_info", ca_path=path)


def test_an_excessively_large_number_is_rejected() -> None:
    assert "conflict_timeout" in refused("connector_info", conflict_timeout=10**400)


def test_an_option_that_is_nested_too_deeply_is_rejected() -> None:
    config: dict[str, Any] = {}
    inner = config
    for _level in range(50_000):
        inner["x"] = {}
        inner = inner["x"]
    assert "nested" in refused("connector", name="orders", config=config)


def test_connection_options_of_the_environment_do_not_apply_to_a_command_line() -> None:
    given = {"KAFKA_CONNECT_PASSWORD": "hunter2", "TZ": "UTC"}
    action = make_action("connector_info", {}, environment=[given])
    written: list[dict[str, Any]] = []

    def env_prefix(**kept: Any) -> str:
        written.append(kept)
        return ""

    action._connection._shell = SimpleNamespace(tmpdir="/nowhere", env_prefix=env_prefix)
    raw: dict[str, Any] = {}
    action._compute_environment_string(raw)
    assert written[-1] == {"TZ": "UTC"}, "the last is what is sent"
    assert raw == {"TZ": "UTC"}
