# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules laid under and over the configurations of a desired set: defaults and overrides. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import InputError, Problem
from ..patterns import matcher
from .entry_formats import Rule
from .schema import check_rules

_CLASS = "connector.class"


class Overlays:
    """The rules of one desired set. `problems` tells what is wrong with them."""

    def __init__(self, defaults: Sequence[Rule], overrides: Sequence[Rule]) -> None:
        self.problems: list[Problem] = []
        self._under = _ready(defaults, "defaults", self.problems)
        self._over = _ready(overrides, "overrides", self.problems)
        self._overrides = overrides
        self._used: set[int] = set()

    def laid(self, name: str, own: Mapping[str, object]) -> Mapping[str, object]:
        """The configuration with the rules that fit this connector."""
        config: dict[str, object] = {}
        for overlay in self._under:
            if overlay.fits(name, own.get(_CLASS, "")):
                overlay.lay_over(config)
        config.update(own)
        for position, overlay in enumerate(self._over):
            if overlay.fits(name, config.get(_CLASS, "")):
                overlay.lay_over(config)
                self._used.add(position)
        return config

    def unused(self) -> tuple[Problem, ...]:
        """The overrides that have fitted no connector."""
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

    def fits(self, name: str, plugin_class: object) -> bool:
        if not self.name_matches(name):
            return False
        if self.class_matches is None:
            return True
        full = str(plugin_class)
        simple = full.rpartition(".")[2]
        return any(self.class_matches(form) for form in (full, simple, simple.removesuffix("Connector")))

    def lay_over(self, config: dict[str, object]) -> None:
        for key, value in self.rule.config.items():
            if value is None:
                config.pop(key, None)
            else:
                config[key] = value


def _ready(rules: Sequence[Rule], option: str, problems: list[Problem]) -> list[_Overlay]:
    """The rules ready for use; what is wrong with them goes to `problems`."""
    plain = [{"match": rule.match, "config": rule.config, "connector_class": rule.connector_class} for rule in rules]
    findings = check_rules(plain)
    problems += [Problem(f"{option}[{item.index}]: {item.text}", key=item.key) for item in findings]
    faulty = {item.index for item in findings}
    overlays: list[_Overlay] = []
    for position, rule in enumerate(rules):
        if position in faulty:
            continue
        try:
            overlays.append(_Overlay.of(rule))
        except InputError as error:
            problems += [Problem(f"{option}[{position}]: {problem.text}") for problem in error.problems]
    return overlays


def _unused(position: int, rule: Rule) -> Problem:
    wanted = f'match "{rule.match}"' + (
        f' with connector_class "{rule.connector_class}"' if rule.connector_class else ""
    )
    return Problem(f"overrides[{position}]: {wanted} fits no connector: correct or remove it")
