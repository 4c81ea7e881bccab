# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The offsets of a connector (KIP-875): reading since 3.5, altering and resetting since 3.6."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from ..errors import RequestError
from .api import Api
from .operations import ALTER_OFFSETS, OFFSETS, RESET_OFFSETS

_FRAMEWORK_ONLY = "framework-managed"
"""A part of the answer about a plugin that does not take part in the change (Worker.alterConnectorOffsets)."""


class PartitionOffset(NamedTuple):
    """One entry of a connector's offsets, in the form that its plugin defines. `offset` None: none is stored, or it is to be
    removed.
    """

    partition: Mapping[str, Any]
    offset: Mapping[str, Any] | None


def offsets_of(api: Api, name: str) -> tuple[PartitionOffset, ...] | None:
    """GET /connectors/{name}/offsets, without entries that are just being removed. None: the connector does not exist.

    For a source, the worker reads the whole offsets topic.
    """
    try:
        return api.read(OFFSETS, f"/connectors/{quote(name, safe='')}/offsets", _parse)
    except RequestError as error:
        if error.kind == "not_found":
            return None
        raise


def alter_offsets(api: Api, name: str, entries: Iterable[PartitionOffset]) -> bool:
    """PATCH /connectors/{name}/offsets. Returns whether the plugin took part: otherwise what it manages itself is unchanged."""
    body = {"offsets": [{"partition": dict(entry.partition), "offset": entry.offset} for entry in entries]}
    return _plugin_took_part(api.call_leader(ALTER_OFFSETS, name, "/offsets", body=body))


def reset_offsets(api: Api, name: str) -> bool:
    """DELETE /connectors/{name}/offsets. Returns the same."""
    return _plugin_took_part(api.call_leader(RESET_OFFSETS, name, "/offsets"))


def _plugin_took_part(body: Any) -> bool:
    message = body.get("message") if isinstance(body, dict) else None
    return not (isinstance(message, str) and _FRAMEWORK_ONLY in message)


def _parse(body: Any) -> tuple[PartitionOffset, ...]:
    # A partition can be null, where a plugin names none.
    entries = [PartitionOffset(dict(entry["partition"] or {}), entry["offset"]) for entry in body["offsets"]]
    return tuple(entry._replace(offset=dict(entry.offset)) for entry in entries if entry.offset is not None)
