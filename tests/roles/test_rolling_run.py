# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook rolling_restart and its role, run by Ansible itself against a simulated cluster.

Workers, systemd and the role worker are stand-ins, so that tests can cause failures at will. The Molecule scenario roll tests real
hosts.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import PlaybookRun, run_playbook
from testing.ansible_runs.stand_ins import collection_with_stand_ins

OLD, NEW = "kafka_2.13-3.9.1-01234567", "kafka_2.13-4.3.1-89abcdef"

SIMULATION = """
import json
from pathlib import Path


def group(task_vars):
    # Replays what has been done to the workers: a follower that restarts alone leaves its three tasks parked.
    group_of = lambda name: (task_vars["hostvars"][name].get("worker_properties") or {}).get("group.id")
    names = sorted(name for name in task_vars["groups"]["all"] if group_of(name) == group_of(task_vars["inventory_hostname"]))
    hosts = {name: task_vars["hostvars"][name] for name in names}
    members = {name for name in names if hosts[name].get("member", True)}
    leader = next((name for name in names if hosts[name].get("leads")), "")
    elections, parked = list(task_vars.get("elections", [])), task_vars.get("parked", 0)
    for number, turn in enumerate(turns(task_vars)):
        turn = [(name, state) for name, state in turn if name in names]
        changed = {name for name, state in turn if state not in ("joined", "stopped again")}
        if any(state == "stopped again" for _name, state in turn):
            # It had taken over three tasks.
            parked += 3
            continue
        if leader in changed:
            staying = sorted(members - changed) or names
            leader, parked = (elections.pop(0) if elections else staying[0]), 0
        elif task_vars.get("delay", True):
            parked += 3 * len(changed & members)
        members = (members | {name for name, _state in turn}) - {name for name, state in turn if state == "left"}
        if number == 0 and task_vars.get("dies_after_the_first_turn"):
            # It had just been elected.
            members -= {leader}
            leader, parked = sorted(members)[0], 0
    return hosts, members, leader, parked


def turns(task_vars):
    # The workers that changed in the same task.
    found = {}
    file = Path(task_vars["journal"] + ".tasks")
    for line in file.read_text().splitlines() if file.exists() else []:
        task, host, state = line.split(maxsplit=2)
        found.setdefault(task, []).append((host, state))
    return found.values()
"""

HEALTH = """
import json
from pathlib import Path

from ansible.plugins.action import ActionBase
from ansible_collections.streamops.kafka_connect.plugins.module_utils.simulation import group


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        hosts, members, leader, parked = group(task_vars)
        Path(task_vars["journal"] + ".arguments").write_text(json.dumps(self._task.args))
        if task_vars.get("other_addresses") and self._task.args["group_id"] != "connect-orders":
            # What identifies the group are the addresses, and no member has one of them.
            finding = {"kind": "group_unknown", "message": "the workers' group can't be read", "advice": "give group_id"}
            unknown = {"changed": False, "healthy": False, "msg": "not healthy", "workers": [], "findings": [finding]}
            return {**unknown, "failed": bool(self._task.args["fail_on_unhealthy"])}
        if self._task.args["fail_on_unhealthy"] and parked and not self._task.args["return_if_parked"]:
            # The delay ends while cluster_health waits.
            with open(task_vars["journal"], "a") as journal:
                journal.write("waited\\n")
            file = Path(task_vars["journal"] + ".tasks")
            file.write_text(f"{file.read_text() if file.exists() else ''}waited {leader} joined\\n")
            parked = 0
        return {
            "changed": False,
            "healthy": True,
            "msg": "healthy",
            "workers": [
                {
                    "url": host["rolling_worker_url"],
                    "member": name in members,
                    "leader": name == leader,
                    "tasks": 3 if name in members else None,
                }
                for name, host in hosts.items()
            ],
            "rebalance": {"in_progress": False, "delay_ms": 300000 if parked else 0, "parked_tasks": parked},
        }
"""

