# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker that accepts connections and does not answer: it hangs, which is another thing than to be stopped. Pure.

The kernel accepts connections for a process that stands still. Its consumer in the group sends no heartbeats meanwhile, so
the group takes it for dead after session.timeout.ms. When it wakes up, its tasks go on for a moment, until it learns that.
"""

from __future__ import annotations

KIND = "no_answer"
"""The kind of error of such a request (rest/answers.py)."""

CURE = "look at its heap and garbage collection (jcmd PID GC.heap_info) and at its disk, then restart it"

IS_MEMBER = "after session.timeout.ms the group gives its work to the others"

HAS_LEFT = "it is no member of the group any more and the others have its work; when it wakes up, it may still write for a moment"


def hangs(why: str) -> str:
    """What is said of such a worker. `why`: what came of the request, such as "no answer within 15 s"."""
    return f"hangs: it accepts connections and does not answer ({why})"


def silence(kind: str, why: str) -> str:
    """What is said of a worker that gave no answer, by the kind of error that was."""
    return hangs(why) if kind == KIND else f"does not answer ({why})"
