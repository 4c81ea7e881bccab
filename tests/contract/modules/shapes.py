# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether results match the RETURN documentation of the modules: complete, nothing undocumented, correct types."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MODULES = Path(__file__).parents[3] / "plugins" / "modules"
PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
    "dict": (dict,),
    "list": (list,),
    "raw": (object,),
}
ANSIBLES_OWN = {"changed", "failed", "diff", "warnings", "deprecations", "invocation", "exception"}
"""Fields that Ansible documents for all modules."""


@cache
def documented(module: str) -> Mapping[str, Any]:
    """The RETURN documentation of a module."""
    tree = ast.parse((MODULES / f"{module}.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "RETURN":
            fields: Mapping[str, Any] = yaml.safe_load(ast.literal_eval(node.value))
            return fields
    raise LookupError(f"{module} has no RETURN")


def misfits(module: str, result: Mapping[str, Any]) -> list[str]:
    """The errors in a result, each as the path of a field and a text."""
    own = {name: value for name, value in result.items() if name not in ANSIBLES_OWN and not name.startswith("_")}
    return list(_misfits(own, documented(module), ""))


def _misfits(value: Mapping[str, Any], fields: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, entry in value.items():
        if name not in fields:
            yield f"{path}{name}: not documented"
        else:
            yield from _misfits_of_field(entry, fields[name], f"{path}{name}")
    for name, field in fields.items():
        if field["returned"] == "always" and name not in value:
            yield f"{path}{name}: documented as always returned, and missing"


def _misfits_of_field(value: Any, field: Mapping[str, Any], path: str) -> Iterator[str]:
    kind = field["type"]
    if value is None and "null" in str(field["description"]):
        return
    if not _fits(value, kind):
        yield f"{path}: is {type(value).__name__}, documented as {kind}"
        return
    if "choices" in field and value not in field["choices"]:
        yield f"{path}: {value!r} is none of the documented choices"
    if kind == "list":
        for index, element in enumerate(value):
            if not _fits(element, field["elements"]):
                yield f"{path}[{index}]: is {type(element).__name__}, documented as {field['elements']}"
            elif "contains" in field:
                yield from _misfits(element, field["contains"], f"{path}[{index}].")
    elif kind == "dict" and "contains" in field:
        yield from _misfits(value, field["contains"], f"{path}.")


def _fits(value: Any, kind: str) -> bool:
    # In Python a boolean is a number.
    return isinstance(value, PYTHON_TYPES[kind]) and (kind in ("bool", "raw") or not isinstance(value, bool))
