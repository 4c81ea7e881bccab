# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in document stores."""

from __future__ import annotations

from .signs import cause, sign

_MONGO = (
    "MongoCommandException MongoQueryException MongoException MongoBulkWriteException MongoWriteException BulkWriteException "
    "MongoWriteConcernException MongoSecurityException MongoTimeoutException MongoServerException"
)

CAUSES = (
    cause(
        "resume_token_lost",
        "permanent",
        "the oplog no longer has the place at which the connector stopped: keep the oplog longer, then reset the offsets of the "
        "stopped connector, or set startup.mode or snapshot.mode for a new copy",
        sign(codes="mongo:286 mongo:280 mongo:260 mongo:222 mongo:234"),
        sign(
            says=[
                "Resume of change stream was not possible",
                "ResumeToken not found",
                "resume token was not found",
                "resume point may no longer be in the oplog",
                "Unable to find entry in oplog",
                "the resume token cannot be found",
            ]
        ),
    ),
    cause(
        "document_key_exists",
        "permanent",
        "a document with this key exists: use a write model that replaces or updates (writemodel.strategy), or an id that is "
        "unique (document.id.strategy)",
        sign(codes="mongo:11000 mongo:11001"),
    ),
    cause(
        "document_too_large",
        "permanent",
        "a document exceeds the store's limit of 16 MB: leave out large fields with a transform or a pipeline, or split them "
        "(change.stream.full.document, $changeStreamSplitLargeEvent)",
        sign(codes="mongo:10334 mongo:17419 mongo:17420"),
        sign(types="BsonMaximumSizeExceededException BSONException"),
        sign(says=["BSONObj size: … is invalid", "BSONObjectTooLarge"]),
    ),
    cause(
        "document_not_valid",
        "permanent",
        "the collection's validation rules reject the document: correct the document or the rules",
        sign(codes="mongo:121"),
    ),
    cause(
        "document_id_missing",
        "permanent",
        "the record has no field for the document's id: correct document.id.strategy and its key, or use a converter that reads "
        "fields",
        sign(types="DataException", says=["Could not construct the … _id", "Missing id field", "document.id"]),
        sign(types="DataException", says=["Could not convert value", "Could not convert key … into a BsonDocument"]),
    ),
    cause(
        "change_streams_unsupported",
        "permanent",
        "change streams need a replica set or a sharded cluster: convert the server, or name the replica set in the connection",
        sign(codes="mongo:40573 mongo:40324"),
        sign(says=["$changeStream stage is only supported on replica sets"]),
    ),
    cause(
        "document_store_rights_missing",
        "permanent",
        "grant the connector's user the roles it lacks (source: read and changeStream; sink: readWrite)",
        sign(codes="mongo:13 mongo:8000"),
        sign(types=_MONGO, says=["not authorized on"]),
    ),
    cause(
        "document_store_login_refused",
        "permanent",
        "the document store refuses the user or the password: check the connection string, its authSource, and the "
        "${provider:path:key} references it comes from",
        sign(codes="mongo:18"),
        sign(types="MongoSecurityException"),
    ),
    cause(
        "document_store_changes_primary",
        "transient",
        "the replica set elects a new primary, or a member stops: restart with connector_state",
        sign(types="MongoNotPrimaryException MongoNodeIsRecoveringException MongoNodeIsShuttingDownException"),
        sign(codes="mongo:10107 mongo:189 mongo:91 mongo:11600 mongo:11602 mongo:13435 mongo:13436 mongo:133"),
    ),
    cause(
        "document_store_unreachable",
        "transient",
        "the document store can't be reached: check the connection string and that a primary is available, then restart with "
        "connector_state",
        sign(types="MongoSocketOpenException MongoSocketReadException MongoSocketException MongoSocketWriteException"),
        sign(
            types="MongoSocketReadTimeoutException MongoServerUnavailableException MongoConnectionPoolClearedException"
        ),
        sign(types="MongoTimeoutException"),
    ),
)
