# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: properties_file
short_description: Write a properties or environment file, and show which keys change without their secrets
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Ensures that a file of keys and values has the desired content, owner and permissions. Replaces the file at once, so that a
    program that starts meanwhile reads either the previous file or the new one.
  - In diff mode, shows a line for each key that is added, changed or removed, with its previous and its new value. Secret values are
    masked, and a secret that changes is shown as changed.
  - The content appears in no result, log, journal or command line.
extends_documentation_fragment:
  - streamops.kafka_connect.host
options:
  path:
    description: Path of the file. Its directory must exist.
    type: path
    required: true
  content:
    description: Content of the file, for example from P(streamops.kafka_connect.to_java_properties#filter).
    type: str
    required: true
  format:
    description:
      - How the file stores keys and values. V(properties) is a Java properties file, and V(environment) is a file for
        C(EnvironmentFile) of systemd.
    type: str
    choices: [properties, environment]
    default: properties
  secret:
    description: Whether every value in the file is a secret.
    type: bool
    default: false
  owner:
    description: Owner of the file. By default the user that the task runs as.
    type: str
  group:
    description: Group of the file. By default the group of that user.
    type: str
  mode:
    description: Permissions in octal, preferably as a string.
    type: raw
    default: "0600"
attributes:
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: full
    details:
      - The diff contains only keys that differ.
notes:
  - Masks values of keys to which Kafka gives the type PASSWORD, of keys whose names suggest a secret, and values that contain a
    reference such as C(${file:/etc/secrets:password}) or a JAAS configuration. Masks passwords in URLs and in options such as
    C(-Djavax.net.ssl.trustStorePassword=).
seealso:
  - module: streamops.kafka_connect.worker_host_info
  - plugin: streamops.kafka_connect.to_java_properties
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Write a worker's configuration
  streamops.kafka_connect.properties_file:
    path: /etc/kafka-connect/worker.properties
    content: "{{ desired | streamops.kafka_connect.to_java_properties }}"
    owner: root
    group: kafka-connect
    mode: "0640"
  become: true
  vars:
    desired:
      bootstrap.servers: kafka-1:9092
      group.id: connect-orders
"""

RETURN = r"""
path:
  description: Value of O(path).
  type: str
  returned: success
  sample: /etc/kafka-connect/worker.properties
differs:
  description: What was not in the desired state. One or more of V(state), V(content), V(owner), V(group) and V(mode).
  type: list
  elements: str
  returned: success
  sample: [content]
changed_keys:
  description: Keys that are added, changed or removed, sorted.
  type: list
  elements: str
  returned: success
  sample: [heartbeat.interval.ms]
diff:
  description: What changes, without secrets. Empty if nothing differs.
  type: dict
  returned: in diff mode
  contains:
    prepared:
      description: The path, and a line for each previous and each new value.
      type: str
      returned: when something differs
      sample: |
        /etc/kafka-connect/worker.properties:
        - heartbeat.interval.ms=3000
        + heartbeat.interval.ms=2000
  sample:
    prepared: |
      /etc/kafka-connect/worker.properties:
      - heartbeat.interval.ms=3000
      + heartbeat.interval.ms=2000
msg:
  description: Why the file could not be written, in one line.
  type: str
  returned: on failure
  sample: /etc/kafka-connect/worker.properties exists and is not a file -> remove it
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.host_module import run_on_host
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.properties_file import (
    PROPERTIES_FILE,
    properties_file,
)


def main() -> None:
    run_on_host(PROPERTIES_FILE, properties_file)


if __name__ == "__main__":
    main()
