# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP to one worker: sessions, TLS, authentication, time limits. The only file of the engine that touches the
network.
"""

from __future__ import annotations

import json
import queue
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import InputError, Problem, one_line
from .connection import Connection, connection_problems

try:
    import requests
    import requests.auth
    import requests.utils
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

_LONGEST_SHOWN = 10_000
"""Characters at the start of an answer without JSON in which something to show is looked for."""

OWN_LIMITS_FIRST = 0.5
"""Seconds that a request gets beyond its limit to say itself what it was waiting for."""

NoAnswerReason = Literal[
    "refused", "unresolved", "unreachable", "connect_timeout", "tls", "proxy", "dropped", "timeout", "hung"
]


@dataclass(frozen=True)
class Answer:
    """One complete HTTP answer. `body` is the parsed JSON, or None where there was none (`is_json` tells)."""

    status: int
    body: Any
    is_json: bool
    text: str = ""
    retry_after: float | None = None
    content_type: str = ""

    @property
    def message(self) -> str:
        """Connect's own error message ({"error_code", "message"}), or the start of whatever else came: one line."""
        if isinstance(self.body, dict) and isinstance(self.body.get("message"), str):
            return one_line(self.body["message"])
        from ..secrets import mask_text  # noqa: PLC0415  # only what went wrong is shown; most runs need it not

        # Masked before it is cut: half of a secret does not look like one.
        text = mask_text(self.text[:_LONGEST_SHOWN].lstrip())
        if text.startswith("<"):
            # To the end of the text where it does not end, so that each page is read once.
            title = re.search(r"<title[^<>]*>(.*?)(</title>|\Z)", text, re.IGNORECASE | re.DOTALL)
            return f'a web page titled "{one_line(title[1])[:80]}"' if title and title[2] else "a web page"
        return one_line(text)[:200]

    @property
    def error_code(self) -> int:
        code = self.body.get("error_code") if isinstance(self.body, dict) else None
        return code if isinstance(code, int) else 0


class NoAnswerError(Exception):
    """A request that got no complete answer. `sent` is False only when the worker cannot have received it."""

    def __init__(self, reason: NoAnswerReason, detail: str, *, sent: bool) -> None:
        super().__init__(detail)
        self.reason: NoAnswerReason = reason
        self.detail = detail
        self.sent = sent


