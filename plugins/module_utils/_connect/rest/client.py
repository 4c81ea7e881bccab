# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends requests to a cluster: selects the worker, interprets the response, and retries while that is safe and in time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from ..errors import Outcome, RequestError
from ..run import Run, backoff
from .operations import RestOperation
from .transport import Answer, NoAnswerError, Transport

if TYPE_CHECKING:
    from .answers import Refusal

COOL_DOWN = 20.0
"""Seconds for which a worker that did not respond is used only if no other is left."""

FIRST_CONTACT_ROUNDS = 3
"""How often the whole list is tried if none of its workers has responded yet: a wrong URL must not cost
conflict_timeout.
"""

_NO_CONTACT = frozenset(
    {
        "connection_refused",
        "host_unknown",
        "host_unreachable",
        "connection_timeout",
        "connection_dropped",
        "no_answer",
        "proxy_failed",
        "gateway_failed",
    }
)
_SLOW = frozenset({"no_answer", "connection_timeout"})


class Workers:
    """The workers of the list, in order of preference, and which of them responded. Thread-safe."""

    def __init__(self, urls: tuple[str, ...]) -> None:
        self.urls = urls
        self._lock = threading.Lock()
        self._current = urls[0]
        self._bad_since: dict[str, float] = {}
        self._failures: dict[str, str] = {}
        self._answered: set[str] = set()

    @property
    def current(self) -> str:
        return self._current

    def has_answered(self, url: str | None = None) -> bool:
        """Whether this worker (or any) has responded in this run."""
        with self._lock:
            return bool(self._answered) if url is None else url in self._answered

    def is_cooling_down(self, url: str) -> bool:
        """Whether this worker did not respond recently."""
        with self._lock:
            since = self._bad_since.get(url)
            return since is not None and time.monotonic() - since < COOL_DOWN

    def good(self, url: str) -> None:
        with self._lock:
            self._answered.add(url)
            self._bad_since.pop(url, None)

    def rotate(self) -> None:
        """Make another worker the current one, although nothing is wrong with this one: for a second opinion."""
        with self._lock:
            _others, fresh = self._after(self._current)
            if fresh:
                self._current = fresh[0]

    def forgive(self) -> None:
        """Forget which workers did not respond: a run that waits for workers to come back tries all of them each time."""
        with self._lock:
            self._bad_since.clear()

    def _after(self, url: str) -> tuple[list[str], list[str]]:
        """The other workers, in their order from this one on, and those of them that are not cooling down."""
        now = time.monotonic()
        start = self.urls.index(url) if url in self.urls else 0
        others = [self.urls[(start + step) % len(self.urls)] for step in range(1, len(self.urls))]
        return others, [other for other in others if now - self._bad_since.get(other, now - COOL_DOWN) >= COOL_DOWN]

    def failure_of(self, url: str) -> str:
        """The kind of error for which this worker was last left; empty if it never was."""
        with self._lock:
            return self._failures.get(url, "")

    def move_on(self, url: str, kind: str = "") -> bool:
        """Make another worker the current one. Returns False if no other is worth a request now. `kind`: the reason."""
        with self._lock:
            self._failures[url] = kind
            self._bad_since[url] = time.monotonic()
            others, fresh = self._after(url)
            if fresh:
                self._current = fresh[0]
                return True
            if others:
                self._current = min(others, key=lambda other: self._bad_since[other])
            return False


Explain = Callable[[], "tuple[str, str] | None"]
"""Finds out why the leader can't be reached: the reason and the fix, None as long as waiting may help."""

EXPLAIN_AFTER = 10.0
"""Seconds of refusals after which the run finds out the reason: most rebalances have ended by then."""

_AT_THE_LEADER = frozenset({"conflict", "forwarding_failed"})


