# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story "Everything is RUNNING, but rows are missing": a producer sends what the converter of a sink can't read."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from testing.sandbox import Sandbox
from testing.trouble import Trouble, dead_letter_queue, repeated
from testing.waiting import await_condition

from .page import FIND, FIX, SEEN, Page

NAME = "payments"
OBSERVE = 8


def counts() -> list[tuple[str, str]]:
    """The numbers of the page, in place of those that depend on when the observation begins."""
    return [
        *(("5 records in", f"{number} records in") for number in range(2, 200)),
        *(("2 of them", f"{number} of them") for number in range(1, 200)),
    ]


def test_dead_letters_are_found_and_processed_again(quick: Sandbox, trouble: Trouble, tmp_path: Path) -> None:
    target = quick.files / f"{NAME}.txt"
    trouble.name = trouble.topic(NAME)
    trouble.sink(file=str(target), **dead_letter_queue(f"{NAME}-dead"))
    trouble.await_state("RUNNING")
    letters = count(1)
    trouble.send('{"id": 1}', f"payment {next(letters)}", '{"id": 2}')
    await_condition(
        lambda: target.is_file() and "{id=2}\n" in target.read_text(encoding="utf-8"), what="the last record"
    )

    page = Page("dead-letters", tmp_path, quick, observe=OBSERVE, also=counts)
    page.follow(SEEN)
    with repeated((1.0, lambda: trouble.send(f"payment {next(letters)}"))):
        page.follow(FIND)
    (cause,) = page.causes()
    assert (cause["kind"], cause["subject"]) == ("dead_letters_arriving", f"{NAME}-dead")

    # The producer is fixed: nothing more arrives.
    page.follow(FIX)
    assert page.causes() == []
    dead = [f"payment {number}" for number in range(1, next(letters))]
    assert sorted(target.read_text(encoding="utf-8").splitlines()) == sorted(["{id=1}", "{id=2}", *dead])
    page.end()
