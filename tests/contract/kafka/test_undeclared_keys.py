# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of undeclared keys: each named class refers to its keys."""

from __future__ import annotations

import zipfile

from testing.record_keys.undeclared_keys import SOURCE, Undeclared, jars_of_plugins, not_read, read_list
from testing.sandbox.connect_plugins import ensure_plugin_archives
from testing.sandbox.jars import ensure_jars

NEWEST_LINE = "4.3"
"""The list contains the keys of all lines; older ones lack what newer ones have added."""


def checked_in(jars: str) -> list[Undeclared]:
    found = [entry for entry in read_list(SOURCE.read_text(encoding="utf-8")) if entry.jars == jars]
    assert found
    return found


def test_classes_of_kafka_read_their_undeclared_keys() -> None:
    jars = [zipfile.ZipFile(path) for path in ensure_jars(NEWEST_LINE).libs.glob("connect-mirror*.jar")]
    assert not_read(checked_in("kafka"), jars) == []


def test_classes_of_debezium_read_their_undeclared_keys() -> None:
    jars = jars_of_plugins(sorted(ensure_plugin_archives().glob("*.tar.gz")), "debezium-")
    assert not_read(checked_in("debezium"), jars) == []
