# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: worker_log_info
short_description: Find out what the log of a Kafka Connect worker shows about failures
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Reads the log of a worker on its host, from the journal or from a file with its rotated ones.
  - Counts rebalances with their reasons, lost sessions, exceeded poll timeouts, failures for lack of memory, tasks that did not
    stop in time, failed offset commits and records that could not be deserialized, each with its first and last time.
  - Returns errors by connector, and the newest distinct errors with their cause, a suggested fix, and the lines that show them.
  - Reads only. Secrets in lines are masked on the host.
extends_documentation_fragment:
  - streamops.kafka_connect.host
options:
  service:
    description: Name of the worker's systemd service, whose journal is read unless O(file) is set.
    type: str
    default: kafka-connect
  file:
    description:
      - Path of the worker's log file. The module also reads the files that it was rotated to, such as C(connect.log.1) and
        C(connect.log.2026-11-28.1.gz).
      - The role P(streamops.kafka_connect.worker#role) writes only warnings and errors to the journal if C(worker_log_to) is
        C(file), its default. Rebalances are then only in C(/var/log/kafka-connect/connect.log).
    type: path
  since:
    description:
      - Time from which on records are read. A time in ISO 8601, such as V(2026-11-27T18:00:00+01:00), or a duration back from
        now, such as V(30m), V(2h) or V(1d12h). A time without a zone is in UTC.
    type: str
    default: 24h
  max_bytes:
    description:
      - Number of bytes that are read, the newest first. If there are more, RV(source.truncated) is V(true).
      - V(67108864) are 64 MiB, which take five to fifteen seconds.
    type: int
    default: 67108864
  max_errors:
    description: Maximum number of RV(errors).
    type: int
    default: 20
  timeout:
    description: Seconds that the task may take.
    type: float
    default: 120
attributes:
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: N/A
    details:
      - The module changes nothing.
notes:
  - Reads the layout of Kafka's own configuration files, with or without C(%X{connector.context}), and JSON layouts of Log4j.
    Without the connector context, only some errors can be attributed to a connector.
  - Times in a file without a zone are in the zone of the host. Times in the journal are those at which it received the lines, unless
    a line has a time of its own.
  - Rebalances and their reasons are at level C(INFO). To see more, raise levels with M(streamops.kafka_connect.worker_logger).
  - Reading the journal, or the file of another user, requires C(become).
seealso:
  - module: streamops.kafka_connect.worker_logger
  - module: streamops.kafka_connect.cluster_health
  - module: streamops.kafka_connect.cluster_history
"""

EXAMPLES = r"""
- name: Read what the log of a worker shows
  streamops.kafka_connect.worker_log_info:
    file: /var/log/kafka-connect/connect.log
    since: 2h
  become: true
  register: log

- name: Show the newest errors with their fixes
  ansible.builtin.debug:
    msg: "{{ item.last }} {{ item.connector }}: {{ item.cause }} -> {{ item.advice }}"
  loop: "{{ log.errors }}"
  loop_control:
    label: "{{ item.logger }}"

- name: Show why the cluster rebalanced
  ansible.builtin.debug:
    msg: "{{ (log.events | selectattr('kind', 'equalto', 'rebalance') | first).reasons }}"

- name: Read the journal of a service
  streamops.kafka_connect.worker_log_info:
    service: kafka-connect
  become: true
"""

RETURN = r"""
events:
  description: What the log shows, by kind. Every kind is listed.
  type: list
  elements: dict
  returned: success
  contains:
    kind:
      description:
        - Kind of the event.
        - V(worker_started), V(worker_stopped) - the worker.
        - V(rebalance) - the worker has joined a new generation of the group.
        - V(session_lost) - the group had removed the worker, because it sent no heartbeat in time.
        - V(coordinator_lost) - the worker could not reach the coordinator of its group.
        - V(poll_timeout) - the worker was busy for longer than C(rebalance.timeout.ms), and has left the group.
        - V(task_poll_timeout) - a sink task was busy for longer than C(max.poll.interval.ms).
        - V(out_of_memory) - the JVM had no memory left.
        - V(slow_stop) - a task or connector did not stop in time.
        - V(offset_commit_failed) - a task could not commit its offsets.
        - V(deserialization_failed) - a record could not be converted from its bytes.
      type: str
      returned: always
      choices:
        - worker_started
        - worker_stopped
        - rebalance
        - session_lost
        - coordinator_lost
        - poll_timeout
        - task_poll_timeout
        - out_of_memory
        - slow_stop
        - offset_commit_failed
        - deserialization_failed
      sample: rebalance
    count:
      description: Number of events of this kind.
      type: int
      returned: always
      sample: 3
    first:
      description: Time of the first one in ISO 8601, in UTC. V(null) if there is none, or if it has no time.
      type: str
      returned: always
      sample: '2026-11-28T02:13:09.348Z'
    last:
      description: Time of the last one. V(null) as for the first one.
      type: str
      returned: always
      sample: '2026-11-28T02:43:11.020Z'
    reasons:
      description: Reasons as far as the log shows them, the most frequent first. At most ten.
      type: list
      elements: dict
      returned: always
      contains:
        reason:
          description: The reason, in words.
          type: str
          returned: always
          sample: a connector changed its tasks
        count:
          description: Number of events with this reason.
          type: int
          returned: always
          sample: 2
        first:
          description: Time of the first one in ISO 8601, in UTC. V(null) if there is none, or if it has no time.
          type: str
          returned: always
          sample: '2026-11-28T02:13:09.348Z'
        last:
          description: Time of the last one. V(null) as for the first one.
          type: str
          returned: always
          sample: '2026-11-28T02:43:11.020Z'
      sample:
        - reason: a connector changed its tasks
          count: 2
          first: '2026-11-28T02:13:09.348Z'
          last: '2026-11-28T02:43:11.020Z'
    connectors:
      description: Connectors that the records name.
      type: list
      elements: str
      returned: always
      sample: []
    evidence:
      description: The newest record of this kind, its message, its exception and the causes of that, with secrets masked.
      type: list
      elements: str
      returned: always
      sample:
        - INFO [Worker clientId=connect-1, groupId=connect-orders] Joined group at generation 12
  sample:
    - kind: rebalance
      count: 3
      first: '2026-11-28T02:13:09.348Z'
      last: '2026-11-28T02:43:11.020Z'
      reasons:
        - reason: a connector changed its tasks
          count: 2
          first: '2026-11-28T02:13:09.348Z'
          last: '2026-11-28T02:43:11.020Z'
      connectors: []
      evidence:
        - INFO [Worker clientId=connect-1, groupId=connect-orders] Joined group at generation 12
connectors:
  description: Errors by connector, sorted by name. At most 200 connectors.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders
    count:
      description: Number of records at level ERROR or FATAL.
      type: int
      returned: always
      sample: 3
    first:
      description: Time of the first one in ISO 8601, in UTC. V(null) if there is none, or if it has no time.
      type: str
      returned: always
      sample: '2026-11-28T02:13:09.348Z'
    last:
      description: Time of the last one. V(null) as for the first one.
      type: str
      returned: always
      sample: '2026-11-28T02:43:11.020Z'
    tasks:
      description: Numbers of the tasks that logged them.
      type: list
      elements: int
      returned: always
      sample: [0]
    cause:
      description: Cause of the newest one, in one line.
      type: str
      returned: always
      sample: 'ConnectException: Connection refused: db-2.example.com:5432'
    transience:
      description:
        - Whether a restart alone can help. V(transient) if it can, once the other system works again. V(permanent) if something
          has to be corrected first. V(unknown) if the log does not show it.
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
    - name: orders
      count: 3
      first: '2026-11-28T02:13:09.348Z'
      last: '2026-11-28T02:43:11.020Z'
      tasks: [0]
      cause: 'ConnectException: Connection refused: db-2.example.com:5432'
      transience: transient
      advice: >-
        the other system can't be reached from the worker: check host, port and firewall, and that it is running
errors:
  description: Distinct errors, the newest first. Errors that differ in numbers only count as the same.
  type: list
  elements: dict
  returned: success
  contains:
    count:
      description: Number of records of this error.
      type: int
      returned: always
      sample: 3
    first:
      description: Time of the first one in ISO 8601, in UTC. V(null) if there is none, or if it has no time.
      type: str
      returned: always
      sample: '2026-11-28T02:13:09.348Z'
    last:
      description: Time of the last one. V(null) as for the first one.
      type: str
      returned: always
      sample: '2026-11-28T02:43:11.020Z'
    level:
      description: Level of the record.
      type: str
      returned: always
      choices: [ERROR, FATAL]
      sample: ERROR
    logger:
      description: Class that logged it, as the layout shows it. Empty for what the JVM itself printed.
      type: str
      returned: always
      sample: org.apache.kafka.connect.runtime.WorkerTask
    connector:
      description: Name of the connector. Empty if the record does not show one.
      type: str
      returned: always
      sample: orders
    task:
      description: Number of the task. V(null) if the record does not show one.
      type: int
      returned: always
      sample: 0
    message:
      description: Message of the newest one, with secrets masked.
      type: str
      returned: always
      sample: Graceful stop of task orders-0 failed.
    cause:
      description: Root cause from the stack trace, in one line. The message, if there is none.
      type: str
      returned: always
      sample: 'ConnectException: Connection refused: db-2.example.com:5432'
    transience:
      description:
        - Whether a restart alone can help. V(transient) if it can, once the other system works again. V(permanent) if something
          has to be corrected first. V(unknown) if the log does not show it.
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
    evidence:
      description: Message, exception and the causes of that, with secrets masked.
      type: list
      elements: str
      returned: always
      sample:
        - ERROR WorkerSourceTask{id=orders-0} Task threw an uncaught and unrecoverable exception.
        - >-
          org.apache.kafka.connect.errors.ConnectException: Connection refused: db-2.example.com:5432
  sample:
    - count: 3
      first: '2026-11-28T02:13:09.348Z'
      last: '2026-11-28T02:43:11.020Z'
      level: ERROR
      logger: org.apache.kafka.connect.runtime.WorkerTask
      connector: orders
      task: 0
      message: Graceful stop of task orders-0 failed.
      cause: 'ConnectException: Connection refused: db-2.example.com:5432'
      transience: transient
      advice: >-
        the other system can't be reached from the worker: check host, port and firewall, and that it is running
      evidence:
        - ERROR WorkerSourceTask{id=orders-0} Task threw an uncaught and unrecoverable exception.
        - >-
          org.apache.kafka.connect.errors.ConnectException: Connection refused: db-2.example.com:5432
errors_omitted:
  description: Number of older distinct errors that exceed O(max_errors).
  type: int
  returned: success
  sample: 0
since:
  description: Time from which on records are read.
  type: str
  returned: success
  sample: '2026-11-27T06:00:00.000Z'
source:
  description: What was read.
  type: dict
  returned: success
  contains:
    type:
      description: Whether the journal or files were read.
      type: str
      returned: always
      choices: [journal, file]
      sample: file
    files:
      description: Files that were read, oldest first. Empty for the journal.
      type: list
      elements: str
      returned: always
      sample: [/var/log/kafka-connect/connect.log]
    bytes:
      description: Bytes that were read. For compressed files, an estimate.
      type: int
      returned: always
      sample: 702118
    truncated:
      description: Whether older lines since O(since) exist that were not read, because of O(max_bytes).
      type: bool
      returned: always
      sample: false
    records:
      description: Number of records since O(since).
      type: int
      returned: always
      sample: 4211
    first:
      description: Time of the first record. V(null) if there is none.
      type: str
      returned: always
      sample: '2026-11-27T06:00:02.410Z'
    last:
      description: Time of the last record. V(null) if there is none.
      type: str
      returned: always
      sample: '2026-11-28T05:59:58.120Z'
  sample:
    type: file
    files: [/var/log/kafka-connect/connect.log]
    bytes: 702118
    truncated: false
    records: 4211
    first: '2026-11-27T06:00:02.410Z'
    last: '2026-11-28T05:59:58.120Z'
msg:
  description: What the log shows, in one line. On failure, why it could not be read.
  type: str
  returned: always
  sample: '4211 log records; rebalance: 3; errors: 3 (connectors orders)'
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.host_module import run_on_host
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_log_info import (
    WORKER_LOG_INFO,
    worker_log_info,
)


def main() -> None:
    run_on_host(WORKER_LOG_INFO, worker_log_info)


if __name__ == "__main__":
    main()
