# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Validation of a connector's configuration by PUT .../config/validate, and by POST and PUT of a connector."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from .answers import RefusalError
from .keytypes import (
    PLUGIN_VALIDATORS,
    InvalidValueError,
    Validator,
    framework_validator,
    parse,
    shown_value,
)
from .plugins import Catalogue, Key, Plugin

RawConfig = Mapping[str, "str | None"]
"""A configuration as received; it may still contain nulls."""

REFERENCE = re.compile(r"\$\{(file|directory):(?:([^}]*?):)?([^}]*?)\}")

POINTER = (
    "\nYou can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`"
)

ISOLATION = "org.apache.kafka.connect.runtime.isolation."

CONVERTERS: Mapping[str, str] = {"header.converter": "header", "key.converter": "key", "value.converter": "value"}


@dataclass
class Finding:
    """One entry of the response's `configs`: a key (None if it is not defined), its value and its errors."""

    name: str
    key: Key | None
    value: Any = None
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Validation:
    """The response of the validation; `error_count` counts messages, as in Connect."""

    plugin_name: str
    findings: Sequence[Finding]
    version: tuple[int, ...]

    @property
    def error_count(self) -> int:
        return sum(len(finding.errors) for finding in self.findings)

    def refusal(self) -> RefusalError | None:
        """The response of POST and PUT to this configuration, None if it is valid."""
        if not self.error_count:
            return None
        messages = "".join(f"\n{error}" for finding in self.findings for error in finding.errors)
        text = f"Connector configuration is invalid and contains the following {self.error_count} error(s):{messages}"
        return RefusalError(HTTPStatus.BAD_REQUEST, text + POINTER)

    def infos(self) -> dict[str, Any]:
        """ConfigInfos."""
        groups = [finding.key.group for finding in self.findings if finding.key is not None and finding.key.group]
        return {
            "name": self.plugin_name,
            "error_count": self.error_count,
            "groups": list(dict.fromkeys(groups)),
            "configs": [self._config_info(finding) for finding in self.findings],
        }

    def _config_info(self, finding: Finding) -> dict[str, Any]:
        value = {
            "name": finding.name,
            "value": shown_value(finding.value),
            "recommended_values": [],
            "errors": finding.errors,
            "visible": True,
        }
        return {"definition": finding.key.info(self.version) if finding.key else None, "value": value}


def validate(catalog: Catalogue, config: RawConfig, version: tuple[int, ...], group_id: str) -> Validation:
    """Validate `config` on a worker with these plugins. Raises RefusalError if Connect fails before the validation."""
    properties = {key: None if value is None else resolve(value) for key, value in config.items()}
    class_name = properties.get("connector.class")
    if class_name is None:
        text = "{" + ", ".join(f"{key}={value}" for key, value in properties.items()) + "}"
        raise RefusalError(HTTPStatus.BAD_REQUEST, f"Connector config {text} contains no connector type")
    plugin = catalog.connector(class_name)
    if plugin is None:
        raise unknown_class(catalog, class_name, version)
    framework = list(framework_findings(catalog, plugin, properties, version))
    by_name = {finding.name: finding for finding in framework}
    if plugin.type == "sink":
        check_topics(properties, by_name)
        check_group(properties, by_name, group_id)
    elif by_name["exactly.once.support"].value == "required":
        by_name["exactly.once.support"].errors.append("This worker does not have exactly-once source support enabled.")
    wrong_version = check_version(catalog, plugin, properties, by_name, version)
    undefined = null_findings(properties, by_name)
    if wrong_version:
        return Validation(class_name, [*undefined, *framework], version)
    own = [check(key, properties, catalog, PLUGIN_VALIDATORS.get((plugin.name, key.name))) for key in plugin.keys]
    rest = [*override_findings(properties), *converter_findings(catalog, properties)]
    return Validation(class_name, [*undefined, *framework, *own, *rest], version)


def resolve(value: str) -> str:
    """Return `value` with the references of the file and directory providers resolved. Raises RefusalError (no such
    file).
    """

    def look_up(reference: re.Match[str]) -> str:
        provider, path, key = reference.groups(default="")
        try:
            if provider == "directory":
                return (Path(path) / key).read_text(encoding="utf-8")
            lines = Path(path).read_text(encoding="utf-8").splitlines()
        except OSError:
            text = f"Could not read properties from file {path}"
            java_class = "org.apache.kafka.common.config.ConfigException"
            raise RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, text, java_class) from None
        pairs = dict(line.split("=", 1) for line in lines if "=" in line)
        return pairs.get(key, reference.group())

    return REFERENCE.sub(look_up, value)


