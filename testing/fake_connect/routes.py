# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selects the endpoint of a request, and the response of the router and the web server if there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from . import connector_endpoints, offset_endpoints, worker_endpoints
from .answers import Answer, RefusalError, answer_error, answer_jetty, answer_routing
from .endpoint import Call, Endpoint
from .request import Request

if TYPE_CHECKING:
    from .cluster import FakeCluster
    from .worker import FakeWorker

ENDPOINTS: tuple[Endpoint, ...] = (
    *connector_endpoints.ENDPOINTS,
    *offset_endpoints.ENDPOINTS,
    *worker_endpoints.ENDPOINTS,
)

ACCEPTED_TYPES = re.compile(r"\*/\*|application/(\*|json)")


def dispatch(cluster: FakeCluster, worker: FakeWorker, request: Request) -> Answer:
    """Return the response of `worker` to `request`."""
    barred = bar_uri(request, cluster.version)
    if barred is not None:
        return barred
    method = "GET" if request.method == "HEAD" else request.method
    segments = request.segments
    candidates = [
        (endpoint, parameters)
        for endpoint in ENDPOINTS
        if endpoint.serves(cluster.version) and (parameters := match(endpoint.path, segments)) is not None
    ]
    if not candidates:
        return answer_routing(HTTPStatus.NOT_FOUND)
    chosen = [(endpoint, parameters) for endpoint, parameters in candidates if endpoint.method == method]
    if method == "OPTIONS":
        allowed = sorted({"OPTIONS"} | {endpoint.method for endpoint, _parameters in candidates})
        return Answer(HTTPStatus.OK, ", ".join(allowed).encode(), {"Content-Type": "text/plain"})
    if not chosen:
        return answer_routing(HTTPStatus.METHOD_NOT_ALLOWED)
    content_type = request.headers.get("content-type")
    if content_type is not None and not content_type.lower().startswith("application/json") and request.body:
        return answer_routing(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if not ACCEPTED_TYPES.search(request.headers.get("accept", "*/*")):
        return answer_routing(HTTPStatus.NOT_ACCEPTABLE)
    if not cluster.may_enter(request):
        # The filter of the basic-auth extension runs only for requests that have an endpoint.
        return Answer(HTTPStatus.UNAUTHORIZED, b"User cannot access the resource.")
    endpoint, parameters = chosen[0]
    try:
        return endpoint.answer(Call(cluster, worker, request, parameters))
    except RefusalError as refusal:
        return answer_error(refusal.status, refusal.message)


def match(path: tuple[str, ...], segments: tuple[str, ...]) -> Mapping[str, str] | None:
    """The parameters of a path such as ("connectors", "{name}"); None if it is a different path.

    A `{task}` must be a number, otherwise the path does not exist.
    """
    if len(path) != len(segments):
        return None
    parameters = {}
    for pattern, segment in zip(path, segments, strict=True):
        if pattern.startswith("{"):
            if not segment or (pattern == "{task}" and not segment.isdecimal()):
                return None
            parameters[pattern.strip("{}")] = segment
        elif pattern != segment:
            return None
    return parameters


def bar_uri(request: Request, version: tuple[int, ...]) -> Answer | None:
    """The web server's response to a URI that never reaches Connect; None if it passes the request on.

    Jetty 12 (Kafka 4) rejects every path whose decoding is ambiguous: names with a slash, a percent sign, a backslash
    or a control character can be created by POST, but not addressed. Jetty 9 (Kafka 3) accepts them.
    """
    path = request.path
    if re.search(r"%(?![0-9a-fA-F]{2})|%00", path):
        return answer_jetty("Bad Request", request.method)
    if version < (4, 0):
        return None
    decoded = unquote_to_bytes(path)
    reason = None
    if "//" in path:
        reason = "Ambiguous URI empty segment"
    elif re.search(r"%2f", path, re.IGNORECASE):
        reason = "Ambiguous URI path separator"
    elif "%25" in path:
        reason = "Ambiguous URI path encoding"
    elif re.search(r"/(%2e|\.%2e|%2e\.|%2e%2e)(/|$)", path, re.IGNORECASE):
        reason = "Ambiguous URI path segment"
    elif re.search(rb"[\x00-\x1f\x7f\\]", decoded):
        reason = "Suspicious Path Character"
    elif not is_utf8(decoded):
        reason = "Bad UTF-8 encoding"
    return answer_jetty(reason, request.method) if reason else None


def is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
