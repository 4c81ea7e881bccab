# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checksums as users give them, and checksum files in the forms that projects publish. Pure.

The forms: lines of sha256sum (`digest  name`), of BSD and OpenSSL (`SHA512 (name) = digest`), of `gpg --print-md` as Apache
publishes them (`name: 01234567 89ABCDEF ...` over several lines), and a digest alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..errors import InputError, Problem

DIGITS = {"sha256": 64, "sha512": 128}
"""Hexadecimal digits of a digest, by algorithm."""
URL = re.compile(r"https?://", re.I)

_ALGORITHM = re.compile(r"(?P<algorithm>sha256|sha512):(?P<value>.*)", re.I | re.S)
_COREUTILS = re.compile(r"(?P<escaped>\\?)(?P<digest>[0-9a-f]{32,128}) [ *](?P<name>.+)", re.I)
_TAGGED = re.compile(r"SHA(?:2-)?(?P<bits>\d+) ?\((?P<name>.+)\) ?= ?(?P<digest>[0-9a-f]+)", re.I)
_GROUPS = frozenset("0123456789abcdefABCDEF \t")
_ESCAPES = {r"\\": "\\", r"\n": "\n", r"\r": "\r"}
STANDARD_INPUT = "-"
LONGEST_LINE = 5000
"""Characters of a line that can contain a digest and a path."""


class Checksum(NamedTuple):
    """A checksum as a user gives it: the algorithm, and either a digest in lower case or the URL of a checksum file."""

    algorithm: str
    digest: str = ""
    url: str = ""

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.digest or self.url}"


class _Entry(NamedTuple):
    """A digest in lower case, and the name of its file; "" if the checksum file does not say it."""

    digest: str
    name: str


def checksum_of(text: str) -> Checksum:
    """Return the checksum in `sha512:DIGEST` or `sha512:URL`, and accordingly for sha256. Raises InputError."""
    match = _ALGORITHM.fullmatch(text.strip())
    if match is None:
        raise InputError([Problem("the checksum does not start with sha256: or sha512: -> add its algorithm")])
    algorithm, value = match["algorithm"].lower(), match["value"].strip()
    if URL.match(value):
        return Checksum(algorithm, url=value)
    if not re.fullmatch("[0-9a-fA-F]*", value):
        hint = "give the digest in hexadecimal, or the URL of a checksum file"
        raise InputError([Problem(f"the {algorithm} checksum contains other characters than 0-9 and a-f -> {hint}")])
    if len(value) != DIGITS[algorithm]:
        text = f"the {algorithm} checksum has {len(value)} digits instead of {DIGITS[algorithm]}"
        raise InputError([Problem(f"{text} -> give the whole digest, or the URL of a checksum file")])
    return Checksum(algorithm, value.lower())


def digest_in(text: str, algorithm: str, file_name: str) -> str:
    """Return the digest of the file with this name, in lower case, from the text of a checksum file. Raises ValueError."""
    entries = [entry for entry in _entries(text) if len(entry.digest) == DIGITS[algorithm]]
    if not entries:
        raise ValueError(f"contains no {algorithm} digest")
    named = [entry for entry in entries if entry.name]
    found = {entry.digest for entry in named if _base_name(entry.name) == file_name}
    if not named:
        found = {entry.digest for entry in entries}
    if not found:
        names = sorted({_base_name(entry.name) for entry in named})
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        raise ValueError(f"has no digest of {file_name}, only of {', '.join(names[:3])}{more}")
    if len(found) > 1:
        raise ValueError(f"contains {len(found)} different {algorithm} digests for {file_name}")
    return found.pop()


def _entries(text: str) -> Iterator[_Entry]:
    """Return the digests of any length in a checksum file; ignores other lines, such as those of a signature."""
    name, groups = "", ""
    # A line that does not continue the previous entry ends it.
    for line in [*text.removeprefix("\ufeff").splitlines(), "."]:
        if len(line) > LONGEST_LINE:
            continue
        if (name or groups) and line[:1].isspace() and _is_groups(line):
            groups += line
            continue
        if groups:
            yield _Entry("".join(groups.split()).lower(), name)
        name, groups = "", ""
        if match := _COREUTILS.fullmatch(line.strip()):
            listed = _unescaped(match["name"]) if match["escaped"] else match["name"]
            yield _Entry(match["digest"].lower(), "" if listed == STANDARD_INPUT else listed)
        elif match := _TAGGED.fullmatch(line.strip()):
            if len(match["digest"]) * 4 == int(match["bits"]):
                yield _Entry(match["digest"].lower(), match["name"])
        elif _is_groups(line):
            groups = line
        else:
            head, colon, rest = line.rpartition(":")
            if colon and (not rest.strip() or _is_groups(rest)):
                name, groups = head, rest


def _is_groups(text: str) -> bool:
    """Whether the text consists of groups of hexadecimal digits."""
    return bool(text.strip()) and _GROUPS.issuperset(text)


def _unescaped(name: str) -> str:
    """A name as sha256sum escapes it, on a line that starts with a backslash."""
    return re.sub(r"\\[\\nr]", lambda match: _ESCAPES[match[0]], name)


def _base_name(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]
