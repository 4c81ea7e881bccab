# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a configuration is secret, and how configurations and texts are shown without it. Pure.

A key is secret when its plugin types it PASSWORD (`password_keys`) or when its name says so. Where both are silent, the
value may still hold one: a password in a URL, a private key. When in doubt a value is masked: a mask too many costs a
look at the source, one too few costs the secret.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from urllib.parse import quote, unquote

from .config import is_masked
from .model import Config

MASK = "********"

SHORTEST_SECRET = 4
"""Shorter values are not searched for in texts: they would tear all to pieces and show themselves by the gaps."""

_HARMLESS = frozenset({"true", "false", "null", "none"})

# Names that users choose say nothing of the value: a transform may be called "password".
_CHOSEN_NAME = re.compile(r"^(transforms|predicates|topic\.creation|config\.providers)\.[^.]+\.")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET_WORD = re.compile(
    r".*(?:password|passwd|passphrase|secret|token|credential|apikey|accesskey|secretkey|privatekey|accountkey|sharedkey)s?"
    r"|pass|pwd|userinfo|authorization"
)
_SECRET_WORDS_TOGETHER = re.compile(
    r"(?:^|.* )(?:(?:api|access|private|account|shared|encryption|master|signing|keystore|license|client|app) keys?"
    r"|user info|jaas config|cipher data)(?: .*|$)"
)
# A key that ends like this says something about a secret, such as where it is kept.
_HARMLESS_END = re.compile(
    r"(?:.* )?(?:ur[li]|endpoint|file|path|location|directory|class|provider|source|type|algorithm|format|encoding|mode"
    r"|strategy|version|fields?|topic|prefix|enabled?|ms|seconds|timeout|interval|retries|regex|pattern|client id"
    r"|exception|error)"
)

_REFERENCE = r"\$\{[^}:]+:[^}]*\}"
_REFERENCES_ONLY = re.compile(rf"(?:{_REFERENCE})+")
_ANY_REFERENCE = re.compile(_REFERENCE)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)

_JAAS_OPTION = r"""([\w.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s;"]+)"""
_JAAS = re.compile(
    rf"(?:\s*[\w.$]+\s+(?:required|requisite|sufficient|optional)(?:\s+{_JAAS_OPTION})*\s*;)+\s*", re.IGNORECASE
)
_JAAS_SHOWN = re.compile(
    r"username|user|principal|keytab|usekeytab|storekey|useticketcache|servicename|donotprompt|debug|isinitiator|clientid"
    r"|scope|tokenauth|awsprofilename|awsrolearn",
    re.IGNORECASE,
)


_INVALID_VALUE = re.compile(r"Invalid value (?P<value>.*?) for configuration (?P<key>[\w.-]*\w)", re.DOTALL)

# All of the patterns need one of these; most values of a configuration have none.
_WORTH_A_LOOK = re.compile(r"[=: ]|eyJ")

_Span = tuple[int, int]


@cache
def _in_text() -> tuple[re.Pattern[str], ...]:
    """Compiled when the first text is looked into: most runs have none. In each pattern the group `secret` is what must
    not be seen; a group `key` must name a secret key.
    """
    return (
        re.compile(r"""\b[A-Za-z][\w+.-]*://[^\s:/@"'<>]*:(?P<secret>[^\s"'<>]+)@"""),
        re.compile(r"\bjdbc:oracle:\w+:[^\s/@]+/(?P<secret>[^\s@]+)@"),
        re.compile(
            r"""\bauthorization["']?\s*[:=]\s*["']?(?:[a-z-]+[ ]+)?(?P<secret>[^\s"',}]+)""",
            re.IGNORECASE,
        ),
        re.compile(r"\bbearer\s+(?P<secret>[\w.~+/-]{16,}=*)", re.IGNORECASE),
        re.compile(r"\bbasic\s+(?P<secret>(?=[A-Za-z+/]*[0-9=])[A-Za-z0-9+/]{8,}=*)", re.IGNORECASE),
        re.compile(r"(?P<secret>\beyJ[\w-]+\.[\w-]+\.[\w-]*)"),
        re.compile(rf"(?P<secret>{_PRIVATE_KEY.pattern})", re.DOTALL),
        re.compile(r"\bInvalid value (?P<secret>.*?) for configuration (?P<key>[\w.-]+)", re.DOTALL),
        re.compile(r"\bConnector config \{(?P<secret>.*)\} contains no connector type", re.DOTALL),
        # key="value", 'key': 'value', \"key\":\"value\"; then key=value; then `key: value` at the end of a line or an item.
        re.compile(r"""(?<![\w.-])(?P<key>[\w.-]+)\\*["']?\s*[=:]\s*"(?P<secret>(?:[^"\\]|\\.)+)\""""),
        re.compile(r"""(?<![\w.-])(?P<key>[\w.-]+)\\*["']?\s*[=:]\s*'(?P<secret>[^']+)'"""),
        re.compile(r"""(?<![\w.-])(?P<key>[\w.-]+)\\+["']\s*[=:]\s*\\+["'](?P<secret>.+?)\\+["']"""),
        re.compile(r"""(?<![\w.-])(?P<key>[\w.-]+)\s*=\s*(?P<secret>\$\{[^}]*\}|[^\s,;&"'}\])]+)"""),
        re.compile(
            r"""(?<![\w.-])(?<!configuration )(?P<key>(?!(?:tokens?|credentials?):)[\w.-]+):[ ]*"""
            r"""(?P<secret>\$\{[^}]*\}|[^\s,;&"'}\])]+)(?=\s*(?:$|[,;}\]]))""",
            re.IGNORECASE | re.MULTILINE,
        ),
    )


