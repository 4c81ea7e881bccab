# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a caller of the engine may catch. Each error says whether the thing was done, was not done, or is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

# Control characters but tab and line feed, what changes the direction of writing, other ends of lines, halves of
# characters.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def legible(text: str) -> str:
    """The text as a person may read it: what a terminal would obey, and what can't be seen, is shown as an escape
    (`\\x1b`, `\\u202e`). Tabs and line feeds stay.
    """
    return text if text.isprintable() else _UNSEEN.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def one_line(text: str) -> str:
    """What somebody else has said, legible, on one line."""
    return legible(" ".join(text.split()))


def on_a_line(name: str) -> str:
    """A name or key as it stands in a line: legible, its own line feeds and tabs too."""
    return legible(name).replace("\n", "\\n").replace("\t", "\\t")


class Outcome(Enum):
    """What became of a request or of a whole change."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the input; its text is one line that names the object, the key and the cure."""

    text: str
    connector: str = ""
    key: str = ""


class ConnectError(Exception):
    """Everything the engine raises on purpose. `kind` is part of the interface (docs/guides/troubleshooting.md lists
    them).
    """

    kind = "error"
    outcome = Outcome.NOT_DONE

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        # Names and values that it quotes may come from anywhere.
        self.message = message if message.isprintable() else one_line(message)
        self.advice = advice


class InputError(ConnectError):
    """What the user gave can't be right; found before anything was changed. Its message has a line for each problem."""

    kind = "invalid_input"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(_on_one_line(problem) for problem in problems)
        message = "\n".join(problem.text for problem in self.problems)
        super().__init__(message)
        self.message = message


def _on_one_line(problem: Problem) -> Problem:
    """Names and values that it quotes may hold line breaks, and what a terminal takes for an order."""
    return problem if problem.text.isprintable() else replace(problem, text=one_line(problem.text))


class RequestError(ConnectError):
    """A request that did not get the answer it was sent for.

    `http_status` and `error_code` are 0 when there was no (such) answer. `worker` is the URL that was asked, `reason`
    what it said, without the request. `again`: asking later may help.
    """

    kind = "request_failed"

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        kind: str = "request_failed",
        outcome: Outcome = Outcome.NOT_DONE,
        advice: str = "",
        method: str = "",
        path: str = "",
        worker: str = "",
        http_status: int = 0,
        error_code: int = 0,
        again: bool = False,
    ) -> None:
        super().__init__(message, advice)
        self.reason = reason or message
        self.kind = kind
        self.outcome = outcome
        self.method = method
        self.path = path
        self.worker = worker
        self.http_status = http_status
        self.error_code = error_code
        self.again = again


class WrongClusterError(ConnectError):
    """The workers listed are not the one cluster that was asked for."""

    kind = "wrong_cluster"


class GuardError(ConnectError):
    """A guard against loss (purge limits, protected names) stopped the run before any change."""

    kind = "guard_refused"


class BrokersError(ConnectError):
    """The Kafka brokers gave no answer about the workers' group, or none that can be used."""

    kind = "brokers_failed"


class WorkerError(ConnectError):
    """A worker did not come or go as it was to, or its host could not be asked or refused. `outcome`: of an order to it."""

    kind = "worker_failed"

    def __init__(self, message: str, advice: str = "", *, outcome: Outcome = Outcome.NOT_DONE) -> None:
        super().__init__(message, advice)
        self.outcome = outcome


class WindowClosedError(ConnectError):
    """This is no low-traffic time, and the task was to fail then."""

    kind = "window_closed"


class NotHealthyError(ConnectError):
    """The cluster is not well, and the task was to fail then."""

    kind = "not_healthy"


class CancelledError(ConnectError):
    """The run was interrupted or its budget is used up; no further write was started."""

    kind = "cancelled"