class Transport:
    """Exchanges requests with workers over kept connections.

    A session serves one request at a time and is kept for the next one, so any number of threads may use a Transport.
    """

    def __init__(self, connection: Connection) -> None:
        if not HAS_REQUESTS:
            raise InputError(
                [
                    Problem(
                        "the Python library requests is missing: install it where the task runs (pip install requests)"
                    )
                ]
            )
        problems = connection_problems(connection)
        if problems:
            raise InputError(problems)
        self.connection = connection
        self._idle: queue.LifoQueue[requests.Session] = queue.LifoQueue()
        self._proxies = {url: _proxies(connection, url) for url in connection.urls}
        if not connection.validate_certs:
            # The user asked for this; one line per request on stderr would only hide other output.
            requests.packages.urllib3.disable_warnings()  # type: ignore[attr-defined]  # the re-export has no type stub

    def exchange(
        self,
        worker: str,
        method: str,
        path: str,
        *,
        body: object = None,
        timeout: float | None = None,
        waits_for_herder: bool = False,
    ) -> Answer:
        """Sends one request to one worker; `path` is percent-encoded already. Raises NoAnswerError, within `timeout`.

        With `waits_for_herder` the request may take longer than a healthy worker ever needs for GET /; while it does,
        the worker is probed, so that one which has stopped answering altogether is given up long before `timeout`.
        """
        limit = timeout if timeout is not None else self._limit(waits_for_herder)
        probed = waits_for_herder and limit > self.connection.read_timeout
        return self._supervised(worker, lambda: self._exchange(worker, method, path, body, limit), limit, probed=probed)

    def _limit(self, waits_for_herder: bool) -> float:
        return self.connection.request_timeout if waits_for_herder else self.connection.read_timeout

    def _supervised(self, worker: str, request: Callable[[], Answer], limit: float, *, probed: bool) -> Answer:
        """Sockets have a time limit for each read alone: one whose answer comes in drops would never reach it."""
        results: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()

        def run() -> None:
            try:
                results.put(request())
            except Exception as error:  # noqa: BLE001  # handed to the caller's thread, which raises it
                results.put(error)

        # A daemon: a request that is given up must not keep the process from ending.
        threading.Thread(target=run, daemon=True, name="kafka-connect-request").start()
        # The request's own limits come first where they can: they know more of what went wrong.
        deadline = time.monotonic() + limit + OWN_LIMITS_FIRST
        while True:
            left = deadline - time.monotonic()
            try:
                result = results.get(timeout=max(min(left, self.connection.read_timeout) if probed else left, 0.001))
                break
            except queue.Empty:
                if time.monotonic() >= deadline:
                    raise NoAnswerError("timeout", f"no answer within {limit:g} s", sent=True) from None
                self._probe(worker, results)
        if isinstance(result, Exception):
            raise result
        return result

    def _probe(self, worker: str, results: queue.SimpleQueue[Answer | Exception]) -> None:
        try:
            self._exchange(worker, "GET", "/", None, self.connection.read_timeout)
        except NoAnswerError as error:
            if results.empty():
                text = f"the worker has stopped answering ({error.detail})"
                raise NoAnswerError("hung", text, sent=True) from error

    def _exchange(self, worker: str, method: str, path: str, body: object, limit: float) -> Answer:
        session = self._take_session()
        started = time.monotonic()
        try:
            response = session.request(
                method,
                worker.rstrip("/") + path,
                data=None if body is None else json.dumps(body).encode(),
                headers={"Content-Type": "application/json"} if body is not None else None,
                timeout=(min(self.connection.connect_timeout, limit), max(limit, 0.001)),
                # Given with each request: on the session it would be overridden by REQUESTS_CA_BUNDLE.
                verify=(self.connection.ca_path or True) if self.connection.validate_certs else False,
                proxies=self._proxies.get(worker),
                allow_redirects=False,
                stream=True,
            )
            content = _read(response, started + limit)
        except (requests.RequestException, OSError) as error:
            session.close()
            raise self._no_answer(error, limit) from error
        except BaseException:
            session.close()
            raise
        self._idle.put(session)
        return _answer(response, content, self.connection.text_limit)

    def _take_session(self) -> requests.Session:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._new_session()

    def _new_session(self) -> requests.Session:
        connection = self.connection
        session = requests.Session()
        # Neither ~/.netrc nor proxies of the environment unless asked for: what is sent is what the options say.
        session.trust_env = False
        # Even where redirects are not followed, requests prepares the next request: it reads the body without our
        # limits, and fails at one that is damaged, or at a Location that is no URL.
        session.get_redirect_target = _no_redirect_target  # type: ignore[assignment, method-assign]  # requests may be missing, so no subclass
        session.headers["User-Agent"] = connection.http_agent
        session.headers["Accept"] = "application/json"
        session.headers.update(dict(connection.headers))
        if connection.token:
            session.headers["Authorization"] = f"Bearer {connection.token}"
        elif connection.username:
            session.auth = requests.auth.HTTPBasicAuth(connection.username.encode(), connection.password.encode())
        if connection.client_cert:
            session.cert = (
                (connection.client_cert, connection.client_key) if connection.client_key else connection.client_cert
            )
        return session

    def _no_answer(self, error: Exception, limit: float) -> NoAnswerError:
        if isinstance(error, requests.ConnectTimeout):
            return NoAnswerError(
                "connect_timeout", f"no connection within {self.connection.connect_timeout:g} s", sent=False
            )
        if isinstance(error, requests.exceptions.SSLError):
            text = _innermost(error)
            plain = any(sign in text for sign in _NO_TLS)
            return NoAnswerError("tls", "the URL says https and the port has no TLS" if plain else text, sent=False)
        if isinstance(error, requests.exceptions.ProxyError):
            return NoAnswerError("proxy", _innermost(error), sent=False)
        if isinstance(error, requests.Timeout):
            return NoAnswerError("timeout", f"no answer within {limit:g} s", sent=True)
        text = _innermost(error)
        if _TLS_ALERT in text:
            return NoAnswerError("tls", "the URL says http and the port wants TLS", sent=False)
        for reason, words in _NEVER_CONNECTED.items():
            if any(word in text for word in words):
                return NoAnswerError(reason, text, sent=False)
        if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
            # requests looks for the TLS files itself and says which one is not there.
            scope = self.connection.scope
            cure = f"check {scope}client_cert, {scope}client_key and {scope}ca_path"
            raise InputError([Problem(f"{text}: {cure}")]) from error
        if isinstance(error, requests.exceptions.ConnectionError) and "Read timed out" in text:
            return NoAnswerError("timeout", f"no answer within {limit:g} s", sent=True)
        # What a port says that speaks no HTTP may be anything.
        return NoAnswerError("dropped", one_line(text), sent=True)


