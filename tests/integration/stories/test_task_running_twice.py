# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The story "the same task, twice": a worker with a typing error in its group.id runs everything once more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.sandbox import Sandbox
from testing.trouble import TEXT, Trouble
from testing.waiting import await_condition
from tests.integration.group.snapshots import await_group, kinds

from .conftest import start_third
from .page import FIND, FIX, SEEN, Page

NAME = "clicks"


@pytest.fixture
def doubled(quick: Sandbox, trouble: Trouble) -> Iterator[Sandbox]:
    """A source and a sink, which the third worker runs, too."""
    source = quick.files / f"{NAME}.txt"
    source.write_text("click 1\n", encoding="utf-8")
    trouble.put(NAME, {"connector.class": "FileStreamSource", "tasks.max": "1", "topic": NAME, "file": str(source)})
    trouble.await_state("RUNNING", NAME)
    trouble.put(
        f"{NAME}-archive",
        {
            "connector.class": "FileStreamSink",
            "tasks.max": "1",
            "topics": NAME,
            "file": str(quick.files / f"{NAME}-archive.txt"),
            "value.converter": TEXT,
            "consumer.override.session.timeout.ms": "6000",
        },
    )
    await_lines(quick, "click 1")
    # So that the second group does not read the line again.
    await_condition(lambda: quick.request("GET", f"/connectors/{NAME}/offsets")[1]["offsets"], what="a stored offset")
    start_third(quick, group__id="connect-clustr")
    await_group(quick, lambda group: "second_group" in kinds(group), 90, url=quick.urls[:2])
    await_condition(lambda: running_tasks_of(quick, "w3") == 2, what="two tasks of the second group")
    yield quick
    quick.kill("w3")


def running_tasks_of(sandbox: Sandbox, worker: str) -> int:
    """How many tasks the last statuses name as running on this worker."""
    code, answer = sandbox.request("GET", "/connectors?expand=status", who=worker)
    address = next(one.url for one in sandbox.workers if one.name == worker).removeprefix("http://")
    tasks = [task for entry in answer.values() for task in entry["status"]["tasks"]] if code == 200 else []
    return sum(task["worker_id"] == address and task["state"] == "RUNNING" for task in tasks)


def lines(sandbox: Sandbox) -> list[str]:
    path = sandbox.files / f"{NAME}-archive.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def await_lines(sandbox: Sandbox, *expected: str) -> None:
    await_condition(lambda: lines(sandbox) == [*expected], what=f"the lines {expected}")


def add_line(sandbox: Sandbox, line: str) -> None:
    with (sandbox.files / f"{NAME}.txt").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def test_a_worker_of_a_second_group_is_found_and_corrected(doubled: Sandbox, tmp_path: Path) -> None:
    add_line(doubled, "click 2")
    await_lines(doubled, "click 1", "click 2", "click 2")

    page = Page("task-running-twice", tmp_path, doubled)
    page.follow(SEEN)
    page.follow(FIND)
    assert page.causes()[0]["kind"] == "second_group"

    doubled.terminate("w3")
    start_third(doubled, **page.properties())
    await_group(doubled, lambda group: group["state"] == "Stable" and len(group["members"]) == 3)
    page.follow(FIX)
    assert page.causes() == []
    add_line(doubled, "click 3")
    add_line(doubled, "click 4")
    await_lines(doubled, "click 1", "click 2", "click 2", "click 3", "click 4")
    page.end()
