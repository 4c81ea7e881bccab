# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client's request, and how its body is parsed: as leniently as by Jackson, with Jackson's messages."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

from .answers import RefusalError

SOURCE = "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 1]"

ENTITIES = "org.apache.kafka.connect.runtime.rest.entities."

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Request:
    """One request as it arrived at a worker. `path` is as sent, `headers` have lower-case names, `at` is monotonic."""

    worker: int
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    at: float = field(default_factory=time.monotonic)

    @property
    def segments(self) -> tuple[str, ...]:
        """The decoded segments of the path: without matrix parameters, and without an empty segment at the end."""
        parts = self.path.removeprefix("/").removesuffix("/").split("/")
        return tuple(unquote(part.split(";", 1)[0]) for part in parts) if parts != [""] else ()

    @property
    def is_write(self) -> bool:
        """Whether the request could change something: all except reads and validations."""
        return self.method not in READING_METHODS and not self.path.endswith("/validate")

    def parameters(self, name: str) -> list[str]:
        """All values of a query parameter, in order."""
        return [value for key, value in parse_qsl(self.query, keep_blank_values=True) if key == name]

    def parameter(self, name: str, default: str = "") -> str:
        return (self.parameters(name) or [default])[0]

    def flag(self, name: str, default: str = "false") -> bool:
        """A boolean parameter as Java parses it: anything except `true` is false."""
        return self.parameter(name, default).lower() == "true"

    def json(self) -> Any:
        """The body as JSON. Raises json.JSONDecodeError, UnicodeDecodeError."""
        return json.loads(self.body)


def jackson_error(message: str, chain: str = "") -> RefusalError:
    through = f" (through reference chain: {chain})" if chain else ""
    return RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, message + SOURCE + through)


def null_body(call: str, variable: str) -> RefusalError:
    """Java's message about a body that is empty or `null`."""
    return RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, f'Cannot invoke "{call}" because "{variable}" is null')


def read_body(body: bytes, keep_literals: bool = False) -> Any:
    """The body as Python values; None if it is empty. `keep_literals` keeps numbers as they were written.

    Raises RefusalError with a text that begins like Jackson's.
    """
    if not body.strip():
        return None
    as_written: dict[str, Any] = {"parse_int": str, "parse_float": str} if keep_literals else {}
    try:
        return json.loads(body, **as_written)
    except (json.JSONDecodeError, UnicodeDecodeError):
        opening = body.strip()[:1]
        kind = {b"{": "Object", b"[": "Array"}.get(opening, "")
        if kind:
            start = SOURCE.removeprefix("\n at ")
            message = f"Unexpected end-of-input: expected close marker for {kind} (start marker at {start})"
        else:
            token = re.split(rb"[\s,:{}\[\]]", body.strip())[0].decode(errors="replace")
            message = f"Unrecognized token '{token}': was expecting (JSON String, Number, Array, Object or token "
            message += "'null', 'true' or 'false')"
        raise jackson_error(message) from None


def read_map(body: bytes, variable: str = "connectorConfig") -> dict[str, str | None]:
    """A flat map of texts: scalars are converted, nested values refused, nulls kept."""
    value = read_body(body, keep_literals=True)
    if value is None:
        raise null_body("java.util.Map.get(Object)", variable)
    if not isinstance(value, dict):
        raise wrong_type("java.util.LinkedHashMap<java.lang.String,java.lang.String>", value)
    return coerce_map(value, "")


def coerce_map(value: Mapping[str, Any], chain: str) -> dict[str, str | None]:
    return {key: coerce(item, f'{chain}java.util.LinkedHashMap["{key}"]') for key, item in value.items()}


def coerce(item: Any, chain: str) -> str | None:
    if isinstance(item, bool):
        return str(item).lower()
    if item is None or isinstance(item, str):
        return item
    raise wrong_type("java.lang.String", item, chain)


def wrong_type(requested: str, value: Any, chain: str = "") -> RefusalError:
    if isinstance(value, dict):
        found, token = "Object", "START_OBJECT"
    elif isinstance(value, list):
        found, token = "Array", "START_ARRAY"
    else:
        text = f"Cannot construct instance of `{requested}` (although at least one Creator exists): no String-argument "
        text += f"constructor/factory method to deserialize from String value ('{value}')"
        return jackson_error(text, chain)
    return jackson_error(
        f"Cannot deserialize value of type `{requested}` from {found} value (token `JsonToken.{token}`)", chain
    )


def check_fields(value: Mapping[str, Any], entity: str, known: tuple[str, ...]) -> None:
    """Refuse a field that the entity does not have."""
    for name in value:
        if name not in known:
            quoted = ", ".join(f'"{field_name}"' for field_name in known)
            properties = "one known property: " if len(known) == 1 else f"{len(known)} known properties: "
            raise jackson_error(
                f'Unrecognized field "{name}" (class {ENTITIES}{entity}), '
                f"not marked as ignorable ({properties}{quoted})",
                f'{ENTITIES}{entity}["{name}"]',
            )


@dataclass(frozen=True)
class Creation:
    """The body of POST /connectors. `config` is None if the body has none."""

    name: str | None
    config: dict[str, str | None] | None
    initial_state: str | None


def read_creation(body: bytes, knows_initial_state: bool) -> Creation:
    """The body of POST /connectors. Raises RefusalError."""
    value = read_body(body, keep_literals=True)
    entity = "CreateConnectorRequest"
    if value is None:
        raise null_body(f"{ENTITIES}{entity}.name()", "createRequest")
    if not isinstance(value, dict):
        raise wrong_type(ENTITIES + entity, value)
    known = ("config", "name", "initial_state") if knows_initial_state else ("config", "name")
    check_fields(value, entity, known)
    config = value.get("config")
    if config is not None and not isinstance(config, dict):
        chain = f'{ENTITIES}{entity}["config"]'
        raise wrong_type("java.util.LinkedHashMap<java.lang.String,java.lang.String>", config, chain)
    if config is not None:
        config = coerce_map(config, f'{ENTITIES}{entity}["config"]->')
    state = value.get("initial_state")
    if state is not None and str(state).upper() not in ("RUNNING", "PAUSED", "STOPPED"):
        raise jackson_error(
            f"Cannot construct instance of `{ENTITIES}{entity}$InitialState`, problem: "
            f"No enum constant {ENTITIES}{entity}.InitialState.{str(state).upper()}",
            f'{ENTITIES}{entity}["initial_state"]',
        )
    name = coerce(value.get("name"), f'{ENTITIES}{entity}["name"]')
    return Creation(name, config, state.upper() if state else None)
