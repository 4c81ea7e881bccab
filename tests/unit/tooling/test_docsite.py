# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Links of the documentation site: to its own pages, or to the repository."""

from __future__ import annotations

import zlib
from pathlib import Path

from testing.tooling.docsite import for_site, inventory, pages


def test_the_site_has_the_guides_and_the_roles() -> None:
    assert {Path("README.md"), Path("docs/guides/connectors-as-code.md"), Path("roles/worker/README.md")} <= set(
        pages()
    )


def test_a_link_to_a_page_stays_and_one_to_another_file_leads_to_the_repository(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "examples").mkdir()
    text = "[a](other.md#x) [b](../examples) [c](../LICENSE) [d](https://example.com) `[e](../LICENSE)`"
    shown = for_site(text, Path("docs/page.md"), {Path("docs/other.md")}, tmp_path)
    repository = "https://github.com/streamops/kafka_connect"
    assert shown == (
        f"[a](other.md#x) [b]({repository}/tree/main/examples) [c]({repository}/blob/main/LICENSE) "
        "[d](https://example.com) `[e](../LICENSE)`"
    )


def test_an_inventory_names_labels_and_their_pages() -> None:
    head, _mark, packed = inventory({"label": "page.html#label"}).rpartition(b"zlib.\n")
    assert head.startswith(b"# Sphinx inventory version 2\n")
    assert zlib.decompress(packed) == b"label std:label -1 page.html#label label\n"
