# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the option worker_properties, for the modules that take names of topics from a worker's file."""

from __future__ import annotations

from collections.abc import Mapping

from .._connect.bounded_file import read_file
from .._connect.errors import InputError, Problem
from .._connect.java_properties import parse
from .._connect.network_errors import file_failure


def worker_properties_at(path: str) -> Mapping[str, str]:
    """The properties in this file. Raises InputError if it can't be read."""
    try:
        return parse(read_file(path).decode())
    except OSError as error:
        problem = f"worker_properties {path} can't be read ({file_failure(error)}): correct it"
    except ValueError as error:
        problem = f"worker_properties {path} is no properties file ({error}): correct it"
    raise InputError([Problem(problem)])
