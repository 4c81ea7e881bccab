# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_health
short_description: Find out whether a Kafka Connect cluster is well
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Looks at workers, connectors, tasks and the workers' group, and tells what is wrong with them, the worst first, each
    with what helps against it.
  - The cluster is well when none of the findings is an error. A playbook may go by RV(healthy), or let the task fail with
    O(required=true), before and after work on the cluster.
  - With O(wait_timeout) it waits until the cluster is well and has been so for O(stable_for).
options:
  min_workers:
    description:
      - So many workers there must be at least.
      - Members of the group count. Without O(bootstrap_servers) the workers of O(url) that answer are counted.
    type: int
  expected_workers:
    description:
      - So many workers there must be, no more and no less. They are counted as for O(min_workers).
    type: int
  max_failed_tasks:
    description:
      - So many tasks may have failed. The findings are warnings then. With V(0) none may.
    type: int
    default: 0
  max_failed_connectors:
    description:
      - So many connectors may have failed themselves, whatever their tasks do. With V(0) none may.
    type: int
    default: 0
  max_unassigned:
    description:
      - So many connectors and tasks may be unassigned, restarting or without a status. With V(0) none may.
    type: int
    default: 0
  connectors:
    description:
      - Names and patterns of the connectors that count. By default all do.
      - It does not narrow what is told of workers and their group.
    type: list
    elements: str
    default: []
  ignore:
    description:
      - Names and patterns of connectors that do not count, because it is known that they fail.
    type: list
    elements: str
    default: []
  required:
    description:
      - Whether the task fails when the cluster is not well. The result is the same, and has the findings.
      - By default it does not fail, so that RV(healthy) can be asked.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait until the cluster is well. With V(0) there is one look and no wait.
      - A rebalance takes seconds. Where a worker has left, its work is held back for
        C(scheduled.rebalance.max.delay.ms), five minutes by default.
    type: float
    default: 0
  stable_for:
    description:
      - Seconds for which the cluster must have been well. It counts only with O(wait_timeout).
      - Tasks that can't reach their system often run for some seconds before they fail. V(10) sees most of that.
    type: float
    default: 10
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.brokers
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - Nothing is written. Credentials that may only send C(GET) requests are enough.
  - Through REST alone it can't be told whether the group rebalances, whether a worker that is not in O(url) is alive,
    and whether a task that reads V(RUNNING) has a worker. Before work on the cluster give O(bootstrap_servers).
  - When O(bootstrap_servers) are given and the group can't be looked at, the cluster is not well. What is unknown is never
    taken for good.
  - When none of the workers in O(url) answers, the task fails, whatever O(required) says. With O(wait_timeout) they have
    that long to come back.
seealso:
  - module: streamops.kafka_connect.cluster_info
  - module: streamops.kafka_connect.connector_info
  - module: streamops.kafka_connect.traffic_window
"""

EXAMPLES = r"""
- name: Go on only when the cluster is well
  streamops.kafka_connect.cluster_health:
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
      - http://connect-3.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    expected_workers: 3
    required: true

- name: Wait until everything is in its place again
  streamops.kafka_connect.cluster_health:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    ignore:
      - sandbox-*
    wait_timeout: 600
    required: true

- name: Look, and tell what is wrong
  streamops.kafka_connect.cluster_health:
    url: http://connect-1.example.com:8083
  register: health

- name: The findings
  ansible.builtin.debug:
    msg: "{{ item.severity }}: {{ item.message }} ({{ item.advice }})"
  loop: "{{ health.findings }}"
  loop_control:
    label: "{{ item.kind }}"
"""

RETURN = r"""
healthy:
  description: Whether none of RV(findings) is an error.
  type: bool
  returned: success, and when O(required) made the task fail
  sample: false
