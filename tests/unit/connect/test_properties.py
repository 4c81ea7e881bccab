# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.java_properties import dump, parse

TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(" \t\f\r\n=:#!\\"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=1\nb: 2\nc 3\nd", {"a": "1", "b": "2", "c": "3", "d": ""}),
        ("  a \t=\f 1 ", {"a": "1 "}),
        ("# no\n  ! nor this\n\n \t\na=#1", {"a": "#1"}),
        ("a\\=b\\:c\\ d=e=f", {"a=b:c d": "e=f"}),
        ("a=1\\\n   2\\\r\n\t3\rb=4", {"a": "123", "b": "4"}),
        ("a=1\\\n#2", {"a": "1#2"}),
        ("a=1\\\\\nb=2", {"a": "1\\", "b": "2"}),
        ("a=1\\\n\nb=2", {"a": "1", "b": "2"}),
        ("a=\\u00e9\\t\\n\\q\\ud83d\\ude00", {"a": "é\t\nq😀"}),
        ("a=1\na=2", {"a": "2"}),
        ("=1", {"": "1"}),
        ("a==1", {"a": "=1"}),
        ("a = : 1", {"a": ": 1"}),
        ("a=1\\", {"a": "1"}),
        ("\\", {"": ""}),
        ("\\\r\n", {}),
        ("\\\n#a=1\nb=2", {"b": "2"}),
        ("", {}),
    ],
)
def test_text_is_read_like_in_java(text: str, expected: dict[str, str]) -> None:
    """Each expectation was confirmed with java.util.Properties of Java 17."""
    assert parse(text) == expected


@pytest.mark.parametrize("value", ["\\u12", "\\uzzz", "\\u"])
def test_a_broken_escape_is_an_error_that_names_the_key(value: str) -> None:
    with pytest.raises(ValueError, match='key "topic"'):
        parse(f"topic={value}")


def test_half_a_surrogate_pair_is_an_error() -> None:
    with pytest.raises(ValueError, match="only in pairs"):
        parse("a=\\ud83d")


@given(st.dictionaries(TEXT, TEXT))
def test_written_text_is_read_unchanged(values: dict[str, str]) -> None:
    written = dump(values)
    assert written.isascii()
    assert parse(written) == values


def test_each_key_is_written_on_one_line_in_order() -> None:
    assert dump({"b": " x y", "a b": "ü", "c": "1=2"}) == "a\\ b=\\u00FC\nb=\\ x y\nc=1\\=2\n"
