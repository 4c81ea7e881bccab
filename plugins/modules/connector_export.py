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
  - Writes each connector to a file of its own, in a directory that O(streamops.kafka_connect.connectors#module:src)
    reads. This is the way from a cluster that was made by hand to connectors as code.
  - Secrets that stand in a config in clear are replaced by references to a config provider, and their values are
    written nowhere unless O(secrets_dest) asks for it.
  - A plan that follows reports no change, if no config holds a secret in clear, or if the file of O(secrets_dest) is
    given to it. Else it reports the change from the secrets to the references, which is a thing to do.
  - Files whose content is right already are left alone. Files of connectors that are gone are left, too.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
attributes:
  diff_mode:
    description: Shows what changes.
    support: full
    details:
      - There is one entry for each file of a connector that changes, secrets masked. The file of O(secrets_dest) has
        none.
  idempotent:
    description: When run twice in a row, the second run changes nothing.
    support: full
notes:
  - Nothing is written to the cluster. Credentials that may only send C(GET) requests are enough.
  - The files are written on the machine where the task runs. That is the controller when the connection is local.
  - Connectors that have failed are written as connectors that shall run, because Kafka Connect does not tell whether
    they should be paused.
options:
  dest:
    description:
      - Directory for the files. It is made with mode V(0700) if it is missing.
      - A file has the name of its connector. What a file name can't hold is percent-encoded.
      - A connector that has a file with another suffix there is an error, because it would then be defined twice.
    type: path
    required: true
  name:
    description:
      - Names and patterns of connectors. All connectors when it is empty.
    type: list
    elements: str
    default: []
  format:
    description:
      - V(json) is what the REST API takes and gives, with C(name) and C(config). V(yaml) has the same shape, and is
        easier to comment on.
      - V(json), because every other tool for Kafka Connect can read it.
    type: str
    choices: [json, yaml]
    default: json
  state:
    description:
      - Whether C(state) is written for connectors that are paused or stopped, so that they stay so, and become so
        again when they have to be created anew.
      - With V(false) the run state of connectors is nobody's concern.
    type: bool
    default: true
  secret_reference:
    description:
      - What is written in the place of a secret, with C({connector}) and C({key}) for the names of the connector and
        the key. What a reference can't hold is percent-encoded in these.
      - It must be a reference that a config provider of the workers resolves. The default is one for the
        C(FileConfigProvider) of Kafka, which the workers have to be configured with under the name C(file).
      - Secret are the keys that a plugin declares as passwords, those whose names say so, and values that hold a
        password, such as a URL with one. References that are there already are left as they are.
    type: str
    default: ${file:/etc/kafka-connect/secrets.properties:{connector}.{key}}
  secrets_dest:
    description:
      - File for the secrets that were replaced. It holds the variable C(connectors_secret_overrides), a list for
        O(streamops.kafka_connect.connectors#module:overrides). The role P(streamops.kafka_connect.connectors#role)
        takes it as it is.
      - The secrets stand there in clear. The mode of the file is V(0600). Encrypt it with C(ansible-vault encrypt).
      - A file that is encrypted already is never replaced, that is an error.
    type: path
  backup:
    description:
      - Whether a file of O(dest) that differs is kept under another name, C(NAME.json.TIME~), before it is replaced.
      - V(true), because somebody may have written it by hand.
    type: bool
    default: true
seealso:
  - module: streamops.kafka_connect.connectors
  - module: streamops.kafka_connect.connector_info
  - name: Externalizing secrets
    description: What Kafka itself says of config providers.
    link: https://kafka.apache.org/documentation/#config_providers
"""

EXAMPLES = r"""
- name: All connectors of the cluster, as the REST API shows them
  streamops.kafka_connect.connector_export:
    url: http://connect-1.example.com:8083
    dest: connectors/

- name: Some of them as YAML, their secrets in a file to be vaulted
  streamops.kafka_connect.connector_export:
    url: http://connect-1.example.com:8083
    name: orders-*
    dest: connectors/orders/
    format: yaml
    secret_reference: ${file:/etc/kafka-connect/{connector}.properties:{key}}
    secrets_dest: secrets.yml

- name: The proof that nothing was lost
  streamops.kafka_connect.connectors:
    url: http://connect-1.example.com:8083
    src: connectors/
  check_mode: true
  register: plan
  failed_when: plan is changed
"""

RETURN = r"""
dest:
  description: The directory of the files.
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
      description: The run state that was written down.
      type: str
      returned: when the connector is paused or stopped, and O(state=true)
      choices: [paused, stopped]
      sample: paused
    secret_keys:
      description: Keys whose values were replaced by references.
      type: list
      elements: str
      returned: always
      sample: [database.password]
    unread_keys:
      description: Keys that hold references because the worker shows stars in the place of their values.
      type: list
      elements: str
      returned: always
      sample: []
    backup_file:
      description: Where the former file was kept.
      type: str
      returned: when it was
      sample: /srv/infrastructure/connectors/orders.json.20261121T104457Z~
  sample:
    - name: orders
      path: /srv/infrastructure/connectors/orders.json
      changed: true
      secret_keys: [database.password]
      unread_keys: []
secrets_file:
  description: The file with the secrets.
  type: str
  returned: when O(secrets_dest) is given
  sample: /srv/infrastructure/secrets.yml
msg:
  description: What went wrong, with its cause and what helps against it. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    GET http://connect-1.example.com:8083/connectors?expand=info&expand=status: Connection refused ->
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
      sample: "GET http://connect-1.example.com:8083/connectors: Connection refused"
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
        - What became of the request or change. V(done), V(not_done), or V(unknown).
      type: str
      returned: when a request or a connector failed
      choices: [done, not_done, unknown]
      sample: not_done
  sample:
    kind: connection_refused
    message: "GET http://connect-1.example.com:8083/connectors?expand=info&expand=status: Connection refused"
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

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import CONNECTOR_EXPORT
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_export import (
    connector_export,
)


def main() -> None:
    run_module(CONNECTOR_EXPORT, connector_export)


if __name__ == "__main__":
    main()
