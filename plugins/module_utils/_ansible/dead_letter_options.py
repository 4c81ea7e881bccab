# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that the modules for dead letters share."""

from __future__ import annotations

import re

from .._connect.errors import InputError, Problem, on_a_line
from .._connect.group.brokers import Brokers
from .broker_options import brokers_of
from .options import Parameters

_MARK = re.compile(r"[A-Za-z0-9._-]{1,100}")


def brokers_with_letters(parameters: Parameters) -> Brokers:
    """The brokers. Raises InputError without them."""
    brokers = brokers_of(parameters)
    if brokers is None:
        raise InputError([Problem("bootstrap_servers is empty: dead letters are in topics, so give the Kafka brokers")])
    return brokers


def mark_problems(mark: str | None) -> list[Problem]:
    """What is wrong with the name of a review mark."""
    if not mark or _MARK.fullmatch(mark):
        return []
    return [Problem(f'review "{on_a_line(mark)}" is no name: use letters, digits, ".", "_" and "-"')]


def positive_problems(parameters: Parameters, *names: str) -> list[Problem]:
    """Which of these numbers are not positive."""
    return [Problem(f"{name} is {parameters[name]}: give a positive number") for name in names if parameters[name] < 1]
