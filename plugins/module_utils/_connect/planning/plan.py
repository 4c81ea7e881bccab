# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns desired connectors and one snapshot of the cluster into changes. Pure: the same input gives the same plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..errors import GuardError, InputError, Problem
from ..model import (
    MISREAD_BY_EVERY_FOLLOWER,
    REFUSED_BY_WEB_SERVER,
    Absent,
    Connector,
    Desired,
    Present,
    RunState,
    Snapshot,
)
from ..patterns import Matcher
from .change import Change, Purge, Rules
from .difference import compare
from .steps import Create, Delete, Pause, Restart, Resume, Step, Stop, Update

if TYPE_CHECKING:
    from ..rest.versions import Features


def plan_connectors(desired: Sequence[Desired], snapshot: Snapshot, rules: Rules) -> tuple[Change, ...]:
    """One change for each desired connector, in their order, then the purge. Raises InputError and GuardError."""
    changes: list[Change] = []
    for item in desired:
        stored = snapshot.connectors.get(item.name)
        if isinstance(item, Absent):
            changes.append(_absent(item, stored))
        else:
            changes.append(_present(item, stored, rules))
    problems = [problem for change in changes if change.steps for problem in _forbidden(change, rules)]
    if problems:
        raise InputError(problems)
    if rules.purge is not None:
        changes += _purge({item.name for item in desired}, snapshot, rules.purge, rules.protected)
    return tuple(changes)


def plan_state(name: str, stored: Connector, desired_state: RunState, rules: Rules) -> Change:
    """The change that brings one existing connector into a run state."""
    first, then, reason = _state_steps(stored, desired_state, config_changes=False, rules=rules)
    return Change(
        name,
        first + then,
        reason,
        before=stored,
        after=stored.config,
        desired_state=desired_state,
        settling=_settling(stored, desired_state, first + then, rules),
    )


def plan_restart(name: str, stored: Connector, *, include_tasks: bool, only_failed: bool) -> Change:
    """A restart; no change if `only_failed` finds nothing that failed."""
    failed = stored.state == "FAILED" or (include_tasks and bool(stored.failed_tasks))
    if only_failed and not failed:
        return Change(name, reason="nothing has failed", before=stored, after=stored.config)
    reason = _failed_reason(stored) if only_failed else "restart requested"
    return Change(name, (Restart(include_tasks, only_failed),), reason, before=stored, after=stored.config)


def fit_to_version(changes: Iterable[Change], rules: Rules, features: Features | None) -> tuple[Change, ...]:
    """The plan as workers with these features can carry it out; None: their version is unknown.

    Raises InputError for what they cannot do, and for what a guard forbids.
    """
    if features is None:
        return tuple(changes)
    fitted = tuple(_with_state_afterwards(change, features) for change in changes)
    problems = [
        problem
        for change in fitted
        if change.steps and not change.purged
        for problem in (*_forbidden(change, rules), *_unsupported(change, features))
    ]
    if problems:
        raise InputError(problems)
    return fitted


def _absent(item: Absent, stored: Connector | None) -> Change:
    if stored is None or stored.config is None:
        return Change(item.name, reason="already absent", origin=item.origin)
    return Change(
        item.name, (Delete(),), "should be absent", tuple(sorted(stored.config)), before=stored, origin=item.origin
    )


def _present(item: Present, stored: Connector | None, rules: Rules) -> Change:
    if stored is None or stored.config is None:
        return _creation(item)
    difference = compare(item.config, stored.config, update_secrets=rules.update_secrets)
    first, then, reason = _state_steps(stored, item.state, config_changes=bool(difference.changed_keys), rules=rules)
    steps: tuple[Step, ...] = first + ((Update(item.config),) if difference.changed_keys else ()) + then
    reasons = [_keys_reason(difference.changed_keys)] if difference.changed_keys else []
    return Change(
        item.name,
        steps,
        "; ".join([*reasons, reason] if reason else reasons),
        difference.changed_keys,
        difference.unverified_keys,
        before=stored,
        after=item.config,
        desired_state=item.state,
        settling=_settling(stored, item.state, steps, rules),
        origin=item.origin,
        known_keys=item.known_keys,
    )


def _creation(item: Present) -> Change:
    initial = item.state or item.initial_state or "running"
    return Change(
        item.name,
        (Create(item.config, initial),),
        "does not exist",
        tuple(sorted(item.config)),
        after=item.config,
        desired_state=initial,
        origin=item.origin,
        known_keys=item.known_keys,
    )


def _with_state_afterwards(change: Change, features: Features) -> Change:
    """A creation in another state than running: older workers take the state only afterwards (KIP-980)."""
    create = change.steps[0] if change.steps else None
    if not isinstance(create, Create) or create.initial_state == "running" or features.initial_state:
        return change
    initial = create.initial_state
    return change._replace(
        steps=(Create(create.config), Pause() if initial == "paused" else Stop()),
        reason=(
            f"{change.reason}; Kafka {features.version} cannot create it {initial} (3.7 and newer can): "
            f"created running, then {initial} at once"
        ),
    )