SCALE = """
from ansible.plugins.action import ActionBase
from ansible_collections.streamops.kafka_connect.plugins.module_utils.simulation import group


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        host, state = task_vars["inventory_hostname"], self._task.args["state"]
        with open(task_vars["journal"]) as journal:
            again = f"{host} restarted" in journal.read().splitlines()
        outcome = task_vars.get("outcome_again" if again else "outcome", "well") if state == "restarted" else "well"
        if state == "joined":
            outcome = task_vars.get("joining", "well")
        if outcome == "refused":
            return {"failed": True, "msg": "it must not leave: 1 of the 2 workers would remain, and min_workers is 2"}
        if self._task.check_mode:
            return {"changed": True, "action": "restart"}
        with open(task_vars["journal"], "a") as journal:
            journal.write(f"{host} {state}\\n")
        with open(task_vars["journal"] + ".tasks", "a") as tasks:
            tasks.write(f"{self._task._uuid} {host} {'stopped again' if outcome == 'task fails' else state}\\n")
        if outcome == "task fails":
            return {"failed": True, "changed": True, "action": "start", "msg": "a task failed there; it was stopped again"}
        if outcome == "broken":
            return {"failed": True, "changed": True, "action": "restart", "msg": "it did not return to the cluster"}
        return {"changed": True, "action": "restart", "parked_tasks": group(task_vars)[3], "restart_seconds": 6.5}
"""

WINDOW = """
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        return {"failed": True, "msg": "the window is closed"}
"""

SYSTEMCTL = """#!/bin/sh
case "$1 $2" in
"show "*) printf 'LoadState=loaded\\nActiveState=active\\nSubState=running\\n' ;;
"is-active "*) echo active ;;
"stop "*) echo "$(basename "$2" .service) stopped" >> {journal} ;;
esac
"""

NEEDED = [
    {
        "name": "Report a reason for a restart",
        "ansible.builtin.set_fact": {
            "worker_restart_needed": True,
            "worker_restart_reasons": "{{ reasons | default(['installation']) }}",
        },
    }
]
SWITCHED = [
    {
        "name": "Switch the version of the next start",
        "ansible.builtin.file": {
            "src": f"versions/{NEW}",
            "path": "{{ rolling_install_dir }}/current",
            "state": "link",
        },
    }
]
NOTHING = [
    {
        "name": "Leave the configuration to test_rolling_configuration.py",
        "ansible.builtin.set_fact": {"_worker_restored_files": []},
    }
]
PARTS = [
    {"name": f"Part {tag}", "ansible.builtin.debug": {"msg": f"part {tag}"}, "tags": [tag]}
    for tag in ("software", "configuration", "service")
]
WORKER = {
    "main": PARTS,
    "stage": NEEDED,
    "activate": SWITCHED,
    "restart_needed": NEEDED,
    "check_reachability": NOTHING,
    "save_configuration": NOTHING,
    "restore_configuration": NOTHING,
}


@dataclass(frozen=True)
class Roll:
    """A finished run. `journal`: what was done to which worker, in order; `links`: the version of each next start."""

    run: PlaybookRun
    journal: Sequence[str]
    links: Mapping[str, str]


@pytest.fixture
def collections(tmp_path: Path) -> Path:
    root = tmp_path / "c"
    actions = {"cluster_health": HEALTH, "worker_scale": SCALE, "traffic_window": WINDOW}
    collection = collection_with_stand_ins(root, actions, WORKER)
    (collection / "plugins" / "module_utils" / "simulation.py").write_text(SIMULATION, encoding="utf-8")
    return root


