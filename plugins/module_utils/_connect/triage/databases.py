# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in relational databases, as sources and as targets."""

from __future__ import annotations

from .signs import cause, sign

_SQL = (
    "JdbcConnectionException SQLException PSQLException SQLServerException BatchUpdateException SQLSyntaxErrorException SQLDataException "
    "SQLNonTransientException SQLTransientException SQLFeatureNotSupportedException MySQLSyntaxErrorException "
    "MysqlDataTruncation OracleDatabaseException SqlException SQLRecoverableException DB2Exception SQLTransactionRollbackException"
)
"""The drivers' exceptions. Words count in these only, because other systems use the same words for something else."""

CAUSES = (
    cause(
        "deadlock",
        "transient",
        "two writers lock each other's rows: restart with connector_state; if it comes back, lower tasks.max and batch.size, or "
        "raise max.retries",
        sign(types="MySQLTransactionRollbackException SQLTransactionRollbackException", says=["deadlock"]),
        sign(codes="sqlstate:40P01 sqlstate:40001 ora:00060 sqlcode:-911 sqlcode:-913"),
        sign(
            types=_SQL,
            says=[
                "deadlock detected",
                "has been chosen as the deadlock victim",
                "deadlock found when trying to get lock",
            ],
        ),
    ),
    cause(
        "lock_timed_out",
        "transient",
        "another session holds a lock for too long: find that session in the database, then restart with connector_state",
        sign(types="MySQLTransactionRollbackException SQLTransactionRollbackException", says=["lock wait timeout"]),
        sign(codes="sqlstate:55P03 ora:00054 ora:04021"),
        sign(
            types=_SQL,
            says=["lock wait timeout exceeded", "lock request time out period exceeded", "due to lock timeout"],
        ),
    ),
    cause(
        "constraint_violated",
        "permanent",
        "a record breaks a constraint of the target table (NOT NULL, unique, foreign key, check): correct the record or the table; "
        "insert.mode=upsert with the table's key prevents duplicates",
        sign(types="SQLIntegrityConstraintViolationException MySQLIntegrityConstraintViolationException"),
        sign(types="ConstraintViolationException DuplicateKeyException"),
        sign(codes="sqlstate:23* sqlcode:-803 sqlcode:-407 sqlcode:-530"),
        sign(codes="ora:00001 ora:01400 ora:01407 ora:02290 ora:02291 ora:02292"),
        sign(
            types=_SQL,
            says=[
                "violates not-null constraint",
                "violates unique constraint",
                "violates foreign key constraint",
                "violates check constraint",
                "violates exclusion constraint",
                "Cannot insert the value NULL into column",
                "Violation of PRIMARY KEY constraint",
                "Violation of UNIQUE KEY constraint",
                "Cannot insert duplicate key",
                "conflicted with the FOREIGN KEY constraint",
                "conflicted with the CHECK constraint",
                "Duplicate entry … for key",
                "Column … cannot be null",
                "doesn't have a default value",
            ],
        ),
    ),
    cause(
        "upsert_key_missing",
        "permanent",
        "insert.mode=upsert needs a primary key or unique index on the columns of pk.fields: create it in the target table",
        sign(types=_SQL, says=["no unique or exclusion constraint matching the ON CONFLICT specification"]),
        sign(types="ConnectException", says=["Write to table … in UPSERT mode requires key field names to be known"]),
    ),
    cause(
        "value_does_not_fit_column",
        "permanent",
        "a value is too long, too large or of another type than its column: alter the column, or convert the value with a "
        "transform (Cast, TimestampConverter)",
        sign(types="MysqlDataTruncation DataTruncation SQLDataException"),
        sign(codes="sqlstate:22* sqlstate:42804 ora:12899 ora:01438 ora:01722 ora:01843 ora:01861 ora:01461 ora:00932"),
        sign(
            types=_SQL,
            says=[
                "value too long for type",
                "out of range for type",
                "numeric field overflow",
                "invalid input syntax for",
                "is of type … but expression is of type",
                "Data too long for column",
                "Data truncation",
                "Out of range value for column",
                "Incorrect datetime value",
                "Incorrect string value",
                "String or binary data would be truncated",
                "Arithmetic overflow error",
                "Error converting data type",
                "Conversion failed when converting",
                "invalid byte sequence for encoding",
                "Implicit conversion from data type",
            ],
        ),
    ),
    cause(
        "record_without_key_or_value",
        "permanent",
        "a record has no key or no value, or neither has fields: let the sink delete (delete.enabled with pk.mode=record_key), "
        "use a converter with schemas, or filter such records with a predicate (RecordIsTombstone)",
        sign(
            says=[
                "therefore requires records with a non-null",
                "requires records with a non-null",
                "with a null value and null value schema",
            ]
        ),
        sign(
            types="ConnectException DataException",
            says=["PK mode for table … is RECORD_KEY, but record key schema is missing"],
        ),
        sign(
            types="DataException ConnectException",
            says=["tombstone", "null value is not", "Key is used as document id and can not be null"],
        ),
    ),
    cause(
        "columns_differ",
        "permanent",
        "table and records have different columns: alter the table, or let the sink (auto.evolve, schema.evolution)",
        sign(says=["is missing fields … and auto-evolution is disabled", "Unable to find fields … among column names"]),
        sign(
            types="ConnectException",
            says=["is missing fields", "Cannot ALTER TABLE … to add missing field", "Cannot ALTER"],
        ),
        sign(codes="sqlstate:42703 sqlstate:42S22 ora:00904"),
        sign(
            types=_SQL,
            says=["column … does not exist", "Unknown column", "Invalid column name", "of relation … does not exist"],
        ),
        sign(types="TableAlterOrCreateException", says=["missing"]),
    ),
    cause(
        "table_missing",
        "permanent",
        "create the table, or correct its name; JDBC sinks create tables with auto.create or schema.evolution",
        sign(codes="sqlstate:42P01 sqlstate:42S02 ora:00942 sqlcode:-204"),
        sign(types=_SQL, says=["relation … does not exist", "Table … doesn't exist", "Invalid object name"]),
        sign(
            types="ConnectException",
            says=["Table … is missing and auto-creation is disabled", "is missing and schema evolution is disabled"],
        ),
        sign(types="TableAlterOrCreateException"),
    ),
    cause(
        "database_missing",
        "permanent",
        "correct the database name, and check that the server is the one that holds it",
        sign(codes="sqlstate:3D000 ora:12505"),
        sign(types=_SQL, says=["Unknown database", "database … does not exist", "Cannot open database"]),
    ),
    cause(
        "database_rights_missing",
        "permanent",
        "grant the connector's user the rights it lacks (for change capture: replication, and reading the tables)",
        sign(codes="sqlstate:42501 ora:01031 ora:01045 sqlcode:-551"),
        sign(codes="error:1044 error:1142 error:1143 error:1227", says=["denied"]),
        sign(
            types=_SQL + " DebeziumException ServerException ConnectException",
            says=[
                "must be superuser",
                "must be owner of",
                "permission denied for",
                "permission was denied on",
                "insufficient privilege",
                "command denied to user",
                "you need (at least one of)",
                "Access denied; you need",
                "Access denied for user … to database",
                "not authorized to perform",
                "must be able to SELECT",
            ],
        ),
    ),
    cause(
        "database_login_refused",
        "permanent",
        "the database refuses the user or the password: check them and the ${provider:path:key} references they come from",
        sign(types="SQLInvalidAuthorizationSpecException InvalidAuthorizationSpecException"),
        sign(codes="sqlstate:28* ora:01017 ora:28000 ora:28001 ora:01005"),
        sign(types=_SQL, says=["Access denied for user", "password authentication failed", "Login failed for user"]),
        sign(types=_SQL, says=["no pg_hba.conf entry", "Incorrect username or password was specified"]),
        sign(types="AuthenticationException ServerException", says=["Access denied for user"]),
        sign(says=["password authentication failed for user", "Access denied for user … (using password:"]),
    ),
    cause(
        "too_many_connections",
        "transient",
        "the database accepts no more connections: close unused ones, lower tasks.max, or raise its limit, then restart with "
        "connector_state",
        sign(codes="sqlstate:53300 sqlstate:08004 ora:00020 ora:00018 ora:12516 ora:12520"),
        sign(says=["too many clients already", "remaining connection slots are reserved", "Too many connections"]),
    ),
    cause(
        "database_read_only",
        "unknown",
        "the connector writes to a replica or a read-only database: connect to the primary",
        sign(codes="sqlstate:25006 ora:16000"),
        sign(
            types=_SQL, says=["read-only transaction", "running with the --read-only option", "database is read-only"]
        ),
    ),
    cause(
        "database_stopping",
        "transient",
        "the database is stopping or starting: restart with connector_state when it runs",
        sign(codes="sqlstate:57P01 sqlstate:57P02 sqlstate:57P03 ora:01033 ora:01034 ora:01089 ora:12528 ora:01109"),
        sign(
            types=_SQL + " DebeziumException ConnectException",
            says=[
                "the database system is shutting down",
                "the database system is starting up",
                "the database system is in recovery mode",
                "terminating connection due to administrator command",
                "Server shutdown in progress",
                "SHUTDOWN is in progress",
                "is participating in an availability group and is currently not accessible",
            ],
        ),
    ),
    cause(
        "database_disk_full",
        "unknown",
        "the database's disk or tablespace is full: free some space there, then restart with connector_state",
        sign(codes="sqlstate:53100 ora:01653 ora:01654 ora:01652 ora:00257"),
        sign(
            types=_SQL,
            says=["No space left on device", "could not extend file", "The table … is full", "filegroup is full"],
        ),
    ),
    cause(
        "statement_timed_out",
        "transient",
        "a statement took longer than the database or the driver allows: check the load of the database, lower batch.size, then "
        "restart with connector_state",
        sign(types="SQLTimeoutException MySQLTimeoutException"),
        sign(codes="sqlstate:57014 ora:01013"),
        sign(types=_SQL, says=["canceling statement due to", "The query has timed out"]),
    ),
    cause(
        "database_unreachable",
        "transient",
        "the database can't be reached or closed the connection: check host, port and firewall, and that it runs, then restart "
        "with connector_state",
        sign(types="CJCommunicationsException CommunicationsException SQLNonTransientConnectionException"),
        sign(types="SQLTransientConnectionException SQLRecoverableException MySQLNonTransientConnectionException"),
        sign(
            codes="sqlstate:08* ora:12541 ora:12170 ora:12537 ora:12543 ora:03113 ora:03114 ora:03135 ora:17002 ora:17008 ora:17410"
        ),
        sign(
            types=_SQL,
            says=[
                "Connection refused",
                "Connection to … refused",
                "Connection reset",
                "The connection attempt failed",
                "An I/O error occurred while sending to the backend",
                "This connection has been closed",
                "Database connection failed when",
                "The connection is closed",
                "The TCP/IP connection to the host",
                "Closed Connection",
                "IO Error:",
                "Connection is not available",
                "Read timed out",
            ],
        ),
    ),
    cause(
        "database_name_unknown_to_listener",
        "unknown",
        "the listener does not know this service: correct database.dbname or the service name, or wait until the database has "
        "registered with its listener",
        sign(codes="ora:12514"),
    ),
    cause(
        "records_inserted_differ",
        "permanent",
        "the database stored fewer rows than the sink sent, usually because it ignores duplicates: use insert.mode=upsert with "
        "the table's key",
        sign(types="ConnectException", says=["did not sum up to total number of records inserted"]),
    ),
    cause(
        "table_without_key_column",
        "permanent",
        "name a column that grows in the source table (incrementing.column.name, timestamp.column.name), or use mode=bulk",
        sign(
            types="ConnectException",
            says=[
                "must not be null for incrementing",
                "Cannot make incremental queries using",
                "No suitable incrementing column",
                "without an incrementing column",
                "auto-incremented column",
            ],
        ),
    ),
)

GENERAL = (
    cause(
        "statement_rejected",
        "permanent",
        "the database rejects the statement: read its message; the dialect of the plugin or a name in the configuration may be "
        "wrong",
        sign(types="SQLSyntaxErrorException MySQLSyntaxErrorException"),
        sign(codes="sqlstate:42*"),
        sign(
            types="PSQLException SQLServerException SQLException",
            says=["syntax error at", "Incorrect syntax near", "ORA-009"],
        ),
    ),
)
