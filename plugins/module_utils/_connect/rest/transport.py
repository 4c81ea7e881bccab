# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP requests to workers: sessions, TLS, authentication, time limits. The only file of the engine that uses HTTP."""

from __future__ import annotations

import http.client
import json
import queue
import re
import ssl
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Literal, NamedTuple

from ..background import in_background
from ..errors import InputError, Problem, one_line
from ..network_errors import NO_TLS, connect_failure
from .bounded_body import ACCEPTED_ENCODINGS, SlowBodyError, TooLargeError, read_body
from .connection import Connection, connection_problems

try:
    import requests
    import requests.auth
    import requests.utils
    import urllib3.exceptions
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

    class _Session(requests.Session):
        """Treats every response as the last one.

        Even if it does not follow redirects, requests prepares the next request. It reads the body without our limits, and fails
        if the body is damaged, or if the Location is no URL.
        """

        def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002  # the signature of requests
            return None


_LONGEST_SHOWN = 10_000
"""Characters at the start of a response without JSON, from which its message is taken."""

OWN_LIMITS_FIRST = 0.5
"""Seconds after its time limit in which a request may report what it was waiting for."""

NoAnswerReason = Literal[
    "refused",
    "unresolved",
    "unreachable",
    "connect_timeout",
    "tls",
    "proxy",
    "dropped",
    "timeout",
    "hung",
    "too_large",
]


class Answer(NamedTuple):
    """A complete HTTP response. `body` is the parsed JSON, None if there is none (see `is_json`)."""

    status: int
    body: Any
    is_json: bool
    text: str = ""
    retry_after: float | None = None
    content_type: str = ""

    @property
    def message(self) -> str:
        """Connect's error message ({"error_code", "message"}), or the start of any other text, on one line."""
        if isinstance(self.body, dict) and isinstance(self.body.get("message"), str):
            return one_line(self.body["message"])
        from ..secrets import mask_text  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        # Masked before it is truncated, because half of a secret does not look like one.
        text = mask_text(self.text[:_LONGEST_SHOWN].lstrip())
        if text.startswith("<"):
            # A title without an end matches up to the end of the text, so that the pattern reads each page once.
            title = re.search(r"<title[^<>]*>(.*?)(</title>|\Z)", text, re.IGNORECASE | re.DOTALL)
            return f'a web page titled "{one_line(title[1])[:80]}"' if title and title[2] else "a web page"
        return one_line(text)[:200]

    @property
    def error_code(self) -> int:
        code = self.body.get("error_code") if isinstance(self.body, dict) else None
        return code if isinstance(code, int) else 0


class NoAnswerError(Exception):
    """A request without a complete response. `sent` is False only if the worker cannot have received the request."""

    def __init__(self, reason: NoAnswerReason, detail: str, *, sent: bool) -> None:
        super().__init__(detail)
        self.reason: NoAnswerReason = reason
        self.detail = detail
        self.sent = sent


