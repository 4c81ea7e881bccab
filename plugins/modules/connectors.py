# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connectors
short_description: Manage a set of Kafka Connect connectors in one task
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Compares a desired set of connectors with a Kafka Connect cluster in distributed mode, and changes only what differs.
  - Reads the desired connectors from a list, files or directories. Defaults and overrides adapt them to an environment.
  - Finds all differences with one request, regardless of the number of connectors. Only connectors that differ cost more.
  - Checks all configurations that it will write before the first write, and reports all errors at once.
  - Changes connectors together, or in batches with a gate between them. A batch is done once its connectors and tasks are
    running with the new configuration and have remained stable.
  - Leaves connectors that are not in the desired set alone, unless O(purge=true). Deletes come last.
  - Returns the plan in check mode. The run that follows performs the same actions.
extends_documentation_fragment:
  - streamops.kafka_connect.desired
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.brokers
  - streamops.kafka_connect.wait
  - streamops.kafka_connect.apply
  - streamops.kafka_connect.batches
  - streamops.kafka_connect.checks
  - streamops.kafka_connect.change
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.changes
options:
  purge:
    description:
      - Whether to delete connectors that match O(purge_match) and are not in the desired set.
      - They are deleted last, and only if nothing failed before. Kafka Connect keeps their offsets.
      - The default is V(false), because a cluster usually also holds connectors of other teams.
    type: bool
    default: false
  purge_match:
    description:
      - Patterns for the names of connectors that this desired set owns. Only these are ever purged.
      - Required if O(purge=true). V(*) means that the desired set owns every connector on the cluster.
    type: list
    elements: str
  purge_limit:
    description:
      - Maximum number of connectors that a purge may delete. If it would delete more, the task fails before changing
        anything, and lists them.
      - V(5) permits the usual clean-up, and stops a wrong pattern or a missing directory.
    type: int
    default: 5
  purge_allow_empty:
    description:
      - Whether to allow a purge if the desired set is empty.
      - The default is V(false), because an empty set is more often a mistake than intended.
    type: bool
    default: false
  protected:
    description:
      - Patterns for the names of connectors that this task never deletes and never stops.
      - A purge skips them. A desired set that asks for either fails.
    type: list
    elements: str
    default: []
seealso:
  - module: streamops.kafka_connect.connector
  - module: streamops.kafka_connect.connector_validate
  - module: streamops.kafka_connect.connector_info
  - module: streamops.kafka_connect.connector_state
  - name: Kafka Connect REST API
    description: Kafka's own documentation of the REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Deploy the connectors of the repository
  streamops.kafka_connect.connectors:
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
    src: connectors/

- name: Preview the changes
  streamops.kafka_connect.connectors:
    url: http://connect-1.example.com:8083
    src: connectors/
  check_mode: true
  diff: true
  register: plan

- name: Summarize the plan
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.action }} ({{ item.reason }})"
  loop: "{{ plan.connectors | rejectattr('action', 'equalto', 'none') }}"
  loop_control:
    label: "{{ item.name }}"

- name: Deploy the same files to each environment
  streamops.kafka_connect.connectors:
    url: "{{ connect_urls }}"
    kafka_cluster_id: "{{ kafka_cluster_id }}"
    src:
      - connectors/common/
      - connectors/{{ environment_name }}/
    defaults:
      - config:
          errors.log.enable: true
      - connector_class: JdbcSinkConnector
        config:
          tasks.max: 4
    overrides:
      - match: orders*
        config:
          database.hostname: "{{ orders_database_host }}"
          database.password: "{{ orders_database_password }}"
      - match: ~(orders|invoices)-snapshot$
        config:
          snapshot.mode: "{{ snapshot_mode }}"

- name: Manage a list of connectors, and delete one of them
  streamops.kafka_connect.connectors:
    url: http://connect-1.example.com:8083
    connectors:
      - name: access-log
        state: running
        config:
          connector.class: FileStreamSource
          tasks.max: 1
          file: /var/log/nginx/access.log
          topic: access-log
      - name: error-log
        state: paused
        config:
          connector.class: FileStreamSource
          tasks.max: 1
          file: /var/log/nginx/error.log
          topic: error-log
      - name: debug-log
        state: absent

- name: Delete connectors that were removed from the repository, within limits
  streamops.kafka_connect.connectors:
    url: http://connect-1.example.com:8083
    src: connectors/
    purge: true
    purge_match:
      - team-a-*
    purge_limit: 3
    protected:
      - team-a-billing

- name: Change one connector first, then a quarter, then the rest, and roll back failed changes
  streamops.kafka_connect.connectors:
    url: http://connect-1.example.com:8083
    src: connectors/
    batches: [1, "25%", "100%"]
    wait_timeout: 1800
    stable_for: 30
    on_failure: rollback
    backup_dir: /var/backups/connectors
    report_path: /var/log/connectors-deploy.jsonl

- name: Continue after failures, and list them
  block:
    - name: Deploy the connectors
      streamops.kafka_connect.connectors:
        url: http://connect-1.example.com:8083
        src: connectors/
        continue_on_error: true
      register: deployment
  rescue:
    - name: Show each failure with its cause
      ansible.builtin.debug:
        msg: "{{ item.error }} ({{ item.cause }}) -> {{ item.advice }}"
      loop: "{{ deployment.connectors | default([]) | selectattr('failed', 'defined') }}"
      loop_control:
        label: "{{ item.name }}"

    - name: Fail nevertheless
      ansible.builtin.fail:
        msg: "{{ deployment.msg }}"

- name: Deploy to a cluster that only the jump host can reach (the files are read on the controller)
  streamops.kafka_connect.connectors:
    url: http://connect-1.internal:8083
    src: connectors/
  delegate_to: jump.example.com
