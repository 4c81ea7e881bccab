# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: connectors_table
short_description: Format a report on connectors as a table
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Formats a report as aligned lines for C(ansible.builtin.debug).
options:
  _input:
    description:
      - Result of P(streamops.kafka_connect.connectors_report#filter).
    type: dict
    required: true
seealso:
  - module: streamops.kafka_connect.connectors
  - plugin: streamops.kafka_connect.connectors_report
    plugin_type: filter
  - plugin: streamops.kafka_connect.connectors_markdown
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the plan
  ansible.builtin.debug:
    msg: "{{ {'production': plan} | streamops.kafka_connect.connectors_report('plan') | streamops.kafka_connect.connectors_table }}"
"""

RETURN = r"""
_value:
  description: One line for each connector that changes or has failed, followed by a headline, failures and warnings.
  type: list
  elements: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.report import table


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"connectors_table": table}
