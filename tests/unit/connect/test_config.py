# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.config import normalize, scalar_text
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.difference import (
    Difference,
    compare,
)

KEYS = st.text("abc.", min_size=1, max_size=4)
VALUES = st.text("xy*", max_size=4)
CONFIGS = st.dictionaries(KEYS, VALUES, max_size=6)


class Marked(str):
    """A subclass of str, such as Ansible's for values that it does not trust."""

    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("x", "x"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (-7, "-7"),
        (10**20, "100000000000000000000"),
        (1.5, "1.5"),
        (1.0, "1.0"),
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
        (b"x", None),
        ([1], None),
    ],
)
def test_scalars_become_the_values_that_connect_stores(value: object, expected: str | None) -> None:
    assert scalar_text(value) == expected


def test_results_are_plain_strings() -> None:
    config = normalize("a", {Marked("k"): Marked("v")})
    assert config == {"k": "v", "name": "a"}
    assert {type(part) for pair in config.items() for part in pair} == {str}


@given(st.booleans() | st.integers() | st.text())
def test_scalars_become_their_json_text(value: object) -> None:
    text = scalar_text(value)
    assert text == (value if isinstance(value, str) else json.dumps(value))


def test_the_name_is_added_and_must_agree() -> None:
    assert normalize("a", {"name": "a", "k": 1}) == {"name": "a", "k": "1"}
    with pytest.raises(InputError, match='connector "a": key "name" is "b"'):
        normalize("a", {"name": "b"})


def test_all_values_that_are_not_scalars_are_refused_at_once() -> None:
    with pytest.raises(InputError) as caught:
        normalize("a", {"x": None, "y": [1], "z": "fine"})
    assert [problem.key for problem in caught.value.problems] == ["x", "y"]


def test_removed_added_and_changed_keys_differ() -> None:
    difference = compare({"a": "1", "b": "2", "d": "4"}, {"a": "1", "b": "3", "c": "3"})
    assert difference == Difference(("b", "c", "d"), ())


@pytest.mark.parametrize("mask", ["***", "********", "[hidden]", "<hidden>", "(hidden)", "[HIDDEN]"])
def test_a_masked_value_is_unknown_and_not_different(mask: str) -> None:
    desired, stored = {"password": "s3cret", "a": "1"}, {"password": mask, "a": "1"}
    assert compare(desired, stored) == Difference((), ("password",))
    assert compare(desired, stored, update_secrets=True) == Difference(("password",), ())
    assert compare({**desired, "password": mask}, stored) == Difference()


@pytest.mark.parametrize("value", ["**", "*", "a***", "hidden", ""])
def test_a_value_that_only_resembles_a_mask_is_compared(value: str) -> None:
    assert compare({"k": "v"}, {"k": value}).changed_keys == ("k",)


def test_a_masked_value_that_is_no_longer_desired_is_removed() -> None:
    assert compare({}, {"password": "****"}).changed_keys == ("password",)


def test_the_replacement_text_of_a_masking_transform_is_compared() -> None:
    key = "transforms.mask.replacement"
    assert compare({key: "xxxx"}, {key: "****"}).changed_keys == (key,)


@given(CONFIGS)
def test_nothing_differs_from_itself(config: dict[str, str]) -> None:
    assert compare(config, dict(config)) == Difference()
    assert compare(normalize("n", config), normalize("n", config)) == Difference()


@given(CONFIGS, CONFIGS)
def test_changed_and_unverified_keys_are_exactly_those_that_differ(
    desired: dict[str, str], stored: dict[str, str]
) -> None:
    difference = compare(desired, stored)
    differing = sorted(k for k in {*desired, *stored} if desired.get(k) != stored.get(k))
    assert sorted(difference.changed_keys + difference.unverified_keys) == differing
    assert compare(desired, stored, update_secrets=True) == Difference(tuple(differing), ())


@given(CONFIGS, CONFIGS)
def test_writing_the_desired_config_leaves_nothing_to_do(desired: dict[str, str], stored: dict[str, str]) -> None:
    after = dict(desired) if compare(desired, stored, update_secrets=True).changed_keys else stored
    assert compare(desired, after) == Difference()
