# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation of module worker_validate: from checked parameters through the engine to a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..._connect.errors import BrokersError, ConnectError, InputError, Problem, one_line
from ..._connect.reporting.report import Report
from ..._connect.worker.checks import WorkerChecks, check_all, deduplicate, version_of
from ..._connect.worker.worker_file import WorkerConfig, WorkerFinding, texts, with_client_security
from ..._connect.worker.worker_key import Version
from ..arguments import Specification
from ..broker_options import brokers_of, client_secrets
from ..invocation import Invocation
from ..options import Parameters

if TYPE_CHECKING:
    from ..._connect.worker.broker_checks import BrokersView

WORKER_VALIDATE = Specification(
    "worker_validate",
    {
        # Secrets in them are masked by their keys, as in a connector's configuration.
        "workers": {"type": "dict", "required": True, "no_log": False},
        "kafka_version": {"type": "str", "required": True},
        "previous_workers": {"type": "dict", "default": {}, "no_log": False},
        "other_workers": {"type": "dict", "default": {}, "no_log": False},
        "client_security": {"type": "bool", "default": False},
        "validate": {"type": "str", "choices": ["standard", "strict"], "default": "standard"},
        "known_keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "warn_literal_secrets": {"type": "bool", "default": True, "no_log": False},
        "fail_on_errors": {"type": "bool", "default": True},
        "bootstrap_servers": {"type": "list", "elements": "str", "default": []},
        "client_properties": {"type": "dict", "default": {}, "no_log": False},
    },
)
"""Has no connection options, because it sends no requests to workers."""

_UNKNOWN = (
    "it is unknown whether there are enough brokers for the replication factors, whether another cluster uses the group.id, "
    "and whether Connect accepts existing internal topics"
)
NOT_ASKED = f"the brokers were not read: {_UNKNOWN} (set bootstrap_servers)"
NO_CLIENT = (
    "the Python library confluent-kafka is missing where the task runs, so the brokers were not read: "
    f"{_UNKNOWN} (pip install confluent-kafka)"
)


def worker_validate(invocation: Invocation) -> Report:
    """Check each worker's configuration. Raises InputError for invalid options."""
    parameters = invocation.parameters
    version = version_of(parameters["kafka_version"])
    given = _workers(parameters, "workers", version)
    if not given:
        raise InputError([Problem("workers is empty: give the configuration of each worker of the cluster")])
    workers = [_completed(worker) for worker in given] if parameters["client_security"] else given
    previous, others = (_workers(parameters, name, version) for name in ("previous_workers", "other_workers"))
    invocation.secrets = _secrets([*given, *previous, *others], parameters)
    checks = WorkerChecks(
        previous={worker.host: worker for worker in previous},
        others=others,
        known_keys=tuple(parameters["known_keys"]),
        strict=parameters["validate"] == "strict",
        warn_literal_secrets=parameters["warn_literal_secrets"],
    )
    view, skipped, failure = _read_brokers(parameters, workers)
    findings = check_all(workers, checks)
    if view is not None:
        from ..._connect.worker.broker_checks import check_view  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        findings = tuple(deduplicate([*findings, *check_view(workers, view)]))
    report = _report(given, workers, findings, skipped)
    if view is not None:
        report.extra = {**report.extra, "brokers": _brokers_entry(view)}
    wrong = [Problem(finding.text, key=finding.key) for finding in findings if finding.is_error]
    if wrong and parameters["fail_on_errors"]:
        report.failure = InputError([*wrong, *([Problem(failure.message)] if failure else [])])
    else:
        report.failure = failure
    return report


def _workers(parameters: Parameters, option: str, version: Version) -> list[WorkerConfig]:
    problems: list[Problem] = []
    found: list[WorkerConfig] = []
    for host, properties in parameters[option].items():
        name = one_line(str(host))
        if not isinstance(properties, Mapping):
            problems.append(Problem(f'{option}: "{name}" has no mapping of keys to values: correct it'))
            continue
        try:
            found.append(WorkerConfig(name, texts(properties, f'{option}: worker "{name}"'), version))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _completed(worker: WorkerConfig) -> WorkerConfig:
    return WorkerConfig(worker.host, with_client_security(worker.config), worker.version)


def _read_brokers(
    parameters: Parameters, workers: Sequence[WorkerConfig]
) -> tuple[BrokersView | None, list[str], ConnectError | None]:
    """Return the brokers' view, what was not read, and why, if that is a failure."""
    brokers = brokers_of(parameters)
    if brokers is None:
        return None, [NOT_ASKED], None
    from ..._connect.group import brokers as client  # noqa: PLC0415  # compiled in every run: only runs that need it pay
    from ..._connect.worker.broker_checks import not_visible, read_brokers  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    if not client.HAS_CONFLUENT_KAFKA:
        return None, [NO_CLIENT], None
    try:
        view = read_brokers(brokers, workers)
    except BrokersError as error:
        return None, [NOT_ASKED], error
    return view, list(not_visible(view)), None


def _report(
    given: Sequence[WorkerConfig],
    workers: Sequence[WorkerConfig],
    findings: Sequence[WorkerFinding],
    skipped: list[str],
) -> Report:
    entries = []
    for before, worker in zip(given, workers, strict=True):
        mine = [finding for finding in findings if finding.host == worker.host]
        entries.append(
            {
                "host": worker.host,
                "valid": not any(finding.is_error for finding in mine),
                "properties": dict(sorted(worker.masked.items())),
                "added_keys": sorted(worker.config.keys() - before.config.keys()),
                "errors": [_entry(finding) for finding in mine if finding.is_error],
                "warnings": [_entry(finding) for finding in mine if not finding.is_error],
            }
        )
    warnings = [finding.text for finding in findings if not finding.is_error]
    warnings += [text for text in skipped if text is NO_CLIENT]
    return Report(warnings=warnings, extra={"workers": entries, "skipped_checks": skipped})


def _entry(finding: WorkerFinding) -> dict[str, str]:
    return {"key": finding.key, "message": finding.text}


def _brokers_entry(view: BrokersView) -> dict[str, Any]:
    group = view.group
    return {
        "count": view.brokers,
        "group_state": group.state if group else "",
        "group_type": group.protocol_type if group else "",
        "members": sorted(member.url for member in group.members if member.url) if group else [],
        "topics": [
            {
                "name": topic.name,
                "partitions": topic.partitions,
                "replicas": topic.replicas,
                "cleanup_policy": topic.cleanup_policy,
                "min_insync_replicas": topic.min_insync_replicas,
            }
            for topic in view.topics
        ],
    }


def _secrets(workers: Iterable[WorkerConfig], parameters: Parameters) -> frozenset[str]:
    return frozenset(secret for worker in workers for secret in worker.secrets) | client_secrets(parameters)
