# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a configuration is secret, and how configurations and texts are shown without it. Pure.

A key is secret when its plugin types it PASSWORD (`password_keys`) or when its name says so. Where both are silent, the
value may still hold one: a password in a URL, a private key. When in doubt a value is masked: a mask too many costs a
look at the source, one too few costs the secret.

Texts come from workers, so their size and form are anybody's choice: the work grows with their length, never with its
square. A pattern that could fail late goes on to match what it has read, and the match is dropped in Python: so no
character is read again from each place where the pattern could begin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
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
_LONGEST_KNOWN_KEY = 256
"""Longer keys are judged each time: the cache would keep them all."""
# Each secret key has one of these; most keys have none.
_MAY_BE_SECRET = re.compile(
    r"pass|pwd|secret|token|credential|key|user|authorization|jaas|cipher|license", re.IGNORECASE
)
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

_REFERENCE = r"\$\{[^{}:]+:[^{}]*\}"
_REFERENCES_ONLY = re.compile(rf"(?:{_REFERENCE})+")
_ANY_REFERENCE = re.compile(_REFERENCE)

# A JAAS value: modules with their options. Each token is matched by itself, so that none is read in two ways.
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


_INVALID_VALUE = re.compile(r"Invalid value (?P<value>.*?)(?: for configuration (?P<key>[\w.-]*\w)|\Z)", re.DOTALL)

# What is looked for needs one of these; most values of a configuration have none.
_WORTH_A_LOOK = re.compile(r"[=: ]|eyJ")

_OF_CONFIGURATION = "configuration "
_QUOTES = ('"', "'", "\\")
_HEADINGS = frozenset({"token", "tokens", "credential", "credentials"})

_Span = tuple[int, int]


@dataclass(frozen=True)
class _InText:
    """What secrets look like in a text. In `patterns` the group `secret` is what must not be seen, where it has matched;
    each is tried only where its words are in the text, in lower case.
    """

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    url: re.Pattern[str]
    user_of_url: re.Pattern[str]
    oracle: re.Pattern[str]
    key: re.Pattern[str]
    after_key: re.Pattern[str]
    quoted_value: re.Pattern[str]
    reference_value: re.Pattern[str]
    plain_value: re.Pattern[str]
    equals_value: re.Pattern[str]
    colon_blanks: re.Pattern[str]
    item_ends: re.Pattern[str]


