# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connectors
short_description: Ensure a whole set of Kafka Connect connectors in one task
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Compares a desired set of connectors with a Kafka Connect cluster in distributed mode, and changes only what
    differs.
  - The desired set comes from a list, or from files and directories. Defaults and overrides fit it to an environment.
  - One request tells whether anything differs, whatever the number of connectors. Only what differs costs more.
  - All configs that will be written are checked before the first write, and all faults are told at once.
  - Connectors are changed together, or in batches with a gate between them. A batch is done when its connectors and
    tasks run with the new config and have stayed so.
  - Connectors that are not in the desired set are left alone, unless O(purge=true). Deletes come last.
  - In check mode the result is the plan. The run that follows does the same things.
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
      - Whether connectors that O(purge_match) owns and that are not in the desired set are deleted.
      - They are deleted last, and only if nothing has failed before. Kafka Connect keeps their offsets.
      - The default is V(false), because a cluster usually holds connectors of others, too.
    type: bool
    default: false
  purge_match:
    description:
      - Patterns for the names of connectors that this desired set owns. Only these are ever purged.
      - Required when O(purge=true). V(*) says that everything on the cluster is owned.
    type: list
    elements: str
  purge_limit:
    description:
      - How many connectors a purge may delete. If it were more, the task fails before anything is changed, and lists
        them.
      - V(5) lets the usual cleaning pass, and stops a wrong pattern or a missing directory.
    type: int
    default: 5
  purge_allow_empty:
    description:
      - Whether a purge may go on when the desired set is empty.
      - The default is V(false), because an empty set is more often a mistake than a wish.
    type: bool
    default: false
  protected:
    description:
      - Patterns for the names of connectors that this task never deletes and never stops.
      - A purge passes them over. A desired set that asks for such a thing is an error.
    type: list
    elements: str
    default: []
seealso:
  - module: streamops.kafka_connect.connector
  - module: streamops.kafka_connect.connector_validate
  - module: streamops.kafka_connect.connector_info
  - module: streamops.kafka_connect.connector_state
  - name: Kafka Connect REST API
    description: What Kafka Connect itself says of its REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: What is in the repository is on the cluster
  streamops.kafka_connect.connectors:
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
    src: connectors/

- name: What would change
  streamops.kafka_connect.connectors:
    url: http://connect-1.example.com:8083
    src: connectors/
  check_mode: true
  diff: true
  register: plan

- name: Say it in a few words
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.action }} ({{ item.reason }})"
  loop: "{{ plan.connectors | rejectattr('action', 'equalto', 'none') }}"
  loop_control:
    label: "{{ item.name }}"

- name: The same files for each environment
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

- name: A list of connectors, one of them gone
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

- name: Remove what has left the repository, within limits
  streamops.kafka_connect.connectors:
    url: http://connect-1.example.com:8083
    src: connectors/
    purge: true
    purge_match:
      - team-a-*
    purge_limit: 3
    protected:
      - team-a-billing

- name: One first, then a quarter, then the rest, with the way back
  streamops.kafka_connect.connectors:
    url: http://connect-1.example.com:8083
    src: connectors/
    batches: [1, "25%", "100%"]
    wait_timeout: 1800
    stable_for: 30
    on_failure: rollback
    backup_dir: /var/backups/connectors
    report_path: /var/log/connectors-deploy.jsonl

- name: Change all that can be changed, and list what could not
  block:
    - name: Apply
      streamops.kafka_connect.connectors:
        url: http://connect-1.example.com:8083
        src: connectors/
        continue_on_error: true
      register: deployment
  rescue:
    - name: Each failure with its cause
      ansible.builtin.debug:
        msg: "{{ item.error }} ({{ item.cause }}) -> {{ item.advice }}"
      loop: "{{ deployment.connectors | default([]) | selectattr('failed', 'defined') }}"
      loop_control:
        label: "{{ item.name }}"

    - name: It is a failure all the same
      ansible.builtin.fail:
        msg: "{{ deployment.msg }}"

- name: On a cluster that only the jump host reaches (the files are read here)
  streamops.kafka_connect.connectors:
    url: http://connect-1.internal:8083
    src: connectors/
  delegate_to: jump.example.com
