# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operation of module worker_start: from checked parameters to the start of one service."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from ..._connect.errors import InputError, Problem
from ..._connect.reporting.report import Report
from ..._connect.scale.start_worker import StartHost, StartRequest, start_worker
from ..arguments import Specification
from ..invocation import Invocation
from ..options import Parameters

WORKER_START = Specification(
    "worker_start",
    {
        "service": {"type": "str", "default": "kafka-connect"},
        "url": {"type": "str", "required": True},
        "port": {"type": "int"},
        "kafka_version": {"type": "str", "required": True},
        "url_username": {"type": "str"},
        "url_password": {"type": "str", "no_log": True},
        "ca_path": {"type": "path"},
        "client_cert": {"type": "path"},
        "client_key": {"type": "path", "no_log": False},
        "on_failure": {"type": "str", "choices": ["stop", "keep"], "default": "stop"},
        "wait_timeout": {"type": "float", "default": 180.0},
        "progress": {"type": "bool", "default": True},
    },
)

FIRST_WITH_HEALTH = (3, 9)
"""The first Kafka version with `GET /health`."""
IMPOSSIBLE_CONNECTOR = "/connectors/-"
"""Before, the herder thread answers a request for a connector that does not exist, with 404."""


def worker_start_operation(host_of: Callable[[Parameters, str], StartHost], invocation: Invocation) -> Report:
    """`host_of` returns the host of these parameters, with this URL of the health check."""
    parameters = invocation.parameters
    url = parameters["url"].strip().rstrip("/")
    shown = re.sub(r"//[^/@]*@", "//", url)
    port = _port_of(url, shown)
    version = re.match(r"(\d+)\.(\d+)", parameters["kafka_version"])
    if version is None:
        text = f'kafka_version "{parameters["kafka_version"]}" is not a version'
        raise InputError([Problem(f"{text} -> give it as in 4.3.1")])
    has_health = (int(version[1]), int(version[2])) >= FIRST_WITH_HEALTH
    path = "/health" if has_health else IMPOSSIBLE_CONNECTOR
    request = StartRequest(
        parameters["service"],
        parameters["port"] or port,
        shown,
        200 if has_health else 404,
        parameters["wait_timeout"],
        parameters["on_failure"],
        invocation.check_mode,
    )
    return start_worker(invocation.run, host_of(parameters, url + path), request)


def _port_of(url: str, shown: str) -> int:
    """The port of a worker's URL. Raises InputError if it is no URL of a worker."""
    try:
        parts = urlsplit(url)
        if parts.hostname:
            return parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (KeyError, ValueError):
        pass
    raise InputError([Problem(f'url "{shown}" is not a URL of a worker -> give it as http://HOST:PORT')])
