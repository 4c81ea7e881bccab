# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys of a connector's configuration without a reader: mostly typing errors, which Connect itself ignores. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from ..model import Config
from ..patterns import any_match
from ..rest.plugins import KeyDefinition
from .undeclared import keys_naming_parts, present_name, undeclared_keys

Definitions = Mapping[str, KeyDefinition]
"""A plugin's definitions of its keys, by name (without the prefix they have in a connector)."""

_CONVERTERS = ("key.converter", "value.converter", "header.converter")
# The framework's keys of ConnectorConfig, SinkConnectorConfig and SourceConnectorConfig up to Kafka 4.3.
_EVERY_KIND = frozenset(
    {
        "name",
        "connector.class",
        "connector.plugin.version",
        "tasks.max",
        "tasks.max.enforce",
        *_CONVERTERS,
        *(f"{name}.plugin.version" for name in _CONVERTERS),
        "transforms",
        "predicates",
        "config.action.reload",
        "errors.retry.timeout",
        "errors.retry.delay.max.ms",
        "errors.tolerance",
        "errors.log.enable",
        "errors.log.include.messages",
    }
)
_OF_KIND = {
    "sink": frozenset(
        {
            "topics",
            "topics.regex",
            "errors.deadletterqueue.topic.name",
            "errors.deadletterqueue.topic.replication.factor",
            "errors.deadletterqueue.context.headers.enable",
        }
    ),
    "source": frozenset(
        {
            "topic.creation.groups",
            "exactly.once.support",
            "transaction.boundary",
            "transaction.boundary.interval.ms",
            "offsets.storage.topic",
        }
    ),
}
_OPEN_PREFIXES = ("producer.override.", "consumer.override.", "admin.override.", "config.providers.")
_GROUP = re.compile(r"\([^()]*\)")
_OF_PART = {"transforms": ("type", "predicate", "negate", "plugin.version"), "predicates": ("type", "plugin.version")}

_NEAR_ENOUGH = 0.75
_SURELY_MEANT = 0.92
"""Similarity from which even a key that a plugin may pass on counts as a typing error."""

# Often written beside any converter, and harmless where it is not read.
_OF_CONVERTERS = ("plugin.version", "schemas.enable")


@dataclass(frozen=True)
class UnknownKey:
    """A key without effect. `nearest`: the key that was probably meant; `reason`: why it has no effect, if not because of its
    name; `plugin`: the converter, transform or predicate that does not know it, if it is not the connector.
    """

    key: str
    nearest: str = ""
    reason: str = ""
    plugin: str = ""


def _fits(key: str, parts: Sequence[str]) -> bool:
    """Whether the key has all of these parts in order, from its beginning to its end, with something between any two."""
    if len(parts) == 1:
        return key == parts[0]
    if not key.startswith(parts[0]):
        return False
    at = len(parts[0])
    for part in parts[1:-1]:
        found = key.find(part, at + 1)
        if found < 0:
            return False
        at = found + len(part)
    return key.endswith(parts[-1]) and len(key) - len(parts[-1]) > at


def referenced_plugins(config: Config) -> dict[str, str]:
    """Class or alias of each converter, transform and predicate that the config names, by the prefix of its keys."""
    found = {f"{name}.": config[name] for name in _CONVERTERS if config.get(name)}
    for kind in _OF_PART:
        for alias in _listed(config, kind):
            prefix = f"{kind}.{alias}."
            if config.get(f"{prefix}type"):
                found[prefix] = config[f"{prefix}type"]
    return found


def unknown_keys(
    config: Config,
    plugin: Definitions,
    kind: str,
    parts: Mapping[str, Definitions | None],
    known_patterns: Iterable[str] = (),
    full_names: Mapping[str, str] | None = None,
) -> tuple[UnknownKey, ...]:
    """The keys that neither the framework nor a plugin of this config knows, sorted.

    `plugin`: definitions of the connector's class; `kind`: source, sink or unknown (then the keys of both are known);
    `parts`: definitions by prefix as referenced_plugins gives them, None where they could not be read. A part without any
    definition does not declare what it reads: all of its keys are known. `full_names`: full class names by the aliases that
    a config may use instead. Raises InputError for a bad pattern.
    """
    known = _Known(config, plugin, kind.lower(), parts, full_names or {})
    spared = any_match(known_patterns)
    found = (known.check(key) for key in sorted(config) if not spared(key))
    return tuple(unknown for unknown in found if unknown is not None)


