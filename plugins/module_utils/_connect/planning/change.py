# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done for one connector, what a plan has to keep to, and the plain finding that all is as it shall be. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..model import Config, Connector, Desired, Present, RunState
from ..patterns import Matcher, any_match

if TYPE_CHECKING:
    from ..rest.versions import Features
    from .plan import Step

NOTHING: Matcher = any_match(())


@dataclass(frozen=True)
class Change:
    """What is to be done for one connector: steps in order (none: nothing), and why.

    `wanted` is the run state that the result must show; None leaves it to what it was. `settling` marks a connector
    that needs no write but is not yet where it shall be (its tasks are just starting, say); `purged` one that the purge
    deletes.
    """

    name: str
    steps: tuple[Step, ...] = ()
    reason: str = ""
    changed_keys: tuple[str, ...] = ()
    unverified_keys: tuple[str, ...] = ()
    before: Connector | None = None
    after: Config | None = None
    wanted: RunState | None = None
    settling: bool = False
    purged: bool = False
    origin: str = ""
    known_keys: tuple[str, ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(step.action for step in self.steps)

    @property
    def action(self) -> str:
        """The step that matters most to a reader: a change of the config before one of the state."""
        if not self.steps:
            return "none"
        actions = self.actions
        return next((main for main in ("create", "update", "delete") if main in actions), actions[-1])

    @property
    def deletes(self) -> bool:
        return any(step.action == "delete" for step in self.steps)

    @property
    def writes_config(self) -> bool:
        return any(step.action in ("create", "update") for step in self.steps)


@dataclass(frozen=True)
class Purge:
    """Which connectors outside the desired set are deleted: those that `owned` matches, never more than `limit`."""

    owned: Matcher
    limit: int


@dataclass(frozen=True)
class Rules:
    """What the plan has to keep to. `features` is None while the version of the workers is not known yet."""

    restart_failed: bool = True
    update_secrets: bool = False
    protected: Matcher = NOTHING
    purge: Purge | None = None
    features: Features | None = None


def unchanged(item: Desired, stored: Connector | None) -> Change | None:
    """The change of a connector that plainly is as it shall be, the same that plan_connectors makes of it. None says
    nothing: only the plan tells.
    """
    if not isinstance(item, Present) or stored is None or stored.config != item.config:
        return None
    if item.state is not None and stored.state != item.state.upper():
        return None
    if item.state == "running" and not _all_running(stored):
        return None
    return Change(
        item.name,
        before=stored,
        after=item.config,
        wanted=item.state,
        origin=item.origin,
        known_keys=item.known_keys,
    )


def _all_running(stored: Connector) -> bool:
    return len(stored.tasks) >= len(stored.task_ids) and all(task.state == "RUNNING" for task in stored.tasks)
