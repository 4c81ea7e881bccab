# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story "it rebalances all the time": a worker pauses for longer than its session again and again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from testing.sandbox import Sandbox
from testing.trouble import repeated, suspend
from tests.integration.group.snapshots import await_group, is_whole

from .page import FIND, FIX, SEEN, Page

VICTIM, WITNESS = "w1", "w2"
PAUSE = 9
"""Seconds of a pause: longer than session.timeout.ms of a sandbox, shorter than that of the page."""


def pause(sandbox: Sandbox) -> None:
    sandbox.stop(VICTIM)
    time.sleep(PAUSE)
    sandbox.continue_(VICTIM)


def counts() -> list[tuple[str, str]]:
    """The number of the page, in place of one that depends on how long the playbook runs."""
    return [("joined 2 times", f"joined {number} times") for number in range(2, 10)]


@pytest.mark.deep
def test_a_worker_that_loses_its_session_is_found_and_stays_with_a_longer_one(quick: Sandbox, tmp_path: Path) -> None:
    await_group(quick, is_whole(quick), url=quick.urls[:2])
    suspend(quick, VICTIM, WITNESS)

    page = Page("rebalance-storms", tmp_path, quick, observe=35, also=counts)
    # The worker that pauses is not asked.
    page.story.environment["KAFKA_CONNECT_URL"] = quick.urls[1]
    page.follow(SEEN)

    # The observation takes a snapshot every two seconds.
    with repeated((3.0, lambda: suspend(quick, VICTIM, WITNESS))):
        page.follow(FIND)
    assert page.causes()[0]["kind"] == "rebalancing_repeatedly"

    quick.terminate(VICTIM)
    quick.start(VICTIM, properties=page.properties())
    await_group(quick, is_whole(quick), url=quick.urls[:2])
    seen = quick.log_position(WITNESS)

    page.observe = 2 * PAUSE
    with repeated((1.0, lambda: pause(quick))):
        page.follow(FIX)
    assert page.causes() == []
    assert quick.rebalances(WITNESS, seen) == 0
    page.end()
