# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of the checks before the first write, apart from the checks, which only runs that write configs need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..errors import ConnectError, Problem
from ..rest.plugins import KeyDefinition
from ..snapshot.cluster import Cluster
from .change import Change
from .run_options import Checks

Definitions = Mapping[str, KeyDefinition]


@dataclass
class Checked:
    """The results of the checks: problems by connector name, warnings, and definitions of the plugins."""

    problems: dict[str, list[Problem]] = field(default_factory=dict)
    errors: dict[str, ConnectError] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    password_keys: dict[str, frozenset[str]] = field(default_factory=dict)
    definitions: dict[tuple[str, str], Definitions | None] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        self.problems.setdefault(problem.connector, []).append(problem)

    def defaults(self, plugin_class: str) -> dict[str, str | None]:
        """Default values of a plugin's keys; empty if its definitions have not been read."""
        for (known_class, _version), definitions in self.definitions.items():
            if known_class == plugin_class and definitions:
                return {name: definition.default for name, definition in definitions.items()}
        return {}


CheckConfigs = Callable[[Cluster, Iterable[Change], Checks], Checked]
"""Checks all changes that write a config."""