def roll(
    folder: Path,
    collections: Path,
    hosts: Mapping[str, Mapping[str, Any]],
    *arguments: str,
    marker: str = "",
    provisioned: bool = False,
    systemctl: str = SYSTEMCTL,
    playbook: str = "rolling_restart",
    brokers: Sequence[str] = ("broker:9092",),
) -> Roll:
    """Restarts `hosts` from OLD to NEW. `marker`: left by an interrupted run; `provisioned`: another tool has installed NEW on all
    hosts. Names of services are paths to directories, because those in /run belong to root.
    """
    journal = folder / "journal"
    journal.write_text("", encoding="utf-8")
    programs = folder / "bin"
    programs.mkdir()
    (programs / "systemctl").write_text(systemctl.format(journal=journal), encoding="utf-8")
    (programs / "systemctl").chmod(0o755)
    inventory = {}
    for name, more in hosts.items():
        home = folder / name
        for version in (OLD, NEW):
            (home / "versions" / version).mkdir(parents=True)
        (home / "current").symlink_to(f"versions/{NEW if marker or provisioned else OLD}")
        (home / "started-with").write_text(
            f"{home}/versions/{NEW if marker else OLD}  installation\n", encoding="utf-8"
        )
        if marker:
            (home / ".previous-version").write_text(f"{marker}\n", encoding="utf-8")
        inventory[name] = {
            "ansible_become": False,
            "ansible_python_interpreter": sys.executable,
            "journal": str(journal),
            "rolling_service": f"..{home}",
            "rolling_install_dir": str(home),
            "rolling_worker_url": f"http://{name}:8083",
            **({"rolling_bootstrap_servers": list(brokers)} if brokers else {}),
            **more,
        }
    groups = folder / "groups.ini"
    groups.write_text("\n".join(["[kafka_connect_workers]", *hosts]), encoding="utf-8")
    run = run_playbook(
        [{"import_playbook": f"streamops.kafka_connect.{playbook}"}],
        inventory,
        folder / "run",
        arguments=[
            "-i",
            str(groups),
            "-e",
            "rolling_hosts=all",
            "-e",
            f"rolling_provision={not provisioned}",
            *arguments,
        ],
        environment={"ANSIBLE_COLLECTIONS_PATH": str(collections), "PATH": f"{programs}:{os.environ['PATH']}"},
    )
    links = {name: (folder / name / "current").readlink().name for name in hosts}
    return Roll(run, journal.read_text(encoding="utf-8").splitlines(), links)


def test_the_current_leader_restarts_first(tmp_path: Path, collections: Path) -> None:
    rolled = roll(
        tmp_path,
        collections,
        {name: {"leads": name == "b"} for name in ("c", "b", "a")},
        "-e",
        '{"elections": ["c", "a"]}',
    )
    assert rolled.run.returncode == 0, rolled.run.output
    assert (
        "b (leads the group) first, then each new leader; to restart: c (installation), b (installation)"
        in rolled.run.output
    )
    assert rolled.journal == ["b restarted", "c restarted", "a restarted"]
    assert (
        "restart a: leads the group: a new leader distributes all work at once; 2 of 3 hosts so far"
        in rolled.run.output
    )
    assert "3 of 3 hosts are done" in rolled.run.output
    assert not list(tmp_path.glob("*/.previous-version"))
    # The stand-ins of the role worker print about 25 of these lines.
    assert len(rolled.run.output.splitlines()) <= 215


def test_a_leader_that_has_restarted_does_so_again_together_with_a_follower(tmp_path: Path, collections: Path) -> None:
    hosts = {name: {"leads": name == "a"} for name in ("a", "b", "c")}
    rolled = roll(tmp_path, collections, hosts, "-e", '{"elections": ["b", "a", "b"]}')
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal[:2] == ["a restarted", "b restarted"]
    assert sorted(rolled.journal[2:]) == ["a restarted", "c restarted"]
    assert (
        "restart c and restart a: the leader restarts at the same time, so that 3 tasks need not wait 300 s"
        in rolled.run.output
    )
    assert "3 of 3 hosts are done" in rolled.run.output


@pytest.mark.deep
def test_followers_restart_first_as_requested(tmp_path: Path, collections: Path) -> None:
    hosts = {name: {"leads": name == "b"} for name in ("c", "b", "a")}
    rolled = roll(tmp_path, collections, hosts, "-e", "rolling_order=leader_last")
    assert rolled.run.returncode == 0, rolled.run.output
    assert "followers first, b (leads the group) last; to restart: c" in rolled.run.output
    assert rolled.journal == ["c restarted", "waited", "a restarted", "waited", "b restarted"]


