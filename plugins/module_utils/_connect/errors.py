# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors that a caller of the engine may catch. Each has an outcome: done, not done or unknown."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple


def legible(text: str) -> str:
    """The text for a person: characters that a terminal obeys or does not show become escapes (`\\x1b`, `\\u202e`). Tabs and
    line feeds stay.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character in "\n\t" else _escape(character) for character in text
    )


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def one_line(text: str) -> str:
    """Text from another source, legible, on one line."""
    return legible(" ".join(text.split()))


def on_a_line(name: str) -> str:
    """A name or key within a line: legible, with its line feeds and tabs as escapes, too."""
    return legible(name).replace("\n", "\\n").replace("\t", "\\t")


class Outcome(Enum):
    """The outcome of a request or of a whole change."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


class Problem(NamedTuple):
    """One error in the input; its text is one line that names the object, the key and the fix."""

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
        # The quoted names and values may come from any source.
        self.message = message if message.isprintable() else one_line(message)
        self.advice = advice


class InputError(ConnectError):
    """The input is wrong; found before any change. Its message has one line per problem."""

    kind = "invalid_input"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(_on_one_line(problem) for problem in problems)
        message = "\n".join(problem.text for problem in self.problems)
        super().__init__(message)
        self.message = message


def _on_one_line(problem: Problem) -> Problem:
    """The problem with a printable text: quoted names and values may contain line breaks and control sequences."""
    return problem if problem.text.isprintable() else problem._replace(text=one_line(problem.text))


class RequestError(ConnectError):
    """A request without a successful answer.

    `http_status` and `error_code` are 0 if the answer had none, or there was no answer. `worker`: the URL of the request,
    `reason`: the failure without the request. `again`: a later retry may succeed.
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

    def reworded(self, message: str, advice: str) -> RequestError:
        """A copy of this error with another message and advice."""
        other = copy(self)
        other.message, other.advice = message, advice
        return other


class WrongClusterError(ConnectError):
    """The listed workers are not the one expected cluster."""

    kind = "wrong_cluster"


class GuardError(ConnectError):
    """A guard against loss (purge limits, protected names) stopped the run before any change."""

    kind = "guard_refused"


if TYPE_CHECKING:
    from typing import Literal

    BrokersCause = Literal["", "no_client", "unusable", "denied", "no_group", "several_groups"]
    ServerProblem = Literal["", "unreachable", "unusable"]
else:
    # A managed host may have Python 3.7, which has no such type.
    BrokersCause = ServerProblem = str
"""BrokersCause: why the workers' group is unknown. There is no Kafka client here; no broker can be used (TLS, login, port); the group must not
be described; it does not exist; more than one fits. Empty: another reason, such as a broker that restarts.

ServerProblem: why a bootstrap server is none. No connection or no answer, or a port that speaks something other than the client does. Empty:
another reason, such as a refused login.
"""


class BrokersError(ConnectError):
    """The Kafka brokers returned no usable answer about the workers' group. `reason`: the failure without the servers."""

    kind = "brokers_failed"

    def __init__(
        self,
        message: str,
        advice: str = "",
        *,
        cause: BrokersCause = "",
        reason: str = "",
        server_problem: ServerProblem = "",
    ) -> None:
        super().__init__(message, advice)
        self.cause = cause
        self.reason = reason or self.message
        self.server_problem: ServerProblem = server_problem


class WorkerError(ConnectError):
    """A worker did not start or stop as requested, or its host failed or refused. `outcome`: of the order to it."""

    kind = "worker_failed"

    def __init__(self, message: str, advice: str = "", *, outcome: Outcome = Outcome.NOT_DONE) -> None:
        super().__init__(message, advice)
        self.outcome = outcome


class WindowClosedError(ConnectError):
    """This is not a low-traffic time, and the task fails then."""

    kind = "window_closed"


class NotHealthyError(ConnectError):
    """The cluster is not healthy, and the task fails then."""

    kind = "not_healthy"


class SchemaRejectedError(ConnectError):
    """A schema registry would not accept a schema, and the task fails then."""

    kind = "schema_rejected"


class NotHealedError(ConnectError):
    """A failed connector could not be restarted; or one is left or failed again, and the task fails then."""

    kind = "not_healed"


class CancelledError(ConnectError):
    """The run was interrupted or its time is used up; no further write was started."""

    kind = "cancelled"


class OffsetsError(ConnectError):
    """The offsets of a connector could not be changed as requested. `kind` says why, `outcome` what happened to them."""

    def __init__(
        self, message: str, advice: str = "", *, kind: str = "offsets_refused", outcome: Outcome = Outcome.NOT_DONE
    ) -> None:
        super().__init__(message, advice)
        self.kind = kind
        self.outcome = outcome
