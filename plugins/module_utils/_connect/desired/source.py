# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The desired set: connectors from an option and from files, with defaults and overrides applied, and checked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..bounded_file import LARGEST_FILE, read_file
from ..config import normalize
from ..errors import InputError, Problem
from ..masked import is_masked
from ..model import Absent, Desired, Present, RunState
from ..network_errors import file_failure
from ..patterns import any_match
from .documents import SUFFIXES, Decrypt, parse_documents
from .entry_formats import RawConnector, Rule, raw_connectors
from .quick_check import passes_quick_check

if TYPE_CHECKING:
    from .overlays import Overlays
    from .schema import SchemaViolation

__all__ = ["DesiredSet", "RawConnector", "Rule", "desired_set", "from_option", "read_files"]

_CLASS = "connector.class"
_RUN_STATES: Mapping[object, RunState] = {"running": "running", "paused": "paused", "stopped": "stopped"}


@dataclass(frozen=True)
class DesiredSet:
    """Connectors in the order in which they were written, and warnings."""

    connectors: tuple[Desired, ...]
    warnings: tuple[Problem, ...] = ()


def read_files(paths: Sequence[str], decrypt: Decrypt, limit: int = LARGEST_FILE) -> tuple[RawConnector, ...]:
    """The connectors of files and directories, including subdirectories, in the order of their paths.

    Hidden files and backups of editors are ignored. A file may have `limit` bytes. Raises InputError with the problems of
    all files.
    """
    found: list[RawConnector] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files = _files(str(Path(path)))
        except InputError as error:
            problems += error.problems
            continue
        for file in files:
            try:
                found += _read_file(file, decrypt, limit)
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(found)


def from_option(items: object, option: str = "connectors") -> tuple[RawConnector, ...]:
    """The connectors in an option, a list in which each item has a format that files may have. Raises InputError."""
    if items is None:
        return ()
    if not isinstance(items, list):
        raise InputError([Problem(f"{option}: must be a list of connectors")])
    return tuple(raw_connectors(items, option))


def desired_set(
    raw: Iterable[RawConnector], *, defaults: Sequence[Rule] = (), overrides: Sequence[Rule] = ()
) -> DesiredSet:
    """The desired connectors: defaults below each configuration, overrides on top; the last of several rules wins.

    Raises InputError with the problems of all connectors. An override that matches no connector gives a warning.
    """
    entries = list(raw)
    findings = _findings([item.entry for item in entries])
    problems = [_problem(entries[finding.index], finding.text, finding.key) for finding in findings]
    problems += _duplicates(entries)
    invalid = {finding.index for finding in findings}
    overlays = _overlays(defaults, overrides)
    problems += overlays.problems if overlays else ()
    desired: list[Desired] = []
    for position, item in enumerate(entries):
        config = _config(item, overlays)
        if position in invalid:
            continue
        try:
            desired.append(_desired(item, config))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return DesiredSet(tuple(desired), overlays.unused() if overlays else ())


def _findings(entries: Sequence[Mapping[str, object]]) -> Sequence[SchemaViolation]:
    """The schema violations in the entries. Imports the schema only if an entry needs it."""
    if all(map(passes_quick_check, entries)):
        return ()
    from .schema import check_entries  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return check_entries(entries)


def _overlays(defaults: Sequence[Rule], overrides: Sequence[Rule]) -> Overlays | None:
    if not (defaults or overrides):
        return None
    from .overlays import Overlays  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return Overlays(defaults, overrides)


def _config(item: RawConnector, overlays: Overlays | None) -> Mapping[str, object]:
    """The configuration with the matching rules applied."""
    name, own = item.entry.get("name"), item.entry.get("config", {})
    if not isinstance(own, dict):
        return {}
    return overlays.apply(name, own) if overlays and isinstance(name, str) else own


