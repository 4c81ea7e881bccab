# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Kafka brokers behind the workers (BROKERS in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  bootstrap_servers:
    description:
      - Kafka brokers of the workers, as C(HOST:PORT), to read the workers' group from.
      - A module that changes connectors queries them only if changes have been refused for 10 seconds. If the leader
        advertises a wrong URL, the module then fails with both URLs, instead of waiting for the rest of O(conflict_timeout).
      - Requires the Python library C(confluent-kafka) where the task runs. Without it, the module issues a warning and knows
        nothing about the group.
      - The module waits 12 seconds for the brokers, less if they refuse permanently (TLS, login).
    type: list
    elements: str
    default: []
  client_properties:
    description:
      - How to connect to the brokers. Accepts the C(security.protocol), C(sasl.*) and C(ssl.*) properties of a worker's own
        file, or their names in librdkafka. Ignores other properties of a worker's file.
      - Key stores and trust stores must be of type C(PEM), a key store may also be of type C(PKCS12). For other types set
        C(ssl.ca.location), C(ssl.certificate.location) and C(ssl.key.location).
      - Secrets in it appear in no result and no log.
    type: dict
    default: {}
  group_id:
    description:
      - The C(group.id) of the workers. If you do not set it, the module finds the group by the addresses of O(url) and of the
        workers that run something.
    type: str
    default: ""
"""
