# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input as a table: each case is a task, the words in its message, and the number of lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from testing.ansible_runs import PlaybookRun, play, run_playbook, task

GROUP = "group/streamops.kafka_connect.kafka_connect"


@dataclass(frozen=True)
class Case:
    """A task that must fail. `words`: texts in its message; `lines`: number of lines of the message; `kind`: error kind."""

    label: str
    module: str
    options: Mapping[str, Any]
    words: Sequence[str]
    lines: int = 1
    kind: str = "invalid_input"
    keywords: Mapping[str, Any] = field(default_factory=dict)


def play_cases(
    cases: Sequence[Case],
    urls: Sequence[str],
    folder: Path,
    *,
    hosts: Mapping[str, Mapping[str, Any]] | None = None,
    arguments: Sequence[str] = (),
) -> PlaybookRun:
    """All cases in one run, in-process, against these workers unless a case names others."""
    here = {"cluster": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}
    tasks = [task(case.module, case.label, case.options, **case.keywords) for case in cases]
    connection = {GROUP: {"url": list(urls)}}
    return run_playbook([play(tasks, module_defaults=connection)], hosts or here, folder, arguments=arguments)


def check(case: Case, run: PlaybookRun, host: str | None = None) -> None:
    """The task failed with these words and this number of lines, without changes and without a traceback."""
    record = run.of(case.label, host)
    assert record.failed, record.result
    assert not record.result.get("changed"), record.result
    missing = [text for text in case.words if text not in record.message]
    assert not missing, f"{missing} not in: {record.message}"
    assert len(record.message.splitlines()) == case.lines, record.message
    if case.kind:
        assert record.result["error"]["kind"] == case.kind
    assert "Traceback (most recent call last)" not in run.output
    assert "internal error" not in record.message
