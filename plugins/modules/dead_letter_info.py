# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dead_letter_info
short_description: Show which records sinks could not process, and why
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Reads the dead letter topics of sinks. It finds them in the configurations of the sinks.
  - Counts their records, and groups the newest ones by cause. Each cause comes with its fix, and with samples of its records.
  - The causes are in headers, which Kafka Connect writes if C(errors.deadletterqueue.context.headers.enable) is V(true).
  - Reads only the newest records of a topic, so it also works on topics with millions of them.
options:
  name:
    description:
      - Names and patterns of connectors. If empty, all connectors are included.
    type: list
    elements: str
    default: []
  topics:
    description:
      - Names of further dead letter topics, for example of a sink that was deleted.
      - With these and without O(url) and O(name), the module queries no worker.
    type: list
    elements: str
    default: []
  since:
    description:
      - Time from which on records are read. A time in ISO 8601, such as V(2026-11-27T18:00:00+01:00), or a duration back from
        now, such as V(30m), V(2h), V(1d) or V(1d12h). A time without a zone is in UTC.
    type: str
  review:
    description:
      - Name of a review mark. Only records after it are read.
      - A mark is the position of the consumer group C(dead-letter-review.NAME). Without this group, all records are read.
    type: str
  max_records:
    description:
      - Maximum number of records to read of each topic. They are the newest ones, and come from all partitions.
    type: int
    default: 1000
  max_bytes:
    description:
      - Maximum number of bytes to read. If there are more, a warning says how many records were read.
    type: int
    default: 67108864
  samples:
    description:
      - Number of records to return for each cause, with their keys and values. With V(0), the result contains no data of records.
      - The module masks what looks like a secret, but it does not know which fields of your records are confidential.
      - Keys and values that are not text are returned in hexadecimal. Both are truncated.
    type: int
    default: 1
  bootstrap_servers:
    required: true
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.dead_letters
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - A dead letter has the time of the original record, unless the topic has C(message.timestamp.type=LogAppendTime).
  - The module counts by offsets. Records of aborted transactions and markers of transactions are included in the numbers.
  - Topics of sinks that write to other brokers, through C(producer.override.bootstrap.servers), are left out with a warning.
seealso:
  - module: streamops.kafka_connect.cluster_health
"""

EXAMPLES = r"""
- name: Show why records were set aside
  streamops.kafka_connect.dead_letter_info:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
  register: letters

- name: Show each cause with its number of records and its fix
  ansible.builtin.debug:
    msg: "{{ item.1.records }} of {{ item.0.topic }}: {{ item.1.cause }}. {{ item.1.advice }}"
  loop: "{{ letters.topics | subelements('causes', skip_missing=true) }}"
  loop_control:
    label: "{{ item.0.topic }}"

- name: Read the last hour of some sinks, without the data of their records
  streamops.kafka_connect.dead_letter_info:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    name: orders-*
    since: 1h
    samples: 0

- name: Read the topic of a sink that was deleted
  streamops.kafka_connect.dead_letter_info:
    bootstrap_servers: kafka-1.example.com:9092
    topics: orders-dead-letters
