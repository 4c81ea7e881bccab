# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_health
short_description: Check the health of a Kafka Connect cluster
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Checks workers, connectors, tasks and the workers' group, and returns findings, most severe first, each with a suggested
    fix.
  - With O(bootstrap_servers) it also checks the brokers, as far as Kafka Connect depends on them. Each finding names the findings
    that caused it, and RV(msg) begins with the first cause.
  - The cluster is healthy if none of the findings is an error. Before and after work on the cluster, evaluate RV(healthy) in
    a playbook, or let the task fail with O(fail_on_unhealthy=true).
  - With O(wait_timeout) it waits until the cluster is healthy and has been for O(stable_for).
options:
  min_workers:
    description:
      - Minimum number of workers.
      - Counts the members of the group, or without O(bootstrap_servers) the workers of O(url) that respond.
    type: int
  expected_workers:
    description:
      - Exact number of workers, counted as for O(min_workers).
    type: int
  max_failed_tasks:
    description:
      - Number of failed tasks to tolerate. Their findings are then warnings. With V(0) none is tolerated.
    type: int
    default: 0
  max_failed_connectors:
    description:
      - Number of connectors to tolerate that have failed themselves, regardless of their tasks. With V(0) none is tolerated.
    type: int
    default: 0
  max_unassigned:
    description:
      - Number of connectors and tasks to tolerate that are unassigned, restarting or without a status. With V(0) none is
        tolerated.
    type: int
    default: 0
  connectors:
    description:
      - Names and patterns of the connectors that count. If empty, all connectors count.
      - Does not restrict the findings about workers and their group.
    type: list
    elements: str
    default: []
  ignore:
    description:
      - Names and patterns of connectors that do not count, because they are known to fail.
    type: list
    elements: str
    default: []
  fail_on_unhealthy:
    description:
      - Whether to fail the task if the cluster is not healthy. The result is the same, including the findings.
      - The default is V(false), so that a playbook can evaluate RV(healthy).
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait until the cluster is healthy. With V(0) the module checks once and does not wait.
      - A rebalance takes seconds. After a worker has left, its work is held back for
        C(scheduled.rebalance.max.delay.ms), five minutes by default.
      - The wait ends early if something is wrong that time does not fix, such as a group that no member of O(url) belongs to, a
        denied ACL, or two workers that advertise the same URL. Where starting workers or a rebalance may cause the same, it must
        last for 20 seconds, the same URL for 60 seconds.
    type: float
    default: 0
  stable_for:
    description:
      - Seconds for which the cluster must have been healthy. Only used with O(wait_timeout).
      - Tasks that cannot reach their system often run for some seconds before they fail. V(10) detects most of these.
    type: float
    default: 10
  return_if_parked:
    description:
      - Whether to return, without a failure, as soon as the leader is found to keep work of a departed worker. RV(healthy) is then
        V(false). For a playbook that releases this work next, see M(streamops.kafka_connect.worker_scale).
    type: bool
    default: false
  checks:
    description:
      - Groups of checks to run. The module always checks workers, connectors, tasks, plugins and the workers' group. The default is
        what costs a few requests only.
      - V(overlaps) - connectors that do the same work. Costs no request, or 2 if a sink has C(topics.regex), which the module resolves
        against the topics of the brokers.
      - V(brokers) - bootstrap servers, advertised addresses and the coordinator of the group. Costs one connection for each broker,
        and about 4 requests, which take less than 0.1 seconds if all brokers respond, and at most 8 seconds otherwise.
      - V(internal_topics) - the topics that O(config_topic), O(offset_topic) and O(status_topic) name. Costs 3 requests, less than
        0.1 seconds.
      - V(errors) - connectors that skip records without a trace, and dead letter topics that do not exist. Costs no request, or 3 if
        sinks have a dead letter queue, less than 0.1 seconds.
      - V(registries) - the schema registries that converters of connectors name, for connectors that are neither paused nor stopped.
        Costs 1 request for each registry, about 0.01 seconds, and for each connector whose schema was rejected at most 31 more. A
        registry that does not respond costs O(connect_timeout) or O(read_timeout). Off by default, because it sends requests to the
        hosts that configurations of connectors name. The converters of a worker, which apply to connectors without any, cannot be
        seen through REST, so the module does not check their registry.
      - V(dead_letters) - how many records the dead letter topics contain, with the causes of the newest. Costs 3 requests and one
        consumer, about 0.5 seconds, and at most 5 seconds more.
      - V(progress) - the lag of each sink, and with O(observe) sinks that make no progress, sinks whose lag grows, and tasks that run
        twice. Costs 2 requests for each sink and one for each broker in each snapshot, about 0.1 seconds for 50 sinks, and follows at
        most 200 sinks.
      - V(rebalances) - with O(observe), workers that join the group again and again; with O(status_topic), also the number of
        rebalances in the last hour. Costs 2 requests in each snapshot, and reads the statuses of the last hour, at most 200,000
        records, in about 0.3 seconds if they are few.
      - All of these except V(overlaps), V(errors) and V(registries) need O(bootstrap_servers), and have no effect without it.
      - The module runs V(registries), V(dead_letters), V(progress) and V(rebalances) once, after a wait for O(wait_timeout).
    type: list
    elements: str
    choices: [overlaps, brokers, internal_topics, errors, registries, dead_letters, progress, rebalances]
    default: [overlaps, brokers, internal_topics, errors]
    version_added: 0.2.0
  metrics:
    description:
      - The agents of workers, to read their heap and the pauses of their garbage collection. Role
        P(streamops.kafka_connect.jmx#role) sets them up.
      - Costs one request for each worker, and with O(observe) one more. If you do not set it, the heap is not checked.
      - An agent that cannot be read is a finding of severity V(info).
    type: dict
    version_added: 0.2.0
    suboptions:
      source:
        description:
          - V(agents) - the Prometheus agents of the workers. V(jolokia) - their Jolokia agents.
        type: str
        choices: [agents, jolokia]
        required: true
      url:
        description:
          - URL of the agent of each worker. Without a path, the module adds C(/metrics) or C(/jolokia/).
        type: list
        elements: str
        required: true
      url_username:
        description:
          - User name for HTTP basic authentication. The credentials of the workers' REST API are never sent to agents.
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
          - PEM file with the unencrypted private key of O(metrics.client_cert).
        type: path
      ca_path:
        description:
          - PEM file, or directory of hashed PEM files, with the CA certificates that verify the certificates of the agents.
        type: path
      validate_certs:
        description:
          - Whether to validate the TLS certificates of the agents.
        type: bool
        default: true
      headers:
        description:
          - Additional HTTP headers.
        type: dict
  observe:
    description:
      - Time for which to follow the cluster, such as V(30s) or V(2m30s), or a number of seconds, up to one hour. The module takes a
        snapshot about every two seconds, and finds what a single snapshot cannot show. With V(0) it takes one snapshot.
      - Follows what O(checks) contains of V(dead_letters), V(progress) and V(rebalances), and needs at least one of them.
      - A task of a sink commits its offsets every C(offset.flush.interval.ms) only, 60 seconds by default, so the module reports a
        sink that makes no progress only after twice that time, such as V(130s), and a lag that grows only after three times, such as
        V(190s). Of a shorter time it warns. It reads the setting from O(worker_properties), and without it assumes the default.
      - The module reports a task that runs twice only after the session timeout of its consumer, 45 seconds by default.
    type: str
    default: "0"
    version_added: 0.2.0
  max_rebalances:
    description:
      - Number of rebalances in the last hour that is still ordinary. Only used with V(rebalances) in O(checks), and with
        O(status_topic). The default leaves room for a deployment or a rolling restart.
    type: int
    default: 30
    version_added: 0.2.0
  config_topic:
    description:
      - Name of the config topic, which is the C(config.storage.topic) of the workers. The module then checks this topic on the
        brokers - its compaction, partitions, leaders and in-sync replicas.
      - Neither REST nor the group shows the names of the internal topics. Without a name, the module does not check the topic.
    type: str
    default: ""
    version_added: 0.2.0
  offset_topic:
    description:
      - Name of the offset topic, the C(offset.storage.topic) of the workers, as for O(config_topic).
    type: str
    default: ""
    version_added: 0.2.0
  status_topic:
    description:
      - Name of the status topic, the C(status.storage.topic) of the workers, as for O(config_topic).
    type: str
    default: ""
    version_added: 0.2.0
  worker_properties:
    description:
      - Properties file of a worker, on the machine where the task runs. The module reads the names of the three topics from it, and
        the settings that O(observe) depends on. The options O(config_topic), O(offset_topic) and O(status_topic) have precedence.
    type: path
    version_added: 0.2.0
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.brokers
  - streamops.kafka_connect.registry
  - streamops.kafka_connect.attributes
  - streamops.kafka_connect.attributes.info
notes:
  - The module writes nothing. Credentials that only permit C(GET) requests are sufficient.
  - The REST API alone cannot show whether the group is rebalancing, whether a worker that is not in O(url) is alive, and
    whether a task reported as V(RUNNING) has a worker. Before work on the cluster, set O(bootstrap_servers).
  - If you set O(bootstrap_servers) and the group cannot be read, the cluster is not healthy. The module never assumes that
    something unknown is fine.
  - The checks of the brokers take a few connections and requests, about 0.1 seconds if all brokers respond, and at most 8 seconds
    otherwise. They need the ACLs Describe and DescribeConfigs on C(__consumer_offsets) and on the internal topics, and
    DescribeConfigs on the cluster. Without them, the module skips what the brokers do not show.
  - The checks V(errors), V(dead_letters) and V(progress) need the ACL Describe on the consumer groups and topics of the sinks, and
    Read on these topics. What the brokers deny is left out. A sink whose consumer or dead letter queue is configured for other brokers
    is left out too.
  - The check V(registries) reads the registries that a connector itself names, in C(key.converter.schema.registry.url),
    C(value.converter.schema.registry.url), and C(apicurio.registry.url) in their place. It derives subjects from topics as the
    default strategies do, and reports other strategies as not determined.
  - If none of the workers in O(url) responds, the task fails, regardless of O(fail_on_unhealthy). With O(wait_timeout) they
    have that long to come back. With O(bootstrap_servers) and V(brokers) in O(checks), the result then has the findings about the
    brokers and the workers, and the message begins with the first cause. Connectors and tasks are unknown.
seealso:
  - module: streamops.kafka_connect.cluster_info
  - module: streamops.kafka_connect.connector_info
  - module: streamops.kafka_connect.traffic_window
"""

EXAMPLES = r"""
- name: Continue only if the cluster is healthy
  streamops.kafka_connect.cluster_health:
    url:
      - http://connect-1.example.com:8083
      - http://connect-2.example.com:8083
      - http://connect-3.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    expected_workers: 3
    fail_on_unhealthy: true

- name: Wait until the cluster is healthy again
  streamops.kafka_connect.cluster_health:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    ignore:
      - sandbox-*
    wait_timeout: 600
    fail_on_unhealthy: true

- name: Find the cause of a problem, also in the brokers and in the internal topics
  streamops.kafka_connect.cluster_health:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    group_id: connect-cluster
    config_topic: connect-configs
    offset_topic: connect-offsets
    status_topic: connect-status

- name: Find sinks that make no progress, workers that join again and again, and dead letters that arrive
  streamops.kafka_connect.cluster_health:
    url: http://connect-1.example.com:8083
    bootstrap_servers: kafka-1.example.com:9092
    status_topic: connect-status
    checks: [overlaps, brokers, internal_topics, errors, dead_letters, progress, rebalances]
    observe: 130s

- name: Check the heap of the workers, too
  streamops.kafka_connect.cluster_health:
    url: http://connect-1.example.com:8083
    metrics:
      source: agents
      url:
        - http://connect-1.example.com:9404
        - http://connect-2.example.com:9404

- name: Check the schema registries of the connectors, too
  streamops.kafka_connect.cluster_health:
    url: http://connect-1.example.com:8083
    checks: [overlaps, brokers, internal_topics, errors, registries]
    registry:
      url: https://registry.example.com
      url_username: connect
      url_password: "{{ registry_password }}"

- name: Check the cluster
  streamops.kafka_connect.cluster_health:
    url: http://connect-1.example.com:8083
  register: health

- name: Show the findings
  ansible.builtin.debug:
    msg: "{{ item.severity }}: {{ item.message }} ({{ item.advice }})"
  loop: "{{ health.findings }}"
  loop_control:
    label: "{{ item.kind }}"
"""

RETURN = r"""
healthy:
  description: Whether none of RV(findings) is an error.
  type: bool
  returned: success, when O(fail_on_unhealthy) made the task fail, and without a responding worker if the brokers were asked
  sample: false
findings:
  description: Findings, most severe first. Empty if there are none.
  type: list
  elements: dict
  returned: success, when O(fail_on_unhealthy) made the task fail, and without a responding worker if the brokers were asked
  contains:
    id:
      description:
        - Name of the finding, for RV(findings[].caused_by). It consists of kind and subject, and a number if there are
          several with both in common. The same problem has the same name in the next run.
      type: str
      returned: always
      sample: failed_tasks:payments
    severity:
      description: Severity of the finding. The cluster is not healthy if there is an V(error).
      type: str
      returned: always
      choices: [error, warning, info]
      sample: error
    kind:
      description:
        - Kind of the finding.
        - B(Connectors and tasks.)
        - V(connectors_overlap) - connectors do the same work, because they read the same source, or are sinks with the
          same target and topics, or share a consumer group. Paused and stopped ones do not count.
        - V(dead_letter_topic_missing) - the dead letter topic of a sink does not exist, and its tasks cannot create it,
          or it was deleted while they run. Only with V(errors) in O(checks).
        - V(dead_letters_arriving) - dead letter topics contain records. A warning if some arrived during O(observe), otherwise
          for information. Only with V(dead_letters) in O(checks).
        - V(errors_swallowed) - connectors skip records with errors without a trace of them. Only with V(errors) in O(checks).
        - V(failed_connectors) - connectors themselves have failed. There is one finding for each cause.
        - V(failed_tasks) - tasks have failed. There is one finding for each cause.
        - V(lag_growing) - the lag of a sink has grown during O(observe), although the sink commits offsets. Only with V(progress)
          in O(checks).
        - V(no_tasks) - connectors are running without any task.
        - V(not_progressing) - tasks of a sink are running, but committed no offset during O(observe), although records
          wait. Only with V(progress) in O(checks). Sinks that commit only complete files, buffers or tables, such as those
          with C(flush.size), are left out.
        - V(heap_nearly_full) - after garbage collection, at least 90 % of the heap for long-lived objects of a worker is
          in use. Only with O(metrics).
        - V(long_pauses) - garbage collection stops a worker for at least 20 % of the time. Only with O(metrics).
        - V(metrics_unreadable) - an agent in O(metrics) does not show the heap of its worker. Only with O(metrics).
        - V(registry_not_asked) - a schema registry requires a login that the task does not have. Only with V(registries)
          in O(checks).
        - V(registry_unreachable) - a schema registry that connectors use cannot be reached, fails, or refuses the login
          of a connector. A warning as long as no task has failed because of it. Only with V(registries) in O(checks).
        - V(schema_incompatible) - a schema registry rejected the new schema of a failed connector. Names the subjects,
          their compatibility levels and newest versions. Only with V(registries) in O(checks).
        - V(stale_status) - connectors are reported as UNASSIGNED by a worker that was cut off and no longer owns them.
        - V(task_on_non_member) - tasks are reported with the state that they had on a worker that is no longer a member
          of the group.
        - V(task_running_twice) - a task of a sink has two consumers in its consumer group. Only with V(progress) in O(checks).
        - V(unassigned) - connectors and tasks are unassigned, restarting, or without a status.
        - B(Workers.)
        - V(other_number_of_workers) - the number of workers differs from O(expected_workers).
        - V(plugins_differ) - workers have different plugins.
        - V(too_few_workers) - there are fewer workers than O(min_workers).
        - V(worker_hangs) - a worker of O(url) accepts connections but does not respond. A warning if the brokers report
          that it is not a member.
        - V(worker_not_ready) - a worker of O(url) responds that it is not ready (Kafka 3.9 and newer).
        - V(worker_unreachable) - a worker of O(url) does not respond. A warning if the brokers report that it is not a
          member.
        - B(The group.) All others are those of RV(streamops.kafka_connect.cluster_info#module:group.findings[].kind).
        - V(group_not_asked) - O(bootstrap_servers) is not given.
        - V(group_unknown) - the brokers could not be reached, or do not know the group.
        - V(rebalance_delayed) - work is held back for a departed worker, or until the next step of a rebalance.
        - V(rebalancing) - a rebalance is in progress.
        - V(rebalancing_repeatedly) - a worker has joined the group at least twice during O(observe), or there were more
          than O(max_rebalances) in the last hour. Only with V(rebalances) in O(checks).
        - B(The brokers.) Only with O(bootstrap_servers).
        - V(bootstrap_wrong) - a bootstrap server is not a broker that this client can use, or belongs to another Kafka
          cluster than the workers. A warning if other servers answer and belong to the right cluster.
        - V(broker_unreachable) - a bootstrap server, or the address that a broker advertises, cannot be reached from here.
          A warning if other servers answer and nothing that Kafka Connect needs is missing.
        - V(coordinator_unavailable) - the partition of C(__consumer_offsets) that holds the group has no leader, or fewer
          in-sync replicas than C(min.insync.replicas). Without O(group_id) and without a group, any partition may be the
          one.
        - V(internal_topic_few_replicas) - C(min.insync.replicas) of an internal topic exceeds its replicas.
        - V(internal_topic_missing) - an internal topic does not exist.
        - V(internal_topic_no_leader) - partitions of an internal topic have no leader.
        - V(internal_topic_not_compacted) - C(cleanup.policy) of an internal topic is not exactly compact. A warning if
          it has none.
        - V(internal_topic_not_in_sync) - partitions of an internal topic have fewer in-sync replicas than C(min.insync.replicas).
        - V(internal_topic_partitions) - the config topic has more than one partition.
        - V(offsets_topic_impossible) - C(__consumer_offsets) does not exist, and there are fewer brokers than its replication
          factor.
        - B(The wait.)
        - V(not_stable_yet) - the cluster is healthy, but has not been for O(stable_for).
      type: str
      returned: always
      choices:
        - bootstrap_wrong
        - broker_unreachable
        - config_mismatch
        - connectors_overlap
        - coordinator_unavailable
        - dead_letter_topic_missing
        - dead_letters_arriving
        - errors_swallowed
        - failed_connectors
        - failed_tasks
        - group_not_asked
        - group_unknown
        - internal_topic_few_replicas
        - internal_topic_missing
        - internal_topic_no_leader
        - internal_topic_not_compacted
        - internal_topic_not_in_sync
        - internal_topic_partitions
        - lag_growing
        - leader_gone
        - loopback_url
        - no_members
        - no_tasks
        - not_a_connect_group
        - not_progressing
        - not_stable_yet
        - offsets_topic_impossible
        - other_number_of_workers
        - owned_by_nobody
        - owned_twice
        - plugins_differ
        - rebalance_delayed
        - rebalancing
        - rebalancing_repeatedly
        - heap_nearly_full
        - long_pauses
        - metrics_unreadable
        - registry_not_asked
        - registry_unreachable
        - same_url
        - schema_incompatible
        - second_group
        - split_view
        - stale_status
        - task_on_non_member
        - task_running_twice
        - too_few_workers
        - two_clusters
        - unassigned
        - unreachable_url
        - worker_hangs
        - worker_not_ready
        - worker_unreachable
        - wrong_url
      sample: failed_tasks
    subject:
      description:
        - Subject of the finding. The name of a connector, plugin or topic, a partition such as C(__consumer_offsets-13),
          the URL of a worker, the address of a broker, the group, or V(cluster).
      type: str
      returned: always
      sample: payments
    message:
      description: What was observed, in one line.
      type: str
      returned: always
      sample: >-
        1 task FAILED (0 of "payments"): ConnectException: Connection refused: db.example.com:5432
    advice:
      description: Suggested fix. Empty if there is none.
      type: str
      returned: always
      sample: >-
        the other system can't be reached from the worker: check host, port and firewall, and that it is running, then restart
        with connector_state
    caused_by:
      description:
        - The RV(findings[].id) of the findings that directly caused this one. Empty for a cause, and where the cause is
          not known. Of equal severity, findings without a cause come first.
      type: list
      elements: str
      returned: always
      sample: []
  sample:
    - id: failed_tasks:payments
      severity: error
      kind: failed_tasks
      subject: payments
      message: >-
        1 task FAILED (0 of "payments"): ConnectException: Connection refused: db.example.com:5432
      advice: >-
        the other system can't be reached from the worker: check host, port and firewall, and that it is running, then restart
        with connector_state
      caused_by: []
workers:
  description: The workers of O(url), followed by other members of the group.
  type: list
  elements: dict
  returned: success, when O(fail_on_unhealthy) made the task fail, and without a responding worker if the brokers were asked
  contains:
    url:
      description: URL of the worker.
      type: str
      returned: always
      sample: http://connect-1.example.com:8083
    version:
      description: Version of Kafka Connect. Empty if it is not known.
      type: str
      returned: always
      sample: 4.3.1
    reachable:
      description: Whether the worker responded. V(null) if it is not in O(url).
      type: bool
      returned: always
      sample: true
    ready:
      description: Whether the worker reports that it is ready. V(null) if it was not asked or runs Kafka before 3.9.
      type: bool
      returned: always
      sample: true
    member:
      description: Whether the worker is a member of the group. V(null) if that is not known.
      type: bool
      returned: always
      sample: true
    leader:
      description: Whether the worker leads the group. V(null) if that is not known.
      type: bool
      returned: always
      sample: false
    connectors:
      description: Number of connectors that the worker owns. V(null) if that is not known.
      type: int
      returned: always
      sample: 7
    tasks:
      description: Number of tasks that the worker owns. V(null) if that is not known.
      type: int
      returned: always
      sample: 14
  sample:
    - url: http://connect-1.example.com:8083
      version: 4.3.1
      reachable: true
      ready: true
      member: true
      leader: false
      connectors: 7
      tasks: 14
summary:
  description: Counts of all connectors, including those that do not count toward RV(healthy).
  type: dict
  returned: success, and when O(fail_on_unhealthy) made the task fail
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
rebalance:
  description: Whether the group is rebalancing, and how that is known.
  type: dict
  returned: success, when O(fail_on_unhealthy) made the task fail, and without a responding worker if the brokers were asked
  contains:
    in_progress:
      description: Whether a rebalance is in progress. V(null) if that is not known.
      type: bool
      returned: always
      sample: false
    source:
      description: Source of this information. The REST API does not report rebalances, so without the brokers it is V(none).
      type: str
      returned: always
      choices: [brokers, none]
      sample: brokers
    state:
      description: State of the group in Kafka's own words. Empty if it is not known.
      type: str
      returned: always
      sample: Stable
    delay_ms:
      description:
        - Milliseconds, counted from the last rebalance, for which work is held back. V(0) if none is, V(null) if that is
          not known.
      type: int
      returned: always
      sample: 0
    parked_tasks:
      description: Number of tasks that are held back. V(null) if that is not known.
      type: int
      returned: always
      sample: 0
    parked_connectors:
      description: Number of connectors, regardless of their tasks, that are held back. V(null) if that is not known.
      type: int
      returned: always
      sample: 0
  sample:
    in_progress: false
    source: brokers
    state: Stable
    delay_ms: 0
    parked_tasks: 0
    parked_connectors: 0
lag:
  description:
    - Lag of each sink that runs, by topic. Empty without O(bootstrap_servers), and where the brokers deny it.
  type: list
  elements: dict
  returned: when O(checks) contains V(progress), on success, and when O(fail_on_unhealthy) made the task fail
  contains:
    connector:
      description: Name of the sink.
      type: str
      returned: always
      sample: payments
    topic:
      description: Name of the topic.
      type: str
      returned: always
      sample: orders
    lag:
      description: Number of records after the committed offsets. Partitions without a committed offset do not count.
      type: int
      returned: always
      sample: 1200
    change:
      description: Change of the lag during O(observe). V(null) without it. Between two commits, every lag grows.
      type: int
      returned: always
      sample: 300
  sample:
    - {connector: payments, topic: orders, lag: 1200, change: 300}
dead_letters:
  description: Existing dead letter topics of sinks. Empty without O(bootstrap_servers), and where the brokers deny it.
  type: list
  elements: dict
  returned: when O(checks) contains V(dead_letters), on success, and when O(fail_on_unhealthy) made the task fail
  contains:
    topic:
      description: Name of the dead letter topic.
      type: str
      returned: always
      sample: payments-dead
    connectors:
      description: Names of the sinks that write to it.
      type: list
      elements: str
      returned: always
      sample: [payments]
    records:
      description: Number of its records.
      type: int
      returned: always
      sample: 12
    arrived:
      description: Number of records that arrived during O(observe). V(null) without it.
      type: int
      returned: always
      sample: 3
    causes:
      description:
        - Causes of the newest records, newest first, with secrets masked. Empty if the sinks do not set C(errors.deadletterqueue.context.headers.enable).
      type: list
      elements: str
      returned: always
      sample:
        - >-
          DataException: Converting byte[] to Kafka Connect data failed due to serialization error
  sample:
    - topic: payments-dead
      connectors: [payments]
      records: 12
      arrived: 3
      causes:
        - >-
          DataException: Converting byte[] to Kafka Connect data failed due to serialization error
memory:
  description: The heap of each worker in O(metrics).
  type: list
  elements: dict
  returned: when O(metrics) is given, on success, and when O(fail_on_unhealthy) made the task fail
  contains:
    url:
      description: URL of the agent.
      type: str
      returned: always
      sample: http://connect-1.example.com:9404
    used:
      description: Bytes of long-lived objects after the last garbage collection of them. V(null) if unknown.
      type: int
      returned: always
      sample: 402653184
    maximum:
      description: Maximum of these bytes. V(null) if unknown.
      type: int
      returned: always
      sample: 536870912
    pause_share:
      description: Part of the time in which garbage collection stopped the worker, from 0 to 1. V(null) if unknown.
      type: float
      returned: always
      sample: 0.012
    seconds:
      description: Length of that time. With O(observe), its length, else since the start of the worker.
      type: float
      returned: always
      sample: 30.1
    problem:
      description: Why the heap is unknown. Empty if it is known.
      type: str
      returned: always
      sample: ''
  sample:
    - url: http://connect-1.example.com:9404
      used: 402653184
      maximum: 536870912
      pause_share: 0.012
      seconds: 30.1
      problem: ''
msg:
  description: Health of the cluster in one line, with the cause of the most severe finding, and what follows from it.
  type: str
  returned: always
  sample: >-
    not healthy: 1 task FAILED (0 of "payments"): ConnectException: Connection refused: db.example.com:5432; 3 workers of
    url answer, 3 connectors, 3 tasks
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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_health import (
    CLUSTER_HEALTH,
    cluster_health,
)


def main() -> None:
    run_module(CLUSTER_HEALTH, cluster_health)


if __name__ == "__main__":
    main()
