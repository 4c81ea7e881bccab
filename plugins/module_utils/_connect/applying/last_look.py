# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a run that took a while: is everything still as it was seen, also what needed no change at its beginning?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..errors import ConnectError
from ..model import Connector
from ..planning.drift import drift_of
from ..snapshot.cluster import Cluster

LOOKS = 3
PAUSE = 1.0
"""Seconds between looks: a worker that has just been turned to may be a moment behind the one that was asked before."""


@dataclass(frozen=True)
class LastLook:
    """`overtaken`: in words what somebody else has done to connectors, by name. `found`: all that was there then; None where
    nothing could be looked at.
    """

    overtaken: Mapping[str, str]
    found: Mapping[str, Connector] | None


def look_last(cluster: Cluster, expected: Mapping[str, Connector | None], others: Collection[str] = ()) -> LastLook:
    """Whether connectors are as they were seen, `expected` (None: not there). `others` have been there, too.

    What cannot be looked at any more stays as it was seen.
    """
    left = dict(expected)
    said: dict[str, str] = {}
    found: Mapping[str, Connector] | None = None
    try:
        for number in range(LOOKS):
            if number:
                cluster.api.client.clock.pause(PAUSE)
            known = [name for name, seen in left.items() if seen is not None]
            found = cluster.look_again([*known, *others], ())
            said = {name: text for name, seen in left.items() if (text := drift_of(seen, found.get(name)))}
            left = {name: left[name] for name in said}
            if not said:
                break
    except ConnectError:
        return LastLook({}, None)
    return LastLook(said, found)
