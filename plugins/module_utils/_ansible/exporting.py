# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation of module connector_export."""

from __future__ import annotations

from .._connect.info.export import ExportOptions, export_connectors
from .._connect.reporting.report import Report
from .._connect.snapshot.cluster import Cluster
from .options import Parameters


def connector_export(cluster: Cluster, parameters: Parameters, check_mode: bool) -> Report:
    options = ExportOptions(
        parameters["dest"],
        parameters["secret_reference"],
        tuple(parameters["name"]),
        parameters["format"],
        parameters["secrets_dest"] or "",
        parameters["include_state"],
        parameters["backup"],
    )
    return export_connectors(cluster, options, check_mode=check_mode)
