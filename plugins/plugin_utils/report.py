# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Summarizes the results of module `connectors` for several clusters, for people, pull requests and workflows. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import legible, on_a_line

Result = Mapping[str, Any]
"""The result of module `connectors` for one cluster, or that of any failed task."""

SHOWN_KEYS = 4
SHOWN_WARNINGS = 5
LONGEST_MARKDOWN = 60_000
"""Characters; comments on pull requests may have 65,536 (GitHub), and notes elsewhere more."""

_SEVERAL = {"create": "to create", "update": "to update", "delete": "to delete"}
_DONE = {"create": "created", "update": "updated", "delete": "deleted"}


def report(results: Mapping[str, Result], kind: str) -> dict[str, Any]:
    """Return `kind` ("plan" or "deploy"), `changed`, `failed`, `headline`, `statistic` and `clusters`, sorted by name."""
    clusters = [_cluster(name, results[name]) for name in sorted(results)]
    counts = Counter[str]()
    for cluster in clusters:
        counts.update(cluster["counts"])
    changed = any(cluster["changed"] for cluster in clusters)
    failed = [cluster["cluster"] for cluster in clusters if cluster["failed"]]
    parts = [_headline(counts, kind)] if counts or not failed else []
    headline = "; ".join([*parts, f"failed: {', '.join(failed)}"] if failed else parts)
    return {
        "kind": kind,
        "changed": changed,
        "failed": bool(failed),
        "headline": headline,
        "clusters": clusters,
        "statistic": {
            "changed": changed,
            "failed": failed,
            "headline": headline,
            "counts": dict(counts),
            "connectors": {
                cluster["cluster"]: {entry["name"]: entry["action"] for entry in cluster["connectors"]}
                for cluster in clusters
                if cluster["connectors"]
            },
        },
    }


def table(summary: Mapping[str, Any]) -> list[str]:
    """Return aligned lines: one for each connector that changes or fails, then failures and warnings of the clusters."""
    rows = [
        ["cluster", "connector", "action", "details"]
    ]  # Make texts legible before aligning them: an escape is longer.
    for cluster in summary["clusters"]:
        rows += [
            [on_a_line(cell) for cell in (cluster["cluster"], entry["name"], _action(entry), _details(entry))]
            for entry in cluster["connectors"]
        ]
    if len(summary["clusters"]) == 1:
        rows = [row[1:] for row in rows]
    lines = _aligned(rows) if len(rows) > 1 else []
    lines.append(summary["headline"])
    for cluster in summary["clusters"]:
        lines += [f"{cluster['cluster']}: {line}" for line in cluster["message"].splitlines()]
        shown = cluster["warnings"][:SHOWN_WARNINGS]
        lines += [f"{cluster['cluster']}: warning: {warning}" for warning in shown]
        if len(shown) < len(cluster["warnings"]):
            lines.append(f"{cluster['cluster']}: {len(cluster['warnings']) - len(shown)} more warnings")
    return [on_a_line(line) for line in lines]


def markdown(summary: Mapping[str, Any]) -> str:
    """Return a heading, a table, collapsible diffs, warnings and failures, with at most LONGEST_MARKDOWN characters."""
    title = "Kafka Connect plan" if summary["kind"] == "plan" else "Kafka Connect deployment"
    parts = [f"### {title}: {_escaped(summary['headline'])}\n"]
    entries = [(cluster, entry) for cluster in summary["clusters"] for entry in cluster["connectors"]]
    if entries:
        parts.append("\n| cluster | connector | action | details |\n|---|---|---|---|\n")
    parts += [
        "| "
        + " | ".join(_escaped(cell) for cell in (cluster["cluster"], entry["name"], _action(entry), _details(entry)))
        + " |\n"
        for cluster, entry in entries
    ]
    for cluster in summary["clusters"]:
        if cluster["message"]:
            parts.append(f"\n**{_escaped(cluster['cluster'])} failed**\n\n{_fenced(cluster['message'])}")
        parts += [f"\n> ⚠ {_escaped(cluster['cluster'])}: {_escaped(warning)}\n" for warning in cluster["warnings"]]
    parts += [
        f"\n<details><summary>{_escaped(cluster['cluster'])}: {_escaped(diff['after_header'])}</summary>\n\n"
        f"{_fenced(_diff_text(diff), 'diff')}\n</details>\n"
        for cluster in summary["clusters"]
        for diff in cluster["diff"]
    ]
    return _truncated(parts)


