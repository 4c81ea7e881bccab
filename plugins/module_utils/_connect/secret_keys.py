# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which keys hold secrets, by their names, and which values only refer to a secret. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from .masked import is_masked

# Users choose these names, so they say nothing about the value: a transform may be called "password".
_CHOSEN_NAME = re.compile(r"^(transforms|predicates|topic\.creation|config\.providers)\.[^.]+\.")
_LONGEST_CACHED_KEY = 256
"""Characters. Longer keys are not cached, because the cache keeps every key."""
PARTS_OF_SECRET_KEYS = (
    "pass", "pwd", "secret", "token", "credential", "key", "user", "authorization", "jaas", "cipher", "license",
)  # fmt: skip
"""Each secret key contains one of these, in some case; most keys contain none."""
_MAY_BE_SECRET = re.compile("|".join(PARTS_OF_SECRET_KEYS), re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET_WORD = re.compile(
    r".*(?:password|passwd|passphrase|secret|token|credential|apikey|accesskey|secretkey|privatekey|accountkey|sharedkey)s?"
    r"|pass|pwd|userinfo|authorization"
)
_SECRET_WORDS_TOGETHER = re.compile(
    r"(?:^|.* )(?:(?:api|access|private|account|shared|encryption|master|signing|keystore|license|client|app) keys?"
    r"|user info|jaas config|cipher data)(?: .*|$)"
)
# A key with such an ending describes a secret, for example where it is stored.
_HARMLESS_END = re.compile(
    r"(?:.* )?(?:ur[li]|endpoint|file|path|location|directory|class|provider|source|type|algorithm|format|encoding|mode"
    r"|strategy|version|fields?|topic|prefix|enabled?|ms|seconds|timeout|interval|retries|regex|pattern|client id"
    r"|exception|error)"
)

# The first pattern is strict: a value that it does not match completely is masked. The second one matches everything in which
# Kafka finds a reference (`${a:${b}` is one, for the provider "a"). Where a reference has no end, it matches up to the end of the
# text, so that it never reads a text again from the next "${".
_REFERENCES_ONLY = re.compile(r"(?:\$\{[^{}:]+:[^{}]*\})+")
_ANY_REFERENCE = re.compile(r"\$\{[^}:]+(?::[^}]*(?P<end>\}|\Z))?")

FIRST_OF_NO_SECRET = ("", "$", "*", "[", "<", "(")
"""First characters of values that may be empty, a reference or masked by a worker."""


def is_secret(key: str, value: str = "") -> bool:
    """Return whether the value of this key is a secret: by the words of the key, or because it holds a private key."""
    return named_secret(key) or "PRIVATE KEY-----" in value or '"private_key"' in value


def is_reference(value: str) -> bool:
    """Return whether the value consists of `${provider:key}` or `${provider:path:key}`, which workers resolve (KIP-297)."""
    return _REFERENCES_ONLY.fullmatch(value) is not None


def has_reference(value: str) -> bool:
    """Return whether workers replace this value, or a part of it, by what a reference points to."""
    return "${" in value and any(match["end"] for match in _ANY_REFERENCE.finditer(value))


def is_literal(value: str) -> bool:
    """Return whether the value is written out: neither empty, nor a reference, nor masked already."""
    # The first character decides for most values, and a text may have very many.
    return value[:1] not in FIRST_OF_NO_SECRET or (bool(value) and not is_reference(value) and not is_masked(value))


def named_secret(key: str) -> bool:
    """Return whether the words of the key say that its value is a secret."""
    return _has_secret_words(key) if len(key) <= _LONGEST_CACHED_KEY else _has_secret_words.__wrapped__(key)


@lru_cache(maxsize=8192)
def _has_secret_words(key: str) -> bool:
    if not _MAY_BE_SECRET.search(key):
        return False
    words = [word.lower() for word in _WORD.findall(_CHOSEN_NAME.sub("", key))]
    joined = " ".join(words)
    if not words or _HARMLESS_END.fullmatch(joined):
        return False
    if words[-1] == "license" or any(_SECRET_WORD.fullmatch(word) for word in words):
        return True
    return _SECRET_WORDS_TOGETHER.fullmatch(joined) is not None
