# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks plan and deploy, and the role connectors that they use."""

from __future__ import annotations

from typing import Any

from testing.sandbox import Sandbox
from tests.integration.playbooks.playbooks import Playbooks, file_source, read_only, stored

SECRET = "xV9-playbook-marker-71"


def test_a_set_of_connectors_is_planned_deployed_and_changed(
    sandbox: Sandbox, playbooks: Playbooks, prefix: str
) -> None:
    first, second = f"{prefix}one", f"{prefix}two"
    playbooks.write("connectors/one.json", {"name": first, "config": file_source(sandbox)})
    playbooks.write("connectors/more/two.json", {"name": second, "state": "paused", "config": file_source(sandbox)})
    variables: dict[str, Any] = {
        "connectors_src": ["connectors"],
        "connectors_defaults": [
            {"connector_class": "*Source", "config": {"errors.log.enable": True, "topic": "other"}}
        ],
        "connectors_overrides": [{"match": f"{prefix}*", "config": {"batch.size": 10}}],
        "connectors_overrides_environment": [{"match": first, "config": {"batch.size": 20}}],
        "connectors_overrides_cluster": [{"match": first, "config": {"batch.size": 30}}],
    }

    plan = playbooks.run("plan", markdown=True, **variables)
    assert plan.code == 0, plan.output
    assert {name: entry["action"] for name, entry in plan.connectors().items()} == {first: "create", second: "create"}
    assert "2 to create, 0 unchanged" in plan.output
    assert "+ batch.size: 30" in plan.markdown
    assert stored(sandbox, prefix) == {}

    deployed = playbooks.run("deploy", **variables)
    assert deployed.code == 0, deployed.output
    now = stored(sandbox, prefix)
    assert {name: entry["state"] for name, entry in now.items()} == {first: "RUNNING", second: "PAUSED"}
    config = now[first]["config"]
    assert (config["topic"], config["errors.log.enable"], config["batch.size"]) == ("playbooks", "true", "30")
    assert now[second]["config"]["batch.size"] == "10"

    again = playbooks.run("deploy", **variables)
    assert again.code == 0, again.output
    assert again.report["headline"] == "nothing to do, 2 unchanged"
    assert (again.report["changed"], again.cluster()["requests"]) == (False, 1)
    assert "changed=0" in again.output

    variables["connectors_overrides_cluster"] = []
    drift = playbooks.run("plan", connectors_fail_on_drift=True, **variables)
    assert drift.code == 2
    assert drift.connectors()[first]["changed_keys"] == ["batch.size"]
    assert "connectors of localhost that differ from the desired set: 1" in drift.output
    assert stored(sandbox, prefix) == now

    playbooks.write("connectors/one.json", {"name": first, "config": file_source(sandbox, **{"tasks.max": "many"})})
    wrong = playbooks.run("deploy", **variables)
    assert wrong.code == 2
    assert (wrong.report["headline"], wrong.cluster()["error_kind"]) == ("failed: localhost", "invalid_input")
    assert f'connector "{first}": key "tasks.max"' in wrong.cluster()["message"]
    assert stored(sandbox, prefix) == now


def test_purge_is_guarded(sandbox: Sandbox, playbooks: Playbooks, prefix: str) -> None:
    kept, protected, first, second = (f"{prefix}{name}" for name in ("kept", "protected", "gone-1", "gone-2"))
    everything = [{"name": name, "config": file_source(sandbox)} for name in (kept, protected, first, second)]
    assert playbooks.run("deploy", connectors_list=everything).code == 0
    purge: dict[str, Any] = {
        "connectors_list": everything[:1],
        "connectors_purge": True,
        "connectors_purge_match": [f"{prefix}*"],
        "connectors_protected": [protected],
    }

    over = playbooks.run("deploy", **purge, connectors_purge_limit=1)
    assert over.code == 2
    assert f"purge would delete 2 connectors, more than purge_limit 1: {first}, {second}" in over.cluster()["message"]
    empty = playbooks.run("deploy", **{**purge, "connectors_list": []})
    assert empty.code == 2
    assert "purge_allow_empty" in empty.cluster()["message"]
    assert set(stored(sandbox, prefix)) == {kept, protected, first, second}

    purged = playbooks.run("deploy", **purge)
    assert purged.code == 0, purged.output
    assert {name: entry["action"] for name, entry in purged.connectors().items()} == {first: "delete", second: "delete"}
    assert set(stored(sandbox, prefix)) == {kept, protected}


