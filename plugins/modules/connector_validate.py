# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_validate
short_description: Validate configurations of Kafka Connect connectors
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Runs the checks of M(streamops.kafka_connect.connectors) on a desired set of connectors, whether or not it differs from
    the cluster. Changes nothing.
  - The plugin must be installed on every worker, the keys must be known (typing errors are reported with the nearest known
    key), and the worker's own validation must report no errors.
  - Reports all errors of all connectors at once. Entries with C(state=absent) are skipped.
extends_documentation_fragment:
  - streamops.kafka_connect.desired
  - streamops.kafka_connect.checks
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - The module writes nothing. It sends C(PUT /connector-plugins/CLASS/config/validate) to the worker, which changes nothing
    but runs the plugin's own code, so a database connector may connect to its database. With credentials that only permit
    C(GET) requests, the module runs the other checks and issues a warning.
options:
  validate:
    description:
      - How to treat unknown keys. V(standard) issues a warning for keys that none of the plugins involved knows.
      - V(strict) makes them errors.
      - The default is V(standard), because some plugins read keys that they do not declare.
    type: str
    choices: [standard, strict]
    default: standard
  fail_on_errors:
    description:
      - Whether the task fails if there are errors.
      - The default is V(true), so that a check in a pipeline stops it. With V(false) the errors are only in
        RV(connectors[].errors).
    type: bool
    default: true
  max_parallel:
    description:
      - Number of configurations to validate at the same time.
      - The default is V(8), because each validation of a database connector may open a connection to that database.
    type: int
    default: 8
seealso:
  - module: streamops.kafka_connect.connectors
  - module: streamops.kafka_connect.plugin_info
  - name: Kafka Connect REST API
    description: Kafka's own documentation of the REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Validate the repository before a merge, including typing errors
  streamops.kafka_connect.connector_validate:
    url: http://connect-test.example.com:8083
    src: connectors/
    validate: strict
    known_keys:
      - driver.*

- name: Validate one configuration
  streamops.kafka_connect.connector_validate:
    url: http://connect-1.example.com:8083
    connectors:
      - name: access-log
        config:
          connector.class: FileStreamSource
          tasks.max: 1
          file: /var/log/nginx/access.log
          topic: access-log

- name: Validate with the values of production
  streamops.kafka_connect.connector_validate:
    url: "{{ connect_urls }}"
    src: connectors/
    overrides:
      - match: orders*
        config:
          database.hostname: "{{ orders_database_host }}"
    fail_on_errors: false
  register: check

- name: Show the errors
  ansible.builtin.debug:
    msg: "{{ item.errors | map(attribute='message') | list }}"
  loop: "{{ check.connectors | rejectattr('valid') }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
connectors:
  description: Result of the checks for each configuration, in the order of the desired connectors.
  type: list
  elements: dict
  returned: when a worker could be reached
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: access-log
    valid:
      description: Whether there are no errors.
      type: bool
      returned: always
      sample: false
    errors:
      description: The errors.
      type: list
      elements: dict
      returned: always
      contains:
        key:
          description: Configuration key. Empty if the error is not about a single key.
          type: str
          returned: always
          sample: topic
        message:
          description: The error and its fix, in one line.
          type: str
          returned: always
          sample: >-
            connector "access-log": key "topic": Missing required configuration "topic" which has no default value.
      sample:
        - key: topic
          message: >-
            connector "access-log": key "topic": Missing required configuration "topic" which has no default value.
    exists:
      description: Whether the cluster has a connector of that name.
      type: bool
      returned: always
      sample: false
  sample:
    - name: access-log
      valid: false
      errors:
        - key: topic
          message: >-
            connector "access-log": key "topic": Missing required configuration "topic" which has no default value.
      exists: false
msg:
  description: What went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    connector "access-log": key "topic": Missing required configuration "topic" which has no default value.
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_validate import (
    CONNECTOR_VALIDATE,
    connector_validate,
)


def main() -> None:
    run_module(CONNECTOR_VALIDATE, connector_validate)


if __name__ == "__main__":
    main()
