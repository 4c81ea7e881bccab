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
  - Parses the text of a C(.properties) file in the same way as C(java.util.Properties). Supports comments, continued lines,
    escapes and all three separators between key and value. If a key occurs more than once, the last value wins.
  - All values are strings.
options:
  _input:
    description:
      - The text. An invalid C(\u) escape is an error, as in Java. So is an unpaired surrogate (C(\uD800) to C(\uDFFF)), which
        Java accepts.
    type: str
    required: true
notes:
  - Kafka reads files as ISO 8859-1. You may have to decode non-ASCII text without escapes in the same way.
seealso:
  - plugin: streamops.kafka_connect.to_java_properties
    plugin_type: filter
  - module: streamops.kafka_connect.worker_validate
"""

EXAMPLES = r"""
- name: Show one value of a worker's file
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
  description: The values by key.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties_filters import from_java_properties


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"from_java_properties": from_java_properties}