def is_secret(key: str, value: str = "") -> bool:
    """Whether the value of this key must not be shown: by the key's words, or because it is a private key."""
    return _named_secret(key) or "PRIVATE KEY-----" in value or '"private_key"' in value


def is_reference(value: str) -> bool:
    """Whether the value is nothing but `${provider:key}` or `${provider:path:key}`, which workers resolve (KIP-297)."""
    return _REFERENCES_ONLY.fullmatch(value) is not None


def has_reference(value: str) -> bool:
    """Whether workers put something else into the place of this value, or of a part of it."""
    return "${" in value and _ANY_REFERENCE.search(value) is not None


def unresolved(text: str, config: Config) -> str:
    """What workers say of a value, with the reference as the config has it in the place of what they found there."""

    def as_written(match: re.Match[str]) -> str:
        key = match["key"]
        names = [key, *(name for name in config if name.endswith("." + key))]
        written = next((config[name] for name in names if has_reference(config.get(name, ""))), match["value"])
        return f"Invalid value {written} for configuration {key}"

    return _INVALID_VALUE.sub(as_written, text) if "Invalid value " in text else text


def literal_secret_keys(config: Config, password_keys: Collection[str] = ()) -> tuple[str, ...]:
    """Secret keys, sorted, whose values are written out, with no reference in them."""
    return tuple(
        sorted(
            key
            for key, value in config.items()
            if (key in password_keys or is_secret(key, value)) and _literal(value) and not _ANY_REFERENCE.search(value)
        )
    )


def mask_config(config: Config, password_keys: Collection[str] = ()) -> dict[str, str]:
    """The configuration fit to be shown. References stay, JAAS and URLs are masked in part."""
    return {key: _shown(key, value, password_keys) for key, value in config.items()}


def secret_values(config: Config, password_keys: Collection[str] = ()) -> frozenset[str]:
    """Every text that must not appear in any output because of this configuration: for mask_text, for Ansible's no_log.

    References and values shorter than SHORTEST_SECRET are left out; of several lines each long one counts by itself;
    what a JSON or a URL makes of the value counts too.
    """
    found: set[str] = set()
    for key, value in config.items():
        if key in password_keys or is_secret(key, value):
            found.update(_parts_of_secret(key, value))
        else:
            found.update(value[start:end] for start, end in _spans_in_text(value))
    kept = {text for text in found if _literal(text) and len(text) >= SHORTEST_SECRET and text.lower() not in _HARMLESS}
    forms = {form for text in kept for form in (unquote(text), quote(text, safe=""), json.dumps(text)[1:-1])}
    return frozenset(kept | {form for form in forms if len(form) >= SHORTEST_SECRET})


def mask_text(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the given secret values and without what looks like one (URLs, JAAS, assignments, headers)."""
    spans = [span for secret in secrets if secret and secret in text for span in _occurrences(text, secret)]
    return _cover(text, [*spans, *_spans_in_text(text)])


@lru_cache(maxsize=8192)
def _named_secret(key: str) -> bool:
    words = [word.lower() for word in _WORD.findall(_CHOSEN_NAME.sub("", key))]
    joined = " ".join(words)
    if not words or _HARMLESS_END.fullmatch(joined):
        return False
    if words[-1] == "license" or any(_SECRET_WORD.fullmatch(word) for word in words):
        return True
    return _SECRET_WORDS_TOGETHER.fullmatch(joined) is not None


def _literal(value: str) -> bool:
    return bool(value) and not is_reference(value) and not is_masked(value)


def _shown(key: str, value: str, password_keys: Collection[str]) -> str:
    if key not in password_keys and not is_secret(key, value):
        return mask_text(value)
    if not _literal(value):
        return value
    if _JAAS.fullmatch(value):
        return _cover(value, _jaas_spans(value))
    return MASK


def _parts_of_secret(key: str, value: str) -> Iterator[str]:
    yield value
    if "\n" in value:
        yield from (line.strip() for line in value.splitlines() if len(line.strip()) >= 2 * SHORTEST_SECRET)
    if _JAAS.fullmatch(value):
        yield from (value[start:end] for start, end in _jaas_spans(value))
    elif key.endswith("user.info") and ":" in value:
        yield value.partition(":")[2]


def _jaas_spans(value: str) -> Iterator[_Span]:
    for match in re.finditer(_JAAS_OPTION, value):
        start, end = match.span(2)
        if match[2].startswith(('"', "'")):
            start, end = start + 1, end - 1
        if not _JAAS_SHOWN.fullmatch(match[1]) and _literal(value[start:end]):
            yield start, end


def _spans_in_text(text: str) -> Iterator[_Span]:
    if not _WORTH_A_LOOK.search(text):
        return
    for pattern in _in_text():
        for match in pattern.finditer(text):
            groups: Mapping[str, str | None] = match.groupdict()
            key = groups.get("key")
            if (key is None or _named_secret(key)) and _literal(match["secret"]):
                yield match.span("secret")


def _occurrences(text: str, secret: str) -> Iterator[_Span]:
    start = text.find(secret)
    while start >= 0:
        yield start, start + len(secret)
        start = text.find(secret, start + 1)


def _cover(text: str, spans: Iterable[_Span]) -> str:
    """One mask for each run of spans that overlap or touch."""
    result: list[str] = []
    shown_to = masked_to = -1
    for start, end in sorted(spans):
        if start > masked_to:
            result += [text[max(shown_to, 0) : start], MASK]
        masked_to = shown_to = max(masked_to, end)
    result.append(text[max(shown_to, 0) :])
    return "".join(result)
