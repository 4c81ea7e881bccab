# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connector_info."""

from __future__ import annotations

from ..._connect.info.connectors import ConnectorQuery, connector_facts
from ..._connect.patterns import matcher
from ..._connect.reporting.report import Report
from ..arguments import CONNECTION, Specification
from ..invocation import Invocation

CONNECTOR_INFO = Specification(
    "connector_info",
    {
        "name": {"type": "list", "elements": "str", "default": []},
        "states": {
            "type": "list",
            "elements": "str",
            "choices": ["running", "paused", "stopped", "failed", "unassigned", "restarting"],
            "default": [],
        },
        "type": {"type": "str", "choices": ["source", "sink"]},
        "config_matches": {"type": "dict", "default": {}},
        "include_config": {"type": "bool", "default": True},
        "include_topics": {"type": "bool", "default": False},
        **CONNECTION,
    },
)


def connector_info(invocation: Invocation) -> Report:
    """Return the connectors that the options select."""
    parameters = invocation.parameters
    query = ConnectorQuery(
        tuple(parameters["name"]),
        tuple(parameters["states"]),
        parameters["include_config"],
        parameters["include_topics"],
        parameters["type"] or "",
        {str(key): matcher(str(pattern)) for key, pattern in parameters["config_matches"].items()},
    )
    return connector_facts(invocation.cluster(), query)
