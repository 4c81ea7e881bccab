# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: plugin_info
short_description: Look at the plugins of a Kafka Connect cluster
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Returns the connectors, converters, transforms and predicates that are installed, with their versions and the
    workers that lack them.
  - Returns the keys of a plugin's config on request, with type, default and documentation.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - Nothing is written. Credentials that may only send C(GET) requests are enough.
  - That a plugin is listed does not prove that it can be loaded.
  - Kafka before 3.2 only tells of connectors.
options:
  name:
    description:
      - Patterns for plugin classes, package included. All plugins when it is empty.
    type: list
    elements: str
    default: []
  types:
    description:
      - Only plugins of these types. All types when it is empty.
    type: list
    elements: str
    choices: [source, sink, converter, header_converter, transformation, predicate]
    default: []
  definitions:
    description:
      - Whether to ask for the keys of each plugin. This costs a request for each, so choose them with O(name).
    type: bool
    default: false
seealso:
  - module: streamops.kafka_connect.cluster_info
  - module: streamops.kafka_connect.connector_validate
  - name: Kafka Connect REST API
    description: What Kafka Connect itself says of its REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Which connectors are installed
  streamops.kafka_connect.plugin_info:
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
    types: [source, sink]
  register: installed

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.class }} {{ item.versions | join(', ') }}"
  loop: "{{ installed.plugins }}"
  loop_control:
    label: "{{ item.class }}"

- name: Debezium's connectors and their keys
  streamops.kafka_connect.plugin_info:
    url: http://connect-1.example.com:8083
    name: io.debezium.connector.*
    definitions: true
  register: debezium

- name: Keys that have to be given
  ansible.builtin.debug:
    msg: "{{ item.definitions | selectattr('required') | map(attribute='name') | list }}"
  loop: "{{ debezium.plugins }}"
  loop_control:
    label: "{{ item.class }}"

- name: The plugin that a deployment needs is on every worker
  streamops.kafka_connect.plugin_info:
    url: "{{ connect_urls }}"
    name: "*.JdbcSinkConnector"
  register: jdbc
  failed_when: jdbc.plugins | length == 0 or jdbc.plugins[0].missing_on
"""

RETURN = r"""
plugins:
  description: The plugins that were asked for, sorted by class.
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
      description: Kind of the plugin.
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
      description: Workers of O(url) that lack the plugin, or one of its versions.
      type: list
      elements: str
      returned: always
      sample: []
    definitions:
      description: Keys of the plugin's config. Empty when the plugin does not tell.
      type: list
      elements: dict
      returned: when O(definitions=true)
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
          description: Whether it has to be given.
          type: bool
          returned: always
          sample: true
        default:
          description: Default value, null when there is none.
          type: str
          returned: always
          sample: null
        documentation:
          description: What the plugin says of it.
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
  description: What went wrong, with its cause and what helps against it. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    GET http://connect-1.example.com:8083/connectors?expand=info&expand=status: [Errno 111] Connection refused ->
    nothing listens there: is the worker running, is the port right?
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

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import PLUGIN_INFO
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.plugin_info import plugin_info


def main() -> None:
    run_module(PLUGIN_INFO, plugin_info)


if __name__ == "__main__":
    main()
