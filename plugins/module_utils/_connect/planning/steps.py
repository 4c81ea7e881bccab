# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The writes that a change may consist of. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from ..model import Config, RunState


@dataclass(frozen=True)
class Create:
    config: Config
    initial_state: RunState = "running"
    action = "create"


@dataclass(frozen=True)
class Update:
    config: Config
    action = "update"


@dataclass(frozen=True)
class Delete:
    action = "delete"


@dataclass(frozen=True)
class Pause:
    action = "pause"


@dataclass(frozen=True)
class Resume:
    action = "resume"


@dataclass(frozen=True)
class Stop:
    action = "stop"


@dataclass(frozen=True)
class Restart:
    """POST /restart with these options (KIP-745); both False restarts the connector instance alone."""

    include_tasks: bool = True
    only_failed: bool = True
    action = "restart"


Step = Union[Create, Update, Delete, Pause, Resume, Stop, Restart]
