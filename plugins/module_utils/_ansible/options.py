# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts checked module parameters to the engine's options, for what several modules share."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from .._connect.errors import InputError, Problem
from .._connect.rest.connection import TEXT_LIMIT, WORKER, Connection
from .._connect.run import Event, Run

Parameters = Mapping[str, Any]
DEFAULT_CONFLICT_TIMEOUT = 300.0
"""For modules that send no requests to a cluster, and so have no such option."""


_FOR_ALL = ("http_agent", "use_proxy", "connect_timeout", "read_timeout", "request_timeout", "max_response_size")
"""Options of the workers' connection that apply to other servers, too. Credentials are never among them."""


def connection_within(
    parameters: Parameters,
    option: str,
    given: Parameters,
    accept: tuple[str, str],
    *,
    serves: str,
    text_limit: int | None = TEXT_LIMIT,
) -> Connection:
    """The connection to servers that are no workers, from the suboptions of `option`, which are `given`.

    `accept`: a header that is sent unless the suboptions override it. Raises InputError as connection_of.
    """
    shared = {name: parameters[name] for name in _FOR_ALL}
    headers = {accept[0]: accept[1], **(given["headers"] or {})}
    own = {**given, **shared, "headers": headers}
    return connection_of(own, option_prefix=f"{option}.", serves=serves, text_limit=text_limit)


def connection_of(
    parameters: Parameters,
    *,
    option_prefix: str = "",
    serves: str = WORKER,
    text_limit: int | None = TEXT_LIMIT,
) -> Connection:
    """The connection options of any module, or those inside another option (`option_prefix`: its name with a dot).

    Raises InputError for contradictions. `serves` and `text_limit` as in Connection.
    """
    if parameters.get("token") and (parameters.get("url_username") or parameters.get("url_password")):
        both = f"{option_prefix}token and {option_prefix}url_username are both given"
        raise InputError([Problem(f"{both}: give the one that the server expects")])
    for name in ("connect_timeout", "read_timeout", "request_timeout"):
        if not parameters[name] > 0:
            raise InputError([Problem(f"{name} is {parameters[name]:g}: give a positive number of seconds")])
    largest = parameters["max_response_size"]
    if largest < 1:
        raise InputError([Problem(f"max_response_size is {largest}: give a positive number of bytes")])
    validate_certs = parameters.get("validate_certs")
    return Connection(
        urls=tuple(dict.fromkeys(url.strip().rstrip("/") for url in parameters.get("url") or () if url.strip())),
        username=parameters.get("url_username") or "",
        password=parameters.get("url_password") or "",
        token=parameters.get("token") or "",
        client_cert=parameters.get("client_cert") or "",
        client_key=parameters.get("client_key") or "",
        ca_path=parameters.get("ca_path") or "",
        validate_certs=True if validate_certs is None else validate_certs,
        headers=tuple((str(name), str(value)) for name, value in (parameters.get("headers") or {}).items()),
        http_agent=parameters["http_agent"],
        use_proxy=parameters["use_proxy"],
        connect_timeout=parameters["connect_timeout"],
        read_timeout=parameters["read_timeout"],
        request_timeout=parameters["request_timeout"],
        option_prefix=option_prefix,
        serves=serves,
        max_response_size=largest,
        text_limit=text_limit,
        host_addresses=tuple((str(name), str(at)) for name, at in (parameters.get("host_addresses") or {}).items()),
    )


def run_of(parameters: Parameters, report: Callable[[Event], None] | None) -> Run:
    """The time limits of any module. Raises InputError for invalid ones."""
    for name in ("conflict_timeout", "run_timeout", "wait_timeout", "stable_for"):
        seconds = parameters.get(name)
        if seconds is not None and (seconds < 0 or math.isnan(seconds)):
            raise InputError([Problem(f"{name} is {seconds:g}: give a number of seconds, 0 or more")])
    # Modules that send no requests to workers have no conflict_timeout.
    return Run(
        parameters.get("run_timeout"),
        parameters.get("conflict_timeout", DEFAULT_CONFLICT_TIMEOUT),
        report if parameters.get("progress") else None,
    )
