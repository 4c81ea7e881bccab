# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lifecycle of hundreds of connectors on a real cluster: deployed, read, a few changed, one broken, all deleted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from testing.sandbox import Sandbox

from .engine import run_connectors
from .measuring import table
from .playbooks import RunFailedError

PREFIX = "fleet-"
CHANGED = 10


@dataclass(frozen=True)
class Sizes:
    """The number of connectors, and the value of `max_parallel`."""

    connectors: int = 300
    max_parallel: int = 16


def run(sizes: Sizes, folder: Path, report: Callable[[str], None], sandbox: Sandbox | None = None) -> Iterator[str]:
    """Measure on `sandbox`, or on a separate one, and yield the lines to print."""
    if sandbox is None:
        with Sandbox.running(report=report) as own:
            yield from run(sizes, folder, report, own)
        return
    yield f"### {sizes.connectors} connectors on three real workers (Kafka {sandbox.state.kafka}; the engine alone)\n"
    rows = [_row(step, report) for step in _steps(sizes, folder, sandbox)]
    heads = ["step", "changed", "failed", "seconds", "requests", "asked again", "rebalances"]
    yield table(heads, [[str(cell) for cell in row] for row in rows])


@dataclass(frozen=True)
class _Step:
    """What was done, the expected effect, and the result with the rebalances that it caused."""

    name: str
    changed: int
    failed: int
    result: dict[str, Any]
    rebalances: int


def _steps(sizes: Sizes, folder: Path, sandbox: Sandbox) -> Iterator[_Step]:
    source = sandbox.files / "fleet.txt"
    source.write_text("a line\n", encoding="utf-8")
    folder = folder / "connectors"
    folder.mkdir()
    names = [f"{PREFIX}{number:04}" for number in range(sizes.connectors)]

    def write(chosen: list[str], more: Mapping[str, object] | None = None, state: str = "running") -> None:
        for name in chosen:
            config = {"connector.class": "FileStreamSource", "topic": "fleet", "file": str(source), **(more or {})}
            entry = {"name": name, "config": config, "state": state}
            (folder / f"{name}.json").write_text(json.dumps(entry), encoding="utf-8")

    def measured(name: str, changed: int, failed: int = 0) -> _Step:
        options = {"url": sandbox.urls, "max_parallel": sizes.max_parallel, "stable_for": 2.0, "wait_timeout": 900.0}
        position = sandbox.log_position("w1")
        result = run_connectors(folder, {**options, "continue_on_error": True})
        return _Step(name, changed, failed, result, sandbox.rebalances("w1", position))

    some = names[: min(CHANGED, len(names))]
    write(names)
    yield measured("deploy", len(names))
    yield measured("deploy again", 0)
    write(some, {"batch.size": 7})
    yield measured(f"change {len(some)}", len(some))
    write(some, {"batch.size": 9})
    write(some[:1], {"batch.size": "many"})
    yield measured(f"change {len(some)}, one of them wrongly", len(some) - 1, 1)
    write(names, state="absent")
    yield measured("delete", len(names))


def _row(step: _Step, report: Callable[[str], None]) -> list[object]:
    cost = step.result["run"]
    report(f"{step.name}: {cost['elapsed']} s")
    entries = step.result["connectors"]
    changed = sum(entry["changed"] for entry in entries)
    failed = sum(bool(entry.get("failed")) for entry in entries)
    if (changed, failed) != (step.changed, step.failed):
        raise RunFailedError(
            f"{step.name}: {changed} changed and {failed} failed, not {step.changed} and {step.failed}:\n"
            f"{step.result.get('msg', '')}"
        )
    return [step.name, changed, failed, cost["elapsed"], cost["requests"], cost["retries"], step.rebalances]
