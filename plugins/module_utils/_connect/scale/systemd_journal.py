# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a worker does not run, from its journal. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import one_line
from ..secrets import mask_text
from ..triage.first_cause import first_cause

KEPT = 8
LONGEST_LINE = 400

_RECORD = re.compile(r"\[\d{4}-\d\d-\d\d[^\]]*\] (?P<level>[A-Z]+) (?P<text>.*)")
"""The head of a log record; lines without such a head, such as a stack trace, belong to the record before."""

_JVM = re.compile(
    r"^(Error:|Error occurred|Exception in thread|Caused by:|Invalid |Unrecognized |OpenJDK .*(error|failed))", re.I
)
"""What Java prints before there is a log."""

_TERMINATED = re.compile(r"Terminating due to (?P<cause>.+)")
"""The last line of a JVM that ends because it has no memory left, with ExitOnOutOfMemoryError."""

_SYSTEMD = re.compile(r"Failed to|status=\d+/[A-Z_]+|oom-kill|No such file|Permission denied", re.I)


def cause_of(lines: Sequence[str]) -> str:
    """One line: why the JVM ended, the root cause of the last error in the log, or what Java or systemd printed; "" for neither."""
    for begin in range(len(lines) - 1, -1, -1):
        terminated = _TERMINATED.match(lines[begin])
        if terminated is not None:
            return first_cause(terminated["cause"])
        head = _RECORD.match(lines[begin])
        if head is None or head["level"] not in ("ERROR", "FATAL"):
            continue
        trace = []
        for line in lines[begin + 1 :]:
            if _RECORD.match(line):
                break
            trace.append(line)
        return first_cause("\n".join(trace)) or _shown(head["text"])
    for sign in (_JVM, _SYSTEMD):
        for line in reversed(lines):
            if sign.search(line):
                return first_cause(line.removeprefix('Exception in thread "main" ')) if sign is _JVM else _shown(line)
    return ""


def relevant_lines(lines: Sequence[str]) -> list[str]:
    """The last few lines that matter to a person: errors and causes, without stack frames."""
    relevant = [line for line in lines if _is_relevant(line)]
    return [_shown(line) for line in (relevant or [line for line in lines if line.strip()])[-KEPT:]]


def _is_relevant(line: str) -> bool:
    head = _RECORD.match(line)
    if head is not None:
        return head["level"] in ("ERROR", "FATAL")
    return bool(
        _JVM.search(line)
        or _TERMINATED.match(line)
        or _SYSTEMD.search(line)
        or re.match(r"(Caused by: )?[\w.$]+(Exception|Error)\b", line)
    )


def _shown(line: str) -> str:
    text = mask_text(one_line(line))
    return text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE].rstrip() + "…"
