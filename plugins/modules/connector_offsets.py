# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_offsets
short_description: Set or reset the offsets of a Kafka Connect connector
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Brings the offsets of a connector into the desired state. They say where a sink continues in its topics, and where a source
    continues in its external system.
  - Compares first. If the stored offsets are the desired ones, the task changes nothing, and does not stop the connector.
  - Otherwise it stops the connector, waits until it has no tasks, writes, reads the offsets back, and brings the connector back into
    its previous run state.
  - If a step fails, it takes the offsets and the run state back, unless O(on_failure=keep). RV(standing) shows what is left.
  - Needs Kafka 3.6 or newer on all workers.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.brokers
  - streamops.kafka_connect.attributes
attributes:
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: full
    details:
      - There is one line for each partition whose offset changes.
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: partial
    details:
      - A running connector moves its offsets on. A second run therefore sets them again, and the records are read once more.
      - Offsets relative to the stored one move in each run.
      - For a stopped connector, a second run changes nothing.
notes:
  - Do not run such a task on a schedule for a running connector, because each run repeats the change.
  - If the outcome of a write is unknown because the connection broke or the worker took too long, the module reads the offsets before it
    sends the write again.
  - The plugin of a source defines the form of its partitions and offsets. Copy them from M(streamops.kafka_connect.connector_offsets_info).
  - The offsets of a deleted connector are kept. To change them, create the connector again with
    O(streamops.kafka_connect.connector#module:initial_state=stopped), use this module, and delete it again.
options:
  name:
    description:
      - Name of the connector.
    type: str
    required: true
  state:
    description:
      - V(present) gives partitions the offsets in O(offsets), or those of O(from_backup).
      - V(absent) removes the offsets of O(partitions), or all. A connector without offsets starts again from the beginning, a sink
        where C(auto.offset.reset) of its consumer says, which is C(earliest) unless you have changed it.
    type: str
    choices: [present, absent]
    default: present
  offsets:
    description:
      - Partitions and their desired offsets. Other partitions are left alone.
      - Each entry either has C(partition) and C(offset) as the REST API shows them, or, for a sink, C(topic), C(partition) and C(offset).
      - C(topic) is the name of a topic, or a pattern for topics that already have an offset. C(partition) is its number. Without it, the
        entry is for all partitions of the topic. Without O(bootstrap_servers), these are the ones that already have an offset.
      - With C(topic), C(offset) is a number, V(earliest), V(latest), a time, or a number of records from the stored offset, such as
        V("-100") or V("+1"). A positive one needs quotes, because YAML reads C(+1) as C(1).
      - A time is in ISO 8601, in UTC unless it names a zone, or a duration back from now such as V(2h). It means the first record that is
        not older.
      - V(earliest), V(latest) and times need O(bootstrap_servers). With brokers, the module also checks numbers against the records that
        exist.
      - An C(offset) of V(null) removes the offset of the partition.
    type: list
    elements: dict
  partitions:
    description:
      - With O(state=absent), the partitions whose offsets are removed. Without it, all offsets are.
      - Each entry either has C(topic), the name of a sink's topic or a pattern, and C(partition), its number (default all); or
        C(partition) with values of the partition as the REST API shows it. Such an entry matches each stored partition that has these
        values. Texts may be patterns.
    type: list
    elements: dict
  from_backup:
    description:
      - Brings back the offsets and the run state from before an earlier task. Partitions that had no offset then have none afterwards.
      - Either the path of the earlier task's RV(backup_file), or RV(before) of its result.
      - The backup must be of this connector, and of this Kafka cluster.
    type: raw
  on_failure:
    description:
      - What to do if a step fails. V(rollback) brings the previous offsets and the previous run state back. V(keep) leaves everything as
        it is, which may be a stopped connector.
      - The default is V(rollback), because a connector that stays stopped moves no data.
      - Offsets that another user or run has changed since are left alone.
      - After an interrupt (a signal, the task's timeout, O(run_timeout)) nothing is written any more.
    type: str
    choices: [keep, rollback]
    default: rollback
  backup_dir:
    description:
      - Directory, on the machine where the task runs, in which to save the offsets and the run state before the change. It is created if
        it does not exist.
      - Each change creates a new file, C(NAME.TIME.offsets.json), with mode V(0600). To go back, pass it to O(from_backup).
    type: path
  wait_timeout:
    description:
      - Seconds to wait in total until the connector is stopped, and afterwards back in its run state. A rollback may take as long again.
      - V(300) also covers slow connectors and a rebalance or two.
    type: float
    default: 300
  stable_for:
    description:
      - Seconds for which connector and tasks must run again before the change counts as done.
      - A connector that does not accept its new offset often runs for some seconds before it fails. V(10) detects most of these cases.
    type: float
    default: 10
seealso:
  - module: streamops.kafka_connect.connector_offsets_info
  - module: streamops.kafka_connect.connector_state
  - module: streamops.kafka_connect.connector
  - name: KIP-875
    description: Kafka's own documentation of offsets in the REST API.
    link: https://cwiki.apache.org/confluence/x/_BNODg
"""

EXAMPLES = r"""
- name: Read the records of the last two hours again
  streamops.kafka_connect.connector_offsets:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    name: orders-archive
    backup_dir: /var/backups/connectors
    offsets:
      - topic: orders
        offset: 2h
  register: replay

- name: Take that back
  streamops.kafka_connect.connector_offsets:
    url: http://connect-1.example.com:8083
    name: orders-archive
    from_backup: "{{ replay.before }}"

- name: Skip one record that the sink cannot write
  streamops.kafka_connect.connector_offsets:
    url: http://connect-1.example.com:8083
    name: orders-archive
    offsets:
      - topic: orders
        partition: 0
        offset: "+1"

- name: Preview what reading everything again would mean
  streamops.kafka_connect.connector_offsets:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    name: orders-archive
    offsets:
      - topic: orders
        offset: earliest
  check_mode: true
  diff: true

- name: Let a file source continue at a byte of its file
  streamops.kafka_connect.connector_offsets:
    url: http://connect-1.example.com:8083
    name: access-log
    offsets:
      - partition:
          filename: /var/log/access.log
        offset:
          position: 4096

- name: Let a source start from the beginning
  streamops.kafka_connect.connector_offsets:
    url: http://connect-1.example.com:8083
    name: access-log
    state: absent

- name: Mirror some topics again
  streamops.kafka_connect.connector_offsets:
    url: http://connect-1.example.com:8083
    name: mirror-source
    state: absent
    partitions:
      - partition:
          topic: orders-*
"""

RETURN = r"""
name:
  description: Name of the connector.
  type: str
  returned: when its offsets could be read
  sample: orders-archive
type:
  description: V(source) or V(sink), V(unknown) if no worker knows it.
  type: str
  returned: when its offsets could be read
  sample: sink
changes:
  description: Partitions whose offset the task changed, or would change in check mode.
  type: list
  elements: dict
  returned: when its offsets could be read
  contains:
    partition:
      description: The partition as the REST API shows it.
      type: dict
      returned: always
      sample: {kafka_partition: 0, kafka_topic: orders}
    before:
      description: The stored offset, V(null) if there was none.
      type: dict
      returned: always
      sample: {kafka_offset: 1200}
    after:
      description: The new offset, V(null) if it is removed.
      type: dict
      returned: always
      sample: {kafka_offset: 1150}
    read_again:
      description:
        - Largest possible number of records that the sink reads again. Compacted records and transactions leave gaps, so
          there may be fewer.
      type: int
      returned: for sinks, if both ends are known; without an offset they are only with O(bootstrap_servers)
      sample: 50
    skipped:
      description: Largest possible number of records that the sink never reads.
      type: int
      returned: as RV(changes[].read_again)
      sample: 0
  sample:
    - partition: {kafka_partition: 0, kafka_topic: orders}
      before: {kafka_offset: 1200}
      after: {kafka_offset: 1150}
before:
  description:
    - Offsets and run state before the change, to pass to O(from_backup). Taken after the connector was stopped, because
      it stores its offsets once more then.
    - Secrets of the connector's configuration are masked here, but not in RV(backup_file).
  type: dict
  returned: when its offsets could be read
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders-archive
    kafka_cluster_id:
      description: The Kafka cluster of the workers. Empty if the task did not need to read it.
      type: str
      returned: always
      sample: 5L6g3nShT-eMCtK--X86sw
    run_state:
      description: The run state that was requested last.
      type: str
      returned: always
      choices: [running, paused, stopped]
      sample: running
    offsets:
      description: All offsets.
      type: list
      elements: dict
      returned: always
      contains:
        partition:
          description: The partition as the REST API shows it.
          type: dict
          returned: always
          sample: {kafka_partition: 0, kafka_topic: orders}
        offset:
          description: Its offset.
          type: dict
          returned: always
          sample: {kafka_offset: 1200}
      sample:
        - partition: {kafka_partition: 0, kafka_topic: orders}
          offset: {kafka_offset: 1200}
  sample:
    name: orders-archive
    kafka_cluster_id: 5L6g3nShT-eMCtK--X86sw
    run_state: running
    offsets:
      - partition: {kafka_partition: 0, kafka_topic: orders}
        offset: {kafka_offset: 1200}
offsets:
  description: All offsets as they were read last, in check mode the current ones. A running connector moves them on.
  type: list
  elements: dict
  returned: when its offsets could be read
  contains:
    partition:
      description: The partition as the REST API shows it.
      type: dict
      returned: always
      sample: {kafka_partition: 0, kafka_topic: orders}
    offset:
      description: Its offset.
      type: dict
      returned: always
      sample: {kafka_offset: 1200}
  sample:
    - partition: {kafka_partition: 0, kafka_topic: orders}
      offset: {kafka_offset: 1200}
standing:
  description: What the task has left, also after a failure.
  type: dict
  returned: when its offsets could be read
  contains:
    offsets:
      description:
        - V(unchanged) - the task has not changed them.
        - V(changed) - they are the desired ones.
        - V(restored) - they were changed, and have been changed back.
        - V(unknown) - the outcome of a write is unknown, or another user or run has changed them since.
      type: str
      returned: always
      choices: [unchanged, changed, restored, unknown]
      sample: changed
    run_state:
      description: The run state, V(unknown) if the task ended before it could be read.
      type: str
      returned: always
      choices: [running, paused, stopped, unknown]
      sample: running
  sample: {offsets: changed, run_state: running}
run_states:
  description:
    - The run state before and after the task, if it is another one, for example because the task was interrupted. Pass
      it to O(streamops.kafka_connect.connector_state#module:from_report) to take it back.
  type: dict
  returned: when its offsets could be read
  sample: {}
backup_file:
  description: Path of the file with RV(before).
  type: str
  returned: when O(backup_dir) is set and the task changed something
  sample: /var/backups/connectors/orders-archive.20261128T021305Z.offsets.json
rollback:
  description: What was taken back.
  type: str
  returned: when a step failed and O(on_failure=rollback)
  sample: previous offsets restored, running again
msg:
  description:
    - What the task changed, in one line.
    - On failure, what went wrong, with its cause, where it has left the connector, and a suggested fix.
  type: str
  returned: when the offsets could be read, and on failure
  sample: 'orders: set 1 offset (orders-0: 1200 -> 1150); up to 50 records read again'
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_offsets import (
    CONNECTOR_OFFSETS,
    connector_offsets,
)


def main() -> None:
    run_module(CONNECTOR_OFFSETS, connector_offsets)


if __name__ == "__main__":
    main()
