# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys that well-known plugins read without declaring them, and pass on to drivers, clients and their parts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ..data.undeclared_keys import KEYS, PARTS_NAMED_BY, RENAMED
from ..patterns import any_match


def undeclared_keys(plugin_class: str) -> list[str]:
    """Patterns of the keys that this plugin reads though it does not declare them. `plugin_class`: the full name."""
    return list(_of_class(plugin_class, KEYS))


def keys_naming_parts(plugin_class: str) -> list[str]:
    """Keys of this plugin whose values are lists of names; the plugin reads all keys that begin with such a name and a dot."""
    return list(_of_class(plugin_class, PARTS_NAMED_BY))


def present_name(plugin_class: str, key: str) -> str:
    """The present name of a key that this plugin once read; empty when it is none."""
    return next((new for previous, now in _renamings(plugin_class) if (new := _renamed(key, previous, now))), "")


@cache
def _renamings(plugin_class: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for classes, pairs in RENAMED if any_match([classes])(plugin_class) for pair in pairs)


def _of_class(plugin_class: str, table: tuple[tuple[str, tuple[str, ...]], ...]) -> Iterator[str]:
    return (entry for classes, entries in table if any_match([classes])(plugin_class) for entry in entries)


def _renamed(key: str, previous: str, now: str) -> str:
    """A `*` in both names, at the same end, stands for the part that stays. Empty for any other key."""
    if previous.startswith("*") and key.endswith(previous[1:]):
        return key.removesuffix(previous[1:]) + now[1:]
    if previous.endswith("*") and key.startswith(previous[:-1]):
        return now[:-1] + key.removeprefix(previous[:-1])
    return now if key == previous else ""
