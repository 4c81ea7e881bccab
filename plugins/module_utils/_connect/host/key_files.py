# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares files of keys and values, and shows the difference without secrets: worker.properties and environment files. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..java_properties import parse
from ..masked import MASK, cover
from ..secret_keys import is_secret
from ..secrets_in_text import spans_in_text

PASSWORD_KEYS = frozenset(
    {
        "sasl.jaas.config",
        "sasl.oauthbearer.assertion.private.key.passphrase",
        "sasl.oauthbearer.client.credentials.client.secret",
        "ssl.key.password",
        "ssl.keystore.certificate.chain",
        "ssl.keystore.key",
        "ssl.keystore.password",
        "ssl.truststore.certificates",
        "ssl.truststore.password",
    }
)
"""The keys to which a Kafka version gives the type PASSWORD, also with the prefix of a client or listener. A copy of what the recorded
keys say, because these would be five times the size of all that this folder sends to a host.
"""

LONGEST_SHOWN = 1000
"""Characters of a value that a result contains."""

_JAAS = re.compile(r"LoginModule\s+(?:required|requisite|sufficient|optional)\b", re.IGNORECASE)
_ASSIGNMENT = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][A-Za-z0-9_]*)=[ \t]*"""
    r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)'|(?P<plain>[^\n]*))""",
    re.MULTILINE | re.DOTALL,
)
_BACKSLASH = re.compile(r"\\(.)", re.DOTALL)


class KeyChange(NamedTuple):
    """One key that differs. `before` and `after` are shown values: None if the key is missing there."""

    key: str
    before: str | None
    after: str | None

    @property
    def lines(self) -> list[str]:
        """The change as lines of a diff."""
        shown = [] if self.before is None else [f"- {self.key}={self.before}"]
        return shown if self.after is None else [*shown, f"+ {self.key}={self.after}"]

    def as_result(self) -> dict[str, Any]:
        return {"key": self.key, "before": self.before, "after": self.after}


def values_of(text: str, file_format: str) -> dict[str, str]:
    """Return the values by key. `file_format` is `properties` or `environment`. Raises ValueError for a malformed file."""
    if file_format == "properties":
        return parse(text)
    found = {}
    for match in _ASSIGNMENT.finditer(text):
        if match["double"] is not None:
            found[match["key"]] = _BACKSLASH.sub(r"\1", match["double"])
        else:
            found[match["key"]] = match["single"] if match["single"] is not None else match["plain"].strip()
    return found


def changes_between(before: Mapping[str, str], after: Mapping[str, str], *, secret: bool = False) -> list[KeyChange]:
    """Return the keys that differ, sorted. With `secret`, every value is one."""
    changes = []
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) == after.get(key):
            continue
        shown_before, shown_after = (
            None if value is None else shown_value(key, value, secret=secret)
            for value in (before.get(key), after.get(key))
        )
        if shown_before == shown_after:
            shown_after = f"{shown_after} (changed)"
        changes.append(KeyChange(key, shown_before, shown_after))
    return changes


def shown_value(key: str, value: str, *, secret: bool = False) -> str:
    """Return the value as results show it: masked as a whole if it is a secret, a reference or JAAS, in part if it contains a secret."""
    if secret or is_hidden(key, value):
        return MASK
    text = cover(value, spans_in_text(value))
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def is_hidden(key: str, value: str) -> bool:
    """Whether no part of the value may leave the host."""
    return is_password(key) or is_secret(key, value) or "${" in value or _JAAS.search(value) is not None


def is_password(key: str) -> bool:
    """Whether Kafka gives the key the type PASSWORD, for the worker, a client or a listener."""
    return any(key == name or key.endswith("." + name) for name in PASSWORD_KEYS)
