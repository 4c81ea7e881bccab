# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key of a worker's configuration in one of its forms, and all of them, made from the recorded data. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..data.worker_keys import SECTIONS as _RECORDED

Version = tuple[int, int]
"""A line of Kafka, such as (4, 3)."""

REQUIRED = "a value is required"
"""Stands for the default of a key that has none."""


@dataclass(frozen=True)
class WorkerKey:
    """One key in the form that it has from Kafka `since` on and up to, without, `until`.

    `type` is one of ConfigDef's, in lower case. `default` is the text of it; None where it is null. `values`: the only
    ones allowed, in any case with `any_case`. `least` and `most` bound a number; with `broker_default` -1 is allowed too.
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
        """Whether that line of Kafka has the key in this form."""
        return self.since <= version and (self.until is None or version < self.until)


SECTIONS: tuple[tuple[str, tuple[WorkerKey, ...]], ...] = tuple(
    (title, tuple(WorkerKey(**row) for row in rows)) for title, rows in _RECORDED
)
"""The keys by section, in the order in which a file is written. A key that has changed is there in each form."""
