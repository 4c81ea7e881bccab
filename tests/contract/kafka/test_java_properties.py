# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Java reads written properties unchanged, reads files in the same way, and writes identical lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.java_properties import dump, line, parse
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_file import (
    render_properties,
)
from testing.java.properties import JavaProperties, java_properties

SPECIAL = " \t\f\r\n=:#!\\"
TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(SPECIAL))
WORKER_KEY = st.sampled_from(["group.id", "listeners", "producer.acks", "config.providers.file.class", "x y"]) | TEXT
# Mostly characters with a meaning in the format, so that most examples are edge cases.
PIECES = st.sampled_from(
    [*SPECIAL, "\\\n", "\\\r\n", "\\u00e9", "\\u12", "\\uD83D\\uDE00", "a", "b", "ü", "\u2028", "\0", "\x0b"]
)
FILE = st.lists(PIECES, max_size=30).map("".join)


@pytest.fixture(scope="module")
def java() -> Iterator[JavaProperties]:
    with java_properties() as running:
        yield running


@given(values=st.dictionaries(TEXT, TEXT))
def test_java_reads_the_written_properties(java: JavaProperties, values: dict[str, str]) -> None:
    assert java.load(dump(values)) == values


@given(values=st.dictionaries(WORKER_KEY, TEXT))
def test_java_reads_properties_that_are_written_by_section(java: JavaProperties, values: dict[str, str]) -> None:
    assert java.load(render_properties(values)) == values


@given(key=TEXT, value=TEXT)
@example(key=" a b", value="  two blanks first")
@example(key="😀", value="\x7f\x80\xa0ÿĀ\ufeff")
def test_each_line_is_identical_to_the_line_that_java_writes(java: JavaProperties, key: str, value: str) -> None:
    assert line(key, value) == java.stored(key, value)


@given(text=FILE)
@example(text="a=1\\\n\\\n b=2")
@example(text="a=1\na:2\na 3")
@example(text="a=\\\n")
@example(text="#\\\na=1")
@example(text="\\\\uD83D\\uDE00")
def test_properties_are_read_as_java_reads_them(java: JavaProperties, text: str) -> None:
    theirs = java.load(text)
    try:
        ours = parse(text)
    except ValueError as refused:
        if "in pairs" in str(refused):
            # A backslash before an escaped surrogate pair leaves half of it: only this reader rejects it, see below.
            assert "\\\\uD83D\\uDE00" in text
            return
        ours = None
    assert ours == theirs


@pytest.mark.parametrize("half", ["\\uD83D", "\\uDE00 \\uD83D"])
def test_a_lone_surrogate_is_rejected_although_java_accepts_it(java: JavaProperties, half: str) -> None:
    """No text in UTF-8, as the REST API uses it, can contain this character."""
    assert java.load(f"a={half}") is not None
    with pytest.raises(ValueError, match="only in pairs"):
        parse(f"a={half}")
