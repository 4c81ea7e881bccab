# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a worker is reported that accepts connections and does not answer: it hangs, and is not stopped. Pure.

The kernel accepts connections for a process that stands still. Such a process sends no heartbeats, so the group removes it
after session.timeout.ms. When it wakes up, its tasks continue for a moment, until it learns that they are others' now.
"""

from __future__ import annotations

KIND = "no_answer"
"""The kind of error of such a request (rest/answers.py)."""

FIX = "look at its heap and garbage collection (jcmd PID GC.heap_info) and at its disk, then restart it"

IS_MEMBER = "after session.timeout.ms the group gives its work to the others"

HAS_LEFT = "it is no longer a member of the group and the others have its work; when it wakes up, it may still write for a moment"


def hangs(why: str) -> str:
    """The description of such a worker. `why`: how the request ended, such as "no answer within 15 s"."""
    return f"hangs: it accepts connections and does not answer ({why})"


def silence(kind: str, why: str) -> str:
    """The description of a worker that gave no answer, by the kind of the error."""
    return hangs(why) if kind == KIND else f"does not answer ({why})"
