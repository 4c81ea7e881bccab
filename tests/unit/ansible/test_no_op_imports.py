# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run without changes imports only what it needs, because Ansible compiles the code of a collection in each run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from testing.fake_connect import FakeCluster
from testing.sandbox.environment import CHECKOUT, collections_path
from tests.unit.connect.support import file_source

ENGINE = CHECKOUT / "plugins" / "module_utils" / "_connect"

FOR_OTHERS = frozenset(
    {
        "applying.batches",
        "applying.pipeline",
        "data.undeclared_keys",
        "data.worker_keys",
        "desired.overlays",
        "desired.schema",
        "desired.yaml_documents",
        "parallel",
        "planning.checked",
        "planning.difference",
        "planning.overlap_keys",
        "planning.overlaps",
        "planning.plan",
        "planning.preflight",
        "planning.undeclared",
        "reporting.details",
        "rest.answers",
        "rest.plugins",
        "rest.versions",
        "runs.connector_state",
        "secret_keys",
        "secrets",
        "secrets_in_text",
        "snapshot.identity",
        "snapshot.plugins",
        "triage.diagnosis",
        "triage.first_cause",
        "triage.table",
        "waiting.wait",
    }
)

PROGRAM = """
import json, sys
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.streamops.kafka_connect.plugins.action import connectors
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.desired import resolve

action = connectors.ActionModule
given = {"url": [sys.argv[1]], "src": [sys.argv[2]]}
parameters = ArgumentSpecValidator(action.specification.arguments).validate(given).validated_parameters
desired = resolve(parameters, str, bytes)
result = execute(
    action.operation, parameters, check_mode=False, diff_mode=True, desired=desired.connectors
)
loaded = [name.partition("._connect.")[2] for name in sys.modules if "._connect." in name]
print(json.dumps({"result": result, "loaded": loaded}))
"""


def test_a_run_without_changes_imports_no_module_that_it_does_not_need(tmp_path: Path) -> None:
    assert {".".join(file.relative_to(ENGINE).with_suffix("").parts) for file in ENGINE.rglob("*.py")} >= FOR_OTHERS
    (tmp_path / "orders.json").write_text(json.dumps(file_source()), encoding="utf-8")
    with FakeCluster(workers=1) as fake:
        fake.connectors.put("orders", file_source())
        answer = subprocess.run(
            [sys.executable, "-c", PROGRAM, fake.urls[0], str(tmp_path)],
            env={"PYTHONPATH": str(collections_path())},
            capture_output=True,
            text=True,
            check=True,
        )
    reported = json.loads(answer.stdout)
    (entry,) = reported["result"]["connectors"]
    assert (entry["name"], entry["action"], reported["result"]["run"]["requests"]) == ("orders", "none", 1)
    assert FOR_OTHERS.isdisjoint(reported["loaded"])
