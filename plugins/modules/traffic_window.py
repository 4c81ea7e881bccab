# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: traffic_window
short_description: Find out whether now is a low-traffic time of a Kafka Connect cluster
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Tells whether work on the cluster should begin now. By a calendar (O(windows)), by what is measured (O(traffic)), or by
    both, which then must both allow it.
  - It does not wait unless O(wait) says so. The result has RV(open), the RV(reason) in one line and when it opens next, for
    a C(when), or the task fails with O(required=true).
  - Traffic that can't be measured is unknown, and unknown traffic is never taken for low traffic.
options:
  windows:
    description:
      - The times in which it may be open. It is open in any of them.
      - A window is open exactly while a clock in O(timezone) shows a time in it. On the days when clocks are changed, an
        hour that is left out is in no window, and one that comes twice is in its windows twice.
    type: list
    elements: dict
    suboptions:
      days:
        description:
          - The days on which the window begins. A window from V(22:00) to V(05:00) on V(fri) ends on Saturday morning.
          - By default it is every day.
        type: list
        elements: str
        choices: [mon, tue, wed, thu, fri, sat, sun]
        default: [mon, tue, wed, thu, fri, sat, sun]
      start:
        description:
          - When it begins, as V("22:00"). The quotes are needed, since YAML takes times without them for numbers.
        type: str
        required: true
      end:
        description:
          - When it ends, as V("05:00"). If that is not after O(windows[].start), it is on the next day.
          - V("24:00") is the end of the day.
        type: str
        required: true
  timezone:
    description:
      - Name of the time zone of O(windows) and O(exclude), such as V(Europe/Berlin) or V(UTC).
      - It is required with O(windows). The zone of the machine is no default, since containers run in UTC whatever the
        clock on the wall says.
      - The machine where the task runs needs time zone data, from the system's package C(tzdata) or the Python package
        C(tzdata).
    type: str
  exclude:
    description:
      - Dates on which nothing is open, from midnight to midnight. A window that begins on such a date is not open on the
        next one either.
      - A date as V("2026-12-24"), a day of every year as V("12-24"), or a span with both ends in it as
        V("2026-12-24/2027-01-01") or V("12-24/01-01").
    type: list
    elements: str
    default: []
  minimum_remaining:
    description:
      - Seconds for which the window must still be open, so that a long job does not begin at its end. At most seven days.
      - With V(0) the last second of a window is open as well.
    type: float
    default: 0
  traffic:
    description:
      - Measures the traffic of the cluster. It is low when it has been at or below the limits for
        O(traffic.sustained_for).
      - A task's records per second are the larger one of its two rates, those before and after its transformations
        (C(source-record-poll-rate) and C(source-record-write-rate), or C(sink-record-read-rate) and
        C(sink-record-send-rate)). The tasks of all workers are added up.
      - Kafka Connect's own rates are means of the last 30 to 60 seconds.
    type: dict
    suboptions:
      source:
        description:
          - What is asked. With V(agents) the Prometheus JMX agent of each worker, with V(jolokia) the Jolokia agent of each
            worker, with V(prometheus) a Prometheus server, or what has its HTTP API.
          - Of an agent any rules will do that keep the rates at the end of the metrics' names, and the labels C(connector)
            and C(task), as agents without rules do. With C(task-count) of C(connect-worker-metrics) it is noticed when
            rules hide tasks.
        type: str
        choices: [agents, jolokia, prometheus]
        required: true
      url:
        description:
          - URLs of the agents of all workers, or of the Prometheus server.
          - The path C(/metrics) or C(/jolokia/) is added to an agent's URL that has none.
          - Which tasks run is asked from O(url), if that is given. A task whose rates no agent has makes the traffic
            unknown, since a worker is missing here then.
        type: list
        elements: str
        required: true
      limit:
        description:
          - Records per second, in all, that still are low traffic.
        type: float
        required: true
      sustained_for:
        description:
          - Seconds for which the traffic must have been low without a break.
          - Agents know only the present. When traffic is low, the task watches it for so long, and ends at once when it is
            not low any more. A Prometheus server knows the past, so that the task ends at once.
          - Rates are means of up to 60 seconds. With V(60), values are compared that have no record in common. At most one
            day.
        type: float
        default: 60
      interval:
        description:
          - Seconds between two values in that time. At least V(1).
        type: float
        default: 10
      query:
        description:
          - PromQL that gives the records per second. The values of several series are added up. All of them must be there
            all the time.
          - It is required with O(traffic.source=prometheus).
        type: str
      up_query:
        description:
          - PromQL that gives V(1) while the agents of all workers are read, such as V(min(up{job="kafka-connect"}\)).
          - To a sum, a worker that Prometheus can't read is like one without traffic. So it is required with
            O(traffic.source=prometheus), unless O(traffic.unreachable=ignore).
        type: str
      lag_query:
        description:
          - PromQL that gives a lag, in whatever unit O(traffic.lag_limit) has.
          - Only with O(traffic.source=prometheus).
        type: str
      lag_limit:
        description:
          - The largest lag at which the traffic is low. It belongs to O(traffic.lag_query).
        type: float
      unreachable:
        description:
          - What it means that the metrics of a worker can't be read, or only in part.
          - With V(closed) the traffic is unknown, and it is not open.
          - With V(ignore) there is a warning, and the other workers decide. When none can be read, it is not open.
        type: str
        choices: [closed, ignore]
        default: closed
      url_username:
        description:
          - User name for HTTP basic authentication at O(traffic.url). The credentials of O(url) are not used there.
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
          - PEM file with the client certificate for mutual TLS. It may hold the private key as well.
        type: path
      client_key:
        description:
          - PEM file with the private key of O(traffic.client_cert), not encrypted.
        type: path
      ca_path:
        description:
          - PEM file, or directory of hashed PEM files, with the CA certificates that the certificates are checked against.
        type: path
      validate_certs:
        description:
          - Whether certificates are checked.
        type: bool
        default: true
      headers:
        description:
          - More HTTP headers, for example the tenant that a Prometheus with several of them wants. The values are treated
            as secrets.
        type: dict
  required:
    description:
      - Whether the task fails when it is not open, with the reason and when it opens next.
      - When it is not given, it is V(true) with O(wait=true), so that nothing begins because a wait was in vain, else
        V(false).
    type: bool
  wait:
    description:
      - Whether to wait until it is open. That holds the job slot of an AWX, so a schedule is often the better way to wait for
        a window.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait. At most seven days.
      - The task ends at once when the calendar does not open within this time, or within what O(run_timeout) leaves.
    type: float
    default: 3600
  url:
    description:
      - REST URLs of the workers. They are optional in this module, and asked only with O(traffic.source=agents) or
        O(traffic.source=jolokia), for the tasks that run.
      - When it is not given, it is taken from E(KAFKA_CONNECT_URL), where commas separate several URLs.
    type: list
    elements: str
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - Nothing is written. Check mode makes no difference.
  - Of the connection options, O(http_agent), O(use_proxy), O(connect_timeout), O(read_timeout) and O(run_timeout) hold for
    O(traffic.url) too. The others are those of O(url) only.
  - When it is not open by the calendar, the traffic is measured once, for the facts.
  - A wrong URL, password or query fails the task, since waiting does not mend it. What may pass by itself, such as a worker
    that is down, makes the traffic unknown.
