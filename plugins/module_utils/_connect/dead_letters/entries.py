# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dead letters in the results of modules, with secrets masked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import on_a_line, one_line
from ..history.times import shown_time
from ..secrets import mask_text
from .grouping import CauseGroup, by_cause
from .read import DeadLetter, Queue

LONGEST_SAMPLE = 300
"""Characters of a key or a value."""

_BYTES = 48
"""Bytes that are shown of a key or value that is not text."""


def queue_entry(
    name: str, queue: Queue | None, connectors: Sequence[str], secrets: Mapping[str, frozenset[str]], samples: int
) -> dict[str, Any]:
    """One entry of `topics`. `queue`: None if the topic does not exist; `secrets`: by connector; `samples`: of each cause."""
    entry: dict[str, Any] = {"topic": name, "connectors": list(connectors), "exists": queue is not None}
    if queue is None:
        return entry
    known = frozenset().union(*secrets.values())
    return {
        **entry,
        "partitions": queue.partitions,
        "records": queue.records,
        "records_last_hour": queue.last_hour,
        "records_chosen": queue.chosen,
        "records_read": len(queue.letters),
        "newest_time": shown_time(queue.letters[0].time) if queue.letters else "",
        "causes": [_cause_entry(group, known, samples) for group in by_cause(queue.letters, secrets)],
    }


def _cause_entry(group: CauseGroup, secrets: frozenset[str], samples: int) -> dict[str, Any]:
    context = group.context
    return {
        "cause": one_line(group.cause),
        "kind": group.diagnosis.kind,
        "transience": group.diagnosis.transience,
        "advice": group.diagnosis.advice,
        "records": len(group.letters),
        "first_time": shown_time(min(letter.time for letter in group.letters)),
        "last_time": shown_time(max(letter.time for letter in group.letters)),
        "connector": on_a_line(context.connector),
        "stage": on_a_line(context.stage),
        "class": on_a_line(context.executing_class),
        "exception": on_a_line(context.exception),
        "origins": [{"topic": on_a_line(topic), "records": count} for topic, count in sorted(group.origins.items())],
        "samples": [_sample_entry(letter, secrets) for letter in group.letters[:samples]],
    }


def _sample_entry(letter: DeadLetter, secrets: frozenset[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "partition": letter.partition,
        "offset": letter.offset,
        "time": shown_time(letter.time),
        "value_size": len(letter.value or b""),
    }
    # A record may lack either; null is not the same as empty.
    for name, content in (("key", letter.key), ("value", letter.value)):
        if content is not None:
            entry[name] = shown_bytes(content, secrets)
    origin = None if letter.context is None else letter.context.origin
    if origin is not None:
        entry["origin"] = {
            "topic": on_a_line(origin.topic),
            "partition": origin.partition,
            "offset": origin.offset,
        }
    return entry


def shown_bytes(content: bytes, secrets: frozenset[str]) -> str:
    """Return a key or value for a person, masked and then truncated: text, or the first bytes in hexadecimal."""
    try:
        # A longer text is cut where no reader sees it.
        text = content[: 64 * LONGEST_SAMPLE].decode()
    except UnicodeDecodeError:
        text = ""
    if not text.isprintable() and any(ord(character) < 32 and not character.isspace() for character in text):
        text = ""
    if content and not text:
        return f"0x{content[:_BYTES].hex()}" + ("…" if len(content) > _BYTES else "")
    masked = one_line(mask_text(text, secrets))
    return masked if len(masked) <= LONGEST_SAMPLE else masked[:LONGEST_SAMPLE].rstrip() + "…"
