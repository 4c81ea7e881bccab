# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: worker_start
short_description: Start a Kafka Connect worker, and verify that it becomes healthy
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Starts the systemd service of a worker if it is not running, and waits until the worker is healthy. If it is running already,
    the module only verifies that.
  - A worker is healthy once its own process listens on O(port), the health check in O(url) succeeds, and the same process
    is still listening. Another process on the port, even another worker, is not accepted.
  - The health check is C(GET /health). Kafka before 3.9 does not have it. The module then requests a connector that cannot exist,
    because the worker can answer that only when it works.
  - The wait ends early when the service has failed twice, has ended, or rejects the credentials. The message then contains the
    cause from the journal of the service.
  - The module queries only the host of the worker. M(streamops.kafka_connect.worker_scale) also verifies that the worker joins
    its cluster.
options:
  service:
    description: Name of the worker's systemd service.
    type: str
    default: kafka-connect
  url:
    description: URL of the worker's REST API, as the host itself reaches it.
    type: str
    required: true
  port:
    description: Port on which the worker listens. By default the port in O(url).
    type: int
  kafka_version:
    description: Version of the worker, for example V(4.3.1).
    type: str
    required: true
  url_username:
    description: User name for basic authentication, if the REST API requires it.
    type: str
  url_password:
    description: Password for basic authentication.
    type: str
  ca_path:
    description: Path of a PEM file on the host with the certificate authority of the REST API.
    type: path
  client_cert:
    description: Path of a PEM file on the host with the client certificate for the REST API.
    type: path
  client_key:
    description: Path of a PEM file on the host with the private key of O(client_cert).
    type: path
  on_failure:
    description:
      - What to do with a worker that does not become healthy. V(stop) stops it, so that it does not join its cluster later,
        unverified. V(keep) leaves it as it is.
      - A worker that was running before the task is never stopped.
    type: str
    choices: [stop, keep]
    default: stop
  wait_timeout:
    description: Seconds to wait until the worker is healthy.
    type: float
    default: 180
  progress:
    description: Whether to show progress lines.
    type: bool
    default: true
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
    details:
      - Reports whether it would start the service, and verifies nothing.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: none
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: full
  action:
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
    details:
      - The module only has an action plugin. It uses Ansible's own modules on the host, which needs systemd and the requirements of
        M(ansible.builtin.systemd_service) and M(ansible.builtin.uri).
  async:
    description: Supports being used with the C(async) keyword.
    support: none
notes:
  - C(become) applies to the worker's host. Starting a service requires it, and so does finding out on which ports its process
    listens.
  - The module is not part of the action group, because its options do not apply to the whole cluster.
seealso:
  - module: streamops.kafka_connect.worker_scale
"""

EXAMPLES = r"""
# In a play on the hosts of the workers, with become: true
- name: Start the worker, and wait until it is healthy
  streamops.kafka_connect.worker_start:
    service: kafka-connect
    url: http://connect-1.example.com:8083
    kafka_version: 4.3.1
"""

RETURN = r"""
msg:
  description: What the task did, or why it failed, in one line.
  type: str
  returned: always
  sample: kafka-connect started and became healthy after 23 s
action:
  description: What the task did to the service, or would do in check mode.
  type: str
  returned: on success, and on failure once the task has waited for the worker
  choices: [start, none]
  sample: start
url:
  description: URL of the worker's REST API, without credentials.
  type: str
  returned: with RV(action)
  sample: http://connect-1.example.com:8083
journal:
  description: The last error lines of the service's systemd journal.
  type: list
  elements: str
  returned: when the worker did not become healthy
  sample:
    - >-
      [2026-11-21 03:12:09,101] ERROR Stopping due to error (org.apache.kafka.connect.cli.AbstractConnectCli)
    - 'java.net.BindException: Address already in use'
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
      sample: worker_failed
    message:
      description: What went wrong, in words.
      type: str
      returned: always
      sample: >-
        kafka-connect is not healthy at http://connect-1.example.com:8083 after 39 s: it does not stay up: BindException:
        Address already in use; kafka-connect was stopped again
    advice:
      description: Suggested fix. Empty if there is none.
      type: str
      returned: always
      sample: ''
    problems:
      description: All errors in the input.
      type: list
      elements: dict
      returned: when RV(error.kind) is V(invalid_input)
      contains:
        connector:
          description: Always empty in this module.
          type: str
          returned: always
          sample: ''
        key:
          description: Always empty in this module.
          type: str
          returned: always
          sample: ''
        message:
          description: The error and its fix, in one line.
          type: str
          returned: always
          sample: kafka_version "four" is not a version -> give it as in 4.3.1
      sample:
        - connector: ''
          key: ''
          message: kafka_version "four" is not a version -> give it as in 4.3.1
  sample:
    kind: worker_failed
    message: >-
      kafka-connect is not healthy at http://connect-1.example.com:8083 after 39 s: it does not stay up: BindException:
      Address already in use; kafka-connect was stopped again
    advice: ''
run:
  description: What the task cost, and what happened during it.
  type: dict
  returned: when the options are valid
  contains:
    requests:
      description: Always V(0), since the host sends the requests.
      type: int
      returned: always
      sample: 0
    retries:
      description: Always V(0).
      type: int
      returned: always
      sample: 0
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
      description: Always empty.
      type: str
      returned: always
      sample: ''
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
          sample: stopping kafka-connect again
      sample:
        - {seconds: 3.2, text: stopping kafka-connect again}
  sample:
    requests: 0
    retries: 0
    conflicts_waited: 3.1
    elapsed: 12.4
    worker: ''
    timeline:
      - {seconds: 3.2, text: stopping kafka-connect again}
"""
