# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prose avoids the words and phrases that the glossary in docs/development/style.md refuses."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.sandbox.environment import CHECKOUT

STYLE = CHECKOUT / "docs" / "development" / "style.md"
GLOBS = (
    "testing/**/*.py",
    "testing/**/*.md",
    "*.md",
    "docs/**/*.md",
    "examples/**/*.md",
    "examples/**/*.yml",
    "changelogs/fragments/*.yml",
    "docs/development/returns/*.yml",
    "playbooks/*.yml",
    "plugins/**/*.py",
    "roles/**/*.yml",
    "roles/**/*.md",
    "roles/**/*.py",
    "extensions/**/*.yml",
    ".github/**/*.yml",
    ".github/**/*.md",
    "testing/**/*.yml",
    "noxfile.py",
    "tests/**/*.py",
)
"""The files to check: .md, .yml and .py."""

EXCLUDED = {
    "tests/unit/docs/test_prose.py": "contains refused phrases as examples",
}
"""The files not to check, with the reason."""

_FENCE = re.compile(r"^( *)(```|~~~).*?^\1\2$", re.DOTALL | re.MULTILINE)
_INLINE_CODE = re.compile(r"(`+)[^`]+?\1")
_LINK_TARGET = re.compile(r"\]\([^)]*\)|<https?://[^>]*>")
_MARKUP = re.compile(r"\b[A-Z]+\((?:[^()]|\([^()]*\))*\)")
"""Semantic markup of plugin documentation, such as V(value) and O(option)."""

_DOCUMENTED = frozenset({"description", "short_description", "notes", "details", "author_notes", "why", "alternative"})
_YAML_IN_PYTHON = frozenset({"DOCUMENTATION", "RETURN", "EXAMPLES"})

Passage = tuple[int, str]
"""The line on which a text starts, and the text."""


class _Tolerant(yaml.SafeLoader):
    """Reads Ansible's own tags, such as !vault, as plain scalars."""


_Tolerant.add_multi_constructor("!", lambda loader, _suffix, node: loader.construct_scalar(node))


def refused_phrases(style: str) -> list[str]:
    """The phrases in the third column of the glossary."""
    rows = re.findall(r"^\|[^|\n]*\|[^|\n]*\|([^|\n]*)\|$", style.partition("\n## Glossary\n")[2], flags=re.MULTILINE)
    return [phrase for row in rows for phrase in re.findall(r"`([^`]+)`", row)]


def pattern_of(phrases: list[str]) -> re.Pattern[str]:
    """A pattern that finds the phrases as whole words, also across a line break."""
    longest_first = sorted(phrases, key=len, reverse=True)
    spaced = (r"[\s#>]+".join(map(re.escape, phrase.split())) for phrase in longest_first)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(spaced)})(?![\w-])", re.IGNORECASE)


def passages(file: Path) -> Iterator[Passage]:
    """The prose of a file, without code."""
    text = file.read_text(encoding="utf-8")
    if file == STYLE:
        text = text.partition("\n## Glossary\n")[0]
    readers = {".md": _in_markdown, ".yml": _in_yaml, ".py": _in_python}
    return readers[file.suffix](text)


def _in_markdown(text: str) -> Iterator[Passage]:
    for pattern in (_FENCE, _INLINE_CODE, _LINK_TARGET):
        text = pattern.sub(_blank, text)
    yield 1, text


def _in_yaml(text: str) -> Iterator[Passage]:
    """Comments, and the values that people read: names of plays and tasks, descriptions, entries of the changelog."""
    for number, line in enumerate(text.splitlines(), 1):
        if comment := re.search(r"(?:^|\s)#(.*)", line):
            yield number, _INLINE_CODE.sub(_blank, comment[1])
    for document in yaml.load_all(text, Loader=_Tolerant):  # a SafeLoader with Ansible's own tags
        for value in _texts(document, is_prose=False):
            yield _line_of(value, text), _plain(value)


