# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a schema registry through its Confluent-compatible API.

Source: the API reference of Confluent's Schema Registry, which Apicurio Registry serves under /apis/ccompat. Nothing here changes a
registry: a check of compatibility is a POST, but stores nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ..errors import RequestError
from ..rest.answers import interpret_no_answer
from ..rest.client import Workers
from ..rest.operations import RestOperation
from ..rest.transport import Answer, NoAnswerError, Transport
from ..run import Run, backoff
from ..secrets import mask_text
from .subjects import Subject, Verdict, Version, level_of, numbers_of, verdict_of, version_of

ROUNDS = 2
"""How often all URLs of a registry are tried. A registry that restarts is read again by the next run."""

ACCEPT = ("Accept", "application/vnd.schemaregistry.v1+json, application/json;q=0.9")

_READ = RestOperation("registry", "GET", waits_for_herder=False)
_KINDS = {401: "authentication_failed", 403: "not_permitted"}
_ABSENT = range(40400, 40500)
"""Error codes of the registry for a subject, version or setting that does not exist."""


class RegistryClient:
    """Sends requests to the URLs of one registry, in their order, and counts them. Thread-safe.

    All methods raise RequestError, whose `reason` does not contain the request.
    """

    def __init__(self, transport: Transport, run: Run) -> None:
        self.transport = transport
        self.run = run
        self.workers = Workers(transport.connection.urls)
        self.requests = 0
        self.retries = 0
        self._lock = threading.Lock()

    def global_level(self) -> str:
        """The compatibility level of subjects without one of their own. The cheapest request that needs a login."""
        answer = self._get("/config")
        return level_of(answer.body) if answer is not None else ""

    def names(self) -> tuple[str, ...]:
        """The subjects that are not deleted, sorted."""
        answer = self._get("/subjects")
        body = answer.body if answer is not None else []
        if not isinstance(body, list):
            raise self._error(
                "GET", self.workers.current, "/subjects", "the answer is not a list of subjects", kind="registry_failed"
            )
        return tuple(sorted(map(str, body)))

    def subject(self, name: str, newest: int = 1) -> Subject | None:
        """A subject with its `newest` versions. None: it does not exist."""
        path = f"/subjects/{quote(name, safe='')}/versions"
        answer = self._get(path)
        numbers = numbers_of(answer.body) if answer is not None else ()
        if not numbers:
            return None
        own = self._get(f"/config/{quote(name, safe='')}")
        level = level_of(own.body) if own is not None else ""
        versions = (self._version(path, number) for number in reversed(numbers[-newest:] if newest else ()))
        return Subject(name, numbers, level or self.global_level(), bool(level), tuple(filter(None, versions)))

    def _version(self, path: str, number: int) -> Version | None:
        # It may be deleted meanwhile.
        answer = self._get(f"{path}/{number}")
        return version_of(answer.body) if answer is not None else None

    def accepts(self, name: str, schema: Mapping[str, Any]) -> Verdict:
        """Whether the registry would accept this schema as the next version of the subject. `schema`: schema, schemaType, references.

        For a subject that does not exist, it checks nothing, and `is_new` says so.
        """
        path = f"/compatibility/subjects/{quote(name, safe='')}/versions?verbose=true"
        answer = self._send("POST", path, schema)
        if answer is None:
            return Verdict(is_compatible=True, is_new=True)
        return verdict_of(answer)

    def _get(self, path: str) -> Answer | None:
        """The answer, None for 404 of what does not exist."""
        return self._send("GET", path, None)

    def _send(self, method: str, path: str, body: object) -> Answer | None:
        attempts, attempt = ROUNDS * len(self.workers.urls), 0
        while True:
            url = self.workers.current
            self.run.check(f"reading the schema registry {url}")
            tried = self._once(method, url, path, body)
            if isinstance(tried, Answer):
                return self._meaning(method, url, path, tried)
            attempt += 1
            is_slow = tried.kind in ("no_answer", "connection_timeout")
            has_other = self.workers.move_on(url, tried.kind)
            if attempt == attempts or not (has_other or (tried.again and not is_slow)):
                raise tried
            with self._lock:
                self.retries += 1
            if not has_other:
                self.run.pause(backoff(attempt))

    def _once(self, method: str, url: str, path: str, body: object) -> Answer | RequestError:
        """The answer, or the failure after which another URL may help."""
        with self._lock:
            self.requests += 1
        limit = max(self.run.limit(self.transport.connection.read_timeout), 0.1)
        try:
            answer = self.transport.exchange(url, method, path, body=body, timeout=limit)
        except NoAnswerError as failure:
            meant = interpret_no_answer(_READ, failure)
            return self._error(method, url, path, failure.detail, kind=meant.kind, again=meant.again)
        if answer.status == 429 or answer.status >= 500:
            text = f"HTTP {answer.status}: {answer.message}"
            return self._error(
                method,
                url,
                path,
                text,
                kind="registry_failed",
                status=answer.status,
                code=answer.error_code,
                again=True,
            )
        self.workers.good(url)
        return answer

    def _meaning(self, method: str, url: str, path: str, answer: Answer) -> Answer | None:
        if answer.is_json and (200 <= answer.status < 300 or answer.status == 422):
            return answer
        if answer.status == 404 and answer.error_code in _ABSENT:
            return None
        if 200 <= answer.status < 300 or answer.status == 404:
            text = f"this is not the API of a schema registry (HTTP {answer.status})"
        else:
            text = f"HTTP {answer.status}: {answer.message}"
        kind = _KINDS.get(answer.status, "registry_failed")
        raise self._error(method, url, path, text, kind=kind, status=answer.status, code=answer.error_code)

    def _error(
        self,
        method: str,
        url: str,
        path: str,
        text: str,
        *,
        kind: str,
        status: int = 0,
        code: int = 0,
        again: bool = False,
    ) -> RequestError:
        reason = mask_text(text)
        return RequestError(
            f"schema registry {url}: {reason}",
            reason=reason,
            kind=kind,
            advice=_FIXES.get(kind, "check the URL of the registry, and that it is running"),
            method=method,
            path=path.partition("?")[0],
            worker=url,
            http_status=status,
            error_code=code,
            again=again,
        )


_FIXES = {
    "authentication_failed": "give the login in registry.url_username and registry.url_password, or registry.token",
    "not_permitted": "this login may not read the registry: use another one",
}
