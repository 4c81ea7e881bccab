# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the headers of a dead letter show about its error. Pure.

Kafka writes them if errors.deadletterqueue.context.headers.enable is true: KIP-298, class DeadLetterQueueReporter. Each is text in UTF-8,
numbers included, or null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "__connect.errors."
"""What the names of these headers begin with."""


@dataclass(frozen=True)
class Origin:
    """Where the record was read from. `partition` and `offset`: -1 if unknown."""

    topic: str
    partition: int = -1
    offset: int = -1


@dataclass(frozen=True)
class ErrorContext:
    """The headers of one record; each is empty without one. `stage`: such as VALUE_CONVERTER, TRANSFORMATION, TASK_PUT;
    `executing_class`: of the converter, transform or task that failed; `exception`: the class of the outermost exception.
    """

    connector: str = ""
    task: int = -1
    stage: str = ""
    executing_class: str = ""
    exception: str = ""
    message: str = ""
    trace: str = ""
    origin: Origin | None = None

    @property
    def error(self) -> str:
        """The stack trace, or what is known without one."""
        return self.trace or ": ".join(filter(None, (self.exception, self.message)))


def error_context(headers: Mapping[str, bytes]) -> ErrorContext | None:
    """The context in these headers, None if there is none."""
    found = {
        name[len(PREFIX) :]: value.decode(errors="replace")
        for name, value in headers.items()
        if name.startswith(PREFIX)
    }
    if not found:
        return None
    topic = found.get("topic", "")
    return ErrorContext(
        found.get("connector.name", ""),
        _number(found.get("task.id")),
        found.get("stage", ""),
        found.get("class.name", ""),
        found.get("exception.class.name", ""),
        found.get("exception.message", ""),
        found.get("exception.stacktrace", ""),
        Origin(topic, _number(found.get("partition")), _number(found.get("offset"))) if topic else None,
    )


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 20 else -1
