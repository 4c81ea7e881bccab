# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option that reaches schema registries, for the modules that read them. Matches the documentation fragment `registry`.

A file of its own, because Ansible sends every file that a module can reach to the host.
"""

from __future__ import annotations

from .._connect.errors import InputError, Problem
from .._connect.rest.connection import Connection, connection_problems
from .arguments import LOGIN, Arguments
from .options import Parameters, connection_within

REGISTRY: Arguments = {
    "url": {"type": "list", "elements": "str", "default": []},
    **LOGIN,
}

_OF_URLS = ("url_username", "url_password", "token", "client_cert", "client_key", "headers")


def registry_access(parameters: Parameters) -> Connection:
    """How to reach registries: the URLs that get the login of the option (none if it names none), and what holds for all of them.

    Raises InputError for invalid options, and for a login without a URL to which it may be sent.
    """
    from .._connect.registry.registry_client import ACCEPT  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    given = parameters.get("registry") or {name: argument.get("default") for name, argument in REGISTRY.items()}
    access = connection_within(parameters, "registry", given, ACCEPT, serves="URL of a schema registry")
    if access.urls:
        problems = connection_problems(access)
    else:
        unused = [f"registry.{name}" for name in _OF_URLS if given[name]]
        text = f"{' and '.join(unused)} {'has' if len(unused) == 1 else 'have'} no effect without registry.url"
        problems = [Problem(f"{text}: name the registries to which the login may be sent")] if unused else []
    if problems:
        raise InputError(problems)
    return access