_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")
"""What OpenSSL says of a first answer that is no TLS."""

_TLS_ALERT = "\x15\x03"
"""With these two bytes a TLS port tells that it was sent no TLS (RFC 8446, 5.1: alert, protocol version)."""

_NEVER_CONNECTED: Mapping[NoAnswerReason, tuple[str, ...]] = {
    "refused": ("Connection refused",),
    "unresolved": (
        "Name or service not known",
        "Temporary failure in name resolution",
        "nodename nor servname",
        "No address associated",
    ),
    "unreachable": ("No route to host", "Network is unreachable", "Host is unreachable", "Host is down"),
}


def _no_redirect_target(_response: requests.Response) -> None:
    """Takes each answer for the last one."""


def _proxies(connection: Connection, url: str) -> dict[str, str]:
    if not connection.use_proxy:
        return {}
    return dict(requests.utils.get_environ_proxies(url, no_proxy=None))


def _read(response: requests.Response, deadline: float) -> bytes:
    """The whole body, within the deadline even when it comes in drops."""
    chunks = []
    for chunk in response.iter_content(1 << 18):
        chunks.append(chunk)
        if time.monotonic() > deadline:
            raise requests.ReadTimeout("Read timed out")
    return b"".join(chunks)


def _answer(response: requests.Response, content: bytes, text_limit: int | None) -> Answer:
    body: Any = None
    is_json = False
    if content:
        try:
            body = json.loads(content)
            is_json = True
        except (ValueError, RecursionError):
            pass
    return Answer(
        status=response.status_code,
        body=body,
        is_json=is_json,
        text="" if is_json else content[:text_limit].decode("utf-8", "replace"),
        retry_after=_retry_after(response.headers.get("Retry-After", "")),
        content_type=response.headers.get("Content-Type", ""),
    )


def _retry_after(value: str) -> float | None:
    """Seconds of a Retry-After header. The date form is left alone: the clocks of two machines need not agree."""
    return min(float(value), 60.0) if value.isascii() and value.isdigit() else None


def _innermost(error: BaseException) -> str:
    """The text of the error at the bottom of the chain, without the object addresses that urllib3 puts into its own."""
    seen = {id(error)}
    current = error
    while True:
        reason = getattr(current, "reason", None)
        inner = reason if isinstance(reason, BaseException) else None
        if inner is None and current.args and isinstance(current.args[-1], BaseException):
            inner = current.args[-1]
        if inner is None and current.args and isinstance(current.args[0], BaseException):
            inner = current.args[0]
        inner = inner or current.__cause__
        if inner is None or id(inner) in seen:
            break
        seen.add(id(inner))
        current = inner
    text = str(current)
    text = re.sub(r"^\[Errno -?\d+\] ", "", text.rsplit(">: ", 1)[-1].strip())
    return text or type(current).__name__
