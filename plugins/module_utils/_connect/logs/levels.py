# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Log levels of workers: which are valid, which loggers a change affects, and how to restore them. Pure.

A worker sets a level for a logger and for every logger whose name begins with that of the first, even in the middle of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..errors import Problem, on_a_line

LEVELS = ("OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE", "ALL")
ROOT = "root"

_NAME = re.compile(r"[\w$-]+(?:\.[\w$-]+)*")

Levels = Mapping[str, str]
"""Levels by logger."""
LevelsByWorker = Mapping[str, Levels]
"""The same, by the URL of the worker."""


def parse_levels(given: Mapping[Any, Any], option: str, problems: list[Problem]) -> dict[str, str]:
    """Return the levels in the order in which they have to be set. Appends a problem for each that cannot be right."""
    parsed = {}
    for key, value in given.items():
        name = str(key)
        # YAML reads OFF as false.
        level = "OFF" if value is False else str(value).strip().upper()
        place = f'{option}: "{on_a_line(name)}"'
        if not _NAME.fullmatch(name):
            problems.append(
                Problem(
                    f"{place} is not the name of a logger -> give a package or class, such as org.apache.kafka.connect"
                )
            )
        elif level not in LEVELS:
            problems.append(
                Problem(f'{place}: "{on_a_line(str(value))}" is not a log level -> set one of {", ".join(LEVELS)}')
            )
        else:
            parsed[ROOT if name.lower() == ROOT else name] = level
    return {name: parsed[name] for name in in_order(parsed)}


def parse_levels_by_worker(
    given: Mapping[Any, Any], urls: Sequence[str], option: str, problems: list[Problem]
) -> dict[str, dict[str, str]]:
    """Return the levels of each worker. Appends a problem for each worker that is not in `urls`, and for each invalid level."""
    parsed = {}
    for key, levels in given.items():
        url = str(key).rstrip("/")
        place = f'{option}: "{on_a_line(url)}"'
        if url not in urls:
            problems.append(Problem(f"{place} is not a worker in url -> give the result previous of the same workers"))
        elif not isinstance(levels, Mapping):
            problems.append(Problem(f"{place} has no levels by logger -> give the result previous of the other task"))
        else:
            parsed[url] = parse_levels(levels, f"{option}[{url}]", problems)
    return parsed


def in_order(names: Iterable[str]) -> list[str]:
    """The names such that none begins with a later one: the level of a package is set before that of a class in it."""
    return sorted(names, key=lambda name: (name != ROOT, len(name), name))


def effective(levels: Levels, name: str) -> str:
    """The level of a logger, or the one that it inherits. Empty if no level is known, not even that of the root logger."""
    while name:
        if name in levels:
            return levels[name]
        name = name.rpartition(".")[0]
    return levels.get(ROOT, "")


def affects(changed: str, logger: str) -> bool:
    """Whether a change of one logger may change the other one, too."""
    return changed == ROOT or logger.startswith(changed)


def after_change(levels: Levels, name: str, level: str) -> dict[str, str]:
    """The levels after a change of one of them."""
    changed = {other: level if affects(name, other) else known for other, known in levels.items()}
    return {**changed, name: level}


def previous_levels(before: Levels, names: Iterable[str]) -> dict[str, str]:
    """The levels that restore those loggers, and all that a change of them may affect: the fewest, in the order to set them."""
    changed = in_order(names)
    known = {other: level for other, level in before.items() if any(affects(name, other) for name in changed)}
    known.update((name, effective(before, name)) for name in changed)
    kept: dict[str, str] = {}
    for name in in_order(known):
        implied = [kept[other] for other in kept if affects(other, name)]
        if name in changed or not implied or implied[-1] != known[name]:
            kept[name] = known[name]
    # A name of the change may follow from another one.
    return {name: level for name, level in kept.items() if level}
