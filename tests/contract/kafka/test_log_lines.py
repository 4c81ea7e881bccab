# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of Kafka's log lines: each text is in the named class of either line, or in one that it extends."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.logs.kafka_lines import (
    GAP,
    LINES,
    REBALANCE_CAUSES,
    KafkaLine,
)
from testing.sandbox.jars import KAFKA_LINES, ensure_jars

ROWS = (*LINES, *REBALANCE_CAUSES)
JARS = ("connect-runtime-", "kafka-clients-")

ALSO_IN: Mapping[str, tuple[str, ...]] = {
    "WorkerCoordinator": ("AbstractCoordinator",),
    "ConsumerCoordinator": ("AbstractCoordinator",),
    "ConsumerHeartbeatRequestManager": ("AbstractHeartbeatRequestManager",),
    "LogReporter": ("ProcessingContext", "Stage"),
}
"""Where the text of a class comes from, if it is another one."""

PIECES: Mapping[str, tuple[str, ...]] = {
    "Resetting generation and member id due to: encountered ": ("Resetting generation ", "due to: ", "encountered "),
    "member id due to: encountered ": ("Resetting generation ", "due to: ", "encountered "),
    "Executing stage 'KEY_CONVERTER'": ("Executing stage '", "KEY_CONVERTER"),
    "Executing stage 'VALUE_CONVERTER'": ("Executing stage '", "VALUE_CONVERTER"),
    "Executing stage 'HEADER_CONVERTER'": ("Executing stage '", "HEADER_CONVERTER"),
}
"""Texts that are put together when they are logged."""


@cache
def classes(line: str) -> Mapping[str, bytes]:
    """The bytes of the classes, each with its inner classes, by its simple name."""
    found: dict[str, bytes] = {}
    for path in ensure_jars(line).libs.glob("*.jar"):
        if path.name.startswith(JARS):
            with zipfile.ZipFile(path) as jar:
                for name in jar.namelist():
                    simple = PurePosixPath(name).stem.partition("$")[0]
                    if name.endswith(".class"):
                        found[simple] = found.get(simple, b"") + jar.read(name)
    return found


@pytest.mark.parametrize("line", KAFKA_LINES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.kind}, {row.says}")
def test_a_class_of_kafka_writes_the_text(line: str, row: KafkaLine) -> None:
    names = {name for own in row.classes for name in (own, *ALSO_IN.get(own, ()))}
    written = b"".join(classes(line).get(name, b"") for name in names)
    pieces = PIECES.get(row.says) or tuple(part for part in row.says.split(GAP) if part)
    assert [piece for piece in pieces if piece.encode() not in written] == []
