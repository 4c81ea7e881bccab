# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which schema registries the converters of a connector use, according to its configuration. Pure.

The converters of a worker, which apply to connectors without any, are in its file. REST does not show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from ..model import Config, Connector
from ..secret_keys import has_reference, is_literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Part = Literal["key", "value"]
PARTS: tuple[Part, ...] = ("key", "value")

COMPATIBLE_API = "/apis/ccompat/v7"
"""Path of the Confluent-compatible API of Apicurio Registry 2 and 3."""

BY_TOPIC = ("TopicNameStrategy", "TopicIdStrategy")
"""The default strategies of Confluent's and Apicurio's converters: the subject is the topic with -key or -value."""

_OWN_API = re.compile(r"/apis/(?:registry/v\d+|ccompat/v\d+)/?\Z")
_LONGEST_URL = 2000
"""Characters. A longer URL is none."""


@dataclass(frozen=True)
class Login:
    """What a converter sends to its registry. Empty: nothing, or not known."""

    username: str = ""
    password: str = ""
    token: str = ""

    def __bool__(self) -> bool:
        return bool(self.username or self.token)


NO_LOGIN = Login()


@dataclass(frozen=True)
class RegistryUse:
    """A converter that uses a registry. `urls`: of its Confluent-compatible API, without a login, in the order of the configuration.

    `has_hidden_login`: the converter has a login that only the worker knows, because the configuration refers to it. `strategy`: the
    class, without its package, that names subjects; empty for the default.
    """

    connector: str
    part: Part
    urls: tuple[str, ...]
    login: Login = NO_LOGIN
    has_hidden_login: bool = False
    strategy: str = ""

    @property
    def names_by_topic(self) -> bool:
        """Whether subject_of applies."""
        return self.strategy in ("", *BY_TOPIC)

    def subject_of(self, topic: str) -> str:
        """The subject of this topic's keys or values by the default strategy."""
        return f"{topic}-{self.part}"


def registry_uses(connectors: Iterable[Connector]) -> list[RegistryUse]:
    """The registries that these connectors name themselves. A URL that is no URL, or refers to a secret, is left out."""
    return [use for stored in connectors if stored.config for use in _uses(stored.name, stored.config)]


def _uses(name: str, config: Config) -> Iterator[RegistryUse]:
    for part in PARTS:
        own = _settings(config, f"{part}.converter.")
        listed = own.get("schema.registry.url") or ""
        apicurio = own.get("apicurio.registry.url") or ""
        # As the converters do: each reads its own key only.
        found = [_split(url) for url in (listed or apicurio).split(",")]
        urls = [url for url in found if url is not None]
        if not urls:
            continue
        login, is_hidden = _login(own, urls[0]) if listed else _apicurio_login(own)
        yield RegistryUse(
            name,
            part,
            tuple(dict.fromkeys(_api(url, is_own_api=not listed) for url in urls)),
            login,
            is_hidden,
            _strategy(own, part),
        )


def _settings(config: Config, prefix: str) -> dict[str, str]:
    return {key[len(prefix) :]: value.strip() for key, value in config.items() if key.startswith(prefix)}


def _split(text: str) -> SplitResult | None:
    url = text.strip()
    if not url or len(url) > _LONGEST_URL or has_reference(url):
        return None
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if valid else None


def _api(url: SplitResult, *, is_own_api: bool) -> str:
    """The URL of the Confluent-compatible API, without login and query."""
    path = url.path.rstrip("/")
    if is_own_api:
        path = _OWN_API.sub("", path) + COMPATIBLE_API
    return urlunsplit((url.scheme, url.netloc.rpartition("@")[2], path, "", ""))


def _login(own: Mapping[str, str], url: SplitResult) -> tuple[Login, bool]:
    """The login of Confluent's converters, and whether they have one that the configuration does not show."""
    source = own.get("basic.auth.credentials.source", "URL").upper()
    if own.get("bearer.auth.credentials.source"):
        token = own.get("bearer.auth.token", "")
        is_known = own["bearer.auth.credentials.source"].upper() == "STATIC_TOKEN" and is_literal(token)
        return (Login(token=token), False) if is_known else (NO_LOGIN, True)
    if source == "USER_INFO":
        info = own.get("basic.auth.user.info") or own.get("schema.registry.basic.auth.user.info") or ""
        user, colon, password = info.partition(":")
        is_known = bool(colon) and not has_reference(info) and is_literal(user) and is_literal(password)
        return (Login(user, password), False) if is_known else (NO_LOGIN, True)
    if source == "URL":
        return Login(unquote(url.username or ""), unquote(url.password or "")), False
    return NO_LOGIN, True


def _apicurio_login(own: Mapping[str, str]) -> tuple[Login, bool]:
    user, password = own.get("apicurio.auth.username", ""), own.get("apicurio.auth.password", "")
    if own.get("apicurio.auth.service.token.endpoint") or own.get("apicurio.auth.service.url"):
        return NO_LOGIN, True
    if not user:
        return NO_LOGIN, False
    is_known = not has_reference(user) and is_literal(user) and is_literal(password) and not has_reference(password)
    return (Login(user, password), False) if is_known else (NO_LOGIN, True)


def _strategy(own: Mapping[str, str], part: Part) -> str:
    named = own.get(f"{part}.subject.name.strategy") or own.get("apicurio.registry.artifact-resolver-strategy") or ""
    return re.split(r"[.$]", named)[-1]
