# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Classifies a key of a worker: read by the worker, passed on to its clients and plugins, or without effect. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from ..data.worker_keys import CLIENT_KEYS, LINES, SHARED_SECTIONS
from ..model import Config
from .worker_key import SECTIONS, Version, WorkerKey

OLDEST_KAFKA: Version = LINES[0]
NEWEST_KAFKA: Version = LINES[-1]
"""The oldest and the newest Kafka line whose keys this collection knows."""

CLIENTS = ("producer", "consumer", "admin")
"""The clients of connectors; a worker passes each one the keys with its name and a dot as the prefix."""

# Read by a class that another key names, not by DistributedConfig.
_OF_PLUGINS: Mapping[str, Version] = {"connector.client.config.override.allowlist": (4, 2)}

REMOVED: Mapping[str, str] = {
    "internal.key.converter": "workers have ignored it since Kafka 3.0: remove it",
    "internal.value.converter": "workers have ignored it since Kafka 3.0: remove it",
    "rest.host.name": "workers have ignored it since Kafka 3.0: give listeners",
    "rest.port": "workers have ignored it since Kafka 3.0: give listeners",
    "offset.storage.file.filename": "only a standalone worker reads it: remove it",
    "config.storage.partitions": "the config topic always has exactly one partition: remove it",
    "config.storage.cleanup.policy": "workers always create it with compact: remove it",
    "offset.storage.cleanup.policy": "workers always create it with compact: remove it",
    "status.storage.cleanup.policy": "workers always create it with compact: remove it",
}
"""Keys that seem right but have no effect, and what to do."""

CONVERTERS = ("key.converter.", "value.converter.", "header.converter.")
LISTENER_PREFIXES = ("listeners.https.", "admin.listeners.https.")
PROVIDER_PREFIX = "config.providers."
_OPEN = (*CONVERTERS, "config.storage.", "offset.storage.", "status.storage.", "metrics.context.", PROVIDER_PREFIX)
"""Converters, brokers (topic settings), reporters and config providers read the keys with these prefixes."""

# The classes that these keys name read the worker's configuration, too.
_READERS = ("rest.extension.classes", "metric.reporters", "security.providers")
_NEAR_ENOUGH = 0.75
SURELY_MEANT = 0.92
"""Similarity from which an unknown key can only be a typing error."""


@dataclass(frozen=True)
class IneffectiveKey:
    """A key without effect. `nearest`: the key that was probably meant; `is_sure`: no other can have been meant; `reason`:
    why the key has no effect, if its name is right.
    """

    nearest: str = ""
    is_sure: bool = False
    reason: str = ""


@cache
def keys_of(version: Version) -> Mapping[str, WorkerKey]:
    """The worker's own keys in that Kafka line; outside the known lines, those of the nearest known one."""
    known = min(max(version, OLDEST_KAFKA), NEWEST_KAFKA)
    return {key.name: key for _title, keys in SECTIONS for key in keys if key.is_in(known)}


@cache
def client_keys(client: str, version: Version) -> frozenset[str]:
    """All keys that a producer, consumer or admin client knows."""
    names = {key.name for title, keys in SECTIONS if title in SHARED_SECTIONS for key in keys}
    own = keys_of(version)
    shared = {name for name in names if name in own}
    return frozenset(shared | {"bootstrap.servers", "client.id"} | set(CLIENT_KEYS[client]))


def definition(key: str, version: Version) -> WorkerKey | None:
    """How Kafka reads a value of this key: the worker's own, or one of a TLS listener or client with its prefix."""
    own = keys_of(version)
    prefix = next((start for start in (*LISTENER_PREFIXES, *_CLIENT_STARTS) if key.startswith(start)), "")
    rest = key.removeprefix(prefix)
    if prefix in _CLIENT_STARTS and rest not in _shared_names():
        return None
    return own.get(rest)


def is_password(key: str) -> bool:
    """Whether a Kafka version gives it the type PASSWORD, for the worker itself, a TLS listener or a client."""
    found = definition(key, NEWEST_KAFKA)
    return found is not None and found.type == "password"


def classify_key(key: str, config: Config, version: Version) -> IneffectiveKey | None:
    """Why a key has no effect; None if a worker, client or plugin reads it."""
    own = keys_of(version)
    if key in own:
        return None
    if key in REMOVED:
        return IneffectiveKey(reason=REMOVED[key])
    if key in _OF_PLUGINS:
        return None if version >= _OF_PLUGINS[key] else IneffectiveKey(reason=_since(_OF_PLUGINS[key]))
    forms = [form for _title, keys in SECTIONS for form in keys if form.name == key]
    if forms:
        return IneffectiveKey(reason=_not_in(forms))
    for client in CLIENTS:
        if key.startswith(f"{client}."):
            return _among(key, f"{client}.", client_keys(client, version), config)
        if key in client_keys(client, version):
            return None  # The worker's clients for its internal topics read it.
    for prefix in LISTENER_PREFIXES:
        if key.startswith(prefix):
            return _among(key, prefix, frozenset(name for name in own if name.startswith("ssl.")), config)
    if key.startswith(_OPEN):
        meant = _nearest(key, own, config, SURELY_MEANT)
        return IneffectiveKey(meant, is_sure=True) if meant else None
    sure = _nearest(key, own, config, SURELY_MEANT)
    if sure:
        return IneffectiveKey(sure, is_sure=True)
    return None if any(_has_reader(config, name) for name in _READERS) else IneffectiveKey(_nearest(key, own, config))


def providers_of(config: Config) -> list[str]:
    """The names that config.providers lists."""
    return [name.strip() for name in config.get("config.providers", "").split(",") if name.strip()]


_CLIENT_STARTS = tuple(f"{client}." for client in CLIENTS)


@cache
def _shared_names() -> frozenset[str]:
    names = {key.name for title, keys in SECTIONS if title in SHARED_SECTIONS for key in keys}
    return frozenset(names | {"bootstrap.servers", "client.id"})


def _has_reader(config: Config, name: str) -> bool:
    classes = [part.strip() for part in config.get(name, "").split(",")]
    return any(part and not part.startswith("org.apache.kafka.") for part in classes)


def _among(key: str, prefix: str, names: frozenset[str], config: Config) -> IneffectiveKey | None:
    """A key of clients or listeners. Interceptors may read any key, so only a similar name proves an error."""
    rest = key.removeprefix(prefix)
    if rest in names:
        return None
    full = [prefix + name for name in names]
    sure = [prefix + name for name in get_close_matches(rest, sorted(names), n=1, cutoff=SURELY_MEANT)]
    if sure and sure[0] not in config:
        return IneffectiveKey(sure[0], is_sure=True)
    return IneffectiveKey(_nearest(key, dict.fromkeys(full), config))


def _nearest(key: str, names: Mapping[str, object], config: Config, cutoff: float = _NEAR_ENOUGH) -> str:
    near = next(iter(get_close_matches(key, sorted(names), n=1, cutoff=cutoff)), "")
    # The nearest key is already set: the second-best guess would mislead.
    return "" if near in config else near


def _not_in(forms: list[WorkerKey]) -> str:
    ends = [form.until for form in forms if form.until is not None]
    if len(ends) == len(forms):
        return f"workers have ignored it since Kafka {_shown(max(ends))}: remove it"
    return _since(min(form.since for form in forms))


def _since(version: Version) -> str:
    return f"it needs Kafka {_shown(version)} or newer: remove it"


def _shown(version: Version) -> str:
    return ".".join(map(str, version))
