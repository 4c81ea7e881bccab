# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to reach the workers of a Connect cluster; options of every module (CONNECTION in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  url:
    description:
      - REST URLs of the workers of one Kafka Connect cluster, for example V(http://connect-1.example.com:8083).
        You can give a single URL as a string.
      - The module tries the workers in turn. If one is down, hangs or is stopping, it uses the next one.
      - List all workers if you can. Checks before a change (version, installed plugins) cover every worker of this list.
      - The path prefix of a proxy is part of the URL, as in V(https://gateway.example.com/connect-prod).
      - A URL must not contain a user name or password. Use O(url_username) and O(url_password), or O(token).
      - If the list contains workers of two different clusters, the task fails before changing anything.
      - This option is required. If you do not set it, the module uses E(KAFKA_CONNECT_URL), in which commas separate several
        URLs.
    type: list
    elements: str
  url_username:
    description:
      - User name for HTTP basic authentication.
      - If you do not set it, the module uses E(KAFKA_CONNECT_USERNAME).
    type: str
  url_password:
    description:
      - Password for HTTP basic authentication.
      - If you do not set it, the module uses E(KAFKA_CONNECT_PASSWORD).
    type: str
  token:
    description:
      - Bearer token, sent in the C(Authorization) header. Some proxies and managed services require one.
      - Cannot be combined with O(url_username).
      - If you do not set it, the module uses E(KAFKA_CONNECT_TOKEN).
    type: str
  client_cert:
    description:
      - PEM file with the client certificate for mutual TLS. It may also contain the private key.
      - If you do not set it, the module uses E(KAFKA_CONNECT_CLIENT_CERT).
    type: path
  client_key:
    description:
      - PEM file with the unencrypted private key of O(client_cert).
      - If you do not set it, the module uses E(KAFKA_CONNECT_CLIENT_KEY).
    type: path
  ca_path:
    description:
      - PEM file, or directory of hashed PEM files, with the CA certificates that verify the workers' certificates.
      - If you do not set it, the module uses E(KAFKA_CONNECT_CA_PATH). Without either, it uses the CA certificates of the
        Python library C(requests).
    type: path
  validate_certs:
    description:
      - Whether to validate the workers' TLS certificates.
      - If you do not set it, the module uses E(KAFKA_CONNECT_VALIDATE_CERTS). Without either, it is V(true), because a
        certificate that is not validated protects nothing. V(false) is for tests. For a private CA, use O(ca_path).
    type: bool
  headers:
    description:
      - Additional HTTP headers for each request, for example the key that an API gateway requires.
      - The values are treated as secrets.
    type: dict
  http_agent:
    description:
      - Value of the C(User-Agent) header. It identifies these requests in the logs of workers and proxies.
    type: str
    default: ansible-streamops-kafka-connect
  use_proxy:
    description:
      - Whether to use the proxy that the environment defines (E(HTTP_PROXY), E(HTTPS_PROXY), E(NO_PROXY)).
      - The default is V(true), as in Ansible's own modules. Set it to V(false) to connect to the workers directly.
    type: bool
    default: true
  host_addresses:
    description:
      - Addresses of hosts whose names the machine that runs the task cannot resolve, by name. Workers refer to each other by the names
        that they advertise, so the names in O(url) are not the only ones that are needed.
      - A name that can be resolved leads to the address that it has. TLS verifies the name in any case. A proxy resolves names itself.
    type: dict
    default: {}
  connect_timeout:
    description:
      - Seconds to wait for a connection to a worker.
      - On a working network connections open in milliseconds. V(5) leaves room for a slow link, and a dead host does not delay
        the switch to the next worker much.
    type: float
    default: 5
  read_timeout:
    description:
      - Seconds to wait for responses that do not need the worker's herder thread, which are most reads. After that, the module
        uses the next worker.
      - Such responses come from memory, at once. V(15) is more than the 10 seconds that a worker takes at most to determine
        its own health.
    type: float
    default: 15
  request_timeout:
    description:
      - Seconds to wait for responses that need the worker's herder thread, which are all writes and the validation.
      - A worker gives up such a request after 90 seconds, and its response says what it was busy with. V(100) is longer, so
        that this diagnosis is not lost.
      - The module detects a worker that no longer responds at all earlier, within twice O(read_timeout).
    type: float
    default: 100
  conflict_timeout:
    description:
      - Seconds, for the whole task, during which the module retries requests that the cluster cannot serve at the moment. It
        may be rebalancing, a worker may be starting, or the leader may have died.
      - Rebalances take seconds, a new leader or a restarted worker about a minute. V(300) outlasts these, and still ends a
        task whose cluster never becomes stable.
      - If no worker has responded yet, the module gives up after a few tries, so that a wrong URL does not take that long.
    type: float
    default: 300
  run_timeout:
    description:
      - Seconds that the whole task may take. When they are used up, the module starts nothing new, and the result contains
        what was done.
      - There is no default, because the other limits end every task. Set it to stay inside a maintenance window.
    type: float
  max_response_size:
    description:
      - Maximum size of a response in bytes, after decompression. A larger one fails the task, so that a server that sends
        endless data cannot use up the memory of the machine where the task runs. If it was the response to a change, the
        outcome of that change is unknown.
      - V(268435456), which is 256 MiB, is far more than a cluster sends. The response for 2,000 connectors with 5 kB of
        configuration each has about 10 MB.
      - The same limit applies to files that a task reads, such as those of an option C(src).
    type: int
    default: 268435456
  kafka_cluster_id:
    description:
      - ID of the Kafka cluster that the workers must belong to. If they belong to another one, the task fails before changing
        anything.
      - Protects against a production URL in a test environment. M(streamops.kafka_connect.cluster_info) returns the ID.
      - If you do not set it, the module uses E(KAFKA_CONNECT_KAFKA_CLUSTER_ID).
    type: str
  progress:
    description:
      - Whether a task that runs on the controller shows its progress, in one short line for each notable event and at most one
        line every few seconds. The first line appears within about three seconds. The last line says what the task changed,
        or would change in check mode, regardless of where the task runs.
      - RV(run.timeline) contains the same events, regardless of where the task runs. C(no_log) also silences these lines.
    type: bool
    default: true
requirements:
  - requests (Python library), where the task runs
"""
