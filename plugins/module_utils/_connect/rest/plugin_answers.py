# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workers' answers about plugins, and plugins' answers about a configuration. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..model import Config
from ..secrets import SHORTEST_SECRET, has_reference


@dataclass(frozen=True)
class Plugin:
    """One entry of `GET /connector-plugins?connectorsOnly=false`. `version` may be empty."""

    plugin_class: str
    type: str
    version: str = ""


@dataclass(frozen=True)
class KeyDefinition:
    """A plugin's definition of one configuration key (ConfigKeyInfo). `default`: None if there is none."""

    name: str
    type: str
    required: bool = False
    default: str | None = None
    documentation: str = ""


@dataclass(frozen=True)
class FieldErrors:
    """The validation of one key; `password`: the plugin types it PASSWORD."""

    name: str
    errors: tuple[str, ...]
    password: bool


@dataclass(frozen=True)
class Validation:
    """The answer of PUT /connector-plugins/{class}/config/validate, without any value.

    `resolved_secrets` are the values of PASSWORD keys, and of references in others, as the worker resolved them (up to
    Kafka 4.3 it echoes them). They are here only so that they can be masked in the messages, and are never to be shown.
    """

    fields: tuple[FieldErrors, ...]
    resolved_secrets: frozenset[str]

    @property
    def password_keys(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields if field.password)


def parse_definitions(body: Any) -> dict[str, KeyDefinition]:
    """GET /connector-plugins/{class}/config."""
    return {entry["name"]: _definition(entry) for entry in body}


def _definition(entry: Mapping[str, Any]) -> KeyDefinition:
    default = entry.get("default_value")
    return KeyDefinition(
        str(entry["name"]),
        str(entry.get("type", "")),
        bool(entry.get("required")),
        None if default is None else str(default),
        str(entry.get("documentation") or ""),
    )


def parse_plugins(body: Any) -> tuple[Plugin, ...]:
    """GET /connector-plugins."""
    return tuple(
        Plugin(str(entry["class"]), str(entry.get("type", "")).lower(), str(entry.get("version") or ""))
        for entry in body
    )


def parse_validation(body: Any, config: Config) -> Validation:
    """PUT /connector-plugins/{class}/config/validate, of this config."""
    fields, secrets = [], set()
    for entry in body["configs"]:
        value = entry.get("value") or {}
        name, found = str(value.get("name", "")), value.get("value")
        password = (entry.get("definition") or {}).get("type") == "PASSWORD"
        if found and (password or _is_resolved(config.get(name, ""), found)):
            secrets.add(str(found))
        errors = tuple(str(text) for text in value.get("errors") or ())
        fields.append(FieldErrors(name, errors, password))
    return Validation(tuple(fields), frozenset(secrets))


def _is_resolved(given: str, found: object) -> bool:
    return has_reference(given) and len(str(found)) >= SHORTEST_SECRET
