# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which dead letters a task processes. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..patterns import any_match
from ..triage.diagnosis import diagnose
from .read import DeadLetter


@dataclass(frozen=True)
class Selection:
    """All of these must apply; an empty one always does. `connectors`, `origins`: names and patterns; `kinds`: kinds of causes;
    `stages`: as in the headers.
    """

    connectors: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()

    def includes(self, letter: DeadLetter) -> bool:
        """Whether this record is selected. A record without headers is selected only where none is asked for."""
        if not (self.connectors or self.origins or self.kinds or self.stages):
            return True
        context = letter.context
        if context is None:
            return False
        origin = "" if context.origin is None else context.origin.topic
        return (
            (not self.connectors or any_match(self.connectors)(context.connector))
            and (not self.origins or any_match(self.origins)(origin))
            and (not self.stages or context.stage in self.stages)
            and (not self.kinds or diagnose(context.error).kind in self.kinds)
        )


def position_group(topic: str, destination: str, selection: Selection, since: str) -> str:
    """Return the consumer group that keeps how far this topic was processed: the same for the same selection and destination.

    `since`: as the user wrote it. A time relative to now must not start a new position in each run.
    """
    chosen: Sequence[Sequence[str]] = (
        (destination, since),
        sorted(selection.connectors),
        sorted(selection.origins),
        sorted(selection.kinds),
        sorted(selection.stages),
    )
    digest = hashlib.sha256(json.dumps(chosen).encode()).hexdigest()[:12]
    return f"dead-letter-reprocess.{topic}.{digest}"
