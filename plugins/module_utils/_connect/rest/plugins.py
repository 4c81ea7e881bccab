# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plugins of the workers, their configuration keys, and their answers about a configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ..errors import RequestError
from ..model import Config
from ..secret_keys import has_reference
from ..secrets import SHORTEST_SECRET
from .api import Api
from .operations import DEFINITIONS, PLUGINS, VALIDATE


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

    `resolved_secrets` are the values of PASSWORD keys, and of references in other keys, as the worker resolved them (up
    to Kafka 4.3 it echoes them). They serve only to mask messages, and must never be shown.
    """

    fields: tuple[FieldErrors, ...]
    resolved_secrets: frozenset[str]

    @property
    def password_keys(self) -> frozenset[str]:
        return frozenset(field.name for field in self.fields if field.password)


def plugins_of(api: Api, worker: str | None = None) -> tuple[Plugin, ...]:
    """GET /connector-plugins of one worker, all types where it can list them (KIP-769, 3.2)."""
    return api.read(PLUGINS, "/connector-plugins?connectorsOnly=false", parse_plugins, worker=worker)


def definitions_of(api: Api, plugin_class: str, version: str = "") -> dict[str, KeyDefinition] | None:
    """GET /connector-plugins/{class}/config; None where the worker does not know the plugin. `version`: KIP-891."""
    path = f"/connector-plugins/{quote(plugin_class, safe='')}/config" + (
        f"?version={quote(version, safe='')}" if version else ""
    )
    try:
        return api.read(DEFINITIONS, path, parse_definitions)
    except RequestError as error:
        # Some plugins throw while they list their keys; that is no reason to refuse a config.
        if error.kind in ("not_found", "unsupported", "worker_error", "invalid_config", "plugin_missing"):
            return None
        raise


def validate_config(api: Api, plugin_class: str, config: Config) -> Validation:
    """PUT /connector-plugins/{class}/config/validate. Changes nothing, but runs the plugin's code on the worker."""
    path = f"/connector-plugins/{quote(plugin_class, safe='')}/config/validate"
    return api.read(VALIDATE, path, lambda body: parse_validation(body, config), body=dict(config))


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
