# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tag is released only if galaxy.yml and the changelog have the same version."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing.tooling.release import notes, problems

CHANGELOG = "releases:\n  1.2.0:\n    changes: {release_summary: Fine.}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "changelogs" / "fragments").mkdir(parents=True)
    (tmp_path / "galaxy.yml").write_text("version: 1.2.0\n", encoding="utf-8")
    (tmp_path / "changelogs" / "changelog.yaml").write_text(CHANGELOG, encoding="utf-8")
    return tmp_path


def test_a_tag_that_fits_can_be_released(root: Path) -> None:
    assert list(problems("1.2.0", root)) == []


def test_a_tag_that_is_not_the_version_is_refused(root: Path) -> None:
    assert [text for text in problems("v1.2.0", root) if "must be equal" in text]


def test_a_version_without_a_changelog_is_refused(root: Path) -> None:
    (root / "galaxy.yml").write_text("version: 1.3.0\n", encoding="utf-8")
    assert list(problems("1.3.0", root)) == [
        "changelogs/changelog.yaml has no release 1.3.0: run `antsibull-changelog release`"
    ]


def test_a_release_without_a_summary_is_refused(root: Path) -> None:
    (root / "changelogs" / "changelog.yaml").write_text("releases: {1.2.0: {changes: {}}}", encoding="utf-8")
    assert [text for text in problems("1.2.0", root) if "no summary" in text]


def test_fragments_that_no_release_has_taken_up_are_refused(root: Path) -> None:
    (root / "changelogs" / "fragments" / "new.yml").write_text("bugfixes: [x]", encoding="utf-8")
    assert [text for text in problems("1.2.0", root) if "new.yml" in text]


def test_the_notes_are_those_of_one_version(root: Path) -> None:
    text = '# Notes\n\n<a id="v1-2-0"></a>\n## v1\\.2\\.0\n\nNew\\.\n\n<a id="v1-1-0"></a>\n## v1\\.1\\.0\n\nOld\\.\n'
    (root / "CHANGELOG.md").write_text(text, encoding="utf-8")
    assert notes("1.2.0", root) == "New\\.\n"
    assert notes("1.1.0", root) == "Old\\.\n"
