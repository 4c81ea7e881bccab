# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_info
short_description: Look at Kafka Connect connectors
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Returns state, tasks, first cause of failures, advice and config of connectors, chosen by name, pattern or state.
  - One request tells it all, whatever the number of connectors. Secrets are masked.
  - Connectors that do not exist are no error, they are listed in RV(missing).
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - Nothing is written. Credentials that may only send C(GET) requests are enough.
options:
  name:
    description:
      - Names and patterns of connectors. All connectors when it is empty.
    type: list
    elements: str
    default: []
  states:
    description:
      - Only connectors that are in one of these states, or of which a task is.
      - V(unassigned) also stands for a connector that has no state yet.
    type: list
    elements: str
    choices: [running, paused, stopped, failed, unassigned, restarting]
    default: []
  config:
    description:
      - Whether the configs are returned. They are part of the answer anyway, so leaving them out only makes the
        result smaller.
    type: bool
    default: true
  topics:
    description:
      - Whether to ask for the topics that each connector has used. This costs a request for each connector.
      - The default is V(false), because of that.
    type: bool
    default: false
seealso:
  - module: streamops.kafka_connect.connector
  - module: streamops.kafka_connect.connectors
  - module: streamops.kafka_connect.connector_state
  - module: streamops.kafka_connect.cluster_info
  - name: Kafka Connect REST API
    description: What Kafka Connect itself says of its REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Look at all connectors
  streamops.kafka_connect.connector_info:
    url: http://connect-1.example.com:8083
  register: connect

- name: Show how many there are in each state
  ansible.builtin.debug:
    var: connect.summary

- name: What has failed, and why
  streamops.kafka_connect.connector_info:
    url: http://connect-1.example.com:8083
    states: failed
    config: false
  register: broken

- name: One line for each
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.cause }} -> {{ item.advice }}"
  loop: "{{ broken.connectors }}"
  loop_control:
    label: "{{ item.name }}"

- name: One connector, with its topics
  streamops.kafka_connect.connector_info:
    url: http://connect-1.example.com:8083
    name: orders
    topics: true
  register: orders

- name: It exists, and all its tasks run
  ansible.builtin.assert:
    that:
      - not orders.missing
      - orders.connectors[0].tasks | rejectattr('state', 'equalto', 'RUNNING') | length == 0
"""

RETURN = r"""
connectors:
  description: The connectors that were asked for, sorted by name.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders
    type:
      description: Kind of the connector.
      type: str
      returned: always
      choices: [source, sink, unknown]
      sample: source
    connector_class:
      description: Plugin class, as the config names it.
      type: str
      returned: always
      sample: io.debezium.connector.postgresql.PostgresConnector
    worker_id:
      description: Address of the worker that runs the connector instance, as that worker advertises it.
      type: str
      returned: always
      sample: connect-1.example.com:8083
    state:
      description:
        - State of the connector as it was seen last. V(RUNNING), V(PAUSED), V(STOPPED), V(FAILED), V(UNASSIGNED) or
          V(RESTARTING), and empty when it has none.
      type: str
      returned: always
      sample: RUNNING
    tasks:
      description: The tasks of the connector as they were seen last.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: Number of the task, from 0.
          type: int
          returned: always
          sample: 0
        state:
          description: State of the task, as in RV(connectors[].state). Tasks are never V(STOPPED).
          type: str
          returned: always
          sample: RUNNING
        worker_id:
          description: Address of the worker that runs the task, as that worker advertises it.
          type: str
          returned: always
          sample: connect-1.example.com:8083
        cause:
          description: First cause of the task's trace, in one line.
          type: str
          returned: when the task has a trace
          sample: "ConnectException: Table orders does not exist"
      sample:
        - {id: 0, state: RUNNING, worker_id: "connect-1.example.com:8083"}
    cause:
      description:
        - First cause out of the trace of the connector, or else of a failed task, in one line. Empty when there is
          none.
      type: str
      returned: always
      sample: ""
    advice:
      description: What usually helps against that. Empty when there is nothing to say.
      type: str
      returned: always
      sample: ""
    config:
      description: The config as it is stored, secrets masked.
      type: dict
      returned: when O(config=true)
      sample:
        connector.class: io.debezium.connector.postgresql.PostgresConnector
        database.password: "********"
        name: orders
    topics:
      description: Topics that the connector has used since it was created or since this list was reset.
      type: list
      elements: str
      returned: when O(topics=true)
      sample: [orders.public.orders]
  sample:
    - name: orders
      type: source
      connector_class: io.debezium.connector.postgresql.PostgresConnector
      worker_id: connect-1.example.com:8083
      state: RUNNING
      tasks:
        - id: 0
          state: FAILED
          worker_id: connect-2.example.com:8083
          cause: "ConnectException: Table orders does not exist"
      cause: "ConnectException: Table orders does not exist"
      advice: ""
      config:
        connector.class: io.debezium.connector.postgresql.PostgresConnector
        database.password: "********"
        name: orders
