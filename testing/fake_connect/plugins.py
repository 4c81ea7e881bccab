# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The installed plugins of the fake's workers, with their real configuration keys (see record_definitions)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal

from .record_definitions import DEFINITIONS, KEY_FIELDS
from .records import Config

PluginType = Literal["sink", "source", "transformation", "predicate", "converter", "header_converter"]

TYPE_SUFFIXES: Mapping[str, str] = {
    "sink": "Connector",
    "source": "Connector",
    "transformation": "Transformation",
    "predicate": "Predicate",
    "converter": "Converter",
    "header_converter": "HeaderConverter",
}
"""The suffixes that Connect removes from a class name for an alias."""

INTERFACES: Mapping[str, str] = {
    "transformation": "Transformation",
    "predicate": "Predicate",
    "converter": "Converter",
    "header_converter": "HeaderConverter",
}


@dataclass(frozen=True)
class Key:
    """One configuration key, as ConfigKeyInfo without its documentation; the field names are the REST interface's."""

    name: str
    type: str
    required: bool = False
    default_value: str | None = None
    importance: str = "HIGH"
    group: str | None = None
    order_in_group: int = -1
    width: str = "NONE"
    display_name: str = ""
    dependents: tuple[str, ...] = ()

    def info(self, version: tuple[int, ...]) -> dict[str, Any]:
        """ConfigKeyInfo. Kafka 3.x calls the order in the group `order`."""
        order = "order_in_group" if version >= (4, 0) else "order"
        return {
            "name": self.name,
            "type": self.type,
            "required": self.required,
            "default_value": self.default_value,
            "importance": self.importance,
            "documentation": "",
            "group": self.group,
            order: self.order_in_group,
            "width": self.width,
            "display_name": self.display_name or self.name,
            "dependents": list(self.dependents),
        }


@dataclass(frozen=True)
class Plugin:
    """One plugin. `keys` are its own, `base_keys` those that the framework adds to a connector's.

    `tasks`: how many tasks a connector creates: one, tasks.max, or none. `alters_offsets`: whether it implements
    alterOffsets (FileStream and Mirror do).
    """

    name: str
    type: PluginType
    version: str
    keys: tuple[Key, ...] = ()
    base_keys: tuple[Key, ...] = ()
    tasks: Literal["one", "max", "none"] = "max"
    alters_offsets: bool = False
    location: str = "classpath"

    @property
    def is_connector(self) -> bool:
        return self.type in ("sink", "source")

    @cached_property
    def all_keys(self) -> tuple[Key, ...]:
        """The keys as GET /connector-plugins/{name}/config lists them: the plugin's own override the framework's."""
        own = {key.name for key in self.keys}
        return self.keys + tuple(key for key in self.base_keys if key.name not in own)

    @cached_property
    def password_keys(self) -> frozenset[str]:
        return frozenset(key.name for key in self.all_keys if key.type == "PASSWORD")

    def aliases(self) -> set[str]:
        simple = self.name.rsplit(".", 1)[-1].rsplit("$", 1)[-1]
        position = simple.rfind(TYPE_SUFFIXES[self.type])
        return {simple, simple[:position] if position > 0 else simple}

    def description(self) -> str:
        """The PluginDesc text in the message about an unknown connector class."""
        return (
            f"PluginDesc{{klass=class {self.name}, name='{self.name}', version='{self.version}', "
            f"encodedVersion={self.version}, type={self.type}, typeName='{self.type}', location='{self.location}'}}"
        )

    def task_configs(self, config: Config) -> tuple[Config, ...]:
        """The task configurations of a connector with this config."""
        if self.tasks == "none":
            return ()
        count = 1 if self.tasks == "one" else int(config.get("tasks.max", "1"))
        task_class = f"{self.name.removesuffix('Connector')}Task"
        return ({**config, "task.class": task_class},) * count


@dataclass(frozen=True)
class Catalogue:
    """The plugins of one worker. `refused` remembers the connector classes that were requested but not found."""

    plugins: tuple[Plugin, ...]
    refused: set[str] = field(default_factory=set, repr=False)
    _by_name: dict[str, Plugin] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        owners: dict[str, set[str]] = {}
        for plugin in self.plugins:
            for alias in plugin.aliases():
                owners.setdefault(alias, set()).add(plugin.name)
        for plugin in self.plugins:
            self._by_name.setdefault(plugin.name, plugin)
            for alias in plugin.aliases():
                if len(owners[alias]) == 1:
                    self._by_name.setdefault(alias, plugin)

    def find(self, name: str) -> Plugin | None:
        """The plugin with that class name or alias; an ambiguous alias finds nothing."""
        return self._by_name.get(name)

    def connector(self, name: str) -> Plugin | None:
        plugin = self.find(name)
        return plugin if plugin is not None and plugin.is_connector else None

    def without(self, names: Iterable[str]) -> Catalogue:
        missing = {plugin.name for name in names if (plugin := self.find(name)) is not None}
        return Catalogue(tuple(plugin for plugin in self.plugins if plugin.name not in missing))

    def and_also(self, *plugins: Plugin) -> Catalogue:
        return Catalogue((*self.plugins, *plugins))


