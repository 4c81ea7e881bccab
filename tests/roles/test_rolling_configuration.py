# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration is rolled back together with the version: a rolling restart of one worker, run by Ansible itself.

Cluster, systemd and parts of the role worker are stand-ins; what saves and restores the configuration is the role's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.ansible_runs import PlaybookRun, run_playbook
from testing.ansible_runs.stand_ins import collection_with_stand_ins
from testing.sandbox.environment import CHECKOUT

OLD, NEW = "kafka_2.13-3.9.1-01234567", "kafka_2.13-4.3.1-89abcdef"
WORKER = CHECKOUT / "roles" / "worker"
SECRETS = ("k3pt-before", "k3pt-after")

BEFORE = {
    "worker.properties": ("offset.flush.interval.ms=1000\n", 0o640),
    "secrets.properties": (f"kafka={SECRETS[0]}\n", 0o600),
    "environment": ("KAFKA_HEAP_OPTS=-Xmx384m\n", 0o640),
    "kafka-connect.service": ("[Service]\n", 0o644),
    "list-startup-files": ("#!/bin/sh\n", 0o750),
}
AFTER = {
    "worker.properties": ("key.converter=org.example.Missing\n", 0o640),
    "secrets.properties": (f"kafka={SECRETS[1]}\n", 0o640),
    "environment": ("KAFKA_HEAP_OPTS=-Xmx384m\n", 0o640),
    "kafka-connect.service": ("[Service]\nMemoryMax=1G\n", 0o600),
    "log4j2.yaml": ("Configuration: {}\n", 0o640),
    "list-startup-files": ("#!/bin/sh\n# newer\n", 0o750),
}

HEALTH = """
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        worker = {"url": task_vars["rolling_worker_url"], "member": task_vars.get("member", True), "leader": True}
        return {"changed": False, "workers": [worker]}
"""

SCALE = """
import hashlib, os, signal
from pathlib import Path
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        state, home = self._task.args["state"], Path(task_vars["home"])
        outcome = task_vars.get("outcome", "returns") if state == "restarted" else "returns"
        if outcome == "rejected":
            return {"failed": True, "msg": "1 of the 2 workers would remain, and min_workers is 2"}
        if outcome == "killed before it":
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(1)
        with open(home / "journal", "a") as journal:
            journal.write(f"{state}\\n")
        if outcome == "does not return":
            (home / "started-with").unlink()
            return {"failed": True, "changed": True, "action": "restart", "msg": "it did not return to the cluster"}
        digest = hashlib.sha256
        lines = [f"{digest(file.read_bytes()).hexdigest()}  {file}" for file in sorted((home / "etc").iterdir())]
        lines = [line for line in lines if not line.endswith("/list-startup-files")]
        (home / "started-with").write_text("\\n".join([*lines, f"{(home / 'current').resolve()}  installation", ""]))
        if outcome == "killed after it":
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(1)
        return {"changed": True, "action": "restart"}
"""

INTERRUPT = """
import os, signal
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        os.kill(os.getppid(), signal.SIGKILL)
        os._exit(1)
"""

SYSTEMCTL = """#!/bin/sh
case "$1 $2" in
"show --property") if [ "$3" != NeedDaemonReload ]; then printf 'LoadState=loaded\\nActiveState=active\\n'; fi ;;
"show "*) printf 'LoadState=loaded\\nActiveState=active\\nSubState=running\\n' ;;
"is-active "*) echo active ;;
"stop "*) echo stopped >> {journal} ;;
esac
"""

NEEDED = [
    {
        "name": "Report a reason for a restart",
        "ansible.builtin.set_fact": {"worker_restart_reasons": "{{ reasons | default(['installation']) }}"},
    }
]
WRITTEN = {
    "name": "Write the configuration",
    "ansible.builtin.copy": {
        "content": "{{ files[item][0] }}",
        "dest": "{{ worker_config_dir }}/{{ item }}",
        "mode": "{{ files[item][1] }}",
    },
    "no_log": True,
}
ACTIVATED = [
    {**WRITTEN, "loop": "{{ (files | list | sort)[:3] }}"},
    {"name": "Interrupt", "streamops.kafka_connect.interrupt": {}, "when": "activation | default('') == 'killed'"},
    {
        "name": "Fail",
        "ansible.builtin.fail": {"msg": "No space left on device"},
        "when": "activation | default('') == 'fails'",
    },
    {**WRITTEN, "loop": "{{ (files | list | sort)[3:] }}"},
    {
        "name": "Switch the version of the next start",
        "ansible.builtin.file": {"src": f"versions/{NEW}", "path": "{{ worker_install_dir }}/current", "state": "link"},
    },
]


