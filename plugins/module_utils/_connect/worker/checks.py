# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All checks of the workers of one cluster, without repeated findings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..config import scalar_text
from ..errors import InputError, Problem
from ..patterns import any_match
from .cluster_checks import check_cluster, check_others
from .keys import OLDEST_KAFKA
from .listeners import check_listeners
from .rules import (
    check_client_security,
    check_exactly_once,
    check_metrics,
    check_plugin_path,
    check_policy,
    check_previous,
    check_providers,
    check_secrets,
    check_servers,
    check_timeouts,
    check_topics,
)
from .values import check_keys, check_required, check_values
from .worker_file import WorkerConfig, WorkerFinding
from .worker_key import Version


@dataclass(frozen=True)
class WorkerChecks:
    """How to check. `previous`: the workers' current configurations, by host. `others`: workers of other clusters.
    `known_keys`: patterns of keys that are right although no worker knows them.
    """

    previous: Mapping[str, WorkerConfig] = field(default_factory=dict)
    others: Sequence[WorkerConfig] = ()
    known_keys: tuple[str, ...] = ()
    strict: bool = False
    warn_literal_secrets: bool = True


_NUMBER = re.compile(r"[0-9]{1,4}")


def version_of(text: object) -> Version:
    """4.3, "4.3" and "4.3.1" are the line (4, 3). Raises InputError for any other text and for older versions."""
    parts = (scalar_text(text) or "").split(".")
    if len(parts) < 2 or not all(_NUMBER.fullmatch(part) for part in parts[:2]):
        raise InputError([Problem(f'kafka_version "{text}" is not a version: give one such as "4.3.1"')])
    version = (int(parts[0]), int(parts[1]))
    if version < OLDEST_KAFKA:
        raise InputError(
            [Problem(f"kafka_version {text} is too old: the checks cover {'.'.join(map(str, OLDEST_KAFKA))} and newer")]
        )
    return version


def check(worker: WorkerConfig, checks: WorkerChecks) -> Iterator[WorkerFinding]:
    """The findings about one worker's configuration on its own. Raises InputError for a bad pattern."""
    previous = checks.previous.get(worker.host)
    yield from check_keys(worker, is_known=any_match(checks.known_keys), strict=checks.strict)
    yield from check_required(worker)
    yield from check_values(worker)
    for rule in _RULES:
        yield from rule(worker)
    yield from check_exactly_once(worker, previous)
    yield from check_previous(worker, previous)
    if checks.warn_literal_secrets:
        yield from check_secrets(worker)


_RULES: tuple[Callable[[WorkerConfig], Iterator[WorkerFinding]], ...] = (
    check_servers,
    check_topics,
    check_timeouts,
    check_listeners,
    check_plugin_path,
    check_providers,
    check_policy,
    check_client_security,
    check_metrics,
)


def check_all(workers: Sequence[WorkerConfig], checks: WorkerChecks) -> tuple[WorkerFinding, ...]:
    """All findings that need only the files: errors, then warnings, each in the order of the workers."""
    found = [finding for worker in workers for finding in check(worker, checks)]
    found += check_cluster(workers)
    found += check_others(workers, checks.others)
    return tuple(deduplicate(found))


def deduplicate(found: Iterable[WorkerFinding]) -> Iterator[WorkerFinding]:
    """Errors, then warnings, without duplicates and without warnings about a key that has an error."""
    findings = list(dict.fromkeys(found))
    yield from (finding for finding in findings if finding.is_error)
    wrong = {(finding.host, finding.key) for finding in findings if finding.is_error}
    yield from (finding for finding in findings if not finding.is_error and (finding.host, finding.key) not in wrong)
