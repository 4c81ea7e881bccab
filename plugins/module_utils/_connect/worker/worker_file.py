# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker's configuration as a mapping: brought to texts, completed for the clients of connectors, written, masked. Pure."""

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
"""The only security key that is about the REST API alone."""

_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
_SECURITY = ("security.", "ssl.", "sasl.")
_SECTION_OF = {key.name: number for number, (_title, keys) in enumerate(SECTIONS) for key in keys}
_CLIENT_TITLES = {client: f"{client.capitalize()}s of connectors" for client in CLIENTS}
_CLIENT_TITLES["admin"] = "Admin clients of connectors"
_TITLES = (*(title for title, _keys in SECTIONS), *_CLIENT_TITLES.values(), "Other")


@dataclass(frozen=True)
class WorkerFinding:
    """One thing that is wrong, or may be. `text` is one line that names the host, the key and the cure."""

    host: str
    key: str
    text: str
    is_error: bool


@dataclass(frozen=True)
class WorkerConfig:
    """One worker's configuration on its way through the checks. `version`: the line of Kafka that it runs."""

    host: str
    config: Config
    version: Version

    def value(self, key: str) -> str:
        """What the worker takes for this key of its own: what is given, else its default; empty for none."""
        if key in self.config:
            return self.config[key].strip()
        known = keys_of(self.version).get(key)
        return "" if known is None or known.is_required else known.default or ""

    def number(self, key: str) -> int | None:
        """The same as a whole number; None where it is none, which another check tells."""
        text = self.value(key)
        return int(text) if _NUMBER.fullmatch(text) else None

    def entries(self, key: str) -> list[str]:
        """The same as the entries of a list."""
        text = self.value(key)
        return [entry.strip() for entry in text.split(",")] if text else []

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
        """The configuration fit to be shown."""
        return mask_config(self.config, self.password_keys)

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Every text that must not appear in any output because of this configuration."""
        return secret_values(self.config, self.password_keys)


def texts(given: Mapping[object, object], origin: str) -> Config:
    """Every value as the text that stands in a file: true, 1; a list as its entries with commas between them.

    `origin` says in messages whose configuration it is. Raises InputError for what a file can't hold.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for key, value in given.items():
        listed = [scalar_text(entry) for entry in value] if isinstance(value, list) else [scalar_text(value)]
        parts = [part for part in listed if part is not None]
        text = ",".join(parts)
        if not isinstance(key, str):
            problems.append(Problem(f"{origin}: a key is {key}, which is no text: quote it"))
        elif len(parts) < len(listed):
            what = (
                "no value: leave the key out, or give an empty text"
                if value is None
                else "a value that is no text, number or list of them"
            )
            problems.append(Problem(f'{origin}: key "{key}" has {what}', key=key))
        elif _has_half_character(key + text):
            problems.append(
                Problem(f'{origin}: key "{ascii(key)[1:-1]}" holds half a character (\\ud800 to \\udfff): correct it')
            )
        else:
            found[str.__str__(key)] = text
    if problems:
        raise InputError(problems)
    return found


def client_security_missing(config: Config, client: str) -> dict[str, str]:
    """The security settings of the worker that this client of connectors lacks, with the client's prefix.

    None where the worker has none, or where the client has a protocol of its own that differs.
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
    connectors, which inherit nothing but bootstrap.servers. What is given for a client stays.
    """
    return {
        **config,
        **{key: value for client in CLIENTS for key, value in client_security_missing(config, client).items()},
    }


def render_properties(config: Config) -> str:
    """The text of a worker's file: sections with headings, keys sorted in them; the same for the same configuration."""
    sections: dict[int, list[str]] = {}
    for key in sorted(config):
        sections.setdefault(_section(key), []).append(line(key, config[key]))
    return "\n".join(comment(_TITLES[number]) + "".join(sections[number]) for number in sorted(sections))


def _section(key: str) -> int:
    if key in _SECTION_OF:
        return _SECTION_OF[key]
    for start, neighbour in _STARTS:
        if key.startswith(start):
            return _TITLES.index(neighbour) if neighbour in _TITLES else _SECTION_OF[neighbour]
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
"""What keys that are not in the table begin with, and a section's title or a key of their section."""


def _has_half_character(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
