# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restores what a failed change replaced, unless another user or run has changed it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import RequestError
from ..masked import is_masked
from ..model import Config, Connector, state_of
from ..planning.change import Change
from ..planning.difference import compare
from ..planning.steps import Create, Pause, Resume, Step, Stop, Update
from ..rest.versions import Features
from ..secrets import mask_text
from ..snapshot.cluster import Cluster
from .write import Mask, write_change

DESCRIPTIONS = {
    "update": "previous config restored",
    "pause": "paused again",
    "resume": "running again",
    "stop": "stopped",
}


def roll_back(
    cluster: Cluster, change: Change, attempted: Sequence[Step], mask: Mask = mask_text
) -> tuple[str, Connector | None]:
    """Undoes one failed create or update. Returns a description and the connector afterwards.

    `attempted`: the steps that were applied, or may have been. A failed update gets its previous config and run state back. A
    new connector is stopped, not deleted, so that its evidence stays. A config that this run did not write is left alone.
    """
    steps = _steps(change, attempted, cluster.features)
    if not steps:
        return "", None
    try:
        stored = cluster.api.expanded().connectors.get(change.name)
        steps, text = _allowed(change, steps, stored)
        if not steps:
            return text, stored
        write_change(cluster.api, Change(change.name, steps), [], mask)
        text = ", ".join([*(DESCRIPTIONS[step.action] for step in steps), *([text] if text else [])])
        return text, cluster.api.expanded().connectors.get(change.name)
    except RequestError as error:
        return f"rolling back failed: {mask(error.message)}", None


def _steps(change: Change, attempted: Sequence[Step], features: Features | None) -> tuple[Step, ...]:
    """The steps that undo these."""
    if any(isinstance(step, Create) for step in attempted):
        return (Stop(),) if features is not None and features.stop else (Pause(),)
    before = change.before
    if before is None or before.config is None or not any(isinstance(step, Update) for step in change.steps):
        return ()
    update = (Update(before.config),) if any(isinstance(step, Update) for step in attempted) else ()
    return (*update, *_previous_state(attempted, before))


def _allowed(change: Change, steps: tuple[Step, ...], stored: Connector | None) -> tuple[tuple[Step, ...], str]:
    """The steps that are valid for the stored config, and a text about the steps that they leave out."""
    if stored is None or stored.config is None:
        return (), "not rolled back: the connector does not exist"
    former = change.before.config if change.before is not None else None
    if former is not None and not compare(former, stored.config).changed_keys:
        # The write was not applied, so at most the run state has to be restored.
        left = tuple(step for step in steps if not isinstance(step, Update))
        return left, "" if left else "the previous config is still stored"
    if change.after is not None and compare(change.after, stored.config).changed_keys:
        return (), "not rolled back: another user or run has changed the config since"
    return _unmasked(steps, change.after or {})


def _unmasked(steps: tuple[Step, ...], after: Config) -> tuple[tuple[Step, ...], str]:
    """A previous value that the workers mask cannot be restored: the new one stays, and a mask is never written."""
    kept: set[str] = set()
    result: list[Step] = []
    for step in steps:
        if isinstance(step, Update):
            masked = {key for key, value in step.config.items() if is_masked(value) and after.get(key) != value}
            if masked - after.keys():
                names = ", ".join(sorted(masked - after.keys()))
                return (), f"not rolled back: the workers mask the previous value of {names}"
            kept |= masked
            result.append(replace(step, config={**step.config, **{key: after[key] for key in masked}}))
        else:
            result.append(step)
    return tuple(result), f"except the masked {', '.join(sorted(kept))}" if kept else ""


def _previous_state(attempted: Sequence[Step], before: Connector) -> tuple[Step, ...]:
    touched = any(isinstance(step, (Pause, Resume, Stop)) for step in attempted)
    former = state_of(before)
    if not touched or former is None:
        return ()
    steps: dict[str, Step] = {"running": Resume(), "paused": Pause(), "stopped": Stop()}
    return (steps[former],)
