# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the desired set: any bytes, and connectors in each format, intact or damaged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.documents import (
    SUFFIXES,
    parse_documents,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.entry_formats import (
    raw_connectors,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.source import desired_set
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    InputError,
    Problem,
    on_a_line,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Absent, Desired, Present

from .stage import Stage
from .strategies import CANARY, ENTRIES, JUNK

FRAGMENTS = st.sampled_from(
    [
        b"connector.class: FileStreamSource\n", b"name: orders\n", b"config:\n", b"  topic: t\n", b"- ", b"---\n", b"{", b"}",
        b"[", b"]", b'"a": ', b'"name": "x",', b"&a ", b"*a", b"<<: *a\n", b"!!python/object/apply:os.system ", b"!vault |\n",
        b"  $ANSIBLE_VAULT;1.1;AES256\n  3132\n", b"$ANSIBLE_VAULT;1.1;AES256\n3132\n", b"? ", b": ", b"|\n", b">-\n", b"%YAML 9.9\n",
        b"\\u12", b"\\uD800", b"\\\n", b"=", b"\t", b"\xef\xbb\xbf", b"\xff\xfe", b"1e999", b"NaN", b"0o17", b"2026-01-01", b"\x00",
        b"[" * 2_000, b"{a: " * 500, b"\xe2\x80\xa8", f"database.password: {CANARY}\n".encode(), f'password: "{CANARY}'.encode(),
    ]
)  # fmt: skip
BYTES = st.one_of(st.binary(max_size=60), st.lists(FRAGMENTS, max_size=12).map(b"".join))


def read(data: bytes, suffix: str) -> tuple[Sequence[Desired], Sequence[Problem]]:
    """The content of a file, or the errors in it."""

    def refuse(_data: bytes, _path: str) -> bytes:
        raise ValueError("no vault secrets")

    found = []
    try:
        for document in parse_documents(data, f"orders{suffix}", refuse):
            found += raw_connectors(document, f"orders{suffix}", "orders")
        return desired_set(found).connectors, ()
    except InputError as error:
        return (), error.problems or (Problem(""),)


def check(stage: Stage, data: bytes, suffix: str) -> None:
    """Connectors that can be sent, or problems of one line each, none of which quotes a value."""
    stage.played += 1
    desired, problems = read(data, suffix)
    for problem in problems:
        assert problem.text
        assert problem.text == on_a_line(problem.text), repr(problem.text)
        assert CANARY not in problem.text
    for item in desired:
        assert isinstance(item, (Absent, Present))
        if isinstance(item, Present):
            assert all(isinstance(part, str) for pair in item.config.items() for part in pair)


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(data=BYTES)
def test_a_file_of_any_bytes_leads_to_a_result_or_a_readable_error(stage: Stage, suffix: str, data: bytes) -> None:
    check(stage, data, suffix)


def written(document: Any, suffix: str) -> bytes:
    if suffix == ".json":
        return json.dumps(document, default=str).encode()
    return yaml.safe_dump(document, allow_unicode=True).encode("utf-8", "replace")


@pytest.mark.parametrize("suffix", [".json", ".yml"])
@given(
    entries=st.lists(st.one_of(ENTRIES, JUNK), max_size=3),
    secret=st.booleans(),
    damage=st.tuples(st.integers(0, 200), st.integers(0, 3), st.binary(max_size=2)),
)
def test_a_damaged_connector_file_leads_to_a_result_or_a_readable_error(
    stage: Stage, suffix: str, entries: list[Any], secret: bool, damage: tuple[int, int, bytes]
) -> None:
    if secret:
        entries = [*entries, {"name": "x", "config": {"connector.class": "X", "database.password": CANARY}}]
    try:
        data = written({"connectors": entries}, suffix)
    except (TypeError, yaml.YAMLError):
        # Some of what the writers reject must remain, to be written nevertheless.
        data = written(repr(entries), suffix)
    position, removed, put = damage
    check(stage, data[:position] + put + data[position + removed :], suffix)
