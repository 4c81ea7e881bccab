# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of the cluster before a run, and the desired state: a dozen connectors, each with its own case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .evidence import Wish, as_stored

Config = Mapping[str, str]


@dataclass(frozen=True)
class Scene:
    """`previous` is the initial state: by connector its config and its run state.

    `hopeless` connectors are desired but cannot work. `options` are further options of the module.
    """

    prefix: str
    previous: Mapping[str, tuple[Config, str]]
    wishes: Mapping[str, Wish]
    purges: frozenset[str]
    protected: frozenset[str]
    secrets: tuple[str, ...]
    hopeless: frozenset[str] = frozenset()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def edited(self) -> str:
        """A connector that the run updates, so that concurrent changes conflict with the run."""
        return f"{self.prefix}-update1"

    @property
    def module_options(self) -> dict[str, Any]:
        """The desired set as options of the module `connectors`, with the guards of the purge."""
        return {
            "connectors": [_entry(name, wish) for name, wish in self.wishes.items()],
            "purge": True,
            "purge_match": [f"{self.prefix}-*"],
            "protected": sorted(self.protected),
            "known_keys": ["vault.*"],
            **self.options,
        }


def make_scene(prefix: str, files: Path) -> Scene:
    """Twelve desired connectors: creates, updates, one without changes, a pause, a resume and a delete. Three more
    connectors: one to purge, one that a guard protects, and one outside the scope of the run.
    """
    plain = _source(prefix, files)
    canary = f"canary-of-{prefix}"
    previous = {
        **{f"update{number}": (plain | {"batch.size": "100"}, "RUNNING") for number in (1, 2, 3)},
        "update4": (plain | {"batch.size": "100", "tasks.max": "2"}, "RUNNING"),
        "same": (plain, "RUNNING"),
        "pause": (plain, "RUNNING"),
        "resume": (plain, "PAUSED"),
        "gone": (plain, "RUNNING"),
        "left": (plain, "RUNNING"),
        "kept": (plain, "RUNNING"),
    }
    wishes = {
        **{f"update{number}": Wish(plain | {"batch.size": "200"}, "RUNNING") for number in (1, 2)},
        # Removes a key and adds a secret.
        "update3": Wish(plain | {"vault.password": canary}, "RUNNING"),
        "update4": Wish(plain | {"batch.size": "300"}, "RUNNING"),
        "same": Wish(plain, "RUNNING"),
        "pause": Wish(plain, "PAUSED"),
        "resume": Wish(plain, "RUNNING"),
        "gone": Wish(None),
        **{f"new{number}": Wish(plain, "RUNNING") for number in (1, 2)},
        "new3": Wish(_sink(prefix, files), "RUNNING"),
        "new4": Wish(plain, "PAUSED"),
    }
    strangers = {f"other-{prefix}": _named(f"other-{prefix}", plain, "RUNNING")}
    return Scene(
        prefix,
        {f"{prefix}-{short}": _named(f"{prefix}-{short}", *one) for short, one in previous.items()} | strangers,
        {f"{prefix}-{short}": _wish(f"{prefix}-{short}", one) for short, one in wishes.items()},
        frozenset({f"{prefix}-left"}),
        frozenset({f"{prefix}-kept"}),
        (canary,),
    )


def with_other_wishes(scene: Scene) -> Scene:
    """The desired state of another team: other configs, the pause undone, and the deleted connector created again."""
    wishes = dict(scene.wishes)
    for name, wish in scene.wishes.items():
        if wish.config is not None and "batch.size" in wish.config:
            wishes[name] = Wish({**wish.config, "batch.size": "999"}, wish.state)
    wishes[f"{scene.prefix}-pause"] = replace(wishes[f"{scene.prefix}-pause"], state="RUNNING")
    wishes[f"{scene.prefix}-gone"] = Wish(scene.previous[f"{scene.prefix}-gone"][0], "RUNNING")
    return replace(scene, wishes=wishes)


def with_failing_task(scene: Scene, delay_ms: int) -> Scene:
    """Adds a connector whose task fails `delay_ms` after its start. The run observes it for longer than that."""
    name = f"{scene.prefix}-failing"
    config = {"connector.class": "MockSource", "mock_mode": "task-failure", "delay_ms": str(delay_ms), "tasks.max": "1"}
    wishes = {**scene.wishes, name: Wish(as_stored(name, config), "RUNNING")}
    options = {"stable_for": max(2, delay_ms / 1000 + 5)}
    return replace(scene, wishes=wishes, hopeless=frozenset({name}), options=options)


def _source(prefix: str, files: Path) -> dict[str, str]:
    file = files / f"{prefix}.txt"
    file.touch()
    return {"connector.class": "FileStreamSource", "tasks.max": "1", "file": str(file), "topic": f"t-{prefix}"}


def _sink(prefix: str, files: Path) -> dict[str, str]:
    out = str(files / f"{prefix}-out.txt")
    return {"connector.class": "FileStreamSink", "tasks.max": "1", "file": out, "topics": f"t-{prefix}"}


def _named(name: str, config: Config, state: str) -> tuple[Config, str]:
    return as_stored(name, config), state


def _wish(name: str, wish: Wish) -> Wish:
    return wish if wish.config is None else replace(wish, config=as_stored(name, wish.config))


def _entry(name: str, wish: Wish) -> dict[str, Any]:
    if wish.config is None:
        return {"name": name, "state": "absent"}
    return {"name": name, "config": dict(wish.config), "state": wish.state.lower()}