@dataclass
class _Known:
    """The known keys of one config; `check` decides about each key."""

    config: Config
    plugin: Definitions
    kind: str
    parts: Mapping[str, Definitions | None]
    full_names: Mapping[str, str]
    _spared: dict[str, Callable[[str], bool]] = field(default_factory=dict)

    def check(self, key: str) -> UnknownKey | None:
        if key in self.own or key.startswith(_OPEN_PREFIXES) or any(_fits(key, parts) for parts in self.templates):
            return None
        for name in _CONVERTERS:
            if key.startswith(f"{name}."):
                return self._of_converter(key, name)
        for name in _OF_PART:
            if key.startswith(f"{name}."):
                return self._of_part(key, name)
        if key.startswith("topic.creation.") and self.kind != "sink":
            return self._of_group(key)
        previous = present_name(self.plugin_class, key)
        if previous and "topic.prefix" in self.plugin:  # Debezium declares this key since it has the new names.
            return UnknownKey(key, previous)
        if self.declares_nothing or self.passes_on(key):
            meant = self.nearest(key, _SURELY_MEANT)
            return UnknownKey(key, meant) if meant else None
        for kind, keys in _OF_KIND.items():
            if key in keys:
                return UnknownKey(key, reason=f"it is a key of {kind} connectors")
        return UnknownKey(key, self.nearest(key))

    @cached_property
    def plugin_class(self) -> str:
        return self._full_name("connector.class")

    def _full_name(self, key: str) -> str:
        name = self.config.get(key, "")
        return self.full_names.get(name, name)

    @cached_property
    def templates(self) -> list[list[str]]:
        """The fixed parts of defined names with groups in them, such as `column.mask.with.(d+).chars`: the user chooses
        what stands between them.
        """
        return [_GROUP.split(name) for name in self.plugin if "(" in name]

    @cached_property
    def declares_nothing(self) -> bool:
        """Whether the connector declares no key beside the framework's: then it may read any key."""
        return not self.plugin.keys() - _EVERY_KIND.union(*_OF_KIND.values())

    @cached_property
    def passes_on(self) -> Callable[[str], bool]:
        """Whether the connector passes this key on to something that declares it elsewhere, or not at all."""
        parts = [name for key in keys_naming_parts(self.plugin_class) for name in _listed(self.config, key)]
        return any_match([*undeclared_keys(self.plugin_class), *(f"~{re.escape(name)}\\." for name in parts)])

    @cached_property
    def own(self) -> frozenset[str]:
        """Keys known by their whole names."""
        kinds = [self.kind] if self.kind in _OF_KIND else list(_OF_KIND)
        return _EVERY_KIND.union(self.plugin, *(_OF_KIND[kind] for kind in kinds))

    @cached_property
    def all_names(self) -> list[str]:
        """Every key that could have been meant."""
        names = set(self.own)
        for prefix, definitions in self.parts.items():
            names |= {prefix + name for name in (*(definitions or ()), *_OF_PART.get(prefix.partition(".")[0], ()))}
        return sorted(names)

    def nearest(self, key: str, cutoff: float = _NEAR_ENOUGH) -> str:
        near = next(iter(get_close_matches(key, self.all_names, n=1, cutoff=cutoff)), "")
        # The key that was meant is already set: a second-best guess would mislead.
        return "" if near in self.config else near

    def _of_converter(self, key: str, name: str) -> UnknownKey | None:
        if name not in self.config:
            return UnknownKey(key, reason=f"it has no effect unless {name} is set beside it")
        return self._within(key, f"{name}.", _OF_CONVERTERS)

    def _of_part(self, key: str, kind: str) -> UnknownKey | None:
        alias = _alias_of(key, kind, _listed(self.config, kind))
        if alias is None:
            return self._unlisted(key, kind, kind, _listed(self.config, kind))
        return self._within(key, f"{kind}.{alias}.", _OF_PART[kind])

    def _of_group(self, key: str) -> UnknownKey | None:
        """Besides its own four keys a group accepts every topic configuration, which only the broker knows."""
        groups = ["default", *_listed(self.config, "topic.creation.groups")]
        if _alias_of(key, "topic.creation", groups) is not None:
            return None
        return self._unlisted(key, "topic.creation", "topic.creation.groups", groups)

    def _within(self, key: str, prefix: str, always: Sequence[str]) -> UnknownKey | None:
        rest = key[len(prefix) :]
        definitions = self.parts.get(prefix)
        if rest in always or not definitions or rest in definitions:
            return None
        named_by = prefix[:-1] if prefix[:-1] in _CONVERTERS else f"{prefix}type"
        if prefix not in self._spared:
            self._spared[prefix] = any_match(undeclared_keys(self._full_name(named_by)))
        plugin_class = self.config.get(named_by, "")
        if not self._spared[prefix](rest):
            return UnknownKey(key, self.nearest(key), plugin=plugin_class)
        # The prefix, which is always right, must not count for the similarity.
        meant = [prefix + name for name in get_close_matches(rest, definitions, n=1, cutoff=_SURELY_MEANT)]
        return UnknownKey(key, meant[0], plugin=plugin_class) if meant and meant[0] not in self.config else None

    def _unlisted(self, key: str, start: str, listing: str, aliases: Sequence[str]) -> UnknownKey:
        alias, _dot, rest = key[len(start) + 1 :].partition(".")
        near = get_close_matches(alias, aliases, n=1)
        return UnknownKey(key, f"{start}.{near[0]}.{rest}" if near else "", f'{listing} lists no "{alias}"')


def _listed(config: Config, key: str) -> list[str]:
    return [item.strip() for item in config.get(key, "").split(",") if item.strip()]


def _alias_of(key: str, start: str, aliases: Sequence[str]) -> str | None:
    """The alias that the key belongs to; aliases may have dots themselves."""
    return next((alias for alias in aliases if key.startswith(f"{start}.{alias}.")), None)
