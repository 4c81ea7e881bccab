# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON Schema of connector files and of the desired set, with messages for its violations. Pure.

`FILE` is for editors and pre-commit (the source of docs/schema/connectors.schema.json); every run checks its desired set
against `ENTRIES`, made of the same parts. The messages are our own: those of jsonschema quote values, which may be secret.
"""

from __future__ import annotations

import difflib
import functools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InputError, Problem
from .quick_check import NAME_FORM, RUN_STATES, passes_quick_check
from .yaml_documents import Unquoted

Schema = dict[str, Any]

_SCALAR: Schema = {"type": ["string", "number", "boolean"]}
_CONFIG: Schema = {
    "description": "The connector's configuration as in the REST API: flat, with scalars for values.",
    "type": "object",
    "additionalProperties": _SCALAR,
}
_RULE_CONFIG: Schema = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}
_NAME: Schema = {
    "description": "The connector's name.",
    "type": "string",
    "pattern": NAME_FORM,
}
_ENTRY_PROPERTIES: Schema = {
    "name": _NAME,
    "config": _CONFIG,
    "state": {
        "description": "The desired state; present leaves the run state unchanged.",
        "enum": list(RUN_STATES),
        "default": "present",
    },
    "initial_state": {
        "description": "With state present: the state in which the connector is created (KIP-980).",
        "type": "string",
        "pattern": r"^([Rr][Uu][Nn][Nn][Ii][Nn][Gg]|[Pp][Aa][Uu][Ss][Ee][Dd]|[Ss][Tt][Oo][Pp][Pp][Ee][Dd])(?![\s\S])",
        "examples": ["running", "paused", "stopped"],
    },
    "known_keys": {
        "description": "Patterns (globs, or ~regex) of keys that the plugin passes on but does not list.",
        "type": "array",
        "items": {"type": "string", "minLength": 1},
    },
    "tasks": {"description": "Added by the REST API to its answers; ignored.", "type": "array"},
    "type": {"description": "Added by the REST API to its answers; ignored.", "type": "string"},
}
_ENTRY: Schema = {"type": "object", "properties": _ENTRY_PROPERTIES, "additionalProperties": False}
_ABSENT: Schema = {**_ENTRY, "required": ["name"]}
_PRESENT: Schema = {**_ENTRY, "required": ["name", "config"]}

# Absent entries are separate: a condition in the schema would double the time.
ENTRIES: Schema = {
    "type": "object",
    "properties": {
        "absent": {"type": "array", "items": _ABSENT},
        "present": {"type": "array", "items": _PRESENT},
    },
}
RULES: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "match": {"type": "string", "minLength": 1},
            "connector_class": {"type": "string"},
            "config": _RULE_CONFIG,
        },
        "required": ["match", "config"],
        "additionalProperties": False,
    },
}

_FLAT: Schema = {
    "title": "A configuration alone",
    "type": "object",
    "properties": {"name": _NAME, "connector.class": {"type": "string", "minLength": 1}},
    "required": ["connector.class"],
    "additionalProperties": _SCALAR,
}
_NAMED: Schema = {
    "anyOf": [
        _FLAT,
        {**_ENTRY, "required": ["config"]},
        {**_ENTRY, "properties": {**_ENTRY_PROPERTIES, "state": {"const": "absent"}}, "required": ["state"]},
        {"type": "object", "properties": {"info": _PRESENT}, "required": ["info"]},
    ]
}
FILE: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Kafka Connect connectors",
    "description": "One or more connectors, in any form that streamops.kafka_connect.connectors reads from src.",
    "anyOf": [
        {"$ref": "#/$defs/connector"},
        {"title": "A list of connectors", "type": "array", "items": {"$ref": "#/$defs/connector"}},
        {
            "title": "A list of connectors under a key",
            "type": "object",
            "properties": {"connectors": {"type": "array", "items": {"$ref": "#/$defs/connector"}}},
            "required": ["connectors"],
            "additionalProperties": False,
        },
        {
            "title": "Connectors by name",
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"$ref": "#/$defs/named"},
        },
    ],
    "$defs": {
        "connector": {
            "anyOf": [
                {"title": "A connector with its configuration", **_PRESENT},
                {**_NAMED["anyOf"][2], "title": "A connector that should be absent", "required": ["name", "state"]},
                _FLAT,
            ]
        },
        "named": _NAMED,
    },
}


@dataclass(frozen=True)
class SchemaViolation:
    """An error in one item of a list: the `key` of its config ("" for the item itself), and a message with the fix."""

    index: int
    key: str
    text: str


def file_schema_text() -> str:
    """The content of docs/schema/connectors.schema.json."""
    return json.dumps(FILE, indent=2, sort_keys=False) + "\n"


def check_entries(entries: Sequence[Mapping[str, object]]) -> list[SchemaViolation]:
    """The violations in the desired set, in its order. Raises InputError if it needs jsonschema, which is missing."""
    groups: dict[str, list[Mapping[str, object]]] = {"absent": [], "present": []}
    positions: dict[str, list[int]] = {"absent": [], "present": []}
    for position, entry in enumerate(entries):
        if passes_quick_check(entry):
            continue
        group = "absent" if entry.get("state") == "absent" else "present"
        groups[group].append(entry)
        positions[group].append(position)
    findings: list[SchemaViolation] = []
    for error in _errors("entries", groups) if any(groups.values()) else ():
        group, index, *rest = error.absolute_path
        findings += _findings(positions[group][index], rest, error)
    return sorted(dict.fromkeys(findings), key=lambda finding: (finding.index, finding.key))


def check_rules(rules: Sequence[object]) -> list[SchemaViolation]:
    """The violations in the items of an option such as `overrides`."""
    findings: list[SchemaViolation] = []
    for error in _errors("rules", rules) if rules else ():
        index, *rest = error.absolute_path
        findings += _findings(index, rest, error)
    return list(dict.fromkeys(findings))


def _errors(kind: str, instance: object) -> Iterable[Any]:
    """The errors from jsonschema. Raises InputError if it is missing."""
    errors: Iterable[Any] = _validator(kind).iter_errors(instance)
    return errors


@functools.cache
def _validator(kind: str) -> Any:
    try:
        from jsonschema import Draft202012Validator  # noqa: PLC0415  # a host may lack it
    except ImportError:
        raise InputError(
            [
                Problem(
                    "the Python package jsonschema is missing where the task runs: install it (pip install jsonschema, or "
                    "python3-jsonschema of the distribution); nothing was changed"
                )
            ]
        ) from None
    return Draft202012Validator({"entries": ENTRIES, "rules": RULES}[kind])


_WORDS = {"array": "a list", "string": "text", "object": "a mapping"}


def _findings(index: int, path: Sequence[object], error: Any) -> Iterator[SchemaViolation]:
    """Our messages for one error of jsonschema at `path` within the item."""
    instance, keyword, allowed = error.instance, error.validator, error.validator_value
    if not path:
        yield from _item_findings(index, instance, keyword, error.schema)
    elif path[0] == "config" and len(path) > 1:
        key = str(path[1])
        yield SchemaViolation(index, key, f'key "{key}" {_misfit(instance)}')
    elif path[0] == "config":
        yield SchemaViolation(index, "", f"config {_kind(instance)}, but must be a mapping of keys to values")
    elif path[0] == "name":
        yield SchemaViolation(index, "", _bad_name(instance))
    elif keyword == "enum":
        yield SchemaViolation(index, "", f"{path[0]} {_one_of(instance, allowed)}")
    elif path[0] == "initial_state":
        yield SchemaViolation(index, "", f"initial_state {_one_of(instance, ('running', 'paused', 'stopped'))}")
    elif path[0] == "known_keys":
        yield SchemaViolation(index, "", "known_keys must be a list of patterns")
    else:
        expected = _WORDS.get(str(allowed), "a pattern")
        yield SchemaViolation(index, "", f"{path[0]} {_kind(instance)}, but must be {expected}")


def _item_findings(index: int, item: object, keyword: str, schema: Schema) -> Iterator[SchemaViolation]:
    if not isinstance(item, dict):
        yield SchemaViolation(index, "", f"{_kind(item)}, but must be a mapping")
    elif keyword == "required":
        # jsonschema reports each missing key separately without naming it: report all of them once.
        missing = [key for key in schema["required"] if key not in item]
        fix = ": write it, or set state to absent" if missing == ["config"] and "state" in schema["properties"] else ""
        yield SchemaViolation(index, "", f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing{fix}")
    else:
        properties = schema["properties"]
        for key in item:
            if key not in properties:
                yield SchemaViolation(index, "", f'key "{key}" is unknown{_nearest(str(key), properties)}')


def _nearest(word: str, known: Iterable[str]) -> str:
    """`: did you mean "config"?`, or a list of the known keys if none is similar."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f': did you mean "{near[0]}"?' if near else f": known keys are {', '.join(known)}"


