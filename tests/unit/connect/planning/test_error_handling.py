# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configurations whose errors an operator would not see."""

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.error_handling import (
    CONTEXT,
    QUEUE,
    handling_problem,
    swallows,
)

ALL = {"errors.tolerance": "all"}


@pytest.mark.parametrize(
    ("config", "kind", "expected"),
    [
        ({}, "sink", ""),
        ({"errors.tolerance": "none"}, "source", ""),
        (ALL, "source", "disappear without a trace: set errors.log.enable: true"),
        (ALL, "sink", f"disappear without a trace: set errors.log.enable: true, or {QUEUE}"),
        ({**ALL, "errors.log.enable": " TRUE "}, "sink", ""),
        ({**ALL, QUEUE: "dead"}, "source", "disappear without a trace"),
        ({**ALL, QUEUE: "dead"}, "sink", f"will not show their causes: set {CONTEXT}: true"),
        ({**ALL, QUEUE: "dead", CONTEXT: "true"}, "sink", ""),
        ({QUEUE: "dead", CONTEXT: "true"}, "sink", f"{QUEUE} has no effect"),
    ],
)
def test_what_an_operator_would_regret_is_named_with_its_fix(config: dict[str, str], kind: str, expected: str) -> None:
    found = handling_problem(config, kind)
    assert (expected in found) if expected else not found


def test_records_disappear_only_without_log_and_queue() -> None:
    assert swallows(ALL, "sink")
    assert not swallows({**ALL, QUEUE: "dead"}, "sink")
    assert not swallows({**ALL, "errors.log.enable": "true"}, "source")
