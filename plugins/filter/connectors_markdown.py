# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: connectors_markdown
short_description: Show a report on connectors as Markdown
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Makes Markdown of a report, fit for a comment on a pull request. It has a table, a diff to unfold for each
    connector, and is never longer than such a comment may be.
options:
  _input:
    description:
      - What P(streamops.kafka_connect.connectors_report#filter) has returned.
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
- name: Keep what would change
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
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"connectors_markdown": markdown}
