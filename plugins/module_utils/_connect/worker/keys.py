# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a worker makes of a key: one of its own, one that it hands on, or one that nobody reads. Pure."""

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
"""The first and the last line of Kafka whose keys are known."""

CLIENTS = ("producer", "consumer", "admin")
"""The clients of connectors; a worker hands each the keys with its name and a dot before them."""

# Read by a class that another key names, not by DistributedConfig.
_OF_OTHERS: Mapping[str, Version] = {"connector.client.config.override.allowlist": (4, 2)}

REMOVED: Mapping[str, str] = {
    "internal.key.converter": "no worker reads it since Kafka 3.0: remove it",
    "internal.value.converter": "no worker reads it since Kafka 3.0: remove it",
    "rest.host.name": "no worker reads it since Kafka 3.0: give listeners",
    "rest.port": "no worker reads it since Kafka 3.0: give listeners",
    "offset.storage.file.filename": "only a standalone worker reads it: remove it",
    "config.storage.partitions": "the config topic always has exactly one partition: remove it",
    "config.storage.cleanup.policy": "workers always create it with compact: remove it",
    "offset.storage.cleanup.policy": "workers always create it with compact: remove it",
    "status.storage.cleanup.policy": "workers always create it with compact: remove it",
}
"""Keys that look right and have no effect, and what to do."""

CONVERTERS = ("key.converter.", "value.converter.", "header.converter.")
LISTENER_PREFIXES = ("listeners.https.", "admin.listeners.https.")
PROVIDER_PREFIX = "config.providers."
_OPEN = (*CONVERTERS, "config.storage.", "offset.storage.", "status.storage.", "metrics.context.", PROVIDER_PREFIX)
"""What follows these is read by converters, brokers (settings of the topic), reporters and config providers."""

# With one of these somebody else reads the worker's keys, too.
_READERS = ("rest.extension.classes", "metric.reporters", "security.providers")
_NEAR_ENOUGH = 0.75
SURELY_MEANT = 0.92
"""Likeness from which an unknown key is taken for a typing error and nothing else."""


@dataclass(frozen=True)
class Stranger:
    """A key without effect. `nearest`: what was probably meant; `is_sure`: it can't have been anything else; `reason`:
    why it has no effect, where that is not the name.
    """

    nearest: str = ""
    is_sure: bool = False
    reason: str = ""


@cache
def keys_of(version: Version) -> Mapping[str, WorkerKey]:
    """The worker's own keys in that line of Kafka; of the oldest or newest known one for what is beyond."""
    known = min(max(version, OLDEST_KAFKA), NEWEST_KAFKA)
    return {key.name: key for _title, keys in SECTIONS for key in keys if key.is_in(known)}


@cache
def client_keys(client: str, version: Version) -> frozenset[str]:
    """Every key that a producer, consumer or admin client knows."""
    names = {key.name for title, keys in SECTIONS if title in SHARED_SECTIONS for key in keys}
    own = keys_of(version)
    shared = {name for name in names if name in own}
    return frozenset(shared | {"bootstrap.servers", "client.id"} | set(CLIENT_KEYS[client]))


def definition(key: str, version: Version) -> WorkerKey | None:
    """How a value of this key is read: the worker's own ones, and those of TLS listeners and clients by their names."""
    own = keys_of(version)
    prefix = next((start for start in (*LISTENER_PREFIXES, *_CLIENT_STARTS) if key.startswith(start)), "")
    rest = key.removeprefix(prefix)
    if prefix in _CLIENT_STARTS and rest not in _shared_names():
        return None
    return own.get(rest)


def is_password(key: str) -> bool:
    """Whether Kafka types it PASSWORD, in whatever version, of the worker itself, a TLS listener or a client."""
    found = definition(key, NEWEST_KAFKA)
    return found is not None and found.type == "password"


def classify_key(key: str, config: Config, version: Version) -> Stranger | None:
    """What is to be said of a key; None where it is one that somebody reads."""
    own = keys_of(version)
    if key in own:
        return None
    if key in REMOVED:
        return Stranger(reason=REMOVED[key])
    if key in _OF_OTHERS:
        return None if version >= _OF_OTHERS[key] else Stranger(reason=_since(_OF_OTHERS[key]))
    forms = [form for _title, keys in SECTIONS for form in keys if form.name == key]
    if forms:
        return Stranger(reason=_not_in(forms))
    for client in CLIENTS:
        if key.startswith(f"{client}."):
            return _among(key, f"{client}.", client_keys(client, version), config)
        if key in client_keys(client, version):
            return None  # It reaches the clients that the worker has for its internal topics.
    for prefix in LISTENER_PREFIXES:
        if key.startswith(prefix):
            return _among(key, prefix, frozenset(name for name in own if name.startswith("ssl.")), config)
    if key.startswith(_OPEN):
        meant = _nearest(key, own, config, SURELY_MEANT)
        return Stranger(meant, is_sure=True) if meant else None
    sure = _nearest(key, own, config, SURELY_MEANT)
    if sure:
        return Stranger(sure, is_sure=True)
    return None if any(_has_reader(config, name) for name in _READERS) else Stranger(_nearest(key, own, config))


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


def _among(key: str, prefix: str, names: frozenset[str], config: Config) -> Stranger | None:
    """A key of clients or listeners: interceptors and the like may read others, so that only likeness is certain."""
    rest = key.removeprefix(prefix)
    if rest in names:
        return None
    full = [prefix + name for name in names]
    sure = [prefix + name for name in get_close_matches(rest, sorted(names), n=1, cutoff=SURELY_MEANT)]
    if sure and sure[0] not in config:
        return Stranger(sure[0], is_sure=True)
    return Stranger(_nearest(key, dict.fromkeys(full), config))


def _nearest(key: str, names: Mapping[str, object], config: Config, cutoff: float = _NEAR_ENOUGH) -> str:
    near = next(iter(get_close_matches(key, sorted(names), n=1, cutoff=cutoff)), "")
    # What was meant is set already: a second-best guess would only mislead.
    return "" if near in config else near


def _not_in(forms: list[WorkerKey]) -> str:
    ends = [form.until for form in forms if form.until is not None]
    if len(ends) == len(forms):
        return f"it is gone since Kafka {_shown(max(ends))}: remove it"
    return _since(min(form.since for form in forms))


def _since(version: Version) -> str:
    return f"it needs Kafka {_shown(version)} or newer: remove it"


def _shown(version: Version) -> str:
    return ".".join(map(str, version))
