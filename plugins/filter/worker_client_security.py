# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: worker_client_security
short_description: Copy a Kafka Connect worker's security settings to the clients of connectors
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - The producers, consumers and admin clients of connectors inherit only C(bootstrap.servers) from a worker's configuration.
    If the brokers require TLS or a login, the worker needs all C(security.*), C(ssl.*) and C(sasl.*) settings three more
    times, with the prefixes C(producer.), C(consumer.) and C(admin.). This filter adds those that are missing.
  - Existing settings of a client are kept. A client whose C(security.protocol) differs from the worker's is left alone.
options:
  _input:
    description:
      - A worker's configuration.
    type: dict
    required: true
seealso:
  - module: streamops.kafka_connect.worker_validate
  - plugin: streamops.kafka_connect.to_java_properties
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show which keys are added
  ansible.builtin.debug:
    msg: "{{ connect_worker | streamops.kafka_connect.worker_client_security | difference(connect_worker) | sort }}"
  vars:
    connect_worker:
      group.id: connect-production
      security.protocol: SSL
      ssl.truststore.type: PEM
      ssl.truststore.location: /etc/kafka/ca.pem
"""

RETURN = r"""
_value:
  description: The completed configuration. All values are strings.
  type: dict
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties_filters import worker_client_security


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"worker_client_security": worker_client_security}