@dataclass
class Host:
    """A host with a running worker. Names of services are paths, because those in /run belong to root."""

    home: Path
    collections: Path
    runs: int = 0

    def rolling_restart(self, *arguments: str, files: dict[str, Any] | None = None, **variables: Any) -> PlaybookRun:
        return self.play(
            {"import_playbook": "streamops.kafka_connect.rolling_restart"}, *arguments, files=files, **variables
        )

    def play(
        self, play: dict[str, Any], *arguments: str, files: dict[str, Any] | None = None, **variables: Any
    ) -> PlaybookRun:
        self.runs += 1
        desired = {name: (text, f"{mode:04o}") for name, (text, mode) in (files or AFTER).items()}
        return run_playbook(
            [play],
            {
                "a": {
                    "ansible_become": False,
                    "ansible_python_interpreter": sys.executable,
                    "worker_service": f"..{self.home}",
                    "worker_config_dir": str(self.home / "etc"),
                    "worker_install_dir": str(self.home),
                    "rolling_worker_url": "http://a:8083",
                    "rolling_bootstrap_servers": ["broker:9092"],
                    "home": str(self.home),
                    "files": desired,
                    **variables,
                }
            },
            self.home.parent / f"run-{self.runs}",
            arguments=["-e", "rolling_hosts=all", *arguments],
            environment={
                "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
                "PATH": f"{self.home.parent / 'bin'}:{os.environ['PATH']}",
            },
        )

    def files(self) -> dict[str, tuple[str, int]]:
        found = (self.home / "etc").iterdir()
        return {file.name: (file.read_text(encoding="utf-8"), stat.S_IMODE(file.stat().st_mode)) for file in found}

    def write(self, files: dict[str, tuple[str, int]]) -> None:
        for name, (text, mode) in files.items():
            (self.home / "etc" / name).write_text(text, encoding="utf-8")
            (self.home / "etc" / name).chmod(mode)

    def record_start(self) -> None:
        files = [file for file in sorted((self.home / "etc").iterdir()) if file.name != "list-startup-files"]
        lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file}" for file in files]
        lines.append(f"{(self.home / 'current').resolve()}  installation")
        (self.home / "started-with").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    @property
    def version(self) -> str:
        return (self.home / "current").readlink().name

    @property
    def journal(self) -> list[str]:
        return (self.home / "journal").read_text(encoding="utf-8").splitlines()

    @property
    def left_over(self) -> list[str]:
        return sorted(file.name for file in self.home.glob(".previous*"))


@pytest.fixture
def host(tmp_path: Path) -> Host:
    actions = {"cluster_health": HEALTH, "worker_scale": SCALE, "interrupt": INTERRUPT}
    stand_ins = {"stage": NEEDED, "activate": ACTIVATED, "restart_needed": NEEDED}
    collection = collection_with_stand_ins(tmp_path / "c", actions, stand_ins)
    shutil.copytree(WORKER / "files", collection / "roles" / "worker" / "files")
    for name in ("save_configuration.yml", "restore_configuration.yml"):
        shutil.copy(WORKER / "tasks" / name, collection / "roles" / "worker" / "tasks")
    variables = yaml.safe_load((WORKER / "vars" / "main.yml").read_text(encoding="utf-8")) | {
        "_worker_unit_file": "{{ worker_config_dir }}/kafka-connect.service",
        "_worker_logging_file": "{{ worker_config_dir }}/log4j2.yaml",
    }
    (collection / "roles" / "worker" / "vars").mkdir()
    (collection / "roles" / "worker" / "vars" / "main.yml").write_text(json.dumps(variables), encoding="utf-8")

    home = tmp_path / "a"
    for version in (OLD, NEW):
        (home / "versions" / version).mkdir(parents=True)
    (home / "current").symlink_to(f"versions/{OLD}")
    (home / "etc").mkdir()
    (home / "journal").touch()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "systemctl").write_text(SYSTEMCTL.format(journal=home / "journal"), encoding="utf-8")
    (programs / "systemctl").chmod(0o755)
    found = Host(home, tmp_path / "c")
    found.write(BEFORE)
    found.record_start()
    return found


