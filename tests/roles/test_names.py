# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No role takes a variable of its user for one of its own: what a play has registered wins over a task's `vars`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.sandbox.environment import CHECKOUT

FILES = sorted([*CHECKOUT.glob("roles/*/tasks/*.yml"), *CHECKOUT.glob("playbooks/*.yml")])
_BLOCKS = ("block", "rescue", "always", "tasks")
_INCLUDES = ("ansible.builtin.include_role", "ansible.builtin.include_tasks")


def names_of(tasks: list[Mapping[str, Any]]) -> Iterator[str]:
    """The variables that tasks set, except those passed to an included role, which override everything."""
    for task in tasks:
        for block in _BLOCKS:
            yield from names_of(task.get(block) or [])
        if not any(word in task for word in _INCLUDES):
            yield from task.get("vars") or {}
        yield from task.get("ansible.builtin.set_fact") or {}
        named = {**task, **(task.get("loop_control") or {})}
        yield from (str(named[word]) for word in ("register", "loop_var", "index_var") if word in named)


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_variables_are_named_after_the_role_that_makes_them(file: Path) -> None:
    roles = [path.name for path in (CHECKOUT / "roles").iterdir()]
    owners = roles if file.parent.name == "playbooks" else [file.parent.parent.name]
    prefixes = tuple(f"{line}{owner}_" for owner in owners for line in ("", "_"))
    found = set(names_of(yaml.safe_load(file.read_text(encoding="utf-8"))))
    assert not [name for name in found if not name.startswith(prefixes)]