"""

RETURN = r"""
topics:
  description: Dead letter topics, by name.
  type: list
  elements: dict
  returned: success
  contains:
    topic:
      description: Name of the topic.
      type: str
      returned: always
      sample: orders-dead-letters
    connectors:
      description: Sinks that write to the topic, of those that are included.
      type: list
      elements: str
      returned: always
      sample: [orders-sink]
    exists:
      description: Whether the topic exists. A task of a sink creates it when it starts.
      type: bool
      returned: always
      sample: true
    partitions:
      description: Number of partitions.
      type: int
      returned: when the topic exists
      sample: 1
    records:
      description: Number of records in the topic.
      type: int
      returned: when the topic exists
      sample: 1240
    records_last_hour:
      description: Number of records whose time is within the last hour. The time is that of the original record.
      type: int
      returned: when the topic exists
      sample: 12
    records_chosen:
      description: Number of records since O(since) and after O(review).
      type: int
      returned: when the topic exists
      sample: 1240
    records_read:
      description: Number of records that were read, and are counted in RV(topics[].causes).
      type: int
      returned: when the topic exists
      sample: 1000
    newest_time:
      description: Time of the newest record in ISO 8601, in UTC, empty without one.
      type: str
      returned: when the topic exists
      sample: '2026-11-28T02:13:05.120Z'
    causes:
      description: The records that were read, by cause. The most frequent cause is first.
      type: list
      elements: dict
      returned: when the topic exists
      contains:
        cause:
          description: Root cause of the newest record in one line. Empty if the records have no headers about their errors.
          type: str
          returned: always
          sample: >-
            DataException: JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain
            additional fields.
        kind:
          description: Kind of the cause. Empty if it is not known.
          type: str
          returned: always
          sample: json_without_schema
        transience:
          description:
            - Whether the same record can succeed later without a change.
            - V(transient) - yes. V(permanent) - no, something must change first. V(unknown) - the cause is not known.
          type: str
          returned: always
          choices: [transient, permanent, unknown]
          sample: permanent
        advice:
          description: Suggested fix. Empty if none is known.
          type: str
          returned: always
          sample: >-
            the records have no "schema" and "payload": set value.converter.schemas.enable (or key.converter.schemas.enable)
            to false
        records:
          description: Number of records.
          type: int
          returned: always
          sample: 980
        first_time:
          description: Time of the oldest of these records.
          type: str
          returned: always
          sample: '2026-11-27T22:01:44.003Z'
        last_time:
          description: Time of the newest of these records.
          type: str
          returned: always
          sample: '2026-11-28T02:13:05.120Z'
        connector:
          description: Name of the sink, from the headers.
          type: str
          returned: always
          sample: orders-sink
        stage:
          description: Where the error happened, from the headers, such as V(VALUE_CONVERTER), V(TRANSFORMATION) or V(TASK_PUT).
          type: str
          returned: always
          sample: VALUE_CONVERTER
        class:
          description: Class of the converter, transform or task that failed.
          type: str
          returned: always
          sample: org.apache.kafka.connect.json.JsonConverter
        exception:
          description: Class of the outermost exception.
          type: str
          returned: always
          sample: org.apache.kafka.connect.errors.DataException
        origins:
          description: Topics that the records were read from.
          type: list
          elements: dict
          returned: always
          contains:
            topic:
              description: Name of the topic.
              type: str
              returned: always
              sample: orders
            records:
              description: Number of records.
              type: int
              returned: always
              sample: 980
          sample:
            - {topic: orders, records: 980}
        samples:
          description: The newest records, at most O(samples). Secrets are masked.
          type: list
          elements: dict
          returned: always
          contains:
            partition:
              description: Partition of the record in the dead letter topic.
              type: int
              returned: always
              sample: 0
            offset:
              description: Offset of the record there.
              type: int
              returned: always
              sample: 1239
            time:
              description: Time of the record.
              type: str
              returned: always
              sample: '2026-11-28T02:13:05.120Z'
            key:
              description: Key, truncated.
              type: str
              returned: when the record has one
              sample: '42'
            value:
              description: Value, truncated.
              type: str
              returned: when the record has one
              sample: '{"id": 42}'
            value_size:
              description: Bytes of the value.
              type: int
              returned: always
              sample: 10
            origin:
              description: Where the sink read the record.
              type: dict
              returned: when the headers contain it
              contains:
                topic:
                  description: Name of the topic.
                  type: str
                  returned: always
                  sample: orders
                partition:
                  description: Partition. V(-1) if it is not known.
                  type: int
                  returned: always
                  sample: 3
                offset:
                  description: Offset. V(-1) if it is not known.
                  type: int
                  returned: always
                  sample: 88123
              sample: {topic: orders, partition: 3, offset: 88123}
          sample:
            - partition: 0
              offset: 1239
              time: '2026-11-28T02:13:05.120Z'
              value_size: 10
      sample:
        - cause: >-
            DataException: JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain
            additional fields.
          kind: json_without_schema
          transience: permanent
          advice: >-
            the records have no "schema" and "payload": set value.converter.schemas.enable (or key.converter.schemas.enable)
            to false
          records: 980
          first_time: '2026-11-27T22:01:44.003Z'
          last_time: '2026-11-28T02:13:05.120Z'
          connector: orders-sink
          stage: VALUE_CONVERTER
          class: org.apache.kafka.connect.json.JsonConverter
          exception: org.apache.kafka.connect.errors.DataException
          origins:
            - {topic: orders, records: 980}
          samples:
            - partition: 0
              offset: 1239
              time: '2026-11-28T02:13:05.120Z'
              value_size: 10
  sample:
    - {topic: orders-dead-letters, connectors: [orders-sink], exists: true}
records:
  description: Number of records in all of these topics.
  type: int
  returned: success
  sample: 1240
records_chosen:
  description: Number of records since O(since) and after O(review).
  type: int
  returned: success
  sample: 1240
msg:
  description:
    - What is in the topics, in one line.
    - On failure, what went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: always
  sample: >-
    dead letters: 1240 in 1 topic; most frequent cause: ConnectException: Connection refused
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.dead_letter_info import (
    DEAD_LETTER_INFO,
    dead_letter_info,
)


def main() -> None:
    run_module(DEAD_LETTER_INFO, dead_letter_info)


if __name__ == "__main__":
    main()
