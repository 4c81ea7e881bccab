# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts about schema registries for people and playbooks, and whether they would accept a schema. Reads only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ..errors import ConnectError, InputError, Problem, SchemaRejectedError
from ..model import Connector
from ..parallel import in_parallel
from ..patterns import any_match, is_pattern
from ..registry.converters import NO_LOGIN, PARTS, RegistryUse, registry_uses
from ..registry.facts import MOST_REGISTRIES, connection_for, grouped
from ..registry.registry_client import RegistryClient
from ..reporting.report import Report
from ..rest.connection import Connection
from ..rest.transport import Transport
from ..run import Run
from ..snapshot.cluster import Cluster

if TYPE_CHECKING:
    from ..registry.converters import Part
    from ..registry.subjects import Subject

PARALLEL_REQUESTS = 8
MOST_SUBJECTS = 2000
"""Subjects that one task reads. Each costs three requests and more."""


@dataclass(frozen=True)
class RegistryQuery:
    """What to read. `names`, `subjects`: names and patterns; `newest`: the number of versions to read of each subject."""

    names: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    newest: int = 1


@dataclass
class _Chosen:
    """One registry, and the subjects to read in it, each with the topic and the connectors that it belongs to."""

    client: RegistryClient
    topics: dict[str, str]
    connectors: dict[str, list[str]]
    users: list[str]


Opened = Callable[[RegistryClient], None]
"""Receives each client, so that its requests are counted."""


def registry_facts(
    cluster: Cluster | None, access: Connection, run: Run, query: RegistryQuery, opened: Opened
) -> Report:
    """`registries`, `missing` and `undetermined` of schema_registry_info.

    `cluster`: where the connectors are, None without `names`; then the URLs of `access` are those of one registry. Raises RequestError if
    a registry cannot be read, and InputError.
    """
    undetermined: list[dict[str, Any]] = []
    if cluster is None:
        chosen = [_of_options(access, run, query, opened)]
    else:
        chosen = list(_of_connectors(cluster, access, query, undetermined, opened))
    entries = [_registry_entry(one, run, query.newest) for one in chosen]
    return Report(
        extra={
            "registries": entries,
            "missing": sorted(
                {name for one, entry in zip(chosen, entries, strict=True) for name in _missing(one, entry, query)}
            ),
            "undetermined": undetermined,
        },
        warnings=cluster.warnings if cluster is not None else (),
    )


def _of_options(access: Connection, run: Run, query: RegistryQuery, opened: Opened) -> _Chosen:
    client = RegistryClient(Transport(access), run)
    opened(client)
    topics = {f"{topic}-{part}": topic for topic in query.topics for part in PARTS}
    named = {name: "" for name in query.subjects if not is_pattern(name)}
    patterns = [name for name in query.subjects if is_pattern(name)]
    if patterns or not (topics or named):
        matches = any_match(patterns or ["*"])
        named |= {name: "" for name in client.names() if matches(name)}
    return _Chosen(client, {**named, **topics}, {}, [])


def _of_connectors(
    cluster: Cluster, access: Connection, query: RegistryQuery, undetermined: list[dict[str, Any]], opened: Opened
) -> Iterable[_Chosen]:
    stored = _connectors(cluster, query.names)
    uses = registry_uses(stored)
    topics = _topics(cluster, [one for one in stored if any(use.connector == one.name for use in uses)])
    groups = grouped(uses)
    if len(groups) > MOST_REGISTRIES:
        raise InputError(
            [Problem(f"these connectors use {len(groups)} registries, more than {MOST_REGISTRIES}: select with name")]
        )
    for group in groups.values():
        login = next((use.login for use in group if use.login), NO_LOGIN)
        client = RegistryClient(Transport(connection_for(access, group[0].urls, login)[0]), cluster.run)
        opened(client)
        found = _Chosen(client, {}, {}, sorted({use.connector for use in group}))
        for use in group:
            if not use.names_by_topic:
                undetermined.append({"connector": use.connector, "part": use.part, "strategy": use.strategy})
                continue
            for topic in topics[use.connector]:
                subject = use.subject_of(topic)
                found.topics[subject] = topic
                found.connectors.setdefault(subject, []).append(use.connector)
        yield found


def _connectors(cluster: Cluster, names: Sequence[str]) -> list[Connector]:
    """Those that the names and patterns select. Raises InputError for a name that does not exist."""
    plain = [name for name in names if not is_pattern(name)]
    snapshot = cluster.read_when_ready(plain)
    lost = [name for name in plain if name not in snapshot.connectors]
    if lost:
        raise InputError([Problem(f'name: connector "{name}" does not exist: correct it') for name in lost])
    matches = any_match(names)
    return [stored for name, stored in sorted(snapshot.connectors.items()) if name in plain or matches(name)]


def _topics(cluster: Cluster, chosen: Iterable[Connector]) -> dict[str, list[str]]:
    """The topics of each connector: those that it has used, and those that its configuration names."""
    stored = {one.name: one for one in chosen}
    found: dict[str, list[str]] = {}
    for name, answer in in_parallel(cluster.run, cluster.api.topics, stored, PARALLEL_REQUESTS):
        if isinstance(answer, ConnectError):
            raise answer
        config = stored[name].config or {}
        named = [topic.strip() for topic in f"{config.get('topics', '')},{config.get('topic', '')}".split(",")]
        found[name] = [topic for topic in dict.fromkeys((*answer, *named)) if topic]
    return found


