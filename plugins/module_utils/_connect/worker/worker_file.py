# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker's configuration as a mapping: converted to strings, completed for clients, written and masked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..config import scalar_text
from ..errors import InputError, Problem, one_line
from ..java_properties import comment, line
from ..model import Config
from ..secrets import mask_config, secret_values
from .keys import CLIENTS, CONVERTERS, LISTENER_PREFIXES, PROVIDER_PREFIX, is_password, keys_of
from .worker_key import SECTIONS, Version

NOT_FOR_CLIENTS = "ssl.client.auth"
"""The only security key that concerns nothing but the REST API."""

_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
_SECURITY = ("security.", "ssl.", "sasl.")
_SECTION_OF = {key.name: number for number, (_title, keys) in enumerate(SECTIONS) for key in keys}
_CLIENT_TITLES = {client: f"{client.capitalize()}s of connectors" for client in CLIENTS}
_CLIENT_TITLES["admin"] = "Admin clients of connectors"
_TITLES = (*(title for title, _keys in SECTIONS), *_CLIENT_TITLES.values(), "Other")


@dataclass(frozen=True)
class WorkerFinding:
    """One error or warning. `text` is one line that names the host, the key and the fix."""

    host: str
    key: str
    text: str
    is_error: bool


@dataclass(frozen=True)
class WorkerConfig:
    """One worker's configuration. `version`: the Kafka line that the worker runs."""

    host: str
    config: Config
    version: Version

    def value(self, key: str) -> str:
        """The value that the worker uses for this key: the given one, else the default; empty if there is neither."""
        if key in self.config:
            return self.config[key].strip()
        known = keys_of(self.version).get(key)
        return "" if known is None or known.is_required else known.default or ""

    def number(self, key: str) -> int | None:
        """The same as an integer; None if it is not one, which another check reports."""
        text = self.value(key)
        return int(text) if _NUMBER.fullmatch(text) else None

    def entries(self, key: str) -> list[str]:
        """The same as the entries of a list."""
        text = self.value(key)
        return [entry.strip() for entry in text.split(",")] if text else []

    @property
    def servers(self) -> set[str]:
        """The brokers in bootstrap.servers, without listener names and in lower case."""
        return {server.lower().rpartition("/")[2] for server in self.entries("bootstrap.servers")}

    def error(self, key: str, text: str) -> WorkerFinding:
        return self._finding(key, text, is_error=True)

    def warning(self, key: str, text: str) -> WorkerFinding:
        return self._finding(key, text, is_error=False)

    def _finding(self, key: str, text: str, *, is_error: bool) -> WorkerFinding:
        return WorkerFinding(self.host, key, one_line(f'worker "{self.host}": key "{key}": {text}'), is_error)

    @cached_property
    def password_keys(self) -> frozenset[str]:
        return frozenset(key for key in self.config if is_password(key))

    @cached_property
    def masked(self) -> dict[str, str]:
        """The configuration with masked secrets, for output."""
        return mask_config(self.config, self.password_keys)

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The secret values in this configuration, which must not appear in any output."""
        return secret_values(self.config, self.password_keys)


def texts(given: Mapping[object, object], origin: str) -> Config:
    """Every value as a file holds it: true, 1; a list as its entries separated by commas.

    `origin` names the configuration in messages. Raises InputError for values that a file can't hold.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for key, value in given.items():
        listed = [scalar_text(entry) for entry in value] if isinstance(value, list) else [scalar_text(value)]
        parts = [part for part in listed if part is not None]
        text = ",".join(parts)
        if not isinstance(key, str):
            problems.append(Problem(f"{origin}: key {key} is not a string: quote it"))
        elif len(parts) < len(listed):
            what = (
                "no value: omit the key, or give an empty string"
                if value is None
                else "a value that is not a string, a number or a list of these"
            )
            problems.append(Problem(f'{origin}: key "{key}" has {what}', key=key))
        elif _has_half_character(key + text):
            problems.append(
                Problem(
                    f'{origin}: key "{ascii(key)[1:-1]}" contains half a character (\\ud800 to \\udfff): correct it'
                )
            )
        else:
            found[str.__str__(key)] = text
    if problems:
        raise InputError(problems)
    return found


def client_security_missing(config: Config, client: str) -> dict[str, str]:
    """The worker's security settings that this client of connectors lacks, with the client's prefix.

    Empty if the worker has none, or if the client has a different protocol of its own.
    """
    own_protocol = config.get(f"{client}.security.protocol", config.get("security.protocol", "")).strip().upper()
    protocol = config.get("security.protocol", "PLAINTEXT").strip().upper()
    if protocol == "PLAINTEXT" or own_protocol != protocol:
        return {}
    return {
        f"{client}.{key}": value
        for key, value in config.items()
        if key.startswith(_SECURITY) and key != NOT_FOR_CLIENTS and f"{client}.{key}" not in config
    }


def with_client_security(config: Config) -> Config:
    """The configuration with the worker's security settings repeated for the producers, consumers and admin clients of
    connectors, which inherit only bootstrap.servers. Settings given for a client stay.
    """
    return {
        **config,
        **{key: value for client in CLIENTS for key, value in client_security_missing(config, client).items()},
    }


def render_properties(config: Config) -> str:
    """A worker's file: sections with headings, each with sorted keys. Equal configurations give equal text."""
    sections: dict[int, list[str]] = {}
    for key in sorted(config):
        sections.setdefault(_section(key), []).append(line(key, config[key]))
    return "\n".join(comment(_TITLES[number]) + "".join(sections[number]) for number in sorted(sections))


def _section(key: str) -> int:
    if key in _SECTION_OF:
        return _SECTION_OF[key]
    for start, neighbor in _STARTS:
        if key.startswith(start):
            return _TITLES.index(neighbor) if neighbor in _TITLES else _SECTION_OF[neighbor]
    return len(_TITLES) - 1


_STARTS: Iterable[tuple[str, str]] = (
    *((f"{client}.", title) for client, title in _CLIENT_TITLES.items()),
    *((prefix, "key.converter") for prefix in CONVERTERS),
    *((prefix, "listeners") for prefix in (*LISTENER_PREFIXES, "rest.", "response.")),
    (PROVIDER_PREFIX, "config.providers"),
    ("config.storage.", "config.storage.topic"),
    ("offset.storage.", "config.storage.topic"),
    ("status.storage.", "config.storage.topic"),
    ("connector.client.config.override.", "plugin.path"),
    *((start, "security.protocol") for start in _SECURITY),
    ("metrics.", "metric.reporters"),
)
"""Prefixes of keys that are not in the table, and the title of their section or a key in it."""


def _has_half_character(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
