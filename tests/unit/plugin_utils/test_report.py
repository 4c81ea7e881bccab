# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.report import (
    LONGEST_MARKDOWN,
    markdown,
    report,
    table,
)


def entry(name: str, action: str, **more: Any) -> dict[str, Any]:
    actions = [] if action == "none" else [action]
    base = {"name": name, "action": action, "actions": actions, "changed_keys": [], "reason": "because"}
    return {**base, "state": "RUNNING", "cause": "", "advice": "", "changed": bool(actions), **more}


def diff(name: str, before: str, after: str) -> dict[str, str]:
    return {"before_header": name, "after_header": f"{name} (update)", "before": before, "after": after}


PLANNED = {
    "changed": True,
    "connectors": [
        entry("a", "update", changed_keys=["k1", "k2", "k3", "k4", "k5", "k6"]),
        entry("longer-name", "create"),
        entry("c", "none"),
    ],
    "diff": [diff("a", "k1: 1\nk2: x\n", "k1: 2\nk3: y\n")],
    "warnings": [f"warning {number}" for number in range(7)],
    "run": {"requests": 9},
}
REFUSED = {"failed": True, "changed": False, "msg": "two\nlines", "error": {"kind": "invalid_input"}}


def test_a_report_counts_unchanged_connectors_and_lists_the_others() -> None:
    summary = report({"two": REFUSED, "one": PLANNED}, "plan")
    assert summary["headline"] == "1 to create, 1 to update, 1 unchanged; failed: two"
    assert (summary["changed"], summary["failed"]) == (True, True)
    assert [cluster["cluster"] for cluster in summary["clusters"]] == ["one", "two"]
    assert [reported["name"] for reported in summary["clusters"][0]["connectors"]] == ["a", "longer-name"]
    assert summary["clusters"][1]["error_kind"] == "invalid_input"
    assert summary["statistic"] == {
        "changed": True,
        "failed": ["two"],
        "headline": summary["headline"],
        "counts": {"create": 1, "none": 1, "update": 1},
        "connectors": {"one": {"a": "update", "longer-name": "create"}},
    }


def test_the_table_is_aligned() -> None:
    lines = table(report({"one": PLANNED, "two": REFUSED}, "plan"))
    assert lines[:4] == [
        "cluster  connector    action  details",
        "one      a            update  k1, k2, k3, k4 and 2 more",
        "one      longer-name  create  because",
        "1 to create, 1 to update, 1 unchanged; failed: two",
    ]
    assert lines[4:] == [
        *(f"one: warning: warning {number}" for number in range(5)),
        "one: 2 more warnings",
        "two: two",
        "two: lines",
    ]
    assert table(report({"one": {"changed": False, "connectors": []}}, "plan")) == ["nothing to do, 0 unchanged"]


def test_a_failed_deployment_shows_the_cause() -> None:
    failed = entry("a", "update", failed=True, error="task 0 is FAILED", cause="Connection refused")
    other = entry("b", "pause")
    result = {"failed": True, "changed": True, "connectors": [failed, other], "msg": "a failed"}
    lines = table(report({"one": result}, "deploy"))
    assert lines[1:] == [
        "a          update (FAILED)  Connection refused",
        "b          pause            because",
        "1 failed, 1 pause; failed: one",
        "one: a failed",
    ]


def test_markdown_shows_text_literally() -> None:
    wild = entry("a|b`<i>@team #1", "update", changed_keys=["*k*"])
    text = markdown(report({"one": {**PLANNED, "connectors": [wild], "diff": [diff("x", "", "k: ```\n")]}}, "plan"))
    assert "| one | a\\|b\\`\\<i\\>@\u200bteam #\u200b1 | update | \\*k\\* |" in text
    assert "````diff\n+ k: ```\n````" in text
    pairs = markdown(report({"one": PLANNED}, "plan"))
    assert "- k1: 1\n+ k1: 2\n- k2: x\n+ k3: y" in pairs


def test_markdown_fits_into_a_comment() -> None:
    many = {"changed": True, "connectors": [entry(f"connector-{number}", "create") for number in range(5000)]}
    text = markdown(report({"one": many}, "plan"))
    assert len(text) < LONGEST_MARKDOWN + 100
    assert text.count("\n| one |") > 1000
    assert "more parts" in text