def test_a_worker_that_does_not_return_is_started_with_exactly_its_previous_files(host: Host) -> None:
    started_with = (host.home / "started-with").read_text(encoding="utf-8")
    run = host.rolling_restart(outcome="does not return")
    assert run.returncode != 0
    assert host.files() == BEFORE, run.output
    assert host.version == OLD
    assert host.journal == ["restarted", "stopped", "joined"]
    # So the files were back before the worker started.
    assert (host.home / "started-with").read_text(encoding="utf-8") == started_with
    assert f"Rolled back (configuration, {OLD}); the worker is running again" in run.output
    assert host.left_over == []


@pytest.mark.deep
def test_a_worker_that_returns_keeps_the_new_files(host: Host) -> None:
    run = host.rolling_restart()
    assert run.returncode == 0, run.output
    assert (host.files(), host.version, host.left_over) == (AFTER, NEW, [])


@pytest.mark.deep
def test_contents_never_appear_in_the_output(host: Host) -> None:
    run = host.rolling_restart("-vvvv", "--diff", outcome="does not return")
    assert "Rolled back (configuration" in run.output
    assert [secret for secret in SECRETS if secret in run.output] == []


def test_a_worker_that_was_not_restarted_gets_the_files_of_its_next_start_back(host: Host) -> None:
    run = host.rolling_restart(outcome="rejected")
    assert (host.files(), host.version, host.journal, host.left_over) == (BEFORE, OLD, [], [])
    assert f"The worker was not restarted; its next start is rolled back (configuration, {OLD})" in run.output


@pytest.mark.deep
@pytest.mark.parametrize("interrupted", [{"activation": "killed"}, {"outcome": "killed before it"}])
def test_a_run_after_an_interrupted_one_rolls_back_to_what_worked(host: Host, interrupted: dict[str, Any]) -> None:
    host.rolling_restart(**interrupted)
    assert host.files() != BEFORE
    assert host.journal == []
    copy = host.home / ".previous"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in copy.iterdir()} == {0o600}
    run = host.rolling_restart(outcome="does not return")
    assert (host.files(), host.version, host.left_over) == (BEFORE, OLD, [])
    assert f"Rolled back (configuration, {OLD}); the worker is running again" in run.output


@pytest.mark.deep
def test_a_run_that_continues_with_a_stopped_worker_rolls_back_to_what_worked(host: Host) -> None:
    host.rolling_restart(outcome="killed before it")
    (host.home / "started-with").write_text(f"{host.home}/versions/{NEW}  installation\n", encoding="utf-8")
    host.rolling_restart(outcome="does not return", member=False)
    assert (host.files(), host.version, host.left_over) == (BEFORE, OLD, [])


@pytest.mark.deep
def test_a_worker_that_has_returned_before_the_interruption_is_rolled_back_to_the_newer_files(host: Host) -> None:
    host.rolling_restart(outcome="killed after it")
    assert host.left_over == [".previous", ".previous-version"]
    newest = {**AFTER, "worker.properties": ("key.converter=org.example.Other\n", 0o640)}
    run = host.rolling_restart(outcome="does not return", files=newest)
    assert (host.files(), host.version) == (AFTER, NEW)
    assert "Rolled back (configuration); the worker is running again" in run.output


@pytest.mark.deep
def test_the_copy_of_an_interrupted_run_is_removed_if_the_worker_needs_no_restart(host: Host) -> None:
    host.rolling_restart(outcome="killed after it")
    run = host.rolling_restart(reasons=[])
    assert run.returncode == 0, run.output
    assert (host.files(), host.left_over) == (AFTER, [])


