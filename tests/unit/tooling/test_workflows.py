# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the forge runs exists: every make target and every nox session that a workflow or a hook names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.sandbox.environment import CHECKOUT
from testing.tooling.environments import CORE_PYTHONS

WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))
_ANTSIBULL_NOX = {"license-check", "extra-checks", "build-import-check"}
_EXPRESSION = re.compile(r"\$\{\{ matrix\.(\w+) \}\}")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def targets() -> set[str]:
    """The targets that `make help` lists."""
    return set(re.findall(r"^([a-z-]+):.*##", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


def is_session(name: str) -> bool:
    """Whether noxfile.py defines a session with that name, decided by its text because starting nox takes seconds."""
    text = (CHECKOUT / "noxfile.py").read_text(encoding="utf-8")
    if name in _ANTSIBULL_NOX:
        return name.replace("-", "_") in (CHECKOUT / "antsibull-nox.toml").read_text(encoding="utf-8")
    layer, _dash, core = name.rpartition("-")
    if core in CORE_PYTHONS:
        return f'"{layer}"' in text or f'name=f"{layer}-{{' in text
    return f'name="{name}"' in text or re.search(rf"^def {name}\(", text, flags=re.MULTILINE) is not None


def commands(workflow: Any) -> Iterator[str]:
    """Every command of a workflow, once for each value of the matrix that it names."""
    for job in workflow["jobs"].values():
        matrix = job.get("strategy", {}).get("matrix", {})
        for step in job["steps"]:
            names = sorted(set(_EXPRESSION.findall(step.get("run", ""))))
            for values in itertools.product(*(matrix[name] for name in names)):
                chosen = dict(zip(names, values, strict=True))
                yield _EXPRESSION.sub(lambda found, chosen=chosen: chosen[found[1]], step.get("run", ""))  # type: ignore[misc]  # it binds the loop's value


def missing(command: str) -> list[str]:
    """Targets and sessions of a command that do not exist."""
    named = set(re.findall(r"(?:^|\s)make ([a-z-]+)", command))
    sessions = " ".join(re.findall(r'SESSIONS="?([^"\n]+)"?', command)).split()
    return [*sorted(named - targets()), *(name for name in sessions if not is_session(name))]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_names_only_what_exists(path: Path) -> None:
    assert [name for command in commands(read(path)) for name in missing(command)] == []


def test_what_does_not_exist_is_noticed() -> None:
    assert missing('make tests\nmake nox SESSIONS="lint lints unit-2.21 unit-1.9"') == [
        "tests",
        "lints",
        "unit-1.9",
    ]


def test_the_hooks_name_only_what_exists() -> None:
    hooks = [hook for repository in read(CHECKOUT / ".pre-commit-config.yaml")["repos"] for hook in repository["hooks"]]
    assert hooks
    assert [name for hook in hooks for name in missing(hook["entry"])] == []
    assert {hook["language"] for hook in hooks} == {"system"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_read_permissions_by_default_and_jobs_have_time_limits(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert "group" in workflow["concurrency"]
    assert all(0 < job["timeout-minutes"] <= 360 for job in workflow["jobs"].values())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_their_major_version(path: Path) -> None:
    used = [step["uses"] for job in read(path)["jobs"].values() for step in job["steps"] if "uses" in step]
    assert [name for name in used if not re.fullmatch(r"actions/[\w-]+@v\d+", name)] == []


def test_the_matrix_covers_both_ends_of_the_supported_versions() -> None:
    sessions = read(CHECKOUT / ".github" / "workflows" / "ci.yml")["jobs"]["quick"]["strategy"]["matrix"]["sessions"]
    assert {f"unit-{min(CORE_PYTHONS)}", f"unit-{max(CORE_PYTHONS)}"} <= set(sessions)


@pytest.mark.parametrize(
    "path", sorted((CHECKOUT / ".github" / "ISSUE_TEMPLATE").glob("*_*.yml")), ids=lambda path: path.name
)
def test_templates_have_the_required_fields_of_the_forge(path: Path) -> None:
    form = read(path)
    assert {"name", "description", "body"} <= form.keys()
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert all(field["attributes"]["label"] for field in fields)
    assert len({field["id"] for field in fields}) == len(fields)
