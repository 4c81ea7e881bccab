# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation of module worker_scale: from checked parameters to the request for one worker."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from ..._connect.errors import InputError, Problem, WrongClusterError
from ..._connect.group.brokers import BrokersClient
from ..._connect.group.find_group import choose_group
from ..._connect.model import Config
from ..._connect.reporting.report import Report
from ..._connect.rest.connection import connection_problems
from ..._connect.scale.ensure_worker import ensure_worker
from ..._connect.scale.evidence import RemovalGuard
from ..._connect.scale.model import Batch, Host, ScaleRequest
from ..._connect.worker.listeners import advertised
from ..._connect.worker.worker_file import WorkerConfig
from ..arguments import BROKERS, CONNECTION, Specification
from ..broker_options import brokers_of
from ..invocation import Invocation
from ..options import Parameters, connection_of

WORKER_SCALE = Specification(
    "worker_scale",
    {
        "state": {"type": "str", "choices": ["joined", "left", "restarted", "released"], "required": True},
        "service": {"type": "str", "default": "kafka-connect"},
        "worker_url": {"type": "str"},
        "worker_properties": {"type": "path"},
        "expected_workers": {"type": "int", "default": 0},
        "min_workers": {"type": "int", "default": 1},
        "max_tasks_per_worker": {"type": "int", "default": 0},
        "allow_failed_tasks": {"type": "bool", "default": False},
        "rollback": {"type": "bool", "default": True},
        "wait_timeout": {"type": "float", "default": 600.0},
        "stable_for": {"type": "float", "default": 10.0},
        "wait_for": {"type": "str", "choices": ["work", "rebalance"], "default": "work"},
        "restart_seconds": {"type": "float", "default": 10.0},
        **BROKERS,
        "bootstrap_servers": {"type": "list", "elements": "str", "required": True},
        **CONNECTION,
    },
)

NEWEST = (4, 3)
"""The Kafka version whose defaults apply to keys that the worker's file does not set. These defaults never changed."""

REFERENCE = "${"

KEYS = (
    "group.id",
    "listeners",
    "rest.advertised.host.name",
    "rest.advertised.port",
    "rest.advertised.listener",
    "connect.protocol",
    "scheduled.rebalance.max.delay.ms",
)
"""The worker's properties that matter here. The others, secrets among them, stay on the host."""


class WorkerHost(Host, Protocol):
    """The worker's host, with access to the worker's file on it."""

    def properties(self, path: str, keys: Collection[str]) -> Config | None:
        """The values of these keys in a properties file; None if the file does not exist."""


def worker_scale(host_of: Callable[[str], WorkerHost], batch: Batch, invocation: Invocation) -> Report:
    """`host_of` returns the host of the service with this name."""
    cluster, parameters, check_mode = invocation.cluster(), invocation.parameters, invocation.check_mode
    brokers = brokers_of(parameters)
    if brokers is None:
        raise InputError([Problem("bootstrap_servers is an empty list: give the brokers of the workers as HOST:PORT")])
    _check_numbers(parameters)
    host = host_of(parameters["service"])
    worker = _read(host, parameters, check_mode)
    address = advertised(worker)
    own = str(address) if address is not None and address.host and not address.is_everywhere else ""
    url = (parameters["worker_url"] or own).strip().rstrip("/")
    if not url:
        text = "worker_url is missing, and the worker's properties do not contain an advertised address"
        raise InputError([Problem(f"{text}: give the URL of its REST API")])
    problems = connection_problems(connection_of(parameters)._replace(urls=(url,), option_prefix="worker_"))
    if problems:
        raise InputError(problems)
    if parameters["state"] != "joined" and not set(cluster.api.workers.urls) - {url, own}:
        text = f"url contains only the worker that {'leaves' if parameters['state'] == 'left' else 'restarts'}"
        raise InputError([Problem(f"{text}: add another worker of the cluster, which can report where its work goes")])
    client = BrokersClient(brokers)
    _check_group(parameters, worker, check_mode)
    group_id = parameters["group_id"] or worker.value("group.id")
    if not group_id:
        group_id = choose_group(client.groups(), [*cluster.api.workers.urls, url], cluster.read()).group_id
    request = ScaleRequest(
        parameters["state"],
        parameters["service"],
        url,
        own or url,
        group_id,
        _delay(worker),
        parameters["expected_workers"],
        RemovalGuard(parameters["min_workers"], parameters["max_tasks_per_worker"], parameters["allow_failed_tasks"]),
        parameters["rollback"],
        parameters["wait_timeout"],
        parameters["stable_for"],
        check_mode,
        parameters["wait_for"],
        parameters["restart_seconds"],
    )
    return ensure_worker(cluster, client, host, batch, request)


def _read(host: WorkerHost, parameters: Parameters, check_mode: bool) -> WorkerConfig:
    path = parameters["worker_properties"] or f"/etc/{parameters['service'].removesuffix('.service')}/worker.properties"
    found = host.properties(path, KEYS)
    if found is None and not check_mode:
        text = f'worker_properties "{path}" does not exist on the host'
        raise InputError([Problem(f"{text}: name the worker's own file, or install the worker first (role worker)")])
    # Only the worker itself can resolve a reference.
    return WorkerConfig("", {key: value for key, value in (found or {}).items() if REFERENCE not in value}, NEWEST)


def _check_group(parameters: Parameters, worker: WorkerConfig, check_mode: bool) -> None:
    """Raises WrongClusterError if the worker would join another group than group_id. In check mode, its file may not be written
    yet.
    """
    given, own = parameters["group_id"], worker.value("group.id")
    if given and own and given != own and parameters["state"] in ("joined", "restarted") and not check_mode:
        raise WrongClusterError(
            f'group_id is "{given}", and group.id in the worker\'s properties is "{own}": nothing was changed',
            "correct one of them: the worker would join another group",
        )


def _delay(worker: WorkerConfig) -> float:
    """Seconds for which the leader keeps the work of a departed worker for it."""
    if worker.value("connect.protocol") == "eager":
        return 0.0
    return (worker.number("scheduled.rebalance.max.delay.ms") or 0) / 1000


def _check_numbers(parameters: Parameters) -> None:
    problems = [
        Problem(f"{name} is {parameters[name]}: give a whole number, 0 or more")
        for name in ("expected_workers", "min_workers", "max_tasks_per_worker")
        if parameters[name] < 0
    ]
    if parameters["restart_seconds"] <= 0:
        problems.append(Problem(f"restart_seconds is {parameters['restart_seconds']:g}: give a number above 0"))
    if problems:
        raise InputError(problems)
