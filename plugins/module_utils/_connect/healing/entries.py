# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a plan and its outcome to the fields of the result. Secrets are masked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import Outcome, legible, on_a_line
from ..history.times import shown_time
from ..model import Connector
from ..reporting.details import masked
from ..reporting.report import ConnectorResult
from ..run import counted
from ..secrets import mask_text, secret_values, unresolved
from ..triage.diagnosis import diagnose
from ..triage.first_cause import first_cause
from .model import Ailment, Left, Reason

Entry = dict[str, Any]

SHOWN_NAMES = 3

_REASONS: Mapping[Reason, str] = {
    "permanent": "permanent",
    "unknown_cause": "of unknown cause",
    "limit_reached": "at the limit",
    "not_due": "not due yet",
    "protected": "protected",
}
"""How the message counts what is left, in this order."""

_PROTECTED = "it is protected: restart it with connector_state and state: restarted, or take it out of protected"
_UNKNOWN = (
    "read its stack trace with connector_info; if a restart can help, restart it with connector_state and state: restarted, or set "
    "unknown_causes: restart"
)
_LATER = "a run after next_restart_at restarts it"
_LIMIT = "restarts do not help: find out why it keeps failing (cluster_history shows since when), then raise max_restarts or restart it with connector_state"


def restarted_entry(ailment: Ailment, result: ConnectorResult, *, check_mode: bool) -> Entry:
    """One of `restarted`."""
    entry = _entry(ailment) | {"result": _result(result, check_mode=check_mode)}
    seen = result.seen
    if entry["result"] == "failed_again" and seen is not None:
        trace = next(filter(None, (seen.trace, *(task.trace for task in seen.failed_tasks))), "")
        entry |= {"new_cause": _cause(seen, trace), "advice": diagnose(trace).advice}
    if result.failed and not check_mode:
        entry["error"] = masked(result, result.error)
        entry.setdefault("advice", result.advice)
    return entry


def left_entry(left: Left) -> Entry:
    """One of `left`."""
    entry = _entry(left.ailment) | {"reason": left.reason, "advice": _advice(left)}
    if left.next_restart is not None:
        entry["next_restart_at"] = shown_time(left.next_restart)
    return entry


def _entry(ailment: Ailment) -> Entry:
    past = ailment.past
    entry: Entry = {
        "connector": ailment.stored.name,
        "tasks": list(ailment.tasks),
        "cause": _cause(ailment.stored, ailment.trace) if ailment.trace else _stale(ailment),
        "failures": past.failures,
        "restarts": len(past.restarts),
    }
    return entry | ({"last_failure": shown_time(past.last_failure)} if past.last_failure is not None else {})


def _stale(ailment: Ailment) -> str:
    if not ailment.is_stale:
        return ""
    return f"outdated status UNASSIGNED from worker {ailment.stored.worker_id}, which no longer owns it"


def _cause(stored: Connector, trace: str) -> str:
    config = stored.config or {}
    secrets = secret_values(config)
    # Mask before the cause is truncated: half of a secret is not recognized.
    return mask_text(unresolved(first_cause(mask_text(trace, secrets)), config), secrets)


def _result(result: ConnectorResult, *, check_mode: bool) -> str:
    if check_mode:
        return "planned"
    if not result.failed:
        return "running"
    if not result.changed and result.outcome is Outcome.NOT_DONE:
        return "not_restarted"
    return "failed_again" if result.error_kind == "connector_failed" else "not_proven"


def _advice(left: Left) -> str:
    known = diagnose(left.ailment.trace).advice
    if left.reason == "protected":
        return _PROTECTED
    if left.reason == "limit_reached":
        return f"{known}; {_LIMIT}" if known else _LIMIT
    if left.reason == "not_due":
        return f"{_LATER}; {known}" if known else _LATER
    return known or _UNKNOWN


def message(restarts: Sequence[tuple[Ailment, Entry]], left: Sequence[Entry], *, check_mode: bool) -> str:
    """`restarted 2 of 5 failed connectors (a, b); left 3: 1 permanent (orders: cause), 2 not due yet (...)`.

    `restarts`: with the entries in `restarted`.
    """
    restarted = [entry for _ailment, entry in restarts]
    failed = [entry for ailment, entry in restarts if ailment.has_failed]
    stale = [entry for ailment, entry in restarts if not ailment.has_failed]
    total = len(failed) + len(left)
    if not total and not stale:
        return "no connector has failed"
    done = "would restart" if check_mode else "restarted"
    begun = [entry for entry in failed if entry["result"] != "not_restarted"]
    of_all = f"of {counted(total, 'failed connector')}"
    parts = [f"{done} {len(begun)} {of_all} ({_names(begun)})"] if begun else []
    if stale:
        parts.append(f"{done} {counted(len(stale), 'connector')} with an outdated status ({_names(stale)})")
    for result, text in (
        ("failed_again", "failed again"),
        ("not_proven", "not proven to run"),
        ("not_restarted", "not restarted"),
    ):
        found = [entry for entry in restarted if entry["result"] == result]
        if found:
            parts.append(f"{len(found)} {text} ({_with_causes(found)})")
    if left:
        groups = [
            f"{len(found)} {text} ({_with_causes(found)})"
            for reason, text in _REASONS.items()
            if (found := [entry for entry in left if entry["reason"] == reason])
        ]
        parts.append(f"left {len(left)}{'' if begun else f' {of_all}'}: {', '.join(groups)}")
    return "; ".join(parts)


def _names(entries: Sequence[Entry]) -> str:
    shown = ", ".join(on_a_line(entry["connector"]) for entry in entries[:SHOWN_NAMES])
    return f"{shown} … {len(entries) - SHOWN_NAMES} more" if len(entries) > SHOWN_NAMES else shown


def _with_causes(entries: Sequence[Entry]) -> str:
    first = entries[0]
    text = first.get("new_cause") or first.get("error") or first["cause"] or "no cause is known"
    more = f"; {len(entries) - 1} more" if len(entries) > 1 else ""
    return f"{on_a_line(first['connector'])}: {text}{more}"


def report_lines(restarted: Sequence[Entry], left: Sequence[Entry]) -> list[str]:
    """For a terminal: one line for each connector in aligned columns, and one with what to do where there is something to do."""
    rows = [
        (entry["connector"], entry["result"].replace("_", " "), _why(entry), entry.get("advice", ""))
        for entry in restarted
    ]
    rows += [(entry["connector"], f"left: {_until(entry)}", _why(entry), entry["advice"]) for entry in left]
    if not rows:
        return []
    widths = [max(len(on_a_line(row[column])) for row in rows) for column in (0, 1)]
    lines = []
    for name, what, why, advice in rows:
        lines.append(f"{on_a_line(name):{widths[0]}}  {what:{widths[1]}}  {why}".rstrip())
        if advice:
            lines.append(f"{'':{widths[0]}}  {'':{widths[1]}}  -> {advice}")
    return lines


def _why(entry: Entry) -> str:
    return legible(entry.get("new_cause") or entry["cause"] or "no cause is known")


def _until(entry: Entry) -> str:
    text = _REASONS[entry["reason"]]
    at = entry.get("next_restart_at")
    return f"{text}, next restart at {at[:19].replace('T', ' ')} UTC" if at else text
