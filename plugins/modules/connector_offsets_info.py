# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_offsets_info
short_description: Gather the offsets of Kafka Connect connectors
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Returns where connectors continue. For a sink, that is a record in each partition of its topics; for a source, what its plugin has
    stored about the external system.
  - With O(bootstrap_servers), it also returns how many records each sink has not read yet.
  - Connectors that do not exist are not an error. They are listed in RV(missing).
  - Needs Kafka 3.5 or newer.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - The module writes nothing. Credentials that only permit C(GET) requests are sufficient.
  - Each connector costs a request. For a source, the worker reads its whole offsets topic, which takes seconds if the topic is large.
options:
  name:
    description:
      - Names and patterns of connectors. If empty, the offsets of all connectors are returned.
    type: list
    elements: str
    default: []
  bootstrap_servers:
    description:
      - Kafka brokers of the workers, as C(HOST:PORT), to read the ends of the sinks' topics from.
      - Requires the Python library C(confluent-kafka) where the task runs.
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
seealso:
  - module: streamops.kafka_connect.connector_offsets
  - module: streamops.kafka_connect.connector_info
  - name: KIP-875
    description: Kafka's own documentation of offsets in the REST API.
    link: https://cwiki.apache.org/confluence/x/_BNODg
"""

EXAMPLES = r"""
- name: Gather the offsets of one connector
  streamops.kafka_connect.connector_offsets_info:
    url: http://connect-1.example.com:8083
    name: access-log
  register: position

- name: Show them
  ansible.builtin.debug:
    var: position.connectors

- name: Gather how far all connectors of the archive are behind
  streamops.kafka_connect.connector_offsets_info:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    name: "*-archive"
  register: archives

- name: Show one line for each sink
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.lag }} records behind"
  loop: "{{ archives.connectors | selectattr('lag', 'defined') }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
connectors:
  description: The selected connectors, sorted by name.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders-archive
    type:
      description: V(source) or V(sink), V(unknown) if no worker knows it.
      type: str
      returned: always
      sample: sink
    state:
      description: Last known state of the connector, empty if it has none.
      type: str
      returned: always
      sample: RUNNING
    offsets:
      description: The stored offsets, sorted by partition. Empty if there are none.
      type: list
      elements: dict
      returned: always
      contains:
        partition:
          description: The partition, in the form that the plugin defines. For a sink, its topic and number.
          type: dict
          returned: always
          sample: {kafka_partition: 0, kafka_topic: orders}
        offset:
          description: The offset, in the form that the plugin defines. For a sink, the next record that it reads.
          type: dict
          returned: always
          sample: {kafka_offset: 1200}
        first:
          description: Offset of the first record that the topic still has.
          type: int
          returned: for sinks, with O(bootstrap_servers), if the partition exists
          sample: 800
        end:
          description: Offset of the next record that will be written.
          type: int
          returned: for sinks, with O(bootstrap_servers), if the partition exists
          sample: 1250
        lag:
          description: Largest possible number of records that the sink has not read yet.
          type: int
          returned: for sinks, with O(bootstrap_servers), if the partition exists
          sample: 50
      sample:
        - partition: {kafka_partition: 0, kafka_topic: orders}
          offset: {kafka_offset: 1200}
    group:
      description: Name of the sink's consumer group.
      type: str
      returned: for sinks
      sample: connect-orders-archive
    lag:
      description: Sum of the partitions' lags.
      type: int
      returned: for sinks, with O(bootstrap_servers), if any sink has offsets
      sample: 50
  sample:
    - name: orders-archive
      type: sink
      state: RUNNING
      offsets:
        - partition: {kafka_partition: 0, kafka_topic: orders}
          offset: {kafka_offset: 1200}
missing:
  description: Names in O(name) that do not exist.
  type: list
  elements: str
  returned: success
  sample: []
msg:
  description: What went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    GET http://connect-1.example.com:8083/connectors?expand=info&expand=status: connection refused -> nothing listens there:
    check that the worker is running, and its port