@pytest.mark.deep
def test_a_worker_whose_restart_was_rejected_is_left_alone(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, {"a": {"outcome": "refused", "leads": True}, "b": {}})
    assert rolled.run.returncode != 0
    assert rolled.journal == []
    assert set(rolled.links.values()) == {OLD}
    assert (
        "a: it must not leave: 1 of the 2 workers would remain, and min_workers is 2. The worker was not restarted; its next start "
        f"is rolled back ({OLD})"
    ) in rolled.run.output
    assert "0 of 2 hosts are done" in rolled.run.output


def test_nothing_is_restarted_if_systemd_does_not_respond(tmp_path: Path, collections: Path) -> None:
    mute = "#!/bin/sh\necho 'Failed to connect to bus: Connection refused' >&2\nexit 1\n"
    rolled = roll(tmp_path, collections, {"a": {}}, systemctl=mute)
    assert rolled.run.returncode != 0
    assert rolled.journal == []
    assert "Failed to connect to bus: Connection refused" in rolled.run.output


def test_only_the_worker_that_did_not_return_is_rolled_back(tmp_path: Path, collections: Path) -> None:
    hosts: dict[str, dict[str, Any]] = {"a": {}, "b": {"outcome": "broken", "leads": True}, "c": {}}
    rolled = roll(tmp_path, collections, hosts, "-e", '{"rolling_batches": [2]}')
    assert rolled.run.returncode != 0
    assert sorted(rolled.journal[:2]) == ["a restarted", "b restarted"]
    assert rolled.journal[2:] == ["b stopped", "b joined"]
    assert rolled.links == {"a": NEW, "b": OLD, "c": OLD}
    assert (
        f"b: it did not return to the cluster. Rolled back ({OLD}); the worker is running again. The remaining hosts run as "
        "before -> fix the cause and run the playbook again"
    ) in rolled.run.output


@pytest.mark.deep
def test_a_version_provisioned_by_another_tool_stays_on_the_remaining_hosts(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, {"a": {"outcome": "broken", "leads": True}, "b": {}}, provisioned=True)
    assert rolled.links == {"a": OLD, "b": NEW}
    assert (
        "run as before, but will use the new version at their next start -> fix the cause and run the playbook again"
        in rolled.run.output
    )


@pytest.mark.deep
def test_a_worker_whose_restart_was_rejected_keeps_a_version_provisioned_by_another_tool(
    tmp_path: Path, collections: Path
) -> None:
    rolled = roll(tmp_path, collections, {"a": {"outcome": "refused", "leads": True}, "b": {}}, provisioned=True)
    assert (rolled.journal, set(rolled.links.values())) == ([], {NEW})
    assert "a: it must not leave: 1 of the 2 workers would remain, and min_workers is 2" in rolled.run.output
    assert "its next start is rolled back" not in rolled.run.output


@pytest.mark.deep
def test_hosts_that_need_no_restart_are_still_provisioned(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, {"a": {"reasons": []}, "b": {"leads": True, "reasons": []}})
    assert rolled.run.returncode == 0, rolled.run.output
    assert "to restart: none" in rolled.run.output
    assert (rolled.journal, set(rolled.links.values())) == ([], {NEW})


def test_nothing_is_changed_outside_of_the_window(tmp_path: Path, collections: Path) -> None:
    window = json.dumps({"rolling_window": {"windows": [{"start": "22:00", "end": "05:00"}]}})
    rolled = roll(tmp_path, collections, {"a": {}, "b": {"leads": True}}, "-e", window)
    assert rolled.run.returncode != 0
    assert "the window is closed" in rolled.run.output
    assert (rolled.journal, set(rolled.links.values())) == ([], {OLD})


@pytest.mark.deep
def test_a_run_after_an_interrupted_one_can_still_roll_back(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, {"a": {"outcome": "broken", "member": False}}, marker=OLD)
    assert rolled.journal == ["a restarted", "a stopped", "a joined"]
    assert rolled.links == {"a": OLD}
    assert not (tmp_path / "a" / ".previous-version").exists()


