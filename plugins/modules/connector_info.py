# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_info
short_description: Gather information about Kafka Connect connectors
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Returns state, tasks, root cause of failures, suggested fix and configuration of connectors, selected by name, pattern
    or state.
  - Needs one request, regardless of the number of connectors. Secrets are masked.
  - Connectors that do not exist are not an error. They are listed in RV(missing).
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - The module writes nothing. Credentials that only permit C(GET) requests are sufficient.
options:
  name:
    description:
      - Names and patterns of connectors. If empty, all connectors are returned.
    type: list
    elements: str
    default: []
  states:
    description:
      - Only connectors that are in one of these states, or have a task that is.
      - V(unassigned) also selects connectors that have no state yet.
    type: list
    elements: str
    choices: [running, paused, stopped, failed, unassigned, restarting]
    default: []
  type:
    description:
      - Only connectors of this type.
    type: str
    choices: [source, sink]
    version_added: 0.2.0
  config_matches:
    description:
      - Only connectors whose configuration has these keys, each with a value that the pattern matches.
      - A pattern is a glob that must match the whole value, or a C(~regex) that must match its beginning, as for O(name).
    type: dict
    default: {}
    version_added: 0.2.0
  include_config:
    description:
      - Whether to return the configurations.
      - The default is V(true), because the response contains them anyway. V(false) only makes the result smaller.
    type: bool
    default: true
  include_topics:
    description:
      - Whether to return the topics that each connector has used.
      - The default is V(false), because this costs one request for each connector.
    type: bool
    default: false
seealso:
  - module: streamops.kafka_connect.connector
  - module: streamops.kafka_connect.connectors
  - module: streamops.kafka_connect.connector_state
  - module: streamops.kafka_connect.cluster_info
  - name: Kafka Connect REST API
    description: Kafka's own documentation of the REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Gather information about all connectors
  streamops.kafka_connect.connector_info:
    url: http://connect-1.example.com:8083
  register: connect

- name: Show the number of connectors in each state
  ansible.builtin.debug:
    var: connect.summary

- name: Gather information about failed connectors
  streamops.kafka_connect.connector_info:
    url: http://connect-1.example.com:8083
    states: failed
    include_config: false
  register: broken

- name: Show the cause and the suggested fix
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.cause }} -> {{ item.advice }}"
  loop: "{{ broken.connectors }}"
  loop_control:
    label: "{{ item.name }}"

- name: Gather information about the sinks that write to a database
  streamops.kafka_connect.connector_info:
    url: http://connect-1.example.com:8083
    type: sink
    config_matches:
      connection.url: jdbc:postgresql://warehouse.example.com:*
  register: sinks

- name: Gather information about one connector, including its topics
  streamops.kafka_connect.connector_info:
    url: http://connect-1.example.com:8083
    name: orders
    include_topics: true
  register: orders

- name: Verify that it exists and all its tasks are running
  ansible.builtin.assert:
    that:
      - not orders.missing
      - orders.connectors[0].tasks | rejectattr('state', 'equalto', 'RUNNING') | length == 0
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
      sample: orders
    state:
      description:
        - Last known state of the connector. V(RUNNING), V(PAUSED), V(STOPPED), V(FAILED), V(UNASSIGNED) or V(RESTARTING),
          and empty if it has none.
      type: str
      returned: always
      sample: RUNNING
    tasks:
      description: Last known state of the connector's tasks.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: Number of the task, starting at 0.
          type: int
          returned: always
          sample: 0
        state:
          description: State of the task, as in RV(connectors[].state). Tasks are never V(STOPPED).
          type: str
          returned: always
          sample: RUNNING
        worker_id:
          description: Address that the worker running the task advertises.
          type: str
          returned: always
          sample: connect-1.example.com:8083
        cause:
          description: Root cause from the stack trace of the task, in one line.
          type: str
          returned: when the task has a stack trace
          sample: 'ConnectException: Table orders does not exist'
      sample:
        - {id: 0, state: RUNNING, worker_id: 'connect-1.example.com:8083'}
    cause:
      description:
        - Root cause from the stack trace of the connector or, if it has none, of a failed task, in one line. Empty if nothing
          has failed.
      type: str
      returned: always
      sample: ''
    transience:
      description:
        - Whether a restart alone can help. V(transient) if it can, once the other system works again. V(permanent) if something
          has to be corrected first. V(unknown) if the stack trace does not show it. Empty if nothing has failed.
      type: str
      returned: always
      choices: [transient, permanent, unknown, '']
      sample: ''
    advice:
      description: Suggested fix for that cause. Empty if there is none.
      type: str
      returned: always
      sample: ''
    type:
      description: Type of the connector.
      type: str
      returned: always
      choices: [source, sink, unknown]
      sample: source
    connector_class:
      description: Plugin class, as given in the configuration.
      type: str
      returned: always
      sample: io.debezium.connector.postgresql.PostgresConnector
    worker_id:
      description: Address that the worker running the connector instance advertises.
      type: str
      returned: always
      sample: connect-1.example.com:8083
    config:
      description: The configuration as Connect stores it, with secrets masked.
      type: dict
      returned: when O(include_config=true)
      sample:
        connector.class: io.debezium.connector.postgresql.PostgresConnector
        database.password: '********'
        name: orders
    topics:
      description: Topics that the connector has used since it was created or since this list was reset.
      type: list
      elements: str
      returned: when O(include_topics=true)
      sample: [orders.public.orders]
  sample:
    - name: orders
      state: RUNNING
      tasks:
        - {id: 0, state: RUNNING, worker_id: 'connect-1.example.com:8083'}
      cause: ''
      transience: ''
      advice: ''
      type: source
      connector_class: io.debezium.connector.postgresql.PostgresConnector
      worker_id: connect-1.example.com:8083
missing:
  description: Names in O(name) that do not exist. Patterns are never missing.
  type: list
  elements: str
  returned: success
  sample: []
summary:
  description: Counts of the selected connectors.
  type: dict
  returned: success
  contains:
    total:
      description: Number of connectors.
      type: int
      returned: always
      sample: 40
    by_state:
      description: Number of connectors by state, in lower case.
      type: dict
      returned: always
      sample: {failed: 1, paused: 2, running: 37}
    tasks_total:
      description: Number of tasks.
      type: int
      returned: always
      sample: 96
    tasks_by_state:
      description: Number of tasks by state, in lower case.
      type: dict
      returned: always
      sample: {failed: 2, paused: 4, running: 90}
    failed:
      description: Names of the connectors that have failed or have failed tasks.
      type: list
      elements: str
      returned: always
      sample: [orders]
  sample:
    total: 40
    by_state: {failed: 1, paused: 2, running: 37}
    tasks_total: 96
    tasks_by_state: {failed: 2, paused: 4, running: 90}
    failed: [orders]
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_info import (
    CONNECTOR_INFO,
    connector_info,
)


def main() -> None:
    run_module(CONNECTOR_INFO, connector_info)


if __name__ == "__main__":
    main()
