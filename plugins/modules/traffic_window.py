# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: traffic_window
short_description: Check whether now is a low-traffic time of a Kafka Connect cluster
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Decides whether work on the cluster should begin now. Checks a calendar (O(windows)), measured traffic (O(traffic)), or
    both. If both are given, both must allow it.
  - Does not wait unless O(wait=true). The result contains RV(open) for a C(when), the RV(reason) in one line, and the time of
    the next opening. With O(fail_on_closed=true) the task fails instead.
  - Traffic that cannot be measured is unknown, and unknown traffic never counts as low.
options:
  windows:
    description:
      - Windows of the calendar. The calendar is open during any of them.
      - A window is open exactly while a clock in O(timezone) shows a time in it. On the days when clocks change, a skipped
        hour is in no window, and a repeated hour is in its windows twice.
    type: list
    elements: dict
    suboptions:
      days:
        description:
          - Days on which the window begins. A window from V(22:00) to V(05:00) on V(fri) ends on Saturday morning.
          - By default every day.
        type: list
        elements: str
        choices: [mon, tue, wed, thu, fri, sat, sun]
        default: [mon, tue, wed, thu, fri, sat, sun]
      start:
        description:
          - Start of the window, for example V("22:00"). The quotes are required, because YAML reads times without them as
            numbers.
        type: str
        required: true
      end:
        description:
          - End of the window, for example V("05:00"). If it is not after O(windows[].start), it is on the next day.
          - V("24:00") is the end of the day.
        type: str
        required: true
  timezone:
    description:
      - Name of the time zone of O(windows) and O(exclude), such as V(Europe/Berlin) or V(UTC).
      - Required with O(windows). The machine's time zone is not the default, because containers run in UTC regardless of the
        local time.
      - The machine where the task runs needs time zone data, from the system package C(tzdata) or the Python package
        C(tzdata).
    type: str
  exclude:
    description:
      - Dates on which the calendar is closed, from midnight to midnight. A window that begins on such a date does not open
        on the next one either.
      - Each entry is a date such as V("2026-12-24"), a day of every year such as V("12-24"), or a range that includes both
        ends, such as V("2026-12-24/2027-01-01") or V("12-24/01-01").
    type: list
    elements: str
    default: []
  minimum_remaining:
    description:
      - Seconds for which the window must remain open, so that a long job does not begin at its end. At most seven days.
      - With V(0) the window is open until its last second.
    type: float
    default: 0
  traffic:
    description:
      - Measures the traffic of the cluster. Traffic is low if it has been at or below the limits for
        O(traffic.sustained_for).
      - For each task, the higher of two rates counts, the records per second before and after its transforms
        (C(source-record-poll-rate) and C(source-record-write-rate), or C(sink-record-read-rate) and
        C(sink-record-send-rate)). The module adds up the tasks of all workers.
      - Kafka Connect's own rates are averages over the last 30 to 60 seconds.
    type: dict
    suboptions:
      source:
        description:
          - Source of the metrics. V(agents) reads the Prometheus JMX agent of each worker, V(jolokia) the Jolokia agent of
            each worker, and V(prometheus) a Prometheus server or any other server with its HTTP API.
          - An agent may use any rules that keep the rates at the end of the metrics' names and the labels C(connector) and
            C(task), as agents without rules do. If it exports C(task-count) of C(connect-worker-metrics), the module detects
            rules that hide tasks.
        type: str
        choices: [agents, jolokia, prometheus]
        required: true
      url:
        description:
          - URLs of the agents of all workers, or of the Prometheus server.
          - The module adds the path C(/metrics) or C(/jolokia/) to an agent's URL without a path.
          - If the module option O(url) is set, the module reads from it which tasks are running. A task without rates from
            any agent makes the traffic unknown, because a worker is then missing from this list.
        type: list
        elements: str
        required: true
      limit:
        description:
          - Highest total of records per second that counts as low traffic.
        type: float
        required: true
      sustained_for:
        description:
          - Seconds for which the traffic must have been low without interruption.
          - Agents only know the present. While traffic is low, the task watches it for this long, and ends as soon as it is
            no longer low. A Prometheus server stores history, so the task ends at once.
          - Rates are averages over up to 60 seconds. V(60) ensures that the first and the last value have no record in
            common. At most one day.
        type: float
        default: 60
      interval:
        description:
          - Seconds between two values during that time. At least V(1).
        type: float
        default: 10
      query:
        description:
          - PromQL query that returns the records per second. The values of several series are added up. All of them must
            exist during the whole time.
          - Required with O(traffic.source=prometheus).
        type: str
      up_query:
        description:
          - PromQL query that returns V(1) while the agents of all workers can be read, such as
            V(min(up{job="kafka-connect"}\)).
          - In a sum, a worker that Prometheus cannot read looks like one without traffic. The option is therefore required
            with O(traffic.source=prometheus), unless O(traffic.unreachable=ignore).
        type: str
      lag_query:
        description:
          - PromQL query that returns a lag, in the unit of O(traffic.lag_limit).
          - Only with O(traffic.source=prometheus).
        type: str
      lag_limit:
        description:
          - Highest lag at which the traffic is low. Required with O(traffic.lag_query).
        type: float
      unreachable:
        description:
          - What to do if the metrics of a worker cannot be read, or only in part.
          - With V(closed) the traffic is unknown, and the window is closed.
          - With V(ignore) the module issues a warning, and uses the other workers. If none can be read, the window is
            closed.
        type: str
        choices: [closed, ignore]
        default: closed
      url_username:
        description:
          - User name for HTTP basic authentication at O(traffic.url). The module does not send the credentials of the workers
            there.
        type: str
      url_password:
        description:
          - Password for HTTP basic authentication.
        type: str
      token:
        description:
          - Bearer token, instead of user name and password.
        type: str
      client_cert:
        description:
          - PEM file with the client certificate for mutual TLS. It may also contain the private key.
        type: path
      client_key:
        description:
          - PEM file with the unencrypted private key of O(traffic.client_cert).
        type: path
      ca_path:
        description:
          - PEM file, or directory of hashed PEM files, with the CA certificates that verify the server certificates.
        type: path
      validate_certs:
        description:
          - Whether to validate TLS certificates.
        type: bool
        default: true
      headers:
        description:
          - Additional HTTP headers, for example the tenant that a multi-tenant Prometheus requires. The values are treated as
            secrets.
        type: dict
  fail_on_closed:
    description:
      - Whether to fail the task if the window is closed, with the reason and the time of the next opening.
      - If you do not set it, it is V(true) with O(wait=true), so that later tasks do not run after a wait that timed out, and
        V(false) otherwise.
    type: bool
  wait:
    description:
      - Whether to wait until the window opens. The wait occupies an AWX job slot, so a schedule is often the better way to
        wait for a window.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait. At most seven days.
      - The task ends at once if the calendar does not open within this time, or within the time that O(run_timeout) leaves.
    type: float
    default: 3600
  url:
    description:
      - REST URLs of the workers. Optional in this module, and only used with O(traffic.source=agents) or
        O(traffic.source=jolokia), to read which tasks are running.
      - If you do not set it, the module uses E(KAFKA_CONNECT_URL), in which commas separate several URLs.
    type: list
    elements: str
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - The module writes nothing. Check mode makes no difference.
  - Of the connection options, O(http_agent), O(use_proxy), O(connect_timeout), O(read_timeout), O(max_response_size) and
    O(run_timeout) also apply to O(traffic.url). The others only apply to O(url).
  - If the calendar is closed, the module measures the traffic once, so that the result contains it.
  - A wrong URL, password or query fails the task, because waiting does not fix it. A temporary problem, such as a worker that
    is down, makes the traffic unknown.
