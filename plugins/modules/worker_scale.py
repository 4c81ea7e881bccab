# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: worker_scale
short_description: Bring a Kafka Connect worker into its cluster, out of it, or out and back in
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Runs for the host of a worker. It starts or stops the worker's systemd service there, and proves from the controller
    that the cluster has what it had before, with REST and with the workers' group on the brokers.
  - A worker has joined when it is a well member of the group, has the plugins of the others and its share of connectors
    and tasks, and every task that ran before runs again and has stayed so for O(stable_for).
  - A worker has left when it is no member any more, its service has ended, and everything that it did is done elsewhere.
    Tasks of a worker that left read V(RUNNING) in the REST API for minutes. That is not believed. What counts is who
    owns a task in the group, and a status that this owner has written.
  - A worker is restarted when it has left, is back as a new member, and every task that ran before runs again.
  - When the service and the cluster are so already, nothing is done.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
options:
  state:
    description:
      - V(joined) starts the service if it does not run, V(left) stops it, V(restarted) restarts it, or starts it if it
        does not run.
      - A rebalance that is under way is waited for before anything is begun, and before a worker is stopped or restarted
        also the delay for a worker that has just left. The first host of a batch does that for all of them, so that they
        start together.
      - A worker is started during such a delay, since Connect gives what it has kept to those that have come before its
        end, be it the worker that had it or a new one. It is proven after the delay.
      - V(joined) and V(restarted) are refused when the worker's group is not that of the workers of O(url), because it has no
        members although another of these workers is at work, or works on none of their connectors, or because none of
        these workers is in it, and they are in another one. With a mistyped C(group.id) the worker would be the first one of another cluster, or
        move the work of one. With the topics of the others it would run each of their tasks a second time.
    type: str
    choices: [joined, left, restarted]
    required: true
  service:
    description: Name of the worker's systemd service.
    type: str
    default: kafka-connect
  worker_url:
    description:
      - URL at which the controller reaches the worker's REST API. By default the one that the worker advertises.
    type: str
  worker_properties:
    description:
      - Path of the worker's own file of properties on its host, by default V(/etc/SERVICE/worker.properties).
      - The C(group.id), what the worker advertises and C(scheduled.rebalance.max.delay.ms) are taken out of it, since
        the REST API does not tell them. Nothing else of the file leaves the host.
    type: path
  expected_workers:
    description:
      - For V(joined), how many members the group has to have when all hosts of the batch are done. V(0) is any number.
    type: int
    default: 0
  min_workers:
    description: For V(left) and V(restarted), how many workers have to stay, those of the batch not counted.
    type: int
    default: 1
  max_tasks_per_worker:
    description: For V(left) and V(restarted), how many tasks a worker that stays may come to have. V(0) is any number.
    type: int
    default: 0
  allow_failed_tasks:
    description:
      - Whether a worker may go that has failed tasks. By default it may not, since nobody could tell afterwards what of
        them the move has done.
    type: bool
    default: false
  rollback:
    description: Whether a worker that was started here and did not join is stopped again.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds for the group to come to rest before, and once more for the proof. The worker's
        C(scheduled.rebalance.max.delay.ms) comes on top of it.
      - V(600) is several times what a worker with many plugins takes to start.
    type: float
    default: 600
  stable_for:
    description:
      - Seconds for which all has to stay as it is wanted. V(10) sees most tasks that fail soon after their start.
    type: float
    default: 10
  bootstrap_servers:
    description:
      - Kafka brokers of the workers, as C(HOST:PORT), to be asked for the workers' group.
      - This needs the Python library C(confluent-kafka) on the controller.
    type: list
    elements: str
    required: true
  client_properties:
    description:
      - How the controller reaches the brokers. The C(security.protocol), C(sasl.*) and C(ssl.*) properties of a worker's
        own file, or the names that librdkafka has for them. What else a worker's file has is left out.
      - Key stores and trust stores must be of type C(PEM), a key store may also be of type C(PKCS12). For other ones give
        C(ssl.ca.location), C(ssl.certificate.location) and C(ssl.key.location).
      - Secrets in it appear in no result and no log.
    type: dict
    default: {}
  group_id:
    description:
      - The C(group.id) of the workers. By default it is that of O(worker_properties), or the group is found by the
        addresses of O(url).
    type: str
    default: ""
attributes:
  check_mode:
    description: Can run in check mode and tell what it would change, without changing anything.
    support: full
    details:
      - It tells how many connectors and tasks would move, and refuses what the run would refuse. It waits for nothing.
        While the group is rebalancing neither can be known, and it says so.
  diff_mode:
    description: Shows what changes.
    support: none
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: partial
    details:
      - V(restarted) restarts each time.
  action:
    description: Has an action plugin of the same name, so that the task can run on the controller.
    support: full
    details:
      - It is nothing but an action plugin. O(url) and O(bootstrap_servers) are asked from the controller, the host needs
        systemd and what C(ansible.builtin.systemd_service) needs.
  async:
    description: Supports the C(async) keyword.
    support: none
notes:
  - O(url) must name workers that stay. With all workers of the cluster it always does.
  - C(become) is for the worker's host. Starting and stopping a service needs it.
  - Several hosts in one task are a batch, and they are proven together. Connect gives several new workers their share at once,
    one after another it stops and starts tasks anew for each. There must be as many C(forks) as hosts in a batch.
  - Several workers of one host, the items of a C(loop), are no batch. They come and go one after another.
  - A worker that leads the group gives its work away at once. The work of any other one stays undone for
    C(scheduled.rebalance.max.delay.ms), 5 minutes by default, unless it is the last delay that runs. The progress lines say so.
  - When the run is interrupted, nothing is undone. The next run continues from what it finds.
seealso:
  - module: streamops.kafka_connect.cluster_info
  - module: streamops.kafka_connect.traffic_window
"""

EXAMPLES = r"""
# In a play over the hosts of workers, with become: true
- name: Bring new workers into the cluster, all hosts of the play at once
  streamops.kafka_connect.worker_scale:
    state: joined
    worker_url: http://connect-3.example.com:8083
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    expected_workers: 4

- name: Take a worker out of the cluster
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

- name: Say what has moved, and for how long it was nobody's
  ansible.builtin.debug:
    msg: "{{ item.connector }}-{{ item.task }} now runs on {{ item.to }} ({{ item.unassigned }} s)"
  loop: "{{ left.moved }}"
"""

RETURN = r"""
msg:
  description: What the task did, or why it failed, in one line.
  type: str
  returned: always
  sample: worker http://connect-3.example.com:8083 has joined the cluster, which has 3 members now; 5 tasks moved, none
    assigned to nobody for more than 2.4 s
state:
  description: The requested state.
  type: str
  returned: with RV(action)
  choices: [joined, left, restarted]
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
