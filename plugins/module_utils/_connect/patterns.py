# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one pattern grammar of the collection: a glob, or `~regex` as in Ansible's host patterns."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable

from .errors import InputError, Problem

Matcher = Callable[[str], bool]


def matcher(pattern: str) -> Matcher:
    """A case-sensitive predicate on names. A glob must match the whole name, a regex its beginning.

    Ansible treats a regex in host patterns in the same way.
    Raises InputError for an empty pattern (which would match everything or nothing) and for an invalid regex.
    """
    expression = _compiled(pattern)
    return lambda name: expression.match(name) is not None


def any_match(patterns: Iterable[str]) -> Matcher:
    """True for a name that at least one of the patterns matches; without patterns always False."""
    expressions = [_compiled(pattern) for pattern in patterns]
    return lambda name: any(expression.match(name) is not None for expression in expressions)


def _compiled(pattern: str) -> re.Pattern[str]:
    if pattern in ("", "~"):
        raise InputError(
            [Problem(f'pattern "{pattern}" is empty: write a glob such as "orders-*", or "*" for every name')]
        )
    if not pattern.startswith("~"):
        return re.compile(fnmatch.translate(pattern))
    try:
        return re.compile(pattern[1:])
    except re.error as error:
        raise InputError([Problem(f'pattern "{pattern}" is not a regular expression: {error}')]) from None


def is_pattern(text: str) -> bool:
    """Whether a user means this as a pattern: `~regex`, or with a character of globs."""
    return text.startswith("~") or any(character in text for character in "*?[")