@pytest.mark.deep
def test_check_mode_does_not_report_anything_as_done(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, {"a": {}, "b": {"leads": True}}, "--check")
    assert rolled.run.returncode == 0, rolled.run.output
    assert "2 of 2 hosts would be done" in rolled.run.output
    assert not list(tmp_path.glob("*/.previous-version"))


@pytest.mark.deep
def test_the_marker_of_an_interrupted_run_is_removed_if_the_worker_needs_no_restart(
    tmp_path: Path, collections: Path
) -> None:
    rolled = roll(tmp_path, collections, {"a": {"reasons": []}}, marker=OLD)
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == []
    assert not (tmp_path / "a" / ".previous-version").exists()


@pytest.mark.deep
def test_a_protected_leader_does_not_restart_again(tmp_path: Path, collections: Path) -> None:
    hosts = {name: {"leads": name == "a", "reasons": ["plugins"] if name == "b" else []} for name in ("a", "b", "c")}
    rolled = roll(tmp_path, collections, hosts, "-e", "rolling_protected=a")
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == ["b restarted", "waited"]
    assert "at the latest: 3 tasks wait for a departed worker for up to 300 s" in rolled.run.output


def test_work_that_a_dead_worker_left_is_released_by_the_first_restart(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, {"a": {"leads": True}, "b": {}}, "-e", '{"parked": 3, "elections": ["b"]}')
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == ["a restarted", "b restarted"]


def test_check_mode_reports_the_order_and_the_expected_interruption(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, {"a": {}, "b": {"leads": True}}, "--check")
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == []
    assert (
        "b (leads the group) first, then each new leader; to restart: a (installation), b (installation)"
        in rolled.run.output
    )
    assert (
        "tasks of a, b stand still for about 10 s; with rolling_order leader_last, those of a would for up to 300 s "
        "(scheduled.rebalance.max.delay.ms)"
    ) in rolled.run.output


def test_the_leader_restarts_while_a_worker_leaves(tmp_path: Path, collections: Path) -> None:
    hosts = {name: {"leads": name == "a", "reasons": []} for name in ("a", "b", "c")}
    rolled = roll(tmp_path, collections, hosts, "-e", "rolling_hosts=c", playbook="scale_in")
    assert rolled.run.returncode == 0, rolled.run.output
    assert sorted(rolled.journal) == ["a restarted", "c left"]
    assert "1 of 1 hosts are done: c; remaining: none" in rolled.run.output


@pytest.mark.deep
def test_a_leader_that_leaves_goes_first(tmp_path: Path, collections: Path) -> None:
    hosts = {name: {"leads": name == "c"} for name in ("a", "b", "c")}
    rolled = roll(
        tmp_path, collections, hosts, "-e", "rolling_hosts=b:c", "-e", '{"elections": ["b", "a"]}', playbook="scale_in"
    )
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == ["c left", "b left"]


def test_a_leader_that_would_load_something_else_does_not_restart_for_a_departure(
    tmp_path: Path, collections: Path
) -> None:
    hosts = {name: {"leads": name == "a"} for name in ("a", "b", "c")}
    rolled = roll(
        tmp_path,
        collections,
        hosts,
        "-e",
        "rolling_hosts=c",
        "-e",
        '{"reasons": ["worker.properties"]}',
        playbook="scale_in",
    )
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == ["c left", "waited"]


# The group


def test_the_group_of_the_workers_is_known_where_their_addresses_are_not(tmp_path: Path, collections: Path) -> None:
    hosts = {name: {"leads": name == "a", "other_addresses": True} for name in ("a", "b")}
    properties = json.dumps({"worker_properties": {"group.id": "connect-orders"}})
    rolled = roll(tmp_path, collections, hosts, "-e", properties)
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == ["a restarted", "b restarted"]


def test_check_mode_warns_if_the_leader_is_not_known(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, {"a": {"other_addresses": True}, "b": {}}, "--check")
    assert rolled.run.returncode == 0, rolled.run.output
    output = " ".join(rolled.run.output.split())
    assert "[WARNING]: leader not known, because the workers' group can't be read -> give group_id" in output


# Tags


