# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The keys of a worker's configuration in all their forms, made from the recorded data. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..data.worker_keys import SECTIONS as _RECORDED

Version = tuple[int, int]
"""A Kafka line, such as (4, 3)."""

REQUIRED = "a value is required"
"""Takes the place of the default of a key that has none."""


@dataclass(frozen=True)
class WorkerKey:
    """One key as Kafka defines it from `since` until before `until`.

    `type` is a type of ConfigDef, in lower case. `default` is a text; None if it is null. `values`: the only allowed ones;
    `any_case` ignores their case. `least` and `most` bound a number; `broker_default` allows -1, too.
    """

    type: str
    name: str
    default: str | None = REQUIRED
    values: tuple[str, ...] = ()
    any_case: bool = False
    least: float | None = None
    most: float | None = None
    broker_default: bool = False
    since: Version = (0, 0)
    until: Version | None = None

    @property
    def is_required(self) -> bool:
        return self.default is REQUIRED

    def is_in(self, version: Version) -> bool:
        """Whether that Kafka line has the key in this form."""
        return self.since <= version and (self.until is None or version < self.until)


SECTIONS: tuple[tuple[str, tuple[WorkerKey, ...]], ...] = tuple(
    (title, tuple(WorkerKey(**row) for row in rows)) for title, rows in _RECORDED
)
"""The keys by section, in the order in which a file is written. A key that changed has one entry for each form."""
