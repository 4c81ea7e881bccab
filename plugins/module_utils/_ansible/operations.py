# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From checked module parameters to the engine's options, and each module's way through the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .._connect.apply import ApplyOptions
from .._connect.clock import Clock, Event
from .._connect.cluster import Cluster
from .._connect.config import normalise
from .._connect.errors import InputError, Problem
from .._connect.export import ExportOptions, export_connectors
from .._connect.facts import ConnectorQuery, cluster_facts, connector_facts, plugin_facts, validation_facts
from .._connect.model import Absent, Desired, Present
from .._connect.patterns import any_match
from .._connect.plan import Purge, Rules
from .._connect.preflight import Checks
from .._connect.results import Report
from .._connect.run import RunOptions, StateOptions, ensure_connectors, ensure_state
from .._connect.transport import Connection

Parameters = Mapping[str, Any]


def connection_of(parameters: Parameters) -> Connection:
    """The connection options of any module; raises InputError for what contradicts itself."""
    if parameters.get("token") and (parameters.get("url_username") or parameters.get("url_password")):
        raise InputError([Problem("token and url_username are both given: give the one that the workers expect")])
    for name in ("connect_timeout", "read_timeout", "request_timeout"):
        if parameters[name] <= 0:
            raise InputError([Problem(f"{name} is {parameters[name]:g}: give a positive number of seconds")])
    validate_certs = parameters.get("validate_certs")
    return Connection(
        urls=tuple(dict.fromkeys(url.strip().rstrip("/") for url in parameters.get("url") or () if url.strip())),
        username=parameters.get("url_username") or "",
        password=parameters.get("url_password") or "",
        token=parameters.get("token") or "",
        client_cert=parameters.get("client_cert") or "",
        client_key=parameters.get("client_key") or "",
        ca_path=parameters.get("ca_path") or "",
        validate_certs=True if validate_certs is None else validate_certs,
        headers=tuple((str(name), str(value)) for name, value in (parameters.get("headers") or {}).items()),
        http_agent=parameters["http_agent"],
        use_proxy=parameters["use_proxy"],
        connect_timeout=parameters["connect_timeout"],
        read_timeout=parameters["read_timeout"],
        request_timeout=parameters["request_timeout"],
    )


def clock_of(parameters: Parameters, report: Callable[[Event], None] | None) -> Clock:
    return Clock(
        parameters.get("run_timeout"), parameters["conflict_timeout"], report if parameters["progress"] else None
    )


def desired_of(parameters: Parameters) -> tuple[Desired, ...]:
    """The desired set. The controller has resolved it: as `desired` when the engine runs there, else as plain entries."""
    if "desired" in parameters:
        resolved: tuple[Desired, ...] = parameters["desired"]
        return resolved
    entries = parameters["connectors"] if "connectors" in parameters else single_connector(parameters)
    return tuple(_from_entry(entry) for entry in entries)


def _from_entry(entry: Mapping[str, Any]) -> Desired:
    name, state = entry["name"], entry.get("state", "present")
    if state == "absent":
        return Absent(name)
    return Present(
        name,
        normalise(name, entry["config"]),
        None if state == "present" else state,
        entry.get("initial_state"),
        tuple(entry.get("known_keys") or ()),
    )


def to_entry(item: Desired) -> dict[str, Any]:
    """A resolved connector as an entry of option `connectors`, for the module on another host."""
    if isinstance(item, Absent):
        return {"name": item.name, "state": "absent"}
    entry: dict[str, Any] = {"name": item.name, "config": dict(item.config), "state": item.state or "present"}
    if item.initial_state:
        entry["initial_state"] = item.initial_state
    if item.known_keys:
        entry["known_keys"] = list(item.known_keys)
    return entry


def single_connector(parameters: Parameters) -> list[dict[str, Any]]:
    """The parameters of module `connector` as the one entry of option `connectors`."""
    given = ("name", "config", "state", "initial_state")
    return [{name: parameters[name] for name in given if parameters.get(name) is not None}]


