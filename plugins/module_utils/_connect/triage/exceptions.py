# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exceptions in a stack trace, with their codes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .chain import texts_of

LONGEST_MESSAGE = 1000
"""Characters of a message that are matched: three quarters from its beginning, the rest from its end."""
MOST_EXCEPTIONS = 32
"""The innermost exceptions of a stack trace that are matched."""
LONGEST_FRAMES = 4000
"""Characters of the stack frames of an exception that are matched: the first ones, where it was thrown."""

# An exception within a text: messages often begin with the class and the message of the cause, or list several.
_CLASS = re.compile(r"(?<!\w)([A-Z]\w*(?:Exception|Error))(?=:|$)", re.MULTILINE)
_STATEMENT_END = " was aborted"
"""What follows the statement and its values, in which any word may occur."""


@dataclass(frozen=True)
class JavaException:
    """An exception: its class without the package, its message, and its own stack frames; each may be empty."""

    type: str
    message: str
    frames: str = ""
    lower: str = field(init=False, repr=False, compare=False)
    codes: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Rows read them many times. Python 3.7, which a managed host may have, has no cached properties.
        object.__setattr__(self, "lower", self.message.lower())
        object.__setattr__(self, "codes", codes_of(self.message))


def exceptions_of(trace: str) -> list[JavaException]:
    """Return the exceptions of a stack trace, or of a cause in one line, the outermost first."""
    found = [one for text, frames in texts_of(trace) for one in _split(text, frames[:LONGEST_FRAMES])]
    return found[-MOST_EXCEPTIONS:]


def _split(text: str, frames: str) -> Iterator[JavaException]:
    heads = list(_CLASS.finditer(text))[-MOST_EXCEPTIONS:]
    before = text[: heads[0].start()] if heads else text
    if _is_text(before):
        yield JavaException("", _bounded(before), frames)
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for head, end in zip(heads, ends):  # noqa: B905  # a managed host may have Python 3.7, which has no strict
        yield JavaException(head[1], _bounded(text[head.end() : end]), frames)


def _is_text(before: str) -> bool:
    """Whether there is more than the package of the first class."""
    return " " in before.strip()


def _bounded(message: str) -> str:
    statement, _end, rest = message.rpartition(_STATEMENT_END)
    text = (rest if statement else message).strip(": \t\r\n")
    if len(text) <= LONGEST_MESSAGE:
        return text
    return f"{text[: LONGEST_MESSAGE * 3 // 4]}\n{text[-LONGEST_MESSAGE // 4 :]}"


# Codes


# The prefix of a code, and the pattern whose only group is its value.
_CODES = (
    ("sqlstate:", re.compile(r"\bsql ?state[ =:\[('\"]{1,3}([0-9A-Z]{5})\b", re.IGNORECASE)),
    ("sqlstate:", re.compile(r"\(Error: ([0-9A-Z]{5})\)")),
    ("sqlcode:", re.compile(r"\bSQLCODE[ =:]{1,3}(-?\d{1,6})\b")),
    ("ora:", re.compile(r"\bORA-(\d{5})\b")),
    ("error:", re.compile(r"\berror code[ =:\[]{1,3}(\w{1,40})", re.IGNORECASE)),
    ("mongo:", re.compile(r"\bfailed with error (?:code )?(-?\d{1,6})\b")),
    ("mongo:", re.compile(r"\bWriteError\{(?:index=\d{1,9}, )?code=(\d{1,6})\b")),
    ("mongo:", re.compile(r"\bE(11\d{3})\b")),
    ("clickhouse:", re.compile(r"\bCode: (\d{1,5})[.,] ?(?:e\.displayText|DB::)")),
    ("http:", re.compile(r"\bstatus ?code[ =:]{1,3}(\d{3})\b", re.IGNORECASE)),
    ("http:", re.compile(r"\bHTTP/\d\.\d (\d{3})\b")),
    ("http:", re.compile(r'"code" ?: ?(\d{3})\b')),
    ("http:", re.compile(r"\bresponse code(?: is)?[ =:]{1,3}(\d{3})\b", re.IGNORECASE)),
    ("http:", re.compile(r"\A(\d{3})(?: [A-Z][a-z]+){1,3}")),
    ("elastic:", re.compile(r"\btype\"?[=:] ?\"?([a-z_]{1,60}_exception)\b")),
    ("google:", re.compile(r"\breason\"? ?[=:] ?\"?([a-zA-Z]{1,40})\b")),
    ("grpc:", re.compile(r"\A([A-Z_]{5,20})(?=:|\Z)")),
)


def codes_of(message: str) -> frozenset[str]:
    """Return the codes in a message, each after what gives it its meaning: `sqlstate:23505`, `http:429`, `ora:00060`."""
    return frozenset(f"{prefix}{value}" for prefix, pattern in _CODES for value in pattern.findall(message))
