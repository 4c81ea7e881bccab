# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_validate
short_description: Validate configs of Kafka Connect connectors without changing anything
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Runs the checks of M(streamops.kafka_connect.connectors) on a desired set of connectors, whether or not it differs
    from what the cluster has.
  - The plugin is installed on every worker, its keys are known (typing errors are found, with the nearest known key),
    and the worker's own validation finds no fault.
  - Every fault of every connector is told at once. Entries with C(state=absent) are passed over.
extends_documentation_fragment:
  - streamops.kafka_connect.desired
  - streamops.kafka_connect.checks
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - Nothing is written. The worker is asked with C(PUT /connector-plugins/CLASS/config/validate), which changes
    nothing but runs the plugin's own code, so that a database connector may connect to its database. Credentials that
    may only send C(GET) requests get the other checks, and a warning.
options:
  validate:
    description:
      - V(standard) makes keys that no plugin involved knows a warning.
      - V(strict) makes them errors.
      - The default is V(standard), because some plugins read keys that they do not declare.
    type: str
    choices: [standard, strict]
    default: standard
  fail_on_errors:
    description:
      - Whether the task fails when there are errors.
      - The default is V(true), so that a check in a pipeline stops it. With V(false) the errors are only in
        RV(connectors[].errors).
    type: bool
    default: true
  max_parallel:
    description:
      - How many configs are validated at the same time.
      - The default is V(8), because the validation of a database connector may open a connection to that database for
        each.
    type: int
    default: 8
seealso:
  - module: streamops.kafka_connect.connectors
  - module: streamops.kafka_connect.plugin_info
  - name: Kafka Connect REST API
    description: What Kafka Connect itself says of its REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Check the repository before it is merged, typing errors included
  streamops.kafka_connect.connector_validate:
    url: http://connect-test.example.com:8083
    src: connectors/
    validate: strict
    known_keys:
      - driver.*

- name: Check one config
  streamops.kafka_connect.connector_validate:
    url: http://connect-1.example.com:8083
    connectors:
      - name: access-log
        config:
          connector.class: FileStreamSource
          tasks.max: 1
          file: /var/log/nginx/access.log
          topic: access-log

- name: Check with the values of production
  streamops.kafka_connect.connector_validate:
    url: "{{ connect_urls }}"
    src: connectors/
    overrides:
      - match: orders*
        config:
          database.hostname: "{{ orders_database_host }}"
    fail_on_errors: false
  register: check

- name: What is wrong
  ansible.builtin.debug:
    msg: "{{ item.errors | map(attribute='message') | list }}"
  loop: "{{ check.connectors | rejectattr('valid') }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
connectors:
  description: What the checks say of each config, in the order of the desired set.
  type: list
  elements: dict
  returned: when the cluster could be asked
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
          description: Key of the config, empty when it is not about one.
          type: str
          returned: always
          sample: topic
        message:
          description: The fault and its cure, in one line.
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
      sample: true
  sample:
    - name: access-log
      valid: false
      exists: true
      errors:
        - key: topic
          message: >-
            connector "access-log": key "topic": Missing required configuration "topic" which has no default value.
msg:
  description: What went wrong, with its cause and what helps against it. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    connector "access-log": key "topic": Missing required configuration "topic" which has no default value.
error:
  description: The failure in parts, for playbooks.
  type: dict
  returned: on failure, other than for missing or unknown options
  contains:
    kind:
      description:
        - The kind of the failure, one of those that M(streamops.kafka_connect.connectors) lists under
          RV(streamops.kafka_connect.connectors#module:error.kind).
      type: str
      returned: always
      sample: connection_refused
    message:
      description: What went wrong, in words.
      type: str
      returned: always
      sample: "GET http://connect-1.example.com:8083/connectors: [Errno 111] Connection refused"
    advice:
      description: What helps against it. Empty when there is nothing to say.
      type: str
      returned: always
      sample: "nothing listens there: is the worker running, is the port right?"
    problems:
      description: Each single fault.
      type: list
      elements: dict
      returned: when RV(error.kind) is V(invalid_input)
      contains:
        connector:
          description: Name of the connector, if it is about one.
          type: str
          returned: always
          sample: orders
        key:
          description: Key of the config, if it is about one.
          type: str
          returned: always
          sample: tasks.max
        text:
          description: The fault and its cure, in one line.
          type: str
          returned: always
          sample: 'connector "orders": key "tasks.max": Invalid value many for configuration tasks.max'
      sample:
        - connector: orders
          key: tasks.max
          text: 'connector "orders": key "tasks.max": Invalid value many for configuration tasks.max'
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
      description: URL of the worker that was asked.
      type: str
      returned: when a request failed
      sample: http://connect-1.example.com:8083
    http_status:
      description: HTTP status of the answer, V(0) when there was none.
      type: int
      returned: when a request failed
      sample: 0
    error_code:
      description: Kafka Connect's own error code, V(0) when there was none.
      type: int
      returned: when a request failed
      sample: 0
    outcome:
      description:
        - What became of the request, or of the writes of the first connector that failed.
      type: str
      returned: when a request or a connector failed
      choices: [done, not_done, unknown]
      sample: not_done
  sample:
    kind: connection_refused
    message: >-
      GET http://connect-1.example.com:8083/connectors?expand=info&expand=status: [Errno 111] Connection refused
    advice: "nothing listens there: is the worker running, is the port right?"
    method: GET
    path: /connectors?expand=info&expand=status
    worker: http://connect-1.example.com:8083
    http_status: 0
    error_code: 0
    outcome: not_done
run:
  description: What the task cost, and what happened in it.
  type: dict
  returned: when the connection options are right
  contains:
    requests:
      description: HTTP requests that were sent.
      type: int
      returned: always
      sample: 1
    retries:
      description: How many of them were sent again.
      type: int
      returned: always
      sample: 0
    conflicts_waited:
      description: Seconds in which the cluster could not serve a request, for example because it was rebalancing.
      type: float
      returned: always
      sample: 0.0
    elapsed:
      description: Seconds of the whole run.
      type: float
      returned: always
      sample: 0.04
    worker:
      description: URL of the worker that was asked last.
      type: str
      returned: always
      sample: http://connect-1.example.com:8083
    timeline:
      description: What a person may want to know, in order.
      type: list
      elements: dict
      returned: always
      contains:
        seconds:
          description: Seconds since the run began.
          type: float
          returned: always
          sample: 3.2
        text:
          description: One line.
          type: str
          returned: always
          sample: "12 of 40 in the desired state; orders: connector is UNASSIGNED, waiting for RUNNING"
      sample:
        - {seconds: 3.2, text: "12 of 40 in the desired state; orders: connector is UNASSIGNED, waiting for RUNNING"}
  sample:
    requests: 1
    retries: 0
    conflicts_waited: 0.0
    elapsed: 0.04
    worker: http://connect-1.example.com:8083
    timeline: []
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import CONNECTOR_VALIDATE
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_validate import (
    connector_validate,
)


def main() -> None:
    run_module(CONNECTOR_VALIDATE, connector_validate)


if __name__ == "__main__":
    main()
