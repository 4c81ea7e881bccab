# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts on this machine on which the role worker runs as any user: its paths are below a folder, and systemd is a stand-in."""

from __future__ import annotations

import grp
import json
import os
import pwd
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testing.ansible_runs.playbook import PlaybookRun, run_playbook
from testing.sandbox.environment import CHECKOUT

ROLE = "streamops.kafka_connect.worker"
USER, GROUP = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
SYSTEMCTL = """#!/bin/sh
# Units are files in UNITS, and an enabled one has a second file there.
unit=$(printf '%s\\n' "$@" | grep '\\.service$' | head -n 1)
case "$1" in
show)
    if [ -e "{units}/$unit" ]; then echo LoadState=loaded; else echo LoadState=not-found; fi
    if [ -e "{units}/$unit.active" ]; then echo ActiveState=active; else echo ActiveState=inactive; fi
    if [ -e "{units}/$unit.enabled" ]; then echo UnitFileState=enabled; else echo UnitFileState=disabled; fi
    echo SubState=running; echo MainPID=0; echo NRestarts=0; echo NeedDaemonReload=no ;;
is-enabled) if [ -e "{units}/$unit.enabled" ]; then echo enabled; else echo disabled; exit 1; fi ;;
enable) touch "{units}/$unit.enabled" ;;
disable) rm -f "{units}/$unit.enabled" ;;
esac
"""
JAVA = "#!/bin/sh\necho 'openjdk version \"17.0.9\"' >&2\n"
STARTED = [{"name": "Wait until the worker is healthy", "ansible.builtin.command": "true", "changed_when": False}]
"""In place of the role's own tasks, which need a real worker."""

PROPERTIES = {"bootstrap.servers": "kafka-1:9092", "group.id": "connect-orders"}


@dataclass
class WorkerHosts:
    """Hosts named host-1, host-2 and so on, with the same variables."""

    folder: Path
    names: Sequence[str]

    def path(self, host: str, *parts: str) -> Path:
        return self.folder.joinpath(host, *parts)

    def read(self, host: str, *parts: str) -> str:
        return self.path(host, *parts).read_text(encoding="utf-8")

    def calls(self) -> dict[str, int]:
        """How often a module ran on each host since the last call."""
        found = {}
        for host in self.names:
            log = self.path(host, "calls")
            found[host] = len(log.read_text(encoding="utf-8").splitlines()) if log.exists() else 0
            log.unlink(missing_ok=True)
        return found

    def run(
        self,
        variables: Mapping[str, Any],
        *arguments: str,
        tags: Sequence[str] = ("always",),
        hosts: Mapping[str, Any] | None = None,
        tasks_from: str = "main",
        python: Path | None = None,
    ) -> PlaybookRun:
        """Run an entry point of the role."""
        play = {
            "name": "Install the workers",
            "hosts": "all",
            "gather_facts": False,
            "tasks": [
                {
                    "name": "Install the worker",
                    "ansible.builtin.include_role": {"name": ROLE, "tasks_from": tasks_from},
                    "tags": list(tags),
                    "vars": {
                        "_worker_unit_file": f"{self.folder}/{{{{ inventory_hostname }}}}/units/{{{{ worker_service }}}}.service",
                        "_worker_started_with": f"{self.folder}/{{{{ inventory_hostname }}}}/run/started-with",
                        "_worker_root_user": USER,
                        "_worker_root_group": GROUP,
                        "worker_properties": PROPERTIES,
                        **variables,
                    },
                }
            ],
        }
        return run_playbook(
            [play],
            {host: self._variables(host) | dict(hosts or {}) for host in self.names},
            self.folder / "run",
            arguments=arguments,
            environment={"ANSIBLE_COLLECTIONS_PATH": str(self.folder / "collections")},
            python=python,
        )

    def _variables(self, host: str) -> dict[str, Any]:
        own = self.path(host)
        return {
            "ansible_become": False,
            # The names of these hosts lead nowhere.
            "worker_reachability": False,
            "ansible_python_interpreter": str(own / "bin" / "python3"),
            "worker_service": "connect-test",
            "worker_home": str(own / "kafka-4.3.1"),
            "worker_java_home": str(own / "java"),
            "worker_install_dir": str(own / "opt"),
            "worker_config_dir": str(own / "etc"),
            "worker_log_dir": str(own / "log"),
            "worker_user": USER,
            "worker_group": GROUP,
            "worker_user_create": False,
        }


def worker_hosts(folder: Path, count: int = 1) -> WorkerHosts:
    """Hosts without anything but Java and Kafka, and a copy of the collection for them."""
    collection = folder / "collections" / "ansible_collections" / "streamops" / "kafka_connect"
    shutil.copytree(CHECKOUT / "roles" / "worker", collection / "roles" / "worker")
    (collection / "plugins").symlink_to(CHECKOUT / "plugins")
    shutil.copytree(CHECKOUT / "meta", collection / "meta")
    shutil.copy(CHECKOUT / "galaxy.yml", collection)
    (collection / "roles" / "worker" / "tasks" / "start_and_wait.yml").write_text(json.dumps(STARTED), encoding="utf-8")
    hosts = WorkerHosts(folder, [f"host-{number + 1}" for number in range(count)])
    for host in hosts.names:
        for part in ("bin", "units", "run", "kafka-4.3.1", "java/bin"):
            hosts.path(host, part).mkdir(parents=True)
        _program(hosts.path(host, "java", "bin", "java"), JAVA)
        _program(hosts.path(host, "bin", "systemctl"), SYSTEMCTL.format(units=hosts.path(host, "units")))
        # Ansible starts Python once for each module, since it pipes modules to it.
        python = f"""#!/bin/sh
echo call >> {hosts.path(host, "calls")}
PATH={hosts.path(host, "bin")}:$PATH exec {sys.executable} "$@"
"""
        _program(hosts.path(host, "bin", "python3"), python)
    return hosts


def _program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
