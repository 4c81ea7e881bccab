# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: to_java_properties
short_description: Write a mapping as a Java properties file
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Returns the text of a C(.properties) file that Java reads as this mapping, in any version and encoding. Keys and values
    are escaped in the same way as by C(java.util.Properties), with non-ASCII characters as C(\uXXXX).
  - The order is stable, so that a file only changes if its content does.
options:
  _input:
    description:
      - Keys and values. A number or a boolean becomes its text, a list its entries separated by commas.
      - A null or a nested mapping is an error.
    type: dict
    required: true
  by_section:
    description:
      - Whether to group the keys of a Kafka Connect worker by subject (internal topics, REST API, security and so on), with a
        heading before each group.
      - The default is V(false), which sorts all keys by name.
    type: bool
    default: false
notes:
  - Unlike the files that Java writes, the text contains no date.
seealso:
  - plugin: streamops.kafka_connect.from_java_properties
    plugin_type: filter
  - module: streamops.kafka_connect.worker_validate
"""

EXAMPLES = r"""
- name: Show a small file
  ansible.builtin.debug:
    msg: "{{ {'greeting': ' hello: wörld', 'enabled': true} | streamops.kafka_connect.to_java_properties }}"
  # enabled=true
  # greeting=\ hello\: w\u00F6rld

- name: Write the file of a worker, grouped by section
  ansible.builtin.copy:
    content: "{{ connect_worker | streamops.kafka_connect.to_java_properties(by_section=true) }}"
    dest: /tmp/worker.properties
    mode: "0640"
  no_log: true
  vars:
    connect_worker:
      group.id: connect-production
      bootstrap.servers:
        - kafka-1.example.com:9092
        - kafka-2.example.com:9092
      plugin.path: /opt/connect-plugins
      offset.flush.interval.ms: 10000
"""

RETURN = r"""
_value:
  description: The text of the file, one line for each key.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties_filters import to_java_properties


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"to_java_properties": to_java_properties}
