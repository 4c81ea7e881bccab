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
  - Brings existing connectors, given by names or patterns, into a run state. Connectors that are already there are
    left alone.
  - Restarts connectors and tasks, all of them or only those that have failed.
  - A change is done when connector and tasks are in that state and have stayed so.
  - Configs are not touched. For config and state together use M(streamops.kafka_connect.connector).
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
    description: When run twice in a row, the second run changes nothing.
    support: partial
    details:
      - O(state=restarted) restarts each time, except with O(only_failed=true) when nothing has failed.
options:
  name:
    description:
      - Names and patterns of connectors. A name that does not exist is an error. A pattern that matches nothing gets
        a warning.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(running) resumes what is paused or stopped, and restarts what has failed.
      - V(paused) keeps the tasks, which go on holding their resources and their place in the consumer group.
      - V(stopped) ends the tasks. It needs Kafka 3.5 or newer.
      - V(restarted) restarts now, whatever the state. See O(include_tasks) and O(only_failed).
    type: str
    choices: [running, paused, stopped, restarted]
    required: true
  include_tasks:
    description:
      - Whether O(state=restarted) restarts the tasks too, or only the connector instance.
      - The default is V(true), because it is the tasks that move data.
    type: bool
    default: true
  only_failed:
    description:
      - Whether O(state=restarted) restarts only what has failed. When nothing has, nothing is done.
    type: bool
    default: false
  restart_failed:
    description:
      - Whether a connector that shall be V(running) or V(paused) is restarted when it, or one of its tasks, has
        failed. Only failed parts are restarted. A failed task of a paused connector is left alone.
      - The default is V(true), because a failed connector does not run, and nothing but a restart or a new config
        revives it. With V(false) only the target state is set.
    type: bool
    default: true
  protected:
    description:
      - Patterns for the names of connectors that this task never stops. If it would, it fails before anything is
        changed.
    type: list
    elements: str
    default: []
seealso:
  - module: streamops.kafka_connect.connector_info
  - module: streamops.kafka_connect.connector
  - module: streamops.kafka_connect.connectors
  - name: Kafka Connect REST API
    description: What Kafka Connect itself says of its REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Pause a connector
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: orders
    state: paused

- name: Restart what has failed, and nothing else
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: "*"
    state: restarted
    only_failed: true

- name: Stop the connectors of a database for its maintenance, but not the audit
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: orders-*
    state: stopped
    protected:
      - "*-audit"

- name: Run them again, five at a time
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: orders-*
    state: running
    batches: [5]
    wait_timeout: 900

- name: Restart connectors and tasks to make them read new secrets
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name:
      - orders
      - ~invoices-(eu|us)$
    state: restarted

- name: See which connectors would be resumed
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: "*"
    state: running
  check_mode: true
  register: resumption

- name: Their names
  ansible.builtin.debug:
    msg: "{{ resumption.connectors | selectattr('changed') | map(attribute='name') | list }}"
"""

RETURN = r"""
connectors:
  description:
    - What was done with each connector, or would be done in check mode, in the order of O(name).
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
      choices: [none, pause, resume, stop, restart]
      sample: pause
    actions:
      description: All steps, in their order.
      type: list
      elements: str
      returned: always
      sample: [pause]
    changed:
      description:
        - Whether something was written, whatever came of it, or would be written in check mode.
      type: bool
      returned: always
      sample: true
    changed_keys:
      description: Always empty, since configs are not touched.
      type: list
      elements: str
      returned: always
      sample: []
    reason:
      description: Why something is to be done, in words. Empty when everything is as wanted.
      type: str
      returned: always
      sample: "is RUNNING, expected PAUSED"
    state:
      description:
        - State of the connector as it was seen last. V(RUNNING), V(PAUSED), V(STOPPED), V(FAILED), V(UNASSIGNED) or
          V(RESTARTING), and empty when it has none.
        - In check mode this is the state now.
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
      action: pause
      actions: [pause]
      changed: true
      changed_keys: []
      reason: is RUNNING, expected PAUSED
      state: PAUSED
      tasks:
        - {id: 0, state: PAUSED, worker_id: "connect-1.example.com:8083"}
      cause: ""
      advice: ""
msg:
  description: What went wrong, with its cause and what helps against it. One line for each problem.
  type: str
  returned: on failure
  sample: |-
    2 of 40 connectors failed:
    connector "orders": task 0 is FAILED: ConnectException: Table orders does not exist
    connector "invoices": task 1 is FAILED: ConnectException: Table invoices does not exist
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

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import CONNECTOR_STATE
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_state import (
    connector_state,
)


def main() -> None:
    run_module(CONNECTOR_STATE, connector_state)


if __name__ == "__main__":
    main()
