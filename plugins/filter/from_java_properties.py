# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: from_java_properties
short_description: Read a Java properties file
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Makes a mapping of the text of a C(.properties) file, as C(java.util.Properties) reads it. Comments, continued
    lines, escapes and the three signs between key and value are understood. Of equal keys the last one counts.
  - All values are texts.
options:
  _input:
    description:
      - The text. A broken C(\u) escape is refused, as Java refuses it. So is half of a character (C(\uD800) to C(\uDFFF)
        without its other half), which Java takes.
    type: str
    required: true
notes:
  - Kafka reads files as ISO 8859-1. Text beyond ASCII that was written without escapes may have to be decoded so.
seealso:
  - plugin: streamops.kafka_connect.to_java_properties
    plugin_type: filter
  - module: streamops.kafka_connect.worker_validate
"""

EXAMPLES = r"""
- name: One value of a worker's file
  ansible.builtin.debug:
    msg: "{{ (text | streamops.kafka_connect.from_java_properties)['group.id'] }}"
  vars:
    text: |
      # a worker
      group.id = connect-production
      plugin.path = /opt/one,\
                    /opt/two
"""

RETURN = r"""
_value:
  description: The values by their keys.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties_filters import from_java_properties


class FilterModule:
    """Ansible's way to find the filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"from_java_properties": from_java_properties}