def _cluster(name: str, result: Result) -> dict[str, Any]:
    connectors = result.get("connectors") or []
    listed = [entry for entry in connectors if entry["action"] != "none" or entry.get("failed")]
    failed = bool(result.get("failed"))
    diffs = result.get("diff") or []
    return {
        "cluster": name,
        "changed": bool(result.get("changed")),
        "failed": failed,
        "message": str(result.get("msg", "")) if failed else "",
        "error_kind": (result.get("error") or {}).get("kind", "") if failed else "",
        "requests": (result.get("run") or {}).get("requests", 0),
        "counts": dict(
            sorted(Counter("failed" if entry.get("failed") else entry["action"] for entry in connectors).items())
        ),
        "connectors": [_connector(entry) for entry in listed],
        "warnings": [str(warning) for warning in result.get("warnings") or []],
        "diff": [diff for diff in diffs if isinstance(diff, Mapping) and "after_header" in diff],
    }


def _connector(entry: Mapping[str, Any]) -> dict[str, Any]:
    names = ("name", "action", "actions", "changed", "changed_keys", "reason", "state", "cause", "advice")
    optional = ("failed", "error", "error_kind", "outcome", "rollback", "unverified_keys")
    return {name: entry.get(name) for name in names} | {name: entry[name] for name in optional if name in entry}


def _headline(counts: Mapping[str, int], kind: str) -> str:
    words = _SEVERAL if kind == "plan" else _DONE
    parts = [f"{counts[action]} {word}" for action, word in words.items() if counts.get(action)]
    parts += [f"{number} {action}" for action, number in sorted(counts.items()) if action not in (*words, "none")]
    if "failed" in counts:
        # The result of a failed task does not contain the connectors without a failure.
        return ", ".join(parts)
    unchanged = f"{counts.get('none', 0)} unchanged"
    return ", ".join([*parts, unchanged]) if parts else f"nothing to do, {unchanged}"


def _action(entry: Mapping[str, Any]) -> str:
    actions = " + ".join(entry["actions"]) or entry["action"]
    return f"{actions} (FAILED)" if entry.get("failed") else actions


def _details(entry: Mapping[str, Any]) -> str:
    if entry.get("failed"):
        return str(entry.get("cause") or entry["error"])
    keys: Sequence[str] = entry["changed_keys"] or ()
    if entry["action"] in ("create", "delete") or not keys:
        return str(entry["reason"])
    more = f" and {len(keys) - SHOWN_KEYS} more" if len(keys) > SHOWN_KEYS else ""
    return ", ".join(keys[:SHOWN_KEYS]) + more


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]


def _escaped(text: str) -> str:
    """Escape a text for one line of Markdown. An unescaped @ would mention a person, a # another issue."""
    text = legible(" ".join(text.split()))
    for character in "\\`*_{}[]<>|~":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.replace("@", "@\u200b").replace("#", "#\u200b").split())


def _fenced(text: str, language: str = "") -> str:
    text, fence = legible(text), "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}\n"


def _diff_text(diff: Mapping[str, str]) -> str:
    before, after = diff["before"].splitlines(), diff["after"].splitlines()
    lines = {line.partition(": ")[0]: [f"- {line}"] for line in before}
    for line in after:
        lines.setdefault(line.partition(": ")[0], []).append(f"+ {line}")
    return "\n".join(line for key in sorted(lines) for line in lines[key])


def _truncated(parts: Iterable[str]) -> str:
    """Keep whole parts only, so that no table row, fence or fold is left open."""
    text, omitted = "", 0
    for part in parts:
        if omitted or len(text) + len(part) > LONGEST_MARKDOWN:
            omitted += 1
        else:
            text += part
    return text + (f"\n… and {omitted} more parts: see the JSON report\n" if omitted else "")
