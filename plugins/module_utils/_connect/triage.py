# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cause of a failure, taken from a Java stack trace, and what an operator can do about it. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .secrets import mask_text

LONGEST_CAUSE = 300
LONGEST_TRACE = 100_000
"""Characters of a stack trace that are parsed: half from its beginning, half from its end, where the innermost cause is."""
LONGEST_ADVISED = 1000
"""Characters of a cause that are matched against the table of fixes."""
TERSE = 32
"""A message of up to this many characters ("Connection refused") is reported with the enclosing one, which gives context."""

_HEAD = re.compile(
    r"(?:Caused by: )?(?P<type>[\w$]+(?:\.[\w$]+)+|\w+(?:Exception|Error))(?:: ?(?P<message>.*))?$", re.DOTALL
)
_FRAME = re.compile(r"\s+(at\s|\.\.\. \d+|Suppressed: |Caused by: )")
# Messages that only report that something else failed; the cause is further down.
_WRAPPER = re.compile(
    r"Exiting Worker\w*Task due to unrecoverable exception|Tolerance exceeded in error handler|null"
    r"|An exception occurred in the change event producer|Task threw an uncaught and unrecoverable exception"
    r"|Error configuring an instance of|Failed to construct kafka (?:consumer|producer)|Unrecoverable exception from producer"
    r"|Failed to (?:start|initialize) (?:the )?(?:connector|task)\b",
    re.IGNORECASE,
)
_QUOTED_RECORD = "at [Source: "
"""Everything after this is the record that Jackson could not parse."""
_JAVA_PACKAGE = re.compile(r"(?<![\w$])(?:[a-z][\w$]*\.)+(?P<type>[A-Z][\w$]*(?:Exception|Error)\b)?")
"""A package before the class of an exception. Matches a package without a class too, so that it is scanned only once."""


@dataclass(frozen=True)
class _Fix:
    """A row of the table: a case-insensitive pattern of causes, and one line with the fix."""

    pattern: str
    fix: str


@dataclass(frozen=True)
class _Link:
    """One exception of a chain: its simple class name and its one-line message; either may be empty."""

    type: str
    message: str

    @property
    def is_informative(self) -> bool:
        return bool(self.message) and not _WRAPPER.match(self.message)

    def __str__(self) -> str:
        return ": ".join(part for part in (self.type, self.message) if part)


def first_cause(trace: str) -> str:
    """Return the innermost informative exception in one line, its class without the package, and secrets masked.

    Returns "" for an empty stack trace, and at most LONGEST_CAUSE characters and an ellipsis.
    """
    # Mask before truncating: half of a secret is not recognized as one.
    masked = mask_text(trace)
    if len(masked) > LONGEST_TRACE:
        masked = f"{masked[: LONGEST_TRACE // 2]}\n{masked[-LONGEST_TRACE // 2 :]}"
    links = list(_links(masked))
    if not links:
        return ""
    informative = [link for link in links if link.is_informative]
    if not informative:
        return _truncated(str(links[-1]))
    cause = informative[-1]
    if len(cause.message) <= TERSE and len(informative) > 1 and cause.message not in informative[-2].message:
        return _truncated(f"{str(informative[-2]).rstrip(': ')}: {cause}")
    return _truncated(str(informative[-2]) if len(cause.message) <= TERSE and len(informative) > 1 else str(cause))


def advice(cause: str) -> str:
    """Return the usual fix for such a cause in one line, or "" if none is known."""
    begin = cause[:LONGEST_ADVISED]
    return next((row.fix for row in _FIXES if re.search(row.pattern, begin, re.IGNORECASE)), "")


def _links(trace: str) -> Iterator[_Link]:
    """Return the exceptions of a stack trace, outermost first. Messages may span several lines."""
    texts: list[list[str]] = []
    in_frames = True
    for line in trace.splitlines():
        if _FRAME.match(line):
            in_frames = True
        elif in_frames and (line.startswith("Caused by: ") or not texts):
            texts.append([line])
            in_frames = False
        elif line.startswith("Caused by: "):
            texts.append([line])
        elif texts and not in_frames:
            texts[-1].append(line)
    for lines in texts:
        text = "\n".join(lines).strip()
        match = _HEAD.match(text)
        if match is None:
            yield _Link("", _one_line(text.removeprefix("Caused by: ")))
        else:
            yield _Link(re.split(r"[.$]", match["type"])[-1], _one_line(match["message"] or ""))


