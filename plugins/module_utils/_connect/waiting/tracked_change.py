# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One change over several snapshots, which show together what none of them shows alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model import Connector
from ..planning.change import Change
from .proof import Assessment, ProofState


@dataclass
class TrackedChange:
    """What the run remembers of one change between snapshots."""

    change: Change
    began: float
    assessment: Assessment = field(default_factory=lambda: Assessment(ProofState.PENDING, "not checked yet"))
    seen: Connector | None = None
    since: float | None = None
    polls: int = 0
    tasks_regenerated: bool = False
    revived: bool = False
    ran: bool = False
    deleted: bool = False
    warning: str = ""
    doubted_since: float | None = None

    def observe(self, assessment: Assessment, seen: Connector | None, now: float) -> None:
        if assessment.state not in (ProofState.FAILED, ProofState.OLD_FAILURE) and seen is not None and seen.state:
            self.revived = True  # From now on a failure that equals the previous one is a new one.
        if assessment.state is ProofState.OLD_FAILURE and self.revived:
            assessment = Assessment(ProofState.FAILED, assessment.reason.replace(" as before", " again"))
        if assessment.state is ProofState.GOOD and seen is not None and seen.state == "RUNNING":
            self.ran = True
        if self.deleted and seen is None and assessment.state is ProofState.NO_STATUS:
            assessment = Assessment(ProofState.OVERTAKEN, "another user or run has deleted it since")
        # No connector is paused or stopped by itself.
        if self._worked and assessment.state is ProofState.PENDING and seen is not None and seen.is_idle:
            assessment = Assessment(ProofState.OVERTAKEN, f"another user or run has {seen.state.lower()} it since")
        if assessment.state is not self.assessment.state or self.since is None:
            self.since, self.polls = now, 0
        self.assessment, self.seen = assessment, seen
        self.polls += 1

    def doubt(self, assessment: Assessment, now: float) -> None:
        """Another request contradicts a good snapshot, perhaps repeatedly: the doubt lasts since the first contradiction."""
        self.observe(assessment, self.seen, now)
        self.since = self.doubted_since = now if self.doubted_since is None else self.doubted_since

    @property
    def _worked(self) -> bool:
        """Whether it ran, before or after the change, and should continue to run."""
        before = self.change.before
        return self.ran or (self.change.desired_state == "running" and before is not None and before.state == "RUNNING")

    def lasted(self, now: float) -> float:
        return now - self.since if self.since is not None else 0.0
