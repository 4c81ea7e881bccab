# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms in which connectors are written down, brought to one: an entry with name, config, state and the like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..errors import InputError, Problem

_CLASS = "connector.class"


@dataclass(frozen=True)
class RawConnector:
    """One connector as it was written, in the entry form, not checked yet. `origin` says where, for messages."""

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
    {"connectors": [...]}; and {"<name>": ...}, each a configuration, an entry, or what GET /connectors?expand=info has.
    Raises InputError, with every problem, where there is no such thing.
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
    """The items where the document is a list, or a mapping with one under "connectors"; else None."""
    if isinstance(document, dict) and isinstance(document.get("connectors"), list):
        for key in document:
            if key != "connectors":
                problems.append(Problem(f'{origin}: key "{key}" is not known beside "connectors": remove it'))
        document = document["connectors"]
    return document if isinstance(document, list) else None


def _of_item(item: object, origin: str, stem: str, problems: list[Problem]) -> Iterator[RawConnector]:
    if not isinstance(item, dict):
        problems.append(Problem(f"{origin}: is no connector: it must be a mapping with name and config"))
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
    """A configuration alone. Where its class is missing, keys with dots tell it, so that a message can say what is."""
    if _CLASS in item:
        return True
    return "config" not in item and any("." in str(key) and not isinstance(value, dict) for key, value in item.items())


def _is_entry(item: Mapping[str, object]) -> bool:
    return "config" in item or any(key in item and not isinstance(item[key], dict) for key in ("name", "state"))


def _entry_of(config: Mapping[str, object], name: str) -> Mapping[str, object]:
    return _with_name({"name": name, "config": config} if name and "name" not in config else {"config": config})


def _with_name(entry: Mapping[str, object]) -> Mapping[str, object]:
    """The name may stand in the configuration alone."""
    config = entry.get("config")
    if "name" not in entry and isinstance(config, dict) and config.get("name") is not None:
        return {"name": config["name"], **entry}
    return entry


def _named_entry(name: str, value: object) -> Mapping[str, object]:
    """The entry of `{name: value}`. Raises ValueError when the value is no connector or one of another name."""
    if isinstance(value, dict) and isinstance(value.get("info"), dict):
        value = value["info"]
    if isinstance(value, dict):
        if _is_flat(value):
            return {"name": name, "config": value}
        if "config" in value or value.get("state") == "absent":
            if value.get("name", name) != name:
                raise ValueError("leads to a connector of another name: make both the same")
            return {"name": name, **value}
    raise ValueError(f"leads to no connector: there must be a mapping with config, or with {_CLASS}")
