# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""READMEs of roles list the variables of their argument specs, and the program that updates them works."""

from __future__ import annotations

import pytest

from testing.tooling import role_tables

TABLE = """| variable | default | description |
|---|---|---|
"""


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {
        "x_plain": {"description": ["First V(1) of it. Second."], "default": "{{ a | b }}"},
        "x_flag": {"description": "See O(a.b.cluster_info#module:url).", "default": False},
        "x_list": {"description": ["Some."], "default": ["a", "b"]},
        "x_needed": {"description": ["Needed."], "required": True},
        "x_without": {"description": ["Without."]},
    }
    monkeypatch.setattr(role_tables, "options_of", lambda _role: found)


@pytest.mark.parametrize("role", role_tables.ROLES)
def test_the_readme_of_a_role_is_up_to_date(role: str) -> None:
    text = role_tables.readme_of(role).read_text(encoding="utf-8")
    assert role_tables.updated(role, text) == text


@pytest.mark.usefixtures("options")
def test_rows_get_the_first_sentence_and_the_default() -> None:
    names = ("x_plain", "x_flag", "x_list", "x_needed", "x_without")
    assert role_tables.updated("x", TABLE + "".join(f"| `{name}` | | |\n" for name in names)) == TABLE + (
        "| `x_plain` | `{{ a \\| b }}` | First `1` of it. |\n"
        "| `x_flag` | `false` | See `url` of `cluster_info`. |\n"
        "| `x_list` | `a, b` | Some. |\n"
        "| `x_needed` | required | Needed. |\n"
        "| `x_without` | none | Without. |\n"
    )


@pytest.mark.usefixtures("options")
def test_a_second_update_changes_nothing_and_other_tables_are_left_alone() -> None:
    names = ("x_plain", "x_flag", "x_list", "x_needed")
    rows = "".join(f"| `{name}` | | |\n" for name in names) + "| `x_without` | `$HOME` | |\n"
    once = role_tables.updated("x", f"| extra variable | default |\n|---|---|\n| `x_plain` | 7 |\n\n{TABLE}{rows}")
    assert "| `x_plain` | 7 |" in once
    assert "| `x_without` | `$HOME` | Without. |" in once
    assert role_tables.updated("x", once) == once


@pytest.mark.usefixtures("options")
@pytest.mark.parametrize(
    "row", ["", "| `x_plain` | | |\n| `x_plain` | | |\n", "| `x_plain` | | |\n| `x_removed` | | |\n"]
)
def test_a_variable_that_is_missing_unknown_or_listed_twice_is_an_error(row: str) -> None:
    others = "".join(f"| `{name}` | | |\n" for name in ("x_flag", "x_list", "x_needed", "x_without"))
    with pytest.raises(role_tables.StaleTable, match="x_removed" if "x_removed" in row else "x_plain"):
        role_tables.updated("x", TABLE + row + others)