def _in_python(text: str) -> Iterator[Passage]:
    """Docstrings, comments, embedded documentation, and all other string literals, such as messages."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], _INLINE_CODE.sub(_blank, token.string)
    embedded: set[int] = set()
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            if names & _YAML_IN_PYTHON:
                embedded.add(id(node.value))
                for document in yaml.load_all(node.value.value, Loader=_Tolerant):  # as above
                    for value in _texts(document, is_prose=False):
                        yield node.lineno - 1 + _line_of(value, node.value.value), _plain(value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in embedded:
            yield node.lineno, _plain(node.value)


def _texts(value: Any, *, is_prose: bool) -> Iterator[str]:
    """The strings below keys that people read. A `name` counts only if it contains a space; others are identifiers."""
    if isinstance(value, str):
        if is_prose:
            yield value
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry, is_prose=is_prose)
    elif isinstance(value, dict):
        for key, entry in value.items():
            described = key in _DOCUMENTED and isinstance(entry, str | list)
            named = key == "name" and isinstance(entry, str) and " " in entry
            yield from _texts(entry, is_prose=described or named or _is_changelog_section(key))


def _is_changelog_section(key: object) -> bool:
    return isinstance(key, str) and key.endswith(("_changes", "_features", "_issues", "bugfixes", "_fixes"))


def _plain(text: str) -> str:
    return _MARKUP.sub(_blank, _INLINE_CODE.sub(_blank, text))


def _blank(match: re.Match[str]) -> str:
    """A placeholder that joins no words, with the same number of line breaks, so that line numbers stay correct."""
    return "\N{BULLET}" + "\n" * match[0].count("\n")


def _line_of(value: str, text: str) -> int:
    """The line of a YAML value, found by its first words because YAML may have folded the rest."""
    start = text.find(" ".join(value.split()[:3]))
    return text.count("\n", 0, start) + 1 if start >= 0 else 1


def refused_in(file: Path, pattern: re.Pattern[str]) -> list[str]:
    """The refused phrases in a file, as "line: phrase"."""
    return [
        f"{start + text.count(chr(10), 0, match.start())}: {' '.join(match[0].split())}"
        for start, text in passages(file)
        for match in pattern.finditer(text)
    ]


FILES = sorted({path for glob in GLOBS for path in CHECKOUT.glob(glob)} - {CHECKOUT / name for name in EXCLUDED})
PATTERN = pattern_of(refused_phrases(STYLE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_prose_has_no_refused_phrase(file: Path) -> None:
    assert refused_in(file, PATTERN) == []


def test_the_glossary_refuses_phrases() -> None:
    phrases = refused_phrases(STYLE.read_text(encoding="utf-8"))

    assert {"shall", "nobody", "at rest"} <= set(phrases)
    assert len(phrases) == len(set(phrases))


def test_phrases_are_found_in_markdown_prose_only(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(
        "Nobody reads `shall` or\n\n```console\n$ shall\n```\n\na thing at\nrest, [like](shall.md) this.\n",
        encoding="utf-8",
    )

    assert refused_in(file, PATTERN) == ["1: Nobody", "7: at rest"]


def test_phrases_are_found_in_names_descriptions_and_comments_of_yaml(tmp_path: Path) -> None:
    file = tmp_path / "main.yml"
    file.write_text(
        "# It shall be.\n- name: Tell nobody\n  command: echo shall\n- name: shall\n  description:\n    - V(shall) at rest\n",
        encoding="utf-8",
    )

    assert refused_in(file, PATTERN) == ["1: shall", "2: nobody", "6: at rest"]


def test_phrases_are_found_in_documentation_docstrings_comments_and_messages_of_python(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(
        '"""It shall be."""\n\nDOCUMENTATION = """\ndescription: For nobody.\nsample: shall\n"""\n\n\n'
        'def answer(name: str) -> str:\n    # `shall`, at rest\n    return f"{name} is well"\n',
        encoding="utf-8",
    )

    assert sorted(refused_in(file, PATTERN)) == ["10: at rest", "11: is well", "1: shall", "4: nobody"]