def test_tags_choose_the_parts_with_which_new_hosts_are_provisioned(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, {"a": {"member": False}}, "--tags", "configuration", playbook="scale_out")
    assert rolled.run.returncode == 0, rolled.run.output
    parts = [name for name in ("software", "configuration", "service") if f"part {name}" in rolled.run.output]
    assert (parts, rolled.journal) == (["configuration"], [])


# Shared variables


def test_what_all_roles_share_is_given_once(tmp_path: Path, collections: Path) -> None:
    hosts: dict[str, dict[str, Any]] = {
        "a": {"leads": True, "ansible_host": "192.0.2.7", "ansible_connection": "local"},
        "b": {"ansible_host": "192.0.2.8", "ansible_connection": "local", "worker_advertised_host": "b.internal"},
    }
    shared = {
        "kafka_connect_bootstrap_servers": ["kafka-1:9092"],
        "kafka_connect_url": ["http://a:8083"],
        "kafka_connect_url_username": "operator",
        "kafka_connect_group_id": "connect-orders",
    }
    rolled = roll(tmp_path, collections, hosts, "-e", json.dumps(shared), "--check", brokers=())
    assert rolled.run.returncode == 0, rolled.run.output
    arguments = json.loads((tmp_path / "journal.arguments").read_text(encoding="utf-8"))
    expected = {
        "bootstrap_servers": ["kafka-1:9092"],
        "url": ["http://a:8083"],
        "url_username": "operator",
        "group_id": "connect-orders",
        "host_addresses": {"a": "192.0.2.7", "b": "192.0.2.8", "b.internal": "192.0.2.8"},
    }
    assert {name: arguments.get(name) for name in expected} == expected
    assert "url_password" not in arguments


def test_a_run_without_brokers_ends_with_one_line_before_anything_changes(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, {"a": {}}, brokers=())
    assert rolled.run.returncode != 0
    assert "rolling_bootstrap_servers is empty -> set it or kafka_connect_bootstrap_servers" in rolled.run.output
    assert (rolled.journal, set(rolled.links.values())) == ([], {OLD})


# Two clusters


TWO_CLUSTERS: dict[str, dict[str, Any]] = {
    name: {"leads": leads, "worker_properties": {"group.id": cluster}}
    for name, cluster, leads in (
        ("a", "connect-orders", False),
        ("b", "connect-payments", True),
        ("c", "connect-orders", True),
        ("d", "connect-payments", False),
    )
}


def test_each_cluster_of_an_inventory_is_restarted_as_if_it_were_alone(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, TWO_CLUSTERS)
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == ["c restarted", "a restarted", "b restarted", "d restarted"]
    assert set(rolled.links.values()) == {NEW}
    assert "2 of 2 hosts are done: a, c; remaining: none" in rolled.run.output
    assert "2 of 2 hosts are done: b, d; remaining: none" in rolled.run.output
    assert not list(tmp_path.glob("*/.previous-version"))


def test_check_mode_reports_the_order_of_each_cluster(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, TWO_CLUSTERS, "--check")
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == []
    for line in (
        "c (leads the group) first, then each new leader; to restart: a (installation), c (installation)",
        "b (leads the group) first, then each new leader; to restart: b (installation), d (installation)",
        "2 of 2 hosts would be done: a, c",
        "2 of 2 hosts would be done: b, d",
    ):
        assert line in rolled.run.output


def test_a_failure_in_one_cluster_leaves_the_next_one_alone(tmp_path: Path, collections: Path) -> None:
    hosts = {name: {**values, "outcome": "broken"} if name == "c" else values for name, values in TWO_CLUSTERS.items()}
    rolled = roll(tmp_path, collections, hosts)
    assert rolled.run.returncode != 0
    assert rolled.journal == ["c restarted", "c stopped", "c joined"]
    assert set(rolled.links.values()) == {OLD}
    assert "c: it did not return to the cluster. Rolled back" in rolled.run.output
    assert "2 of 2 hosts are done" not in rolled.run.output


def test_the_limit_of_a_run_may_be_one_of_the_clusters(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, TWO_CLUSTERS, "--limit", "b,d")
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == ["b restarted", "d restarted"]


