# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts checked module parameters to the Kafka brokers, for the modules that can ask them.

A file of its own, because Ansible sends every file that a module can reach to the host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._connect.errors import InputError, Problem
from .options import Parameters

if TYPE_CHECKING:
    from .._connect.group.brokers import Brokers


def brokers_of(parameters: Parameters) -> Brokers | None:
    """The Kafka brokers behind the workers, if they are given. Raises InputError for invalid options."""
    servers = tuple(server.strip() for server in parameters["bootstrap_servers"] if server.strip())
    if not servers:
        if parameters["client_properties"] or parameters.get("group_id"):
            problem = "client_properties and group_id have no effect without bootstrap_servers: give the brokers"
            raise InputError([Problem(problem)])
        return None
    from .._connect.group.brokers import Brokers, check_brokers  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return check_brokers(Brokers(servers, parameters["client_properties"]))


def client_secrets(parameters: Parameters) -> frozenset[str]:
    """The secrets in client_properties."""
    from .._connect.secrets import secret_values  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    return secret_values({str(key): str(value) for key, value in parameters["client_properties"].items()})
