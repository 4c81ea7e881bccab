# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import any_match, matcher


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("orders-*", "orders-sink", True),
        ("orders-*", "my-orders-sink", False),
        ("orders-*", "Orders-sink", False),
        ("orders", "orders-sink", False),
        ("a[bc]?", "abx", True),
        ("a[!bc]?", "abx", False),
        ("*", "name/with space", True),
        ("~orders", "orders-sink", True),
        ("~orders", "my-orders", False),
        ("~.*orders$", "my-orders", True),
        ("~(a|b)-\\d+", "b-12", True),
    ],
)
def test_globs_match_whole_names_and_regexes_their_beginnings(pattern: str, name: str, expected: bool) -> None:
    assert matcher(pattern)(name) is expected
    assert any_match([pattern])(name) is expected


def test_any_match_needs_one_matching_pattern() -> None:
    assert any_match(["a*", "~b"])("bc")
    assert not any_match(["a*", "~b"])("cb")
    assert not any_match([])("a")


@pytest.mark.parametrize("pattern", ["", "~"])
def test_an_empty_pattern_is_rejected(pattern: str) -> None:
    with pytest.raises(InputError, match="is empty"):
        matcher(pattern)


def test_an_invalid_regex_is_reported() -> None:
    with pytest.raises(InputError, match=r'pattern "~a\(" is not a regular expression'):
        any_match(["a*", "~a("])
