# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of keys that plugins read although they do not declare them."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from testing.record_keys.kafka import RecordError
from testing.record_keys.undeclared_keys import not_read, read_list

THING = """
- plugins: a thing
  classes: "x.*"
  versions: 1.0
"""


@pytest.mark.parametrize(
    "addition", ["  keyz: {a: x.B}", "  renamed: {'a.*': b}", "  renamed: {'*.a': 'b.*'}", "  renamed: {'a*b': 'a*c'}"]
)
def test_a_mistake_in_the_list_is_refused(addition: str) -> None:
    with pytest.raises(RecordError, match="a thing"):
        read_list(THING + addition)


def class_file(*texts: str) -> bytes:
    """The beginning of a class file whose code uses these texts, with a long, which takes two entries."""
    pool = b"".join(
        struct.pack(">BH", 1, len(text)) + text.encode() + struct.pack(">BH", 8, 2 * number + 3)
        for number, text in enumerate(texts)
    )
    return struct.pack(">IIH", 0xCAFEBABE, 61, 3 + 2 * len(texts)) + struct.pack(">Bq", 5, 7) + pool


def jar(files: dict[str, bytes]) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(), "w")
    for name, content in files.items():
        archive.writestr(name, content)
    return archive


@pytest.mark.parametrize(
    ("key", "is_read"),
    [
        ("topic.prefix", True),
        ("topic", False),
        ('"topic.*"', True),
        ('"driver.*"', True),
        ('"overrides.*"', True),
        ('"top.*"', False),
        ("inner", True),
    ],
)
def test_a_class_is_searched_for_the_keys_it_reads(key: str, is_read: bool) -> None:
    files = {"x/B.class": class_file("topic.prefix", "driver.", "overrides"), "x/B$C.class": class_file("inner")}
    listed = read_list(f"{THING}  keys: {{{key}: x.B}}")
    assert (not_read(listed, [jar(files)]) == []) is is_read


def test_a_class_that_no_jar_has_reads_nothing() -> None:
    assert not_read(read_list(THING + "  keys: {a: x.B}"), []) == ["x.*: a: not in x.B"]
