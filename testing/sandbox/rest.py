# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""REST requests of the sandbox, with the standard library only and without code of the collection."""

from __future__ import annotations

import base64
import json
import ssl
import urllib.error
import urllib.request
from typing import Any

from .state import Credentials

# Ignore proxy settings of the environment: all requests use the loopback interface.
_WITHOUT_PROXY = urllib.request.ProxyHandler({})


def request(
    url: str, credentials: Credentials | None, method: str = "GET", body: object = None, timeout: float = 100
) -> tuple[int, Any]:
    """Send one request to a worker. Returns (status, the JSON of the response, or its text if it is not JSON).

    Raises OSError if there is no response within ``timeout`` seconds.
    """
    question = urllib.request.Request(url, method=method)
    if body is not None:
        question.data = json.dumps(body).encode()
        question.add_header("Content-Type", "application/json")
    context = None
    if credentials:
        context = ssl.create_default_context(cafile=str(credentials.ca_path))
        context.load_cert_chain(str(credentials.client_cert), str(credentials.client_key))
        token = base64.b64encode(f"{credentials.username}:{credentials.password}".encode()).decode()
        question.add_header("Authorization", f"Basic {token}")
    opener = urllib.request.build_opener(_WITHOUT_PROXY, urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(question, timeout=timeout) as answer:
            return answer.status, _decode(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, _decode(error.read())


def is_healthy(url: str, credentials: Credentials | None, timeout: float = 2) -> bool:
    """Whether the worker at this address reports that it is ready."""
    try:
        return request(f"{url}/health", credentials, timeout=timeout)[0] == 200
    except OSError:
        return False


def _decode(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        return content.decode(errors="replace")
