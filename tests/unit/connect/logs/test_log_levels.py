# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import Problem
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.logs.levels import (
    LEVELS,
    after_change,
    effective,
    in_order,
    parse_levels,
    parse_levels_by_worker,
    previous_levels,
)

URL = "http://connect-1:8083"
NAMES = st.sampled_from(["root", "a", "a.b", "a.bc", "a.b.c", "a.d", "e", "e.f"])
LEVEL = st.sampled_from(LEVELS)


def parsed(given: object) -> tuple[dict[str, str], list[str]]:
    problems: list[Problem] = []
    assert isinstance(given, dict)
    found = parse_levels(given, "loggers", problems)
    return found, [problem.text for problem in problems]


def test_levels_are_read_in_any_case_and_off_also_as_a_boolean() -> None:
    found, problems = parsed({"a.B": "debug", "ROOT": " Warn ", "c": False})
    assert (found, problems) == ({"root": "WARN", "c": "OFF", "a.B": "DEBUG"}, [])


def test_packages_are_set_before_what_they_contain() -> None:
    assert in_order(["a.b.c", "a.b", "root", "a"]) == ["root", "a", "a.b", "a.b.c"]


@pytest.mark.parametrize("name", ["", " ", "a b", "a..b", ".a", "a.", "a/b", "a\nb", "org.apache.*"])
def test_a_name_that_no_logger_has_is_reported(name: str) -> None:
    found, problems = parsed({name: "INFO"})
    assert found == {}
    assert "is not the name of a logger -> give a package or class" in problems[0]
    assert "\n" not in problems[0]


@pytest.mark.parametrize("level", ["LOUD", "", "5", True, None, "INFO,file"])
def test_a_level_that_does_not_exist_is_reported_with_those_that_do(level: object) -> None:
    _found, problems = parsed({"a": level})
    assert problems == [
        f'loggers: "a": "{level}" is not a log level -> set one of OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE, ALL'
    ]


def test_levels_to_restore_must_be_of_workers_in_url() -> None:
    problems: list[Problem] = []
    found = parse_levels_by_worker({f"{URL}/": {"a": "INFO"}, "http://other": {}}, [URL], "restore", problems)
    assert found == {URL: {"a": "INFO"}}
    assert [problem.text for problem in problems] == [
        'restore: "http://other" is not a worker in url -> give the result previous of the same workers'
    ]


def test_a_logger_inherits_the_level_of_the_nearest_package() -> None:
    levels = {"root": "WARN", "a": "INFO", "a.b.c": "DEBUG"}
    assert [effective(levels, name) for name in ("a.b", "a.b.c", "x", "ab")] == ["INFO", "DEBUG", "WARN", "WARN"]


def test_previous_levels_leave_out_what_follows_from_others() -> None:
    before = {"root": "WARN", "a": "INFO", "a.b": "INFO", "a.c": "ERROR", "z": "DEBUG"}
    assert previous_levels(before, ["a"]) == {"a": "INFO", "a.c": "ERROR"}


def test_previous_levels_contain_loggers_with_a_name_that_only_begins_alike() -> None:
    assert previous_levels({"root": "WARN", "a.Worker": "DEBUG"}, ["a.Work"]) == {"a.Work": "WARN", "a.Worker": "DEBUG"}


@given(st.dictionaries(NAMES, LEVEL), st.dictionaries(NAMES, LEVEL, min_size=1))
def test_previous_levels_restore_every_level(before: dict[str, str], changes: dict[str, str]) -> None:
    before = {"root": "INFO", **before}
    levels: dict[str, str] = dict(before)
    for name in in_order(changes):
        levels = after_change(levels, name, changes[name])
    for name, level in previous_levels(before, changes).items():
        levels = after_change(levels, name, level)
    assert {name: levels[name] for name in before} == before
    assert all(effective(levels, name) == effective(before, name) for name in changes)
