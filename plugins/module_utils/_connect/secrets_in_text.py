# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a text shows secrets: URLs, assignments, headers, tokens, private keys and messages of Connect. Pure.

Texts come from workers, so they have any size and form. The time grows with the length of the text, never with its square:

- A pattern that could fail late matches what it has read, and the code drops that match. So no pattern reads a character again from
  each place at which it could begin.
- Values of keys may overlap. The code searches for the end of a value once, and uses it for all values that end there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from .secret_keys import FIRST_OF_NO_SECRET, PARTS_OF_SECRET_KEYS, is_literal, named_secret

if TYPE_CHECKING:
    Span = tuple[int, int]
    """Start and end of a part of a text."""

INVALID_VALUE = re.compile(r"Invalid value (?P<value>.*?)(?: for configuration (?P<key>[\w.-]*\w)|\Z)", re.DOTALL)
"""Kafka's message about a value. Without `key` it is another message."""

# Every pattern needs one of these; most values of a configuration contain none.
_MAY_SHOW_SECRETS = re.compile(r"[=: ]|eyJ")

_OF_CONFIGURATION = "configuration "
_QUOTES = frozenset({'"', "'", "\\"})
_SPECIAL = _QUOTES | set(FIRST_OF_NO_SECRET)
_HEADINGS = frozenset({"token", "tokens", "credential", "credentials"})
_LONGEST_ESCAPED = 2_000
"""Characters within which the end of an escaped value is searched. Of a longer one, the whole line is the value."""


@dataclass(frozen=True)
class _Patterns:
    """The patterns for secrets in a text.

    In `shapes`, the group `secret` is the secret, if it has matched. Each shape has the words, in lower case, without which it
    cannot match.
    """

    shapes: tuple[tuple[str, re.Pattern[str]], ...]
    url: re.Pattern[str]
    user_of_url: re.Pattern[str]
    oracle: re.Pattern[str]
    assignment: re.Pattern[str]
    double_quoted: re.Pattern[str]
    escaped_quote: re.Pattern[str]
    backslashes: re.Pattern[str]
    end_of_plain: re.Pattern[str]
    end_of_item: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    """Return the patterns. They are compiled when they are first needed, because most runs need none."""
    return _Patterns(
        shapes=(
            (
                "authorization",
                re.compile(
                    r"""\bauthorization["']?\s*[:=]\s*["']?(?:[a-z-]+[ ]+)?(?P<secret>[^\s"',}]+)""", re.IGNORECASE
                ),
            ),
            ("bearer", re.compile(r"\bbearer\s+(?P<secret>[\w.~+/-]{16,}=*)", re.IGNORECASE)),
            (
                "basic",
                re.compile(r"\bbasic\s+(?P<secret>(?=[A-Za-z+/]*[0-9=])[A-Za-z0-9+/]{8,}=*)", re.IGNORECASE),
            ),
            # A JSON web token has two dots. The second alternative skips the start of any other word.
            ("eyj", re.compile(r"(?P<secret>\beyJ[\w-]+\.[\w-]+\.[\w-]*)|\beyJ[\w-]*")),
            (
                "private key-----",
                re.compile(
                    r"(?P<secret>-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z))",
                    re.DOTALL,
                ),
            ),
        ),
        url=re.compile(r"""://(?<=[\w+.-]://)[^\s"'<>]+"""),
        user_of_url=re.compile(r"""://[^\s:/@"'<>]*:"""),
        oracle=re.compile(r"\bjdbc:oracle:\w+:(?P<login>[^\s@]+)(?P<at>@)?"),
        # key=value, key: value, key="value", 'key': 'value', \"key\":\"value\", up to the value.
        assignment=re.compile(r"""(?<![\w.-])([\w.-]+)(\\*["']?\s*[=:]\s*)"""),
        double_quoted=re.compile(r'''"([^"\\]*(?:\\.[^"\\]*)*)"'''),
        escaped_quote=re.compile(r"""\\+["']"""),
        # Also matches without a quote, so that no run of backslashes is read again from each of them.
        backslashes=re.compile(r"""\\+(?P<quote>["'])?"""),
        end_of_plain=re.compile(r"""[\s,;&"'}\])]|\Z"""),
        end_of_item=re.compile(r"\s*(?:$|[,;}\]])", re.MULTILINE),
    )


