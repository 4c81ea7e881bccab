# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The generator of RETURN blocks: shared parts, differences between modules, samples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.sandbox.environment import CHECKOUT
from testing.tooling.return_samples import look_up
from testing.tooling.returns import MODULES, SOURCES, SourceError, render, with_block

SHARED = """
entry:
  description: An entry.
  type: list
  elements: dict
  returned: always
  contains:
    name: {description: Its name., type: str, returned: always, sample: orders}
    drift: {description: A change., type: str, returned: sometimes, sample: x}
    inner:
      description: More.
      type: dict
      returned: always
      contains:
        text: {description: One line., type: str, returned: always, sample: {recorded: "task: a[0].b"}}
"""


def rendered(tmp_path: Path, module: str, recorded: str = "recorded") -> dict[str, Any]:
    (tmp_path / "shared.yml").write_text(SHARED, encoding="utf-8")
    (tmp_path / "it.yml").write_text(module, encoding="utf-8")
    fields: dict[str, Any] = yaml.safe_load(render("it", lambda _name: recorded, tmp_path))
    return fields


def test_a_shared_part_is_in_each_module_that_names_it(tmp_path: Path) -> None:
    fields = rendered(tmp_path, "entries: {shared: entry, description: The entries.}")
    assert fields["entries"]["description"] == "The entries."
    assert list(fields["entries"]["contains"]) == ["name", "drift", "inner"]


def test_a_module_omits_and_overrides_fields_of_a_shared_part(tmp_path: Path) -> None:
    module = "entries: {shared: entry, without: [drift], contains: {name: {sample: other}, inner: {contains: {text: {sample: y}}}}}"
    contains = rendered(tmp_path, module)["entries"]["contains"]
    assert list(contains) == ["name", "inner"]
    assert contains["name"] == {"description": "Its name.", "type": "str", "returned": "always", "sample": "other"}
    assert contains["inner"]["contains"]["text"]["description"] == "One line."
    assert contains["inner"]["sample"] == {"text": "y"}


def test_a_sample_is_made_of_the_fields_that_are_always_returned(tmp_path: Path) -> None:
    sample = rendered(tmp_path, "entries: {shared: entry}")["entries"]["sample"]
    assert sample == [{"name": "orders", "inner": {"text": "recorded"}}]


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ("entries: {shared: other}", 'entries: there is no shared piece "other"'),
        ("entries: {shared: entry, without: [nothing]}", 'entries: without "nothing"'),
        ("entries: {type: str, sample: x}", "entries: unknown [], missing ['description', 'returned']"),
        ("entries: {shared: entry, contains: {name: {sampel: x}}}", "entries.name: unknown ['sampel']"),
        ("entry: {description: One., type: str, returned: always}", "entry: has no sample"),
    ],
)
def test_a_mistake_in_a_source_is_an_error_with_its_field(tmp_path: Path, module: str, message: str) -> None:
    with pytest.raises(SourceError) as refused:
        rendered(tmp_path, module)
    assert message in str(refused.value)


def test_a_recorded_value_that_is_missing_is_an_error_with_its_name() -> None:
    results = {"task": {"a": [{"b": "value"}]}}
    assert look_up(results, "task: a[0].b") == "value"
    with pytest.raises(KeyError, match=r"task: a\[1\]"):
        look_up(results, "task: a[1].b")


def test_only_the_block_is_replaced() -> None:
    text = 'DOCUMENTATION = r"""\na\n"""\n\nRETURN = r"""\nold\n"""\n\nimport x\n'
    assert with_block(text, "new\n") == text.replace("old", "new")
    with pytest.raises(SourceError, match="0 RETURN blocks"):
        with_block("import x\n", "new\n")


def test_each_module_has_a_source_and_each_source_a_module() -> None:
    modules = {path.stem for path in MODULES.glob("*.py")}
    assert {path.stem for path in SOURCES.glob("*.yml")} - {"shared"} == modules
    assert SOURCES.is_relative_to(CHECKOUT / "docs")
