# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers of a sandbox as hosts, for worker_scale: the sandbox starts and stops them in place of systemd."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.worker_scale import (
    WORKER_SCALE,
    worker_scale,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.evidence import InitialState
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.model import Action, Unit
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.properties_filters import from_java_properties
from testing.sandbox import Condition, Sandbox

from .snapshots import Snapshot, run_operation


@dataclass
class SandboxHost:
    """The host of a worker of the sandbox, in place of systemd."""

    sandbox: Sandbox
    name: str

    def properties(self, path: str, keys: Collection[str]) -> Mapping[str, str]:
        del path
        text = (self.sandbox.directory / "config" / f"{self.name}.properties").read_text(encoding="utf-8")
        known = from_java_properties(text)
        return {key: value for key, value in known.items() if key in keys}

    def unit(self) -> Unit:
        dead = self.sandbox.condition(self.name) is Condition.DEAD
        return Unit("loaded", "inactive" if dead else "active")

    def order(self, action: Action) -> None:
        threading.Thread(target=partial(self._obey, action)).start()

    def _obey(self, action: Action) -> None:
        if action in ("stop", "restart"):
            self.sandbox.terminate(self.name)
        if action in ("start", "restart"):
            self.sandbox.start(self.name, wait=False)

    def journal(self, seconds: float) -> Sequence[str]:
        del seconds
        return []


class Alone:
    """A batch of one host."""

    def once(self, read: Callable[[], InitialState]) -> InitialState:
        return read()

    def going(self, url: str, refuse: Callable[[Sequence[str]], None]) -> None:
        del url
        refuse(())


def scale(sandbox: Sandbox, name: str, state: str, **options: Any) -> Snapshot:
    """The result of worker_scale for a worker of the sandbox."""
    operation = partial(worker_scale, lambda _service: SandboxHost(sandbox, name), Alone())
    return run_operation(
        operation, WORKER_SCALE, sandbox, {"url": sandbox.urls, "state": state, "stable_for": 0, **options}
    )
