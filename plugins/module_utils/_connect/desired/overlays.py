# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies rules to the configurations of a desired set: defaults below them, overrides on top. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import InputError, Problem
from ..patterns import matcher
from .entry_formats import Rule
from .schema import check_rules

_CLASS = "connector.class"


class Overlays:
    """The rules of one desired set. `problems`: the errors in them."""

    def __init__(self, defaults: Sequence[Rule], overrides: Sequence[Rule]) -> None:
        self.problems: list[Problem] = []
        self._under = _compiled(defaults, "defaults", self.problems)
        self._over = _compiled(overrides, "overrides", self.problems)
        self._overrides = overrides
        self._used: set[int] = set()

    def apply(self, name: str, own: Mapping[str, object]) -> Mapping[str, object]:
        """The configuration of this connector with the matching rules applied."""
        config: dict[str, object] = {}
        for overlay in self._under:
            if overlay.matches(name, own.get(_CLASS, "")):
                overlay.apply_to(config)
        config.update(own)
        for position, overlay in enumerate(self._over):
            if overlay.matches(name, config.get(_CLASS, "")):
                overlay.apply_to(config)
                self._used.add(position)
        return config

    def unused(self) -> tuple[Problem, ...]:
        """The overrides that have matched no connector."""
        return tuple(
            _unused(position, rule) for position, rule in enumerate(self._overrides) if position not in self._used
        )


@dataclass(frozen=True)
class _Overlay:
    rule: Rule
    name_matches: Callable[[str], bool]
    class_matches: Callable[[str], bool] | None

    @classmethod
    def of(cls, rule: Rule) -> _Overlay:
        return cls(rule, matcher(rule.match), matcher(rule.connector_class) if rule.connector_class else None)

    def matches(self, name: str, plugin_class: object) -> bool:
        if not self.name_matches(name):
            return False
        if self.class_matches is None:
            return True
        full = str(plugin_class)
        simple = full.rpartition(".")[2]
        return any(self.class_matches(form) for form in (full, simple, simple.removesuffix("Connector")))

    def apply_to(self, config: dict[str, object]) -> None:
        for key, value in self.rule.config.items():
            if value is None:
                config.pop(key, None)
            else:
                config[key] = value


def _compiled(rules: Sequence[Rule], option: str, problems: list[Problem]) -> list[_Overlay]:
    """The compiled rules; errors in them go to `problems`."""
    plain = [{"match": rule.match, "config": rule.config, "connector_class": rule.connector_class} for rule in rules]
    findings = check_rules(plain)
    problems += [Problem(f"{option}[{item.index}]: {item.text}", key=item.key) for item in findings]
    invalid = {item.index for item in findings}
    overlays: list[_Overlay] = []
    for position, rule in enumerate(rules):
        if position in invalid:
            continue
        try:
            overlays.append(_Overlay.of(rule))
        except InputError as error:
            problems += [Problem(f"{option}[{position}]: {problem.text}") for problem in error.problems]
    return overlays


def _unused(position: int, rule: Rule) -> Problem:
    rule_text = f'match "{rule.match}"' + (
        f' with connector_class "{rule.connector_class}"' if rule.connector_class else ""
    )
    return Problem(f"overrides[{position}]: {rule_text} matches no connector: correct or remove it")
