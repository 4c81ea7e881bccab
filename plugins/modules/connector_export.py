# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: connector_export
short_description: Write the connectors of a live Kafka Connect cluster to files
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Writes each connector to a file of its own, in a directory that O(streamops.kafka_connect.connectors#module:src) can
    read. Use it to move from a manually maintained cluster to connectors as code.
  - Replaces plain-text secrets in a configuration with references to a config provider. It writes their values only if you
    set O(secrets_dest).
  - A plan that follows reports no change if no configuration contains a plain-text secret, or if you pass it the file of
    O(secrets_dest). Otherwise it reports the change from the secrets to the references, which you should apply.
  - Does not touch files whose content is already correct, nor files of connectors that no longer exist.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
attributes:
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: full
    details:
      - There is one entry for each connector file that changes, with secrets masked. There is none for the file of
        O(secrets_dest).
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: full
notes:
  - The module writes nothing to the cluster. Credentials that only permit C(GET) requests are sufficient.
  - The module writes the files on the machine where the task runs. With a local connection, that is the controller.
  - Failed connectors are written as running connectors, because Kafka Connect does not report whether they should be
    paused.
options:
  dest:
    description:
      - Directory for the files. If it does not exist, it is created with mode V(0700).
      - Each file is named after its connector. Characters that a file name cannot contain are percent-encoded.
      - If the directory already has a file with another suffix for a connector, the task fails, because the connector would
        then be defined twice.
    type: path
    required: true
  name:
    description:
      - Names and patterns of connectors. If empty, all connectors are exported.
    type: list
    elements: str
    default: []
  format:
    description:
      - Format of the files. V(json) is that of the REST API, with C(name) and C(config). V(yaml) has the same structure, and is easier to
        comment.
      - The default is V(json), because every other tool for Kafka Connect can read it.
    type: str
    choices: [json, yaml]
    default: json
  include_state:
    description:
      - Whether to write C(state) for paused or stopped connectors, so that they keep that state, and get it again if they
        have to be recreated.
      - With V(false) the files do not set the run state of connectors.
    type: bool
    default: true
  secret_reference:
    description:
      - Reference that replaces a secret. C({connector}) and C({key}) stand for the name of the connector and the key.
        Characters that a reference cannot contain are percent-encoded in these.
      - It must be a reference that a config provider of the workers resolves. The default is one for Kafka's
        C(FileConfigProvider), which must be configured on the workers under the name C(file).
      - Secrets are the values of keys that a plugin declares as passwords or whose names indicate a secret, and values that
        contain a password, such as a URL with one. Existing references are left alone.
    type: str
    default: ${file:/etc/kafka-connect/secrets.properties:{connector}.{key}}
  secrets_dest:
    description:
      - File for the secrets that were replaced. It contains the variable C(connectors_secret_overrides), a list for
        O(streamops.kafka_connect.connectors#module:overrides). You can pass it to the role
        P(streamops.kafka_connect.connectors#role) unchanged.
      - The file contains the secrets in plain text, with mode V(0600). Encrypt it with C(ansible-vault encrypt).
      - If the file is already encrypted, the task fails instead of replacing it.
    type: path
  backup:
    description:
      - Whether to keep a file of O(dest) that differs under another name, C(NAME.json.TIME~), before replacing it.
      - The default is V(true), because the file may have been written by hand.
    type: bool
    default: true
seealso:
  - module: streamops.kafka_connect.connectors
  - module: streamops.kafka_connect.connector_info
  - name: Externalizing secrets
    description: Kafka's own documentation of config providers.
    link: https://kafka.apache.org/documentation/#config_providers
"""

EXAMPLES = r"""
- name: Export all connectors of the cluster
  streamops.kafka_connect.connector_export:
    url: http://connect-1.example.com:8083
    dest: connectors/

- name: Export some connectors as YAML, with their secrets in a separate file
  streamops.kafka_connect.connector_export:
    url: http://connect-1.example.com:8083
    name: orders-*
    dest: connectors/orders/
    format: yaml
    secret_reference: ${file:/etc/kafka-connect/{connector}.properties:{key}}
    secrets_dest: secrets.yml

- name: Verify that the files match the cluster
  streamops.kafka_connect.connectors:
    url: http://connect-1.example.com:8083
    src: connectors/
  check_mode: true
  register: plan
  failed_when: plan is changed
"""

RETURN = r"""
dest:
  description: The directory with the files.
  type: str
  returned: success
  sample: /srv/infrastructure/connectors
files:
  description: One entry for each connector, sorted by name.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: Name of the connector.
      type: str
      returned: always
      sample: orders
    path:
      description: Path of its file.
      type: str
      returned: always
      sample: /srv/infrastructure/connectors/orders.json
    changed:
      description: Whether the file was missing or differed.
      type: bool
      returned: always
      sample: true
    state:
      description: The run state in the file.
      type: str
      returned: when the connector is paused or stopped, and O(include_state=true)
      choices: [paused, stopped]
      sample: paused
    secret_keys:
      description: Keys whose values were replaced with references.
      type: list
      elements: str
      returned: always
      sample: [database.password]
    masked_keys:
      description: Keys that got references because the worker returns their values masked.
      type: list
      elements: str
      returned: always
      sample: []
    backup_file:
      description: Copy of the previous file.
      type: str
      returned: when one was made
      sample: /srv/infrastructure/connectors/orders.json.20261121T104457Z~
  sample:
    - name: orders
      path: /srv/infrastructure/connectors/orders.json
      changed: true
      secret_keys: [database.password]
      masked_keys: []
secrets_file:
  description: The file with the secrets.
  type: str
  returned: when O(secrets_dest) is given
  sample: /srv/infrastructure/secrets.yml
msg:
  description:
    - What changed, or would change in check mode, in one line, for example V(wrote 1 file (orders\)). Not returned if nothing
      changed.
    - On failure, what went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: on failure, and when something changed or would change in check mode
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_export import (
    CONNECTOR_EXPORT,
    connector_export,
)


def main() -> None:
    run_module(CONNECTOR_EXPORT, connector_export)


if __name__ == "__main__":
    main()