seealso:
  - module: streamops.kafka_connect.cluster_info
  - module: streamops.kafka_connect.connector_state
  - name: Monitoring Kafka Connect
    description: The metrics that Kafka Connect provides.
    link: https://kafka.apache.org/documentation/#connect_monitoring
"""

EXAMPLES = r"""
- name: Check whether a window is open
  streamops.kafka_connect.traffic_window:
    timezone: Europe/Berlin
    windows:
      - days: [mon, tue, wed, thu, fri]
        start: "22:00"
        end: "05:00"
      - days: [sat, sun]
        start: "00:00"
        end: "24:00"
    exclude: ["12-24/12-26", "2026-11-27"]
    minimum_remaining: 1800
  register: night

- name: Restart failed connectors only during the window
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: "orders*"
    state: restarted
    only_failed: true
    run_timeout: "{{ night.remaining }}"
  when: night.open

- name: Show why the window is closed and when it opens
  ansible.builtin.debug:
    msg: "{{ night.reason }}"
  when: not night.open

- name: Continue only if traffic is low, according to the workers' Prometheus agents
  streamops.kafka_connect.traffic_window:
    url: http://connect-1.example.com:8083
    traffic:
      source: agents
      url:
        - http://connect-1.example.com:9404
        - http://connect-2.example.com:9404
        - http://connect-3.example.com:9404
      limit: 100
      sustained_for: 120
    fail_on_closed: true

