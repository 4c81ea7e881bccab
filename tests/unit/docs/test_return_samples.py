# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples in RETURN blocks contain only wording that the code can print.

Many samples are recorded (testing/tooling/return_samples.py). The others are written by hand, and become stale if a
message changes. A sample is cut at data (names, URLs, numbers, states) and at punctuation. Each remaining phrase must
occur in a string literal of the collection.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from testing.sandbox.environment import CHECKOUT
from tests.contract.modules.shapes import documented

PLUGINS = CHECKOUT / "plugins"
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py"))
TEXTS = {"msg", "message", "advice", "reason", "evidence", "text", "warning", "drift", "rollback", "error", "problem"}
"""Fields whose samples the collection itself writes."""

_FOREIGN = re.compile(
    r"\b\w+Exception: .*?(?=; kafka-connect|; \d| -> |$)|HTTP \d+: .*|key \"topic\": .*", re.MULTILINE
)
"""Texts of Kafka Connect and of plugins, which are quoted as they are."""

_DATA = re.compile(
    r"https?://[\w.:/?=&-]*\w|connect-\d\.example\.com:\d+|\"[^\"]*\"|\b[A-Z][a-z]{2} \d{4}-\d\d-\d\d[\d: ]*|\bEurope/Berlin\b"
    r"|\b[a-z]+(?:\.[a-z]+)+\b|\bHOST:PORT\b|\b[A-Z]{4,}\b|\b(?:orders|kafka-connect|join|joined)\b|\[?\d+(?:\.\d+)?\]?(?: (?:s|min|h)\b)?"
)
_CUT = re.compile(r"[:;,()\n\0]| -> |\.(?:\s|$)")


@cache
def literals() -> str:
    """All string literals of the collection outside of documentation, with a separator between them."""
    files = (path for path in PLUGINS.rglob("*.py") if path.parent.name not in ("modules", "doc_fragments", "filter"))
    return "\0".join(text for path in files for text in _literals_of(path.read_text(encoding="utf-8")))


def _literals_of(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            yield node.value


def texts(fields: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """The samples of texts, each with the path of its field."""
    for name, field in fields.items():
        sample = field.get("sample")
        if name in TEXTS and isinstance(sample, str):
            yield f"{path}{name}", sample
        elif name == "error" and isinstance(sample, dict):
            yield from ((f"{path}error sample, {key}", sample[key]) for key in ("message", "advice"))
        yield from texts(field.get("contains", {}), f"{path}{name}.")


def phrases(sample: str) -> list[str]:
    without_data = _DATA.sub("\0", _FOREIGN.sub("\0", sample))
    return [
        phrase for part in _CUT.split(without_data) if re.search(r"[a-z]", phrase := " ".join(part.split()).strip("'?"))
    ]


def is_printed(phrase: str) -> bool:
    """Whether the phrase is in a literal, or one of at least three words in two of them: it may hide a placeholder."""
    words = phrase.split()
    cuts = range(1, len(words)) if len(words) > 2 else ()
    return _stands(words) or any(_stands(words[:cut]) and _stands(words[cut:]) for cut in cuts)


@cache
def _stands_in_a_literal(phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", literals()) is not None


def _stands(words: list[str]) -> bool:
    return _stands_in_a_literal(" ".join(words))


@pytest.mark.parametrize("module", MODULES)
def test_samples_have_the_wording_of_the_code(module: str) -> None:
    stale = [
        f'{module}: {path}: nothing prints "{phrase}", see docs/development/returns/: {sample}'
        for path, sample in texts(documented(module))
        for phrase in phrases(sample)
        if not is_printed(phrase)
    ]
    assert stale == []


def test_a_sample_is_cut_into_the_phrases_of_its_message() -> None:
    sample = 'connector "orders": task 0 is FAILED: ConnectException: Table x -> create the table; 3 of 4 done'
    assert phrases(sample) == ["connector", "task", "is", "create the table", "of", "done"]


def test_wording_that_no_code_prints_is_noticed() -> None:
    assert is_printed("another user or run changed")
    assert not is_printed("another user or anybody changed")
    assert not is_printed("another user and run changed")


@pytest.mark.parametrize("module", MODULES)
def test_samples_of_refused_connections_have_no_error_number(module: str) -> None:
    assert not [sample for _path, sample in texts(documented(module)) if "Errno" in sample]


@pytest.mark.parametrize("module", MODULES)
def test_only_modules_that_wait_for_connectors_show_their_progress(module: str) -> None:
    shown = [sample for path, sample in texts(documented(module)) if path == "run.timeline.text"]
    waits = module in ("connector", "connectors", "connector_heal", "connector_offsets", "connector_state")
    assert any(re.match(r"\d+ of \d+ ", sample) for sample in shown) == waits
