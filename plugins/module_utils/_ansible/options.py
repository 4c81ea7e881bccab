# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From checked module parameters to the engine's options, as far as several modules share them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .._connect.config import normalise
from .._connect.errors import InputError, Problem
from .._connect.model import Absent, Desired, Present
from .._connect.planning.run_options import Checks
from .._connect.rest.connection import Connection
from .._connect.run import Event, Run

if TYPE_CHECKING:
    from .._connect.group.brokers import Brokers

Parameters = Mapping[str, Any]


def connection_of(parameters: Parameters, scope: str = "", serves: str = Connection.serves) -> Connection:
    """The connection options of any module; raises InputError for what contradicts itself.

    `scope` names the option that they are part of, with a point; what is asked there is no worker, and may answer at
    length what is no JSON.
    """
    if parameters.get("token") and (parameters.get("url_username") or parameters.get("url_password")):
        both = f"{scope}token and {scope}url_username are both given"
        raise InputError([Problem(f"{both}: give the one that the {'workers expect' if not scope else 'URL expects'}")])
    for name in ("connect_timeout", "read_timeout", "request_timeout"):
        if not parameters[name] > 0:
            raise InputError([Problem(f"{name} is {parameters[name]:g}: give a positive number of seconds")])
    largest = parameters["max_response_size"]
    if largest < 1:
        raise InputError([Problem(f"max_response_size is {largest}: give a positive number of bytes")])
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
        scope=scope,
        serves=serves,
        max_response_size=largest,
        text_limit=None if scope else Connection.text_limit,
    )


def run_of(parameters: Parameters, report: Callable[[Event], None] | None) -> Run:
    """The time limits of any module; raises InputError for what can't be one."""
    for name in ("conflict_timeout", "run_timeout", "wait_timeout", "stable_for"):
        seconds = parameters.get(name)
        if seconds is not None and (seconds < 0 or math.isnan(seconds)):
            raise InputError([Problem(f"{name} is {seconds:g}: give a number of seconds, 0 or more")])
    return Run(
        parameters.get("run_timeout"), parameters["conflict_timeout"], report if parameters["progress"] else None
    )


def brokers_of(parameters: Parameters) -> Brokers | None:
    """The Kafka brokers behind the workers, where they are given; raises InputError for what can't be right."""
    servers = tuple(server.strip() for server in parameters["bootstrap_servers"] if server.strip())
    if not servers:
        if parameters["client_properties"] or parameters.get("group_id"):
            problem = "client_properties and group_id mean nothing without bootstrap_servers: give the brokers"
            raise InputError([Problem(problem)])
        return None
    # Only who names brokers pays for what they need.
    from .._connect.group.brokers import Brokers, check_brokers  # noqa: PLC0415  # see above

    return check_brokers(Brokers(servers, parameters["client_properties"]))


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


def checks_of(parameters: Parameters) -> Checks:
    return Checks(
        validate=parameters.get("validate", "standard"),
        known_keys=tuple(parameters.get("known_keys") or ()),
        warn_literal_secrets=parameters.get("warn_literal_secrets", True),
        max_parallel=parameters.get("max_parallel", 8),
    )
