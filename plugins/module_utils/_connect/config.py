# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connector's configuration as Connect stores it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .errors import InputError, Problem
from .model import Config


def scalar_text(value: object) -> str | None:
    """The string that Connect stores for a JSON scalar; None for any other value (null, a date, infinity).

    Always a plain str: Ansible's subclasses, which mark the origin of a value, break pickling and comparison.
    """
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float) and math.isfinite(value):
        return repr(float(value))
    return None


def normalize(name: str, config: Mapping[str, object]) -> Config:
    """The configuration with strings as values and with `name`, as POST and PUT store it.

    Raises InputError for values that are not scalars, and for a different `name`.
    """
    result: dict[str, str] = {}
    problems: list[Problem] = []
    for key, value in config.items():
        # Checking the exact type saves calls for most of the 15,000 keys and values of a thousand connectors.
        if value.__class__ is str and key.__class__ is str:
            result[key] = value
            continue
        text = scalar_text(value)
        if not isinstance(key, str):
            problems.append(Problem(f'connector "{name}": key {key} is not a string: quote it', name))
        elif text is None:
            problems.append(
                Problem(f'connector "{name}": key "{key}" has a value that is not a string or a number', name, key)
            )
        else:
            result[str.__str__(key)] = text
    result.setdefault("name", name)
    if result["name"] != name:
        problems.append(
            Problem(
                f'connector "{name}": key "name" is "{result["name"]}": make both the same or remove it', name, "name"
            )
        )
    if problems:
        raise InputError(problems)
    return result
