# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stack traces after public reports, with the diagnosis that a person would give.

`traces/*.yml` has the facts of each report: the classes, the codes and the shape of the messages, with other names. `source`
names the report; `held_out` marks those that were collected after the table of causes was written. `task` chooses what Connect
puts around the exceptions in `chain`, and `at` the stack frames of the innermost one, instead of the usual ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "traces"

_RUNTIME = "org.apache.kafka.connect.runtime"
_END = (
    f"{_RUNTIME}.WorkerTask.doRun",
    f"{_RUNTIME}.WorkerTask.run",
    "java.base/java.util.concurrent.ThreadPoolExecutor.runWorker",
    "java.base/java.lang.Thread.run",
)
_TOLERANCE = ("org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler",)
_RETRY = f"{_RUNTIME}.errors.RetryWithToleranceOperator.execAndRetry"

WRAPPERS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "": ((), ("com.example.connect.ExampleTask.start",)),
    "sink": (
        ("org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.",),
        ("com.example.connect.ExampleSinkTask.put", f"{_RUNTIME}.WorkerSinkTask.deliverMessages"),
    ),
    "source": ((), ("com.example.connect.ExampleSourceTask.poll", f"{_RUNTIME}.AbstractWorkerSourceTask.poll")),
    "producer": (
        ("org.apache.kafka.connect.errors.ConnectException: Unrecoverable exception from producer send callback",),
        (),
    ),
    "convert": (
        _TOLERANCE,
        (
            "com.example.connect.ExampleConverter.toConnectData",
            f"{_RUNTIME}.WorkerSinkTask.lambda$convertAndTransformRecord$3",
            _RETRY,
        ),
    ),
    "transform": (
        _TOLERANCE,
        (
            "org.apache.kafka.connect.transforms.util.Requirements.requireStruct",
            "com.example.connect.ExampleTransform.apply",
            f"{_RUNTIME}.TransformationStage.apply",
            f"{_RUNTIME}.TransformationChain.lambda$apply$0",
            _RETRY,
        ),
    ),
}


@dataclass(frozen=True)
class Case:
    """A report: `kind` is empty if a person could not tell from the trace either."""

    source: str
    kind: str
    transience: str
    held_out: bool
    trace: str

    def __str__(self) -> str:
        return self.source


def cases() -> list[Case]:
    return [_case(entry) for file in sorted(FOLDER.glob("*.yml")) for entry in yaml.safe_load(file.read_text("utf-8"))]


def _case(entry: dict[str, Any]) -> Case:
    heads, frames = WRAPPERS[entry.get("task", "")]
    chain = [*heads, *entry["chain"]]
    parts = []
    for index, head in enumerate(chain):
        innermost = index == len(chain) - 1
        own = (entry.get("at") or frames) if innermost else _END
        parts.append(
            f"{'Caused by: ' if index else ''}{head}\n"
            + "".join(f"\tat {frame}(Example.java:{index + 7})\n" for frame in own)
        )
        parts.append("\t... 11 more\n" if index else "")
    return Case(entry["source"], entry["cause"], entry["transience"], entry.get("held_out", False), "".join(parts))