class _Ends:
    """Finds the ends of values in a text. The caller asks in the order in which the values begin, so that the text is read once."""

    def __init__(self, text: str, patterns: _Patterns) -> None:
        self._text = text
        self._patterns = patterns
        self._plain_to = self._line_to = -1
        # Where the last references end, and where the value that begins with them ends.
        self._references_to = self._value_to = -1
        self._has_more_braces = True
        self._items: dict[int, bool] = {}

    def quoted(self, begin: int, opening: str) -> Span:
        """Return the span of the value in these quotes. If they do not close, because the text is truncated, it ends with the line."""
        if opening == '"':
            double = self._patterns.double_quoted.match(self._text, begin)
            return double.span(1) if double else (begin + 1, self._line(begin))
        if opening == "'":
            end = self._text.find("'", begin + 1)
            return begin + 1, end if end >= 0 else self._line(begin)
        escaped = self._patterns.escaped_quote.match(self._text, begin)
        if escaped is None:
            return begin, begin
        # The value has one character or more, even if the first one is a backslash or a quote.
        second = escaped.end() + 1
        if self._text[second - 1 : second] == "\n":
            return begin, begin
        # A quote with more backslashes belongs to the value: its text was escaped once more.
        for closing in self._patterns.backslashes.finditer(self._text, second, second + _LONGEST_ESCAPED):
            if closing["quote"] and len(closing[0]) <= len(escaped[0]):
                return escaped.end(), min(max(closing.start(), second), self._line(second))
        return escaped.end(), self._line(second)

    def _line(self, begin: int) -> int:
        """Return the end of the line."""
        if begin > self._line_to:
            end = self._text.find("\n", begin)
            self._line_to = end if end >= 0 else len(self._text)
        return self._line_to

    def plain(self, begin: int) -> int:
        """Return the end of a value without quotes."""
        if begin > self._plain_to:
            self._plain_to = self._search_end(begin)
        return self._plain_to

    def referring(self, begin: int) -> int:
        """Return the end of a value that may begin with references. They may contain any character."""
        if begin < self._references_to:
            return self._value_to
        end = begin
        while self._has_more_braces and self._text.startswith("${", end):
            brace = self._text.find("}", end)
            self._has_more_braces = brace >= 0
            end = max(brace + 1, end)
        self._references_to, self._value_to = end, self.plain(begin) if end == begin else self._search_end(end)
        return self._value_to

    def item(self, begin: int, opening: str) -> int:
        """Return the end of a value that ends an item or a line, `begin` if it does not."""
        if opening == "$":
            end = self.referring(begin)
            if self._ends_item(end):
                return end
        end = self.plain(begin)
        return end if self._ends_item(end) else begin

    def _search_end(self, begin: int) -> int:
        end = self._patterns.end_of_plain.search(self._text, begin)
        return end.start() if end else len(self._text)

    def _ends_item(self, end: int) -> bool:
        if end not in self._items:
            self._items[end] = self._patterns.end_of_item.match(self._text, end) is not None
        return self._items[end]


def spans_in_text(text: str) -> Iterator[Span]:
    """Yield the parts of the text that look like written-out secrets, in any order. They may overlap."""
    if not _MAY_SHOW_SECRETS.search(text):
        return
    patterns = _patterns()
    found = [*_passwords_in_urls(text, patterns), *_values_in_messages(text)]
    lowered = text.lower()
    for words, pattern in patterns.shapes:
        if words in lowered:
            found += [match.span("secret") for match in pattern.finditer(text) if match["secret"]]
    yield from (span for span in found if is_literal(text[slice(*span)]))
    if any(part in lowered for part in PARTS_OF_SECRET_KEYS):
        yield from _values_of_keys(text, patterns)


def _passwords_in_urls(text: str, patterns: _Patterns) -> Iterator[Span]:
    """Yield the passwords in URLs and in Oracle's user/password@host."""
    if "@" not in text:
        return
    for match in patterns.url.finditer(text):
        begin, last = match.start(), text.rfind("@", *match.span())
        while last > 0:
            user = patterns.user_of_url.search(text, begin, last)
            if user is None:
                break
            begin = user.end()
            if begin < last:
                yield begin, last
                break
    if "jdbc:oracle:" in text:
        for match in patterns.oracle.finditer(text):
            slash = text.find("/", match.start("login") + 1, match.end("login") - 1)
            if match["at"] and slash >= 0:
                yield slash + 1, match.end("login")


def _values_in_messages(text: str) -> Iterator[Span]:
    """Yield the values in messages of Connect."""
    if "Invalid value " in text:
        for match in INVALID_VALUE.finditer(text):
            if match["key"] is not None and named_secret(match["key"]):
                yield match.span("value")
    begin, end = text.find("Connector config {"), text.rfind("} contains no connector type")
    if 0 <= begin < end:
        yield begin + len("Connector config {"), end


def _values_of_keys(text: str, patterns: _Patterns) -> Iterator[Span]:
    """Yield the values of secret keys, wherever the text assigns one.

    A value may contain another assignment, and that value may end later.
    """
    ends = _Ends(text, patterns)
    end_of_plain = patterns.end_of_plain.search
    read_to = plain_to = 0
    secret_keys: dict[str, bool] = {}
    for match in patterns.assignment.finditer(text):
        key, sign = match.groups()
        secret = secret_keys.get(key)
        if secret is None:
            secret = secret_keys[key] = named_secret(key)
        if not secret:
            continue
        begin = match.end()
        opening = text[begin : begin + 1]
        if sign == "=" and opening not in _SPECIAL:
            # Most values are like this one, and a text may have very many: so without any other call.
            if begin > plain_to:
                stop = end_of_plain(text, begin)
                plain_to = stop.start() if stop else len(text)
            if plain_to > begin and plain_to > read_to:
                read_to = plain_to
                yield begin, plain_to
            continue
        if opening in _QUOTES and (opening != "\\" or sign[0] == "\\"):
            begin, end = ends.quoted(begin, opening)
        elif sign[0] == ":":
            # A blank is the only white space after a colon: on the next line another item begins.
            is_value = not sign[1:].strip(" ") and not _is_heading(text, match.start(), key)
            end = ends.item(begin, opening) if is_value else begin
        elif sign[0] not in _QUOTES and "=" in sign:
            end = ends.referring(begin) if opening == "$" else ends.plain(begin)
        else:
            continue
        # A value that ends no later than the last one is a part of it.
        if end > begin and end > read_to:
            read_to = end
            if is_literal(text[begin:end]):
                yield begin, end


def _is_heading(text: str, start: int, key: str) -> bool:
    """Return whether a message about the key follows its colon, and no value."""
    if (
        text[start - 1 : start] == " "
        and text[max(start - len(_OF_CONFIGURATION), 0) : start].lower() == _OF_CONFIGURATION
    ):
        return True
    return key.lower() in _HEADINGS
