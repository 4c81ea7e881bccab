# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: schema_registry_info
short_description: Gather information about the schemas of connectors in a schema registry
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Returns subjects with their versions and compatibility levels, from a registry with a Confluent-compatible API, such as
    Confluent Schema Registry, Karapace and Apicurio Registry.
  - Selects them by the connectors that use them, by topic, or by name.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.registry
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - The module writes nothing. It sends only C(GET) requests, 3 for each subject and 1 more for each version that it reads.
  - A converter that a worker's file sets cannot be seen through REST. The module finds the registry of a connector only if its own
    configuration names one, in C(key.converter.schema.registry.url), C(value.converter.schema.registry.url), or
    C(apicurio.registry.url) in their place.
  - It requires O(url) only with O(name). Without O(name), O(registry.url) lists the URLs of one registry, which the module tries in
    turn.
options:
  name:
    description:
      - Names and patterns of connectors. The module reads the registries that their converters name, and the subjects of the topics
        that they have used or that their configurations name.
      - The subject of a topic is that of the default strategies, the topic with C(-key) or C(-value). Other strategies are listed in
        RV(undetermined).
      - Cannot be combined with O(subject) and O(topic).
    type: list
    elements: str
    default: []
  subject:
    description:
      - Names and patterns of subjects in the registry of O(registry.url). Without O(name), O(subject) and O(topic), the module returns
        all subjects.
    type: list
    elements: str
    default: []
  topic:
    description:
      - Names of topics. The module returns their subjects with C(-key) and C(-value), as far as they exist.
    type: list
    elements: str
    default: []
  newest_versions:
    description:
      - Number of versions of each subject to return with their schemas, from V(0) to V(100). RV(registries[].subjects[].versions)
        always lists the numbers of all.
    type: int
    default: 1
seealso:
  - module: streamops.kafka_connect.schema_check
  - module: streamops.kafka_connect.cluster_health
  - module: streamops.kafka_connect.connector_info
"""

EXAMPLES = r"""
- name: Show the schemas of a connector
  streamops.kafka_connect.schema_registry_info:
    url: http://connect-1.example.com:8083
    name: orders-*
  register: schemas

- name: Show their compatibility levels
  ansible.builtin.debug:
    msg: "{{ item.subject }}: {{ item.compatibility }}, versions {{ item.versions | join(', ') }}"
  loop: "{{ schemas.registries | map(attribute='subjects') | flatten }}"
  loop_control:
    label: "{{ item.subject }}"

- name: Read the subjects of a topic, with the last two versions of each
  streamops.kafka_connect.schema_registry_info:
    topic: orders
    newest_versions: 2
    registry:
      url: https://registry.example.com
      url_username: connect
      url_password: "{{ registry_password }}"
      ca_path: /etc/ssl/certs/example-ca.pem

- name: Check for a subject without its own compatibility level
  streamops.kafka_connect.schema_registry_info:
    subject: payments-*
    newest_versions: 0
    registry:
      url: https://registry.example.com
      token: "{{ registry_token }}"
"""

RETURN = r"""
registries:
  description: The registries that were read. Empty if the selected connectors name none.
  type: list
  elements: dict
  returned: success
  contains:
    url:
      description: URL of the registry that answered.
      type: str
      returned: always
      sample: https://registry.example.com
    connectors:
      description: Names of the selected connectors that use the registry. Empty without O(name).
      type: list
      elements: str
      returned: always
      sample: [orders-source]
    compatibility:
      description: Compatibility level of subjects without one of their own. Empty if the registry does not report it.
      type: str
      returned: always
      sample: BACKWARD
    subjects:
      description: The selected subjects that exist, sorted by name.
      type: list
      elements: dict
      returned: always
      contains:
        subject:
          description: Name of the subject.
          type: str
          returned: always
          sample: orders-value
        topic:
          description: Topic that the subject was selected for. Empty with O(subject).
          type: str
          returned: always
          sample: orders
        connectors:
          description: Names of the selected connectors with this topic. Empty without O(name).
          type: list
          elements: str
          returned: always
          sample: [orders-source]
        compatibility:
          description: Compatibility level that applies to the subject. Empty if the registry does not report it.
          type: str
          returned: always
          sample: BACKWARD
        has_own_level:
          description: Whether the level is set for this subject. Apicurio Registry reports V(true) for each subject.
          type: bool
          returned: always
          sample: false
        versions:
          description: Numbers of all versions, ascending.
          type: list
          elements: int
          returned: always
          sample: [1, 2]
        newest:
          description: The newest versions, newest first, as many as O(newest_versions).
          type: list
          elements: dict
          returned: always
          contains:
            version:
              description: Number of the version.
              type: int
              returned: always
              sample: 2
            id:
              description: ID of the schema in the registry.
              type: int
              returned: always
              sample: 17
            type:
              description: Format of the schema, such as V(AVRO), V(JSON) or V(PROTOBUF).
              type: str
              returned: always
              sample: AVRO
            schema:
              description: The schema, as text.
              type: str
              returned: always
              sample: '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}'
          sample:
            - version: 2
              id: 17
              type: AVRO
              schema: '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}'
      sample:
        - subject: orders-value
          topic: orders
          connectors: [orders-source]
          compatibility: BACKWARD
          has_own_level: false
          versions: [1, 2]
          newest:
            - version: 2
              id: 17
              type: AVRO
              schema: '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}'
  sample:
    - url: https://registry.example.com
      connectors: [orders-source]
      compatibility: BACKWARD
      subjects:
        - subject: orders-value
          topic: orders
          connectors: [orders-source]
          compatibility: BACKWARD
          has_own_level: false
          versions: [1, 2]
          newest:
            - version: 2
              id: 17
              type: AVRO
              schema: '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}'
missing:
  description: Names of O(subject) that do not exist, and names of O(topic) without any subject.
  type: list
  elements: str
  returned: success
  sample: []
undetermined:
  description: Converters of the selected connectors that do not name subjects after topics.
  type: list
  elements: dict
  returned: success
  contains:
    connector:
      description: Name of the connector.
      type: str
      returned: always
      sample: payments-source
    part:
      description: Part of the records.
      type: str
      returned: always
      choices: [key, value]
      sample: value
    strategy:
      description: Class that names the subjects, without its package.
      type: str
      returned: always
      sample: RecordNameStrategy
  sample: []
msg:
  description: What went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    GET http://connect-1.example.com:8083/connectors?expand=info&expand=status: connection refused -> nothing listens there:
    check that the worker is running, and its port
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.schema_registry_info import (
    SCHEMA_REGISTRY_INFO,
    schema_registry_info,
)


def main() -> None:
    run_module(SCHEMA_REGISTRY_INFO, schema_registry_info)


if __name__ == "__main__":
    main()
