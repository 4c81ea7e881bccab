# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ast

import pytest

from testing.record_keys.literals import assignment


@pytest.mark.parametrize(
    "value",
    [
        (),
        ("a",),
        ("a", "b"),
        {"a": 1, "b": None},
        {"a": 0.5, "b": True, "c": ("x" * 50, "y" * 50, "z" * 50)},
        ('ä " \\',),
    ],
)
def test_a_literal_means_its_value(value: object) -> None:
    assert ast.literal_eval(assignment("X", "object", value).partition(" = ")[2]) == value


def test_a_short_list_stays_on_one_line() -> None:
    assert assignment("X", "int", ("a", 1)) == 'X: int = ("a", 1)\n'


def test_a_long_list_has_one_entry_per_line() -> None:
    assert assignment("X", "int", ("a" * 60, {"b": "c" * 60})) == (
        f'X: int = (\n    "{"a" * 60}",\n    {{"b": "{"c" * 60}"}},\n)\n'
    )
