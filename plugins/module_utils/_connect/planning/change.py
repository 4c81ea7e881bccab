# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The change of one connector, the rules of a plan, and the quick check that nothing has to change. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..model import Config, Connector, Desired, Present, RunState, requested_state
from ..patterns import Matcher, any_match

if TYPE_CHECKING:
    from .steps import Step

NOTHING: Matcher = any_match(())


class Change(NamedTuple):
    """The change of one connector: steps in order (none: nothing to do), and the reason.

    `desired_state`: the run state that the result must show; None keeps the present one. `settling`: the connector needs no write,
    but has not reached its state yet (for example, its tasks are starting). `purged`: the purge deletes it.
    """

    name: str
    steps: tuple[Step, ...] = ()
    reason: str = ""
    changed_keys: tuple[str, ...] = ()
    unverified_keys: tuple[str, ...] = ()
    before: Connector | None = None
    after: Config | None = None
    desired_state: RunState | None = None
    settling: bool = False
    purged: bool = False
    origin: str = ""
    known_keys: tuple[str, ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(step.action for step in self.steps)

    @property
    def action(self) -> str:
        """The most important step for a reader: a change of the config before one of the state."""
        if not self.steps:
            return "none"
        actions = self.actions
        return next((main for main in ("create", "update", "delete") if main in actions), actions[-1])

    @property
    def run_states(self) -> Mapping[str, RunState]:
        """The run states that were requested `before` the change, and are `after` it; empty if it requests no other one."""
        if not self.steps or self.before is None or self.before.config is None or self.desired_state is None:
            return {}
        before = requested_state(self.before)
        return {"before": before, "after": self.desired_state} if before != self.desired_state else {}

    @property
    def deletes(self) -> bool:
        return any(step.action == "delete" for step in self.steps)

    @property
    def writes_config(self) -> bool:
        return any(step.action in ("create", "update") for step in self.steps)


class Purge(NamedTuple):
    """The connectors outside the desired set that are deleted: those that `owned` matches, never more than `limit`."""

    owned: Matcher
    limit: int


class Rules(NamedTuple):
    """The rules of a plan."""

    restart_failed: bool = True
    update_secrets: bool = False
    protected: Matcher = NOTHING
    purge: Purge | None = None


def unchanged(item: Desired, stored: Connector | None) -> Change | None:
    """The change of a connector that is obviously in its desired state, as plan_connectors would return it. None decides
    nothing: then only the plan can.
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
        desired_state=item.state,
        origin=item.origin,
        known_keys=item.known_keys,
    )


def _all_running(stored: Connector) -> bool:
    return len(stored.tasks) >= len(stored.task_ids) and all(task.state == "RUNNING" for task in stored.tasks)
