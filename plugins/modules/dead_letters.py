# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dead_letters
short_description: Process the records that sinks could not process
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Works on the dead letter topic of a sink. M(streamops.kafka_connect.dead_letter_info) shows what is in it.
  - With O(state=reprocessed), it writes the records to a topic where a sink reads them again. Key, value, headers and time stay
    the same. Only the headers about the error are removed, and the header C(dead-letter.attempt) counts how often this happened.
  - Each record is written once, even if the task is killed or two tasks run at the same time. The module writes in transactions,
    together with its position, which is that of a consumer group.
  - With O(state=discarded), it deletes the records, after it has saved all of them in a file.
  - With O(state=reviewed), it sets a mark. M(streamops.kafka_connect.dead_letter_info) then shows only what follows.
options:
  topic:
    description:
      - Name of the dead letter topic.
    type: str
    required: true
  state:
    description:
      - V(reviewed) - the mark O(review) is at the end of the topic.
      - V(reprocessed) - all selected records were written again, up to O(limit).
      - V(discarded) - the records are deleted.
    type: str
    choices: [reviewed, reprocessed, discarded]
    required: true
  review:
    description:
      - Name of the mark. It is the position of the consumer group C(dead-letter-review.NAME).
      - Required with O(state=reviewed).
    type: str
  destination:
    description:
      - Topic to write the records to. A topic of its own for retries, with a sink of its own, is the safer choice. Other consumers
        of the original topic would read the records twice.
      - The topic must exist. The key of a record decides on its partition.
      - Either this or O(to_origin) is required with O(state=reprocessed).
    type: str
  to_origin:
    description:
      - Whether to write each record to the topic and partition that it was read from. Its headers must contain them, which
        requires C(errors.deadletterqueue.context.headers.enable).
    type: bool
    default: false
  connectors:
    description:
      - Names and patterns of sinks. Only records whose headers name one of them are selected.
    type: list
    elements: str
    default: []
  origins:
    description:
      - Names and patterns of topics that the records were read from.
    type: list
    elements: str
    default: []
  kinds:
    description:
      - Kinds of causes, as RV(streamops.kafka_connect.dead_letter_info#module:topics[].causes[].kind).
    type: list
    elements: str
    default: []
  stages:
    description:
      - Stages in which the error happened, as RV(streamops.kafka_connect.dead_letter_info#module:topics[].causes[].stage).
    type: list
    elements: str
    choices: [KEY_CONVERTER, VALUE_CONVERTER, HEADER_CONVERTER, TRANSFORMATION, TASK_PUT, KAFKA_CONSUME]
    default: []
  since:
    description:
      - Time from which on records are selected. A time in ISO 8601, such as V(2026-11-27T18:00:00+01:00), or a duration back from
        now, such as V(30m), V(2h), V(1d) or V(1d12h). A time without a zone is in UTC.
    type: str
  until:
    description:
      - Time up to which records are processed, in the same form. If you do not set it, these are all records that exist when the
        task begins.
    type: str
  limit:
    description:
      - Maximum number of records to write again. The next run continues with the rest.
    type: int
    default: 10000
  backup_dir:
    description:
      - Directory for the file with the deleted records, on the machine where the task runs. The file is readable only by its owner.
        It has one JSON object in each line, with keys, values and headers in Base64.
      - Required with O(state=discarded).
    type: path
  max_bytes:
    description:
      - Maximum number of bytes to delete. If the records are larger, the task fails and deletes nothing.
    type: int
    default: 1073741824
  bootstrap_servers:
    required: true
  run_timeout:
    description:
      - Seconds that the whole task may take. When they are used up, the task fails. The next run continues.
    type: float
  progress:
    description:
      - Whether a task that runs on the controller shows its progress, at most one line every few seconds.
      - RV(run.timeline) contains the same events, regardless of where the task runs. C(no_log) also silences these lines.
    type: bool
    default: true
extends_documentation_fragment:
  - streamops.kafka_connect.dead_letters
  - streamops.kafka_connect.attributes
attributes:
  check_mode:
    description: Can run in check mode and returns what it would change.
    support: full
  diff_mode:
    description: Returns details on what has changed, or would change in check mode, when in diff mode.
    support: none
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: full
    details:
      - Records that arrive in the meantime are processed, too.
notes:
  - Each combination of O(destination), O(connectors), O(origins), O(kinds), O(stages) and O(since) has a position of its own,
    RV(position_group). A record that two of them select is written once for each.
  - Records that are not selected are passed. Another selection can still process them.
  - O(state=reprocessed) needs the ACLs Write on the destination and on a transactional ID with the name of RV(position_group), and
    Read on that group. O(state=reviewed) needs Read on the group of the mark, O(state=discarded) Delete on the topic.
  - A second task with the same selection ends the first one, which then fails without having written anything twice.
seealso:
  - module: streamops.kafka_connect.dead_letter_info
  - module: streamops.kafka_connect.cluster_health
"""

EXAMPLES = r"""
- name: Write records again that failed because the database was away
  streamops.kafka_connect.dead_letters:
    bootstrap_servers: kafka-1.example.com:9092
    topic: orders-dead-letters
    state: reprocessed
    destination: orders-retry
    kinds: unreachable

- name: Show how many records would go back to where they came from
  streamops.kafka_connect.dead_letters:
    bootstrap_servers: kafka-1.example.com:9092
    topic: orders-dead-letters
    state: reprocessed
    to_origin: true
  check_mode: true

- name: Set a mark after the records that are known
  streamops.kafka_connect.dead_letters:
    bootstrap_servers: kafka-1.example.com:9092
    topic: orders-dead-letters
    state: reviewed
    review: on-call

- name: Save and delete what is older than a week
  streamops.kafka_connect.dead_letters:
    bootstrap_servers: kafka-1.example.com:9092
    topic: orders-dead-letters
    state: discarded
    until: 7d
    backup_dir: /var/backups/dead-letters
"""

RETURN = r"""
records:
  description: Number of records that the task marked, wrote again or deleted, or would in check mode.
  type: int
  returned: success
  sample: 980
passed:
  description: Number of records that were passed because they are not selected.
  type: int
  returned: when O(state=reprocessed)
  sample: 12
left:
  description: Number of records that were not reached because of O(limit).
  type: int
  returned: when O(state=reprocessed)
  sample: 0
destinations:
  description: Number of records that were written to each topic.
  type: dict
  returned: when O(state=reprocessed)
  sample: {orders-retry: 980}
position_group:
  description: Consumer group whose position shows how far the topic was processed with this selection.
  type: str
  returned: when O(state=reprocessed)
  sample: dead-letter-reprocess.orders-dead-letters.3f1b0c9d2a4e
backup_file:
  description: File with the deleted records. Empty if there was nothing to delete, and in check mode.
  type: str
  returned: when O(state=discarded)
  sample: /var/backups/dead-letters/orders-dead-letters.20261128T021305Z.4711.jsonl
msg:
  description:
    - What was done, in one line.
    - On failure, what went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: always
  sample: 'records written again: 980; not selected: 12; left: 0'
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.dead_letters import (
    DEAD_LETTERS,
    dead_letters,
)


def main() -> None:
    run_module(DEAD_LETTERS, dead_letters)


if __name__ == "__main__":
    main()
