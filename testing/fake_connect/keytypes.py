# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kafka's ConfigDef: how a text is parsed as a key's type, and which values a key accepts, with its messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .plugins import INTERFACES, Catalogue, Key

INTEGER_RANGES: Mapping[str, int] = {"SHORT": 2**15, "INT": 2**31, "LONG": 2**63}


class InvalidValueError(Exception):
    """A value that its key does not accept; the text is the full message of Kafka's ConfigException."""


def invalid(name: str, value: Any, reason: str) -> InvalidValueError:
    return InvalidValueError(f"Invalid value {java_text(value)} for configuration {name}: {reason}")


def java_text(value: Any) -> str:
    """Return `value` as Java writes it in a message."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(value) + "]"
    return str(value)


def shown_value(value: Any) -> str | None:
    """Return `value` as the response of a validation shows it (ConfigDef.convertToString)."""
    if value is None:
        return None
    return ",".join(value) if isinstance(value, list) else java_text(value)


def parse(key: Key, text: str, catalog: Catalogue) -> Any:
    """Parse `text` as the key's type. Raises InvalidValueError."""
    trimmed = text.strip()
    if key.type == "BOOLEAN":
        if trimmed.lower() not in ("true", "false"):
            raise invalid(key.name, text, "Expected value to be either true or false")
        return trimmed.lower() == "true"
    if key.type in INTEGER_RANGES:
        limit = INTEGER_RANGES[key.type]
        if not re.fullmatch(r"[+-]?\d+", trimmed) or not -limit <= int(trimmed) < limit:
            raise invalid(key.name, text, f"Not a number of type {key.type}")
        return int(trimmed)
    if key.type == "DOUBLE":
        try:
            return float(trimmed)
        except ValueError:
            raise invalid(key.name, text, "Not a number of type DOUBLE") from None
    if key.type == "LIST":
        return re.split(r"\s*,\s*", trimmed) if trimmed else []
    if key.type == "CLASS":
        return parse_class(key.name, trimmed, catalog)
    return trimmed


def parse_class(name: str, text: str, catalog: Catalogue) -> str:
    """The full class name. Java's own classes exist on every worker, although no plugin has their names."""
    plugin = catalog.find(text)
    if plugin is not None:
        return plugin.name
    if text.startswith("java.lang."):
        return text
    raise invalid(name, text, f"Class {text} could not be found.")


Validator = Callable[[str, Any], None]


def at_least(minimum: int) -> Validator:
    def check(name: str, value: Any) -> None:
        if value is None:
            raise invalid(name, None, "Value must be non-null")
        if value < minimum:
            raise invalid(name, value, f"Value must be at least {minimum}")

    return check


def one_of(*choices: str) -> Validator:
    def check(name: str, value: Any) -> None:
        if value not in choices:
            raise invalid(name, value, f"String must be one of: {', '.join(choices)}")

    return check


def one_of_any_case(*choices: str) -> Validator:
    def check(name: str, value: Any) -> None:
        if value is None or value.upper() not in choices:
            raise invalid(name, value, f"String must be one of (case insensitive): {', '.join(choices)}")

    return check


def connector_name(name: str, value: Any) -> None:
    """Not empty, no control characters; a missing name is reported as missing, not here."""
    if value is None:
        return
    if not value:
        raise invalid(name, value, "String may not be empty")
    controls = [str(ord(character)) for character in value if ord(character) < 32 or 127 <= ord(character) < 160]
    if controls:
        characters = ", ".join(controls)
        reason = f"String may not contain control sequences but had the following ASCII chars: {characters}"
        raise invalid(name, value, reason)


def unique_aliases(name: str, value: Any) -> None:
    if len(set(value)) != len(value):
        raise invalid(name, value, "Duplicate alias provided.")


def no_duplicates(name: str, value: Any) -> None:
    if len(set(value or [])) != len(value or []):
        raise InvalidValueError(f"Configuration '{name}' values must not be duplicated.")


def regular_expression(name: str, value: Any) -> None:
    """Only the errors with the same text in Python and Java: a missing value and an open group."""
    if value is None:
        reason = 'Invalid regex: Cannot invoke "String.isEmpty()" because "this.pattern" is null'
        raise invalid(name, None, reason)
    try:
        re.compile(value)
    except re.error:
        raise invalid(name, value, f"Invalid regex: Unclosed group near index {len(value)}\n{value}") from None


def concrete_class(interface: str) -> Validator:
    def check(_name: str, value: Any) -> None:
        if isinstance(value, str) and value.startswith("java.lang."):
            raise InvalidValueError(f"Class class {value} does not implement the {interface} interface")

    return check


FRAMEWORK_VALIDATORS: Mapping[str, Validator] = {
    "name": connector_name,
    "tasks.max": at_least(1),
    "transforms": unique_aliases,
    "predicates": unique_aliases,
    "config.action.reload": one_of("none", "restart"),
    "errors.tolerance": one_of("none", "all"),
    "topics.regex": regular_expression,
    "exactly.once.support": one_of_any_case("REQUESTED", "REQUIRED"),
    "transaction.boundary": one_of_any_case("INTERVAL", "POLL", "CONNECTOR"),
    "key.converter": concrete_class(INTERFACES["converter"]),
    "value.converter": concrete_class(INTERFACES["converter"]),
    "header.converter": concrete_class(INTERFACES["header_converter"]),
}

PLUGIN_VALIDATORS: Mapping[tuple[str, str], Validator] = {
    ("org.apache.kafka.connect.transforms.RegexRouter", "regex"): regular_expression,
    ("org.apache.kafka.connect.transforms.predicates.TopicNameMatches", "pattern"): regular_expression,
}


def framework_validator(key: Key, version: tuple[int, ...]) -> Validator | None:
    """The validation by Connect itself of a connector's key; since 4.2 a list of topics must not have duplicates."""
    if key.name == "topics":
        return no_duplicates if version >= (4, 2) else None
    return FRAMEWORK_VALIDATORS.get(key.name)
