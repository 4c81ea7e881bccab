# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connector_offsets_info."""

from __future__ import annotations

from ..._connect.offsets.facts import offset_facts
from ..._connect.offsets.positions import position_source
from ..._connect.reporting.report import Report
from ..arguments import BROKERS, CONNECTION, Specification
from ..broker_options import brokers_of, client_secrets
from ..invocation import Invocation

CONNECTOR_OFFSETS_INFO = Specification(
    "connector_offsets_info",
    {
        "name": {"type": "list", "elements": "str", "default": []},
        "bootstrap_servers": BROKERS["bootstrap_servers"],
        "client_properties": BROKERS["client_properties"],
        **CONNECTION,
    },
)


def connector_offsets_info(invocation: Invocation) -> Report:
    """Return the offsets of the connectors that the options select."""
    parameters = invocation.parameters
    invocation.secrets = client_secrets(parameters)
    brokers = brokers_of(parameters)
    source = position_source(brokers) if brokers is not None else None
    return offset_facts(invocation.cluster(), parameters["name"], source)
