# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: worker_validate
short_description: Validate configurations of Kafka Connect workers before you deploy them
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Checks the properties of all workers of a cluster, as they will be written to the files. Sends no request to any worker.
  - Checks each key. It must be known (typing errors are reported with the nearest known key) and supported by this version of
    Kafka, and its value must be valid. No required key may be missing.
  - Checks the keys of a worker against each other. This covers heartbeat and session timeouts, the three internal topics,
    C(plugin.path), listeners and the advertised address, config providers, the security settings of connectors' clients, and
    literal secrets.
  - Checks the workers against each other. They must have one C(group.id) and the same three topics, and no two may advertise
    the same address.
  - With O(bootstrap_servers), checks the replication factors against the live brokers, whether other clients use the
    C(group.id), and the three topics if they already exist. A topic whose C(cleanup.policy) is not V(compact), and a
    C(config.storage.topic) with several partitions, are errors, because no worker would start. Fewer replicas than the workers'
    replication factors or the topic's C(min.insync.replicas) are a warning. The module never creates anything.
  - Reports all errors of all workers at once, each in one line that names the worker, the key and the fix.
extends_documentation_fragment:
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - The module does not check whether directories, key stores and host names exist, because only the hosts know.
  - The module knows the keys of Apache Kafka 3.5 to 4.3. It checks a newer version against those of 4.3.
  - The module does not check values with a reference to a config provider, such as
    V(${file:/etc/kafka/secrets.properties:name}), because only the worker resolves them.
