# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story "It worked yesterday": producers rename a field that a transform of a sink extracts."""

from __future__ import annotations

import json
from pathlib import Path

from testing.sandbox import Sandbox
from testing.trouble import JSON, Trouble
from testing.waiting import await_condition

from .page import FIND, FIX, SEEN, Page

NAME = "customers"


def record(field: str, value: str) -> str:
    """A record in JSON with its schema, a structure of one field."""
    schema = {"type": "struct", "fields": [{"field": field, "type": "string"}]}
    return json.dumps({"schema": schema, "payload": {field: value}})


def test_a_renamed_field_is_found_and_the_sink_continues(quick: Sandbox, trouble: Trouble, tmp_path: Path) -> None:
    target = quick.files / f"{NAME}.txt"
    trouble.name = trouble.topic(NAME)
    transform = {
        "transforms": "email",
        "transforms.email.type": "org.apache.kafka.connect.transforms.ExtractField$Value",
        "transforms.email.field": "email",
    }
    trouble.sink(file=str(target), **{"value.converter": JSON}, **transform)
    trouble.send(record("email", "ann@example.com"))
    await_condition(lambda: target.is_file() and target.read_text(encoding="utf-8") == "ann@example.com\n")
    trouble.send(record("mail", "bob@example.com"))
    trouble.await_state("FAILED")

    page = Page("schema-changes", tmp_path, quick)
    page.follow(SEEN)
    page.follow(FIND)
    (cause,) = page.causes()
    assert (cause["kind"], cause["subject"]) == ("failed_tasks", NAME)

    page.follow(FIX)
    assert page.causes() == []
    written = "ann@example.com\nbob@example.com\n"
    await_condition(lambda: target.read_text(encoding="utf-8") == written, what="each record once")
    page.end()
