# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role connectors agrees with the module, with its argument specs, and with its README."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import (
    CONNECTION,
    Specification,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_export import (
    CONNECTOR_EXPORT,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connectors import CONNECTORS
from testing.sandbox.environment import CHECKOUT

ROLE = CHECKOUT / "roles" / "connectors"
OWN_OPTIONS = {"connectors": "connectors_list"}
DEFAULTS: dict[str, Any] = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
SPECS: dict[str, Any] = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))[
    "argument_specs"
]


def task(file: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROLE / "tasks" / file).read_text(encoding="utf-8"))[0]
    return found


def variable(option: str, prefix: str) -> str:
    """The variable of the role for an option of the module."""
    return OWN_OPTIONS.get(option, ("connectors_" if option in CONNECTION else prefix) + option)


def test_defaults_are_those_of_the_argument_specs() -> None:
    documented = {
        name: option["default"]
        for spec in SPECS.values()
        for name, option in spec["options"].items()
        if "default" in option
    }
    assert documented == DEFAULTS


def test_every_entry_point_has_an_argument_spec() -> None:
    entry_points = {path.stem for path in (ROLE / "tasks").iterdir()} - {"report"}
    assert set(SPECS) == entry_points


@pytest.mark.parametrize(
    ("entry_point", "prefix", "specification"),
    [("main", "connectors_", CONNECTORS), ("export", "connectors_export_", CONNECTOR_EXPORT)],
)
def test_every_option_of_the_module_has_its_variable(
    entry_point: str, prefix: str, specification: Specification
) -> None:
    given = task(f"{entry_point}.yml")[f"streamops.kafka_connect.{specification.name}"]
    assert set(given) == set(specification.arguments)
    options = SPECS[entry_point]["options"]
    for option, argument in specification.arguments.items():
        documented = options[variable(option, prefix)]
        for aspect in ("type", "elements", "choices", "required"):
            assert documented.get(aspect) == argument.get(aspect), f"{aspect} of {option}"
        if option == "overrides":
            continue
        # What all roles share comes before the default of the module.
        default = rf"omit|kafka_connect_{option} \| default\((omit|_connectors_{option})\)"
        assert re.fullmatch(rf"{{{{ {variable(option, prefix)}( \| default\(({default})\))? }}}}", given[option]), (
            option
        )
    others = set(options) - {variable(option, prefix) for option in specification.arguments}
    assert others == (
        {"connectors_overrides_environment", "connectors_overrides_cluster", "connectors_secret_overrides"}
        if entry_point == "main"
        else set()
    )


def test_the_example_of_the_readme_is_complete() -> None:
    readme = Path(ROLE / "README.md").read_text(encoding="utf-8")
    plays = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", readme, flags=re.DOTALL)]
    known = {name for spec in SPECS.values() for name in spec["options"]}
    used = set(re.findall(r"\bconnectors_\w+", str(plays)))
    assert plays
    assert used <= known
