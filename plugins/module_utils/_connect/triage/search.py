# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in search indexes: Elasticsearch, OpenSearch, Solr."""

from __future__ import annotations

from .signs import cause, sign

_SEARCH = "ElasticsearchStatusException OpenSearchStatusException ElasticsearchException OpenSearchException ResponseException"

CAUSES = (
    cause(
        "index_blocked",
        "unknown",
        "the index only allows reading, usually because a disk of the search cluster is nearly full: free some space, remove the "
        "block (index.blocks.read_only_allow_delete), then restart with connector_state",
        sign(codes="elastic:cluster_block_exception"),
        sign(says=["read-only / allow delete", "index read-only", "flood-stage watermark"]),
    ),
    cause(
        "index_closed",
        "permanent",
        "the index is closed: open it, or send its records to another index with a transform (RegexRouter)",
        sign(codes="elastic:index_closed_exception"),
    ),
    cause(
        "index_missing",
        "permanent",
        "create the index, data stream or alias, or let the sink create it; then restart with connector_state",
        sign(codes="elastic:index_not_found_exception"),
        sign(says=["no such index"]),
    ),
    cause(
        "index_exists",
        "permanent",
        "the index, alias or data stream exists already with another type: correct the name, or remove it",
        sign(codes="elastic:resource_already_exists_exception elastic:index_already_exists_exception"),
    ),
    cause(
        "index_name_wrong",
        "permanent",
        "the search index does not allow this name (lower case, no special characters): rename it with a transform (RegexRouter)",
        sign(codes="elastic:invalid_index_name_exception"),
    ),
    cause(
        "document_conflict",
        "permanent",
        "the index has a newer version of this document: set external.version.header or behavior for conflicts, or let only one "
        "connector write this index",
        sign(codes="elastic:version_conflict_engine_exception"),
    ),
    cause(
        "document_rejected",
        "permanent",
        "a document does not fit the mapping of its index: correct the mapping or the record; "
        "behavior.on.malformed.documents=warn skips single bad documents",
        sign(
            codes="elastic:mapper_parsing_exception elastic:document_parsing_exception elastic:strict_dynamic_mapping_exception "
            "elastic:mapper_exception elastic:parsing_exception elastic:number_format_exception elastic:x_content_parse_exception"
        ),
        sign(says=["Limit of total fields", "Document contains at least one immense term", "failed to parse field ["]),
        sign(
            types=_SEARCH + " ConnectException DataException",
            says=["mapper_parsing_exception", "document_parsing_exception"],
        ),
        sign(codes="elastic:illegal_argument_exception", types=_SEARCH + " ConnectException"),
    ),
    cause(
        "search_request_invalid",
        "permanent",
        "the search index rejects the request: correct the options of the sink for ids, versions and types of documents",
        sign(codes="elastic:action_request_validation_exception elastic:media_type_header_exception"),
        sign(
            says=["contains unrecognized parameter: [", "Invalid or missing build flavor", "request [/_bulk] contains"]
        ),
    ),
    cause(
        "search_overloaded",
        "transient",
        "the search cluster has too much to do: lower tasks.max and batch.size, raise max.retries and retry.backoff.ms, then "
        "restart with connector_state",
        sign(codes="elastic:es_rejected_execution_exception elastic:circuit_breaking_exception"),
        sign(codes="elastic:rejected_execution_exception elastic:process_cluster_event_timeout_exception"),
        sign(types="ConnectException", says=["Flush timeout expired with unflushed records"]),
        sign(types="ConnectException", says=["Add timeout expired before buffer availability"]),
        sign(types=_SEARCH, codes="http:429"),
        sign(types=_SEARCH, says=["429 Too Many Requests", "Too Many Requests"]),
    ),
    cause(
        "search_login_refused",
        "permanent",
        "the search cluster refuses the user, or the user lacks rights on the index: check connection.username and "
        "connection.password, and the roles of the user",
        sign(codes="elastic:security_exception"),
        sign(types=_SEARCH, codes="http:401 http:403"),
        sign(
            types=_SEARCH,
            says=["unable to authenticate user", "missing authentication credentials", "is unauthorized for user"],
        ),
        sign(says=["is unauthorized for user ["]),
    ),
    cause(
        "search_batch_too_large",
        "permanent",
        "the search cluster rejects the size of a bulk request: lower batch.size or bulk.size.bytes, or raise "
        "http.max_content_length",
        sign(types=_SEARCH, codes="http:413"),
    ),
    cause(
        "search_unavailable",
        "transient",
        "the search cluster can't answer, because shards or the master are missing: check its health, then restart with "
        "connector_state",
        sign(
            codes="elastic:unavailable_shards_exception elastic:no_shard_available_action_exception "
            "elastic:master_not_discovered_exception elastic:node_not_connected_exception elastic:cluster_manager_not_discovered_exception"
        ),
        sign(types=_SEARCH, codes="http:502 http:503 http:504"),
        sign(at=["elasticsearch.client.RestClient", "opensearch.client.RestClient"], types="ConnectionClosedException"),
        sign(
            at=["elasticsearch.client.RestClient", "opensearch.client.RestClient"],
            types="SocketTimeoutException ConnectException ConnectTimeoutException IOException NoHttpResponseException",
        ),
    ),
)