class Transport:
    """Exchanges requests with workers over persistent connections.

    A session serves one request at a time and is then kept for the next one. So any number of threads may use a Transport.
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
            # The user has turned validation off; a warning per request on stderr would hide other output.
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
        """Send a request to a worker and return the response. `path` is percent-encoded. Raises NoAnswerError within `timeout`.

        With `waits_for_herder`, the request may take longer than a healthy worker needs for GET /. Meanwhile, this function probes
        the worker, so that it gives up a worker that no longer responds long before `timeout`.
        """
        limit = timeout if timeout is not None else self._limit(waits_for_herder)
        probed = waits_for_herder and limit > self.connection.read_timeout
        return self._supervised(worker, lambda: self._exchange(worker, method, path, body, limit), limit, probed=probed)

    def _limit(self, waits_for_herder: bool) -> float:
        return self.connection.request_timeout if waits_for_herder else self.connection.read_timeout

    def _supervised(self, worker: str, request: Callable[[], Answer], limit: float, *, probed: bool) -> Answer:
        """Run the request within the limit. Sockets limit only each read, so a response that arrives byte by byte would never end."""
        results: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()

        def run() -> None:
            try:
                results.put(request())
            except Exception as error:  # noqa: BLE001  # the caller's thread raises it
                results.put(error)

        # In the background, because an abandoned request must not keep the process alive.
        in_background(run, "kafka-connect-request")
        # The time limits of the request come first, because its error names the cause.
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
        response = content = None
        try:
            response = session.request(
                method,
                worker.rstrip("/") + path,
                data=None if body is None else json.dumps(body).encode(),
                headers={"Content-Type": "application/json"} if body is not None else None,
                timeout=(min(self.connection.connect_timeout, limit), max(limit, 0.001)),
                # Set for each request, because REQUESTS_CA_BUNDLE would override the setting of the session.
                verify=(self.connection.ca_path or True) if self.connection.validate_certs else False,
                proxies=self._proxies.get(worker),
                allow_redirects=False,
                stream=True,
            )
            content = read_body(
                partial(response.raw.read, decode_content=False),
                response.headers.get("Content-Encoding", ""),
                largest=self.connection.max_response_size,
                deadline=started + limit,
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._no_answer(error, limit, begun=response is not None) from error
        else:
            self._idle.put(session)
            return _answer(response, content, self.connection.text_limit)
        finally:
            # No other request may use a connection whose last response was not read to its end.
            if content is None:
                if response is not None:
                    response.close()
                session.close()

    def _take_session(self) -> requests.Session:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._new_session()

    def _new_session(self) -> requests.Session:
        connection = self.connection
        session = _Session()
        # Only the options decide what is sent: neither ~/.netrc nor, unless requested, the proxies of the environment.
        session.trust_env = False
        if connection.host_addresses:
            from .host_addresses import HostAddressesAdapter  # noqa: PLC0415  # compiled in every run: only runs that need it pay

            adapter = HostAddressesAdapter({name.lower(): address for name, address in connection.host_addresses})
            session.mount("http://", adapter)
            session.mount("https://", adapter)
        session.headers["User-Agent"] = connection.http_agent
        session.headers["Accept"] = "application/json"
        # requests would ask for other encodings, too, if their libraries are installed.
        session.headers["Accept-Encoding"] = ACCEPTED_ENCODINGS
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

    def _no_answer(self, error: Exception, limit: float, *, begun: bool) -> NoAnswerError:
        """Return the failure by the types and numbers of the errors that led to this one. `begun`: the response has begun."""
        chain = tuple(_chain(error))
        text = _text(chain[-1])

        def met(*kinds: type[BaseException]) -> bool:
            return any(isinstance(link, kinds) for link in chain)

        if met(TooLargeError):
            # One option limits all requests, so it has no prefix.
            largest = f"max_response_size of {self.connection.max_response_size} bytes"
            return NoAnswerError("too_large", f"the answer is larger than {largest}", sent=True)
        if isinstance(error, requests.ConnectTimeout):
            return NoAnswerError(
                "connect_timeout", f"no connection within {self.connection.connect_timeout:g} s", sent=False
            )
        if met(ssl.SSLError, requests.exceptions.SSLError, urllib3.exceptions.SSLError):
            return _tls_failure(chain, text, begun=begun)
        if met(
            requests.exceptions.ProxyError,
            urllib3.exceptions.ProxyError,
            requests.exceptions.InvalidProxyURL,
            requests.exceptions.InvalidSchema,
        ):
            return NoAnswerError("proxy", text, sent=False)
        if met(requests.exceptions.InvalidURL, urllib3.exceptions.LocationParseError):
            return NoAnswerError("unresolved", "this cannot be a host name", sent=False)
        if met(requests.Timeout, urllib3.exceptions.ReadTimeoutError, SlowBodyError):
            return NoAnswerError("timeout", f"no answer within {limit:g} s", sent=True)
        if any(isinstance(link, http.client.BadStatusLine) and link.args[0].startswith(_TLS_ALERT) for link in chain):
            return NoAnswerError("tls", "the URL says http, but the port requires TLS", sent=False)
        if met(urllib3.exceptions.NewConnectionError):
            last = chain[-1]
            reason = connect_failure(last)[0] if isinstance(last, OSError) else None
            return NoAnswerError(reason or "unreachable", text, sent=False)
        if isinstance(error, OSError) and not isinstance(error, requests.RequestException) and not begun:
            # requests checks the TLS files and names the missing one.
            prefix = self.connection.option_prefix
            fix = f"check {prefix}client_cert, {prefix}client_key and {prefix}ca_path"
            raise InputError([Problem(f"{text}: {fix}")]) from error
        # A port without HTTP may send anything.
        return NoAnswerError("dropped", one_line(text), sent=True)


_TLS_ALERT = "\x15\x03"
"""The first two bytes of the alert with which a TLS port rejects plain text (RFC 8446, 5.1: alert, protocol version)."""


def _tls_failure(chain: tuple[BaseException, ...], text: str, *, begun: bool) -> NoAnswerError:
    """Return the failure of a TLS connection.

    A failed handshake comes before the request. A connection may end after it, and break in the response.
    """
    ended = any(isinstance(link, (ssl.SSLEOFError, ssl.SSLZeroReturnError)) for link in chain)
    if ended or begun:
        return NoAnswerError("dropped", one_line(text), sent=True)
    plain = any(isinstance(link, ssl.SSLError) and link.reason in NO_TLS for link in chain)
    return NoAnswerError("tls", "the URL says https, but the port does not use TLS" if plain else text, sent=False)


def _proxies(connection: Connection, url: str) -> dict[str, str]:
    if not connection.use_proxy:
        return {}
    return dict(requests.utils.get_environ_proxies(url, no_proxy=None))


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
    """Return the seconds of a Retry-After header. A date is ignored, because the clocks of two machines may differ."""
    return min(float(value), 60.0) if value.isascii() and value.isdigit() else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and those that led to it. requests and urllib3 wrap errors as arguments, as `reason` and as causes."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        context = current.__context__
        inner = (
            getattr(current, "reason", None),
            *reversed(current.args),
            current.__cause__,
            # An earlier error in the context may be unrelated. urllib3 1.26 has an OSError there, and no cause.
            context if isinstance(context, OSError) and not current.__suppress_context__ else None,
        )
        current = next((link for link in inner if isinstance(link, BaseException)), None)


def _text(error: BaseException) -> str:
    """Return the text for an error.

    For errors of the operating system these are our own words, because the locale translates the original ones. The texts of
    urllib3 are shown without the addresses of objects.
    """
    if isinstance(error, OSError) and not isinstance(error, (ssl.SSLError, http.client.HTTPException)):
        reason, words = connect_failure(error)
        if reason is not None or error.errno:
            return words
    text = str(error).rsplit(">: ", 1)[-1].strip()
    return text or type(error).__name__
