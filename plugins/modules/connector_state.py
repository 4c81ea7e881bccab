# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_state
short_description: Run, pause, stop or restart Kafka Connect connectors
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Sets the run state of existing connectors, selected by names or patterns. Connectors that are already in that state are
    left alone.
  - Restarts connectors and tasks, either all of them or only those that have failed.
  - Counts a change as done once the connector and its tasks are in that state and have remained stable.
  - With O(from_report), it brings connectors back into the run states that they had before an earlier task.
  - Does not change configurations. To set configuration and state together, use M(streamops.kafka_connect.connector).
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.brokers
  - streamops.kafka_connect.wait
  - streamops.kafka_connect.apply
  - streamops.kafka_connect.batches
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.changes
attributes:
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: partial
    details:
      - O(state=restarted) restarts each time, except with O(only_failed=true) if nothing has failed.
options:
  name:
    description:
      - Names and patterns of connectors. A name that does not exist is an error. A pattern that matches nothing causes a
        warning.
      - Required unless O(from_report) is given.
    type: list
    elements: str
  state:
    description:
      - Desired run state. V(running) resumes paused or stopped connectors, and restarts failed ones.
      - V(paused) keeps the tasks, which continue to hold their resources and their place in the consumer group.
      - V(stopped) ends the tasks. It needs Kafka 3.5 or newer.
      - V(restarted) restarts at once, regardless of the state. See O(include_tasks) and O(only_failed).
      - Required with O(name).
    type: str
    choices: [running, paused, stopped, restarted]
  from_report:
    description:
      - Brings connectors back into the run states that they had before an earlier task changed them. Other connectors are left alone.
      - Either the path of the file that the earlier task has written with O(report_path), or its result RV(run_states), for example
        from an artifact of AWX. Use a new file for each change that you want to take back. If a task was interrupted and repeated with
        the same file, the first state counts.
      - A connector that no longer exists, or that another user or run has brought into a third state, is left alone, with a warning.
    type: raw
    version_added: 0.2.0
  include_tasks:
    description:
      - Whether O(state=restarted) also restarts the tasks, or only the connector instance.
      - The default is V(true), because the tasks move the data.
    type: bool
    default: true
  only_failed:
    description:
      - Whether O(state=restarted) restarts only what has failed. If nothing has, the task changes nothing.
    type: bool
    default: false
  restart_failed:
    description:
      - Whether to restart a connector whose desired state is V(running) or V(paused) if it or one of its tasks has failed.
        Only failed parts are restarted. A failed task of a paused connector is left alone.
      - The default is V(true), because a failed connector does not run until it is restarted or gets a new configuration.
        With V(false) the task only sets the target state.
    type: bool
    default: true
  protected:
    description:
      - Patterns for the names of connectors that this task never stops. If it would have to stop one, it fails before
        changing anything.
    type: list
    elements: str
    default: []
seealso:
  - module: streamops.kafka_connect.connector_info
  - module: streamops.kafka_connect.connector
  - module: streamops.kafka_connect.connectors
  - name: Kafka Connect REST API
    description: Kafka's own documentation of the REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Pause a connector
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: orders
    state: paused

- name: Restart only failed connectors and tasks
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: "*"
    state: restarted
    only_failed: true

- name: Stop the connectors of a database for maintenance, except for the audit
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: orders-*
    state: stopped
    protected:
      - "*-audit"

- name: Pause what writes to a database, and remember what ran
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: warehouse-*
    state: paused
    report_path: freeze-warehouse.jsonl
  register: frozen

- name: After the migration, resume exactly those that ran
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    # In a later run: freeze-warehouse.jsonl
    from_report: "{{ frozen.run_states }}"

- name: Resume them, five at a time
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: orders-*
    state: running
    batches: [5]
    wait_timeout: 900

- name: Restart connectors and tasks so that they read new secrets
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name:
      - orders
      - ~invoices-(eu|us)$
    state: restarted

- name: Preview which connectors would be resumed
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: "*"
    state: running
  check_mode: true
  register: resumption

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ resumption.connectors | selectattr('changed') | map(attribute='name') | list }}"
"""

RETURN = r"""
connectors:
  description:
    - What the task did with each connector, or would do in check mode, in the order of O(name).
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
      choices: [none, pause, resume, stop, restart]
      sample: pause
    actions:
      description: All steps, in order.
      type: list
      elements: str
      returned: always
      sample: [pause]
    changed:
      description:
        - Whether the task wrote something, regardless of the outcome, or would write something in check mode.
      type: bool
      returned: always
      sample: true
    changed_keys:
      description: Always empty, because this module does not change configurations.
      type: list
      elements: str
      returned: always
      sample: []
    reason:
      description: Why a change is needed, in words. Empty if the connector is in the desired state.
      type: str
      returned: always
      sample: is RUNNING, expected PAUSED
    state:
      description:
        - Last known state of the connector. V(RUNNING), V(PAUSED), V(STOPPED), V(FAILED), V(UNASSIGNED) or V(RESTARTING),
          and empty if it has none.
        - In check mode, the current state.
      type: str
      returned: always
      sample: PAUSED
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
          sample: PAUSED
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
        - {id: 0, state: PAUSED, worker_id: 'connect-1.example.com:8083'}
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
      action: pause
      actions: [pause]
      changed: true
      changed_keys: []
      reason: is RUNNING, expected PAUSED
      state: PAUSED
      tasks:
        - {id: 0, state: PAUSED, worker_id: 'connect-1.example.com:8083'}
      cause: ''
      transience: ''
      advice: ''
run_states:
  description:
    - Connectors whose run state the task changed, or would change in check mode, with the states that were requested before
      and after. Pass it to O(from_report) to take the change back.
  type: dict
  returned: success, and when single connectors failed
  sample: {orders: {before: running, after: paused}}
msg:
  description:
    - What changed, or would change in check mode, in one line, for example V(2 updated (invoices, orders\)). Not returned
      if nothing changed.
    - On failure, what went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: on failure, and when something changed or would change in check mode
  sample: |-
    2 of 40 connectors failed:
    connector "orders": task 0 is FAILED: ConnectException: Table orders does not exist
    connector "invoices": task 1 is FAILED: ConnectException: Table invoices does not exist
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_state import (
    CONNECTOR_STATE,
    connector_state,
)


def main() -> None:
    run_module(CONNECTOR_STATE, connector_state)


if __name__ == "__main__":
    main()
