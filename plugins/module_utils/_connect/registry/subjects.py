# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a registry answers about subjects, as data. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import one_line
from ..secrets import mask_text

if TYPE_CHECKING:
    from ..rest.transport import Answer

LONGEST_REASON = 300
"""Characters of one reason why a schema is incompatible."""
MOST_REASONS = 10


@dataclass(frozen=True)
class Version:
    """One version of a subject. `schema`: its text, in the format that `type` names (AVRO, JSON, PROTOBUF); `id`: of the schema."""

    number: int
    id: int
    type: str
    schema: str


@dataclass(frozen=True)
class Subject:
    """A subject. `numbers`: all versions, ascending; `compatibility`: the level that applies, empty if unknown; `has_own_level`: it is
    set for this subject; `newest`: the newest versions, newest first.
    """

    name: str
    numbers: tuple[int, ...]
    compatibility: str
    has_own_level: bool = False
    newest: tuple[Version, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether a registry would accept a schema. `is_new`: the subject does not exist; `is_valid`: the registry can parse the schema;
    `reasons`: why not, as the registry explains it.
    """

    is_compatible: bool
    is_new: bool = False
    is_valid: bool = True
    reasons: tuple[str, ...] = ()


def level_of(body: Any) -> str:
    """The level in an answer of /config, whose key differs from that of a request. Empty if there is none."""
    if not isinstance(body, dict):
        return ""
    return str(body.get("compatibilityLevel") or body.get("compatibility") or "").upper()


def numbers_of(body: Any) -> tuple[int, ...]:
    """The numbers in an answer of /subjects/SUBJECT/versions."""
    return tuple(sorted(number for number in body if isinstance(number, int))) if isinstance(body, list) else ()


def version_of(body: Any) -> Version | None:
    """The version in an answer of /subjects/SUBJECT/versions/NUMBER. Avro is the default, which the answer omits."""
    if not isinstance(body, dict) or not isinstance(body.get("version"), int):
        return None
    found = body.get("id")
    schema = body.get("schema")
    return Version(
        body["version"],
        found if isinstance(found, int) else 0,
        str(body.get("schemaType") or "AVRO"),
        schema if isinstance(schema, str) else "",
    )


def verdict_of(answer: Answer) -> Verdict:
    """The verdict in an answer of /compatibility. 422: the registry can't parse the schema."""
    if answer.status == 422:
        return Verdict(is_compatible=False, is_valid=False, reasons=(_short(answer.message),))
    body = answer.body if isinstance(answer.body, dict) else {}
    messages, reason = body.get("messages"), body.get("reason")
    # Apicurio Registry gives one reason in place of a list.
    texts = messages if isinstance(messages, list) else [reason] if isinstance(reason, str) else []
    reasons = [_short(str(text)) for text in texts[:MOST_REASONS]]
    is_compatible = body.get("is_compatible") is True
    return Verdict(is_compatible, reasons=tuple(reasons) if not is_compatible else ())


def _short(text: str) -> str:
    return one_line(mask_text(text[: 10 * LONGEST_REASON]))[:LONGEST_REASON]
