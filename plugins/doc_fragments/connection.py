# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to reach the workers of a Connect cluster: options of every module (CONNECTION in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  url:
    description:
      - REST URLs of the workers of one Kafka Connect cluster, for example V(http://connect-1.example.com:8083).
        A single string is fine.
      - The workers are tried in turn. When one is down, hangs or is stopping, the next one is asked.
      - Give all workers if you can. What is checked before a change (version, installed plugins) is checked on every
        worker of this list.
      - The path prefix of a proxy is part of the URL, as in V(https://gateway.example.com/connect-prod).
      - A user name or password is refused here. Use O(url_username) and O(url_password), or O(token).
      - Workers of two different clusters in one list are refused before anything is changed.
      - This option is required. When it is not given, it is taken from E(KAFKA_CONNECT_URL), where commas separate
        several URLs.
    type: list
    elements: str
  url_username:
    description:
      - User name for HTTP basic authentication.
      - When it is not given, it is taken from E(KAFKA_CONNECT_USERNAME).
    type: str
  url_password:
    description:
      - Password for HTTP basic authentication.
      - When it is not given, it is taken from E(KAFKA_CONNECT_PASSWORD).
    type: str
  token:
    description:
      - Bearer token, sent in the C(Authorization) header. Some proxies and managed services want one.
      - Not together with O(url_username).
      - When it is not given, it is taken from E(KAFKA_CONNECT_TOKEN).
    type: str
  client_cert:
    description:
      - PEM file with the client certificate for mutual TLS. It may hold the private key as well.
      - When it is not given, it is taken from E(KAFKA_CONNECT_CLIENT_CERT).
    type: path
  client_key:
    description:
      - PEM file with the private key of O(client_cert), not encrypted.
      - When it is not given, it is taken from E(KAFKA_CONNECT_CLIENT_KEY).
    type: path
  ca_path:
    description:
      - PEM file, or directory of hashed PEM files, with the CA certificates that the workers' certificates are
        checked against.
      - When it is not given, it is taken from E(KAFKA_CONNECT_CA_PATH). Without either, the CA certificates that the
        Python library C(requests) comes with decide.
    type: path
  validate_certs:
    description:
      - Whether the certificates of the workers are checked.
      - When it is not given, it is taken from E(KAFKA_CONNECT_VALIDATE_CERTS). Without either it is V(true), since an
        unchecked certificate protects nothing. V(false) is for tests. For a private CA, use O(ca_path).
    type: bool
  headers:
    description:
      - More HTTP headers, sent with each request, for example the key that an API gateway wants.
      - The values are treated as secrets.
    type: dict
  http_agent:
    description:
      - The C(User-Agent) header, by which these requests are found in the logs of workers and proxies.
    type: str
    default: ansible-streamops-kafka-connect
  use_proxy:
    description:
      - Whether a proxy that the environment names (E(HTTP_PROXY), E(HTTPS_PROXY), E(NO_PROXY)) is used.
      - The default is V(true), as in Ansible's own modules. Set it to V(false) when the workers are reached directly.
    type: bool
    default: true
  connect_timeout:
    description:
      - Seconds that opening a connection to a worker may take.
      - Connections open in milliseconds where the network works. V(5) leaves room for a slow link, and a dead host
        does not hold up the step to the next worker.
    type: float
    default: 5
  read_timeout:
    description:
      - Seconds to wait for answers that a worker gives without its herder thread, which are most reads. After that,
        the next worker is asked.
      - Such answers come from memory, at once. V(15) is above the 10 seconds that a worker takes at most to find out
        its own health.
    type: float
    default: 15
  request_timeout:
    description:
      - Seconds to wait for answers that need the worker's herder thread, which are all writes and the validation.
      - A worker gives up such a request after 90 seconds, and its answer says what it was busy with. V(100) is above
        that, so that this diagnosis is not lost.
      - A worker that has stopped answering altogether is noticed earlier, within twice O(read_timeout).
    type: float
    default: 100
  conflict_timeout:
    description:
      - Seconds, over the whole task, for which requests are sent again that the cluster cannot serve now. It may be
        rebalancing, a worker may be starting, or the leader may have died.
      - Rebalances take seconds, a new leader or a restarted worker about a minute. V(300) outlasts these, and still
        ends a task whose cluster never settles.
      - A cluster of which no worker has answered yet is given up after a few tries, so that a wrong URL does not cost
        that time.
    type: float
    default: 300
  run_timeout:
    description:
      - Seconds that the whole task may take. When they are used up, nothing new is begun, and the result says what
        was done.
      - There is no default, since the other limits end every task. Set it to stay inside a maintenance window.
    type: float
  kafka_cluster_id:
    description:
      - ID of the Kafka cluster that the workers must belong to. Workers of any other are refused before anything is
        changed.
      - It guards against a production URL in a test environment. M(streamops.kafka_connect.cluster_info) shows the
        ID.
      - When it is not given, it is taken from E(KAFKA_CONNECT_KAFKA_CLUSTER_ID).
    type: str
  progress:
    description:
      - Whether a task that runs on the controller shows what it is doing, one short line for each thing a person
        cares about and no more than one in some seconds. The first comes within about three seconds, and the last says
        in one line what was changed, or would be in check mode; that line is shown wherever the task runs.
      - The same facts come back in RV(run.timeline), wherever the task runs. C(no_log) silences the lines too.
    type: bool
    default: true
requirements:
  - requests (Python library), where the task runs
"""
