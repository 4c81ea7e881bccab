# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: mask_secrets
short_description: Mask secrets in a text or in properties
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Replaces everything that looks like a secret by C(********), in the same way as the results of this collection. That is, the
    values of keys such as C(password) and C(token), passwords in URLs and in JAAS values, tokens, and private keys.
  - References to config providers such as C(${file:/etc/kafka-connect/secrets.properties:kafka}) stay.
options:
  _input:
    description:
      - A text such as a log, or a mapping of keys to values such as the content of C(worker.properties). The values of a mapping
        are masked by their keys.
    type: raw
    required: true
  secrets:
    description:
      - Values to mask wherever they occur. Values with less than four characters are ignored.
    type: list
    elements: str
    default: []
seealso:
  - plugin: streamops.kafka_connect.from_java_properties
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the last lines of a log
  ansible.builtin.debug:
    msg: "{{ line | streamops.kafka_connect.mask_secrets(secrets=['k3pt-to-itself']) }}"
  vars:
    line: login of k3pt-to-itself with password=another

- name: Show a configuration
  ansible.builtin.debug:
    msg: "{{ properties | streamops.kafka_connect.mask_secrets }}"
  vars:
    properties: {group.id: connect, ssl.key.password: k3pt-to-itself}
"""

RETURN = r"""
_value:
  description: The same text or mapping without the secrets.
  type: raw
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.mask_secrets import mask_secrets


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"mask_secrets": mask_secrets}