def _one_line(message: str) -> str:
    text = " ".join(message.partition(_QUOTED_RECORD)[0].split())
    return _JAVA_PACKAGE.sub(lambda match: match["type"] or match[0], text)


def _truncated(text: str) -> str:
    return text if len(text) <= LONGEST_CAUSE else text[:LONGEST_CAUSE].rstrip() + "…"


# The first match counts, so specific causes come before general ones.
_FIXES = (
    _Fix(
        r"OutOfMemoryError|Java heap space|GC overhead limit",
        "the worker's heap is too small: raise KAFKA_HEAP_OPTS, or lower tasks.max, batch and queue sizes",
    ),
    _Fix(
        r"generated \d+ tasks|TooManyTasks",
        "raise tasks.max to the number of tasks that the connector creates, or set tasks.max.enforce to false until it is fixed",
    ),
    _Fix(
        r"ClassNotFound|NoClassDefFound|Failed to find any class that implements|could not be found.*(class|plugin)",
        "install the plugin with all its jars in plugin.path on every worker, then restart the workers",
    ),
    _Fix(
        r"NoSuchMethodError|AbstractMethodError|IncompatibleClassChange|UnsupportedClassVersion",
        "the plugin's jars do not match this Kafka or Java version: install a matching release, in its own directory",
    ),
    _Fix(
        r"magic byte",
        "these records were not written by a Schema Registry serializer: use the converter that fits the topic "
        "(JsonConverter, StringConverter)",
    ),
    _Fix(
        r"schemas\.enable",
        'the records have no "schema" and "payload": set value.converter.schemas.enable (or key.converter.schemas.enable) to false',
    ),
    _Fix(
        r"(registry|subject|schema|RestClientException).*\b(401|403|Unauthorized|Forbidden)\b",
        "the schema registry refuses these credentials: correct basic.auth.credentials.source and basic.auth.user.info "
        "of the converter",
    ),
    _Fix(
        r"(Subject|Schema|Version)\b.*not found|error code: 404(0[1-4])?\b",
        "the schema registry has no such schema: check schema.registry.url, the subject name strategy, and that the "
        "topic's producer registers schemas",
    ),
    _Fix(
        r"incompatible with an earlier schema|error code: (409|42201)",
        "the new schema breaks the subject's compatibility rule: evolve it compatibly, or change the rule for that subject",
    ),
    _Fix(
        r"(Topic|Group|Cluster|TransactionalId)Authorization|Not authorized to access|\bACLs?\b",
        "grant the worker's or connector's principal the ACL on that resource (topics: read, write or create; sinks: "
        "the group connect-<name>)",
    ),
    _Fix(
        r"wal_level",
        "set wal_level = logical in PostgreSQL and restart it",
    ),
    _Fix(
        r"replication slot.*(is active|already active)|slot .* is active for PID",
        "another connector or a previous task still holds this replication slot: stop it, or give each "
        "connector its own slot.name",
    ),
    _Fix(
        r"same server_(uuid|id)",
        "two readers share a database.server.id: give each connector its own",
    ),
    _Fix(
        r"binlog.*(no longer available|purged)|purged binary logs|Could not find first log file"
        r"|no longer available on the server|WAL segment .* removed",
        "the database has dropped log files that this connector had not read yet: keep logs longer, then take a new snapshot "
        "(snapshot.mode=when_needed, or reset the offsets)",
    ),
    _Fix(
        r"must be superuser|permission denied|insufficient privilege|command denied|need .* privilege|ORA-01031",
        "grant the connector's user the rights it lacks (for change capture: replication, and reading the tables)",
    ),
    _Fix(
        r"PKIX|SSLHandshake|certification path|No subject alternative|SSLPeerUnverified",
        "TLS: put the server's CA into the truststore of this client, and use the host name that the certificate names",
    ),
    _Fix(
        r"SaslAuthentication|Access denied for user|password authentication failed|Login failed|ORA-01017"
        r"|Authentication failed|invalid credentials|invalid username|bad credentials|\b401\b|Unauthorized",
        "the user, the password or the mechanism is wrong: check them and the ${provider:path:key} references they come from",
    ),
    _Fix(
        r"dead ?letter queue",
        "check errors.deadletterqueue.topic.name, its replication factor against the number of brokers, and the ACL "
        "to write there",
    ),
    _Fix(
        r"InvalidReplicationFactor|replication factor: \d+ larger than available",
        "lower the replication factor (topic.creation.default.*, errors.deadletterqueue.topic.*) to the number of brokers",
    ),
    _Fix(
        r"NotEnoughReplicas|in-sync replicas",
        "too few replicas are in sync for min.insync.replicas: restart the missing brokers",
    ),
    _Fix(
        r"RecordTooLarge|larger than .*max\.(request|message)|max\.request\.size|message\.max\.bytes|MessageSizeTooLarge",
        "raise producer.override.max.request.size and the topic's max.message.bytes, or make the records smaller",
    ),
    _Fix(
        r"UnknownTopicOrPartition|does not host this topic|Topic.* (does not exist|doesn't exist)|not present in metadata|InvalidTopic",
        "create the topic or correct its name; for source connectors topic.creation.* lets Connect create it",
    ),
    _Fix(
        r"Unknown database|database .* does not exist|Cannot open database|ORA-12514",
        "correct the database name, and check that the server is the one that holds it",
    ),
    _Fix(
        r"relation .* does not exist|Table .*(doesn't exist|does not exist|is missing|not found)|ORA-00942|Invalid object name"
        r"|publication .* does not exist",
        "create the table (or publication), or correct its name; JDBC sinks create tables with auto.create or schema.evolution",
    ),
    _Fix(
        r"is missing fields|Unable to find fields|Unknown column|Column .* (not found|does not exist)|unsupported.*column",
        "table and records have different columns: alter the table, or let the sink (auto.evolve, schema.evolution)",
    ),
    _Fix(
        r"tombstone|non-null (key|value)|null value|value is null",
        "a record has no key or no value: let the sink delete (delete.enabled), or filter such records with a predicate "
        "(RecordIsTombstone)",
    ),
    _Fix(
        r"Converting byte|Unrecognized token|JsonParse|SerializationException|DataException|AvroRuntime|Failed to deserialize",
        "the converter does not match the records: correct key.converter or value.converter; errors.tolerance=all with a "
        "dead letter queue skips single bad records",
    ),
    _Fix(
        r"CoordinatorNotAvailable|coordinator is not available|coordinator .*unavailable",
        "the brokers have no coordinator for this group: check __consumer_offsets (replication factor, leaders)",
    ),
    _Fix(
        r"CommitFailed|assigned the partitions to another member|UnknownMemberId|max\.poll\.interval|InconsistentGroupProtocol",
        "another member took the partitions: one group must belong to one connector; if writing is slow, lower "
        "consumer.override.max.poll.records or raise max.poll.interval.ms",
    ),
    _Fix(
        r"ProducerFenced|InvalidProducerEpoch",
        "another producer uses the same transactional id: check that no second task or cluster with this "
        "group.id is running",
    ),
    _Fix(
        r"UnknownHost|Name or service not known|nodename nor servname|No resolvable bootstrap",
        "the host name does not resolve on the worker: correct the name or the worker's DNS",
    ),
    _Fix(
        r"Connection refused|Communications link failure|No route to host|Network is unreachable|Connection reset"
        r"|Failed to connect|Could not connect|Broken pipe",
        "the other system can't be reached from the worker: check host, port and firewall, and that it is running",
    ),
    _Fix(
        r"\b429\b|Too Many Requests|throttl",
        "the other system limits the request rate: lower tasks.max and batch sizes, or raise that limit",
    ),
    _Fix(r"No space left", "a disk is full: free some space, then restart the task"),
    _Fix(
        r"NoSuchFile|FileNotFound|No such file",
        "the worker that runs the task does not have the file: copy it to every worker, readable by the worker's user",
    ),
    _Fix(
        r"ConfigProvider|Could not resolve|config provider",
        "the worker can't resolve a ${provider:path:key} reference: check config.providers of the worker, path and key",
    ),
    _Fix(
        r"Timeout|timed out",
        "the other side did not respond in time: check its load and the network; for brokers, check that every advertised "
        "listener is reachable from the worker",
    ),
    _Fix(
        r"ConfigException|Invalid value|Missing required configuration",
        "correct the key that the message names",
    ),
)
