# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a command of this collection does what an advice says, the advice names it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.signs import Cause
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.table import (
    GENERAL,
    LAST,
    SPECIFIC,
)
from testing.sandbox.environment import CHECKOUT

ENGINE = CHECKOUT / "plugins" / "module_utils" / "_connect"
COMMANDS: Mapping[str, str] = {
    "stale_status": "connector_heal",
    "unassigned": "worker_log_info",
    "task_on_non_member": "worker_scale",
    "worker_unreachable": "worker_scale",
    "worker_not_ready": "worker_log_info",
    "too_few_workers": "worker_scale",
    "other_number_of_workers": "worker_scale",
    "plugins_differ": "role plugins",
    "split_view": "worker_scale",
    "leader_gone": "worker_scale",
    "owned_twice": "worker_scale",
    "owned_by_nobody": "worker_scale",
    "internal_topic_missing": "role rolling",
    "dead_letters_arriving": "dead_letters",
    "dead_letter_topic_missing": "connector",
}
"""The kinds of findings, and the module or role that does what their advice says."""


def texts_of(kind: str) -> Iterator[str]:
    """The text of each finding of this kind, with its advice."""
    for folder in ("health", "group"):
        for file in sorted((ENGINE / folder).glob("*findings.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and node.args and list(_texts(node.args[0]))[:1] == [kind]:
                    yield " ".join(_texts(node))


def _texts(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_finding_names_the_command_that_does_what_its_advice_says(kind: str) -> None:
    texts = list(texts_of(kind))
    assert texts
    assert all(COMMANDS[kind] in text for text in texts)


@pytest.mark.parametrize("row", [row for row in (*SPECIFIC, *GENERAL, *LAST) if row.transience == "transient"])
def test_the_advice_for_a_transient_cause_names_a_command(row: Cause) -> None:
    assert "connector_state" in row.advice
