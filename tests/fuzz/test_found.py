# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inputs that the fuzzer found, in their smallest form, and the current error messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from .stage import Body, Interference, Stage
from .strategies import BUDGET, URL, Deep, check

FOUND: Mapping[str, tuple[str, Mapping[str, Any], str]] = {
    "a number beyond all bounds": (
        "connector_state",
        {"name": "x", "state": "running", "conflict_timeout": 10**400},
        "conflict_timeout: its value cannot be read as float: correct it",
    ),
    "an option nested too deeply": (
        "connector_info",
        {"url_password": Deep(3000, mapping=True)},
        "an option is nested too deeply: a connector's config is flat",
    ),
    "a path with a null character": (
        "connector_export",
        {"dest": "a\0b"},
        'dest: no file can have the path "a\\x00b": correct it',
    ),
    "a file name that is too long": (
        "connector_export",
        {"dest": "x" * 300},
        f'dest: no file can have the path "{"x" * 40}": correct it',
    ),
    "a path that nothing can encode": (
        "connectors",
        {"backup_dir": "\ud800", "connectors": []},
        'backup_dir: no file can have the path "',
    ),
    "a user name that nothing can encode": (
        "cluster_info",
        {"url_username": "\udc80"},
        "url_username: contains half a character (\\ud800 to \\udfff make one only in pairs): correct it",
    ),
    "configs where patterns are required": (
        "cluster_health",
        {"connectors": [{"name": "orders"}], "ignore": ["~("]},
        'pattern "~(" is not a regular expression',
    ),
    "an option named with an order to the terminal": (
        "plugin_info",
        {"x\x1b[2J\n": 1},
        "unknown option x\\x1b[2J . Supported parameters include: ",
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_each_recorded_argument_error_is_reported(stage: Stage, case: str) -> None:
    module, given, says = FOUND[case]
    arguments = {name: value.unfolded() if isinstance(value, Deep) else value for name, value in given.items()}
    played = stage.play(module, {"url": [URL], **arguments})
    check(played, check_mode=False, budget=BUDGET["run_timeout"])
    assert played.result["msg"].startswith(says)


ANSWERS: Mapping[str, tuple[Interference, str]] = {
    "JSON that is nested too deeply": (Interference(404, Body(b"[", 12_000)), "HTTP 404: [[["),
    "orders to the terminal": (Interference(400, b'{"message": "a\\u001b[2J\\nb"}'), "HTTP 400: a\\x1b[2J b"),
    "a page titled with them": (
        Interference(404, b"<title>x\x1b\ny</title>"),
        'HTTP 404: a web page titled "x\\x1b y"',
    ),
    "an unknown secret": (Interference(400, b'{"message": "api.key=abcdef"}'), "HTTP 400: api.key=********"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_each_recorded_response_is_reported(stage: Stage, case: str) -> None:
    answer, says = ANSWERS[case]
    played = stage.play("connector_info", {"url": [URL]}, interferences=[answer])
    check(played, check_mode=False, budget=BUDGET["run_timeout"])
    assert says in played.result["msg"]
