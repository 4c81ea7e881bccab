# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the schema registries that connectors use, according to one snapshot. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..group.group_findings import some
from ..triage.diagnosis import diagnose
from .model import HealthFinding, about_connectors, number

if TYPE_CHECKING:
    from ..errors import RequestError
    from ..model import Connector
    from ..registry.facts import RegistryFacts
    from ..registry.subjects import Subject

OF_REGISTRY = ("registry_unreachable", "registry_failing", "registry_login_refused")
"""Diagnoses of a stack trace (folder triage) that name a registry which cannot be used."""

INCOMPATIBLE = "schema_incompatible"
"""The diagnosis of a schema that a registry rejects."""

_REFUSALS = ("authentication_failed", "not_permitted")


def failures_of(stored: Connector) -> frozenset[str]:
    """The diagnoses of what has failed in this connector."""
    traces = [stored.trace if stored.state == "FAILED" else "", *(task.trace for task in stored.failed_tasks)]
    return frozenset(diagnose(trace).kind for trace in traces if trace) - {""}


def registry_findings(counted: Sequence[Connector], registries: Sequence[RegistryFacts]) -> Iterator[HealthFinding]:
    """The findings about these registries, and about connectors whose schemas they reject."""
    stored = {one.name: one for one in counted}
    for facts in registries:
        if facts.problem is not None:
            is_ours = facts.problem.kind in _REFUSALS and facts.login != "configuration"
            yield _login_missing(facts, facts.problem) if is_ours else _unreachable(facts, facts.problem, stored)
            continue
        for name in facts.connectors:
            if name in stored and INCOMPATIBLE in failures_of(stored[name]):
                yield _incompatible(name, facts)


def _users(facts: RegistryFacts) -> str:
    names = some([f'"{name}"' for name in facts.connectors])
    return (
        f"{number(len(facts.connectors), 'connector')} {'uses' if len(facts.connectors) == 1 else 'use'} it ({names})"
    )


def _unreachable(facts: RegistryFacts, problem: RequestError, stored: Mapping[str, Connector]) -> HealthFinding:
    """An error if tasks have failed for it. From here, it may be out of reach although workers reach it."""
    failed = any(set(OF_REGISTRY) & failures_of(stored[name]) for name in facts.connectors if name in stored)
    if problem.kind in _REFUSALS:
        fix = "correct the login of the converters (module connectors)"
    elif failed:
        fix = "start it, or correct its URL in the converters (module connectors); then restart what failed with connector_state"
    else:
        fix = "start it before connectors restart; if only this machine can't reach it, run the task elsewhere (delegate_to)"
    return HealthFinding(
        "registry_unreachable",
        "error" if failed else "warning",
        ", ".join(facts.urls),
        f"schema registry {some(list(facts.urls))} can't be used: {problem.reason}; {_users(facts)}",
        fix,
        count=1,
        about=about_connectors(facts.connectors),
        detail=problem.kind,
    )


def _login_missing(facts: RegistryFacts, problem: RequestError) -> HealthFinding:
    if facts.login:
        why, fix = "refuses the login of the option registry", "correct registry"
    else:
        why = "requires a login, which only the workers know"
        fix = "give it in registry, with url and the login"
    return HealthFinding(
        "registry_not_asked",
        "info",
        ", ".join(facts.urls),
        f"schema registry {some(list(facts.urls))} {why} (HTTP {problem.http_status}); {_users(facts)}",
        fix,
        about=about_connectors(facts.connectors),
    )


def _incompatible(name: str, facts: RegistryFacts) -> HealthFinding:
    uses = [use for use in facts.uses if use.connector == name]
    known = [subject for subject in facts.subjects.values() if any(_is_of(use.part, subject) for use in uses)]
    others = sorted({f"{use.part}: {use.strategy}" for use in uses if not use.names_by_topic})
    if known:
        text = some([_shown(subject) for subject in known])
    elif others:
        text = f"its subjects are not determined (strategy of the {', '.join(others)})"
    else:
        text = "its subjects are not determined, because its topics are not known"
    return HealthFinding(
        INCOMPATIBLE,
        "error",
        name,
        f'schema registry {some(list(facts.urls))} rejects a new schema of "{name}": {text}',
        "compare the new schema with the newest version (schema_registry_info); make the change compatible, or change the level of "
        "the subject, then restart with connector_state",
        about=about_connectors([name]),
    )


def _is_of(part: str, subject: Subject) -> bool:
    return subject.name.endswith(f"-{part}")


def _shown(subject: Subject) -> str:
    newest = ", ".join(f"{version.number} (id {version.id})" for version in subject.newest)
    level = subject.compatibility or "unknown"
    return f"subject {subject.name} has compatibility {level} and {number(len(subject.numbers), 'version')}, newest {newest}"
