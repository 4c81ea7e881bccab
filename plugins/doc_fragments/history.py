# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to read of the topics of a Connect cluster (HISTORY in _ansible/arguments.py)."""

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
      - The user needs the ACLs Describe and Read on the topics, and also DescribeConfigs if the module must find the topics.
    type: dict
    default: {}
  config_topic:
    description:
      - Name of the config topic, which is the C(config.storage.topic) of the workers.
      - If you set neither this nor O(worker_properties), the module reads samples of all compacted topics, and uses the one with
        records of this kind. If there is more than one, it fails, and lists them.
    type: str
    default: ""
  worker_properties:
    description:
      - Properties file of a worker, on the machine where the task runs. The module reads only the names of the topics from it.
    type: path
  max_bytes:
    description:
      - Maximum number of bytes of keys and values to read. With more, the task fails and reports up to which time it has read.
      - V(536870912), which is 512 MiB, holds more than three million states. Reading them takes about a minute, and decoded
        they need about 200 MB of memory. Clusters that run well write a few thousand states a day.
    type: int
    default: 536870912
"""
