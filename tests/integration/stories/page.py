# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows the page of a story, section by section: between two of them, a test brings about what the page tells of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties_filters import from_java_properties
from testing.sandbox import Condition, Sandbox
from testing.sandbox.environment import CHECKOUT
from tests.integration.docs.markdown import blocks
from tests.integration.docs.story import Meanings, Story, addresses

STORIES = CHECKOUT / "docs" / "guides" / "stories"
SEEN, FIND, WHY, FIX, PREVENT = "What you see", "Find the cause", "Why it happens", "Fix it", "Prevent it"
SECTIONS = (SEEN, FIND, WHY, FIX, PREVENT)
INVENTORY, WORKER = "cluster.yml", "connect-distributed.properties"
OBSERVED = 130
"""Seconds of an observation on the pages. A test observes for a shorter time, in which tasks of a sandbox commit as often."""


class Page:
    """A page, and the directory of its reader. `observe`: seconds for which the test observes; `also`: further replacements."""

    def __init__(
        self,
        name: str,
        folder: Path,
        sandbox: Sandbox,
        *,
        observe: int = 0,
        also: Callable[[], Sequence[tuple[str, str]]] = list,
    ) -> None:
        self._blocks = list(blocks(STORIES / f"{name}.md"))
        self._left = {block.section for block in self._blocks}
        self._folder = folder
        running = [one.url for one in sandbox.workers if sandbox.condition(one.name) is Condition.RUNNING]
        self.observe = observe
        self.story = Story(folder, self._meanings(sandbox, also), {"KAFKA_CONNECT_URL": ",".join(running)})
        guide = blocks(CHECKOUT / "docs" / "guides" / "find-the-cause.md")
        self.story.follow(next(block for block in guide if block.file == INVENTORY))

    def follow(self, section: str) -> None:
        """Write the files of this section, and run its commands and tasks. Files of workers are left to `properties`."""
        found = [block for block in self._blocks if block.section == section and block.file != WORKER]
        assert section in self._left, f"nothing left to follow in {section!r}"
        self._left.remove(section)
        for block in found:
            self.story.follow(block)

    def tasks(self, section: str) -> list[dict[str, Any]]:
        """The tasks of this section, which need a host with systemd: a test does the same with the workers of a sandbox."""
        self._left.remove(section)
        texts = [block.text for block in self._blocks if block.section == section]
        return [task for text in texts for task in yaml.safe_load(self.story.here(text))]

    def properties(self) -> Mapping[str, str]:
        """What the page changes in the properties of a worker: a test starts the worker with it."""
        (text,) = (block.text for block in self._blocks if block.file == WORKER)
        return from_java_properties(text)

    def causes(self) -> list[dict[str, Any]]:
        """The causes that the newest report names."""
        newest = max((self._folder / "diagnoses").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return list(json.loads(newest.read_text(encoding="utf-8"))["causes"])

    def end(self) -> None:
        """Fail if a block was left out."""
        assert self._left == set()

    def _meanings(self, sandbox: Sandbox, also: Callable[[], Sequence[tuple[str, str]]]) -> Meanings:
        def meanings() -> list[tuple[str, str]]:
            observed = [(f"observe={OBSERVED}s", f"observe={self.observe}s")]
            # The time that the report shows may be a few seconds longer.
            observed += [(f"in {OBSERVED} s", f"in {self.observe + more} s") for more in range(10)]
            return [*also(), *addresses(sandbox), *observed]

        return meanings