def test_several_clusters_share_one_report(sandbox: Sandbox, playbooks: Playbooks, prefix: str) -> None:
    playbooks.write(
        "inventory.json",
        {
            "kafka_connect_clusters": {
                "vars": {"ansible_connection": "local", "connectors_conflict_timeout": 2},
                "hosts": {
                    "here": {"connectors_list": [{"name": f"{prefix}a", "config": file_source(sandbox)}]},
                    "nowhere": {"connectors_url": "http://127.0.0.1:1", "connectors_list": []},
                },
            }
        },
    )
    run = playbooks.run("deploy", "-i", "inventory.json", markdown=True)
    assert run.code == 2
    assert run.report["headline"] == "1 created, 0 unchanged; failed: nowhere"
    assert run.cluster("nowhere")["error_kind"] == "connection_refused"
    assert "**nowhere failed**" in run.markdown
    assert set(stored(sandbox, prefix)) == {f"{prefix}a"}


def test_a_plan_needs_read_access_only(sandbox: Sandbox, playbooks: Playbooks, prefix: str) -> None:
    desired = [{"name": f"{prefix}a", "config": file_source(sandbox)}]
    with read_only(sandbox.urls[0]) as url:
        plan = playbooks.run("plan", url=url, markdown=True, connectors_list=desired)
        assert plan.code == 0, plan.output
        assert plan.connectors()[f"{prefix}a"]["action"] == "create"
        assert "validation was skipped: these credentials may only read" in plan.output
        assert "validation was skipped" in plan.markdown
        assert any("validation was skipped" in warning for warning in plan.cluster()["warnings"])
        refused = playbooks.run("deploy", url=url, connectors_list=desired)
        assert (refused.code, refused.cluster()["error_kind"]) == (2, "not_permitted")
    assert stored(sandbox, prefix) == {}


def test_no_secret_appears_in_any_output(sandbox: Sandbox, playbooks: Playbooks, prefix: str) -> None:
    key = "producer.override.ssl.key.password"
    desired = [{"name": f"{prefix}a", "config": file_source(sandbox)}]
    rule = {"match": f"{prefix}a", "config": {key: SECRET}}
    playbooks.write("secrets.json", {"connectors_secret_overrides": [rule]})
    plan = playbooks.run("plan", "-vvvv", "-e", "@secrets.json", markdown=True, connectors_list=desired)
    assert plan.code == 0, plan.output
    assert f"+ {key}: " in plan.markdown
    assert SECRET not in plan.output + plan.markdown + str(plan.report)

    # The message of the role's argument specs about a value that is not a list must not quote it either.
    playbooks.write("secrets.json", {"connectors_secret_overrides": [f"{key}: {SECRET}"]})
    wrong = playbooks.run("plan", "-vvvv", "-e", "@secrets.json", markdown=True, connectors_list=desired)
    assert wrong.code == 2
    assert "connectors_secret_overrides" in wrong.output
    assert SECRET not in wrong.output + wrong.markdown + str(wrong.report)


def test_a_custom_play_finds_its_own_files(sandbox: Sandbox, playbooks: Playbooks, prefix: str) -> None:
    playbooks.write("files/connectors/a.json", {"name": f"{prefix}a", "config": file_source(sandbox)})
    role = {"name": "streamops.kafka_connect.connectors", "tasks_from": "plan"}
    task = {"name": "Plan", "ansible.builtin.include_role": role}
    play = {"name": "Mine", "hosts": "localhost", "gather_facts": False, "tasks": [task]}
    own = playbooks.write("own.yml", [play])
    (playbooks.directory / "elsewhere").mkdir()
    elsewhere = Playbooks(playbooks.directory / "elsewhere", playbooks.url)
    run = elsewhere.run(str(own), connectors_src=["connectors"])
    assert run.code == 0, run.output
    assert set(run.connectors()) == {f"{prefix}a"}
