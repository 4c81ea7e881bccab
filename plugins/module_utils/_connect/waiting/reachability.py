# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the workers that statuses name still exist: tasks of a departed worker read RUNNING for minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..model import Connector
from ..parallel import in_parallel
from ..rest.api import Api
from ..rest.connection import worker_address
from ..rest.transport import NoAnswerError


@dataclass
class WorkerReachability:
    """What a run knows about the workers in its list. `departed`: those whose port refuses connections, by their id in
    statuses; they run nothing any more. `hung`: those that accepted a connection and did not answer when last probed.
    """

    api: Api
    max_parallel: int
    departed: frozenset[str] = frozenset()
    hung: frozenset[str] = frozenset()
    _listed: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._listed = {worker_address(url): url for url in self.api.workers.urls}

    def refresh(self) -> None:
        """Probes departed workers again: one may have returned, with its work."""
        self.departed = frozenset(place for place, state in self._states(self.departed).items() if state == "departed")

    def probe(self, places: Iterable[str]) -> frozenset[str]:
        """Probes the workers of the list; returns those whose state is unknown, because they cannot be reached from here."""
        states = self._states(place for place in places if place in self._listed)
        self.departed |= {place for place, state in states.items() if state == "departed"}
        self.hung = frozenset(place for place, state in states.items() if state == "hung")
        return frozenset(place for place, state in states.items() if state in ("unknown", "hung"))

    def _states(self, places: Iterable[str]) -> dict[str, str]:
        answers = in_parallel(self.api.run, self._state, sorted(places), self.max_parallel)
        return {place: answer if isinstance(answer, str) else "unknown" for place, answer in answers}

    def _state(self, place: str) -> str:
        try:
            self.api.client.probe(self._listed[place])
        except NoAnswerError as failure:
            return {"refused": "departed", "timeout": "hung", "hung": "hung"}.get(failure.reason, "unknown")
        return "present"


def places_of(seen: Connector) -> frozenset[str]:
    """The workers that run a connector and its tasks, as their statuses name them."""
    return frozenset({seen.worker_id, *(task.worker_id for task in seen.tasks)})