@cache
def _in_text() -> _InText:
    """Compiled when the first text is looked into: most runs have none."""
    return _InText(
        patterns=(
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
            # A JSON web token; without the points it is none, and its beginning is passed over at once.
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
        # What follows a key: key=value, key: value, key="value", 'key': 'value', \"key\":\"value\".
        key=re.compile(r"""(?<![\w.-])(?P<key>[\w.-]+)(?=\\*["']?\s*[=:])"""),
        after_key=re.compile(r"""\\*["']?\s*[=:]\s*"""),
        quoted_value=re.compile(
            r"""\\*["']?\s*[=:]\s*(?:"(?P<double>(?:[^"\\]|\\.)+)"|'(?P<single>[^']+)')"""
            r"""|\\+["']\s*[=:]\s*\\+["'](?P<escaped>(?:[^\\\n]|\\+[^\\"'\n])+)\\+["']"""
        ),
        reference_value=re.compile(r"\$\{[^{}]*\}"),
        plain_value=re.compile(r"""[^\s,;&"'}\])]+"""),
        equals_value=re.compile(r"""\s*=\s*(?P<value>\$\{[^{}]*\}|[^\s,;&"'}\])]+)"""),
        colon_blanks=re.compile(r":[ ]*"),
        item_ends=re.compile(r"\s*(?:$|[,;}\]])", re.MULTILINE),
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
        if key is None:
            return match[0]
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


def _named_secret(key: str) -> bool:
    return _judge_name(key) if len(key) <= _LONGEST_KNOWN_KEY else _judge_name.__wrapped__(key)


@lru_cache(maxsize=8192)
def _judge_name(key: str) -> bool:
    if not _MAY_BE_SECRET.search(key):
        return False
    words = [word.lower() for word in _WORD.findall(_CHOSEN_NAME.sub("", key))]
    joined = " ".join(words)
    if not words or _HARMLESS_END.fullmatch(joined):
        return False
    if words[-1] == "license" or any(_SECRET_WORD.fullmatch(word) for word in words):
        return True
    return _SECRET_WORDS_TOGETHER.fullmatch(joined) is not None


_BEGINS_NO_SECRET = ("", "$", "*", "[", "<", "(")


def _literal(value: str) -> bool:
    # Most values begin with none of these, and there may be very many of them.
    return value[:1] not in _BEGINS_NO_SECRET or (bool(value) and not is_reference(value) and not is_masked(value))


def _shown(key: str, value: str, password_keys: Collection[str]) -> str:
    if key not in password_keys and not is_secret(key, value):
        return mask_text(value)
    if not _literal(value):
        return value
    options = _jaas_options(value)
    return MASK if options is None else _cover(value, _jaas_spans(value, options))


def _parts_of_secret(key: str, value: str) -> Iterator[str]:
    yield value
    if "\n" in value:
        yield from (line.strip() for line in value.splitlines() if len(line.strip()) >= 2 * SHORTEST_SECRET)
    options = _jaas_options(value)
    if options is not None:
        yield from (value[start:end] for start, end in _jaas_spans(value, options))
    elif key.endswith("user.info") and ":" in value:
        yield value.partition(":")[2]


def _jaas_options(value: str) -> list[tuple[str, _Span]] | None:
    """Each option of a JAAS value and where its own value stands; None for what is no JAAS value."""
    options: list[tuple[str, _Span]] = []
    at, end = 0, len(value.rstrip())
    while module := _JAAS_MODULE.match(value, at):
        at = module.end()
        while option := _JAAS_OPTION.match(value, at):
            options.append((option["key"], option.span(option.lastgroup or "plain")))
            at = option.end()
        closed = _JAAS_END.match(value, at)
        if closed is None:
            return None
        at = closed.end()
    return options if at > 0 and at == end else None


def _jaas_spans(value: str, options: Iterable[tuple[str, _Span]]) -> Iterator[_Span]:
    for key, (start, end) in options:
        if not _JAAS_SHOWN.fullmatch(key) and _literal(value[start:end]):
            yield start, end


def _spans_in_text(text: str) -> Iterator[_Span]:
    if not _WORTH_A_LOOK.search(text):
        return
    forms = _in_text()
    found = [*_urls(text, forms), *_said_of_configs(text), *_values_of_keys(text, forms)]
    lowered = text.lower()
    for words, pattern in forms.patterns:
        if words in lowered:
            found += [match.span("secret") for match in pattern.finditer(text) if match["secret"]]
    yield from ((start, end) for start, end in found if _literal(text[start:end]))


def _urls(text: str, forms: _InText) -> Iterator[_Span]:
    """Passwords in URLs, and Oracle's user/password@host."""
    if "@" not in text:
        return
    for match in forms.url.finditer(text):
        begin, last = match.start(), text.rfind("@", *match.span())
        while last > 0 and (user := forms.user_of_url.search(text, begin, last)):
            begin = user.end()
            if begin < last:
                yield begin, last
                break
    if "jdbc:oracle:" in text:
        for match in forms.oracle.finditer(text):
            slash = text.find("/", match.start("login") + 1, match.end("login") - 1)
            if match["at"] and slash >= 0:
                yield slash + 1, match.end("login")


def _said_of_configs(text: str) -> Iterator[_Span]:
    """Values in the messages of Connect itself."""
    if "Invalid value " in text:
        for match in _INVALID_VALUE.finditer(text):
            if match["key"] is not None and _named_secret(match["key"]):
                yield match.span("value")
    begin, end = text.find("Connector config {"), text.rfind("} contains no connector type")
    if 0 <= begin < end:
        yield begin + len("Connector config {"), end


def _values_of_keys(text: str, forms: _InText) -> Iterator[_Span]:
    """The values of secret keys, wherever the text assigns one."""
    masked_to = 0
    # Where the last plain value began and ended, and whether an item of a list or a line ends there, too.
    begun, ended, is_item = 0, 0, False
    judged: dict[str, bool] = {}
    for match in forms.key.finditer(text):
        key = match["key"]
        if key not in judged:
            judged[key] = _named_secret(key)
        if not judged[key]:
            continue
        # What begins inside of a value that is masked is covered with it; looking again would add up.
        sign = forms.after_key.match(text, match.end())
        if sign is None or sign.end() < masked_to:
            continue
        begins = text[sign.end() : sign.end() + 1]
        quoted = forms.quoted_value.match(text, match.end()) if begins in _QUOTES else None
        if quoted is not None:
            masked_to = quoted.end()
            yield quoted.span(quoted.lastgroup or 0)
            continue
        is_colon = text[match.end()] == ":"
        assigned = None if is_colon else forms.equals_value.match(text, match.end())
        if assigned is not None:
            masked_to = assigned.end()
            yield assigned.span("value")
            continue
        colon = forms.colon_blanks.match(text, match.end()) if is_colon else None
        if colon is None or _is_heading(text, match):
            continue
        reference = forms.reference_value.match(text, colon.end()) if begins == "$" else None
        if reference is not None and forms.item_ends.match(text, reference.end()):
            masked_to = reference.end()
            yield reference.span()
            continue
        if not begun <= colon.end() < ended:
            plain = forms.plain_value.match(text, colon.end())
            if plain is None:
                continue
            begun, ended = plain.span()
            is_item = forms.item_ends.match(text, ended) is not None
        if is_item:
            masked_to = ended
            yield colon.end(), ended


def _is_heading(text: str, key: re.Match[str]) -> bool:
    """Whether a colon after the word does not assign a value: a message about it follows."""
    before = text[max(key.start() - len(_OF_CONFIGURATION), 0) : key.start()]
    return before.lower() == _OF_CONFIGURATION or key["key"].lower() in _HEADINGS


def _occurrences(text: str, secret: str) -> Iterator[_Span]:
    """Where the secret stands, occurrences that overlap in one span."""
    length = len(secret)
    backwards: tuple[str, str] | None = None
    start = text.find(secret)
    while start >= 0:
        end = start + length
        while True:
            # The last one that begins inside of what is found so far: what lies between them is covered by both.
            if text.find(secret, end - length + 1, end + length - 1) < 0:
                break
            if backwards is None:
                backwards = text[::-1], secret[::-1]
            found = backwards[0].find(backwards[1], len(text) - end - length + 1, len(text) - end + length - 1)
            end = len(text) - found
        yield start, end
        start = text.find(secret, end)


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