options:
  workers:
    description:
      - Properties of each worker of one cluster, by the name of its host.
      - A number or a boolean counts as its text, a list as its entries separated by commas. A null is refused.
      - Secrets in it appear in no result and no log.
    type: dict
    required: true
  kafka_version:
    description:
      - Version of Kafka that the workers will run, for example V(4.3.1). Only its first two numbers count.
    type: str
    required: true
  previous_workers:
    description:
      - Properties with which the workers run at present, in the form of O(workers). With it, the module checks changes that a
        worker accepts silently. For exactly-once source support, V(disabled) must not become V(enabled) without V(preparing)
        in between.
    type: dict
    default: {}
  other_workers:
    description:
      - Workers of other clusters on the same brokers, in the form of O(workers). They must use neither the C(group.id) nor any
        of the topics of this cluster.
    type: dict
    default: {}
  client_security:
    description:
      - Whether to check the configurations as P(streamops.kafka_connect.worker_client_security#filter) completes them. The
        keys that it adds are in RV(workers[].added_keys).
      - The default is V(false), so that missing keys cause a warning.
    type: bool
    default: false
  validate:
    description:
      - How to treat unknown keys. V(standard) issues a warning for keys that no worker knows, unless they can only be typing
        errors.
      - V(strict) makes all of them errors.
      - The default is V(standard), because classes that a worker loads may read keys of their own.
    type: str
    choices: [standard, strict]
    default: standard
  known_keys:
    description:
      - Patterns of keys that are correct although no worker knows them, for example V(confluent.*).
    type: list
    elements: str
    default: []
  warn_literal_secrets:
    description:
      - Whether to warn about plain-text secrets in the properties.
    type: bool
    default: true
  fail_on_errors:
    description:
      - Whether to fail the task if there are errors.
      - The default is V(true), so that nothing is deployed with errors. With V(false) the errors are only in
        RV(workers[].errors).
    type: bool
    default: true
  bootstrap_servers:
    description:
      - Kafka brokers of the workers, as C(HOST:PORT), at addresses that the task can reach.
      - Without them the module does not query the brokers, and RV(skipped_checks) lists what it did not check. The same applies
        on a machine without the Python library C(confluent-kafka), with a warning.
      - Requires the ACL Describe for the group, and Describe and DescribeConfigs for the three topics. Properties of a topic
        that the brokers do not disclose are not an error, because Connect itself does not need them. RV(skipped_checks) lists
        them.
      - The module waits 12 seconds for the brokers, less if they refuse permanently (TLS, login). The task then fails.
    type: list
    elements: str
    default: []
  client_properties:
    description:
      - How to connect to the brokers. Accepts the C(security.protocol), C(sasl.*) and C(ssl.*) properties of a worker's own
        file, or their names in librdkafka. Key stores must be of type C(PEM) or C(PKCS12), trust stores of type C(PEM).
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
    description: Kafka's own documentation of a worker's keys.
    link: https://kafka.apache.org/documentation/#connectconfigs
"""

EXAMPLES = r"""
- name: Validate two workers before installing anything
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

- name: Validate against the brokers as well, and continue despite errors
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

- name: Show the errors
  ansible.builtin.debug:
    msg: "{{ check.workers | map(attribute='errors') | flatten | map(attribute='message') | list }}"

- name: Enable exactly-once source support in two steps
  streamops.kafka_connect.worker_validate:
    kafka_version: 4.3.1
    workers:
      connect-1:
        <<: *common
        exactly.once.source.support: preparing
    previous_workers:
      connect-1: *common
"""

RETURN = r"""
workers:
  description: Result of the checks for each worker, in the order of O(workers).
  type: list
  elements: dict
  returned: when the options are valid
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
      description: The properties that were checked, all as strings, with secrets masked.
      type: dict
      returned: always
      sample: {group.id: connect-production, heartbeat.interval.mss: '3000'}
    added_keys:
      description: Keys that O(client_security) added.
      type: list
      elements: str
      returned: always
      sample: []
    errors:
      description:
        - The errors. A difference between workers is reported for one of them, a problem with their group or a topic for
          the first one.
      type: list
      elements: dict
      returned: always
      contains:
        key:
          description: Configuration key.
          type: str
          returned: always
          sample: heartbeat.interval.mss
        message:
          description: The error and its fix, in one line.
          type: str
          returned: always
          sample: >-
            worker "connect-1": key "heartbeat.interval.mss": is unknown to workers: did you mean "heartbeat.interval.ms"?
      sample:
        - key: heartbeat.interval.mss
          message: >-
            worker "connect-1": key "heartbeat.interval.mss": is unknown to workers: did you mean "heartbeat.interval.ms"?
    warnings:
      description: Possible problems. The warnings of the task have the same texts.
      type: list
      elements: dict
      returned: always
      contains:
        key:
          description: Configuration key.
          type: str
          returned: always
          sample: group.id
        message:
          description: The possible problem and its fix, in one line.
          type: str
          returned: always
          sample: >-
            worker "connect-1": key "group.id": changes from "connect" to "connect-production": the worker leaves its cluster;
            keep it unless you intend that
      sample:
        - key: group.id
          message: >-
            worker "connect-1": key "group.id": changes from "connect" to "connect-production": the worker leaves its cluster;
            keep it unless you intend that
  sample:
    - host: connect-1
      valid: false
      properties: {group.id: connect-production, heartbeat.interval.mss: '3000'}
      added_keys: []
      errors:
        - key: heartbeat.interval.mss
          message: >-
            worker "connect-1": key "heartbeat.interval.mss": is unknown to workers: did you mean "heartbeat.interval.ms"?
      warnings:
        - key: group.id
          message: >-
            worker "connect-1": key "group.id": changes from "connect" to "connect-production": the worker leaves its cluster;
            keep it unless you intend that
skipped_checks:
  description: What was not checked, and why.
  type: list
  elements: str
  returned: when the options are valid
  sample:
    - >-
      the brokers were not read: it is unknown whether there are enough brokers for the replication factors, whether another
      cluster uses the group.id, and whether Connect accepts existing internal topics (set bootstrap_servers)
brokers:
  description: What the brokers reported.
  type: dict
  returned: when they were asked and responded
  contains:
    count:
      description: Number of live brokers.
      type: int
      returned: always
      sample: 3
    group_state:
      description: State of the group with this C(group.id). Empty if there is none.
      type: str
      returned: always
      sample: Stable
    group_type:
      description: Type of that group, C(connect) for a group of workers.
      type: str
      returned: always
      sample: connect
    members:
      description: URLs that the members of the group advertise.
      type: list
      elements: str
      returned: always
      sample: ['http://connect-1.internal:8083/']
    topics:
      description: Those of the three internal topics that exist or may exist.
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
          description: Number of partitions. V(0) if the brokers do not disclose it.
          type: int
          returned: always
          sample: 1
        replicas:
          description: Number of replicas of the partition with the fewest. V(0) if the brokers do not disclose it.
          type: int
          returned: always
          sample: 3
        cleanup_policy:
          description: The C(cleanup.policy) of the topic. V(null) if the brokers do not disclose it.
          type: str
          returned: always
          sample: compact
        min_insync_replicas:
          description: The C(min.insync.replicas) of the topic. V(0) if the brokers do not disclose it.
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
    members: ['http://connect-1.internal:8083/']
    topics:
      - name: connect-production-configs
        partitions: 1
        replicas: 3
        cleanup_policy: compact
        min_insync_replicas: 2
msg:
  description: What went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    worker "connect-1": key "group.id": is missing: a worker does not start without it
error:
  description: The failure in parts, for use in playbooks.
  type: dict
  returned: on failure, other than for missing or unknown options
  contains:
    kind:
      description:
        - V(invalid_input) for errors in O(workers) or invalid options, V(brokers_failed) if the brokers did not respond,
          and V(internal_error) for a bug in this collection.
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
      description: Suggested fix. Empty if the message already contains it.
      type: str
      returned: always
      sample: ''
    problems:
      description: All errors in the input.
      type: list
      elements: dict
      returned: when RV(error.kind) is V(invalid_input)
      contains:
        connector:
          description: Always empty, because no error here is about a connector.
          type: str
          returned: always
          sample: ''
        key:
          description: Configuration key, if the error is about one.
          type: str
          returned: always
          sample: group.id
        message:
          description: The error and its fix, in one line.
          type: str
          returned: always
          sample: >-
            worker "connect-1": key "group.id": is missing: a worker does not start without it
      sample:
        - connector: ''
          key: group.id
          message: >-
            worker "connect-1": key "group.id": is missing: a worker does not start without it
  sample:
    kind: invalid_input
    message: >-
      worker "connect-1": key "group.id": is missing: a worker does not start without it
    advice: ''
    problems:
      - connector: ''
        key: group.id
        message: >-
          worker "connect-1": key "group.id": is missing: a worker does not start without it
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_validate import (
    WORKER_VALIDATE,
    worker_validate,
)


def main() -> None:
    run_module(WORKER_VALIDATE, worker_validate)


if __name__ == "__main__":
    main()
