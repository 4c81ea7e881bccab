# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: worker_validate
short_description: Validate configurations of Kafka Connect workers before any host is touched
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Checks the properties of all workers of a cluster, as they will stand in the files, without asking any worker.
  - Each key by itself. It is known (typing errors are found, with the nearest known key), this version of Kafka has it,
    its value is one that Kafka takes, and none is missing.
  - Keys of one worker with each other. Heartbeats and session, the three topics, C(plugin.path), listeners and the
    advertised address, config providers, the security settings of connectors' clients, literal secrets.
  - The workers with each other. One C(group.id), the same three topics, no advertised address twice.
  - With O(bootstrap_servers) the replication factors with the brokers that are alive, whether others have the C(group.id),
    and the three topics, if they are there already. One with another C(cleanup.policy) than V(compact), and a
    C(config.storage.topic) with several partitions, is an error, since no worker would start. Fewer replicas than the
    workers' replication factors say, or than the topic's C(min.insync.replicas), are a warning. Nothing is ever created.
  - Every fault of every worker is told at once, each in one line that names the worker, the key and the cure.
extends_documentation_fragment:
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - Whether directories, key stores and host names are there only the hosts know. Nothing is said of that.
  - The keys are those of Apache Kafka 3.5 to 4.3. A newer version is checked by those of 4.3.
  - Values that hold a reference to a config provider, such as V(${file:/etc/kafka/secrets.properties:name}), are not
    checked, since only the worker resolves them.
