# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP to one worker: sessions, TLS, authentication, time limits. The only file of the engine that touches the
network.
"""

from __future__ import annotations

import http.client
import json
import queue
import re
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from ..background import in_background
from ..errors import InputError, Problem, one_line
from ..network_errors import NO_TLS, connect_failure
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
        """Takes each answer for the last one.

        Even where redirects are not followed, requests prepares the next request: it reads the body without our limits,
        and fails at one that is damaged, or at a Location that is no URL.
        """

        def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002  # the signature of requests
            return None


_LONGEST_SHOWN = 10_000
"""Characters at the start of an answer without JSON in which something to show is looked for."""

OWN_LIMITS_FIRST = 0.5
"""Seconds beyond its limit in which a request may report itself what it was waiting for."""

PIECE = 1 << 16
"""Bytes read, and decompressed, at a time."""

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
    """One complete HTTP answer. `body` is the parsed JSON, or None without JSON (see `is_json`)."""

    status: int
    body: Any
    is_json: bool
    text: str = ""
    retry_after: float | None = None
    content_type: str = ""

    @property
    def message(self) -> str:
        """Connect's own error message ({"error_code", "message"}), or the start of any other text: one line."""
        if isinstance(self.body, dict) and isinstance(self.body.get("message"), str):
            return one_line(self.body["message"])
        from ..secrets import mask_text  # noqa: PLC0415  # compiled anew in every run: only runs that need it pay

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
    """A request without a complete answer. `sent`: False only if the worker cannot have received it."""

    def __init__(self, reason: NoAnswerReason, detail: str, *, sent: bool) -> None:
        super().__init__(detail)
        self.reason: NoAnswerReason = reason
        self.detail = detail
        self.sent = sent


