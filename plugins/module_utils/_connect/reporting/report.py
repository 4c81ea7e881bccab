# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of each connector, as plain data with secrets masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..errors import ConnectError, Outcome
from ..model import Connector
from ..planning.change import Change


class ConnectorResult(NamedTuple):
    """The outcome of one change. `failed_as`: the snapshot in which it had failed, where a rollback has replaced it since.
    `changed`: something was written, whatever its effect; `error`: set if it failed.
    """

    change: Change
    outcome: Outcome = Outcome.NOT_DONE
    changed: bool = False
    seen: Connector | None = None
    failed_as: Connector | None = None
    error: str = ""
    error_kind: str = ""
    advice: str = ""
    warning: str = ""
    drift: str = ""
    rollback: str = ""
    backup_file: str = ""
    password_keys: frozenset[str] = frozenset()

    @property
    def failed(self) -> bool:
        return bool(self.error)

    def with_error(self, error: ConnectError) -> ConnectorResult:
        name = f'connector "{self.change.name}"'
        message = error.message if error.message.startswith(name) else f"{name}: {error.message}"
        return self._replace(error=message, error_kind=error.kind, advice=error.advice, outcome=error.outcome)


@dataclass(eq=False, repr=False)
class Report:
    """The result of a run, before it becomes Ansible's: `connectors` for runs that plan changes, `extra` fields for others."""

    changed: bool = False
    connectors: Sequence[ConnectorResult] | None = None
    warnings: Sequence[str] = ()
    failure: ConnectError | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def report_of(
    results: Sequence[ConnectorResult], warnings: Sequence[str], failure: ConnectError | None = None
) -> Report:
    """The report of a run that planned changes, with its warnings."""
    return Report(any(result.changed for result in results), results, (*warnings, *_state_warnings(results)), failure)


def _state_warnings(results: Sequence[ConnectorResult]) -> Iterable[str]:
    """Warnings about unhealthy connectors that this run did not touch, and about doubts on proven ones."""
    for result in results:
        for text in (result.drift, result.warning):
            if text:
                yield f'connector "{result.change.name}": {text}'
        before = result.change.before
        if not result.change.steps and before is not None and not result.failed and not result.change.settling:
            broken = "the connector" if before.state == "FAILED" else "tasks of it" if before.failed_tasks else ""
            if broken:
                yield (
                    f'connector "{result.change.name}": {broken} FAILED; the config is up to date, so nothing was done '
                    "(state: running restarts what failed)"
                )
