# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in Kafka itself: brokers, topics, groups, producers."""

from __future__ import annotations

from .signs import cause, sign

CAUSES = (
    cause(
        "kafka_not_authorized",
        "permanent",
        "grant the worker's or connector's principal the ACL on that resource (topics: read, write or create; sinks: "
        "the group connect-<name>), then restart with connector_state",
        sign(
            types="TopicAuthorizationException GroupAuthorizationException ClusterAuthorizationException "
            "TransactionalIdAuthorizationException DelegationTokenAuthorizationException"
        ),
        sign(says=["Not authorized to access topics", "Not authorized to access group"]),
    ),
    cause(
        "kafka_login_refused",
        "permanent",
        "the user, the password or the mechanism is wrong: check sasl.jaas.config and sasl.mechanism, and the "
        "${provider:path:key} references they come from",
        sign(types="SaslAuthenticationException UnsupportedSaslMechanismException IllegalSaslStateException"),
    ),
    cause(
        "record_too_large",
        "permanent",
        "raise producer.override.max.request.size and the topic's max.message.bytes, or make the records smaller",
        sign(types="RecordTooLargeException MessageSizeTooLargeException RecordBatchTooLargeException"),
        sign(says=["when serialized which is larger than", "larger than the max message size the server will accept"]),
    ),
    cause(
        "producer_fenced",
        "unknown",
        "another producer uses the same transactional id: check with cluster_info that no second task or cluster with this "
        "group.id is running; after a transaction that took too long, restart with connector_state",
        sign(
            types="ProducerFencedException InvalidProducerEpochException FencedInstanceIdException OutOfOrderSequenceException"
        ),
        sign(says=["newer producer with the same transactionalid", "producer attempted to produce with an old epoch"]),
    ),
    cause(
        "topic_missing",
        "permanent",
        "create the topic or correct its name; for source connectors topic.creation.* lets Connect create it",
        sign(types="UnknownTopicOrPartitionException InvalidTopicException UnknownTopicIdException"),
        sign(says=["does not host this topic-partition"]),
    ),
    # KafkaProducer.waitOnMetadata. Where the brokers said that the topic does not exist, a cause below says so, too (since Kafka 3.7).
    cause(
        "topic_metadata_missing",
        "unknown",
        "either the brokers do not answer this producer, or the topic does not exist and may not be created: check the addresses and "
        "the login of the worker and in producer.override.*, then the name of the topic",
        sign(types="TimeoutException", says=["Topic … not present in metadata"]),
    ),
    # JaasContext.loadServerContext and its siblings: the client has no login at all.
    cause(
        "kafka_login_missing",
        "permanent",
        "the brokers require a login that the connector does not have: set sasl.jaas.config, with the prefix consumer.override. or "
        "producer.override. if only this connector needs it",
        sign(types="IllegalArgumentException", says=["Could not find a … entry in the JAAS configuration"]),
    ),
    cause(
        "kafka_delivery_timed_out",
        "transient",
        "the brokers did not accept the records within delivery.timeout.ms: check the leaders and the load of the brokers, then "
        "restart with connector_state",
        sign(
            types="TimeoutException", says=["Expiring … record(s) for", "Batch Expired", "Batch containing … expired"]
        ),
        sign(types="BufferExhaustedException"),
        sign(types="TimeoutException", says=["Failed to allocate memory within the configured max blocking time"]),
    ),
    cause(
        "replication_factor_too_high",
        "permanent",
        "lower the replication factor (topic.creation.default.*, errors.deadletterqueue.topic.*) to the number of brokers",
        sign(types="InvalidReplicationFactorException"),
        sign(says=["replication factor: … larger than available brokers"]),
    ),
    cause(
        "not_enough_replicas",
        "transient",
        "too few replicas are in sync for min.insync.replicas: restart the missing brokers, then restart with "
        "connector_state",
        sign(types="NotEnoughReplicasException NotEnoughReplicasAfterAppendException"),
        sign(says=["Messages are rejected since there are fewer in-sync replicas than required"]),
    ),
    cause(
        "dead_letter_queue_unusable",
        "permanent",
        "check errors.deadletterqueue.topic.name, its replication factor against the number of brokers, and the ACL "
        "to write there",
        sign(says=["Could not initialize dead letter queue", "Could not initialize errant record reporter"]),
    ),
    cause(
        "coordinator_unavailable",
        "transient",
        "the brokers have no coordinator for this group: check __consumer_offsets (replication factor, leaders) with "
        "cluster_health, then restart with connector_state",
        sign(types="CoordinatorNotAvailableException CoordinatorLoadInProgressException NotCoordinatorException"),
        sign(says=["The coordinator is not available"]),
    ),
    cause(
        "partitions_lost",
        "transient",
        "another member took the partitions: one group must belong to one connector; if writing is slow, lower "
        "consumer.override.max.poll.records or raise max.poll.interval.ms, then restart with connector_state",
        sign(types="RebalanceInProgressException UnknownMemberIdException IllegalGenerationException"),
        sign(types="CommitFailedException", says=["group", "Commit cannot be completed", "Offset commit"]),
        sign(says=["assigned the partitions to another member"]),
    ),
    cause(
        "group_protocol_differs",
        "permanent",
        "a consumer of another kind uses the same group: give the connector a consumer group of its own "
        "(consumer.override.group.id)",
        sign(types="InconsistentGroupProtocolException"),
    ),
    cause(
        "offsets_out_of_range",
        "permanent",
        "the topic no longer has the records at the committed offset: set consumer.override.auto.offset.reset, or reset the "
        "offsets of the stopped connector",
        sign(types="OffsetOutOfRangeException NoOffsetForPartitionException"),
    ),
    cause(
        "transaction_timeout_too_long",
        "permanent",
        "lower producer.override.transaction.timeout.ms to at most transaction.max.timeout.ms of the brokers",
        sign(types="InvalidTxnTimeoutException"),
    ),
    cause(
        "topic_policy_violated",
        "permanent",
        "the brokers' policy does not allow this topic: change topic.creation.* to what the policy allows, or create the topic "
        "yourself",
        sign(types="PolicyViolationException TopicDeletionDisabledException"),
    ),
    cause(
        "brokers_unreachable",
        "transient",
        "the brokers did not respond in time: check their load, and that every advertised listener is reachable from the "
        "worker, then restart with connector_state",
        sign(
            types="TimeoutException",
            says=[
                "waiting for a node assignment",
                "Timeout expired while fetching topic metadata",
                "Timeout expired before the position for partition",
                "of timeout expired before the position",
                "Timeout expired after … while awaiting",
                "Failed to update metadata after",
                "expired before successfully committing offsets",
                "expired before the last committed offset",
            ],
        ),
        sign(types="DisconnectException NetworkException LeaderNotAvailableException NotLeaderOrFollowerException"),
        sign(types="BrokerNotAvailableException KafkaStorageException"),
    ),
)
