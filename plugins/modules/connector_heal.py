# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_heal
short_description: Restart what failed in Kafka Connect for a transient cause
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Kafka Connect does not restart a connector or task that has failed. This module does, on a schedule, where a restart can help.
  - Reads the stack trace of everything that failed. What failed for a transient cause, such as a database that was away, is
    restarted and watched. What has a permanent cause, such as a wrong password, is left, and the result says what to do.
  - Pauses between restarts grow with each failure, and the number of restarts of a connector is limited. Failures and restarts are
    counted in the status topic of the workers, so no run needs a file, and restarts by other users and programs count, too.
  - Also restarts a connector, without its tasks, whose status UNASSIGNED is outdated. A partitioned worker writes such a status.
  - Does not touch connectors that are paused or stopped.
options:
  name:
    description:
      - Names and patterns of connectors. If empty, all connectors are included.
      - A name that does not exist causes a warning.
    type: list
    elements: str
    default: []
  protected:
    description:
      - Names and patterns of connectors that are never restarted. They are reported with their causes.
    type: list
    elements: str
    default: []
  max_restarts:
    description:
      - Maximum number of restarts of a connector within O(window). With V(0), the task only reports.
      - Tasks that are restarted together count once. Any start after a failure counts, also one by a user or after a rebalance.
    type: int
    default: 3
  window:
    description:
      - How far back failures and restarts count, such as V(6h), V(1d) or V(1d12h). The task reads this part of the status topic.
    type: str
    default: 6h
  first_pause:
    description:
      - Time after the first failure before a restart, such as V(30s) or V(1m). It doubles with each failure within O(window), up to
        the length of O(window). Tasks that fail together count as one failure.
      - If a restart is not due yet, the connector is left for a later run. The task does not wait for it.
    type: str
    default: 1m
  unknown_causes:
    description:
      - What to do if it is not known whether the cause is transient. V(leave) reports the connector, V(restart) treats the cause as
        transient.
    type: str
    choices: [leave, restart]
    default: leave
  fail_on_left:
    description:
      - Whether the task fails if something is left, has failed again after its restart, or was not proven to run. Everything that is
        due is restarted first.
      - A restart that no worker accepted always fails the task.
    type: bool
    default: false
  status_topic:
    description:
      - Name of the status topic, which is the C(status.storage.topic) of the workers.
      - If you set neither this nor O(worker_properties), the module reads samples of all compacted topics, and uses the one with
        records of this kind. If there is more than one, it fails, and lists them.
    type: str
    default: ""
  worker_properties:
    description:
      - Properties file of a worker, on the machine where the task runs. The module reads only the names of the topics from it.
    type: path
  max_bytes:
    description:
      - Maximum number of bytes of keys and values to read from the status topic. With more, the task fails before it changes anything.
    type: int
    default: 536870912
  wait_timeout:
    description:
      - Seconds to wait in the whole task, for all restarts together.
      - The wait ends early once everything that was restarted is either proven to run or has failed again.
    type: float
    default: 300
  stable_for:
    description:
      - Seconds for which a restarted connector and its tasks must run before the restart counts as successful.
      - A connector that can't reach its system often runs for some seconds before it fails again.
    type: float
    default: 10
  bootstrap_servers:
    description:
      - Kafka brokers of the workers, as C(HOST:PORT). The module reads the status topic from them, the workers' group if a connector is
        UNASSIGNED, and the group also if restarts have been refused for 10 seconds.
      - Requires the Python library C(confluent-kafka) where the task runs.
      - The module waits 12 seconds for the brokers, less if they refuse permanently (TLS, login).
    type: list
    elements: str
    required: true
  client_properties:
    description:
      - How to connect to the brokers. Accepts the C(security.protocol), C(sasl.*) and C(ssl.*) properties of a worker's own
        file, or their names in librdkafka. Ignores other properties of a worker's file.
      - Key stores and trust stores must be of type C(PEM), a key store may also be of type C(PKCS12). For other types set
        C(ssl.ca.location), C(ssl.certificate.location) and C(ssl.key.location).
      - Secrets in it appear in no result and no log.
      - The user needs the ACLs Describe and Read on the status topic, and also DescribeConfigs if the module must find the topic.
    type: dict
    default: {}
  group_id:
    description:
      - The C(group.id) of the workers. If you do not set it, the module finds the group by the addresses of O(url) and of the
        workers that run something.
    type: str
    default: ""
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
attributes:
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: none
    details:
      - A restart changes no configuration. RV(restarted) says what was restarted.
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: full
    details:
      - What failed again right after its restart is not due yet, unless O(first_pause) is V(0s).
notes:
  - The connector is the unit. If several of its tasks failed, and one of them for a cause that forbids a restart, all are left.
  - Kafka compacts the status topic, but never its newest segment. It removes failures of the last hours only if C(segment.ms) or
    C(segment.bytes) of the topic are much smaller than Kafka's defaults (7 days, 1 GiB).
  - A connector that is deleted and created again starts with no failures.
  - Times are those of the workers' clocks.
seealso:
  - module: streamops.kafka_connect.connector_state
  - module: streamops.kafka_connect.cluster_health
  - module: streamops.kafka_connect.cluster_history
"""

EXAMPLES = r"""
- name: Restart what failed for a transient cause
  streamops.kafka_connect.connector_heal:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    status_topic: connect-status
  register: healed

- name: Show what is left, and what to do
  ansible.builtin.debug:
    msg: "{{ healed.report }}"

