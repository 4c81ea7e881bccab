# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connector_export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._connect.errors import InputError, Problem
from ..._connect.info.export import ExportOptions, check_reference, export_connectors, export_stored
from ..._connect.reporting.report import Report
from ..arguments import CONNECTION, HISTORY, Specification
from ..invocation import Invocation

if TYPE_CHECKING:
    from ..._connect.history.stored import ConnectorsThen

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
        "as_of": {"type": "str"},
        **HISTORY,
        **CONNECTION,
    },
)


def connector_export(invocation: Invocation) -> Report:
    """Writes the connectors of the cluster to files of the desired set."""
    parameters = invocation.parameters
    options = ExportOptions(
        parameters["dest"],
        parameters["secret_reference"],
        tuple(parameters["name"]),
        parameters["format"],
        parameters["secrets_dest"] or "",
        parameters["include_state"],
        parameters["backup"],
    )
    if (parameters["as_of"] or "").strip():
        return _export_as_of(invocation, options)
    if parameters["bootstrap_servers"]:
        raise InputError([Problem("bootstrap_servers has no effect without as_of: give the time, or leave both out")])
    return export_connectors(invocation.cluster(), options, check_mode=invocation.check_mode)


def _export_as_of(invocation: Invocation, options: ExportOptions) -> Report:
    check_reference(options.secret_reference)
    then = _connectors_then(invocation)
    # The cluster is needed for the keys of the plugins only, and may be down.
    cluster = invocation.cluster() if invocation.parameters["url"] else None
    report = export_stored(cluster, then.connectors, options, check_mode=invocation.check_mode)
    report.extra = {**report.extra, "as_of": then.as_of, "compacted": then.compacted}
    unsafe = [] if cluster else ["url is not given: the names of keys decide which values are secrets"]
    report.warnings = [*(cluster.warnings if cluster else unsafe), *then.warnings, *report.warnings]
    return report


def _connectors_then(invocation: Invocation) -> ConnectorsThen:
    from ..._connect.history.stored import connectors_then  # noqa: PLC0415  # compiled in every run: only runs that need it pay
    from ..broker_options import client_secrets  # noqa: PLC0415  # compiled in every run: only runs that need it pay
    from ..history_options import history_query, reader_of  # noqa: PLC0415  # compiled in every run: only runs that need it pay
    from ..time_options import now, time_of  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    parameters = invocation.parameters
    invocation.secrets = client_secrets(parameters)
    at = time_of(parameters, "as_of", now()) or 0
    query = history_query(parameters)
    reader = reader_of(parameters, invocation.run)
    return connectors_then(reader, query, parameters["name"], at, invocation.run)
