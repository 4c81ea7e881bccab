# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The levels of the loggers of a worker (KIP-495, since 2.4), and of all workers (KIP-976, since 3.7)."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

from ..errors import RequestError
from .api import Api
from .operations import LOGGER, LOGGERS, SET_CLUSTER_LEVEL, SET_LEVEL


class LoggerLevels(NamedTuple):
    """The answer of GET /admin/loggers: the level of each listed logger.

    Before 4.0, these are the loggers that have a level of their own; since then all that exist, except those that are off.
    `knows_clusters`: the worker can set the levels of all workers. Only such a worker returns `last_modified`.
    """

    levels: dict[str, str]
    knows_clusters: bool


def levels_of(api: Api, worker: str) -> LoggerLevels:
    """GET /admin/loggers."""
    return api.read(LOGGERS, "/admin/loggers", _parse_levels, worker=worker)


def level_of(api: Api, name: str, worker: str) -> str | None:
    """GET /admin/loggers/{name}: its level, or the one that it inherits. None if the worker does not know the logger."""
    try:
        return api.read(LOGGER, _path(name), lambda body: str(body["level"]), worker=worker)
    except RequestError as error:
        if error.kind == "not_found":
            return None
        raise


def set_level(api: Api, name: str, level: str, worker: str) -> None:
    """PUT /admin/loggers/{name} of one worker: also sets loggers whose names begin with this one."""
    api.client.call(SET_LEVEL, _path(name), body={"level": level}, worker=worker)


def set_cluster_level(api: Api, name: str, level: str) -> None:
    """PUT /admin/loggers/{name}?scope=cluster: the workers read the level from the config topic, each when it gets to it.

    A worker that starts later does not. A worker before 3.7 ignores the scope, and sets its own level.
    """
    api.client.call(SET_CLUSTER_LEVEL, f"{_path(name)}?scope=cluster", body={"level": level})


def _path(name: str) -> str:
    return f"/admin/loggers/{quote(name, safe='')}"


def _parse_levels(body: Any) -> LoggerLevels:
    entries = {str(name): entry for name, entry in body.items()}
    levels = {name: str(entry["level"]).upper() for name, entry in entries.items()}
    return LoggerLevels(levels, bool(entries) and all("last_modified" in entry for entry in entries.values()))
