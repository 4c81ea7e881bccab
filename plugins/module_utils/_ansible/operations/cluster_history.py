# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module cluster_history."""

from __future__ import annotations

from ..._connect.errors import InputError, Problem
from ..._connect.history.report import HistoryLimits, history_report
from ..._connect.reporting.report import Report
from ..arguments import HISTORY, Specification
from ..broker_options import client_secrets
from ..history_options import history_query, reader_of
from ..invocation import Invocation
from ..options import Parameters
from ..time_options import now, time_of

CLUSTER_HISTORY = Specification(
    "cluster_history",
    {
        **HISTORY,
        "bootstrap_servers": {"type": "list", "elements": "str", "required": True},
        "status_topic": {"type": "str", "default": ""},
        "name": {"type": "list", "elements": "str", "default": []},
        "since": {"type": "str"},
        "until": {"type": "str"},
        "as_of": {"type": "str"},
        "max_events": {"type": "int", "default": 5000},
        "run_timeout": {"type": "float"},
        "progress": {"type": "bool", "default": True},
    },
)
"""Has no connection options, because it sends no requests to workers."""


def cluster_history(invocation: Invocation) -> Report:
    """What happened in the cluster. Raises InputError for invalid options."""
    parameters = invocation.parameters
    invocation.secrets = client_secrets(parameters)
    limits = _limits(parameters)
    query = history_query(parameters)
    reader = reader_of(parameters, invocation.run)
    extra, warnings = history_report(reader, query, limits, invocation.run)
    return Report(extra=extra, warnings=warnings)


def _limits(parameters: Parameters) -> HistoryLimits:
    if parameters["max_events"] < 1:
        raise InputError([Problem(f"max_events is {parameters['max_events']}: give a positive number")])
    at = now()
    since, until, as_of = (time_of(parameters, option, at) for option in ("since", "until", "as_of"))
    if since is not None and until is not None and since > until:
        raise InputError([Problem("since is later than until: exchange them")])
    return HistoryLimits(at, parameters["max_events"], since, until, as_of)