findings:
  description: What is to be known, errors first. Empty when there is nothing.
  type: list
  elements: dict
  returned: success, and when O(required) made the task fail
  contains:
    severity:
      description: How bad it is. The cluster is not well when there is an V(error).
      type: str
      returned: always
      choices: [error, warning, info]
      sample: error
    kind:
      description:
        - What it is.
        - B(Connectors and tasks.)
        - V(failed_connectors) - connectors have failed themselves. There is one finding for each cause.
        - V(failed_tasks) - tasks have failed. There is one finding for each cause.
        - V(no_tasks) - connectors run and have no task.
        - V(stale_status) - connectors read UNASSIGNED by the word of a worker that was cut off and does not own them any
          more.
        - V(task_on_non_member) - tasks show the state that they had on a worker which is no member of the group now.
        - V(unassigned) - connectors and tasks are unassigned, restarting, or without a status.
        - B(Workers.)
        - V(other_number_of_workers) - there are not O(expected_workers).
        - V(plugins_differ) - workers have different plugins.
        - V(too_few_workers) - there are fewer than O(min_workers).
        - V(worker_not_ready) - a worker of O(url) answers, and says that it is not ready (Kafka 3.9 and newer).
        - V(worker_unreachable) - a worker of O(url) does not answer. It is a warning when the brokers say that it is no member.
        - B(The group.) All others are those of
          RV(streamops.kafka_connect.cluster_info#module:group.findings[].kind).
        - V(group_not_asked) - O(bootstrap_servers) are not given.
        - V(group_unknown) - the brokers could not be asked, or do not know the group.
        - V(rebalance_delayed) - work is held back for a worker that left, or until the next step of a rebalance.
        - V(rebalancing) - a rebalance is under way.
        - B(The wait.)
        - V(not_stable_yet) - the cluster is well, and has not been so for O(stable_for).
      type: str
      returned: always
      choices:
        - config_mismatch
        - failed_connectors
        - failed_tasks
        - group_not_asked
        - group_unknown
        - leader_gone
        - loopback_url
        - no_members
        - no_tasks
        - not_a_connect_group
        - not_stable_yet
        - other_number_of_workers
        - owned_by_nobody
        - owned_twice
        - plugins_differ
        - rebalance_delayed
        - rebalancing
        - same_url
        - second_group
        - split_view
        - stale_status
        - task_on_non_member
        - too_few_workers
        - two_clusters
        - unassigned
        - unreachable_url
        - worker_not_ready
        - worker_unreachable
        - wrong_url
      sample: failed_tasks
    subject:
      description: What it is about. The name of a connector or plugin, the URL of a worker, the group, or V(cluster).
      type: str
      returned: always
      sample: orders
    message:
      description: What was seen, in one line.
      type: str
      returned: always
      sample: >-
        1 task FAILED (0 of "orders"): ConnectException: Connection to db.example.com:5432 refused
    advice:
      description: What helps against it. Empty when there is nothing to say.
      type: str
      returned: always
      sample: "the other system can't be reached from the worker: check host, port, firewall, and that it is up"
  sample:
    - severity: error
      kind: failed_tasks
      subject: orders
      message: >-
        1 task FAILED (0 of "orders"): ConnectException: Connection to db.example.com:5432 refused
      advice: "the other system can't be reached from the worker: check host, port, firewall, and that it is up"
workers:
  description: The workers of O(url), then other members of the group.
  type: list
  elements: dict
  returned: success, and when O(required) made the task fail
  contains:
    url:
      description: URL of the worker.
      type: str
      returned: always
      sample: http://connect-1.example.com:8083
    version:
      description: Version of Kafka Connect. Empty when it was not told.
      type: str
      returned: always
      sample: 4.3.1
    reachable:
      description: Whether it answered. V(null) when it is not in O(url).
      type: bool
      returned: always
      sample: true
    ready:
      description: Whether it says that it is ready. V(null) when it can't tell, before Kafka 3.9, or was not asked.
      type: bool
      returned: always
      sample: true
    member:
      description: Whether it is a member of the group. V(null) when that is not known.
      type: bool
      returned: always
      sample: true
    leader:
      description: Whether it leads the group. V(null) when that is not known.
      type: bool
      returned: always
      sample: false
    connectors:
      description: Number of connectors that it owns. V(null) when that is not known.
      type: int
      returned: always
      sample: 7
    tasks:
      description: Number of tasks that it owns. V(null) when that is not known.
      type: int
      returned: always
      sample: 14
  sample:
    - url: http://connect-1.example.com:8083
      version: 4.3.1
      reachable: true
      ready: true
      member: true
      leader: false
      connectors: 7
      tasks: 14
summary:
  description: Counts of all connectors, also of those that do not count for RV(healthy).
  type: dict
  returned: success, and when O(required) made the task fail
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
rebalance:
  description: Whether the group rebalances, and how that is known.
  type: dict
  returned: success, and when O(required) made the task fail
  contains:
    under_way:
      description: Whether a rebalance is under way. V(null) when that is not known.
      type: bool
      returned: always
      sample: false
    known_by:
      description: Who told. REST does not.
      type: str
      returned: always
      choices: [brokers, nobody]
      sample: brokers
    state:
      description: State of the group in Kafka's own words. Empty when it is not known.
      type: str
      returned: always
      sample: Stable
    delay_ms:
      description:
        - Milliseconds for which work is held back, counted from the last rebalance on. V(0) when none is, V(null) when that
          is not known.
      type: int
      returned: always
      sample: 0
  sample:
    under_way: false
    known_by: brokers
    state: Stable
    delay_ms: 0
msg:
  description: What there is and what is the worst of it, in one line.
  type: str
  returned: always
  sample: "well: the group has 3 members, 40 connectors, 96 tasks"
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

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import CLUSTER_HEALTH
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_health import (
    cluster_health,
)


def main() -> None:
    run_module(CLUSTER_HEALTH, cluster_health)


if __name__ == "__main__":
    main()
