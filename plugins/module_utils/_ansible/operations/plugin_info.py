# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module plugin_info."""

from __future__ import annotations

from ..._connect.info.plugins import plugin_facts
from ..._connect.reporting.report import Report
from ..arguments import CONNECTION, Specification
from ..invocation import Invocation

PLUGIN_INFO = Specification(
    "plugin_info",
    {
        "name": {"type": "list", "elements": "str", "default": []},
        "types": {
            "type": "list",
            "elements": "str",
            "choices": ["source", "sink", "converter", "header_converter", "transformation", "predicate"],
            "default": [],
        },
        "include_definitions": {"type": "bool", "default": False},
        **CONNECTION,
    },
)


def plugin_info(invocation: Invocation) -> Report:
    """The plugins of each worker."""
    parameters = invocation.parameters
    return plugin_facts(
        invocation.cluster(), parameters["name"], parameters["types"], definitions=parameters["include_definitions"]
    )