def unknown_class(catalog: Catalogue, class_name: str, version: tuple[int, ...]) -> RefusalError:
    """Since 4.1 a 400, before that a 500. Once a name has been refused, later messages start with the cause's class."""
    available = ", ".join(plugin.description() for plugin in catalog.plugins if plugin.is_connector)
    java_class = "org.apache.kafka.connect.errors.ConnectException"
    text = (
        f"Failed to find any class that implements Connector and which name matches {class_name}, "
        f"available connectors are: {available}"
    )
    if version < (4, 1):
        return RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, text, java_class)
    if class_name in catalog.refused:
        text = f"{java_class}: {text}"
    catalog.refused.add(class_name)
    return RefusalError(HTTPStatus.BAD_REQUEST, text)


def check(
    key: Key, properties: RawConfig, catalog: Catalogue, validator: Validator | None, validator_name: str = ""
) -> Finding:
    """The result of ConfigDef for one key: parsed or missing, then validated; both may add errors."""
    finding = Finding(key.name, key)
    try:
        if key.name in properties:
            text = properties[key.name]
            finding.value = None if text is None else parse(key, text, catalog)
        elif key.required:
            finding.errors.append(f'Missing required configuration "{key.name}" which has no default value.')
        elif key.default_value is not None:
            finding.value = parse(key, key.default_value, catalog)
    except InvalidValueError as error:
        finding.errors.append(str(error))
    try:
        if validator is not None:
            validator(validator_name or key.name, finding.value)
    except InvalidValueError as error:
        finding.errors.append(str(error))
    return finding


def framework_findings(
    catalog: Catalogue, plugin: Plugin, properties: RawConfig, version: tuple[int, ...]
) -> Iterator[Finding]:
    for base_key in plugin.base_keys:
        is_version = base_key.name == "connector.plugin.version"
        key = replace(base_key, default_value=plugin.version) if is_version else base_key
        yield check(key, properties, catalog, framework_validator(key, version))
    for kind in ("transforms", "predicates"):
        aliases = [alias for alias in re.split(r"\s*,\s*", (properties.get(kind) or "").strip()) if alias]
        for alias in dict.fromkeys(aliases):
            yield from alias_findings(catalog, properties, kind, alias, version)


def alias_findings(
    catalog: Catalogue, properties: RawConfig, kind: str, alias: str, version: tuple[int, ...]
) -> Iterator[Finding]:
    """The keys of one transform or predicate; if its class is unknown, only its type."""
    label = "Transformation" if kind == "transforms" else "Predicate"
    prefix = f"{kind}.{alias}."
    group = f"{kind.capitalize()}: {alias}"
    type_key = Key(f"{prefix}type", "CLASS", True, None, "HIGH", group, 0, "LONG", f"{label} type for {alias}")
    type_finding = check(type_key, properties, catalog, None)
    if f"{prefix}negate" in properties and f"{prefix}predicate" not in properties:
        type_finding.errors.append(
            f"Config '{prefix}negate' was provided but there is no config '{prefix}predicate' "
            "defining a predicate to be negated."
        )
    yield type_finding
    plugin = catalog.find(properties.get(f"{prefix}type") or "")
    if version >= (4, 1):
        installed = plugin.version if plugin else None
        display = f"{label} version for {alias}"
        version_key = Key(f"{prefix}plugin.version", "STRING", False, installed, "HIGH", group, 1, "LONG", display)
        yield check(version_key, properties, catalog, None)
    if plugin is None:
        return
    implicit = (
        Key("negate", "BOOLEAN", default_value="false", importance="MEDIUM"),
        Key("predicate", "STRING", importance="MEDIUM"),
    )
    for order, key in enumerate((*plugin.keys, *(implicit if kind == "transforms" else ())), 2):
        named = replace(key, name=prefix + key.name, group=group, order_in_group=order, display_name=key.name)
        yield check(named, properties, catalog, PLUGIN_VALIDATORS.get((plugin.name, key.name)), key.name)


