# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module diagnosis_report."""

from __future__ import annotations

import time
from collections.abc import Mapping

from ..._connect.diagnosis.assemble import Results, causes_line, diagnose
from ..._connect.diagnosis.report_files import SUFFIXES, planned_files, write_files
from ..._connect.diagnosis.terminal import VERDICTS, cause_entry, terminal_lines
from ..._connect.errors import InputError, Problem
from ..._connect.reporting.report import Report
from ..arguments import Specification
from ..invocation import Invocation

DIAGNOSIS_REPORT = Specification(
    "diagnosis_report",
    {
        "health": {"type": "dict", "required": True},
        "history": {"type": "dict"},
        "connectors": {"type": "dict"},
        "logs": {"type": "list", "elements": "dict", "default": []},
        "cluster": {"type": "str", "default": ""},
        "dest": {"type": "path"},
        "formats": {"type": "list", "elements": "str", "choices": list(SUFFIXES), "default": list(SUFFIXES)},
        "show_lines": {"type": "bool", "default": False},
    },
)
"""Has no connection options, because it sends no requests."""


def diagnosis_report(invocation: Invocation) -> Report:
    """Put results together, and write them to files. Raises InputError for other data, and for a directory that can't be written."""
    parameters = invocation.parameters
    for option in ("health", "history", "connectors"):
        _check(option, parameters[option])
    for entry in parameters["logs"]:
        if not entry.get("host") or not isinstance(entry.get("result"), Mapping):
            raise InputError(
                [Problem("logs: an entry has no host, or no result: give both, the result of worker_log_info")]
            )
    diagnosis = diagnose(
        Results(
            int(time.time() * 1000),
            parameters["cluster"],
            parameters["health"],
            parameters["history"],
            parameters["connectors"],
            parameters["logs"],
        )
    )
    dest = parameters["dest"]
    paths = planned_files(diagnosis, dest, parameters["formats"]) if dest else []
    if not invocation.check_mode:
        write_files(diagnosis, paths)
    return Report(
        changed=bool(paths),
        extra={
            "verdict": diagnosis.verdict,
            "healthy": diagnosis.verdict in ("healthy", "warnings"),
            "causes": [cause_entry(cause) for cause in diagnosis.causes],
            "unread": list(diagnosis.unread),
            "lines": [*terminal_lines(diagnosis), *(f"report: {path}" for path in paths[:1])],
            "files": [str(path) for path in paths],
            "msg": f"{VERDICTS[diagnosis.verdict]} ({causes_line(diagnosis.causes)})",
        },
    )


_FIELDS: Mapping[str, tuple[str, str]] = {
    "health": ("findings", "cluster_health"),
    "history": ("events", "cluster_history"),
    "connectors": ("connectors", "connector_info"),
}
"""By option, a field that the result of its module has."""


def _check(option: str, result: Mapping[str, object] | None) -> None:
    field, module = _FIELDS[option]
    # A task that failed, or was skipped, has a result of its own.
    if result is not None and not result.keys() & {field, "msg", "skipped"}:
        raise InputError([Problem(f"{option} has no {field}: register the result of {module}, and give it")])
