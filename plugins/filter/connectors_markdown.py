# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: connectors_markdown
short_description: Format a report on connectors as Markdown
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Formats a report as Markdown for a comment on a pull request. It contains a table and a collapsible diff for each
    connector, and never exceeds the maximum length of such a comment.
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
  - plugin: streamops.kafka_connect.connectors_table
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Save the plan as Markdown
  ansible.builtin.copy:
    content: "{{ {'production': plan} | streamops.kafka_connect.connectors_report('plan') | streamops.kafka_connect.connectors_markdown }}"
    dest: plan.md
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The Markdown.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.report import markdown


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"connectors_markdown": markdown}
