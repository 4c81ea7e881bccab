# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets that real workers show: the values that replace references."""

from __future__ import annotations

import json
from pathlib import Path

from testing.ansible_runs import play, run_playbook, task
from testing.sandbox import Sandbox

from .canaries import CANARIES


def test_a_value_that_a_real_worker_resolves_is_not_shown(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "secrets.properties").write_text(f"number={CANARIES['provider']}\n", encoding="utf-8")
    reference = f"${{file:{tmp_path}/secrets.properties:number}}"
    wrong = {"connector.class": "FileStreamSource", "topic": "t", "file": "/x", "batch.size": reference}
    jaas = {**wrong, "batch.size": 1, "producer.override.sasl.jaas.config": reference}
    options = {"url": sandbox.urls, "stable_for": 0}
    tasks = [
        task("connector", "number", {**options, "name": "secrets-number", "config": wrong}),
        task("connector_validate", "validate", {"url": sandbox.urls, "connectors": [{"name": "v", "config": wrong}]}),
        task("connector", "jaas", {**options, "name": "secrets-jaas", "config": jaas}, diff=True),
        task("connector_info", "info", {"url": sandbox.urls, "name": "secrets-*"}),
        task("connector", "gone", {"url": sandbox.urls, "name": "secrets-jaas", "state": "absent"}, diff=True),
    ]
    here = {"cluster": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}
    run = run_playbook([play(tasks)], here, tmp_path / "run", arguments=["-vvvvv"])
    assert run.of("number").failed
    assert 'key "batch.size"' in run.of("number").message
    assert run.of("gone").status == "ok"
    assert CANARIES["provider"] not in run.output
    assert CANARIES["provider"] not in json.dumps([record.result for record in run.records])