@pytest.mark.deep
def test_files_that_another_tool_has_changed_are_reported_and_kept(host: Host) -> None:
    changed = {**BEFORE, "environment": ("KAFKA_HEAP_OPTS=-Xmx1g\n", 0o640)}
    host.write(changed)
    run = host.rolling_restart(outcome="does not return")
    assert host.files() == changed
    assert (
        f"changed since the worker was started: {host.home}/etc/environment; a rollback puts back the files as they are now"
        in run.output
    )


@pytest.mark.deep
def test_a_worker_without_a_record_of_its_start_gets_the_files_back_that_were_there(host: Host) -> None:
    (host.home / "started-with").unlink()
    run = host.rolling_restart(outcome="rejected")
    assert "there is no record of the files that the worker was started with" in run.output
    assert host.files() == BEFORE


@pytest.mark.deep
def test_nothing_is_saved_of_a_worker_that_is_not_known_to_work(host: Host) -> None:
    (host.home / "started-with").unlink()
    run = host.rolling_restart(outcome="rejected", member=False)
    assert (host.files(), host.left_over) == (AFTER, [])
    assert "is rolled back (" not in run.output


@pytest.mark.deep
def test_what_another_tool_has_written_is_not_rolled_back(host: Host) -> None:
    host.write(AFTER)
    run = host.rolling_restart("-e", "rolling_provision=false", outcome="does not return")
    assert run.returncode != 0
    assert (host.files(), host.version) == (AFTER, OLD)
    assert not (host.home / ".previous").exists()


@pytest.mark.deep
def test_a_run_without_provisioning_rolls_back_what_an_interrupted_run_has_activated(host: Host) -> None:
    host.rolling_restart(outcome="killed before it")
    host.rolling_restart("-e", "rolling_provision=false", outcome="does not return")
    assert (host.files(), host.version, host.left_over) == (BEFORE, OLD, [])


@pytest.mark.deep
def test_check_mode_saves_nothing(host: Host) -> None:
    run = host.rolling_restart("--check")
    assert run.returncode == 0, run.output
    assert (host.files(), host.left_over) == (BEFORE, [])


@pytest.mark.deep
def test_a_copy_is_not_made_without_rollback(host: Host) -> None:
    host.rolling_restart(outcome="does not return", rolling_rollback=False)
    assert (host.files(), host.left_over) == (AFTER, [])


@pytest.mark.deep
def test_a_host_on_which_the_activation_fails_gets_the_files_of_its_next_start_back(host: Host) -> None:
    run = host.rolling_restart(activation="fails")
    assert run.returncode != 0
    assert "No space left on device" in run.output
    assert (host.files(), host.version, host.journal, host.left_over) == (BEFORE, OLD, [], [])


@pytest.mark.deep
def test_a_worker_that_was_confirmed_is_not_rolled_back_when_it_fails_later_in_the_run(host: Host) -> None:
    host.write(AFTER)
    (host.home / "current").unlink()
    (host.home / "current").symlink_to(f"versions/{NEW}")
    role = "streamops.kafka_connect.rolling"
    failed = {"failed": True, "action": "restart", "msg": "it did not return to the cluster"}
    facts = {
        "_rolling_previous": {"stdout": OLD},
        "_rolling_service_name": "{{ worker_service }}",
        "_rolling_plugins_unverified": False,
        "_rolling_action_needed": True,
        "_rolling_result": failed,
    }
    tasks = [
        {"name": "Restart, with success", "ansible.builtin.set_fact": facts},
        {
            "name": "Confirm",
            "ansible.builtin.include_role": {"name": role, "tasks_from": "forget_previous", "rolespec_validate": False},
        },
        {
            "name": "Fail later",
            "ansible.builtin.include_role": {"name": role, "tasks_from": "rollback", "rolespec_validate": False},
        },
    ]
    run = host.play({"hosts": "all", "gather_facts": False, "tasks": tasks}, rolling_provision=True)
    assert "it did not return to the cluster. There is nothing to roll back to" in run.output
    assert (host.files(), host.version) == (AFTER, NEW)