class Client:
    """The requests of one run to one cluster, which it counts. Thread-safe. `explain` is called when changes keep being
    refused.
    """

    def __init__(self, transport: Transport, run: Run) -> None:
        self.transport = transport
        self.run = run
        self.workers = Workers(transport.connection.urls)
        self.requests = 0
        self.retries = 0
        self.explain: Explain | None = None
        self._lock = threading.Lock()
        self._announced = 0.0

    def call(
        self,
        operation: RestOperation,
        path: str,
        *,
        body: object = None,
        worker: str | None = None,
        timeout: float | None = None,
        until: Callable[[], float] | None = None,
        once: bool = False,
    ) -> Answer:
        """Send the operation until it is done. Raises RequestError if it is not, or if its outcome is unknown.

        A write with an unknown outcome is never repeated here: the caller, which knows the intended effect, reads the
        state first. `worker` pins the request to one worker. `until` returns the seconds left to the caller. `once`:
        send it once only, and let the caller choose the next worker.
        """
        attempt = 0
        began = time.monotonic()
        with ExitStack() as asking_again:
            while True:
                self.run.check(f"sending {operation.method} {path}")
                url = worker or self.workers.current
                limit = self._limit(operation, timeout, until)
                tried = self._attempt(operation, url, path, body, limit)
                if isinstance(tried, Answer):
                    return tried
                attempt += 1
                error = tried.error
                if once or (operation.writes and error.outcome is Outcome.UNKNOWN) or not error.again:
                    raise error
                if attempt == 1:
                    # Count more than the pauses: a stuck worker takes 90 s for each response.
                    asking_again.enter_context(self.run.riding_out())
                final = self._retry(tried, attempt, began, pinned=worker is not None, until=until)
                if final is not None:
                    raise final
                with self._lock:
                    self.retries += 1

    def probe(self, url: str) -> None:
        """Ask a worker once whether it is there. Raises NoAnswerError if it isn't."""
        with self._lock:
            self.requests += 1
        self.transport.exchange(url, "GET", "/")

    def _limit(self, operation: RestOperation, timeout: float | None, until: Callable[[], float] | None) -> float:
        connection = self.transport.connection
        limit = timeout or (connection.request_timeout if operation.waits_for_herder else connection.read_timeout)
        if until is not None:
            limit = min(limit, max(until(), 1.0))
        return max(self.run.limit(limit), 0.1)

    def _attempt(self, operation: RestOperation, url: str, path: str, body: object, limit: float) -> Answer | Refusal:
        """The response of an operation that is done, otherwise the failure."""
        with self._lock:
            self.requests += 1
        try:
            answer = self.transport.exchange(
                url, operation.method, path, body=body, timeout=limit, waits_for_herder=operation.waits_for_herder
            )
        except NoAnswerError as failure:
            return self._not_plain(operation, url, path, failure)
        if 200 <= answer.status < 300 and answer.is_json:
            self.workers.good(url)
            return answer
        return self._not_plain(operation, url, path, answer)

    def _not_plain(
        self, operation: RestOperation, url: str, path: str, received: Answer | NoAnswerError
    ) -> Answer | Refusal:
        """The meaning of any response except JSON with a status of success."""
        from .answers import understand  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        meant = understand(operation, url, path, received)
        if isinstance(received, Answer) and (isinstance(meant, Answer) or meant.error.kind not in _NO_CONTACT):
            self.workers.good(url)
        return meant

    def _retry(
        self, refusal: Refusal, attempt: int, began: float, *, pinned: bool, until: Callable[[], float] | None
    ) -> RequestError | None:
        """Return None after the pause before the next attempt, or the error to raise if there is none."""
        error = refusal.error
        if refusal.elsewhere and not pinned and self.workers.move_on(error.worker, error.kind):
            return None
        rounds = attempt if pinned else attempt / len(self.workers.urls)
        stranger = not self.workers.has_answered(error.worker if pinned else None)
        # If others can serve the run, it does not wait for the one that has crashed.
        replaceable = pinned and len(self.workers.urls) > 1
        if (
            error.kind in _NO_CONTACT
            and (stranger or replaceable)
            and rounds >= (1 if error.kind in _SLOW else FIRST_CONTACT_ROUNDS)
        ):
            return error
        pause = max(backoff(attempt), refusal.retry_after)
        left = min(self.run.conflict_remaining(), self.run.remaining(), until() if until else float("inf"))
        if pause > left:
            waited = time.monotonic() - began
            spent = f"tried {attempt} times in {waited:.0f} s; {self._used_up(pause)}"
            return error.reworded(f"{error.message} ({spent})", error.advice)
        self._announce(error, began)
        hopeless = self._explained(error, began)
        if hopeless is None:
            self.run.pause(pause)
        return hopeless

    def _explained(self, error: RequestError, began: float) -> RequestError | None:
        """The error with the reason why the leader cannot be reached, if that is known and will not change."""
        waited = time.monotonic() - began
        if self.explain is None or error.kind not in _AT_THE_LEADER or waited < EXPLAIN_AFTER:
            return None
        known = self.explain()
        if known is None:
            return None
        reason, advice = known
        # The same text for every change that is affected, so that it is reported once.
        return error.reworded(f"refused with HTTP {error.http_status}, and waiting cannot help: {reason}", advice)

    def _used_up(self, pause: float) -> str:
        """Which time limit does not allow another attempt."""
        if pause > self.run.conflict_remaining():
            return f"conflict_timeout of {self.run.conflict_timeout:g} s is used up"
        if pause > self.run.remaining():
            return f"run_timeout of {self.run.run_timeout:g} s is used up"
        return "no time was left"

    def _announce(self, error: RequestError, began: float) -> None:
        """Report why nothing progresses: once after a second, then at most every ten."""
        now = time.monotonic()
        with self._lock:
            due = now - began >= 1.0 and now - self._announced >= 10.0
            if due:
                self._announced = now
        if due:
            self.run.event(f"waiting for {now - began:.0f} s: {error.reason}")
