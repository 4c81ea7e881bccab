# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of a module from the view of its operation, on the controller or on a managed host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .._connect.model import Desired
from .._connect.reporting.report import Report
from .._connect.rest.client import Workers
from .._connect.rest.transport import Transport
from .._connect.run import Event, Run
from .._connect.snapshot.cluster import Cluster, open_cluster
from .options import Parameters, connection_of, run_of


class Conversation(Protocol):
    """Counts the requests of a run to the workers of one cluster, and the retries."""

    workers: Workers
    requests: int
    retries: int


@dataclass(eq=False, repr=False)
class Invocation:
    """The checked options of a module, and what its operation opens with them.

    `desired` is the desired set if the controller has resolved it here, else None. `report` receives each event for the
    user as it happens. No further request is sent once `is_wanted` returns False. `secrets` must not appear in the
    result.
    """

    parameters: Parameters
    check_mode: bool = False
    desired: Sequence[Desired] | None = None
    report: Callable[[Event], None] | None = None
    is_wanted: Callable[[], bool] = lambda: True
    secrets: frozenset[str] = frozenset()
    conversations: list[Conversation] = field(default_factory=list)
    started: Run | None = None

    @property
    def run(self) -> Run:
        """The run with its time limits; it starts when an operation first uses it. Raises InputError."""
        if self.started is None:
            self.started = run_of(self.parameters, self.report)
            self.started.is_wanted = self.is_wanted
            self.started.start_status_lines()
        return self.started

    def cluster(self) -> Cluster:
        """Opens the cluster of the connection options; sends nothing. Raises InputError."""
        transport = Transport(connection_of(self.parameters))
        cluster = open_cluster(transport, self.run, self.parameters.get("kafka_cluster_id") or "")
        self.conversations.append(cluster.api.client)
        return cluster


Operation = Callable[[Invocation], Report]
"""What a module does: from its options through the engine to a report."""
