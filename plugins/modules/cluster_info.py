# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_info
short_description: Gather information about a Kafka Connect cluster
version_added: 0.1.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Returns what the REST API reports about a cluster. This is the workers of O(url) with their versions, the ID of the
    Kafka cluster, the plugins and how they differ between workers, and the connectors and tasks by worker and state.
  - A worker that does not respond causes a warning, but no failure as long as another one responds.
  - With O(bootstrap_servers) it also returns the workers' group as the brokers report it, and problems with it. This covers
    which workers are members, which one leads, which connectors and tasks each one owns, and which ones are idle.
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.brokers
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - The module writes nothing. Credentials that only permit C(GET) requests are sufficient.
  - The REST API does not report which workers a cluster has. RV(workers) lists those of O(url), and RV(load) lists those
    that run something. A worker that is not in O(url) and runs nothing only appears in RV(group).
  - For RV(group) the module also sends requests to the URLs that the members advertise, with the same connection options.
    If all of O(url) use TLS, it sends no credentials over plain HTTP.
  - The Kafka principal needs the ACL C(Describe) on the group. If O(group_id) is not given and the addresses match no group
    or several groups, the task fails and names them.
  - After a worker has died, its tasks may be reported as V(RUNNING) for minutes, until the cluster reassigns them.
seealso:
  - module: streamops.kafka_connect.connector_info
  - module: streamops.kafka_connect.plugin_info
  - name: Kafka Connect REST API
    description: Kafka's own documentation of the REST API.
    link: https://kafka.apache.org/documentation/#connect_rest
"""

EXAMPLES = r"""
- name: Gather information about the cluster
  streamops.kafka_connect.cluster_info:
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
      - http://connect-3.example.com:8083
  register: cluster

- name: Verify that all workers respond and have the same version and plugins
  ansible.builtin.assert:
    that:
      - cluster.workers | rejectattr('reachable') | length == 0
      - cluster.versions | length == 1
      - cluster.plugin_differences | length == 0

- name: Show the connectors and tasks of each worker
  ansible.builtin.debug:
    msg: "{{ item.worker_id }}: {{ item.connectors }} {{ item.tasks }}"
  loop: "{{ cluster.load }}"
  loop_control:
    label: "{{ item.worker_id }}"

- name: Gather information about the workers' group as well
  streamops.kafka_connect.cluster_info:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
  register: cluster

- name: Show idle workers and problems with the group
  ansible.builtin.debug:
    msg: "idle: {{ cluster.group.members | selectattr('idle') | map(attribute='url') | list }},
      findings: {{ cluster.group.findings | map(attribute='evidence') | list }}"

- name: Show the ID to use as kafka_cluster_id
  ansible.builtin.debug:
    var: cluster.kafka_cluster_id
"""

RETURN = r"""
kafka_cluster_id:
  description: ID of the Kafka cluster that the workers belong to.
  type: str
  returned: success
  sample: 5L6g3nShT-eMCtK--X86sw
versions:
  description: Versions of Kafka Connect that the workers run, sorted. More than one during an upgrade.
  type: list
  elements: str
  returned: success
  sample: [4.3.1]
workers:
  description: The workers of O(url), those that responded first.
  type: list
  elements: dict
  returned: success
  contains:
    url:
      description: URL of the worker.
      type: str
      returned: always
      sample: http://connect-1.example.com:8083
    reachable:
      description: Whether the worker responded.
      type: bool
      returned: always
      sample: true
    version:
      description: Version of Kafka Connect.
      type: str
      returned: when it responded
      sample: 4.3.1
    commit:
      description: Commit that this version was built from.
      type: str
      returned: when it responded
      sample: 9be27d1c2dfeec7a
    kafka_cluster_id:
      description: ID of its Kafka cluster.
      type: str
      returned: when it responded
      sample: 5L6g3nShT-eMCtK--X86sw
  sample:
    - url: http://connect-1.example.com:8083
      reachable: true
      version: 4.3.1
      commit: 9be27d1c2dfeec7a
      kafka_cluster_id: 5L6g3nShT-eMCtK--X86sw
    - {url: 'http://connect-2.example.com:8083', reachable: false}
