# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role plugins agrees with its argument specs, its README and its guide."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from testing.sandbox.environment import CHECKOUT
from testing.tooling.role_defaults import documented_defaults
from tests.integration.docs.markdown import blocks

ROLE = CHECKOUT / "roles" / "plugins"
SCENARIO = CHECKOUT / "extensions" / "molecule" / "plugins"
GUIDE = CHECKOUT / "docs" / "guides" / "plugins.md"
DEFAULTS: dict[str, Any] = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
SPECS: dict[str, Any] = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))[
    "argument_specs"
]
OPTIONS: dict[str, Any] = {name: option for spec in SPECS.values() for name, option in spec["options"].items()}
README = (ROLE / "README.md").read_text(encoding="utf-8")
SOURCES = [*(ROLE / "tasks").iterdir(), ROLE / "vars" / "main.yml", ROLE / "defaults" / "main.yml"]
RESULTS = {"plugins_restart_needed", "plugins_errors", "plugins_restored"}
LICENCE = "GPL-3.0-or-later"
WITHOUT_LICENCE = f"---\n# SPDX-License-{'Identifier'}: {LICENCE}\n"


def test_defaults_are_those_of_the_argument_specs() -> None:
    assert {name: option["default"] for name, option in OPTIONS.items() if "default" in option} == documented_defaults(
        DEFAULTS, OPTIONS
    )


def test_every_entry_point_has_tasks_and_describes_variables_identically() -> None:
    assert all((ROLE / "tasks" / f"{entry_point}.yml").exists() for entry_point in SPECS)
    for spec in SPECS.values():
        assert {name: OPTIONS[name] for name in spec["options"]} == spec["options"]


def test_every_variable_is_documented_and_every_documented_one_is_used() -> None:
    used = {
        name for source in SOURCES for name in re.findall(r"(?<![\w-])plugins_\w+", source.read_text(encoding="utf-8"))
    }
    assert used - RESULTS == set(OPTIONS)


def test_the_examples_of_the_readme_use_known_variables() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    assert examples
    assert all(yaml.safe_load(example) for example in examples)
    assert set(re.findall(r"\bplugins_\w+", "".join(examples))) <= set(OPTIONS) | RESULTS


FILES = [block for block in blocks(GUIDE) if block.file]
SNIPPETS = [block for block in blocks(GUIDE) if block.language == "yaml" and not block.file]


@pytest.mark.parametrize("block", FILES, ids=lambda block: block.file)
def test_a_file_of_the_guide_is_the_one_that_the_scenario_plays(block: Any) -> None:
    played = SCENARIO / block.file
    assert played.read_text(encoding="utf-8") == WITHOUT_LICENCE + block.text


def test_the_guide_has_files() -> None:
    assert {block.file for block in FILES} == {"group_vars/workers.yml", "plugins.yml"}


@pytest.mark.parametrize("block", SNIPPETS, ids=str)
def test_a_snippet_of_the_guide_is_part_of_what_the_scenario_plays(block: Any) -> None:
    lines = [line.strip() for line in (SCENARIO / "verify.yml").read_text(encoding="utf-8").splitlines()]
    expected = [line.strip() for line in block.text.splitlines()]
    assert any(lines[start : start + len(expected)] == expected for start in range(len(lines)))