def check_topics(properties: RawConfig, by_name: Mapping[str, Finding]) -> None:
    """The checks of SinkConnectorConfig on topics, topics.regex and the dead letter queue together."""
    topics = [topic for topic in re.split(r"\s*,\s*", (properties.get("topics") or "").strip()) if topic]
    regex = (properties.get("topics.regex") or "").strip()
    both = "topics and topics.regex are mutually exclusive options, but both are set."
    if bool(topics) == bool(regex):
        message = both if topics else "Must configure one of topics or topics.regex"
        by_name["topics"].errors.append(message)
        by_name["topics.regex"].errors.append(message)
    dead_letters = (properties.get("errors.deadletterqueue.topic.name") or "").strip()
    if dead_letters and dead_letters in topics:
        shown = ", ".join(dict.fromkeys(topics))
        by_name["topics"].errors.append(
            f"The DLQ topic '{dead_letters}' may not be included in the list of topics ('topics=[{shown}]') "
            "consumed by the connector"
        )
    if dead_letters and regex and not by_name["topics.regex"].errors and re.fullmatch(regex, dead_letters):
        by_name["topics.regex"].errors.append(
            f"The DLQ topic '{dead_letters}' may not be matched by the regex for the topics ('topics.regex={regex}') "
            "consumed by the connector"
        )


def check_group(properties: RawConfig, by_name: Mapping[str, Finding], group_id: str) -> None:
    """A sink's consumer group must not be the group of the workers."""
    override = properties.get("consumer.override.group.id")
    name = properties.get("name") or ""
    if override is None and f"connect-{name}" == group_id:
        by_name["name"].errors.append(
            f"Consumer group for sink connector named {name} conflicts with Connect worker group {group_id}"
        )


def check_version(
    catalog: Catalogue,
    plugin: Plugin,
    properties: RawConfig,
    by_name: Mapping[str, Finding],
    version: tuple[int, ...],
) -> bool:
    """Since 4.1 the requested version must be the installed one. Returns whether it is not."""
    requested = properties.get("connector.plugin.version")
    if version < (4, 1) or requested in (None, "latest", plugin.version, f"[{plugin.version}]"):
        return False
    asked = f"{plugin.name} {requested}"
    if asked in catalog.refused:
        # A cached error lacks the available versions, and a real worker fails at that.
        call = "java.util.List.stream()"
        returned = f"{ISOLATION}VersionedPluginLoadingException.availableVersions()"
        message = f'Cannot invoke "{call}" because the return value of "{returned}" is null'
        raise RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, message, "java.lang.NullPointerException")
    catalog.refused.add(asked)
    message = wrong_version_text(plugin, str(requested))
    by_name["connector.class"].errors.append(message)
    by_name["connector.plugin.version"].errors.append(message)
    return True


def wrong_version_text(plugin: Plugin, requested: str) -> str:
    bounds = requested if requested.startswith(("[", "(")) else f"[{requested},{requested}]"
    return (
        f"Plugin {plugin.name} not found that matches the version range {bounds}, "
        f"available versions: [{plugin.version}]"
    )


def null_findings(properties: RawConfig, by_name: Mapping[str, Finding]) -> list[Finding]:
    """The error for each null, added to its key's entry, or returned as a separate one."""
    message = "Null value can not be supplied as the configuration value."
    undefined = []
    for name in (name for name, value in properties.items() if value is None):
        if name in by_name:
            by_name[name].errors.append(message)
        else:
            undefined.append(Finding(name, None, None, [message]))
    return undefined


def override_findings(properties: RawConfig) -> list[Finding]:
    prefixes = ("producer.override.", "consumer.override.", "admin.override.")
    return [Finding(name, None, value) for name, value in properties.items() if name.startswith(prefixes)]


def converter_findings(catalog: Catalogue, properties: RawConfig) -> Iterator[Finding]:
    """The keys of the converters that the connector configures; messages name them without their prefix."""
    for role, kind in CONVERTERS.items():
        plugin = catalog.find(properties.get(role) or "")
        if plugin is None:
            continue
        prefix = f"{role}."
        own = {name.removeprefix(prefix): value for name, value in properties.items() if name.startswith(prefix)}
        own.setdefault("converter.type", kind)
        for key in plugin.keys:
            finding = check(key, own, catalog, None)
            yield Finding(prefix + key.name, replace(key, name=prefix + key.name), finding.value, finding.errors)