missing:
  description: Names in O(name) that do not exist. Patterns are never missing.
  type: list
  elements: str
  returned: success
  sample: []
summary:
  description: Counts of the connectors that were asked for.
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
      description: Names of the connectors that have failed themselves or have failed tasks.
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
  description: What went wrong, with its cause and what helps against it. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    GET http://connect-1.example.com:8083/connectors?expand=info&expand=status: [Errno 111] Connection refused ->
    nothing listens there: is the worker running, is the port right?
error:
  description: The failure in parts, for playbooks.
  type: dict
  returned: on failure, other than for missing or unknown options
  contains:
    kind:
      description:
        - The kind of the failure, one of those that M(streamops.kafka_connect.connectors) lists under
          RV(streamops.kafka_connect.connectors#module:error.kind).
      type: str
      returned: always
      sample: connection_refused
    message:
      description: What went wrong, in words.
      type: str
      returned: always
      sample: "GET http://connect-1.example.com:8083/connectors: [Errno 111] Connection refused"
    advice:
      description: What helps against it. Empty when there is nothing to say.
      type: str
      returned: always
      sample: "nothing listens there: is the worker running, is the port right?"
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
      description: URL of the worker that was asked.
      type: str
      returned: when a request failed
      sample: http://connect-1.example.com:8083
    http_status:
      description: HTTP status of the answer, V(0) when there was none.
      type: int
      returned: when a request failed
      sample: 0
    error_code:
      description: Kafka Connect's own error code, V(0) when there was none.
      type: int
      returned: when a request failed
      sample: 0
    outcome:
      description:
        - What became of the request, or of the writes of the first connector that failed.
      type: str
      returned: when a request or a connector failed
      choices: [done, not_done, unknown]
      sample: not_done
  sample:
    kind: connection_refused
    message: >-
      GET http://connect-1.example.com:8083/connectors?expand=info&expand=status: [Errno 111] Connection refused
    advice: "nothing listens there: is the worker running, is the port right?"
    method: GET
    path: /connectors?expand=info&expand=status
    worker: http://connect-1.example.com:8083
    http_status: 0
    error_code: 0
    outcome: not_done
run:
  description: What the task cost, and what happened in it.
  type: dict
  returned: when the connection options are right
  contains:
    requests:
      description: HTTP requests that were sent.
      type: int
      returned: always
      sample: 1
    retries:
      description: How many of them were sent again.
      type: int
      returned: always
      sample: 0
    conflicts_waited:
      description: Seconds in which the cluster could not serve a request, for example because it was rebalancing.
      type: float
      returned: always
      sample: 0.0
    elapsed:
      description: Seconds of the whole run.
      type: float
      returned: always
      sample: 0.04
    worker:
      description: URL of the worker that was asked last.
      type: str
      returned: always
      sample: http://connect-1.example.com:8083
    timeline:
      description: What a person may want to know, in order.
      type: list
      elements: dict
      returned: always
      contains:
        seconds:
          description: Seconds since the run began.
          type: float
          returned: always
          sample: 3.2
        text:
          description: One line.
          type: str
          returned: always
          sample: "12 of 40 in the desired state; orders: connector is UNASSIGNED, waiting for RUNNING"
      sample:
        - {seconds: 3.2, text: "12 of 40 in the desired state; orders: connector is UNASSIGNED, waiting for RUNNING"}
  sample:
    requests: 1
    retries: 0
    conflicts_waited: 0.0
    elapsed: 0.04
    worker: http://connect-1.example.com:8083
    timeline: []
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import CONNECTOR_INFO
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_info import (
    connector_info,
)


def main() -> None:
    run_module(CONNECTOR_INFO, connector_info)


if __name__ == "__main__":
    main()
