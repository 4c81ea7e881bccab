# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles worker and jmx use the variables of their argument specs. test_role_tables.py compares these with the READMEs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.sandbox.environment import CHECKOUT
from testing.tooling.role_defaults import documented_defaults

ROLES = ("worker", "diagnose", "jmx", "support")


def role(name: str) -> Path:
    return CHECKOUT / "roles" / name


def specs(name: str) -> dict[str, Any]:
    text = (role(name) / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text)["argument_specs"])


def options(name: str) -> dict[str, Any]:
    return dict(specs(name)["main"]["options"])


def results(name: str) -> set[str]:
    return {f"{name}_restart_needed", f"{name}_restart_reasons"}


def variables(name: str, text: str) -> set[str]:
    return set(re.findall(rf"(?<![\w./-]){name}_\w+", text))


@pytest.mark.parametrize("name", ROLES)
def test_defaults_are_those_of_the_argument_specs(name: str) -> None:
    defaults = yaml.safe_load((role(name) / "defaults" / "main.yml").read_text(encoding="utf-8"))
    documented = {key: option["default"] for key, option in options(name).items() if "default" in option}
    assert documented == documented_defaults(defaults, options(name))


@pytest.mark.parametrize("name", ROLES)
def test_every_entry_point_has_tasks(name: str) -> None:
    assert all((role(name) / "tasks" / f"{entry_point}.yml").exists() for entry_point in specs(name))


def test_the_entry_point_restart_needed_has_the_defaults_of_the_role() -> None:
    entry_point = specs("worker")["restart_needed"]["options"]
    assert {key: option["default"] for key, option in entry_point.items()} == {
        key: options("worker")[key]["default"] for key in entry_point
    }


@pytest.mark.parametrize("name", ROLES)
def test_the_role_uses_exactly_its_documented_variables(name: str) -> None:
    folder = role(name)
    sources = [*folder.glob("tasks/*"), *folder.glob("templates/*"), folder / "vars" / "main.yml"]
    used = {variable for source in sources for variable in variables(name, source.read_text(encoding="utf-8"))}
    assert used - results(name) == set(options(name))


@pytest.mark.parametrize("name", ROLES)
def test_the_examples_of_the_readme_use_known_variables(name: str) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", (role(name) / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    assert examples
    assert all(yaml.safe_load(example) for example in examples)
    assert variables(name, "".join(examples)) <= set(options(name)) | results(name)


# What roles share

SHARED: Mapping[str, tuple[str, ...]] = {
    "service": ("worker", "plugins", "jmx", "rolling", "diagnose", "support"),
    "user": ("worker", "jmx"),
    "group": ("worker", "jmx"),
    "group_id": ("rolling", "connectors", "diagnose", "heal"),
    "url": ("rolling", "connectors", "diagnose", "heal", "support"),
    "bootstrap_servers": ("worker", "rolling", "connectors", "diagnose", "heal", "support"),
    "client_properties": ("worker", "rolling", "connectors", "heal"),
    "download": ("worker", "plugins", "jmx"),
    "cache_dir": ("worker", "plugins", "jmx"),
    "proxy_environment": ("worker", "plugins", "jmx"),
    "url_username": ("worker", "plugins", "rolling", "connectors", "heal"),
    "url_password": ("worker", "plugins", "rolling", "connectors", "heal"),
    "token": ("plugins", "rolling", "connectors", "heal"),
    "client_cert": ("plugins", "rolling", "connectors", "heal"),
    "client_key": ("plugins", "rolling", "connectors", "heal"),
    "ca_path": ("plugins", "rolling", "connectors", "heal"),
    "validate_certs": ("plugins", "rolling", "connectors", "heal"),
    "headers": ("rolling", "connectors", "heal"),
    "use_proxy": ("rolling", "connectors", "heal"),
    "host_addresses": ("plugins", "rolling", "connectors", "diagnose", "heal", "support"),
    "kafka_cluster_id": ("rolling", "connectors", "heal"),
}
"""The roles with a variable of this meaning, by the end of the variable's name."""
OWN = {"worker_ca_path", "worker_client_cert", "worker_client_key", "jmx_ca_path", "worker_url", "plugins_url"}
"""Names with the same ending and another meaning: a file on the host instead of the controller, or the URL of a single worker."""
ALL_ROLES = ("connectors", "diagnose", "heal", "jmx", "plugins", "rolling", "support", "worker")


@pytest.mark.parametrize(("end", "name"), [(end, name) for end, names in SHARED.items() for name in names])
def test_a_variable_with_a_shared_meaning_defaults_to_the_shared_variable(end: str, name: str) -> None:
    variable, shared = f"{name}_{end}", f"kafka_connect_{end}"
    defaults = yaml.safe_load((role(name) / "defaults" / "main.yml").read_text(encoding="utf-8"))
    sources = [*role(name).glob("tasks/*"), *role(name).glob("vars/*")]
    text = "".join(file.read_text(encoding="utf-8") for file in sources)
    uses = re.findall(rf"(?<!\w){variable} \| default\((\w+)", text)
    assert shared in str(defaults.get(variable)) or (uses and set(uses) <= {shared, "rolling_url"}), variable
    assert shared in (role(name) / "README.md").read_text(encoding="utf-8") or name in ("diagnose", "support")


def test_no_variable_with_a_shared_meaning_is_forgotten() -> None:
    documented = {option for name in ALL_ROLES for spec in specs(name).values() for option in spec["options"]}
    found = {f"{name}_{end}" for name in ALL_ROLES for end in SHARED if f"{name}_{end}" in documented}
    assert found - OWN == {f"{name}_{end}" for end, names in SHARED.items() for name in names}


def test_the_guide_lists_every_shared_variable() -> None:
    guide = (CHECKOUT / "docs" / "guides" / "two-clusters.md").read_text(encoding="utf-8")
    assert set(re.findall(r"kafka_connect_\w+", guide)) >= {f"kafka_connect_{end}" for end in (*SHARED, "port")}


@pytest.mark.parametrize("name", ALL_ROLES)
def test_no_task_replaces_a_variable_of_the_role_with_its_result(name: str) -> None:
    derived = role(name) / "vars" / "main.yml"
    names = set(yaml.safe_load(derived.read_text(encoding="utf-8"))) if derived.exists() else set()
    assert names.isdisjoint(_set_by(role(name)))


def _set_by(folder: Path) -> set[str]:
    """The names that tasks register, or set as facts."""
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for entry in value:
                walk(entry)
        elif isinstance(value, dict):
            found.update([value["register"]] if isinstance(value.get("register"), str) else [])
            found.update(value.get("ansible.builtin.set_fact", {}))
            for entry in value.values():
                walk(entry)

    for file in folder.glob("tasks/*.yml"):
        walk(yaml.safe_load(file.read_text(encoding="utf-8")))
    return found