TASK_COUNTS: Mapping[str, Literal["one", "max", "none"]] = {
    "org.apache.kafka.connect.file.FileStreamSourceConnector": "one",
    "org.apache.kafka.connect.tools.MockSourceConnector": "one",
    "org.apache.kafka.connect.tools.MockSinkConnector": "one",
    "org.apache.kafka.connect.tools.SchemaSourceConnector": "max",
    "org.apache.kafka.connect.mirror.MirrorHeartbeatConnector": "one",
    "org.apache.kafka.connect.mirror.MirrorCheckpointConnector": "none",
}

ALTERS_OFFSETS = ("org.apache.kafka.connect.file.", "org.apache.kafka.connect.mirror.")


def read_row(row: list[Any]) -> Key:
    return Key(**{**dict(zip(KEY_FIELDS, row, strict=True)), "dependents": tuple(row[-1])})


def secret_source(base_keys: tuple[Key, ...], version: str) -> Plugin:
    """A fictional source with secrets: two PASSWORD keys, and tasks that fail if the host ends in `.invalid`."""
    keys = (
        Key("database.hostname", "STRING", required=True, group="Connection", order_in_group=1),
        Key("database.port", "INT", default_value="5432", importance="MEDIUM", group="Connection", order_in_group=2),
        Key("database.user", "STRING", required=True, group="Connection", order_in_group=3),
        Key("database.password", "PASSWORD", required=True, group="Connection", order_in_group=4),
        Key("ssl.keystore.password", "PASSWORD", importance="LOW", group="Connection", order_in_group=5),
        Key("topic.prefix", "STRING", required=True, group="Topics", order_in_group=1),
        Key("table.include.list", "LIST", default_value="", importance="MEDIUM", group="Topics", order_in_group=2),
        Key("poll.interval.ms", "LONG", default_value="500", importance="LOW", group="Topics", order_in_group=3),
    )
    return Plugin("com.example.SecretSourceConnector", "source", version, keys, base_keys)


def idle_source(base_keys: tuple[Key, ...], version: str) -> Plugin:
    """A fictional source that has nothing to do and therefore creates no tasks."""
    return Plugin("com.example.IdleSourceConnector", "source", version, (), base_keys, tasks="none")


@cache
def load_catalog(line: str) -> Catalogue:
    """The plugins recorded from a real worker of a Kafka line ("4.3", "3.9"), and two fictional ones.

    Raises FileNotFoundError for a line that was not recorded.
    """
    recorded = json.loads((DEFINITIONS / f"{line}.json").read_text(encoding="utf-8"))
    tables: dict[str, Any] = recorded["keys"]

    def keys_of(name: str) -> tuple[Key, ...]:
        table = tables[name]
        return keys_of(table) if isinstance(table, str) else tuple(read_row(row) for row in table)

    # These two add no keys of their own: their tables contain those of the framework.
    base = {
        "sink": keys_of("org.apache.kafka.connect.tools.MockSinkConnector"),
        "source": keys_of("org.apache.kafka.connect.tools.MockSourceConnector"),
    }
    plugins = [
        recorded_plugin(entry, keys_of(entry["class"]), base.get(entry["type"], ())) for entry in recorded["plugins"]
    ]
    made_up = (secret_source(base["source"], "1.0.0"), idle_source(base["source"], "1.0.0"))
    return Catalogue((*plugins, *made_up))


def recorded_plugin(entry: Mapping[str, Any], table: tuple[Key, ...], base: tuple[Key, ...]) -> Plugin:
    framework = {key.name: key for key in base}
    name = entry["class"]
    return Plugin(
        name=name,
        type=entry["type"],
        version=entry["version"],
        keys=tuple(key for key in table if framework.get(key.name) != key),
        base_keys=base,
        tasks=TASK_COUNTS.get(name, "max"),
        alters_offsets=name.startswith(ALTERS_OFFSETS),
    )


def nearest_line(version: tuple[int, ...]) -> str:
    """The recorded line whose definitions are used for `version`: 4.3 for every 4.x, 3.9 for every 3.x."""
    return "4.3" if version >= (4, 0) else "3.9"