def _one_of(value: object, allowed: Sequence[str]) -> str:
    if not isinstance(value, str):
        return f"{_kind(value)}, but must be one of {', '.join(allowed)}"
    near = difflib.get_close_matches(value.lower(), allowed, n=1)
    return f'"{value}" is not one of {", ".join(allowed)}' + (f': did you mean "{near[0]}"?' if near else "")


def _bad_name(name: object) -> str:
    if not isinstance(name, str):
        return f"name {_kind(name)}, but must be text: quote it"
    if not name:
        return "name is empty"
    if name != name.strip(" "):
        return (
            f'name "{name}" begins or ends with a space: Connect would treat it differently in POST and PUT; remove it'
        )
    return f"name {json.dumps(name)} has control characters: remove them"


def _misfit(value: object) -> str:
    """What is wrong with a value of a configuration, and the fix, without the value."""
    if value is None:
        return 'is null: remove the key or set it to ""'
    if isinstance(value, dict):
        return "is a mapping: Connect takes flat strings; write the keys out with dots, or JSON text in quotes"
    if isinstance(value, (list, tuple)):
        return "is a list: Connect takes flat strings; write a comma-separated string, or JSON text in quotes"
    return f"{_kind(value)} in YAML: quote it"


def _kind(value: object) -> str:
    if value is None:
        return "is null"
    if isinstance(value, Unquoted):
        return f"is {value.kind}"
    kinds = {
        bool: "a boolean",
        str: "text",
        bytes: "binary data",
        set: "a set",
        dict: "a mapping",
        list: "a list",
        int: "a number",
        float: "a number",
    }
    named = next((words for type_, words in kinds.items() if isinstance(value, type_)), None)
    return f"is {named or ('a date or time' if hasattr(value, 'isoformat') else 'of type ' + type(value).__name__)}"
