# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stories have one form, are all listed, and each one is executed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testing.sandbox.environment import CHECKOUT
from tests.integration.stories.page import SECTIONS, STORIES

PAGES = sorted(STORIES.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_story_leads_from_the_symptom_to_the_prevention(page: Path) -> None:
    assert tuple(re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)) == SECTIONS


def test_each_story_is_listed_by_its_symptom() -> None:
    guide = (STORIES.parent / "troubleshooting.md").read_text(encoding="utf-8").partition("\n## Stories\n")[2]
    assert sorted(re.findall(r"\(stories/([\w-]+)\.md\)", guide)) == [page.stem for page in PAGES]


def test_each_story_is_executed() -> None:
    tests = CHECKOUT / "tests" / "integration" / "stories"
    found = {
        match for file in tests.glob("test_*.py") for match in re.findall(r'Page\("([\w-]+)"', file.read_text("utf-8"))
    }
    assert sorted(found) == [page.stem for page in PAGES]