options:
  workers:
    description:
      - The properties of each worker of one cluster, by the name of its host.
      - A number or a boolean counts as its text, a list as its entries with commas between them. A null is refused.
      - Secrets in it appear in no result and no log.
    type: dict
    required: true
  kafka_version:
    description:
      - The version of Kafka that the workers will run, for example V(4.3.1). Only its first two numbers count.
    type: str
    required: true
  former_workers:
    description:
      - What the workers run with now, in the form of O(workers). With it, changes are checked that a worker takes
        without a word. For exactly-once source support, V(disabled) must not become V(enabled) without V(preparing) in
        between.
    type: dict
    default: {}
  other_workers:
    description:
      - Workers of other clusters on the same brokers, in the form of O(workers). They must have neither the
        C(group.id) nor any of the topics of this cluster.
    type: dict
    default: {}
  client_security:
    description:
      - Whether to check the configurations as P(streamops.kafka_connect.worker_client_security#filter) completes them. The
        keys that it adds are in RV(workers[].added_keys).
      - The default is V(false), so that what is missing gets a warning.
    type: bool
    default: false
  validate:
    description:
      - V(standard) makes keys that no worker knows a warning, unless they can only be a typing error.
      - V(strict) makes all of them errors.
      - The default is V(standard), because classes that a worker loads may read keys of their own.
    type: str
    choices: [standard, strict]
    default: standard
  known_keys:
    description:
      - Patterns of keys that are right although no worker knows them, for example V(confluent.*).
    type: list
    elements: str
    default: []
  warn_literal_secrets:
    description:
      - Whether to warn of secrets that stand in the properties as they are.
    type: bool
    default: true
  fail_on_errors:
    description:
      - Whether the task fails when there are errors.
      - The default is V(true), so that nothing is installed with them. With V(false) the errors are only in
        RV(workers[].errors).
    type: bool
    default: true
  bootstrap_servers:
    description:
      - Kafka brokers of the workers as the task reaches them, as C(HOST:PORT).
      - Without them the brokers are not asked, which RV(left_out) says. The same goes for a machine without the Python
        library C(confluent-kafka), with a warning.
      - It needs the ACL Describe for the group, and Describe and DescribeConfigs for the three topics. What the brokers
        keep of a topic is no fault, as Connect itself does without, and is in RV(left_out).
      - The brokers are given up after 12 seconds, sooner when they refuse for good (TLS, login). The task fails then.
    type: list
    elements: str
    default: []
  client_properties:
    description:
      - How to reach the brokers. The C(security.protocol), C(sasl.*) and C(ssl.*) properties of a worker's own file, or
        the names that librdkafka has for them. Key stores must be of type C(PEM) or C(PKCS12), trust stores of type
        C(PEM).
      - Secrets in it appear in no result and no log.
    type: dict
    default: {}
seealso:
  - plugin: streamops.kafka_connect.to_java_properties
    plugin_type: filter
  - plugin: streamops.kafka_connect.worker_client_security
    plugin_type: filter
  - module: streamops.kafka_connect.cluster_info
  - name: Kafka Connect configuration
    description: What Kafka Connect itself says of a worker's keys.
    link: https://kafka.apache.org/documentation/#connectconfigs
"""

EXAMPLES = r"""
- name: Check two workers before anything is installed
  streamops.kafka_connect.worker_validate:
    kafka_version: 4.3.1
    workers:
      connect-1: "{{ common | combine({'rest.advertised.host.name': 'connect-1.internal'}) }}"
      connect-2: "{{ common | combine({'rest.advertised.host.name': 'connect-2.internal'}) }}"
  vars:
    common: &common
      bootstrap.servers: kafka-1.example.com:9092
      group.id: connect-production
      config.storage.topic: connect-production-configs
      offset.storage.topic: connect-production-offsets
      status.storage.topic: connect-production-status
      key.converter: org.apache.kafka.connect.json.JsonConverter
      value.converter: org.apache.kafka.connect.json.JsonConverter
      listeners: http://:8083
      plugin.path: /opt/connect-plugins

- name: Check against the brokers, too, and go on with what is wrong
  streamops.kafka_connect.worker_validate:
    kafka_version: 4.3.1
    workers:
      connect-1:
        <<: *common
        config.storage.replication.factor: 5
        heartbeat.interval.mss: 3000
    bootstrap_servers: kafka-1.example.com:9092
    fail_on_errors: false
  register: check

- name: What is wrong
  ansible.builtin.debug:
    msg: "{{ check.workers | map(attribute='errors') | flatten | map(attribute='message') | list }}"

- name: Exactly-once source support is switched on in two steps
  streamops.kafka_connect.worker_validate:
    kafka_version: 4.3.1
    workers:
      connect-1:
        <<: *common
        exactly.once.source.support: preparing
    former_workers:
      connect-1: *common
"""

RETURN = r"""
workers:
  description: What the checks say of each worker, in the order of O(workers).
  type: list
  elements: dict
  returned: when the options are right
  contains:
    host:
      description: Name of the host.
      type: str
      returned: always
      sample: connect-1
    valid:
      description: Whether there are no errors.
      type: bool
      returned: always
      sample: false
    properties:
      description: The properties as they were checked, all of them texts, secrets masked.
      type: dict
      returned: always
      sample:
        group.id: connect-production
        heartbeat.interval.mss: "3000"
    added_keys:
      description: Keys that O(client_security) has added.
      type: list
      elements: str
      returned: always
      sample: []
    errors:
      description:
        - The errors. What differs between workers is told of one that differs, and what is wrong with their group or a topic
          of the first one.
      type: list
      elements: dict
      returned: always
      contains:
        key:
          description: Key of the properties.
          type: str
          returned: always
          sample: heartbeat.interval.mss
        message:
          description: The fault and its cure, in one line.
          type: str
          returned: always
          sample: >-
            worker "connect-1": key "heartbeat.interval.mss": is not known to a worker: did you mean
            "heartbeat.interval.ms"?
      sample:
        - key: heartbeat.interval.mss
          message: >-
            worker "connect-1": key "heartbeat.interval.mss": is not known to a worker: did you mean
            "heartbeat.interval.ms"?
    warnings:
      description: What may be wrong. The task's own warnings have the same texts.
      type: list
      elements: dict
      returned: always
      contains:
        key:
          description: Key of the properties.
          type: str
          returned: always
          sample: rest.advertised.host.name
        message:
          description: What may be wrong, and its cure, in one line.
          type: str
          returned: always
          sample: >-
            worker "connect-1": key "group.id": was "connect" and becomes "connect-production": it leaves its cluster;
            keep it, unless you mean that
      sample: []
  sample:
    - host: connect-1
      valid: false
      properties:
        group.id: connect-production
        heartbeat.interval.mss: "3000"
      added_keys: []
      errors:
        - key: heartbeat.interval.mss
          message: >-
            worker "connect-1": key "heartbeat.interval.mss": is not known to a worker: did you mean
            "heartbeat.interval.ms"?
      warnings: []
left_out:
  description: What was not checked, and why.
  type: list
  elements: str
  returned: when the options are right
  sample:
    - >-
      the brokers were not asked: whether there are enough for the replication factors, whether others have the group.id,
      and whether Connect takes internal topics that are there already, is not known (give bootstrap_servers)
brokers:
  description: What the brokers said.
  type: dict
  returned: when they were asked and answered
  contains:
    count:
      description: How many brokers are alive.
      type: int
      returned: always
      sample: 3
    group_state:
      description: State of the group that has the C(group.id), empty when there is none.
      type: str
      returned: always
      sample: Stable
    group_type:
      description: Type of that group, C(connect) for one of workers.
      type: str
      returned: always
      sample: connect
    members:
      description: URLs that its members advertise.
      type: list
      elements: str
      returned: always
      sample: ["http://connect-1.internal:8083/"]
    topics:
      description: The three topics, as far as they are there already, or may be.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name of the topic.
          type: str
          returned: always
          sample: connect-production-configs
        partitions:
          description: How many partitions it has. V(0) when the brokers do not tell.
          type: int
          returned: always
          sample: 1
        replicas:
          description: How many replicas the partition with the fewest has. V(0) when the brokers do not tell.
          type: int
          returned: always
          sample: 3
        cleanup_policy:
          description: Its C(cleanup.policy), null when the brokers do not tell.
          type: str
          returned: always
          sample: compact
        min_insync_replicas:
          description: Its C(min.insync.replicas). V(0) when the brokers do not tell.
          type: int
          returned: always
          sample: 2
      sample:
        - name: connect-production-configs
          partitions: 1
          replicas: 3
          cleanup_policy: compact
          min_insync_replicas: 2
  sample:
    count: 3
    group_state: Stable
    group_type: connect
    members: ["http://connect-1.internal:8083/"]
    topics:
      - name: connect-production-configs
        partitions: 1
        replicas: 3
        cleanup_policy: compact
        min_insync_replicas: 2
msg:
  description: What went wrong, with its cure. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    worker "connect-1": key "heartbeat.interval.mss": is not known to a worker: did you mean "heartbeat.interval.ms"?
error:
  description: The failure in parts, for playbooks.
  type: dict
  returned: on failure, other than for missing or unknown options
  contains:
    kind:
      description:
        - V(invalid_input) for errors in O(workers) or wrong options, V(brokers_failed) when the brokers gave no answer, and
          V(internal_error) for a fault of this collection.
      type: str
      returned: always
      sample: invalid_input
    message:
      description: What went wrong, in words.
      type: str
      returned: always
      sample: >-
        worker "connect-1": key "group.id": is missing: a worker does not start without it
    advice:
      description: What helps against it. Empty when the message has it already.
      type: str
      returned: always
      sample: ""
    problems:
      description: Each single fault.
      type: list
      elements: dict
      returned: when RV(error.kind) is V(invalid_input)
      contains:
        connector:
          description: Always empty, as nothing here is about a connector.
          type: str
          returned: always
          sample: ""
        key:
          description: Key of the properties, if it is about one.
          type: str
          returned: always
          sample: group.id
        text:
          description: The fault and its cure, in one line.
          type: str
          returned: always
          sample: >-
            worker "connect-1": key "group.id": is missing: a worker does not start without it
      sample:
        - connector: ""
          key: group.id
          text: >-
            worker "connect-1": key "group.id": is missing: a worker does not start without it
  sample:
    kind: invalid_input
    message: >-
      worker "connect-1": key "group.id": is missing: a worker does not start without it
    advice: ""
    problems:
      - connector: ""
        key: group.id
        text: >-
          worker "connect-1": key "group.id": is missing: a worker does not start without it
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import WORKER_VALIDATE
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_validate import (
    worker_validate,
)


def main() -> None:
    run_module(WORKER_VALIDATE, worker_validate)


if __name__ == "__main__":
    main()
