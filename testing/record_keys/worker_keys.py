# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the records of all Kafka lines: each worker key in each form that it has had, and the keys of the clients."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import yaml

from .kafka import CLIENTS, HERE, PrintedKey, Record, RecordError
from .literals import assignment

LARGEST_INT = 2**31 - 1
"""A bound that Kafka prints although it limits nothing."""

SECTIONS = HERE / "worker_sections.yml"
_EVERY_CLIENT = frozenset({"bootstrap.servers", "client.id"})
"""Keys of all clients that are in a section with others."""

Row = dict[str, Any]
"""One form of a key, with the names of the fields of WorkerKey; fields with their default value are omitted."""


@dataclass(frozen=True)
class Section:
    """A section of a worker's file. `keys`: names, and patterns for keys that no section names."""

    title: str
    keys: tuple[str, ...]
    client_keys: bool


def read_sections() -> list[Section]:
    """The sections in the order of the file."""
    return [
        Section(entry["title"], tuple(entry["keys"]), entry.get("client_keys", False))
        for entry in yaml.safe_load(SECTIONS.read_text(encoding="utf-8"))
    ]


def source(records: Sequence[Record], sections: Sequence[Section]) -> str:
    """The statements of the Python file. Raises RecordError for a key without a section."""
    rows = _rows(records, sections)
    shared = {row["name"] for section in sections if section.client_keys for row in rows[section.title]}
    return "\n".join(
        (
            assignment("LINES", "tuple[tuple[int, int], ...]", tuple(record.line for record in records)),
            assignment(
                "SECTIONS",
                "tuple[tuple[str, tuple[dict[str, Any], ...]], ...]",
                tuple((title, tuple(entries)) for title, entries in rows.items()),
            ),
            assignment(
                "SHARED_SECTIONS",
                "tuple[str, ...]",
                tuple(section.title for section in sections if section.client_keys),
            ),
            assignment(
                "CLIENT_KEYS",
                "dict[str, tuple[str, ...]]",
                {client: _client_keys(records, client, shared | _EVERY_CLIENT) for client in CLIENTS},
            ),
        )
    )


def _client_keys(records: Sequence[Record], client: str, others: set[str]) -> tuple[str, ...]:
    names = {name for record in records for name in record.clients[client]}
    return tuple(sorted(names - others))


def _rows(records: Sequence[Record], sections: Sequence[Section]) -> dict[str, list[Row]]:
    """The forms of all keys by section, sorted by name and age."""
    names = sorted({name for record in records for name in record.worker})
    rows: dict[str, list[Row]] = {section.title: [] for section in sections}
    for name in names:
        rows[_section_of(name, sections)].extend(_forms(name, records))
    return rows


def _section_of(name: str, sections: Sequence[Section]) -> str:
    fits: tuple[Callable[[Section], bool], ...] = (
        lambda section: name in section.keys,
        lambda section: any(fnmatchcase(name, pattern) for pattern in section.keys),
    )
    found = next((section.title for fit in fits for section in sections if fit(section)), None)
    if found is None:
        raise RecordError(f'The key "{name}" is new and fits no section: add it to one in {SECTIONS.name}.')
    return found


def _forms(name: str, records: Sequence[Record]) -> Iterator[Row]:
    """The form of a key in each run of lines in which it is the same."""
    forms = [_row(name, record.worker[name]) if name in record.worker else None for record in records]
    starts = [number for number, form in enumerate(forms) if number == 0 or form != forms[number - 1]]
    for start, end in zip(starts, [*starts[1:], len(forms)], strict=True):
        form = forms[start]
        if form is not None:
            since = {"since": records[start].line} if start > 0 else {}
            until = {"until": records[end].line} if end < len(forms) else {}
            yield {**form, **since, **until}


def _row(name: str, key: PrintedKey) -> Row:
    return {"name": name, "type": key.type, **_default(key.default), **_rule(key)}


def _default(printed: str) -> Row:
    """Kafka adds the meaning of a number, as in "10000 (10 seconds)"."""
    default = re.sub(r" \([\d.]+ \w+\)$", "", printed)
    if default == "":
        return {}
    return {"default": {"null": None, '""': ""}.get(default, default)}


def _rule(key: PrintedKey) -> Row:
    """Values or bounds. Rules that Kafka describes only in words (URLs, algorithms) are omitted, except for one."""
    bounds = re.fullmatch(r"\[(-?[\d.]+),\.\.\.(?:,([\d.]+))?\]", key.valid)
    if bounds:
        most = _number(bounds[2]) if bounds[2] else LARGEST_INT
        return {"least": _number(bounds[1]), **({} if most == LARGEST_INT else {"most": most})}
    choice = re.fullmatch(r"(\(case insensitive\) )?\[([^\]]+)\]", key.valid)
    if choice:
        values = tuple(sorted(value.strip() for value in choice[2].split(",")))
        if not choice[1]:
            return {"values": values}
        # Kafka prints the names of its enums; users write them like the default.
        is_lower = key.default.islower() and key.default.upper() in {value.upper() for value in values}
        return {"values": tuple(value.lower() for value in values) if is_lower else values, "any_case": True}
    return {"least": 1, "broker_default": True} if "or -1 to use the broker's default" in key.valid else {}


def _number(text: str) -> float:
    number = float(text)
    return int(number) if number.is_integer() and "." not in text else number
