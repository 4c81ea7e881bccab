# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option that reaches the agents of workers for their heap. Matches `metrics` in the documentation of cluster_health.

A file of its own, because Ansible sends every file that a module can reach to the host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._connect.errors import InputError, Problem
from .._connect.rest.connection import connection_problems
from .._connect.rest.transport import Transport
from .._connect.run import Run
from .arguments import LOGIN, Arguments
from .options import Parameters, connection_within

if TYPE_CHECKING:
    from .._connect.traffic.endpoints import Endpoints

METRICS: Arguments = {
    "source": {"type": "str", "choices": ["agents", "jolokia"], "required": True},
    "url": {"type": "list", "elements": "str", "required": True},
    **LOGIN,
}


def agents_of(parameters: Parameters, run: Run) -> Endpoints:
    """The agents in this option. Raises InputError for invalid options."""
    from .._connect.traffic.endpoints import ACCEPT, Endpoints  # noqa: PLC0415  # compiled in every run: only runs that need it pay

    connection = connection_within(
        parameters, "metrics", parameters["metrics"], ACCEPT, serves="URL of a worker's agent", text_limit=None
    )
    if not connection.urls:
        raise InputError([Problem("metrics.url is an empty list: give the URL of each worker's agent")])
    problems = connection_problems(connection)
    if problems:
        raise InputError(problems)
    return Endpoints(Transport(connection), run)
