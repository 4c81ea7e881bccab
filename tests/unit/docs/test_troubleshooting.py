# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of error are part of the interface: the guide, the module documentation and the code list the same ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from ansible_collections.streamops.kafka_connect.plugins.modules import connectors
from testing.sandbox.environment import CHECKOUT

GUIDE = CHECKOUT / "docs" / "guides" / "troubleshooting.md"
PLUGINS = CHECKOUT / "plugins"
NEVER_REPORTED = {"error", "request_failed"}
"""Defaults of classes that are only raised with an explicit kind, or through a subclass with its own kind."""


def kinds_in_guide() -> list[str]:
    """The first cell of each row in the tables below "Every kind of error"."""
    text = GUIDE.read_text(encoding="utf-8")
    tables = text.partition("\n## Every kind of error\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", tables, flags=re.MULTILINE)


def kinds_in_code(file: Path) -> Iterator[str]:
    """Every string that becomes a kind: values of `kind` and `error_kind`, and the rows of answers.py."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword | ast.Assign) and _names(node) & {"kind", "error_kind"}:
            yield from _texts(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "kind":
                    yield from _texts(value)
        elif isinstance(node, ast.Call) and file.name == "answers.py" and isinstance(node.func, ast.Name):
            position = {"_final": 0, "_again": 0, "_unknown": 0, "Meaning": 3}.get(node.func.id)
            if position is not None and len(node.args) > position:
                yield from _texts(node.args[position])


def _names(node: ast.keyword | ast.Assign) -> set[str | None]:
    """The names that a keyword argument or an assignment sets."""
    if isinstance(node, ast.keyword):
        return {node.arg}
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def documented_kinds() -> list[str]:
    """`choices` of `error.kind` in the RETURN block of the module."""
    choices: list[str] = yaml.safe_load(connectors.RETURN)["error"]["contains"]["kind"]["choices"]
    return choices


def test_the_guide_lists_each_documented_kind_once() -> None:
    assert sorted(kinds_in_guide()) == sorted(documented_kinds())


def test_code_and_documentation_list_the_same_kinds() -> None:
    folders = (PLUGINS / "module_utils" / "_connect", PLUGINS / "module_utils" / "_ansible")
    found = {kind for folder in folders for file in folder.rglob("*.py") for kind in kinds_in_code(file)}

    assert found - NEVER_REPORTED == set(documented_kinds())


def test_each_kind_has_a_meaning_and_a_fix() -> None:
    rows = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if re.match(r"\| `\w+` \|", line)]

    assert [row for row in rows if len([cell for cell in row.split(" | ") if cell.strip("| ")]) != 3] == []
