# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: worker_logger
short_description: Set log levels of Kafka Connect workers at runtime
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Sets the levels of loggers, without a restart. A level holds until the worker restarts, or until it is set again.
  - Returns the previous levels. To restore them, give them to O(restore) in a later task.
  - Reads each level back. If a worker accepts a level but does not apply it, the task fails.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
attributes:
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: full
    details:
      - There is one entry for each worker that changes, with a line for each logger.
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: full
options:
  url:
    description:
      - REST URLs of the workers of one Kafka Connect cluster, for example V(http://connect-1.example.com:8083).
        You can give a single URL as a string.
      - With O(scope=worker), the levels are set on each worker of this list. The task continues without a worker that does not
        respond, with a warning.
      - If a worker has C(admin.listeners), give the URL of that listener. O(kafka_cluster_id) cannot be checked there.
      - The path prefix of a proxy is part of the URL, as in V(https://gateway.example.com/connect-prod).
      - A URL must not contain a user name or password. Use O(url_username) and O(url_password), or O(token).
      - This option is required. If you do not set it, the module uses E(KAFKA_CONNECT_URL), in which commas separate several
        URLs.
  loggers:
    description:
      - Level by logger. The name of a logger is that of a class or package. V(root) is the root logger.
      - Levels are V(OFF), V(FATAL), V(ERROR), V(WARN), V(INFO), V(DEBUG), V(TRACE) and V(ALL), in upper or lower case.
      - Kafka Connect also sets all loggers whose names begin with the given one. The module sets shorter names first, so that
        a longer one can have its own level.
      - A logger that has the level, or inherits it, is left alone. Then the loggers below it are left alone, too.
    type: dict
  restore:
    description:
      - Levels by logger, by URL of a worker. This is the result RV(previous) of an earlier task.
      - A worker that restarted in the meantime has its configured levels already.
    type: dict
  scope:
    description:
      - V(worker) sets the levels on each worker in O(url).
      - V(cluster) sets them on all workers of the cluster, including those that O(url) does not list. It needs Kafka 3.7 or
        newer. Workers that start later do not get the levels. The task waits until all workers in O(url) have them.
      - With O(restore) and levels that differ between workers, the levels are set on each worker in O(url).
    type: str
    choices: [worker, cluster]
    default: worker
  wait_timeout:
    description:
      - Seconds after which a task with O(scope=cluster) fails if a worker does not have the levels yet.
    type: float
    default: 60
notes:
  - C(DEBUG) and C(TRACE) of a busy package can write gigabytes in an hour, and can log records with their data. Playbook
    C(streamops.kafka_connect.log_levels) restores the levels after a time.
  - A logger that inherited its level has a level of its own afterwards, because Kafka Connect cannot remove one.
  - Since Kafka 4.0, the module cannot see loggers that are C(OFF) and below a given one, so it does not restore these.
seealso:
  - module: streamops.kafka_connect.worker_log_info
  - name: Kafka Connect REST API
    description: Kafka's own documentation of the REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Show what the workers exchange with the group's coordinator
  streamops.kafka_connect.worker_logger:
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
    loggers:
      org.apache.kafka.connect.runtime.distributed: DEBUG
      org.apache.kafka.clients.NetworkClient: WARN
  register: raised

- name: Restore the previous levels
  streamops.kafka_connect.worker_logger:
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
    restore: "{{ raised.previous }}"

- name: Silence a class on all workers of the cluster
  streamops.kafka_connect.worker_logger:
    url: http://connect-1.example.com:8083
    loggers:
      org.apache.kafka.clients.consumer.internals.ConsumerCoordinator: ERROR
    scope: cluster
"""

RETURN = r"""
loggers:
  description:
    - Levels of the given loggers, by URL of the worker, as read back after the task. In check mode, the levels that they
      would have.
  type: dict
  returned: when the levels could be read
  sample:
    http://connect-1.example.com:8083: {org.apache.kafka.connect.runtime: DEBUG}
previous:
  description:
    - Levels to which O(restore) sets back what the task changed, by URL of the worker. Only workers that were changed are
      listed.
    - Contains the given loggers, and those below them that had another level.
  type: dict
  returned: when the levels could be read
  sample:
    http://connect-1.example.com:8083: {org.apache.kafka.connect.runtime: INFO}
msg:
  description: What changed, in one line. On failure, what went wrong, with its cause and a suggested fix. One line for
    each problem.
  type: str
  returned: on failure, and when something changed or would change in check mode
  sample: 1 log level set on 1 worker (org.apache.kafka.connect.runtime)
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_logger import (
    WORKER_LOGGER,
    worker_logger,
)


def main() -> None:
    run_module(WORKER_LOGGER, worker_logger)


if __name__ == "__main__":
    main()
