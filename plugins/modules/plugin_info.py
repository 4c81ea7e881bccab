# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: plugin_info
short_description: Gather information about the plugins of a Kafka Connect cluster
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Returns the installed connectors, converters, transforms and predicates, with their versions and the workers that lack
    them.
  - Returns the configuration keys of a plugin on request, with type, default and documentation.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - The module writes nothing. Credentials that only permit C(GET) requests are sufficient.
  - A listed plugin is not necessarily one that can be loaded.
  - Kafka before 3.2 only lists connectors.
options:
  name:
    description:
      - Patterns for plugin classes, including their package. If empty, all plugins are returned.
    type: list
    elements: str
    default: []
  types:
    description:
      - Only plugins of these types. If empty, plugins of all types are returned.
    type: list
    elements: str
    choices: [source, sink, converter, header_converter, transformation, predicate]
    default: []
  include_definitions:
    description:
      - Whether to return the configuration keys of each plugin. This costs one request for each, so select plugins with
        O(name).
    type: bool
    default: false
seealso:
  - module: streamops.kafka_connect.cluster_info
  - module: streamops.kafka_connect.connector_validate
  - name: Kafka Connect REST API
    description: Kafka's own documentation of the REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: List the installed connectors
  streamops.kafka_connect.plugin_info:
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
    types: [source, sink]
  register: installed

- name: Show their versions
  ansible.builtin.debug:
    msg: "{{ item.class }} {{ item.versions | join(', ') }}"
  loop: "{{ installed.plugins }}"
  loop_control:
    label: "{{ item.class }}"

- name: Gather information about Debezium's connectors and their keys
  streamops.kafka_connect.plugin_info:
    url: http://connect-1.example.com:8083
    name: io.debezium.connector.*
    include_definitions: true
  register: debezium

- name: Show the required keys
  ansible.builtin.debug:
    msg: "{{ item.definitions | selectattr('required') | map(attribute='name') | list }}"
  loop: "{{ debezium.plugins }}"
  loop_control:
    label: "{{ item.class }}"

- name: Verify that every worker has the plugin for a deployment
  streamops.kafka_connect.plugin_info:
    url: "{{ connect_urls }}"
    name: "*.JdbcSinkConnector"
  register: jdbc
  failed_when: jdbc.plugins | length == 0 or jdbc.plugins[0].missing_on
"""

RETURN = r"""
plugins:
  description: The selected plugins, sorted by class.
  type: list
  elements: dict
  returned: success
  contains:
    class:
      description: Class of the plugin.
      type: str
      returned: always
      sample: io.debezium.connector.postgresql.PostgresConnector
    type:
      description: Type of the plugin.
      type: str
      returned: always
      choices: [source, sink, converter, header_converter, transformation, predicate]
      sample: source
    versions:
      description: Versions that are installed on any worker of O(url).
      type: list
      elements: str
      returned: always
      sample: [3.3.0.Final]
    missing_on:
      description: Workers of O(url) that lack the plugin or one of its versions.
      type: list
      elements: str
      returned: always
      sample: []
    definitions:
      description: Configuration keys of the plugin. Empty if the plugin does not list them.
      type: list
      elements: dict
      returned: when O(include_definitions=true)
      contains:
        name:
          description: Name of the key.
          type: str
          returned: always
          sample: database.hostname
        type:
          description: Type of the key, as Kafka names it.
          type: str
          returned: always
          sample: STRING
        required:
          description: Whether the key is required.
          type: bool
          returned: always
          sample: true
        default:
          description: Default value, V(null) if there is none.
          type: str
          returned: always
          sample: null
        documentation:
          description: The plugin's own documentation of the key.
          type: str
          returned: always
          sample: Resolvable hostname or IP address of the database server.
      sample:
        - name: database.hostname
          type: STRING
          required: true
          default: null
          documentation: Resolvable hostname or IP address of the database server.
  sample:
    - class: io.debezium.connector.postgresql.PostgresConnector
      type: source
      versions: [3.3.0.Final]
      missing_on: []
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.plugin_info import (
    PLUGIN_INFO,
    plugin_info,
)


def main() -> None:
    run_module(PLUGIN_INFO, plugin_info)


if __name__ == "__main__":
    main()
