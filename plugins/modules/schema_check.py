# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: schema_check
short_description: Check whether a schema registry would accept a schema
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Asks a registry with a Confluent-compatible API whether it would accept a schema as the next version of a subject. The registry
    checks it by the compatibility level of the subject, and stores nothing.
  - Use it before you deploy a change that makes a connector write another schema, such as a new column of a table.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.registry
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - The module writes nothing. It sends at most 5 requests to the registry, one of them a C(POST) to C(/compatibility).
  - It requires O(url) only with O(name). Without O(name), O(registry.url) lists the URLs of one registry, which the module tries in
    turn.
  - A registry accepts any schema for a subject that does not exist, and the module reports this in RV(new_subject).
options:
  name:
    description:
      - Name of the connector whose converter names the registry. If empty, O(registry.url) names it.
      - The converters of a worker's file cannot be seen through REST. For a connector without a converter of its own, set
        O(registry.url).
    type: str
    default: ""
  part:
    description:
      - Part of the records that the schema describes.
    type: str
    choices: [key, value]
    default: value
  subject:
    description:
      - Name of the subject. Required if the converter does not name subjects after topics.
    type: str
  topic:
    description:
      - Name of the topic, in place of O(subject). The subject is then the topic with C(-key) or C(-value), by O(part), as the default
        strategies of the converters name it.
    type: str
  schema:
    description:
      - The schema, as text or as data. Data is converted to JSON.
    type: raw
    required: true
  schema_type:
    description:
      - Format of the schema.
    type: str
    choices: [AVRO, JSON, PROTOBUF]
    default: AVRO
  references:
    description:
      - Schemas in the registry that O(schema) uses.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description:
          - Name by which O(schema) refers to it.
        type: str
        required: true
      subject:
        description:
          - Subject of the schema.
        type: str
        required: true
      version:
        description:
          - Version of that subject.
        type: int
        required: true
  fail_on_incompatible:
    description:
      - Whether to fail the task if the registry would not accept the schema. The result is the same.
    type: bool
    default: true
seealso:
  - module: streamops.kafka_connect.schema_registry_info
  - module: streamops.kafka_connect.connector_validate
"""

EXAMPLES = r"""
- name: Stop before a change that the registry would reject
  streamops.kafka_connect.schema_check:
    topic: orders
    registry:
      url: https://registry.example.com
      url_username: connect
      url_password: "{{ registry_password }}"
    schema:
      type: record
      name: Order
      fields:
        - {name: id, type: long}
        - {name: note, type: ["null", string], default: null}

- name: Check a schema from a file
  streamops.kafka_connect.schema_check:
    subject: payments-value
    schema: "{{ lookup('ansible.builtin.file', 'schemas/payments.avsc') }}"
    fail_on_incompatible: false
    registry:
      url: https://registry.example.com
      token: "{{ registry_token }}"
  register: checked

- name: Show why the registry would reject it
  ansible.builtin.debug:
    var: checked.reasons
  when: not checked.compatible
"""

RETURN = r"""
compatible:
  description: Whether the registry would accept the schema.
  type: bool
  returned: success, and when O(fail_on_incompatible) made the task fail
  sample: false
new_subject:
  description: Whether the subject does not exist yet, so that the registry would accept any schema.
  type: bool
  returned: success, and when O(fail_on_incompatible) made the task fail
  sample: false
valid:
  description: Whether the registry can read the schema.
  type: bool
  returned: success, and when O(fail_on_incompatible) made the task fail
  sample: true
reasons:
  description: Why the registry would reject the schema, in its own words. Empty if it gives no reason.
  type: list
  elements: str
  returned: success, and when O(fail_on_incompatible) made the task fail
  sample: ['READER_FIELD_MISSING_DEFAULT_VALUE: note']
registry_url:
  description: URL of the registry that answered.
  type: str
  returned: success, and when O(fail_on_incompatible) made the task fail
  sample: https://registry.example.com
subject:
  description: Name of the subject.
  type: str
  returned: success, and when O(fail_on_incompatible) made the task fail
  sample: orders-value
compatibility:
  description: Compatibility level that applies to the subject. Empty if the registry does not report it.
  type: str
  returned: success, and when O(fail_on_incompatible) made the task fail
  sample: BACKWARD
latest_version:
  description: Number of the newest version. V(null) if the subject does not exist.
  type: int
  returned: success, and when O(fail_on_incompatible) made the task fail
  sample: 2
msg:
  description: Whether the registry would accept the schema, and why not, in one line, or why the task failed.
  type: str
  returned: always
  sample: schema registry https://registry.example.com would accept this schema for subject "orders-value" (compatibility
    BACKWARD)
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.schema_check import (
    SCHEMA_CHECK,
    schema_check,
)


def main() -> None:
    run_module(SCHEMA_CHECK, schema_check)


if __name__ == "__main__":
    main()
