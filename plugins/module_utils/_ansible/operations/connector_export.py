# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connector_export."""

from __future__ import annotations

from ..._connect.info.export import ExportOptions, export_connectors
from ..._connect.reporting.report import Report
from ..arguments import CONNECTION, Specification
from ..invocation import Invocation

CONNECTOR_EXPORT = Specification(
    "connector_export",
    {
        "dest": {"type": "path", "required": True},
        "name": {"type": "list", "elements": "str", "default": []},
        "format": {"type": "str", "choices": ["json", "yaml"], "default": "json"},
        "include_state": {"type": "bool", "default": True},
        "secret_reference": {
            "type": "str",
            "default": "${file:/etc/kafka-connect/secrets.properties:{connector}.{key}}",
            "no_log": False,
        },
        "secrets_dest": {"type": "path", "no_log": False},
        "backup": {"type": "bool", "default": True},
        **CONNECTION,
    },
)


def connector_export(invocation: Invocation) -> Report:
    """Writes the connectors of the cluster to files of the desired set."""
    cluster, parameters = invocation.cluster(), invocation.parameters
    options = ExportOptions(
        parameters["dest"],
        parameters["secret_reference"],
        tuple(parameters["name"]),
        parameters["format"],
        parameters["secrets_dest"] or "",
        parameters["include_state"],
        parameters["backup"],
    )
    return export_connectors(cluster, options, check_mode=invocation.check_mode)