seealso:
  - module: streamops.kafka_connect.cluster_info
  - module: streamops.kafka_connect.connector_state
  - name: Monitoring Kafka Connect
    description: The metrics that Kafka Connect has.
    link: https://kafka.apache.org/documentation/#connect_monitoring
"""

EXAMPLES = r"""
- name: Is now a good time?
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

- name: Restart what failed, but only then, and not beyond the window
  streamops.kafka_connect.connector_state:
    url: http://connect-1.example.com:8083
    name: "orders*"
    state: restarted
    only_failed: true
    run_timeout: "{{ night.remaining }}"
  when: night.open

- name: Why not, and when?
  ansible.builtin.debug:
    msg: "{{ night.reason }}"
  when: not night.open

- name: Go no further unless there is little traffic, by the workers' Prometheus agents
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
    required: true

- name: The same by Jolokia, waiting for it
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

- name: A night in which traffic has been low for ten minutes, by Prometheus
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
  returned: success, and when O(required) made the task fail
  sample: false
reason:
  description: Why it is open or not, in one line.
  type: str
  returned: success, and when O(required) made the task fail
  sample: no window is open; the next one for 30 min opens at Mon 2026-11-23 22:00 Europe/Berlin, in 9 h
opens_at:
  description:
    - When the calendar opens next for long enough, in O(timezone). V(null) when it is open, when it does not open within 400
      days, and without O(windows). When traffic will be low, nobody knows.
  type: str
  returned: success, and when O(required) made the task fail
  sample: "2026-11-23T22:00:00+01:00"
closes_at:
  description:
    - When the window that is open now closes, whether or not that leaves O(minimum_remaining). V(null) when none is, or when
      it does not close within 400 days.
  type: str
  returned: success, and when O(required) made the task fail
  sample: null
remaining:
  description:
    - Seconds until then, V(0) when no window is open. V(null) when it does not close within 400 days, and without
      O(windows). Fit for O(run_timeout) of other modules.
  type: int
  returned: success, and when O(required) made the task fail
  sample: 0
windows:
  description: The next five times in which the calendar is open, the current one first. Windows that touch are one.
  type: list
  elements: dict
  returned: success, and when O(required) made the task fail
  contains:
    opens_at:
      description: When it opens. V(null) when that was more than eight days ago.
      type: str
      returned: always
      sample: "2026-11-23T22:00:00+01:00"
    closes_at:
      description: When it closes. V(null) when it does not within 400 days.
      type: str
      returned: always
      sample: "2026-11-24T05:00:00+01:00"
  sample:
    - opens_at: "2026-11-23T22:00:00+01:00"
      closes_at: "2026-11-24T05:00:00+01:00"
