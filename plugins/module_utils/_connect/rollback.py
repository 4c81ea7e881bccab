# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts back what a failed change replaced, unless somebody else has changed it since."""

from __future__ import annotations

from .cluster import Cluster, state_of
from .config import compare
from .errors import RequestError
from .model import Connector, Features
from .plan import Change, Create, Pause, Resume, Step, Stop, Update
from .steps import carry_out


def roll_back(cluster: Cluster, change: Change) -> str:
    """Undoes one failed create or update, and says in words what was done.

    A failed update gets its former config and run state back; what was newly created is stopped, not deleted, so that
    its evidence stays. A config that is no longer the one this run wrote belongs to somebody else, and is left alone.
    """
    steps = _steps(change, cluster.features)
    if not steps:
        return ""
    stored = cluster.api.expanded().connectors.get(change.name)
    if stored is None or stored.config is None:
        return "not rolled back: the connector is no longer there"
    if change.after is not None and compare(change.after, stored.config).changed_keys:
        return "not rolled back: somebody else has changed the config since"
    try:
        carry_out(cluster.api, Change(change.name, steps), [])
    except RequestError as error:
        return f"rolling back failed: {error.message}"
    words = {"update": "former config restored", "pause": "paused again", "resume": "running again", "stop": "stopped"}
    return ", ".join(words[step.action] for step in steps)


def _steps(change: Change, features: Features | None) -> tuple[Step, ...]:
    if any(isinstance(step, Create) for step in change.steps):
        return (Stop(),) if features is not None and features.stop else (Pause(),)
    before = change.before
    if before is None or before.config is None or not any(isinstance(step, Update) for step in change.steps):
        return ()
    return (Update(before.config), *_former_state(change, before))


def _former_state(change: Change, before: Connector) -> tuple[Step, ...]:
    touched = any(isinstance(step, (Pause, Resume, Stop)) for step in change.steps)
    former = state_of(before)
    if not touched or former is None:
        return ()
    steps: dict[str, Step] = {"running": Resume(), "paused": Pause(), "stopped": Stop()}
    return (steps[former],)
