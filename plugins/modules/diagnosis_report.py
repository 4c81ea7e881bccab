# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: diagnosis_report
short_description: Put health, history and logs of a Kafka Connect cluster together into a report
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Combines the results of M(streamops.kafka_connect.cluster_health), M(streamops.kafka_connect.cluster_history),
    M(streamops.kafka_connect.connector_info) and M(streamops.kafka_connect.worker_log_info).
  - Returns the causes of what is wrong, each with the time since which it lasts, with what was changed shortly before, and with
    what follows from it.
  - With O(dest), it writes the report as an HTML page, as JSON and as Markdown. The page is one file and needs no network. It
    shows the states of each connector over time.
  - Sends no request. To read everything and write the report with one command, use the playbook
    C(streamops.kafka_connect.diagnose), or the role P(streamops.kafka_connect.diagnose#role).
options:
  health:
    description:
      - Result of M(streamops.kafka_connect.cluster_health). If that task has failed, its error is the cause in the report.
    type: dict
    required: true
  history:
    description:
      - Result of M(streamops.kafka_connect.cluster_history). Without it, the report has no times and no timeline.
    type: dict
  connectors:
    description:
      - Result of M(streamops.kafka_connect.connector_info). Without it, the timeline only contains connectors that have events.
    type: dict
  logs:
    description:
      - One entry for each host. C(host) is its name, C(result) the result of M(streamops.kafka_connect.worker_log_info) there, and
        C(worker) the C(HOST:PORT) that the worker advertises.
    type: list
    elements: dict
    default: []
  cluster:
    description:
      - Name of the cluster, for the title of the report and for the names of the files.
    type: str
    default: ""
  dest:
    description:
      - Directory for the files, which is created if it does not exist. If you do not set it, the module writes no file.
      - Each run writes new files. Only their owner can read them, because messages of other systems may contain what is not for
        everyone.
    type: path
  formats:
    description:
      - The files to write.
    type: list
    elements: str
    choices: [html, json, markdown]
    default: [html, json, markdown]
  show_lines:
    description:
      - Whether to print RV(lines) on the controller, so that a person sees the diagnosis without any markup. C(no_log) silences them.
    type: bool
    default: false
extends_documentation_fragment:
  - streamops.kafka_connect.attributes
attributes:
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in check mode), when in diff mode.
    support: none
    details:
      - The module only creates files.
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: partial
    details:
      - With O(dest), each run writes new files. Without it, the module changes nothing.
notes:
  - The module masks nothing, because the modules that it takes the results from have done so.
seealso:
  - module: streamops.kafka_connect.cluster_health
  - module: streamops.kafka_connect.cluster_history
  - module: streamops.kafka_connect.worker_log_info
"""

EXAMPLES = r"""
- name: Check the cluster
  streamops.kafka_connect.cluster_health:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
  register: health

- name: Read what happened in the last hours
  streamops.kafka_connect.cluster_history:
    bootstrap_servers: kafka-1.example.com:9092
    config_topic: connect-configs
    status_topic: connect-status
    since: 6h
  register: history

- name: Read the connectors
  streamops.kafka_connect.connector_info:
    url: http://connect-1.example.com:8083
  register: connectors

- name: Write a report
  streamops.kafka_connect.diagnosis_report:
    cluster: orders
    health: "{{ health }}"
    history: "{{ history }}"
    connectors: "{{ connectors }}"
    dest: diagnoses
    show_lines: true
"""

RETURN = r"""
verdict:
  description:
    - The state of the cluster. V(healthy), V(warnings) if it is healthy with warnings, V(not_healthy) if a finding is an
      error, or V(unknown) if there is no result of M(streamops.kafka_connect.cluster_health).
  type: str
  returned: success
  choices: [healthy, warnings, not_healthy, unknown]
  sample: not_healthy
healthy:
  description: Whether no finding is an error. V(false) also if that is unknown.
  type: bool
  returned: success
  sample: false
causes:
  description: Findings without a known cause of their own, most severe first. Those of severity V(info) are left out.
  type: list
  elements: dict
  returned: success
  contains:
    id:
      description: Name of the finding, which is the same in the next run.
      type: str
      returned: always
      sample: failed_tasks:orders
    severity:
      description: Severity of the finding.
      type: str
      returned: always
      choices: [error, warning]
      sample: error
    kind:
      description:
        - Kind of the finding, as in RV(streamops.kafka_connect.cluster_health#module:findings[].kind). For what a log shows,
          C(log_) and RV(streamops.kafka_connect.worker_log_info#module:events[].kind).
        - If M(streamops.kafka_connect.cluster_health) has failed, the kind of its error.
      type: str
      returned: always
      sample: failed_tasks
    subject:
      description: Subject of the finding, such as a connector, a worker or a broker.
      type: str
      returned: always
      sample: orders
    message:
      description: What was observed, in one line.
      type: str
      returned: always
      sample: >-
        1 task FAILED (0 of "orders"): ConnectException: Connection refused: db-2.example.com:5432
    advice:
      description: Suggested fix. Empty if there is none.
      type: str
      returned: always
      sample: >-
        the other system can't be reached from the worker: check host, port and firewall, and that it is running
    since:
      description: Time since which it lasts, as far as the history shows it. Otherwise V(null).
      type: str
      returned: always
      sample: '2026-11-28T02:13:09.348Z'
    change:
      description: What was changed shortly before. Empty if nothing was. A failure after a change is not always caused
        by it.
      type: str
      returned: always
      sample: >-
        connector "orders": changed database.hostname at 2026-11-28 02:13:05 UTC, first failure 4.2 s later: ConnectException:
        Connection refused: db-2.example.com:5432
    consequences:
      description: Messages of the findings that follow from this one.
      type: list
      elements: str
      returned: always
      sample: []
  sample:
    - id: failed_tasks:orders
      severity: error
      kind: failed_tasks
      subject: orders
      message: >-
        1 task FAILED (0 of "orders"): ConnectException: Connection refused: db-2.example.com:5432
      advice: >-
        the other system can't be reached from the worker: check host, port and firewall, and that it is running
      since: '2026-11-28T02:13:09.348Z'
      change: >-
        connector "orders": changed database.hostname at 2026-11-28 02:13:05 UTC, first failure 4.2 s later: ConnectException:
        Connection refused: db-2.example.com:5432
      consequences: []
unread:
  description: What could not be read, and why. Empty if everything was.
  type: list
  elements: str
  returned: success
  sample: []
lines:
  description: The diagnosis for a terminal. One screen with the verdict, each cause with its fix, and what happened.
  type: list
  elements: str
  returned: success
  sample:
    - 'orders: not healthy (1 error), 2026-11-28 03:12:07 UTC'
    - >-
      1. error: 1 task FAILED (0 of "orders"): ConnectException: Connection refused: db-2.example.com:5432
    - '   since 2026-11-28 02:13:09 UTC (58 min 58 s)'
files:
  description: Files that were written, or in check mode would be.
  type: list
  elements: str
  returned: success
  sample: [/home/me/connect/diagnoses/orders-2026-11-28T031207Z.html]
msg:
  description: The verdict. On failure, why there is none.
  type: str
  returned: always
  sample: not healthy (1 error)
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
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.diagnosis_report import (
    DIAGNOSIS_REPORT,
    diagnosis_report,
)


def main() -> None:
    run_module(DIAGNOSIS_REPORT, diagnosis_report)


if __name__ == "__main__":
    main()
