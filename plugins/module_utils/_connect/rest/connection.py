# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How to reach workers, as the user specifies it; errors in it are found before any request. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from ..bounded_file import LARGEST_FILE
from ..errors import Problem

WORKER = "REST URL of a worker"
TEXT_LIMIT = 2000
"""Bytes that are kept of a response that is not JSON."""


class Connection(NamedTuple):
    """How to reach the workers of one Connect cluster, or their metrics. Times are seconds.

    The module options have the same names, after `option_prefix` if they are part of another option. `serves`: what the
    URLs lead to. A response has at most `max_response_size` bytes after decompression; if it is not JSON, `text_limit`
    bytes are kept (None: all). `host_addresses`: pairs of a host name and the address to use if it cannot be resolved.
    """

    urls: tuple[str, ...]
    username: str = ""
    password: str = ""
    token: str = ""
    client_cert: str = ""
    client_key: str = ""
    ca_path: str = ""
    validate_certs: bool = True
    headers: tuple[tuple[str, str], ...] = ()
    http_agent: str = "ansible-streamops-kafka-connect"
    use_proxy: bool = True
    connect_timeout: float = 5.0
    read_timeout: float = 15.0
    request_timeout: float = 100.0
    option_prefix: str = ""
    serves: str = WORKER
    text_limit: int | None = TEXT_LIMIT
    max_response_size: int = LARGEST_FILE
    host_addresses: tuple[tuple[str, str], ...] = ()


def worker_address(url: str) -> str:
    """`host:port` of a worker's URL, the form of `worker_id` in Connect's statuses."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.hostname or ''}:{port}"


def connection_problems(connection: Connection) -> list[Problem]:
    """Every problem of the connection, in texts that quote no secret."""
    return [*_url_problems(connection), *_header_problems(connection), *_address_problems(connection)]


def _url_problems(connection: Connection) -> list[Problem]:
    problems = []
    prefix = connection.option_prefix
    if not connection.urls:
        problems.append(
            Problem("url is missing: give the REST URL of at least one Connect worker (or set KAFKA_CONNECT_URL)")
        )
    for url in connection.urls:
        shown = url.rsplit("@", 1)[-1]
        try:
            parts = urlsplit(url)
            valid = (
                parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
            )
        except ValueError:
            valid = False
        if not valid:
            problems.append(
                Problem(
                    f'{prefix}url "{shown}" is not the {connection.serves}: give it as http://HOST:PORT or https://HOST:PORT'
                )
            )
        elif parts.username is not None:
            problems.append(
                Problem(
                    f'{prefix}url "{shown}" contains a user name: set {prefix}url_username and {prefix}url_password instead'
                )
            )
        elif parts.query or parts.fragment:
            problems.append(
                Problem(
                    f'{prefix}url "{shown.split("?")[0]}" has a query or fragment: give only http(s)://HOST:PORT and a path '
                    "prefix"
                )
            )
    if connection.client_key and not connection.client_cert:
        problems.append(Problem(f"{prefix}client_key is set without client_cert: set both"))
    return problems


def _header_problems(connection: Connection) -> Iterator[Problem]:
    """Problems of header names and values, without the value: it may be a secret."""
    prefix = connection.option_prefix
    for name, value in connection.headers:
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            yield Problem(f'{prefix}headers: "{name}" is not the name of an HTTP header: correct it')
        elif not _fits_header(value):
            yield Problem(f'{prefix}headers: the value of "{name}" {_UNFIT}')
    for option, value in (("token", connection.token), ("http_agent", connection.http_agent)):
        if not _fits_header(value):
            yield Problem(f"{prefix}{option} {_UNFIT}")


def _address_problems(connection: Connection) -> Iterator[Problem]:
    prefix = connection.option_prefix
    for name, address in connection.host_addresses:
        if not _HOST.fullmatch(name) or not _HOST.fullmatch(address):
            yield Problem(f'{prefix}host_addresses: "{name}: {address}" is not a host name and an address: correct it')


_HOST = re.compile(r"[0-9A-Za-z_.:-]+")
_UNFIT = "contains a line break, a space at an end or a character that HTTP cannot transport (from a file?): remove it"


def _fits_header(value: str) -> bool:
    return re.fullmatch(r"[\x20-\x7e\xa0-\xff]*", value) is not None and value == value.strip()
