# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role rolling agrees with its argument specs, its README and the playbooks."""

from __future__ import annotations

import re
from typing import Any

import yaml

from testing.sandbox.environment import CHECKOUT
from testing.tooling.role_defaults import documented_defaults

ROLE = CHECKOUT / "roles" / "rolling"
DEFAULTS: dict[str, Any] = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
SPECS: dict[str, Any] = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))[
    "argument_specs"
]
OPTIONS: dict[str, Any] = {name: option for spec in SPECS.values() for name, option in spec["options"].items()}
README = (ROLE / "README.md").read_text(encoding="utf-8")
SOURCES = [*(ROLE / "tasks").iterdir(), ROLE / "vars" / "main.yml"]
PLAYBOOKS = [CHECKOUT / "playbooks" / f"{name}.yml" for name in ("scale_out", "scale_in", "rolling_restart")]
OF_PLAYBOOKS = {"rolling_hosts", "rolling_batches", "rolling_provision"}
OTHER_NAMES = {"rolling_restart", "rolling_turn"}
"""Words with the role's prefix that are no variables: a playbook and a filter."""


def words(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w.-])rolling_\w+", text))


def test_defaults_are_those_of_the_argument_specs() -> None:
    assert {name: option["default"] for name, option in OPTIONS.items() if "default" in option} == documented_defaults(
        DEFAULTS, OPTIONS
    )


def test_entry_points_agree_on_what_they_share() -> None:
    for spec in SPECS.values():
        assert all(option == OPTIONS[name] for name, option in spec["options"].items())


def test_every_entry_point_has_tasks() -> None:
    assert all((ROLE / "tasks" / f"{entry_point}.yml").exists() for entry_point in SPECS)


def test_every_variable_is_documented_and_every_documented_one_is_used() -> None:
    used = {name for source in SOURCES for name in words(source.read_text(encoding="utf-8"))}
    assert used - OTHER_NAMES == set(OPTIONS)


def test_the_examples_of_the_readme_use_known_variables() -> None:
    examples = re.findall(r"```(?:yaml|console)\n(.*?)```", README, flags=re.DOTALL)
    assert examples
    assert words("".join(examples)) - OTHER_NAMES <= set(OPTIONS) | OF_PLAYBOOKS


def test_playbooks_use_their_documented_variables_and_end_with_the_first_failure() -> None:
    used = set()
    for playbook in PLAYBOOKS:
        text = playbook.read_text(encoding="utf-8")
        used |= words(text)
        assert all(play["any_errors_fatal"] is True for play in yaml.safe_load(text))
    assert used - OTHER_NAMES == OF_PLAYBOOKS