- name: Only report what would be restarted
  streamops.kafka_connect.connector_heal:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    status_topic: connect-status
  check_mode: true

- name: Restart the sinks of the warehouse, also for unknown causes, but not the audit, and fail if one does not run
  streamops.kafka_connect.connector_heal:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    status_topic: connect-status
    name: warehouse-*
    protected: warehouse-audit
    unknown_causes: restart
    max_restarts: 5
    window: 1d
    fail_on_left: true
"""

RETURN = r"""
restarted:
  description: Failed connectors that the task restarted, or would restart in check mode, by name.
  type: list
  elements: dict
  returned: when the cluster and the status topic could be read
  contains:
    connector:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders
    tasks:
      description: Numbers of the tasks that had failed. Empty if only the connector itself had failed or has an outdated
        status.
      type: list
      elements: int
      returned: always
      sample: [0, 1]
    cause:
      description: Root cause from the stack trace that decided, in one line.
      type: str
      returned: always
      sample: 'ConnectException: connection to db-1.example.com:5432 refused'
    failures:
      description: Number of failures within O(window). Tasks that fail together count once.
      type: int
      returned: always
      sample: 2
    restarts:
      description: Number of starts after a failure within O(window), without the one of this task.
      type: int
      returned: always
      sample: 1
    last_failure:
      description: Time of the last failure in ISO 8601, in UTC, with milliseconds.
      type: str
      returned: when there is one within O(window)
      sample: '2026-11-28T02:13:05.120Z'
    result:
      description:
        - V(running) - connector and tasks run, and have done so for O(stable_for).
        - V(failed_again) - the connector or a task failed again, see RV(restarted[].new_cause).
        - V(not_proven) - it was not seen running for long enough within O(wait_timeout), see RV(restarted[].error).
        - V(not_restarted) - no worker accepted the restart, see RV(restarted[].error).
        - V(planned) - check mode.
      type: str
      returned: always
      choices: [running, failed_again, not_proven, not_restarted, planned]
      sample: running
    new_cause:
      description: Root cause of the new failure, in one line.
      type: str
      returned: when it failed again
      sample: 'ConnectException: connection to db-1.example.com:5432 refused'
    error:
      description: What went wrong.
      type: str
      returned: when RV(restarted[].result) is neither V(running) nor V(planned)
      sample: 'connector "orders": task 0 is FAILED'
    advice:
      description: What to do about it. Empty if nothing is known.
      type: str
      returned: when RV(restarted[].result) is neither V(running) nor V(planned)
      sample: the database accepts no connections
  sample:
    - connector: orders
      tasks: [0, 1]
      cause: 'ConnectException: connection to db-1.example.com:5432 refused'
      failures: 2
      restarts: 1
      result: running
left:
  description: Failed connectors that the task left as they are, by name.
  type: list
  elements: dict
  returned: when the cluster and the status topic could be read
  contains:
    connector:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders
    tasks:
      description: Numbers of the tasks that had failed. Empty if only the connector itself had failed or has an outdated
        status.
      type: list
      elements: int
      returned: always
      sample: [0, 1]
    cause:
      description: Root cause from the stack trace that decided, in one line.
      type: str
      returned: always
      sample: 'ConnectException: connection to db-1.example.com:5432 refused'
    failures:
      description: Number of failures within O(window). Tasks that fail together count once.
      type: int
      returned: always
      sample: 2
    restarts:
      description: Number of starts after a failure within O(window).
      type: int
      returned: always
      sample: 3
    last_failure:
      description: Time of the last failure in ISO 8601, in UTC, with milliseconds.
      type: str
      returned: when there is one within O(window)
      sample: '2026-11-28T02:13:05.120Z'
    reason:
      description:
        - V(permanent) - something has to be changed first, see RV(left[].advice).
        - V(unknown_cause) - whether the cause is transient is not known, and O(unknown_causes) is V(leave).
        - V(limit_reached) - it has been restarted O(max_restarts) times within O(window).
        - V(not_due) - the pause after the last failure is not over.
        - V(protected) - it matches O(protected).
      type: str
      returned: always
      choices: [permanent, unknown_cause, limit_reached, not_due, protected]
      sample: permanent
    advice:
      description: What to do.
      type: str
      returned: always
      sample: correct the key that the message names; connector_validate checks it without changing anything
    next_restart_at:
      description: Time from which on a run restarts it, in ISO 8601, in UTC, with milliseconds.
      type: str
      returned: when RV(left[].reason) is V(limit_reached) or V(not_due), and O(max_restarts) is not V(0)
      sample: '2026-11-28T02:17:05.120Z'
  sample:
    - connector: orders
      tasks: [0, 1]
      cause: 'ConnectException: connection to db-1.example.com:5432 refused'
      failures: 2
      restarts: 3
      reason: permanent
      advice: correct the key that the message names; connector_validate checks it without changing anything
report:
  description: The same for people, as lines with aligned columns. Empty if nothing has failed.
  type: list
  elements: str
  returned: when the cluster and the status topic could be read
  sample:
    - >-
      orders    running          ConnectException: connection to db-1.example.com:5432 refused
    - >-
      payments  left: permanent  ConfigException: Missing required configuration "file"
msg:
  description: What the task did and left, in one line, or why it failed.
  type: str
  returned: always
  sample: restarted 1 of 1 failed connector (orders)
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_heal import (
    CONNECTOR_HEAL,
    connector_heal,
)


def main() -> None:
    run_module(CONNECTOR_HEAL, connector_heal)


if __name__ == "__main__":
    main()
