# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user installs: small, complete, without files that only the repository needs, and working from an empty
folder.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from testing.fake_connect import FakeCluster
from testing.sandbox.environment import CHECKOUT, without_settings
from testing.tooling.release import build

LARGEST = 780_000
"""Bytes: Galaxy and every `ansible-galaxy collection install` transfer all of them. A new module adds some 10 kB."""

FOLDERS = {"changelogs", "docs", "examples", "meta", "playbooks", "plugins", "roles"}
FILES = {
    "CHANGELOG.md", "CHANGELOG.rst", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "FILES.json", "LICENSE", "MAINTAINERS.md",
    "MANIFEST.json", "README.md", "REUSE.toml", "SECURITY.md",
}  # fmt: skip
_CODE = re.compile(r"^( *)```.*?^\1```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\((?P<path>[^)#\s:]+)(?:#[^)\s]+)?\)")
_FOR_CONTRIBUTORS = {"CONTRIBUTING.md"}
"""The guide begins with a clone of the repository."""


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("artifact"))


@pytest.fixture(scope="module")
def members(artifact: Path) -> list[str]:
    with tarfile.open(artifact) as archive:
        return [member.name for member in archive if member.isfile()]


@pytest.fixture(scope="module")
def installed(artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with only the collection, as a user's collections path."""
    folder = tmp_path_factory.mktemp("installed")
    run(folder, "ansible-galaxy", "collection", "install", str(artifact), "-p", str(folder), "--offline")
    return folder


def run(folder: Path, program: str, *arguments: str, **variables: str) -> str:
    """The output of one of Ansible's programs, started in `folder` without anything of this checkout in its
    environment.
    """
    path = Path(sys.executable).with_name(program)
    environment = {
        **without_settings(),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_COLLECTIONS_PATH": str(folder),
        "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false",
        "ANSIBLE_NOCOLOR": "1",
        **variables,
    }
    environment.pop("PYTHONPATH", None)
    command = [str(path), *arguments]
    ended = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_it_is_small(artifact: Path) -> None:
    assert artifact.stat().st_size < LARGEST


def test_it_holds_nothing_but_what_a_user_needs(members: Sequence[str]) -> None:
    assert {name.split("/")[0] for name in members} - FOLDERS == FILES
    # An example is a complete repository, with hidden files.
    hidden = [name for name in members if "/." in f"/{name}" and not name.startswith("examples/")]
    assert hidden + [name for name in members if "__pycache__" in name or "/molecule/" in name] == []


def test_its_documents_link_to_nothing_that_is_only_in_the_repository(members: Sequence[str]) -> None:
    known = set(members) | {str(parent) for name in members for parent in Path(name).parents}
    lost = []
    for name in members:
        if not name.endswith(".md") or name in _FOR_CONTRIBUTORS:
            continue
        text = _CODE.sub("", (CHECKOUT / name).read_text(encoding="utf-8"))
        for link in _LINK.finditer(text):
            target = (CHECKOUT / name).parent.joinpath(link["path"]).resolve()
            if str(target.relative_to(CHECKOUT)) not in known:
                lost.append(f"{name}: {link[0]}")
    assert lost == []


def test_every_module_is_documented_where_nothing_else_is_installed(installed: Path) -> None:
    listed = json.loads(run(installed, "ansible-doc", "--list", "--json", "streamops.kafka_connect"))
    assert {path.stem for path in (CHECKOUT / "plugins" / "modules").glob("[a-z]*.py")} == {
        name.rpartition(".")[2] for name in listed
    }
    shown = json.loads(run(installed, "ansible-doc", "--json", "streamops.kafka_connect.connectors"))
    assert shown["streamops.kafka_connect.connectors"]["doc"]["options"]["url"]["description"]


def test_a_playbook_plans_where_nothing_else_is_installed(installed: Path) -> None:
    entry = {"name": "orders", "config": {"connector.class": "FileStreamSource", "file": "/tmp/x", "topic": "orders"}}
    task = {
        "name": "Plan",
        "streamops.kafka_connect.connectors": {"connectors": [entry]},
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
    }
    play = {"name": "Plan", "hosts": "localhost", "gather_facts": False, "tasks": [task]}
    (installed / "plan.yml").write_text(json.dumps([play]), encoding="utf-8")
    with FakeCluster() as fake:
        shown = run(
            installed, "ansible-playbook", "plan.yml", "--check", "--diff", KAFKA_CONNECT_URL=",".join(fake.urls)
        )
        assert not fake.connectors
    assert "changed=1" in shown
    assert "+connector.class: FileStreamSource" in shown
