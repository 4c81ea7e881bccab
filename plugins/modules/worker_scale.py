# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: worker_scale
short_description: Add a worker to a Kafka Connect cluster, remove it, or restart it
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Runs for the host of a worker. Starts or stops the worker's systemd service there, and verifies from the controller that no
    work was lost, with the REST API and with the workers' group on the brokers.
  - A worker has joined once it is a healthy member of the group and has the plugins of the others and its share of connectors
    and tasks, and every task that ran before runs again and has remained stable for O(stable_for).
  - A worker has left once it is no longer a member, its service has stopped, and other workers do all of its work. The REST
    API reports tasks of a departed worker as V(RUNNING) for minutes. The module ignores such a status. It relies on the
    group, which shows the owner of each task, and on a status that this owner has written.
  - A worker has restarted once it has left, has come back as a new member, and every task that ran before runs again.
  - If the service and the cluster are already in the desired state, the module changes nothing.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
options:
  state:
    description:
      - Desired state of the worker. V(joined) starts the service if it does not run, V(left) stops it, and V(restarted)
        restarts it, or starts it if it does not run.
      - The module waits for the end of a rebalance before it does anything. Before it stops or restarts a worker, it also
        waits for the delay after the departure of another worker. The first host of a batch does this for all of them, so
        that they start together.
      - The module does start a worker during that delay, because at its end Connect assigns the work that it held back to the
        workers that have joined by then, whether a returning worker or a new one. The module verifies the worker after the
        delay.
      - V(joined) and V(restarted) fail if the worker's group is not that of the workers in O(url). A mistyped C(group.id)
        would start a second cluster, or move the work of another one. With the internal topics of the cluster, it would run
        each task twice.
      - The module detects this if the worker's group has no members although another of these workers is running, if the group
        works on none of their connectors, or if none of these workers is in it and they are in another group.
      - V(released) restarts the worker only if it leads the group, the group keeps tasks of a departed worker, and the restart
        costs less than the wait. A new leader distributes these tasks at once, because only the previous leader knew that they
        were kept. Otherwise it changes nothing. Run it on all workers of the cluster. Only the leader does anything.
    type: str
    choices: [joined, left, restarted, released]
    required: true
  wait_for:
    description:
      - For V(left) and V(restarted), what the task waits for. V(work) waits until every task that ran before runs again.
      - V(rebalance) waits only until the rebalance is over. If the leader then keeps the work of the worker for
        C(scheduled.rebalance.max.delay.ms), the task ends at once, and RV(parked_tasks) counts what stands still. Release it with
        O(state=released). If nothing is kept, V(rebalance) waits as V(work) does.
    type: str
    choices: [work, rebalance]
    default: work
  restart_seconds:
    description:
      - For V(released), seconds that the restart of a worker takes. The module compares the number of kept tasks times the rest
        of the wait with the number of the leader's own tasks times these seconds.
    type: float
    default: 10
  service:
    description: Name of the worker's systemd service.
    type: str
    default: kafka-connect
  worker_url:
    description:
      - URL at which the controller reaches the worker's REST API. By default the URL that the worker advertises.
    type: str
  worker_properties:
    description:
      - Path of the worker's properties file on its host, by default V(/etc/SERVICE/worker.properties).
      - The module reads the C(group.id), the advertised URL and C(scheduled.rebalance.max.delay.ms) from it, because the REST
        API does not return them. Nothing else in the file leaves the host.
    type: path
  expected_workers:
    description:
      - For V(joined), number of members that the group must have when all hosts of the batch are done. With V(0) any number is
        accepted.
    type: int
    default: 0
  min_workers:
    description:
      - For V(left), V(restarted) and V(released), minimum number of workers that must remain, not counting those of the batch.
    type: int
    default: 1
  max_tasks_per_worker:
    description:
      - For V(left), V(restarted) and V(released), maximum number of tasks that a remaining worker may end up with. With V(0) any
        number is accepted.
    type: int
    default: 0
  allow_failed_tasks:
    description:
      - Whether to allow removing a worker that has failed tasks.
      - The default is V(false), because failures caused by the move could not be distinguished from earlier ones.
    type: bool
    default: false
  rollback:
    description: Whether to stop a worker again that this task started and that did not join.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait for the group to become stable before the action, and again for the verification. The worker's
        C(scheduled.rebalance.max.delay.ms) is added to it.
      - V(600) is several times as long as a worker with many plugins takes to start.
    type: float
    default: 600
  stable_for:
    description:
      - Seconds for which everything must remain in the desired state. V(10) detects most tasks that fail soon after their
        start.
    type: float
    default: 10
  bootstrap_servers:
    description:
      - Kafka brokers of the workers, as C(HOST:PORT), to read the workers' group from.
      - Requires the Python library C(confluent-kafka) on the controller.
    type: list
    elements: str
    required: true
  client_properties:
    description:
      - How the controller connects to the brokers. Accepts the C(security.protocol), C(sasl.*) and C(ssl.*) properties of a
        worker's own file, or their names in librdkafka. Ignores other properties of a worker's file.
      - Key stores and trust stores must be of type C(PEM), a key store may also be of type C(PKCS12). For other types set
        C(ssl.ca.location), C(ssl.certificate.location) and C(ssl.key.location).
      - Secrets in it appear in no result and no log.
    type: dict
    default: {}
  group_id:
    description:
      - The C(group.id) of the workers. By default the module takes it from O(worker_properties), or finds the group by the
        addresses of O(url).
    type: str
    default: ""
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
    details:
      - Returns how many connectors and tasks would move, and fails where the run would fail. Does not wait. While the group is
        rebalancing neither can be known, and the result reports that.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: none
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: partial
    details:
      - V(restarted) restarts each time.
  action:
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
    details:
      - The module only has an action plugin. The controller sends the requests to O(url) and O(bootstrap_servers). The host
        needs systemd and the requirements of C(ansible.builtin.systemd_service).
  async:
    description: Supports being used with the C(async) keyword.
    support: none
