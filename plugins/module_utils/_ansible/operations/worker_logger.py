# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module worker_logger."""

from __future__ import annotations

from ..._connect.errors import InputError, Problem
from ..._connect.logs.levels import parse_levels, parse_levels_by_worker
from ..._connect.logs.set_levels import LevelOptions, set_levels
from ..._connect.reporting.report import Report
from ..arguments import CONNECTION, Specification
from ..invocation import Invocation

WORKER_LOGGER = Specification(
    "worker_logger",
    {
        "loggers": {"type": "dict"},
        "restore": {"type": "dict"},
        "scope": {"type": "str", "choices": ["worker", "cluster"], "default": "worker"},
        "wait_timeout": {"type": "float", "default": 60.0},
        **CONNECTION,
    },
    required_one_of=(("loggers", "restore"),),
    mutually_exclusive=(("loggers", "restore"),),
)


def worker_logger(invocation: Invocation) -> Report:
    """Sets or restores log levels. Raises InputError for invalid ones, before any request."""
    parameters, cluster = invocation.parameters, invocation.cluster()
    urls = cluster.api.workers.urls
    problems: list[Problem] = []
    if parameters["restore"] is not None:
        desired = parse_levels_by_worker(parameters["restore"], urls, "restore", problems)
    else:
        levels = parse_levels(parameters["loggers"], "loggers", problems)
        desired = dict.fromkeys(urls, levels)
        if not levels and not problems:
            problems.append(Problem("loggers is empty -> give the level of at least one logger"))
    if problems:
        raise InputError(problems)
    if not desired:
        return Report(extra={"loggers": {}, "previous": {}})
    options = LevelOptions(desired, parameters["scope"] == "cluster", parameters["wait_timeout"], invocation.check_mode)
    return set_levels(cluster, options)
