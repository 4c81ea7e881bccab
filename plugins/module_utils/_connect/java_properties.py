# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads and writes java.util.Properties text: the format of worker files, and of connector files in standalone mode."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_WHITESPACE = " \t\f"
_LINE_END = re.compile(r"\r\n|\n|\r")
_ESCAPE = re.compile(r"\\(u([0-9A-Fa-f]{4})?|.)", re.DOTALL)
_ESCAPED_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}
_WRITTEN = {
    "\\": "\\\\",
    "\t": "\\t",
    "\n": "\\n",
    "\r": "\\r",
    "\f": "\\f",
    "=": "\\=",
    ":": "\\:",
    "#": "\\#",
    "!": "\\!",
}


def parse(text: str) -> dict[str, str]:
    """Read like `Properties.load(Reader)`: the last of equal keys wins.

    Raises ValueError that names the key for a broken \\u escape.
    """
    result: dict[str, str] = {}
    for line in _logical_lines(text):
        raw_key, raw_value = _split(line)
        key = _unescape(raw_key, raw_key)
        result[key] = _unescape(raw_value, key)
    return result


def dump(values: Mapping[str, str]) -> str:
    """Text that Java reads the same in any version and encoding: sorted keys, \\uXXXX for everything beyond ASCII."""
    return "".join(line(key, values[key]) for key in sorted(values))


def line(key: str, value: str) -> str:
    """One key and its value, exactly as `Properties.store(OutputStream, null)` writes them, with a line end."""
    return f"{_escape(key, every_blank=True)}={_escape(value, every_blank=False)}\n"


def comment(text: str) -> str:
    """A comment of one line, with a line end."""
    shown = "".join(character if " " <= character <= "~" else "?" for character in text)
    return f"# {shown}\n"


def _logical_lines(text: str) -> Iterator[str]:
    """Lines without comments and blank lines, with continued lines joined.

    Like Java's LineReader: a comment sign counts only at the start of a logical line, and a blank line ends a continued
    one. A continuation sign at the very end of the text ends the line, even an empty one.
    """
    lines = _LINE_END.split(text)
    if text.endswith(("\n", "\r")) and not text.endswith("\r\n"):
        lines.pop()
    logical = ""
    for number, physical in enumerate(lines, start=1):
        line = physical.lstrip(_WHITESPACE)
        if not logical and (not line or line[0] in "#!"):
            continue
        backslashes = len(line) - len(line.rstrip("\\"))
        continued = backslashes % 2 == 1
        logical += line[:-1] if continued else line
        if continued and number < len(lines):
            continue
        yield logical
        logical = ""


def _split(line: str) -> tuple[str, str]:
    """Key and value, still escaped. The first `=`, `:` or blank that is not escaped ends the key."""
    position = 0
    while position < len(line) and line[position] not in "=:" + _WHITESPACE:
        position += 2 if line[position] == "\\" else 1
    rest = line[position:].lstrip(_WHITESPACE)
    if rest[:1] in ("=", ":"):
        rest = rest[1:].lstrip(_WHITESPACE)
    return line[:position], rest


def _unescape(text: str, key: str) -> str:
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        letter, digits = match[1], match[2]
        if digits:
            return chr(int(digits, 16))
        if letter == "u":
            raise ValueError(f'key "{key}": \\u requires four hexadecimal digits')
        return _ESCAPED_LETTERS.get(letter, letter)

    unescaped = _ESCAPE.sub(one, text)
    try:
        # \uD83D\uDE00 is one character beyond the basic plane, written as in Java: as a surrogate pair.
        return unescaped.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise ValueError(f'key "{key}": \\uD800 to \\uDFFF are valid only in pairs') from None


def _escape(text: str, *, every_blank: bool) -> str:
    written = []
    for position, character in enumerate(text):
        if character == " ":
            written.append("\\ " if every_blank or position == 0 else " ")
        elif character in _WRITTEN:
            written.append(_WRITTEN[character])
        elif " " < character <= "~":
            written.append(character)
        else:
            units = character.encode("utf-16-be")
            written += [f"\\u{units[at : at + 2].hex().upper()}" for at in range(0, len(units), 2)]
    return "".join(written)