notes:
  - O(url) must contain workers that stay. If it lists all workers of the cluster, it always does.
  - C(become) applies to the worker's host. Starting and stopping a service requires it.
  - Several hosts in one task form a batch, and are verified together. Connect gives several new workers their share at once.
    If they join one after another, it stops and restarts tasks for each. You need as many C(forks) as hosts in a batch.
  - Several workers on one host, as items of a C(loop), do not form a batch. They join and leave one after another.
  - A worker that leads the group hands over its work at once. The work of any other worker is held back for
    C(scheduled.rebalance.max.delay.ms), 5 minutes by default, unless a previous delay is still running, or the leader restarts.
    The progress lines report this.
  - If the run is interrupted, the module undoes nothing. The next run continues from the current state.
seealso:
  - module: streamops.kafka_connect.cluster_info
  - module: streamops.kafka_connect.traffic_window
"""

EXAMPLES = r"""
# In a play on the hosts of the workers, with become: true
- name: Add new workers to the cluster, all hosts of the play at once
  streamops.kafka_connect.worker_scale:
    state: joined
    worker_url: http://connect-3.example.com:8083
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    expected_workers: 4

- name: Remove a worker from the cluster
  streamops.kafka_connect.worker_scale:
    state: left
    worker_url: http://connect-3.example.com:8083
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    min_workers: 2
    max_tasks_per_worker: 40
  register: left

- name: Distribute the tasks of a worker that died now, instead of waiting for five minutes
  streamops.kafka_connect.worker_scale:
    state: released
    worker_url: http://connect-1.example.com:8083
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092

- name: Show which tasks moved, and for how long each was unassigned
  ansible.builtin.debug:
    msg: "{{ item.connector }}-{{ item.task }} now runs on {{ item.to }} ({{ item.unassigned }} s)"
  loop: "{{ left.moved }}"
"""

RETURN = r"""
msg:
  description: What the task did, or why it failed, in one line.
  type: str
  returned: always
  sample: worker http://connect-3.example.com:8083 has joined the cluster, which now has 3 members; 5 tasks moved, none
    was unassigned for more than 2.4 s
state:
  description: The requested state.
  type: str
  returned: with RV(action)
  choices: [joined, left, restarted, released]
  sample: joined
action:
  description:
    - What the task did to the service, or would do in check mode.
    - On failure it tells you whether the service was touched. If it is missing or V(none), nothing was ordered. With any
      other value the action was ordered, or may have been if the connection to the host was lost. It remains V(start) if
      a worker that did not join was stopped again.
  type: str
  returned: on success, and on failure once the task has ordered or waited for something
  choices: [start, stop, restart, none]
  sample: start
worker:
  description: URL that the worker advertises.
  type: str
  returned: with RV(action)
  sample: http://connect-3.example.com:8083
leader:
  description: Whether the worker led the group before.
  type: bool
  returned: with RV(action)
  sample: false
before:
  description:
    - The group before the task touched anything. It has no members if there were none, and if it was rebalancing while
      there was nothing to do or in check mode.
  type: dict
  returned: with RV(action)
  contains:
    members:
      description: Members of the group.
      type: list
      elements: dict
      returned: always
      contains:
        url:
          description: URL that the member advertises.
          type: str
          returned: always
          sample: http://connect-1.example.com:8083
        connectors:
          description: Number of connectors that it runs.
          type: int
          returned: always
          sample: 5
        tasks:
          description: Number of tasks that it runs.
          type: int
          returned: always
          sample: 5
      sample:
        - {url: 'http://connect-1.example.com:8083', connectors: 5, tasks: 5}
  sample:
    members:
      - {url: 'http://connect-1.example.com:8083', connectors: 8, tasks: 8}
      - {url: 'http://connect-2.example.com:8083', connectors: 7, tasks: 7}
