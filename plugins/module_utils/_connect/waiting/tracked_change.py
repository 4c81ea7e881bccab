# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What several looks at one change say together, which none of them says alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model import Connector
from ..planning.change import Change
from .proof import Assessment, ProofState


@dataclass
class TrackedChange:
    """What is remembered of one change between looks."""

    change: Change
    began: float
    finding: Assessment = field(default_factory=lambda: Assessment(ProofState.PENDING, "not looked at yet"))
    seen: Connector | None = None
    since: float | None = None
    looks: int = 0
    tasks_regenerated: bool = False
    revived: bool = False
    ran: bool = False
    deleted: bool = False
    warning: str = ""
    doubted_since: float | None = None

    def observe(self, finding: Assessment, seen: Connector | None, now: float) -> None:
        if finding.sight not in (ProofState.FAILED, ProofState.OLD_FAILURE) and seen is not None and seen.state:
            self.revived = True  # From now on even a failure that looks like the former one is a new one.
        if finding.sight is ProofState.OLD_FAILURE and self.revived:
            finding = Assessment(ProofState.FAILED, finding.reason.replace(" as before", " again"))
        if finding.sight is ProofState.GOOD and seen is not None and seen.state == "RUNNING":
            self.ran = True
        if self.deleted and seen is None and finding.sight is ProofState.NO_STATUS:
            finding = Assessment(ProofState.OVERTAKEN, "somebody else has deleted it since")
        # No connector comes to rest by itself.
        if (
            self._worked
            and finding.sight is ProofState.PENDING
            and seen is not None
            and seen.state in ("PAUSED", "STOPPED")
        ):
            finding = Assessment(ProofState.OVERTAKEN, f"somebody else has {seen.state.lower()} it since")
        if finding.sight is not self.finding.sight or self.since is None:
            self.since, self.looks = now, 0
        self.finding, self.seen = finding, seen
        self.looks += 1

    def doubt(self, finding: Assessment, now: float) -> None:
        """What another question tells against a look that was good, again and again: it lasts since it was told first."""
        self.observe(finding, self.seen, now)
        self.since = self.doubted_since = now if self.doubted_since is None else self.doubted_since

    @property
    def _worked(self) -> bool:
        """Whether it has run, before the change or after it, and shall go on."""
        before = self.change.before
        return self.ran or (self.change.wanted == "running" and before is not None and before.state == "RUNNING")

    def lasted(self, now: float) -> float:
        return now - self.since if self.since is not None else 0.0
