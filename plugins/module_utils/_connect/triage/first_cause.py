# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cause of a failure in one line, for people. No decision depends on it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..secrets import mask_text
from .chain import texts_of

LONGEST_CAUSE = 300
TERSE = 32
"""A message of up to this many characters ("Connection refused") is reported with the enclosing one, which gives context."""

_HEAD = re.compile(r"(?P<type>[\w$]+(?:\.[\w$]+)+|\w+(?:Exception|Error))(?:: ?(?P<message>.*))?$", re.DOTALL)
_LISTED = re.compile(r"(?<=\n)[\w.$]+(?:Exception|Error): ")
# Messages that only report that something else failed; the cause is further down.
_WRAPPER = re.compile(
    r"Exiting Worker\w*Task due to unrecoverable exception|Tolerance exceeded in error handler|null"
    r"|An exception occurred in the change event producer|Task threw an uncaught and unrecoverable exception"
    r"|Error configuring an instance of|Failed to construct kafka (?:consumer|producer)|Unrecoverable exception from producer"
    r"|Failed to (?:start|initialize) (?:the )?(?:connector|task)\b",
    re.IGNORECASE,
)
_QUOTED_RECORD = "at [Source: "
"""Everything after this is the record that Jackson could not parse."""
_JAVA_PACKAGE = re.compile(r"(?<![\w$])(?:[a-z][\w$]*\.)+(?P<type>[A-Z][\w$]*(?:Exception|Error)\b)?")
"""A package before the class of an exception. Matches a package without a class too, so that it is scanned only once."""


@dataclass(frozen=True)
class _Link:
    """One exception of a chain: its simple class name and its one-line message; either may be empty."""

    type: str
    message: str

    @property
    def is_informative(self) -> bool:
        return bool(self.message) and not _WRAPPER.match(self.message)

    def __str__(self) -> str:
        return ": ".join(part for part in (self.type, self.message) if part)


def first_cause(trace: str) -> str:
    """Return the innermost informative exception in one line, its class without the package, and secrets masked.

    Returns "" for an empty stack trace, and at most LONGEST_CAUSE characters and an ellipsis.
    """
    # Mask before truncating: half of a secret is not recognized as one.
    links = list(_links(mask_text(trace)))
    if not links:
        return ""
    informative = [link for link in links if link.is_informative]
    if not informative:
        return _truncated(str(links[-1]))
    cause = informative[-1]
    if len(cause.message) <= TERSE and len(informative) > 1 and cause.message not in informative[-2].message:
        return _truncated(f"{str(informative[-2]).rstrip(': ')}: {cause}")
    return _truncated(str(informative[-2]) if len(cause.message) <= TERSE and len(informative) > 1 else str(cause))


def _links(trace: str) -> Iterator[_Link]:
    """Return the exceptions of a stack trace, outermost first."""
    for part in (part for text, _frames in texts_of(trace) for part in _listed(text)):
        match = _HEAD.match(part)
        if match is None:
            yield _Link("", _one_line(part))
        else:
            yield _Link(re.split(r"[.$]", match["type"])[-1], _one_line(match["message"] or ""))


def _listed(text: str) -> list[str]:
    """The exceptions that a message lists, one a line, as drivers of databases do with those of a batch."""
    starts = [0, *(line.start() for line in _LISTED.finditer(text)), len(text)]
    # A managed host may have Python 3.7, which has no pairwise.
    return [text[starts[at] : starts[at + 1]].strip() for at in range(len(starts) - 1) if starts[at] < starts[at + 1]]


def _one_line(message: str) -> str:
    text = " ".join(message.partition(_QUOTED_RECORD)[0].split())
    return _JAVA_PACKAGE.sub(lambda match: match["type"] or match[0], text)


def _truncated(text: str) -> str:
    return text if len(text) <= LONGEST_CAUSE else text[:LONGEST_CAUSE].rstrip() + "…"