def run_options(parameters: Parameters, *, check_mode: bool) -> RunOptions:
    """What the changing modules share; each has only some of these parameters."""
    max_parallel = parameters["max_parallel"]
    if max_parallel < 1:
        raise InputError([Problem(f"max_parallel is {max_parallel}: give at least 1")])
    purge = Purge(any_match(parameters["purge_match"]), parameters["purge_limit"]) if parameters.get("purge") else None
    return RunOptions(
        check_mode=check_mode,
        apply=ApplyOptions(
            wait=parameters["wait"],
            max_parallel=max_parallel,
            batches=tuple(str(entry) for entry in parameters.get("batches") or ()),
            continue_on_error=parameters.get("continue_on_error", False),
            on_failure=parameters.get("on_failure", "keep"),
            backup_dir=parameters.get("backup_dir") or "",
        ),
        checks=checks_of(parameters),
        rules=Rules(
            restart_failed=parameters.get("restart_failed", True),
            update_secrets=parameters.get("update_secrets", False),
            protected=any_match(parameters.get("protected") or ()),
            purge=purge,
        ),
        wait_timeout=parameters["wait_timeout"],
        stable_for=parameters["stable_for"],
        report_path=parameters.get("report_path") or "",
    )


def checks_of(parameters: Parameters) -> Checks:
    return Checks(
        validate=parameters.get("validate", "standard"),
        known_keys=tuple(parameters.get("known_keys") or ()),
        warn_literal_secrets=parameters.get("warn_literal_secrets", True),
        max_parallel=parameters.get("max_parallel", 8),
    )


def _connector(cluster: Cluster, parameters: Parameters, check_mode: bool) -> Report:
    return ensure_connectors(cluster, desired_of(parameters), run_options(parameters, check_mode=check_mode))


def _connectors(cluster: Cluster, parameters: Parameters, check_mode: bool) -> Report:
    desired = desired_of(parameters)
    if not desired and parameters["purge"] and not parameters["purge_allow_empty"]:
        raise InputError(
            [
                Problem(
                    "the desired set is empty and purge is on: that would delete all that purge_match owns; say "
                    "purge_allow_empty: true if you mean it"
                )
            ]
        )
    return ensure_connectors(cluster, desired, run_options(parameters, check_mode=check_mode))


def _connector_state(cluster: Cluster, parameters: Parameters, check_mode: bool) -> Report:
    wanted = StateOptions(
        tuple(parameters["name"]), parameters["state"], parameters["include_tasks"], parameters["only_failed"]
    )
    return ensure_state(cluster, wanted, run_options(parameters, check_mode=check_mode))


def _connector_info(cluster: Cluster, parameters: Parameters, _check_mode: bool) -> Report:
    query = ConnectorQuery(
        tuple(parameters["name"]), tuple(parameters["states"]), parameters["config"], parameters["topics"]
    )
    return connector_facts(cluster, query)


def _plugin_info(cluster: Cluster, parameters: Parameters, _check_mode: bool) -> Report:
    return plugin_facts(cluster, parameters["name"], parameters["types"], definitions=parameters["definitions"])


def _connector_validate(cluster: Cluster, parameters: Parameters, _check_mode: bool) -> Report:
    desired = [item for item in desired_of(parameters) if isinstance(item, Present)]
    report = validation_facts(cluster, desired, checks_of(parameters))
    wrong = [
        Problem(error["message"], entry["name"], error["key"])
        for entry in report.extra["connectors"]
        for error in entry["errors"]
    ]
    if wrong and parameters["fail_on_errors"]:
        report.failure = InputError(wrong)
    return report


def _cluster_info(cluster: Cluster, _parameters: Parameters, _check_mode: bool) -> Report:
    return cluster_facts(cluster)


def _connector_export(cluster: Cluster, parameters: Parameters, check_mode: bool) -> Report:
    options = ExportOptions(
        parameters["dest"],
        parameters["secret_reference"],
        tuple(parameters["name"]),
        parameters["format"],
        parameters["secrets_dest"] or "",
        parameters["state"],
        parameters["backup"],
    )
    return export_connectors(cluster, options, check_mode=check_mode)


OPERATIONS: Mapping[str, Callable[[Cluster, Parameters, bool], Report]] = {
    "connector": _connector,
    "connectors": _connectors,
    "connector_state": _connector_state,
    "connector_info": _connector_info,
    "plugin_info": _plugin_info,
    "connector_validate": _connector_validate,
    "cluster_info": _cluster_info,
    "connector_export": _connector_export,
}