def _desired(item: RawConnector, config: Mapping[str, object]) -> Desired:
    """The desired connector of an entry that matches the schema. Raises InputError for errors beyond the schema."""
    entry = item.entry
    name, state, initial = str(entry["name"]), entry.get("state", "present"), entry.get("initial_state")
    if state == "absent":
        return Absent(name, item.origin)
    problems = [_problem(item, text, key) for text, key in _config_problems(config)]
    if initial is not None and state != "present":
        problems.append(_problem(item, f"initial_state requires state present, not {state}: remove one"))
    listed = entry.get("known_keys", [])
    patterns = tuple(str(pattern) for pattern in listed) if isinstance(listed, list) else ()
    if patterns:
        try:
            any_match(patterns)
        except InputError as error:
            problems += [_problem(item, f"known_keys: {problem.text}") for problem in error.problems]
    try:
        normal = normalize(name, config)
    except InputError as error:
        problems += [_problem(item, problem.text.partition(": ")[2], problem.key) for problem in error.problems]
    if problems:
        raise InputError(problems)
    return Present(
        name,
        normal,
        _RUN_STATES.get(state),
        _RUN_STATES.get(str(initial).lower()),
        patterns,
        item.origin,
    )


def _config_problems(config: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    if not config.get(_CLASS):
        yield f'key "{_CLASS}" is missing: name the plugin', _CLASS
    for key, value in config.items():
        # The first character rules out most values quickly.
        if isinstance(value, str) and value[:1] in ("*", "[", "<", "(") and is_masked(value):
            from ..secret_keys import is_secret  # noqa: PLC0415  # compiled in every run: only runs that need it pay

            if not is_secret(str(key)):
                continue
            yield f'key "{key}" is masked: write the secret itself or a reference such as ${{file:path:key}}', key


def _duplicates(entries: Sequence[RawConnector]) -> Iterator[Problem]:
    first: dict[object, str] = {}
    for item in entries:
        name = item.entry.get("name")
        if not isinstance(name, str):
            continue
        if name in first:
            text = f'connector "{name}" is defined twice: in {first[name]} and in {item.origin}; remove or rename one'
            yield Problem(text, name)
        first.setdefault(name, item.origin)


def _problem(item: RawConnector, text: str, key: str = "") -> Problem:
    name = item.entry.get("name")
    if isinstance(name, str) and name.isprintable():
        return Problem(f'connector "{name}" ({item.origin}): {text}', name, key)
    return Problem(f"{item.origin}: {text}", "", key)


def _read_file(path: str, decrypt: Decrypt, limit: int) -> list[RawConnector]:
    try:
        data = read_file(path, limit)
    except OSError as error:
        raise InputError([Problem(f"{path}: cannot be read: {file_failure(error)}")]) from None
    documents = [document for document in parse_documents(data, path, decrypt) if document is not None]
    if not documents:
        raise InputError([Problem(f"{path}: contains no connector: add one, or remove the file")])
    if len(documents) == 1:
        return raw_connectors(documents[0], path, path.rpartition(os.sep)[2].rpartition(".")[0])
    found: list[RawConnector] = []
    for number, document in enumerate(documents, start=1):
        found += raw_connectors(document, f"{path} (document {number})")
    return found


def _files(path: str) -> list[str]:
    """The file, or the files in the directory tree. Raises InputError if there is none.

    Plain strings: creating and sorting a thousand pathlib.Path takes as long as reading their files.
    """
    listed = ", ".join(SUFFIXES)
    if os.path.isdir(path):
        found = list(_below(path, {os.path.realpath(path)}))
        if not found:
            raise InputError([Problem(f"{path}: contains no file that ends in one of {listed}")])
        return found
    if not os.path.exists(path):
        raise InputError([Problem(f"{path}: does not exist")])
    if not path.endswith(SUFFIXES):
        raise InputError([Problem(f"{path}: its suffix gives no format: it must be one of {listed}")])
    return [path]


def _below(directory: str, visited: set[str]) -> Iterator[str]:
    """The files in the order of their names. Follows links to directories, each directory once, since trees for several
    environments often contain links.
    """
    try:
        with os.scandir(directory) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError as error:
        raise InputError([Problem(f"{directory}: cannot be read: {file_failure(error)}")]) from None
    for entry in entries:
        if entry.name.startswith((".", "#")):
            continue
        if entry.is_dir():
            real = os.path.realpath(entry.path)
            if real not in visited:
                visited.add(real)
                yield from _below(entry.path, visited)
        elif entry.name.endswith(SUFFIXES):
            yield entry.path
