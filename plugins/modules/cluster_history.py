# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_history
short_description: Show what happened in a Kafka Connect cluster, and its state at a time in the past
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Reads the config topic and the status topic of the workers. These contain every configuration, every requested state and
    every state of a connector or task, with its time, its worker and the generation of the group.
  - Returns events in order. Configurations created, changed and deleted; connectors paused, stopped and resumed; failures with
    their causes; restarts; rebalances with the work that moved.
  - Sums up failures, rebalances and times without an owner, and reports failures that follow shortly after a change.
  - With O(as_of), it also returns the connectors, configurations and states at that time. To write them to files, use
    O(streamops.kafka_connect.connector_export#module:as_of).
  - Reads only. It queries no worker, so it also works while all workers are down.
options:
  bootstrap_servers:
    required: true
  status_topic:
    description:
      - Name of the status topic, which is the C(status.storage.topic) of the workers. Found in the same way as O(config_topic).
    type: str
    default: ""
  name:
    description:
      - Names and patterns of connectors. If empty, all connectors are included.
      - Rebalances concern the whole cluster. They are always included, but list only moved work of these connectors.
    type: list
    elements: str
    default: []
  since:
    description:
      - Time from which on events are returned. A time in ISO 8601, such as V(2026-11-27T18:00:00+01:00), or a duration back from
        now, such as V(30m), V(2h), V(1d) or V(1d12h). A time without a zone is in UTC.
      - The module then reads only this part of the status topic. If you do not set it, it reads everything that exists.
    type: str
  until:
    description:
      - Time up to which events are returned, in the same form. If you do not set it, this is now.
    type: str
  as_of:
    description:
      - Time of which to return the connectors, in the same form. The module then reads the status topic from its beginning.
    type: str
  max_events:
    description:
      - Maximum number of RV(events). If there are more, the newest ones are returned. The summaries count all of them.
      - V(5000) events are about 2 MB of result.
    type: int
    default: 5000
  run_timeout:
    description:
      - Seconds that the whole task may take. When they are used up, the task fails.
      - There is no default, because O(max_bytes) limits the task.
    type: float
  progress:
    description:
      - Whether a task that runs on the controller shows its progress, at most one line every few seconds.
      - RV(run.timeline) contains the same events, regardless of where the task runs. C(no_log) also silences these lines.
    type: bool
    default: true
extends_documentation_fragment:
  - streamops.kafka_connect.history
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - Kafka compacts both topics. Of the older part, it keeps only the newest record of each key. Usually, the last days to weeks are
    complete. RV(topics[].complete_since) returns since when, and RV(compacted) names what is unknown. The module guesses nothing.
  - Times are those of the workers' clocks.
  - A task that is killed with its worker writes no state. Its last state stays C(RUNNING) until another worker starts it, so times
    without an owner are lower limits.
  - Each status has the generation of the group, which grows with each rebalance. A rebalance after which no connector or task
    starts or stops leaves no record. It counts, but its time is unknown.
  - Only restarts of a connector together with tasks leave a record.
  - The module masks secrets by the names of their keys, because it queries no plugin. It does not read session keys.
  - The module uses a consumer that joins no group and commits nothing. It skips records of aborted transactions.
seealso:
  - module: streamops.kafka_connect.cluster_health
  - module: streamops.kafka_connect.connector_export
"""

EXAMPLES = r"""
- name: Show what happened last night
  streamops.kafka_connect.cluster_history:
    bootstrap_servers: kafka-1.example.com:9092
    config_topic: connect-configs
    status_topic: connect-status
    since: 12h
  register: history

- name: Show the events
  ansible.builtin.debug:
    msg: "{{ item.time }} {{ item.message }}"
  loop: "{{ history.events }}"
  loop_control:
    label: "{{ item.kind }}"

- name: Show which failures followed a change
  ansible.builtin.debug:
    msg: "{{ history.summaries.failures_after_changes | map(attribute='message') | list }}"

- name: Read the history of some connectors
  streamops.kafka_connect.cluster_history:
    bootstrap_servers: kafka-1.example.com:9092
    config_topic: connect-configs
    status_topic: connect-status
    name: orders*
    since: "2026-11-27T18:00:00+01:00"
    until: 30m

- name: Read which connectors were running an hour ago
  streamops.kafka_connect.cluster_history:
    bootstrap_servers: kafka-1.example.com:9092
    config_topic: connect-configs
    status_topic: connect-status
    since: 1h
    as_of: 1h
"""

RETURN = r"""
events:
  description: Events, oldest first. Fields that do not apply to an event, or are unknown, are left out.
  type: list
  elements: dict
  returned: success
  contains:
    time:
      description: Time of the event in ISO 8601, in UTC, with milliseconds.
      type: str
      returned: always
      sample: '2026-11-28T02:13:05.120Z'
    kind:
      description:
        - Kind of the event.
        - V(config_created), V(config_changed), V(config_deleted) - the configuration of a connector.
        - V(compacted) - a configuration was written, but the previous one was compacted away. It is unknown whether the
          connector was created or changed.
        - V(target_state_changed) - a user paused, stopped or resumed a connector.
        - V(tasks_changed) - the connector has another number of tasks.
        - V(state_changed) - a connector or task has another state or worker, or has failed again.
        - V(restart_requested) - a user restarted a connector together with tasks.
        - V(rebalance) - the group has a later generation.
      type: str
      returned: always
      choices:
        - config_created
        - config_changed
        - config_deleted
        - target_state_changed
        - tasks_changed
        - state_changed
        - restart_requested
        - rebalance
        - compacted
      sample: config_changed
    message:
      description: The event, in one line.
      type: str
      returned: always
      sample: >-
        connector "orders" changed: database.hostname "db-1.example.com" -> "db-2.example.com"
    connector:
      description: Name of the connector.
      type: str
      returned: always, except for rebalances
      sample: orders
    task:
      description: Number of the task.
      type: int
      returned: when a task changed its state
      sample: 0
    state:
      description:
        - The state, as Kafka Connect writes it. V(DESTROYED) means that the state was removed, because the connector or
          task no longer exists.
        - For V(target_state_changed), V(RUNNING), V(PAUSED) or V(STOPPED).
      type: str
      returned: when a state changed
      sample: FAILED
    previous_state:
      description: The state before.
      type: str
      returned: when a state changed and the previous one is known
      sample: RUNNING
    worker:
      description: Address of the worker that wrote the state.
      type: str
      returned: when a connector or task changed its state
      sample: connect-2.example.com:8083
    previous_worker:
      description: Address of the worker that wrote the previous state.
      type: str
      returned: when it is another one
      sample: connect-1.example.com:8083
    generation:
      description: Generation of the group.
      type: int
      returned: for states and rebalances
      sample: 12
    previous_generation:
      description: Generation of the group in the last state before the rebalance.
      type: int
      returned: for rebalances
      sample: 11
    rebalances:
      description: Number of rebalances since the previous event of this kind. All but the last one left no record.
      type: int
      returned: for rebalances
      sample: 1
    moved:
      description: Connectors and tasks that run on another worker since then.
      type: list
      elements: dict
      returned: for rebalances
      contains:
        connector:
          description: Name of the connector.
          type: str
          returned: always
          sample: orders
        task:
          description: Number of the task. Not returned for the connector itself.
          type: int
          returned: for tasks
          sample: 0
        previous_worker:
          description: Address of the worker before.
          type: str
          returned: always
          sample: connect-1.example.com:8083
        worker:
          description: Address of the worker after.
          type: str
          returned: always
          sample: connect-2.example.com:8083
      sample:
        - connector: orders
          previous_worker: connect-1.example.com:8083
          worker: connect-2.example.com:8083
    workers_joined:
      description: Workers that own work since then, and did not before. A worker without work leaves no record.
      type: list
      elements: str
      returned: for rebalances
      sample: []
    workers_left:
      description: Workers that lost all of their work to others.
      type: list
      elements: str
      returned: for rebalances
      sample: ['connect-1.example.com:8083']
    tasks:
      description: Number of tasks.
      type: int
      returned: for V(tasks_changed)
      sample: 2
    previous_tasks:
      description: Number of tasks before.
      type: int
      returned: for V(tasks_changed), when it is known
      sample: 1
    changed_keys:
      description: Configuration keys that differ, sorted. For a new connector, all of its keys.
      type: list
      elements: str
      returned: for V(config_created) and V(config_changed)
      sample: [database.hostname]
    changes:
      description: The values of these keys.
      type: list
      elements: dict
      returned: for V(config_created) and V(config_changed)
      contains:
        key:
          description: Configuration key.
          type: str
          returned: always
          sample: database.hostname
        before:
          description: Value before, with secrets masked. V(null) if the key was not set.
          type: str
          returned: always
          sample: db-1.example.com
        after:
          description: Value after, with secrets masked. V(null) if the key is not set.
          type: str
          returned: always
          sample: db-2.example.com
      sample:
        - key: database.hostname
          before: db-1.example.com
          after: db-2.example.com
    cause:
      description: Root cause from the stack trace of a failure, in one line.
      type: str
      returned: when a connector or task failed
      sample: 'ConnectException: Connection refused: db-2.example.com:5432'
    include_tasks:
      description: Whether tasks were restarted, too.
      type: bool
      returned: for V(restart_requested)
      sample: true
    only_failed:
      description: Whether only what had failed was restarted.
      type: bool
      returned: for V(restart_requested)
      sample: true
  sample:
    - time: '2026-11-28T02:13:05.120Z'
      kind: config_changed
      connector: orders
      changed_keys: [database.hostname]
      changes:
        - key: database.hostname
          before: db-1.example.com
          after: db-2.example.com
      message: >-
        connector "orders" changed: database.hostname "db-1.example.com" -> "db-2.example.com"
    - time: '2026-11-28T02:13:09.348Z'
      kind: state_changed
      connector: orders
      task: 0
      state: FAILED
      previous_state: RUNNING
      worker: connect-2.example.com:8083
      generation: 12
      cause: 'ConnectException: Connection refused: db-2.example.com:5432'
      message: >-
        connector "orders": task 0 FAILED on connect-2.example.com:8083: ConnectException: Connection refused: db-2.example.com:5432
events_omitted:
  description: Number of older events that exceed O(max_events).
  type: int
  returned: success
  sample: 0
since:
  description: Time from which on events are returned.
  type: str
  returned: success
  sample: '2026-11-27T18:00:00.000Z'
until:
  description: Time up to which events are returned.
  type: str
  returned: success
  sample: '2026-11-28T06:00:00.000Z'
summaries:
  description: Sums over all events between RV(since) and RV(until).
  type: dict
  returned: success
  contains:
    connectors:
      description: Connectors that failed, or that had no owner for some time, sorted by name.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: Name of the connector.
          type: str
          returned: always
          sample: orders
        failures:
          description: Number of failures of the connector and its tasks.
          type: int
          returned: always
          sample: 3
        first_failure:
          description: Time of the first failure. V(null) if there was none.
          type: str
          returned: always
          sample: '2026-11-28T02:13:09.348Z'
        last_failure:
          description: Time of the last failure. V(null) if there was none.
          type: str
          returned: always
          sample: '2026-11-28T02:43:11.020Z'
        seconds_between_failures:
          description: Mean time between failures. V(null) if there are less than two.
          type: float
          returned: always
          sample: 900.836
        causes:
          description: The three most frequent causes.
          type: list
          elements: dict
          returned: always
          contains:
            cause:
              description: The cause, in one line.
              type: str
              returned: always
              sample: 'ConnectException: Connection refused: db-2.example.com:5432'
            count:
              description: Number of failures with this cause.
              type: int
              returned: always
              sample: 3
            transience:
              description:
                - Whether a restart alone can help. V(transient) if it can, once the other system works again. V(permanent)
                  if something has to be corrected first. V(unknown) if the stack trace does not show it. Empty if nothing
                  has failed.
              type: str
              returned: always
              choices: [transient, permanent, unknown, '']
              sample: transient
            advice:
              description: Suggested fix. Empty if there is none.
              type: str
              returned: always
              sample: >-
                the other system can't be reached from the worker: check host, port and firewall, and that it is running
          sample:
            - cause: 'ConnectException: Connection refused: db-2.example.com:5432'
              count: 3
              transience: transient
              advice: >-
                the other system can't be reached from the worker: check host, port and firewall, and that it is running
        longest_unassigned:
          description:
            - Longest time in which the connector or one of its tasks had no owner. V(null) if there was none.
            - A lower limit, because a worker that is killed writes no state.
          type: dict
          returned: always
          contains:
            task:
              description: Number of the task. V(null) for the connector itself.
              type: int
              returned: always
              sample: 0
            since:
              description: Begin of this time.
              type: str
              returned: always
              sample: '2026-11-28T03:00:00.120Z'
            until:
              description: End of this time. V(null) if it had not ended.
              type: str
              returned: always
              sample: '2026-11-28T03:00:02.410Z'
            seconds:
              description: Length of this time, up to RV(until) if it had not ended.
              type: float
              returned: always
              sample: 2.29
          sample:
            task: 0
            since: '2026-11-28T03:00:00.120Z'
            until: '2026-11-28T03:00:02.410Z'
            seconds: 2.29
      sample:
        - name: orders
          failures: 3
          first_failure: '2026-11-28T02:13:09.348Z'
          last_failure: '2026-11-28T02:43:11.020Z'
          seconds_between_failures: 900.836
          causes:
            - cause: 'ConnectException: Connection refused: db-2.example.com:5432'
              count: 3
              transience: transient
              advice: >-
                the other system can't be reached from the worker: check host, port and firewall, and that it is running
          longest_unassigned:
            task: 0
            since: '2026-11-28T03:00:00.120Z'
            until: '2026-11-28T03:00:02.410Z'
            seconds: 2.29
    rebalances:
      description: Rebalances of the group.
      type: dict
      returned: always
      contains:
        count:
          description: Number of rebalances.
          type: int
          returned: always
          sample: 6
        per_hour:
          description: Rebalances per hour. A shorter time counts as an hour.
          type: float
          returned: always
          sample: 0.5
        most_in_an_hour:
          description: Largest number within any one hour.
          type: int
          returned: always
          sample: 4
        first:
          description: Time of the first one. V(null) if there was none.
          type: str
          returned: always
          sample: '2026-11-28T02:13:05.902Z'
        last:
          description: Time of the last one. V(null) if there was none.
          type: str
          returned: always
          sample: '2026-11-28T03:00:02.402Z'
      sample:
        count: 6
        per_hour: 0.5
        most_in_an_hour: 4
        first: '2026-11-28T02:13:05.902Z'
        last: '2026-11-28T03:00:02.402Z'
    failures_after_changes:
      description:
        - Failures within 15 minutes after a change of the connector that was not failing at the time of the change. Only
          the first failure after each change counts.
        - A failure after a change is not always caused by it.
      type: list
      elements: dict
      returned: always
      contains:
        connector:
          description: Name of the connector.
          type: str
          returned: always
          sample: orders
        task:
          description: Number of the task that failed. V(null) for the connector itself.
          type: int
          returned: always
          sample: 0
        change:
          description: Time of the change.
          type: str
          returned: always
          sample: '2026-11-28T02:13:05.120Z'
        kind:
          description: Kind of the change, as in RV(events[].kind).
          type: str
          returned: always
          sample: config_changed
        changed_keys:
          description: Configuration keys that changed.
          type: list
          elements: str
          returned: always
          sample: [database.hostname]
        failure:
          description: Time of the failure.
          type: str
          returned: always
          sample: '2026-11-28T02:13:09.348Z'
        seconds:
          description: Time between the two.
          type: float
          returned: always
          sample: 4.228
        cause:
          description: Cause of the failure, in one line.
          type: str
          returned: always
          sample: 'ConnectException: Connection refused: db-2.example.com:5432'
        transience:
          description:
            - Whether a restart alone can help. V(transient) if it can, once the other system works again. V(permanent)
              if something has to be corrected first. V(unknown) if the stack trace does not show it. Empty if nothing has
              failed.
          type: str
          returned: always
          choices: [transient, permanent, unknown, '']
          sample: transient
        advice:
          description: Suggested fix. Empty if there is none.
          type: str
          returned: always
          sample: >-
            the other system can't be reached from the worker: check host, port and firewall, and that it is running
        message:
          description: Change and failure, in one line.
          type: str
          returned: always
          sample: >-
            connector "orders": changed database.hostname at 2026-11-28 02:13:05 UTC, first failure 4.2 s later: ConnectException:
            Connection refused: db-2.example.com:5432
      sample:
        - connector: orders
          task: 0
          change: '2026-11-28T02:13:05.120Z'
          kind: config_changed
          changed_keys: [database.hostname]
          failure: '2026-11-28T02:13:09.348Z'
          seconds: 4.228
          cause: 'ConnectException: Connection refused: db-2.example.com:5432'
          transience: transient
          advice: >-
            the other system can't be reached from the worker: check host, port and firewall, and that it is running
          message: >-
            connector "orders": changed database.hostname at 2026-11-28 02:13:05 UTC, first failure 4.2 s later: ConnectException:
            Connection refused: db-2.example.com:5432
  sample:
    connectors:
      - name: orders
        failures: 3
        first_failure: '2026-11-28T02:13:09.348Z'
        last_failure: '2026-11-28T02:43:11.020Z'
        seconds_between_failures: 900.836
        causes:
          - cause: 'ConnectException: Connection refused: db-2.example.com:5432'
            count: 3
            transience: transient
            advice: >-
              the other system can't be reached from the worker: check host, port and firewall, and that it is running
        longest_unassigned:
          task: 0
          since: '2026-11-28T03:00:00.120Z'
          until: '2026-11-28T03:00:02.410Z'
          seconds: 2.29
    rebalances:
      count: 6
      per_hour: 0.5
      most_in_an_hour: 4
      first: '2026-11-28T02:13:05.902Z'
      last: '2026-11-28T03:00:02.402Z'
    failures_after_changes:
      - connector: orders
        task: 0
        change: '2026-11-28T02:13:05.120Z'
        kind: config_changed
        changed_keys: [database.hostname]
        failure: '2026-11-28T02:13:09.348Z'
        seconds: 4.228
        cause: 'ConnectException: Connection refused: db-2.example.com:5432'
        transience: transient
        advice: >-
          the other system can't be reached from the worker: check host, port and firewall, and that it is running
        message: >-
          connector "orders": changed database.hostname at 2026-11-28 02:13:05 UTC, first failure 4.2 s later: ConnectException:
          Connection refused: db-2.example.com:5432
compacted:
  description:
    - What is unknown because it was compacted away. Empty if nothing is.
    - Without O(as_of), the connectors that had a configuration before the first one that still exists. With O(as_of), what
      is unknown about that time.
  type: list
  elements: dict
  returned: success
  contains:
    connector:
      description: Name of the connector.
      type: str
      returned: always
      sample: payments
    what:
      description: What is unknown. The configuration, the requested state, the number of tasks, or states of itself or
        its tasks.
      type: str
      returned: always
      choices: [config, target_state, tasks, state]
      sample: config
    known_since:
      description: Time since which it is known. V(null) if nothing about it is left.
      type: str
      returned: always
      sample: '2026-11-21T09:30:12.004Z'
    message:
      description: The same, in one line.
      type: str
      returned: always
      sample: >-
        connector "payments": the configuration before 2026-11-21 09:30:12 UTC may have been compacted away, so it is unknown
  sample:
    - connector: payments
      what: config
      known_since: '2026-11-21T09:30:12.004Z'
      message: >-
        connector "payments": the configuration before 2026-11-21 09:30:12 UTC may have been compacted away, so it is unknown
as_of:
  description: The time of RV(connectors).
  type: str
  returned: with O(as_of)
  sample: '2026-11-27T17:00:00.000Z'
connectors:
  description: The connectors at that time, sorted by name.
  type: list
  elements: dict
  returned: with O(as_of)
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders
    config:
      description: The configuration, with secrets masked. V(null) if it was compacted away.
      type: dict
      returned: always
      sample:
        connector.class: io.debezium.connector.postgresql.PostgresConnector
        database.hostname: db-1.example.com
    target_state:
      description: The requested state. V(RUNNING), V(PAUSED) or V(STOPPED), and empty if it is unknown.
      type: str
      returned: always
      sample: RUNNING
    state:
      description: The state of the connector, as Kafka Connect wrote it. Empty if there was none, or if it is unknown.
      type: str
      returned: always
      sample: RUNNING
    worker_id:
      description: Address of the worker that wrote it.
      type: str
      returned: always
      sample: connect-1.example.com:8083
    tasks:
      description: The states of its tasks, as far as they are known.
      type: list
      elements: dict
      returned: always
      contains:
        id:
          description: Number of the task.
          type: int
          returned: always
          sample: 0
        state:
          description: State of the task.
          type: str
          returned: always
          sample: RUNNING
        worker_id:
          description: Address of the worker that wrote it.
          type: str
          returned: always
          sample: connect-2.example.com:8083
      sample:
        - {id: 0, state: RUNNING, worker_id: 'connect-2.example.com:8083'}
    task_count:
      description: Number of tasks. V(null) if it is unknown.
      type: int
      returned: always
      sample: 1
    cause:
      description: Cause of a failure of the connector or, if it had not failed, of one of its tasks. Empty if nothing had
        failed.
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
    deleted_since:
      description: Whether the connector does not exist any more.
      type: bool
      returned: always
      sample: false
  sample:
    - name: orders
      config:
        connector.class: io.debezium.connector.postgresql.PostgresConnector
        database.hostname: db-1.example.com
      target_state: RUNNING
      state: RUNNING
      worker_id: connect-1.example.com:8083
      tasks:
        - {id: 0, state: RUNNING, worker_id: 'connect-2.example.com:8083'}
      task_count: 1
      cause: ''
      transience: ''
      advice: ''
      deleted_since: false
topics:
  description: The config topic and the status topic.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: Name of the topic.
      type: str
      returned: always
      sample: connect-status
    role:
      description: What it contains.
      type: str
      returned: always
      choices: [config, status]
      sample: status
    records:
      description: Number of records that were read.
      type: int
      returned: always
      sample: 4211
    bytes:
      description: Size of their keys and values.
      type: int
      returned: always
      sample: 702118
    complete_since:
      description: Time since which no record is missing in what was read. Before it, there is only the newest record of
        each key. V(null) if nothing is missing.
      type: str
      returned: always
      sample: '2026-11-21T08:02:55.670Z'
    malformed:
      description: Number of records that no worker writes, by the reason why they were skipped. V(no_time), V(key_is_no_text),
        V(unknown_key), V(value_is_no_json) or V(unexpected_value).
      type: dict
      returned: always
      sample: {}
  sample:
    - name: connect-status
      role: status
      records: 4211
      bytes: 702118
      complete_since: '2026-11-21T08:02:55.670Z'
      malformed: {}
msg:
  description:
    - What happened, in one line.
    - On failure, what went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: always
  sample: >-
    events: 41 since 2026-11-27 18:00:00 UTC, until 2026-11-28 06:00:00 UTC; failures: 3 of 1 connector (orders); rebalances:
    6; connector "orders": changed database.hostname at 2026-11-28 02:13:05 UTC, first failure 4.2 s later: ConnectException:
    Connection refused: db-2.example.com:5432
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
          sample: 'waiting for 3 s: HTTP 503: Service Unavailable'
      sample:
        - {seconds: 3.2, text: 'waiting for 3 s: HTTP 503: Service Unavailable'}
  sample:
    requests: 14
    retries: 3
    conflicts_waited: 3.1
    elapsed: 12.4
    worker: http://connect-1.example.com:8083
    timeline:
      - {seconds: 3.2, text: 'waiting for 3 s: HTTP 503: Service Unavailable'}
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_history import (
    CLUSTER_HISTORY,
    cluster_history,
)


def main() -> None:
    run_module(CLUSTER_HISTORY, cluster_history)


if __name__ == "__main__":
    main()