def test_a_worker_leaves_one_of_two_clusters(tmp_path: Path, collections: Path) -> None:
    rolled = roll(tmp_path, collections, TWO_CLUSTERS, "-e", "rolling_hosts=d", playbook="scale_in", provisioned=True)
    assert rolled.run.returncode == 0, rolled.run.output
    assert "d left" in rolled.journal
    assert not {"a left", "a restarted", "c restarted"} & set(rolled.journal)
    assert "1 of 1 hosts are done: d; remaining: none" in rolled.run.output


def test_workers_join_the_cluster_that_they_belong_to(tmp_path: Path, collections: Path) -> None:
    hosts = {name: {**values, "member": name in "bc"} for name, values in TWO_CLUSTERS.items()}
    rolled = roll(tmp_path, collections, hosts, playbook="scale_out", provisioned=True)
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal == ["a joined", "d joined"]
    assert "to start: a; current members: http://c:8083" in rolled.run.output
    assert "to start: d; current members: http://b:8083" in rolled.run.output


# Faults


def test_a_leader_that_does_not_return_from_a_release_is_started_again_with_what_it_ran_with(
    tmp_path: Path, collections: Path
) -> None:
    hosts = {name: {"leads": name == "a", "outcome_again": "broken"} for name in ("a", "b", "c")}
    rolled = roll(tmp_path, collections, hosts, "-e", '{"elections": ["a", "b"]}')
    assert rolled.run.returncode != 0
    assert rolled.journal[0] == "a restarted"
    assert sorted(rolled.journal[1:3]) == ["a restarted", "b restarted"]
    assert rolled.journal[3:] == ["a joined"]
    assert rolled.links == {"a": NEW, "b": NEW, "c": OLD}
    assert (
        "a: it did not return to the cluster. It restarted only to release parked work, with what it ran with, so there is nothing "
        "to roll back; it is running again. The remaining hosts run as before"
    ) in rolled.run.output


def test_a_new_leader_that_dies_between_turns_is_started_in_its_turn(tmp_path: Path, collections: Path) -> None:
    hosts = {name: {"leads": name == "a"} for name in ("a", "b", "c")}
    more = {"elections": ["b", "a", "c"], "dies_after_the_first_turn": True}
    rolled = roll(tmp_path, collections, hosts, "-e", json.dumps(more))
    assert rolled.run.returncode == 0, rolled.run.output
    assert rolled.journal[:2] == ["a restarted", "b restarted"]
    assert {entry.split()[0] for entry in rolled.journal} == {"a", "b", "c"}
    assert "restart b: not a member of the group" in rolled.run.output
    assert "3 of 3 hosts are done" in rolled.run.output


def test_the_work_of_a_worker_that_fails_after_it_has_joined_is_released(tmp_path: Path, collections: Path) -> None:
    hosts: dict[str, dict[str, Any]] = {name: {"leads": name == "a", "reasons": []} for name in ("a", "b")}
    hosts["c"] = {"member": False, "joining": "task fails"}
    rolled = roll(tmp_path, collections, hosts, "-e", "rolling_hosts=c", playbook="scale_out", provisioned=True)
    assert rolled.run.returncode != 0
    assert rolled.journal == ["c joined", "a released"], rolled.run.output
    assert "After the failure: restart a: 3 tasks would stand still for up to 300 s" in rolled.run.output
    assert "0 of 1 hosts are done: none; remaining: c" in rolled.run.output


@pytest.mark.deep
def test_workers_join_together(tmp_path: Path, collections: Path) -> None:
    hosts = {name: {"leads": name == "a", "member": name in "ab"} for name in ("a", "b", "c", "d")}
    rolled = roll(tmp_path, collections, hosts, playbook="scale_out", provisioned=True)
    assert rolled.run.returncode == 0, rolled.run.output
    assert sorted(rolled.journal) == ["c joined", "d joined"]
    assert "to start: c, d; current members: http://a:8083, http://b:8083" in rolled.run.output
    assert "4 of 4 hosts are done" in rolled.run.output