plugins:
  description: The plugins of these workers, in the form of RV(streamops.kafka_connect.plugin_info#module:plugins).
  type: list
  elements: dict
  returned: success
  sample:
    - class: org.apache.kafka.connect.file.FileStreamSourceConnector
      type: source
      versions: [4.3.1]
      missing_on: []
plugin_differences:
  description: Entries of RV(plugins) that a worker lacks, or that have several versions.
  type: list
  elements: dict
  returned: success
  sample: []
load:
  description: Connectors and tasks by worker. Workers that run nothing are not listed.
  type: list
  elements: dict
  returned: success
  contains:
    worker_id:
      description: Address that the worker advertises.
      type: str
      returned: always
      sample: connect-1.example.com:8083
    connectors:
      description: Number of connector instances by state, in lower case.
      type: dict
      returned: always
      sample: {running: 14}
    tasks:
      description: Number of tasks by state, in lower case.
      type: dict
      returned: always
      sample: {failed: 1, running: 31}
  sample:
    - worker_id: connect-1.example.com:8083
      connectors: {running: 14}
      tasks: {failed: 1, running: 31}
summary:
  description: Counts of all connectors.
  type: dict
  returned: success
  contains:
    total:
      description: Number of connectors.
      type: int
      returned: always
      sample: 40
    by_state:
      description: Number of connectors by state, in lower case.
      type: dict
      returned: always
      sample: {failed: 1, paused: 2, running: 37}
    tasks_total:
      description: Number of tasks.
      type: int
      returned: always
      sample: 96
    tasks_by_state:
      description: Number of tasks by state, in lower case.
      type: dict
      returned: always
      sample: {failed: 2, paused: 4, running: 90}
    failed:
      description: Names of the connectors that have failed or have failed tasks.
      type: list
      elements: str
      returned: always
      sample: [orders]
  sample:
    total: 40
    by_state: {failed: 1, paused: 2, running: 37}
    tasks_total: 96
    tasks_by_state: {failed: 2, paused: 4, running: 90}
    failed: [orders]
group:
  description: The workers' group, as the brokers report it.
  type: dict
  returned: when O(bootstrap_servers) is given and the brokers respond and know the group
  contains:
    group_id:
      description: The C(group.id) of the workers.
      type: str
      returned: always
      sample: connect-orders
    state:
      description: State of the group in Kafka's own words. V(Stable), V(PreparingRebalance), V(CompletingRebalance), V(Empty)
        or V(Dead).
      type: str
      returned: always
      sample: Stable
    protocol_type:
      description: V(connect) for a group of workers, V(consumer) for a group of consumers.
      type: str
      returned: always
      sample: connect
    protocol:
      description:
        - The rebalance protocol that all members share. V(sessioned), V(compatible), or V(default) for the eager one. Empty
          while the group is rebalancing.
      type: str
      returned: always
      sample: sessioned
    leader:
      description: URL that the leader advertises. Empty while the group is rebalancing.
      type: str
      returned: always
      sample: http://connect-2.example.com:8083
    config_offset:
      description:
        - Offset of the config topic that members had to reach before starting work. V(null) while the group is rebalancing.
      type: int
      returned: always
      sample: 2041
    scheduled_delay_ms:
      description:
        - Milliseconds, counted from the last rebalance, for which the group holds back the work of a departed worker. V(0)
          if nothing is held back.
      type: int
      returned: always
      sample: 0
    members:
      description: The workers that are members, by URL.
      type: list
      elements: dict
      returned: always
      contains:
        url:
          description: URL that the worker advertises. Empty while the group is rebalancing.
          type: str
          returned: always
          sample: http://connect-1.example.com:8083
        client_id:
          description: Client ID of the worker. Since Kafka 3.7 it contains the worker's address, unless it is configured.
          type: str
          returned: always
          sample: connect-connect-1.example.com:8083
        host:
          description: Address from which the brokers see the worker.
          type: str
          returned: always
          sample: 10.0.3.17
        connectors:
          description: Names of the connectors whose instance this worker runs.
          type: list
          elements: str
          returned: always
          sample: [orders]
        tasks:
          description: The tasks that this worker runs.
          type: list
          elements: dict
          returned: always
          contains:
            connector:
              description: Name of the connector.
              type: str
              returned: always
              sample: orders
            task:
              description: Number of the task.
              type: int
              returned: always
              sample: 0
          sample:
            - {connector: orders, task: 0}
        idle:
          description: Whether the worker owns nothing. V(null) while the group is rebalancing.
          type: bool
          returned: always
          sample: false
      sample:
        - url: http://connect-1.example.com:8083
          client_id: connect-connect-1.example.com:8083
          host: 10.0.3.17
          connectors: [orders]
          tasks:
            - {connector: orders, task: 0}
          idle: false
    findings:
      description: Problems with the group, most severe first. Empty if there are none.
      type: list
      elements: dict
      returned: always
      contains:
        kind:
          description: Kind of the finding. The guide on group membership has the fix for each.
          type: str
          returned: always
          choices:
            - config_mismatch
            - leader_gone
            - loopback_url
            - no_members
            - not_a_connect_group
            - owned_by_nobody
            - owned_twice
            - rebalancing
            - same_url
            - second_group
            - split_view
            - two_clusters
            - unreachable_url
            - wrong_url
          sample: owned_by_nobody
        severity:
          description: Severity of the finding.
          type: str
          returned: always
          choices: [error, warning, info]
          sample: warning
        evidence:
          description: What was observed, in one line.
          type: str
          returned: always
          sample: >-
            connector "orders", task 0 of "orders": unassigned; the group keeps them for a departed worker, for up to 300
            s after its last rebalance
        advice:
          description: Suggested fix.
          type: str
          returned: always
          sample: start the worker again, or wait; the time is the leader's scheduled.rebalance.max.delay.ms
      sample:
        - kind: owned_by_nobody
          severity: warning
          evidence: >-
            connector "orders", task 0 of "orders": unassigned; the group keeps them for a departed worker, for up to 300
            s after its last rebalance
          advice: start the worker again, or wait; the time is the leader's scheduled.rebalance.max.delay.ms
  sample:
    group_id: connect-orders
    state: Stable
    protocol_type: connect
    protocol: sessioned
    leader: http://connect-2.example.com:8083
    config_offset: 2041
    scheduled_delay_ms: 0
    members:
      - url: http://connect-1.example.com:8083
        client_id: connect-connect-1.example.com:8083
        host: 10.0.3.17
        connectors: [orders]
        tasks:
          - {connector: orders, task: 1}
        idle: false
      - url: http://connect-2.example.com:8083
        client_id: connect-connect-2.example.com:8083
        host: 10.0.3.18
        connectors: []
        tasks:
          - {connector: orders, task: 0}
        idle: false
      - url: http://connect-3.example.com:8083
        client_id: connect-connect-3.example.com:8083
        host: 10.0.3.19
        connectors: []
        tasks: []
        idle: true
    findings: []
msg:
  description: What went wrong, with its cause and a suggested fix. One line for each problem.
  type: str
  returned: on failure
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_info import (
    CLUSTER_INFO,
    cluster_info,
)


def main() -> None:
    run_module(CLUSTER_INFO, cluster_info)


if __name__ == "__main__":
    main()
