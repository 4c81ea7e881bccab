# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: connectors_report
short_description: Summarize results of the module connectors for several clusters
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Reduces the results of M(streamops.kafka_connect.connectors) for one or more Connect clusters to what people and
    workflows need. Connectors that need no change are only counted.
options:
  _input:
    description:
      - Results by the name of the cluster. The result of any other failed task is accepted too.
    type: dict
    required: true
  kind:
    description:
      - Kind of the run. Use V(plan) for results of a run in check mode, and V(deploy) for others.
    type: str
    choices: [plan, deploy]
    required: true
seealso:
  - module: streamops.kafka_connect.connectors
  - plugin: streamops.kafka_connect.connectors_table
    plugin_type: filter
  - plugin: streamops.kafka_connect.connectors_markdown
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Preview the changes
  streamops.kafka_connect.connectors:
    url: http://connect-1.example.com:8083
    src: connectors/
  check_mode: true
  diff: true
  register: plan

- name: Summarize the plan
  ansible.builtin.set_fact:
    summary: "{{ {'production': plan} | streamops.kafka_connect.connectors_report('plan') }}"
"""

RETURN = r"""
_value:
  description:
    - The report. It contains C(kind), C(changed), C(failed), a C(headline), a small C(statistic) for C(set_stats), and
      C(clusters), a list with C(cluster), C(changed), C(failed), C(message), C(error_kind), C(counts) by action, C(connectors),
      C(warnings) and C(diff).
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.report import report


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"connectors_report": report}