"""

RETURN = r"""
connectors:
  description:
    - What was done with each connector, or would be done in check mode. Those of the desired set in their order, then
      those that are purged.
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
      description: What went wrong, as in RV(error.kind).
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
        - The kind of the failure. These values are part of the interface.
        - B(What was given) can't be right or was refused. Nothing was changed.
        - V(invalid_input) - an option, file or config is wrong, RV(error.problems) has each fault.
        - V(invalid_config) - a worker refuses the config.
        - V(wrong_cluster) - the workers are those of two clusters, or of another one than asked for.
        - V(guard_refused) - a guard such as O(purge_limit) stopped the task.
        - V(already_exists) - somebody else has just created a connector of that name.
        - V(not_found) - the connector or plugin does not exist.
        - V(not_stopped) - the connector has to be stopped for that, or is still stopping.
        - V(unsupported) - the worker's version or settings do not allow it.
        - V(plugin_missing) - the plugin is not installed.
        - V(validation_hangs) - the plugin's own validation does not end.
        - V(worker_failed) - a worker did not come or go as it was to, or its host refused; only
          M(streamops.kafka_connect.worker_scale) says so.
        - V(window_closed) - this is no low-traffic time, and M(streamops.kafka_connect.traffic_window) was to fail then.
        - V(not_healthy) - the cluster is not well, and M(streamops.kafka_connect.cluster_health) was to fail then.
        - B(A change) did not end well.
        - V(connector_failed) - connector or tasks have failed.
        - V(drift) - somebody else has changed the connector meanwhile. Before the write with O(on_drift=fail), else after it.
        - V(wait_timeout) - not proven within O(wait_timeout).
        - V(not_begun) - left out, because another connector had failed before.
        - V(cancelled) - interrupted, or O(run_timeout) is used up.
        - B(No worker) could be talked to.
        - V(connection_refused) - nothing listens at that address.
        - V(connection_timeout) - no connection within O(connect_timeout).
        - V(connection_dropped) - the connection broke before there was an answer.
        - V(host_unknown) - the host name can't be resolved.
        - V(host_unreachable) - there is no route to the host.
        - V(no_answer) - the worker accepts connections and does not answer.
        - V(answer_cut) - the answer ended before its end.
        - V(tls_failed) - the certificates do not fit.
        - V(proxy_failed) - the HTTP proxy refuses, or can't be reached.
        - V(gateway_failed) - a proxy before the workers answers for them.
        - V(rate_limited) - a proxy limits the rate of requests.
        - V(authentication_failed) - the credentials are missing or wrong.
        - V(not_permitted) - the credentials are not allowed to do that.
        - V(not_a_connect_worker) - the URL leads to something that is not a Connect worker.
        - V(metrics_failed) - what M(streamops.kafka_connect.traffic_window) was given does not lead to metrics.
        - B(The cluster) could not do it, even after O(conflict_timeout).
        - V(conflict) - it is rebalancing, has no leader, or another operation is under way.
        - V(worker_starting) - the worker is starting.
        - V(worker_stopping) - the worker is stopping.
        - V(worker_busy) - the worker's herder thread does not answer.
        - V(forwarding_failed) - a worker can't reach the leader.
        - V(config_topic_failed) - the worker can't write to or read from its config topic.
        - V(plugin_failed) - the plugin failed while it was started.
        - V(worker_error) - the worker answers with an error of its own, and its log has the trace.
        - V(brokers_failed) - the Kafka brokers do not tell of the workers' group.
        - B(The collection) itself is at fault.
        - V(internal_error) - a fault in this collection, please report it.
      type: str
      returned: always
      choices:
        [invalid_input, invalid_config, wrong_cluster, guard_refused, already_exists, not_found, not_stopped,
         unsupported, plugin_missing, validation_hangs, connector_failed, drift, wait_timeout, not_begun,
         cancelled, connection_refused, connection_timeout, connection_dropped, host_unknown, host_unreachable,
         no_answer, answer_cut, tls_failed, proxy_failed, gateway_failed, rate_limited, authentication_failed,
         not_permitted, not_a_connect_worker, conflict, worker_starting, worker_stopping, worker_busy,
         forwarding_failed, config_topic_failed, plugin_failed, worker_error, brokers_failed, worker_failed, window_closed,
         not_healthy, metrics_failed, internal_error]
      sample: connector_failed
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

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import CONNECTORS
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connectors import connectors


def main() -> None:
    run_module(CONNECTORS, connectors)


if __name__ == "__main__":
    main()
