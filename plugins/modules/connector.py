# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector
short_description: Ensure that a Kafka Connect connector exists with this config and state, or does not exist
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Creates, updates and deletes one connector of a Kafka Connect cluster in distributed mode, and sets its run state.
  - The config is compared first. When nothing differs, nothing is written, so that the connector is not restarted.
  - Before the first write, the config is checked. Its plugin is installed on every worker, its keys are known, and
    the worker's own validation finds no fault.
  - A change is done when connector and tasks run with it and have stayed so. Otherwise the task fails, with the
    state, the cause out of the trace and advice.
  - For many connectors use M(streamops.kafka_connect.connectors), which looks at the cluster once and changes all of
    them together.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.brokers
  - streamops.kafka_connect.wait
  - streamops.kafka_connect.apply
  - streamops.kafka_connect.checks
  - streamops.kafka_connect.change
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.changes
requirements:
  - jsonschema (Python library), on the controller and where the task runs
options:
  name:
    description:
      - Name of the connector. Any characters are fine other than control characters, and spaces at its ends.
    type: str
    required: true
  config:
    description:
      - The whole config, flat, with scalars as values. V(true) and V(1) are stored as strings, as Connect does it.
      - A key that is not given is removed from the connector. C(name) is added.
      - Required unless O(state=absent).
    type: dict
  state:
    description:
      - V(present) ensures that the connector exists with O(config), and leaves its run state alone.
      - V(running), V(paused) and V(stopped) ensure the run state as well.
      - V(stopped) needs Kafka 3.5 or newer. A stopped connector has no tasks, a paused one keeps them.
      - V(absent) ensures that the connector does not exist. Connect keeps its source offsets or the consumer group of
        a sink, so that a connector of the same name later goes on from there.
      - The default is V(present), so that a deployment does not resume what a person has paused.
    type: str
    choices: [present, absent, running, paused, stopped]
    default: present
  initial_state:
    description:
      - Run state of a connector that is created with O(state=present). It is V(running) when nothing is given.
      - Kafka before 3.7 can't create a connector at rest. It is then created, and paused or stopped at once.
    type: str
    choices: [running, paused, stopped]
seealso:
  - module: streamops.kafka_connect.connectors
  - module: streamops.kafka_connect.connector_state
  - module: streamops.kafka_connect.connector_info
  - module: streamops.kafka_connect.connector_validate
  - name: Kafka Connect REST API
    description: What Kafka Connect itself says of its REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: A file source exists and runs
  streamops.kafka_connect.connector:
    url: http://connect-1.example.com:8083
    name: access-log
    state: running
    config:
      connector.class: org.apache.kafka.connect.file.FileStreamSourceConnector
      tasks.max: 1
      file: /var/log/nginx/access.log
      topic: access-log

- name: A Debezium source, its password resolved on the workers
  streamops.kafka_connect.connector:
    url:
      - https://connect-1.example.com:8083
      - https://connect-2.example.com:8083
    url_username: deploy
    url_password: "{{ connect_password }}"
    ca_path: /etc/ssl/certs/example-ca.pem
    name: orders
    state: running
    wait_timeout: 600
    config:
      connector.class: io.debezium.connector.postgresql.PostgresConnector
      tasks.max: 1
      database.hostname: orders-db.example.com
      database.user: debezium
      database.password: ${file:/etc/kafka/orders.properties:password}
      database.dbname: orders
      topic.prefix: orders
      table.include.list: public.orders,public.order_items

- name: See what a change would do
  streamops.kafka_connect.connector:
    url: http://connect-1.example.com:8083
    name: access-log
    config: "{{ access_log_config | combine({'tasks.max': 2}) }}"
  check_mode: true
  diff: true

- name: Change a connector, with the way back
  streamops.kafka_connect.connector:
    url: http://connect-1.example.com:8083
    name: orders-to-warehouse
    config: "{{ warehouse_config }}"
    stable_for: 60
    on_failure: rollback
    backup_dir: /var/backups/connectors

- name: Create a connector that a person starts later
  streamops.kafka_connect.connector:
    url: http://connect-1.example.com:8083
    name: orders-snapshot
    initial_state: stopped
    config: "{{ snapshot_config }}"

- name: A connector that must not exist, on a cluster that only the jump host reaches
  streamops.kafka_connect.connector:
    url: http://connect-1.internal:8083
    name: old-orders
    state: absent
  delegate_to: jump.example.com

- name: Several tasks with the same connection
  module_defaults:
    group/streamops.kafka_connect.kafka_connect:
      url: "{{ connect_urls }}"
      url_username: deploy
      url_password: "{{ connect_password }}"
      kafka_cluster_id: "{{ kafka_cluster_id }}"
  block:
    - name: The source
      streamops.kafka_connect.connector:
        name: orders
        config: "{{ orders_config }}"

    - name: The sink
      streamops.kafka_connect.connector:
        name: orders-to-warehouse
        config: "{{ warehouse_config }}"