- name: Wait for low traffic, according to Jolokia
  streamops.kafka_connect.traffic_window:
    traffic:
      source: jolokia
      url:
        - http://connect-1.example.com:8778
        - http://connect-2.example.com:8778
        - http://connect-3.example.com:8778
      limit: 100
      sustained_for: 120
    wait: true
    wait_timeout: 7200

- name: Check for a night with ten minutes of low traffic, according to Prometheus
  streamops.kafka_connect.traffic_window:
    timezone: Europe/Berlin
    windows:
      - start: "22:00"
        end: "05:00"
    traffic:
      source: prometheus
      url: http://prometheus.example.com:9090
      query: sum({__name__=~"kafka_connect_(source_task_metrics_source_record_poll|sink_task_metrics_sink_record_send)_rate"})
      up_query: min(up{job="kafka-connect"})
      limit: 100
      lag_query: max(kafka_consumer_consumer_fetch_manager_metrics_records_lag_max{client_id=~"connector-consumer-.*"})
      lag_limit: 10000
      sustained_for: 600
  register: quiet
"""

RETURN = r"""
open:
  description: Whether now is a low-traffic time.
  type: bool
  returned: success, and when O(fail_on_closed) made the task fail
  sample: false
reason:
  description: Why the window is open or closed, in one line.
  type: str
  returned: success, and when O(fail_on_closed) made the task fail
  sample: no window is open; the next one for 30 min opens at Mon 2026-11-23 22:00 Europe/Berlin, in 9 h
opens_at:
  description:
    - When the calendar next opens for long enough, in O(timezone). V(null) if it is open, if it does not open within 400
      days, and without O(windows). Future traffic is not predicted.
  type: str
  returned: success, and when O(fail_on_closed) made the task fail
  sample: '2026-11-23T22:00:00+01:00'
closes_at:
  description:
    - When the current window closes, whether or not that leaves O(minimum_remaining). V(null) if no window is open, or
      if it does not close within 400 days.
  type: str
  returned: success, and when O(fail_on_closed) made the task fail
  sample: null
remaining:
  description:
    - Seconds until RV(closes_at), V(0) if no window is open. V(null) if the window does not close within 400 days, and
      without O(windows). You can pass it to O(run_timeout) of other modules.
  type: int
  returned: success, and when O(fail_on_closed) made the task fail
  sample: 0
windows:
  description: The next five periods during which the calendar is open, the current one first. Adjacent windows are merged.
  type: list
  elements: dict
  returned: success, and when O(fail_on_closed) made the task fail
  contains:
    opens_at:
      description: When it opens. V(null) if that was more than eight days ago.
      type: str
      returned: always
      sample: '2026-11-23T22:00:00+01:00'
    closes_at:
      description: When it closes. V(null) if it does not within 400 days.
      type: str
      returned: always
      sample: '2026-11-24T05:00:00+01:00'
  sample:
    - opens_at: '2026-11-23T22:00:00+01:00'
      closes_at: '2026-11-24T05:00:00+01:00'
