# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connector's configuration as Connect stores it, and how a desired one differs from the stored one. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .errors import InputError, Problem
from .model import Config

_MASKED = re.compile(r"\*{3,}|\[hidden\]|<hidden>|\(hidden\)", re.IGNORECASE)


@dataclass(frozen=True)
class Difference:
    """Keys whose values differ, removed ones included, and keys whose stored value is masked: unknown. Sorted."""

    changed_keys: tuple[str, ...] = ()
    unverified_keys: tuple[str, ...] = ()


_NONE = Difference()


def is_masked(value: str) -> bool:
    """Whether a worker, or a proxy before it, has put stars or "[hidden]" in the place of the value."""
    return _MASKED.fullmatch(value) is not None


def scalar_text(value: object) -> str | None:
    """The string that Connect stores for a JSON scalar; None for what is no scalar or no JSON (null, a date, infinity).

    Always a plain str: subclasses that mark where a value comes from would not survive pickling or comparing.
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


def normalise(name: str, config: Mapping[str, object]) -> Config:
    """Every value a string and `name` added, as POST and PUT do.

    Raises InputError for values that Connect has no string for, and for a `name` that is another.
    """
    result: dict[str, str] = {}
    problems: list[Problem] = []
    for key, value in config.items():
        # The tests by exact type spare most of the 15,000 keys and values of a thousand connectors several calls.
        if value.__class__ is str and key.__class__ is str:
            result[key] = value
            continue
        text = scalar_text(value)
        if not isinstance(key, str):
            problems.append(Problem(f'connector "{name}": a key is {key}, which is no text: quote it', name))
        elif text is None:
            problems.append(
                Problem(f'connector "{name}": key "{key}" has a value that is no text or number', name, key)
            )
        else:
            result[str.__str__(key)] = text
    result.setdefault("name", name)
    if result["name"] != name:
        problems.append(
            Problem(
                f'connector "{name}": key "name" says "{result["name"]}": make both the same or remove it', name, "name"
            )
        )
    if problems:
        raise InputError(problems)
    return result


def compare(desired: Config, stored: Config, *, update_secrets: bool = False) -> Difference:
    """What writing `desired` over `stored` would change. Keys that `desired` lacks are removals.

    A stored value that is masked, where the desired one is not that very text, cannot be compared: it is unverified, or
    with `update_secrets` counted as changed. The replacement of a masking transform has such a text in clear.
    """
    if desired == stored:
        return _NONE
    changed: list[str] = []
    unverified: list[str] = []
    for key in sorted(desired.keys() | stored.keys()):
        wanted, is_stored = desired.get(key), stored.get(key)
        if wanted == is_stored:
            continue
        if (
            wanted is not None
            and is_stored is not None
            and is_masked(is_stored)
            and not update_secrets
            and not key.endswith(".replacement")
        ):
            unverified.append(key)
        else:
            changed.append(key)
    return Difference(tuple(changed), tuple(unverified))
