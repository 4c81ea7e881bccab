# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role jmx agrees with its argument specs and its README."""

from __future__ import annotations

import re
from typing import Any

import yaml

from testing.sandbox.environment import CHECKOUT

ROLE = CHECKOUT / "roles" / "jmx"
DEFAULTS: dict[str, Any] = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
SPECS: dict[str, Any] = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))[
    "argument_specs"
]
OPTIONS: dict[str, Any] = SPECS["main"]["options"]
README = (ROLE / "README.md").read_text(encoding="utf-8")
SOURCES = [*(ROLE / "tasks").iterdir(), *(ROLE / "templates").iterdir(), ROLE / "vars" / "main.yml"]
RESULTS = {"jmx_restart_needed", "jmx_restart_reasons"}


def test_defaults_are_those_of_the_argument_specs() -> None:
    assert {name: option["default"] for name, option in OPTIONS.items() if "default" in option} == DEFAULTS


def test_every_variable_is_documented_and_every_documented_one_is_used() -> None:
    used = {
        name for source in SOURCES for name in re.findall(r"(?<![\w.-])jmx_\w+", source.read_text(encoding="utf-8"))
    }
    assert used - RESULTS == set(OPTIONS)


def test_the_readme_lists_every_variable_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(jmx_\w+)` \| (.*?) \|", README, flags=re.MULTILINE))
    assert rows.keys() == OPTIONS.keys()
    for name, shown in rows.items():
        default = OPTIONS[name].get("default")
        if isinstance(default, list) and default:
            assert shown == f"`{', '.join(default)}`", name
        elif default not in (None, [], {}):
            assert shown == f"`{str(default).lower() if isinstance(default, bool) else default}`", name


def test_the_examples_of_the_readme_use_known_variables() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", README, flags=re.DOTALL)
    assert examples
    assert all(yaml.safe_load(example) for example in examples)
    assert set(re.findall(r"(?<![\w/])jmx_\w+", "".join(examples))) <= set(OPTIONS) | RESULTS
