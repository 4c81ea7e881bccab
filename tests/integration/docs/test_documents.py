# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every block of every document works on the real cluster, as a reader would use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from testing.sandbox import Condition, Sandbox
from tests.integration.docs.markdown import blocks, documents
from tests.integration.docs.story import ExampleError, Story, agents_of


@pytest.fixture
def story(sandbox: Sandbox, tmp_path: Path) -> Iterator[Story]:
    """An empty directory and a cluster for one document; everything that the document creates is removed afterwards."""
    before = set(sandbox.request("GET", "/connectors")[1])
    kept = {path.name for path in sandbox.files.iterdir()}
    with agents_of(sandbox) as metrics:
        yield Story.on_sandbox(tmp_path, sandbox, metrics)
    for worker in sandbox.workers:
        if sandbox.condition(worker.name) is Condition.STOPPED:
            sandbox.continue_(worker.name)
        if sandbox.condition(worker.name) is Condition.DEAD:
            sandbox.start(worker.name)
    for name in set(sandbox.request("GET", "/connectors")[1]) - before:
        sandbox.request("DELETE", f"/connectors/{name}")
    for path in sandbox.files.iterdir():
        if path.name not in kept:
            path.unlink()


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.name)
def test_every_example_of_a_document_works(document: Path, story: Story) -> None:
    """Files are written, commands print what is shown, tasks run; a block of unknown type fails."""
    found = list(blocks(document))
    for block in found:
        story.follow(block)
    written = {block.file: yaml.safe_load(block.text) for block in found if block.file.endswith(".yml")}
    playbooks = {name for name, value in written.items() if isinstance(value, list) and "name" in value[0]}
    plays = {name for name in playbooks if {"hosts", "ansible.builtin.import_playbook"} & written[name][0].keys()}
    if not_run := plays - story.ran:
        raise ExampleError(f"{document.name}: no command runs {sorted(not_run)}")
