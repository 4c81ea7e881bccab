# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts back what a failed change replaced, unless somebody else has changed it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..config import is_masked
from ..errors import RequestError
from ..model import Config, Connector, state_of
from ..planning.change import Change
from ..planning.difference import compare
from ..planning.steps import Create, Pause, Resume, Step, Stop, Update
from ..rest.versions import Features
from ..secrets import mask_text
from ..snapshot.cluster import Cluster
from .write import Mask, write_change

WORDS = {"update": "former config restored", "pause": "paused again", "resume": "running again", "stop": "stopped"}


def roll_back(
    cluster: Cluster, change: Change, attempted: Sequence[Step], mask: Mask = mask_text
) -> tuple[str, Connector | None]:
    """Undoes what one failed create or update has done; says it in words, and what the connector looks like after it.

    `attempted` are the steps that were done or may have been. A failed update gets its former config and run state
    back; what was newly created is stopped, not deleted, so that its evidence stays. A config that is no longer the one
    this run wrote belongs to somebody else, and is left alone.
    """
    steps = _steps(change, attempted, cluster.features)
    if not steps:
        return "", None
    try:
        stored = cluster.api.expanded().connectors.get(change.name)
        steps, said = _allowed(change, steps, stored)
        if not steps:
            return said, stored
        write_change(cluster.api, Change(change.name, steps), [], mask)
        said = ", ".join([*(WORDS[step.action] for step in steps), *([said] if said else [])])
        return said, cluster.api.expanded().connectors.get(change.name)
    except RequestError as error:
        return f"rolling back failed: {mask(error.message)}", None


def _steps(change: Change, attempted: Sequence[Step], features: Features | None) -> tuple[Step, ...]:
    """What would undo these steps."""
    if any(isinstance(step, Create) for step in attempted):
        return (Stop(),) if features is not None and features.stop else (Pause(),)
    before = change.before
    if before is None or before.config is None or not any(isinstance(step, Update) for step in change.steps):
        return ()
    update = (Update(before.config),) if any(isinstance(step, Update) for step in attempted) else ()
    return (*update, *_former_state(attempted, before))


def _allowed(change: Change, steps: tuple[Step, ...], stored: Connector | None) -> tuple[tuple[Step, ...], str]:
    """Those of the steps that make sense with what is stored now, and words on what they leave out."""
    if stored is None or stored.config is None:
        return (), "not rolled back: the connector is not there"
    former = change.before.config if change.before is not None else None
    if former is not None and not compare(former, stored.config).changed_keys:
        # The write did not come through, so only the run state may have to be put back.
        left = tuple(step for step in steps if not isinstance(step, Update))
        return left, "" if left else "the former config is still there"
    if change.after is not None and compare(change.after, stored.config).changed_keys:
        return (), "not rolled back: another user or run has changed the config since"
    return _unmasked(steps, change.after or {})


def _unmasked(steps: tuple[Step, ...], after: Config) -> tuple[tuple[Step, ...], str]:
    """A former value that the workers mask can't be put back: the new one stays, and never is a mask written."""
    kept: set[str] = set()
    result: list[Step] = []
    for step in steps:
        if isinstance(step, Update):
            masked = {key for key, value in step.config.items() if is_masked(value) and after.get(key) != value}
            if masked - after.keys():
                names = ", ".join(sorted(masked - after.keys()))
                return (), f"not rolled back: the workers mask the former value of {names}"
            kept |= masked
            result.append(replace(step, config={**step.config, **{key: after[key] for key in masked}}))
        else:
            result.append(step)
    return tuple(result), f"but for the masked {', '.join(sorted(kept))}" if kept else ""


def _former_state(attempted: Sequence[Step], before: Connector) -> tuple[Step, ...]:
    touched = any(isinstance(step, (Pause, Resume, Stop)) for step in attempted)
    former = state_of(before)
    if not touched or former is None:
        return ()
    steps: dict[str, Step] = {"running": Resume(), "paused": Pause(), "stopped": Stop()}
    return (steps[former],)
