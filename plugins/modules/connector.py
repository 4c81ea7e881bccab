# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector
short_description: Create, update, delete, pause, resume or stop a Kafka Connect connector
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Creates, updates and deletes one connector of a Kafka Connect cluster in distributed mode, and sets its run state.
  - Compares the configuration first. If nothing differs, it writes nothing, and the connector is not restarted.
  - Checks the configuration before the first write. The plugin must be installed on every worker, the keys must be known,
    and the worker's own validation must report no errors.
  - Counts a change as done once the connector and its tasks are running with it and have remained stable. Otherwise the
    task fails and returns the state, the root cause from the stack trace and a suggested fix.
  - For many connectors use M(streamops.kafka_connect.connectors), which reads the cluster once and changes all of them
    together.
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
      - Name of the connector. It may contain any characters except control characters, and must not start or end with a
        space.
    type: str
    required: true
  config:
    description:
      - The whole configuration as a flat dictionary of scalars. Numbers and booleans such as V(1) and V(true) are stored as
        strings, as Connect does.
      - Keys that you do not give are removed from the connector. C(name) is added.
      - Required unless O(state=absent).
    type: dict
  state:
    description:
      - Desired state of the connector. V(present) ensures that it exists with O(config), and does not change its run state.
      - V(running), V(paused) and V(stopped) also ensure the run state.
      - V(stopped) needs Kafka 3.5 or newer. A stopped connector has no tasks, a paused one keeps them.
      - V(absent) ensures that the connector does not exist. Connect keeps its source offsets or its consumer group, so a
        connector that you create later with the same name continues from there.
      - The default is V(present), so that a deployment does not resume a connector that a person has paused.
    type: str
    choices: [present, absent, running, paused, stopped]
    default: present
  initial_state:
    description:
      - Run state of a connector that this task creates with O(state=present). If you do not set it, the connector runs.
      - Kafka before 3.7 cannot create a paused or stopped connector. The task then creates it, and pauses or stops it at
        once.
    type: str
    choices: [running, paused, stopped]
seealso:
  - module: streamops.kafka_connect.connectors
  - module: streamops.kafka_connect.connector_state
  - module: streamops.kafka_connect.connector_info
  - module: streamops.kafka_connect.connector_validate
  - name: Kafka Connect REST API
    description: Kafka's own documentation of the REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Ensure that a file source is running
  streamops.kafka_connect.connector:
    url: http://connect-1.example.com:8083
    name: access-log
    state: running
    config:
      connector.class: org.apache.kafka.connect.file.FileStreamSourceConnector
      tasks.max: 1
      file: /var/log/nginx/access.log
      topic: access-log

- name: Ensure that a Debezium source is running, with a password that the workers resolve
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

- name: Preview a change
  streamops.kafka_connect.connector:
    url: http://connect-1.example.com:8083
    name: access-log
    config: "{{ access_log_config | combine({'tasks.max': 2}) }}"
  check_mode: true
  diff: true

- name: Change a connector, and roll back if the change fails
  streamops.kafka_connect.connector:
    url: http://connect-1.example.com:8083
    name: orders-to-warehouse
    config: "{{ warehouse_config }}"
    stable_for: 60
    on_failure: rollback
    backup_dir: /var/backups/connectors

- name: Create a connector that you start later
  streamops.kafka_connect.connector:
    url: http://connect-1.example.com:8083
    name: orders-snapshot
    initial_state: stopped
    config: "{{ snapshot_config }}"

- name: Delete a connector on a cluster that only the jump host can reach
  streamops.kafka_connect.connector:
    url: http://connect-1.internal:8083
    name: old-orders
    state: absent
  delegate_to: jump.example.com

- name: Set the connection once for several tasks
  module_defaults:
    group/streamops.kafka_connect.kafka_connect:
      url: "{{ connect_urls }}"
      url_username: deploy
      url_password: "{{ connect_password }}"
      kafka_cluster_id: "{{ kafka_cluster_id }}"
  block:
    - name: Ensure that the source exists
      streamops.kafka_connect.connector:
        name: orders
        config: "{{ orders_config }}"

    - name: Ensure that the sink exists
      streamops.kafka_connect.connector:
        name: orders-to-warehouse
        config: "{{ warehouse_config }}"
