# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook export, and a plan from its files, which changes nothing."""

from __future__ import annotations

import json
import stat
import time
from typing import Any
from urllib.parse import quote

import yaml

from testing.sandbox import Sandbox
from tests.integration.playbooks.playbooks import Playbooks, file_source, stored

KEY = "producer.override.ssl.key.password"
SECRET = "xV9-export-marker {{ 7 }} 'quoted'"


def create(sandbox: Sandbox, name: str, config: dict[str, str], state: str = "RUNNING") -> None:
    """Create a connector manually. Returns when the cluster shows its state."""
    status, answer = sandbox.request("POST", "/connectors", {"name": name, "config": config, "initial_state": state})
    assert status == 201, answer
    deadline = time.monotonic() + 60
    while stored(sandbox, name).get(name, {}).get("state") != state:
        assert time.monotonic() < deadline
        sandbox.await_settled()


def test_a_plan_of_an_export_changes_nothing(sandbox: Sandbox, playbooks: Playbooks, prefix: str) -> None:
    (sandbox.files / "export.properties").write_text("password=from-a-file\n", encoding="utf-8")
    referenced = f"${{file:{sandbox.files}/export.properties:password}}"
    odd = f"{prefix}ödd: näme [1]*"
    create(sandbox, f"{prefix}plain", file_source(sandbox, **{KEY: referenced}))
    create(sandbox, f"{prefix}stopped", file_source(sandbox), "STOPPED")
    create(sandbox, odd, file_source(sandbox, **{KEY: SECRET}), "PAUSED")
    before = stored(sandbox, prefix)
    variables: dict[str, Any] = {"connectors_export_dest": "out", "connectors_export_name": [f"{prefix}*"]}

    announced = playbooks.run("export", "--check", "--diff", **variables)
    assert announced.code == 0, announced.output
    assert "changed=1" in announced.output
    assert not (playbooks.directory / "out").exists()

    exported = playbooks.run("export", "-vvvv", "--diff", **variables, connectors_export_secrets_dest="secrets.yml")
    assert exported.code == 0, exported.output
    assert "3 connectors in out, 3 files written, 1 secrets replaced by references" in exported.output
    assert "xV9-export-marker" not in exported.output
    files = {path.name: path.read_text(encoding="utf-8") for path in (playbooks.directory / "out").iterdir()}
    assert sorted(files) == sorted([f"{prefix}plain.json", f"{prefix}stopped.json", f"{prefix}ödd%3A näme [1]%2A.json"])
    assert "xV9-export-marker" not in "".join(files.values())
    assert json.loads(files[f"{prefix}plain.json"])["config"][KEY] == referenced
    secrets = playbooks.directory / "secrets.yml"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600

    again = playbooks.run("export", **variables, connectors_export_secrets_dest="secrets.yml")
    assert (again.code, "changed=0" in again.output) == (0, True), again.output

    plan = playbooks.run("plan", "-e", "@secrets.yml", connectors_src=["out"])
    assert plan.code == 0, plan.output
    assert plan.report["headline"] == "nothing to do, 3 unchanged"
    # Without the secrets the plan is the change to the references, once the workers have the file.
    reference = playbooks.run("plan", connectors_src=["out"], connectors_validate="none")
    assert {name: entry["changed_keys"] for name, entry in reference.connectors().items()} == {odd: [KEY]}

    for name in before:
        assert sandbox.request("DELETE", f"/connectors/{quote(name, safe='')}")[0] == 204
    restored = playbooks.run("deploy", "-e", "@secrets.yml", connectors_src=["out"])
    assert restored.code == 0, restored.output
    assert stored(sandbox, prefix) == before


def test_handwritten_files_are_kept(sandbox: Sandbox, playbooks: Playbooks, prefix: str) -> None:
    create(sandbox, f"{prefix}a", file_source(sandbox))
    name = f"{prefix}a.yml"
    (playbooks.directory / "out").mkdir()
    (playbooks.directory / "out" / name).write_text("# mine\n", encoding="utf-8")
    variables: dict[str, Any] = {"connectors_export_dest": "out", "connectors_export_name": [f"{prefix}a"]}

    twice = playbooks.run("export", **variables)
    assert twice.code == 2
    assert "would define it a second time" in twice.output

    exported = playbooks.run("export", **variables, connectors_export_format="yaml")
    assert exported.code == 0, exported.output
    found = {path.name: path.read_text(encoding="utf-8") for path in (playbooks.directory / "out").iterdir()}
    kept = [file for file in found if file.startswith(f"{name}.") and file.endswith("~")]
    assert [found[file] for file in kept] == ["# mine\n"]
    assert yaml.safe_load(found[name])["config"]["topic"] == "playbooks"
    plan = playbooks.run("plan", connectors_src=["out"])
    assert plan.report["headline"] == "nothing to do, 1 unchanged", plan.output