"""

RETURN = r"""
connectors:
  description:
    - What the task did with each connector, or would do in check mode. First the desired connectors in their order, then
      those that are purged.
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
      description: What went wrong, as in RV(error.kind).
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
        - Kind of the failure. These values are part of the interface.
        - B(The input) is invalid or was refused. Nothing was changed.
        - V(invalid_input) - an option, file or configuration is wrong. RV(error.problems) lists each error.
        - V(invalid_config) - a worker refuses the configuration.
        - V(wrong_cluster) - the workers belong to two clusters, or to another cluster than the one asked for.
        - V(guard_refused) - a guard such as O(purge_limit) stopped the task.
        - V(already_exists) - another user or run has just created a connector of that name.
        - V(not_found) - the connector or plugin does not exist.
        - V(not_stopped) - the connector must be stopped first, or is still stopping.
        - V(unsupported) - the worker's version or settings do not allow the operation.
        - V(plugin_missing) - the plugin is not installed.
        - V(validation_hangs) - the plugin's own validation does not finish.
        - V(worker_failed) - a worker did not join or leave as requested, or its host refused. Only M(streamops.kafka_connect.worker_scale)
          returns this.
        - V(window_closed) - this is not a low-traffic time, and M(streamops.kafka_connect.traffic_window) is set to fail
          in that case.
        - V(not_healthy) - the cluster is not healthy, and M(streamops.kafka_connect.cluster_health) is set to fail in that
          case.
        - B(A change) did not succeed.
        - V(not_healed) - M(streamops.kafka_connect.connector_heal) could not restart something, or left something and is
          set to fail in that case.
        - V(connector_failed) - the connector or its tasks failed.
        - V(offsets_refused) - the plugin or the brokers do not accept the offsets of M(streamops.kafka_connect.connector_offsets).
        - V(group_active) - M(streamops.kafka_connect.connector_offsets) has stopped a sink, and its consumer group still
          has members.
        - V(drift) - another user or run changed the connector meanwhile, before the write with O(on_drift=fail), otherwise
          after it.
        - V(wait_timeout) - the change was not proven within O(wait_timeout).
        - V(not_begun) - the task did not start this change because another connector had failed before.
        - V(cancelled) - the task was interrupted, or O(run_timeout) is used up.
        - B(No worker) could be reached.
        - V(connection_refused) - nothing listens at that address.
        - V(connection_timeout) - no connection within O(connect_timeout).
        - V(connection_dropped) - the connection broke before there was a response.
        - V(host_unknown) - the host name cannot be resolved.
        - V(host_unreachable) - no connection to the host can be opened.
        - V(no_answer) - the worker accepts connections but does not respond.
        - V(response_too_large) - the response is larger than O(max_response_size).
        - V(answer_cut) - the response was truncated.
        - V(tls_failed) - the TLS certificates do not match.
        - V(proxy_failed) - the HTTP proxy refuses the request or cannot be reached.
        - V(gateway_failed) - a proxy in front of the workers responds instead of them.
        - V(rate_limited) - a proxy limits the rate of requests.
        - V(authentication_failed) - the credentials are missing or wrong.
        - V(not_permitted) - the credentials do not permit the operation.
        - V(not_a_connect_worker) - the URL does not lead to a Connect worker.
        - V(schema_rejected) - a schema registry would not accept the schema. Only with M(streamops.kafka_connect.schema_check).
        - V(registry_failed) - a schema registry fails, or its URL does not lead to its Confluent-compatible API. Only with
          M(streamops.kafka_connect.schema_registry_info) and M(streamops.kafka_connect.schema_check).
        - V(metrics_failed) - the options of M(streamops.kafka_connect.traffic_window) do not lead to metrics.
        - B(The cluster) could not serve the request, even after O(conflict_timeout).
        - V(conflict) - it is rebalancing, has no leader, or another operation is in progress.
        - V(worker_starting) - the worker is starting.
        - V(worker_stopping) - the worker is stopping.
        - V(worker_busy) - the worker's herder thread does not respond.
        - V(forwarding_failed) - a worker cannot reach the leader.
        - V(config_topic_failed) - the worker cannot write to or read from its config topic.
        - V(plugin_failed) - the plugin failed while it was started.
        - V(worker_error) - the worker responds with an error of its own. Its log has the stack trace.
        - V(brokers_failed) - the Kafka brokers do not return the workers' group.
        - B(The collection) itself failed.
        - V(internal_error) - a bug in this collection. Please report it.
      type: str
      returned: always
      choices:
        - invalid_input
        - invalid_config
        - wrong_cluster
        - guard_refused
        - already_exists
        - not_found
        - not_stopped
        - unsupported
        - plugin_missing
        - validation_hangs
        - connector_failed
        - offsets_refused
        - group_active
        - drift
        - wait_timeout
        - not_begun
        - cancelled
        - connection_refused
        - connection_timeout
        - connection_dropped
        - host_unknown
        - host_unreachable
        - no_answer
        - response_too_large
        - answer_cut
        - tls_failed
        - proxy_failed
        - gateway_failed
        - rate_limited
        - authentication_failed
        - not_permitted
        - not_a_connect_worker
        - conflict
        - worker_starting
        - worker_stopping
        - worker_busy
        - forwarding_failed
        - config_topic_failed
        - plugin_failed
        - worker_error
        - brokers_failed
        - worker_failed
        - window_closed
        - not_healthy
        - not_healed
        - schema_rejected
        - registry_failed
        - metrics_failed
        - internal_error
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connectors import (
    CONNECTORS,
    connectors,
)


def main() -> None:
    run_module(CONNECTORS, connectors)


if __name__ == "__main__":
    main()
