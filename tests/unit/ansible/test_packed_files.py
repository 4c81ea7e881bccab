# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Ansible sends to a host with each module: every file that an import can reach, also one in a function or for types.

Each file costs time in every task that runs as a module: Ansible parses and packs it, and the host unpacks it.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import PurePath

import pytest

from testing.sandbox.environment import CHECKOUT, collections_path

PLUGINS = PurePath("ansible_collections/streamops/kafka_connect/plugins")
ENGINE = PLUGINS / "module_utils" / "_connect"
READ = frozenset({"planning", "reporting", "rest", "snapshot", "triage"})
CHANGE = READ | {"applying", "group", "runs", "waiting"}

FOLDERS: Mapping[str, frozenset[str]] = {
    "cluster_health": READ | {"dead_letters", "group", "health", "history", "info", "jvm", "registry", "traffic"},
    "cluster_history": READ | {"group", "history"},
    "cluster_info": READ | {"group", "info"},
    "connector": CHANGE | {"data"},
    "connector_export": READ | {"data", "group", "history", "info"},
    "connector_heal": CHANGE | {"group", "healing", "history"},
    "connector_info": READ | {"info"},
    "connector_offsets": CHANGE | {"history", "offsets"},
    "connector_offsets_info": CHANGE | {"history", "offsets"},
    "connector_state": CHANGE,
    "connector_validate": READ | {"data", "info"},
    "connectors": CHANGE | {"data"},
    "dead_letter_info": READ | {"dead_letters", "group", "history"},
    "dead_letters": READ | {"dead_letters", "group", "history"},
    "diagnosis_report": READ
    | {"dead_letters", "diagnosis", "group", "health", "history", "info", "jvm", "registry", "traffic"},
    "plugin_info": READ | {"info"},
    "properties_file": frozenset({"host"}),
    "schema_check": READ | {"info", "registry"},
    "schema_registry_info": READ | {"info", "registry"},
    "traffic_window": READ | {"traffic"},
    "worker_host_info": frozenset({"host"}),
    "worker_log_info": frozenset({"history", "host", "logs", "triage"}),
    "worker_logger": READ | {"logs"},
    "worker_validate": READ | {"data", "group", "worker"},
}
"""The folders of the engine of which a module may need files."""

OLD_PYTHON = (3, 7)
ON_HOSTS = ("properties_file", "worker_host_info", "worker_log_info")
"""Modules for the hosts of workers, which may have this Python and nothing else."""

CONTROLLER_ONLY = {"verified_file", "with_progress", "worker_scale", "worker_start"}
"""Their module files contain nothing but documentation."""


# In a process of its own: Ansible's loader of collections would stay in that of the tests.
PROGRAM = """
import base64, io, json, re, sys, zipfile
from ansible.executor.module_common import modify_module
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.template import Templar

init_plugin_loader([])
packed = {}
for name in sys.argv[2:]:
    built = modify_module(
        module_name=f"streamops.kafka_connect.{name}",
        module_path=f"{sys.argv[1]}/{name}.py",
        module_args={},
        templar=Templar(DataLoader()),
        task_vars={"ansible_python_interpreter": sys.executable, "ansible_playbook_python": sys.executable},
        module_compression="ZIP_STORED",
    )
    # ansible-core 2.16 returns a tuple.
    text = built[0] if isinstance(built, tuple) else built.b_module_data
    content = max(re.findall(rb"[A-Za-z0-9+/=]+", text), key=len)
    packed[name] = zipfile.ZipFile(io.BytesIO(base64.b64decode(content))).namelist()
print(json.dumps(packed))
"""


@cache
def packed_files() -> Mapping[str, frozenset[PurePath]]:
    """The files that Ansible packs with each module."""
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(collections_path() / PLUGINS / "modules"), *FOLDERS],
        capture_output=True,
        text=True,
        check=True,
    )
    return {module: frozenset(map(PurePath, files)) for module, files in json.loads(answer.stdout).items()}


def packed(module: str) -> frozenset[PurePath]:
    return packed_files()[module]


def folders(module: str) -> set[str]:
    return {file.parent.name for file in packed(module) if file.parent.parent == ENGINE}


def test_the_table_names_every_module() -> None:
    assert FOLDERS.keys() | CONTROLLER_ONLY == {file.stem for file in (CHECKOUT / "plugins" / "modules").glob("*.py")}


@pytest.mark.parametrize("module", sorted(FOLDERS))
def test_a_module_is_sent_with_the_folders_it_needs_only(module: str) -> None:
    assert folders(module) <= FOLDERS[module]
    assert ENGINE / "errors.py" in packed(module)


def test_connector_state_is_sent_without_the_checks_of_configs() -> None:
    checks = {ENGINE / "planning" / name for name in ("preflight.py", "known_keys.py", "undeclared.py")}
    assert packed("connector_state").isdisjoint(checks)
    assert packed("connectors") >= checks


@pytest.mark.parametrize("module", sorted(FOLDERS))
def test_a_module_is_sent_with_no_operation_of_another(module: str) -> None:
    operations = PLUGINS / "module_utils" / "_ansible" / "operations"
    sent = {file.stem for file in packed(module) if file.parent == operations} - {"__init__"}
    assert sent <= {module}


@pytest.mark.parametrize("module", ON_HOSTS)
def test_a_module_for_hosts_is_sent_without_what_needs_a_network(module: str) -> None:
    own = {file for file in packed(module) if PLUGINS in file.parents}
    assert len(own) < (50 if module == "worker_log_info" else 30), "it also needs the table of causes"
    assert not {file.stem for file in own} & {"transport", "brokers", "invocation", "execute"}


@pytest.mark.parametrize("module", ON_HOSTS)
def test_a_module_for_hosts_can_be_read_by_an_old_python(module: str) -> None:
    """Also when imported: aliases such as `tuple[int, int]` and functions of newer versions would fail there."""
    newer = re.compile(
        r"^\w+ = (tuple|list|dict|Mapping|Sequence)\[|import cache$|\.removeprefix\(|\.removesuffix\(|strict="
        r"|^from typing import .*Literal|import cached_property$|import .*pairwise",
        re.MULTILINE,
    )
    for file in packed(module):
        source = CHECKOUT / file.relative_to(PLUGINS.parent) if PLUGINS in file.parents else None
        # Ansible adds empty files for packages.
        if source is not None and source.exists():
            text = source.read_text(encoding="utf-8")
            ast.parse(text, feature_version=OLD_PYTHON)
            assert not newer.search(text), file
