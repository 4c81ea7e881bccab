# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired set of connectors and its checks, from checked parameters and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._connect.config import normalize
from .._connect.model import Absent, Desired, Present
from .._connect.planning.run_options import Checks
from .invocation import Invocation
from .options import Parameters


def desired_of(invocation: Invocation) -> Sequence[Desired]:
    """The desired set, which the controller has resolved: passed directly if the engine runs there, else as plain
    entries.
    """
    if invocation.desired is not None:
        return invocation.desired
    parameters = invocation.parameters
    entries = parameters["connectors"] if "connectors" in parameters else single_connector(parameters)
    return tuple(_from_entry(entry) for entry in entries)


def _from_entry(entry: Mapping[str, Any]) -> Desired:
    name, state = entry["name"], entry.get("state", "present")
    if state == "absent":
        return Absent(name)
    return Present(
        name,
        normalize(name, entry["config"]),
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
        overlaps=parameters.get("overlaps", "warn"),
    )