after:
  description: The group when the task last read it. V(null) in check mode.
  type: dict
  returned: with RV(action)
  contains:
    members:
      description: Members of the group.
      type: list
      elements: dict
      returned: always
      contains:
        url:
          description: URL that the member advertises.
          type: str
          returned: always
          sample: http://connect-1.example.com:8083
        connectors:
          description: Number of connectors that it runs.
          type: int
          returned: always
          sample: 5
        tasks:
          description: Number of tasks that it runs.
          type: int
          returned: always
          sample: 5
      sample:
        - {url: 'http://connect-1.example.com:8083', connectors: 5, tasks: 5}
  sample:
    members:
      - {url: 'http://connect-1.example.com:8083', connectors: 5, tasks: 5}
      - {url: 'http://connect-2.example.com:8083', connectors: 5, tasks: 5}
      - {url: 'http://connect-3.example.com:8083', connectors: 5, tasks: 5}
moved:
  description: Tasks that moved to another worker, or were unassigned for a while.
  type: list
  elements: dict
  returned: with RV(action)
  contains:
    connector:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders
    task:
      description: Number of the task.
      type: int
      returned: always
      sample: 0
    from:
      description: The previous worker.
      type: str
      returned: always
      sample: http://connect-1.example.com:8083
    to:
      description: The current worker.
      type: str
      returned: always
      sample: http://connect-3.example.com:8083
    unassigned:
      description: Seconds for which the task was assigned to no worker, as far as two reads per second can show.
      type: float
      returned: always
      sample: 2.4
  sample:
    - connector: orders
      task: 0
      from: http://connect-1.example.com:8083
      to: http://connect-3.example.com:8083
      unassigned: 2.4
rebalances:
  description: Number of rebalances observed.
  type: int
  returned: with RV(action)
  sample: 2
restart_seconds:
  description: Seconds from the order to restart until the worker was a member of the group again. V(null) without a restart.
  type: float
  returned: with RV(action)
  sample: 5.2
parked_tasks:
  description:
    - Number of tasks that the leader keeps for a departed worker at the end of the task. V(null) in check mode.
  type: int
  returned: with RV(action)
  sample: 0
parked_connectors:
  description:
    - Number of connectors, regardless of their tasks, that the leader keeps for a departed worker at the end of the task.
      V(null) in check mode.
  type: int
  returned: with RV(action)
  sample: 0
would_move:
  description: What would move to or from the worker.
  type: dict
  returned: in check mode, if something would be done and the group is not rebalancing
  contains:
    connectors:
      description: Number of connectors.
      type: int
      returned: always
      sample: 5
    tasks:
      description: Number of tasks.
      type: int
      returned: always
      sample: 5
  sample: {connectors: 5, tasks: 5}
journal:
  description: The last error lines of the service's systemd journal.
  type: list
  elements: str
  returned: when the worker did not join or leave as requested
  sample:
    - >-
      [2026-11-21 03:12:09,101] ERROR Stopping due to error (org.apache.kafka.connect.cli.AbstractConnectCli)
    - >-
      org.apache.kafka.common.config.ConfigException: Missing required configuration "offset.storage.topic" which has no
      default value.
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
      sample: worker_failed
    message:
      description: What went wrong, in words.
      type: str
      returned: always
      sample: >-
        worker http://connect-3.example.com:8083 did not join the cluster: kafka-connect does not stay up: ConfigException:
        Missing required configuration "offset.storage.topic" which has no default value.; kafka-connect was stopped again
    advice:
      description: Suggested fix. Empty if there is none.
      type: str
      returned: always
      sample: ''
    problems:
      description: All errors in the input.
      type: list
      elements: dict
      returned: when RV(error.kind) is V(invalid_input)
      contains:
        connector:
          description: Always empty in this module.
          type: str
          returned: always
          sample: ''
        key:
          description: Always empty in this module.
          type: str
          returned: always
          sample: ''
        message:
          description: The error and its fix, in one line.
          type: str
          returned: always
          sample: 'bootstrap_servers is an empty list: give the brokers of the workers as HOST:PORT'
      sample:
        - connector: ''
          key: ''
          message: 'bootstrap_servers is an empty list: give the brokers of the workers as HOST:PORT'
    method:
      description: HTTP method of the request that failed.
      type: str
      returned: when a request failed
      sample: GET
    path:
      description: Path of that request.
      type: str
      returned: when a request failed
      sample: /
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
    kind: worker_failed
    message: >-
      worker http://connect-3.example.com:8083 did not join the cluster: kafka-connect does not stay up: ConfigException:
      Missing required configuration "offset.storage.topic" which has no default value.; kafka-connect was stopped again
    advice: ''
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
      description: URL that the last request was sent to. Empty if there was none.
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
          sample: 'starting kafka-connect: 2 members so far'
      sample:
        - {seconds: 3.2, text: 'starting kafka-connect: 2 members so far'}
  sample:
    requests: 14
    retries: 3
    conflicts_waited: 3.1
    elapsed: 12.4
    worker: http://connect-1.example.com:8083
    timeline:
      - {seconds: 3.2, text: 'starting kafka-connect: 2 members so far'}
"""
