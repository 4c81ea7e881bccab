# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of ansible-playbook, measured as a whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from sysconfig import get_path
from typing import Any

from testing.sandbox.environment import collections_path, without_settings

from .measuring import Sample

ACTION_PLUGINS = Path(__file__).parent / "action_plugins"
MODULE = "streamops.kafka_connect"


class RunFailedError(Exception):
    """A play that failed. The message is its output."""


class Playbook:
    """One play on localhost, written once and run any number of times."""

    def __init__(
        self,
        folder: Path,
        name: str,
        tasks: Sequence[Mapping[str, Any]],
        *,
        python: Path | None = None,
        **keywords: Any,
    ) -> None:
        """`python` is the interpreter for modules, else that of ansible-playbook. `keywords` are those of a play."""
        play = {"name": name, "hosts": "localhost", "gather_facts": False, "tasks": list(tasks), **keywords}
        self.path = folder / f"{name}.yml"
        self.path.write_text(json.dumps([play]), encoding="utf-8")
        (folder / "ansible.cfg").touch()
        self.inventory = folder / f"{name}-inventory.json"
        variables = {"ansible_connection": "local", "ansible_python_interpreter": str(python or sys.executable)}
        self.inventory.write_text(json.dumps({"all": {"hosts": {"localhost": variables}}}), encoding="utf-8")

    def run(self) -> Sample:
        """Seconds from its start to its end, and the CPU time of it and all that it started. Raises RunFailedError."""
        command = [sys.executable, "-m", "ansible", "playbook", "-i", str(self.inventory), str(self.path)]
        log = self.path.with_suffix(".log")
        with log.open("w", encoding="utf-8") as output:
            started = time.perf_counter()
            with subprocess.Popen(
                command, cwd=self.path.parent, env=_environment(self.path.parent), stdout=output, stderr=output
            ) as process:
                _pid, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.perf_counter() - started
        if process.returncode:
            raise RunFailedError(f"{self.path.stem} failed:\n{log.read_text(encoding='utf-8')[-4000:]}")
        return Sample(seconds, usage.ru_utime + usage.ru_stime)


def other_python(folder: Path) -> Path:
    """An interpreter with the same packages that is not the one of ansible-playbook: the engine runs there as a module."""
    venv.create(folder, symlinks=True, with_pip=False)
    packages = folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    (packages / "shared.pth").write_text(f"{get_path('purelib')}\n", encoding="utf-8")
    return folder / "bin" / "python"


def _environment(folder: Path) -> dict[str, str]:
    """Environment without settings of the user."""
    kept = without_settings()
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {
        "ANSIBLE_COLLECTIONS_PATH": str(collections_path()),
        "ANSIBLE_HOME": str(folder / "ansible-home"),
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
        "ANSIBLE_ACTION_PLUGINS": str(ACTION_PLUGINS),
        "ANSIBLE_NOCOLOR": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
    }
