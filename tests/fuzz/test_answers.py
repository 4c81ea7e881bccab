# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any response of workers, proxies and other servers: any status, body and header, at any time in a task."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specifications import SPECIFICATIONS
from tests.unit.connect.support import file_source, secret_source

from .stage import MODULES, Interference, Stage
from .strategies import BUDGET, CANARY, INTERFERENCES, PLAYS, URL, check

STORED = {"orders": file_source("orders"), "customers": secret_source("customers", **{"database.password": CANARY})}
CHANGED = secret_source("customers", **{"database.password": CANARY, "topic.prefix": "new"})
TASKS: Mapping[str, Mapping[str, Any]] = {
    "connector": {"name": "customers", "config": CHANGED, "on_failure": "rollback"},
    "connectors": {
        "connectors": [
            {"name": "customers", "config": CHANGED},
            {"name": "new", "config": file_source("new"), "state": "running"},
            {"name": "orders", "state": "absent"},
        ]
    },
    "connector_state": {"name": ["*"], "state": "restarted"},
    "connector_offsets": {"name": "orders", "state": "absent"},
    "connector_offsets_info": {},
    "connector_info": {"include_topics": True},
    "plugin_info": {"include_definitions": True},
    "connector_validate": {"connectors": [{"name": "customers", "config": CHANGED}], "validate": "strict"},
    "cluster_info": {},
    "worker_logger": {"loggers": {"org.apache.kafka.connect": "DEBUG", "root": "ERROR"}, "scope": "cluster"},
    "cluster_health": {"max_failed_tasks": 1, "fail_on_unhealthy": True},
    "connector_export": {"dest": "exported"},
    "schema_registry_info": {"topic": ["orders"], "registry": {"url": [URL]}},
    "schema_check": {"name": "customers", "topic": "orders", "schema": {"type": "long"}, "registry": {"url": [URL]}},
    "traffic_window": {
        "traffic": {"source": "agents", "url": [URL, "http://w2:8083"], "limit": 10, "sustained_for": 30},
        "wait": True,
    },
}


NEED_BROKERS = ("connector_heal", "dead_letter_info", "worker_scale")
ASKING = [module for module in MODULES if "url" in SPECIFICATIONS[module].arguments and module not in NEED_BROKERS]
"""Modules that send requests to workers, except those that do nothing without brokers."""


@pytest.mark.parametrize("module", ASKING)
@PLAYS
@given(interferences=st.lists(INTERFERENCES, max_size=12), check_mode=st.booleans(), workers=st.integers(1, 2))
def test_any_response_leads_to_a_result_or_a_readable_error(
    stage: Stage, module: str, interferences: Sequence[Interference | None], check_mode: bool, workers: int
) -> None:
    task = {"url": [URL, "http://w2:8083"][:workers], **BUDGET, **TASKS[module]}
    if "stable_for" not in SPECIFICATIONS[module].arguments:
        task = {name: value for name, value in task.items() if name not in ("wait_timeout", "stable_for")}
    played = stage.play(module, task, check_mode=check_mode, interferences=interferences, stored=STORED)
    check(played, check_mode=check_mode, budget=BUDGET["run_timeout"])
    if module != "connector_export":
        assert CANARY not in json.dumps(played.result)
