# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditions of tasks are strings: YAML reads one with an unquoted ": " as a mapping, which Ansible rejects when the task runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.sandbox.environment import CHECKOUT

FILES = sorted(
    file for folder in ("roles", "playbooks", "extensions", "examples") for file in (CHECKOUT / folder).rglob("*.yml")
)
CONDITIONS = frozenset({"when", "that", "until", "failed_when", "changed_when"})


class _Tolerant(yaml.SafeLoader):
    """Reads Ansible's own tags, such as !vault, as plain scalars."""


_Tolerant.add_multi_constructor("!", lambda loader, _suffix, node: loader.construct_scalar(node))


def conditions(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, entry in value.items():
            if key in CONDITIONS:
                yield from entry if isinstance(entry, list) else [entry]
            # The option until of this module is a list of fields and patterns.
            if key != "streamops.kafka_connect.with_progress":
                yield from conditions(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from conditions(entry)


def broken(text: str) -> list[Any]:
    return [
        found
        for document in yaml.load_all(text, Loader=_Tolerant)  # a SafeLoader with Ansible's own tags
        for found in conditions(document)
        if not isinstance(found, str | bool)
    ]


def test_a_condition_with_an_unquoted_colon_is_found() -> None:
    assert broken("- assert:\n    that:\n      - x is search('answers: it')\n") == [{"x is search('answers": "it')"}]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(CHECKOUT).as_posix())
def test_conditions_are_strings(file: Path) -> None:
    assert broken(file.read_text(encoding="utf-8")) == []