class Transport:
    """Exchanges requests with workers over persistent connections.

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
        """Sockets limit only the time of each read: an answer that arrives byte by byte would never reach that limit."""
        results: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()

        def run() -> None:
            try:
                results.put(request())
            except Exception as error:  # noqa: BLE001  # handed to the caller's thread, which raises it
                results.put(error)

        # In the background: an abandoned request must not keep the process alive.
        in_background(run, "kafka-connect-request")
        # The request's own limits apply first if possible: they know more about the cause.
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
                # Given with each request: on the session it would be overridden by REQUESTS_CA_BUNDLE.
                verify=(self.connection.ca_path or True) if self.connection.validate_certs else False,
                proxies=self._proxies.get(worker),
                allow_redirects=False,
                stream=True,
            )
            content = self._read(response, started + limit)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise self._no_answer(error, limit, begun=response is not None) from error
        else:
            self._idle.put(session)
            return _answer(response, content, self.connection.text_limit)
        finally:
            # With what could not be read to its end: nothing may be asked over that connection any more.
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
        # Neither ~/.netrc nor the environment's proxies unless requested: the options alone decide what is sent.
        session.trust_env = False
        session.headers["User-Agent"] = connection.http_agent
        session.headers["Accept"] = "application/json"
        # What `_decoded` knows, whatever else is installed.
        session.headers["Accept-Encoding"] = "gzip, deflate"
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

    def _read(self, response: requests.Response, deadline: float) -> bytes:
        """The whole body, decompressed: within the deadline even if it arrives byte by byte, and within `max_response_size`
        whatever comes.
        """
        pieces = []
        size = 0
        for piece in _decoded(response):
            size += len(piece)
            if size > self.connection.max_response_size:
                raise _TooLargeError
            pieces.append(piece)
            if time.monotonic() > deadline:
                raise requests.ReadTimeout
        return b"".join(pieces)

    def _no_answer(self, error: Exception, limit: float, *, begun: bool) -> NoAnswerError:
        """The failure, by the types and numbers of the errors that led to this one. `begun`: the answer had begun."""
        chain = tuple(_chain(error))
        text = _text(chain[-1])

        def met(*kinds: type[BaseException]) -> bool:
            return any(isinstance(link, kinds) for link in chain)

        if met(_TooLargeError):
            # One option for all requests, whatever they are sent for.
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
        if met(requests.Timeout, urllib3.exceptions.ReadTimeoutError):
            return NoAnswerError("timeout", f"no answer within {limit:g} s", sent=True)
        if any(isinstance(link, http.client.BadStatusLine) and link.args[0].startswith(_TLS_ALERT) for link in chain):
            return NoAnswerError("tls", "the URL says http, but the port requires TLS", sent=False)
        if met(urllib3.exceptions.NewConnectionError):
            last = chain[-1]
            reason = connect_failure(last)[0] if isinstance(last, OSError) else None
            return NoAnswerError(reason or "unreachable", text, sent=False)
        if isinstance(error, OSError) and not isinstance(error, requests.RequestException) and not begun:
            # requests checks the TLS files itself and names the missing one.
            prefix = self.connection.option_prefix
            cure = f"check {prefix}client_cert, {prefix}client_key and {prefix}ca_path"
            raise InputError([Problem(f"{text}: {cure}")]) from error
        # A port that does not speak HTTP may send anything.
        return NoAnswerError("dropped", one_line(text), sent=True)


class _TooLargeError(OSError):
    """The body is larger than `max_response_size`."""


_TLS_ALERT = "\x15\x03"
"""The first two bytes by which a TLS port rejects plain text (RFC 8446, 5.1: alert, protocol version)."""


def _tls_failure(chain: tuple[BaseException, ...], text: str, *, begun: bool) -> NoAnswerError:
    """A handshake that fails comes before the request; a connection that ends, or breaks in an answer, may come after it."""
    ended = any(isinstance(link, (ssl.SSLEOFError, ssl.SSLZeroReturnError)) for link in chain)
    if ended or begun:
        return NoAnswerError("dropped", one_line(text), sent=True)
    plain = any(isinstance(link, ssl.SSLError) and link.reason in NO_TLS for link in chain)
    return NoAnswerError("tls", "the URL says https, but the port does not use TLS" if plain else text, sent=False)


def _proxies(connection: Connection, url: str) -> dict[str, str]:
    if not connection.use_proxy:
        return {}
    return dict(requests.utils.get_environ_proxies(url, no_proxy=None))


def _decoded(response: requests.Response) -> Iterator[bytes]:
    """The body in pieces of bounded size: requests would decompress a whole piece at once, a thousandfold."""
    raw = _pieces(response)
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        yield from raw
    elif encoding in ("gzip", "x-gzip", "deflate"):
        yield from _inflated(raw, is_gzip=encoding != "deflate")
    else:
        raise requests.exceptions.ContentDecodingError(f'it is encoded as "{encoding}", which was not requested')


def _pieces(response: requests.Response) -> Iterator[bytes]:
    while piece := response.raw.read(PIECE, decode_content=False):
        yield piece


def _inflated(raw: Iterator[bytes], *, is_gzip: bool) -> Iterator[bytes]:
    # By RFC 9110 a body with deflate has a zlib header, which some servers omit.
    forms = [zlib.MAX_WBITS | 16] if is_gzip else [zlib.MAX_WBITS, -zlib.MAX_WBITS]
    unpacking = zlib.decompressobj(forms[0])
    begun = False
    for packed in raw:
        left, more = packed, True
        while more:
            if unpacking.eof:
                # gzip concatenates members; bytes after the end of a zlib stream are padding.
                if not is_gzip:
                    return
                unpacking = zlib.decompressobj(forms[0])
            try:
                piece = unpacking.decompress(left, PIECE)
            except zlib.error as error:
                if begun or len(forms) == 1:
                    raise requests.exceptions.ContentDecodingError("it cannot be decompressed") from error
                unpacking = zlib.decompressobj(forms.pop())
                continue
            begun = True
            yield piece
            left = unpacking.unused_data if unpacking.eof else unpacking.unconsumed_tail
            # After a full piece, zlib may hold more data.
            more = bool(left) or (len(piece) == PIECE and not unpacking.eof)
    if begun and not unpacking.eof:
        raise requests.exceptions.ContentDecodingError("its compressed form is truncated")


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
    """Seconds of a Retry-After header. The date form is ignored: the clocks of two machines may differ."""
    return min(float(value), 60.0) if value.isascii() and value.isdigit() else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it. requests and urllib3 wrap errors as arguments, as `reason`, and as causes."""
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
            # An earlier error in the context may be unrelated; urllib3 1.26 has an OSError there, and no cause.
            context if isinstance(context, OSError) and not current.__suppress_context__ else None,
        )
        current = next((link for link in inner if isinstance(link, BaseException)), None)


def _text(error: BaseException) -> str:
    """What is shown of an error: our own words for the operating system's, which the locale translates; of others their
    text, without the object addresses that urllib3 puts into its own.
    """
    if isinstance(error, OSError) and not isinstance(error, (ssl.SSLError, http.client.HTTPException)):
        reason, words = connect_failure(error)
        if reason is not None or error.errno:
            return words
    text = str(error).rsplit(">: ", 1)[-1].strip()
    return text or type(error).__name__