"""

RETURN = r"""
connectors:
  description:
    - What the task did with the connector, or would do in check mode. A list with one entry, in the same form as the result
      of M(streamops.kafka_connect.connectors).
  type: list
  elements: dict
  returned: when the cluster could be read and no error stopped the whole task
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders
    action:
      description:
        - What the task did, or would do in check mode. If there are several steps, the most important one.
      type: str
      returned: always
      choices: [none, create, update, delete, pause, resume, stop, restart]
      sample: update
    actions:
      description: All steps, in order.
      type: list
      elements: str
      returned: always
      sample: [update]
    changed:
      description:
        - Whether the task wrote something, regardless of the outcome, or would write something in check mode.
      type: bool
      returned: always
      sample: true
    changed_keys:
      description: Configuration keys that differ, sorted. For a new connector, all of its keys.
      type: list
      elements: str
      returned: always
      sample: [tasks.max, topic]
    unverified_keys:
      description: Secret keys that the cluster returns masked, so that they cannot be compared.
      type: list
      elements: str
      returned: when there are any
      sample: [database.password]
    reason:
      description: Why a change is needed, in words. Empty if the connector is in the desired state.
      type: str
      returned: always
      sample: 'config differs: tasks.max, topic'
    state:
      description:
        - Last known state of the connector. V(RUNNING), V(PAUSED), V(STOPPED), V(FAILED), V(UNASSIGNED) or V(RESTARTING),
          and empty if it has none.
        - In check mode, the current state. For a deleted connector, its last state. After a rollback, the state that caused
          it.
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
    warning:
      description:
        - A remaining doubt although the change is proven, for example a worker that cannot be reached from where the task
          runs.
      type: str
      returned: when there is one
      sample: >-
        worker connect-3.example.com:8083 can't be reached from here: whether it still runs its share is unknown
    drift:
      description:
        - What another user or run changed between the read on which this task based its plan and its write, with O(on_drift=replan).
      type: str
      returned: when there was a concurrent change
      sample: another user or run changed batch.size; planned again
    rollback:
      description: What the task did to undo the change, or why it did not undo it.
      type: str
      returned: when the change failed with O(on_failure=rollback) and there was something to undo
      sample: previous config restored
    backup_file:
      description: File with the previous configuration.
      type: str
      returned: when one was written
      sample: /var/backups/connectors/orders.20260308T101502Z.json
    failed:
      description: That the connector did not reach the desired state, or that the task did not start to change it.
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
        - Outcome of the writes. V(done) means that all of them were applied but did not have the desired effect, V(not_done)
          that the write that failed was not applied, and V(unknown) that neither could be determined.
      type: str
      returned: when it failed
      choices: [done, not_done, unknown]
      sample: done
  sample:
    - name: orders
      action: update
      actions: [update]
      changed: true
      changed_keys: [tasks.max, topic]
      reason: 'config differs: tasks.max, topic'
      state: RUNNING
      tasks:
        - {id: 0, state: RUNNING, worker_id: 'connect-1.example.com:8083'}
      cause: ''
      transience: ''
      advice: ''
msg:
  description:
    - What changed, or would change in check mode, in one line, for example V(2 updated (invoices, orders\)). Not returned
      if nothing changed.
    - On failure, what went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: on failure, and when something changed or would change in check mode
  sample: >-
    connector "orders": task 0 is FAILED: ConnectException: Table orders does not exist
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
    connectors:
      description: Names of the connectors that failed, without those that the task did not start to change.
      type: list
      elements: str
      returned: when single connectors failed
      sample: [orders]
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
          sample: >-
            12 of 40 in the desired state; orders: connector is UNASSIGNED, waiting for RUNNING
      sample:
        - seconds: 3.2
          text: >-
            12 of 40 in the desired state; orders: connector is UNASSIGNED, waiting for RUNNING
  sample:
    requests: 14
    retries: 3
    conflicts_waited: 3.1
    elapsed: 12.4
    worker: http://connect-1.example.com:8083
    timeline:
      - seconds: 3.2
        text: >-
          12 of 40 in the desired state; orders: connector is UNASSIGNED, waiting for RUNNING
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector import (
    CONNECTOR,
    connector,
)


def main() -> None:
    run_module(CONNECTOR, connector)


if __name__ == "__main__":
    main()
