# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Kafka brokers whose topics hold dead letters."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  bootstrap_servers:
    description:
      - Kafka brokers of the workers, as C(HOST:PORT).
      - Requires the Python library C(confluent-kafka) where the task runs.
      - The module waits 12 seconds for the brokers, less if they refuse permanently (TLS, login).
    type: list
    elements: str
  client_properties:
    description:
      - How to connect to the brokers. Accepts the C(security.protocol), C(sasl.*) and C(ssl.*) properties of a worker's own
        file, or their names in librdkafka. Ignores other properties of a worker's file.
      - Key stores and trust stores must be of type C(PEM), a key store may also be of type C(PKCS12). For other types set
        C(ssl.ca.location), C(ssl.certificate.location) and C(ssl.key.location).
      - Secrets in it appear in no result and no log.
      - The user needs the ACLs Describe, DescribeConfigs and Read on the topics.
    type: dict
    default: {}
"""