error:
  description: The failure in parts, for use in playbooks.
  type: dict
  returned: on failure, other than for missing or unknown options
  contains:
    kind:
      description:
        - Kind of the failure, one of those that M(streamops.kafka_connect.connectors) lists under RV(streamops.kafka_connect.connectors#module:error.kind).
      type: str
      returned: always
      sample: connection_refused
    message:
      description: What went wrong, in words.
      type: str
      returned: always
      sample: >-
        GET http://connect-1.example.com:8083/connectors?expand=info&expand=status: connection refused
    advice:
      description: Suggested fix. Empty if there is none.
      type: str
      returned: always
      sample: 'nothing listens there: check that the worker is running, and its port'
    problems:
      description: All errors in the input.
      type: list
      elements: dict
      returned: when RV(error.kind) is V(invalid_input)
      contains:
        connector:
          description: Name of the connector, if the error is about one.
          type: str
          returned: always
          sample: orders
        key:
          description: Configuration key, if the error is about one.
          type: str
          returned: always
          sample: tasks.max
        message:
          description: The error and its fix, in one line.
          type: str
          returned: always
          sample: >-
            connector "orders" (connectors[0]): key "tasks.max" is a list: Connect takes flat strings; write a comma-separated
            string, or JSON text in quotes
      sample:
        - connector: orders
          key: tasks.max
          message: >-
            connector "orders" (connectors[0]): key "tasks.max" is a list: Connect takes flat strings; write a comma-separated
            string, or JSON text in quotes
    method:
      description: HTTP method of the request that failed.
      type: str
      returned: when a request failed
      sample: GET
    path:
      description: Path of that request.
      type: str
      returned: when a request failed
      sample: /connectors?expand=info&expand=status
    worker:
      description: URL of the worker that the request was sent to.
      type: str
      returned: when a request failed
      sample: http://connect-1.example.com:8083
    http_status:
      description: HTTP status of the response, V(0) if there was none.
      type: int
      returned: when a request failed
      sample: 0
    error_code:
      description: Kafka Connect's own error code, V(0) if there was none.
      type: int
      returned: when a request failed
      sample: 0
    outcome:
      description:
        - Outcome of the request, or of the writes to the first connector that failed. V(done), V(not_done), or V(unknown)
          if it could not be determined.
      type: str
      returned: when a request or a connector failed
      choices: [done, not_done, unknown]
      sample: not_done
  sample:
    kind: connection_refused
    message: >-
      GET http://connect-1.example.com:8083/connectors?expand=info&expand=status: connection refused
    advice: 'nothing listens there: check that the worker is running, and its port'
    method: GET
    path: /connectors?expand=info&expand=status
    worker: http://connect-1.example.com:8083
    http_status: 0
    error_code: 0
    outcome: not_done
run:
  description: What the task cost, and what happened during it.
  type: dict
  returned: when the connection options are valid
  contains:
    requests:
      description: Number of HTTP requests sent.
      type: int
      returned: always
      sample: 14
    retries:
      description: Number of requests that were retries.
      type: int
      returned: always
      sample: 3
    conflicts_waited:
      description: Seconds during which the cluster could not serve a request, for example because it was rebalancing.
      type: float
      returned: always
      sample: 3.1
    elapsed:
      description: Seconds that the task took.
      type: float
      returned: always
      sample: 12.4
    worker:
      description: URL of the worker that the last request was sent to.
      type: str
      returned: always
      sample: http://connect-1.example.com:8083
    timeline:
      description: Notable events, in order.
      type: list
      elements: dict
      returned: always
      contains:
        seconds:
          description: Seconds since the start of the task.
          type: float
          returned: always
          sample: 3.2
        text:
          description: The event, in one line.
          type: str
          returned: always
          sample: 'waiting for 3 s: HTTP 503: Service Unavailable'
      sample:
        - {seconds: 3.2, text: 'waiting for 3 s: HTTP 503: Service Unavailable'}
  sample:
    requests: 14
    retries: 3
    conflicts_waited: 3.1
    elapsed: 12.4
    worker: http://connect-1.example.com:8083
    timeline:
      - {seconds: 3.2, text: 'waiting for 3 s: HTTP 503: Service Unavailable'}
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_offsets_info import (
    CONNECTOR_OFFSETS_INFO,
    connector_offsets_info,
)


def main() -> None:
    run_module(CONNECTOR_OFFSETS_INFO, connector_offsets_info)


if __name__ == "__main__":
    main()
