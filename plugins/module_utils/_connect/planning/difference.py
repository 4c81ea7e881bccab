# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a desired configuration differs from the stored one. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..masked import is_masked
from ..model import Config


@dataclass(frozen=True)
class Difference:
    """Keys whose values differ, removed ones included, and keys whose stored value is masked and thus unknown. Sorted."""

    changed_keys: tuple[str, ...] = ()
    unverified_keys: tuple[str, ...] = ()


_NONE = Difference()


def compare(desired: Config, stored: Config, *, update_secrets: bool = False) -> Difference:
    """What writing `desired` over `stored` would change. Keys that `desired` lacks are removals.

    A masked stored value that differs from the desired one cannot be compared: it is unverified, or with `update_secrets`
    counts as changed. The replacement of a masking transform is such a text in clear.
    """
    if desired == stored:
        return _NONE
    changed: list[str] = []
    unverified: list[str] = []
    for key in sorted(desired.keys() | stored.keys()):
        new, old = desired.get(key), stored.get(key)
        if new == old:
            continue
        if (
            new is not None
            and old is not None
            and is_masked(old)
            and not update_secrets
            and not key.endswith(".replacement")
        ):
            unverified.append(key)
        else:
            changed.append(key)
    return Difference(tuple(changed), tuple(unverified))
