# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Module worker_log_info: its arguments, and from checked options to its result."""

from __future__ import annotations

import os
import time
from typing import Any

from ..._connect.errors import InputError
from ..._connect.history.times import parse_time, shown_time
from ..._connect.host.programs import Deadline, HostError
from ..._connect.logs.log_facts import LogFacts
from ..._connect.logs.log_sources import file_source, journal_source
from ..arguments import Specification

WORKER_LOG_INFO = Specification(
    "worker_log_info",
    {
        "service": {"type": "str", "default": "kafka-connect"},
        "file": {"type": "path"},
        "since": {"type": "str", "default": "24h"},
        "max_bytes": {"type": "int", "default": 67108864},
        "max_errors": {"type": "int", "default": 20},
        "timeout": {"type": "float", "default": 120.0},
    },
)


def worker_log_info(module: Any) -> dict[str, Any]:
    """Return what the log shows. Raises HostError."""
    parameters = module.params
    for name, least in (("max_bytes", 1), ("max_errors", 0)):
        if parameters[name] < least:
            raise HostError(f"{name} is {parameters[name]} -> give a number of {least} or more")
    try:
        since = parse_time("since", parameters["since"], int(time.time() * 1000))
    except InputError as error:
        raise HostError(str(error)) from None
    deadline, path = Deadline(parameters["timeout"]), parameters["file"]
    if path:
        source = file_source(path, since / 1000, parameters["max_bytes"], deadline)
    else:
        source = journal_source(parameters["service"], since / 1000, parameters["max_bytes"], deadline)
    facts = LogFacts()
    facts.read(source.lines, since / 1000)
    result: dict[str, Any] = {
        "changed": False,
        "since": shown_time(since),
        "source": {
            "type": "file" if path else "journal",
            "files": list(source.files),
            "bytes": source.size,
            "truncated": source.truncated,
            "records": facts.records.count,
            "first": facts.records.shown()["first"],
            "last": facts.records.shown()["last"],
        },
        **facts.result(parameters["max_errors"]),
        "msg": facts.summary(),
    }
    if not path and not facts.records.count and os.geteuid() != 0:
        result["warnings"] = ["the journal shows no log record to this user -> set become, or give file"]
    return result
