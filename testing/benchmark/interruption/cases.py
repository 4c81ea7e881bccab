# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations that are measured, each in several ways. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORKERS = 4
DEFAULT_DELAY = 300
"""Seconds of scheduled.rebalance.max.delay.ms without a setting."""

RESTART = f"{WORKERS} workers restart"
LEAVE = f"{WORKERS} workers become 2"
RETURN = f"2 workers become {WORKERS}"

_HERE = Path(__file__).parent
_SERVICE = "ansible.builtin.systemd_service"

Command = tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One way to perform an operation. `commands` run one after another; `workers` are the expected members afterwards.

    `drawn`: whether the picture shows it.
    """

    name: str
    operation: str
    way: str
    commands: tuple[Command, ...]
    workers: int = WORKERS
    drawn: bool = True


@dataclass(frozen=True)
class Case:
    """What is measured together: it starts and ends with all workers. `seconds` without, and `delays` with the delay."""

    steps: tuple[Step, ...]
    seconds: int
    delays: int

    @property
    def name(self) -> str:
        """The name for the command line."""
        return self.steps[0].name

    def estimate(self, delay: float) -> float:
        """About how many seconds the case takes, including the time until all tasks run again."""
        return self.seconds + self.delays * delay


def _playbook(name: str, hosts: str, **more: Any) -> Command:
    variables = {"rolling_hosts": hosts, "rolling_provision": False, **more}
    return ("ansible-playbook", f"streamops.kafka_connect.{name}", "-e", json.dumps(variables))


def _service(hosts: str, state: str) -> Command:
    return ("ansible", hosts, "--become", "-m", _SERVICE, "-a", f"name=kafka-connect state={state}")


def _responds(host: str) -> Command:
    """Wait until the worker responds, as a user would check manually."""
    return ("ansible-playbook", str(_HERE / "answers.yml"), "-e", f"answering={host}")


def _rolling_restart(order: str, release: str) -> Command:
    return _playbook("rolling_restart", "workers", rolling_force=True, rolling_order=order, rolling_release=release)


def _departure(name: str, way: str, command: Command, seconds: int, delays: int) -> Case:
    """Two workers leave, and come back."""
    back = Step(f"{name}-back", RETURN, f"scale_out after: {way}", (_playbook("scale_out", "later"),), drawn=False)
    return Case((Step(name, LEAVE, way, (command,), 2), back), seconds, delays)


ONE_AFTER_ANOTHER = tuple(
    command
    for number in range(1, WORKERS + 1)
    for command in (_service(f"worker-{number}", "restarted"), _responds(f"worker-{number}"))
)

LEADER_FIRST, RELEASE = "leader-first", "scale-in-release"
"""The defaults of the playbooks."""

CASES = (
    Case(
        (Step("by-hand", RESTART, "by hand, one after another until it responds", ONE_AFTER_ANOTHER),),
        seconds=90,
        delays=1,
    ),
    Case(
        (Step("at-once", RESTART, "by hand, all at once", (_service("workers", "restarted"),), drawn=False),),
        seconds=60,
        delays=1,
    ),
    Case(
        (Step("leader-last", RESTART, "rolling_restart, leader last", (_rolling_restart("leader_last", "never"),)),),
        seconds=180,
        delays=3,
    ),
    Case(
        (Step(LEADER_FIRST, RESTART, "rolling_restart, leader first", (_rolling_restart("leader_first", "auto"),)),),
        seconds=160,
        delays=0,
    ),
    _departure("stop", "by hand, both stopped at once", _service("later", "stopped"), seconds=110, delays=1),
    _departure(
        "scale-in-wait",
        "scale_in, waits",
        _playbook("scale_in", "later", rolling_release="never"),
        seconds=180,
        delays=2,
    ),
    _departure(
        RELEASE, "scale_in, releases", _playbook("scale_in", "later", rolling_release="auto"), seconds=180, delays=0
    ),
)

NAMES = tuple(case.name for case in CASES)
OURS = (LEADER_FIRST, RELEASE)
ONLY = (*NAMES, "ours")
"""What the command line can select; `ours` stands for OURS."""


def selected(only: Sequence[str]) -> tuple[Case, ...]:
    """The cases with these names, in their usual order; all of them without a name."""
    names = {name for word in only for name in (OURS if word == "ours" else (word,))}
    return tuple(case for case in CASES if not only or case.name in names)