def _registry_entry(chosen: _Chosen, run: Run, newest: int) -> dict[str, Any]:
    if len(chosen.topics) > MOST_SUBJECTS:
        text = (
            f"{len(chosen.topics)} subjects are selected, more than {MOST_SUBJECTS}: select with subject, topic or name"
        )
        raise InputError([Problem(text)])
    level = chosen.client.global_level()
    subjects: dict[str, Subject] = {}
    read = partial(chosen.client.subject, newest=newest)
    for name, answer in in_parallel(run, read, chosen.topics, PARALLEL_REQUESTS):
        if isinstance(answer, ConnectError):
            raise answer
        if answer is not None:
            subjects[name] = answer
    return {
        "url": chosen.client.workers.current,
        "connectors": chosen.users,
        "compatibility": level,
        "subjects": [
            subject_entry(subjects[name], chosen.topics[name], chosen.connectors.get(name, ()))
            for name in sorted(subjects)
        ],
    }


def _missing(chosen: _Chosen, entry: Mapping[str, Any], query: RegistryQuery) -> Iterable[str]:
    """Subjects that were asked for by name, and topics without any subject."""
    found = {subject["subject"] for subject in entry["subjects"]}
    yield from (name for name in query.subjects if name in chosen.topics and name not in found)
    yield from (topic for topic in query.topics if not found & {f"{topic}-{part}" for part in PARTS})


def subject_entry(subject: Subject, topic: str, connectors: Iterable[str]) -> dict[str, Any]:
    """One entry of `registries[].subjects`."""
    return {
        "subject": subject.name,
        "topic": topic,
        "connectors": sorted(set(connectors)),
        "compatibility": subject.compatibility,
        "has_own_level": subject.has_own_level,
        "versions": list(subject.numbers),
        "newest": [
            {"version": version.number, "id": version.id, "type": version.type, "schema": version.schema}
            for version in subject.newest
        ],
    }


# A schema that may become a version


@dataclass(frozen=True)
class NewSchema:
    """The schema to check. `type`: AVRO, JSON or PROTOBUF; `references`: {name, subject, version} of each schema that it uses."""

    schema: str
    type: str = "AVRO"
    references: tuple[Mapping[str, Any], ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """The body of a request."""
        body: dict[str, Any] = {"schema": self.schema}
        if self.type != "AVRO":
            body["schemaType"] = self.type
        if self.references:
            body["references"] = [dict(reference) for reference in self.references]
        return body


def schema_text(given: object) -> str:
    """The text of a schema that is given as text or as data. Raises InputError for an empty one."""
    text = given if isinstance(given, str) else json.dumps(given)
    if not text.strip() or given is None:
        raise InputError([Problem("schema is empty: give the schema as text, or as data")])
    return text


@dataclass(frozen=True)
class Target:
    """The subject of the schema. `name`: the connector whose converter names the registry, empty for the URLs of the options."""

    name: str = ""
    part: Part = "value"
    subject: str = ""
    topic: str = ""


def check_schema(
    cluster: Cluster | None,
    access: Connection,
    run: Run,
    target: Target,
    schema: NewSchema,
    opened: Opened,
    *,
    fails: bool,
) -> Report:
    """The result of schema_check. `fails`: whether the report of a rejected schema has a failure. Raises RequestError, InputError."""
    use = None if cluster is None else _use_of(cluster, target)
    connection = access if use is None else connection_for(access, use.urls, use.login)[0]
    subject = target.subject or f"{target.topic}-{target.part}"
    client = RegistryClient(Transport(connection), run)
    opened(client)
    verdict = client.accepts(subject, schema.body)
    found = None if verdict.is_new else client.subject(subject)
    level = found.compatibility if found is not None else client.global_level()
    url = client.workers.current
    rejected = f'schema registry {url} would {"reject" if verdict.is_valid else "not understand"} this schema for subject "{subject}"'
    why = f" (compatibility {level})" if verdict.is_valid else ""
    text = f"{rejected}{why}: {'; '.join(verdict.reasons) or 'it gives no reason'}"
    if verdict.is_compatible:
        new = "the subject does not exist yet" if verdict.is_new else f"compatibility {level}"
        text = f'schema registry {url} would accept this schema for subject "{subject}" ({new})'
    failure = None
    if fails and not verdict.is_compatible:
        failure = SchemaRejectedError(
            text,
            "make the change compatible with the newest version (schema_registry_info), or change the level of the subject"
            if verdict.is_valid
            else "correct the schema, schema_type and references",
        )
    return Report(
        extra={
            "compatible": verdict.is_compatible,
            "new_subject": verdict.is_new,
            "valid": verdict.is_valid,
            "reasons": list(verdict.reasons),
            "registry_url": url,
            "subject": subject,
            "compatibility": level,
            "latest_version": found.numbers[-1] if found is not None else None,
            "msg": text,
        },
        warnings=cluster.warnings if cluster is not None else (),
        failure=failure,
    )


def _use_of(cluster: Cluster, target: Target) -> RegistryUse:
    """The registry of the connector's converter. Raises InputError if it names none, or its subject is not known."""
    uses = [use for use in registry_uses(_connectors(cluster, [target.name])) if use.part == target.part]
    if not uses:
        text = f'connector "{target.name}" names no schema registry for its {target.part}s'
        raise InputError([Problem(f"{text}: give registry.url, because the worker's own converters cannot be seen")])
    if not target.subject and not uses[0].names_by_topic:
        text = f'connector "{target.name}" names subjects by {uses[0].strategy}, not by the topic'
        raise InputError([Problem(f"{text}: give subject")])
    return uses[0]
