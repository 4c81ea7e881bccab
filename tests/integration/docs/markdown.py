# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses Markdown documents: fenced blocks, the files they represent, commands and their output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from testing.sandbox.environment import CHECKOUT

_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w-]*)\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE)
_NAMED = re.compile(r"`(?P<file>[^`\s]+\.(?:cfg|json|properties|yml))`:$")
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
OMITTED = "…"
GUIDES_ON_HOSTS = (
    "add-workers-at-night.md",
    "install-a-cluster.md",
    "plugins.md",
    "support-bundle.md",
    "two-clusters.md",
    "upgrade-without-stopping.md",
)
"""Run by tests/hosts, or their files are compared with those of a Molecule scenario."""


@dataclass(frozen=True)
class Block:
    """A fenced block. ``file`` is the file name at the end of the text before it, as in "The playbook `deploy.yml`:". ``section`` is
    the heading of the second level that it is below.
    """

    document: str
    line: int
    language: str
    text: str
    file: str
    section: str = ""

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"


@dataclass(frozen=True)
class Command:
    """A command in a console block, and its documented output without the omitted lines."""

    text: str
    shows: tuple[str, ...]

    @property
    def fails(self) -> bool:
        """Whether the document shows that the command fails."""
        return any(line.startswith("fatal:") or re.search(r"\bfailed=[1-9]", line) for line in self.shows)


def documents() -> list[Path]:
    """README.md and every guide, except those that run on real hosts."""
    guides = sorted((CHECKOUT / "docs" / "guides").glob("*.md"))
    return [CHECKOUT / "README.md", *(guide for guide in guides if guide.name not in GUIDES_ON_HOSTS)]


def blocks(document: Path) -> Iterator[Block]:
    """The fenced blocks of a document, in order."""
    text = document.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        before = text[: match.start()].rstrip().rpartition("\n")[2]
        named = _NAMED.search(before)
        indent = match["indent"]
        yield Block(
            str(document.relative_to(CHECKOUT)),
            text.count("\n", 0, match.start()) + 1,
            match["language"],
            "".join(line.removeprefix(indent) for line in match["text"].splitlines(keepends=True)),
            named["file"] if named else "",
            ["", *_HEADING.findall(text[: match.start()])][-1],
        )


def commands(block: Block) -> list[Command]:
    """The commands of a console block: lines that start with "$ ", with lines continued by a backslash."""
    found: list[tuple[list[str], list[str]]] = []
    continued = False
    for line in block.text.splitlines():
        if continued:
            found[-1][0].append(line.strip())
        elif line.startswith("$ "):
            found.append(([line.removeprefix("$ ")], []))
        elif not found:
            raise AssertionError(f"{block}: output before any command: {line}")
        elif line.strip() and line.strip() != OMITTED:
            found[-1][1].append(line)
        continued = line.endswith("\\") and not found[-1][1]
    return [Command("\n".join(words), tuple(shown)) for words, shown in found]
