# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A row of the table of causes, and when it applies to an exception. Pure.

No row has a regular expression: whether one applies takes time in proportion to the length of the message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .exceptions import JavaException

if TYPE_CHECKING:
    from typing import Literal

    Transience = Literal["transient", "permanent", "unknown"]
else:
    # A managed host may have Python 3.7, which has no such type.
    Transience = str

GAP = "…"
"""Stands for any text between two parts of a phrase."""


@dataclass(frozen=True)
class Sign:
    """What an exception looks like. All conditions that are given must hold, and there is at least one.

    `types`: one of these class names, without the package. `codes`: one of these codes, as codes_of returns them, a `*` at
    the end stands for the rest. `says`: one of these phrases is in the message, in lower case. `at`: one of these is in its
    stack frames.
    """

    types: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    at: tuple[str, ...] = ()

    def fits(self, exception: JavaException) -> bool:
        return (
            (not self.types or exception.type in self.types)
            and (not self.codes or any(_is_code(code, exception.codes) for code in self.codes))
            and (not self.says or any(_says(phrase, exception.lower) for phrase in self.says))
            and (not self.at or any(place in exception.frames for place in self.at))
        )


@dataclass(frozen=True)
class Cause:
    """A row: `kind` is its name, `advice` the fix in one line."""

    kind: str
    transience: Transience
    advice: str
    signs: tuple[Sign, ...]

    def fits(self, exception: JavaException) -> bool:
        return any(sign.fits(exception) for sign in self.signs)


def cause(kind: str, transience: Transience, advice: str, *signs: Sign) -> Cause:
    """A row as the table writes it."""
    return Cause(kind, transience, advice, signs)


def sign(types: str = "", codes: str = "", says: Sequence[str] = (), at: Sequence[str] = ()) -> Sign:
    """A sign as the table writes it: class names and codes are separated by blanks."""
    if not (types or codes or says or at):
        raise ValueError("a sign without a condition would fit every exception")
    return Sign(frozenset(types.split()), tuple(codes.split()), tuple(phrase.lower() for phrase in says), tuple(at))


def _is_code(code: str, found: frozenset[str]) -> bool:
    if code.endswith("*"):
        return any(one.startswith(code[:-1]) for one in found)
    return code in found


def _says(phrase: str, message: str) -> bool:
    at = 0
    for part in phrase.split(GAP):
        at = message.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True
