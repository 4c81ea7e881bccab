# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story "FAILED, with a trace of 200 lines": the converter of a sink does not match the records."""

from __future__ import annotations

from pathlib import Path

from testing.sandbox import Sandbox
from testing.trouble import OBJECTS, Trouble
from testing.waiting import await_condition

from .page import FIND, FIX, SEEN, Page

NAME = "invoices"


def test_the_cause_in_a_long_trace_is_found_and_fixed(quick: Sandbox, trouble: Trouble, tmp_path: Path) -> None:
    target = quick.files / f"{NAME}.txt"
    trouble.name = trouble.topic(NAME)
    trouble.send("invoice 1", "invoice 2")
    trouble.sink(file=str(target), **OBJECTS)
    trouble.await_state("FAILED")

    page = Page("failed-with-a-long-trace", tmp_path, quick)
    page.follow(SEEN)
    page.follow(FIND)
    (cause,) = page.causes()
    assert (cause["kind"], cause["subject"]) == ("failed_tasks", NAME)

    page.follow(FIX)
    assert page.causes() == []
    await_condition(lambda: target.read_text(encoding="utf-8") == "invoice 1\ninvoice 2\n", what="all records")
    page.end()