"""

RETURN = r"""
connectors:
  description:
    - What was done with the connector, or would be done in check mode. A list with one entry, in the same form as
      that of M(streamops.kafka_connect.connectors).
  type: list
  elements: dict
  returned: when the cluster could be looked at and nothing stood in the way of the whole task
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders
    action:
      description:
        - What was done, or would be done in check mode. When there are several steps, the one that matters most.
      type: str
      returned: always
      choices: [none, create, update, delete, pause, resume, stop, restart]
      sample: update
    actions:
      description: All steps, in their order.
      type: list
      elements: str
      returned: always
      sample: [update, resume]
    changed:
      description:
        - Whether something was written, whatever came of it, or would be written in check mode.
      type: bool
      returned: always
      sample: true
    changed_keys:
      description: Keys of the config that differ, sorted. For a new connector all of them.
      type: list
      elements: str
      returned: always
      sample: [tasks.max, topics]
    unverified_keys:
      description: Secret keys that the cluster shows masked, so that nobody can tell whether they differ.
      type: list
      elements: str
      returned: when there are any
      sample: [database.password]
    reason:
      description: Why something is to be done, in words. Empty when everything is as wanted.
      type: str
      returned: always
      sample: "config differs: tasks.max, topics"
    state:
      description:
        - State of the connector as it was seen last. V(RUNNING), V(PAUSED), V(STOPPED), V(FAILED), V(UNASSIGNED) or
          V(RESTARTING), and empty when it has none.
        - In check mode this is the state now, for a deleted connector the last one, and after a rollback the one that
          led to it.
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
    warning:
      description:
        - A doubt that is left although the change is proven, for example a worker that can't be reached from here.
      type: str
      returned: when there is one
      sample: >-
        worker connect-3.example.com:8083 can't be reached from here: whether it still runs its share is unknown
    drift:
      description: What somebody else has changed between this task's look and its write, with O(on_drift=replan).
      type: str
      returned: when there was something
      sample: somebody else changed batch.size; planned anew
    rollback:
      description: What was done to undo the change, or why it was not undone.
      type: str
      returned: when the change has failed with O(on_failure=rollback) and there was something to undo
      sample: former config restored
    backup_file:
      description: File with the former config.
      type: str
      returned: when one was written
      sample: /var/backups/connectors/orders.20260308T101502Z.json
    failed:
      description: That this connector could not be brought into the wanted state, or was not begun.
      type: bool
      returned: when it failed
      sample: true
    error:
      description: What went wrong, in words.
      type: str
      returned: when it failed
      sample: 'connector "orders": task 0 is FAILED'
    error_kind:
      description: What went wrong, as in RV(streamops.kafka_connect.connectors#module:error.kind).
      type: str
      returned: when it failed
      sample: connector_failed
    outcome:
      description:
        - What became of the writes. With V(done) all of them were done, and it is their effect that is not as wanted.
          With V(not_done) the one that failed was not done. With V(unknown) nobody can tell.
      type: str
      returned: when it failed
      choices: [done, not_done, unknown]
      sample: done
  sample:
    - name: orders
      action: update
      actions: [update]
      changed: true
      changed_keys: [tasks.max]
      reason: "config differs: tasks.max"
      state: RUNNING
      tasks:
        - {id: 0, state: RUNNING, worker_id: "connect-1.example.com:8083"}
        - {id: 1, state: RUNNING, worker_id: "connect-2.example.com:8083"}
      cause: ""
      advice: ""
msg:
  description: What went wrong, with its cause and what helps against it. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    connector "orders": task 0 is FAILED: ConnectException: Table orders does not exist
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
    connectors:
      description: Names of the connectors that failed, without those that were not begun.
      type: list
      elements: str
      returned: when single connectors failed
      sample: [orders]
    problems:
      description: Each single fault.
      type: list
      elements: dict
      returned: when RV(error.kind) is V(invalid_input)
      contains:
        connector:
          description: Name of the connector, if it is about one.
          type: str
          returned: always
          sample: orders
        key:
          description: Key of the config, if it is about one.
          type: str
          returned: always
          sample: tasks.max
        text:
          description: The fault and its cure, in one line.
          type: str
          returned: always
          sample: 'connector "orders": key "tasks.max": Invalid value many for configuration tasks.max'
      sample:
        - connector: orders
          key: tasks.max
          text: 'connector "orders": key "tasks.max": Invalid value many for configuration tasks.max'
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

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import CONNECTOR
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector import connector


def main() -> None:
    run_module(CONNECTOR, connector)


if __name__ == "__main__":
    main()