rates:
  description: The last measured traffic. V(null) without O(traffic).
  type: dict
  returned: success, and when O(fail_on_closed) made the task fail
  contains:
    records_per_second:
      description: Total records per second. V(null) if unknown.
      type: float
      returned: always
      sample: 12.5
    limit:
      description: Value of O(traffic.limit).
      type: float
      returned: always
      sample: 100.0
    lag:
      description: Result of O(traffic.lag_query). V(null) if unknown or not queried.
      type: float
      returned: always
      sample: 230.0
    lag_limit:
      description: Value of O(traffic.lag_limit), or V(null).
      type: float
      returned: always
      sample: 10000.0
    low_for:
      description:
        - Seconds for which the traffic is known to have been low until now, at most about O(traffic.sustained_for). V(null)
          if it is not low, or unknown.
      type: int
      returned: always
      sample: 120
    problem:
      description: Why the traffic is unknown, in one line. Empty if it is known.
      type: str
      returned: always
      sample: ''
    workers:
      description: Values of each agent. Empty with O(traffic.source=prometheus).
      type: list
      elements: dict
      returned: always
      contains:
        url:
          description: URL of the agent.
          type: str
          returned: always
          sample: http://connect-1.example.com:9404
        records_per_second:
          description: Records per second of all tasks of this worker. V(null) if unknown.
          type: float
          returned: always
          sample: 12.5
        tasks:
          description: Number of tasks that the worker runs. V(null) if unknown.
          type: int
          returned: always
          sample: 4
        source_record_poll_rate:
          description: Sum of this rate over all tasks of the worker. V(null) if unknown.
          type: float
          returned: always
          sample: 8.0
        source_record_write_rate:
          description: Sum of this rate over all tasks of the worker. V(null) if unknown.
          type: float
          returned: always
          sample: 8.0
        sink_record_read_rate:
          description: Sum of this rate over all tasks of the worker. V(null) if unknown.
          type: float
          returned: always
          sample: 4.5
        sink_record_send_rate:
          description: Sum of this rate over all tasks of the worker. V(null) if unknown.
          type: float
          returned: always
          sample: 4.5
        problem:
          description: Why nothing is known about this worker, in one line. Empty if everything is known.
          type: str
          returned: always
          sample: ''
      sample:
        - url: http://connect-1.example.com:9404
          records_per_second: 12.5
          tasks: 4
          source_record_poll_rate: 8.0
          source_record_write_rate: 8.0
          sink_record_read_rate: 4.5
          sink_record_send_rate: 4.5
          problem: ''
  sample:
    records_per_second: 12.5
    limit: 100.0
    lag: 230.0
    lag_limit: 10000.0
    low_for: 120
    problem: ''
    workers:
      - url: http://connect-1.example.com:9404
        records_per_second: 12.5
        tasks: 4
        source_record_poll_rate: 8.0
        source_record_write_rate: 8.0
        sink_record_read_rate: 4.5
        sink_record_send_rate: 4.5
        problem: ''
msg:
  description: What went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    this is not a low-traffic time: no window is open; the next one opens at Mon 2026-11-23 22:00 Europe/Berlin, in 9 h
    -> run again at such a time, or set wait: true to wait for it
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
      sample: window_closed
    message:
      description: What went wrong, in words.
      type: str
      returned: always
      sample: 'this is not a low-traffic time: no window is open; none opens within 400 days'
    advice:
      description: Suggested fix. Empty if there is none.
      type: str
      returned: always
      sample: 'run again at such a time, or set wait: true to wait for it'
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
          sample: >-
            windows, entry 1: start is 1320: YAML reads 22:00 without quotes as that number: quote it, "22:00"
      sample:
        - connector: ''
          key: ''
          message: >-
            windows, entry 1: start is 1320: YAML reads 22:00 without quotes as that number: quote it, "22:00"
    method:
      description: HTTP method of the request that failed.
      type: str
      returned: when a request failed
      sample: GET
    path:
      description: Path of that request.
      type: str
      returned: when a request failed
      sample: /metrics
    worker:
      description: URL of the worker, agent or server that the request was sent to.
      type: str
      returned: when a request failed
      sample: http://connect-1.example.com:9404
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
    kind: window_closed
    message: 'this is not a low-traffic time: no window is open; none opens within 400 days'
    advice: 'run again at such a time, or set wait: true to wait for it'
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
      description: URL that the last request was sent to. Empty if there was none.
      type: str
      returned: always
      sample: http://connect-1.example.com:9404
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
          sample: 'waiting for at most 2 h: traffic is high: 1200 records/s (limit 100)'
      sample:
        - seconds: 3.2
          text: 'waiting for at most 2 h: traffic is high: 1200 records/s (limit 100)'
  sample:
    requests: 14
    retries: 3
    conflicts_waited: 3.1
    elapsed: 12.4
    worker: http://connect-1.example.com:9404
    timeline:
      - seconds: 3.2
        text: 'waiting for at most 2 h: traffic is high: 1200 records/s (limit 100)'
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.traffic_window import (
    TRAFFIC_WINDOW,
    traffic_window,
)


def main() -> None:
    run_module(TRAFFIC_WINDOW, traffic_window)


if __name__ == "__main__":
    main()