def _state_steps(
    stored: Connector, desired_state: RunState | None, *, config_changes: bool, rules: Rules
) -> tuple[tuple[Step, ...], tuple[Step, ...], str]:
    """Steps before the new config is written, steps after it, and the reason.

    To pause or stop, the state comes first, so that the new config never runs. To resume, the config comes first, so that
    the old one never runs.
    """
    if desired_state is None or stored.state == desired_state.upper():
        if desired_state == "running" and stored.failed_tasks and rules.restart_failed and not config_changes:
            return (), (Restart(),), _failed_reason(stored)
        return (), (), ""
    if desired_state == "stopped":
        return (Stop(),), (), f"is {stored.state or 'new'}, expected STOPPED"
    # A failed connector hides its target state: only a write ensures that state, and only a restart revives it (KIP-745).
    revive: tuple[Step, ...] = (Restart(),) if rules.restart_failed and not config_changes else ()
    if desired_state == "paused":
        return (Pause(),), revive if stored.state == "FAILED" else (), f"is {stored.state or 'new'}, expected PAUSED"
    if stored.is_idle:
        # Resuming starts paused tasks, not failed ones.
        steps = (Resume(), *(revive if stored.failed_tasks else ()))
        return (), steps, f"is {stored.state}, expected RUNNING"
    if stored.state == "FAILED":
        return (), (Resume(), *revive), _failed_reason(stored)
    return (), (), ""


def _settling(stored: Connector, desired_state: RunState | None, steps: tuple[Step, ...], rules: Rules) -> bool:
    if desired_state != "running" or steps:
        return False
    states = [stored.state, *(task.state for task in stored.tasks)]
    if "FAILED" in states and not rules.restart_failed:
        return False
    return any(state != "RUNNING" for state in states) or len(stored.tasks) < len(stored.task_ids)


def _forbidden(change: Change, rules: Rules) -> Iterable[Problem]:
    """What a guard forbids, or no version of Connect can do."""
    if rules.protected(change.name):
        for step in change.steps:
            if isinstance(step, (Delete, Stop)):
                yield Problem(
                    f'connector "{change.name}" is protected: it is never deleted and never stopped; take it out of '
                    "protected first",
                    change.name,
                )
    if change.steps and change.name in (".", ".."):
        yield Problem(
            f'connector "{change.name}": URLs drop a name that is only dots, so it could be neither changed nor deleted: choose '
            "another name",
            change.name,
            "name",
        )
    misread = "".join(sorted(MISREAD_BY_EVERY_FOLLOWER & set(change.name)))
    if misread and any(isinstance(step, Create) for step in change.steps):
        yield Problem(
            f'connector "{change.name}": workers lose "{misread}" when they forward a name to the leader, so it would get '
            "no tasks wherever it runs on another worker: choose another name",
            change.name,
            "name",
        )


def _unsupported(change: Change, features: Features) -> Iterable[Problem]:
    lost = "".join(sorted(REFUSED_BY_WEB_SERVER & set(change.name)))
    if change.steps and lost and features.since(4, 0):
        yield Problem(
            f'connector "{change.name}": Kafka {features.version} rejects URLs with "{lost}" in a name, '
            "so it could neither be changed nor deleted: choose another name",
            change.name,
            "name",
        )
    if any(isinstance(step, Stop) for step in change.steps) and not features.stop:
        yield Problem(
            f'connector "{change.name}": Kafka {features.version} has no stopped state (3.5 and newer have): use '
            "paused, or upgrade the workers",
            change.name,
        )
    versioned = [key for key in change.after or () if key.endswith("plugin.version")]
    if change.writes_config and versioned and not features.plugin_versions:
        yield Problem(
            f'connector "{change.name}": key "{versioned[0]}": Kafka {features.version} ignores plugin '
            "versions (4.1 and newer do not): remove the key",
            change.name,
            versioned[0],
        )


def _purge(desired: set[str], snapshot: Snapshot, purge: Purge, protected: Matcher) -> list[Change]:
    names = sorted(
        name
        for name, stored in snapshot.connectors.items()
        if stored.config is not None and name not in desired and purge.owned(name) and not protected(name)
    )
    to_delete = [snapshot.connectors[name] for name in names]
    if len(to_delete) > purge.limit:
        listed = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
        raise GuardError(
            f"purge would delete {len(to_delete)} connectors, more than purge_limit {purge.limit}: {listed}",
            "add the connectors to keep to the desired set or to protected, or raise purge_limit",
        )
    return [
        Change(
            stored.name,
            (Delete(),),
            "owned by purge_match, not in the desired set",
            tuple(sorted(stored.config or ())),
            before=stored,
            purged=True,
        )
        for stored in to_delete
    ]


def _keys_reason(keys: Sequence[str]) -> str:
    shown = ", ".join(keys[:5]) + (f" and {len(keys) - 5} more" if len(keys) > 5 else "")
    return f"config differs: {shown}"


def _failed_reason(stored: Connector) -> str:
    if stored.state == "FAILED":
        return "connector is FAILED"
    ids = ", ".join(str(task.id) for task in stored.failed_tasks)
    return f"task{'s' if len(stored.failed_tasks) > 1 else ''} {ids} FAILED"
