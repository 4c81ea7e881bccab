# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every link between documents has a target."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from testing.sandbox.environment import CHECKOUT

DOCUMENTS = sorted(
    path for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md", "roles/*/*.md") for path in CHECKOUT.glob(pattern)
)
_CODE = re.compile(r"^( *)```.*?^\1```$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\]\((?P<path>[^)#\s:]*)(?:#(?P<anchor>[^)\s]+))?\)")
_REPOSITORY = re.compile(r"\]\(https://github\.com/streamops/kafka_connect/(?:blob|tree)/main/")
"""How a page of the built collection links to a file that only the repository contains."""


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub generates them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_every_link_of_a_document_has_a_target(document: Path) -> None:
    broken = []
    text = _CODE.sub("", document.read_text(encoding="utf-8"))
    to_root = "../" * len(document.relative_to(CHECKOUT).parent.parts)
    for link in _LINK.finditer(_REPOSITORY.sub(f"]({to_root}", text)):
        target = (document.parent / link["path"]).resolve() if link["path"] else document
        if not target.exists() or (link["anchor"] and target.suffix == ".md" and link["anchor"] not in anchors(target)):
            broken.append(link[0])

    assert broken == []
