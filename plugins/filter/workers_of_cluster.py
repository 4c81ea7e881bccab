# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: workers_of_cluster
short_description: Select the Kafka Connect workers that belong to the same cluster as a host
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Workers form a cluster if they have the same C(group.id) and at least one broker in common. This filter finds the clusters of an
    inventory in the configurations of its workers, so that an inventory may contain several clusters.
  - A single worker whose C(group.id) differs from another cluster's by one letter or by case counts as a worker of that cluster, so
    that M(streamops.kafka_connect.worker_validate) reports the difference. Numbers that differ name different clusters.
positional: host
options:
  _input:
    description:
      - The workers' configurations, by host.
    type: dict
    required: true
  host:
    description:
      - The host whose cluster is selected.
    type: str
    required: true
seealso:
  - module: streamops.kafka_connect.worker_validate
"""

EXAMPLES = r"""
- name: Show the clusters
  ansible.builtin.debug:
    msg: "{{ (connect_workers | streamops.kafka_connect.workers_of_cluster('connect-1')).clusters }}"
  vars:
    connect_workers:
      connect-1: {group.id: connect-orders, bootstrap.servers: "kafka-1:9092"}
      connect-2: {group.id: connect-orders, bootstrap.servers: "kafka-1:9092,kafka-2:9092"}
      connect-3: {group.id: connect-payments, bootstrap.servers: "kafka-1:9092"}
"""

RETURN = r"""
_value:
  description: The workers of the host's cluster, those of other clusters, and a description of each cluster.
  type: dict
  contains:
    workers:
      description: The configurations of the workers in the same cluster, by host.
      type: dict
    other_workers:
      description: The configurations of the other workers, by host.
      type: dict
    clusters:
      description: The C(group.id) of each cluster, with the number of its hosts.
      type: list
      elements: str
      sample: [connect-orders (2 hosts), connect-payments (1 host)]
    cluster_hosts:
      description: The hosts of each cluster, in the order of RV(_value.clusters).
      type: list
      elements: list
      sample: [[connect-1, connect-2], [connect-3]]
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties_filters import workers_of_cluster


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"workers_of_cluster": workers_of_cluster}
