# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts all accepted formats of connectors to one: an entry with name, config, state and other keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..errors import InputError, Problem

_CLASS = "connector.class"


@dataclass(frozen=True)
class RawConnector:
    """One connector as written, in the entry format and not checked yet. `origin`: its place, for messages."""

    entry: Mapping[str, object]
    origin: str


@dataclass(frozen=True)
class Rule:
    """Keys for all connectors whose name, and class where `connector_class` is given, the patterns match.

    A class is matched by its full name, by its simple name, and by that without "Connector". A null removes the key.
    """

    match: str
    config: Mapping[str, object]
    connector_class: str = ""


def raw_connectors(document: object, origin: str, stem: str = "") -> list[RawConnector]:
    """The connectors of one document, in its order. `stem` names a document that is a configuration without a name.

    Accepted: an entry; the REST API's {"name", "config", "tasks", "type"}; a configuration alone; a list of those;
    {"connectors": [...]}; and {"<name>": ...}, each a configuration, an entry, or the format of
    GET /connectors?expand=info. Raises InputError with all problems for anything else.
    """
    problems: list[Problem] = []
    found: list[RawConnector] = []
    items = _listed(document, origin, problems)
    if items is None:
        found += _of_item(document, origin, stem, problems)
    else:
        for index, item in enumerate(items):
            found += _of_item(item, f"{origin}[{index}]", "", problems)
    if problems:
        raise InputError(problems)
    return found


def _listed(document: object, origin: str, problems: list[Problem]) -> list[object] | None:
    """The items if the document is a list, or a mapping with a list under "connectors"; else None."""
    if isinstance(document, dict) and isinstance(document.get("connectors"), list):
        for key in document:
            if key != "connectors":
                problems.append(Problem(f'{origin}: key "{key}" is not allowed beside "connectors": remove it'))
        document = document["connectors"]
    return document if isinstance(document, list) else None


def _of_item(item: object, origin: str, stem: str, problems: list[Problem]) -> Iterator[RawConnector]:
    if not isinstance(item, dict):
        problems.append(Problem(f"{origin}: is not a connector: it must be a mapping with name and config"))
    elif _is_flat(item):
        yield RawConnector(_entry_of(item, stem), origin)
    elif _is_entry(item):
        yield RawConnector(_with_name(item), origin)
    else:
        for name, value in item.items():
            try:
                yield RawConnector(_named_entry(str(name), value), origin)
            except ValueError as error:
                problems.append(Problem(f'{origin}: key "{name}" {error}'))


def _is_flat(item: Mapping[str, object]) -> bool:
    """Whether it is a configuration alone. Keys with dots identify one without a class, so that a message can say so."""
    if _CLASS in item:
        return True
    return "config" not in item and any("." in str(key) and not isinstance(value, dict) for key, value in item.items())


def _is_entry(item: Mapping[str, object]) -> bool:
    return "config" in item or any(key in item and not isinstance(item[key], dict) for key in ("name", "state"))


def _entry_of(config: Mapping[str, object], name: str) -> Mapping[str, object]:
    return _with_name({"name": name, "config": config} if name and "name" not in config else {"config": config})


def _with_name(entry: Mapping[str, object]) -> Mapping[str, object]:
    """The entry with the name of its configuration, if it has none of its own."""
    config = entry.get("config")
    if "name" not in entry and isinstance(config, dict) and config.get("name") is not None:
        return {"name": config["name"], **entry}
    return entry


def _named_entry(name: str, value: object) -> Mapping[str, object]:
    """The entry of `{name: value}`. Raises ValueError if the value is not a connector, or has another name."""
    if isinstance(value, dict) and isinstance(value.get("info"), dict):
        value = value["info"]
    if isinstance(value, dict):
        if _is_flat(value):
            return {"name": name, "config": value}
        if "config" in value or value.get("state") == "absent":
            if value.get("name", name) != name:
                raise ValueError("holds a connector with another name: make both the same")
            return {"name": name, **value}
    raise ValueError(f"holds no connector: give a mapping with config, or with {_CLASS}")
