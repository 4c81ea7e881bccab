# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which values of a configuration are secret, and how configurations and texts are shown without them. Pure.

A key is secret if its plugin declares the type PASSWORD for it (`password_keys`), or if its name says so. The value of any other
key may still contain a secret: a password in a URL, a private key. In doubt, a value is masked: with a mask too many, you read the
source; with a mask too few, the secret is out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from .masked import MASK, cover
from .secret_keys import has_reference, is_literal, is_secret
from .secrets_in_text import INVALID_VALUE, spans_in_text

if TYPE_CHECKING:
    from .secrets_in_text import Span

SHORTEST_SECRET = 4
"""Characters. Texts are not searched for shorter values: masks all over a text would make it illegible, and show the value."""

_HARMLESS = frozenset({"true", "false", "null", "none"})

# A JAAS value: modules with their options. Each token has a pattern of its own, so that it is read in one way only.
_JAAS_MODULE = re.compile(r"\s*[\w.$]+\s+(?:required|requisite|sufficient|optional)", re.IGNORECASE)
_JAAS_OPTION = re.compile(
    r"""\s+(?P<key>[\w.-]+)\s*=\s*(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<plain>[^\s;"'][^\s;"]*))"""
)
_JAAS_END = re.compile(r"\s*;")
_JAAS_SHOWN = re.compile(
    r"username|user|principal|keytab|usekeytab|storekey|useticketcache|servicename|donotprompt|debug|isinitiator|clientid"
    r"|scope|tokenauth|awsprofilename|awsrolearn",
    re.IGNORECASE,
)


def unresolved(text: str, config: Mapping[str, str]) -> str:
    """Return a worker's message about a value, with the reference of the config in place of the value that it points to."""

    def as_written(match: re.Match[str]) -> str:
        key = match["key"]
        if key is None:
            return match[0]
        names = [key, *(name for name in config if name.endswith("." + key))]
        written = next((config[name] for name in names if has_reference(config.get(name, ""))), match["value"])
        return f"Invalid value {written} for configuration {key}"

    return INVALID_VALUE.sub(as_written, text) if "Invalid value " in text else text


def literal_secret_keys(config: Mapping[str, str], password_keys: Collection[str] = ()) -> tuple[str, ...]:
    """Return the secret keys, sorted, whose values are written out and contain no reference."""
    return tuple(
        sorted(
            key
            for key, value in config.items()
            if (key in password_keys or is_secret(key, value)) and is_literal(value) and not has_reference(value)
        )
    )


def mask_config(config: Mapping[str, str], password_keys: Collection[str] = ()) -> dict[str, str]:
    """Return the configuration with masked secrets. References stay; JAAS values and URLs are masked in part."""
    return {key: _shown(key, value, password_keys) for key, value in config.items()}


def secret_values(config: Mapping[str, str], password_keys: Collection[str] = ()) -> frozenset[str]:
    """Return the texts that no output may contain because of this configuration: for mask_text and for Ansible's no_log.

    References and values shorter than SHORTEST_SECRET are left out. Each long line of a value counts by itself, and so do the
    forms that the value has in JSON and in a URL.
    """
    found: set[str] = set()
    for key, value in config.items():
        if key in password_keys or is_secret(key, value):
            found.update(_parts_of_secret(key, value))
        else:
            found.update(value[start:end] for start, end in spans_in_text(value))
    kept = {
        text for text in found if is_literal(text) and len(text) >= SHORTEST_SECRET and text.lower() not in _HARMLESS
    }
    forms = {form for text in kept for form in (unquote(text), quote(text, safe=""), json.dumps(text)[1:-1])}
    return frozenset(kept | {form for form in forms if len(form) >= SHORTEST_SECRET})


def mask_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without these secret values, and without what looks like one: in URLs, assignments, headers and so on."""
    spans = [span for secret in secrets if secret and secret in text for span in _occurrences(text, secret)]
    return cover(text, [*spans, *spans_in_text(text)])


def _shown(key: str, value: str, password_keys: Collection[str]) -> str:
    if key not in password_keys and not is_secret(key, value):
        return mask_text(value)
    if not is_literal(value):
        return value
    options = _jaas_options(value)
    return MASK if options is None else cover(value, _jaas_spans(value, options))


def _parts_of_secret(key: str, value: str) -> Iterator[str]:
    yield value
    if "\n" in value:
        yield from (line.strip() for line in value.splitlines() if len(line.strip()) >= 2 * SHORTEST_SECRET)
    options = _jaas_options(value)
    if options is not None:
        yield from (value[start:end] for start, end in _jaas_spans(value, options))
    elif key.endswith("user.info") and ":" in value:
        yield value.partition(":")[2]


def _jaas_options(value: str) -> list[tuple[str, Span]] | None:
    """Return each option of a JAAS value with the span of its own value; None if this is no JAAS value."""
    options: list[tuple[str, Span]] = []
    at, end = 0, len(value.rstrip())
    # Not as assignment expressions: a managed host may have Python 3.7.
    module = _JAAS_MODULE.match(value, at)
    while module:
        at = module.end()
        option = _JAAS_OPTION.match(value, at)
        while option:
            options.append((option["key"], option.span(option.lastgroup or "plain")))
            at = option.end()
            option = _JAAS_OPTION.match(value, at)
        closed = _JAAS_END.match(value, at)
        if closed is None:
            return None
        at = closed.end()
        module = _JAAS_MODULE.match(value, at)
    return options if at > 0 and at == end else None


def _jaas_spans(value: str, options: Iterable[tuple[str, Span]]) -> Iterator[Span]:
    for key, (start, end) in options:
        if not _JAAS_SHOWN.fullmatch(key) and is_literal(value[start:end]):
            yield start, end


def _occurrences(text: str, secret: str) -> Iterator[Span]:
    """Yield where the text contains the secret; occurrences that overlap are one span."""
    length = len(secret)
    backwards: tuple[str, str] | None = None
    start = text.find(secret)
    while start >= 0:
        end = start + length
        while True:
            # Continue with the last occurrence that begins in this span: the two cover all that lies between them.
            if text.find(secret, end - length + 1, end + length - 1) < 0:
                break
            if backwards is None:
                backwards = text[::-1], secret[::-1]
            found = backwards[0].find(backwards[1], len(text) - end - length + 1, len(text) - end + length - 1)
            end = len(text) - found
        yield start, end
        start = text.find(secret, end)
