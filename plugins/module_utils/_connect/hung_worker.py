# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker that accepts connections but does not answer: it hangs, which differs from being stopped. Pure.

The kernel accepts connections for a suspended process. Its group member sends no heartbeats meanwhile, so the group removes it
after session.timeout.ms. When the worker wakes up, its tasks continue for a moment, until it learns of the removal.
"""

from __future__ import annotations

KIND = "no_answer"
"""The error kind of such a request (rest/answers.py)."""

FIX = "check its heap and garbage collection (jcmd PID GC.heap_info) and its disk, then restart it"

IS_MEMBER = "after session.timeout.ms the group reassigns its work to the other workers"

HAS_LEFT = "it is no longer a member of the group, and other workers have its work; when it wakes up, it may still write for a moment"


def hangs(why: str) -> str:
    """The text about such a worker. `why`: the result of the request, such as "no answer within 15 s"."""
    return f"hangs: it accepts connections and does not answer ({why})"


def silence(kind: str, why: str) -> str:
    """The text about a worker without an answer, by the kind of the error."""
    return hangs(why) if kind == KIND else f"does not answer ({why})"
