# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text that people read contains no terminal control sequences, regardless of its source."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    legible,
    on_a_line,
    one_line,
)

BIDI = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u200e", "\u200f", "\u061c"}


def is_obeyed(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in BIDI


@given(st.text(st.characters(codec=None)))
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    assert not any(map(is_obeyed, set(legible(text)) - {"\n", "\t"}))
    assert not any(map(is_obeyed, one_line(text)))
    assert not any(map(is_obeyed, on_a_line(text)))


def test_what_cannot_be_seen_is_shown_as_an_escape() -> None:
    assert legible("a\x1b[2J\u202eb\x9bc\nd\te") == "a\\x1b[2J\\u202eb\\x9bc\nd\te"
    assert on_a_line("a\nb\tc") == "a\\nb\\tc"


def test_what_can_be_seen_stays() -> None:
    assert legible("größe 名前 \\x1b") == "größe 名前 \\x1b"
