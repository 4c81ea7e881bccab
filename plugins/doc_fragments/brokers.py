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
      - Kafka brokers of the workers, as C(HOST:PORT), to be asked for the workers' group.
      - A module that changes connectors asks them only when changes have been refused for 10 seconds. If the leader
        advertises a wrong URL it then fails with both URLs, instead of waiting for the rest of O(conflict_timeout).
      - This needs the Python library C(confluent-kafka) where the task runs. Without it there is a warning, and nothing
        is known of the group.
      - The brokers are given up after 12 seconds, sooner when they refuse for good (TLS, login).
    type: list
    elements: str
    default: []
  client_properties:
    description:
      - How to reach the brokers. The C(security.protocol), C(sasl.*) and C(ssl.*) properties of a worker's own file, or
        the names that librdkafka has for them. What else a worker's file has is left out.
      - Key stores and trust stores must be of type C(PEM), a key store may also be of type C(PKCS12). For other ones give
        C(ssl.ca.location), C(ssl.certificate.location) and C(ssl.key.location).
      - Secrets in it appear in no result and no log.
    type: dict
    default: {}
  group_id:
    description:
      - The C(group.id) of the workers. Without it the group is found by the addresses of O(url) and of the workers that
        run something.
    type: str
    default: ""
"""