rates:
  description: The traffic as it was measured last. V(null) without O(traffic).
  type: dict
  returned: success, and when O(required) made the task fail
  contains:
    records_per_second:
      description: Records per second, in all. V(null) when that is unknown.
      type: float
      returned: always
      sample: 12.5
    limit:
      description: The O(traffic.limit).
      type: float
      returned: always
      sample: 100.0
    lag:
      description: What O(traffic.lag_query) gave. V(null) when it is unknown or not asked.
      type: float
      returned: always
      sample: 230.0
    lag_limit:
      description: The O(traffic.lag_limit), or V(null).
      type: float
      returned: always
      sample: 10000.0
    low_for:
      description:
        - Seconds for which the traffic is known to have been low until now, no more than O(traffic.sustained_for) or so.
          V(null) when it is not low, or unknown.
      type: int
      returned: always
      sample: 120
    problem:
      description: Why the traffic is unknown, in one line. Empty when it is known.
      type: str
      returned: always
      sample: ""
    workers:
      description: What each agent told. Empty with O(traffic.source=prometheus).
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
          description: Records per second of all tasks of this worker. V(null) when that is unknown.
          type: float
          returned: always
          sample: 12.5
        tasks:
          description: Number of tasks that the worker has. V(null) when that is unknown.
          type: int
          returned: always
          sample: 4
        source_record_poll_rate:
          description: Sum of this rate of all its tasks. V(null) when it is unknown.
          type: float
          returned: always
          sample: 8.0
        source_record_write_rate:
          description: Sum of this rate of all its tasks. V(null) when it is unknown.
          type: float
          returned: always
          sample: 8.0
        sink_record_read_rate:
          description: Sum of this rate of all its tasks. V(null) when it is unknown.
          type: float
          returned: always
          sample: 4.5
        sink_record_send_rate:
          description: Sum of this rate of all its tasks. V(null) when it is unknown.
          type: float
          returned: always
          sample: 4.5
        problem:
          description: Why nothing is known of this worker, in one line. Empty when all is.
          type: str
          returned: always
          sample: ""
      sample:
        - url: http://connect-1.example.com:9404
          records_per_second: 12.5
          tasks: 4
          source_record_poll_rate: 8.0
          source_record_write_rate: 8.0
          sink_record_read_rate: 4.5
          sink_record_send_rate: 4.5
          problem: ""
  sample:
    records_per_second: 12.5
    limit: 100.0
    lag: null
    lag_limit: null
    low_for: 120
    problem: ""
    workers: []
msg:
  description: What went wrong, with its cause and what helps against it. One line for each problem.
  type: str
  returned: on failure
  sample: >-
    this is no low-traffic time: no window is open; the next one opens at Mon 2026-11-23 22:00 Europe/Berlin, in 9 h -> run
    again in such a time, or let wait: true wait for it
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
      sample: window_closed
    message:
      description: What went wrong, in words.
      type: str
      returned: always
      sample: "this is no low-traffic time: no window is open; none opens within 400 days"
    advice:
      description: What helps against it. Empty when there is nothing to say.
      type: str
      returned: always
      sample: "run again in such a time, or let wait: true wait for it"
    problems:
      description: Each single fault of the options.
      type: list
      elements: dict
      returned: when RV(error.kind) is V(invalid_input)
      contains:
        connector:
          description: Always empty here.
          type: str
          returned: always
          sample: ""
        key:
          description: Always empty here.
          type: str
          returned: always
          sample: ""
        text:
          description: The fault and its cure, in one line.
          type: str
          returned: always
          sample: 'windows, entry 1: start is 1320: YAML reads 22:00 without quotes as that number: write it in quotes, "22:00"'
      sample: []
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
      description: URL of the worker, agent or server that was asked.
      type: str
      returned: when a request failed
      sample: http://connect-1.example.com:9404
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
    kind: window_closed
    message: "this is no low-traffic time: no window is open; none opens within 400 days"
    advice: "run again in such a time, or let wait: true wait for it"
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
      description: URL that was asked last. Empty when nothing was asked.
      type: str
      returned: always
      sample: http://connect-1.example.com:9404
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
          sample: "waiting for at most 2 h: traffic is high: 1200 records/s (limit 100)"
      sample:
        - {seconds: 3.2, text: "waiting for at most 2 h: traffic is high: 1200 records/s (limit 100)"}
  sample:
    requests: 1
    retries: 0
    conflicts_waited: 0.0
    elapsed: 0.04
    worker: http://connect-1.example.com:9404
    timeline: []
"""

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import TRAFFIC_WINDOW
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import run_module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.traffic_window import (
    traffic_window,
)


def main() -> None:
    run_module(TRAFFIC_WINDOW, traffic_window)


if __name__ == "__main__":
    main()
