# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a manually maintained list: the keys that plugins read although they do not declare them, and where each is
read.
"""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .kafka import HERE, RecordError
from .literals import assignment

SOURCE = HERE / "undeclared_keys.yml"
_FIELDS = {"plugins", "classes", "versions", "jars", "keys", "documented_keys", "parts_named_by", "renamed"}


@dataclass(frozen=True)
class Undeclared:
    """An entry of the list. `classes`: a pattern of full class names; `jars`: where the keys can be verified, empty for
    nowhere; `keys`: patterns of keys with the class that reads each; `documented_keys`: those known from documentation
    only; `parts_named_by`: keys that list prefixes of further keys; `renamed`: the current name by the previous one,
    both with a `*` if only a prefix or suffix changed.
    """

    plugins: str
    classes: str
    versions: str
    jars: str
    keys: Mapping[str, str]
    documented_keys: tuple[str, ...]
    parts_named_by: tuple[str, ...]
    renamed: Mapping[str, str]


def read_list(text: str) -> list[Undeclared]:
    """The entries of the list. Raises RecordError for one that does not match the description at the beginning of the
    file.
    """
    return [_entry(entry) for entry in yaml.safe_load(text)]


def _entry(entry: Mapping[str, Any]) -> Undeclared:
    where = f"{SOURCE.name}: {entry.get('plugins', entry)}"
    strange = sorted(entry.keys() - _FIELDS)
    missing = sorted({"plugins", "classes", "versions"} - entry.keys())
    if strange or missing:
        raise RecordError(f"{where}: unknown fields: {strange}, missing fields: {missing}")
    for former, now in entry.get("renamed", {}).items():
        if [former.find("*"), now.find("*")] not in ([-1, -1], [0, 0], [len(former) - 1, len(now) - 1]):
            raise RecordError(f'{where}: "{former}" and "{now}" have no * or both have one, at the same end')
    return Undeclared(
        entry["plugins"],
        entry["classes"],
        str(entry["versions"]),
        entry.get("jars", ""),
        entry.get("keys", {}),
        tuple(entry.get("documented_keys", ())),
        tuple(entry.get("parts_named_by", ())),
        entry.get("renamed", {}),
    )


def source(entries: Iterable[Undeclared]) -> str:
    """The statements of the Python file."""
    known = list(entries)
    keys = tuple((entry.classes, (*entry.keys, *entry.documented_keys)) for entry in known)
    parts = tuple((entry.classes, entry.parts_named_by) for entry in known if entry.parts_named_by)
    renamed = tuple((entry.classes, tuple(entry.renamed.items())) for entry in known if entry.renamed)
    pairs = "tuple[tuple[str, tuple[str, ...]], ...]"
    return "\n".join(
        (
            assignment("KEYS", pairs, keys),
            assignment("PARTS_NAMED_BY", pairs, parts),
            assignment("RENAMED", "tuple[tuple[str, tuple[tuple[str, str], ...]], ...]", renamed),
        )
    )


def not_read(entries: Iterable[Undeclared], jars: Iterable[zipfile.ZipFile]) -> list[str]:
    """The keys that the class named next to them does not mention, or whose class is in none of these jars."""
    archives = list(jars)
    texts: dict[str, frozenset[str]] = {}
    wrong = []
    for entry in entries:
        for key, reader in entry.keys.items():
            if reader not in texts:
                texts[reader] = _texts_of(reader, archives)
            if not any(_mentions(text, key) for text in texts[reader]):
                wrong.append(f"{entry.classes}: {key}: not in {reader}")
    return wrong


def jars_of_plugins(archives: Iterable[Path], prefix: str) -> Iterator[zipfile.ZipFile]:
    """The jars in plugins' archives (tar.gz) whose file names begin like this."""
    for archive in archives:
        with tarfile.open(archive) as members:
            for member in members:
                content = members.extractfile(member)
                if content is not None and Path(member.name).name.startswith(prefix) and member.name.endswith(".jar"):
                    yield zipfile.ZipFile(io.BytesIO(content.read()))


def _mentions(text: str, key: str) -> bool:
    """Code mentions `topic.*` as `topic`, if it adds the dot itself, as `topic.`, or as a key that begins like this."""
    if not key.endswith(".*"):
        return text == key
    return text == key.removesuffix(".*") or text.startswith(key.removesuffix("*"))


def _texts_of(name: str, jars: Iterable[zipfile.ZipFile]) -> frozenset[str]:
    """Every string constant of a class and of its nested classes."""
    path = name.replace(".", "/")
    return frozenset(
        text
        for jar in jars
        for member in jar.namelist()
        if member == f"{path}.class" or (member.startswith(f"{path}$") and member.endswith(".class"))
        for text in string_constants(jar.read(member))
    )


_SIZES = ((2, (7, 8, 16, 19, 20)), (3, (15,)), (4, (3, 4, 9, 10, 11, 12, 17, 18)), (8, (5, 6)))
_CONSTANT_SIZES = {tag: size for size, tags in _SIZES for tag in tags}
"""Size in bytes of each kind of constant in a class file after its tag (Java Virtual Machine Specification, 4.4)."""
_UTF8, _STRING = 1, 8
_TAKE_TWO_PLACES = (5, 6)


def string_constants(class_file: bytes) -> list[str]:
    """The texts in the constant pool that the code uses as strings."""
    (count,) = struct.unpack_from(">H", class_file, 8)
    texts: dict[int, str] = {}
    strings: list[int] = []
    place, number = 10, 1
    while number < count:
        tag = class_file[place]
        (operand,) = struct.unpack_from(">H", class_file, place + 1)
        if tag == _UTF8:
            texts[number] = class_file[place + 3 : place + 3 + operand].decode("utf-8", "replace")
            place += 3 + operand
        else:
            if tag == _STRING:
                strings.append(operand)
            place += 1 + _CONSTANT_SIZES[tag]
        number += 2 if tag in _TAKE_TWO_PLACES else 1
    return [texts[index] for index in strings]
