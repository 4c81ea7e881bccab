# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in the logs of databases that source connectors read: binlog, WAL, LogMiner, CDC, and their schema history."""

from __future__ import annotations

from .signs import cause, sign

_NEW_SNAPSHOT = "take a new snapshot (snapshot.mode=when_needed, or reset the offsets of the stopped connector)"

CAUSES = (
    cause(
        "schema_history_missing",
        "permanent",
        "the schema history topic is empty, incomplete or missing: check schema.history.internal.kafka.topic and its retention "
        "(it must keep everything), then recover it with snapshot.mode=recovery",
        sign(says=["history topic is missing", "history topic or its content is fully or partially missing"]),
        sign(says=["history topic … is missing", "The db history topic or its content is"]),
    ),
    cause(
        "table_not_in_schema_history",
        "permanent",
        "the schema history does not know this table, usually because it was captured later: recover the schema history with "
        "snapshot.mode=recovery, or " + _NEW_SNAPSHOT,
        sign(says=["schema isn't known to this connector"]),
    ),
    cause(
        "statement_not_parsed",
        "permanent",
        "the connector can't parse a statement of the database's schema changes: update the plugin, or skip such statements with "
        "schema.history.internal.skip.unparseable.ddl=true",
        sign(
            types="ParsingException",
            says=["DDL statement", "no viable alternative", "mismatched input", "extraneous input"],
        ),
        sign(types="MultipleParsingExceptions", says=[" "]),
        sign(says=["schema.history.internal.skip.unparseable.ddl", "database.history.skip.unparseable.ddl"]),
    ),
    cause(
        "server_id_shared",
        "permanent",
        "two readers share a database.server.id: give each connector its own",
        sign(says=["with the same server_uuid/server_id", "with the same server_uuid", "with the same server_id"]),
    ),
    cause(
        "change_log_event_too_large",
        "permanent",
        "an event of the log is larger than max_allowed_packet of the database: raise it on the server, then restart with "
        "connector_state",
        sign(codes="error:1236", says=["max_allowed_packet"]),
    ),
    cause(
        "change_log_lost",
        "permanent",
        "the database has dropped log files that this connector had not read yet: keep logs longer, then "
        + _NEW_SNAPSHOT,
        sign(
            says=[
                "is trying to read binlog starting at … no longer available",
                "could not find first log file name in binary log index",
                "purged binary logs",
                "client requested master to start replication from position > file size",
                "client requested source to start replication from position > file size",
                "requested wal segment … has already been removed",
                "can no longer get changes from replication slot",
                "cannot read from logical replication slot",
                "do not contain the offset scn",
                "but this is no longer available on the server",
                "the offset scn … no longer available",
            ]
        ),
        sign(codes="error:1236", says=["log"]),
        sign(
            types="SQLServerException",
            says=["An insufficient number of arguments were supplied for … fn_cdc_get_all_changes"],
        ),
    ),
    cause(
        "log_files_not_found",
        "unknown",
        "Oracle does not find an archive log file: restart with connector_state; if the file was deleted, keep archive logs longer, "
        "then " + _NEW_SNAPSHOT,
        sign(codes="ora:01291 ora:01284 ora:00308"),
    ),
    cause(
        "log_mining_interrupted",
        "transient",
        "Oracle's log mining session was interrupted: restart with connector_state; if it comes back, check the size and "
        "number of the redo logs",
        sign(codes="ora:01292 ora:00310 ora:00334 ora:01289 ora:16331 ora:01306 ora:01307 ora:01327 ora:01333"),
    ),
    cause(
        "archive_log_off",
        "permanent",
        "the database does not keep the logs that change capture needs: enable archive log mode and supplemental logging in "
        "Oracle",
        sign(codes="ora:01325 ora:01354 ora:01353"),
        sign(says=["supplemental logging not", "not properly configured. ARCHIVELOG", "must be in ARCHIVELOG mode"]),
    ),
    cause(
        "oracle_memory_exhausted",
        "transient",
        "Oracle has no memory left for this session: raise pga_aggregate_limit, or lower log.mining.batch.size.max, then "
        "restart with connector_state",
        sign(codes="ora:04030 ora:04036 ora:04031"),
    ),
    cause(
        "snapshot_too_old",
        "unknown",
        "the snapshot took longer than Oracle keeps old rows: raise undo_retention, or snapshot fewer tables at once, then "
        "restart with connector_state",
        sign(codes="ora:01555 ora:01466"),
    ),
    cause(
        "wal_level_too_low",
        "permanent",
        "set wal_level = logical in PostgreSQL and restart it",
        sign(says=["wal_level"]),
    ),
    cause(
        "replication_slot_in_use",
        "transient",
        "another connector or a previous task still holds this replication slot: stop it, or give each "
        "connector its own slot.name, then restart with connector_state",
        sign(says=["replication slot … is active", "replication slot … already active", "slot … is active for pid"]),
    ),
    cause(
        "replication_slot_missing",
        "permanent",
        "the replication slot does not exist any more, so changes may be lost: check that a failover did not drop it, "
        "then " + _NEW_SNAPSHOT,
        sign(types="PSQLException DebeziumException ConnectException", says=["replication slot … does not exist"]),
    ),
    cause(
        "replication_slot_exists",
        "permanent",
        "a slot of this name exists for another plugin or database: drop it, or set another slot.name",
        sign(types="PSQLException DebeziumException ConnectException", says=["replication slot … already exists"]),
    ),
    cause(
        "replication_slots_used_up",
        "permanent",
        "drop unused replication slots, or raise max_replication_slots and max_wal_senders in PostgreSQL",
        sign(
            says=["all replication slots are in use", "number of requested standby connections exceeds max_wal_senders"]
        ),
    ),
    cause(
        "publication_missing",
        "permanent",
        "create the publication for the captured tables, or let the connector do so with publication.autocreate.mode",
        sign(says=["publication … does not exist", "Publication autocreation is disabled"]),
    ),
    cause(
        "decoding_plugin_missing",
        "permanent",
        "set plugin.name=pgoutput, or install the logical decoding plugin on the database server",
        sign(types="PSQLException", says=["could not access file"]),
    ),
    cause(
        "binlog_format_wrong",
        "permanent",
        "the binlog does not have full row events: set binlog_format=ROW and binlog_row_image=FULL on the server",
        sign(
            says=[
                "binlog probably contains events generated with statement or mixed based replication format",
                "is not configured to use a row-level binlog",
                "is not configured to use a ROW binlog_format",
                "is not configured to use a FULL binlog_row_image",
            ]
        ),
    ),
    cause(
        "binlog_off",
        "permanent",
        "enable the binlog (log_bin) on the database server",
        sign(
            says=[
                "server is not configured to use a binlog",
                "is not configured to use binary log",
                "You are not using binary logging",
            ]
        ),
    ),
    cause(
        "binlog_event_not_read",
        "unknown",
        "the connection broke within an event of the binlog, or the plugin can't read it: restart with connector_state; if it "
        "fails at the same position, update the plugin",
        sign(types="EventDataDeserializationException MissingTableMapEventException"),
        sign(
            types="DebeziumException",
            says=["Failed to deserialize data of EventHeaderV4", "Failed to deserialize data of"],
        ),
    ),
    cause(
        "change_capture_off",
        "permanent",
        "enable change data capture for the database and its tables (sys.sp_cdc_enable_db, sys.sp_cdc_enable_table), and start "
        "the SQL Server Agent",
        sign(types="SQLServerException", says=["invalid object name 'cdc.", "is not enabled for change data capture"]),
        sign(says=["No maximum LSN recorded in the database", "do not enable cdc"]),
        sign(types="DebeziumException", says=["is not enabled for CDC", "CDC is not enabled"]),
    ),
)
